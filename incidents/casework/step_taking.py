"""Taking a step: by one person, or proposed by one and approved by another; and rescinding it, never deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.case_facts import approvers_of, facts_of
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.casework.letter_checks import answer_checks
from incidents.casework.meetings import check_times
from incidents.casework.next_action import DECIDE_WITHIN_SCHOOL_DAYS, in_school_days
from incidents.casework.recipients import check_recipient, check_still_theirs
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import check_findings, check_not_found_anew, held_draft, held_step, may, record_step
from incidents.casework.step_effects import check_ready, follow, undo
from incidents.casework.step_letter import EXPLAINED, Explained, LetterWords, letter_of, save_letter, signed_by
from incidents.casework.warning_words import says_reply_date
from incidents.models import Approval, Case, Event, Step
from incidents.policy.explanations import explanations_for
from incidents.policy.ladder import needs_of, standing_of
from incidents.policy.needs import capital
from letters.approval import approve_letter
from letters.drafting import change_draft
from letters.models import Letter
from letters.voiding import withdraw_letters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.policy.explanations import Explanation
    from incidents.policy.facts import CaseFacts
    from letters.models import LetterQuerySet

DECIDE_PROPOSAL_WITHIN = 2


@transaction.atomic
def take_step(
    *,
    step: Step,
    by: User,
    version: int,
    reason: str,
    has_no_conflict: bool,
    explained: Explained | None = None,
    answers: Mapping[str, str] | None = None,
    **words: Unpack[LetterWords],
) -> Step:
    """Decide alone: the letter is approved as it stands in the form, and goes to the worker when all this is written.

    `answers` are why a letter may go on in spite of what its checks object to, by the objection's key; None where no
    page asked for them.
    Raises Refused, or a LetterRefusedError, with the sentence why not; then nothing at all has changed.
    """
    may(by, "incidents.take_step", "letters.approve_letter")
    case, step = held_draft(step, by=by)
    if step.row.needs_second_person:
        raise Refused("Another person must approve this step.")
    letter = letter_of(step)
    _check(case, step, by=by, reason=reason, has_no_conflict=has_no_conflict, explained=explained)
    if letter.signatory_name != by.full_name or letter.signatory_role != by.job_title:
        raise Refused(f"{letter.signatory_name} signs this letter. Choose “Sign it myself”, and read it again.")
    letter = _written(case, step, letter, by=by, version=version, reason=reason, explained=explained, **words)
    if answers is not None:
        answer_checks(case, letter, by=by, answers=answers)
    approve_letter(letter=letter, by=by)
    return _taken(case, step, by=by, why=reason)


@transaction.atomic
def propose_step(
    *,
    step: Step,
    by: User,
    version: int,
    reason: str,
    has_no_conflict: bool,
    explained: Explained | None = None,
    answers: Mapping[str, str] | None = None,
    **words: Unpack[LetterWords],
) -> Step:
    """Send it to those who may approve it. From then on only they can change what becomes of it."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case, step = held_draft(step, by=by)
    letter = letter_of(step)
    _check(case, step, by=by, reason=reason, has_no_conflict=has_no_conflict, explained=explained)
    letter = _written(case, step, letter, by=by, version=version, reason=reason, explained=explained, **words)
    if answers is not None:
        answer_checks(case, letter, by=by, answers=answers)
    return sent_for_approval(case, step, by=by, why=reason)


def sent_for_approval(case: Case, step: Step, *, by: User, why: str) -> Step:
    """The draft becomes a proposal, in a case that is locked."""
    if not step.row.needs_second_person:
        raise Refused("Nobody has to approve this step.")
    others = list(approvers_of(case, besides=by))
    if not others:
        raise Refused("Nobody else who may approve this step is free of a conflict. Ask the Trust to name someone.")
    step.state, step.has_no_conflict = Step.State.PROPOSED, True
    step.proposed_by, step.proposed_at = by, timezone.now()
    step.proposals += 1
    step.save(update_fields=["state", "has_no_conflict", "proposed_by", "proposed_at", "proposals"])
    _waits(case, f"Decide: {step.title.lower()}", in_school_days(case, DECIDE_PROPOSAL_WITHIN))
    record_step(Event.Kind.STEP_PROPOSED, step=step, by=by, why=why, who=_names(others))
    return step


