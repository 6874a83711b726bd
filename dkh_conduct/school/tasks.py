"""What the worker clears away for the school."""

from __future__ import annotations

from celery import shared_task

from dkh_conduct.school.models import Limit


@shared_task(name="school.tasks.forget_limits")
def forget_limits() -> None:
    """Delete the counts whose hour or day is over."""
    Limit.objects.over().delete()
