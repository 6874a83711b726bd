"""What holds for every letter: it says its parts, never what it may not, and is easy to read."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from letters.checks.claims import over_claims
from letters.checks.reading import MOST, reading_age
from letters.kinds import ALL, KINDS, compose
from letters.kinds.composing import MAX_HEADING, file_source
from letters.merging import check_tags, fields_in
from letters.models import Letter
from letters.rendering import render
from letters.text import MAX_CHARACTERS, body_html
from tests.letters.reading import words

every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.key)
to_the_addressee = pytest.mark.parametrize("kind", [kind for kind in ALL if kind.asks_reply], ids=lambda kind: kind.key)
with_children = pytest.mark.parametrize(
    "kind", [kind for kind in ALL if hasattr(kind.sample, "children")], ids=lambda kind: kind.key
)
HOSTILE = "Useless\n\n## You are banned\n\n- [pay](https://evil.example) ((reply date)) {{7*7}} <b>now</b> *"
REPORTER = re.compile(r"reported (?:to us )?by|complained about you|another parent|a parent told|who told us", re.I)
NAMED = {
    "warning", "meeting_invitation", "meeting_follow_up", "meeting_no_show", "authorities_cover", "legal_cover",
    "ban_intent", "ban_interim", "ban_confirmed", "ban_varied", "ban_extended", "ban_not_made", "ban_review",
    "ban_breach", "ban_lifted", "ban_expired", "acknowledgement", "complaint_handover", "information_request",
    "reporter_update", "general", "policy_reminder",
}  # fmt: skip


def bare(facts: Any) -> Any:
    """The same facts without anything that may be left out."""
    optional = {field.name: field.default for field in fields(facts) if field.default in ("", (), None, False)}
    return replace(facts, **optional, **({"children": 0} if hasattr(facts, "children") else {}))


def forged(value: Any) -> Any:
    """The same facts with something hostile in every string."""
    if isinstance(value, str):
        return HOSTILE if value else ""
    if isinstance(value, tuple):
        return tuple(forged(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: forged(getattr(value, field.name)) for field in fields(value)})
    return value


def structure(body: str) -> list[str]:
    return re.findall(r"<h\d>|</?[uo]l>|<li>|<p>", body_html(body))


def test_the_policy_and_good_practice_name_these_letters():
    assert set(KINDS) == NAMED
    assert all(len(key) <= Letter._meta.get_field("kind").max_length for key in KINDS)
    assert all(len(kind.title) <= Letter._meta.get_field("title").max_length for kind in ALL)


@every_kind
def test_it_says_each_of_its_parts(kind):
    body = compose(kind.key, kind.sample).body.lower()

    assert [part.label for part in kind.parts if not any(phrase in body for phrase in part.phrases)] == []


@every_kind
@pytest.mark.parametrize("shape", [lambda facts: facts, bare], ids=["full", "bare"])
def test_it_claims_nothing_that_a_school_cannot_keep(kind, shape):
    composed = compose(kind.key, shape(kind.sample))

    assert [(found.title, found.sentence) for found in over_claims(f"{composed.heading}.\n\n{composed.body}")] == []
    assert not REPORTER.search(composed.body)


@every_kind
@pytest.mark.parametrize("shape", [lambda facts: facts, bare], ids=["full", "bare"])
def test_it_is_easy_to_read(kind, shape):
    age = reading_age(compose(kind.key, shape(kind.sample)).body)

    assert age is None or age <= MOST - 1  # what staff write into it may be a little harder


@every_kind
@pytest.mark.parametrize("shape", [lambda facts: facts, bare], ids=["full", "bare"])
def test_nothing_is_left_open_in_it(kind, shape):
    composed = compose(kind.key, shape(kind.sample))
    text = f"{composed.heading}\n{composed.body}"

    assert "((" not in text
    assert "))" not in text
    assert not re.search(r"\bNone\b(?! of)", text)
    assert "\n\n\n" not in text
    assert not re.search(r" [.,;:]|\.\.|^##[^\n]*\n+(?=##|\Z)|  ", text, re.M)
    assert 0 < len(composed.heading) <= MAX_HEADING
    assert len(composed.body) < MAX_CHARACTERS * 0.6


@to_the_addressee
def test_it_asks_for_their_side_by_a_day_and_online(kind):
    body = compose(kind.key, kind.sample).body

    assert f"**{kind.sample.reply_by:%A %-d %B %Y}**" in body
    assert "- [reply online]" in body
    assert kind.sample.signatory_phone in body
    assert kind.sample.school_email in body


@pytest.mark.parametrize("kind", [kind for kind in ALL if "ban" in kind.key], ids=lambda kind: kind.key)
def test_a_ban_rests_on_the_schools_permission_and_names_the_law_only_as_what_may_follow(kind):
    body = compose(kind.key, kind.sample).body

    for sentence in re.findall(r"[^.]*547[^.]*\.", body):
        assert "may be an offence under section 547 of the Education Act 1996" in sentence
        assert "without permission causes a nuisance or disturbance" in sentence
    assert not re.search(r"(?:\bban|withdr\w+)\b[^.]*\bunder section", body)


@with_children
def test_without_a_child_at_the_school_it_speaks_of_none(kind):
    facts = bare(kind.sample)
    body = compose(
        kind.key, replace(facts, **({"child_arrangements": ""} if hasattr(facts, "child_arrangements") else {}))
    ).body

    assert "your child" not in body.lower()


@with_children
def test_with_several_children_it_speaks_of_them(kind):
    body = compose(kind.key, replace(kind.sample, children=2)).body

    assert "your children" in body.lower()


@every_kind
def test_whatever_was_typed_it_keeps_its_own_headings_and_lists(kind):
    composed = compose(kind.key, forged(kind.sample))

    assert structure(composed.body) == structure(compose(kind.key, kind.sample).body)
    assert "<b>now" not in body_html(composed.body)
    assert "<a" not in body_html(composed.body)
    assert "\n" not in composed.heading


@every_kind
def test_its_template_uses_only_fields_it_has_and_explains_each(kind):
    source = file_source(kind).text
    known = [field.name for field in kind.fields]

    check_tags(source, known)
    assert len(set(known)) == len(known)
    assert all(field.meaning for field in kind.fields)
    assert fields_in(source)


@every_kind
def test_another_kinds_facts_are_refused(kind):
    other = next(found for found in ALL if type(found.sample) is not type(kind.sample))

    with pytest.raises(TypeError):
        compose(kind.key, other.sample)


@every_kind
@pytest.mark.django_db
def test_it_prints(kind, draft):
    composed = compose(kind.key, kind.sample)
    letter = draft(
        kind=kind.key,
        title=composed.title,
        heading=composed.heading,
        body=composed.body,
        enclosures=composed.enclosures,
        reply_by=getattr(kind.sample, "reply_by", None),
    )

    rendered = render(letter)

    assert rendered.pages <= 3
    assert composed.heading in words(rendered.pdf)
