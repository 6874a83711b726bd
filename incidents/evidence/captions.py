"""Keeps what a parent says their pictures show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from incidents.models import Draft, Evidence

if TYPE_CHECKING:
    from uuid import UUID


def save_captions(*, draft: Draft, captions: dict[UUID, str]) -> None:
    """Files that are gone, sent or somebody else's are left alone."""
    if not captions:
        return
    with transaction.atomic():
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
        for evidence in Evidence.objects.good().filter(draft=draft, concern=None, pk__in=captions):
            if evidence.caption != captions[evidence.pk]:
                evidence.caption = captions[evidence.pk]
                evidence.save(update_fields=["caption"])
