"""How far a concern has got, in words its reporter may read: never what was decided, nor about whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dkh_conduct.school.templatetags.dates import day
from incidents.models import Case

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise as Words

    from incidents.models import Concern

RECEIVED, READ, GATHERING, DECIDING, FINISHED = range(5)
LABELS = (
    _lazy("Received"),
    _lazy("Read by a senior leader"),
    _lazy("Gathering information"),
    _lazy("Deciding what to do"),
    _lazy("Finished"),
)
NOW = {
    READ: _lazy("A senior leader reads it by {due}"),
    GATHERING: _lazy("We are hearing from the people involved"),
    DECIDING: _lazy("We are looking at what we have learned"),
}
HEADINGS = {
    READ: _lazy("We have your concern"),
    GATHERING: _lazy("We are looking into it"),
    DECIDING: _lazy("We are deciding what to do"),
    FINISHED: _lazy("We have finished"),
}
LATE = _lazy("We have not read it yet. We are sorry that it takes longer than we said")
NOT_STARTED = _lazy("Not started")


@dataclass(frozen=True)
class Stage:
    """One line of the track. `state` is `done`, `now`, or empty for what is still to come."""

    label: Words
    state: str
    words: Words


def stage_now(concern: Concern) -> int:
    """Where the concern is: the first stage that is not done; FINISHED when everything is."""
    if not concern.is_read:
        return READ
    if concern.is_paused:
        return GATHERING
    if concern.case is None and concern.duplicate_of is not None:
        return stage_now(concern.duplicate_of)
    if concern.case is None or concern.case.status == Case.Status.CLOSED:
        return FINISHED
    return DECIDING if concern.case.steps.taken().exists() else GATHERING


def heading(now: int) -> Words:
    return HEADINGS[now]


def track(concern: Concern, now: int, *, today: date, read_by: date) -> list[Stage]:
    """The five lines; `read_by` is the day that was promised.

    All finished concerns look alike: a later date, or a stage left out, would give away the rest.
    """
    is_finished = now == FINISHED
    dates = {RECEIVED: day(concern.received_at)}
    if not is_finished:
        dates[READ] = day(concern.outcome_at)
    stages = []
    for place, label in enumerate(LABELS):
        if place < now or is_finished:
            stages.append(Stage(label, "done", dates.get(place) or _("Done")))
        elif place == now:
            is_late = place == READ and read_by < today
            stages.append(Stage(label, "now", LATE if is_late else NOW[place].format(due=day(read_by))))
        else:
            stages.append(Stage(label, "", NOT_STARTED))
    return stages
