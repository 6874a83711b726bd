"""Cases C020 to C022: one that was merged into another, and one that was split in two; and a file for a panel."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from dkh_conduct.demo import clock
from dkh_conduct.demo.told import Told, Who
from incidents.casework.case_file import ask_for_case_file, make_case_file, names_in_file
from incidents.casework.case_file_told import PARTS
from incidents.casework.merge import merge_cases
from incidents.casework.split import split_case
from incidents.models import Case

if TYPE_CHECKING:
    from dkh_conduct.demo.story import CaseStory, Story

TOLD = (
    Told(
        "DKH-7K3M-9P",
        on=4,
        at="7:05pm",
        account="More voice notes about the girl in our class went round tonight. I have not kept them.",
        clauses=("voice",),
        place_name="Y5 Oak playdates",
        who=Who(name="Petra Novak"),
    ),
    Told(
        "DKH-2D6V-8T",
        on=4,
        at="8:30pm",
        account="A dad wrote that the trip was “planned by idiots”, and named the teaching assistant.",
        clauses=("abusive",),
        place_name="Year 4 Willow trip",
        poster="Callum",
        who=Who(name="Aoife Brennan", email="aoife.brennan@families.example"),
    ),
    Told(
        "DKH-9H4Q-3X",
        on=3,
        at="12:15pm",
        account="Somebody writes to me about my son every day since the trip. It is a mother in the same group.",
        clauses=("contacting",),
        place_name="Year 4 Willow trip",
        poster="Bea L",
        who=Who(name="Joy Afolabi", phone="020 7946 0191"),
    ),
)
OF_HERS = "The messages to the other family have nothing to do with the trip."


def more_voice_notes(story: Story) -> CaseStory:
    """Opened before anybody saw that it is the same group and the same girl."""
    case = story.opens(
        "DKH-7K3M-9P",
        3,
        "9:50am",
        "farah",
        summary="Voice notes in a Year 5 group",
        why="A child is spoken of, and other children hear it.",
    )
    case.notes(3, "10:05am", "farah", "fact", "The reporter did not keep the voice notes. She would know his voice.")
    case.task(3, "10:10am", "farah", "Ask who else has the voice notes", owner="farah", due=2)
    return case


def after_the_trip(story: Story) -> CaseStory:
    """Two parents of one group, and two matters."""
    case = story.opens(
        "DKH-2D6V-8T",
        3,
        "10:30am",
        "farah",
        summary="Messages about a class trip",
        why="One person is named, and called names. That the trip was badly planned is criticism, and stays out.",
        kind="both",
    )
    case.takes_in("DKH-9H4Q-3X", 2, "9:10am", "farah", why="The same group, and the same week.")
    callum = case.person("Callum Fairweather-Stone", 2, "9:20am", "farah", title="Mr")
    bea = case.person("Bea Lindgren", 2, "9:22am", "farah", title="Ms", address="6 Lantern Row\nLondon\nSE22 8QW")
    case.alleges(callum, "abusive", 2, "9:30am", "farah", words="Planned by idiots, that helper cannot even count")
    case.alleges(bea, "contacting", 2, "9:34am", "farah", description="Messages to one family, every day for a week")
    case.notes(2, "9:40am", "farah", "observation", OF_HERS)
    case.notes(2, "9:45am", "farah", "fact", "The teaching assistant has read it, and would like to be left in peace.")
    case.task(2, "9:50am", "farah", "Ring Ms Lindgren about the messages", owner="tomas", due=2)
    case.asks(callum, 2, "2:00pm", "farah")
    return case


def run(story: Story) -> None:
    _merged(story)
    _split(story)
    _filed(story)


def _merged(story: Story) -> None:
    case, into = _case(story, "C020"), _case(story, "C018")
    with story.when(2, "4:20pm"):
        merge_cases(
            case=case,
            into=into,
            by=story.staff["farah"],
            reason="The same group, the same girl, and very likely the same voice.",
        )


def _split(story: Story) -> None:
    case, farah = _case(story, "C021"), story.staff["farah"]
    with story.when(1, "3:10pm"):
        split_case(
            case=case,
            by=farah,
            summary="Messages to another family",
            reason="It is another parent and another matter: each is owed a case that is only about them.",
            concerns=list(case.concerns.filter(reference="DKH-9H4Q-3X").values_list("pk", flat=True)),
            allegations=list(case.allegations.filter(clause="contacting").values_list("pk", flat=True)),
            notes=list(case.notes.filter(text=OF_HERS).values_list("pk", flat=True)),
            tasks=list(case.tasks.values_list("pk", flat=True)),
        )


def _filed(story: Story) -> None:
    """With its letter, and without the notes that staff wrote for themselves."""
    case, ruth = _case(story, "C006"), story.staff["ruth"]
    purpose = "The chair of governors, who asked how it ended"
    parts = [part for part in PARTS if part not in ("notes", "advice")]
    with story.when(8, "11:30am"):
        named = names_in_file(case, by=ruth, purpose=purpose, parts=parts)
        file = ask_for_case_file(
            case=case,
            by=ruth,
            purpose=purpose,
            parts=parts,
            stays={
                each.key: "He says sorry to Jonah, whom he swore at. It does not say who told us." for each in named
            },
            letters=["DKH-C006-1"],
            evidence=[],
        )
    with clock.set_to(file.asked_at + timedelta(seconds=20)):
        if not make_case_file(file.pk):
            raise ValueError(f"The file of {case.reference} could not be made at {timezone.now()}.")


def _case(story: Story, reference: str) -> Case:
    return Case.objects.with_reference(reference).get(school=story.school)
