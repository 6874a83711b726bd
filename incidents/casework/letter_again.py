"""Issuing a step's letter again when the office or a leader made it void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.school.models import today
from incidents.casework.bans import answer_until, why_not_again
from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.meetings import check_times
from incidents.casework.recipients import check_recipient, leave_to_write
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import held_step, may
from incidents.models import Case, Step
from letters.reissuing import reissue_letter

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User
    from letters.models import Letter


@transaction.atomic
def issue_letter_again(*, step: Step, by: User, reply_by: date | None) -> Letter:
    """To the address on the case now; a body’s to where it went before.

    Raises Refused, or a LetterRefusedError, and then nothing has changed.
    """
    may(by, "incidents.take_step", "letters.approve_letter")
    case = lock_case(step.case, by=by)
    held = held_step(case, step)
    if held is None or held.letter is None:
        raise Refused("This step has no letter any more.")
    if held.row.needs_second_person and not by.has_perm("incidents.approve_step"):
        raise Refused("This step needed a second person. Ask somebody who may approve it to issue its letter again.")
    if Step.State.RESCINDED in (held.state, held.root.state):
        raise Refused("This step was rescinded, so its letter is not issued again.")
    if case.status == Case.Status.PAUSED:
        raise Refused("The case is paused for safeguarding. Say first that it is done.")
    if held.kind == "ban" and (sentence := why_not_again(held)):
        raise Refused(sentence)
    check_times(held, reply_by)
    old, person = held.letter, held.subject
    if held.row.is_to_body:  # what goes to the police about somebody never goes to them
        addressee, salutation, address = old.addressee, old.salutation, old.address
    else:
        check_recipient(case, person, kind=held.kind)
        addressee, salutation, address = person.letter_name, person.salutation, person.address
    if old.reply_by:
        if reply_by is None:
            raise Refused("Enter the day by which they can put their side.")
        reply_days(case.school, posted_on=today()).check(reply_by)
        if held.kind == "ban":
            answer_until(held, reply_by)
    case.last_letter_number += 1
    case.save(update_fields=["last_letter_number"])
    new = reissue_letter(
        in_spite_why=leave_to_write(case, person, kind=held.kind),
        letter=old,
        by=by,
        reference=f"{case.school.code}-{case.reference}-{case.last_letter_number}",
        addressee=addressee,
        salutation=salutation,
        address=address,
        reply_by=reply_by if old.reply_by else None,
    )
    held.letter = new
    held.save(update_fields=["letter"])
    return new
