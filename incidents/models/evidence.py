"""A file sent with a concern or a reply: the sealed original, and the clean copy that every page shows."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dkh_conduct.school.models import School
from incidents.models.concern import Concern
from incidents.models.draft import Draft
from incidents.models.evidence_hints import FOR_PARENTS

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


# What is not shown as a picture, by the type of the original.
KINDS = {
    "audio/ogg": "voice",
    "audio/mp4": "voice",
    "audio/mpeg": "voice",
    "text/plain": "chat",
    "application/zip": "chat",
    "message/rfc822": "email",
}
KB, MB = 1024, 1024 * 1024


def size_in_words(size: int) -> str:
    """`412 KB`, `2.1 MB`, `25 MB`: rounded up, so that what is over a limit never reads like the limit."""
    if size < 1000 * KB:
        return f"{max(1, math.ceil(size / KB))} KB"
    return f"{math.ceil(size * 10 / MB) / 10:.1f} MB".replace(".0 ", " ")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        """Evidence of the concerns somebody may read, and of the replies in their cases.

        The Trust's legal team reads no concern, but what was sent with those of a case referred to them.
        """
        from incidents.models.case import Case
        from incidents.models.reply import Reply  # a reply knows its step, so it is defined after it

        of_replies = Reply.objects.visible_to(user).values("pk")
        seen = Q(concern__in=Concern.objects.visible_to(user).values("pk")) | Q(reply__in=of_replies)
        if user.has_perm("incidents.view_case") and not user.has_perm("incidents.view_every_case"):
            of_cases = Concern.objects.filter(case__in=Case.objects.visible_to(user).values("pk"))
            seen |= Q(concern__in=of_cases.exclude(conflicts__user=user).values("pk"))
        return self.filter(seen)

    def good(self) -> Self:
        return self.filter(problem="")

    def bad(self) -> Self:
        return self.exclude(problem="")


class Evidence(models.Model):
    """One file. A refused file is a row with a `problem` (the sentence the parent reads) and no bytes."""

    class Scan(models.TextChoices):
        NONE = "none", "No virus scanner is set up"
        WAITING = "waiting", "Being checked"
        CLEAN = "clean", "Checked: nothing found"
        FOUND = "found", "A virus was found in the original"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="evidence")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    message = models.ForeignKey(
        "Message",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
        help_text="The message it came with, where it was added later.",
    )
    reply = models.ForeignKey("Reply", on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(
        max_length=100, help_text="The file's name as the parent's phone gave it, made safe to show."
    )
    caption = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=40, blank=True, help_text="By content, never by name.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes received.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the original, in hexadecimal.")
    original = models.FileField(max_length=120, blank=True)
    copy = models.FileField(max_length=120, blank=True)
    thumbnail = models.FileField(max_length=120, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0, help_text="How long a voice note is.")
    look = models.CharField(
        max_length=64, blank=True, default="", help_text="Perceptual hash of the clean copy, in hexadecimal."
    )
    hints = models.JSONField(
        default=list, blank=True, help_text="What may make it hard to use, as keys of `quality.HINTS`."
    )
    text = models.TextField(blank=True, help_text="Read by a machine, for searching. Never shown as the truth.")
    text_read_at = models.DateTimeField(null=True, blank=True)
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NONE)
    draw_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="Its clean copy is still to be made, not before this time."
    )
    draw_tries = models.PositiveSmallIntegerField(default=0)
    unshown = models.CharField(
        max_length=300, blank=True, help_text="Why there is no clean copy of a file that was taken in."
    )
    date_order = models.CharField(max_length=3, blank=True, help_text="Of a chat export: dmy, mdy or ymd.")
    original_destroyed_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "received_at", "pk"]
        verbose_name_plural = "evidence"
        permissions = [
            ("redact_evidence", "Can redact evidence and mark messages"),
            ("open_original", "Can open a sealed original"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(problem="")
                | (
                    ~Q(sha256="")
                    & (~Q(copy="") | Q(draw_at__isnull=False) | ~Q(unshown=""))
                    & (~Q(original="") | Q(original_destroyed_at__isnull=False))
                ),
                name="good_evidence_has_its_files",
            ),
            models.CheckConstraint(
                condition=Q(problem="") | Q(concern__isnull=True), name="refused_file_is_never_sent"
            ),
            models.CheckConstraint(
                condition=Q(draft__isnull=False, concern__isnull=True, reply__isnull=True)
                | Q(draft__isnull=True, concern__isnull=False, reply__isnull=True)
                | Q(draft__isnull=True, concern__isnull=True, reply__isnull=False),
                name="evidence_has_exactly_one_home",
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence {self.pk}"

    def get_absolute_url(self) -> str:
        """For staff: the page that shows it."""
        return reverse("evidence", args=[self.pk])

    @property
    def hints_for_parents(self) -> list[str]:
        return [FOR_PARENTS[hint] for hint in self.hints if hint in FOR_PARENTS]

    @property
    def is_waiting(self) -> bool:
        """Nobody is shown anything of it: not yet, or never."""
        return bool(self.waiting_words)

    @property
    def waiting_words(self) -> str:
        """For staff: why nothing of it is shown."""
        if self.scan == self.Scan.WAITING:
            return "Being checked for viruses. It is kept, and is shown here as soon as that is done."
        if self.draw_at is not None:
            return "Its clean copy is being made. The original is sealed. Reload this page in a minute."
        return "No clean copy of it could be made. The original is sealed as it came." if self.unshown else ""

    @property
    def kind(self) -> str:
        """What its page is: `picture`, `voice`, `chat` or `email`."""
        return KINDS.get(self.media_type, "picture")

    @property
    def kind_in_words(self) -> str:
        """What it is, for somebody who does not know media types."""
        kind, _slash, name = self.media_type.partition("/")
        named = {"pdf": _("PDF"), "rfc822": _("Email"), "zip": _("Exported chat"), "plain": _("Exported chat")}
        kinds = {"image": _("Picture"), "audio": _("Voice note"), "video": _("Video")}
        return named.get(name) or kinds.get(kind) or _("File")

    @property
    def size_in_words(self) -> str:
        return size_in_words(self.size)

    @property
    def copy_url(self) -> str:
        """For staff: the clean copy."""
        return reverse("evidence-file", args=[self.pk, "copy"])

    @property
    def thumbnail_url(self) -> str:
        """For staff: the small picture of it."""
        return reverse("evidence-file", args=[self.pk, "thumbnail"])
