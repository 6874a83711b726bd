"""Who gets to the pages of a warning letter, and what they cost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.casework.step_draft import save_draft
from incidents.models import Case, Conflict, Event, Step
from incidents.models.event import record
from letters.models import Letter
from tests.casework.fair_case import drafted, fair_case, find, words_of
from tests.casework.warning_pages import (
    START,
    page,
)
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def step(case):
    return drafted(case)


@pytest.fixture
def client_of_slt(slt, signed_in):
    return signed_in(slt)


@pytest.mark.parametrize("name", ["step-draft", "step-preview", "step-discard"])
def test_only_who_may_take_steps_gets_to_a_draft(step, name, client, office, outsider, colleague, signed_in):
    url = page(step, name)

    assert client.get(url).status_code == 302
    assert client.get(url).url.startswith("/staff/sign-in/")
    assert signed_in(office).get(url).status_code == 403
    assert signed_in(outsider).get(url).status_code == 404
    assert signed_in(colleague).get(url).status_code == 200


def test_only_who_may_take_steps_gets_to_the_start(case, client, office, outsider, colleague, signed_in):
    assert client.get(START).status_code == 302
    assert signed_in(office).get(START).status_code == 403
    assert signed_in(outsider).get(START).status_code == 404
    assert signed_in(colleague).get(START).status_code == 200


@pytest.mark.parametrize("name", ["step-draft", "step-preview", "step-discard"])
def test_who_stepped_aside_cannot_find_it(step, name, colleague, signed_in):
    Conflict.objects.create(user=colleague, case=step.case, reason="Related")

    assert signed_in(colleague).get(page(step, name)).status_code == 404
    assert signed_in(colleague).get(START).status_code == 404


@pytest.mark.parametrize("name", ["step-draft", "step-preview", "step-discard"])
def test_a_draft_is_only_found_under_its_own_case(step, name, client_of_slt, slt):
    CaseFactory.create(school=slt.school, lead=slt, number=15)

    for url in (reverse(name, args=["C015", step.pk]), reverse(name, args=["C014", step.pk + 999])):
        assert client_of_slt.get(url).status_code == 404


@pytest.mark.parametrize("name", ["step-draft", "step-preview", "step-discard"])
def test_a_page_that_is_not_asked_for_properly_is_refused(step, name, client_of_slt):
    assert client_of_slt.delete(page(step, name)).status_code == 405


def test_looking_writes_nothing(case, step, client_of_slt):
    before = (Event.objects.count(), Letter.history.count(), Step.history.count())

    for url in (START, page(step), page(step, "step-preview"), page(step, "step-discard")):
        client_of_slt.get(url)

    assert (Event.objects.count(), Letter.history.count(), Step.history.count()) == before


@pytest.mark.parametrize("size", [1, 25])
def test_the_pages_cost_the_same_however_much_is_on_the_case(
    case, slt, client_of_slt, size, django_assert_max_num_queries
):
    for number in range(size):
        find(AllegationFactory.create(case=case, subject=case.subjects[0], made_by=slt), by=slt)
        person = PersonFactory.create(school=slt.school, full_name=f"Witness {number}")
        CasePersonFactory.create(case=case, person=person, role="witness")
        record(Event.Kind.FINDING_RECORDED, school=slt.school, by=slt, case=case)
    with django_assert_max_num_queries(15):
        client_of_slt.get(START)

    step = drafted(Case.objects.get(pk=case.pk))
    for _ in range(size):
        record(Event.Kind.FINDING_RECORDED, school=slt.school, by=slt, case=case)
    save_draft(step=step, by=slt, reason="", **words_of(step, heading="A heading"))

    with django_assert_max_num_queries(15):
        client_of_slt.get(page(step))
