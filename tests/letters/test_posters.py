"""The poster and the QR code: they lead to the portal's own address, and name the ways that cannot wait first."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import segno
from django.conf import settings
from django.urls import reverse
from PIL import Image

from dkh_conduct.accounts.roles import Role
from letters.posters import QUIET_ZONE, PosterFacts, poster_pdf, qr_png, qr_svg
from tests.factories import UserFactory
from tests.letters.structure import problems

FACTS = PosterFacts(
    address="https://conduct.school.example/",
    school="Dog Kennel Hill School",
    one_line_address="Dog Kennel Hill, London, SE22 8AB",
    phone="020 7946 0123",
    safeguarding_phone="020 7946 0124",
)


def words_of(pdf: bytes) -> tuple[int, str]:
    with pypdfium2.PdfDocument(pdf) as document:
        text = " ".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
        return len(document), " ".join(text.split())


def test_one_page_says_what_it_is_for_with_999_before_the_form():
    pages, words = words_of(poster_pdf(FACTS))

    assert pages == 1
    assert words.index("Seen something online") < words.index("999") < words.index("101") < words.index("Tell us with")
    assert "020 7946 0124 our safeguarding lead" in words
    assert "No camera? Go to this address: conduct.school.example" in words
    assert "020 7946 0123" in words


def test_it_accuses_nobody():
    _, words = words_of(poster_pdf(FACTS))

    for word in ("misconduct", "offence", "ban", "police action", "report someone", "!"):
        assert word not in words.lower()


def test_it_can_be_read_aloud():
    with pikepdf.open(BytesIO(poster_pdf(FACTS))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        assert "Seen something online" in str(pdf.docinfo["/Title"])
    assert problems(poster_pdf(FACTS)) == []


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, school="The Very Long Name of Saint Bartholomew’s Church of England Primary School and Nursery"),
        replace(FACTS, address=f"https://{'a-long-name.' * 8}school.example/"),
        replace(FACTS, school="مدرسة <b>&amp;</b> Żółć"),
    ],
)
def test_long_and_odd_names_stay_on_one_page(facts):
    pages, words = words_of(poster_pdf(facts))

    assert pages == 1
    assert "999" in words


def test_the_same_facts_make_the_same_poster():
    first = poster_pdf(FACTS)
    poster_pdf.cache_clear()

    assert poster_pdf(FACTS) == first


def test_the_picture_of_the_code_is_the_address_with_white_around_it():
    with Image.open(BytesIO(qr_png(FACTS.address))) as picture:
        pixels = picture.convert("1")
    side = segno.make_qr(FACTS.address, error="q", boost_error=False).symbol_size(border=0)[0]
    module = pixels.width // (side + 2 * QUIET_ZONE)

    drawn = [
        [not pixels.getpixel(((x + QUIET_ZONE) * module, (y + QUIET_ZONE) * module)) for x in range(side)]
        for y in range(side)
    ]
    wanted = segno.make_qr(FACTS.address, error="q", boost_error=False).matrix
    assert drawn == [[bool(cell) for cell in row] for row in wanted]
    assert pixels.getpixel((QUIET_ZONE * module - 1, pixels.height // 2))
    assert pixels.width >= 600


def test_the_drawing_of_the_code_has_no_script_and_a_name():
    root = ET.fromstring(qr_svg(FACTS.address))  # noqa: S314  # ours

    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "title", "path"}
    assert f"QR code for {FACTS.address}" in "".join(root.itertext())


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role, None])
def test_everybody_who_works_at_the_school_can_print_it(signed_in, school, settings, role):
    settings.SITE_URL = "https://conduct.school.example"
    client = signed_in(UserFactory.create(school=school, role=role))

    page = client.get("/staff/poster/").content.decode()
    pdf = client.get("/staff/poster/poster.pdf")

    assert "QR code that leads to https://conduct.school.example/" in page
    assert "opens on this computer only" not in page
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == 'inline; filename="poster.pdf"'
    assert "conduct.school.example" in words_of(pdf.content)[1]
    assert client.get("/staff/poster/qr-code.png").content.startswith(b"\x89PNG")
    assert client.get("/staff/poster/qr-code.svg")["Content-Type"] == "image/svg+xml"


@pytest.mark.django_db
def test_the_address_is_never_the_one_a_request_claims(signed_in, office, settings):
    settings.ALLOWED_HOSTS = ["*"]

    page = signed_in(office).get("/staff/poster/", headers={"host": "evil.example"}).content.decode()

    assert "evil.example" not in page


@pytest.mark.django_db
def test_an_address_that_no_phone_can_open_is_warned_about(signed_in, office, settings):
    settings.SITE_URL = "http://localhost:8000"

    assert "opens on this computer only" in signed_in(office).get("/staff/poster/").content.decode()


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_in_every_language_it_is_one_page_that_leads_to_that_language(language):
    facts = replace(FACTS, address=f"https://conduct.school.example/?language={language}", language=language)

    pages, words = words_of(poster_pdf(facts))

    assert pages == 1
    for number in ("999", "101", FACTS.safeguarding_phone, FACTS.phone):
        assert set(number.split()) <= set(words.split()), "in a line that runs the other way they are read back so"
    assert "conduct" in words
    assert "language=" not in words, "nobody types that"
    assert ("Seen something online" in words) == (language == "en-gb")


@pytest.mark.django_db
def test_a_language_we_have_not_gives_the_english_poster(signed_in, slt):
    answer = signed_in(slt).get(reverse("poster-pdf"), {"language": "xx/../.."})

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'inline; filename="poster.pdf"'
