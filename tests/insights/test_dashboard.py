"""The dashboard counts what its reader may see, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from incidents.models import Case, Concern, ConcernClause, Conflict
from incidents.policy.wording import POLICY
from letters.models import Letter
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory, UserFactory
from tests.insights.rows import NOW, TODAY, letter, taken_step

DASHBOARD = "/staff/"


def page_of(client):
    return client.get(DASHBOARD).content.decode()


def test_anonymous_is_asked_to_sign_in(client, db):
    response = client.get(DASHBOARD)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_the_office_is_shown_to_the_print_room(office, signed_in):
    response = signed_in(office).get(DASHBOARD)

    assert response.status_code == 302
    assert response["Location"] == reverse("print-room")


def test_somebody_without_a_role_may_not_come_in(school, signed_in):
    assert signed_in(UserFactory.create(school=school)).get(DASHBOARD).status_code == 403


@pytest.mark.parametrize("who", ["slt", "head", "outsider"])
def test_those_who_read_concerns_have_a_dashboard(request, who, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(DASHBOARD).status_code == 200


def test_a_concern_that_somebody_rings_about_is_written_down_from_here(slt_client):
    assert f'<a href="{reverse("concern-record")}"' in page_of(slt_client)


def test_the_dashboard_is_only_read(slt_client):
    assert slt_client.post(DASHBOARD).status_code == 405


@pytest.mark.parametrize(
    ("hour", "greeting"), [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (18, "Good evening")]
)
def test_the_greeting_fits_the_time_of_day(slt, signed_in, time_machine, hour, greeting):
    time_machine.move_to(datetime(2026, 11, 23, hour, 1, tzinfo=UTC), tick=False)

    assert f"{greeting}, Ruth" in page_of(signed_in(slt))


def test_the_day_says_where_the_term_is(autumn, slt_client):
    page = page_of(slt_client)

    assert "Monday 23 November 2026. School week 12, 20 school days left this term." in page


def test_without_term_dates_the_rest_is_still_shown(school, slt, slt_client):
    school.terms.all().delete()
    ConcernFactory.create(school=school, due_on=date(2026, 11, 20))

    page = page_of(slt_client)

    assert "Monday 23 November 2026." in page
    assert "School week" not in page
    assert "No term dates are set" in page
    assert "Late, due Fri 20 Nov" in page


def test_an_empty_portal_says_that_nothing_waits(slt_client):
    page = page_of(slt_client)

    for sentence in (
        "Nothing waits for you",
        "Nothing is due this week.",
        "You lead no open case.",
        "All letters are posted",
        "No concern has named a clause this term.",
    ):
        assert sentence in page
    assert "could not be made" not in page


def test_the_tiles_count_what_waits(school, slt, slt_client):
    for day in (19, 20, 23, 24):
        ConcernFactory.create(school=school, due_on=date(2026, 11, day))
    CaseFactory.create(school=school, lead=slt, next_on=date(2026, 11, 20))
    CaseFactory.create(school=school, lead=slt, next_on=TODAY)
    CaseFactory.create(school=school, lead=slt, next_on=date(2026, 11, 29))
    CaseFactory.create(school=school, lead=slt, next_on=date(2026, 11, 30))
    CaseFactory.create(school=school, next_on=TODAY)
    for state in ("ready", "ready", "printed", "failed", "queued", "posted"):
        extra = {"posted_on": TODAY, "posted_by": slt} if state == "posted" else {}
        made = letter(school, slt, "ready" if state == "posted" else state)
        Letter.objects.filter(pk=made.pk).update(state=state, **extra)

    context = slt_client.get(DASHBOARD).context
    page = page_of(slt_client)

    assert (context["concerns"].unread, context["concerns"].late, context["concerns"].today) == (4, 2, 1)
    assert (context["cases"].mine_due, context["cases"].mine_late, context["cases"].mine_today) == (3, 1, 1)
    assert (context["letters"].to_print, context["letters"].to_post, context["letters"].failed) == (2, 1, 1)
    assert "1 printed, waiting to be posted" in page
    assert "Letter that could not be made" in page


def test_the_tile_of_my_cases_leads_to_my_cases(school, slt, colleague, slt_client):
    mine = CaseFactory.create(school=school, number=14, lead=slt, next_on=TODAY)
    CaseFactory.create(school=school, number=13, lead=colleague, next_on=TODAY)
    link = reverse("case-list") + "?status=open&status=paused&lead=me"

    assert link.replace("&", "&amp;") in page_of(slt_client)
    page = slt_client.get(link).content.decode()

    assert mine.get_absolute_url() in page
    assert "C013" not in page


def test_closed_cases_never_wait(school, slt, slt_client):
    CaseFactory.create(school=school, lead=slt, next_on=TODAY, status="closed", closed_reason="Done", closed_at=NOW)

    context = slt_client.get(DASHBOARD).context

    assert context["cases"].mine_due == 0
    assert context["cases"].open == 0
    assert context["lists"].cases == []
    assert context["lists"].due == []


def test_the_deadlines_of_the_week_are_one_list_with_the_oldest_first(school, slt, colleague, slt_client):
    ConcernFactory.create(school=school, reference="DKH-2222-22", due_on=date(2026, 11, 24), assigned_to=colleague)
    ConcernFactory.create(school=school, reference="DKH-3333-33", due_on=date(2026, 11, 30))
    ConcernFactory.create(school=school, reference="DKH-4444-44", due_on=date(2026, 11, 19))
    mine = CaseFactory.create(
        school=school, number=14, lead=slt, next_action="Gather information", next_on=TODAY, summary="Comments"
    )
    CasePersonFactory.create(case=mine, person=PersonFactory.create(school=school))
    CaseFactory.create(school=school, number=13, lead=colleague, next_on=date(2026, 11, 27))
    CaseFactory.create(school=school, number=12, lead=slt, next_on=None)

    due = slt_client.get(DASHBOARD).context["lists"].due

    assert [row.what for row in due] == [
        "Read concern DKH-4444-44",
        "Gather information, case C014",
        "Read concern DKH-2222-22",
        "Decide what is next, case C013",
    ]
    assert [row.deadline.short for row in due] == ["2 school days late", "Today", "Tomorrow", "Fri 27 Nov"]
    assert [row.who for row in due] == ["Nobody yet", "You", "Tomas Lindqvist", "Tomas Lindqvist"]
    assert due[1].about == "Daniel Marsh."
    assert due[1].url == mine.get_absolute_url()


def test_the_list_of_deadlines_stays_short(school, slt, slt_client):
    for number in range(12):
        ConcernFactory.create(school=school)
        CaseFactory.create(school=school, lead=slt, next_on=TODAY + timedelta(days=number % 3))

    lists = slt_client.get(DASHBOARD).context["lists"]

    assert len(lists.due) == 8
    assert len(lists.cases) == 8


def test_many_cases_due_do_not_crowd_out_the_readers_own(school, slt, colleague, slt_client):
    for _ in range(20):
        CaseFactory.create(school=school, lead=colleague, next_on=TODAY)
    mine = CaseFactory.create(school=school, lead=slt, next_on=None)

    lists = slt_client.get(DASHBOARD).context["lists"]

    assert [row.case for row in lists.cases] == [mine]
    assert len(lists.due) == 8


def test_my_cases_say_the_last_step_taken_and_what_is_next(school, slt, slt_client):
    case = CaseFactory.create(school=school, number=14, lead=slt, next_action="Ask for his account", next_on=TODAY)
    fresh = CaseFactory.create(school=school, number=15, lead=slt)
    taken_step(case, slt, at=datetime(2026, 10, 21, 9, tzinfo=UTC))
    taken_step(case, slt, at=datetime(2026, 11, 12, 9, tzinfo=UTC), kind="meeting")

    rows = slt_client.get(DASHBOARD).context["lists"].cases

    assert [(row.case, row.last_step) for row in rows] == [
        (case, f"{POLICY.step('meeting').short}, 12 November"),
        (fresh, "None yet"),
    ]
    assert rows[1].deadline is None


def everything(school, lead, *, conflicted=None):
    """One of each thing the dashboard counts; hidden from `conflicted`."""
    concern = ConcernFactory.create(school=school, reference="DKH-9999-99", due_on=TODAY)
    ConcernClause.objects.create(concern=concern, clause="threat")
    case = CaseFactory.create(school=school, number=99, lead=lead, next_on=TODAY, summary="Secret matter")
    taken_step(case, lead)
    sent = letter(school, lead, "ready")
    if conflicted:
        Conflict.objects.create(user=conflicted, concern=concern, reason="Named in it")
        Conflict.objects.create(user=conflicted, case=case, reason="Named in it")
        sent.withheld_from.add(conflicted)


def test_a_person_with_a_conflict_finds_it_in_no_count_list_or_chart(school, slt, slt_client, signed_in, colleague):
    empty = slt_client.get(DASHBOARD).context
    everything(school, slt, conflicted=slt)

    response = slt_client.get(DASHBOARD)

    for name in ("concerns", "cases", "letters", "lists", "clauses"):
        assert response.context[name] == empty[name]
    page = response.content.decode()
    for secret in ("DKH-9999-99", "C099", "Secret matter"):
        assert secret not in page
    assert "DKH-9999-99" in page_of(signed_in(colleague))


def test_another_school_counts_nothing_of_ours(school, slt, outsider, signed_in):
    client = signed_in(outsider)
    empty = client.get(DASHBOARD).context
    everything(school, slt)

    after = client.get(DASHBOARD).context

    for name in ("concerns", "cases", "letters", "lists", "clauses"):
        assert after[name] == empty[name]


@pytest.mark.parametrize("rows", [25, 2_000])
def test_the_dashboard_takes_at_most_fifteen_queries(
    school, slt, colleague, slt_client, django_assert_max_num_queries, rows
):
    Concern.objects.bulk_create(
        ConcernFactory.build(
            school=school, reference=f"DKH-{number:04}-22", received_at=NOW - timedelta(days=number % 60)
        )
        for number in range(rows)
    )
    ConcernClause.objects.bulk_create(
        ConcernClause(concern=concern, clause=POLICY.clauses[concern.pk % 13].key) for concern in Concern.objects.all()
    )
    Case.objects.bulk_create(
        CaseFactory.build(
            school=school, number=number + 1, lead=(slt, colleague)[number % 2], opened_by=slt, next_on=TODAY
        )
        for number in range(rows)
    )
    person = PersonFactory.create(school=school)
    for case in Case.objects.all()[:30]:
        CasePersonFactory.create(case=case, person=person)
        taken_step(case, slt)

    with django_assert_max_num_queries(15):
        response = slt_client.get(DASHBOARD)

    assert response.context["concerns"].unread == rows


def test_names_and_words_are_never_markup(school, slt, slt_client):
    ConcernFactory.create(school=school, account="<img src=x onerror=alert(1)>", due_on=TODAY)
    CaseFactory.create(school=school, lead=slt, summary="<b>bold</b>", next_on=TODAY)

    page = page_of(slt_client)

    assert "<img src=x" not in page
    assert "<b>bold" not in page
