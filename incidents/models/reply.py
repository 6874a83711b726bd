"""What the addressee of a letter answers: their side, what would help them, and how to reach them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from dkh_conduct.school.models import School
from incidents.models.case import Case
from incidents.models.concern import language_in_english
from incidents.models.step import Step

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User

# What a case waits for once a reply is there.
READ_REPLY = "Read their reply"
UNSENT_LIFE = timedelta(days=14)


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User) -> Self:
        """Sent ones, in the cases somebody may see."""
        return self.sent().filter(step__case__in=Case.objects.visible_to(user).values("pk"))

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def unsent(self) -> Self:
        return self.filter(sent_at__isnull=True)

    def expired(self) -> Self:
        """Begun, not sent, and not touched for two weeks."""
        return self.unsent().filter(saved_at__lt=timezone.now() - UNSENT_LIFE)

    def unread(self) -> Self:
        return self.sent().filter(read_at__isnull=True)


class Reply(models.Model):
    """One answer to the letter of a step. Until it is sent nobody at the school sees it; then it never changes."""

    class Agreement(models.TextChoices):
        YES = "yes", _lazy("Yes, but I want to explain")
        PART = "part", _lazy("Some of it is wrong")
        NO = "no", _lazy("It was not me, or it did not happen")

    class Help(models.TextChoices):
        TIME = "time", _lazy("More time to reply")
        TALK = "talk", _lazy("Talking instead of writing")
        COMPANION = "companion", _lazy("Someone with me when we talk")
        LANGUAGE = "language", _lazy("Another language, or an interpreter")
        FORMAT = "format", _lazy("Large print, or reading it to me")
        OTHER = "other", _lazy("Something else, for my health or a disability")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="replies")
    # Made with the page: the same form sent twice makes one reply.
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    agreement = models.CharField(max_length=4, choices=Agreement, blank=True)
    side = models.TextField(max_length=10_000, blank=True)
    help = models.JSONField(default=list, blank=True)
    help_words = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE, help_text="Of the pages they used.")
    reach = models.CharField(max_length=200, blank=True, help_text="An email address or a telephone number.")
    saved_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False, sent_at__isnull=False),
                name="read_reply_was_sent_and_says_who_read_it",
            ),
        ]
        indexes = [models.Index(fields=["saved_at"], condition=Q(sent_at__isnull=True), name="reply_unsent")]

    def __str__(self) -> str:
        return f"Reply to {self.step.letter}"

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def sent_on(self) -> date | None:
        return timezone.localdate(self.sent_at) if self.sent_at else None

    @property
    def is_late(self) -> bool:
        """Sent after the day the letter asked for. It counts all the same."""
        letter = self.step.letter
        until = letter.reply_counts_until if letter else None
        return bool(until and self.sent_on and self.sent_on > until)

    @property
    def language_name(self) -> str:
        """Said to staff where it is not English."""
        return language_in_english(self.language)

    @property
    def help_labels(self) -> list[str]:
        return [str(Reply.Help(wish).label) for wish in self.help if wish in Reply.Help.values]
