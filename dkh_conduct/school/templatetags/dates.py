"""Dates and times as the portal writes them: `23 November 2026`, `8:51am`, Europe/London."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import dateformat, timezone
from django.utils.translation import pgettext

register = template.Library()


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _formatted(value: date | datetime, style: str) -> str:
    return dateformat.format(_local(value), style)


@register.filter
def day(value: date | datetime | None) -> str:
    """`23 November 2026`, in the language of the page"""
    return _formatted(value, pgettext("a day, as Django’s date filter writes it", "j F Y")) if value else ""


@register.filter
def weekday(value: date | datetime | None) -> str:
    """`Monday 23 November 2026`, in the language of the page"""
    return _formatted(value, pgettext("a day, as Django’s date filter writes it", "l j F Y")) if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """`Mon 23 Nov`"""
    return f"{_local(value):%a %-d %b}" if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """`8:51am`, in the language of the page"""
    return _formatted(value, pgettext("a time, as Django’s date filter writes it", "g:iA")).lower() if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`23 November 2026 at 8:51am`, or `Today at 8:51am`"""
    if not value:
        return ""
    is_today = timezone.localtime(value).date() == timezone.localdate()
    return f"{'Today' if is_today else day(value)} at {clock(value)}"


@register.filter
def moment_within(value: datetime | None) -> str:
    """The same inside a sentence: `Since today at 8:51am`"""
    said = moment(value)
    return f"t{said[1:]}" if said.startswith("Today") else said


@register.filter
def tel(value: str) -> str:
    """A British telephone number as the address of a `tel:` link: 020 7946 0123 is +442079460123; 999 stays 999."""
    digits = "".join(character for character in value if character.isdigit())
    return f"+44{digits[1:]}" if len(digits) > 5 and digits.startswith("0") else digits
