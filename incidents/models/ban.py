"""A site ban: what was weighed before it, what was decided since, what the person said, and when they came anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.models import School
from incidents.models.counted import number_of
from incidents.models.person import Person
from incidents.models.reply import Reply
from incidents.models.step import Step
from incidents.policy import bans
from incidents.policy.bans import BanFacts

if TYPE_CHECKING:
    from datetime import date


class SiteBanQuerySet(models.QuerySet["SiteBan"]):
    def on_register(self, user: Any, today: date) -> Self:
        """Who may not come on site today, for whoever keeps the door: a name and a day, and nothing of the case."""
        if not user.has_perm("incidents.view_register"):
            return self.none()
        mine = self.filter(school_id=user.school_id).exclude(step__case__conflicts__user=user)
        return mine.in_force(today)

    def in_force(self, today: date) -> Self:
        return self.filter(state__in=bans.IN_FORCE, starts_on__lte=today, ends_on__gte=today)

    def current(self) -> Self:
        return self.filter(state__in=bans.CURRENT)


class SiteBan(models.Model):
    """What is being considered or decided about one person coming on site. Its terms are those that hold now."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        NOTICE = "notice", "Being considered"
        INTERIM = "interim", "Interim ban"
        CONFIRMED = "confirmed", "Site ban"
        NOT_MADE = "not_made", "No ban"
        LIFTED = "lifted", "Lifted"
        EXPIRED = "expired", "Ended"

    class Lesser(models.TextChoices):
        WARNING = "warning", "Warning letter"
        MEETING = "meeting", "Meeting"
        APPOINTMENT = "appointment", "Coming on site by appointment only"
        ANOTHER_ADULT = "another_adult", "Another adult bringing and collecting, by agreement"

    class Premises(models.TextChoices):
        BUILDINGS = "buildings", "Buildings"
        PLAYGROUNDS = "playgrounds", "Playgrounds"
        CAR_PARK = "car_park", "Car park"

    class Stays(models.TextChoices):
        REPORTS = "reports", "Reports and information, the same as any parent"
        REMOTE = "remote", "Parents’ evening and meetings by phone or video"
        SEND = "send", "Special educational needs and medical meetings, with the SENCo"
        EMERGENCY = "emergency", "Emergencies involving their child, and visits we invite them to"

    class Court(models.TextChoices):
        NONE = "none", "Checked: nothing limits or changes this"
        ORDER = "order", "Checked: there is an order, described below"

    class Needs(models.TextChoices):
        NONE = "none", "Checked with the SENCo: none that this affects"
        COVERED = "covered", "Checked with the SENCo: there are, and the plan above covers them"
        NO_CHILD = "no_child", "They have no child at this school"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="site_bans")
    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="ban")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="site_bans")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    urgency = models.TextField(max_length=2_000, blank=True, help_text="Why an interim ban cannot wait.")
    risk = models.TextField(max_length=3_000, blank=True)
    lesser = models.JSONField(default=list, blank=True)
    why_not_enough = models.TextField(max_length=3_000, blank=True)
    premises = models.JSONField(default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    reviewer = models.CharField(max_length=120, blank=True)
    drop_off = models.TextField(max_length=1_000, blank=True)
    children = models.PositiveSmallIntegerField(default=1, help_text="Their children at the school.")
    stays = models.JSONField(default=list, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    adjustments = models.CharField(max_length=500, blank=True)
    equality = models.TextField(max_length=3_000, blank=True)
    court = models.CharField(max_length=8, choices=Court, blank=True)
    court_words = models.TextField(max_length=1_000, blank=True)
    needs = models.CharField(max_length=8, choices=Needs, blank=True)
    is_address_confirmed = models.BooleanField(default=False)
    account = models.CharField(max_length=600, blank=True)
    reply_by = models.DateField(null=True, blank=True)
    decide_by = models.DateField(null=True, blank=True)
    complaints = models.CharField(max_length=300, blank=True)
    # Goes up with every saved change, and is copied when the letter is written: a letter never says older terms.
    version = models.PositiveIntegerField(default=1)
    letter_version = models.PositiveIntegerField(default=0)
    review_reminded_for = models.DateField(null=True, blank=True, help_text="The review that the lead was reminded of.")
    decision_reminded_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SiteBanQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        permissions = [("view_register", "Can see who may not come on site")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["notice", "interim", "confirmed"])
                | (Q(starts_on__isnull=False) & Q(ends_on__isnull=False) & Q(ends_on__gt=F("starts_on"))),
                name="ban_has_an_end_after_its_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(review_on__isnull=False) & ~Q(reviewer="")),
                name="confirmed_ban_has_a_review",
            ),
            models.CheckConstraint(
                condition=~Q(state="interim") | ~Q(urgency=""), name="interim_ban_says_why_it_could_not_wait"
            ),
        ]
        indexes = [models.Index(fields=["school", "state", "ends_on"], name="ban_register")]

    def __str__(self) -> str:
        return f"Site ban {self.pk}: {self.get_state_display()}"

    @property
    def facts(self) -> BanFacts:
        """For the rules. Counts what the person said and whether they came, in one query."""
        parts = Step.objects.filter(part_of=self.step_id).order_by()
        online = Reply.objects.sent().filter(Q(step=self.step_id) | Q(step__in=parts.values("pk")))
        told, breaches = self.representations.all(), self.breaches.all()
        begun = parts.filter(state__in=[Step.State.DRAFT, Step.State.PROPOSED])
        numbers = [number_of(rows) for rows in (online, told, breaches, begun)]
        heard_online, heard, came, open_parts = SiteBan.objects.filter(pk=self.pk).values_list(*numbers).get()
        return BanFacts(
            state=self.state,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            review_on=self.review_on,
            reply_by=self.reply_by,
            heard=heard + heard_online,
            breaches=came,
            has_open_part=open_parts > 0,
        )

    @property
    def premises_words(self) -> str:
        named = [SiteBan.Premises(each).label.lower() for each in self.premises]
        if len(named) == len(SiteBan.Premises):
            return "all of the school site: buildings, playgrounds and car park"
        return "these parts of the school site: " + " and ".join(named)


