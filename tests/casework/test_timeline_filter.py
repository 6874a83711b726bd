"""The timeline narrowed by its address: kind, person, days. What one chooses never shows what one may not see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from dkh_conduct.accounts.models import User
from incidents.casework.timeline import timeline_of
from incidents.casework.timeline_filter import GROUPS, TimelineFilterForm, kinds_of
from incidents.models import Conflict, Event, Step
from incidents.models.event import record
from letters.models import LetterEvent
from tests.factories import CasePersonFactory, ConcernFactory, LetterFactory, PersonFactory

pytestmark = pytest.mark.django_db
KIND = Event.Kind


def told(kind, *, case, by, on=(2026, 11, 20), **facts):
    event = record(kind, school=case.school, by=by, case=case, **facts)
    Event.objects.filter(pk=event.pk).update(at=datetime(*on, 12, 0, tzinfo=UTC))
    return event


@pytest.fixture
def story(case, subject, slt, colleague):
    """Three things by two people about two, on three days; and a letter to the first of them."""
    other = CasePersonFactory.create(case=case, person=PersonFactory.create(full_name="Ama Boateng")).person
    told(KIND.PERSON_ADDED, case=case, by=slt, person="Daniel Marsh", on=(2026, 11, 18))
    told(KIND.FINDING_RECORDED, case=case, by=colleague, person="Ama Boateng", on=(2026, 11, 19))
    told(KIND.NOTE_ADDED, case=case, by=slt, on=(2026, 11, 20))
    letter = LetterFactory.create(school=case.school, drafted_by=slt)
    Step.objects.create(case=case, kind="warning", subject=subject, drafted_by=slt, letter=letter)
    line = LetterEvent.objects.create(letter=letter, kind="posted", by=colleague)
    LetterEvent.objects.filter(pk=line.pk).update(at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    return case, other, letter


def titles(case, user, query):
    chosen = TimelineFilterForm(QueryDict(query), case=case, actors=User.objects.all())
    return [entry.title for entry in timeline_of(case, user=user, chosen=chosen).entries]


def test_every_kind_of_event_is_in_one_group():
    grouped = [kind for key in GROUPS for kind in kinds_of(key)]

    assert sorted(grouped) == sorted(KIND)


def test_without_a_choice_all_of_it_is_told(story, slt):
    assert len(titles(story[0], slt, "")) == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=people", ["Daniel Marsh added"]),
        ("kind=notes", ["Note added"]),
        ("kind=letters", ["Letter posted: {letter}"]),
        ("who=by-{slt}", ["Note added", "Daniel Marsh added"]),
        ("who=by-{colleague}", ["Letter posted: {letter}", "Finding recorded"]),
        ("who=on-{subject}", ["Letter posted: {letter}", "Daniel Marsh added"]),
        ("who=on-{other}", ["Finding recorded"]),
        ("since_0=20&since_1=11&since_2=2026", ["Letter posted: {letter}", "Note added"]),
        ("until_0=18&until_1=11&until_2=2026", ["Daniel Marsh added"]),
        ("since_0=19&since_1=11&since_2=2026&until_0=20&until_1=11&until_2=2026&who=by-{slt}", ["Note added"]),
        ("kind=evidence", []),
    ],
)
def test_each_filter_and_several_at_once(story, subject, slt, colleague, query, expected):
    case, other, letter = story
    keys = {"slt": slt.pk, "colleague": colleague.pk, "subject": subject.pk, "other": other.pk}

    found = titles(case, slt, query.format(**keys))

    assert found == [title.format(letter=letter.reference) for title in expected]


@pytest.mark.parametrize("query", ["kind=nonsense", "who=by-99999", "who=on-x", "who=%00", "since_0=40&since_1=1"])
def test_what_means_nothing_is_said_beside_the_field_and_hides_nothing(story, slt, signed_in, query):
    page = signed_in(slt).get(f"{story[0].get_absolute_url()}?{query}").content.decode()

    assert "govuk-error-message" in page
    assert "Daniel Marsh added" in page


def test_the_page_keeps_the_choice_in_its_links_and_says_when_nothing_matches(story, slt, signed_in):
    case = story[0]
    for _ in range(30):
        record(KIND.NOTE_ADDED, school=case.school, by=slt, case=case)
    browser = signed_in(slt)

    page = browser.get(f"{case.get_absolute_url()}?kind=notes").content.decode()
    older = browser.get(f"{case.get_absolute_url()}?kind=notes&events=2").content.decode()
    none = browser.get(f"{case.get_absolute_url()}?kind=evidence").content.decode()

    assert "?kind=notes&amp;events=2#timeline" in page
    assert '<option value="notes" selected>' in page
    assert older.count("Note added") == 11
    assert "Nothing matches these filters." in none
    assert '<details class="govuk-details" open>' in none


def test_an_until_before_since_says_so(story, slt, signed_in):
    query = "since_0=20&since_1=11&since_2=2026&until_0=19&until_1=11&until_2=2026"

    page = signed_in(slt).get(f"{story[0].get_absolute_url()}?{query}").content.decode()

    assert "Enter the same day as “From”, or a later one" in page


def test_who_has_a_conflict_with_a_concern_is_offered_nobody_who_acted_on_it(case, slt, colleague, signed_in):
    concern = ConcernFactory.create(school=case.school, case=case)
    record(KIND.CONCERN_ASSIGNED, school=case.school, by=colleague, concern=concern, who="Somebody")
    Conflict.objects.create(user=slt, concern=concern, reason="Named in it")

    page = signed_in(slt).get(case.get_absolute_url()).content.decode()

    assert colleague.full_name not in page
