"""What was asked of whom and what came back, and what staff wrote down themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.calendar import Unit
from incidents.models.case import Case
from incidents.models.person import Person

DUE_UNITS = [(Unit.SCHOOL.value, "School days"), (Unit.WORKING.value, "Working days")]


class InformationRequest(models.Model):
    """Somebody asked for what they know. The subject's own account is the first of these."""

    class How(models.TextChoices):
        LETTER = "letter", "By letter"
        PHONE = "phone", "By phone"
        EMAIL = "email", "By email"
        PERSON = "person", "In person"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="information")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="information")
    source = models.CharField(max_length=120, blank=True, help_text="Who was asked, when not a person on the case.")
    topic = models.CharField(max_length=200, blank=True)
    is_subject_account = models.BooleanField(default=False)
    asked_on = models.DateField()
    asked_how = models.CharField(max_length=10, choices=How)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    due_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_unit = models.CharField(max_length=8, choices=DUE_UNITS, default=Unit.SCHOOL.value)
    received_on = models.DateField(null=True, blank=True)
    received_how = models.CharField(max_length=10, choices=How, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    statement = models.TextField(max_length=10_000, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-is_subject_account", "asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | ~Q(statement=""),
                name="what_was_received_is_written_down",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(source=""), name="information_is_from_someone"
            ),
        ]

    def __str__(self) -> str:
        return f"Information request {self.pk}"

    @property
    def who(self) -> str:
        return self.person.full_name if self.person else self.source

    @property
    def time_given(self) -> str:
        """`5 school days`; empty where nobody wrote down how many."""
        return Unit(self.due_unit).words(self.due_days) if self.due_days else ""


class Note(models.Model):
    """Something a member of staff wrote down: marked as fact, observation or opinion, never edited."""

    class Kind(models.TextChoices):
        FACT = "fact", "Fact"
        OBSERVATION = "observation", "Observation"
        OPINION = "opinion", "Opinion"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(max_length=10_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"Note {self.pk}"
