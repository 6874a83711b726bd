"""The draft of any step: begun, given its letter, saved with a version, discarded. All steps share these few verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incidents.casework.case_facts import facts_of
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.casework.recipients import check_recipient
from incidents.casework.step_letter import Explained, LetterWords, letter_of, save_letter
from incidents.models import Allegation, Event, Step
from incidents.models.event import record
from incidents.policy.ladder import standing_of
from incidents.policy.needs import capital
from letters.drafting import discard_draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Person
    from incidents.policy.stages import Stage


def begin_step(
    *,
    case: Case,
    by: User,
    subject: Person,
    stage: Stage,
    allegations: Sequence[Allegation] = (),
    part_of: Step | None = None,
    is_written_to: bool = True,
) -> Step:
    """A new draft, in a case that is locked. Raises Refused where one was begun already or the step is not open."""
    check_no_draft(case, stage.step, subject)
    if part_of is None:
        standing = standing_of(stage.step, facts_of(case, decider=by, subject=subject))
        if not standing.may_be_taken:
            raise Refused(f"This step is not open. {capital(standing.not_again or standing.sentence)}")
    if is_written_to:
        check_recipient(case, subject, kind=stage.step)
    step = Step.objects.create(
        case=case, kind=stage.step, stage=stage.key, subject=subject, drafted_by=by, part_of=part_of
    )
    step.allegations.set(allegations)
    return step


def check_no_draft(case: Case, kind: str, subject: Person) -> None:
    states = [Step.State.DRAFT, Step.State.PROPOSED]
    begun = case.steps.filter(kind=kind, subject=subject, state__in=states).select_related("drafted_by").first()
    if begun is None:
        return
    who, when = who_and_when(begun.drafted_by, begun.drafted_at)
    if begun.state == Step.State.PROPOSED:
        raise Refused(f"“{begun.title}”, which {who} began {when}, waits for approval. Decide on that one first.")
    raise Refused(f"{who} began a draft to {subject.full_name} {when}. Go on with that one.")


@transaction.atomic
def save_draft(
    *,
    step: Step,
    by: User,
    version: int,
    reason: str,
    explained: Explained | None = None,
    is_signed_by_me: bool = False,
    **words: Unpack[LetterWords],
) -> Step:
    """Keep what was typed. Raises StaleDraftError where somebody saved since `version`, Refused where it is taken.

    `is_signed_by_me` puts the name and telephone number of `by` in place of those of the last signatory.
    """
    may(by, "incidents.take_step", "letters.draft_letter")
    case, step = held_draft(step, by=by)
    letter = letter_of(step)
    signatory = by if is_signed_by_me else None
    step.letter = save_letter(
        case, step, letter, by=by, version=version, reason=reason, explained=explained, signatory=signatory, **words
    )
    return step


@transaction.atomic
def discard_step(*, step: Step, by: User) -> None:
    """Give the draft up. What it said stays in the field-by-field history; its reference is never used again."""
    may(by, "incidents.take_step", "letters.draft_letter")
    _, step = held_draft(step, by=by)
    letter = step.letter
    record_step(Event.Kind.STEP_DRAFT_DISCARDED, step=step, by=by)
    if step.proposals:
        # Somebody read it and wrote an answer: that stays in the file.
        step.state = Step.State.DECLINED
        step.save(update_fields=["state"])
        return
    step.delete()
    if letter:
        discard_draft(letter=letter, by=by)


def held_draft(step: Step, *, by: User) -> tuple[Case, Step]:
    """The draft under the lock of its case; Refused says who proposed, took or discarded it, and when."""
    case = lock_case(step.case, by=by)
    held = held_step(case, step)
    if held is None:
        gone = (
            case.events.filter(kind=Event.Kind.STEP_DRAFT_DISCARDED, facts__draft=step.pk).select_related("by").first()
        )
        who, when = who_and_when(gone.by, gone.at) if gone else ("Somebody else", "meanwhile")
        raise Refused(f"{who} discarded this draft {when}.")
    if held.taken_at:
        who, when = who_and_when(held.taken_by, held.taken_at)
        raise Refused(f"{who} took this step {when}. It cannot be changed any more.")
    if held.state == Step.State.PROPOSED and held.proposed_at:
        who, when = who_and_when(held.proposed_by, held.proposed_at)
        raise Refused(f"{who} sent this for approval {when}. It cannot be changed while it waits.")
    if held.state == Step.State.DECLINED:
        raise Refused("This proposal was not approved, so it cannot be changed. Begin a new one.")
    return case, held


def held_step(case: Case, step: Step) -> Step | None:
    """The step as it is now, locked; the case is locked before it."""
    held = (
        case.steps.select_related("subject", "letter", "taken_by", "proposed_by", "part_of")
        .select_for_update(of=("self",))
        .filter(pk=step.pk)
        .first()
    )
    if held is not None:
        held.case = case
    return held


def check_findings(allegations: Sequence[Allegation], subject: Person) -> None:
    """Raises Refused unless every one of them was found, and is about this person."""
    if not allegations:
        raise Refused("Choose at least one finding to put in the letter.")
    for allegation in allegations:
        if allegation.subject_id != subject.pk or allegation.finding != Allegation.Finding.FOUND:
            raise Refused(
                f"“{allegation.short}” is not found about {subject.full_name} any more. "
                "Discard this draft, and start again with what was found."
            )


def check_not_found_anew(step: Step) -> None:
    """Raises Refused where a finding was made again after the proposal: who proposed it did not read the reasons."""
    for allegation in step.allegations.select_related("found_by").filter(found_at__gt=step.proposed_at):
        who, when = who_and_when(allegation.found_by, allegation.found_at or timezone.now())
        raise Refused(
            f"{who} decided “{allegation.short}” again {when}, after this was proposed. Send it back: the letter is "
            "read beside the finding as it is now, and proposed again."
        )


def may(by: User, *permissions: str) -> None:
    if not by.has_perms(permissions):
        raise PermissionDenied


def record_step(kind: Event.Kind, *, step: Step, by: User, why: str = "", who: str = "", summary: str = "") -> None:
    record(
        kind,
        school=step.case.school,
        by=by,
        case=step.case,
        why=why,
        who=who,
        summary=summary,
        step=step.title,
        person=step.subject.full_name,
        letter=step.letter.reference if step.letter else "",
        draft=step.pk,
    )
