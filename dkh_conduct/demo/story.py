"""Tells the story with the portal's own verbs, each at its own time, by somebody who may do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dkh_conduct.demo import clock
from incidents.casework.allegations import add_allegation, record_finding, seen_finding
from incidents.casework.closing import close_case
from incidents.casework.conflicts import record_conflict
from incidents.casework.information import ask_for_information, receive_information, record_cannot_wait
from incidents.casework.notes import add_note
from incidents.casework.people import add_person
from incidents.casework.reply_days import reply_days
from incidents.casework.step_taking import take_step
from incidents.casework.tasks import add_task, finish_task
from incidents.casework.warning import draft_warning
from incidents.casework.warning_words import usual_asks
from incidents.models import Allegation, Case, CasePerson, Concern
from incidents.triage.outcome import (
    add_to_case,
    close_concern,
    hand_to_complaints,
    mark_duplicate,
    open_case,
    pass_to_school,
)
from incidents.triage.safeguarding import pause_for_safeguarding

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    from dkh_conduct.accounts.models import User
    from dkh_conduct.demo.clock import Days
    from dkh_conduct.school.models import School
    from incidents.casework.step_letter import Explained
    from incidents.models import Evidence, InformationRequest, Person, Step


@dataclass
class Story:
    """`on` is how many school days ago something was done, `at` the time of day, `by` a first name in lower case."""

    school: School
    staff: dict[str, User]
    days: Days
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)

    def when(self, on: int, at: str) -> AbstractContextManager[None]:
        return clock.set_to(self.days.moment(-on, at))

    def concern(self, reference: str) -> Concern:
        return Concern.objects.get(school=self.school, reference=reference)

    def opens(
        self, reference: str, on: int, at: str, by: str, *, summary: str, why: str, kind: str = "misconduct"
    ) -> CaseStory:
        with self.when(on, at):
            case = open_case(concern=self.concern(reference), by=self.staff[by], kind=kind, summary=summary, reason=why)
        return CaseStory(self, case, list(self.evidence.get(reference, [])))

    def complains(self, reference: str, on: int, at: str, by: str, *, to: str, why: str) -> None:
        with self.when(on, at):
            hand_to_complaints(
                concern=self.concern(reference), by=self.staff[by], kind="criticism", reason=why, handed_to=to
            )

    def is_for(self, reference: str, on: int, at: str, by: str, *, school: str, why: str) -> None:
        with self.when(on, at):
            pass_to_school(
                concern=self.concern(reference), by=self.staff[by], kind="unclear", reason=why, handed_to=school
            )

    def repeats(self, reference: str, on: int, at: str, by: str, *, original: str, why: str) -> None:
        with self.when(on, at):
            mark_duplicate(
                concern=self.concern(reference),
                original=self.concern(original),
                by=self.staff[by],
                kind="misconduct",
                reason=why,
            )

    def pauses(self, reference: str, on: int, at: str, by: str, *, why: str) -> None:
        with self.when(on, at):
            pause_for_safeguarding(concern=self.concern(reference), by=self.staff[by], reason=why)

    def closes(self, reference: str, on: int, at: str, by: str, *, kind: str, why: str) -> None:
        with self.when(on, at):
            close_concern(concern=self.concern(reference), by=self.staff[by], kind=kind, reason=why)


@dataclass
class CaseStory:
    """One case of the story, and the pictures that came with its concerns."""

    story: Story
    case: Case
    pictures: list[Evidence]

    def when(self, on: int, at: str) -> AbstractContextManager[None]:
        return self.story.when(on, at)

    def day(self, on: int) -> date:
        return self.story.days.day(-on)

    def takes_in(self, reference: str, on: int, at: str, by: str, *, why: str) -> None:
        with self.when(on, at):
            add_to_case(
                concern=self.story.concern(reference),
                case=self.case,
                by=self.story.staff[by],
                kind="misconduct",
                reason=why,
            )
        self.pictures += self.story.evidence.get(reference, [])

    def person(
        self,
        name: str,
        on: int,
        at: str,
        by: str,
        *,
        role: str = "subject",
        description: str = "Parent",
        title: str = "",
        address: str = "",
    ) -> Person:
        with self.when(on, at):
            link = add_person(
                case=self.case,
                by=self.story.staff[by],
                role=role,
                full_name=name,
                title=title,
                description=description,
                is_child=role == CasePerson.Role.CHILD,
                address=address,
            )
        return link.person

    def alleges(
        self,
        subject: Person,
        clause: str,
        on: int,
        at: str,
        by: str,
        *,
        words: str = "",
        description: str = "",
        where: str = "Class WhatsApp group",
        posted: int | None = None,
        picture: int | None = None,
    ) -> Allegation:
        """`picture` counts the case's pictures from 0."""
        with self.when(on, at):
            return add_allegation(
                case=self.case,
                by=self.story.staff[by],
                subject=subject,
                clause=clause,
                words=words,
                description=description,
                posted_on=self.day(on + 1 if posted is None else posted),
                posted_where=where,
                evidence=None if picture is None else self.pictures[picture],
            )

    def finds(self, allegation: Allegation, on: int, at: str, by: str, finding: str, *, why: str) -> None:
        with self.when(on, at):
            record_finding(
                case=self.case,
                by=self.story.staff[by],
                allegation=allegation,
                finding=finding,
                reason=why,
                seen=seen_finding(allegation),
            )

    def asks(
        self,
        person: Person | None,
        on: int,
        at: str,
        by: str,
        *,
        source: str = "",
        topic: str = "",
        how: str = "phone",
        due_in: int = 5,
    ) -> InformationRequest:
        with self.when(on, at):
            return ask_for_information(
                case=self.case,
                by=self.story.staff[by],
                asked_on=self.day(on),
                asked_how=how,
                due_in=due_in,
                person=person,
                source=source,
                topic=topic,
            )

    def hears(
        self, request: InformationRequest, on: int, at: str, by: str, statement: str, *, how: str = "phone"
    ) -> None:
        with self.when(on, at):
            receive_information(
                case=self.case,
                by=self.story.staff[by],
                information=request,
                received_on=self.day(on),
                received_how=how,
                statement=statement,
            )

    def notes(self, on: int, at: str, by: str, kind: str, text: str) -> None:
        with self.when(on, at):
            add_note(case=self.case, by=self.story.staff[by], kind=kind, text=text)

    def cannot_wait(self, on: int, at: str, by: str, why: str) -> None:
        with self.when(on, at):
            record_cannot_wait(case=self.case, by=self.story.staff[by], reason=why)

    def steps_aside(self, on: int, at: str, who: str, why: str) -> None:
        with self.when(on, at):
            record_conflict(case=self.case, by=self.story.staff[who], reason=why)

    def drafts(
        self,
        subject: Person,
        found: list[Allegation],
        on: int,
        at: str,
        by: str,
        *,
        impact: str = "",
        account: str = "",
        asks: tuple[str, ...] = (),
    ) -> Step:
        with self.when(on, at):
            signatory = self.story.staff[by]
            return draft_warning(
                case=self.case,
                by=signatory,
                subject=subject,
                allegations=found,
                asks=asks or usual_asks(signatory, school=self.story.school),
                reply_by=self.reply_by(on),
                impact=impact,
                account=account,
            )

    def reply_by(self, on: int) -> date:
        days = reply_days(self.story.school, posted_on=self.day(on))
        if days.usual is None:
            raise ValueError(days.past_calendar)
        return days.usual

    def takes(
        self, step: Step, on: int, at: str, *, why: str, delivery: str = "post", explained: Explained | None = None
    ) -> None:
        """By whoever drafted it: the letter carries their name."""
        letter = step.letter
        if letter is None:
            raise ValueError(f"{step} has no letter to send.")
        with self.when(on, at):
            take_step(
                step=step,
                by=step.drafted_by,
                version=letter.version,
                reason=why,
                has_no_conflict=True,
                heading=letter.heading,
                body=letter.body,
                reply_by=self.reply_by(on),
                delivery=delivery,
                explained=explained,
            )

    def waits_for(self, action: str, on: int) -> None:
        """What is next, `on` school days from today; a day past is late."""
        case = Case.objects.get(pk=self.case.pk)
        case.next_action, case.next_on = action, self.story.days.day(on)
        case.save(update_fields=["next_action", "next_on"])

    def ends(self, on: int, at: str, by: str, why: str) -> None:
        """Closed, each allegation with the outcome that its finding leaves."""
        with self.when(on, at):
            stepped = self.case.steps.taken().exists()
            found = Allegation.Outcome.STEP if stepped else Allegation.Outcome.TALK
            ends = {"found": found, "not_found": Allegation.Outcome.NOTHING, "undecided": Allegation.Outcome.UNKNOWN}
            outcomes = {allegation.pk: ends[allegation.finding] for allegation in self.case.allegations.all()}
            close_case(case=self.case, by=self.story.staff[by], reason=why, outcomes=outcomes)

    def task(self, on: int, at: str, by: str, what: str, *, owner: str, due: int, done: int | None = None) -> None:
        """`due` school days from today; `done` that many school days ago."""
        with self.when(on, at):
            task = add_task(
                case=self.case, by=self.story.staff[by], what=what, owner=self.story.staff[owner], due_on=self.day(-due)
            )
        if done is not None:
            with self.when(done, at):
                finish_task(case=self.case, by=self.story.staff[owner], task=task)
