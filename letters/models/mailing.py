"""One letter to many families: its words, who it was for, and each letter that it became."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import School
from letters.models.letter import Letter

if TYPE_CHECKING:
    from letters.models.staff import Staff


class MailingQuerySet(models.QuerySet["Mailing"]):
    def visible_to(self, user: Staff) -> Self:
        """This school's. Who only prints sees those that were approved."""
        mine = self.filter(school_id=user.school_id)
        if user.has_perm("letters.draft_mailing") or user.has_perm("letters.approve_mailing"):
            return mine
        return mine.approved() if user.has_perm("letters.print_letter") else mine.none()

    def approved(self) -> Self:
        return self.filter(state__in=[Mailing.State.APPROVED, Mailing.State.DONE])

    def waiting_for(self, user: Staff) -> Self:
        """Proposed by somebody else."""
        if not user.has_perm("letters.approve_mailing"):
            return self.none()
        return self.filter(school_id=user.school_id, state=Mailing.State.PROPOSED).exclude(proposed_by=user.pk)


class Mailing(models.Model):
    """Its words are a letter that stays a draft and is never sent: what goes out are the letters made from it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Waits for approval"
        APPROVED = "approved", "Letters are being made"
        DONE = "done", "Letters are made"
        DISCARDED = "discarded", "Given up"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="mailings")
    number = models.PositiveIntegerField()
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="mailing")
    audience = models.JSONField(help_text="Who it is for, as whoever knows the families understands it.")
    audience_words = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=500, blank=True, help_text="Why it was sent back.")
    excluded = models.JSONField(default=list, help_text="A name and the reason, for each who got no letter.")

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        permissions = [
            ("draft_mailing", "Can write a letter to many families"),
            ("approve_mailing", "Can approve a letter to many families"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="mailing_number_once_per_school"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"]) | Q(decided_by__isnull=False),
                name="approved_mailing_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["school", "state"], name="mailing_by_state")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("mailing", args=[self.number])

    @property
    def reference(self) -> str:
        return self.letter.reference


class MailingRecipient(models.Model):
    """One household of a mailing, as it was when it was approved; `letter` once it is written."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients")
    number = models.PositiveIntegerField()
    recipient = models.CharField(max_length=40)
    addressee = models.CharField(max_length=120)
    salutation = models.CharField(max_length=120)
    address = models.TextField(max_length=300)
    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="mailing_recipient"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "number"], name="mailing_recipient_once"),
            models.UniqueConstraint(fields=["mailing", "recipient"], name="mailing_reaches_nobody_twice"),
        ]

    def __str__(self) -> str:
        return f"Recipient {self.number}"
