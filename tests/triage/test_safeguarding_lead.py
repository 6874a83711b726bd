"""The safeguarding lead reads the concerns where somebody may be in danger, and does nothing else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from dkh_conduct.accounts.roles import Role
from incidents.models import ChatLine, Concern, Conflict, Evidence, Signal
from incidents.triage.outcome import add_to_case, assign_concern, close_concern, mark_duplicate, open_case
from tests.factories import CaseFactory, ConcernFactory, SchoolFactory, UserFactory
from tests.triage.conftest import MONDAY

QUEUE = "/staff/concerns/"
ANSWERS = {"kind": "misconduct", "outcome": "open_case", "summary": "Comments", "reason": "Because."}


@pytest.fixture
def lead(school):
    return UserFactory.create(school=school, full_name="Ife Balogun", job_title="Safeguarding lead", role=Role.DSL)


@pytest.fixture
def lead_client(lead, signed_in):
    return signed_in(lead)


@pytest.fixture
def flagged(school):
    return ConcernFactory.create(
        school=school, reference="DKH-3333-33", due_on=MONDAY, danger="child", account="A bruise."
    )


@pytest.mark.parametrize("danger", ["now", "child"])
def test_a_flagged_concern_can_be_read(flagged, concern, lead_client, danger):
    Concern.objects.filter(pk=flagged.pk).update(danger=danger)

    queue, page = lead_client.get(QUEUE), lead_client.get(flagged.get_absolute_url())

    assert [row.concern for row in queue.context["rows"]] == [flagged]
    assert queue.context["waiting"] == 1
    assert page.status_code == 200
    assert "A bruise." in page.content.decode()


@pytest.mark.parametrize("danger", ["none", ""])
def test_no_other_concern_can_be_found(concern, lead, lead_client, danger):
    Concern.objects.update(danger=danger)

    assert lead_client.get(concern.get_absolute_url()).status_code == 404
    assert lead_client.get(QUEUE, {"q": concern.reference}).context["page"].paginator.count == 0
    assert not Concern.objects.visible_to(lead).exists()


def test_the_pictures_are_those_of_flagged_concerns(flagged, concern, lead, picture):
    seen, other = picture(flagged), picture(concern)

    assert list(Evidence.objects.visible_to(lead)) == [seen]
    assert other in Evidence.objects.all()


def test_another_schools_lead_finds_nothing(flagged, signed_in):
    stranger = UserFactory.create(school=SchoolFactory.create(code="OTH", name="Another School"), role=Role.DSL)

    assert signed_in(stranger).get(flagged.get_absolute_url()).status_code == 404


def test_a_lead_with_a_conflict_does_not_find_it(flagged, lead, lead_client):
    Conflict.objects.create(user=lead, concern=flagged, reason="Named in it")

    assert lead_client.get(flagged.get_absolute_url()).status_code == 404
    assert lead_client.get(QUEUE).context["waiting"] == 0


def test_the_page_offers_nothing_to_decide(flagged, lead_client):
    page = lead_client.get(flagged.get_absolute_url()).content.decode()

    assert "A senior leader decides what happens to it." in page
    assert "Save the outcome" not in page
    assert "Assign to me" not in page


def test_nothing_can_be_sent_all_the_same(flagged, lead, lead_client):
    page = flagged.get_absolute_url()

    assert lead_client.post(page, ANSWERS).status_code == 403
    assert lead_client.post(f"{page}assign/", {"instead_of": ""}).status_code == 403
    for verb in (
        lambda: assign_concern(concern=flagged, by=lead, instead_of=None),
        lambda: close_concern(concern=flagged, by=lead, kind="criticism", reason="No"),
    ):
        with pytest.raises(PermissionDenied, match="Only senior leaders"):
            verb()
    flagged.refresh_from_db()
    assert (flagged.outcome, flagged.assigned_to) == ("", None)


def test_what_was_decided_can_be_read_without_a_way_into_the_case(flagged, slt, lead_client, slt_client, picture):
    """That it became one, and why; neither its number nor what it is about, nor what was seen in a message for it."""
    case = open_case(concern=flagged, by=slt, kind="misconduct", summary="Comments", reason="It names a child.")
    chat = picture(flagged, name="_chat.txt", media_type="text/plain")
    line = ChatLine.objects.create(evidence=chat, number=1, kind="message", raw="x", body="x", is_marked=True)
    Signal.objects.create(line=line, kind="threat", shows="x", recorded_by=slt)

    seen, known = (
        [client.get(address).content.decode() for address in (flagged.get_absolute_url(), chat.get_absolute_url())]
        for client in (lead_client, slt_client)
    )

    assert "It names a child." in seen[0]
    assert "Case opened" in seen[0]
    assert [name for name in (case.reference, "Comments", "Seen in it") if name in seen[0] + seen[1]] == []
    assert [case.reference in page for page in known] == [True, True]
    assert "Seen in it" in known[1]
    assert lead_client.get(case.get_absolute_url()).status_code == 403


def test_one_that_was_added_to_a_case_or_repeats_another_names_neither(flagged, concern, case, slt, lead_client):
    add_to_case(concern=concern, case=case, by=slt, kind="misconduct", reason="The same evening.")
    other = ConcernFactory.create(school=flagged.school, danger="child", due_on=MONDAY)
    mark_duplicate(concern=flagged, original=concern, by=slt, kind="misconduct", reason="The same picture.")
    add_to_case(concern=other, case=case, by=slt, kind="misconduct", reason="The same evening.")

    pages = [lead_client.get(each.get_absolute_url()).content.decode() for each in (flagged, other)]

    assert [name for name in (case.reference, concern.reference) if name in "".join(pages)] == []
    assert "Another concern" in pages[0]
    assert "added to a case" in pages[1]


def test_a_name_that_matches_a_case_is_not_given_away(flagged, case, lead_client):
    Concern.objects.update(poster="Daniel Marsh")

    assert case.reference not in lead_client.get(flagged.get_absolute_url()).content.decode()


def test_the_menu_and_the_first_page_are_the_queue(flagged, lead_client):
    page = lead_client.get(QUEUE).content.decode()

    assert lead_client.get(reverse("dashboard")).url == QUEUE
    assert "New concerns" in page
    assert ">Dashboard<" not in page
    for name in ("case-list", "print-room"):
        assert f'href="{reverse(name)}"' not in page


@pytest.mark.parametrize("role", [Role.SLT, Role.HEAD])
def test_a_lead_who_is_a_senior_leader_too_may_do_both(flagged, concern, school, signed_in, role):
    both = UserFactory.create(school=school, role=role)
    both.groups.add(Group.objects.get(name=Role.DSL))

    assert Concern.objects.visible_to(both).count() == 2
    assert "Save the outcome" in signed_in(both).get(flagged.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("danger", "label"), [("child", "Child at risk"), ("now", "Someone in danger")])
def test_staff_see_the_tag_in_the_queue_and_on_the_page(flagged, slt_client, danger, label):
    Concern.objects.filter(pk=flagged.pk).update(danger=danger, complaint="also")
    tag = '<strong class="govuk-tag govuk-tag--purple">{}</strong>'

    for address in (QUEUE, flagged.get_absolute_url()):
        page = slt_client.get(address).content.decode()
        assert tag.format(label) in page
        assert tag.format("May be a complaint") in page


def test_a_concern_without_flags_has_no_purple_tag(concern, slt_client):
    for address in (QUEUE, concern.get_absolute_url()):
        assert "govuk-tag--purple" not in slt_client.get(address).content.decode()


def test_the_case_of_a_conflict_stays_shut_too(flagged, slt, lead, school):
    case = CaseFactory.create(school=school, lead=slt)
    Concern.objects.filter(pk=flagged.pk).update(
        case=case, outcome="open_case", outcome_reason="x", outcome_by=slt, outcome_at=case.opened_at
    )
    Conflict.objects.create(user=lead, case=case, reason="Named in it")

    assert not Concern.objects.visible_to(lead).exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_queries_do_not_grow(school, lead_client, rows, django_assert_max_num_queries):
    for _ in range(rows):
        ConcernFactory.create(school=school, due_on=MONDAY, danger="child")

    with django_assert_max_num_queries(15):
        lead_client.get(QUEUE)