class BanDecision(models.Model):
    """The terms of one later part: confirmed, changed, extended, lifted, reviewed, ended."""

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="ban_decision")
    ban = models.ForeignKey(SiteBan, on_delete=models.CASCADE, related_name="decisions")
    weighed = models.TextField(
        max_length=5_000, blank=True, help_text="One point they made on each line, then “:”, and how it was weighed."
    )
    found = models.TextField(max_length=3_000, blank=True, help_text="One sentence of fact on each line.")
    not_found = models.TextField(max_length=3_000, blank=True)
    changes = models.TextField(max_length=2_000, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    expectations = models.TextField(max_length=1_000, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    reviewer = models.CharField(max_length=120, blank=True)

    history = HistoricalRecords()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.step)


class Representation(models.Model):
    """What the person said about the ban by letter, phone, e-mail or in a meeting. Online replies are rows of Reply."""

    class How(models.TextChoices):
        LETTER = "letter", "By letter"
        PHONE = "phone", "By phone"
        EMAIL = "email", "By email"
        PERSON = "person", "In person"

    ban = models.ForeignKey(SiteBan, on_delete=models.CASCADE, related_name="representations")
    received_on = models.DateField()
    how = models.CharField(max_length=8, choices=How)
    text = models.TextField(max_length=10_000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["received_on", "pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="representation_says_something")]

    def __str__(self) -> str:
        return f"{self.get_how_display()}, {self.received_on:%-d %B %Y}"


class BanBreach(models.Model):
    """They came on site while the ban ran: what was seen, and nothing concluded from it."""

    ban = models.ForeignKey(SiteBan, on_delete=models.CASCADE, related_name="breaches")
    seen_on = models.DateField()
    seen = models.TextField(max_length=2_000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["seen_on", "pk"]
        default_permissions = ()
        verbose_name_plural = "ban breaches"

    def __str__(self) -> str:
        return f"Breach, {self.seen_on:%-d %B %Y}"
