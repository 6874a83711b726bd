"""A letter that went by email: a link, never the letter; whether it was sent, and when it was opened."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.sealing import SealedField
from letters.models.letter import Letter


class LetterEmailQuerySet(models.QuerySet["LetterEmail"]):
    def unsent(self) -> Self:
        """Of letters that still go so: nobody is sent a link to one that is void.

        Without a join, so that of two who claim a row at once PostgreSQL asks the second again.
        """
        return self.filter(sent_at__isnull=True, letter__in=Letter.objects.emailed())

    def claimable(self) -> Self:
        """Not sent, and nobody is sending it just now."""
        return self.unsent().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now()))


class LetterEmail(models.Model):
    """Deleted when the letter goes by post after all: its link opens nothing from then on."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="email")
    to = SealedField(purpose="letter_email.to")
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = LetterEmailQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="letter_email_unsent"),
        ]

    def __str__(self) -> str:
        return f"Email about {self.letter}"
