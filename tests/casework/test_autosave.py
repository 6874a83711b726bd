"""A draft that is kept while it is typed, what is enclosed, and who else gets a copy."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.casework.letter_checks import objections_to
from incidents.casework.step_draft import discard_step, save_draft
from incidents.casework.step_taking import take_step
from incidents.models import Event, Step
from letters.checks import check
from letters.models import Letter
from letters.refusals import UnansweredError
from letters.rendering import render
from tests.casework.fair_case import REASON, drafted, fair_case, words_of
from tests.letters.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(slt) -> Step:
    return drafted(fair_case(slt))


def typed(step: Step, **changes) -> dict[str, object]:
    letter = step.letter
    assert letter is not None
    day = letter.reply_by
    assert day is not None
    return {
        "heading": letter.heading,
        "body": letter.body,
        "reply_by_0": day.day,
        "reply_by_1": day.month,
        "reply_by_2": day.year,
        "reason": "",
        "delivery": "post",
        "enclosures": letter.enclosures,
        "copies_to": "",
        "version": letter.version,
        **changes,
    }


def address(step: Step) -> str:
    return reverse("step-autosave", args=[step.case.reference, step.pk])


def test_what_is_typed_is_kept_and_the_next_time_carries_the_new_version(step, slt, signed_in):
    browser = signed_in(slt)

    first = browser.post(address(step), typed(step, reason="Half a rea"))
    second = browser.post(address(step), typed(step, reason="Half a reason", version=first.json()["version"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["said"].startswith("Saved at ")
    step.refresh_from_db()
    assert step.reason == "Half a reason"
    assert step.state == Step.State.DRAFT


def test_the_slower_of_two_editors_overwrites_nothing_and_is_told_who_was_first(step, slt, head, signed_in):
    one, other = signed_in(slt), signed_in(head)
    one.post(address(step), typed(step, heading="From the first"))

    refused = other.post(address(step), typed(step, heading="From the second"))

    assert refused.status_code == 409
    assert f"{slt.full_name} saved this letter" in refused.json()["said"]
    assert Letter.objects.get().heading == "From the first"


def test_what_cannot_be_kept_is_said_and_nothing_changes(step, slt, signed_in):
    refused = signed_in(slt).post(address(step), typed(step, heading=""))

    assert refused.status_code == 422
    assert Letter.objects.get().heading == step.letter.heading


def test_a_draft_that_was_given_up_says_so(step, slt, signed_in):
    browser, sent = signed_in(slt), typed(step)
    discard_step(step=step, by=slt)

    gone = browser.post(address(step), sent)

    assert gone.status_code == 409
    assert "Copy what you typed" in gone.json()["said"]


def test_saving_by_itself_writes_no_event_and_nothing_where_nothing_changed(step, slt, signed_in):
    browser, before = signed_in(slt), Event.objects.count()

    same = browser.post(address(step), typed(step))
    again = browser.post(address(step), typed(step))

    assert same.json()["version"] == again.json()["version"] == step.letter.version
    assert Event.objects.count() == before


def test_enclosures_and_copies_are_kept_and_printed(step, slt, signed_in):
    signed_in(slt).post(address(step), typed(step, enclosures="Our policy", copies_to="Hannah Osei, chair"))

    letter = Letter.objects.get()
    letter.school = step.case.school
    pages = words(render(letter, is_draft=True).pdf)

    assert (letter.enclosures, letter.copies_to) == ("Our policy", "Hannah Osei, chair")
    assert "Enclosed: Our policy" in pages
    assert "Copy to: Hannah Osei, chair" in pages


def test_a_page_without_these_fields_leaves_them_as_they_are(step, slt):
    save_draft(step=step, by=slt, **{**words_of(step), "copies_to": "Hannah Osei", "reason": ""})
    step.letter.refresh_from_db()

    save_draft(step=step, by=slt, **{**words_of(step), "reason": "Another"})

    assert Letter.objects.get().copies_to == "Hannah Osei"


def test_a_copy_is_warned_of_and_asks_for_a_reason_before_the_step_is_taken(step, slt):
    sent = {**words_of(step), "copies_to": "Hannah Osei", "reason": REASON}

    with pytest.raises(UnansweredError, match="Somebody else gets a copy"):
        take_step(step=step, by=slt, has_no_conflict=True, answers={}, **sent)
    save_draft(step=step, by=slt, **sent)
    letter = Letter.objects.get()
    reasons = {found.key: "She hears any complaint." for found in objections_to(step.case, letter)}
    step.letter.refresh_from_db()
    taken = take_step(step=step, by=slt, has_no_conflict=True, answers=reasons, **{**words_of(step), "reason": REASON})

    assert taken.state == Step.State.TAKEN
    assert letter.events.filter(facts__why="She hears any complaint.").exists()


def test_a_copy_to_whoever_told_the_school_is_objected_to_by_name(step):
    letter = step.letter
    letter.copies_to = "Priya Raman"

    codes = {found.code for found in check(letter, reporters=["Priya Raman"])}

    assert {"reporter_named", "copied_to"} <= codes


def test_the_form_of_the_draft_says_where_it_is_kept(step, slt, signed_in):
    page = signed_in(slt).get(reverse("step-draft", args=[step.case.reference, step.pk])).content.decode()

    assert f'data-dkh-autosave="{address(step)}"' in page
    assert "Copies to (optional)" in page
    assert "What is enclosed (optional)" in page
