"""One clause said to be broken by one subject, in exact words, with a finding."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.history import HistoricalRecords
from incidents.models.case import Case
from incidents.models.concern import CLAUSES
from incidents.models.evidence import Evidence
from incidents.models.person import Person
from incidents.policy.wording import POLICY


class Allegation(models.Model):
    """One clause said to be broken by one subject, in exact words, with a finding."""

    class Finding(models.TextChoices):
        UNDECIDED = "undecided", "Not decided"
        FOUND = "found", "Found"
        NOT_FOUND = "not_found", "Not found"

    class Outcome(models.TextChoices):
        STEP = "step", "A step of the policy was taken"
        TALK = "talk", "Talked about, and left there"
        NOTHING = "nothing", "Nothing more was needed"
        COMPLAINT = "complaint", "It was criticism: the complaints procedure has it"
        UNKNOWN = "unknown", "It could not be found out"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="allegations")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="allegations")
    clause = models.CharField(max_length=20, choices=CLAUSES)
    policy_version = models.CharField(max_length=20, default=POLICY.version)
    words = models.TextField(max_length=2_000, blank=True, help_text="The exact words, as they were posted.")
    description = models.CharField(max_length=200, blank=True, help_text="What was posted where there are no words.")
    posted_on = models.DateField(null=True, blank=True)
    posted_where = models.CharField(max_length=120, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="allegations")
    line = models.ForeignKey(
        "incidents.ChatLine",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="allegations",
        help_text="The message of an exported chat that it quotes.",
    )
    finding = models.CharField(max_length=10, choices=Finding, default=Finding.UNDECIDED)
    finding_reason = models.TextField(max_length=5_000, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, help_text="When the case was closed.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding="undecided")
                | (~Q(finding_reason="") & Q(found_by__isnull=False) & Q(found_at__isnull=False)),
                name="finding_has_reason_person_and_time",
            ),
            models.CheckConstraint(condition=~Q(words="") | ~Q(description=""), name="allegation_says_what_was_posted"),
        ]

    def __str__(self) -> str:
        return f"Allegation {self.pk}"

    @property
    def text(self) -> str:
        return POLICY.clause(self.clause).text

    @property
    def short(self) -> str:
        return POLICY.clause(self.clause).short
