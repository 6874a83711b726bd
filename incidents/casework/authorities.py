"""Contact with the authorities: weighed, approved by a second person, sent, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from incidents.casework.case_facts import approvers_of
from incidents.casework.case_lock import ChangedMeanwhile, Refused, lock_case
from incidents.casework.next_action import set_next
from incidents.casework.step_draft import begin_step, held_draft, may, record_step
from incidents.casework.step_letter import give_letter, letter_of
from incidents.casework.warning_words import finding_of, phone_of
from incidents.evidence.paper import page_of
from incidents.evidence.redacted import copies_for, note_taken_out
from incidents.models import AuthorityReferral, Event, Evidence, Step
from incidents.models.event import record
from incidents.policy.needs import counted
from incidents.policy.stages import stage_of
from incidents.policy.wording import POLICY
from letters.drafting import change_draft
from letters.kinds import AuthoritiesCoverFacts, compose
from letters.models import Letter
from letters.packs import joined, pack_pdf
from letters.sealed import read_sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.evidence.redacted import Copies
    from incidents.models import Allegation, Case, Person
    from letters.kinds import Composed

KIND = "authorities"
# The field, and what the page asks for.
REQUIRED = (
    ("body", "Choose which body it goes to"),
    ("address", "Enter where to send it"),
    ("why", "Say why it is for them"),
    ("about", "Say who it is about, as far as you know"),
    ("basis", "Say how you know who it was"),
    ("asked", "Say what you ask of them"),
    ("contact", "Choose whom they can ask"),
)


@transaction.atomic
def save_authorities(
    *,
    case: Case,
    by: User,
    subject: Person,
    allegations: Sequence[Allegation],
    reason: str = "",
    step: Step | None = None,
    version: int = 0,
    **values: Any,
) -> AuthorityReferral:
    """Keep what was typed, whole or not. Raises ChangedMeanwhile where somebody saved since `version`."""
    may(by, "incidents.take_step", "letters.draft_letter")
    chosen = list(case.allegations.filter(pk__in=[each.pk for each in allegations], subject=subject))
    if step is None:
        case = lock_case(case, by=by)
        step = begin_step(
            case=case, by=by, subject=subject, stage=stage_of(KIND, ""), allegations=chosen, is_written_to=False
        )
        referral = AuthorityReferral(step=step)
        record_step(Event.Kind.STEP_DRAFTED, step=step, by=by)
    else:
        case, step = held_draft(step, by=by)
        referral = AuthorityReferral.objects.select_for_update().get(step=step)
        if referral.version != version:
            last = referral.history.latest()
            raise ChangedMeanwhile(who=last.history_user, at=last.history_date, version=referral.version)
        referral.version += 1
        step.allegations.set(chosen)
    step.reason = reason
    step.save(update_fields=["reason"])
    for name, value in values.items():
        setattr(referral, name, value)
    referral._history_user = by  # type: ignore[attr-defined]
    referral.save()
    referral.step = step
    return referral


@transaction.atomic
def write_authorities_letter(*, referral: AuthorityReferral, by: User) -> Step:
    """The letter to the body, from what is recorded. One written before is replaced."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case, step = held_draft(referral.step, by=by)
    referral = AuthorityReferral.objects.select_related("contact").get(step=step)
    referral.step = step
    if missing := missing_of(referral):
        raise Refused(f"{missing[0][1]}.")
    signatory = approvers_of(case, besides=by).first() or by
    composed = compose("authorities_cover", _facts(case, referral, signatory))
    if step.letter is None:
        give_letter(
            step,
            by=by,
            signatory=signatory,
            composed=composed,
            reply_by=None,
            to=(referral.row.name, "Sir or Madam", referral.address),
        )
    else:
        _rewrite(step, by=by, composed=composed, referral=referral)
    return step


def _rewrite(step: Step, *, by: User, composed: Composed, referral: AuthorityReferral) -> None:
    assert step.letter  # noqa: S101  asked by the caller
    change_draft(
        letter=step.letter,
        by=by,
        version=step.letter.version,
        heading=composed.heading,
        body=composed.body.strip(),
        addressee=referral.row.name,
        address=referral.address,
    )


def missing_of(referral: AuthorityReferral) -> list[tuple[str, str]]:
    missing = [(name, ask) for name, ask in REQUIRED if not getattr(referral, name)]
    if not referral.account.strip() and not referral.no_account_because.strip():
        missing.append(("account", "Give the person’s account, or say why they were not asked"))
    chosen = referral.step.allegations.all()
    if not chosen:
        missing.insert(0, ("allegations", "Choose what it is about"))
    return missing


def check_authorities_ready(step: Step) -> None:
    """Asked when it is proposed and again when it is approved. Raises Refused."""
    referral = AuthorityReferral.objects.get(step=step)
    referral.step = step
    if missing := missing_of(referral):
        raise Refused(f"{missing[0][1]}.")
    letter = letter_of(step)
    if (letter.addressee, letter.address) != (referral.row.name, referral.address):
        raise Refused("The letter still goes to where it went before. Write the letter again, and read it.")


