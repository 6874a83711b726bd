"""What the office does with a letter that is out: a copy with a reason, making it void, finding it, the register."""

from __future__ import annotations

import csv
import io
from http import HTTPStatus

import pytest
from django.urls import reverse

from letters.batches import make_batch
from letters.models import Letter, LetterEvent
from letters.refusals import WrongStateError
from letters.register import safe_cell
from letters.reply_code import find_answered_letter, reply_code
from letters.voiding import void_letter
from tests.factories import UserFactory
from tests.letters.reading import boxes, page_texts

pytestmark = pytest.mark.django_db
ROOM = reverse("print-room")


def text(response):
    return " ".join(response.content.decode().split())


def test_a_copy_says_copy_on_every_page_clear_of_the_window_and_is_written_down(printed, office, signed_in):
    letter = printed(body="A line of the letter.\n\n" * 30)

    pdf = signed_in(office).post(reverse("letter-copy", args=[letter.reference]), {"why": "The printer jammed"}).content

    texts = page_texts(pdf)
    assert len(texts) == letter.pages == 2
    assert all("Copy, printed on" in page for page in texts)
    assert not [box for box in boxes(pdf) if box.character == "C" and box.touches(10, 44, 110, 90) and box.top < 40]
    event = letter.events.get(kind=LetterEvent.Kind.COPIED)
    assert event.facts == {"why": "The printer jammed"}


def test_the_office_does_not_read_why_a_senior_leader_went_on_with_it(printed, office, slt, signed_in):
    letter = printed()
    for kind in (LetterEvent.Kind.CHECK_ANSWERED, LetterEvent.Kind.LET_GO):
        LetterEvent.objects.create(letter=letter, kind=kind, by=slt, facts={"why": "Canary agreed to be named"})
    Letter.objects.filter(pk=letter.pk).update(in_spite_at=letter.approved_at, in_spite_why="Canary must know")
    LetterEvent.objects.create(letter=letter, kind=LetterEvent.Kind.COPIED, by=office, facts={"why": "The printer"})

    pages = {who: text(signed_in(who).get(letter.get_absolute_url())) for who in (office, slt)}

    assert [page.count("Canary") for page in pages.values()] == [0, 3]
    assert all("The printer" in page and "May go in spite of a flag" in page for page in pages.values())


@pytest.mark.parametrize("why", ["", "   ", "x" * 201])
def test_a_copy_needs_a_reason(printed, office, signed_in, why):
    letter = printed()

    page = signed_in(office).post(reverse("letter-copy", args=[letter.reference]), {"why": why})

    assert page["Content-Type"].startswith("text/html")
    assert "There is a problem" in text(page)
    assert not letter.events.filter(kind="copied").exists()


def test_before_the_original_is_printed_there_is_no_copy(sealed, office, signed_in):
    letter = sealed()

    page = signed_in(office).post(reverse("letter-copy", args=[letter.reference]), {"why": "Because"})

    assert page.status_code == HTTPStatus.CONFLICT
    assert "not been printed yet" in text(page)


@pytest.mark.parametrize("stage", ["sealed", "printed", "posted"])
def test_a_void_letter_is_kept_says_why_and_its_code_stops(stage, request, office, signed_in):
    letter = request.getfixturevalue(stage)()
    browser = signed_in(office)

    browser.post(
        reverse("letter-void", args=[letter.reference]), {"reason": "came_back", "words": " Sent  back on 4 December "}
    )

    letter.refresh_from_db()
    assert (letter.state, letter.void_words, letter.voided_by) == ("void", "Sent back on 4 December", office)
    assert find_answered_letter(letter.school, reference=letter.reference, code=reply_code(letter)) is None
    page = text(browser.get(letter.get_absolute_url()))
    assert "This letter is void" in page
    assert "It came back, or did not arrive. Sent back on 4 December" in page
    assert letter.reference in text(browser.get(ROOM, {"show": "void"}))


def test_who_comes_second_reads_who_was_first(posted, office, slt):
    letter = posted()
    void_letter(letter=letter, by=office, reason="address")

    with pytest.raises(WrongStateError, match=f"already made void by {office.full_name}"):
        void_letter(letter=letter, by=slt, reason="words")


def test_a_letter_that_is_not_made_yet_cannot_be_void(queued, office, signed_in):
    letter = queued()

    page = signed_in(office).post(reverse("letter-void", args=[letter.reference]), {"reason": "address"})

    assert page.status_code == HTTPStatus.CONFLICT
    assert "cannot be made void" in text(page)


