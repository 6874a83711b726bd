"""The list of cases: its order, its filter, and what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from incidents.models import Case, Conflict, Event, Step
from incidents.policy.wording import POLICY
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

if TYPE_CHECKING:
    from django.test import Client
    from time_machine import TimeMachineFixture

    from dkh_conduct.accounts.models import User

PAGE = "/staff/cases/"
THURSDAY = date(2026, 12, 3)


@pytest.fixture(autouse=True)
def _thursday_morning(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 12, 3, 9, 0, tzinfo=UTC), tick=False)


def named(number: int, name: str, lead: User, **fields: Any) -> Case:
    case = CaseFactory.create(school=lead.school, lead=lead, number=number, **fields)
    person = PersonFactory.create(school=lead.school, full_name=name)
    CasePersonFactory.create(case=case, person=person)
    return case


def taken(case: Case, kind: str, at: datetime) -> Step:
    return Step.objects.create(
        case=case,
        kind=kind,
        subject=case.people.all()[0].person,
        state=Step.State.TAKEN,
        reason="Enough.",
        has_no_conflict=True,
        drafted_by=case.lead,
        taken_by=case.lead,
        taken_at=at,
    )


def references(client: Client, query: str = "") -> list[str]:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return [row.case.reference for row in response.context["rows"]]


def text(client: Client, query: str = "") -> str:
    return " ".join(client.get(PAGE + query).content.decode().split())


def test_anonymous_is_asked_to_sign_in(client, db):
    response = client.get(PAGE)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_the_office_is_refused(office, signed_in):
    assert signed_in(office).get(PAGE).status_code == 403


def test_late_comes_first_then_the_nearest_then_what_has_no_deadline(slt, signed_in):
    named(1, "No Deadline", slt)
    named(2, "Later", slt, next_on=date(2026, 12, 7))
    named(3, "Late", slt, next_on=date(2026, 12, 2))
    named(4, "Today", slt, next_on=THURSDAY)

    assert references(signed_in(slt)) == ["C003", "C004", "C002", "C001"]


def test_a_row_says_what_the_mock_up_says(slt, signed_in):
    late = named(14, "Daniel Marsh", slt, summary="Messages", next_action="Ask again", next_on=date(2026, 12, 2))
    taken(late, "meeting", datetime(2026, 10, 21, 9, 30, tzinfo=UTC))
    named(13, "Helen Ashby", slt, next_action="Her side", next_on=date(2026, 12, 9))
    named(12, "Jo Pemberton", slt, next_action="Notes", next_on=date(2026, 12, 4))

    page = text(signed_in(slt))

    assert "C014 <bdi>Daniel Marsh</bdi>" in page
    assert f"{POLICY.step('meeting').short}, 21 October" in page
    assert "1 school day late" in page
    assert "Tomorrow" in page
    assert "9 December, 4 school days" in page
    assert "3 open cases" in page


def test_a_case_without_a_name_says_so(slt, signed_in):
    CaseFactory.create(school=slt.school, lead=slt, number=17, summary="Page using the school’s crest")

    page = text(signed_in(slt))

    assert "C017 <bdi>Name not known yet</bdi>" in page
    assert page.count("Page using the school’s crest") == 1


def test_names_of_every_script_are_shown(slt, signed_in):
    named(1, "ليلى الأحمد 🌙", slt)

    assert "<bdi>ليلى الأحمد 🌙</bdi>" in text(signed_in(slt))


def test_names_are_escaped(slt, signed_in):
    named(1, "<script>alert(1)</script>", slt)

    assert "<script>alert" not in text(signed_in(slt))


def test_only_open_cases_are_shown_until_the_filter_is_used(slt, closed_case, signed_in):
    named(1, "Open", slt)
    named(2, "Paused", slt, status=Case.Status.PAUSED)
    client = signed_in(slt)

    assert references(client) == ["C001"]
    assert references(client, "?lead=me") == ["C001"]
    assert references(client, "?status=closed") == ["C007"]
    assert references(client, "?status=closed&status=paused") == ["C007", "C002"]
    assert references(client, "?q=") == ["C007", "C002", "C001"]


def test_a_closed_case_says_so_and_has_no_deadline(slt, closed_case, signed_in):
    Case.objects.filter(pk=closed_case.pk).update(next_action="Their account", next_on=date(2026, 1, 5))

    page = text(signed_in(slt), "?status=closed")

    assert "Closed 4 December 2026" in page
    assert "late" not in page.split("<tbody")[1]
    assert "1 closed case" in page


@pytest.mark.parametrize("typed", ["C014", "c014", "14", "marsh", "messages"])
def test_search_finds_numbers_names_and_words(typed, slt, signed_in):
    named(14, "Daniel Marsh", slt, summary="Messages about staff")
    named(15, "Helen Ashby", slt, summary="The playground")

    assert references(signed_in(slt), f"?q={typed}&status=open") == ["C014"]


def test_the_last_step_can_be_none_yet_or_one_of_the_five(slt, signed_in):
    untouched, warned, met = (named(number, f"Person {number}", slt) for number in (1, 2, 3))
    taken(warned, "meeting", datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
    taken(warned, "warning", datetime(2026, 11, 1, 9, 0, tzinfo=UTC))
    taken(met, "meeting", datetime(2026, 11, 1, 9, 0, tzinfo=UTC))
    client = signed_in(slt)

    assert references(client, "?last=none") == [untouched.reference]
    assert references(client, "?last=warning") == [warned.reference]
    assert references(client, "?last=meeting&last=none") == [met.reference, untouched.reference]


def test_my_own_cases_can_be_picked_out(slt, colleague, signed_in):
    named(1, "Mine", slt)
    named(2, "Theirs", colleague)
    client = signed_in(slt)

    assert references(client, "?lead=me") == ["C001"]
    assert references(client, f"?lead={colleague.pk}") == ["C002"]
    assert references(client, f"?lead=me&lead={colleague.pk}") == ["C002", "C001"]


def test_cases_can_be_picked_out_by_the_clauses_of_their_allegations(slt, signed_in):
    for number, clause in ((1, "abusive"), (2, "voice"), (3, "respect")):
        AllegationFactory.create(case=named(number, f"Person {number}", slt), clause=clause)
    named(4, "Nothing alleged", slt)
    client = signed_in(slt)

    assert references(client, "?clause=abusive") == ["C001"]
    assert references(client, "?clause=guideline") == ["C003"]
    assert references(client, "?clause=abusive&clause=guideline") == ["C003", "C001"]
    assert references(client, "?clause=anger") == []
    groups = dict(client.get(PAGE + "?clause=guideline&sort=newest").context["form"].groups)
    assert [(tag.label, tag.url) for tag in groups["Clause"]] == [
        ("A WhatsApp group guideline", "?sort=newest&status=open&q=")
    ]


def test_the_newest_or_what_changed_last_can_come_first(slt, signed_in):
    cases = [named(number, f"Person {number}", slt, next_on=date(2026, 12, number)) for number in (1, 2, 3)]
    named(4, "Nothing happened", slt)
    for day, case in ((1, cases[0]), (2, cases[2]), (3, cases[1]), (1, cases[1])):
        at = datetime(2026, 12, day, 8, tzinfo=UTC)
        Event.objects.create(kind=Event.Kind.NOTE_ADDED, school=slt.school, by=slt, case=case, at=at)
    client = signed_in(slt)

    assert references(client, "?sort=newest") == ["C004", "C003", "C002", "C001"]
    assert references(client, "?sort=changed") == ["C002", "C003", "C001", "C004"]
    assert references(client, "?sort=deadline") == references(client) == ["C001", "C002", "C003", "C004"]


def test_the_order_is_kept_by_the_filter_and_each_order_leads_to_the_others(slt, signed_in):
    named(1, "Daniel Marsh", slt)
    client = signed_in(slt)

    page = text(client, "?status=open&sort=changed&page=1")

    assert '<input type="hidden" name="sort" value="changed">' in page
    assert (
        'Sort by <a class="govuk-link" href="?status=open">deadline</a>, '
        '<a class="govuk-link" href="?status=open&amp;sort=newest">newest</a> or <strong>last change</strong>'
    ) in page
    assert "What changed last comes first." in page
    assert "Sort by <strong>deadline</strong>" in text(client)
    assert 'name="sort"' not in text(client, "?sort=nonsense")


def test_each_filter_that_is_on_can_be_taken_away(slt, signed_in):
    client = signed_in(slt)

    groups = dict(client.get(PAGE + "?q=marsh&status=open&status=paused&last=ban&page=3").context["form"].groups)

    assert [tag.label for tag in groups["Search"]] == ["“marsh”"]
    assert groups["Search"][0].url == "?q=&status=open&status=paused&last=ban"
    assert [tag.url for tag in groups["Status"]] == ["?q=marsh&status=paused&last=ban", "?q=marsh&status=open&last=ban"]
    assert groups["Last step taken"][0].url == "?q=marsh&status=open&status=paused"


def test_taking_away_the_first_filter_shows_cases_of_every_status(slt, closed_case, signed_in):
    client = signed_in(slt)
    tag = dict(client.get(PAGE).context["form"].groups)["Status"][0]

    assert references(client, tag.url) == ["C007"]


def test_nothing_found_says_what_to_try(slt, signed_in):
    page = text(signed_in(slt), "?q=Fotheringham&status=paused&last=ban")

    assert "No cases match these filters" in page
    assert f"take away a filter, such as “{POLICY.step('ban').short}”" in page
    assert "tick “Closed”" in page
    assert 'value="Fotheringham"' in page


def test_without_any_case_the_page_says_where_cases_come_from(slt, signed_in):
    page = text(signed_in(slt))

    assert "No open cases" in page
    assert reverse("concern-list") in page


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?q=%ED%A0%80",
        "?q=" + "a" * 101,
        "?q=" + "%F0%9F%98%80" * 40,
        "?q=%25&status=nonsense",
        "?last=nonsense&lead=0&lead=x",
        "?clause=nonsense&clause=%00&sort=%00",
        "?lead=" + "9" * 40,
        "?page=0",
        "?page=-1",
        "?page=x",
        "?page=999999999999999999999999",
        "?page=%00",
        "?q=" + "9" * 60,
        "?q=(a%2B)%2B%24",
        "?q=" + "+".join("abcdefghijklmnop"),
    ],
)
def test_odd_questions_are_answered(query, slt, signed_in):
    named(1, "Daniel Marsh", slt)

    assert signed_in(slt).get(PAGE + query).status_code == 200


def test_a_search_that_cannot_be_is_explained_and_kept(slt, signed_in):
    named(1, "Daniel Marsh", slt)

    page = text(signed_in(slt), "?q=" + "a" * 101)

    assert "Use 100 characters or fewer. There are 101 here" in page
    assert "a" * 101 in page
    assert "C001" in page


def test_a_reading_page_takes_no_post(slt, signed_in):
    assert signed_in(slt).post(PAGE).status_code == 405


def test_another_schools_cases_are_not_there(slt, outsider, signed_in):
    named(1, "Daniel Marsh", slt)

    assert references(signed_in(outsider), "?q=") == []
    assert references(signed_in(outsider), "?q=marsh") == []


def test_a_conflicted_head_never_sees_the_case_in_lists_counts_or_search(slt, head, signed_in):
    Conflict.objects.create(user=head, case=named(1, "Daniel Marsh", slt), reason="Her brother")
    named(2, "Helen Ashby", slt)
    client = signed_in(head)

    assert references(client) == ["C002"]
    assert references(client, "?q=marsh") == []
    assert references(client, "?q=C001") == []
    assert "1 open case<" in text(client)


def test_a_page_holds_twenty_five(slt, signed_in):
    for number in range(1, 28):
        named(number, f"Person {number}", slt, next_on=THURSDAY + timedelta(days=number))
    client = signed_in(slt)

    assert references(client) == [f"C{number:03d}" for number in range(1, 26)]
    assert references(client, "?page=2&status=open") == ["C026", "C027"]
    assert references(client, "?page=99") == ["C026", "C027"]
    assert "page=2" in text(client, "?q=person&status=open")


def many_cases(lead: User, count: int) -> None:
    first = Case.objects.count() + 1
    for number in range(first, first + count):
        case = named(number, f"Person {number}", lead, next_on=THURSDAY, next_action="Their account")
        CasePersonFactory.create(case=case, person=PersonFactory.create(school=lead.school, full_name="Kate"))
        taken(case, "warning", datetime(2026, 11, 1, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "query", ["", "?q=person&status=open&last=warning&lead=me", "?clause=guideline&clause=abusive&sort=changed"]
)
def test_the_page_costs_the_same_with_few_cases_and_with_many(query, slt, signed_in, django_assert_max_num_queries):
    client = signed_in(slt)
    many_cases(slt, 2)

    with django_assert_max_num_queries(15) as few:
        client.get(PAGE + query)
    many_cases(slt, 30)
    with django_assert_max_num_queries(15) as many:
        client.get(PAGE + query)

    assert len(few) == len(many)
