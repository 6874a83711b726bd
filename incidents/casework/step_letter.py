"""The letter of a draft: given to it, saved with its words and reasons, and signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from dkh_conduct.accounts.models import User
from incidents.casework.case_lock import Refused
from incidents.casework.recipients import leave_to_write
from incidents.casework.warning_words import phone_of, with_reply_date
from letters.drafting import DraftChanges, change_draft, draft_letter
from letters.holding import let_go
from letters.models import Letter

if TYPE_CHECKING:
    from datetime import date

    from incidents.models import Case, Step
    from letters.kinds import Composed


EXPLAINED = ("left_out", "soon", "again")


class LetterWords(TypedDict):
    """What the form of a draft changes in its letter; what is not given stays as it is."""

    heading: str
    body: str
    reply_by: date | None
    delivery: str
    enclosures: NotRequired[str]
    copies_to: NotRequired[str]


class Explained(TypedDict, total=False):
    """Why a lower step was left out, why so soon, why again."""

    left_out: str
    soon: str
    again: str


def give_letter(
    step: Step,
    *,
    by: User,
    signatory: User,
    composed: Composed,
    reply_by: date | None,
    kind: str = "",
    to: tuple[str, str, str] | None = None,
) -> Letter:
    """The step's letter, composed from facts, under the case's next number.

    `to` is a body's name, salutation and address, where the letter is not to the person.
    """
    case, subject = step.case, step.subject
    addressee, salutation, address = to or (subject.letter_name, subject.salutation, subject.address)
    case.last_letter_number += 1
    case.save(update_fields=["last_letter_number"])
    letter = draft_letter(
        school=case.school,
        by=by,
        reference=f"{case.school.code}-{case.reference}-{case.last_letter_number}",
        kind=kind or step.row.letter,
        composed=composed,
        addressee=addressee,
        salutation=salutation,
        address=address,
        reply_by=reply_by,
        signatory_name=signatory.full_name,
        signatory_role=signatory.job_title,
        withheld_from=User.objects.filter(conflicts__case=case),
        recipient="" if to else subject.recipient,
    )
    if leave := leave_to_write(case, subject, kind=step.kind) if not to else "":
        letter = let_go(letter=letter, by=by, why=leave)
    step.letter = letter
    step.save(update_fields=["letter"])
    return letter


def letter_of(step: Step) -> Letter:
    if step.letter is None:
        raise Refused("This draft has no letter yet. Write it first.")
    return step.letter


def save_letter(
    case: Case,
    step: Step,
    letter: Letter,
    *,
    by: User,
    version: int,
    reason: str,
    explained: Explained | None = None,
    signatory: User | None = None,
    **words: Unpack[LetterWords],
) -> Letter:
    person = step.subject
    body = words["body"]
    if letter.reply_by and words["reply_by"]:
        body = with_reply_date(body, old=letter.reply_by, new=words["reply_by"])
    signatory_name, signatory_role = letter.signatory_name, letter.signatory_role
    if signatory:
        body = signed_by(body, letter=letter, signatory=signatory)
        signatory_name, signatory_role = signatory.full_name, signatory.job_title
    changes: DraftChanges = {
        "heading": words["heading"],
        "body": body,
        "reply_by": words["reply_by"],
        "delivery": words["delivery"],
        "signatory_name": signatory_name,
        "signatory_role": signatory_role,
        "enclosures": words.get("enclosures", letter.enclosures),
        "copies_to": words.get("copies_to", letter.copies_to),
    }
    if not step.row.is_to_body:
        changes |= {"addressee": person.letter_name, "salutation": person.salutation, "address": person.address}
        changes |= {"email_to": person.email if person.may_be_emailed else "", "language": person.language}
    reasons = {"reason": reason, **{f"{key}_reason": value for key, value in (explained or {}).items()}}
    is_same_step = all(getattr(step, name) == value for name, value in reasons.items())
    if letter.version == version and is_same_step and _is_same(letter, changes):
        return letter
    if words["delivery"] == Letter.Delivery.EMAIL and not changes.get("email_to"):
        raise Refused(f"{person.full_name} has not agreed to letters by email. Choose another way for it to go.")
    letter = change_draft(letter=letter, by=by, version=version, **changes)
    for name, value in reasons.items():
        setattr(step, name, value)
    step.save(update_fields=list(reasons))
    return letter


def signed_by(body: str, *, letter: Letter, signatory: User) -> str:
    """The letter's text with the telephone of whoever signs it now, where the template wrote that of the last one."""
    school = letter.school
    last = User.objects.filter(school=school, full_name=letter.signatory_name, job_title=letter.signatory_role).first()
    if last is None:
        return body
    return body.replace(
        f"Call me on {phone_of(last, school=school)}", f"Call me on {phone_of(signatory, school=school)}"
    )


def _is_same(letter: Letter, changes: DraftChanges) -> bool:
    return all(getattr(letter, name) == value for name, value in changes.items())
