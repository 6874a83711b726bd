"""What lies on people’s desks this morning: cases that belong together, saved filters, and what people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.casework.tasks import link_cases
from incidents.insights.noticing import notice
from incidents.models import Case
from incidents.triage.filters import Filters
from incidents.triage.saved import save_filter

if TYPE_CHECKING:
    from dkh_conduct.demo.story import Story

READERS = ("ruth", "tomas", "farah", "marian", "ife")


def run(story: Story) -> None:
    _one_family(story)
    with story.when(1, "4:10pm"):
        late = Filters(status=("unread",), due=("late",))
        save_filter(by=story.staff["ruth"], name="Late, whoever has it", filters=late, is_shared=True)
        threats = Filters(clause=("threat", "anger"))
        save_filter(by=story.staff["tomas"], name="Threats and anger", filters=threats, is_shared=False)
    with story.when(0, "7:05am"):
        for name in READERS:
            notice(story.staff[name])


def _one_family(story: Story) -> None:
    cases = Case.objects.filter(school=story.school)
    helen, gareth = (
        cases.get(people__person__full_name=name, people__role="subject")
        for name in ("Helen Ashby", "Gareth Lloyd-Hughes")
    )
    with story.when(1, "2:20pm"):
        link_cases(
            case=gareth,
            by=story.staff["ruth"],
            other=helen,
            reason="He is her brother-in-law. Each says that the other began it: read both before you decide.",
        )
