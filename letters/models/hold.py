"""A reason why nothing goes out to one recipient, or why one letter does not, as whoever knows of it gave it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from dkh_conduct.school.models import School


class HoldQuerySet(models.QuerySet["Hold"]):
    def on_outer_letter(self) -> Self:
        """For a subquery of letters: what stops the letter, or its recipient."""
        to_them = Q(letter=None, school=OuterRef("school"), recipient=OuterRef("recipient"))
        return self.filter(to_them | Q(letter=OuterRef("pk")))


class Hold(models.Model):
    """Looked at again whenever a letter is approved, printed, posted or e-mailed: it may be newer than the letter."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(
        max_length=40, blank=True, help_text="The key under which letters to them were drafted."
    )
    letter = models.ForeignKey(
        "letters.Letter",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="holds",
        help_text="The one letter it stops, whoever it is to.",
    )
    key = models.CharField(max_length=40, help_text="Which reason it is, for whoever gave it.")
    why = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    is_absolute = models.BooleanField(default=True, help_text="No letter may be let go in spite of it.")

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "recipient", "key"],
                condition=Q(letter__isnull=True),
                name="hold_once_per_reason",
            ),
            models.UniqueConstraint(fields=["letter", "key"], name="hold_of_a_letter_once_per_reason"),
            models.CheckConstraint(
                condition=(Q(letter__isnull=True) & ~Q(recipient="")) | (Q(letter__isnull=False) & Q(recipient="")),
                name="hold_is_on_a_recipient_or_a_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"
