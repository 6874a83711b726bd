"""Requirements of OWASP ASVS 5.0 that no slice owns: of the source as a whole, of settings, and of every list."""

from __future__ import annotations

import ast
import json
import re
import time
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from dkh_conduct import settings as installed
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.checks import connections_are_sealed, unsealed
from tests.factories import ConcernFactory, InvitationFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent
SOURCE = sorted(file for folder in ("dkh_conduct", "incidents", "letters") for file in (ROOT / folder).rglob("*.py"))
LISTS = ("concern-list", "case-list", "print-room", "approval-list", "notice-list")


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_v1_2_5_nothing_is_given_to_a_shell_or_read_as_code():
    for file in SOURCE:
        tree = ast.parse(file.read_text())
        given = [word for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords]

        assert calls(tree) & {"eval", "exec", "os.system", "os.popen", "compile", "__import__"} == set(), file
        assert "shell" not in {word.arg for word in given}, file


def test_v1_3_2_no_query_is_written_by_hand_with_what_somebody_typed():
    """Three files ask the database in its own words: with constants, and with names that are quoted.

    A fourth sends again what Django wrote, with what is filled in beside it as parameters.
    """
    for file in SOURCE:
        text = file.read_text()
        if ".execute(" in text and "/migrations/" not in str(file):
            assert file.name in {"chain_triggers.py", "database_user.py", "health.py", "prepared.py"}, file
    assert "execute(self.sql, params)" in (ROOT / "dkh_conduct/prepared.py").read_text()


@pytest.mark.parametrize("typed", ["(a+)+$", "(" * 400, "%" * 400, "_" * 400, ".*" * 200, "\\" * 400])
def test_v1_2_9_what_is_searched_for_is_never_a_pattern(signed_in, slt, typed):
    ConcernFactory.create(school=slt.school, account="a" * 5_000 + "!")
    client = signed_in(slt)
    client.get(reverse("concern-list"))
    started = time.process_time()

    response = client.get(reverse("concern-list"), {"q": typed})

    assert response.status_code == 200
    assert time.process_time() - started < 2  # a pattern that runs away takes longer than a life
    assert "No concerns match" in response.content.decode()
    assert not [file for file in SOURCE if re.search(r"__i?regex\b", file.read_text())]


@pytest.mark.parametrize("typed", ["'", "' OR 1=1 --", '"', "%27", "') OR ('1'='1", "\\'", "; DROP TABLE x"])
def test_v1_2_4_a_quote_in_a_search_finds_no_more_than_any_other_word(signed_in, slt, typed):
    ConcernFactory.create_batch(3, school=slt.school)
    client = signed_in(slt)

    for name in ("concern-list", "case-list"):
        assert "match" in client.get(reverse(name), {"q": typed}).content.decode()


def test_v1_5_2_nothing_that_could_run_is_read_back():
    assert installed.CELERY_ACCEPT_CONTENT == ["json"]
    assert installed.CELERY_TASK_SERIALIZER == "json"
    for file in SOURCE:
        imported = set(re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(), re.MULTILINE))
        assert imported & {"pickle", "marshal", "shelve", "dill", "yaml", "xml"} == set(), file


def test_v11_5_1_no_secret_comes_from_a_generator_that_can_be_guessed():
    for file in SOURCE:
        assert not re.search(r"^\s*(import random|from random)\b", file.read_text(), re.MULTILINE) or "demo" in str(
            file
        )


def test_v11_4_2_passwords_are_hashed_with_argon2():
    assert installed.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


AWAY = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.school.example", "NAME": "x"}
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def complaints(database):
    return [str(each.id) for each in unsealed(database)]


def test_v12_3_1_what_leaves_the_machine_is_sealed_or_the_deployment_check_says_so(settings):
    assert connections_are_sealed(None) == []
    settings.REDIS_URL = "redis://:x@queue.school.example:6379/0"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "mail.school.example"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    assert complaints(AWAY) == ["conduct.E001", "conduct.E002", "conduct.E003"]
    settings.REDIS_URL, settings.EMAIL_USE_TLS = "rediss://:x@queue.school.example:6379/0", True
    assert complaints({**AWAY, "OPTIONS": {"sslmode": "require"}}) == ["conduct.E001"]
    assert complaints({**AWAY, "OPTIONS": {"sslmode": "verify-full"}}) == []


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "/var/run/postgresql"])
def test_v12_3_1_on_the_same_machine_nothing_need_be_sealed(host):
    assert complaints({**AWAY, "HOST": host}) == []


def test_v13_4_2_the_connections_are_part_of_the_deployment_check():
    assert connections_are_sealed.__name__ in {check.__name__ for check in _registered()}
    assert not [each for each in run_checks(include_deployment_checks=True) if str(each.id).startswith("conduct")]


def _registered():
    from django.core.checks.registry import registry

    return registry.deployment_checks


def test_v15_3_3_no_form_takes_a_field_that_it_does_not_show():
    """No form is made of a whole model, so that a column added later is not filled in from a request."""
    for file in SOURCE:
        text = file.read_text()
        assert "__all__ = " not in text.replace("__all__ = [", ""), file
        assert not re.search(r"ModelForm|modelform_factory|UpdateView|CreateView", text), file


def test_v15_3_3_more_than_a_form_asks_for_changes_nothing(client, school):
    invitation = InvitationFactory.create(school=school, role=Role.OFFICE, token_hash=_hash("a-token"))
    client.get(reverse("invitation-open", args=["a-token"]))
    typed = {"password1": "copper-harbour-violin", "password2": "copper-harbour-violin"}
    more = {
        "role": "admin",
        "is_superuser": "1",
        "is_staff": "1",
        "email": "x@evil.example",
        "school": "999",
        "pk": "1",
    }

    client.post(reverse("invitation"), {**typed, **more})

    made = User.objects.get()
    assert (made.role, made.email, made.school) == (Role.OFFICE, invitation.email, school)
    assert not made.is_superuser
    assert not made.is_staff


def _hash(token: str) -> str:
    import hashlib

    return hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query", ["page=1&page=2", "q=a&q=b", "q[]=a", "page[x]=1", "page=1e9", "page=-1", "tab=&tab=x"]
)
def test_v15_3_7_a_question_asked_twice_or_oddly_is_answered_or_refused_and_never_a_fault(signed_in, head, name, query):
    assert signed_in(head).get(f"{reverse(name)}?{query}").status_code in {200, 302, 404}


@pytest.mark.parametrize("name", ["account_login", "status", "reply", "report-what", "account_reset_password"])
def test_v15_3_5_a_form_sent_as_json_is_an_empty_form(school, name):
    body = json.dumps({"login": {"$ne": ""}, "password": ["x"], "reference": None, "code": {}})

    assert Client().post(reverse(name), body, content_type="application/json").status_code in {200, 400, 415}
