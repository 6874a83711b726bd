"""What the queue is narrowed to, read from its address: words that mean nothing are left out, never an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q

from incidents.models import Concern
from incidents.policy.clause_choices import CLAUSES, keys_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from dkh_conduct.accounts.models import User
    from incidents.models.concern import ConcernQuerySet

SEARCH_LENGTH = 200
SEARCH_WORDS = 10

STATUSES = {
    "unread": "Not read",
    "waiting": "Waiting for the reporter",
    "replied": "New message from the reporter",
    "paused": "Safeguarding first",
    "read": "Read",
}
DUES = {"late": "Late", "today": "Today", "week": "This week"}
ASSIGNEES = {"me": "You"}
SORTS = {"deadline": "deadline", "newest": "newest"}

HEADINGS = {"status": "Status", "due": "Due", "clause": "Clause", "assigned": "Assigned to"}
CHOICES = {"status": STATUSES, "due": DUES, "clause": CLAUSES, "assigned": ASSIGNEES}


@dataclass(frozen=True)
class Tag:
    """One chosen filter, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Filters:
    q: str = ""
    status: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    sort: str = "deadline"

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        """Nothing chosen at all means what waits; once anything is chosen, only that counts."""
        chosen = {name: tuple(key for key in known if key in query.getlist(name)) for name, known in CHOICES.items()}
        if not {"q", *CHOICES} & query.keys():
            chosen["status"] = ("unread",)
        typed = query.get("q", "").replace("\0", " ")[:SEARCH_LENGTH]
        sort = query.get("sort", "")
        return cls(q=" ".join(typed.split()[:SEARCH_WORDS]), sort=sort if sort in SORTS else "deadline", **chosen)

    @property
    def is_default(self) -> bool:
        """What the queue shows when it is opened."""
        return self._pairs() == [("status", "unread")]

    @property
    def query(self) -> str:
        """The same as an address carries it, without what means nothing."""
        pairs = self._pairs() or [("q", "")]
        return urlencode(pairs + ([("sort", self.sort)] if self.sort != "deadline" else []))

    def narrow(self, concerns: ConcernQuerySet, *, user: User, today: date) -> ConcernQuerySet:
        if self.q:
            concerns = concerns.matching(self.q)
        if self.status:
            concerns = concerns.filter(self._status())
        if self.due:
            concerns = concerns.unread().filter(self._due(today))
        if self.clause:
            concerns = concerns.with_clause(keys_of(self.clause))
        if self.assigned:
            concerns = concerns.filter(assigned_to=user)
        return concerns.newest_first() if self.sort == "newest" else concerns.by_deadline()

    def tags(self) -> dict[str, list[Tag]]:
        """The chosen filters under their headings, each with the address that takes it away."""
        found: dict[str, list[Tag]] = {}
        for name, value in self._pairs():
            label = f"“{value}”" if name == "q" else CHOICES[name][value]
            heading = HEADINGS.get(name, "Search")
            found.setdefault(heading, []).append(Tag(label, self._url_without(name, value)))
        return found

    def initial(self) -> dict[str, str | list[str]]:
        """The same, as a form shows it."""
        return {"q": self.q, **{name: list(getattr(self, name)) for name in CHOICES}}

    def _status(self) -> Q:
        meanings = {
            "unread": Q(outcome=""),
            "read": ~Q(outcome=""),
            "waiting": Q(pk__in=Concern.objects.waiting_for_reporter().values("pk")),
            "paused": Q(outcome=Concern.Outcome.SAFEGUARDING),
            "replied": Q(pk__in=Concern.objects.with_new_message().values("pk")),
        }
        found = Q()
        for key in self.status:
            found |= meanings[key]
        return found

    def _due(self, today: date) -> Q:
        monday = today - timedelta(days=today.weekday())
        meanings = {
            "late": Q(due_on__lt=today),
            "today": Q(due_on=today),
            "week": Q(due_on__gte=monday, due_on__lte=monday + timedelta(days=6)),
        }
        found = Q()
        for key in self.due:
            found |= meanings[key]
        return found

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = [("q", self.q)] if self.q else []
        return pairs + [(name, value) for name in CHOICES for value in getattr(self, name)]

    def _url_without(self, name: str, value: str) -> str:
        left = [pair for pair in self._pairs() if pair != (name, value)]
        # An empty search keeps the address from meaning "nothing chosen", which shows what waits.
        pairs = left or [("q", "")]
        return f"?{urlencode(pairs + ([('sort', self.sort)] if self.sort != 'deadline' else []))}"
