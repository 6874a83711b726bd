"""What is looked into: the case, the people on it, and who may not know of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.models import School
from incidents.models.concern import Concern
from incidents.models.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dkh_conduct.accounts.models import User


def number_in(reference: str) -> int:
    """Of the case called `C014`; 0 for what cannot be a reference."""
    number = _number_in(reference)
    return number if reference == f"C{number:03d}" else 0


def _number_in(reference: str) -> int:
    """14, for `C014`, `c14` or `14`; 0 for what is not a case's number."""
    found = re.fullmatch(r"[Cc]?([0-9]{1,9})", reference)
    return int(found[1]) if found else 0


def is_passed_on(name: Literal["case", "concern"]) -> Q:
    """Whether every Executive Head at work has a conflict with it, so that somebody above the school decides."""
    heads = get_user_model().objects.filter(school=OuterRef("school"), is_active=True, groups__name=Role.HEAD)
    of_this = Conflict.objects.filter(**{name: OuterRef("pk")}, user__groups__name=Role.HEAD)
    kept_out = Conflict.objects.filter(**{name: OuterRef(OuterRef("pk"))}).values("user")
    return Q(Exists(of_this)) & ~Q(Exists(heads.exclude(pk__in=kept_out)))


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """The one door: this school's cases, for those who run them, without a conflict of interest."""
        if not user.has_perm("incidents.view_case"):
            return self.none()
        mine = self if user.has_perm("incidents.view_every_case") else self.referred_to(user) | self.passed_on_to(user)
        return mine.filter(school_id=user.school_id).exclude(conflicts__user=user)

    def referred_to(self, user: User) -> Self:
        """Those that somebody showed to them: the only ones that the Trust's legal team reads."""
        from incidents.models.referral import Referral  # a referral knows its case, so it is defined after it

        return self.filter(pk__in=Referral.objects.standing().to_user(user).values("case"))

    def passed_on_to(self, user: User) -> Self:
        """Those they lead, and those that every Executive Head has a conflict with, for who decides instead."""
        if not user.has_perm("incidents.view_passed_on"):
            return self.none()
        return self.filter(Q(lead=user) | is_passed_on("case"))

    def open(self) -> Self:
        return self.exclude(status=Case.Status.CLOSED)

    def led_by(self, user: User) -> Self:
        return self.filter(lead=user)

    def with_reference(self, reference: str) -> Self:
        """The case called `C014`; nothing for what cannot be a reference."""
        number = number_in(reference)
        return self.filter(number=number) if number else self.none()

    def matching(self, typed: str) -> Self:
        """Every word typed is in the summary or in a person's name, or is the case's number."""
        found = self
        for word in typed.split():
            named = CasePerson.objects.filter(case=OuterRef("pk"), person__full_name__icontains=word)
            found = found.filter(Q(summary__icontains=word) | Exists(named) | Q(number=_number_in(word)))
        return found

    def with_last_step(self) -> Self:
        """Adds `last_step_kind` and `last_step_at`: the step taken last, None where none was."""
        from incidents.models.step import Step  # a step knows its case, so it is defined after it

        last = Step.objects.taken().filter(case=OuterRef("pk")).order_by("-taken_at", "-pk")
        return self.annotate(
            last_step_kind=Subquery(last.values("kind")[:1]), last_step_at=Subquery(last.values("taken_at")[:1])
        )

    def with_clause(self, keys: Iterable[str]) -> Self:
        """Those with an allegation under one of these clauses."""
        from incidents.models.allegation import Allegation  # an allegation knows its case, so it is defined after it

        return self.filter(Exists(Allegation.objects.filter(case=OuterRef("pk"), clause__in=list(keys))))

    def by_deadline(self) -> Self:
        """Late first, then the nearest deadline; cases without one come last."""
        return self.order_by(models.F("next_on").asc(nulls_last=True), "-number")

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def changed_first(self) -> Self:
        """By the last thing that was done on each."""
        from incidents.models.event import Event  # an event knows its case, so it is defined after it

        last = Event.objects.filter(case=OuterRef("pk")).order_by("-at").values("at")[:1]
        return self.order_by(Subquery(last).desc(nulls_last=True), "-number")


class Case(models.Model):
    """One thing that is looked into, about one or more people."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused for safeguarding"
        CLOSED = "closed", "Closed"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    summary = models.CharField(max_length=120, help_text="What it is about, in a few neutral words.")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_cases")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    next_action = models.CharField(max_length=120, blank=True)
    next_on = models.DateField(null=True, blank=True)
    cannot_wait_reason = models.TextField(
        max_length=2_000, blank=True, help_text="Why a step cannot wait for the information asked for."
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.TextField(max_length=5_000, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from")
    last_letter_number = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-number"]
        default_permissions = ("view",)
        permissions = [
            ("view_every_case", "Can read cases that were not referred to them, too"),
            ("run_case", "Can gather information and record findings"),
            ("take_step", "Can take a step of the ladder"),
            ("approve_step", "Can approve a step that someone else proposed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="case_number_once_per_school"),
            models.CheckConstraint(
                condition=~Q(status="closed") | (~Q(closed_reason="") & Q(closed_at__isnull=False)),
                name="closed_case_says_why_and_when",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status="closed"), name="merged_case_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "status", "next_on"], name="case_list"),
            models.Index(fields=["lead", "status", "next_on"], name="case_by_lead"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.reference])

    @property
    def reference(self) -> str:
        """`C014`"""
        return f"C{self.number:03d}"

    @property
    def subjects(self) -> list[Person]:
        """The people it is about; prefetch `people__person` where cases are listed."""
        return [link.person for link in self.people.all() if link.role == CasePerson.Role.SUBJECT]

    @property
    def title(self) -> str:
        """`Daniel Marsh`, `Tunde Okonkwo and Adaeze Okonkwo`, or what it is about while nobody is named."""
        return self.titled([person.full_name for person in self.subjects])

    def titled(self, names: list[str]) -> str:
        """The title, from its subjects' names."""
        if not names:
            return self.summary
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


class CasePerson(models.Model):
    """One person's role on one case."""

    class Role(models.TextChoices):
        SUBJECT = "subject", "Subject"
        AFFECTED = "affected", "Affected"
        WITNESS = "witness", "Witness"
        CHILD = "child", "Child"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    role = models.CharField(max_length=10, choices=Role)
    description = models.CharField(max_length=120, blank=True, help_text="Such as “Parent” or “Teaching assistant”.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "case people"
        constraints = [models.UniqueConstraint(fields=["case", "person", "role"], name="person_has_a_role_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @classmethod
    def with_their_names(cls) -> models.Prefetch[str]:
        """For `prefetch_related`: a case's links and the people they lead to, in one query."""
        return models.Prefetch("people", cls.objects.select_related("person"))


class Conflict(models.Model):
    """Somebody who may not know of a concern or a case: named in it, related to a subject, or stepped aside."""

    class Kind(models.TextChoices):
        NAMED = "named", "Named in it, or hurt by it"
        RELATED = "related", "Related to somebody in it, or close to them"
        ASIDE = "aside", "Stepped aside for another reason"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ASIDE)
    reason = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(concern__isnull=False, case__isnull=True) | Q(concern__isnull=True, case__isnull=False),
                name="conflict_is_with_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "concern"], name="conflict_once_per_concern"),
            models.UniqueConstraint(fields=["user", "case"], name="conflict_once_per_case"),
        ]

    def __str__(self) -> str:
        return f"Conflict {self.pk}"
