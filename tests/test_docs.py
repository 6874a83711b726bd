"""The guides say what is so: settings, links, locks, and the commands they give."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from django.core.management import call_command

from dkh_conduct.accounts.school_accounts import KINDS
from tests.processes import Running

ROOT = Path(__file__).parent.parent
SCRIPTS = ("setup", "server", "test", "sbom", "semgrep")
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Read by the command that fills in the demo school, not by the settings.
READ_ELSEWHERE = {"DEMO_PASSWORD"}
# Of each provider of school accounts.
PARTS = {"CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "DOMAINS", "NAME", "TRUST_SECOND_STEP"}
PARTS_OF_ONE = {"MICROSOFT": "TENANT", "OIDC": "ISSUER"}


def settings_read() -> set[str]:
    text = (ROOT / "dkh_conduct" / "settings.py").read_text()
    return set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', text)) | READ_ELSEWHERE


def settings_of_providers() -> set[str]:
    of_all = {f"SSO_{kind.upper()}_{part}" for kind in KINDS for part in PARTS}
    return of_all | {f"SSO_{kind}_{part}" for kind, part in PARTS_OF_ONE.items()}


def test_the_operators_guide_lists_every_setting_and_no_other():
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operator.md").read_text(), re.MULTILINE))

    assert listed == settings_read() | PARTS | set(PARTS_OF_ONE.values())


def test_the_parts_of_a_provider_are_those_that_are_read():
    text = (ROOT / "dkh_conduct" / "accounts" / "school_accounts.py").read_text()

    assert set(re.findall(r"\{prefix\}([A-Z_]+)\"[,)]", text)) == PARTS | {"TENANT"}
    assert set(re.findall(r"SSO_OIDC_([A-Z]+)", text)) == {"ISSUER"}


def test_the_example_environment_names_every_setting_and_no_other():
    named = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert named == settings_read() | settings_of_providers()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_in_a_guide_leads_somewhere(guide):
    targets = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", guide.read_text())

    for target in (first or second for first, second in targets):
        assert target.startswith("https://") or (guide.parent / target).exists(), f"{guide.name}: {target}"


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_tests_run_on_the_very_versions_that_are_run():
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")

    assert runtime.items() <= development.items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_v15_1_2_a_lock_names_no_registry_and_every_package_has_a_hash(lock):
    text = (ROOT / lock).read_text()

    assert "://" not in re.sub(r'"url": "https://[^"]+"', "", text)
    if lock.endswith(".txt"):
        assert text.count("==") <= len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text))


def said_by(*command: str, beside: Path, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    says = beside / "said"
    says.unlink(missing_ok=True)
    return Running(*command, environment={**kept, **environment}, says=says).told(within=300)


@pytest.mark.parametrize("site", ["https://conduct.school.example", "http://localhost:8000"])
def test_v13_4_2_the_deployment_check_has_nothing_to_say(tmp_path, site):
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    said = said_by(*check, beside=tmp_path, DATA_DIR=str(tmp_path), SITE_URL=site)

    silenced = re.search(r"\((\d+) silenced\)", said)
    assert silenced
    assert silenced[1] == ("1" if site.startswith("https") else "5")


def test_each_installation_makes_a_secret_of_its_own_that_others_cannot_read(tmp_path):
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    secrets = []
    for name in ("one", "two", "one"):
        installation = {"DATA_DIR": str(tmp_path / name), "DJANGO_SETTINGS_MODULE": "dkh_conduct.settings"}
        secrets.append(said_by("-c", code, beside=tmp_path, **installation).strip())

    assert len(secrets[0]) > 60
    assert secrets[0] == secrets[2] != secrets[1]
    assert (tmp_path / "one" / "secret-key").stat().st_mode & 0o077 == 0


def test_https_turns_on_everything_that_plain_http_cannot_have(tmp_path):
    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000, s.DEBUG)"
    )

    said = said_by(
        "-c",
        code,
        beside=tmp_path,
        DATA_DIR=str(tmp_path),
        DJANGO_SETTINGS_MODULE="dkh_conduct.settings",
        SITE_URL="https://conduct.school.example",
    )

    assert said.split() == ["__Host-session", "__Host-csrf", *["True"] * 4, "False"]


@pytest.mark.django_db
def test_the_way_to_add_a_real_school_works(capsys):
    from dkh_conduct.accounts.models import Invitation, User
    from dkh_conduct.school.models import School

    guide = (ROOT / "docs" / "operator.md").read_text()
    snippet = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    command = re.search(r"manage.py (invite_administrator .*)", guide)
    assert snippet
    assert command

    exec(snippet[1], {})  # noqa: S102
    call_command(*shlex.split(command[1]))

    assert "It works once" in capsys.readouterr().out
    assert (Invitation.objects.get().school, Invitation.objects.get().role) == (School.objects.get(), "admin")
    assert not User.objects.exists()


@pytest.mark.parametrize("script", [*(f"script/{name}" for name in SCRIPTS), ".ci/run"])
def test_scripts_can_be_run_and_name_no_machine_and_no_registry(script):
    path = ROOT / script

    assert path.stat().st_mode & 0o111
    assert not re.search(r"https?://|/home/|/root/|/work/|index-url", path.read_text())


NOT_OURS = {".git", ".venv", "node_modules", "var", "__pycache__", "shots"}
TEXTS = {".py", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".npmrc", ".mjs", ""}


def our_files() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith("_cache")]
        found += [Path(folder) / name for name in names if Path(name).suffix in TEXTS]
    return found


def test_nothing_in_the_project_names_a_registry():
    registry = re.compile(rb"registry\.npm" + rb"js|pypi\.org/sim" + rb"ple|index-url\s*=|deb\.debian" + rb"\.org")

    naming = [file for file in our_files() if registry.search(file.read_bytes())]

    assert naming == []


@pytest.mark.parametrize(
    ("shipped", "words"),
    [
        ("govuk-frontend-MIT", "Permission is hereby granted, free of charge"),
        ("moj-frontend-MIT", "Permission is hereby granted, free of charge"),
        ("atkinson-hyperlegible-next-OFL", "SIL OPEN FONT LICENSE"),
    ],
)
def test_the_licence_of_what_is_shipped_lies_beside_it(shipped: str, words: str) -> None:
    assert words in (ROOT / "static" / "dist" / "licences" / f"{shipped}.txt").read_text()
