"""Letters that are printed together, and in which order."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from dkh_conduct.school.models import School
from letters.papers import Paper, PaperQuerySet


class PrintBatch(Paper):
    """Letters that were printed together as one PDF, in the order and with the sheets that were asked for."""

    class Order(models.TextChoices):
        NAME = "name", "By name"
        POSTCODE = "postcode", "By postcode"

    class Sheets(models.TextChoices):
        NONE = "none", "Nothing"
        REFERENCE = "reference", "A sheet with the reference"
        ADDRESS = "address", "A sheet with the name and address"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="print_batches")
    number = models.PositiveIntegerField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField(default=timezone.now)
    order = models.CharField(max_length=8, choices=Order, default=Order.NAME)
    sheets = models.CharField(max_length=9, choices=Sheets, default=Sheets.NONE)

    letters_done = models.PositiveIntegerField(default=0)
    letters_total = models.PositiveIntegerField(default=0)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "print batches"
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="batch_number_once_per_school")]

    def __str__(self) -> str:
        return f"Batch {self.number}"
