"""What a member of staff is told of: a line behind the bell, and an e-mail that only says how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from incidents.models.case import Case
from incidents.models.concern import Concern

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """Their own, without those of what they may not know of any more."""
        # Asked of each notice in turn: the bell counts on every page, and they are few where cases may be many.
        of_concern = Concern.objects.visible_to(user).filter(pk=OuterRef("concern"))
        of_case = Case.objects.visible_to(user).filter(pk=OuterRef("case"))
        return self.filter(Q(Exists(of_concern)) | Q(Exists(of_case)), user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing somebody is told, once: the same `key` again is the same notice."""

    class Kind(models.TextChoices):
        NEW_CONCERN = "new_concern", "New concern"
        CONCERN_SOON = "concern_soon", "Concern to be read by the next working day"
        CONCERN_LATE = "concern_late", "Concern that is late"
        MESSAGE = "message", "New message from a reporter"
        CASE_SOON = "case_soon", "Case that waits for you by the next working day"
        CASE_LATE = "case_late", "Case that is late"
        TASK_SOON = "task_soon", "Task to be done by the next working day"
        TASK_LATE = "task_late", "Task that is late"
        REPLY = "reply", "Reply to a letter"
        APPROVAL = "approval", "Step that waits for your decision"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=60)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="told_once"),
            models.CheckConstraint(
                condition=Q(concern__isnull=False, case__isnull=True) | Q(concern__isnull=True, case__isnull=False),
                name="notice_is_about_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["user", "-at"], name="notice_of_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def about(self) -> Concern | Case:
        thing = self.concern or self.case
        assert thing is not None  # noqa: S101  # the table's own constraint
        return thing


class NoticeChoice(models.Model):
    """How often somebody wants to be told by e-mail. Without a row: once a day."""

    class Often(models.TextChoices):
        ONCE = "once", "At once"
        DAILY = "daily", "Once a day, in the morning"
        WEEKLY = "weekly", "Once a week, on Monday morning"
        NEVER = "never", "Never: I look behind the bell"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choice")
    often = models.CharField(max_length=6, choices=Often, default=Often.DAILY)
    last_emailed_on = models.DateField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}: {self.get_often_display()}"
