"""E-mails to be sent: the row is the truth, the queue only hurries it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.models import School
from dkh_conduct.school.sealing import SealedField


class EmailQuerySet(models.QuerySet["Email"]):
    def unsent(self) -> Self:
        return self.filter(sent_at__isnull=True)

    def claimable(self) -> Self:
        """Not sent, and nobody is sending it just now."""
        return self.unsent().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now()))


class Email(models.Model):
    """One message to one address. Holds a reference and a link, never what a concern or a case says."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    # Sealed: an address, and links that open what only its owner may.
    to = SealedField(purpose="email.to")
    subject = models.CharField(max_length=120)
    body = SealedField(purpose="email.body")
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="email_unsent")]

    def __str__(self) -> str:
        return f"Email of {self.created_at:%Y-%m-%d %H:%M}"
