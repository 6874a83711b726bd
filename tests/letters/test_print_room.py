"""The print room as its people use it: who may enter, choosing, printing, and everything that can go wrong."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from letters.models import Letter, PrintBatch
from tests.factories import UserFactory
from tests.letters.reading import page_texts

pytestmark = pytest.mark.django_db

ROOM = reverse("print-room")


def refs(*letters):
    return {"letters": [letter.reference for letter in letters]}


def text(response):
    return " ".join(response.content.decode().split())


POSTS = ["letters-print", "letters-post", "posting-undo"]


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in(client, sealed):
    letter = sealed()
    pages = [ROOM, reverse("print-batch", args=[1])]
    posts = [*map(reverse, POSTS), reverse("letter-retry", args=[letter.reference])]

    for response in (*map(client.get, pages), *map(client.post, posts)):
        assert response.status_code == HTTPStatus.FOUND
        assert response.url.startswith(reverse("account_login"))


def test_somebody_without_a_role_may_not_enter(school, signed_in):
    nobody = signed_in(UserFactory.create(school=school))

    assert nobody.get(ROOM).status_code == HTTPStatus.FORBIDDEN


def test_leaders_may_look_but_neither_print_nor_post(sealed, posted, slt, head, signed_in):
    letter = sealed()
    posted()

    for person in (slt, head):
        browser = signed_in(person)
        assert browser.get(reverse("print-batch", args=[1])).status_code == HTTPStatus.FORBIDDEN
        for name in POSTS:
            assert browser.post(reverse(name), refs(letter)).status_code == HTTPStatus.FORBIDDEN
        retry = browser.post(reverse("letter-retry", args=[letter.reference]))
        assert retry.status_code == HTTPStatus.FORBIDDEN
        for show in ("print", "post", "posted"):
            page = browser.get(ROOM, {"show": show})
            assert page.status_code == HTTPStatus.OK
            assert "Print as one PDF" not in text(page)
            assert "Mark as posted" not in text(page)
            assert "Undo" not in text(page)

    letter.refresh_from_db()
    assert letter.state == Letter.State.READY


def test_another_school_sees_nothing_of_ours(sealed, printed, outsider, signed_in):
    letter = sealed()
    printed()
    browser = signed_in(UserFactory.create(school=outsider.school, role="office"))

    assert letter.addressee not in text(browser.get(ROOM))
    assert browser.get(reverse("print-batch", args=[1])).status_code == HTTPStatus.NOT_FOUND
    assert browser.post(reverse("letters-post"), {"batch": "1"}).status_code == HTTPStatus.NOT_FOUND
    retry = browser.post(reverse("letter-retry", args=[letter.reference]))
    assert retry.status_code == HTTPStatus.NOT_FOUND
    assert "cannot be found any more" in text(browser.post(reverse("letters-print"), refs(letter)))
    letter.refresh_from_db()
    assert letter.state == Letter.State.READY


def test_a_letter_kept_from_an_office_worker_is_in_no_list_count_or_batch(sealed, printed, office, signed_in):
    hidden, seen = sealed(addressee="Ms Hidden"), sealed(addressee="Mr Seen")
    both = printed(addressee="Ms Hidden")
    for letter in (hidden, both):
        letter.withheld_from.add(office)
    browser = signed_in(office)

    page = text(browser.get(ROOM))

    assert seen.reference in page
    assert "Ms Hidden" not in page
    assert "To print (1)" in page
    assert "To post (0)" in page
    assert "Ms Hidden" not in text(browser.get(ROOM, {"show": "post"}))
    assert browser.get(reverse("print-batch", args=[both.batch.number])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("print", "No letters to print"),
        ("post", "No letters to post"),
        ("posted", "No posted letters"),
        ("x", "No letters to print"),
    ],
)
def test_an_empty_tab_says_what_will_come_there(office, signed_in, show, words):
    assert words in text(signed_in(office).get(ROOM, {"show": show}))


def test_a_drafted_letter_is_not_in_the_print_room(draft, office, slt, signed_in):
    letter = draft()

    for person in (office, slt):
        assert letter.reference not in text(signed_in(person).get(ROOM))


def test_the_chosen_letters_come_as_one_pdf_that_can_be_opened_again(sealed, office, signed_in):
    first, second, third = sealed(addressee="Ms A"), sealed(addressee="Ms B"), sealed(addressee="Ms C")
    browser = signed_in(office)

    page = browser.post(reverse("letters-print"), refs(first, second), follow=True)

    assert "Batch 1 is one PDF now." in text(page)
    link = reverse("print-batch", args=[1])
    assert link in text(page)
    for _ in range(2):
        pdf = browser.get(link)
        assert pdf.headers["Content-Type"] == "application/pdf"
        assert pdf.headers["Content-Disposition"] == 'inline; filename="batch-1.pdf"'
        found = page_texts(pdf.content)
        assert len(found) == 4
        assert "Ms A" in found[0]
        assert "Ms B" in found[2]
    third.refresh_from_db()
    assert third.state == Letter.State.READY


def test_opening_the_pdf_changes_nothing(printed, office, signed_in):
    letter = printed()
    before = Letter.objects.values().get()

    signed_in(office).get(reverse("print-batch", args=[letter.batch.number]))

    assert Letter.objects.values().get() == before


def test_nothing_chosen_is_told_beside_the_list(sealed, office, signed_in):
    sealed()

    page = signed_in(office).post(reverse("letters-print"), {})

    assert page.status_code == HTTPStatus.OK
    assert '<a href="#letter-1">Select the letters to print</a>' in text(page)
    assert "<title>Error: Print room" in text(page)


def test_a_second_click_leads_to_the_same_batch(sealed, office, signed_in):
    letters = refs(sealed(), sealed())
    browser = signed_in(office)
    browser.post(reverse("letters-print"), letters)

    second = browser.post(reverse("letters-print"), letters)

    assert second.url == f"{ROOM}?show=post&batch=1"
    assert PrintBatch.objects.count() == 1


def test_a_second_person_hears_who_printed_it_and_finds_the_batch(sealed, school, office, signed_in):
    letters = refs(sealed())
    signed_in(office).post(reverse("letters-print"), letters)
    second = signed_in(UserFactory.create(school=school, role="office"))

    page = second.post(reverse("letters-print"), letters, follow=True)

    assert "already printed by Pat Nair" in text(page)
    assert PrintBatch.objects.count() == 1


def test_a_list_that_is_out_of_date_prints_nothing_and_says_why(sealed, office, signed_in):
    first, second = sealed(), sealed()
    browser = signed_in(office)
    browser.post(reverse("letters-print"), refs(first))

    page = browser.post(reverse("letters-print"), refs(first, second), follow=True)

    assert f"{first.reference} was already printed by Pat Nair" in text(page)
    assert second.reference in text(page)


def test_a_letter_whose_file_was_changed_is_refused_with_a_sentence(sealed, printed, office, signed_in):
    ready, done = sealed(), printed()
    for letter in (ready, done):
        Path(letter.file.path).write_bytes(b"something else")
    browser = signed_in(office)

    refused = browser.post(reverse("letters-print"), refs(ready), follow=True)
    opened = browser.get(reverse("print-batch", args=[done.batch.number]))

    assert "has been changed since" in text(refused)
    assert opened.status_code == HTTPStatus.CONFLICT
    assert "has been changed since" in text(opened)


def test_a_letter_that_could_not_be_made_says_why_and_can_be_tried_again(
    queued, office, signed_in, django_capture_on_commit_callbacks
):
    letter = queued()
    Letter.objects.update(state="failed", failure="The disk was full.")
    browser = signed_in(office)
    assert "The disk was full." in text(browser.get(ROOM))

    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(reverse("letter-retry", args=[letter.reference]), follow=True)

    assert f"{letter.reference} is being made again." in text(page)
    letter.refresh_from_db()
    assert letter.state == Letter.State.READY
    again = browser.post(reverse("letter-retry", args=[letter.reference]), follow=True)
    assert "has already been queued again" in text(again)


def test_a_letter_being_made_is_shown_and_one_that_waits_too_long_raises_the_alarm(queued, office, signed_in):
    letter = queued()
    browser = signed_in(office)
    assert "This takes a few seconds." in text(browser.get(ROOM))

    Letter.objects.update(approved_at=timezone.now() - timedelta(minutes=11))

    page = text(browser.get(ROOM))
    assert letter.reference in page
    assert "waited for more than 10 minutes" in page


def test_late_letters_say_late(sealed, office, signed_in):
    late = sealed()
    Letter.objects.filter(pk=late.pk).update(reply_by=today() + timedelta(days=2))

    assert "Late: " in text(signed_in(office).get(ROOM))


def test_names_are_shown_as_they_were_typed_and_run_nothing(sealed, office, signed_in):
    name = "{{ 7*7 }}{% debug %}<script>x</script>"
    letter = sealed(addressee=name, title="<b>Letter</b>", enclosures="{% now 'Y' %}")
    office.full_name = "{{ request }}<i>Pat</i>"
    office.save()
    browser = signed_in(office)

    pages = [text(browser.get(ROOM))]
    browser.post(reverse("letters-print"), refs(letter))
    pages.append(text(browser.get(ROOM, {"show": "post"})))
    browser.post(reverse("letters-post"), {"batch": "1", "today": ""} | refs(letter))
    pages.append(text(browser.get(ROOM, {"show": "posted"})))

    for page in pages:
        assert "{{ 7*7 }}{% debug %}&lt;script&gt;x&lt;/script&gt;" in page
        assert "<b>Letter" not in page
        assert "<i>Pat" not in page
    assert "{% now &#x27;Y&#x27; %}" in pages[1]


SHOWN = [("print", "ready"), ("print", "failed"), ("print", "queued"), ("posted", "posted")]


@pytest.mark.parametrize(("show", "state"), SHOWN)
def test_a_page_takes_as_many_queries_for_60_letters_as_for_3(
    many, office, signed_in, django_assert_max_num_queries, show, state
):
    browser = signed_in(office)
    counts = []
    for more in (3, 57):
        many(more, Letter.State(state))
        with django_assert_max_num_queries(15) as asked:
            assert browser.get(ROOM, {"show": show}).status_code == HTTPStatus.OK
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_letters_to_post_take_as_many_queries_for_60_as_for_3(
    many, school, office, signed_in, django_assert_max_num_queries
):
    browser = signed_in(office)
    counts = []
    for number in range(1, 21):
        batch = PrintBatch.objects.create(school=school, number=number, printed_by=office)
        many(3, Letter.State.PRINTED, batch=batch, printed_at=timezone.now())
        with django_assert_max_num_queries(15) as asked:
            page = browser.get(ROOM, {"show": "post"})
        counts.append(len(asked))

    assert counts[0] == counts[-1]
    assert text(page).count("Mark as posted today") == 10
    assert "Batch 10," in text(browser.get(ROOM, {"show": "post", "page": 2}))


def test_25_letters_are_shown_a_page(many, office, signed_in):
    many(60, Letter.State.READY)
    browser = signed_in(office)

    assert [text(browser.get(ROOM, {"page": n})).count('name="letters"') for n in (1, 2, 3)] == [25, 25, 10]
