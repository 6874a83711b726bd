"""The dashboard's charts and facts count this term, in the school's own weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from incidents.models import ConcernClause, InformationRequest
from incidents.policy.wording import POLICY
from tests.factories import CaseFactory, ConcernFactory
from tests.insights.rows import NOW, TODAY, account_asked, decided, taken_step

DASHBOARD = "/staff/"


def page_of(client):
    return client.get(DASHBOARD).content.decode()


def test_in_a_holiday_the_last_term_is_counted(autumn, slt, signed_in, time_machine):
    decided(autumn, slt, at=NOW, due_on=TODAY)
    time_machine.move_to(datetime(2026, 12, 24, 9, tzinfo=UTC), tick=False)

    page = page_of(signed_in(slt))

    assert "School week" not in page
    assert "Since 3 September" in page


def test_concerns_are_counted_by_the_week_they_were_sent_in_school_time(autumn, slt_client):
    for sent in (
        datetime(2026, 11, 22, 23, 59, tzinfo=UTC),
        datetime(2026, 11, 23, 0, 1, tzinfo=UTC),
        datetime(2026, 11, 16, 0, 0, tzinfo=UTC),
        datetime(2026, 10, 4, 23, 30, tzinfo=UTC),  # already Monday 5 October in London, still summer time
        datetime(2026, 10, 4, 22, 30, tzinfo=UTC),
    ):
        ConcernFactory.create(school=autumn, received_at=sent)

    weeks = slt_client.get(DASHBOARD).context["concerns"].weeks

    assert [week.monday for week in weeks][:1] == [date(2026, 10, 5)]
    assert [week.number for week in weeks] == [1, 0, 0, 0, 0, 0, 2, 1]
    assert [week.is_now for week in weeks] == [False] * 7 + [True]
    assert [week.number + week.rest for week in weeks] == [2] * 8


def test_the_week_without_school_is_named(autumn, slt_client):
    assert "There was no school in the week of 26 October." in page_of(slt_client)


def test_clauses_are_counted_for_this_term_with_the_most_chosen_first(autumn, slt_client):
    for clause, number in (("threat", 1), ("platform", 3)):
        for _ in range(number):
            ConcernClause.objects.create(concern=ConcernFactory.create(school=autumn), clause=clause)
    before = ConcernFactory.create(school=autumn, received_at=datetime(2026, 7, 1, tzinfo=UTC))
    ConcernClause.objects.create(concern=before, clause="anger")

    bars = slt_client.get(DASHBOARD).context["clauses"]

    assert len(bars) == len(POLICY.clauses)
    assert [(bar.short, bar.number) for bar in bars[:2]] == [
        (POLICY.clause("platform").short, 3),
        (POLICY.clause("threat").short, 1),
    ]
    assert all(bar.number == 0 for bar in bars[2:])


def test_the_facts_of_the_term_are_those_that_were_recorded(autumn, slt, slt_client):
    decided(autumn, slt, at=datetime(2026, 11, 18, 9, tzinfo=UTC), due_on=date(2026, 11, 18))
    decided(autumn, slt, at=datetime(2026, 11, 19, 9, tzinfo=UTC), due_on=date(2026, 11, 18))
    opened = CaseFactory.create(school=autumn, lead=slt)
    decided(autumn, slt, at=NOW, due_on=TODAY, outcome="open_case", case=opened)
    ConcernFactory.create(school=autumn, due_on=date(2026, 11, 20))
    ConcernFactory.create(school=autumn, due_on=date(2026, 11, 25))
    for has_step in (True, False):
        closed = CaseFactory.create(school=autumn, lead=slt, status="closed", closed_reason="Done", closed_at=NOW)
        if has_step:
            taken_step(closed, slt)
    heard = CaseFactory.create(school=autumn, lead=slt)
    taken_step(heard, slt)
    InformationRequest.objects.create(
        case=heard,
        source="Him",
        is_subject_account=True,
        asked_on=TODAY,
        asked_how="letter",
        asked_by=slt,
        due_on=TODAY,
    )

    page = page_of(slt_client)

    assert "<dd>50%, 2 of 4</dd>" in page
    assert "<dd>2 of 3 concerns</dd>" in page
    assert "<dd>1 of 2 cases</dd>" in page.split("Account asked for before a step")[1]
    assert "<dd>1 of 2 cases</dd>" in page.split("Closed with no step taken")[1]


def test_an_account_asked_for_after_the_step_does_not_count(autumn, slt, slt_client):
    case = CaseFactory.create(school=autumn, lead=slt)
    taken_step(case, slt, at=NOW - timedelta(days=3))
    account_asked(case, slt)

    counts = slt_client.get(DASHBOARD).context["cases"]

    assert (counts.stepped, counts.stepped_with_account) == (1, 0)
