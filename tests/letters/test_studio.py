"""A leader changes the words of a letter without help, cannot break it, and every version is kept."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from letters.approval import approve_letter
from letters.kinds import KINDS, compose
from letters.kinds.composing import file_source
from letters.merging import TemplateFaultError
from letters.models import LetterTemplate
from letters.refusals import StaleTemplateError
from letters.rendering import render
from letters.studio import compared, sample_letter, save_template, source_of, standing_of, versions_of
from tests.factories import UserFactory
from tests.letters.reading import words

pytestmark = pytest.mark.django_db
WARNING = KINDS["warning"]
TEXT = file_source(WARNING).text
WARMER = TEXT.replace("This is a warning letter under our", "I am sorry to write to you. This is a warning under our")


def text(response):
    return " ".join(response.content.decode().split())


def save(slt, words=WARMER, seen=0, **more):
    return save_template(school=slt.school, kind=WARNING, by=slt, text=words, seen=seen, **more)


def test_a_letter_uses_the_schools_words_and_says_which_version(slt, outsider):
    save(slt)

    ours = compose("warning", WARNING.sample, source=source_of(slt.school, "warning"))
    theirs = compose("warning", WARNING.sample, source=source_of(outsider.school, "warning"))

    assert "I am sorry to write to you" in ours.body
    assert ours.template_version == f"{WARNING.version}.1"
    assert "I am sorry" not in theirs.body
    assert theirs.template_version == WARNING.version


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("This is no heading", "Begin with the heading"),
        ("# A heading alone", "below its heading"),
        (f"{TEXT}\n((reply day))", "has no field ((reply day))"),
        (f"{TEXT}\n((if account)) open", "not ended"),
        ("# ((if account)) open\n\nText ((end))", "not ended"),
        (f"# Heading\n\n{'x' * 10_001}", "10,000 or fewer"),
    ],
)
def test_a_fault_is_told_in_a_sentence_and_what_was_typed_stays(slt, signed_in, words, says):
    page = signed_in(slt).post(reverse("template-change", args=["warning"]), {"text": words, "seen": "0"})

    assert says in text(page)
    assert "There is a problem" in text(page)
    assert words[-20:].strip() in page.content.decode()
    assert not LetterTemplate.objects.exists()


def test_what_would_be_objected_to_is_shown_and_saved_only_knowingly(slt, signed_in):
    browser = signed_in(slt)
    harsh = TEXT.replace("We have not decided whether any law was broken", "What you did is illegal")
    address = reverse("template-change", args=["warning"])

    page = text(browser.post(address, {"text": harsh, "seen": "0"}))

    assert "It says that a law was broken" in page
    assert not LetterTemplate.objects.exists()
    browser.post(address, {"text": harsh, "seen": "0", "is_sure": "1", "why": "We mean it"})
    assert LetterTemplate.objects.get().why == "We mean it"


def test_a_required_part_that_was_taken_out_is_missed(slt, signed_in):
    short = TEXT[: TEXT.index("## If you are not happy")]

    page = text(signed_in(slt).post(reverse("template-change", args=["warning"]), {"text": short, "seen": "0"}))

    assert "It does not say the complaints procedure" in page


def test_two_who_change_it_at_once_never_overwrite_each_other(slt, colleague, signed_in):
    save(slt)
    mine = TEXT.replace("What we ask", "What I ask of you")

    page = signed_in(colleague).post(reverse("template-change", args=["warning"]), {"text": mine, "seen": "0"})

    assert f"{slt.full_name} saved this template since" in text(page)
    assert "I am sorry to write to you" in text(page)
    assert "What I ask of you" in text(page)
    assert 'name="seen" value="1"' in text(page)
    with pytest.raises(StaleTemplateError):
        save(colleague, mine, seen=0)
    assert save(colleague, mine, seen=1).number == 2


def test_the_same_words_again_are_no_new_version(slt):
    first = save(slt)

    assert save(slt, seen=1) == first
    assert LetterTemplate.objects.count() == 1


def test_an_earlier_version_is_used_again_as_a_new_one(slt, signed_in):
    browser = signed_in(slt)
    save(slt)

    browser.post(reverse("template-restore", args=["warning"]), {"number": "0"})

    versions = versions_of(slt.school, WARNING)
    assert [version.number for version in versions] == [2, 1, 0]
    assert versions[0].text == TEXT
    assert versions[0].row.why == f"Version {WARNING.version} again"
    assert browser.post(reverse("template-restore", args=["warning"]), {"number": "9"}).status_code == 404


def test_two_versions_are_compared_line_by_line(slt, signed_in):
    save(slt)

    page = text(signed_in(slt).get(reverse("template-versions", args=["warning"])))

    assert "<ins>I am sorry to write to you." in page
    assert "<del>This is a warning letter under our" in page
    assert [line.change for line in compared("a\nb\n\nc", "a\nx\n\nc")] == ["same", "gone", "new", "same"]
    same = signed_in(slt).get(reverse("template-versions", args=["warning"]), {"old": "1", "new": "1"})
    assert "These two are the same" in text(same)


def test_the_preview_shows_what_is_typed_and_writes_nothing(slt, signed_in):
    browser = signed_in(slt)
    address = reverse("template-preview", args=["warning"])

    assert browser.get(address)["Content-Type"] == "image/png"
    assert browser.post(address, {"text": WARMER})["Content-Type"] == "image/png"
    broken = browser.post(address, {"text": "# H\n\n((if account))"})
    assert (broken.status_code, "not ended" in broken.content.decode()) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert not LetterTemplate.objects.exists()


def test_the_list_has_every_letter_and_who_changed_it(slt, signed_in, django_assert_max_num_queries):
    save(slt)
    browser = signed_in(slt)

    with django_assert_max_num_queries(15):
        page = text(browser.get(reverse("template-list")))

    assert all(kind.title in page for kind in KINDS.values())
    assert f"Version {WARNING.version}.1" in page
    assert slt.full_name in page


def test_every_field_is_explained_and_the_text_cannot_become_markup(slt, signed_in):
    page = signed_in(slt).get(reverse("template-change", args=["ban_intent"])).content.decode()

    assert all(f"(({field.name}))" in page for field in KINDS["ban_intent"].fields)
    hostile = TEXT + "\n</textarea><script>alert(1)</script>{{ 7|add:7 }}"
    shown = signed_in(slt).post(
        reverse("template-change", args=["warning"]), {"text": hostile, "seen": "0", "show": "1"}
    )
    assert "<script>alert" not in shown.content.decode()
    save(slt, hostile)
    body = compose("warning", WARNING.sample, source=source_of(slt.school, "warning")).body
    assert "{{ 7|add:7 }}" in body


def test_a_version_is_only_for_who_may_and_for_their_own_school(slt, office, outsider, signed_in):
    assert signed_in(office).get(reverse("template-list")).status_code == HTTPStatus.FORBIDDEN
    with pytest.raises(PermissionDenied):
        save(office)
    with pytest.raises(PermissionDenied):
        save_template(school=slt.school, kind=WARNING, by=outsider, text=WARMER, seen=0)
    with pytest.raises(TemplateFaultError):
        save(slt, "nothing")
    save(slt)
    assert standing_of(outsider.school, WARNING).row is None
    assert signed_in(slt).get(reverse("template-change", args=["nonsense"])).status_code == HTTPStatus.NOT_FOUND
    assert UserFactory.create(school=slt.school, role="dsl").has_perm("letters.change_lettertemplate") is False


def test_an_administrator_changes_a_template_and_sees_no_letter_and_nobody_in_one(admin, signed_in, draft):
    letter = draft(addressee="Ms Zuleika Farthingale", heading="What was said of Zuleika")
    browser = signed_in(admin)
    change = reverse("template-change", args=["warning"])

    browser.post(change, {"text": WARMER, "seen": "0", "why": "Warmer"})
    addresses = (reverse("template-list"), change, reverse("template-versions", args=["warning"]))
    pages = [text(browser.get(address)) for address in addresses]

    assert LetterTemplate.objects.get().made_by_id == admin.pk
    assert [word for word in ("Zuleika", letter.reference) if any(word in page for page in pages)] == []
    with pytest.raises(PermissionDenied):
        approve_letter(letter=letter, by=admin)


def test_v1_3_1_a_template_keeps_a_link_to_a_web_page_and_refuses_one_that_runs(school, slt):
    kind = KINDS["general"]
    good = "# News\n\nRead [the policy](https://www.dkh.example/policy) or [write](mailto:((school email)))."

    save_template(school=school, kind=kind, by=slt, text=good, seen=0)
    with pytest.raises(TemplateFaultError, match="cannot have a link"):
        save_template(school=school, kind=kind, by=slt, text="# News\n\n[x](javascript:alert(1))", seen=1)

    letter = sample_letter(school, kind, standing_of(school, kind).text)
    assert "the policy (www.dkh.example/policy)" in words(render(letter).pdf)
