"""Which letters a flag stopped is told to who may know of them, and in the story of their own case alone."""

from __future__ import annotations

import pytest

from incidents.casework.conflicts import record_conflict
from incidents.contacts import flags
from incidents.contacts.flags import lift_flag, set_flag
from incidents.models import Event, PersonFlag, Step
from tests.factories import CaseFactory, CasePersonFactory, LetterFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(school, slt, colleague, monkeypatch):
    """Letters of two cases and of none; the colleague may not know of the first."""
    person = PersonFactory.create(school=school, is_contact=True)
    letters = [LetterFactory.create(school=school, recipient=person.recipient) for _ in range(3)]
    LetterFactory.create(school=school)
    cases = [CaseFactory.create(school=school, lead=slt) for _ in range(3)]
    for case, letter in zip(cases, [*letters[:2], None], strict=True):
        CasePersonFactory.create(case=case, person=person)
        if letter:
            Step.objects.create(case=case, kind="warning", subject=person, letter=letter, drafted_by=slt)
    record_conflict(case=cases[0], by=slt, who=colleague, reason="A neighbour")
    letters[0].withheld_from.add(colleague)
    Event.objects.all().delete()
    for verb in ("hold_recipient", "release_recipient"):
        monkeypatch.setattr(flags, verb, lambda **given: letters)
    return person, cases, letters


def test_each_case_tells_of_its_own_letters_and_whoever_flags_hears_of_those_they_may_know(stopped, slt, colleague):
    person, cases, letters = stopped

    assert set_flag(person=person, by=colleague, kind=PersonFlag.Kind.COURT_ORDER, reason="On file.") == letters[1:]

    summaries = dict(Event.objects.filter(kind="flag_set").values_list("case", "facts__summary"))
    first, second, none = (case.pk for case in cases)
    assert summaries == {
        first: f"Stopped: {letters[0].reference}.",
        second: f"Stopped: {letters[1].reference}.",
        none: "",
    }
    assert lift_flag(flag=person.flags.get(), by=slt, reason="Over.") == letters
