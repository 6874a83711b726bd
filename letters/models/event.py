"""The story of what happened to a letter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from letters.models.letter import Letter


class LetterEvent(models.Model):
    """One thing that happened to a letter; shown with the letter and on the case it belongs to."""

    class Kind(models.TextChoices):
        SEALED = "sealed", "Letter made and sealed"
        FAILED = "failed", "Letter could not be made"
        RETRIED = "retried", "Letter queued again"
        PRINTED = "printed", "Letter printed"
        POSTED = "posted", "Letter posted"
        HANDED_OVER = "handed_over", "Letter handed over"
        POSTING_UNDONE = "posting_undone", "Posting undone"
        RECOUNTED = "recounted", "Day to reply counted again"
        COPIED = "copied", "Copy printed"
        VOIDED = "voided", "Letter made void"
        REISSUED = "reissued", "Letter issued again"
        HELD = "held", "Letter stopped"
        RELEASED = "released", "Letter no longer stopped"
        LET_GO = "let_go", "May go in spite of a flag"
        EMAILED = "emailed", "Link emailed"
        OPENED = "opened", "Opened by its addressee"
        POST_INSTEAD = "post_instead", "Goes by post instead"
        CHECK_ANSWERED = "check_answered", "Gone on after a check"

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["letter", "-at"], name="event_of_letter")]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("An event is written once and never edited.")
        super().save(*args, **kwargs)
