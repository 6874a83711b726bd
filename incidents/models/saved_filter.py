"""A way somebody narrows the queue of concerns, kept under a name, and shared where they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those that colleagues share. A filter shows nothing by itself: the queue does.

        Nobody else's with words to search for, which may name somebody.
        """
        without_words = ~Q(query__startswith="q=") | Q(query="q=") | Q(query__startswith="q=&")
        return self.filter(Q(owner=user) | Q(without_words, is_shared=True), school_id=user.school_id)


class SavedFilter(models.Model):
    """What stands in the address of the queue, under a name."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return f"Filter {self.pk}"
