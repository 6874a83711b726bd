"""Of a chat and an e-mail only chosen words leave, with names covered; what is covered is in nothing that leaves."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from incidents.evidence.chat_verbs import mark_lines
from incidents.evidence.cover_suggesting import words_suggested
from incidents.evidence.covering import COVERED, MOST_MASKS, Mask, cover_words, covered
from incidents.evidence.intake import receive
from incidents.evidence.paper import page_of
from incidents.evidence.passages import MOST_OF_AN_EMAIL, passages_of
from incidents.evidence.redacted import copies_for
from incidents.evidence.redacting import CannotRedactError
from incidents.models import CustodyEntry, Event, Evidence, WordsRedaction
from tests.evidence.drawing import CHAT, sent
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory, ReporterFactory
from tests.letters.reading import words as text_of
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db
EMAIL = (
    "From: Aisha Khan <aisha@parent.example>\nTo: office@dkh.example\nDate: Wed, 13 Mar 2024 10:15:00 +0000\n"
    "Subject: Class group\n\nThis is what he wrote.\n\nCall me on 07700 900123, not my Zoë.\n\n"
    "He said that she\nis a liar.\n"
)
MENTIONS = CHAT.replace("That is not fair on her", "Ava and Zoë Marsh cried. Mail me: aisha@parent.example")


def received(draft, content: str, name: str):
    found = receive(draft=draft, upload=sent(content.encode(), name))
    assert found.problem == ""
    case = CaseFactory.create(school=draft.school)
    found.concern, found.draft = ConcernFactory.create(school=draft.school, case=case), None
    found.save()
    return found


@pytest.fixture
def chat(draft, slt):
    """With two messages marked: 3, of D Marsh, and 5, of a number that nobody saved."""
    found = received(draft, MENTIONS, "_chat.txt")
    mark_lines(evidence=found, shown=range(1, 9), marked=[3, 5], by=slt)
    return found


@pytest.fixture
def email(draft):
    return received(draft, EMAIL, "Fwd.eml")


@pytest.fixture
def people(chat):
    """A parent whom the case is about, his child, and who told us."""
    case = chat.concern.case
    CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school, full_name="Daniel Marsh"))
    child = PersonFactory.create(school=case.school, full_name="Zoë Marsh", is_child=True)
    CasePersonFactory.create(case=case, person=child, role="child")
    ReporterFactory.create(concern=chat.concern, name="Ava Okafor")


def printed(evidence) -> str:
    found = copies_for([evidence])
    assert found.missing == []
    return " ".join(text_of(b) for b in map(page_of, found.ready))


# ---------------------------------------------------------------------------------------------- how words are covered


@pytest.mark.parametrize(
    ("mask", "text", "said"),
    [
        (
            "Sam",
            "Sam, sam and SAM are not the same, samuel",
            "[covered], [covered] and [covered] are not the same, samuel",
        ),
        ("Sam", "Sam's and Sam’s", "[covered]'s and [covered]’s"),
        ("Zoë", "Zoe\u0308 and Zoë", "[covered] and [covered]"),
        ("Ava Okafor", "Ava\u00a0 Okafor, Ava\nOkafor", "[covered], [covered]"),
        ("Ava", "A\u200bv\u200fa is here", "[covered] is here"),
        ("Sam", "Flotsam, Sam", "Flotsam, [covered]"),
        ("O'Neill", "Mrs O’Neill", "Mrs [covered]"),
        ("O’Neill", "Mrs O'Neill", "Mrs [covered]"),
        ("+44 7700 900123", "Ring +44 7700 900123!", "Ring [covered]!"),
        ("(.*)+", "All (.*)+ of it", "All [covered] of it"),
        ("小明", "昨天小明哭了", "昨天[covered]哭了"),
        ("أحمد", "قال وأحمد بكى", "قال و[covered] بكى"),
        ("🦊 Kim", "From 🦊 Kim to you", "From [covered] to you"),
        ("\u200b", "nothing to cover", "nothing to cover"),
    ],
)
def test_words_are_covered_however_they_are_written_and_never_inside_others(mask, text, said):
    assert covered(text, [Mask(mask, "child")]) == said


def test_the_longest_is_covered_first_so_that_no_half_of_a_name_is_left():
    masks = [Mask("Ava", "child"), Mask("Ava Okafor", "child"), Mask("Okafor-Lee", "child")]

    assert covered("Ava Okafor met Ava and Mr Okafor-Lee", masks) == f"{COVERED} met {COVERED} and Mr {COVERED}"


# ------------------------------------------------------------------------------------------------------------ a chat


def test_marked_messages_leave_only_when_somebody_has_looked_through_them(chat, slt):
    assert copies_for([chat]).missing == [
        "Evidence 1 is a chat. Cover names in its marked messages, or say that none need it."
    ]

    cover_words(evidence=chat, passages=[3, 5], masks=[], by=slt)
    assert "Zoë Marsh cried" in printed(chat)

    mark_lines(evidence=chat, shown=[4], marked=[4], by=slt)
    assert "changed after names were covered" in copies_for([chat]).missing[0]


def test_what_is_covered_is_in_nothing_that_leaves(chat, slt):
    masks = [Mask("+44 7700 900123", "contact"), Mask("Zoë Marsh", "child"), Mask("aisha@parent.example", "contact")]
    masks.append(Mask("Ava", "reporter"))

    made = cover_words(evidence=chat, passages=[3, 5], masks=masks, by=slt)

    said = printed(chat)
    assert f"14/03/2024, 08:01:00, {COVERED}" in said
    assert f"{COVERED} and {COVERED} cried. Mail me: {COVERED}" in said
    assert "D Marsh" in said
    assert not [word for word in ("7700", "Zoë", "Ava", "aisha", "reporter", "child") if word in said]
    for copy in copies_for([chat]).ready:
        with pikepdf.open(io.BytesIO(page_of(copy))) as pdf:
            every = b"".join(each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream))
            every += str(pdf.docinfo).encode()
        assert not [each for each in (b"900123", b"aisha@parent") if each in every]
    entry = CustodyEntry.objects.get(kind="words_covered")
    assert (entry.by, entry.facts) == (slt, {"passages": 2, "masks": 4})
    assert Event.objects.get(kind="evidence_redacted").concern == chat.concern
    assert chat.lines.get(number=5).sender == "+44 7700 900123"  # the file itself is as it was
    assert WordsRedaction.objects.get() == made


def test_a_mask_that_covers_nothing_is_a_slip_and_is_refused(chat, slt):
    with pytest.raises(CannotRedactError, match="“Zeo” stands in none of these passages"):
        cover_words(evidence=chat, passages=[3, 5], masks=[Mask("Zeo", "child")], by=slt)

    assert not WordsRedaction.objects.exists()


@pytest.mark.parametrize("numbers", [[3], [3, 4, 5], [], [99]])
def test_what_is_not_marked_any_more_is_not_let_out(chat, slt, numbers):
    with pytest.raises(CannotRedactError, match="changed in the meantime"):
        cover_words(evidence=chat, passages=numbers, masks=[], by=slt)


def test_without_the_right_nothing_is_let_out(chat, office):
    with pytest.raises(PermissionDenied):
        cover_words(evidence=chat, passages=[3, 5], masks=[], by=office)


def test_names_numbers_and_addresses_are_suggested_but_not_whom_the_case_is_about(chat, people, slt):
    found = words_suggested(chat, passages_of(chat), user=slt)

    assert [(each.mask.why, each.mask.words) for each in found] == [
        ("contact", "+44 7700 900123"),
        ("contact", "aisha@parent.example"),
        ("reporter", "Ava"),
        ("child", "Zoë Marsh"),
    ]


def test_a_sender_who_is_no_part_of_the_case_is_suggested(chat, people, slt):
    mark_lines(evidence=chat, shown=[2], marked=[2], by=slt)

    found = words_suggested(chat, passages_of(chat), user=slt)

    assert ("parent", "Aisha K") in [(each.mask.why, each.mask.words) for each in found]


# --------------------------------------------------------------------------------------------------------- an e-mail


def test_of_an_email_the_chosen_passages_leave_and_the_gaps_are_shown(email, slt):
    assert "Choose what of its words may leave" in copies_for([email]).missing[0]
    numbers = [each.number for each in passages_of(email) if "Khan" not in each.words and "Call" not in each.words]

    cover_words(evidence=email, passages=numbers, masks=[Mask("office@dkh.example", "contact")], by=slt)

    said = " ".join(printed(email).split())
    assert "From [left out]" in said
    assert f"To {COVERED}" in said
    assert "This is what he wrote. [left out] He said that she is a liar." in said
    assert not [word for word in ("Khan", "aisha", "07700", "Zoë") if word in said]


def test_of_an_email_nothing_can_leave_and_then_nothing_is_missing(email, slt):
    cover_words(evidence=email, passages=[], masks=[], by=slt)

    assert (copies_for([email]).ready, copies_for([email]).missing) == ([], [])


def test_a_long_email_has_as_many_passages_as_fit_on_a_form_and_loses_no_word(draft):
    body = "\n\n".join(f"Paragraph {number}." for number in range(1_000))

    passages = passages_of(received(draft, EMAIL + "\n" + body, "long.eml"))

    assert len(passages) <= MOST_OF_AN_EMAIL + 4
    told = "\n".join(each.words for each in passages)
    assert all(f"Paragraph {number}." in told for number in range(1_000))


# ---------------------------------------------------------------------------------------------------------- the page


@pytest.fixture
def page(slt, signed_in):
    client = signed_in(slt)

    def send(evidence, **fields):
        address = reverse("evidence-cover", args=[evidence.pk])
        seen = client.get(address).context["seen"]
        return client.post(address, {"seen": seen, "count": "0", **fields})

    return send


def mask(number: int, words: str, why: str = "child") -> dict[str, str]:
    return {f"mask{number}-words": words, f"mask{number}-why": why}


def test_suggestions_are_accepted_shown_and_saved_only_when_somebody_says_so(chat, people, page):
    shown = page(chat, accept="all").content.decode()
    assert '<mark class="dkh-covered">Zoë Marsh</mark>' in shown
    assert '<mark class="dkh-covered">+44 7700 900123</mark>' in shown
    assert 'name="mask4-words" value="Zoë Marsh"' in shown
    assert not WordsRedaction.objects.exists()

    saved = page(chat, count="2", action="save", **mask(1, "Zoë Marsh"), **mask(2, "Ava", "reporter"))

    assert saved.status_code == 302
    made = WordsRedaction.objects.get()
    assert made.masks == [{"words": "Zoë Marsh", "why": "child"}, {"words": "Ava", "why": "reporter"}]
    assert f"{COVERED} and {COVERED} cried." in printed(chat)


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(chat, page):
    told = page(chat, count="2", action="save", **mask(1, "Zeo 💥"), **mask(2, "")).content.decode()

    assert 'id="id_mask1-words_error"' in told
    assert "This stands in none of the passages that may leave" in told
    assert "Enter what number 2 covers, or remove it" in told
    assert 'value="Zeo 💥"' in told
    left = page(chat, count="2", remove="2", **mask(1, "Zeo 💥"), **mask(2, "")).content.decode()
    assert 'value="Zeo 💥"' in left
    assert 'name="mask2-words"' not in left


def test_nothing_to_cover_must_be_meant(chat, page):
    assert "or tick that nothing needs covering" in page(chat, action="save").content.decode()
    assert not WordsRedaction.objects.exists()

    page(chat, action="save", nothing="on")
    assert WordsRedaction.objects.get().passages == [3, 5]


def test_marks_that_changed_while_somebody_looked_are_looked_through_again(chat, page, slt):
    told = page(chat, action="save", nothing="on", seen="0" * 64).content.decode()

    assert "Look through them again, then save" in told
    assert not WordsRedaction.objects.exists()


@pytest.mark.parametrize("count", ["", "-1", "9999999", "x", "\u0663"])
def test_a_count_that_cannot_be_is_no_fault(chat, page, count):
    assert page(chat, count=count, action="save").status_code == 200


def test_of_an_email_it_is_asked_how_much_and_ticks_are_kept(email, page, slt, signed_in):
    assert "Choose what of the email may leave" in page(email, action="save").content.decode()
    told = page(email, action="save", how_much="some").content.decode()
    assert "Tick the passages that may leave" in told
    kept = page(email, action="add", how_much="some", passage=["4", "5"]).content.decode()
    assert 'id="passage_5" value="5" checked' in kept

    page(email, action="save", how_much="some", passage=["4", "5"], nothing="on")

    assert WordsRedaction.objects.get().passages == [4, 5]
    shown = signed_in(slt).get(email.get_absolute_url()).content.decode()
    assert "2 passages, with nothing covered" in shown


def test_its_page_says_what_may_leave(chat, slt, signed_in):
    client = signed_in(slt)
    assert (
        "None of its words, until somebody has looked through the marked messages"
        in client.get(chat.get_absolute_url()).content.decode()
    )

    cover_words(evidence=chat, passages=[3, 5], masks=[Mask("Ava", "reporter")], by=slt)
    assert "2 messages, with 1 name or the like covered" in client.get(chat.get_absolute_url()).content.decode()

    mark_lines(evidence=chat, shown=[5], marked=[], by=slt)
    assert "Since then the marks changed" in client.get(chat.get_absolute_url()).content.decode()


def test_a_picture_has_no_words_to_cover(evidence, slt, signed_in):
    assert signed_in(slt).get(reverse("evidence-cover", args=[evidence.pk])).status_code == 404


def test_more_masks_than_anybody_needs_and_a_file_that_is_gone_are_refused(chat, slt):
    masks = [Mask(str(number), "other") for number in range(MOST_MASKS + 1)]

    with pytest.raises(CannotRedactError, match=f"{MOST_MASKS} are the most"):
        cover_words(evidence=chat, passages=[3, 5], masks=masks, by=slt)
    with (
        just_before_the_lock(lambda: Evidence.objects.filter(pk=chat.pk).delete()),
        pytest.raises(CannotRedactError, match="was destroyed in the meantime"),
    ):
        cover_words(evidence=chat, passages=[3, 5], masks=[], by=slt)
