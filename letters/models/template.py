"""A kind of letter in the school's own words, version by version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from dkh_conduct.school.models import School


class LetterTemplate(models.Model):
    """One version of a kind's words, as the school wrote it in the studio. Versions are added, never changed."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="letter_templates")
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=10_000, help_text="Markdown with ((fields)); the first line is the heading.")
    why = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kind", "-number"]
        default_permissions = ("change",)
        constraints = [
            models.UniqueConstraint(fields=["school", "kind", "number"], name="template_number_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind}, version {self.number}"
