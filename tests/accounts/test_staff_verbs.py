"""What an administrator's verbs write about one person, that they touch nobody else, and whom they refuse."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.invitations import (
    CannotInviteError,
    accept,
    accept_at_school,
    invitation_of,
    invite,
    withdraw,
)
from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.staff import (
    RefusedError,
    change_staff,
    end_account,
    invitations_of,
    reset_second_step,
    sign_out_everywhere,
)
from dkh_conduct.leaving import leave
from incidents.casework.handing_over import work_of
from tests.accounts.second_steps import give_app
from tests.factories import CaseFactory, ConcernFactory, ReferralFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
NAMED = {"full_name": "Ines Okafor", "job_title": "Deputy head"}


@pytest.fixture
def with_ways(slt, colleague, signed_in):
    """Both have an app, a school account and a session."""
    for user in (slt, colleague):
        give_app(user)
        SocialAccount.objects.create(user=user, provider="google", uid=str(user.pk))
        signed_in(user)
    return slt, colleague


def ways_of(user):
    return [model.objects.filter(user=user).count() for model in (Authenticator, SocialAccount)]


def line_of(kind):
    entry = AuditEntry.objects.get(kind=kind)
    return entry.by, entry.facts


def test_a_changed_account_is_saved_whole(admin, slt):
    change_staff(user=slt, by=admin, phone="020 7946 0999", role=Role.SLT, **NAMED)

    slt.refresh_from_db()
    assert (slt.full_name, slt.job_title, slt.phone) == ("Ines Okafor", "Deputy head", "020 7946 0999")


def test_the_only_administrator_may_change_their_own_name_and_nobody_is_one_in_their_place(admin, school):
    UserFactory.create(school=school, role=Role.ADMIN, is_active=False)
    UserFactory.create(school=SchoolFactory.create(code="OTH", name="Another School"), role=Role.ADMIN)

    assert change_staff(user=admin, by=admin, phone="", role=Role.ADMIN, **NAMED).full_name == "Ines Okafor"
    with pytest.raises(RefusedError, match="the only administrator"):
        change_staff(user=admin, by=admin, phone="", role=Role.SLT, **NAMED)


@pytest.fixture
def followed(monkeypatch):
    calls = []
    for module in ("staff", "invitations"):
        name = f"dkh_conduct.accounts.{module}.follow_at_once"
        monkeypatch.setattr(name, lambda what, keys: calls.append((what, keys)))
    return calls


def test_a_role_for_somebody_who_had_none_is_noted_and_followed_once(admin, school, followed):
    user = UserFactory.create(school=school)
    user.groups.clear()

    for _ in range(2):
        change_staff(user=user, by=admin, phone="", role=Role.SLT, **NAMED)

    assert followed == [("role_given", [user.pk])]
    first, second = AuditEntry.objects.order_by("seq")
    assert (first.by, first.facts) == (admin, {"user": user.pk, "from_role": "", "role": "slt"})
    assert second.facts == {"user": user.pk}


def test_a_second_step_is_reset_for_one_person(admin, with_ways):
    slt, colleague = with_ways

    reset_second_step(user=slt, by=admin)

    assert (ways_of(slt), ways_of(colleague)) == ([0, 0], [1, 1])
    assert Session.objects.count() == 1
    assert line_of("second_step_reset") == (admin, {"user": slt.pk})


def test_signing_out_everywhere_counts_and_leaves_the_others(admin, with_ways, signed_in):
    slt, _ = with_ways
    signed_in(slt)

    assert sign_out_everywhere(user=slt, by=admin) == 2
    assert Session.objects.count() == 1
    assert line_of("sessions_ended") == (admin, {"user": slt.pk, "ended": 2})


def test_an_account_ends_for_one_person_and_once(admin, with_ways):
    slt, colleague = with_ways

    end_account(user=slt, by=admin)

    slt.refresh_from_db()
    assert slt.left_at is not None
    assert (ways_of(slt), ways_of(colleague)) == ([0, 0], [1, 1])
    assert Session.objects.count() == 1
    assert line_of("staff_left") == (admin, {"user": slt.pk})
    with pytest.raises(RefusedError, match="has left"):
        end_account(user=slt, by=admin)


@pytest.mark.parametrize("verb", [reset_second_step, sign_out_everywhere, end_account])
def test_v8_2_1_nobody_of_another_school_is_touched(admin, outsider, verb):
    with pytest.raises(PermissionDenied):
        verb(user=outsider, by=admin)


def test_the_invitations_of_a_school_are_its_open_ones(admin, school):
    asked = {"job_title": "", "full_name": "A", "role": Role.SLT}
    first, _ = invite(school=school, email="One@dkh.example", by=admin, **asked)
    gone, _ = invite(school=school, email="two@dkh.example", by=admin, **asked)
    withdraw(invitation=gone, by=admin)
    withdrawn_at = Invitation.objects.get(pk=gone.pk).withdrawn_at
    invite(school=SchoolFactory.create(code="OTH", name="Another School"), email="one@dkh.example", by=None, **asked)

    kept, _ = invite(school=school, email="two@dkh.example", by=admin, **asked)

    assert set(invitations_of(admin)) == {first, kept}
    assert (first.email, first.invited_by) == ("one@dkh.example", admin)
    assert Invitation.objects.get(pk=gone.pk).withdrawn_at == withdrawn_at


def test_whoever_has_an_account_is_not_invited_however_their_address_is_written(admin, slt):
    with pytest.raises(CannotInviteError):
        invite(school=slt.school, email=slt.email.upper(), by=admin, role=Role.SLT, **NAMED)


@pytest.mark.parametrize("send", [True, False])
def test_a_link_for_the_command_line_is_not_mailed(admin, school, send, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation, _ = invite(school=school, email="i@dkh.example", by=admin, role=Role.SLT, send=send, **NAMED)

    assert len(mail.outbox) == send
    assert line_of("staff_invited") == (admin, {"invitation": invitation.pk, "role": "slt"})


def test_v6_4_1_a_link_opens_its_own_invitation_while_that_is_open(admin, school):
    invitation, link = invite(school=school, email="ines@dkh.example", by=admin, role=Role.SLT, **NAMED)
    token = link.rstrip("/").rpartition("/")[2]

    assert invitation_of(token) == invitation
    for made_up in ("", "made-up"):
        assert (invitation_of(made_up), accept(token=made_up, password="copper-harbour-violin")) == (None, None)
    withdraw(invitation=invitation, by=admin)
    assert (invitation_of(token), accept(token=token, password="copper-harbour-violin")) == (None, None)


@pytest.mark.parametrize("way", ["password", "school"])
def test_what_the_invitation_said_is_in_the_account_and_used_once(admin, school, followed, way):
    UserFactory.create(school=school, email="somebody.else@dkh.example")
    asked = {"school": school, "by": admin, "role": Role.OFFICE, **NAMED}
    invite(**{**asked, "email": "first@dkh.example"})
    invitation, link = invite(email="ines@dkh.example", **asked)

    def join():
        if way == "school":
            return accept_at_school(email="Ines@dkh.example")
        return accept(token=link.rstrip("/").rpartition("/")[2], password="copper-harbour-violin")

    user = join()

    assert (user.email, user.full_name, user.job_title) == ("ines@dkh.example", "Ines Okafor", "Deputy head")
    assert (user.role, user.school, user.has_usable_password()) == (Role.OFFICE, school, way == "password")
    assert line_of("staff_joined") == (user, {"user": user.pk, "invitation": invitation.pk})
    assert followed == [("role_given", [user.pk])]
    assert join() is None
    assert User.objects.filter(email="ines@dkh.example").count() == 1
    assert Invitation.objects.open().count() == 1


def test_the_work_of_others_and_what_is_over_stays_as_it_is_when_somebody_leaves(admin, slt, colleague, head, school):
    CaseFactory.create(school=school, lead=slt)
    done = {"status": "closed", "closed_at": timezone.now(), "closed_reason": "Done"}
    theirs, closed = CaseFactory.create(school=school, lead=head), CaseFactory.create(school=school, lead=slt, **done)
    concern = ConcernFactory.create(school=school, assigned_to=head)
    task = theirs.tasks.create(what="Ring back", owner=head, due_on="2026-12-01", made_by=head)
    referral = ReferralFactory.create(case=theirs)
    before = work_of(slt)

    leave(user=slt, by=admin, heir=colleague)

    assert (before.cases, before.concerns, before.tasks, before.referrals) == (1, 0, 0, 0)
    for row in (theirs, closed, concern, task, referral):
        row.refresh_from_db()
    assert (theirs.lead, closed.lead, concern.assigned_to, task.owner) == (head, slt, head, head)
    assert referral.ended_at is None
