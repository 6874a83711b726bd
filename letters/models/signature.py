"""A picture of somebody's signature. A row is never changed: letters that were approved with it keep it."""

from __future__ import annotations

import base64
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.sealing import SealedField


class SignatureQuerySet(models.QuerySet["Signature"]):
    def current(self) -> Self:
        return self.filter(put_away_at__isnull=True)


class Signature(models.Model):
    """Ink on white, drawn again from pixels. Sealed, because whoever holds it could sign with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    picture = SealedField(purpose="signature.picture")
    sha256 = models.CharField(max_length=64, help_text="Of the picture.")
    added_at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(
        null=True, blank=True, help_text="Replaced or removed. It stays where a letter was approved with it."
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(put_away_at__isnull=True), name="one_signature_each")
        ]

    def __str__(self) -> str:
        return f"Signature {self.pk}"

    @property
    def png(self) -> bytes:
        return base64.b64decode(self.picture)
