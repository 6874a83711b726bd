"""Tells staff, every few minutes, what they have not been told yet. Safe to run twice, and at once."""

from __future__ import annotations

import logging

from celery import shared_task

from dkh_conduct.accounts.models import User
from incidents.insights.noticing import email_notices, notice

log = logging.getLogger(__name__)


@shared_task(name="insights.notices.tell_staff")
def tell_staff() -> None:
    for user in User.objects.filter(is_active=True).select_related("school").order_by("pk"):
        if user.has_perm("incidents.view_concern") or user.has_perm("incidents.view_case"):
            try:
                notice(user)
                email_notices(user)
            except Exception:
                # One person's trouble keeps nobody else from being told.
                log.exception("Notices of user %s could not be worked out", user.pk)
