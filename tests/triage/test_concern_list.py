"""The queue: oldest deadline first, narrowed by an address that can be kept, never an error."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from incidents.models import Concern, ConcernClause, Conflict
from incidents.policy.wording import POLICY
from tests.factories import ConcernFactory

QUEUE = "/staff/concerns/"


def waiting(school, reference, due_on, **fields):
    return ConcernFactory.create(school=school, reference=reference, due_on=due_on, **fields)


def decided(school, slt, reference, **fields):
    return waiting(
        school,
        reference,
        date(2026, 11, 20),
        kind="criticism",
        outcome="nothing_further",
        outcome_reason="A complaint.",
        outcome_by=slt,
        outcome_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        **fields,
    )


def references(response):
    return [row.concern.reference for row in response.context["rows"]]


@pytest.fixture
def three(school):
    """Late, due today, and due on Wednesday; made out of order."""
    soon = waiting(school, "DKH-2222-22", date(2026, 11, 25), poster="Luz Ortega", account="It is not true at all.")
    today = waiting(school, "DKH-3333-33", date(2026, 11, 23), account="Shouting about the 100% attendance badge.")
    late = waiting(school, "DKH-4444-44", date(2026, 11, 19), account="They wrote her name.")
    return late, today, soon


def test_the_address_has_a_name():
    assert reverse("concern-list") == QUEUE


def test_anonymous_is_asked_to_sign_in(client, db):
    response = client.get(QUEUE)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_the_office_may_not_read_concerns(office, signed_in):
    assert signed_in(office).get(QUEUE).status_code == 403


def test_another_schools_queue_is_its_own(three, outsider, signed_in):
    response = signed_in(outsider).get(QUEUE)

    assert response.status_code == 200
    assert references(response) == []


def test_the_oldest_deadline_comes_first(three, slt_client):
    assert references(slt_client.get(QUEUE)) == ["DKH-4444-44", "DKH-3333-33", "DKH-2222-22"]


def test_each_row_says_when_it_is_due_in_school_days(three, slt_client):
    page = slt_client.get(QUEUE).content.decode()

    assert "2 school days late" in page
    assert "Due today" in page
    assert "Due Wed 25 Nov" in page


def test_a_row_shows_what_was_told_where_and_how_much(school, slt_client, concern, picture):
    concern.account = "He took a picture through the window. " * 8
    concern.places = ["class_group", "facebook"]
    concern.save()
    picture(concern)
    picture(concern)

    page = slt_client.get(QUEUE).content.decode()

    assert "DKH-7R4K-2Q. A class WhatsApp group, Facebook. 2 pictures." in page
    assert POLICY.clause("abusive").short in page
    assert "Nobody yet" in page
    assert "Sent Mon 23 Nov, 8:51am" in page


def test_a_short_account_is_not_shown_twice(three, slt_client):
    page = slt_client.get(QUEUE).content.decode()

    assert page.count("They wrote her name.") == 1


def test_what_was_told_is_never_markup(school, slt_client):
    waiting(school, "DKH-5555-55", date(2026, 11, 23), account="<script>alert(1)</script>")

    page = slt_client.get(QUEUE).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_is_read_waits_no_longer_but_can_be_looked_up(school, slt, three, slt_client):
    decided(school, slt, "DKH-6666-66")

    assert "DKH-6666-66" not in references(slt_client.get(QUEUE))
    assert references(slt_client.get(QUEUE, {"status": "read"})) == ["DKH-6666-66"]
    assert len(references(slt_client.get(QUEUE, {"status": ["read", "unread"]}))) == 4


def test_a_search_without_a_status_looks_everywhere(school, slt, three, slt_client):
    decided(school, slt, "DKH-6666-66", account="They wrote her name twice.")

    assert references(slt_client.get(QUEUE, {"q": "her name"})) == ["DKH-4444-44", "DKH-6666-66"]


@pytest.mark.parametrize("typed", ["DKH-4444-44", "dkh444444", "4444-44", " dkh 4444 44 "])
def test_a_reference_is_found_however_it_is_typed(three, slt_client, typed):
    assert references(slt_client.get(QUEUE, {"q": typed})) == ["DKH-4444-44"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ortega", ["DKH-2222-22"]),
        ("badge shouting", ["DKH-3333-33"]),
        ("badge ortega", []),
        ("100%", ["DKH-3333-33"]),
        ("%", ["DKH-3333-33"]),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_search_wants_every_word_and_takes_signs_literally(three, slt_client, typed, found):
    assert references(slt_client.get(QUEUE, {"q": typed})) == found


@pytest.mark.parametrize(
    ("due", "found"),
    [
        (["late"], ["DKH-4444-44"]),
        (["today"], ["DKH-3333-33"]),
        (["week"], ["DKH-3333-33", "DKH-2222-22"]),
        (["late", "today"], ["DKH-4444-44", "DKH-3333-33"]),
    ],
)
def test_the_queue_is_narrowed_by_when_it_is_due(three, slt_client, due, found):
    assert references(slt_client.get(QUEUE, {"due": due})) == found


def test_late_never_means_something_that_was_read(school, slt, slt_client):
    decided(school, slt, "DKH-6666-66")

    assert references(slt_client.get(QUEUE, {"due": "late", "status": "read"})) == []


def test_the_queue_is_narrowed_by_clause_and_a_group_guideline_is_any_of_them(three, slt_client):
    late, today, _ = three
    ConcernClause.objects.create(concern=late, clause="anger")
    ConcernClause.objects.create(concern=late, clause="threat")
    ConcernClause.objects.create(concern=today, clause="platform")

    assert references(slt_client.get(QUEUE, {"clause": "anger"})) == ["DKH-4444-44"]
    assert references(slt_client.get(QUEUE, {"clause": ["anger", "threat"]})) == ["DKH-4444-44"]
    assert references(slt_client.get(QUEUE, {"clause": "guideline"})) == ["DKH-3333-33"]


def test_assigned_to_me_shows_only_mine(three, slt, colleague, slt_client):
    late, today, _ = three
    Concern.objects.filter(pk=late.pk).update(assigned_to=colleague)
    Concern.objects.filter(pk=today.pk).update(assigned_to=slt)

    assert references(slt_client.get(QUEUE, {"assigned": "me"})) == ["DKH-3333-33"]


def test_newest_first_sorts_by_when_it_was_sent_and_keeps_the_filters(three, slt_client):
    late, *_ = three
    Concern.objects.filter(pk=late.pk).update(received_at=datetime(2026, 11, 23, 8, 50, tzinfo=UTC))

    response = slt_client.get(QUEUE, {"sort": "newest", "due": ["late", "today"]})

    assert references(response) == ["DKH-3333-33", "DKH-4444-44"]
    assert 'name="sort" value="newest"' in response.content.decode()


def test_what_is_chosen_is_shown_with_a_link_that_takes_only_that_away(three, slt_client):
    response = slt_client.get(QUEUE, {"q": "name", "status": "unread", "due": ["late", "today"]})

    tags = response.context["filters"].tags()
    assert [tag.label for tag in tags["Due"]] == ["Late", "Today"]
    assert tags["Due"][0].url == "?q=name&status=unread&due=today"
    assert tags["Search"][0].label == "“name”"
    assert "Remove filter </span>“name”" in response.content.decode()


def test_taking_the_last_filter_away_shows_everything(school, slt, three, slt_client):
    decided(school, slt, "DKH-6666-66")
    (tag,) = slt_client.get(QUEUE).context["filters"].tags()["Status"]

    assert len(references(slt_client.get(QUEUE + tag.url))) == 4


def test_the_form_shows_what_the_address_says(three, slt_client):
    page = slt_client.get(QUEUE, {"q": "name", "due": "late"}).content.decode()

    assert 'value="late" checked' in page
    assert 'value="unread" checked' not in page
    assert 'value="name"' in page


def test_nothing_waiting_says_so(slt_client):
    page = slt_client.get(QUEUE).content.decode()

    assert "No new concerns" in page
    assert "No concerns match" not in page


def test_no_match_says_what_could_be_done(three, slt_client):
    page = slt_client.get(QUEUE, {"q": "giraffe"}).content.decode()

    assert "No concerns match these filters" in page
    assert "Clear all filters" in page
    assert "search for fewer words" in page


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=a%00b",
        "q=%ED%A0%80",
        "q=" + "x" * 3000,
        "q=" + "+".join("word" for _ in range(400)),
        "q=(a%2B)%2B%24",
        "page=x",
        "page=999",
        "page=-1",
        "page=0",
        "page=%00",
        "page=99999999999999999999999999",
        "status=3&due=never&clause=gossip&assigned=you&sort=worst",
        "status=unread&status=unread&status=",
        "clause=abusive'--",
        "q[]=1&status[]=read",
        "sort=%00",
    ],
)
@pytest.mark.parametrize("count", [0, 1])
def test_a_strange_address_still_shows_a_sensible_page(school, slt_client, query, count):
    for _ in range(count):
        ConcernFactory.create(school=school)

    assert slt_client.get(f"{QUEUE}?{query}").status_code == 200


def test_a_page_past_the_end_is_the_last_one(school, slt_client):
    for _ in range(27):
        ConcernFactory.create(school=school)

    response = slt_client.get(QUEUE, {"page": "999"})

    assert response.context["page"].number == 2
    assert len(references(response)) == 2


def test_the_pages_keep_the_filters(school, slt_client):
    for _ in range(27):
        ConcernFactory.create(school=school)

    page = slt_client.get(QUEUE, {"q": "liar", "sort": "newest"}).content.decode()

    assert "?q=liar&amp;sort=newest&amp;page=2" in page


def test_a_person_with_a_conflict_finds_it_nowhere(three, slt, slt_client):
    late, *_ = three
    Conflict.objects.create(user=slt, concern=late, reason="Named in it")

    response = slt_client.get(QUEUE, {"q": "DKH-4444-44"})

    assert references(response) == []
    assert references(slt_client.get(QUEUE, {"due": "late"})) == []
    assert "2 waiting" in response.content.decode()


@pytest.mark.parametrize("rows", [3, 60])
def test_the_queue_takes_the_same_few_queries_however_long_it_is(
    school, slt_client, picture, django_assert_max_num_queries, rows
):
    for _ in range(rows):
        concern = ConcernFactory.create(school=school)
        ConcernClause.objects.create(concern=concern, clause="abusive")
        picture(concern)

    with django_assert_max_num_queries(12):
        response = slt_client.get(QUEUE, {"q": "liar", "clause": "abusive", "status": "unread"})

    assert response.status_code == 200


def test_reading_the_queue_writes_nothing(three, slt_client, django_assert_num_queries):
    before = list(Concern.objects.order_by("pk").values())

    slt_client.get(QUEUE)

    assert list(Concern.objects.order_by("pk").values()) == before


def test_the_queue_is_only_read(slt_client):
    assert slt_client.post(QUEUE).status_code == 405


def test_a_row_that_was_read_says_what_was_done(school, slt, slt_client):
    decided(school, slt, "DKH-6666-66")

    page = slt_client.get(QUEUE, {"status": "read"}).content.decode()

    assert "Nothing further</strong>" in page
    assert "late</strong>" not in page


def test_the_search_box_looks_like_every_other_box(slt_client):
    page = slt_client.get(QUEUE).content.decode()

    box = page.split('id="id_q"')[0].rsplit("<input", 1)[1] + page.split('id="id_q"')[1].split(">")[0]
    assert 'type="search"' in box
    assert "govuk-input" in box
    assert 'aria-describedby="id_q_hint"' in box
