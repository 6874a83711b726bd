"""Rows for tests: each factory makes the smallest thing that its name promises."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import School, Term
from incidents.models import Allegation, Case, CasePerson, Concern, Person, PersonFlag, Referral, Reporter
from incidents.models.reference import new_reference
from letters.models import Letter

PASSWORD = "a-long-enough-password"


class SchoolFactory(DjangoModelFactory[School]):
    class Meta:
        model = School
        django_get_or_create = ("code",)

    code = "DKH"
    name = "Dog Kennel Hill School"
    address = "Dog Kennel Hill\nLondon\nSE22 8AB"
    phone = "020 7946 0123"
    email = "school@dkh.southwark.sch.uk"
    website = "www.dkh.example"
    safeguarding_phone = "020 7946 0124"
    council_name = "Southwark"
    council_phone = "020 7525 1921"
    council_night_phone = "020 7525 5000"


class TermFactory(DjangoModelFactory[Term]):
    class Meta:
        model = Term

    school = factory.SubFactory(SchoolFactory)
    name = "A long term"
    starts_on = date(2026, 9, 3)
    ends_on = date(2030, 7, 21)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    school = factory.SubFactory(SchoolFactory)
    email = factory.Sequence(lambda n: f"person{n}@dkh.example")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    job_title = "Deputy head"
    password = factory.LazyFunction(lambda: make_password(PASSWORD, hasher="md5"))

    @factory.post_generation
    def role(self, create: bool, extracted: Role | None, **kwargs: Any) -> None:
        if create and extracted:
            self.groups.add(Group.objects.get(name=extracted))  # type: ignore[attr-defined]


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    school = factory.SubFactory(SchoolFactory)
    email = factory.Sequence(lambda n: f"invited{n}@dkh.example")
    full_name = "Ines Okafor"
    job_title = "Deputy head"
    role = Role.SLT
    token_hash = factory.Sequence(lambda n: f"{n:064}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))


class ConcernFactory(DjangoModelFactory[Concern]):
    class Meta:
        model = Concern

    school = factory.SubFactory(SchoolFactory)
    reference = factory.LazyFunction(lambda: new_reference("DKH"))
    access_code_hash = "unusable"
    due_on = date(2026, 11, 24)
    places = ["class_group"]
    account = "They called the teaching assistant a liar in front of 31 parents."


class ReporterFactory(DjangoModelFactory[Reporter]):
    class Meta:
        model = Reporter

    concern = factory.SubFactory(ConcernFactory)
    role = Reporter.Role.PARENT


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    school = factory.SubFactory(SchoolFactory)
    full_name = "Daniel Marsh"
    title = "Mr"
    address = "Flat 3\n18 Grove Vale\nLondon\nSE22 8EQ"


class PersonFlagFactory(DjangoModelFactory[PersonFlag]):
    """A flag as a row: `set_flag` also stops the letters."""

    class Meta:
        model = PersonFlag

    person = factory.SubFactory(PersonFactory)
    kind = PersonFlag.Kind.COURT_ORDER
    reason = "Order of the Family Court of 3 May"
    set_by = factory.SubFactory(UserFactory, school=factory.SelfAttribute("..person.school"))


class CaseFactory(DjangoModelFactory[Case]):
    class Meta:
        model = Case

    school = factory.SubFactory(SchoolFactory)
    number = factory.Sequence(lambda n: n + 101)  # beyond the numbers that tests give themselves
    summary = "Comments about a member of staff"
    lead = factory.SubFactory(UserFactory, role=Role.SLT)
    opened_by = factory.SelfAttribute("lead")


class CasePersonFactory(DjangoModelFactory[CasePerson]):
    class Meta:
        model = CasePerson

    case = factory.SubFactory(CaseFactory)
    person = factory.SubFactory(PersonFactory)
    role = CasePerson.Role.SUBJECT


class ReferralFactory(DjangoModelFactory[Referral]):
    class Meta:
        model = Referral

    case = factory.SubFactory(CaseFactory)
    to = factory.SubFactory(UserFactory, role=Role.LEGAL)
    reason = "The words may be libellous."
    referred_by = factory.SelfAttribute("case.lead")


class AllegationFactory(DjangoModelFactory[Allegation]):
    class Meta:
        model = Allegation

    case = factory.SubFactory(CaseFactory)
    subject = factory.SubFactory(PersonFactory)
    clause = "abusive"
    words = "Useless AND a liar"
    posted_on = date(2026, 11, 19)
    posted_where = "Class WhatsApp group"
    made_by = factory.SelfAttribute("case.lead")


class LetterFactory(DjangoModelFactory[Letter]):
    class Meta:
        model = Letter

    school = factory.SubFactory(SchoolFactory)
    reference = factory.Sequence(lambda n: f"DKH-C001-{n + 101}")
    kind = "warning"
    template_version = "1"
    title = "Warning letter"
    heading = "Warning letter: messages on 19 November 2026"
    addressee = "Mr Daniel Marsh"
    salutation = "Mr Marsh"
    address = "Flat 3\n18 Grove Vale\nLondon\nSE22 8EQ"
    body = "This is a warning letter.\n\n## What we ask\n\n1. Do not post abusive comments.\n"
    written_on = date(2026, 12, 3)
    reply_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=21))
    signatory_name = "Ruth Adeyemi"
    signatory_role = "Head of School"
    drafted_by = factory.SubFactory(UserFactory, role=Role.SLT)
