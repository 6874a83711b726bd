"""A letter to many: written by one, approved by another, then made letter by letter by the worker.

Whoever knows the families passes them in as plain facts. The rows are the truth: a worker may die at any line and be
told twice, and every household still gets one letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from dkh_conduct.school.models import School
from letters.approval import check_printable
from letters.drafting import change_draft, draft_letter
from letters.models import Letter, Mailing, MailingRecipient
from letters.queue import hurry, hurry_mailing, requeue_after
from letters.refusals import LetterRefusedError, UnprintableError, WrongStateError
from letters.signatures import signature_under
from letters.templatetags.sentences import when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from letters.kinds import Composed
    from letters.models import Staff

AT_ONCE = 50
MOST = 3_000
State = Mailing.State


@dataclass(frozen=True)
class Addressee:
    """One household: `recipient` is the key under which letters to that person are found, and stopped."""

    recipient: str
    addressee: str
    salutation: str
    address: str


class ListChangedError(LetterRefusedError):
    """Somebody moved, joined or was flagged since the approver looked, or the letter says something else."""


def fingerprint(letter: Letter, addressees: Sequence[Addressee], excluded: Sequence[tuple[str, str]]) -> str:
    """Names words and a list of families, so that an approval is for those that were read and no others."""
    rows = [letter.heading, letter.body, *(f"{each.recipient} {each.addressee} {each.address}" for each in addressees)]
    return sha256("\0".join([*rows, "", *(f"{name} {why}" for name, why in excluded)]).encode()).hexdigest()[:32]


@transaction.atomic
def draft_mailing(
    *,
    school: School,
    by: Staff,
    kind: str,
    composed: Composed,
    signatory: tuple[str, str],
    audience: dict[str, object],
    audience_words: str,
) -> Mailing:
    """`signatory` is a name and a role; whoever approves signs in the end."""
    _may(by, "letters.draft_mailing", school_id=school.pk)
    school = School.objects.select_for_update().get(pk=school.pk)  # one number at a time
    number = (Mailing.objects.filter(school=school).aggregate(last=Max("number"))["last"] or 0) + 1
    letter = draft_letter(
        school=school,
        by=by,
        reference=f"{school.code}-M{number}",
        kind=kind,
        composed=composed,
        addressee="Each family",
        salutation="parent or carer",
        address="\n".join(school.address_lines),
        reply_by=None,
        signatory_name=signatory[0],
        signatory_role=signatory[1],
    )
    return Mailing.objects.create(
        school=school,
        number=number,
        letter=letter,
        audience=audience,
        audience_words=audience_words[:200],
        drafted_by_id=by.pk,
    )


@transaction.atomic
def change_mailing(*, mailing: Mailing, by: Staff, version: int, heading: str, body: str) -> Letter:
    """Raises StaleDraftError where somebody saved since `version`, WrongStateError where it is not a draft any more."""
    _may(by, "letters.draft_mailing", school_id=mailing.school_id)
    held = _held(mailing, State.DRAFT)
    if (held.letter.heading, held.letter.body, held.letter.version) == (heading, body, version):
        return held.letter
    return change_draft(letter=held.letter, by=by, version=version, heading=heading, body=body)


@transaction.atomic
def propose_mailing(*, mailing: Mailing, by: Staff) -> Mailing:
    _may(by, "letters.draft_mailing", school_id=mailing.school_id)
    held = _held(mailing, State.DRAFT)
    if not held.letter.body.strip():
        raise UnprintableError("The letter is empty. Write what it should say.")
    held.state, held.proposed_by_id, held.proposed_at = State.PROPOSED, by.pk, timezone.now()
    held.decided_by, held.decided_at, held.decided_why = None, None, ""
    held.save()
    return held


@transaction.atomic
def discard_mailing(*, mailing: Mailing, by: Staff) -> Mailing:
    """Given up: its number is not used again."""
    _may(by, "letters.draft_mailing", school_id=mailing.school_id)
    held = _held(mailing, State.DRAFT)
    held.state = State.DISCARDED
    held.save(update_fields=["state"])
    return held


@transaction.atomic
def send_mailing_back(*, mailing: Mailing, by: Staff, why: str) -> Mailing:
    _may(by, "letters.approve_mailing", school_id=mailing.school_id)
    held = _held(mailing, State.PROPOSED)
    if not why.strip():
        raise LetterRefusedError("Say what needs to change.")
    held.state, held.decided_by_id, held.decided_at, held.decided_why = State.DRAFT, by.pk, timezone.now(), why[:500]
    held.save()
    return held


def approve_mailing(
    *,
    mailing: Mailing,
    by: Staff,
    signatory: tuple[str, str],
    addressees: Sequence[Addressee],
    excluded: Sequence[tuple[str, str]],
    seen: str,
) -> Mailing:
    """The words and the list are fixed from here on, and the worker begins.

    `seen` is the fingerprint of what the approver read: ListChangedError where the words or the list are others by now.
    """
    _may(by, "letters.approve_mailing", school_id=mailing.school_id)
    check_printable(mailing.letter)
    with transaction.atomic():
        held = _held(mailing, State.PROPOSED)
        if held.proposed_by_id == by.pk:
            raise WrongStateError("You sent this for approval, so another person must decide.")
        if not addressees:
            raise WrongStateError("There is nobody to write to. Look at who is left out, and why.")
        if len(addressees) > MOST:
            raise WrongStateError(f"Write to {MOST:,} families at once or fewer.")
        if seen != fingerprint(held.letter, addressees, excluded):
            raise ListChangedError(
                "The letter or the list has changed since you opened this page. Look at both again, then decide."
            )
        if (held.letter.signatory_name, held.letter.signatory_role) != signatory:
            change_draft(
                letter=held.letter,
                by=by,
                version=held.letter.version,
                signatory_name=signatory[0],
                signatory_role=signatory[1],
            )
        MailingRecipient.objects.bulk_create(
            [
                MailingRecipient(
                    mailing=held,
                    number=number,
                    recipient=each.recipient,
                    addressee=each.addressee,
                    salutation=each.salutation,
                    address=each.address,
                )
                for number, each in enumerate(addressees, start=1)
            ],
            batch_size=500,
        )
        held.letter.refresh_from_db()
        held.letter.signature = signature_under(held.letter, by=by)
        held.letter.save(update_fields=["signature"])
        held.state, held.decided_by_id, held.decided_at = State.APPROVED, by.pk, timezone.now()
        held.excluded = [list(each) for each in excluded]
        held.save()
        transaction.on_commit(partial(hurry_mailing, held.pk), robust=True)
    return held


def make_mailing(pk: int) -> int:
    """Writes the letters that are still to be written, some at a time; how many. Safe to call any number of times."""
    made = 0
    while some := _write_some(pk):
        made += some
    return made


def requeue_lost_mailings() -> int:
    lost = Mailing.objects.filter(state=State.APPROVED, decided_at__lt=timezone.now() - requeue_after())
    keys = list(lost.values_list("pk", flat=True))
    for key in keys:
        hurry_mailing(key)
    return len(keys)


def progress_of(mailing: Mailing) -> dict[str, int]:
    """How many letters are in each state, with `all` households and those `unwritten`."""
    rows = mailing.recipients.order_by().values_list("letter__state").annotate(number=Count("pk"))
    states = dict(rows)
    return {
        "all": sum(states.values()),
        "unwritten": states.pop(None, 0),
        **{str(state): number for state, number in states.items()},
    }


@transaction.atomic
def _write_some(pk: int) -> int:
    mailing = Mailing.objects.select_related("letter", "school").select_for_update(of=("self",)).filter(pk=pk).first()
    if mailing is None or mailing.state != State.APPROVED:
        return 0
    waiting = list(mailing.recipients.filter(letter__isnull=True).order_by("number")[:AT_ONCE])
    if not waiting:
        mailing.state = State.DONE
        mailing.save(update_fields=["state"])
        return 0
    letters = bulk_create_with_history(
        [_letter(mailing, each) for each in waiting], Letter, default_user=mailing.decided_by
    )
    for each, letter in zip(waiting, letters, strict=True):
        each.letter = letter
        transaction.on_commit(partial(hurry, letter.pk), robust=True)
    MailingRecipient.objects.bulk_update(waiting, ["letter"])
    return len(waiting)


def _letter(mailing: Mailing, to: MailingRecipient) -> Letter:
    words = mailing.letter
    return Letter(
        school=mailing.school,
        reference=f"{words.reference}-{to.number}",
        kind=words.kind,
        template_version=words.template_version,
        title=words.title,
        heading=words.heading,
        addressee=to.addressee,
        salutation=to.salutation,
        address=to.address,
        body=words.body,
        written_on=timezone.localdate(mailing.decided_at),
        signatory_name=words.signatory_name,
        signatory_role=words.signatory_role,
        signature_id=words.signature_id,
        enclosures=words.enclosures,
        is_large_print=words.is_large_print,
        recipient=to.recipient,
        state=Letter.State.QUEUED,
        drafted_by_id=mailing.drafted_by_id,
        approved_by_id=mailing.decided_by_id,
        approved_at=mailing.decided_at,
        queued_at=timezone.now(),
    )


def _held(mailing: Mailing, state: str) -> Mailing:
    held = Mailing.objects.select_related("letter", "decided_by").select_for_update(of=("self",)).get(pk=mailing.pk)
    if held.state != state:
        who = f" by {held.decided_by.full_name} {when(held.decided_at)}" if held.decided_by else ""
        raise WrongStateError(f"This letter is marked “{held.get_state_display()}”{who}. Nothing was changed.")
    return held


def _may(by: Staff, permission: str, *, school_id: int) -> None:
    if by.school_id != school_id or not by.has_perm(permission):
        raise PermissionDenied
