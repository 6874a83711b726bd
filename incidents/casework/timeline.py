"""The story of a case: its events, those of its concerns and those of its letters, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case as Which
from django.db.models import Exists, F, Q, TextField, Value, When
from django.urls import reverse
from django.utils.dateparse import parse_date

from dkh_conduct.school.templatetags.dates import day, weekday
from incidents.models import Event, LegalReferral
from incidents.models.story import lines_of, title_of
from incidents.policy.stages import stage_of
from letters.models import Letter, LetterEvent

if TYPE_CHECKING:
    from datetime import datetime

    from dkh_conduct.accounts.models import User
    from incidents.casework.timeline_filter import TimelineFilterForm
    from incidents.models import Case

PAGE_SIZE = 20
LEGAL = stage_of("legal", "").title


@dataclass(frozen=True)
class Entry:
    at: datetime
    title: str
    by: str = ""
    lines: tuple[str, ...] = ()
    letter_url: str = ""


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    page: int
    has_older: bool

    @property
    def older(self) -> int:
        return self.page + 1

    @property
    def newer(self) -> int:
        return self.page - 1


def timeline_of(case: Case, *, user: User, chosen: TimelineFilterForm, page: int = 1) -> Timeline:
    """One page of the story, in one query."""
    now = (
        case.steps.values("letter")
        if chosen.subject is None
        else case.steps.filter(subject=chosen.subject).values("letter")
    )
    # A void letter that was issued again is part of the story too.
    letters = Letter.objects.visible_to(user).filter(
        Q(pk__in=now) | Q(reissued_as__in=now) | Q(reissued_as__reissued_as__in=now)
    )
    of_letters = (
        LetterEvent.objects.filter(chosen.letters or Q(), letter__in=letters)
        .order_by()
        .values_list("at", "pk", "kind", "facts", F("letter__reference"), Value(""), F("by__full_name"))
    )
    told = Event.objects.of_case(case).filter(chosen.events or Q()).known_to(user)
    by: F | Which = F("by__full_name")
    if not user.has_perm("incidents.view_concern"):
        # The Trust’s legal team never learns who reported it. Who wrote a concern down may be who told it.
        told = told.without_reporters()
        by = Which(When(~Q(kind=Event.Kind.CONCERN_RECEIVED), then=by), default=Value(""))
    of_case = told.order_by().values_list("at", "pk", "kind", "facts", Value(""), _why_of(case, user=user), by)
    both = [
        rows for rows, are_wanted in ((of_case, chosen.events), (of_letters, chosen.letters)) if are_wanted is not None
    ]
    found = both[0].union(*both[1:], all=True) if len(both) > 1 else both[0]
    start = (page - 1) * PAGE_SIZE
    rows = list(found.order_by("-at", "-pk")[start : start + PAGE_SIZE + 1])
    return Timeline([_entry(*row) for row in rows[:PAGE_SIZE]], page, has_older=len(rows) > PAGE_SIZE)


def _why_of(case: Case, *, user: User) -> Which:
    """Why legal advice was asked for is as privileged as what was asked: empty for whoever may not read that."""
    may_read = Exists(LegalReferral.objects.visible_to(user).filter(step__case=case))
    return Which(When(Q(facts__step=LEGAL) & ~may_read, then=Value("")), default=F("why"), output_field=TextField())


def _entry(at: datetime, pk: int, kind: str, facts: dict[str, object], letter: str, why: str, by: str | None) -> Entry:
    if letter:
        return Entry(
            at, f"{LetterEvent.Kind(kind).label}: {letter}", by or "", _days(facts), reverse("letter", args=[letter])
        )
    event = Event(kind=kind, why=why, facts=facts)
    return Entry(at, title_of(event), by or "", tuple(lines_of(event)))


def _days(facts: dict[str, object]) -> tuple[str, ...]:
    """When a posted letter counts as having arrived, and until when they can put their side."""
    arrives, until = (parse_date(str(facts.get(name) or "")) for name in ("arrives_on", "reply_by"))
    return (
        *([f"Counts as having arrived on {day(arrives)}."] if arrives else []),
        *([f"They have until {weekday(until)} to reply."] if until else []),
    )
