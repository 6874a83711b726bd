"""Rows that the dashboard counts: concerns that were read, steps taken, accounts asked for, letters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from incidents.models import InformationRequest, Step
from tests.factories import ConcernFactory, LetterFactory, PersonFactory

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 51, tzinfo=UTC)


def decided(school, by, *, at, due_on, outcome="nothing_further", **fields):
    return ConcernFactory.create(
        school=school,
        received_at=at - timedelta(days=1),
        due_on=due_on,
        kind="criticism",
        outcome=outcome,
        outcome_reason="A complaint.",
        outcome_by=by,
        outcome_at=at,
        **fields,
    )


def taken_step(case, by, *, at=NOW, kind="warning"):
    return Step.objects.create(
        case=case,
        kind=kind,
        subject=PersonFactory.create(school=case.school),
        state="taken",
        reason="Both sides were heard.",
        has_no_conflict=True,
        drafted_by=by,
        taken_by=by,
        taken_at=at,
    )


def account_asked(case, by):
    """Today, of the person it is about."""
    InformationRequest.objects.create(
        case=case,
        source="Him",
        is_subject_account=True,
        asked_on=TODAY,
        asked_how="letter",
        asked_by=by,
        due_on=TODAY,
    )


def letter(school, by, state):
    sealed = {"sha256": "0" * 64, "file": "letter.pdf", "pages": 1} if state in ("ready", "printed") else {}
    return LetterFactory.create(school=school, state=state, drafted_by=by, approved_by=by, approved_at=NOW, **sealed)
