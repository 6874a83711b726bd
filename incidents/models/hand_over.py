"""The letter that tells a reporter who deals with their complaint now."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from incidents.models.concern import Concern


class HandOver(models.Model):
    """One letter at a time about one concern; a void one is replaced by the next."""

    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="hand_over")
    # A concern points at its letter, never the other way.
    letter = models.OneToOneField("letters.Letter", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.letter} about {self.concern}"
