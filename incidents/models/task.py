"""What somebody has to do on a case, by a day; and cases that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from incidents.models.case import Case

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))

    def to_do(self) -> Self:
        """Not done, on a case that goes on."""
        return self.filter(done_at=None).exclude(case__status=Case.Status.CLOSED)

    def due_by(self, day: date) -> Self:
        return self.to_do().filter(due_on__lte=day)


class Task(models.Model):
    """One thing to be done on a case, whose it is and by when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = [F("done_at").asc(nulls_first=True), "due_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_at__isnull=True), name="task_to_do")]

    def __str__(self) -> str:
        return f"Task {self.pk}"


class CaseLink(models.Model):
    """Two cases that belong together, such as both parents of one family. Kept once, the lower number first."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_on")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_back")
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_linked_once"),
            models.CheckConstraint(condition=Q(case__lt=F("other")), name="link_names_the_first_case_first"),
        ]

    def __str__(self) -> str:
        return f"{self.case} and {self.other}"
