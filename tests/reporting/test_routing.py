"""Who is kept out of a concern that may be about them, in counts and lists as well, and who is left to read it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dkh_conduct.accounts.roles import Role
from incidents.models import Concern, Conflict, Draft
from incidents.reporting.routing import NAMED, UNSURE, Route, is_meant, readers_of, route_of
from incidents.reporting.sending import IncompleteError, send_concern
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/report/leader/"


@pytest.fixture
def lead(school):
    return UserFactory.create(school=school, full_name="Ife Balogun", job_title="Safeguarding lead", role=Role.DSL)


@pytest.fixture
def staff(slt, colleague, head, lead, office):
    return {"ruth": slt, "tomas": colleague, "marian": head, "ife": lead, "pat": office}


@pytest.fixture
def sent_about(answered, staff):
    """A concern that was sent with these answers to the question about a senior leader."""

    def send(*leaders: str, name: str = "", **others) -> Concern:
        chosen = [str(staff[leader].pk) if leader in staff else leader for leader in leaders]
        answered(leader={"leaders": chosen, "leader_name": name}, **others)
        send_concern(draft=Draft.objects.get(), secret="s")
        return Concern.objects.get()

    return send


def who_finds(concern, staff):
    return {name for name, user in staff.items() if Concern.objects.visible_to(user).filter(pk=concern.pk).exists()}


def test_the_page_offers_everybody_who_reads_concerns_by_name_and_job(parent, staff, outsider):
    page = parent.get(PAGE).content.decode()

    for name in ("Ruth Adeyemi, Head of School", "Tomas Lindqvist, Deputy head", "Ife Balogun, Safeguarding lead"):
        assert name in page
    assert "Then only Marian Okoro can see it" in page
    assert "Pat Nair" not in page
    assert outsider.full_name not in page


def test_somebody_who_has_left_is_not_offered(parent, slt, head):
    slt.is_active = False
    slt.save()

    assert slt.full_name not in parent.get(PAGE).content.decode()


@pytest.mark.parametrize("leaders", [(), ("no",)])
def test_about_nobody_is_read_by_all_senior_leaders(sent_about, staff, leaders):
    concern = sent_about(*leaders)

    assert who_finds(concern, staff) == {"ruth", "tomas", "marian"}
    assert concern.about_leader == ""


def test_who_is_named_never_finds_it_and_the_others_do(sent_about, staff):
    concern = sent_about("ruth")

    assert who_finds(concern, staff) == {"tomas", "marian"}
    assert concern.about_leader == "Ruth Adeyemi, Head of School"
    assert Conflict.objects.get().reason == NAMED


def test_about_the_head_the_others_read_it(sent_about, staff):
    assert who_finds(sent_about("marian"), staff) == {"ruth", "tomas"}


def test_not_sure_who_leaves_only_the_head(sent_about, staff):
    concern = sent_about("other")

    assert who_finds(concern, staff) == {"marian"}
    assert concern.about_leader == "Another senior leader, or not sure who"
    assert set(concern.conflicts.values_list("reason", flat=True)) == {UNSURE}


def test_a_name_nobody_has_leaves_only_the_head_too(sent_about, staff):
    concern = sent_about(name="Somebody new")

    assert who_finds(concern, staff) == {"marian"}
    assert concern.about_leader == "Somebody new"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Mrs Okoro", {"ruth", "tomas"}),
        ("marian", {"ruth", "tomas"}),
        ("The executive headteacher", {"ruth", "tomas"}),
        ("the deputy head", {"ruth", "marian"}),
        ("Ms Adeyemi’s doing", {"tomas", "marian"}),
    ],
)
def test_a_written_name_or_job_counts_like_a_chosen_one(sent_about, staff, name, left):
    assert who_finds(sent_about(name=name), staff) == left


def test_a_safeguarding_lead_who_is_named_does_not_find_a_flagged_concern(sent_about, staff):
    concern = sent_about("ife", danger={"danger": "child"})

    assert who_finds(concern, staff) == {"ruth", "tomas", "marian"}


def test_somebody_who_has_left_is_kept_out_too_in_case_they_come_back(sent_about, staff, colleague):
    colleague.is_active = False
    colleague.save()

    concern = sent_about("other")

    assert concern.conflicts.filter(user=colleague).exists()


def test_nobody_kept_out_finds_it_in_lists_counts_or_search(sent_about, staff, signed_in):
    concern = sent_about("ruth")
    client = signed_in(staff["ruth"])

    queue = client.get("/staff/concerns/")
    search = client.get("/staff/concerns/", {"q": concern.reference})
    dashboard = client.get("/staff/")

    assert client.get(concern.get_absolute_url()).status_code == 404
    assert queue.context["waiting"] == search.context["page"].paginator.count == 0
    assert dashboard.context["concerns"].unread == 0
    for response in (queue, dashboard):
        assert concern.title not in response.content.decode()
    assert signed_in(staff["tomas"]).get("/staff/concerns/").context["waiting"] == 1


def test_those_who_read_it_see_whom_it_is_about(sent_about, staff, signed_in):
    concern = sent_about("ruth")

    page = signed_in(staff["tomas"]).get(concern.get_absolute_url()).content.decode()

    assert "A senior leader whom it is about" in page
    assert "Ruth Adeyemi, Head of School" in page


@pytest.mark.parametrize(
    "leaders", [("ruth", "tomas", "marian"), ("marian", "other"), ("ruth", "tomas", "marian", "ife")]
)
def test_an_answer_that_leaves_nobody_to_read_it_is_refused_with_a_way_out(parent, staff, leaders):
    chosen = [str(staff[leader].pk) if leader in staff else leader for leader in leaders]

    page = parent.post(PAGE, {"leaders": chosen}).content.decode()

    assert "nobody here would be left to read it" in page
    assert "call 020 7946 0123 and ask how to reach the chair of governors" in page
    assert page.count(" checked") == len(leaders)


def test_no_and_a_person_cannot_both_be_chosen(parent, staff):
    both = parent.post(PAGE, {"leaders": ["no", str(staff["ruth"].pk)]}).content.decode()
    name = parent.post(PAGE, {"leaders": ["no"], "leader_name": "Ruth"}).content.decode()

    assert "You cannot select both" in both
    assert "Remove the name, or take away “No” above" in name


def test_somebody_of_another_school_cannot_be_chosen(parent, staff, outsider):
    page = parent.post(PAGE, {"leaders": [str(outsider.pk)]}).content.decode()

    assert "Select the person in the list again" in page
    assert [draft.answers for draft in Draft.objects.all() if draft.answers] == []


def test_without_a_head_not_being_sure_is_not_offered(parent, slt, colleague):
    page = parent.get(PAGE).content.decode()

    assert "or I am not sure who" not in page
    assert "nobody here would be left" in parent.post(PAGE, {"leader_name": "Somebody"}).content.decode()


def test_it_is_asked_again_when_whoever_was_left_to_read_it_has_gone(answered, parent, slt, head):
    answered(leader={"leaders": [str(slt.pk)]})
    head.is_active = False
    head.save()

    with pytest.raises(IncompleteError):
        send_concern(draft=Draft.objects.get(), secret="s")

    assert "Say again whether it is about a senior leader" in parent.get(reverse("report-check")).content.decode()
    assert not Concern.objects.exists()


def test_somebody_chosen_whose_account_is_gone_counts_as_not_sure(school, slt, head):
    route = route_of({"leaders": ["99999"]}, school)

    assert (route.kept_out, route.readers, route.is_unsure) == ((slt,), (head,), True)


def test_no_answer_asks_the_database_nothing(school, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert route_of({}, school) == Route()
        assert route_of({"leaders": ["no"], "leader_name": ""}, school) == Route()


@pytest.mark.parametrize("written", ["a", "he", "Mr", "somebody", "a parent in Year 4", "…"])
def test_few_letters_or_other_words_mean_nobody(school, staff, written):
    assert not [user for user in readers_of(school) if is_meant(user, written)]
