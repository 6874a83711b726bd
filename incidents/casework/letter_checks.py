"""What there is to object to in a step's letter, with what its case knows: the calendar, and who told the school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.models import Reporter
from letters.checks import check
from letters.checks.answers import answer_objections, asked, unanswered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.calendar import SchoolCalendar
    from incidents.models import Case
    from letters.checks import Objection
    from letters.checks.answers import Asked
    from letters.models import Letter


def objections_to(case: Case, letter: Letter, *, calendar: SchoolCalendar | None = None) -> list[Objection]:
    """The names are looked for and go nowhere else: a letter never draws from them."""
    letter.school = case.school
    names = [reporter.name for reporter in Reporter.objects.filter(concern__case=case) if reporter.name]
    return check(letter, calendar=calendar or case.school.calendar(), reporters=names)


def still_asked(case: Case, letter: Letter, *, calendar: SchoolCalendar) -> list[Asked]:
    """For the page of a draft: what nobody has put right or answered yet."""
    return asked(unanswered(letter, objections_to(case, letter, calendar=calendar)))


def answer_checks(case: Case, letter: Letter, *, by: User, answers: Mapping[str, str]) -> None:
    """Raises UnansweredError while something is neither put right nor answered; else writes the answers down."""
    answer_objections(letter=letter, objections=objections_to(case, letter), reasons=answers, by=by)
