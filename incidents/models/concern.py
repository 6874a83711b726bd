"""What someone reported, and how concerns are found."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.models import School
from dkh_conduct.school.sealing import blind_indexes
from incidents.models.reference import tidy_reference
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dkh_conduct.accounts.models import User

CLAUSES = [(clause.key, clause.text) for clause in POLICY.clauses]


def language_in_english(code: str) -> str:
    """Its name, for staff; empty for English, and for one that the portal no longer has."""
    return "" if code == settings.LANGUAGE_CODE else str(LANG_INFO.get(code, {}).get("name", ""))


class ConcernQuerySet(models.QuerySet["Concern"]):
    """Reads like English: `Concern.objects.visible_to(user).unread().late(today)`."""

    def visible_to(self, user: User) -> Self:
        """The one door: this school's concerns, for those who read them, without a conflict of interest."""
        if not user.has_perm("incidents.view_concern"):
            return self.none()
        if user.has_perm("incidents.view_every_concern"):
            mine = self
        elif user.has_perm("incidents.view_passed_on"):
            mine = self.passed_on_to(user)
        else:
            mine = self.flagged()
        return mine.filter(school_id=user.school_id).exclude(conflicts__user=user).exclude(case__conflicts__user=user)

    def passed_on_to(self, user: User) -> Self:
        """Those that every Executive Head has a conflict with, and those of the cases passed on in the same way."""
        from incidents.models.case import Case, is_passed_on  # a case knows its concerns, so it is defined after them

        return self.filter(is_passed_on("concern") | Q(case__in=Case.objects.visible_to(user).values("pk")))

    def flagged(self) -> Self:
        """Those where somebody may be in danger: the only ones that the safeguarding lead reads."""
        return self.filter(Q(danger__in=Concern.FLAGGED) | Q(safeguarding_at__isnull=False))

    def like(self, concern: Concern) -> Self:
        """Other concerns of the same reporter, or with the same file."""
        from incidents.models.evidence import Evidence  # a file knows its concern, so it is defined after it

        same_file = Evidence.objects.filter(concern=concern).exclude(sha256="").values("sha256")
        same = Q(pk__in=Evidence.objects.filter(sha256__in=same_file).values("concern"))
        reporter = getattr(concern, "reporter", None)
        if reporter and reporter.email:
            same |= Q(reporter__email_index__in=blind_indexes(reporter.email))
        if reporter and reporter.phone:
            same |= Q(reporter__phone_index__in=blind_indexes(reporter.phone))
        return self.filter(same).exclude(pk=concern.pk)

    def unread(self) -> Self:
        return self.filter(outcome="")

    def late(self, today: date) -> Self:
        return self.unread().filter(due_on__lt=today)

    def due_by(self, day: date) -> Self:
        return self.unread().filter(due_on__lte=day)

    def by_deadline(self) -> Self:
        return self.order_by("due_on", "received_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-pk")

    def matching(self, typed: str) -> Self:
        """Its reference however it was typed, or every word somewhere in what was told, who posted it, or a picture.

        Nothing typed finds nothing.
        """
        words = typed.split()
        said = Q()
        for word in words:
            said &= Q(account__icontains=word) | Q(poster__icontains=word) | Q(reference__icontains=word)
        return self.filter(said | Q(reference=tidy_reference(typed)) | Q(Exists(_read_in_picture(words))))

    def with_clause(self, keys: Iterable[str]) -> Self:
        """Those for which the reporter chose one of these clauses."""
        chosen = ConcernClause.objects.filter(concern=OuterRef("pk"), clause__in=list(keys))
        return self.filter(Exists(chosen))

    def waiting_for_reporter(self) -> Self:
        """Without an outcome, and the school wrote last."""
        return self.unread().alias(is_last_from_school=_last_message_is_from_school()).filter(is_last_from_school=True)

    def with_new_message(self) -> Self:
        """The reporter wrote, and nobody has read it yet."""
        from incidents.models.message import Message  # a message knows its concern, so it is defined after it

        return self.filter(Exists(Message.objects.from_reporter().unread().filter(concern=OuterRef("pk"))))


def _last_message_is_from_school() -> Subquery:
    from incidents.models.message import Message

    newest = Message.objects.filter(concern=OuterRef("pk")).order_by("-sent_at", "-pk")
    return Subquery(newest.values("is_from_school")[:1])


