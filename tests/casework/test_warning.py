"""A warning letter is taken as a step: fairly, once, and with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.step_draft import discard_step, save_draft
from incidents.models import Allegation, Case, Conflict, Event, InformationRequest, Person, Step
from letters.models import Letter
from letters.refusals import AddressDoesNotFitError, StaleDraftError
from tests.casework.fair_case import REASON, drafted, fair_case, find, nothing_happened, take, words_of
from tests.factories import AllegationFactory, PersonFlagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def step(case):
    return drafted(case)


def test_taking_the_step_approves_the_letter_and_writes_one_event(step, slt):
    taken = take(step, slt)

    letter = Letter.objects.get()
    assert (taken.state, taken.reason, taken.taken_by, taken.has_no_conflict) == ("taken", REASON, slt, True)
    assert (letter.state, letter.approved_by, letter.written_on) == (Letter.State.QUEUED, slt, today())
    event = Event.objects.get(kind=Event.Kind.STEP_TAKEN)
    assert (event.by, event.why, event.facts["step"]) == (slt, REASON, "Warning letter")
    case = Case.objects.get(pk=step.case_id)
    assert (case.next_action, case.next_on) == ("Their side", letter.reply_by)


def test_what_is_in_the_form_is_what_is_approved(step, slt):
    body = step.letter.body.replace("This is a warning letter", "This is a letter")

    take(step, slt, heading="About your messages", body=body)

    letter = Letter.objects.get()
    assert (letter.heading, letter.body, letter.state) == ("About your messages", body, Letter.State.QUEUED)


def test_the_worker_makes_the_letter_once_all_is_written(step, slt, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        take(step, slt)

    letter = Letter.objects.get()
    assert letter.state == Letter.State.READY
    assert letter.sha256


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "A written reason is still needed"),
        ({"reason": " \n "}, "A written reason is still needed"),
        ({"has_no_conflict": False}, "Say that you have no conflict of interest"),
        ({"body": "Come and see me."}, "does not say by when they can put their side"),
        ({"reply_by": date(2020, 1, 6)}, "or a later day"),
    ],
)
def test_a_step_without_what_it_needs_is_not_taken(step, slt, changes, said):
    with pytest.raises(Refused, match=said):
        take(step, slt, **changes)

    assert nothing_happened(step)


def test_an_empty_letter_is_not_taken(step, slt):
    with pytest.raises(Refused, match="The letter is empty"):
        take(step, slt, body="  \n")

    assert nothing_happened(step)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: Allegation.objects.update(finding="not_found"), "No allegation is found"),
        (lambda: InformationRequest.objects.all().delete(), "Nobody was asked for information"),
        (lambda: Case.objects.update(status="paused"), "The case is paused for safeguarding"),
        (lambda: PersonFlagFactory.create(person=Person.objects.get()), "No letter may go to"),
        (lambda: Person.objects.update(address=""), "has no address yet"),
    ],
)
def test_what_changed_since_the_draft_keeps_it_from_being_taken(step, slt, spoil, said):
    spoil()

    with pytest.raises(Refused, match=said):
        take(step, slt)
    assert nothing_happened(step)


def test_a_letter_with_a_finding_that_was_undone_is_not_taken(case, slt):
    other = find(AllegationFactory.create(case=case, subject=case.subjects[0], made_by=slt), by=slt)
    step = drafted(case)
    find(other, by=slt, finding="not_found")

    with pytest.raises(Refused, match="is not found about Daniel Marsh any more"):
        take(step, slt)
    assert nothing_happened(step)


def test_an_address_that_does_not_fit_the_window_stops_everything(step, slt):
    Person.objects.update(address="\n".join(f"Line {number} of a long address" for number in range(9)))

    with pytest.raises(AddressDoesNotFitError):
        take(step, slt)
    assert nothing_happened(step)


def test_whoever_takes_the_step_signs_the_letter(step, colleague):
    with pytest.raises(Refused, match="Ruth Adeyemi signs this letter"):
        take(step, colleague)
    assert nothing_happened(step)

    signed = save_draft(step=step, by=colleague, reason="", is_signed_by_me=True, **words_of(step))
    step = Step.objects.get(pk=signed.pk)
    take(step, colleague)

    assert Letter.objects.get().signatory_name == "Tomas Lindqvist"


def test_the_telephone_of_whoever_has_another_name_by_now_is_left_to_the_reader(step, slt, colleague):
    slt.full_name = "Ruth Grant"
    slt.save()

    signed = save_draft(step=step, by=colleague, reason="", is_signed_by_me=True, **words_of(step))

    assert signed.letter.signatory_name == "Tomas Lindqvist"
    assert signed.letter.body == step.letter.body


def test_a_stale_page_cannot_take_the_step(step, slt, colleague):
    save_draft(step=step, by=colleague, reason="", **words_of(step, body=step.letter.body + "\nOne more thing.\n"))

    with pytest.raises(StaleDraftError):
        take(step, slt)
    assert Step.objects.get().state == Step.State.DRAFT
    assert Letter.objects.get().state == Letter.State.DRAFT


def test_the_second_to_decide_is_told_who_and_when(step, slt, colleague):
    take(step, slt)

    for verb in (
        lambda: take(step, colleague),
        lambda: save_draft(step=step, by=colleague, reason="", **words_of(step)),
        lambda: discard_step(step=step, by=colleague),
    ):
        with pytest.raises(Refused, match=r"Ruth Adeyemi took this step on .* It cannot be changed"):
            verb()
    assert Event.objects.filter(kind=Event.Kind.STEP_TAKEN).count() == 1


@pytest.mark.parametrize("missing", ["incidents.take_step", "letters.approve_letter", "incidents.run_case"])
def test_each_permission_is_needed(step, slt, missing):
    app, codename = missing.split(".")
    group = slt.groups.get()
    group.permissions.remove(*group.permissions.filter(codename=codename, content_type__app_label=app))
    by = type(slt).objects.get(pk=slt.pk)

    with pytest.raises(PermissionDenied):
        take(step, by)
    assert nothing_happened(step)


def test_another_school_cannot_take_it(step, outsider):
    with pytest.raises(Refused, match="You can no longer see this case"):
        take(step, outsider)
    assert nothing_happened(step)


def test_who_stepped_aside_since_cannot_take_it(step, slt):
    Conflict.objects.create(user=slt, case=step.case, reason="Related")

    with pytest.raises(Refused, match="You can no longer see this case"):
        take(step, slt)
    assert nothing_happened(step)


def test_a_step_may_be_taken_again_with_a_new_letter(step, slt):
    take(step, slt)

    again = drafted(Case.objects.get(pk=step.case_id))
    with pytest.raises(Refused, match="Why so soon after the last step"):
        take(again, slt)
    with pytest.raises(Refused, match="Why a second step for the same conduct"):
        take(again, slt, explained={"soon": "It happened again the same day."})
    take(again, slt, explained={"soon": "It happened again the same day.", "again": "They asked for it in writing."})

    again.refresh_from_db()
    assert [name for name, _ in again.explanations] == [
        "Why so soon after the last step",
        "Why a second step for the same conduct",
    ]

    assert list(Letter.objects.order_by("pk").values_list("reference", flat=True)) == ["DKH-C014-1", "DKH-C014-2"]
    assert Step.objects.taken().count() == 2


def test_a_person_who_is_no_longer_a_subject_gets_no_letter(step, slt):
    step.case.people.update(role="witness")

    with pytest.raises(Refused, match="is not a subject of this case"):
        take(step, slt)
    assert nothing_happened(step)
