"""What goes out of the school about a case: to an authority, and to the Trust's lawyers, with what came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from dkh_conduct.history import HistoricalRecords
from incidents.models.case import Case
from incidents.models.step import Step
from incidents.policy.bodies import BODIES, Body, body_of

BODY_KEYS = [(body.key, body.name) for body in BODIES]


class AuthorityReferral(models.Model):
    """Facts for the police, the council or another body: no conclusions, and the person's own side among them."""

    class How(models.TextChoices):
        PHONE = "phone", "By phone"
        ONLINE = "online", "On their website"
        EMAIL = "email", "By email"
        LETTER = "letter", "By letter"
        PERSON = "person", "In person"

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="authority")
    body = models.CharField(max_length=20, choices=BODY_KEYS, blank=True)
    address = models.TextField(max_length=300, blank=True)
    why = models.TextField(max_length=2_000, blank=True, help_text="Why this is for them, in a sentence or two.")
    about = models.CharField(max_length=200, blank=True, help_text="Who it is about, as far as known.")
    basis = models.CharField(max_length=500, blank=True, help_text="How that is known.")
    account = models.TextField(max_length=2_000, blank=True)
    no_account_because = models.CharField(max_length=500, blank=True)
    complaint_open = models.CharField(max_length=500, blank=True)
    known = models.TextField(max_length=1_000, blank=True)
    asked = models.CharField(max_length=500, blank=True, help_text="What the body is asked to do.")
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField(null=True, blank=True)
    sent_how = models.CharField(max_length=8, choices=How, blank=True)
    sent_to = models.CharField(max_length=120, blank=True, help_text="Who took it there.")
    what_was_sent = models.TextField(max_length=1_000, blank=True)
    their_reference = models.CharField(max_length=60, blank=True)
    outcome = models.TextField(max_length=3_000, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    # Goes up with every saved change: two people who write at once never overwrite each other unseen.
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | (~Q(sent_how="") & ~Q(what_was_sent="")),
                name="what_was_sent_says_how_and_what",
            ),
            models.CheckConstraint(
                condition=Q(outcome_on__isnull=True) | ~Q(outcome=""), name="outcome_of_a_body_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.row.name if self.body else "Contact with the authorities"

    @property
    def row(self) -> Body:
        return body_of(self.body)


class LegalReferralQuerySet(models.QuerySet["LegalReferral"]):
    def visible_to(self, user: Any) -> Self:
        """The privileged area: whoever leads the case, and those of the Trust's legal team it was shown to."""
        if not user.has_perm("incidents.view_privileged"):
            return self.none()
        seen = self.filter(step__case__in=Case.objects.visible_to(user).values("pk"))
        if user.has_perm("incidents.view_every_case"):
            return seen.filter(step__case__lead=user)
        return seen.filter(Q(step__case__lead=user) | Q(step__case__referrals__to=user)).distinct()


class LegalReferral(models.Model):
    """A request for advice about exact words. Privileged: for the lead and the Trust's legal team only."""

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="legal")
    referred_to_whom = models.CharField(max_length=200, help_text="Whom the words are about.")
    wishes = models.TextField(max_length=1_000, help_text="What that person wishes.")
    author = models.CharField(max_length=200, help_text="Who wrote it, as it was shown.")
    handle = models.CharField(max_length=200, blank=True, help_text="The number or account it came from.")
    basis = models.TextField(max_length=1_000, help_text="How that is known, and how sure.")
    translation = models.TextField(max_length=3_000, blank=True, help_text="Of words that are not in English.")
    translator = models.CharField(max_length=200, blank=True, help_text="Who translated, and how well they know it.")
    seen_by = models.CharField(max_length=200, help_text="How many saw it, and who as far as known.")
    is_live = models.BooleanField(default=False, help_text="It is still there.")
    meaning = models.TextField(max_length=2_000, help_text="What readers will have taken it to mean.")
    untrue = models.TextField(max_length=2_000)
    accepted = models.TextField(max_length=2_000, help_text="What is true, or partly true.")
    harm = models.TextField(max_length=2_000)
    context = models.TextField(max_length=2_000, blank=True, help_text="A complaint, a dispute, a need.")
    account = models.TextField(max_length=2_000, blank=True)
    questions = models.TextField(max_length=2_000, help_text="One on each line.")
    custody = models.TextField(max_length=1_000, blank=True, help_text="Who holds the phone, and what was kept how.")
    urgency = models.CharField(max_length=300, blank=True)
    do_not_contact = models.CharField(max_length=300, blank=True)
    stays = models.JSONField(
        default=dict,
        blank=True,
        help_text="Why what may show who told the school stays in it, by what was objected to.",
    )
    published_on = models.DateField(help_text="The first day the words were posted or said.")
    reminded = models.JSONField(
        default=list, blank=True, help_text="Which reminders were sent: 11, 6, 3 months, 28 days."
    )

    objects = LegalReferralQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(translation="") | ~Q(translator=""), name="translation_says_who_translated"
            )
        ]
        permissions = [("view_privileged", "Can see a request for legal advice, and the advice")]
        indexes = [models.Index(fields=["published_on"], name="legal_by_day")]

    def __str__(self) -> str:
        return f"Legal advice, {self.step.case.reference}"

    @property
    def limitation_on(self) -> date:
        """The last day of one year from publication (Limitation Act 1980, section 4A)."""
        return limitation_of(self.published_on)


class LegalAdvice(models.Model):
    """What the lawyers said. Written once, and as privileged as the request."""

    referral = models.ForeignKey(LegalReferral, on_delete=models.CASCADE, related_name="advice")
    text = models.TextField(max_length=20_000)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["filed_at", "pk"]
        default_permissions = ()
        verbose_name_plural = "legal advice"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="advice_says_something")]

    def __str__(self) -> str:
        return f"Advice {self.pk}"


def limitation_of(published_on: date) -> date:
    """`published_on` and a year, less a day; 28 February for a leap day."""
    try:
        anniversary = published_on.replace(year=published_on.year + 1)
    except ValueError:
        anniversary = date(published_on.year + 1, 3, 1)
    return anniversary - timedelta(days=1)
