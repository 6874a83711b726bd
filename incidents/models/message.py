"""What the school and a reporter write to each other about a concern."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models.concern import Concern

MAX_MESSAGE = 5_000


class MessageQuerySet(models.QuerySet["Message"]):
    def from_reporter(self) -> Self:
        return self.filter(is_from_school=False)

    def from_school(self) -> Self:
        return self.filter(is_from_school=True)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """How many were not read before."""
        return self.unread().update(read_at=timezone.now())


class Message(models.Model):
    """One message, never changed. The reporter has no account, so theirs has no author; files may stand for words."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="messages")
    key = models.UUIDField(default=uuid.uuid4, help_text="The form's own: sent twice, it makes one message.")
    is_from_school = models.BooleanField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=MAX_MESSAGE, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["concern", "sent_at"], name="message_of_concern")]
        constraints = [
            models.UniqueConstraint(fields=["concern", "key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(is_from_school=True, author__isnull=False) | Q(is_from_school=False, author__isnull=True),
                name="message_has_author_if_from_school",
            ),
            models.CheckConstraint(
                condition=Q(is_from_school=False) | ~Q(text=""), name="message_from_school_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"Message of {self.sent_at:%Y-%m-%d %H:%M}"
