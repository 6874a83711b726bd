"""The short lists beside a case, read together in one query: tasks, notes, and the cases that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, DateTimeField, F, IntegerField, Value
from django.db.models.functions import Coalesce

from dkh_conduct.accounts.models import User
from incidents.casework.case_facts import word
from incidents.models import Case, Note, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LinkRow:
    """A case that belongs to this one, and why."""

    case: Case
    reason: str
    is_merged: bool = False


@dataclass(frozen=True)
class CaseLists:
    """What is to be done comes before what is done; the newest note is first."""

    tasks: list[Task] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)


def lists_of(case: Case, *, user: User) -> CaseLists:
    """Of a case that was read through `visible_to(user)`; linked cases that `user` may not see are left out."""
    found = CaseLists()
    # The tasks are named first: a database takes the kinds of the columns from them.
    for what, pk, kind, text, more, whose, name, at, on, into in _tasks(case).union(
        _notes(case), *_links(case, user=user), all=True
    ):
        if what == "task":
            who = User(pk=whose, full_name=name)
            found.tasks.append(Task(pk=pk, what=text, owner=who, due_on=on, done_by=who if at else None, done_at=at))
        elif what == "note":
            by = User(pk=whose, full_name=name)
            found.notes.append(Note(pk=pk, kind=kind, text=text, written_by=by, written_at=at))
        else:
            other = Case(pk=whose, number=pk, summary=text, status=kind, merged_into_id=into or None)
            found.links.append(LinkRow(other, more, case.pk == into or case.merged_into_id == whose))
    found.tasks.sort(key=lambda task: (task.done_at is not None, task.done_at or LONG_AGO, task.due_on, task.pk))
    found.notes.sort(key=lambda note: (note.written_at, note.pk), reverse=True)
    found.links.sort(key=lambda link: link.case.number)
    return found


def _tasks(case: Case) -> QuerySet[Task, Any]:
    """Whose each is; of one that is done, who did it."""
    return case.tasks.order_by().values_list(
        word("task"),
        "pk",
        word(""),
        "what",
        word(""),
        Coalesce("done_by", "owner"),
        Coalesce("done_by__full_name", "owner__full_name"),
        "done_at",
        "due_on",
        Value(0, output_field=IntegerField()),
    )


def _notes(case: Case) -> QuerySet[Note, Any]:
    return case.notes.order_by().values_list(
        word("note"),
        "pk",
        "kind",
        "text",
        word(""),
        "written_by",
        "written_by__full_name",
        "written_at",
        Value(None, output_field=DateField()),
        Value(0, output_field=IntegerField()),
    )


def _links(case: Case, *, user: User) -> list[QuerySet[Case, Any]]:
    """A link is kept once, with the lower number first: so this case is on either end."""
    seen = Case.objects.visible_to(user).order_by()
    ends = (
        ("links_back__reason", seen.filter(links_back__case=case)),
        ("links_on__reason", seen.filter(links_on__other=case)),
    )
    return [
        others.values_list(
            word("link"),
            "number",
            "status",
            "summary",
            F(reason),
            "pk",
            word(""),
            Value(None, output_field=DateTimeField()),
            Value(None, output_field=DateField()),
            Coalesce("merged_into", 0),
        )
        for reason, others in ends
    ]
