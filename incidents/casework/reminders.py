"""Reminders that keep a promise: the end of the year for libel, the day a ban is decided, the review of a ban.

Each goes once, that of a decision once before and once on the day. They go by e-mail to the lead: a reference and a
link, and nothing of the case.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from incidents.casework.post import follow_lost_post
from incidents.casework.recounting import recount_all
from incidents.casework.warning_words import months_later
from incidents.models import Email, LegalReferral, SiteBan, Step
from incidents.tasks import hurry_email

if TYPE_CHECKING:
    from incidents.models import Case

# How long before the limitation date: months, and at last 28 days.
BEFORE_LIMITATION = ("11 months", "6 months", "3 months", "28 days")
BEFORE_REVIEW = timedelta(days=7)
BEFORE_DECISION = timedelta(days=7)
UNDECIDED = ("notice", "interim")


@shared_task(name="casework.reminders.send_reminders")
def send_reminders() -> None:
    """Once an hour; each reminder goes once."""
    follow_lost_post()
    recount_all()
    remind(timezone.localdate())


def days_of(limitation_on: date) -> dict[str, date]:
    """The day of each reminder."""
    found = {f"{months} months": _months_before(limitation_on, months) for months in (11, 6, 3)}
    return {**found, "28 days": limitation_on - timedelta(days=28)}


def remind(today: date) -> int:
    """Send what is due and was not sent; returns how many. Safe to run twice, and after days without a run."""
    legal = LegalReferral.objects.filter(step__state=Step.State.TAKEN, published_on__gt=today - timedelta(days=366))
    bans = SiteBan.objects.filter(state="confirmed", review_on__lte=today + BEFORE_REVIEW)
    undecided = SiteBan.objects.filter(state__in=UNDECIDED, decide_by__lte=today + BEFORE_DECISION)
    sent = 0
    for pk in undecided.values_list("pk", flat=True):
        sent += _remind_of_decision(pk, today)
    for pk in legal.values_list("pk", flat=True):
        sent += _remind_of_limitation(pk, today)
    for pk in bans.values_list("pk", flat=True):
        sent += _remind_of_review(pk, today)
    return sent


@transaction.atomic
def _remind_of_limitation(pk: int, today: date) -> int:
    referral = LegalReferral.objects.select_for_update(of=("self",)).select_related("step__case__lead").get(pk=pk)
    passed = [name for name, on in days_of(referral.limitation_on).items() if on <= today]
    new = [name for name in passed if name not in referral.reminded]
    if not new:
        return 0
    referral.reminded = passed
    referral.save(update_fields=["reminded"])
    case = referral.step.case
    if case.status != "closed":
        _send(case, "a date for legal advice comes nearer", f"{settings.SITE_URL}{referral.step.get_absolute_url()}")
    return 1


@transaction.atomic
def _remind_of_decision(pk: int, today: date) -> int:
    """Their letter says by when a ban is decided: once a week before, and once more on the day itself."""
    ban = SiteBan.objects.select_for_update(of=("self",)).select_related("step__case__lead").get(pk=pk)
    if ban.decide_by is None or ban.state not in UNDECIDED:
        return 0
    last = ban.decision_reminded_on
    is_the_day = today >= ban.decide_by
    since = ban.decide_by if is_the_day else ban.decide_by - BEFORE_DECISION
    if last and last >= since:
        return 0
    ban.decision_reminded_on = today
    ban.save(update_fields=["decision_reminded_on"])
    what = "a decision is due now" if is_the_day else "a decision is due soon"
    _send(ban.step.case, what, f"{settings.SITE_URL}{ban.step.get_absolute_url()}")
    return 1


@transaction.atomic
def _remind_of_review(pk: int, today: date) -> int:
    ban = SiteBan.objects.select_for_update(of=("self",)).select_related("step__case__lead").get(pk=pk)
    if ban.review_on is None or ban.review_reminded_for == ban.review_on:
        return 0
    ban.review_reminded_for = ban.review_on
    ban.save(update_fields=["review_reminded_for"])
    _send(ban.step.case, "a review is due soon", f"{settings.SITE_URL}{ban.step.get_absolute_url()}")
    return 1


def _send(case: Case, what: str, link: str) -> None:
    context = {"reference": case.reference, "what": what, "link": link, "school": case.school}
    email = Email.objects.create(
        school=case.school,
        to=case.lead.email,
        subject=f"Case {case.reference}: {what}",
        body=render_to_string("emails/reminder.txt", context),
    )
    transaction.on_commit(partial(hurry_email, email.pk), robust=True)


def _months_before(day: date, months: int) -> date:
    """`months_later` backwards: the same day so many months before, or the month's last day."""
    return months_later(day.replace(year=day.year - 1), 12 - months)
