"""The answers that lead aside: whom to call first, and the complaints procedure; on, back and changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.models import Concern, Draft
from incidents.policy.councils import COUNCILS
from incidents.reporting.questions import QUESTIONS
from incidents.reporting.sending import send_concern
from tests.reporting.answers import ANSWERS

pytestmark = pytest.mark.django_db
CALL, PROCEDURE = "/report/call-first/", "/report/complaints-procedure/"
DETOURS = {
    CALL: ("/report/danger/", {"danger": "child"}, "/report/what/"),
    PROCEDURE: ("/report/complaint/", {"complaint": "only"}, "/report/where/"),
}
MOST_PAGES, MOST_REQUIRED = 14, 3


@pytest.fixture(params=DETOURS)
def detour(request):
    return request.param, *DETOURS[request.param]


@pytest.mark.parametrize(
    ("question", "answer", "after"),
    [
        ("danger", {"danger": "now"}, CALL),
        ("danger", {"danger": "child"}, CALL),
        ("danger", {"danger": "none"}, "/report/what/"),
        ("danger", {}, "/report/what/"),
        ("complaint", {"complaint": "only"}, PROCEDURE),
        ("complaint", {"complaint": "also"}, "/report/where/"),
        ("complaint", {"complaint": "no"}, "/report/where/"),
        ("complaint", {}, "/report/where/"),
    ],
)
def test_an_answer_leads_to_its_own_next_page(parent, question, answer, after):
    assert parent.post(f"/report/{question}/", answer).url == after


def test_the_parent_can_still_go_on_and_comes_back_the_same_way(parent, detour):
    page, question, answer, after = detour
    parent.post(question, answer)

    assert parent.get(page).status_code == 200
    assert parent.get(after).context["back_url"] == page
    assert parent.get(page).context["back_url"] == question
    assert parent.post(page).url == after


def test_the_answer_can_be_changed_from_the_page(parent, detour):
    page, question, answer, after = detour
    parent.post(question, answer)

    assert f'href="{question}">' in parent.get(page).content.decode()
    assert parent.post(question, ANSWERS[question.split("/")[2]]).url == after
    assert parent.get(after).context["back_url"] == question


def test_a_changed_answer_leads_aside_and_then_back_to_the_check(parent, answered, detour):
    page, question, answer, _ = detour
    answered()

    aside = parent.post(f"{question}?change=1", answer).url

    assert aside == f"{page}?change=1"
    assert parent.get(aside).context["back_url"] == f"{question}?change=1"
    assert parent.post(aside).url == reverse("report-check")


def test_whoever_comes_without_that_answer_is_asked_the_question(parent, detour):
    page, question, _, _ = detour

    assert parent.get(page).url == question
    assert parent.post(page).url == question


def test_looking_at_it_writes_nothing(parent, detour):
    page, question, answer, _ = detour
    parent.post(question, answer)
    before = Draft.objects.values().get()

    parent.get(page)

    assert Draft.objects.values().get() == before


def test_call_first_has_the_schools_numbers_in_the_order_of_need(parent, school):
    school.council_name, school.council_hours = "Lambeth", "Monday to Thursday"
    school.save()
    parent.post("/report/danger/", {"danger": "now"})

    page = parent.get(CALL).content.decode()

    numbers = [f'href="tel:{number}"' for number in ("999", "+442079460124", "+442075251921", "+442075255000", "101")]
    places = [page.index(number) for number in numbers]
    assert places == sorted(places)
    assert "We have not called anyone for you" in page
    assert "Lambeth children’s services" in page
    assert "Monday to Thursday. If the child lives somewhere else" in page


def test_call_first_leads_to_the_council_where_the_child_lives(parent, school):
    parent.post("/report/danger/", {"danger": "child"})

    page = parent.get(CALL).content.decode()

    assert 'href="https://www.gov.uk/report-child-abuse-to-local-council" rel="noreferrer"' in page
    assert len(COUNCILS) == 33
    for council in COUNCILS:
        # The school's own council is above, with its numbers; it is not offered as somewhere else.
        assert (f'href="{council.address}"' in page) is (council.name != school.council_name)


def test_no_number_of_a_council_stands_there_that_nobody_checked():
    for council in COUNCILS:
        assert bool(council.phone) is bool(council.checked)
        assert council.page.endswith(".gov.uk")


@pytest.mark.parametrize("address", ["", "lead@dkh.example"])
def test_call_first_promises_a_message_only_where_one_can_be_sent(parent, school, address):
    school.safeguarding_email = address
    school.save()
    parent.post("/report/danger/", {"danger": "child"})

    assert ("safeguarding lead a message" in parent.get(CALL).content.decode()) is bool(address)


def test_only_a_complaint_ends_kindly_with_where_to_take_it(parent):
    parent.post("/report/complaint/", {"complaint": "only"})

    page = parent.get(PROCEDURE).content.decode()

    for words in (
        "Criticism is never misconduct",
        "www.dkh.example",
        "The office prints it",
        "020 7946 0123",
        "mailto:",
    ):
        assert words in page
    assert "nothing has been sent, and you can close this page" in page
    assert not Concern.objects.exists()


def test_something_else_as_well_is_kept_as_that(parent, answered):
    answered(complaint={"complaint": "only"})

    parent.post(PROCEDURE)
    send_concern(draft=Draft.objects.get(), secret="s")

    assert Concern.objects.get().complaint == "also"


@pytest.mark.parametrize(
    ("complaint", "flags"), [("no", []), ("only", ["May be a complaint"]), ("also", ["May be a complaint"])]
)
def test_a_complaint_is_marked_for_staff(answered, complaint, flags):
    answered(complaint={"complaint": complaint})

    send_concern(draft=Draft.objects.get(), secret="s")

    assert Concern.objects.get().flags == flags


def test_the_check_marks_a_child_at_risk(parent, answered):
    answered(danger={"danger": "child"})

    page = parent.get(reverse("report-check")).content.decode()

    assert "A child may be at risk of harm" in page
    assert '<strong class="govuk-tag govuk-tag--purple">Child at risk</strong>' in page


def test_a_concern_sent_already_is_not_changed_from_another_tab(parent, answered, monkeypatch):
    from incidents.reporting import detours
    from incidents.reporting.drafts import DraftSentError

    def sent_meanwhile(**_):
        raise DraftSentError

    answered(complaint={"complaint": "only"})
    monkeypatch.setattr(detours, "save_answers", sent_meanwhile)

    assert parent.post(PROCEDURE).url == reverse("report-sent")


@pytest.mark.parametrize("aside", [{}, {"danger": {"danger": "child"}}, {"danger": {"danger": "now"}}])
def test_from_the_start_to_the_reference_is_few_pages_and_three_answers(parent, aside):
    """Walked like a parent who does only what must be done: each page's own button, until the reference is shown."""
    least = {"what": {"clauses": ["unsure"]}, "words": {"account": "It was unkind."}, "you": {"role": "parent"}}
    pages, needed, address = [reverse("start")], 0, parent.get(reverse("report")).url
    while address != reverse("report-sent"):
        pages.append(address)
        slug = address.split("/")[2]
        answer = aside.get(slug, {})
        response = parent.post(address, answer)
        if response.status_code == 200:  # it asks for an answer before it goes on
            needed += 1
            response = parent.post(address, least[slug])
        address = response.url
    pages.append(address)

    assert parent.get(address).context["receipt"].reference
    assert len(pages) <= MOST_PAGES
    assert needed <= MOST_REQUIRED
    assert len(pages) == len(QUESTIONS) + 3 + bool(aside)
