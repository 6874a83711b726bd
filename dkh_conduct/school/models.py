"""The school as a row: every other table carries its key, so that a trust of schools can share one portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.calendar import SchoolCalendar

if TYPE_CHECKING:
    from datetime import date


class School(models.Model):
    """One school: what its letterhead prints and whom a worried parent can ring."""

    class Envelope(models.TextChoices):
        DL35 = "dl35", "DL, window 35 × 90 mm"
        DL45 = "dl45", "DL, window 45 × 90 mm"
        C5 = "c5", "C5, window 35 × 90 mm"

    code = models.CharField(max_length=6, unique=True, help_text="Starts every reference, such as DKH.")
    name = models.CharField(max_length=120)
    address = models.TextField(max_length=300, help_text="One line of the address on each line.")
    phone = models.CharField(max_length=30)
    email = models.EmailField()
    website = models.CharField(max_length=120)
    trust_name = models.CharField(max_length=120, blank=True)
    safeguarding_phone = models.CharField(max_length=30)
    safeguarding_hours = models.CharField(max_length=80, default="School days, 8am to 5pm")
    safeguarding_email = models.EmailField(
        blank=True, help_text="Told at once, by a reference and a link, when a child may be at risk."
    )
    council_name = models.CharField(max_length=60)
    council_phone = models.CharField(max_length=30, help_text="Children’s services in office hours.")
    council_hours = models.CharField(max_length=80, default="Monday to Friday, 9am to 5pm")
    council_night_phone = models.CharField(max_length=30)
    read_within_school_days = models.PositiveSmallIntegerField(default=2)
    reply_school_days = models.PositiveSmallIntegerField(default=7)
    minimum_reply_school_days = models.PositiveSmallIntegerField(default=5)
    envelope = models.CharField(
        max_length=4, choices=Envelope, default=Envelope.DL35, help_text="Where its letters print the address."
    )
    keep_warning_letter_months = models.PositiveSmallIntegerField(default=12)
    last_case_number = models.PositiveIntegerField(default=0)
    last_batch_number = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False, help_text="Invented, for trying out. Only seed_demo sets it.")

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    @property
    def one_line_address(self) -> str:
        return ", ".join(self.address_lines)

    def calendar(self) -> SchoolCalendar:
        """The days this school is open, in one query."""
        terms = self.terms.order_by().values_list("starts_on", "ends_on", models.Value("term"))
        closed = self.closed_days.order_by().values_list("day", "day", "kind")
        rows = sorted(terms.union(closed, all=True))
        return SchoolCalendar(
            terms=tuple((first, last) for first, last, kind in rows if kind == "term"),
            closed=frozenset(day for day, _, kind in rows if kind != "term"),
            bank_holidays=frozenset(day for day, _, kind in rows if kind == ClosedDay.Kind.BANK_HOLIDAY),
        )


class Term(models.Model):
    """A stretch of school days: half a term, without the half-term holiday."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_on"]
        default_permissions = ()
        permissions = [("change_calendar", "Can change the school’s calendar")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="term_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClosedDay(models.Model):
    """A day in term without a session: inset, polling, snow."""

    class Kind(models.TextChoices):
        INSET = "inset", "Inset day"
        BANK_HOLIDAY = "bank_holiday", "Extra bank holiday"
        OTHER = "other", "Closed for another reason"

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="closed_days")
    day = models.DateField()
    reason = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)

    history = HistoricalRecords()

    class Meta:
        ordering = ["day"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_row_per_closed_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"


class Page(models.Model):
    """A page for the public that an administrator has changed. Until then the text the portal came with is shown."""

    class Slug(models.TextChoices):
        ACCESSIBILITY = "accessibility", _lazy("Accessibility statement")
        PRIVACY = "privacy", _lazy("Privacy notice")
        COOKIES = "cookies", _lazy("Cookies")
        CONTACT = "contact", _lazy("Contact")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="pages")
    slug = models.CharField(max_length=20, choices=Slug)
    language = models.CharField(max_length=10, default="en-gb", help_text="As settings.LANGUAGES names it.")
    title = models.CharField(max_length=100)
    body = models.TextField(max_length=20_000, help_text="Markdown.")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["slug", "language"]
        default_permissions = ("change",)
        constraints = [models.UniqueConstraint(fields=["school", "slug", "language"], name="one_row_per_page")]

    def __str__(self) -> str:
        return self.title


class LimitQuerySet(models.QuerySet["Limit"]):
    def over(self) -> Self:
        return self.filter(ends_at__lt=timezone.now())


class Limit(models.Model):
    """How often one thing was done in one hour or day. Only `limits.py` writes here."""

    key = models.CharField(max_length=64, help_text="A keyed hash: it does not say whom it counts.")
    window_start = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = LimitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["key", "window_start"], name="one_count_per_window")]

    def __str__(self) -> str:
        return f"{self.count} since {self.window_start:%Y-%m-%d %H:%M}"


class ChainEnd(models.Model):
    """Where one school's log ends, kept apart from the log. Only `chain.py` writes here, and locks it to append."""

    log = models.CharField(max_length=80, help_text="The model's label.")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["log", "school"], name="one_end_per_log")]

    def __str__(self) -> str:
        return f"{self.log} ends with {self.seq}"


def today() -> date:
    """Today in the school's own time."""
    return timezone.localdate()
