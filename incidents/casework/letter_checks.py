"""What there is to object to in a step's letter, with what its case knows: the calendar, and who told the school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dkh_conduct.school.templatetags.dates import clock, day
from incidents.casework.reporter_words import told_by
from letters.checks import Objection, check
from letters.checks.answers import answer_objections, asked, unanswered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Case
    from letters.checks.answers import Asked
    from letters.models import Letter


def objections_to(case: Case, letter: Letter, *, calendar: SchoolCalendar | None = None) -> list[Objection]:
    """The names are looked for and go nowhere else: a letter never draws from them."""
    letter.school = case.school
    names, reaches = told_by(case)
    calendar = calendar or case.school.calendar()
    objections = check(letter, calendar=calendar, reporters=names, reaches=reaches)
    return [*objections, *_found_anew(case, letter)]


def _found_anew(case: Case, letter: Letter) -> list[Objection]:
    """What the letter says was found was decided again since it was written. Its words were not read beside that.

    Where the steps were read with what each is about, this costs no query.
    """
    about = {each for step in case.steps.all() if step.letter_id == letter.pk for each in step.allegations.all()}
    anew = [each for each in about if each.found_at and each.found_at > letter.drafted_at]
    return [
        Objection(
            "found_anew",
            f"“{each.short}” was decided again on {day(each.found_at)} at {clock(each.found_at)}",
            "The letter was written before. Read the finding and its reason as they are now, and change what the "
            "letter says of it, or begin again. Then write here that it still holds.",
        )
        for each in sorted(anew, key=lambda each: each.pk)
    ]


def still_asked(case: Case, letter: Letter, *, calendar: SchoolCalendar) -> list[Asked]:
    """For the page of a draft: what nobody has put right or answered yet."""
    return asked(unanswered(letter, objections_to(case, letter, calendar=calendar)))


def answer_checks(case: Case, letter: Letter, *, by: User, answers: Mapping[str, str]) -> None:
    """Raises UnansweredError while something is neither put right nor answered; else writes the answers down."""
    answer_objections(letter=letter, objections=objections_to(case, letter), reasons=answers, by=by)
