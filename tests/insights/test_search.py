"""Searching: every kind through its own door, bounded, and kept in the log without what was searched for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dkh_conduct import settings as installed
from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.roles import Role
from incidents.models import ChatLine, Conflict, Evidence, EvidencePart
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = reverse("search")
HEADINGS = ("Concerns", "Cases", "People on cases", "Letters", "Text read in pictures", "Chat messages")


def a_file(concern, **fields):
    about = {"name": "IMG_1.png", "sha256": "0" * 64, "original": "o", "copy": "c", "thumbnail": "t"}
    about |= {"media_type": "image/png", "scan": "none"}
    return Evidence.objects.create(school=concern.school, concern=concern, **about | fields)


@pytest.fixture
def world(slt):
    """The word “quagga” in one thing of each kind, and in nothing else."""
    case = CaseFactory.create(school=slt.school, lead=slt, number=14)
    person = PersonFactory.create(school=slt.school, full_name="Quagga Jones")
    CasePersonFactory.create(case=case, person=person)
    AllegationFactory.create(case=case, subject=person, words="She is a quagga.")
    concern = ConcernFactory.create(school=slt.school, case=case, account="Everybody called her a quagga.", poster="@q")
    a_file(concern, text="Monday the quagga shouted")
    chat = a_file(concern, media_type="text/plain")
    about = {"evidence": chat, "kind": "message", "sender": "~ Dan", "stamp": "19/11/2026, 20:14"}
    ChatLine.objects.create(**about, number=1, raw="x", body="The QUAGGA is late again")
    letter = LetterFactory.create(school=slt.school, drafted_by=slt, addressee="Ms Quagga Jones")
    return case, concern, letter


def text(client, query):
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def headings(page):
    return tuple(heading for heading in HEADINGS if f">{heading}</h2>" in page)


def test_every_kind_is_found_with_the_place_and_a_link(world, slt, signed_in):
    case, concern, letter = world

    page = text(signed_in(slt), "q=quagga")

    assert headings(page) == HEADINGS
    for words in ("Everybody called her a quagga.", "Monday the quagga shouted", "The QUAGGA is late again", "~ Dan"):
        assert words in page
    assert "Subject in C014" in page
    for row in (case, concern, letter):
        assert f'href="{row.get_absolute_url()}"' in page


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("{reference}", ("Concerns",)),
        ("{loose}", ("Concerns",)),
        ("@q", ("Concerns",)),
        ("C014", ("Cases",)),
        ("quagga shouted", ("Text read in pictures",)),
        ("quagga dan", ("Chat messages",)),
        ("quagga jones", ("Cases", "People on cases", "Letters")),
        ("quagga zebra", ()),
        ("100%", ()),
        ("_____", ()),
    ],
)
def test_all_words_have_to_be_there_and_signs_mean_themselves(world, slt, signed_in, typed, expected):
    reference = world[1].reference
    words = typed.format(reference=reference, loose=reference.lower().replace("-", " "))

    page = signed_in(slt).get(ADDRESS, {"q": words}).content.decode()

    assert headings(page) == expected


def test_a_page_inside_a_file_is_found(world, slt, signed_in):
    file = Evidence.objects.get(media_type="image/png")
    EvidencePart.objects.create(
        evidence=file, number=2, media_type="image/png", copy="c", thumbnail="t", text="An okapi on page two"
    )

    assert "An okapi on page two" in text(signed_in(slt), "q=okapi")


def test_a_file_that_waits_for_the_virus_scanner_is_not_found(world, slt, signed_in):
    Evidence.objects.update(scan="waiting")

    assert headings(text(signed_in(slt), "q=quagga")) == ("Concerns", "Cases", "People on cases", "Letters")


@pytest.mark.parametrize("kind", ["concerns", "cases", "people", "letters", "pictures", "chats"])
def test_whoever_has_a_conflict_finds_nothing_and_no_count(world, colleague, signed_in, kind):
    case, concern, letter = world
    Conflict.objects.create(user=colleague, case=case, reason="Named in it")
    letter.withheld_from.add(colleague)
    browser = signed_in(colleague)

    everything, one = text(browser, "q=quagga"), text(browser, f"q=quagga&in={kind}")

    assert headings(everything) == ()
    assert "Nothing was found" in everything
    assert ": 0</h2>" in one
    for page in (everything, one):
        assert concern.reference not in page
        assert "C014" not in page.replace("such as C014", "")


def test_a_conflict_with_one_concern_hides_it_and_its_files_only(world, colleague, signed_in):
    Conflict.objects.create(user=colleague, concern=world[1], reason="Named in it")

    assert headings(text(signed_in(colleague), "q=quagga")) == ("Cases", "People on cases", "Letters")


def test_another_school_finds_nothing(world, outsider, signed_in):
    assert headings(text(signed_in(outsider), "q=quagga")) == ()


def test_the_office_finds_letters_and_the_safeguarding_lead_flagged_concerns(world, school, office, slt, signed_in):
    world[2].state = "queued"
    world[2].approved_by, world[2].approved_at = slt, world[0].opened_at
    world[2].save()
    dsl = UserFactory.create(school=school, role=Role.DSL)

    assert headings(text(signed_in(office), "q=quagga")) == ("Letters",)
    assert headings(text(signed_in(dsl), "q=quagga")) == ()
    world[1].danger = "child"
    world[1].save()
    assert headings(text(signed_in(dsl), "q=quagga")) == ("Concerns", "Text read in pictures", "Chat messages")


def test_before_a_search_and_after_too_little_it_says_what_to_do(world, slt, signed_in):
    browser = signed_in(slt)

    assert "Nothing was found" not in text(browser, "")
    assert "Enter at least 2 letters or numbers" in text(browser, "q=a")
    assert 'value="&lt;script&gt;"' in text(browser, "q=<script>")


def test_fifty_on_a_page_then_the_next(slt, signed_in):
    for number in range(60):
        ConcernFactory.create(school=slt.school, account=f"The quagga, part {number}.")
    browser = signed_in(slt)

    first = text(browser, "q=quagga")
    all_of_it = text(browser, "q=quagga&in=concerns")
    second = text(browser, "q=quagga&in=concerns&page=2")

    assert first.count("The quagga, part") == 5
    assert "Show all" in first
    assert "Concerns: 60</h2>" in all_of_it
    assert all_of_it.count("The quagga, part") == 50
    assert second.count("The quagga, part") == 10


def test_it_is_bounded(slt, signed_in, monkeypatch):
    monkeypatch.setattr("incidents.insights.search.MOST", 7)
    monkeypatch.setattr("incidents.insights.search_views.MOST", 7)
    for _ in range(9):
        ConcernFactory.create(school=slt.school, account="The quagga.")

    page = text(signed_in(slt), "q=quagga&in=concerns")

    assert "Concerns: 7 or more" in page
    assert "Only the first 7 are shown" in page


def test_it_costs_the_same_with_few_rows_and_with_many(world, slt, signed_in, django_assert_max_num_queries):
    browser = signed_in(slt)
    with django_assert_max_num_queries(15) as few:
        browser.get(f"{ADDRESS}?q=quagga")
    for number in range(12):
        case = CaseFactory.create(school=slt.school, lead=slt, summary="The quagga")
        CasePersonFactory.create(case=case, person=PersonFactory.create(full_name=f"Quagga {number}"))
        a_file(ConcernFactory.create(school=slt.school, case=case, account="A quagga"), text="quagga")

    with django_assert_max_num_queries(15) as many:
        browser.get(f"{ADDRESS}?q=quagga")

    assert len(many) == len(few)


def test_that_somebody_searched_is_kept_and_never_what_for(world, slt, signed_in, settings):
    settings.MIDDLEWARE = installed.MIDDLEWARE
    browser = signed_in(slt)
    browser.get(ADDRESS)
    assert not AuditEntry.objects.exists()

    browser.get(f"{ADDRESS}?q=quagga")

    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.thing, entry.reference, entry.by) == ("read", "search", "", slt)
    assert "quagga" not in str(list(AuditEntry.objects.values()))
