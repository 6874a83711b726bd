"""The demo school itself: its letterhead, its calendar around any day, and its staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import ClosedDay, School, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_CASE = 6
FIRST_BATCH = 39

# The shape of a school year: that of 2026 to 2027, moved by whole weeks for other years.
TERMS = (
    ("Autumn, first half", date(2026, 9, 3), date(2026, 10, 23)),
    ("Autumn, second half", date(2026, 11, 2), date(2026, 12, 18)),
    ("Spring, first half", date(2027, 1, 5), date(2027, 2, 12)),
    ("Spring, second half", date(2027, 2, 22), date(2027, 3, 25)),
    ("Summer, first half", date(2027, 4, 13), date(2027, 5, 28)),
    ("Summer, second half", date(2027, 6, 7), date(2027, 7, 21)),
)
INSET = (date(2026, 9, 1), date(2026, 9, 2), date(2027, 1, 4), date(2027, 4, 12))


@dataclass(frozen=True)
class Colleague:
    full_name: str
    job_title: str
    role: Role
    phone: str = ""

    @property
    def email(self) -> str:
        return f"{self.full_name.lower().replace(' ', '.')}@dkh.example"


STAFF = (
    Colleague("Ruth Adeyemi", "Head of School", Role.SLT, "020 7946 0127"),
    Colleague("Tomas Lindqvist", "Deputy head", Role.SLT, "020 7946 0126"),
    Colleague("Farah Siddiqui", "Assistant head", Role.SLT, "020 7946 0128"),
    Colleague("Marian Okoro", "Executive Head Teacher", Role.HEAD, "020 7946 0125"),
    Colleague("Hannah Osei", "Chair of governors", Role.CHAIR),
    Colleague("Pat Nair", "School office", Role.OFFICE),
    Colleague("Grace Mensah", "School office", Role.OFFICE),
    Colleague("Ife Balogun", "Safeguarding lead", Role.DSL),
    Colleague("Noor Castellan", "Trust solicitor", Role.LEGAL),
    Colleague("Dara Pell", "Data protection lead", Role.DPO),
    Colleague("Imran Haddad", "School business manager", Role.ADMIN),
)


def make_school(today: date) -> School:
    school = School.objects.create(
        code="DKH",
        name="Dog Kennel Hill School",
        address="Dog Kennel Hill\nLondon SE22 8AB",
        phone="020 7946 0123",
        email="school@dkh.southwark.sch.uk",
        website="www.dkh.example",
        trust_name="",
        safeguarding_phone="020 7946 0124",
        safeguarding_email="ife.balogun@dkh.example",
        council_name="Southwark",
        council_phone="020 7525 1921",
        council_night_phone="020 7525 5000",
        last_case_number=FIRST_CASE - 1,
        last_batch_number=FIRST_BATCH - 1,
        is_demo=True,
    )
    for year in _years(today):
        Term.objects.bulk_create(
            Term(school=school, name=f"{name} {start.year}", starts_on=start, ends_on=end)
            for name, start, end in year.terms
        )
        ClosedDay.objects.bulk_create(ClosedDay(school=school, day=day, reason="Inset day") for day in year.inset)
    return school


@dataclass(frozen=True)
class Year:
    terms: tuple[tuple[str, date, date], ...]
    inset: tuple[date, ...]


def _years(today: date) -> Iterator[Year]:
    """The school year before, this one and the next."""
    started = today.year - (today.month < 9)
    for first in (started - 1, started, started + 1):
        # A year is a day longer than 52 weeks: every few years another week keeps September in September.
        apart = timedelta(weeks=round((date(first, 9, 3) - TERMS[0][1]).days / 7))
        yield Year(
            tuple((name, start + apart, end + apart) for name, start, end in TERMS),
            tuple(day + apart for day in INSET),
        )


def make_staff(school: School, password: str) -> dict[str, User]:
    """By first name, in lower case."""
    made = {}
    for person in STAFF:
        user = User.objects.create_user(
            person.email,
            password,
            role=person.role,
            school=school,
            full_name=person.full_name,
            job_title=person.job_title,
            phone=person.phone,
        )
        made[user.first_name.lower()] = user
    return made
