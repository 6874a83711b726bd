"""Adding an allegation, and deciding it once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from incidents.casework.allegations import add_allegation, record_finding, seen_finding
from incidents.casework.case_lock import Refused
from incidents.models import Allegation, ChatLine, Evidence, Step
from incidents.models.story import lines_of, title_of
from incidents.policy.wording import POLICY
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory

if TYPE_CHECKING:
    from incidents.models import Case, Concern, Person


@pytest.fixture
def allegation(case: Case, subject: Person) -> Allegation:
    return AllegationFactory.create(case=case, subject=subject)


def picture(concern: Concern) -> Evidence:
    return Evidence.objects.create(
        school=concern.school, concern=concern, name="IMG_1.png", sha256="0" * 64, original="o", copy="c"
    )


def test_an_allegation_is_added_with_one_event(case, subject, slt):
    file = picture(ConcernFactory.create(school=case.school, case=case))

    allegation = add_allegation(
        case=case,
        by=slt,
        subject=subject,
        clause="abusive",
        words="Useless AND a liar",
        posted_on=date(2026, 11, 19),
        posted_where="Class WhatsApp group",
        evidence=file,
    )

    assert allegation.finding == Allegation.Finding.UNDECIDED
    assert allegation.policy_version == POLICY.version
    event = case.events.get()
    assert title_of(event) == "Allegation about Daniel Marsh added"
    assert lines_of(event) == [f"“{POLICY.clause('abusive').short}”"]


def test_only_a_subject_of_the_case_can_be_alleged_anything(case, subject, slt):
    other = PersonFactory.create(school=case.school, full_name="Priya Raman")

    with pytest.raises(Refused, match="Priya Raman is not a subject of this case"):
        add_allegation(case=case, by=slt, subject=other, clause="abusive", words="Useless")

    assert not case.allegations.exists()


def test_a_picture_of_another_case_is_refused(case, subject, slt):
    picture(ConcernFactory.create(school=case.school, case=case))
    file = picture(ConcernFactory.create(school=case.school))

    with pytest.raises(Refused, match="does not belong to this case"):
        add_allegation(case=case, by=slt, subject=subject, clause="abusive", words="Useless", evidence=file)


def test_words_or_what_was_posted_are_needed(case, subject, slt):
    with pytest.raises(Refused, match="Enter the exact words"):
        add_allegation(case=case, by=slt, subject=subject, clause="abusive")


def test_the_same_allegation_sent_twice_is_one(case, subject, slt):
    add_allegation(case=case, by=slt, subject=subject, clause="abusive", words="Useless")

    with pytest.raises(Refused, match="Ruth Adeyemi added this same allegation on"):
        add_allegation(case=case, by=slt, subject=subject, clause="abusive", words="Useless")
    add_allegation(case=case, by=slt, subject=subject, clause="anger", words="Useless")

    assert case.allegations.count() == 2


def test_a_finding_has_a_reason_a_person_a_time_and_one_event(case, allegation, slt):
    record_finding(case=case, by=slt, allegation=allegation, finding="found", reason="He agrees that he wrote it.")

    allegation.refresh_from_db()
    assert allegation.finding == "found"
    assert (allegation.found_by, allegation.finding_reason) == (slt, "He agrees that he wrote it.")
    assert allegation.found_at
    event = case.events.get()
    assert title_of(event) == "Finding about Daniel Marsh recorded: found"
    assert "Reason: He agrees that he wrote it." in lines_of(event)


def test_the_second_of_two_deciders_is_told_who_decided_and_when(case, allegation, slt, colleague):
    seen = seen_finding(allegation)
    record_finding(case=case, by=colleague, allegation=allegation, finding="not_found", reason="Criticism.", seen=seen)

    with pytest.raises(Refused, match=r"Tomas Lindqvist decided this on .+ at .+: not found\."):
        record_finding(case=case, by=slt, allegation=allegation, finding="found", reason="Abuse.", seen=seen)

    allegation.refresh_from_db()
    assert allegation.finding == "not_found"
    assert case.events.count() == 1


def test_a_finding_can_be_decided_anew_by_somebody_who_read_it(case, allegation, slt, colleague):
    first = record_finding(case=case, by=colleague, allegation=allegation, finding="found", reason="Abuse.")

    record_finding(
        case=case, by=slt, allegation=allegation, finding="not_found", reason="Not his.", seen=seen_finding(first)
    )

    allegation.refresh_from_db()
    assert (allegation.finding, allegation.found_by) == ("not_found", slt)
    assert case.events.count() == 2


@pytest.mark.parametrize(("state", "stays"), [(Step.State.TAKEN, True), (Step.State.DRAFT, False)])
def test_a_finding_stays_once_a_step_that_was_taken_relies_on_it(state, stays, case, allegation, subject, slt):
    found = record_finding(case=case, by=slt, allegation=allegation, finding="found", reason="Abuse.")
    step = Step.objects.create(
        case=case,
        kind="warning",
        subject=subject,
        state=state,
        reason="Enough.",
        has_no_conflict=True,
        drafted_by=slt,
        taken_by=slt,
        taken_at=datetime(2026, 12, 3, 9, 0, tzinfo=UTC),
    )
    step.allegations.add(allegation)

    def decide_again() -> None:
        record_finding(
            case=case, by=slt, allegation=allegation, finding="not_found", reason="No.", seen=seen_finding(found)
        )

    if stays:
        with pytest.raises(Refused, match="The warning letter of 3 December 2026 relies on this finding"):
            decide_again()
    else:
        decide_again()
    allegation.refresh_from_db()
    assert (allegation.finding == "found") is stays


def test_the_last_finding_moves_the_case_on_to_a_step(case, allegation, subject, slt):
    case.next_action = "Decide the allegations"
    case.save()
    second = AllegationFactory.create(case=case, subject=subject, clause="anger")

    record_finding(case=case, by=slt, allegation=allegation, finding="found", reason="Abuse.")
    case.refresh_from_db()
    still = case.next_action
    record_finding(case=case, by=slt, allegation=second, finding="not_found", reason="No.")

    case.refresh_from_db()
    assert (still, case.next_action) == ("Decide the allegations", "Decide on a step")
    assert case.next_on


def test_a_closed_case_refuses_allegations_and_findings(closed_case, slt):
    allegation = AllegationFactory.create(case=closed_case, subject=PersonFactory.create(school=closed_case.school))

    with pytest.raises(Refused, match="A closed case cannot be changed"):
        record_finding(case=closed_case, by=slt, allegation=allegation, finding="found", reason="Abuse.")
    with pytest.raises(Refused, match="A closed case cannot be changed"):
        add_allegation(case=closed_case, by=slt, subject=allegation.subject, clause="anger", words="Useless")

    allegation.refresh_from_db()
    assert allegation.finding == "undecided"


def test_a_message_is_quoted_from_the_file_that_it_is_in(case, subject, slt):
    concern = ConcernFactory.create(school=case.school, case=case)
    chat, other = picture(concern), picture(concern)
    line = ChatLine.objects.create(evidence=chat, number=1, kind="message", raw="Useless")
    about = {"case": case, "by": slt, "subject": subject, "clause": "abusive", "words": "Useless", "line": line}

    for file in (None, other):
        with pytest.raises(Refused, match="That message is not in the file you chose"):
            add_allegation(**about, evidence=file)
    assert add_allegation(**about, evidence=chat).line == line


WORDS = {
    "words": "Useless",
    "description": "A photograph",
    "posted_on": date(2026, 11, 19),
    "posted_where": "Class WhatsApp group",
}


def test_an_allegation_is_kept_whole(case, subject, slt):
    file = picture(ConcernFactory.create(school=case.school, case=case))

    add_allegation(case=case, by=slt, subject=subject, clause="abusive", evidence=file, **WORDS)

    row = Allegation.objects.get()
    assert (row.case, row.subject, row.clause, row.evidence, row.made_by) == (case, subject, "abusive", file, slt)
    assert {name: getattr(row, name) for name in WORDS} == WORDS
    assert case.events.get().by == slt


@pytest.mark.parametrize("other", ["subject", "evidence", "case", *WORDS])
def test_another_allegation_is_one_of_its_own(case, subject, slt, other):
    about = {"case": case, "by": slt, "subject": subject, "clause": "abusive", **WORDS}
    first = add_allegation(**about)
    changes = {
        "subject": lambda: CasePersonFactory.create(case=case).person,
        "evidence": lambda: picture(ConcernFactory.create(school=case.school, case=case)),
        "case": lambda: (
            CasePersonFactory.create(person=subject, case=CaseFactory.create(school=case.school, lead=slt)).case
        ),
        "posted_on": lambda: date(2026, 11, 20),
    }

    second = add_allegation(**{**about, other: changes.get(other, lambda: "Something else")()})

    assert second.pk != first.pk


@pytest.mark.parametrize("role", ["witness", "subject"])
def test_a_subject_elsewhere_or_a_witness_here_is_no_subject_of_this_case(case, slt, role):
    link = CasePersonFactory.create(case=case, role="witness") if role == "witness" else CasePersonFactory.create()

    with pytest.raises(Refused, match="is not a subject of this case"):
        add_allegation(case=case, by=slt, subject=link.person, clause="abusive", words="Useless")


@pytest.mark.parametrize("what", ["words", "description"])
def test_one_of_words_and_what_was_posted_is_enough(case, subject, slt, what):
    assert add_allegation(case=case, by=slt, subject=subject, clause="abusive", **{what: "x"}).pk


def test_an_allegation_of_another_case_is_not_decided_in_this_one(case, allegation, slt):
    other = CaseFactory.create(school=case.school, lead=slt)

    with pytest.raises(Allegation.DoesNotExist):
        record_finding(case=other, by=slt, allegation=allegation, finding="found", reason="x")


def test_the_story_says_who_found_what_and_the_time_is_now(case, allegation, slt):
    before = timezone.now()

    record_finding(case=case, by=slt, allegation=allegation, finding="found", reason="Abuse.", seen="never")

    allegation.refresh_from_db()
    assert before < allegation.found_at < timezone.now()
    told = case.events.get()
    assert (told.by, told.facts["clause"], told.facts["finding"]) == (slt, allegation.short, "Found")
