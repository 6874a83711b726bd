"""A complaint that is handed over: the letter that tells the reporter who deals with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.accounts.models import User
from incidents.models import Concern, Event, HandOver
from incidents.models.event import record
from incidents.policy.wording import POLICY
from incidents.triage.outcome import OutcomeRefusedError
from letters.approval import approve_letter
from letters.checks import check
from letters.checks.answers import answer_objections
from letters.drafting import discard_draft, draft_letter
from letters.kinds import ComplaintHandoverFacts, compose
from letters.models import Letter
from letters.studio import source_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from letters.checks import Objection

KIND = "complaint_handover"
RIGHTS = ("incidents.triage_concern", "letters.draft_letter", "letters.approve_letter")


def may_write(user: User) -> bool:
    return all(user.has_perm(right) for right in RIGHTS)


@transaction.atomic
def write_hand_over(
    *, concern: Concern, by: User, addressee: str, salutation: str, address: str, answer_by: date
) -> HandOver:
    """A draft of the letter to the reporter. One that is void is replaced, and no other."""
    locked = _locked(concern, by)
    before = HandOver.objects.select_related("letter", "written_by").filter(concern=locked).first()
    if before and before.letter.state != Letter.State.VOID:
        raise OutcomeRefusedError(f"{before.written_by} has written letter {before.letter.reference} already.")
    facts = ComplaintHandoverFacts(
        policy_title=POLICY.title,
        school_phone=locked.school.phone,
        school_email=locked.school.email,
        concern_reference=locked.reference,
        received_on=timezone.localdate(locked.received_at),
        handed_to=locked.handed_to[:1].upper() + locked.handed_to[1:],
        answer_by=answer_by,
    )
    composed = compose(KIND, facts, source=source_of(locked.school, KIND))
    number = before.number + 1 if before else 1
    letter = draft_letter(
        school=locked.school,
        by=by,
        reference=f"{locked.reference}-L{number}",
        kind=KIND,
        composed=composed,
        addressee=addressee,
        salutation=salutation,
        address=address,
        reply_by=None,
        signatory_name=by.full_name,
        signatory_role=by.job_title,
        withheld_from=User.objects.filter(conflicts__concern=locked),
    )
    found, _ = HandOver.objects.update_or_create(
        concern=locked,
        defaults={"letter": letter, "number": number, "written_by": by, "written_at": timezone.now()},
    )
    return found


def objections_to(hand_over: HandOver) -> list[Objection]:
    return check(hand_over.letter, calendar=hand_over.concern.school.calendar())


@transaction.atomic
def send_hand_over(*, concern: Concern, by: User, reasons: Mapping[str, str]) -> Letter:
    """Off to the print room. Raises UnansweredError, or another LetterRefusedError with who was first."""
    found = _held(_locked(concern, by))
    answer_objections(letter=found.letter, objections=objections_to(found), reasons=reasons, by=by)
    letter = approve_letter(letter=found.letter, by=by)
    record(
        Event.Kind.HAND_OVER_WRITTEN,
        school=found.concern.school,
        by=by,
        concern=found.concern,
        letter=letter.reference,
    )
    return letter


@transaction.atomic
def discard_hand_over(*, concern: Concern, by: User) -> None:
    found = _held(_locked(concern, by))
    letter = found.letter
    if letter.state != Letter.State.DRAFT:
        raise OutcomeRefusedError(f"Letter {letter.reference} is approved. Make it void instead.")
    found.delete()
    discard_draft(letter=letter, by=by)


def _held(concern: Concern) -> HandOver:
    found = HandOver.objects.select_related("letter").filter(concern=concern).first()
    if found is None:
        raise OutcomeRefusedError("Somebody else has discarded this letter.")
    found.concern = concern
    return found


def _locked(concern: Concern, by: User) -> Concern:
    if not may_write(by):
        raise PermissionDenied("Only senior leaders write to a reporter.")
    seen = Concern.objects.visible_to(by).select_for_update(of=("self",)).select_related("school")
    found = seen.filter(pk=concern.pk).first()
    if found is None:
        raise PermissionDenied("This concern is not one you can read.")
    if found.outcome != Concern.Outcome.COMPLAINT:
        raise OutcomeRefusedError("This concern is not with the complaints procedure any more.")
    return found
