"""Who has a conflict of interest finds nothing of it, anywhere; and who decides in their place does."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.leads import possible_leads
from incidents.models import Case, Concern, Conflict, Email, Evidence, Person, Reply, Step
from incidents.models.story import title_of
from incidents.triage.conflicts import record_concern_conflict
from incidents.triage.outcome import OutcomeRefusedError, assign_concern, open_case
from letters.models import Letter
from tests.addresses import build_world, every_name
from tests.factories import CaseFactory, ConcernFactory, ReporterFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARIES = ("Quillfeather", "canaryword", "canaryfile", "canarysummary", "Nightjar")
# The school's own list of contacts, and a letter to some of them: they say of nobody that there is a case.
OF_NO_CASE = {Person: Q(is_contact=True), Letter: Q(reference="DKH-M1")}
SEARCHES = ("", "?q=Quillfeather", "?q=canaryword", "?q=C014", "?status=read&status=unread", "?q=&status=", "?q=canary")


@pytest.fixture
def chair(school):
    return UserFactory.create(school=school, full_name="Rosa Penn", job_title="Chair of governors", role=Role.CHAIR)


@pytest.fixture
def world(slt, office, colleague, head):
    """Everything in it carries a name or a word that nothing else has; `colleague` stepped aside."""
    world = build_world(slt=slt, office=office, colleague=colleague)
    rows = world.rows
    record_conflict(case=rows["other_case"], by=slt, who=colleague, kind="aside", reason="Stepped aside")
    Person.objects.exclude(is_contact=True).update(full_name="Zebedee Quillfeather")
    Case.objects.update(summary="canarysummary")
    Concern.objects.update(account="canaryword was said", poster="Quillfeather")
    Evidence.objects.update(name="canaryfile.webp")
    Letter.objects.exclude(OF_NO_CASE[Letter]).update(
        addressee="Mr Zebedee Quillfeather", heading="About canaryword", title="Nightjar letter"
    )
    ReporterFactory.create(concern=rows["concern"], name="Ada Nightjar")
    return world


def test_somebody_who_stepped_aside_finds_no_trace_on_any_page(world, colleague, signed_in):
    client = signed_in(colleague)

    for name in every_name():
        for query in SEARCHES:
            if query and not name.endswith(("-list", "dashboard", "print-room", "search")):
                continue
            page = client.get(world.address(name) + query)
            shown = b"".join(page.streaming_content) if page.streaming else page.content
            # What was searched for is shown again in its own box and as a filter that is on.
            asked = query.rpartition("=")[2] if "q=" in query else ""
            for canary in CANARIES:
                if canary.casefold() != asked.casefold():
                    assert canary.encode() not in shown, (name, query, canary)


def test_the_same_pages_do_show_it_to_who_may_know(world, slt, signed_in):
    """Otherwise the test above could not fail."""
    client = signed_in(slt)
    pages = [world.address(name) for name in ("case-list", "case", "concern-list", "concern", "letter", "print-room")]
    pages.append(world.rows["evidence"].concern.get_absolute_url())
    shown = "".join(client.get(page).content.decode() for page in pages)

    assert [canary for canary in CANARIES if canary not in shown] == []


def test_the_numbers_are_those_of_a_school_without_it(world, colleague, head, signed_in):
    context = signed_in(colleague).get(reverse("dashboard")).context

    assert (context["concerns"].unread, context["concerns"].received) == (0, 0)
    assert context["cases"].open == 0
    assert context["letters"].waiting == 0
    assert context["lists"].due == []
    assert sum(bar.number for bar in context["clauses"]) == 0
    assert all(item.waiting == 0 for item in context["navigation"])


@pytest.mark.parametrize("model", [Case, Concern, Evidence, Letter, Reply, Person])
def test_each_door_is_shut(world, colleague, slt, model):
    assert not model.objects.visible_to(colleague).exclude(OF_NO_CASE.get(model, Q(pk=None))).exists()
    assert model.objects.visible_to(slt).exists()


def test_a_leader_keeps_the_case_from_a_colleague_who_is_named(world, slt, head, signed_in):
    case = world.rows["case"]
    page = reverse("conflict-record", args=[case.reference])

    answer = signed_in(slt).post(page, {"who": head.pk, "kind": "named", "reason": "The messages are about her."})

    assert answer.url == case.get_absolute_url()
    conflict = Conflict.objects.get(case=case, user=head)
    assert (conflict.kind, conflict.recorded_by) == ("named", slt)
    assert title_of(case.events.latest("pk")) == "Kept from Marian Okoro"
    assert signed_in(head).get(case.get_absolute_url()).status_code == 404
    assert not Letter.objects.visible_to(head).filter(pk=world.rows["step"].letter_id).exists()


def test_the_office_can_be_kept_from_the_letters_of_a_case(world, slt, office):
    Letter.objects.update(state=Letter.State.QUEUED, approved_by=slt, approved_at=world.rows["letter"].approved_at)

    record_conflict(case=world.rows["case"], by=slt, who=office, kind="related", reason="His aunt")

    assert world.rows["step"].letter not in Letter.objects.visible_to(office)


def test_whoever_leads_it_is_replaced_in_the_same_moment(school, slt, colleague, head, signed_in):
    case = CaseFactory.create(school=school, lead=colleague)
    page = reverse("conflict-record", args=[case.reference])
    asked = {"who": colleague.pk, "kind": "related", "reason": "His brother"}

    refused = signed_in(slt).post(page, asked)
    signed_in(slt).post(page, {**asked, "new_lead": slt.pk})

    assert "Select who leads this case from now on" in refused.content.decode()
    case.refresh_from_db()
    assert case.lead == slt
    assert not Case.objects.visible_to(colleague).exists()


def test_somebody_cannot_be_kept_out_twice_or_from_elsewhere(school, slt, colleague, outsider):
    case = CaseFactory.create(school=school, lead=slt)
    record_conflict(case=case, by=slt, who=colleague, kind="named", reason="Named")

    for who in (colleague, outsider):
        with pytest.raises(Refused, match="is kept from"):
            record_conflict(case=case, by=slt, who=who, kind="named", reason="Named")


def test_with_the_head_out_the_chair_decides_and_without_that_sees_nothing(school, slt, head, chair):
    case, other = CaseFactory.create(school=school, lead=slt), CaseFactory.create(school=school, lead=slt)
    concern = ConcernFactory.create(school=school, case=case)
    ConcernFactory.create(school=school, case=other)
    ConcernFactory.create(school=school)
    assert not Case.objects.visible_to(chair).exists()
    assert not Concern.objects.visible_to(chair).exists()

    record_conflict(case=case, by=head, kind="named", reason="It is about me")

    assert list(Case.objects.visible_to(chair)) == [case]
    assert list(Concern.objects.visible_to(chair)) == [concern]
    assert chair.has_perms(["incidents.approve_step", "incidents.take_step", "letters.approve_letter"])


def test_while_another_head_is_free_it_does_not_leave_the_school(school, slt, head, chair):
    second = UserFactory.create(school=school, role=Role.HEAD)
    case = CaseFactory.create(school=school, lead=slt)
    record_conflict(case=case, by=head, kind="named", reason="It is about me")
    assert not Case.objects.visible_to(chair).exists()

    second.is_active = False
    second.save()

    assert list(Case.objects.visible_to(chair)) == [case]


def test_the_chair_reads_the_letters_that_are_kept_from_the_head_and_no_others(world, head, slt, chair):
    theirs = world.rows["step"].letter
    assert not Letter.objects.visible_to(chair).exists()

    record_conflict(case=world.rows["case"], by=head, kind="named", reason="It is about me")

    assert list(Letter.objects.visible_to(chair)) == [theirs]


def test_nobody_is_offered_the_chair_while_somebody_at_the_school_can_lead(school, slt, colleague, head, chair):
    case = CaseFactory.create(school=school, lead=slt)
    assert set(possible_leads(case)) == {colleague, head}

    for who in (colleague, head):
        record_conflict(case=case, by=slt, who=who, kind="named", reason="Named")
    assert list(possible_leads(case)) == [chair]

    record_conflict(case=case, by=slt, new_lead=chair, reason="It is about me too")
    case.refresh_from_db()
    assert case.lead == chair
    assert list(Case.objects.visible_to(chair)) == [case]


def test_a_concern_is_kept_from_somebody_and_waits_for_another_reader(school, slt, colleague, signed_in):
    concern = ConcernFactory.create(school=school)
    assign_concern(concern=concern, by=colleague, instead_of=None)
    page = reverse("concern-conflict", args=[concern.reference])

    signed_in(slt).post(page, {"who": colleague.pk, "kind": "named", "reason": "The messages are about him."})

    concern.refresh_from_db()
    assert concern.assigned_to is None
    assert signed_in(colleague).get(concern.get_absolute_url()).status_code == 404
    case = open_case(concern=concern, by=slt, kind="misconduct", summary="Words about a deputy", reason="Abuse")
    assert not Case.objects.visible_to(colleague).exists()
    assert case.conflicts.get().kind == "named"


def test_who_steps_aside_from_a_concern_goes_back_to_the_queue(school, slt, signed_in):
    concern = ConcernFactory.create(school=school)
    client = signed_in(slt)

    answer = client.post(
        reverse("concern-conflict", args=[concern.reference]), {"kind": "aside", "reason": "I know them"}, follow=True
    )

    assert "You have stepped aside" in answer.content.decode()
    assert concern.account not in answer.content.decode()
    assert not Concern.objects.visible_to(slt).exists()


def test_a_concern_in_a_case_is_kept_from_somebody_on_the_case(school, slt, colleague, signed_in):
    case = CaseFactory.create(school=school, lead=slt)
    concern = ConcernFactory.create(school=school, case=case)

    answer = signed_in(slt).get(reverse("concern-conflict", args=[concern.reference]))

    assert answer.url == reverse("conflict-record", args=[case.reference])
    with pytest.raises(OutcomeRefusedError, match="Record it on the case"):
        record_concern_conflict(concern=concern, by=slt, who=colleague, kind="named", reason="Named")


def test_the_office_cannot_say_who_may_know(school, office, slt):
    concern = ConcernFactory.create(school=school)

    with pytest.raises(PermissionDenied):
        record_concern_conflict(concern=concern, by=office, who=slt, kind="named", reason="Named")


def test_a_page_says_that_somebody_at_the_school_is_named(school, slt, colleague, signed_in):
    concern = ConcernFactory.create(school=school, account="They say that TOMAS  LINDQVIST makes it all up.")

    page = signed_in(slt).get(concern.get_absolute_url()).content.decode()

    assert "Tomas Lindqvist is named here" in page
    record_concern_conflict(concern=concern, by=slt, who=colleague, kind="named", reason="Named")
    assert "is named here" not in signed_in(slt).get(concern.get_absolute_url()).content.decode()


def test_no_message_about_it_is_written_to_who_stepped_aside(world, colleague):
    assert colleague.email not in [email.to for email in Email.objects.all()]
    assert mail.outbox == []
    assert not Step.objects.filter(case__in=Case.objects.visible_to(colleague)).exists()


def test_a_concern_is_kept_from_somebody_once_and_by_nobody_who_may_not_know_of_it(school, slt, colleague):
    concern = ConcernFactory.create(school=school)
    named = {"concern": concern, "kind": "named", "reason": "Named"}
    record_concern_conflict(by=slt, who=colleague, **named)

    with pytest.raises(OutcomeRefusedError, match=f"is kept from {colleague.full_name} already"):
        record_concern_conflict(by=slt, who=colleague, **named)
    with pytest.raises(PermissionDenied):
        record_concern_conflict(by=colleague, who=slt, **named)

    assert concern.conflicts.count() == 1