class Concern(models.Model):
    """What one reporter sent, kept as they wrote it, and the one outcome a senior leader gave it."""

    class Kind(models.TextChoices):
        CRITICISM = "criticism", "Criticism of the school or its decisions"
        MISCONDUCT = "misconduct", "Conduct the policy calls inappropriate"
        BOTH = "both", "Some of each"
        UNCLEAR = "unclear", "I cannot tell yet"

    class Outcome(models.TextChoices):
        OPEN_CASE = "open_case", "Open a case"
        ADD_TO_CASE = "add_to_case", "Add to a case"
        COMPLAINT = "complaint", "Complaints procedure"
        SAFEGUARDING = "safeguarding", "Safeguarding first"
        OTHER_SCHOOL = "other_school", "Another school’s matter"
        DUPLICATE = "duplicate", "Duplicate"
        NOTHING_FURTHER = "nothing_further", "Nothing further"

    class Place(models.TextChoices):
        CLASS_GROUP = "class_group", _lazy("A class WhatsApp group")
        OTHER_GROUP = "other_group", _lazy("Another WhatsApp group or chat")
        FACEBOOK = "facebook", _lazy("Facebook")
        INSTAGRAM = "instagram", _lazy("Instagram")
        X = "x", _lazy("X (Twitter)")
        TIKTOK = "tiktok", _lazy("TikTok")
        EMAIL = "email", _lazy("Email")
        ELSEWHERE = "elsewhere", _lazy("Somewhere else")

    class Danger(models.TextChoices):
        NONE = "none", _lazy("No")
        NOW = "now", _lazy("Someone is in danger now")
        CHILD = "child", _lazy("A child may be at risk of harm")

    class Complaint(models.TextChoices):
        NO = "no", _lazy("No")
        ONLY = "only", _lazy("Yes, and only that")
        ALSO = "also", _lazy("Yes, and somebody behaved badly as well")

    FLAGGED = (Danger.NOW, Danger.CHILD)

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="concerns")
    reference = models.CharField(max_length=16, unique=True)
    access_code_hash = models.CharField(max_length=200)
    # The draft's key: the same form sent twice makes one concern.
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4)
    received_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(help_text="The day by which a senior leader has read it.")

    danger = models.CharField(max_length=5, choices=Danger, blank=True)
    complaint = models.CharField(max_length=4, choices=Complaint, blank=True)
    # Who it is said to be about, in words; the conflicts of interest that follow are rows of their own.
    about_leader = models.CharField(max_length=1_000, blank=True)
    is_unsure_of_clause = models.BooleanField(default=False)
    places = models.JSONField(default=list, blank=True)
    place_name = models.CharField(max_length=200, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    when_words = models.CharField(max_length=200, blank=True)
    is_poster_known = models.BooleanField(default=False)
    poster = models.CharField(max_length=200, blank=True)
    account = models.TextField(max_length=10_000)
    # Of the pages it was told on: what a reporter wrote is kept as it is, and need not be in it.
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE)

    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_concerns",
    )
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    outcome_reason = models.TextField(max_length=5_000, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, blank=True, related_name="concerns")
    # What some outcomes need: who deals with a complaint, which school it is for, which concern it repeats.
    handed_to = models.CharField(max_length=120, blank=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    safeguarding_at = models.DateTimeField(null=True, blank=True, help_text="Since when safeguarding comes first.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(max_length=2_000, blank=True)

    objects = ConcernQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["access_code_hash"])

    class Meta:
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("view_every_concern", "Can read concerns where nobody is at risk, too"),
            ("view_passed_on", "Can read what every Executive Head has a conflict with"),
            ("pause_concern", "Can put safeguarding first"),
            ("triage_concern", "Can decide what happens to a concern"),
        ]
        indexes = [
            models.Index(fields=["school", "outcome", "due_on"], name="concern_queue"),
            models.Index(fields=["school", "received_at"], name="concern_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="")
                | (~Q(outcome_reason="") & Q(outcome_by__isnull=False) & Q(outcome_at__isnull=False)),
                name="outcome_has_reason_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["open_case", "add_to_case"]) | Q(case__isnull=False),
                name="outcome_with_case_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["complaint", "other_school"]) | ~Q(handed_to=""),
                name="handed_over_concern_says_to_whom",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="duplicate") | Q(duplicate_of__isnull=False), name="duplicate_names_the_other"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="withdrawn_concern_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("concern", args=[self.reference])

    @property
    def is_read(self) -> bool:
        return bool(self.outcome)

    @property
    def is_flagged(self) -> bool:
        return self.danger in Concern.FLAGGED

    @property
    def flags(self) -> list[str]:
        """Labels for staff, said before anything else about it."""
        danger = {Concern.Danger.NOW: "Someone in danger", Concern.Danger.CHILD: "Child at risk"}
        flags = [danger[Concern.Danger(self.danger)]] if self.is_flagged else []
        flags += ["Safeguarding first"] if self.is_paused else []
        return flags + (["May be a complaint"] if self.complaint in {"only", "also"} else [])

    @property
    def is_paused(self) -> bool:
        return self.outcome == Concern.Outcome.SAFEGUARDING

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def place_labels(self) -> list[str]:
        return [str(Concern.Place(place).label) for place in self.places if place in Concern.Place.values]

    @property
    def language_name(self) -> str:
        """Said to staff where it is not English."""
        return language_in_english(self.language)

    @property
    def title(self) -> str:
        """The start of the reporter's own words, for lists: at most 80 characters, cut at a word."""
        words = " ".join(self.account.split())
        if len(words) <= 80:
            return words
        return words[:80].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


class ConcernClause(models.Model):
    """One clause the reporter chose. What they chose, not what was found."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="clauses")
    clause = models.CharField(max_length=20, choices=CLAUSES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["concern", "clause"], name="clause_chosen_once")]
        indexes = [models.Index(fields=["clause"], name="concern_clause")]

    def __str__(self) -> str:
        return self.clause

    @property
    def text(self) -> str:
        return POLICY.clause(self.clause).text

    @property
    def short(self) -> str:
        return POLICY.clause(self.clause).short


def _read_in_picture(words: Iterable[str]) -> models.QuerySet[Any]:
    """Evidence of the concern in whose text a program read every word."""
    from incidents.models.evidence import Evidence  # it knows its concern, so it is defined after it

    found = Evidence.objects.filter(concern=OuterRef("pk"))
    for word in words:
        found = found.filter(text__icontains=word)
    return found
