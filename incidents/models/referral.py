"""A case shown to one member of the Trust's legal team, and to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models.case import Case

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class ReferralQuerySet(models.QuerySet["Referral"]):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def to_user(self, user: User) -> Self:
        return self.filter(to=user)


class Referral(models.Model):
    """From `referred_at` to `ended_at` the person named may read this case and its evidence, and no other case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referrals")
    reason = models.TextField(max_length=2_000)
    referred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    referred_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-referred_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "to"], condition=Q(ended_at__isnull=True), name="case_referred_to_somebody_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="referral_says_why"),
        ]
        indexes = [models.Index(fields=["to", "ended_at"], name="referral_of_reader")]

    def __str__(self) -> str:
        return f"{self.case} to {self.to}"
