"""An adult or a child on a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from dkh_conduct.history import HistoricalRecords
from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        """The school's own list of contacts, and the people of cases that `user` may know of; the office: the list."""
        mine = self.filter(school_id=user.school_id)
        if user.has_perm("incidents.view_every_case"):
            return mine.exclude(Q(is_contact=False) & self._only_of_hidden_cases(user))
        if user.has_perm("incidents.view_passed_on"):
            return mine.filter(self._of_cases_seen_by(user))
        return mine.contacts() if user.has_perm("incidents.view_contacts") else self.none()

    def contacts(self) -> Self:
        """On the list that the school imports from its own system, whether or not a case is about them."""
        return self.filter(is_contact=True)

    def adults(self) -> Self:
        return self.filter(is_child=False)

    def children(self) -> Self:
        return self.filter(is_child=True)

    def _only_of_hidden_cases(self, user: User) -> Q:
        """That somebody is on a case at all says that there is one."""
        from incidents.models.case import CasePerson  # a case knows its people, so it is defined after them

        return Q(Exists(CasePerson.objects.filter(person=OuterRef("pk")))) & ~self._of_cases_seen_by(user)

    def _of_cases_seen_by(self, user: User) -> Q:
        from incidents.models.case import Case, CasePerson

        links = CasePerson.objects.filter(person=OuterRef("pk"))
        return Q(Exists(links.filter(case__in=Case.objects.visible_to(user).values("pk"))))


class Person(models.Model):
    """Somebody a case is about, or who is affected by it. Names and titles are as they gave them, never inferred."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="people")
    full_name = models.CharField(max_length=120)
    title = models.CharField(max_length=20, blank=True, help_text="Only if they gave one.")
    is_child = models.BooleanField(default=False)
    address = models.TextField(max_length=300, blank=True, help_text="One line of the address on each line.")
    language = models.CharField(max_length=8, blank=True, choices=settings.LANGUAGES, help_text="Only if they said so.")
    email = models.EmailField(max_length=254, blank=True)
    email_agreed_on = models.DateField(null=True, blank=True, help_text="When they agreed to letters by email.")
    email_agreed_how = models.CharField(max_length=200, blank=True, help_text="Such as: on the form of 3 September.")
    email_agreed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    is_contact = models.BooleanField(default=False, help_text="On the list imported from the school's own system.")
    mis_id = models.CharField(max_length=40, blank=True, help_text="Their number in the school's own system.")
    born_on = models.DateField(null=True, blank=True, help_text="Of a child, to tell two of the same name apart.")
    year_group = models.CharField(max_length=20, blank=True)
    class_name = models.CharField(max_length=40, blank=True)

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["full_name"]
        verbose_name_plural = "people"
        default_permissions = ()
        permissions = [
            ("view_contacts", "Can read the school's list of contacts"),
            ("change_contacts", "Can change contacts, and import them"),
            ("flag_person", "Can set a flag that stops letters to somebody"),
            ("lift_flag", "Can lift such a flag"),
            ("override_flag", "Can write to somebody in spite of a flag"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "is_child", "mis_id"], condition=~Q(mis_id=""), name="person_mis_id_once_per_school"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "full_name"], name="person_by_name"),
            models.Index(fields=["school", "is_contact", "is_child", "full_name"], name="person_contacts"),
            models.Index(fields=["school", "class_name"], name="person_by_class"),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"

    @property
    def letter_name(self) -> str:
        """On the envelope: `Mr Daniel Marsh`, or the name as given."""
        return f"{self.title} {self.full_name}".strip()

    @property
    def salutation(self) -> str:
        """After "Dear": `Mr Marsh` where a title and two names leave no doubt, else the whole name.

        Which words of a longer name are the family name is not ours to guess.
        """
        names = self.full_name.split()
        return f"{self.title} {names[1]}" if self.title and len(names) == 2 else self.letter_name

    @property
    def address_lines(self) -> list[str]:
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    @property
    def recipient(self) -> str:
        """The key under which letters to them are drafted, found again and stopped."""
        return f"person-{self.pk}"

    @property
    def may_be_emailed(self) -> bool:
        return bool(self.email and self.email_agreed_on)

    @property
    def initials(self) -> str:
        parts = self.full_name.split()
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()
