"""What somebody saw in a message: written down about the message, and never about a person."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models.case import Allegation, Case
from incidents.policy.signals import SIGNALS, signal_of

KINDS = [(signal.key, signal.text) for signal in SIGNALS]


class SignalQuerySet(models.QuerySet["Signal"]):
    def standing(self) -> Self:
        """Without those that somebody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def of_case(self, case: Case) -> Self:
        return self.filter(allegation__case=case)


class Signal(models.Model):
    """One sign in one message. It opens a step for people to think about, and takes none."""

    allegation = models.ForeignKey(Allegation, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=20, choices=KINDS)
    shows = models.TextField(max_length=1_000, help_text="What in the message shows it.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(max_length=1_000, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["allegation", "kind"], condition=Q(withdrawn_at__isnull=True), name="signal_once_per_message"
            ),
            models.CheckConstraint(condition=~Q(shows=""), name="signal_says_what_shows_it"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | (~Q(withdrawn_reason="") & Q(withdrawn_by__isnull=False)),
                name="withdrawn_signal_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return signal_of(self.kind).text

    @property
    def group(self) -> str:
        return signal_of(self.kind).group

    def withdraw(self, *, by: Any, reason: str) -> None:
        self.withdrawn_by, self.withdrawn_at, self.withdrawn_reason = by, timezone.now(), reason
        self.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
