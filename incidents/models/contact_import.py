"""A file of contacts on its way in: read, matched to what we hold, looked at, then taken over whole or not at all."""

from __future__ import annotations

import json
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from dkh_conduct.school.models import School
from dkh_conduct.school.sealing import SealedField


class ContactImportQuerySet(models.QuerySet["ContactImport"]):
    def waiting(self) -> Self:
        return self.filter(applied_at__isnull=True)


class ContactImport(models.Model):
    """What the file held is sealed, and gone once it is taken over or a day has passed."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=120)
    table = SealedField(purpose="contact_import.table")
    columns = models.JSONField(default=dict, help_text="What each column holds, by its number from 0.")
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ContactImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Contacts of {self.at:%Y-%m-%d %H:%M}"

    @property
    def heading(self) -> list[str]:
        return [str(name) for name in self._kept()[0]] if self.table else []

    @property
    def rows(self) -> list[tuple[int, list[str]]]:
        """Each with its number in the file."""
        return [(int(number), [str(cell) for cell in cells]) for number, cells in self._kept()[1]] if self.table else []

    def _kept(self) -> Any:
        return json.loads(self.table)
