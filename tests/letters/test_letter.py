"""One letter's page, its PDF and its picture: for those who may see it, and only as it was sealed."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest
from django.urls import reverse

from letters.models import Letter, LetterEvent
from tests.factories import UserFactory
from tests.letters.reading import page_texts

pytestmark = pytest.mark.django_db

NAMES = ["letter", "letter-pdf", "letter-picture"]


def url(name, letter):
    return reverse(name, args=[letter.reference])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", NAMES)
def test_who_may_open_it(client, sealed, school, office, slt, head, outsider, signed_in, name):
    page = url(name, sealed())

    assert client.get(page).url.startswith(reverse("account_login"))
    assert signed_in(UserFactory.create(school=school)).get(page).status_code == HTTPStatus.FORBIDDEN
    assert signed_in(outsider).get(page).status_code == HTTPStatus.NOT_FOUND
    for person in (office, slt, head):
        assert signed_in(person).get(page).status_code == HTTPStatus.OK
    assert signed_in(slt).post(page).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_kept_from_somebody_does_not_exist_for_them(sealed, office, slt, signed_in, name):
    letter = sealed()
    letter.withheld_from.add(slt)

    assert signed_in(slt).get(url(name, letter)).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(office).get(url(name, letter)).status_code == HTTPStatus.OK


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_is_for_those_who_write_letters(draft, office, slt, signed_in, name):
    letter = draft()

    assert signed_in(office).get(url(name, letter)).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(slt).get(url(name, letter)).status_code == HTTPStatus.OK


def test_two_schools_may_use_the_same_reference(sealed, outsider, signed_in):
    letter = sealed()
    Letter.objects.filter(pk=letter.pk).update(school=outsider.school)
    mine = sealed(reference=letter.reference)

    assert signed_in(outsider).get(url("letter", mine)).context["letter"] == letter


def test_the_page_tells_the_whole_way_of_a_letter(posted, office, signed_in):
    letter = posted(enclosures="The policy")

    page = text(signed_in(office).get(url("letter", letter)))

    for words in (
        letter.sha256,
        "Ruth Adeyemi",
        "Batch 1, by Pat Nair",
        "Posted",
        "The policy",
        "SE22 8EQ",
        "Should arrive",
    ):
        assert words in page
    for event in ("Letter drafted", "Letter approved", "Letter made and sealed", "Letter printed", "Letter posted"):
        assert event in page


def test_the_pdf_is_the_sealed_file_byte_for_byte(sealed, office, signed_in):
    letter = sealed()

    answer = signed_in(office).get(url("letter-pdf", letter))

    assert answer.content == Path(letter.file.path).read_bytes()
    assert answer.headers["Content-Disposition"] == f'inline; filename="{letter.reference}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_the_pdf_of_a_draft_says_that_it_is_one_and_seals_nothing(draft, slt, signed_in):
    letter = draft()

    answer = signed_in(slt).get(url("letter-pdf", letter))

    assert "Draft, not approved" in page_texts(answer.content)[0]
    letter.refresh_from_db()
    assert not letter.is_sealed


def test_a_letter_that_is_not_made_yet_has_a_page_but_no_pdf(queued, office, signed_in):
    letter = queued()
    browser = signed_in(office)

    assert "The PDF is not made yet." in text(browser.get(url("letter", letter)))
    assert browser.get(url("letter-pdf", letter)).status_code == HTTPStatus.NOT_FOUND
    assert browser.get(url("letter-picture", letter)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["letter-pdf", "letter-picture"])
def test_a_changed_file_is_refused_with_a_sentence(sealed, office, signed_in, name):
    letter = sealed()
    pdf = bytearray(Path(letter.file.path).read_bytes())
    pdf[100] ^= 1
    Path(letter.file.path).write_bytes(pdf)

    answer = signed_in(office).get(url(name, letter))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "has been changed since. It cannot be opened or printed." in text(answer)


def test_a_draft_that_cannot_be_printed_says_why(draft, slt, signed_in):
    letter = draft(body="## Heading\n" * 299)

    answer = signed_in(slt).get(url("letter-pdf", letter))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Shorten it to 10 or fewer." in text(answer)


@pytest.mark.parametrize(
    ("page", "status"), [("1", 200), ("2", 200), ("0", 404), ("-1", 404), ("x", 404), ("", 404), ("9" * 30, 404)]
)
def test_a_picture_of_a_page(sealed, office, signed_in, page, status):
    letter = sealed()

    answer = signed_in(office).get(url("letter-picture", letter), {"page": page})

    assert answer.status_code == status
    if status == HTTPStatus.OK:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")


def test_a_failed_letter_offers_another_try_to_those_who_print(queued, office, slt, signed_in):
    letter = queued()
    Letter.objects.update(state="failed", failure="The disk was full.")

    assert "Try again" in text(signed_in(office).get(url("letter", letter)))
    page = text(signed_in(slt).get(url("letter", letter)))
    assert "The disk was full." in page
    assert "Try again" not in page


def test_the_page_takes_at_most_15_queries_however_long_its_history(
    posted, office, signed_in, django_assert_max_num_queries
):
    letter = posted()
    browser = signed_in(office)
    counts = []
    for more in (1, 40):
        LetterEvent.objects.bulk_create(LetterEvent(letter=letter, kind="retried", by=office) for _ in range(more))
        with django_assert_max_num_queries(15) as asked:
            browser.get(url("letter", letter))
        counts.append(len(asked))

    assert counts[0] == counts[1]
