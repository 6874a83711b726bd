"""What the pages that begin a step read of its case: a query for each kind of rows, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects

from incidents.casework.ladder import BEGUN
from incidents.models import Allegation, CasePerson, Step

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case, InformationRequest, Person


def read_for_steps(case: Case, *related: str) -> None:
    """People, allegations, information, and the steps with what each is about; `related` belongs to a step."""
    steps = Step.objects.select_related(*related).prefetch_related("allegations")
    people = CasePerson.with_their_names()
    prefetch_related_objects([case], people, "allegations", "information", Prefetch("steps", steps))
    for step in case.steps.all():
        step.case = case


def begun_of(case: Case, kind: str) -> dict[int, Step]:
    """The drafts and proposals of such a step, by whom they are about."""
    return {step.subject_id: step for step in case.steps.all() if step.kind == kind and step.state in BEGUN}


def taken_of(case: Case) -> list[Step]:
    """The steps that were taken, without their later parts."""
    return [step for step in case.steps.all() if step.state == Step.State.TAKEN and step.part_of_id is None]


def chosen_of(case: Case, request: StaffRequest) -> Person | None:
    """The subject the step is about: the only one, or the one that the address names."""
    subjects = case.subjects
    return next((each for each in subjects if len(subjects) == 1 or str(each.pk) == request.GET.get("to")), None)


def found_about(case: Case, subject: Person) -> list[Allegation]:
    allegations = case.allegations.all()
    return [each for each in allegations if each.subject_id == subject.pk and each.finding == Allegation.Finding.FOUND]


def account_of(case: Case, subject: Person) -> InformationRequest | None:
    """What they said last about it, where the school has it."""
    accounts = [row for row in case.information.all() if row.is_subject_account and row.person_id == subject.pk]
    received = [(row.received_on, row.asked_on, row.pk, row) for row in accounts if row.received_on]
    return max(received, key=lambda row: row[:3])[3] if received else None
