"""A complaint that is handed over: whoever deals with it hears by email, and the reporter can be told by letter."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from incidents.models import Email, HandOver
from incidents.models.kept_out import keep_out_of_concern
from incidents.models.story import title_of
from incidents.triage.handing_over import discard_hand_over, send_hand_over, write_hand_over
from incidents.triage.outcome import OutcomeRefusedError, hand_to_complaints
from incidents.triage.undoing import undo_outcome, why_not_undone
from letters.models import Letter
from letters.refusals import WrongStateError

pytestmark = pytest.mark.django_db
TO = {
    "addressee": "Amina Rahman",
    "salutation": "Ms Rahman",
    "address": "14 Champion Hill\nLondon\nSE5 8AB",
    "answer_by": date(2026, 11, 30),
}
TYPED = {
    "addressee": "Amina Rahman",
    "salutation": "Ms Rahman",
    "address": "14 Champion Hill\r\nLondon\r\nSE5 8AB",
    "answer_by_0": "30",
    "answer_by_1": "11",
    "answer_by_2": "2026",
}


@pytest.fixture
def complaint(concern, slt):
    concern.reporter.name = "Amina Rahman"
    concern.reporter.save()
    hand_to_complaints(concern=concern, by=slt, kind="criticism", reason="About lunch.", handed_to="the Head of School")
    concern.refresh_from_db()
    return concern


def url(concern):
    return f"{concern.get_absolute_url()}letter/"


def test_whoever_deals_with_it_hears_that_it_is_there_and_nothing_of_it(concern, slt_client):
    slt_client.post(
        concern.get_absolute_url(),
        {
            "kind": "criticism",
            "outcome": "complaint",
            "handed_to": "the chair of governors",
            "handed_to_email": "chair@governors.example",
            "reason": "It is about the lunch menu.",
        },
    )

    email = next(each for each in Email.objects.all() if each.to == "chair@governors.example")
    assert email.subject == f"A complaint for you: {concern.reference}"
    assert concern.get_absolute_url() in email.body
    assert "lunch" not in email.body
    assert concern.account not in email.body
    event = concern.events.get(kind="concern_handed_over")
    assert event.facts["told"] == "the chair of governors"


def test_an_address_that_cannot_be_is_refused_beside_the_field(concern, slt_client):
    page = slt_client.post(
        concern.get_absolute_url(),
        {"kind": "criticism", "outcome": "complaint", "handed_to": "x", "handed_to_email": "chair", "reason": "y"},
    )

    assert "Enter an email address in the right form" in page.content.decode()
    concern.refresh_from_db()
    assert not concern.is_read


def test_a_reporter_is_told_by_letter_from_the_page_to_the_print_room(complaint, slt, slt_client, office, signed_in):
    assert "Tell them by letter too" in slt_client.get(complaint.get_absolute_url()).content.decode()
    asked = slt_client.get(url(complaint)).content.decode()
    assert f'value="{complaint.reporter.name}"' in asked

    assert slt_client.post(url(complaint), TYPED).status_code == 302

    draft = slt_client.get(url(complaint)).content.decode()
    assert "Read the letter before it goes" in draft
    assert "The Head of School will deal with it under our complaints procedure" in draft
    assert "You will hear by Monday 30 November 2026" in draft
    letter = HandOver.objects.get().letter
    assert (letter.kind, letter.state, letter.address) == ("complaint_handover", "draft", TO["address"])
    assert slt_client.get(f"{letter.get_absolute_url()}picture/").status_code == 200

    sent = slt_client.post(url(complaint), {"send": "1"}, follow=True).content.decode()

    letter.refresh_from_db()
    assert (letter.state, letter.approved_by) == (Letter.State.QUEUED, slt)
    assert "on its way to the print room" in sent
    assert letter.reference in sent
    assert title_of(complaint.events.get(kind="hand_over_written")) == (
        f"Letter {letter.reference} to the reporter, about the complaint"
    )
    assert letter.addressee in signed_in(office).get("/staff/print-room/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"addressee": ""}, "Enter the name of whoever told us"),
        ({"address": ""}, "Enter the address, with the postcode on the last line"),
        ({"address": "SE5 8AB"}, "Enter the address on two lines or more"),
        ({"address": "a\n" * 8}, "Use 7 lines or fewer"),
        ({"answer_by_2": "2025"}, "Enter a day after today"),
        ({"answer_by_0": "", "answer_by_1": "", "answer_by_2": ""}, "Enter the day by which they hear"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(complaint, slt_client, wrong, sentence):
    page = slt_client.post(url(complaint), {**TYPED, **wrong}).content.decode()

    assert sentence in page
    assert "Ms Rahman" in page
    assert not Letter.objects.exists()


def test_an_address_too_wide_for_the_window_has_to_be_put_right(complaint, slt, slt_client):
    write_hand_over(
        concern=complaint,
        by=slt,
        **{**TO, "address": "\n".join(["A house with a name that goes on and on for the width of the sheet"] * 6)},
    )

    page = slt_client.get(url(complaint)).content.decode()

    assert "This has to be put right first." in page
    assert "Approve, and send it" not in page
    assert slt_client.post(url(complaint), {"send": "1"}).status_code == 409
    assert Letter.objects.get().state == "draft"


def test_a_discarded_letter_leaves_the_questions_again(complaint, slt, slt_client):
    write_hand_over(concern=complaint, by=slt, **TO)

    slt_client.post(url(complaint), {"discard": "1"})

    assert not Letter.objects.exists()
    assert "Name on the letter" in slt_client.get(url(complaint)).content.decode()


def test_there_is_one_letter_until_it_is_void(complaint, slt, colleague):
    write_hand_over(concern=complaint, by=slt, **TO)

    with pytest.raises(OutcomeRefusedError, match="Ruth Adeyemi has written letter DKH-7R4K-2Q-L1 already"):
        write_hand_over(concern=complaint, by=colleague, **TO)

    Letter.objects.update(
        state="void", voided_at=complaint.outcome_at, voided_by=slt, void_reason="words",
        sha256="0" * 64, file="letters/none.pdf", pages=1,
        approved_by=slt, approved_at=complaint.outcome_at, queued_at=complaint.outcome_at,
    )  # fmt: skip
    again = write_hand_over(concern=complaint, by=colleague, **TO)
    assert again.letter.reference == "DKH-7R4K-2Q-L2"


def test_the_second_to_send_or_discard_it_hears_who_was_first(complaint, slt, colleague):
    write_hand_over(concern=complaint, by=slt, **TO)
    send_hand_over(concern=complaint, by=slt, reasons={})

    with pytest.raises(WrongStateError, match="approved"):
        send_hand_over(concern=complaint, by=colleague, reasons={})
    with pytest.raises(OutcomeRefusedError, match=r"is approved\. Make it void instead"):
        discard_hand_over(concern=complaint, by=colleague)


def test_an_outcome_that_a_letter_tells_of_is_not_undone(complaint, slt):
    write_hand_over(concern=complaint, by=slt, **TO)

    assert "A letter tells the reporter of it" in why_not_undone(complaint)
    with pytest.raises(OutcomeRefusedError, match="Discard that letter, or make it void"):
        undo_outcome(concern=complaint, by=slt, reason="A slip.")

    discard_hand_over(concern=complaint, by=slt)
    undo_outcome(concern=complaint, by=slt, reason="A slip.")


def test_whoever_may_not_know_of_the_concern_does_not_find_its_letter(complaint, slt, colleague, head, signed_in):
    keep_out_of_concern(colleague, concern=complaint, kind="related", reason="A sister.", by=slt)
    letter = write_hand_over(concern=complaint, by=slt, **TO).letter
    keep_out_of_concern(head, concern=complaint, kind="related", reason="A brother.", by=slt)

    for kept_out in (colleague, head):
        client = signed_in(kept_out)
        assert client.get(letter.get_absolute_url()).status_code == 404
        assert client.get(url(complaint)).status_code == 404
        with pytest.raises(PermissionDenied):
            send_hand_over(concern=complaint, by=kept_out, reasons={})


def test_only_a_complaint_has_such_a_letter(concern, slt, slt_client):
    assert slt_client.get(url(concern)).status_code == 404
    with pytest.raises(OutcomeRefusedError, match="not with the complaints procedure"):
        write_hand_over(concern=concern, by=slt, **TO)


def test_the_office_does_not_write_it(complaint, office, signed_in):
    assert signed_in(office).get(url(complaint)).status_code == 403
    assert not re.search("letter too", signed_in(office).get(complaint.get_absolute_url()).content.decode())


def test_a_letter_that_somebody_discarded_is_neither_sent_nor_discarded_again(complaint, slt, colleague):
    write_hand_over(concern=complaint, by=slt, **TO)
    discard_hand_over(concern=complaint, by=colleague)

    with pytest.raises(OutcomeRefusedError, match="Somebody else has discarded this letter"):
        send_hand_over(concern=complaint, by=slt, reasons={})
    with pytest.raises(OutcomeRefusedError, match="Somebody else has discarded this letter"):
        discard_hand_over(concern=complaint, by=slt)


def test_nobody_without_the_right_writes_it_however_they_ask(complaint, office):
    with pytest.raises(PermissionDenied):
        write_hand_over(concern=complaint, by=office, **TO)

    assert not Letter.objects.exists()
