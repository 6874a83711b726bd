"""Staff write a concern down for somebody else: the same questions, and an e-mail kept as it came."""

from __future__ import annotations

import hashlib
from datetime import date
from email.message import EmailMessage
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.staff import end_account
from dkh_conduct.school.keyring import new_key
from incidents.models import Concern, Draft, Recording
from incidents.models.story import lines_of, title_of
from incidents.reporting.drafts import hash_of
from incidents.reporting.mail_files import NotMailError, read_mail
from incidents.tasks import destroy_drafts
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/staff/concerns/record/"
CAME = {"came_on_0": 20, "came_on_1": 11, "came_on_2": 2026}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to("2026-11-23 09:00Z", tick=False)


@pytest.fixture
def client(office, signed_in):
    return signed_in(office)


def mail(**about) -> bytes:
    message = EmailMessage()
    message["From"] = about.get("sender", "Zoë O’Neil <zoe@families.example>")
    message["Date"] = "Fri, 20 Nov 2026 23:30:00 +0000"
    message["Subject"] = "The class group 😡"
    message.set_content(about.get("text", "He called her a liar. السلام"))
    if "html" in about:
        message.set_content(about["html"], subtype="html")
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    message.add_attachment(picture.getvalue(), maintype="image", subtype="png", filename="chat.png")
    return bytes(message)


def answer_the_rest(client) -> None:
    client.post("/report/danger/", {"danger": "none"})
    client.post("/report/what/", {"clauses": ["abusive"]})
    if not Draft.objects.get().answers.get("words"):
        client.post("/report/words/", {"account": "She rang. He called her a liar."})
    if not Draft.objects.get().answers.get("you"):
        client.post("/report/you/", {"role": "parent"})
    client.post("/report/check/", {"send": ""})


def test_a_phone_call_becomes_a_concern_by_the_same_questions(client, office, school, slt, signed_in):
    asked = client.post(PAGE, {**CAME, "how": "phone"}, follow=True).content.decode()
    answer_the_rest(client)

    concern = Concern.objects.get()
    assert "You write this down for somebody else. By phone, Pat Nair." in asked
    assert (concern.recording.how, concern.recording.recorded_by) == ("phone", office)
    assert concern.due_on == date(2026, 11, 24), "two school days after it came, not after it was written down"
    assert concern.events.get().by == office
    assert "Written down by staff. By phone." in lines_of(concern.events.get())
    assert "Written down by Pat Nair" in signed_in(slt).get(concern.get_absolute_url()).content.decode()
    assert client.get(concern.get_absolute_url()).status_code == 403


def test_what_is_being_written_down_opens_for_its_writer_alone(client, office, slt, signed_in):
    client.post(PAGE, {**CAME, "how": "email", "email": SimpleUploadedFile("x.eml", mail())})
    Draft.objects.update(link_hash=hash_of("a-link"))
    kept = client.cookies["draft"].value
    anybody, colleague = Client(), signed_in(slt)

    for browser in (anybody, colleague):
        browser.cookies["draft"] = kept
        assert "zoe@families" not in browser.get("/report/check/").content.decode()
        assert browser.get("/report/resume/a-link/").status_code == 410
    assert "zoe@families" in client.get("/report/check/").content.decode()
    client.post("/report/danger/", {"danger": "none"})
    client.post("/report/what/", {"clauses": ["abusive"]})
    end_account(user=office, by=UserFactory.create(school=office.school, role=Role.ADMIN))
    client.post("/report/check/", {"send": ""})

    assert not Concern.objects.exists()


def test_the_receipt_of_what_was_written_down_opens_for_its_writer_alone(client, office):
    client.post(PAGE, {**CAME, "how": "phone"})
    kept = client.cookies["draft"].value
    answer_the_rest(client)
    anybody = Client()
    anybody.cookies["draft"] = kept

    assert client.get("/report/sent/").status_code == 200
    assert anybody.get("/report/sent/").status_code == 410


