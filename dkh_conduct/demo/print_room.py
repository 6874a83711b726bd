"""The letters' way from approved to posted: made by the worker's own code, printed in batches, put in the post."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dkh_conduct.demo import clock
from dkh_conduct.demo.story import CaseStory
from incidents.models import Case
from letters.kinds import KINDS
from letters.kinds.composing import file_source
from letters.models import Letter
from letters.posting import mark_posted
from letters.printing import print_letters
from letters.queue import MAX_ATTEMPTS
from letters.sealing import make_letter, requeue_lost
from letters.studio import save_template

if TYPE_CHECKING:
    from dkh_conduct.demo.story import Story

WAITING = "DKH-C009-2"
GIVEN_UP = "DKH-C012-1"

# References, how many school days ago they were printed, at what time, when they were posted (None: not yet), by whom.
BATCHES: tuple[tuple[tuple[str, ...], int, str, int | None, str], ...] = (
    (("DKH-C006-1",), 44, "10:05am", 44, "grace"),
    (("DKH-C007-1", "DKH-C008-1"), 37, "9:40am", 37, "pat"),
    (("DKH-C009-1", "DKH-C008-3", "DKH-C008-4"), 31, "11:15am", 30, "pat"),
    (("DKH-C011-1", "DKH-C008-5"), 23, "2:10pm", 23, "pat"),
    (("DKH-C008-2", "DKH-C016-1", "DKH-C016-2"), 1, "9:20am", None, "pat"),
)


def run(story: Story) -> None:
    """Ends with the case that is closed: none is while its letter is on its way."""
    make_all(story)
    say_it_our_way(story)
    for references, on, at, posted, who in BATCHES:
        letters = list(Letter.objects.filter(school=story.school, reference__in=references))
        with story.when(on, at):
            print_letters(letters=letters, by=story.staff[who])
        if posted is not None:
            with story.when(posted, "3:45pm"):
                mark_posted(letters=letters, posted_on=story.days.day(-posted), by=story.staff[who])
    why = "He has put it right himself, and nothing like it was reported in seven weeks."
    CaseStory(story, Case.objects.get(school=story.school, number=6), []).ends(12, "4:00pm", "tomas", why)


def make_all(story: Story) -> None:
    """Every approved letter but two: one that has only just been queued, and one that the worker gave up on."""
    approved = Letter.objects.filter(school=story.school, state=Letter.State.QUEUED)
    for letter in approved.exclude(reference__in=(WAITING, GIVEN_UP)).order_by("queued_at"):
        if letter.queued_at is None:
            continue
        with clock.set_to(letter.queued_at + timedelta(seconds=40)):
            if not make_letter(letter.pk):
                raise ValueError(f"{letter.reference} could not be made: {letter.failure}")
    stuck = approved.get(reference=GIVEN_UP)
    approved.filter(pk=stuck.pk).update(attempts=MAX_ATTEMPTS)
    if stuck.queued_at is not None:
        with clock.set_to(stuck.queued_at + timedelta(minutes=5)):
            requeue_lost()


def say_it_our_way(story: Story) -> None:
    """One template in the school's own words, so that the studio has something to compare."""
    kind = KINDS["meeting_invitation"]
    with story.when(20, "4:10pm"):
        save_template(
            school=story.school,
            kind=kind,
            by=story.staff["ruth"],
            text=file_source(kind).text.replace(
                "We can also talk by phone or by video.", "We can also talk by phone, by video, or over tea at school."
            ),
            seen=0,
            why="Warmer, as the parents’ forum asked",
        )
