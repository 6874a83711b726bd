"""What a machine read on a page is suggested to be covered: numbers, addresses, and names of this case. Never more."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.evidence import ocr
from incidents.evidence.ocr import lines_of
from incidents.evidence.redacting import Box
from incidents.evidence.suggesting import not_covered, suggestions_for
from incidents.evidence.viewer import pages_of
from incidents.models import ReadWords, Redaction
from tests.evidence.drawing import encoded, sent
from tests.factories import CaseFactory, ConcernFactory, PersonFactory, ReporterFactory

pytestmark = pytest.mark.django_db
HIGH = 20


def laid_out(*lines: str) -> list[list[tuple[int, int, int, int, str]]]:
    """Words of ten pixels a letter, one line under the other."""
    found = []
    for row, line in enumerate(lines):
        left, words = 0, []
        for word in line.split(" "):
            words.append((left, row * 30, 10 * len(word), HIGH, word))
            left += 10 * (len(word) + 1)
        found.append(words)
    return found


@pytest.fixture
def read(evidence):
    """The screenshot, with these lines read in it; 117 by 253 pixels are too few for most, so it is made wider."""

    def put(*lines: str):
        evidence.width, evidence.height = 900, 900
        ReadWords.objects.create(evidence=evidence, part=1, lines=laid_out(*lines))
        return evidence

    return put


def suggested(evidence, user) -> list[tuple[str, str]]:
    return [(each.box.why, each.read) for each in suggestions_for(evidence, pages_of(evidence)[0], user=user)]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Call me on 07700 900123 tonight", "07700 900123"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("ring (020) 7946 0958 now", "(020) 7946 0958"),
        ("write to amina.k+school@example.co.uk please", "amina.k+school@example.co.uk"),
    ],
)
def test_a_number_and_an_address_are_contact_details(read, slt, line, what):
    assert suggested(read("Nothing here", line), slt) == [("contact", what)]


@pytest.mark.parametrize(
    "line", ["12 March 2024 18:04", "1,234 children and 56 staff", "see dkh@ 12", "10/11/2024, 08:15"]
)
def test_a_date_or_a_count_is_not(read, slt, line):
    assert suggested(read(line), slt) == []


def test_names_of_the_children_and_the_reporters_of_the_case_are_suggested_and_no_others(read, slt):
    evidence = read("Zoë's dad and ZOE Marsh, said Amina", "Daniel Marsh is here")
    case = CaseFactory.create(school=evidence.school)
    concern = evidence.concern
    concern.case = case
    concern.save()
    ReporterFactory.create(concern=concern, name="Amina Khan")
    child = PersonFactory.create(school=evidence.school, full_name="Zoe Bright", is_child=True)
    adult = PersonFactory.create(school=evidence.school, full_name="Daniel Marsh")
    case.people.create(person=child, role="child")
    case.people.create(person=adult, role="subject")

    assert suggested(evidence, slt) == [("child", "Zoë's"), ("child", "ZOE"), ("reporter", "Amina")]


def test_who_may_not_read_the_concern_is_told_no_reporters_name_by_a_box(read, slt, office):
    evidence = read("said Amina")
    ReporterFactory.create(concern=evidence.concern, name="Amina Khan")

    assert suggested(evidence, slt) == [("reporter", "Amina")]
    assert suggested(evidence, office) == []


def test_what_lies_under_a_box_is_not_suggested_again(read, slt):
    evidence = read("07700 900123")
    found = suggestions_for(evidence, pages_of(evidence)[0], user=slt)

    assert not_covered(found, [Box(0, 0, 200, 40, "")]) == []
    assert not_covered(found, [Box(0, 0, 30, 40, "")]) == found


def test_suggestions_are_accepted_one_by_one_or_all_without_a_script_and_saved_like_any_box(read, slt, signed_in):
    evidence = read("07700 900123", "write to a.k@example.org")
    evidence.width, evidence.height = 117, 253
    client, page = signed_in(slt), reverse("evidence-redact", args=[evidence.pk, 1])

    shown = client.get(page).content.decode()
    assert "2 suggestions" in shown
    assert 'name="accept" value="2"' in shown
    typed = {
        "count": "1",
        "box1-left": "1",
        "box1-top": "200",
        "box1-width": "9",
        "box1-height": "9",
        "box1-why": "other",
    }
    one = client.post(page, {**typed, "accept": "2"}).content.decode()
    assert "1 suggestion<" in one
    assert 'name="box1-left" value="1"' in one
    assert 'name="box2-top" value="26"' in one
    every = client.post(page, {"count": "0", "accept": "all"})
    assert every.context["suggestions"] == []
    assert [form.initial["why"] for form in every.context["form"].boxes] == ["contact", "contact"]
    assert not Redaction.objects.exists()

    fields = {
        f"{form.prefix}-{name}": value for form in every.context["form"].boxes for name, value in form.initial.items()
    }
    assert client.post(page, {"count": "2", "action": "save", **fields}).status_code == 302
    assert len(Redaction.objects.get().boxes) == 2


def test_without_a_reader_the_page_has_no_suggestions_and_works(evidence, slt, signed_in):
    shown = signed_in(slt).get(reverse("evidence-redact", args=[evidence.pk, 1])).content.decode()

    assert "suggestion" not in shown
    assert "Add a box" in shown


def test_a_table_that_is_no_table_is_read_as_nothing():
    assert lines_of("level\tpage\n5\t1\t1\n\n5\t1\t1\t1\t1\t1\tx\t0\t1\t1\t90\tword") == []
    good = "5\t1\t2\t1\t1\t1\t10\t20\t30\t40\t96.1\t{}"
    assert lines_of(f"{good.format('Hello')}\n{good.format(' ')}\n{good.format('you')}") == [
        [(10, 20, 30, 40, "Hello"), (10, 20, 30, 40, "you")]
    ]


@pytest.mark.skipif(ocr.tesseract() is None, reason="Tesseract is not installed")
def test_tesseract_finds_a_number_where_it_is(draft, slt):
    from PIL import Image, ImageDraw

    from incidents.evidence.intake import receive

    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((200, 100), "07700 900123", "black", font_size=48)
    made = receive(draft=draft, upload=sent(encoded(image, "PNG")))
    made.concern, made.draft = ConcernFactory.create(school=draft.school), None
    made.save()
    ocr.read_unread()

    (found,) = suggestions_for(made, pages_of(made)[0], user=slt)

    drawn = image.convert("L").point(lambda value: 255 if value < 200 else 0).getbbox()
    box = found.box
    assert box.left <= drawn[0] < drawn[2] <= box.left + box.width
    assert box.top <= drawn[1] < drawn[3] <= box.top + box.height
    assert box.width < 400
