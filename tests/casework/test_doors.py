"""Who may open which page of a case: each one, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from incidents.casework.door import find_case
from incidents.models import Conflict
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

if TYPE_CHECKING:
    from incidents.models import Case, Person

READING = ("case", "information")
CHANGING = (
    "person-add",
    "person-change",
    "allegation-add",
    "finding-record",
    "information-ask",
    "information-receive",
    "cannot-wait-record",
    "note-add",
    "lead-change",
    "conflict-record",
)
NEEDS_ROW = ("information", "person-change", "finding-record", "information-receive")


def pages_of(case: Case, subject: Person) -> dict[str, str]:
    link = case.people.get(person=subject)
    allegation = AllegationFactory.create(case=case, subject=subject)
    asked = case.information.create(
        person=subject, asked_on="2026-11-23", due_on="2026-11-30", asked_how="letter", asked_by=case.lead
    )
    rows = {"information": asked, "person-change": link, "finding-record": allegation, "information-receive": asked}
    return {
        name: reverse(name, args=[case.reference, *([rows[name].pk] if name in rows else [])])
        for name in (*READING, *CHANGING)
    }


@pytest.fixture
def pages(case: Case, subject: Person) -> dict[str, str]:
    return pages_of(case, subject)


@pytest.mark.parametrize("name", [*READING, *CHANGING])
def test_anonymous_is_asked_to_sign_in(name, pages, client):
    for response in (client.get(pages[name]), client.post(pages[name])):
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*READING, *CHANGING])
def test_the_office_is_refused(name, pages, office, signed_in):
    assert signed_in(office).get(pages[name]).status_code == 403


@pytest.mark.parametrize("name", CHANGING)
def test_the_office_changes_nothing(name, pages, case, office, signed_in):
    assert signed_in(office).post(pages[name]).status_code == 403
    assert not case.events.exists()


@pytest.mark.parametrize("name", [*READING, *CHANGING])
def test_another_school_does_not_find_it(name, pages, outsider, signed_in):
    assert signed_in(outsider).get(pages[name]).status_code == 404


@pytest.mark.parametrize(
    ("method", "name"), [*(("get", name) for name in (*READING, *CHANGING)), *(("post", name) for name in CHANGING)]
)
def test_somebody_with_a_conflict_does_not_find_it(method, name, pages, case, head, signed_in):
    Conflict.objects.create(user=head, case=case, reason="He is her brother")

    assert getattr(signed_in(head), method)(pages[name]).status_code == 404


@pytest.mark.parametrize("name", [*READING, *CHANGING])
@pytest.mark.parametrize("who", ["slt", "colleague", "head"])
def test_those_who_run_cases_may_open_it(name, who, pages, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(pages[name]).status_code == 200


@pytest.mark.parametrize("name", NEEDS_ROW)
def test_a_row_of_another_case_is_not_found_under_this_one(name, pages, case, slt, signed_in):
    other = CaseFactory.create(school=case.school, lead=slt, number=99)
    subject = CasePersonFactory.create(case=other, person=PersonFactory.create(school=case.school)).person
    theirs = pages_of(other, subject)[name]

    assert signed_in(slt).get(theirs.replace("C099", case.reference)).status_code == 404


@pytest.mark.parametrize(
    "reference", ["C999", "c014", "14", "C14", "C0014", "C" + "9" * 30, "%00", "C014%00", "<b>", "٣"]
)
@pytest.mark.parametrize("end", ["", "notes/add/", "people/add/", "step-aside/"])
def test_a_malformed_or_unknown_reference_is_not_found(reference, end, case, slt, signed_in):
    assert signed_in(slt).get(f"/staff/cases/{reference}/{end}").status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
@pytest.mark.parametrize(
    "end", ["people/{}/", "allegations/{}/finding/", "information/{}/", "information/{}/received/"]
)
def test_an_unknown_row_is_not_found(end, pk, case, slt, signed_in):
    assert signed_in(slt).get(f"/staff/cases/{case.reference}/{end.format(pk)}").status_code == 404


@pytest.mark.parametrize("name", READING)
def test_a_page_that_is_read_takes_no_post(name, pages, slt, signed_in):
    assert signed_in(slt).post(pages[name]).status_code == 405


@pytest.mark.parametrize("name", CHANGING)
def test_reading_a_page_writes_nothing(name, pages, case, slt, signed_in):
    signed_in(slt).get(pages[name])

    assert not case.events.exists()
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("name", CHANGING)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_closed_case_sends_back_with_the_reason(method, name, closed_case, slt, signed_in):
    subject = CasePersonFactory.create(case=closed_case, person=PersonFactory.create(school=closed_case.school)).person
    page = pages_of(closed_case, subject)[name]

    response = getattr(signed_in(slt), method)(page, follow=True)

    assert response.redirect_chain == [(closed_case.get_absolute_url(), 302)]
    assert "Case C007 was closed on 4 December 2026. A closed case cannot be changed." in response.content.decode()
    assert not closed_case.events.exists()


def test_a_closed_case_offers_no_change(closed_case, slt, signed_in):
    subject = CasePersonFactory.create(case=closed_case, person=PersonFactory.create(school=closed_case.school)).person
    pages = pages_of(closed_case, subject)

    page = signed_in(slt).get(pages["case"]).content.decode()

    assert "They talked." in page
    for name in CHANGING:
        assert pages[name] not in page, name


def test_an_open_case_offers_every_change(pages, slt, signed_in):
    page = signed_in(slt).get(pages["case"]).content.decode()

    for name in CHANGING:
        assert pages[name] in page, name


def test_a_page_has_the_case_of_its_address_whichever_was_read_before(rf, slt, django_assert_num_queries):
    read, asked = CaseFactory.create_batch(2, school=slt.school, lead=slt)
    request = rf.get("/")
    request.user, request.case_read = slt, read

    assert find_case(request, asked.reference) == asked
    with django_assert_num_queries(0):
        assert find_case(request, read.reference) is read
