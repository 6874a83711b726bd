"""The card "Steps in the policy": what the rows of a case say to the policy's rules, and what staff see."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.context_processors import PermWrapper
from django.template.loader import render_to_string

from dkh_conduct.school.models import today
from incidents.casework.case_facts import facts_of
from incidents.casework.ladder import ladder_rows
from incidents.casework.step_taking import take_step
from incidents.models import Allegation, Case, Conflict, InformationRequest, Step
from incidents.policy.facts import FOUND, UNDECIDED
from incidents.policy.ladder import CLOSED, State
from incidents.policy.wording import POLICY
from tests.casework.fair_case import add_subject, ask_account, drafted, fair_case, find, words_of
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

pytestmark = pytest.mark.django_db


def row_of(case, user, key="warning"):
    return next(row for row in ladder_rows(case=Case.objects.get(pk=case.pk), user=user) if row.key == key)


def card(case, user):
    context = {"ladder": ladder_rows(case=case, user=user), "perms": PermWrapper(user)}
    return render_to_string("casework/_ladder.html", context)


def taken(case, kind="warning", subject=None, day=3):
    return Step.objects.create(
        case=case,
        kind=kind,
        subject=subject or case.subjects[0],
        state=Step.State.TAKEN,
        reason="Both sides were heard.",
        has_no_conflict=True,
        drafted_by=case.lead,
        taken_by=case.lead,
        taken_at=datetime(2026, 12, day, 9, 0, tzinfo=UTC),
    )


def test_the_rules_and_the_tables_use_the_same_words():
    assert {FOUND, UNDECIDED} < set(Allegation.Finding.values)
    assert set(CLOSED) == {Case.Status.CLOSED, Case.Status.PAUSED}


def test_five_steps_in_the_policys_words_and_order(slt):
    rows = ladder_rows(case=fair_case(slt), user=slt)

    assert [row.text for row in rows] == [step.text for step in POLICY.steps]


def test_a_fair_case_has_a_button_for_each_open_step_and_no_other(slt, head):
    rows = ladder_rows(case=fair_case(slt), user=slt)

    assert [(row.state, row.tag) for row in rows] == [
        (State.OPEN, "Open"),
        (State.OPEN, "Open"),
        (State.SHUT, "Not open"),
        (State.SHUT, "Not open"),
        (State.OPEN, "Open"),
    ]
    assert [row.action for row in rows] == ["Take this step", "Take this step", "", "", "Take this step"]
    assert rows[0].url == "/staff/cases/C014/steps/warning/"
    assert rows[0].lines[0].sentence == (
        "One allegation found. Information gathered. Their account asked for and received. "
        "It still needs your written reason."
    )


def test_a_case_without_people_says_what_is_missing(slt):
    row = row_of(CaseFactory.create(school=slt.school, lead=slt), slt)

    assert row.state == State.BLOCKED
    assert row.lines[0].sentence.startswith("no allegation is recorded.")
    assert not row.url


@pytest.mark.parametrize("status", ["closed", "paused"])
def test_a_case_that_is_not_open_has_no_button(slt, status):
    case = fair_case(slt, status=status, closed_reason="Done", closed_at=datetime(2026, 12, 9, tzinfo=UTC))

    rows = ladder_rows(case=case, user=slt)

    assert {row.state for row in rows} == {State.SHUT}
    assert not any(row.action for row in rows)


def test_who_may_not_take_steps_sees_no_button(slt, office):
    row = row_of(fair_case(slt), office)

    assert row.state == State.OPEN
    assert not row.action
    assert not row.url


def test_a_taken_step_says_to_whom_when_by_whom_and_in_which_letter(slt):
    case = fair_case(slt)
    step = drafted(case)
    take_step(step=step, by=slt, reason="Both sides were heard.", has_no_conflict=True, **words_of(step))

    html = card(case, slt)
    row = row_of(case, slt)

    assert row.state == State.TAKEN
    assert row.action == "Take again"
    assert row.lines == ()
    assert 'class="is-taken"' in html
    assert "To Daniel Marsh on" in html
    assert "decided by Ruth Adeyemi" in html
    assert '<a class="govuk-link" href="/staff/letters/DKH-C014-1/">Letter DKH-C014-1</a>' in html


def test_a_step_taken_twice_shows_both_and_the_last_day(slt):
    case = fair_case(slt)
    taken(case, day=3)
    taken(case, day=17)

    row = row_of(case, slt)

    assert [step.taken_at.day for step in row.taken] == [3, 17]
    assert row.tag == "Taken 17 Dec"


def test_a_step_that_cannot_be_taken_again_shows_when_it_was(slt):
    case = fair_case(slt)
    taken(case, kind="authorities", day=1)

    row = row_of(case, slt, "authorities")

    assert (row.state, row.tag, row.action) == (State.TAKEN, "Taken 1 Dec", "")


def test_a_step_taken_just_before_midnight_is_dated_in_the_schools_own_time(slt):
    case = fair_case(slt)
    step = taken(case)
    Step.objects.filter(pk=step.pk).update(taken_at=datetime(2027, 6, 30, 23, 30, tzinfo=UTC))

    assert row_of(case, slt).tag == "Taken 1 Jul"


def test_a_draft_is_gone_on_with(slt, colleague):
    case = fair_case(slt)
    drafted(case, by=colleague)

    row = row_of(case, slt)
    html = card(case, slt)

    assert row.action == "Go on with the draft"
    assert f"Draft begun by Tomas Lindqvist on {today():%-d %B %Y}." in html


def test_a_draft_stays_in_reach_when_the_step_is_not_open_any_more(slt):
    case = fair_case(slt)
    drafted(case)
    find(case.allegations.get(), by=slt, finding="not_found")

    row = row_of(case, slt)

    assert row.state == State.BLOCKED
    assert row.action == "Look at the draft"
    assert row.url


def test_two_subjects_who_stand_differently_are_told_apart(slt):
    case = fair_case(slt)
    other = PersonFactory.create(school=slt.school, full_name="Kate Marsh")
    CasePersonFactory.create(case=case, person=other)

    row = row_of(case, slt)

    assert row.state == State.OPEN
    assert [line.name for line in row.lines] == ["Daniel Marsh", "Kate Marsh"]
    assert row.lines[0].lead == ""
    assert row.lines[1].lead == "Not yet:"
    assert "no allegation is recorded" in row.lines[1].sentence


def test_what_is_the_same_for_two_subjects_is_said_once(slt):
    case = fair_case(slt)
    add_subject(case, full_name="Kate Marsh")

    row = row_of(case, slt)

    assert len(row.lines) == 1
    assert row.lines[0].name == ""


def test_a_step_taken_about_one_of_two_is_not_called_again_for_the_other(slt):
    case = fair_case(slt)
    add_subject(case, full_name="Kate Marsh")
    taken(case)

    row = row_of(case, slt)

    assert row.state == State.TAKEN
    assert row.action == "Take this step"
    assert [line.name for line in row.lines] == ["Kate Marsh"]


def test_findings_about_one_subject_do_not_open_a_step_about_another(slt):
    case = fair_case(slt)
    other = PersonFactory.create(school=slt.school, full_name="Kate Marsh")
    CasePersonFactory.create(case=case, person=other)
    AllegationFactory.create(case=case, subject=other, made_by=slt)

    facts = facts_of(case, decider=slt, subject=other)

    assert not facts.found
    assert len(facts.undecided) == 1


def test_an_account_belongs_to_who_gave_it(slt):
    case = fair_case(slt)
    other = add_subject(case, full_name="Kate Marsh")
    InformationRequest.objects.filter(person=other).delete()

    first, second = (facts_of(case, decider=slt, subject=each) for each in Case.objects.get(pk=case.pk).subjects)

    assert first.account is not None
    assert second.account is None
    assert second.received  # what Daniel Marsh said is information about Kate Marsh


def test_an_account_without_a_name_is_that_of_the_only_subject(slt):
    case = fair_case(slt)
    InformationRequest.objects.update(person=None, source="Daniel Marsh")
    only = facts_of(case, decider=slt, subject=case.subjects[0])
    add_subject(case, full_name="Kate Marsh")
    InformationRequest.objects.filter(person__full_name="Kate Marsh").delete()
    one_of_two = facts_of(Case.objects.get(pk=case.pk), decider=slt, subject=case.subjects[0])

    assert only.account is not None
    assert one_of_two.account is None


def test_a_conflict_of_the_decider_is_among_the_facts(slt, colleague):
    case = fair_case(slt)
    Conflict.objects.create(user=colleague, case=case, reason="Related to a subject")

    assert facts_of(case, decider=colleague).is_decider_conflicted
    assert not facts_of(case, decider=slt).is_decider_conflicted


def test_days_are_the_schools_own(slt):
    case = fair_case(slt)
    Allegation.objects.update(found_at=datetime(2027, 6, 30, 23, 30, tzinfo=UTC))

    facts = facts_of(case, decider=slt, subject=case.subjects[0])

    assert facts.found[0].found_on == date(2027, 7, 1)


def test_the_card_has_no_number_no_primary_button_and_no_advice(slt):
    html = card(fair_case(slt), slt)

    assert html.count("<li ") == 5
    assert html.count("govuk-button--secondary") == html.count('role="button"') == 2
    assert "<ol" not in html
    assert "recommend" not in html.lower()
    assert "Take this step<span" in html
    assert POLICY.ladder_lead in html


@pytest.mark.parametrize("state", ["is-open", "is-blocked", "is-shut"])
def test_the_card_says_the_state_in_words_too(slt, state):
    html = card(fair_case(slt), slt)

    part = html.split(f'class="{state}"')[1].split("</li>")[0]

    assert {"is-open": "Open", "is-blocked": "Not yet:", "is-shut": "Not open:"}[state] in part


def test_names_are_shown_and_never_run(slt):
    case = fair_case(slt)
    add_subject(case, full_name="<script>alert(1)</script>")
    taken(case, subject=case.subjects[0])

    html = card(Case.objects.get(pk=case.pk), slt)

    assert "<script>" not in html


@pytest.mark.parametrize("size", [1, 25])
def test_the_rows_cost_the_same_however_much_is_on_the_case(slt, size, django_assert_max_num_queries):
    case = fair_case(slt)
    for number in range(size):
        AllegationFactory.create(case=case, subject=case.subjects[0], made_by=slt)
        ask_account(case, case.subjects[0], received_on=None)
        taken(case, day=number % 28 + 1)
    case = Case.objects.prefetch_related("people__person", "allegations", "information").get(pk=case.pk)
    slt.has_perm("incidents.take_step")

    with django_assert_max_num_queries(2):
        ladder_rows(case=case, user=slt)