@transaction.atomic
def decide_proposal(
    *, step: Step, by: User, decision: str, reason: str, has_read: bool, seen: int | None = None
) -> Approval:
    """The second person approves it, sends it back or declines it. Who comes second is told who was first, and when.

    `seen` is the number of the proposal that `by` read: sent back and proposed again since then, it is another one.
    Raises Refused, or a LetterRefusedError, with the sentence why not; then nothing at all has changed.
    """
    may(by, "incidents.approve_step")
    case = lock_case(step.case, by=by)
    held = held_step(case, step)
    if held is None or held.state != Step.State.PROPOSED or held.proposed_by is None or held.proposed_at is None:
        raise Refused(decided_sentence(case, step))
    if held.proposed_by_id == by.pk:
        raise Refused("You proposed this, so another person must decide.")
    if seen is not None and seen != held.proposals:
        who, when = who_and_when(held.proposed_by, held.proposed_at)
        raise Refused(f"{who} proposed this again {when}, after you opened it. Open it again and read it as it is now.")
    if not reason.strip():
        raise Refused("Say why.")
    approval = Approval.objects.create(
        step=held,
        proposal=held.proposals,
        decision=decision,
        reason=reason,
        proposed_by=held.proposed_by,
        proposed_at=held.proposed_at,
        decided_by=by,
    )
    if decision == Approval.Decision.APPROVE:
        _approve(case, held, by=by, has_read=has_read, why=reason)
        return approval
    is_back = decision == Approval.Decision.BACK
    held.state = Step.State.DRAFT if is_back else Step.State.DECLINED
    held.save(update_fields=["state"])
    proposer = held.proposed_by.full_name
    soon = in_school_days(case, DECIDE_WITHIN_SCHOOL_DAYS)
    _waits(case, f"Look again: {held.title.lower()}" if is_back else "Decide what is next", soon)
    kind = Event.Kind.STEP_SENT_BACK if is_back else Event.Kind.STEP_DECLINED
    record_step(kind, step=held, by=by, why=reason, who=proposer)
    return approval


@transaction.atomic
def rescind_step(*, step: Step, by: User, reason: str) -> Step:
    """Take a step back, in writing. It stays in the file, and so does its letter, void where it has not gone yet."""
    may(by, "incidents.take_step")
    case = lock_case(step.case, by=by)
    held = held_step(case, step)
    if held is None or held.state not in (Step.State.TAKEN, Step.State.RESCINDED):
        raise Refused("Only a step that was taken can be rescinded.")
    if held.state == Step.State.RESCINDED and held.rescinded_at:
        who, when = who_and_when(held.rescinded_by, held.rescinded_at)
        raise Refused(f"{who} rescinded this step {when}.")
    if not reason.strip():
        raise Refused("Enter why the step is rescinded.")
    if held.part_of_id:
        raise Refused("A part of a step is not rescinded by itself. Decide again, or rescind the whole step.")
    held.state, held.rescinded_reason = Step.State.RESCINDED, reason
    held.rescinded_by, held.rescinded_at = by, timezone.now()
    held.save(update_fields=["state", "rescinded_reason", "rescinded_by", "rescinded_at"])
    undo(held)
    withdraw_letters(
        letters_of_step(held),
        by=by,
        reason=Letter.VoidReason.OTHER,
        words="The step was rescinded before the letter had gone.",
    )
    record_step(Event.Kind.STEP_RESCINDED, step=held, by=by, why=reason)
    return held


def letters_of_step(step: Step) -> LetterQuerySet:
    """Its own, and those of its later parts."""
    return Letter.objects.filter(pk__in=Step.objects.filter(Q(pk=step.pk) | Q(part_of=step)).values("letter"))


def decided_sentence(case: Case, step: Step) -> str:
    """Who decided it, what and when: for the slower of two."""
    last = Approval.objects.filter(step_id=step.pk, step__case=case).select_related("decided_by").last()
    if last is None:
        return "This step does not wait for approval."
    who, when = who_and_when(last.decided_by, last.decided_at)
    done = {"approve": "approved this", "back": "sent this back", "decline": "decided not to take this step"}
    return f"{who} {done[last.decision]} {when}."


def explanations_of(step: Step, facts: CaseFacts) -> tuple[Explanation, ...]:
    """What has to be explained before this step is taken; a later part of a step explains itself.

    Needs the facts with a calendar.
    """
    if step.part_of_id:
        return ()
    return explanations_for(step.kind, facts, {each.pk for each in step.allegations.all()})


def _check(
    case: Case, step: Step, *, by: User, reason: str, has_no_conflict: bool, explained: Explained | None
) -> None:
    """Everything but the letter's own words. Raises Refused."""
    if not has_no_conflict:
        raise Refused("Say that you have no conflict of interest. If you have one, someone else must decide.")
    _check_open(case, step, by=by, reason=reason)
    facts = facts_of(
        case, decider=by, subject=step.subject, has_no_conflict=True, has_approver=True, calendar=case.school.calendar()
    )
    for need in explanations_of(step, facts):
        if not str((explained or {}).get(need.key, "") or getattr(step, f"{need.key}_reason")).strip():
            raise Refused(f"{need.question} {need.about}")
    check_ready(step)


