"""Who of a case may be written to, why not, and the head's leave to write about a site ban all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from incidents.casework.case_lock import Refused, lock_case
from incidents.models import Case, CasePerson, Event, FlagException, PersonFlag, Step
from incidents.models.event import record
from letters.holding import let_go
from letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.accounts.models import User
    from incidents.models import Person

BAN = "ban"  # the one step about which somebody is told whatever they wish: they must know where they may not be


def check_recipient(case: Case, subject: Person, *, kind: str) -> None:
    """Raises Refused where no letter may go to them, or nobody knows where they live."""
    if not case.people.filter(person=subject, role=CasePerson.Role.SUBJECT).exists():
        raise Refused(f"{subject.full_name} is not a subject of this case.")
    if sentence := why_no_letter(case, subject, kind=kind):
        raise Refused(sentence)


def check_still_theirs(letter: Letter, person: Person) -> None:
    """Raises Refused where the letter is to a name, an address or an email address that is not theirs any more."""
    old = (letter.addressee, letter.salutation, letter.address_lines)
    if old != (person.letter_name, person.salutation, person.address_lines):
        raise Refused(
            f"The name or address of {person.full_name} has changed since this was proposed. "
            "Send it back: it is written to the new one when it is proposed again."
        )
    if letter.delivery == Letter.Delivery.EMAIL and not (person.may_be_emailed and letter.email_to == person.email):
        raise Refused(
            f"{person.full_name} no longer agrees to letters at the email address that this would go to. "
            "Send it back, and choose another way for it to go."
        )


def why_no_letter(case: Case, subject: Person, *, kind: str) -> str:
    return why_no_letters(case, [subject], kind=kind)[subject.pk]


def why_no_letters(case: Case, people: Iterable[Person], *, kind: str) -> dict[int, str]:
    """For each of them, by key: the sentence why no letter about such a step may go to them, or nothing."""
    asked = {person.pk: person for person in people}
    flags: dict[int, list[PersonFlag]] = {}
    standing = PersonFlag.objects.standing().filter(person__in=asked).select_related("set_by")
    if kind == BAN:
        leave = FlagException.objects.filter(flag=OuterRef("pk"), case=case)
        standing = standing.exclude(Q(kind__in=PersonFlag.OVERRIDABLE) & Exists(leave))
    for flag in standing:
        flag.person = asked[flag.person_id]
        flags.setdefault(flag.person_id, []).append(flag)
    return {pk: _sentence(person, flags.get(pk, [])) for pk, person in asked.items()}


def leave_to_write(case: Case, subject: Person, *, kind: str) -> str:
    """The head's reason to write about a ban in spite of a flag, where there is one that is needed."""
    if kind != BAN:
        return ""
    exceptions = FlagException.objects.filter(case=case, flag__person=subject, flag__lifted_at__isnull=True)
    return "; ".join(exceptions.values_list("reason", flat=True))


@transaction.atomic
def write_in_spite(*, case: Case, by: User, person: Person, reason: str) -> list[FlagException]:
    """Leave to write about a site ban in this case. Raises Refused where a court order or a hidden address stands.

    Letters about a ban that were drafted or approved before the flag was set may go, too.
    """
    if not by.has_perm("incidents.override_flag"):
        raise Refused("Only the Executive Head, or who decides in their place, may write in spite of a flag.")
    case = lock_case(case, by=by)
    if case.status == Case.Status.PAUSED:
        raise Refused("The case is paused for safeguarding, so its letters wait. Say first that it is done.")
    flags = list(PersonFlag.objects.standing().select_related("person", "set_by").filter(person=person))
    if not flags:
        raise Refused(f"Nothing stops letters to {person.full_name} any more.")
    for flag in flags:
        if not flag.may_be_overridden:
            raise Refused(f"{flag.sentence} This cannot be overridden. Ask the Trust’s legal team what may be sent.")
    if not reason.strip():
        raise Refused("Enter why they must be written to.")
    made = [
        FlagException.objects.get_or_create(flag=flag, case=case, defaults={"reason": reason, "made_by": by})[0]
        for flag in flags
    ]
    steps = Step.objects.filter(case=case, subject=person, kind=BAN, letter__isnull=False).select_related("letter")
    for step in steps:
        if step.letter and step.letter.state not in {Letter.State.POSTED, Letter.State.VOID}:
            let_go(letter=step.letter, by=by, why=reason)
    record(Event.Kind.FLAG_OVERRIDDEN, school=case.school, by=by, case=case, person=person.full_name, why=reason)
    return made


def _sentence(person: Person, flags: list[PersonFlag]) -> str:
    if flags:
        return " ".join(flag.sentence for flag in flags)
    return "" if person.address_lines else f"{person.full_name} has no address yet. Add it on the case first."
