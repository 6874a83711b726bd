"""What somebody saw in a message: written down about the message, and never about a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models.allegation import Allegation
from incidents.models.case import Case
from incidents.models.evidence_part import ChatLine
from incidents.policy.signals import SIGNALS, signal_of

if TYPE_CHECKING:
    from collections.abc import Collection

KINDS = [(signal.key, signal.text) for signal in SIGNALS]


class SignalQuerySet(models.QuerySet["Signal"]):
    def standing(self) -> Self:
        """Without those that somebody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def of_case(self, case: Case) -> Self:
        return self.filter(Q(allegation__case=case) | Q(line__evidence__concern__case=case))

    def in_words_of(self, allegations: Collection[int]) -> Self:
        """In what these allegations quote: recorded against one of them, or against its message of a chat."""
        return self.filter(Q(allegation__in=allegations) | Q(line__allegations__in=allegations)).distinct()


class Signal(models.Model):
    """One sign in one message. It opens a step for people to think about, and takes none.

    The message is what an allegation quotes, or a marked one of an exported chat. The second counts for the ladder
    once an allegation quotes it: only an allegation says whose it is, and what was found.
    """

    allegation = models.ForeignKey(Allegation, on_delete=models.CASCADE, null=True, blank=True, related_name="signals")
    line = models.ForeignKey(ChatLine, on_delete=models.CASCADE, null=True, blank=True, related_name="signals")
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
            models.UniqueConstraint(
                fields=["line", "kind"], condition=Q(withdrawn_at__isnull=True), name="signal_once_per_chat_message"
            ),
            models.CheckConstraint(
                condition=Q(allegation__isnull=False, line__isnull=True)
                | Q(allegation__isnull=True, line__isnull=False),
                name="signal_is_in_one_message",
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
    def case(self) -> Case:
        """Of the allegation, or the one that has the chat's concern."""
        if self.allegation:
            return self.allegation.case
        return Case.objects.get(concerns__evidence__lines=self.line)

    @property
    def words(self) -> str:
        """Of the message in which it was seen."""
        if self.line:
            return self.line.body
        return (self.allegation.words or self.allegation.description) if self.allegation else ""

    @property
    def is_quoted(self) -> bool:
        """Whether they are the exact words. A description is not."""
        return bool(self.line or (self.allegation and self.allegation.words))

    def withdraw(self, *, by: Any, reason: str) -> None:
        self.withdrawn_by, self.withdrawn_at, self.withdrawn_reason = by, timezone.now(), reason
        self.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
