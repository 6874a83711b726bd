"""Who reported a concern, kept apart from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.sealing import BlindIndexField, SealedField
from incidents.models.concern import Concern


class Reporter(models.Model):
    """Who reported a concern, apart from their words. A letter never draws from this table."""

    class Role(models.TextChoices):
        PARENT = "parent", _lazy("A parent or carer")
        STAFF = "staff", _lazy("A member of staff")
        GOVERNOR = "governor", _lazy("A governor")
        OTHER = "other", _lazy("Someone else")

    class MayName(models.TextChoices):
        NO = "no", _lazy("No")
        ASK = "ask", _lazy("Ask me first")
        YES = "yes", _lazy("Yes")

    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="reporter")
    role = models.CharField(max_length=10, choices=Role)
    # Sealed: whoever has the database alone does not learn who told the school. Found again by a blind index.
    name = SealedField(blank=True, purpose="reporter.name")
    email = SealedField(blank=True, purpose="reporter.email")
    email_index = BlindIndexField(source="email", db_index=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    pending_email = SealedField(
        blank=True, purpose="reporter.email", help_text="Not used for anything until its owner confirms it."
    )
    phone = SealedField(blank=True, purpose="reporter.phone")
    phone_index = BlindIndexField(source="phone", db_index=True)
    may_name = models.CharField(max_length=4, choices=MayName, default=MayName.NO)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Reporter {self.pk}"

    @property
    def called(self) -> str:
        return self.name or "Name not given"
