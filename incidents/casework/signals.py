"""Writing down what is seen in a message, and withdrawing it with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.casework.quoting import messages_of
from incidents.models import Event, Signal
from incidents.models.event import record
from incidents.policy.signals import LIBEL_SIGNALS, signal_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation, Case, ChatLine


@transaction.atomic
def record_signal(
    *,
    case: Case,
    by: User,
    kind: str,
    shows: str,
    allegation: Allegation | None = None,
    line: ChatLine | None = None,
    is_complaint_to_us: bool = False,
) -> Signal:
    """`kind` is seen in the message that the allegation quotes, or in a marked message of a chat: one of the two.

    A complaint to the school is never marked as libel.
    """
    case = lock_case(case, by=by)
    if (allegation is None) == (line is None):
        raise Refused("Select the message in which you see it.")
    if line and not messages_of(case, user=by).marked().filter(pk=line.pk).exists():
        raise Refused("That message is not marked in a chat of this case. Mark it there first.")
    allegation = case.allegations.get(pk=allegation.pk) if allegation else None
    if kind in LIBEL_SIGNALS:
        if is_complaint_to_us:
            raise Refused(
                "A complaint that somebody makes to the school is protected, and does not go to a lawyer. "
                "Deal with it under the complaints procedure."
            )
        if not (line.body if line else allegation.words if allegation else "").strip():
            raise Refused("A lawyer is asked about exact words. This allegation has none: add one that quotes them.")
    where = {"allegation": allegation, "line": line, "kind": kind}
    standing = Signal.objects.standing().filter(**where).select_related("recorded_by").first()
    if standing:
        who, when = who_and_when(standing.recorded_by, standing.recorded_at)
        raise Refused(f"{who} recorded this about the same message {when}.")
    signal = Signal.objects.create(**where, shows=shows, recorded_by=by)
    record(Event.Kind.SIGNAL_RECORDED, school=case.school, by=by, case=case, summary=f"{signal.text}.", why=shows)
    return signal


@transaction.atomic
def withdraw_signal(*, signal: Signal, by: User, reason: str) -> Signal:
    """It is no longer seen so. The row stays, with the reason."""
    case = lock_case(signal.case, by=by)
    held = Signal.objects.select_for_update(of=("self",)).select_related("withdrawn_by").get(pk=signal.pk)
    if held.withdrawn_at:
        who, when = who_and_when(held.withdrawn_by, held.withdrawn_at)
        raise Refused(f"{who} withdrew this {when}.")
    if not reason.strip():
        raise Refused("Enter why it is no longer seen so.")
    held.withdraw(by=by, reason=reason)
    record(
        Event.Kind.SIGNAL_WITHDRAWN,
        school=case.school,
        by=by,
        case=case,
        summary=f"{signal_of(held.kind).text}.",
        why=reason,
    )
    return held