def check_letterless(
    case: Case, step: Step, *, by: User, reason: str, has_no_conflict: bool, explained: Explained | None
) -> None:
    """The same, for a step that sends no letter to the person; keeps the reasons."""
    _check(case, step, by=by, reason=reason, has_no_conflict=has_no_conflict, explained=explained)
    step.reason = reason
    for key in EXPLAINED:
        setattr(step, f"{key}_reason", (explained or {}).get(key, getattr(step, f"{key}_reason")))
    step.save(update_fields=["reason", *(f"{key}_reason" for key in EXPLAINED)])


def take_letterless(case: Case, step: Step, *, by: User, why: str) -> Step:
    return _taken(case, step, by=by, why=why)


def _check_open(case: Case, step: Step, *, by: User, reason: str, has_approver: bool | None = None) -> None:
    if step.part_of_id is None:
        facts = facts_of(case, decider=by, subject=step.subject, reason=reason, has_approver=has_approver)
        standing = standing_of(step.kind, facts)
        if not standing.may_be_taken:
            raise Refused(f"This step is not open any more. {capital(standing.not_again or standing.sentence)}")
        for need in needs_of(step.kind, facts):
            if not need.is_met:
                raise Refused(f"{need.label} is still needed.")
        check_findings(list(step.allegations.all()), step.subject)
    else:
        if step.root.state == Step.State.RESCINDED:
            raise Refused("The step that this is part of was rescinded. Discard this draft.")
        if case.status == Case.Status.PAUSED:
            raise Refused("This step is not open any more. The case is paused for safeguarding.")
        if not reason.strip():
            raise Refused("A written reason is still needed.")
    if step.row.letter and not step.row.is_to_body:
        check_recipient(case, step.subject, kind=step.kind)


def _written(
    case: Case,
    step: Step,
    letter: Letter,
    *,
    by: User,
    version: int,
    reason: str,
    explained: Explained | None,
    **words: Unpack[LetterWords],
) -> Letter:
    """The letter as it stands in the form, checked for what it must say."""
    reply_by = words["reply_by"]
    check_times(step, reply_by)
    if step.row.asks_reply and reply_by:
        reply_days(case.school, posted_on=today()).check(reply_by)
    letter = save_letter(case, step, letter, by=by, version=version, reason=reason, explained=explained, **words)
    if not letter.body.strip():
        raise Refused("The letter is empty. Write what it should say.")
    _check_says_date(step, letter)
    return letter


def _check_says_date(step: Step, letter: Letter) -> None:
    if step.row.asks_reply and letter.reply_by and not says_reply_date(letter.body, letter.reply_by):
        raise Refused(
            f"The letter does not say by when they can put their side. Write “{letter.reply_by:%-d %B %Y}” in it."
        )


def _approve(case: Case, step: Step, *, by: User, has_read: bool, why: str) -> None:
    if not has_read:
        raise Refused("Say that you have read it before you approve it.")
    _check_open(case, step, by=by, reason=step.reason, has_approver=True)
    check_not_found_anew(step)
    check_ready(step)
    letter = letter_of(step)
    may(by, "letters.approve_letter")
    if not step.row.is_to_body:
        check_still_theirs(letter, step.subject)
    if letter.signatory_name != by.full_name or letter.signatory_role != by.job_title:
        letter = change_draft(
            letter=letter,
            by=by,
            version=letter.version,
            body=signed_by(letter.body, letter=letter, signatory=by),
            signatory_name=by.full_name,
            signatory_role=by.job_title,
        )
    approve_letter(letter=letter, by=by)
    proposer = step.proposed_by.full_name if step.proposed_by else ""
    _taken(case, step, by=by, why=why, who=proposer)


def _taken(case: Case, step: Step, *, by: User, why: str, who: str = "") -> Step:
    step.state, step.has_no_conflict = Step.State.TAKEN, True
    step.taken_by, step.taken_at = by, timezone.now()
    step.save(update_fields=["state", "has_no_conflict", "taken_by", "taken_at"])
    action, on = follow(step)
    _waits(case, action, on)
    record_step(Event.Kind.STEP_TAKEN, step=step, by=by, why=why, who=who)
    return step


def _waits(case: Case, action: str, on: date | None) -> None:
    case.next_action, case.next_on = action[:120], on
    case.save(update_fields=["next_action", "next_on"])


def _names(people: list[User]) -> str:
    return " or ".join(person.full_name for person in people)
