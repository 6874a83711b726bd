"""The whole demo school, on an empty database: the same day gives the same school."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.demo import (
    access,
    case_marsh,
    cases_early,
    cases_late,
    cases_middle,
    desks,
    evidence_room,
    families,
    print_room,
    steps,
    together,
)
from dkh_conduct.demo.clock import Days, set_to
from dkh_conduct.demo.read import ADDED, CLOSED, OPENED
from dkh_conduct.demo.received import tell
from dkh_conduct.demo.school import make_school, make_staff
from dkh_conduct.demo.story import Story
from dkh_conduct.demo.unread import UNREAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from dkh_conduct.demo.story import CaseStory

# In the order in which they were opened, which gives them their numbers.
CASES: tuple[Callable[[Story], CaseStory], ...] = (
    cases_early.delroy_campbell_price,
    cases_early.kwame_abdullahi_fitzgerald,
    cases_early.jo_pemberton,
    cases_early.helen_ashby,
    cases_middle.thanh_nguyen,
    cases_middle.luz_ortega,
    cases_middle.sinead_ni_bhriain,
    cases_middle.bartholomew_fotheringay_cholmondeley,
    case_marsh.daniel_marsh,
    cases_late.rhiannon_vance,
    cases_late.the_okonkwos,
    cases_late.a_page_with_the_crest,
    cases_late.voice_notes,
    cases_late.gareth_lloyd_hughes,
    together.more_voice_notes,
    together.after_the_trip,
)
NOTHING_FURTHER = (
    (
        "DKH-3N6C-2T",
        13,
        "9:05am",
        "farah",
        "unclear",
        "Both of them have put it right between themselves, and asked that we leave it there.",
    ),
)


def elsewhere(story: Story) -> None:
    """One concern for each outcome that leads away from a case."""
    story.complains(
        "DKH-5R8D-9F",
        28,
        "10:20am",
        "ruth",
        to="the Head of School",
        why="It is criticism of the lunches, and people may say so where they like. The kitchen should hear it.",
    )
    story.is_for(
        "DKH-8V5H-4W",
        5,
        "2:15pm",
        "tomas",
        school="Grove Vale Secondary",
        why="The uniform is not ours. I have rung the other school and passed it on, without the reporter’s words.",
    )
    story.repeats(
        "DKH-6H2X-8R",
        8,
        "8:50am",
        "farah",
        original="DKH-7W2P-6H",
        why="Another parent in the same group, same evening.",
    )
    story.pauses("DKH-2P9T-4J", 3, "9:10am", "ruth", why="Ife speaks to the family before anybody else does.")


@transaction.atomic
def seed(*, today: date, password: str) -> Story:
    """All of it, or nothing. Times are before `today`, but for one early this morning."""
    school = make_school(today)
    days = Days(today, school.calendar())
    with set_to(days.moment(-60, "9:00am")):
        staff = make_staff(school, password)
    story = Story(school, staff, days)
    rng = random.Random(school.code)  # noqa: S311  drawn the same every time, and nothing secret
    for told in (*OPENED, *ADDED, *CLOSED, *UNREAD, *together.TOLD):
        tell(story, told, rng=rng)
    for scene in CASES:
        scene(story)
    for reference, on, at, by, kind, why in NOTHING_FURTHER:
        story.closes(reference, on, at, by, kind=kind, why=why)
    elsewhere(story)
    steps.run(story)
    evidence_room.run(story)
    print_room.run(story)
    together.run(story)
    families.run(story)
    access.run(story)
    desks.run(story)
    return story
