"""Once a week the head and the data protection lead are told how much was looked at: numbers, a link, no case.

And once an hour, sessions that are over are forgotten.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import partial
from typing import TYPE_CHECKING

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.sessions import forget_ended
from dkh_conduct.school.chain import append, end_of
from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from datetime import date

logger = logging.getLogger(__name__)


@shared_task(name="accounts.tasks.send_digests")
def send_digests() -> None:
    """Asked every hour; sends once a week, on the first Monday morning it is asked. Safe to run twice."""
    for school in School.objects.all():
        send_digest(school=school, monday=_monday())


@shared_task(name="accounts.tasks.forget_sessions")
def forget_sessions() -> None:
    forget_ended()


def send_digest(*, school: School, monday: date) -> bool:
    """Of the seven days before `monday`. False where it was sent already."""
    with transaction.atomic():
        School.objects.select_for_update().get(pk=school.pk)
        sent = AuditEntry.objects.filter(school=school, kind=AuditEntry.Kind.DIGEST_SENT, facts__week=str(monday))
        if sent.exists():
            return False
        start = timezone.make_aware(datetime.combine(monday, clock_time.min))
        week = AuditEntry.objects.filter(
            school=school, kind=AuditEntry.Kind.READ, at__gte=start - timedelta(days=7), at__lt=start
        )
        numbers = week.aggregate(looks=Count("pk"), people=Count("by", distinct=True))
        about = {
            **numbers,
            "with_reason": week.exclude(reason="").count(),
            "first": monday - timedelta(days=7),
            "last": monday - timedelta(days=1),
            "school": school,
            "link": f"{settings.SITE_URL}{reverse('access-log')}",
            "end": end_of(AuditEntry, school),
        }
        readers = User.objects.filter(school=school, is_active=True, groups__name__in=[Role.HEAD, Role.DPO])
        for reader in readers.distinct():
            transaction.on_commit(partial(_send, reader.email, about), robust=True)
        append(
            AuditEntry, school=school, kind=AuditEntry.Kind.DIGEST_SENT, by=None, facts={"week": str(monday), **numbers}
        )
    return True


def _monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def _send(to: str, about: dict[str, object]) -> None:
    subject = "Who looked at what in the conduct portal last week"
    body = render_to_string("accounts/email/digest.txt", about)
    try:
        EmailMessage(subject=subject, body=body, to=[to]).send()
    except OSError:
        logger.exception("A weekly digest could not be sent")