@pytest.mark.parametrize("data", [{}, {"reason": "nonsense"}, {"reason": "other"}])
def test_making_it_void_needs_a_reason(posted, office, signed_in, data):
    letter = posted()

    page = signed_in(office).post(reverse("letter-void", args=[letter.reference]), data)

    assert "There is a problem" in text(page)
    letter.refresh_from_db()
    assert letter.state == Letter.State.POSTED


def test_a_batch_that_waits_to_be_posted_is_made_again_without_the_void_letter(sealed, office):
    from letters.printing import print_letters

    gone, stays = sealed(addressee="Ms Gone Away"), sealed(addressee="Mr Still Here")
    batch = print_letters(letters=[gone, stays], by=office)
    make_batch(batch.pk)

    void_letter(letter=gone, by=office, reason="address")

    batch.refresh_from_db()
    assert (batch.state, batch.letters_total) == ("queued", 1)
    make_batch(batch.pk)
    batch.refresh_from_db()
    with batch.file.open() as made:
        assert "Gone Away" not in " ".join(page_texts(made.read()))


def test_other_schools_letters_cannot_be_copied_or_made_void(posted, outsider, signed_in):
    letter = posted()
    browser = signed_in(UserFactory.create(school=outsider.school, role="office"))

    for name in ("letter-copy", "letter-void"):
        assert browser.post(reverse(name, args=[letter.reference])).status_code == HTTPStatus.NOT_FOUND


def test_the_register_finds_by_reference_name_address_kind_state_and_day(many, slt, signed_in):
    many(2, Letter.State.POSTED, addressee="Ms Ada Obi", kind="warning")
    many(1, Letter.State.READY, addressee="Mr Ken Cole", kind="general", address="1 Odd Street\nLondon\nN1 1AA")
    browser = signed_in(slt)

    def found(**asked):
        page = browser.get(ROOM, {"show": "register", **asked})
        return len(list(page.context["page"]))

    assert found() == 3
    assert found(q="obi ada") == 2
    assert found(q="odd street") == 1
    assert found(q="DKH-M0") == 1
    assert found(kind="general") == 1
    assert found(state="posted") == 2
    assert found(since="2026-12-04") == 0
    assert found(until="2026-12-03") == 3
    # what cannot be meant is ignored: somebody kept an old address
    assert found(kind="nonsense", since="31 Feb", q="%00\0") == 3
    assert "No letter matches" in text(browser.get(ROOM, {"show": "register", "q": "nobody"}))


def test_the_register_leaves_out_what_somebody_may_not_see(many, slt, signed_in):
    hidden, _ = many(2, Letter.State.POSTED)
    hidden.withheld_from.add(slt)
    browser = signed_in(slt)

    rows = list(csv.reader(io.StringIO(_file(browser))))

    assert len(rows) == 2
    assert hidden.reference not in _file(browser)


def test_the_file_opens_as_text_in_a_spreadsheet(many, slt, signed_in):
    many(1, Letter.State.POSTED, addressee='=HYPERLINK("https://evil.example")', address="+44\n@sum(1)\nE1 1AA")

    header, row = csv.reader(io.StringIO(_file(signed_in(slt)).lstrip("\ufeff")))

    cells = dict(zip(header, row, strict=True))
    assert cells["To"].startswith("'=HYPERLINK")
    assert cells["Address"].startswith("'+44")
    assert cells["State"] == "Posted"


@pytest.mark.parametrize("cell", ["=1", " =1", "+1", "-1", "@x", "\t1", "|cmd", "＝1"])
def test_a_formula_is_made_text(cell):
    assert safe_cell(cell) == f"'{cell}"


def test_only_the_letters_that_match_are_printed_when_all_are_chosen(sealed, office, signed_in):
    wanted, other = sealed(addressee="Ms Ada Obi"), sealed(addressee="Mr Ken Cole")

    signed_in(office).post(
        reverse("letters-print"), {"every": "1", "q": "obi", "order": "postcode", "sheets": "reference"}
    )

    wanted.refresh_from_db()
    other.refresh_from_db()
    assert (wanted.state, other.state) == ("printed", "ready")
    assert (wanted.batch.order, wanted.batch.sheets) == ("postcode", "reference")


def test_finding_in_the_print_room_shows_what_matches(sealed, office, signed_in):
    sealed(addressee="Ms Ada Obi")
    sealed(addressee="Mr Ken Cole")
    browser = signed_in(office)

    page = text(browser.get(ROOM, {"q": "obi"}))

    assert "Ms Ada Obi" in page
    assert "Mr Ken Cole" not in page
    assert "No letter to print matches" in text(browser.get(ROOM, {"q": "nobody"}))


def _file(browser):
    return b"".join(browser.get(reverse("letter-register-file")).streaming_content).decode()
