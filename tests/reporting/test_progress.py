"""The track a reporter sees, for every state a concern can be in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.models import Case, Concern, Step
from incidents.reporting.progress import DECIDING, FINISHED, GATHERING, READ, heading, stage_now, track
from tests.factories import CaseFactory, ConcernFactory, PersonFactory

pytestmark = pytest.mark.django_db
READ_AT = datetime(2026, 11, 23, 9, 2, tzinfo=UTC)
TODAY = DUE = date(2026, 11, 24)


@pytest.fixture
def concern_of(school, slt):
    def make(outcome: str = "", case: Case | None = None) -> Concern:
        fields = {"outcome": outcome, "outcome_reason": "It is.", "outcome_by": slt, "outcome_at": READ_AT}
        return ConcernFactory.create(
            school=school,
            received_at=READ_AT - timedelta(days=1),
            due_on=DUE,
            case=case,
            **(fields if outcome else {}),
        )

    return make


@pytest.fixture
def case(school, slt):
    return CaseFactory.create(school=school, lead=slt)


def closed(case: Case) -> Case:
    case.status, case.closed_at, case.closed_reason = Case.Status.CLOSED, READ_AT, "Done"
    case.save()
    return case


def with_step(case: Case, state: str) -> Case:
    subject = PersonFactory.create(school=case.school)
    taken = {"reason": "Because", "taken_by": case.lead, "taken_at": READ_AT, "has_no_conflict": True}
    extra = taken if state == "taken" else {}
    Step.objects.create(case=case, kind="warning", subject=subject, state=state, drafted_by=case.lead, **extra)
    return case


def states(concern: Concern) -> list[str]:
    return [stage.state for stage in track(concern, stage_now(concern), today=TODAY, read_by=DUE)]


def test_an_unread_concern_is_received(concern_of):
    concern = concern_of()

    assert stage_now(concern) == READ
    assert states(concern) == ["done", "now", "", "", ""]
    assert heading(READ) == "We have your concern"


@pytest.mark.parametrize("outcome", ["open_case", "add_to_case"])
def test_a_concern_with_an_open_case_is_being_looked_into(concern_of, case, outcome):
    concern = concern_of(outcome, case)

    assert stage_now(concern) == GATHERING
    assert states(concern) == ["done", "done", "now", "", ""]
    assert track(concern, GATHERING, today=TODAY, read_by=DUE)[1].words == "23 November 2026"


def test_a_drafted_step_says_nothing_yet(concern_of, case):
    assert stage_now(concern_of("open_case", with_step(case, "draft"))) == GATHERING


def test_a_taken_step_reads_as_deciding_and_not_as_what_it_was(concern_of, case):
    concern = concern_of("open_case", with_step(case, "taken"))

    stages = track(concern, stage_now(concern), today=TODAY, read_by=DUE)

    assert stage_now(concern) == DECIDING
    assert "warning" not in str(stages).lower()


def test_a_paused_case_looks_like_any_other(concern_of, case):
    case.status = Case.Status.PAUSED
    case.save()

    assert stage_now(concern_of("open_case", case)) == GATHERING


def test_all_finished_concerns_look_alike_whatever_was_decided(concern_of, case):
    nothing = concern_of("nothing_further")
    decided = concern_of("open_case", closed(with_step(case, "taken")))

    assert stage_now(nothing) == stage_now(decided) == FINISHED
    assert track(nothing, FINISHED, today=TODAY, read_by=DUE) == track(decided, FINISHED, today=TODAY, read_by=DUE)
    assert states(nothing) == ["done"] * 5


def test_a_concern_read_late_says_so_instead_of_a_day_gone_by(concern_of):
    concern = concern_of()

    on_time = track(concern, READ, today=DUE, read_by=DUE)[READ].words
    late = track(concern, READ, today=DUE + timedelta(days=1), read_by=DUE)[READ].words

    assert on_time == "A senior leader reads it by 24 November 2026"
    assert "24 November" not in late
    assert "We are sorry" in late
