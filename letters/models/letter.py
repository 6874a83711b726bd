"""A letter, from draft to posted, and the batch it is printed in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.models import School
from dkh_conduct.school.sealing import SealedField
from letters.models.hold import Hold
from letters.models.print_batch import PrintBatch
from letters.models.signature import Signature

if TYPE_CHECKING:
    from datetime import date

    from letters.models.staff import Staff

UNOPENED_AFTER = timedelta(days=3)
HEAD = "head"  # the role of an Executive Head


class LetterQuerySet(models.QuerySet["Letter"]):
    """`Letter.objects.visible_to(user).to_print()`."""

    def visible_to(self, user: Staff) -> Self:
        """This school's letters, without those kept from somebody with a conflict. The office sees no draft.

        Without `view_every_letter`: only one's own, and those that are kept from every Executive Head.
        """
        if not user.has_perm("letters.view_letter"):
            return self.none()
        seen = self.filter(school_id=user.school_id).exclude(withheld_from=user.pk)
        if not user.has_perm("letters.view_every_letter"):
            seen = seen.filter(Q(drafted_by=user.pk) | Q(approved_by=user.pk) | _is_kept_from_every_head())
        return seen if user.has_perm("letters.draft_letter") else seen.exclude(state=Letter.State.DRAFT)

    def rendering(self) -> Self:
        """Approved, and not yet a sealed PDF."""
        return self.filter(state__in=[Letter.State.QUEUED, Letter.State.RENDERING])

    def failed(self) -> Self:
        return self.filter(state=Letter.State.FAILED)

    def to_print(self) -> Self:
        return self.filter(state=Letter.State.READY).exclude(delivery=Letter.Delivery.EMAIL).exclude(_is_held())

    def to_email(self) -> Self:
        return self.filter(state=Letter.State.READY, delivery=Letter.Delivery.EMAIL).exclude(_is_held())

    def emailed(self) -> Self:
        return self.filter(state=Letter.State.POSTED, delivery=Letter.Delivery.EMAIL)

    def unopened(self) -> Self:
        """Emailed days ago, and its addressee has not opened it: somebody rings them, or it goes by post."""
        return self.emailed().filter(posted_at__lt=timezone.now() - UNOPENED_AFTER, email__opened_at__isnull=True)

    def to_post(self) -> Self:
        return self.filter(state=Letter.State.PRINTED).exclude(_is_held())

    def held(self) -> Self:
        """Made, or on its way to be made, and stopped before it left the house."""
        states = [Letter.State.QUEUED, Letter.State.RENDERING, Letter.State.READY, Letter.State.PRINTED]
        return self.filter(_is_held(), state__in=states)

    def not_gone(self) -> Self:
        """Approved, and nothing of it has left the house: not posted, and no link to it sent."""
        states = [
            Letter.State.QUEUED, Letter.State.RENDERING, Letter.State.FAILED, Letter.State.READY, Letter.State.PRINTED,
        ]  # fmt: skip
        return self.filter(
            Q(state__in=states) | Q(pk__in=self.emailed().filter(email__sent_at=None, email__isnull=False))
        )

    def answerable(self) -> Self:
        """Sealed, so that somebody may hold it: also before the office has said that it was posted or handed over."""
        return self.filter(state__in=[Letter.State.READY, Letter.State.PRINTED, Letter.State.POSTED])

    def posted(self) -> Self:
        return self.filter(state=Letter.State.POSTED)

    def voided(self) -> Self:
        return self.filter(state=Letter.State.VOID)

    def registered(self) -> Self:
        """Every letter that was ever made: the register."""
        return self.exclude(sha256="")


def _is_kept_from_every_head() -> Q:
    """So that somebody above the school reads it in their place. While one head may know of it, it is that head's."""
    kept = Letter.withheld_from.through._default_manager.filter(letter=OuterRef("pk"), user__groups__name=HEAD)
    heads = get_user_model()._default_manager.filter(school=OuterRef("school"), is_active=True, groups__name=HEAD)
    kept_out = Letter.withheld_from.through._default_manager.filter(letter=OuterRef(OuterRef("pk"))).values("user")
    return Q(Exists(kept)) & ~Q(Exists(heads.exclude(pk__in=kept_out)))


def _is_held() -> Q:
    """Something stops it, or letters to its recipient: absolutely, or since before somebody let this one go."""
    let_go_at = OuterRef("in_spite_at")
    holds = Hold.objects.on_outer_letter()
    return Q(Exists(holds.filter(Q(is_absolute=True) | Q(IsNull(let_go_at, True)) | Q(since__gt=let_go_at))))


