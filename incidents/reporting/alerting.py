"""Tells the safeguarding lead at once of a concern to be read today; the head, where it may be about the lead.

Where it may be about the head as well: the chair of governors or the Trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.accounts.roles import Role
from incidents.reporting.emails import urgent_notice
from incidents.reporting.routing import chairs_in, heads_in, readers_of
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from incidents.models import Concern
    from incidents.reporting.routing import Route


@dataclass(frozen=True)
class Told:
    """Who was sent a message, in words for the story; nobody, for a concern that is not flagged."""

    whom: str = ""
    is_lead: bool = False


def alert(concern: Concern, route: Route) -> Told:
    """Call it inside the transaction that makes the concern: the messages are queued when that ends."""
    if not concern.is_flagged:
        return Told()
    lead = concern.school.safeguarding_email
    if lead and not _may_be_about_the_lead(lead, route):
        _send(concern, lead)
        return Told("safeguarding lead", is_lead=True)
    readers = [user for user in readers_of(concern.school) if user not in route.kept_out]
    deciders = heads_in(readers) or chairs_in(readers)
    for decider in deciders:
        _send(concern, decider.email)
    return Told(", ".join(decider.full_name for decider in deciders))


def _may_be_about_the_lead(address: str, route: Route) -> bool:
    """Even that it exists is kept from whoever it may be about: the mailbox may be read by anyone with that role."""
    return route.is_unsure or any(
        user.email.lower() == address.lower() or any(group.name == Role.DSL for group in user.groups.all())
        for user in route.kept_out
    )


def _send(concern: Concern, to: str) -> None:
    email = urgent_notice(concern=concern, to=to)
    email.save()
    transaction.on_commit(partial(hurry_email, email.pk), robust=True)
