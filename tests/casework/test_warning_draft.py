"""The page of a draft: saving, signing, two editors, and its picture."""

from __future__ import annotations

import re

import pytest

from incidents.models import Event, Step
from incidents.models.event import record
from letters.models import Letter
from tests.casework.fair_case import drafted, fair_case
from tests.casework.warning_pages import (
    PNG,
    draft_answers,
    page,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def step(case):
    return drafted(case)


@pytest.fixture
def client_of_slt(slt, signed_in):
    return signed_in(slt)


def test_the_draft_shows_the_letter_its_picture_and_what_is_needed(step, client_of_slt):
    response = client_of_slt.get(page(step))

    html, text = response.content.decode(), text_of(response)
    assert "What this step needs" in text
    assert "Mr Daniel Marsh" in text
    assert 'data-dkh-preview="/staff/cases/C014/steps/' in html
    assert f'href="/staff/letters/{step.letter.reference}/pdf/"' in html
    assert f'<input type="hidden" name="version" value="{step.letter.version}"' in html
    assert "Sign it myself" not in text
    assert html.count("<form") == 3  # sign out, stay signed in, and this one


def test_enter_in_the_heading_saves_and_never_takes_the_step(step, client_of_slt):
    html = client_of_slt.get(page(step)).content.decode()
    form = html[html.index('id="step-form"') :]

    first = re.search(r'<button[^>]*type="submit"[^>]*>|<button[^>]*name="take"', form)

    assert first
    assert 'name="save"' in first[0]


def test_a_draft_is_saved(step, client_of_slt):
    response = client_of_slt.post(
        page(step), draft_answers(step, heading="A new heading", reason="Not yet whole", save=""), follow=True
    )

    assert "Draft saved." in text_of(response)
    assert Letter.objects.get().heading == "A new heading"
    assert "Not yet whole" in text_of(response)
    assert Step.objects.get().state == Step.State.DRAFT


def test_line_breaks_of_a_browser_do_not_change_the_letter(step, client_of_slt):
    body = step.letter.body.replace("\n", "\r\n")

    client_of_slt.post(page(step), draft_answers(step, body=body, save=""))

    assert Letter.objects.get().version == 1


def test_the_other_page_and_the_picture_come_after_saving(step, client_of_slt):
    response = client_of_slt.post(page(step), draft_answers(step, heading="New", show="2"))

    assert response.url == f"{page(step)}?page=2#preview"
    assert Letter.objects.get().heading == "New"
    second = client_of_slt.get(page(step), {"page": "2"}).content.decode()
    assert f'src="{page(step, "step-preview")}?page=2"' in second
    assert "Show page 1" in second


@pytest.mark.parametrize("odd", ["0", "-1", "x", "9" * 400, "2 ", "٢"])
def test_an_odd_page_number_is_page_one(step, client_of_slt, odd):
    response = client_of_slt.get(page(step), {"page": odd})
    back = client_of_slt.post(page(step), draft_answers(step, show=odd))

    assert "Show page 2" in text_of(response)
    assert back.url == page(step)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"heading": ""}, "Enter the letter’s heading"),
        ({"heading": "x" * 121}, "Use 120 characters or fewer"),
        ({"body": ""}, "Enter what the letter should say"),
        ({"body": "x" * 10_001}, "Use 10000 characters or fewer"),
        ({"body": "a\x00b"}, "cannot be saved"),
        ({"body": "\n".join(["x"] * 400)}, "Shorten it to 300 or fewer"),
        ({"delivery": "pigeon"}, "Select a valid choice"),
        ({"reply_by_1": "13"}, "There is no such day"),
        ({"version": "x"}, "Enter a whole number"),
        ({"version": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_saved_is_shown_again(step, client_of_slt, changes, said):
    response = client_of_slt.post(
        page(step), draft_answers(step, **{"reason": "Kept with the error.", **changes}, save="")
    )

    assert response.status_code == 200
    assert "Kept with the error." in text_of(response)
    if "version" not in changes:
        assert said in text_of(response)
        assert "There is a problem" in text_of(response)
    assert Letter.objects.get().version == 1


def test_emoji_and_other_scripts_are_kept(step, client_of_slt):
    body = f"{step.letter.body}\nDẹ́kọ́ 🙂 عربي"

    client_of_slt.post(page(step), draft_answers(step, body=body, save=""))

    assert Letter.objects.get().body.rstrip() == body.rstrip()


def test_two_editors_are_both_shown_and_neither_is_overwritten(step, colleague, client_of_slt, signed_in):
    mine = draft_answers(step, body="My own words.", save="")
    signed_in(colleague).post(page(step), draft_answers(step, body="Their own words.", reason="Their reason.", save=""))

    response = client_of_slt.post(page(step), mine)

    html, text = response.content.decode(), text_of(response)
    assert "Tomas Lindqvist saved this letter on" in text
    assert "My own words." in html.split("<textarea")[1]
    assert "Their own words." in text
    assert "Their reason." in text
    assert Letter.objects.get().body == "Their own words."
    assert '<input type="hidden" name="version" value="2"' in html


def test_having_read_their_text_one_may_save_ones_own(step, colleague, client_of_slt, signed_in):
    signed_in(colleague).post(page(step), draft_answers(step, body="Their own words.", save=""))

    client_of_slt.post(page(step), draft_answers(step, body="My own words.", version=1, save=""))
    client_of_slt.post(page(step), draft_answers(step, body="My own words.", version=2, save=""))

    assert Letter.objects.get().body == "My own words."
    assert Letter.history.filter(body="Their own words.").exists()


def test_somebody_else_can_sign_it(step, colleague, signed_in):
    client = signed_in(colleague)

    before = client.get(page(step))
    after = client.post(page(step), draft_answers(step, sign=""), follow=True)

    assert "Sign it myself" in text_of(before)
    assert "You sign this letter now" in text_of(after)
    assert Letter.objects.get().signatory_name == "Tomas Lindqvist"


def test_what_happened_since_the_draft_is_told(step, slt, client_of_slt):
    record(
        Event.Kind.INFORMATION_RECEIVED, school=slt.school, by=slt, case=step.case, account="Daniel Marsh", who="D M"
    )

    text = text_of(client_of_slt.get(page(step)))

    assert "Since this letter was drafted Account of Daniel Marsh received" in text


def test_nothing_is_told_where_nothing_happened(step, client_of_slt):
    assert "Since this letter was drafted" not in text_of(client_of_slt.get(page(step)))


def test_the_picture_shows_the_draft_without_saving_it(step, client_of_slt):
    saved = client_of_slt.get(page(step, "step-preview"))
    typed = client_of_slt.post(page(step, "step-preview"), draft_answers(step, heading="Another heading"))

    assert saved["Content-Type"] == typed["Content-Type"] == "image/png"
    assert saved.content.startswith(PNG)
    assert typed.content.startswith(PNG)
    assert saved.content != typed.content
    assert "no-store" in typed["Cache-Control"]
    assert Letter.objects.get().version == 1
    assert Letter.objects.get().heading == step.letter.heading


def test_page_two_is_another_picture(step, client_of_slt):
    first = client_of_slt.get(page(step, "step-preview"))
    second = client_of_slt.get(page(step, "step-preview"), {"page": "2"})

    assert second.content.startswith(PNG)
    assert first.content != second.content


def test_an_unfinished_text_still_has_a_picture(step, client_of_slt):
    response = client_of_slt.post(
        page(step, "step-preview"), {"body": "Half a", "heading": "", "reply_by_0": "31", "reply_by_1": "x"}
    )

    assert response.status_code == 200
    assert response.content.startswith(PNG)


def test_a_text_that_cannot_be_printed_says_why_instead_of_a_picture(step, client_of_slt):
    response = client_of_slt.post(page(step, "step-preview"), draft_answers(step, body="x" * 20_000))

    assert response.status_code == 422
    assert "Shorten it to" in response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
