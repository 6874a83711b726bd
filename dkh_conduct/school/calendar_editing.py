"""Changing the school's calendar: terms, and days in term on which it is closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.school.following import CALENDAR_CHANGED, follow
from dkh_conduct.school.models import ClosedDay, School, Term
from dkh_conduct.school.templatetags.dates import day as in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser

    from dkh_conduct.school.ical import Found

LONGEST_TERM = timedelta(days=120)


class CalendarRefusedError(Exception):
    """The message says why the calendar was left as it was."""


@transaction.atomic
def save_term(
    *, school: School, by: AbstractBaseUser, name: str, starts_on: date, ends_on: date, term: Term | None = None
) -> Term:
    """A new one, or `term` with other days. Never two at once, and never one that ends before it starts."""
    held = _locked(school)
    _check_term(held, starts_on, ends_on, besides=term)
    term = term or Term(school=held)
    term.name, term.starts_on, term.ends_on = name, starts_on, ends_on
    term._history_user = by  # type: ignore[attr-defined]
    term.save()
    return term


@transaction.atomic
def remove_term(*, school: School, by: AbstractBaseUser, term: Term) -> None:
    held = _locked(school).terms.filter(pk=term.pk).first()
    if held:
        held._history_user = by  # type: ignore[attr-defined]
        held.delete()


@transaction.atomic
def close_day(*, school: School, by: AbstractBaseUser, day: date, kind: str, reason: str) -> ClosedDay:
    held = _locked(school)
    if held.closed_days.filter(day=day).exists():
        raise CalendarRefusedError(f"{in_words(day)} is on the list already.")
    closed = ClosedDay(school=held, day=day, kind=kind, reason=reason)
    closed._history_user = by  # type: ignore[attr-defined]
    closed.save()
    return closed


@transaction.atomic
def open_day(*, school: School, by: AbstractBaseUser, closed: ClosedDay) -> None:
    held = _locked(school).closed_days.filter(pk=closed.pk).first()
    if held:
        held._history_user = by  # type: ignore[attr-defined]
        held.delete()


@transaction.atomic
def import_days(*, school: School, by: AbstractBaseUser, found: Iterable[Found]) -> tuple[int, int]:
    """All of them or none: how many terms and closed days are new. What is there already is left as it is."""
    held = _locked(school)
    terms = days = 0
    for each in found:
        if each.kind == "term":
            if held.terms.filter(starts_on=each.first, ends_on=each.last).exists():
                continue
            save_term(school=held, by=by, name=each.name[:60], starts_on=each.first, ends_on=each.last)
            terms += 1
            continue
        for number in range((each.last - each.first).days + 1):
            day = each.first + timedelta(days=number)
            if day.weekday() < 5 and not held.closed_days.filter(day=day).exists():
                close_day(school=held, by=by, day=day, kind=each.kind, reason=each.name[:80])
                days += 1
    return terms, days


def _locked(school: School) -> School:
    """Every change starts here, so that whatever was counted with the old days is counted again."""
    follow(CALENDAR_CHANGED, [school.pk])
    return School.objects.select_for_update().get(pk=school.pk)


def _check_term(school: School, starts_on: date, ends_on: date, *, besides: Term | None) -> None:
    if ends_on < starts_on:
        raise CalendarRefusedError("A term ends after it starts. Check both days.")
    if ends_on - starts_on > LONGEST_TERM:
        raise CalendarRefusedError(
            f"From {in_words(starts_on)} to {in_words(ends_on)} is too long. Enter the two halves of a term apart, "
            "without the holiday between them."
        )
    others = school.terms.exclude(pk=besides.pk if besides and besides.pk else 0)
    other = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        raise CalendarRefusedError(
            f"{other.name}, {in_words(other.starts_on)} to {in_words(other.ends_on)}, is on some of these days already."
        )
