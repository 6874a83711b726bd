"""What one file of evidence has besides its first page: further pages and files, messages, and redacted copies."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.sealing import SealedJSONField
from incidents.models.evidence import Evidence


class EvidencePart(models.Model):
    """A further page of a PDF, or a picture or voice note that came inside a file. Number 1 is the file itself."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)
    media_type = models.CharField(max_length=40)
    copy = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="one_row_per_part"),
            models.CheckConstraint(condition=models.Q(number__gte=2), name="the_first_part_is_the_file_itself"),
        ]

    def __str__(self) -> str:
        return f"Part {self.number} of {self.evidence_id}"

    @property
    def kind(self) -> str:
        return "voice" if self.media_type.startswith("audio/") else "picture"


class ReadWords(models.Model):
    """Where a machine read which words on one page, in pixels of the clean copy: to suggest what may need covering."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="read_words")
    part = models.PositiveSmallIntegerField(default=1)
    lines = models.JSONField(help_text="Lines of words, each a list of left, top, width, height and text.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["evidence", "part"], name="words_of_a_page_once")]

    def __str__(self) -> str:
        return f"{len(self.lines)} lines of {self.evidence_id}"


class Redaction(models.Model):
    """Boxes over one page and the copy they were burnt into. A newer row supersedes an older one; none is edited."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="redactions")
    part = models.PositiveSmallIntegerField(default=1)
    boxes = models.JSONField(
        blank=True, help_text="A list of {left, top, width, height, why}, in pixels of the clean copy."
    )
    copy = models.FileField(max_length=120)
    sha256 = models.CharField(max_length=64, help_text="Of the redacted copy.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["part", "-made_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["evidence", "part", "-made_at"], name="redaction_of_part")]

    def __str__(self) -> str:
        return f"{len(self.boxes)} boxes on {self.evidence_id}"

    @property
    def copy_url(self) -> str:
        return reverse("evidence-redacted", args=[self.evidence_id, self.pk])


class WordsRedaction(models.Model):
    """Which passages of a chat or an e-mail may leave, and the words in them that are covered. As with boxes, a newer
    row supersedes an older one; none is edited."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="words_redactions")
    passages = models.JSONField(blank=True, help_text="Numbers: of messages, or of the paragraphs of an e-mail.")
    masks: Any = SealedJSONField(
        blank=True, purpose="wordsredaction.masks", help_text="A list of {words, why}: it may say who reported."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the passages as they leave.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["evidence", "-made_at"], name="words_redaction_of")]

    def __str__(self) -> str:
        return f"{len(self.passages)} passages of {self.evidence_id}"


class ChatLineQuerySet(models.QuerySet["ChatLine"]):
    def marked(self) -> Self:
        return self.filter(is_marked=True)

    def said(self) -> Self:
        """Without what the app itself wrote."""
        return self.filter(kind=ChatLine.Kind.MESSAGE)


class ChatLine(models.Model):
    """One message of an exported chat, as it stands in the file: joined, `raw` of all lines is the file again."""

    class Kind(models.TextChoices):
        MESSAGE = "message", "Message"
        SYSTEM = "system", "Written by the app"
        UNREAD = "unread", "Could not be read as a message"

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    raw = models.TextField(help_text="Every character, line ends included. A NUL is written ␀.")
    stamp = models.CharField(max_length=80, blank=True, help_text="Date and time as displayed.")
    said_on = models.DateField(null=True, blank=True, help_text="By the phone that exported it; it names no time zone.")
    said_at = models.TimeField(null=True, blank=True)
    sender = models.TextField(blank=True, help_text="As the exporting phone's address book had it.")
    body = models.TextField(blank=True)
    attachment = models.TextField(blank=True, help_text="The name of a file sent with it.")
    is_marked = models.BooleanField(default=False)
    fingerprint = models.BigIntegerField(null=True, db_index=True, help_text="Of its words, to find them elsewhere.")

    objects = ChatLineQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="one_row_per_line")]
        indexes = [models.Index(fields=["evidence", "is_marked", "number"], name="marked_lines")]

    def __str__(self) -> str:
        return f"{self.number} {self.stamp}"
