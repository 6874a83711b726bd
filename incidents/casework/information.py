"""Hearing both sides: what was asked of whom, what came back, and why a step could not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.school.calendar import PastCalendarError, Unit
from dkh_conduct.school.templatetags.dates import day
from incidents.casework import next_action
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.models import CasePerson, Event, InformationRequest
from incidents.models.event import record

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, Person

ANSWER_WITHIN_SCHOOL_DAYS = 5


@transaction.atomic
def ask_for_information(
    *,
    case: Case,
    by: User,
    asked_on: date,
    asked_how: str,
    due_in: int = ANSWER_WITHIN_SCHOOL_DAYS,
    due_unit: str = Unit.SCHOOL,
    person: Person | None = None,
    source: str = "",
    topic: str = "",
) -> InformationRequest:
    """Write down that somebody was asked: a person on the case, or `source`. A subject is asked for their account."""
    case = lock_case(case, by=by)
    is_account = bool(person) and case.people.filter(person=person, role=CasePerson.Role.SUBJECT).exists()
    open_one = case.information.filter(person=person, source=source, topic=topic, received_on=None).first()
    if open_one:
        raise Refused(
            f"{open_one.asked_by.full_name} asked {open_one.who} for this on {day(open_one.asked_on)}. "
            f"It is due on {day(open_one.due_on)}."
        )
    try:
        due_on = case.school.calendar().add(asked_on, due_in, Unit(due_unit))
    except PastCalendarError as error:
        raise Refused(str(error)) from error
    asked = InformationRequest.objects.create(
        case=case,
        person=person,
        source="" if person else source,
        topic=topic,
        is_subject_account=is_account,
        asked_on=asked_on,
        asked_how=asked_how,
        asked_by=by,
        due_on=due_on,
        due_days=due_in,
        due_unit=due_unit,
    )
    about = f" {topic}." if topic else ""
    record(
        Event.Kind.INFORMATION_ASKED,
        school=case.school,
        by=by,
        case=case,
        who=asked.who,
        account=asked.who if is_account else "",
        summary=f"Asked {asked.get_asked_how_display().lower()} on {day(asked_on)}, "
        f"due in {asked.time_given}, on {day(due_on)}.{about}",
    )
    if is_account:
        next_action.after_account_asked(case)
    return asked


@transaction.atomic
def receive_information(
    *, case: Case, by: User, information: InformationRequest, received_on: date, received_how: str, statement: str
) -> InformationRequest:
    """Write down what somebody told us, in their words. What was received once is not received again."""
    case = lock_case(case, by=by)
    information = case.information.select_related("person", "received_by").get(pk=information.pk)
    if information.received_on:
        who = information.received_by.full_name if information.received_by else "Somebody else"
        raise Refused(f"{who} has recorded this already, received on {day(information.received_on)}.")
    if received_on < information.asked_on:
        raise Refused(f"They were asked on {day(information.asked_on)}. Enter that day or a later one.")
    information.received_on, information.received_how = received_on, received_how
    information.received_by, information.statement = by, statement
    information.save(update_fields=["received_on", "received_how", "received_by", "statement"])
    record(
        Event.Kind.INFORMATION_RECEIVED,
        school=case.school,
        by=by,
        case=case,
        who=information.who,
        account=information.who if information.is_subject_account else "",
        summary=f"Received {information.get_received_how_display().lower()} on {day(received_on)}.",
    )
    if information.is_subject_account:
        next_action.after_account_received(case)
    return information


@transaction.atomic
def record_cannot_wait(*, case: Case, by: User, reason: str, seen: str = "") -> Case:
    """Write down why a step cannot wait for the information asked for. `seen` is the reason `by` read before."""
    case = lock_case(case, by=by)
    if case.cannot_wait_reason not in (seen, reason):
        last = case.events.filter(kind=Event.Kind.CANNOT_WAIT).select_related("by").first()
        who, when = who_and_when(last.by, last.at) if last else ("Somebody else", "meanwhile")
        raise Refused(f"{who} wrote another reason {when}. Read it on the case, then open this page again.")
    if case.cannot_wait_reason == reason:
        return case
    case.cannot_wait_reason = reason
    case.save(update_fields=["cannot_wait_reason"])
    record(Event.Kind.CANNOT_WAIT, school=case.school, by=by, case=case, why=reason)
    return case