class Letter(models.Model):
    """One letter to one addressee at one address. Everything it prints is kept here as it was approved."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        QUEUED = "queued", "Being made"
        RENDERING = "rendering", "Being made "
        FAILED = "failed", "Could not be made"
        READY = "ready", "To print"
        PRINTED = "printed", "To post"
        POSTED = "posted", "Posted"
        VOID = "void", "Void"

    class Delivery(models.TextChoices):
        POST = "post", "First class post, from the print room"
        SECOND = "second", "Second class post, from the print room"
        HAND = "hand", "Handed over in person"
        EMAIL = "email", "By email: a link that needs the letter’s code"

    class VoidReason(models.TextChoices):
        ADDRESS = "address", "The address is wrong"
        CAME_BACK = "came_back", "It came back, or did not arrive"
        DAMAGED = "damaged", "It is damaged or was printed badly"
        WORDS = "words", "What it says is wrong"
        OTHER = "other", "Something else"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="letters")
    reference = models.CharField(max_length=24, help_text="Our reference: DKH-C014-3.")
    kind = models.CharField(max_length=20, help_text="Which template it was made from, such as warning.")
    template_version = models.CharField(max_length=20)
    title = models.CharField(max_length=80, help_text="What the office calls it: Warning letter.")
    heading = models.CharField(max_length=120, help_text="The letter's main heading.")
    addressee = models.CharField(max_length=120)
    salutation = models.CharField(max_length=120)
    address = models.TextField(max_length=300)
    body = models.TextField(max_length=10_000, help_text="Markdown: headings, lists, bold, tables.")
    written_on = models.DateField()
    reply_by = models.DateField(null=True, blank=True)
    signatory_name = models.CharField(max_length=120)
    signatory_role = models.CharField(max_length=120)
    enclosures = models.CharField(max_length=200, blank=True)
    copies_to = models.CharField(max_length=200, blank=True, help_text="Who else gets it. Printed on the letter.")
    delivery = models.CharField(max_length=6, choices=Delivery, default=Delivery.POST)

    email_to = SealedField(purpose="letter.email_to", blank=True, default="")
    language = models.CharField(max_length=8, blank=True, help_text="Of emails and pages about it.")

    is_large_print = models.BooleanField(default=False, help_text="18 point, for somebody who asked for large print.")

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every saved change of a draft.")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    signature = models.ForeignKey(
        Signature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        help_text="The picture above the signatory’s name, fixed when they approved it. Empty: signed by hand.",
    )

    queued_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    file = models.FileField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    sealed_at = models.DateTimeField(null=True, blank=True)

    batch = models.ForeignKey(PrintBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    printed_at = models.DateTimeField(null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    posted_at = models.DateTimeField(null=True, blank=True)
    arrives_on = models.DateField(null=True, blank=True, help_text="The day it counts as having arrived.")
    fair_reply_by = models.DateField(
        null=True, blank=True, help_text="The day to reply by, moved where the post left too few school days."
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.CharField(max_length=9, choices=VoidReason, blank=True)
    void_words = models.CharField(max_length=300, blank=True)
    reissue_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reissued_as"
    )
    recipient = models.CharField(
        max_length=40, blank=True, help_text="Who it is to, as a key of whoever wrote it. Empty for a body."
    )
    in_spite_at = models.DateTimeField(null=True, blank=True, help_text="When it was let go in spite of a flag.")
    in_spite_why = models.CharField(max_length=300, blank=True)
    withheld_from = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", help_text="Staff with a conflict of interest."
    )

    objects = LetterQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["lease_token", "lease_until"])

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("view_every_letter", "Can read letters that somebody else wrote, too"),
            ("draft_letter", "Can write and change drafts"),
            ("approve_letter", "Can approve a letter"),
            ("print_letter", "Can print letters and mark them as posted"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["school", "reference"], name="letter_reference_once_per_school"),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(approved_by__isnull=False) & Q(approved_at__isnull=False)),
                name="letter_leaves_draft_only_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "printed", "posted"]) | (~Q(sha256="") & ~Q(file="") & Q(pages__gt=0)),
                name="letter_to_print_is_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | (Q(posted_on__isnull=False) & Q(posted_by__isnull=False)),
                name="posted_letter_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="void")
                | (Q(voided_at__isnull=False) & Q(voided_by__isnull=False) & ~Q(void_reason="")),
                name="void_letter_says_when_why_and_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "state", "approved_at"], name="letter_print_room"),
            models.Index(fields=["school", "state", "-posted_on", "-id"], name="letter_posted"),
            models.Index(fields=["school", "-sealed_at", "-id"], name="letter_register"),
            models.Index(fields=["school", "recipient"], name="letter_by_recipient"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("letter", args=[self.reference])

    @property
    def address_lines(self) -> list[str]:
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    @property
    def reply_counts_until(self) -> date | None:
        """The day in the letter, or the later one where the post left too few school days before it."""
        return self.fair_reply_by or self.reply_by

    @property
    def postcode(self) -> str:
        """The last line of a British address, for putting letters in order."""
        return self.address_lines[-1].upper() if self.address_lines else ""

    @property
    def is_sealed(self) -> bool:
        return bool(self.sha256)
