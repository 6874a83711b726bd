"""A case in which a warning letter can be taken: found, heard, and waiting for a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from dkh_conduct.school.models import today
from incidents.casework.reply_days import reply_days
from incidents.casework.step_taking import take_step
from incidents.casework.warning import draft_warning
from incidents.models import Allegation, Event, InformationRequest, Step
from letters.models import Letter
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Person

REASON = "The words are about one person, and they agree that they wrote them. A conversation was had before."
FOUND_AT = datetime(2026, 11, 20, 16, 20, tzinfo=UTC)


def find(allegation: Allegation, *, by: User, finding: str = "found") -> Allegation:
    allegation.finding, allegation.finding_reason = finding, "They agree that they wrote it."
    allegation.found_by, allegation.found_at = by, FOUND_AT
    allegation.save()
    return allegation


def ask_account(case: Case, person: Person, *, received_on: date | None = date(2026, 11, 30)) -> InformationRequest:
    return InformationRequest.objects.create(
        case=case,
        person=person,
        is_subject_account=True,
        asked_on=date(2026, 11, 24),
        asked_how="letter",
        asked_by=case.lead,
        due_on=date(2026, 12, 3),
        received_on=received_on,
        received_how="phone" if received_on else "",
        received_by=case.lead if received_on else None,
        statement="I was angry. The words were unkind." if received_on else "",
    )


def add_subject(case: Case, **about: Any) -> Person:
    """One more subject, found and heard."""
    person = PersonFactory.create(school=case.school, **about)
    CasePersonFactory.create(case=case, person=person)
    find(AllegationFactory.create(case=case, subject=person, made_by=case.lead), by=case.lead)
    ask_account(case, person)
    return person


def fair_case(lead: User, **about: Any) -> Case:
    case = CaseFactory.create(school=lead.school, lead=lead, number=14, **about)
    add_subject(case)
    return case


def drafted(case: Case, *, by: User | None = None, subject: Person | None = None, reply_by: date | None = None) -> Step:
    by, subject = by or case.lead, subject or case.subjects[0]
    days = reply_days(case.school, posted_on=today())
    reply_by = reply_by or days.usual
    assert reply_by
    return draft_warning(
        case=case,
        by=by,
        subject=subject,
        allegations=list(case.allegations.filter(subject=subject, finding="found")),
        asks=["Do not post comments like these again."],
        reply_by=reply_by,
    )


def words_of(step: Step, **changes: Any) -> dict[str, Any]:
    """What the form of an untouched draft gives to a verb."""
    letter = step.letter
    assert letter is not None
    return {
        "version": letter.version,
        "heading": letter.heading,
        "body": letter.body,
        "reply_by": letter.reply_by,
        "delivery": letter.delivery,
        **changes,
    }


def take(step: Step, by: User, **changes: Any) -> Step:
    given = {"reason": REASON, "has_no_conflict": True, **words_of(step), **changes}
    return take_step(step=step, by=by, **given)


def nothing_happened(step: Step) -> bool:
    """No half of it was written: the step, its letter and its case are as they were drafted."""
    fresh = Step.objects.select_related("letter", "case").get(pk=step.pk)
    assert fresh.letter
    return (
        fresh.state == Step.State.DRAFT
        and fresh.letter.state == Letter.State.DRAFT
        and fresh.letter.version == 1
        and fresh.case.next_action == ""
        and not Event.objects.filter(kind=Event.Kind.STEP_TAKEN).exists()
    )
