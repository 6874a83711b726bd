"""What the queue and the concern page show of a row, worked out once so that the templates only print it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT

from dkh_conduct.school.deadlines import Deadline, deadline
from incidents.models import Case, Concern, Event
from incidents.models.story import lines_of, title_of

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Evidence

BEGINNING = 180
OF_A_CASE = {"case", "summary"}  # facts of an event that say something of one
# What was done, where the choice itself reads "Open a case".
DONE = {
    Concern.Outcome.OPEN_CASE: "Case opened",
    Concern.Outcome.ADD_TO_CASE: "Added to a case",
    Concern.Outcome.COMPLAINT: "Complaints procedure",
    Concern.Outcome.SAFEGUARDING: "Safeguarding first",
    Concern.Outcome.OTHER_SCHOOL: "Another school’s matter",
    Concern.Outcome.DUPLICATE: "Duplicate",
    Concern.Outcome.NOTHING_FURTHER: "Nothing further",
}


@dataclass(frozen=True)
class Row:
    """One concern in the queue: when it is due, and what its title leaves out of the reporter's words."""

    concern: Concern
    due: Deadline
    more: str

    @classmethod
    def of(cls, concern: Concern, *, today: date, calendar: SchoolCalendar) -> Row:
        return cls(concern, deadline(concern.due_on, today=today, calendar=calendar), _more_of(concern))

    @property
    def outcome(self) -> str:
        return DONE[Concern.Outcome(self.concern.outcome)] if self.concern.is_read else ""

    @property
    def mark(self) -> str:
        """The coloured edge of a card that waits; the tag says the same in words."""
        if self.concern.is_read:
            return ""
        if self.due.is_late:
            return "dkh-concern--late"
        return "dkh-concern--soon" if self.due.is_today else ""

    @property
    def tone(self) -> str:
        """Of the tag; a day that is not late and not today takes the plain one."""
        return self.due.tone if self.due.is_late or self.due.is_today else ""


def _more_of(concern: Concern) -> str:
    """The words after those in the title, cut at a word; empty when the title says it all."""
    title, words = concern.title, " ".join(concern.account.split())
    if title == words:
        return ""
    words = words[len(title) - 1 :].lstrip(",.;: ")
    if len(words) <= BEGINNING:
        return words
    return words[:BEGINNING].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


@dataclass(frozen=True)
class Stage:
    """The pictures of a concern, one of them on the stage. Numbers start at 1; an unknown one means the first."""

    pictures: list[Evidence]
    number: int

    @classmethod
    def of(cls, pictures: list[Evidence], asked: str) -> Stage:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
        return cls(pictures, number if 1 <= number <= len(pictures) else 1)

    @property
    def shown(self) -> Evidence | None:
        return self.pictures[self.number - 1] if self.pictures else None


@dataclass(frozen=True)
class Chapter:
    """One event as it reads."""

    event: Event
    title: str
    lines: list[str]


def story_of(concern: Concern, *, user: User) -> list[Chapter]:
    """What was done with it, in one query; not in a case that it was in once and that is kept from the reader.

    Whoever reads concerns and no cases, as the safeguarding lead does, learns that it became one and why, not which one
    and what that is about.
    """
    events = Event.objects.filter(concern=concern).known_to(user).alias(original=KT("facts__original"))
    events = events.annotate(
        shows_case=Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case"))),
        shows_original=Exists(Concern.objects.visible_to(user).filter(reference=OuterRef("original"))),
    )
    return [_chapter(event) for event in events.select_related("by").newest_first()]


def _chapter(event: Event) -> Chapter:
    hidden = set() if event.shows_original else {"original"}  # type: ignore[attr-defined]
    if event.case_id and not event.shows_case:  # type: ignore[attr-defined]
        hidden |= OF_A_CASE
    event.facts = {name: fact for name, fact in event.facts.items() if name not in hidden}
    return Chapter(event, title_of(event), lines_of(event))
