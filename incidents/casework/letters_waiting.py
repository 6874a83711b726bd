"""The letters of a case that have not left the house: named before it is closed, and stopped while it is paused.

Two kinds go on while a case is paused. A letter that says that somebody may come on site again: until they read it,
they are kept out by a decision that no longer stands. And a letter to the police or another body: they are who the
case waits for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import day
from incidents.casework.bans import why_not_again
from incidents.models import Step
from letters.holding import hold_letters, release_letters
from letters.models import Letter
from letters.posting import arrives
from letters.voiding import withdraw_letters

if TYPE_CHECKING:
    from collections.abc import Collection

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Case
    from letters.models import LetterQuerySet

NEVER_STOPPED = ("ban_not_made", "ban_lifted", "ban_expired", "authorities_cover")


def letters_on_their_way(case: Case) -> LetterQuerySet:
    """Approved, and neither posted, handed over, emailed nor void; nor sent to a body, which is written down there."""
    steps = case.steps.filter(letter__isnull=False, authority__sent_on__isnull=True)
    return Letter.objects.filter(pk__in=steps.values("letter")).not_gone().order_by("pk")


def letters_to_stop(case: Case) -> LetterQuerySet:
    return letters_on_their_way(case).exclude(kind__in=NEVER_STOPPED)


def why_letters_keep_it_open(case: Case) -> list[str]:
    """A sentence for each. A case that is closed says nothing more; a letter would."""
    return [
        f"Letter {letter.reference} has not left the house. Post it, or make it void."
        for letter in letters_on_their_way(case).only("reference")
    ]


def stop_letters(case: Case, *, by: User, goes: Collection[str]) -> str:
    """All but those that are never stopped, and those that `goes` names. The sentence for the story of the case."""
    why = (
        f"The case that this letter is from was paused by {by.full_name} on {day(today())}. "
        "It goes on when the case does."
    )
    waiting = letters_to_stop(case).exclude(reference__in=goes)
    stopped = hold_letters(waiting, key=_key(case), why=why, by=by)
    return f"Stopped: {_named(stopped)}." if stopped else ""


def let_letters_go_on(case: Case, *, by: User) -> str:
    """What was stopped goes on, but for what is not so any more: that is void. The sentence for the story."""
    free = release_letters(school=case.school, key=_key(case), why="The case goes on.", by=by)
    calendar = case.school.calendar()
    steps = Step.objects.filter(letter__in=free).select_related("letter", "part_of", "subject")
    stale = [step.letter_id for step in steps if step.letter_id and _is_stale(step, calendar=calendar)]
    void = withdraw_letters(
        Letter.objects.filter(pk__in=stale),
        by=by,
        reason=Letter.VoidReason.OTHER,
        words="What it says about days is not so any more, after the case was paused.",
    )
    gone = {letter.pk for letter in void}
    said = []
    if on := [letter for letter in free if letter.pk not in gone]:
        said.append(f"On its way again: {_named(on)}.")
    if void:
        said.append(f"Void, because its days have passed: {_named(void)}. Issue it again where it still holds.")
    return " ".join(said)


def _is_stale(step: Step, *, calendar: SchoolCalendar) -> bool:
    """It would arrive when they can no longer answer it, or says of a ban what is not so any more."""
    letter = step.letter
    if letter is None:
        return False
    if letter.reply_by and arrives(letter, today(), calendar=calendar) >= letter.reply_by:
        return True
    return step.kind == "ban" and bool(why_not_again(step))


def _key(case: Case) -> str:
    return f"pause-{case.pk}"


def _named(letters: Collection[Letter]) -> str:
    return ", ".join(letter.reference for letter in letters)
