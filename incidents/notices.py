"""What more than one slice tells a reporter: in the portal the words, by e-mail only that they are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.models import Email, Event, Message
from incidents.models.event import record
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from uuid import UUID

    from dkh_conduct.accounts.models import User
    from incidents.models import Concern


def leave_message(*, concern: Concern, by: User, text: str, key: UUID) -> Message:
    """Call it inside a transaction that holds the concern. The e-mail is queued when that ends."""
    message = Message.objects.create(concern=concern, key=key, is_from_school=True, author=by, text=text)
    record(Event.Kind.MESSAGE_SENT, school=concern.school, by=by, concern=concern)
    to = concern.reporter.email if hasattr(concern, "reporter") else ""
    if to:
        email = _waiting(concern, to)
        email.save()
        transaction.on_commit(partial(hurry_email, email.pk), robust=True)
    return message


def in_their_language(template: str, concern: Concern, **facts: str) -> str:
    """Words that the portal writes to a reporter: in the language of their pages, then in English, for staff."""
    said = []
    for language in dict.fromkeys((concern.language, settings.LANGUAGE_CODE)):
        with translation.override(language):
            said.append(render_to_string(template, {"school": concern.school, **facts}).strip())
    return "\n\n".join(said)


def _waiting(concern: Concern, to: str) -> Email:
    link = f"{settings.SITE_URL}{reverse('status')}"
    context = {"school": concern.school, "reference": concern.reference, "link": link}
    with translation.override(concern.language):  # the reporter's, not that of whoever writes to them
        subject = _("There is a message for you: %(reference)s") % {"reference": concern.reference}
        body = render_to_string("emails/message_waiting.txt", context)
    return Email(school=concern.school, to=to, subject=subject, body=body)
