"""Letters that have not left the house: a case is not closed beside them, and while it is paused they wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import day
from incidents.casework.case_lock import Refused
from incidents.casework.closing import close_case, pause_case, resume_case
from incidents.casework.letters_waiting import (
    let_letters_go_on,
    letters_on_their_way,
    letters_to_stop,
    stop_letters,
    why_letters_keep_it_open,
)
from incidents.casework.recipients import write_in_spite
from incidents.models import AuthorityReferral, Case
from incidents.models.story import lines_of
from letters.emailing import send_letter_email
from letters.models import Hold, Letter, LetterEmail, LetterEvent
from letters.posting import arrives, mark_posted
from letters.refusals import HeldError
from letters.voiding import void_letter
from tests.casework.fair_case import add_subject, ask_account, drafted, fair_case, find, take
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, LetterFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
SEALED = {"file": "a.pdf", "sha256": "0" * 64, "pages": 1}


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def letter(case, slt):
    return take(drafted(case), slt).letter


def close(case, slt) -> Case:
    outcomes = dict.fromkeys(case.allegations.values_list("pk", flat=True), "step")
    return close_case(case=case, by=slt, reason="He said sorry.", outcomes=outcomes)


def printed(letter) -> Letter:
    Letter.objects.filter(pk=letter.pk).update(state="printed", printed_at=timezone.now(), **SEALED)
    return Letter.objects.get(pk=letter.pk)


@pytest.mark.parametrize("state", ["queued", "rendering", "failed", "ready", "printed", "posted"])
def test_a_case_is_not_closed_while_its_letter_is_on_its_way(case, letter, slt, signed_in, state):
    emailed = {"delivery": "email", "posted_on": today(), "posted_by": slt} if state == "posted" else {}
    Letter.objects.update(state=state, **SEALED, **emailed)
    if emailed:
        LetterEmail.objects.create(letter=letter, to="a@families.example")  # pressed, and not sent yet

    page = signed_in(slt).get(reverse("case-close", args=[case.reference])).content.decode()

    assert f"Letter {letter.reference} has not left the house. Post it, or make it void." in page
    assert letter.get_absolute_url() in page
    with pytest.raises(Refused, match=f"Letter {letter.reference} has not left"):
        close(case, slt)


@pytest.mark.parametrize("end", ["posted", "void", "told"])
def test_it_is_closed_once_the_letter_is_posted_or_void_or_the_police_were_told(case, letter, slt, office, end):
    if end == "posted":
        mark_posted(letters=[printed(letter)], posted_on=today(), by=office)
    elif end == "told":
        AuthorityReferral.objects.create(step=case.steps.get(), sent_on=today(), sent_how="phone", what_was_sent="All")
    else:
        Letter.objects.update(state="failed")  # what the worker gave up on can be given up, too
        void_letter(letter=letter, by=office, reason="other")

    assert close(case, slt).status == Case.Status.CLOSED


def test_a_letter_of_a_paused_case_waits_and_goes_on_with_it(case, letter, slt, office, signed_in):
    letter = printed(letter)

    pause_case(case=case, by=slt, reason="Social care asks us to wait.")

    with pytest.raises(HeldError, match="was paused by Ruth Adeyemi"):
        mark_posted(letters=[letter], posted_on=today(), by=office)
    desk = signed_in(office).get(reverse("print-room")).content.decode()
    assert "The case that this letter is from was paused by Ruth Adeyemi" in desk
    assert "safeguarding" not in desk.split("Do not post these")[1].split("</section>")[0]
    assert ">Stopped<" in signed_in(slt).get(case.get_absolute_url()).content.decode()
    assert f"Stopped: {letter.reference}." in lines_of(case.events.get(kind="case_paused"))

    resume_case(case=case, by=slt, reason="They have finished.")

    assert not Hold.objects.exists()
    assert f"On its way again: {letter.reference}." in lines_of(case.events.get(kind="case_resumed"))
    mark_posted(letters=[letter], posted_on=today(), by=office)
    kinds = set(letter.events.values_list("kind", flat=True))
    assert {LetterEvent.Kind.HELD, LetterEvent.Kind.RELEASED} <= kinds


def test_the_link_to_a_letter_of_a_paused_case_is_not_sent(case, letter, slt, mailoutbox):
    posted = {
        "state": "posted",
        "delivery": "email",
        "posted_on": today(),
        "posted_by": slt,
        "posted_at": timezone.now(),
    }
    Letter.objects.update(email_to="a@families.example", **posted, **SEALED)
    email = LetterEmail.objects.create(letter=letter, to="a@families.example")

    pause_case(case=case, by=slt, reason="Social care asks us to wait.")
    send_letter_email(email.pk)

    assert not mailoutbox
    assert not Letter.objects.to_print().exists()
    assert Letter.objects.held().get() == letter


@pytest.mark.parametrize("kind", ["ban_lifted", "ban_expired", "ban_not_made", "authorities_cover"])
def test_what_ends_a_ban_and_what_goes_to_the_police_does_not_wait(case, letter, slt, office, kind):
    Letter.objects.update(kind=kind)

    pause_case(case=case, by=slt, reason="Social care asks us to wait.")

    mark_posted(letters=[printed(letter)], posted_on=today(), by=office)
    assert not Hold.objects.exists()


def test_the_page_asks_which_letters_go_all_the_same(case, letter, slt, signed_in):
    client, page = signed_in(slt), reverse("case-pause", args=[case.reference])
    assert f"Warning letter {letter.reference}, to {letter.addressee}" in client.get(page).content.decode()

    client.post(page, {"reason": "Social care asks us to wait.", "goes": [letter.reference]})

    case.refresh_from_db()
    assert case.status == Case.Status.PAUSED
    assert not Letter.objects.held().exists()


def test_a_letter_that_would_come_too_late_to_be_answered_is_void_when_the_case_goes_on(case, letter, slt, signed_in):
    pause_case(case=case, by=slt, reason="Social care asks us to wait.")
    Letter.objects.update(reply_by=today() + timedelta(days=1))

    page = signed_in(slt).post(
        reverse("case-resume", args=[case.reference]), {"reason": "They have finished."}, follow=True
    )

    letter.refresh_from_db()
    assert letter.state == Letter.State.VOID
    assert f"Void, because its days have passed: {letter.reference}" in page.content.decode()


def test_leave_to_write_in_spite_of_a_flag_is_no_way_past_a_pause(case, letter, slt, head):
    pause_case(case=case, by=slt, reason="Social care asks us to wait.")

    with pytest.raises(Refused, match="so its letters wait"):
        write_in_spite(case=case, by=head, person=case.subjects[0], reason="They must know.")


def test_another_case_of_the_same_person_is_not_stopped(case, letter, slt):
    other = take(drafted(fair_case_of(case.subjects[0], slt)), slt).letter

    pause_case(case=case, by=slt, reason="Social care asks us to wait.")

    assert list(Letter.objects.held()) == [letter]
    assert other.recipient == letter.recipient


def fair_case_of(person, slt) -> Case:
    case = CaseFactory.create(school=slt.school, lead=slt, number=15)
    CasePersonFactory.create(case=case, person=person)
    find(AllegationFactory.create(case=case, subject=person, made_by=slt), by=slt)
    ask_account(case, person)
    return case


def test_only_letters_of_this_case_that_go_to_somebody_and_are_not_gone_keep_it_open(case, letter, slt):
    other = take(drafted(fair_case_of(case.subjects[0], slt)), slt).letter
    drafted_one = LetterFactory.create(school=case.school, drafted_by=slt)
    case.steps.create(kind="meeting", subject=case.subjects[0], drafted_by=slt, letter=drafted_one)
    case.steps.create(kind="legal", subject=case.subjects[0], drafted_by=slt)

    assert list(letters_on_their_way(case)) == [letter]
    assert why_letters_keep_it_open(case) == [
        f"Letter {letter.reference} has not left the house. Post it, or make it void."
    ]
    Letter.objects.filter(pk=letter.pk).update(kind="ban_lifted")
    assert list(letters_on_their_way(case)) == [letter]
    assert not letters_to_stop(case)
    assert list(letters_to_stop(Case.objects.get(number=15))) == [other]


def test_what_is_stopped_says_who_paused_it_and_when_and_is_freed_by_this_case_alone(case, letter, slt):
    second = fair_case_of(case.subjects[0], slt)
    other = take(drafted(second), slt).letter
    assert stop_letters(case, by=slt, goes=[letter.reference]) == ""

    assert stop_letters(case, by=slt, goes=[]) == f"Stopped: {letter.reference}."
    stop_letters(second, by=slt, goes=[])

    assert {hold.letter_id: hold.key for hold in Hold.objects.all()} == {
        letter.pk: f"pause-{case.pk}",
        other.pk: f"pause-{second.pk}",
    }
    why = Hold.objects.get(letter=letter).why
    assert why.startswith(f"The case that this letter is from was paused by Ruth Adeyemi on {day(today())}.")
    assert let_letters_go_on(case, by=slt) == f"On its way again: {letter.reference}."
    assert Hold.objects.get().letter == other
    assert let_letters_go_on(case, by=slt) == ""


@pytest.mark.parametrize(("days", "goes"), [(-1, False), (0, False), (1, True)])
def test_a_letter_goes_on_while_it_arrives_before_the_day_to_answer_by(case, letter, slt, days, goes):
    stop_letters(case, by=slt, goes=[])
    arrival = arrives(letter, today(), calendar=case.school.calendar())
    Letter.objects.update(reply_by=arrival + timedelta(days=days))

    said = let_letters_go_on(case, by=slt)

    gone = Letter.objects.get()
    if goes:
        assert said == f"On its way again: {letter.reference}."
        assert gone.state == "queued"
        return
    assert said == f"Void, because its days have passed: {letter.reference}. Issue it again where it still holds."
    assert (gone.state, gone.void_reason, gone.voided_by) == ("void", "other", slt)


@pytest.mark.parametrize(
    ("kind", "why", "goes"), [("ban", "", True), ("ban", "It ended.", False), ("legal", "x", True)]
)
def test_what_a_letter_says_of_a_ban_still_holds_when_it_goes_on(case, letter, slt, monkeypatch, kind, why, goes):
    stop_letters(case, by=slt, goes=[])
    case.steps.update(kind=kind)
    Letter.objects.update(reply_by=None)
    monkeypatch.setattr("incidents.casework.letters_waiting.why_not_again", lambda step: why)

    let_letters_go_on(case, by=slt)

    assert (Letter.objects.get().state == "queued") is goes


def test_of_two_letters_one_may_go_on_and_one_be_void(case, letter, slt):
    person = add_subject(case, full_name="Ama Boateng")
    late = take(drafted(case, subject=person), slt).letter
    assert stop_letters(case, by=slt, goes=[]) == f"Stopped: {letter.reference}, {late.reference}."
    Letter.objects.filter(pk=late.pk).update(reply_by=today())

    assert let_letters_go_on(case, by=slt) == (
        f"On its way again: {letter.reference}. "
        f"Void, because its days have passed: {late.reference}. Issue it again where it still holds."
    )
    assert [each.state for each in Letter.objects.order_by("pk")] == ["queued", "void"]


def test_a_letter_that_was_not_stopped_is_not_made_void_when_the_case_goes_on(case, letter, slt):
    went = take(drafted(case, subject=add_subject(case, full_name="Ama Boateng")), slt).letter
    other = take(drafted(fair_case_of(case.subjects[0], slt)), slt).letter
    stop_letters(case, by=slt, goes=[went.reference])
    Letter.objects.exclude(pk=letter.pk).update(reply_by=today())

    assert let_letters_go_on(case, by=slt) == f"On its way again: {letter.reference}."

    for each in (went, other):
        each.refresh_from_db()
        assert each.state == "queued"