def test_an_email_is_kept_as_it_came_and_filled_in(client, slt, office, signed_in):
    raw = mail()

    client.post(PAGE, {**CAME, "how": "email", "email": SimpleUploadedFile("class group.eml", raw)})
    draft = Draft.objects.get()
    answer_the_rest(client)

    assert draft.answers["words"]["account"] == "He called her a liar. السلام"
    assert draft.answers["you"]["name"] == "Zoë O’Neil"
    concern = Concern.objects.get()
    assert concern.reporter.email == "zoe@families.example"
    assert [file.name for file in concern.evidence.all()] == ["chat.png"]
    assert concern.recording.email_sha256 == hashlib.sha256(raw).hexdigest()
    saved = signed_in(slt).post(reverse("concern-email", args=[concern.reference]))
    assert saved.content == raw
    assert saved["Content-Disposition"].startswith("attachment")
    event = concern.events.get(kind="email_saved")
    assert (event.by, title_of(event)) == (slt, f"The email that concern {concern.reference} came in was saved")
    assert client.post(reverse("concern-email", args=[concern.reference])).status_code == 403
    assert concern.events.filter(kind="email_saved").count() == 1


def test_an_email_that_is_not_as_it_was_stored_is_not_handed_out(client, slt, signed_in):
    client.post(PAGE, {**CAME, "how": "email", "email": SimpleUploadedFile("class group.eml", mail())})
    answer_the_rest(client)
    Recording.objects.update(email_sha256="0" * 64)
    concern = Concern.objects.get()

    page = signed_in(slt).post(reverse("concern-email", args=[concern.reference]), follow=True)

    assert "What is stored is not the email that came in" in page.content.decode()
    file = Recording.objects.get().email_file
    file.storage.delete(file.name)
    page = signed_in(slt).post(reverse("concern-email", args=[concern.reference]), follow=True)
    assert "The email cannot be opened: it is not as it was stored" in page.content.decode()
    assert not concern.events.filter(kind="email_saved").exists()


@pytest.mark.django_db(transaction=True)
def test_new_keys_seal_a_kept_email_again_and_the_old_ones_may_go(client, slt, signed_in, settings, capsys):
    first, second = new_key(), new_key()
    settings.KEYS_GIVEN = {**settings.KEYS_GIVEN, "evidence": [first.line]}
    raw = mail()
    client.post(PAGE, {**CAME, "how": "email", "email": SimpleUploadedFile("class group.eml", raw)})
    answer_the_rest(client)
    before = Recording.objects.get().email_file.name
    settings.KEYS_GIVEN = {**settings.KEYS_GIVEN, "evidence": [second.line, first.line]}

    call_command("rotate_keys")
    call_command("rotate_keys")

    first_run, second_run = capsys.readouterr().out.splitlines()
    assert "1 emails" in first_run
    assert "0 emails" in second_run
    kept = Recording.objects.get()
    assert kept.email_file.name != before
    assert not kept.email_file.storage.exists(before)
    settings.KEYS_GIVEN = {**settings.KEYS_GIVEN, "evidence": [second.line]}
    assert signed_in(slt).post(reverse("concern-email", args=[kept.concern.reference])).content == raw


def test_a_message_in_html_is_read_as_words():
    found = read_mail(mail(html="<p>One</p><script>alert(1)</script><p>Two<br>Three</p>"))

    assert found.text == "One\nTwo\nThree" or "alert" not in found.text
    assert "<" not in found.text
    assert found.sent_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n" * 9, b"hello", b"From: nobody\n\nx", b"\x00" * 100, b"x" * 20_971_521]
)
def test_what_is_no_email_gets_a_sentence_beside_the_field(client, raw):
    with pytest.raises(NotMailError):
        read_mail(raw)

    page = client.post(PAGE, {**CAME, "how": "email", "email": SimpleUploadedFile("a.eml", raw)})

    assert page.context["form"].errors["email"]
    assert not Draft.objects.exists()


def test_tomorrow_and_nothing_are_said_beside_the_fields(client):
    page = client.post(PAGE, {"came_on_0": 24, "came_on_1": 11, "came_on_2": 2026}).content.decode()

    assert "Select how it reached the school" in page
    assert "Enter today or a day before it" in page


def test_one_that_is_never_sent_goes_with_its_email(client, time_machine):
    client.post(PAGE, {**CAME, "how": "email", "email": SimpleUploadedFile("a.eml", mail())})
    kept = Recording.objects.get().email_file
    assert kept.storage.exists(kept.name)

    time_machine.shift(25 * 3600)
    destroy_drafts()

    assert not Draft.objects.exists()
    assert not Recording.objects.exists()


def test_many_from_one_office_are_not_slowed_down(client, settings):
    settings.SENDS_AN_HOUR = 1
    for _ in range(3):
        client.post(PAGE, {**CAME, "how": "paper"})
        answer_the_rest(client)
        Draft.objects.all().delete()

    assert Concern.objects.count() == 3
