"""The policy's words are the school's own, whole, in its order, and written down in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incidents.policy.wording import POLICY, read_policy

ROOT = Path(__file__).resolve().parents[2]
POLICY_TEXT = ROOT.parent / "shared" / "policy" / "whatsapp-code-of-conduct.txt"


def plain(text: str) -> str:
    """Printed and typed apostrophes, and line breaks, do not matter."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split())


@pytest.fixture(scope="module")
def printed() -> str:
    if not POLICY_TEXT.exists():
        pytest.skip(f"The school’s own text of the policy is not at {POLICY_TEXT}, so it is not compared here.")
    return plain(POLICY_TEXT.read_text(encoding="utf-8"))


def test_nine_activities_four_guidelines_five_steps():
    assert len(POLICY.clauses_of("inappropriate")) == 9
    assert len(POLICY.clauses_of("guideline")) == 4
    assert len(POLICY.clauses) == 13
    assert [step.key for step in POLICY.steps] == ["warning", "meeting", "authorities", "legal", "ban"]


def test_every_sentence_of_the_policy_is_word_for_word(printed):
    sentences = [
        POLICY.school,
        POLICY.title,
        POLICY.see_also,
        *POLICY.about,
        POLICY.important_lead,
        *POLICY.important,
        *POLICY.expectations,
        POLICY.expect_lead,
        *POLICY.expect,
        *POLICY.raising,
        POLICY.ladder_lead,
        *POLICY.group_leads.values(),
        *(clause.text for clause in POLICY.clauses),
        *(step.text for step in POLICY.steps),
        POLICY.closing,
    ]

    missing = [sentence for sentence in sentences if plain(sentence) not in printed]

    assert missing == []


@pytest.mark.parametrize("group", ["inappropriate", "guideline"])
def test_the_clauses_come_in_the_policys_order(printed, group):
    after_lead = printed[printed.index(plain(POLICY.group_leads[group])) :]
    places = [after_lead.index(plain(clause.text)) for clause in POLICY.clauses_of(group)]

    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_the_steps_come_in_the_policys_order(printed):
    ladder = printed[printed.index(plain(POLICY.ladder_lead)) :]
    places = [ladder.index(plain(step.text)) for step in POLICY.steps]

    assert places == sorted(places)


def test_no_bullet_of_the_policy_is_left_out(printed):
    bullets = re.findall(r"^- (.+?)[;.]?$", POLICY_TEXT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    known = [*POLICY.important, *POLICY.expect, *(row.text for row in (*POLICY.clauses, *POLICY.steps))]

    assert len(bullets) == 27
    assert {plain(bullet) for bullet in bullets} == {plain(text) for text in known}


@pytest.mark.parametrize("clause", POLICY.clauses, ids=lambda clause: clause.key)
def test_a_short_clause_is_the_clauses_own_words_cut(clause):
    pieces = [piece.strip() for piece in clause.short.removeprefix("Group:").split("…") if piece.strip()]

    places = [clause.text.lower().index(piece.lower()) for piece in pieces]

    assert places == sorted(places)


def test_policy_words_are_typed_nowhere_but_in_the_policy():
    texts = [plain(row.text).lower() for row in (*POLICY.clauses, *POLICY.steps)]
    files = {
        path: plain(path.read_text(encoding="utf-8")).lower()
        for folder in ("dkh_conduct", "incidents", "letters", "templates", "tests")
        for path in (ROOT / folder).rglob("*")
        # A migration is a copy that Django made of the choices of its day.
        if path.suffix in {".py", ".html", ".txt", ".md"} and path.parent.name != "migrations"
    }

    typed = [
        (str(path.relative_to(ROOT)), text) for path, content in files.items() for text in texts if text in content
    ]

    assert len(files) > 50
    assert typed == []


def test_a_school_may_have_another_policy(tmp_path):
    source = (ROOT / "incidents" / "policy" / "dkh.toml").read_text(encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text(source.replace('version = "2026-11"', 'version = "2031-01"'), encoding="utf-8")

    assert read_policy(other).version == "2031-01"
    assert read_policy(other).clauses == POLICY.clauses
