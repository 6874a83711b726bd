"""A case referred to Trust legal: they read it and its evidence, never who reported, and no other case."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.referrals import end_referral, refer_case
from incidents.models import Case, Conflict, Event, Evidence, Person
from incidents.models.event import record
from tests.addresses import build_world
from tests.factories import CaseFactory, ConcernFactory, ReporterFactory, UserFactory

pytestmark = pytest.mark.django_db
WHY = "The words may be libellous."


@pytest.fixture
def legal(school):
    return UserFactory.create(school=school, full_name="Noor Castellan", role=Role.LEGAL)


@pytest.fixture
def case(school, slt):
    return CaseFactory.create(school=school, lead=slt)


def test_no_line_of_its_story_tells_them_who_reported_it(case, slt, legal, signed_in):
    """Nor who wrote a concern down: that may be who told it."""
    concern = ConcernFactory.create(school=case.school, case=case)
    clerk = UserFactory.create(school=case.school, full_name="Cleo Canary", role=Role.OFFICE)
    how = "How we checked who they are: rang Canary Smith."
    record(Event.Kind.CODE_REISSUED, school=case.school, by=slt, concern=concern, summary=how)
    record(Event.Kind.CONCERN_RECEIVED, school=case.school, by=clerk, concern=concern, how="By phone")
    refer_case(case=case, to=legal, by=slt, reason=WHY)

    seen, told = (signed_in(user).get(case.get_absolute_url()).content.decode() for user in (legal, slt))

    assert "Canary" not in seen.partition('id="timeline"')[2].partition("<select")[0] + seen.rpartition("</select>")[2]
    assert how in told
    assert "Cleo Canary" in told


def test_nothing_is_visible_until_it_is_referred(case, legal):
    assert not Case.objects.visible_to(legal).exists()
    assert not Person.objects.visible_to(legal).exists()


def test_what_is_referred_is_visible_and_nothing_else(case, slt, legal, school):
    CaseFactory.create(school=school, lead=slt)

    refer_case(case=case, to=legal, by=slt, reason=WHY)

    assert list(Case.objects.visible_to(legal)) == [case]


def test_a_colleague_in_the_same_role_sees_nothing_of_it(case, slt, legal, school):
    refer_case(case=case, to=legal, by=slt, reason=WHY)

    assert not Case.objects.visible_to(UserFactory.create(school=school, role=Role.LEGAL)).exists()


def test_referring_leaves_one_event_with_who_and_why(case, slt, legal):
    refer_case(case=case, to=legal, by=slt, reason=WHY)
    refer_case(case=case, to=legal, by=slt, reason="Again")

    event = case.events.get(kind=Event.Kind.CASE_REFERRED)
    assert (event.by, event.why, event.facts["who"]) == (slt, WHY, "Noor Castellan")
    assert case.referrals.count() == 1


def test_ending_it_closes_the_case_to_them_at_once(case, slt, legal):
    referral = refer_case(case=case, to=legal, by=slt, reason=WHY)

    end_referral(referral=referral, by=slt)
    end_referral(referral=referral, by=slt)

    assert not Case.objects.visible_to(legal).exists()
    assert Event.objects.filter(kind=Event.Kind.REFERRAL_ENDED).count() == 1


def test_ending_one_leaves_the_other_and_is_told(case, slt, colleague, legal, school):
    other = UserFactory.create(school=school, full_name="Ife Marlowe", role=Role.LEGAL)
    referral, _ = (refer_case(case=case, to=to, by=slt, reason=WHY) for to in (legal, other))

    end_referral(referral=referral, by=colleague)

    assert [who for who in (legal, other) if Case.objects.visible_to(who).exists()] == [other]
    event = case.events.get(kind=Event.Kind.REFERRAL_ENDED)
    assert (event.by, event.facts["who"]) == (colleague, "Noor Castellan")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.LEGAL])
def test_a_case_is_referred_to_trust_legal_only(case, slt, school, role):
    with pytest.raises(Refused, match="Trust’s legal team"):
        refer_case(case=case, to=UserFactory.create(school=school, role=role), by=slt, reason=WHY)


def test_a_case_is_not_referred_to_another_schools_lawyer_or_to_a_leaver(case, slt, outsider, school):
    elsewhere = UserFactory.create(school=outsider.school, role=Role.LEGAL)
    left = UserFactory.create(school=school, role=Role.LEGAL, is_active=False)

    for to in (elsewhere, left):
        with pytest.raises(Refused):
            refer_case(case=case, to=to, by=slt, reason=WHY)


def test_a_lawyer_with_a_conflict_is_not_shown_the_case(case, slt, legal):
    Conflict.objects.create(user=legal, case=case, reason="Represents the family")

    with pytest.raises(Refused, match="may not know of this case"):
        refer_case(case=case, to=legal, by=slt, reason=WHY)


def test_a_conflict_found_later_hides_what_was_referred(case, slt, legal):
    refer_case(case=case, to=legal, by=slt, reason=WHY)
    Conflict.objects.create(user=legal, case=case, reason="Represents the family")

    assert not Case.objects.visible_to(legal).exists()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.DSL, Role.LEGAL, Role.DPO, Role.ADMIN])
def test_who_runs_no_case_refers_none(case, legal, school, role):
    with pytest.raises(PermissionDenied):
        refer_case(case=case, to=legal, by=UserFactory.create(school=school, role=role), reason=WHY)


def test_who_stepped_aside_refers_nothing(case, legal, colleague):
    record_conflict(case=case, by=colleague, reason="Related")

    with pytest.raises(Refused):
        refer_case(case=case, to=legal, by=colleague, reason=WHY)


def test_of_an_email_they_see_neither_who_sent_it_nor_to_whom(slt, office, colleague, legal, signed_in):
    world = build_world(slt=slt, office=office, colleague=colleague)
    evidence = world.rows["evidence"]
    heads = "From: Canary Quill <c@parent.example>\nTo: Canary <c@example.com>\nCc: Canary\nSubject: The head"
    Evidence.objects.update(media_type="message/rfc822", text=f"{heads}\n\nShe is a quagga.")
    refer_case(case=world.rows["case"], to=legal, by=slt, reason=WHY)
    addresses = (evidence.get_absolute_url(), world.address("search") + "?q=quagga")

    theirs, leaders = (
        [client.get(address).content.decode() for address in addresses] for client in (signed_in(legal), signed_in(slt))
    )

    assert "Canary" not in " ".join(theirs)
    assert "The head" in theirs[0]
    assert "She is a quagga." in theirs[0]
    assert all("Canary" in page for page in leaders)


def test_they_see_the_evidence_and_never_who_reported(slt, office, colleague, legal, signed_in):
    world = build_world(slt=slt, office=office, colleague=colleague)
    case, evidence = world.rows["case"], world.rows["evidence"]
    ReporterFactory.create(concern=evidence.concern, name="Canary Quill", email="canary@parent.example")
    Evidence.objects.update(name="Canary Quill’s phone.png", caption="From Canary")
    before = list(Evidence.objects.visible_to(legal))

    refer_case(case=case, to=legal, by=slt, reason=WHY)
    client = signed_in(legal)
    page = client.get(world.address("case")).content.decode()
    for address in (evidence.get_absolute_url(), world.address("evidence-custody")):
        shown = client.get(address).content.decode()
        assert "Canary" not in shown
        assert "Picture 1" in shown

    assert before == []
    assert list(Evidence.objects.visible_to(legal)) == [evidence]
    assert evidence.get_absolute_url() in page
    assert "Canary" not in page
    assert "canary@" not in page
    assert evidence.concern.get_absolute_url() not in page
    assert "Add a note" not in page
