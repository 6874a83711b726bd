"""Every letter is read aloud as it is read: each text in its place, in its language, with the shapes of its script."""

from __future__ import annotations

import io

import pikepdf
import pytest

from letters import rendering
from letters.kinds import ALL, compose
from letters.rendering import render
from letters.text import as_text
from tests.letters.reading import words
from tests.letters.structure import empty_boxes, problems, tree_of

pytestmark = pytest.mark.django_db
WHOLE = """
## A heading

### A smaller one

1. First
2. Second
   - inside it

| When | What |
|---|---|
| 3 December 2026 | It began |

> Quoted words

See [our policy](https://www.dkh.example/policy) or [call us](tel:020-7946-0123).
"""
SAID = {
    "Arabic": "لا أحد يستمع إلينا",
    "Urdu": "کوئی ہماری بات نہیں سنتا، ٹیچر بھی نہیں",
    "Chinese": "没有人听我们说话",
    "Bengali": "কেউ আমাদের কথা শোনে না",
    "Punjabi": "ਕੋਈ ਸਾਡੀ ਗੱਲ ਨਹੀਂ ਸੁਣਦਾ",
    "Tamil": "யாரும் கேட்பதில்லை",
    "Amharic": "ማንም አይሰማንም",
    "Hindi": "कोई हमारी बात नहीं सुनता",
}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.key)
def test_every_kind_keeps_what_a_machine_can_check_of_pdf_ua(draft, kind):
    composed = compose(kind.key, kind.sample)

    pdf = render(draft(kind=kind.key, heading=composed.heading, body=composed.body, title=kind.title)).pdf

    assert problems(pdf) == []
    assert empty_boxes(pdf) == 0


def test_lists_tables_quotations_and_links_keep_it_over_several_pages(draft):
    rendered = render(draft(body=WHOLE + "A line of the letter.\n\n" * 50))

    assert rendered.pages > 2
    assert problems(rendered.pdf) == []


def test_the_headings_are_bookmarks(draft):
    with pikepdf.open(io.BytesIO(render(draft(heading="What we ask", body=WHOLE)).pdf)) as pdf, pdf.open_outline() as o:
        assert [item.title for item in o.root] == ["What we ask"]
        assert [item.title for item in o.root[0].children] == ["A heading"]


def test_the_offer_in_other_languages_is_said_in_them(draft):
    with pikepdf.open(io.BytesIO(render(draft()).pdf)) as pdf:
        languages = {element.language for root in tree_of(pdf) for element in root.all()}

    assert languages == {"", "es", "pt", "fr", "ar"}


@pytest.mark.parametrize("language", SAID)
def test_words_and_names_of_another_script_have_their_shapes_and_can_be_read_out(draft, language):
    said = SAID[language]
    pdf = render(
        draft(
            addressee=said.split()[0][:12],
            salutation=said.split()[0][:12],
            body=f"You wrote: “{as_text(said)}”.\n\n{said}",
        )
    ).pdf

    assert problems(pdf) == []
    assert empty_boxes(pdf) == 0
    letters = {character for character in said if character.isalpha()}
    assert letters - set(words(pdf)) == set()


def test_what_weasyprint_makes_by_itself_would_not_pass(draft, monkeypatch):
    monkeypatch.setattr(rendering, "finish", lambda document, pdf: None)

    found = set(problems(render(draft(body=WHOLE)).pdf))

    assert "text on page 1 is not in the tree (01-005)" in found
    assert "a heading of a table does not say what it heads (15-003)" in found


def test_a_pdf_without_tags_a_title_or_words_for_a_picture_is_found_out(draft):
    with pikepdf.open(io.BytesIO(render(draft()).pdf)) as pdf:
        del pdf.Root.MarkInfo, pdf.Root.Lang
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary) and "/Alt" in found:
                del found["/Alt"]
            if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/H1":
                found.S = pikepdf.Name.H2
        changed = io.BytesIO()
        pdf.save(changed)
        bare = pikepdf.new()
        bare.add_blank_page()
        untagged = io.BytesIO()
        bare.save(untagged)

    found = " ".join(problems(changed.getvalue()))
    assert all(number in found for number in ("06-001", "11-006", "13-004", "14-002"))
    assert problems(untagged.getvalue()) == ["it has no tags (01-006)"]
