"""Whoever deals with a complaint hears by e-mail that it is there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from incidents.models import Email
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Concern


def email_handler(*, concern: Concern, by: User, to: str) -> Email:
    """A reference and a link, and nothing of the complaint. Call it inside a transaction that holds the concern."""
    context = {
        "school": concern.school,
        "reference": concern.reference,
        "link": f"{settings.SITE_URL}{concern.get_absolute_url()}",
        "by": by,
    }
    email = Email.objects.create(
        school=concern.school,
        to=to,
        subject=f"A complaint for you: {concern.reference}",
        body=render_to_string("emails/complaint_handed.txt", context),
    )
    transaction.on_commit(partial(hurry_email, email.pk), robust=True)
    return email
