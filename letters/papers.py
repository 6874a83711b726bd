"""What a worker puts together from other papers: a batch to be printed, the file of a case. The row is the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from datetime import datetime


class PaperQuerySet(models.QuerySet[Any]):
    def waiting(self, now: datetime) -> Self:
        """To be made into one PDF, or given up by a worker that has not been heard of for a whole lease."""
        return self.filter(Q(state=Paper.State.QUEUED) | Q(state=Paper.State.MAKING, lease_until__lt=now))


class Paper(models.Model):
    """One PDF that is to be made, is being made under a lease, or is stored with its SHA-256."""

    class State(models.TextChoices):
        QUEUED = "queued", "Being put together"
        MAKING = "making", "Being put together "
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be put together"

    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    file = models.FileField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
