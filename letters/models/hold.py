"""A reason why nothing goes out to one recipient, as whoever knows them gave it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from dkh_conduct.school.models import School


class Hold(models.Model):
    """Looked at again whenever a letter is approved, printed, posted or e-mailed: it may be newer than the letter."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=40, help_text="The key under which letters to them were drafted.")
    key = models.CharField(max_length=40, help_text="Which reason it is, for whoever gave it.")
    why = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    is_absolute = models.BooleanField(default=True, help_text="No letter may be let go in spite of it.")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "recipient", "key"], name="hold_once_per_reason"),
            models.CheckConstraint(condition=~models.Q(recipient=""), name="hold_has_a_recipient"),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"
