"""Finding cases: by reference, by words, by the step taken last."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from incidents.models import Case, Step
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory, UserFactory


def a_step(case: Case, kind: str, day: int, state: str = Step.State.TAKEN) -> Step:
    return Step.objects.create(
        case=case,
        kind=kind,
        subject=PersonFactory.create(school=case.school),
        state=state,
        reason="It is enough.",
        has_no_conflict=True,
        drafted_by=case.lead,
        taken_by=case.lead,
        taken_at=datetime(2026, 11, day, 9, 0, tzinfo=UTC),
    )


def test_a_reference_finds_its_case(school):
    case = CaseFactory.create(school=school, number=14)
    CaseFactory.create(school=school, number=140)

    assert Case.objects.with_reference("C014").get() == case


@pytest.mark.django_db
@pytest.mark.parametrize(
    "reference",
    ["", "C", "C14", "c014", "C0014", "014", "C000", "C-14", "C٠١٤", "C014 ", "C" + "9" * 40, "DKH-7R4K-2Q"],
)
def test_what_cannot_be_a_reference_finds_nothing(reference, school):
    CaseFactory.create(school=school, number=14)

    assert not Case.objects.with_reference(reference).exists()


@pytest.mark.parametrize("typed", ["C014", "c014", "14", "marsh", "Daniel Marsh", "teaching  MARSH", "assistant"])
def test_a_case_is_found_by_number_name_or_words(typed, school):
    case = CaseFactory.create(school=school, number=14, summary="Words about a teaching assistant")
    CasePersonFactory.create(case=case, person=PersonFactory.create(school=school, full_name="Daniel Marsh"))
    CaseFactory.create(school=school, number=15, summary="A page with the crest")

    assert list(Case.objects.matching(typed)) == [case]


@pytest.mark.parametrize("typed", ["Ashby", "Marsh crest", "C", "%", "_", "(a+)+$", "9" * 30, "\\"])
def test_other_words_find_nothing(typed, school):
    case = CaseFactory.create(school=school, number=14, summary="Words about a teaching assistant")
    CasePersonFactory.create(case=case, person=PersonFactory.create(school=school, full_name="Daniel Marsh"))

    found = list(Case.objects.matching(typed))

    assert found == ([case] if typed == "C" else [])


def test_a_case_with_many_matching_people_is_found_once(school):
    case = CaseFactory.create(school=school)
    for name in ("Ann Marsh", "Daniel Marsh"):
        CasePersonFactory.create(case=case, person=PersonFactory.create(school=school, full_name=name))

    assert list(Case.objects.matching("marsh")) == [case]


def test_the_last_step_is_the_one_taken_last_and_never_a_draft(school):
    lead = UserFactory.create(school=school)
    case = CaseFactory.create(school=school, lead=lead)
    a_step(case, "meeting", 3)
    a_step(case, "warning", 12)
    a_step(case, "ban", 20, state=Step.State.DRAFT)
    untouched = CaseFactory.create(school=school, lead=lead)

    kinds = {each.pk: each.last_step_kind for each in Case.objects.with_last_step()}

    assert kinds == {case.pk: "warning", untouched.pk: None}
