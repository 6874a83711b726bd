"""The same day gives the same school, on any day of any year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from dkh_conduct.demo import together
from dkh_conduct.demo.clock import Days
from dkh_conduct.demo.school import make_school
from dkh_conduct.demo.seed import seed
from dkh_conduct.school.models import School
from incidents.evidence import pictures
from incidents.models import Allegation, Case, Concern, Event, Evidence, InformationRequest, Reporter, Step
from letters import approval, sealing
from letters.models import Letter, LetterEvent
from letters.rendering import Rendered
from tests.demo.conftest import forget_everything
from tests.demo_school import MONDAY, PASSWORD, SITE_URL, of_this_run

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import Model

SUNDAY = date(2026, 11, 22)

COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Concern: ("reference", "received_at", "due_on", "account", "assigned_to__email", "outcome_at", "outcome_reason"),
    Reporter: ("concern__reference", "name", "email", "phone", "may_name"),
    Evidence: ("concern__reference", "position", "name", "sha256", "size", "width", "height", "received_at"),
    Case: ("number", "summary", "opened_at", "lead__email", "next_action", "next_on", "closed_at"),
    Allegation: ("case__number", "subject__full_name", "clause", "words", "made_at", "finding", "found_at"),
    InformationRequest: ("case__number", "person__full_name", "source", "asked_on", "due_on", "received_on"),
    Step: ("case__number", "subject__full_name", "state", "drafted_at", "taken_at", "reason"),
    Event: ("kind", "at", "by__email", "why", "case__number", "concern__reference"),
    Letter: ("reference", "state", "body", "approved_at", "sealed_at", "sha256", "pages", "posted_on", "arrives_on"),
    LetterEvent: ("letter__reference", "kind", "at", "by__email"),
}


def told() -> dict[str, list[tuple[Any, ...]]]:
    return {
        model.__name__: sorted(model._default_manager.values_list(*columns), key=repr)
        for model, columns in COLUMNS.items()
    }


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures are told by their originals, which are compared; what is drawn of them is looked at elsewhere."""

    def as_it_is(path: Path, boxes: object = None, **_: object) -> pictures.CleanPicture:
        with Image.open(path) as original:
            return pictures.CleanPicture(
                "image/png", *original.size, "png", path.read_bytes(), b"small", tool="nothing"
            )

    monkeypatch.setattr(pictures, "redraw", as_it_is)
    # Nothing is kept of the print that a letter is tried with before it is approved; those that are made stay real.
    monkeypatch.setattr(approval, "render", lambda letter: Rendered(pdf=b"%PDF-", pages=1))


def test_two_tellings_on_one_day_by_two_processes_are_the_same(demo, undrawn, settings, tmp_path_factory):
    first = told()
    settings.SITE_URL = SITE_URL  # it stands in the letters, and so do codes made with the key
    settings.SECRET_KEY = (of_this_run(tmp_path_factory) / "secret-key").read_text()
    forget_everything()

    seed(today=MONDAY, password=PASSWORD)

    assert told() == first


@pytest.fixture
def nothing(db):
    """No school yet."""
    forget_everything()


@pytest.fixture
def quickly(monkeypatch):
    """Pictures and letters that are not looked at, so that a telling takes a second or two."""
    picture = pictures.CleanPicture("image/png", 1170, 2532, "png", b"a copy", b"a thumbnail", tool="nothing")
    monkeypatch.setattr(pictures, "redraw", lambda path, boxes=None, **_: picture)
    monkeypatch.setattr(together, "make_case_file", lambda pk: True)  # of real letters only
    for module in (approval, sealing):
        monkeypatch.setattr(module, "render", lambda letter: Rendered(pdf=b"%PDF-", pages=1))


def test_on_a_sunday_something_is_late_and_something_is_due_on_it(nothing, quickly):
    seed(today=SUNDAY, password=PASSWORD)

    assert Concern.objects.late(SUNDAY).exists()
    assert Concern.objects.unread().filter(due_on=SUNDAY).exists()
    assert Concern.objects.unread().filter(due_on__gt=SUNDAY).exists()
    assert Case.objects.open().filter(next_on=SUNDAY).exists()


@pytest.mark.parametrize("today", ["2026-09-01", "2026-11-22", "2027-01-04", "2027-08-05", "2028-02-29", "2031-05-05"])
def test_school_days_reach_far_enough_on_both_sides_of_any_day(nothing, today):
    day = date.fromisoformat(today)

    days = Days(day, make_school(day).calendar())

    assert days.day(-60) < days.day(-1) < day == days.day(0) < days.day(1) < days.day(25)
    assert days.calendar.is_school_day(days.day(-60))
    assert days.calendar.last_day >= days.day(25)


def test_a_short_password_is_refused_with_a_sentence(nothing):
    with pytest.raises(CommandError, match="too short"):
        call_command("seed_demo", password="short")

    assert not School.objects.exists()
