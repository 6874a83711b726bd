"""What a concern grows from: answers kept for a day, until they are sent."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

from dkh_conduct.school.models import School
from dkh_conduct.school.sealing import SealedJSONField
from incidents.models.concern import Concern

DRAFT_LIFE = timedelta(hours=24)


class DraftQuerySet(models.QuerySet["Draft"]):
    def alive(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


def _draft_end() -> Any:
    return timezone.now() + DRAFT_LIFE


class Draft(models.Model):
    """Answers not sent yet, found again by a secret in the parent's cookie of which only the hash is kept.

    After sending it holds the receipt for as long as the draft would have lived, sealed with that same secret,
    so that a second click or a reload shows the same two codes and nobody else can read them.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="drafts")
    secret_hash = models.CharField(max_length=64, unique=True)
    # Of the secret in a link that was e-mailed, for finishing on another device.
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4)
    answers: Any = SealedJSONField(default=dict, blank=True, purpose="draft.answers")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="draft")
    sealed_receipt = models.BinaryField(blank=True, default=b"")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_draft_end, db_index=True)

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Draft of {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_sent(self) -> bool:
        return self.concern_id is not None
