"""What is kept from somebody stays kept from them, whatever becomes of the concern: undone, repeated, moved."""

from __future__ import annotations

import pytest

from dkh_conduct.accounts.roles import Role
from incidents.casework.conflicts import record_conflict
from incidents.casework.split import split_case
from incidents.casework.timeline import timeline_of
from incidents.casework.timeline_filter import TimelineFilterForm
from incidents.models import Concern, Email, Event, HandOver
from incidents.models.kept_out import keep_out_of_concern
from incidents.triage.outcome import (
    OutcomeRefusedError,
    add_to_case,
    hand_to_complaints,
    mark_duplicate,
    open_case,
)
from incidents.triage.undoing import undo_outcome
from letters.models import Letter
from tests.factories import CaseFactory, ConcernFactory, LetterFactory, UserFactory

pytestmark = pytest.mark.django_db
DECIDED = {"kind": "misconduct", "reason": "It is about one person."}


@pytest.fixture
def other(school):
    return ConcernFactory.create(school=school, reference="DKH-9P3C-7V")


@pytest.fixture
def mine(school, slt):
    return CaseFactory.create(school=school, number=20, lead=slt)


def sees(user, concern):
    return Concern.objects.visible_to(user).filter(pk=concern.pk).exists()


@pytest.mark.parametrize("is_new", [True, False])
def test_who_stepped_aside_from_its_case_is_kept_from_the_concern_when_the_outcome_is_undone(
    concern, mine, slt, colleague, is_new
):
    case = mine
    if is_new:
        case = open_case(concern=concern, by=slt, summary="Messages", **DECIDED)
    else:
        add_to_case(concern=concern, case=mine, by=slt, **DECIDED)
    record_conflict(case=case, by=slt, who=colleague, reason="Named in it")

    undo_outcome(concern=concern, by=slt, reason="By mistake.")

    assert sees(slt, concern)
    assert not sees(colleague, concern)


def test_who_was_kept_from_the_case_before_gets_the_concern_back_and_no_word_of_the_case(
    concern, mine, slt, colleague, signed_in, time_machine
):
    record_conflict(case=mine, by=slt, who=colleague, reason="A neighbour")
    time_machine.shift(60)
    add_to_case(concern=concern, case=mine, by=slt, kind="misconduct", reason="The same canary family.")
    undo_outcome(concern=concern, by=slt, reason="By mistake.")

    page = signed_in(colleague).get(concern.get_absolute_url()).content.decode()

    assert concern.reference in page
    assert "C020" not in page
    assert "canary" not in page


@pytest.mark.parametrize("is_kept_first", [True, False])
@pytest.mark.parametrize("kept", ["original", "duplicate"])
def test_whoever_may_not_know_of_a_concern_may_not_read_another_that_tells_the_same(
    concern, other, slt, colleague, kept, is_kept_first
):
    aside = {
        "concern": {"original": other, "duplicate": concern}[kept],
        "kind": "named",
        "reason": "Named in it",
        "by": slt,
    }
    if is_kept_first:
        keep_out_of_concern(colleague, **aside)
    mark_duplicate(concern=concern, original=other, by=slt, **DECIDED)
    if not is_kept_first:
        aside["concern"].refresh_from_db()
        keep_out_of_concern(colleague, **aside)

    assert [sees(colleague, each) for each in (concern, other)] == [False, False]
    assert [sees(slt, each) for each in (concern, other)] == [True, True]


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_a_void_letter_to_the_reporter_is_kept_from_who_may_not_know_of_the_case(
    concern, mine, slt, colleague, is_kept_first
):
    """It bears the reporter's name, and says which concern it is about."""
    first = LetterFactory.create(school=concern.school, reference="DKH-7R4K-2Q-L1", addressee="Amina Rahman")
    second = LetterFactory.create(school=concern.school, reference="DKH-7R4K-2Q-L2", addressee="Amina Rahman")
    HandOver.objects.create(concern=concern, letter=second, number=2, written_by=slt)
    if is_kept_first:
        record_conflict(case=mine, by=slt, who=colleague, reason="Named in it")
    add_to_case(concern=concern, case=mine, by=slt, **DECIDED)
    if not is_kept_first:
        record_conflict(case=mine, by=slt, who=colleague, reason="Named in it")

    assert not Letter.objects.visible_to(colleague).exists()
    assert set(Letter.objects.visible_to(slt)) == {first, second}


def test_nobody_from_whom_it_is_kept_is_written_to_about_a_complaint(concern, slt, colleague):
    keep_out_of_concern(colleague, concern=concern, kind="named", reason="It is about them", by=slt)

    with pytest.raises(OutcomeRefusedError, match="may not know of this concern"):
        hand_to_complaints(
            concern=concern,
            by=slt,
            kind="criticism",
            reason="About lunch.",
            handed_to="the deputy",
            tell=colleague.email.upper(),
        )

    assert not Email.objects.exists()


def test_the_story_of_a_case_says_nothing_of_what_was_split_off_to_a_case_kept_from_its_reader(
    concern, other, mine, slt, colleague
):
    for each in (concern, other):
        add_to_case(concern=each, case=mine, by=slt, kind="misconduct", reason=f"canary {each.reference}")
    new = split_case(case=mine, by=slt, summary="Another", reason="canary split", concerns=[concern.pk])
    record_conflict(case=new, by=slt, who=colleague, reason="Named in it")

    def told(user):
        actors: list[object] = []
        found = timeline_of(mine, user=user, chosen=TimelineFilterForm({}, case=mine, actors=actors))
        return str([(entry.title, entry.lines) for entry in found.entries])

    assert "canary DKH-9P3C-7V" in told(colleague)
    assert "canary DKH-7R4K-2Q" not in told(colleague)
    assert new.reference not in told(colleague)
    assert "canary split" not in told(colleague)
    assert {"canary DKH-7R4K-2Q", "canary split", new.reference} <= {
        word for word in ("canary DKH-7R4K-2Q", "canary split", new.reference) if word in told(slt)
    }
    assert Event.objects.of_case(mine).count() > Event.objects.of_case(mine).known_to(colleague).count()


def test_a_letter_is_passed_on_only_where_no_head_is_left_to_read_it(school, slt, head):
    chair = UserFactory.create(school=school, full_name="Rosa Penn", role=Role.CHAIR)
    letter = LetterFactory.create(school=school, drafted_by=slt)
    letter.withheld_from.add(head)
    assert list(Letter.objects.visible_to(chair)) == [letter]

    UserFactory.create(school=school, full_name="Ines Duarte", role=Role.HEAD)

    assert not Letter.objects.visible_to(chair).exists()
