"""One concern's page: all that was told, the pictures, who may decide, and what was decided."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dkh_conduct import settings as installed
from incidents.models import (
    Case,
    CasePerson,
    ChatLine,
    Concern,
    ConcernClause,
    Conflict,
    Event,
    Message,
    Notice,
    Recording,
    Reporter,
)
from incidents.policy.wording import POLICY
from incidents.triage.outcome import close_concern, open_case
from incidents.triage.rules import CANNOT_TELL_YET, CASE_NEEDED, CRITICISM_STAYS_OUT, REASON_NEEDED, SUMMARY_NEEDED
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory, ReporterFactory

PAGE = "/staff/concerns/DKH-7R4K-2Q/"
REASON = "The words are about one person, not about the school."
ANSWERS = {"kind": "misconduct", "outcome": "open_case", "summary": "Comments about staff", "reason": REASON}


def page_of(client, **query):
    return client.get(PAGE, query).content.decode()


def test_the_address_is_the_concerns_own(concern):
    assert concern.get_absolute_url() == PAGE


def test_anonymous_is_asked_to_sign_in(client, concern):
    response = client.get(PAGE)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_the_office_may_not_read_a_concern(concern, office, signed_in):
    client = signed_in(office)

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, ANSWERS).status_code == 403
    assert client.post(f"{PAGE}assign/").status_code == 403


def test_another_school_does_not_find_it(concern, outsider, signed_in):
    client = signed_in(outsider)

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, ANSWERS).status_code == 404
    assert client.post(f"{PAGE}assign/").status_code == 404
    concern.refresh_from_db()
    assert not concern.is_read


def test_a_person_with_a_conflict_does_not_find_it(concern, slt, slt_client):
    Conflict.objects.create(user=slt, concern=concern, reason="Named in it")

    assert slt_client.get(PAGE).status_code == 404
    assert slt_client.post(PAGE, ANSWERS).status_code == 404


@pytest.mark.parametrize("reference", ["DKH-0000-00", "x", "dkh-7r4k-2q%00", "%00", "..", "DKH-7R4K-2Q'--"])
def test_an_unknown_reference_is_not_found(concern, slt_client, reference):
    assert slt_client.get(f"/staff/concerns/{reference}/").status_code == 404


@pytest.mark.parametrize("who", ["slt", "head"])
def test_senior_leaders_and_the_head_read_it(request, concern, who, signed_in):
    response = signed_in(request.getfixturevalue(who)).get(PAGE)

    assert response.status_code == 200


def test_every_answer_is_shown(concern, slt_client):
    concern.account = "First line.\nSecond line with <b>marks</b> & “quotes”."
    concern.places = ["class_group", "email"]
    concern.place_name = "Year 4 Willow parents"
    concern.seen_on = date(2026, 11, 19)
    concern.when_words = "just after school"
    concern.is_poster_known = True
    concern.poster = "D Marsh, a parent"
    concern.save()
    ConcernClause.objects.create(concern=concern, clause="platform")
    Reporter.objects.filter(concern=concern).update(
        name="Sam Okafor", email="sam@example.org", phone="020 7946 0999", may_name="ask", role="governor"
    )

    page = page_of(slt_client)

    for told in (
        "First line.<br>Second line with &lt;b&gt;marks&lt;/b&gt; &amp; “quotes”.",
        "A class WhatsApp group, Email",
        "Year 4 Willow parents",
        "Thursday 19 November 2026",
        "just after school",
        "“D Marsh, a parent”",
        "Sam Okafor",
        "A governor",
        "mailto:sam@example.org",
        "tel:+442079460999",
        "Ask me first",
        POLICY.clause("abusive").text,
        POLICY.clause("platform").text,
    ):
        assert told in page


def test_answers_not_given_are_said_to_be_so(school, slt_client):
    concern = ConcernFactory.create(school=school, reference="DKH-7R4K-2Q", places=[], is_unsure_of_clause=True)
    ReporterFactory.create(concern=concern)

    page = page_of(slt_client)

    assert "Name not given" in page
    assert "They gave no way to reach them" in page
    assert "None of these, or not sure" in page
    assert "They do not know, or did not say" in page
    assert "No pictures were sent" in page


def test_a_concern_without_a_reporters_row_still_opens(school, slt_client):
    ConcernFactory.create(school=school, reference="DKH-7R4K-2Q")

    assert slt_client.get(PAGE).status_code == 200


def test_the_first_picture_is_on_the_stage_and_any_other_by_its_number(concern, slt_client, picture):
    first, second = picture(concern), picture(concern, position=1, name="IMG_2291.png", caption="The second page")

    assert f'src="{first.copy_url}"' in page_of(slt_client)
    page = page_of(slt_client, picture=2)

    assert f'src="{second.copy_url}"' in page
    assert "<strong>2 of 2</strong> <bdi>IMG_2291.png</bdi>. <bdi>“The second page”</bdi>" in page
    assert 'href="?picture=1#evidence"' in page
    assert f'href="{second.get_absolute_url()}">Look closely' in page


@pytest.mark.parametrize("asked", ["0", "3", "-1", "x", "%00", "²", "1e3", "99999999999999999999", ""])
def test_a_picture_that_is_not_there_shows_the_first(concern, slt_client, picture, asked):
    first, _ = picture(concern), picture(concern, position=1)

    response = slt_client.get(f"{PAGE}?picture={asked}")

    assert response.status_code == 200
    assert response.context["stage"].shown == first


def test_one_picture_needs_no_strip(concern, slt_client, picture):
    picture(concern)

    page = page_of(slt_client)

    assert "All evidence" not in page
    assert "1 item. The original is sealed: this is a clean copy." in page


@pytest.mark.parametrize("poster", ["D Marsh, a parent in Year 4", "daniel marsh", "Marsh’s dad", "MARSH"])
def test_a_name_with_an_open_case_is_pointed_out(concern, case, slt_client, poster):
    Concern.objects.filter(pk=concern.pk).update(poster=poster)

    page = page_of(slt_client)

    assert "The name matches Daniel Marsh, who has an open case." in page
    assert "Look at case C014</a> before you decide." in page


@pytest.mark.parametrize("poster", ["", "Daniel from Year 4", "Marshall", "Mar sh"])
def test_another_name_is_not(concern, case, slt_client, poster):
    Concern.objects.filter(pk=concern.pk).update(poster=poster)

    assert "The name matches" not in page_of(slt_client)


def test_only_subjects_of_open_cases_one_may_see_match(concern, case, slt, school, slt_client):
    Concern.objects.filter(pk=concern.pk).update(poster="Marsh or Bello or Ashby or Ortega")
    CasePersonFactory.create(
        case=case, person=PersonFactory.create(school=school, full_name="Ngozi Bello"), role=CasePerson.Role.AFFECTED
    )
    closed = CaseFactory.create(
        school=school, status="closed", closed_reason="Done", closed_at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    hidden = CaseFactory.create(school=school)
    Conflict.objects.create(user=slt, case=hidden, reason="Related")
    for other, name in ((closed, "Helen Ashby"), (hidden, "Luz Ortega")):
        CasePersonFactory.create(case=other, person=PersonFactory.create(school=school, full_name=name))

    page = page_of(slt_client)

    assert page.count("The name matches") == 1
    assert "Luz Ortega" not in page


def test_opening_a_case_from_the_page(concern, slt, slt_client):
    response = slt_client.post(PAGE, ANSWERS, follow=True)

    case = Case.objects.get()
    page = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert case.summary == "Comments about staff"
    assert f"Case {case.reference} is open, and you lead it." in page
    assert case.get_absolute_url() in page


def test_adding_to_a_case_from_the_page(concern, case, slt_client):
    response = slt_client.post(PAGE, {**ANSWERS, "outcome": "add_to_case", "case": "C014", "kind": "both"}, follow=True)

    concern.refresh_from_db()
    assert concern.case == case
    assert "DKH-7R4K-2Q is added to case C014." in response.content.decode()


def test_more_open_cases_than_a_list_can_hold_are_found_by_number(concern, case, school, slt_client, monkeypatch):
    monkeypatch.setattr("incidents.triage.open_cases.MOST_LISTED", 2)
    for _ in range(3):
        CasePersonFactory.create(case=CaseFactory.create(school=school))

    page = page_of(slt_client)
    slt_client.post(PAGE, {**ANSWERS, "outcome": "add_to_case", "case": " c014 ", "kind": "both"})

    assert "The number of an open case, such as C014." in page
    assert '<input type="text" name="case"' in page
    concern.refresh_from_db()
    assert concern.case == case


def test_nothing_further_from_the_page(concern, slt_client):
    slt_client.post(PAGE, {"kind": "criticism", "outcome": "nothing_further", "reason": REASON})

    concern.refresh_from_db()
    assert concern.outcome == "nothing_further"


def test_what_was_decided_is_shown_and_can_no_longer_be_changed(concern, slt, slt_client):
    case = open_case(concern=concern, by=slt, kind="both", summary="Comments about staff", reason=REASON)

    page = page_of(slt_client)

    for shown in ("What happened to it", "Case opened", "Some of each", REASON, "Today at 8:51am"):
        assert shown in page
    assert "Save the outcome" not in page
    assert "Assign to me" not in page
    assert f"Case {case.reference} opened" in page
    assert "by Ruth Adeyemi" in page


def test_the_history_tells_everything_newest_first(concern, slt, colleague, slt_client, time_machine):
    slt_client.post(f"{PAGE}assign/", {"instead_of": ""})
    time_machine.shift(60)
    close_concern(concern=concern, by=colleague, kind="criticism", reason=REASON)

    titles = [chapter.title for chapter in slt_client.get(PAGE).context["story"]]

    assert titles == [
        "Nothing further on concern DKH-7R4K-2Q",
        "Concern DKH-7R4K-2Q assigned to Ruth Adeyemi",
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kind": ""}, "kind", "Select whether this is criticism or misconduct"),
        ({"kind": "gossip"}, "kind", "Select a valid choice. gossip is not one of the available choices."),
        ({"kind": "criticism"}, "kind", CRITICISM_STAYS_OUT),
        ({"kind": "unclear"}, "kind", CANNOT_TELL_YET),
        ({"kind": "criticism", "outcome": "add_to_case", "case": "C014"}, "kind", CRITICISM_STAYS_OUT),
        ({"outcome": ""}, "outcome", "Select one outcome"),
        ({"summary": ""}, "summary", SUMMARY_NEEDED),
        ({"summary": "x" * 121}, "summary", "What it is about must be 120 characters or less"),
        ({"outcome": "add_to_case"}, "case", CASE_NEEDED),
        (
            {"outcome": "add_to_case", "case": "C999"},
            "case",
            "There is no open case with this number. Choose or enter an open case",
        ),
        ({"outcome": "add_to_case", "case": "\0"}, "case", "Null characters are not allowed."),
        ({"reason": " "}, "reason", REASON_NEEDED),
        ({"reason": "x" * 5001}, "reason", "Your reason must be 5,000 characters or less"),
        ({"reason": "a\0b"}, "reason", "Null characters are not allowed."),
    ],
)
def test_a_mistake_is_explained_beside_its_field_and_nothing_typed_is_lost(
    concern, case, slt_client, changes, field, sentence
):
    answers = {**ANSWERS, **changes}

    response = slt_client.post(PAGE, answers)

    page = response.content.decode()
    concern.refresh_from_db()
    assert response.status_code == 200
    assert sentence in response.context["form"].errors[field]
    assert "<title>Error: " in page
    assert f'href="#id_{field}"' in page
    assert 'id="id_' + field in page
    assert not concern.is_read
    if field != "reason":
        assert REASON in page
    assert not Event.objects.exists()


def test_a_case_hidden_by_a_conflict_cannot_be_chosen(concern, case, slt, slt_client):
    Conflict.objects.create(user=slt, case=case, reason="Related")

    response = slt_client.post(PAGE, {**ANSWERS, "outcome": "add_to_case", "case": "C014"})

    assert "case" in response.context["form"].errors
    assert "Daniel Marsh" not in response.content.decode()


def test_without_term_dates_the_page_says_whom_to_ask(school, concern, slt_client):
    school.terms.all().delete()

    response = slt_client.post(PAGE, ANSWERS)

    assert response.status_code == 200
    assert "An administrator can add them" in response.content.decode()
    assert REASON in response.content.decode()


def test_the_second_to_decide_reads_who_was_first_and_keeps_what_they_wrote(concern, colleague, slt_client):
    open_case(concern=concern, by=colleague, kind="misconduct", summary="Comments about staff", reason="Mine first.")

    response = slt_client.post(
        PAGE, {"kind": "criticism", "outcome": "nothing_further", "reason": "A blunt complaint."}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Tomas Lindqvist decided this at 8:51am: Open a case." in page
    assert "A blunt complaint." in page
    assert Event.objects.count() == 1


def test_the_same_form_sent_twice_makes_one_case(concern, slt_client):
    slt_client.post(PAGE, ANSWERS)

    response = slt_client.post(PAGE, ANSWERS)

    assert response.status_code == 302
    assert Case.objects.count() == 1


def test_assigning_from_the_page(concern, slt, slt_client):
    assert "nobody yet" in page_of(slt_client)

    response = slt_client.post(f"{PAGE}assign/", {"instead_of": ""}, follow=True)

    concern.refresh_from_db()
    assert concern.assigned_to == slt
    assert "DKH-7R4K-2Q is assigned to you." in response.content.decode()
    assert "Assign to me" not in response.content.decode()


@pytest.mark.parametrize("seen", ["", "0", "x", "99999999999999999999"])
def test_what_the_page_showed_is_out_of_date(concern, slt, colleague, slt_client, seen):
    Concern.objects.filter(pk=concern.pk).update(assigned_to=colleague)

    response = slt_client.post(f"{PAGE}assign/", {"instead_of": seen}, follow=True)

    concern.refresh_from_db()
    assert concern.assigned_to == colleague
    assert "Tomas Lindqvist has this concern now" in response.content.decode()


def test_a_colleague_can_be_relieved_of_it(concern, slt, colleague, slt_client):
    Concern.objects.filter(pk=concern.pk).update(assigned_to=colleague)

    slt_client.post(f"{PAGE}assign/", {"instead_of": str(colleague.pk)})

    concern.refresh_from_db()
    assert concern.assigned_to == slt


def test_assigning_is_never_a_link(concern, slt_client):
    assert slt_client.get(f"{PAGE}assign/").status_code == 405


@pytest.mark.parametrize("rows", [1, 60])
@pytest.mark.parametrize("query", ["", "?picture=2"])
def test_the_page_takes_the_same_few_queries_with_many_cases_pictures_and_events(
    school, concern, slt, slt_client, picture, django_assert_max_num_queries, rows, query
):
    for number in range(rows):
        CasePersonFactory.create(
            case=CaseFactory.create(school=school, lead=slt), person=PersonFactory.create(school=school)
        )
        picture(concern, position=number)
        Event.objects.create(school=school, kind="concern_assigned", concern=concern, by=slt, facts={"who": "R"})

    with django_assert_max_num_queries(13):  # one of them looks for the same pictures in other concerns
        response = slt_client.get(PAGE + query)

    assert response.status_code == 200


@pytest.mark.parametrize("outcome", ["", "open_case", "duplicate"])
def test_the_first_look_at_one_with_chats_matches_and_messages_reads_the_database_15_times_at_most(
    settings, school, concern, colleague, slt, slt_client, picture, outcome
):
    """As installed: with the log of who looks, and a notice that is read by looking."""
    settings.MIDDLEWARE = installed.MIDDLEWARE
    others = ConcernFactory.create_batch(2, school=school)
    for number, home in enumerate((concern, *others)):
        picture(home, sha256="1" * 64, look="f" * 64)
        chat = picture(home, name="_chat.txt", media_type="text/plain", sha256=str(number) * 64, position=1)
        ChatLine.objects.create(evidence=chat, number=1, kind="message", raw="x", body="x", fingerprint=1)
    came = Message.objects.create(concern=concern, is_from_school=False, text="Here")
    picture(concern, message=came, position=2, name="later.png")
    Message.objects.create(concern=concern, is_from_school=True, author=colleague, text="Thank you")
    Recording.objects.create(concern=concern, how="phone", came_on=date(2026, 11, 20), recorded_by=colleague)
    Notice.objects.create(user=slt, kind="new_concern", key="1", concern=concern)
    if outcome:
        case = CaseFactory.create(school=school, lead=colleague) if outcome == "open_case" else None
        told = {"outcome": outcome, "outcome_reason": REASON, "outcome_by": colleague, "outcome_at": timezone.now()}
        Concern.objects.filter(pk=concern.pk).update(case=case, duplicate_of=others[0], kind="misconduct", **told)

    with CaptureQueriesContext(connection) as queries:
        page = slt_client.get(PAGE).content.decode()

    assert sum(query["sql"].startswith("SELECT") for query in queries) <= 15
    assert "1 file added: " in page
    assert "the same file" in page


def test_reading_a_concern_writes_nothing(concern, slt_client):
    before = Concern.objects.values().get()

    slt_client.get(PAGE)

    assert Concern.objects.values().get() == before
    assert not Event.objects.exists()
