"""Issuing a void letter again: the same words under a number of their own, to the address that is right now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.school.templatetags.dates import day
from letters.approval import approve_letter
from letters.drafting import draft_letter
from letters.holding import let_go
from letters.kinds import Composed
from letters.models import Letter, LetterEvent
from letters.refusals import WrongStateError

if TYPE_CHECKING:
    from datetime import date

    from letters.models import Staff


def why_words_stay_wrong(letter: Letter) -> str:
    """The sentence, where a letter was made void for what it says; empty otherwise."""
    if letter.void_reason != Letter.VoidReason.WORDS:
        return ""
    return (
        f"{letter.reference} is void because what it says is wrong, and it would say the same again. "
        "Write a new letter instead."
    )


@transaction.atomic
def reissue_letter(
    *,
    letter: Letter,
    by: Staff,
    reference: str,
    addressee: str,
    salutation: str,
    address: str,
    reply_by: date | None,
    in_spite_why: str = "",
    recipient: str | None = None,
) -> Letter:
    """The new letter, approved and on its way to the worker; in spite of what stops it where there is leave for that.
    The old one stays void, and says what came after it. `recipient` is another key, where it goes to somebody else.

    Raises WrongStateError where it is not void, says what is wrong or was issued again already, and whatever
    `approve_letter` raises.
    """
    if not by.has_perm("letters.approve_letter"):
        raise PermissionDenied
    old = Letter.objects.select_for_update().get(pk=letter.pk)
    if old.state != Letter.State.VOID:
        raise WrongStateError(f"{old.reference} is not void. Only a void letter can be issued again.")
    if wrong := why_words_stay_wrong(old):
        raise WrongStateError(wrong)
    again = Letter.objects.filter(reissue_of=old).first()
    if again:
        raise WrongStateError(f"{old.reference} was already issued again, as {again.reference}.")
    new = draft_letter(
        school=old.school,
        by=by,
        reference=reference,
        kind=old.kind,
        composed=Composed(
            title=old.title,
            heading=_with_day(old.heading, old.reply_by, reply_by),
            body=_with_day(old.body, old.reply_by, reply_by),
            template_version=old.template_version,
            enclosures=old.enclosures,
        ),
        addressee=addressee,
        salutation=salutation,
        address=address,
        reply_by=reply_by,
        signatory_name=old.signatory_name,
        signatory_role=old.signatory_role,
        delivery=Letter.Delivery.POST if old.delivery == Letter.Delivery.EMAIL else old.delivery,
        is_large_print=old.is_large_print,
        withheld_from=list(old.withheld_from.all()),
        recipient=old.recipient if recipient is None else recipient,
        copies_to=old.copies_to,
    )
    new.reissue_of = old
    new.save(update_fields=["reissue_of"])
    LetterEvent.objects.create(
        letter=new, kind=LetterEvent.Kind.REISSUED, by_id=by.pk, facts={"why": f"In place of {old.reference}"}
    )
    if in_spite_why:
        new = let_go(letter=new, by=by, why=in_spite_why)
    return approve_letter(letter=new, by=by)


def _with_day(text: str, old: date | None, new: date | None) -> str:
    """The text with the day to reply by, however it is written, made the new one."""
    if old is None or new is None or old == new:
        return text
    for was, now in (
        (f"{old:%A} {day(old)}", f"{new:%A} {day(new)}"),
        (day(old), day(new)),
        (f"{old:%-d %B}", f"{new:%-d %B}"),
    ):
        text = re.sub(rf"(?<!\d){re.escape(was)}(?! \d)", now, text)  # not the 9th in “29 December”
    return text
