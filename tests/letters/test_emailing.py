"""A letter by email: a link and a code apart, opened or not, and the post whenever something is wrong."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.step_draft import save_draft
from incidents.casework.step_taking import take_step
from incidents.contacts.changing import change_contact, version_of
from incidents.contacts.flags import set_flag
from incidents.models import Person
from letters.emailing import TRIES, email_letters, note_opened, post_instead, send_letter_email, sweep_letter_emails
from letters.holding import holds_on
from letters.models import Letter, LetterEmail, LetterEvent
from letters.posting import undo_posting
from letters.refusals import HeldError, WrongStateError
from letters.rendering import Rendered, render
from letters.reply_code import reply_code
from letters.sealing import make_letter
from letters.voiding import void_letter
from tests.casework.fair_case import REASON, drafted, fair_case, words_of

pytestmark = pytest.mark.django_db
ADDRESS = "daniel.marsh@example.com"
drawn: list[Rendered] = []


@pytest.fixture(autouse=True)
def _one_is_drawn_for_all(monkeypatch):
    """What a letter looks like has tests of its own: here it is what an email leads to."""

    def once(letter, **_):
        if not drawn:
            drawn.append(render(letter))
        return drawn[0]

    monkeypatch.setattr("letters.approval.render", once)
    monkeypatch.setattr("letters.sealing.render", once)


@pytest.fixture
def person(slt) -> Person:
    """Daniel Marsh, who agreed, and asked for Spanish."""
    found = fair_case(slt).subjects[0]
    change_contact(
        person=found,
        by=slt,
        version=version_of(found),
        email=ADDRESS,
        email_agreed_how="On the form of September",
        language="es",
    )
    return Person.objects.get(pk=found.pk)


def waiting(person: Person, slt) -> Letter:
    """A warning letter that is made, and waits to be emailed."""
    case = person.cases.get().case
    step = drafted(case)
    taken = take_step(
        step=step, by=slt, has_no_conflict=True, **{**words_of(step), "reason": REASON, "delivery": "email"}
    )
    assert taken.letter_id
    make_letter(taken.letter_id)
    return Letter.objects.get(pk=taken.letter_id)


@pytest.fixture
def letter(person, slt) -> Letter:
    return waiting(person, slt)


def sent(letter, office, commit) -> Letter:
    with commit(execute=True):
        email_letters(letters=[letter], by=office)
    return Letter.objects.get(pk=letter.pk)


def test_it_waits_to_be_emailed_and_not_to_be_printed(letter):
    assert list(Letter.objects.to_email()) == [letter]
    assert not Letter.objects.to_print().exists()
    assert letter.email_to == ADDRESS


def test_only_a_link_goes_in_the_language_they_asked_for(letter, office, django_capture_on_commit_callbacks):
    out = sent(letter, office, django_capture_on_commit_callbacks)

    [message] = mail.outbox
    assert message.to == [ADDRESS]
    assert f"/letter/{letter.reference}/" in message.body
    assert reply_code(out) not in message.body
    for word in ("warning", "Marsh", "code that we"):
        assert word not in message.body
    assert "carta" in message.subject
    assert (out.state, out.arrives_on) == (Letter.State.POSTED, timezone.localdate())
    assert out.email.sent_at


def test_the_page_opens_with_the_code_and_nothing_else_and_says_that_it_was_opened(
    letter, office, client, django_capture_on_commit_callbacks
):
    out = sent(letter, office, django_capture_on_commit_callbacks)
    page = reverse("emailed-letter", args=[out.reference])

    asked = client.get(page)
    wrong = client.post(page, {"code": "0000-0000-0000"})
    closed = client.get(reverse("emailed-letter-file"))
    opened = client.post(page, {"code": reply_code(out).lower()}, follow=True)
    pdf = client.get(reverse("emailed-letter-file"))

    assert b"Marsh" not in asked.content
    assert b"This is not the code for this letter" in wrong.content
    assert closed.status_code == 404
    assert b"Open the letter (PDF)" in opened.content
    assert reverse("reply") in opened.content.decode()
    assert pdf.content.startswith(b"%PDF")
    assert LetterEmail.objects.get().opened_at
    assert out.events.filter(kind=LetterEvent.Kind.OPENED).count() == 1


def test_a_letter_that_was_not_emailed_opens_to_nobody(letter, client):
    Letter.objects.update(delivery="post")

    answer = client.post(reverse("emailed-letter", args=[letter.reference]), {"code": reply_code(letter)})

    assert b"This is not the code for this letter" in answer.content


def test_there_is_no_page_more_for_a_letter_that_does_not_exist(client, school):
    assert client.get(reverse("emailed-letter", args=["DKH-C999-1"])).status_code == 200


def test_the_case_and_the_print_room_say_whether_it_was_opened(
    letter, office, slt, client, signed_in, django_capture_on_commit_callbacks
):
    out = sent(letter, office, django_capture_on_commit_callbacks)
    case = out.step_set.get().case if hasattr(out, "step_set") else Person.objects.get().cases.get().case
    tab = f"{reverse('print-room')}?show=email"

    before, room = signed_in(slt).get(case.get_absolute_url()), signed_in(office).get(tab)
    client.post(reverse("emailed-letter", args=[out.reference]), {"code": reply_code(out)})
    after, later = signed_in(slt).get(case.get_absolute_url()), signed_in(office).get(tab)

    assert "Not opened yet" in before.content.decode()
    assert reply_code(out) in room.content.decode()
    assert re.search(r"Opened \d", after.content.decode())
    assert "Opened by its addressee" in after.content.decode()
    assert "Opened " in later.content.decode()
    assert reply_code(out) not in later.content.decode()


def test_the_office_emails_and_posts_instead_from_the_print_room(
    letter, office, client, signed_in, django_capture_on_commit_callbacks
):
    browser = signed_in(office)
    with django_capture_on_commit_callbacks(execute=True):
        emailed = browser.post(reverse("letters-email"), {"letters": [letter.reference]}, follow=True)
    nothing = browser.post(reverse("letters-email"), {}, follow=True)
    posted = browser.post(reverse("letter-post-instead", args=[letter.reference]), follow=True)
    dead = client.post(reverse("emailed-letter", args=[letter.reference]), {"code": reply_code(letter)})

    assert "The link is on the way" in emailed.content.decode()
    assert "Select the letters to email" in nothing.content.decode()
    assert "waits to be printed" in posted.content.decode()
    assert list(Letter.objects.to_print()) == [letter]
    assert b"This is not the code for this letter" in dead.content
    assert not LetterEmail.objects.exists()


def test_what_was_opened_is_not_taken_back(letter, office, client, django_capture_on_commit_callbacks):
    out = sent(letter, office, django_capture_on_commit_callbacks)
    client.post(reverse("emailed-letter", args=[out.reference]), {"code": reply_code(out)})

    with pytest.raises(WrongStateError, match="was opened already"):
        post_instead(letter=out, by=office)
    with pytest.raises(WrongStateError, match="was emailed"):
        undo_posting(letters=[out], by=office)


@pytest.mark.parametrize("is_back", [False, True])
def test_what_goes_by_post_after_they_moved_is_void(
    letter, person, office, slt, signed_in, django_capture_on_commit_callbacks, is_back
):
    sent(letter, office, django_capture_on_commit_callbacks)
    for address in ["9 New Street\nLondon\nSE5 9ZZ", person.address][: 1 + is_back]:
        person.refresh_from_db()
        change_contact(person=person, by=slt, version=version_of(person), address=address)

    page = signed_in(office).post(reverse("letter-post-instead", args=[letter.reference]), follow=True)

    letter.refresh_from_db()
    assert letter.state == (Letter.State.READY if is_back else Letter.State.VOID)
    assert ("has to be issued again" in page.content.decode()) is not is_back


def test_a_posting_that_is_undone_after_they_moved_leaves_a_letter_that_is_stopped(letter, person, office, slt):
    Letter.objects.update(
        state="posted", delivery="post", posted_on=today(), posted_by=office, posted_at=timezone.now(), email_to=""
    )
    change_contact(person=person, by=slt, version=version_of(person), address="9 New Street\nLondon\nSE5 9ZZ")

    undo_posting(letters=[letter], by=office)

    assert not Letter.objects.to_post().exists()
    assert "says an old address" in holds_on(letter)[0].why


def test_an_email_that_cannot_be_sent_is_tried_again_and_then_goes_by_post(letter, office, monkeypatch):
    def refuses(*_args, **_kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)
    email_letters(letters=[letter], by=office)
    email = LetterEmail.objects.get()

    for number in range(TRIES):
        LetterEmail.objects.update(lease_until=None)
        send_letter_email(email.pk)
        if number == 0:
            assert LetterEmail.objects.get().failure == "no route"

    assert not LetterEmail.objects.exists()
    now = Letter.objects.get()
    assert (now.state, now.delivery, now.posted_on) == (Letter.State.READY, Letter.Delivery.POST, None)
    assert "so the letter goes by post" in now.events.get(kind=LetterEvent.Kind.POST_INSTEAD).facts["why"]


def test_an_email_is_sent_once_however_often_the_worker_is_told(letter, office):
    email_letters(letters=[letter], by=office)
    pk = LetterEmail.objects.get().pk

    for _ in range(3):
        send_letter_email(pk)

    assert len(mail.outbox) == 1


def test_the_sweep_finds_what_a_lost_message_left(letter, office, monkeypatch):
    email_letters(letters=[letter], by=office)
    LetterEmail.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    told = []
    monkeypatch.setattr("letters.emailing._hurry", told.append)

    assert sweep_letter_emails() == 1
    assert told == [LetterEmail.objects.get().pk]


def test_a_flag_stops_the_email_before_and_after_the_button(letter, person, office, slt):
    set_flag(person=person, by=slt, kind="court_order", reason="x")

    assert not Letter.objects.to_email().exists()
    with pytest.raises(HeldError):
        email_letters(letters=[letter], by=office)


def test_a_flag_that_comes_while_the_email_waits_keeps_it_in_the_house(letter, person, office, slt):
    email_letters(letters=[letter], by=office)
    set_flag(person=person, by=slt, kind="court_order", reason="x")

    send_letter_email(LetterEmail.objects.get().pk)

    assert mail.outbox == []
    assert Letter.objects.held().get() == letter


def test_whoever_no_longer_agrees_gets_it_by_post(letter, person, slt):
    change_contact(person=person, by=slt, version=version_of(person), email="", email_agreed_how="")

    now = Letter.objects.get()
    assert (now.delivery, now.email_to) == (Letter.Delivery.POST, "")
    assert list(Letter.objects.to_print()) == [letter]


def test_without_agreement_there_is_no_such_choice_and_no_way_round_it(slt, signed_in):
    case = fair_case(slt)
    step = drafted(case)

    page = signed_in(slt).get(reverse("step-draft", args=[case.reference, step.pk])).content.decode()

    assert "By email" not in page
    with pytest.raises(Refused, match="has not agreed to letters by email"):
        save_draft(step=step, by=slt, **{**words_of(step), "delivery": "email", "reason": ""})


def test_only_the_print_room_emails(letter, slt):
    with pytest.raises(PermissionDenied):
        email_letters(letters=[letter], by=slt)


def test_what_is_not_opened_after_three_days_waits_in_the_print_room_and_goes_by_post_with_one_click(
    letter, office, slt, signed_in, django_capture_on_commit_callbacks
):
    sent(letter, office, django_capture_on_commit_callbacks)
    browser, room = signed_in(office), reverse("print-room")
    dashboard = signed_in(slt)
    fresh, calm = browser.get(room).content.decode(), dashboard.get(reverse("dashboard")).content.decode()
    Letter.objects.update(posted_at=timezone.now() - timedelta(days=3, minutes=1))

    late = browser.get(room).content.decode()
    told = dashboard.get(reverse("dashboard")).content.decode()
    browser.post(reverse("letter-post-instead", args=[letter.reference]))

    assert "Emailed, and not opened" not in fresh
    assert "emailed, not opened" not in calm
    assert "Emailed, and not opened" in late
    assert reverse("letter-post-instead", args=[letter.reference]) in late
    assert "1 emailed, not opened" in told
    assert list(Letter.objects.to_print()) == [letter]
    assert "Emailed, and not opened" not in browser.get(room).content.decode()


def test_what_was_opened_in_the_end_waits_for_nobody(letter, office, client, django_capture_on_commit_callbacks):
    out = sent(letter, office, django_capture_on_commit_callbacks)
    Letter.objects.update(posted_at=timezone.now() - timedelta(days=9))
    assert list(Letter.objects.unopened()) == [letter]

    client.post(reverse("emailed-letter", args=[out.reference]), {"code": reply_code(out)})

    assert not Letter.objects.unopened().exists()


def test_what_does_not_wait_to_be_emailed_is_neither_emailed_nor_sent_by_post_instead(letter, office):
    Letter.objects.update(delivery="post")

    with pytest.raises(WrongStateError, match="does not wait to be emailed any more"):
        email_letters(letters=[letter], by=office)
    with pytest.raises(WrongStateError, match="does not go by email any more"):
        post_instead(letter=letter, by=office)

    assert not LetterEmail.objects.exists()


def test_a_letter_without_an_address_is_not_emailed(letter, office):
    Letter.objects.update(email_to="")

    with pytest.raises(WrongStateError, match="has no email address"):
        email_letters(letters=[letter], by=office)


def test_that_it_was_opened_is_written_down_once(letter, office):
    email_letters(letters=[letter], by=office)

    note_opened(letter)
    note_opened(letter)

    assert letter.events.filter(kind=LetterEvent.Kind.OPENED).count() == 1


def test_a_letter_that_was_made_void_while_its_email_waited_stays_void(letter, person, office, slt):
    email_letters(letters=[letter], by=office)
    set_flag(person=person, by=slt, kind="court_order", reason="x")
    void_letter(letter=letter, by=office, reason="words")

    send_letter_email(LetterEmail.objects.get().pk)

    assert mail.outbox == []
    assert Letter.objects.get().state == Letter.State.VOID
