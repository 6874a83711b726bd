"""A flag on a person that stops letters to them, with who set it, when and why; and the one way past it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from dkh_conduct.school.templatetags.dates import day
from incidents.models.case import Case, CasePerson
from incidents.models.person import Person

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class FlagQuerySet(models.QuerySet["PersonFlag"]):
    def standing(self) -> Self:
        return self.filter(lifted_at__isnull=True)

    def as_read_by(self, user: User) -> Self:
        """Each with `shows_reason`. A reason may speak of a case: it is for those who run cases, and for nobody from
        whom a case of that person is kept."""
        if not user.has_perm("incidents.run_case"):
            return self.annotate(shows_reason=Value(value=False))
        seen = Case.objects.visible_to(user).values("pk")
        elsewhere = CasePerson.objects.filter(person=OuterRef("person")).exclude(case__in=seen)
        return self.annotate(shows_reason=~Exists(elsewhere))


class PersonFlag(models.Model):
    """Set, and later lifted; never deleted, so that the file shows when letters were stopped."""

    class Kind(models.TextChoices):
        COURT_ORDER = "court_order", "Court order"
        DO_NOT_CONTACT = "do_not_contact", "Do not contact"
        CONFIDENTIAL = "confidential", "Address confidential"

    # Whoever may not come on site must be told in writing (DfE, “Controlling access to school premises”). That
    # outweighs a wish not to be written to. It outweighs neither a court's order nor a hidden address.
    OVERRIDABLE = (Kind.DO_NOT_CONTACT,)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=16, choices=Kind)
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(lifted_at__isnull=True), name="flag_stands_once_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="lifted_flag_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def key(self) -> str:
        """Names it to the letters that it stops."""
        return f"flag-{self.pk}"

    @property
    def may_be_overridden(self) -> bool:
        return self.kind in self.OVERRIDABLE

    @property
    def sentence(self) -> str:
        """Why no letter goes to them, for those who choose whom to write to. The reason itself stays with the flag."""
        return STOPS[self.kind].format(name=self.person.full_name, who=self.set_by.full_name, when=day(self.set_at))


STOPS: dict[str, str] = {
    PersonFlag.Kind.COURT_ORDER: "No letter may go to {name}: a court order ({who}, {when}).",
    PersonFlag.Kind.DO_NOT_CONTACT: "No letter may go to {name}: they are not to be contacted ({who}, {when}).",
    PersonFlag.Kind.CONFIDENTIAL: "No letter may go to {name}: their address is confidential ({who}, {when}).",
}


class FlagException(models.Model):
    """The head's leave to write about a site ban in one case, in spite of one flag."""

    flag = models.ForeignKey(PersonFlag, on_delete=models.CASCADE, related_name="exceptions")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="flag_exceptions")
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["flag", "case"], name="flag_exception_once_per_case")]

    def __str__(self) -> str:
        return f"Exception {self.pk}: {self.flag}"
