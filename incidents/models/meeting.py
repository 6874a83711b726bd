"""A meeting with a parent: the times offered, who comes, what was said and agreed, or that nobody came."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.history import HistoricalRecords
from incidents.models.step import Step

LASTS = timedelta(minutes=45)
LONDON = ZoneInfo("Europe/London")


class Meeting(models.Model):
    """One invitation and what came of it. Two or three times are offered; the parent chooses one."""

    class State(models.TextChoices):
        OFFERED = "offered", "Times offered"
        ARRANGED = "arranged", "Arranged"
        HELD = "held", "Held"
        MISSED = "missed", "They did not come"

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="meeting")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    purpose = models.CharField(max_length=200)
    topics = models.TextField(max_length=1_000, help_text="One on each line.")
    attending = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    note_taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    adjustments = models.CharField(max_length=500, blank=True)
    companion = models.CharField(max_length=120, blank=True, help_text="Whom the parent brings.")
    interpreter = models.CharField(max_length=120, blank=True, help_text="Which language, and who interprets.")
    chosen = models.ForeignKey("MeetingSlot", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    they_said = models.TextField(max_length=5_000, blank=True, help_text="One point on each line.")
    we_said = models.TextField(max_length=5_000, blank=True)
    agreed = models.TextField(max_length=5_000, blank=True)
    not_agreed = models.TextField(max_length=2_000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    notes_agreed_on = models.DateField(null=True, blank=True)
    notes_corrections = models.TextField(max_length=5_000, blank=True, help_text="What they corrected, in their words.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="held") | (~Q(they_said="") & Q(recorded_by__isnull=False)),
                name="held_meeting_says_what_they_said",
            ),
            models.CheckConstraint(
                condition=Q(notes_agreed_on__isnull=True) | Q(state="held"), name="only_notes_of_a_meeting_are_agreed"
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting {self.pk}: {self.get_state_display()}"


class MeetingSlot(models.Model):
    """One time that was offered, or that was agreed on instead."""

    class How(models.TextChoices):
        PERSON = "person", "At school"
        PHONE = "phone", "By phone"
        VIDEO = "video", "By video"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="slots")
    on = models.DateField()
    at = models.TimeField()
    how = models.CharField(max_length=8, choices=How, default=How.PERSON)

    class Meta:
        ordering = ["on", "at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["meeting", "on", "at"], name="a_time_is_offered_once")]

    def __str__(self) -> str:
        return f"{self.on:%A %-d %B %Y}, {self.clock}, {self.get_how_display().lower()}"

    @property
    def clock(self) -> str:
        return f"{self.at:%-I:%M%p}".replace("AM", "am").replace("PM", "pm")

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.on, self.at, tzinfo=LONDON)

    @property
    def is_over(self) -> bool:
        return self.starts_at <= timezone.now()
