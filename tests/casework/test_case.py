"""The page of one case: what it tells, to whom, and what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dkh_conduct import settings as installed
from dkh_conduct.accounts.audit import AuditEntry
from incidents.casework.allegations import add_allegation, record_finding
from incidents.casework.information import ask_for_information, receive_information
from incidents.casework.notes import add_note
from incidents.casework.people import add_person
from incidents.models import Case, Conflict, Event, Evidence, Note, Notice, Step
from incidents.models.event import record
from incidents.policy.wording import POLICY
from letters.models import LetterEvent
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    PersonFlagFactory,
    ReporterFactory,
)

if TYPE_CHECKING:
    from django.test import Client
    from time_machine import TimeMachineFixture

    from dkh_conduct.accounts.models import User
    from incidents.models import Concern, Person


@pytest.fixture(autouse=True)
def _thursday_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 12, 3, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def page(slt: User, signed_in: Any) -> Client:
    client: Client = signed_in(slt)
    return client


def text(client: Client, case: Case, query: str = "") -> str:
    response = client.get(case.get_absolute_url() + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def a_picture(concern: Concern, position: int, name: str = "IMG_1.png") -> Evidence:
    return Evidence.objects.create(
        school=concern.school,
        concern=concern,
        position=position,
        name=name,
        sha256="0" * 64,
        original="o",
        copy="c",
        thumbnail="t",
    )


def a_letter(case: Case, subject: Person, kind: str = "warning", **fields: Any) -> Step:
    letter = LetterFactory.create(school=case.school, drafted_by=case.lead, **fields)
    return Step.objects.create(case=case, kind=kind, subject=subject, drafted_by=case.lead, letter=letter)


def test_the_head_of_the_page_says_what_the_mock_up_says(case, subject, page):
    Case.objects.filter(pk=case.pk).update(
        opened_at=datetime(2026, 10, 12, 9, 0, tzinfo=UTC), next_action="Their account", next_on=date(2026, 12, 2)
    )
    Step.objects.create(
        case=case,
        kind="meeting",
        subject=subject,
        state=Step.State.TAKEN,
        reason="Enough.",
        has_no_conflict=True,
        drafted_by=case.lead,
        taken_by=case.lead,
        taken_at=datetime(2026, 10, 21, 9, 30, tzinfo=UTC),
    )

    told = text(page, case)

    assert "Case C014" in told
    assert "<bdi>Daniel Marsh</bdi></h1>" in told
    assert "Last step taken: meeting, 21 October 2026" in told
    assert "Opened 12 October 2026" in told
    assert "Lead: Ruth Adeyemi" in told
    assert "Next: Their account" in told
    assert "1 school day late" in told


def test_an_empty_case_says_what_is_missing(case, page):
    told = text(page, case)

    for sentence in (
        "Name not known yet",
        "Last step taken: none yet",
        "No allegation has been added yet.",
        "Nobody is a subject of this case yet",
        "Nobody has been added yet.",
        "No letter has been written in this case.",
        "No concern belongs to this case.",
        "No notes yet.",
        "Nothing has happened yet.",
    ):
        assert sentence in told, sentence


def test_allegations_quote_the_policy_and_the_words_and_say_the_finding(case, subject, slt, page):
    concern = ConcernFactory.create(school=case.school, case=case)
    a_picture(concern, 1)
    second = a_picture(concern, 2)
    allegation = add_allegation(
        case=case,
        by=slt,
        subject=subject,
        clause="abusive",
        words="Useless AND a liar",
        posted_on=date(2026, 11, 19),
        posted_where="Class WhatsApp group",
        evidence=second,
    )
    undecided = text(page, case)
    record_finding(case=case, by=slt, allegation=allegation, finding="found", reason="He wrote it.")

    told = text(page, case)

    assert "Not decided" in undecided
    assert POLICY.clause("abusive").text in told
    assert "Useless AND a liar" in told
    assert "Class WhatsApp group, 19 November 2026" in told
    assert f'<a class="govuk-link" href="{second.get_absolute_url()}">Evidence&nbsp;2</a>' in told
    assert "3 December 2026, Ruth Adeyemi. He wrote it." in told


def test_the_subjects_own_account_is_a_block_of_its_own(case, subject, slt, page):
    before = text(page, case)
    asked = ask_for_information(case=case, by=slt, person=subject, asked_on=date(2026, 11, 24), asked_how="letter")
    waiting = text(page, case)
    receive_information(
        case=case,
        by=slt,
        information=asked,
        received_on=date(2026, 11, 30),
        received_how="phone",
        statement="I was angry. " * 100,
    )

    told = text(page, case)

    assert "They have not been asked for their account yet." in before
    assert "2 school days late" in waiting
    assert "<bdi>Mr Marsh</bdi>’s account" in told
    assert "<strong>Asked</strong> on 24 November 2026, by letter." in told
    assert "<strong>Received</strong> on 30 November 2026, by phone." in told
    assert "I was angry. I was angry." in told
    assert told.count("I was angry.") < 100
    assert "Information asked for" not in told.split("Timeline")[0]


def test_what_others_were_asked_says_what_is_late(case, subject, slt, page):
    witness = add_person(case=case, by=slt, role="witness", full_name="Priya Raman").person
    ask_for_information(case=case, by=slt, person=witness, asked_on=date(2026, 11, 25), asked_how="phone")
    ask_for_information(
        case=case,
        by=slt,
        source="Tomas Lindqvist",
        topic="the PE lesson",
        asked_on=date(2026, 12, 2),
        asked_how="email",
    )

    told = text(page, case)

    assert "Priya Raman, witness" in told
    assert '<span class="dkh-late">1 school day late</span>' in told
    assert "Tomas Lindqvist: the PE lesson" in told
    assert "Due on 9 December 2026" in told


def test_reporters_are_told_apart_and_named_only_where_they_gave_a_name(case, page):
    ReporterFactory.create(concern=ConcernFactory.create(school=case.school, case=case, reference="DKH-7R4K-2Q"))
    named = ConcernFactory.create(school=case.school, case=case, reference="DKH-3H6V-9C")
    ReporterFactory.create(concern=named, name="Sinéad Ní Bhriain")

    told = text(page, case)

    assert "<bdi>Name not given</bdi>" in told
    assert "<bdi>Sinéad Ní Bhriain</bdi>" in told
    assert told.count("Never named in a letter") == 2
    assert "Concern DKH-7R4K-2Q. Never named in a letter" in told


def test_a_concern_kept_from_somebody_is_not_on_the_page_nor_in_the_story(case, slt, page):
    concern = ConcernFactory.create(school=case.school, case=case, reference="DKH-7R4K-2Q")
    a_picture(concern, 1)
    record(Event.Kind.CONCERN_RECEIVED, school=case.school, by=None, concern=concern)
    shown = text(page, case)
    Conflict.objects.create(user=slt, concern=concern, reason="Named in it")

    told = text(page, case)

    assert "DKH-7R4K-2Q" in shown
    assert "Concern DKH-7R4K-2Q received" in shown.split('id="timeline"')[1]
    assert "DKH-7R4K-2Q" not in told


def test_letters_say_their_state(case, subject, slt, page):
    letter = a_letter(case, subject, title="Warning letter", reference="DKH-C014-3").letter

    told = text(page, case)

    assert letter
    assert f'href="{letter.get_absolute_url()}">Warning letter</a>' in told
    assert "DKH-C014-3, to Mr Daniel Marsh" in told


def test_the_story_is_one_from_case_concerns_and_letters_newest_first(case, subject, slt, signed_in, time_machine):
    concern = ConcernFactory.create(school=case.school, case=case)
    letter = a_letter(case, subject, reference="DKH-C014-3").letter
    for hour, tell in enumerate(
        (
            lambda: record(Event.Kind.CONCERN_RECEIVED, school=case.school, by=None, concern=concern),
            lambda: record(Event.Kind.CASE_OPENED, school=case.school, by=slt, case=case, concern=concern),
            lambda: LetterEvent.objects.create(letter=letter, kind=LetterEvent.Kind.SEALED),
            lambda: add_note(case=case, by=slt, kind="fact", text="He rang."),
        )
    ):
        time_machine.move_to(datetime(2026, 12, 3, 10 + hour, 0, tzinfo=UTC), tick=False)
        tell()

    entries = signed_in(slt).get(case.get_absolute_url()).context["timeline"].entries

    titles = [entry.title for entry in entries]
    assert titles[0] == "Note added"
    assert titles[1] == "Letter made and sealed: DKH-C014-3"
    assert len(titles) == 4
    assert entries[1].letter_url == letter.get_absolute_url()
    assert [entry.by for entry in entries] == ["Ruth Adeyemi", "", "Ruth Adeyemi", ""]


def test_another_cases_story_is_not_mixed_in(case, slt, page):
    record(Event.Kind.CONCERN_RECEIVED, school=case.school, by=None, concern=ConcernFactory.create(school=case.school))

    assert page.get(case.get_absolute_url()).context["timeline"].entries == []


def test_a_long_story_goes_on_behind_older(case, page):
    start = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    for number in range(50):
        Event.objects.create(
            school=case.school,
            kind="note_added",
            case=case,
            at=start + timedelta(minutes=number),
            why=f"Number {number}",
        )

    first, second, third = (text(page, case, f"?events={number}") for number in (1, 2, 3))

    assert "Number 49" in first
    assert "Number 29" not in first
    assert "Older events" in first
    assert "Newer events" not in first
    assert "Number 29" in second
    assert "Newer events" in second
    assert "Number 0" in third
    assert "Older events" not in third


@pytest.mark.parametrize("events", ["0", "-1", "x", "%00", "9" * 30, "²", "٣", "1.5", ""])
def test_an_odd_page_of_the_story_is_answered(events, case, page):
    assert page.get(f"{case.get_absolute_url()}?events={events}").status_code == 200


def test_names_and_words_of_every_script_are_shown_and_escaped(case, slt, page):
    for name in ("ليلى الأحمد", "Thanh Nguyễn 🌙", "<img src=x onerror=alert(1)>", "N" * 120):
        person = PersonFactory.create(school=case.school, full_name=name, title="")
        CasePersonFactory.create(case=case, person=person)
        AllegationFactory.create(case=case, subject=person, words=f"«{name}»")
        ask_for_information(case=case, by=slt, person=person, asked_on=date(2026, 12, 1), asked_how="letter")

    told = text(page, case)

    assert "<bdi>ليلى الأحمد</bdi>" in told
    assert "Thanh Nguyễn 🌙" in told
    assert "<img src=x" not in told
    assert "&lt;img src=x" in told


def test_a_long_note_is_folded_and_whole(case, slt, page):
    add_note(case=case, by=slt, kind="observation", text="word " * 200)

    told = text(page, case)

    assert "The whole note" in told
    assert "Observation" in told


def test_somebody_who_may_not_be_written_to_is_marked(case, page):
    person = PersonFactory.create(school=case.school)
    CasePersonFactory.create(case=case, person=person)
    PersonFlagFactory.create(person=person)

    told = text(page, case)

    assert "No letters: court order." in told
    assert "Order of the Family Court of 3 May" in told


def fill(case: Case, subject: Person, *, rows: int) -> None:
    """Rows of every kind: `rows` allegations, as many notes and requests, and more of what there is more of."""
    for number in range(rows):
        concern = ConcernFactory.create(school=case.school, case=case)
        ReporterFactory.create(concern=concern, name=f"Reporter {number}")
        allegation = AllegationFactory.create(
            case=case,
            subject=subject,
            evidence=a_picture(concern, 1),
            finding="found",
            finding_reason="Yes.",
            found_by=case.lead,
            found_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
        )
        a_picture(concern, 2)
        Note.objects.create(case=case, kind="fact", text=f"Note {number}", written_by=case.lead)
        person = PersonFactory.create(school=case.school, full_name=f"Witness {number}")
        CasePersonFactory.create(case=case, person=person, role="witness")
        case.information.create(
            person=person, asked_on=date(2026, 11, 20), due_on=date(2026, 11, 27), asked_how="phone", asked_by=case.lead
        )
        step = Step.objects.create(
            case=case,
            kind="warning",
            subject=subject,
            state="taken",
            reason="Enough.",
            has_no_conflict=True,
            drafted_by=case.lead,
            taken_by=case.lead,
            taken_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
            letter=(letter := LetterFactory.create(school=case.school, drafted_by=case.lead)),
        )
        step.allegations.add(allegation)
        LetterEvent.objects.create(letter=letter, kind="sealed", by=case.lead)
        for _ in range(5):
            record(Event.Kind.NOTE_ADDED, school=case.school, by=case.lead, case=case)
        record(Event.Kind.CONCERN_RECEIVED, school=case.school, by=None, concern=concern)


def test_the_page_costs_the_same_with_few_rows_and_with_many(case, subject, page, django_assert_max_num_queries):
    fill(case, subject, rows=1)
    text(page, case)  # the first page of a minute also notes in the session that somebody is there
    with django_assert_max_num_queries(15) as few:
        text(page, case)

    fill(case, subject, rows=39)
    with django_assert_max_num_queries(15) as many:
        text(page, case)

    assert len(few) == len(many)
    assert case.events.count() >= 200


def test_with_the_look_noted_as_well_a_big_case_takes_at_most_fifteen(
    case, subject, slt, page, settings, django_assert_max_num_queries
):
    settings.MIDDLEWARE = installed.MIDDLEWARE
    fill(case, subject, rows=40)
    Notice.objects.create(user=slt, kind="case_late", key="other", case=CaseFactory.create(school=slt.school, lead=slt))
    text(page, case)

    with django_assert_max_num_queries(15):
        text(page, case)

    assert case.allegations.count() == 40
    assert Evidence.objects.filter(concern__case=case).count() >= 60
    assert AuditEntry.objects.filter(thing="case", reference=case.reference).count() == 1
    assert Notice.objects.unread().count() == 1
