"""Splitting a case: what is chosen goes to a new one, which is kept from the same people. Steps and letters stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.school.models import School
from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.merge import BEGUN, put, said_in
from incidents.casework.next_action import soon
from incidents.models import Case, CaseLink, CasePerson, Event, Note, Step, Task
from incidents.models.event import record
from incidents.models.kept_out import keep_out_of_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation, Concern

NEXT = "Decide what is next"
ON_STEPS = [*BEGUN, Step.State.TAKEN, Step.State.RESCINDED, Step.State.DECLINED]


@dataclass(frozen=True)
class Chosen:
    """What is to go: `people` are links of the case, and those whom an allegation that goes is about go with it."""

    concerns: list[Concern]
    allegations: list[Allegation]
    people: list[CasePerson]
    notes: list[Note] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def subjects(self) -> set[int]:
        return {each.subject_id for each in self.allegations}


@transaction.atomic
def split_case(
    *,
    case: Case,
    by: User,
    summary: str,
    reason: str,
    concerns: Sequence[int] = (),
    allegations: Sequence[int] = (),
    people: Sequence[int] = (),
    notes: Sequence[int] = (),
    tasks: Sequence[int] = (),
) -> Case:
    """The new case, led by whoever leads this one. Keys are of what goes; of people, of their links to the case."""
    case = lock_case(case, by=by)
    chosen = chosen_of(case, by=by, concerns=concerns, allegations=allegations, people=people, notes=notes, tasks=tasks)
    if reasons := why_not_split(case, chosen, user=by):
        raise Refused(" ".join(reasons))
    if not reason.strip() or not summary.strip():
        raise Refused("Write what the new case is about, and why it is one of its own.")
    new = _begin(case, by=by, summary=summary)
    for conflict in case.conflicts.select_related("user"):
        keep_out_of_case(conflict.user, case=new, kind=conflict.kind, reason=conflict.reason, by=conflict.recorded_by)
    _hand_over(case, new, chosen)
    CaseLink.objects.create(case=case, other=new, reason=reason[:200], made_by=by)
    record(Event.Kind.CASE_SPLIT, school=case.school, by=by, case=case, why=reason, new=new.reference)
    record(
        Event.Kind.CASE_SPLIT,
        school=case.school,
        by=by,
        case=new,
        why=reason,
        source=case.reference,
        summary=new.summary,
    )
    return new


def chosen_of(
    case: Case,
    *,
    by: User,
    concerns: Sequence[int],
    allegations: Sequence[int],
    people: Sequence[int],
    notes: Sequence[int] = (),
    tasks: Sequence[int] = (),
) -> Chosen:
    """Only what belongs to the case, and no concern with which `by` has a conflict."""
    return Chosen(
        list(case.concerns.filter(pk__in=concerns).exclude(conflicts__user=by)),
        list(case.allegations.filter(pk__in=allegations).select_related("evidence", "subject")),
        list(case.people.filter(pk__in=people).select_related("person")),
        list(case.notes.filter(pk__in=notes).select_related("written_by")),
        list(case.tasks.filter(pk__in=tasks).select_related("owner")),
    )


def what_stays(case: Case, chosen: Chosen, *, user: User) -> str:
    """`1 concern, 2 notes`: what nobody chose, and the steps, which always stay. Counted as `user` may know of it."""
    concerns = case.concerns.exclude(conflicts__user=user).count() - len(chosen.concerns)
    counts = (
        ("concern", "concerns", concerns),
        ("allegation", "allegations", case.allegations.count() - len(chosen.allegations)),
        ("note", "notes", case.notes.count() - len(chosen.notes)),
        ("task", "tasks", case.tasks.count() - len(chosen.tasks)),
        ("step with its letter", "steps with their letters", case.steps.count()),
    )
    return said_in((one if number == 1 else many, number) for one, many, number in counts if number)


def why_not_split(case: Case, chosen: Chosen, *, user: User) -> list[str]:
    if not (chosen.concerns or chosen.allegations or chosen.people):
        return ["Choose what goes to the new case."]
    reasons = []
    if case.steps.filter(state__in=BEGUN).exists():
        reasons.append("A step is drafted or waits for approval. Take it, or discard the draft.")
    if case.status == Case.Status.PAUSED:
        reasons.append("Safeguarding comes first. Say that it is done.")
    relied = set(case.steps.taken().values_list("allegations", flat=True))
    reasons += [
        f"A step that was taken relies on “{each.short}” about {each.subject.full_name}, so it stays."
        for each in chosen.allegations
        if each.pk in relied
    ]
    hidden = set(case.concerns.filter(conflicts__user=user).values_list("pk", flat=True))
    going = {each.pk for each in chosen.concerns}
    moved = {each.pk for each in chosen.allegations}
    for each in case.allegations.select_related("evidence__concern", "subject"):
        home = each.evidence.concern if each.evidence else None
        if home and (home.pk in going) != (each.pk in moved):
            which = "another concern" if home.pk in hidden else f"concern {home.reference}"
            reasons.append(
                f"“{each.short}” about {each.subject.full_name} quotes a file of {which}. Move both, or neither."
            )
    if not reasons and _leaves_nothing(case, chosen):
        reasons.append("Nothing would be left in this case. Leave something, or keep it as one case.")
    return reasons


def _leaves_nothing(case: Case, chosen: Chosen) -> bool:
    left = case.concerns.exclude(pk__in=[each.pk for each in chosen.concerns]).exists()
    left = left or case.allegations.exclude(pk__in=[each.pk for each in chosen.allegations]).exists()
    return not left and not case.steps.exists()


def _begin(case: Case, *, by: User, summary: str) -> Case:
    school = School.objects.select_for_update().get(pk=case.school_id)
    school.last_case_number += 1
    school.save(update_fields=["last_case_number"])
    return Case.objects.create(
        school=school,
        number=school.last_case_number,
        summary=" ".join(summary.split()),
        lead=case.lead,
        opened_by=by,
        next_action=NEXT,
        next_on=soon(case),
    )


def _hand_over(case: Case, new: Case, chosen: Chosen) -> None:
    for concern in chosen.concerns:
        put(concern, new)
    for row in (*chosen.allegations, *chosen.notes, *chosen.tasks):
        put(row, new)
    staying = set(case.allegations.values_list("subject", flat=True)) | set(
        case.steps.filter(state__in=ON_STEPS).values_list("subject", flat=True)
    )
    picked = {link.pk for link in chosen.people}
    for link in case.people.all():
        if link.pk not in picked and not (link.person_id in chosen.subjects and link.role == CasePerson.Role.SUBJECT):
            continue
        if link.person_id in staying and link.role == CasePerson.Role.SUBJECT:
            CasePerson.objects.create(case=new, person=link.person, role=link.role, description=link.description)
            continue
        put(link, new)
        if not case.people.filter(person=link.person_id).exists():
            for asked in case.information.filter(person=link.person_id):
                put(asked, new)