@transaction.atomic
def record_sent(
    *,
    referral: AuthorityReferral,
    by: User,
    sent_on: date,
    sent_how: str,
    what_was_sent: str,
    sent_to: str = "",
    their_reference: str = "",
) -> AuthorityReferral:
    """Write down what was sent to whom, and the reference they gave."""
    case, referral = _approved(referral, by=by)
    referral.sent_on, referral.sent_how, referral.sent_to = sent_on, sent_how, sent_to
    referral.what_was_sent, referral.their_reference = what_was_sent, their_reference
    referral.save()
    set_next(case, "What the authorities say")
    named = f" Their reference: {their_reference}." if their_reference else ""
    record(
        Event.Kind.AUTHORITY_TOLD,
        school=case.school,
        by=by,
        case=case,
        who=referral.row.name,
        summary=f"Sent {referral.get_sent_how_display().lower()} on {sent_on:%-d %B %Y}.{named}",
    )
    return referral


@transaction.atomic
def record_outcome(
    *, referral: AuthorityReferral, by: User, outcome_on: date, outcome: str, their_reference: str = ""
) -> AuthorityReferral:
    """What the body decided. The school decides nothing because of it."""
    case, referral = _approved(referral, by=by)
    if referral.sent_on is None:
        raise Refused("Record first what was sent to them.")
    referral.outcome_on, referral.outcome = outcome_on, outcome
    if their_reference:
        referral.their_reference = their_reference
    referral.save()
    set_next(case, "Decide what is next")
    record(
        Event.Kind.AUTHORITY_ANSWERED,
        school=case.school,
        by=by,
        case=case,
        who=referral.row.name,
        summary=outcome[:200],
    )
    return referral


def copies_of(step: Step) -> Copies:
    """The redacted copies of the evidence of what it is about."""
    pks = [each.evidence_id for each in step.allegations.all() if each.evidence_id]
    return copies_for(Evidence.objects.good().filter(pk__in=pks))


@transaction.atomic
def make_pack(*, referral: AuthorityReferral, by: User) -> bytes:
    """The letter and the redacted copies as one PDF; each file's chain of custody says that it went out.

    Raises Refused while something is not redacted, or the letter is not approved.
    """
    case, referral = _approved(referral, by=by)
    letter = referral.step.letter
    if letter is None or not letter.is_sealed:
        raise Refused("The letter is still being made. Try again in a minute.")
    if letter.state == Letter.State.VOID:
        raise Refused(f"Letter {letter.reference} is void. Issue it again, then make the pack.")
    copies = copies_of(referral.step)
    if copies.missing:
        raise Refused(copies.missing[0])
    note_taken_out(copies.ready, by=by, pack=f"{letter.reference} pack")
    record(
        Event.Kind.PACK_MADE,
        school=case.school,
        by=by,
        case=case,
        letter=letter.reference,
        summary=f"With {counted(len(copies.ready), 'redacted page')} of evidence.",
    )
    reference = f"{letter.reference} pack"
    index = [(copy.title, f"SHA-256 {copy.sha256}") for copy in copies.ready]
    papers = [read_sealed(letter)]
    if index:
        words = "The redacted copies that follow, each with its fingerprint"
        sections = [("Evidence", index)]
        papers.append(
            pack_pdf(school=case.school, title=words, marking="Confidential", reference=reference, sections=sections)
        )
    return joined([*papers, *(page_of(copy) for copy in copies.ready)], title=reference)


def _approved(referral: AuthorityReferral, *, by: User) -> tuple[Case, AuthorityReferral]:
    case = lock_case(referral.step.case, by=by)
    held = AuthorityReferral.objects.select_for_update(of=("self",)).select_related("step__letter").get(pk=referral.pk)
    held.step.case = case
    if held.step.state != Step.State.TAKEN:
        raise Refused("Another person has to approve this before anything is sent.")
    return case, held


def _facts(case: Case, referral: AuthorityReferral, signatory: User) -> AuthoritiesCoverFacts:
    school, contact = case.school, referral.contact
    return AuthoritiesCoverFacts(
        policy_title=POLICY.title,
        school_phone=school.phone,
        school_email=school.email,
        signatory_phone=phone_of(signatory, school=school),
        body=referral.row.name,
        reason=referral.why,
        statements=tuple(finding_of(each) for each in referral.step.allegations.all()),
        about=referral.about,
        basis=referral.basis,
        asked_of_them=referral.asked,
        contact_name=contact.full_name if contact else "",
        contact_role=contact.job_title if contact else "",
        account=referral.account,
        no_account_because=referral.no_account_because,
        complaint_open=referral.complaint_open,
        known=referral.known,
    )
