"""A concern that a member of staff wrote down for somebody who rang, wrote or came in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models.concern import Concern
from incidents.models.draft import Draft


class Recording(models.Model):
    """How it reached the school and who wrote it down; of an e-mail the whole message, sealed, as it came."""

    class How(models.TextChoices):
        PHONE = "phone", "By phone"
        PERSON = "person", "In person"
        PAPER = "paper", "On paper"
        EMAIL = "email", "By email"

    draft = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="recording")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="recording")
    how = models.CharField(max_length=6, choices=How)
    came_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    email_file = models.FileField(max_length=120, blank=True)
    email_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the message as it came, in hexadecimal.")

    class Meta:
        default_permissions = ()
        permissions = [("record_concern", "Can write a concern down for somebody else")]
        constraints = [
            models.CheckConstraint(condition=Q(email_file="") | ~Q(email_sha256=""), name="kept_email_has_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()}, {self.came_on}"
