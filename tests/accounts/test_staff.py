"""What an administrator does to an account acts at the next click, and leaves one line in the log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.staff import RefusedError, change_staff, end_account, reset_second_step
from dkh_conduct.accounts.tasks import forget_sessions
from dkh_conduct.leaving import leave
from dkh_conduct.new_role import change_member
from incidents.casework.case_lock import Refused
from incidents.models import Case, Conflict, Event, Step, Task
from tests.accounts.second_steps import give_app
from tests.factories import PASSWORD, CaseFactory, ConcernFactory, PersonFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/staff/cases/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def form_of(user, **changed):
    was = {"full_name": user.full_name, "job_title": user.job_title, "phone": user.phone, "role": str(user.role)}
    return {**was, **changed}


def test_the_list_shows_who_is_here_invited_and_gone_in_a_constant_number_of_queries(
    signed_in, admin, slt, school, django_assert_max_num_queries
):
    for n in range(12):
        UserFactory.create(school=school, role=Role.OFFICE, is_active=n % 2 == 0)
    client = signed_in(admin)

    with django_assert_max_num_queries(12):
        page = client.get("/staff/people/").content.decode()

    assert slt.full_name in page
    assert "Not yet" in page


def test_nobody_of_another_school_is_on_it_or_can_be_changed(signed_in, admin, outsider):
    client = signed_in(admin)

    assert outsider.full_name not in client.get("/staff/people/").content.decode()
    assert client.get(f"/staff/people/{outsider.pk}/").status_code == 404
    assert client.post(f"/staff/people/{outsider.pk}/leave/").status_code == 404


def test_v7_4_2_a_new_role_holds_at_the_next_click(signed_in, admin, slt):
    client = signed_in(slt)
    before = client.get(LIST).status_code

    signed_in(admin).post(f"/staff/people/{slt.pk}/", form_of(slt, role="office"))

    assert before == 200
    assert client.get(LIST).url.startswith("/staff/sign-in/")
    assert signed_in(slt).get(LIST).status_code == 403
    entry = AuditEntry.objects.get(kind="staff_changed")
    assert entry.facts == {"user": slt.pk, "from_role": "slt", "role": "office"}


def test_the_only_administrator_stays_one(signed_in, admin):
    page = signed_in(admin).post(f"/staff/people/{admin.pk}/", form_of(admin, role="slt")).content.decode()

    assert "is the only administrator" in page
    admin.refresh_from_db()
    assert admin.role == Role.ADMIN


def test_an_administrator_cannot_end_their_own_account(admin, school):
    UserFactory.create(school=school, role=Role.ADMIN)

    with pytest.raises(RefusedError, match="your own account"):
        end_account(user=admin, by=admin)


def test_somebody_who_has_left_cannot_be_changed(admin, school):
    left = UserFactory.create(school=school, is_active=False, role=Role.OFFICE)

    with pytest.raises(RefusedError, match="has left"):
        change_staff(user=left, by=admin, full_name="X", job_title="X", phone="", role=Role.ADMIN)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_v8_2_1_no_other_role_changes_an_account(school, role, slt):
    with pytest.raises(PermissionDenied):
        reset_second_step(user=slt, by=UserFactory.create(school=school, role=role))


def test_a_reset_second_step_is_set_up_anew_and_signs_out(signed_in, admin, slt, client):
    give_app(slt)
    elsewhere = signed_in(slt)

    signed_in(admin).post(f"/staff/people/{slt.pk}/second-step/reset/")
    client.post("/staff/sign-in/", {"login": slt.email, "password": PASSWORD})

    assert elsewhere.get(LIST).url.startswith("/staff/sign-in/")
    assert client.get(LIST).url == "/staff/second-step/"


def test_v7_4_5_an_administrator_signs_somebody_out_everywhere(signed_in, admin, slt):
    clients = [signed_in(slt), signed_in(slt)]

    signed_in(admin).post(f"/staff/people/{slt.pk}/sessions/end/")

    assert all(client.get(LIST).url.startswith("/staff/sign-in/") for client in clients)


class TestSessions:
    def test_v7_5_2_somebody_sees_where_they_are_signed_in_and_ends_the_others(self, signed_in, slt):
        here, there = signed_in(slt), signed_in(slt)
        page = here.get("/staff/sessions/").content.decode()

        here.post("/staff/sessions/end/")

        assert page.count("A browser") >= 2
        assert "(this one)" in page
        assert here.session.session_key not in page
        assert there.session.session_key not in page
        assert here.get(LIST).status_code == 200
        assert there.get(LIST).status_code == 302

    def test_v7_4_3_one_of_them_can_be_ended(self, signed_in, slt):
        here, there, third = signed_in(slt), signed_in(slt), signed_in(slt)
        names = {each.key: each.name for each in here.get("/staff/sessions/").context["sessions"]}

        here.post("/staff/sessions/end/", {"session": names[there.session.session_key]})

        assert there.get(LIST).status_code == 302
        assert third.get(LIST).status_code == 200

    def test_one_that_is_over_by_its_time_is_forgotten_by_the_timer_and_no_other(self, signed_in, slt, settings):
        over, here = signed_in(slt), signed_in(slt)
        Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

        forget_sessions()

        assert [each.pk for each in Session.objects.all()] == [here.session.session_key]
        assert forget_sessions.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    def test_nobody_ends_a_colleagues(self, signed_in, slt, colleague):
        theirs = signed_in(colleague)
        names = {each.key: each.name for each in theirs.get("/staff/sessions/").context["sessions"]}

        signed_in(slt).post("/staff/sessions/end/", {"session": names[theirs.session.session_key]})

        assert theirs.get(LIST).status_code == 200

    def test_signing_in_notes_the_browser_and_no_address(self, slt):
        client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
        client.post("/staff/sign-in/", {"login": slt.email, "password": PASSWORD})

        assert client.session["browser"] == "Firefox on Windows"
        assert "127.0.0.1" not in str(dict(client.session))


def new_role(client, user, role, **more):
    return client.post(f"/staff/people/{user.pk}/", form_of(user, role=role, **more)).content.decode()


class TestNewRole:
    """What the new one does not allow goes to somebody else, in the same act."""

    def test_with_the_role_they_have_nothing_but_what_was_typed_changes(self, signed_in, admin, slt, school):
        theirs = signed_in(slt)
        case = CaseFactory.create(school=school, lead=slt)

        new_role(signed_in(admin), slt, "slt", job_title="Acting Head of School")

        case.refresh_from_db()
        assert (User.objects.get(pk=slt.pk).job_title, case.lead) == ("Acting Head of School", slt)
        assert theirs.get(reverse("case-list")).status_code == 200

    def test_it_asks_who_takes_over_and_keeps_what_was_typed(self, signed_in, admin, slt, colleague, school):
        CaseFactory.create(school=school, lead=slt, summary="Canary about a family")

        page = new_role(signed_in(admin), slt, "office", job_title="Registrar")

        slt.refresh_from_db()
        assert "Select who takes over" in page
        assert "1 open case that they lead, 0 concerns to read, 0 tasks." in page
        assert "Registrar" in page
        assert "Canary" not in page
        assert slt.role == Role.SLT

    def test_cases_concerns_and_tasks_go_to_the_heir_and_each_says_so(self, signed_in, admin, slt, colleague, school):
        case = CaseFactory.create(school=school, lead=slt)
        others = CaseFactory.create(school=school, lead=colleague)
        concern = ConcernFactory.create(school=school, assigned_to=slt)
        task = Task.objects.create(case=others, what="Ring her", owner=slt, due_on=date(2026, 12, 1), made_by=slt)

        new_role(signed_in(admin), slt, "dsl", heir=colleague.pk)

        for row in (case, concern, task):
            row.refresh_from_db()
        assert (case.lead, concern.assigned_to, task.owner) == (colleague, colleague, colleague)
        assert User.objects.get(pk=slt.pk).role == Role.DSL
        told = Event.objects.filter(by=admin).order_by("pk").values_list("kind", "facts__who")
        assert list(told) == [
            (kind, colleague.full_name) for kind in ("lead_changed", "concern_assigned", "task_added")
        ]

    def test_a_task_on_a_case_that_the_heir_may_not_know_of_goes_to_who_leads_it(
        self, admin, slt, colleague, head, school
    ):
        case = CaseFactory.create(school=school, lead=head)
        task = Task.objects.create(case=case, what="Ring her", owner=slt, due_on=date(2026, 12, 1), made_by=slt)
        Conflict.objects.create(user=colleague, case=case, reason="Related")

        leave(user=slt, by=admin, heir=colleague)

        task.refresh_from_db()
        assert task.owner == head

    def test_a_role_that_may_lead_keeps_everything_and_asks_nothing(self, signed_in, admin, slt, head, school):
        case = CaseFactory.create(school=school, lead=slt)
        concern = ConcernFactory.create(school=school, assigned_to=slt)

        new_role(signed_in(admin), slt, "head")

        case.refresh_from_db()
        concern.refresh_from_db()
        assert (case.lead, concern.assigned_to, User.objects.get(pk=slt.pk).role) == (slt, slt, Role.HEAD)

    def test_the_chair_goes_on_with_what_nobody_at_the_school_could_lead(self, admin, slt, head, school):
        kept, goes = CaseFactory.create_batch(2, school=school, lead=slt)
        Conflict.objects.create(user=head, case=kept, reason="Related")

        change_member(user=slt, by=admin, role=Role.CHAIR, heir=head, full_name="Ruth", job_title="Chair", phone="")

        assert list(Case.objects.order_by("pk").values_list("pk", "lead")) == [(kept.pk, slt.pk), (goes.pk, head.pk)]
        assert list(Case.objects.visible_to(User.objects.get(pk=slt.pk))) == [kept]

    def test_a_lawyer_with_another_role_keeps_no_case_that_was_shown_to_them(self, admin, school, slt):
        lawyer = UserFactory.create(school=school, role=Role.LEGAL)
        referral = ReferralFactory.create(case=CaseFactory.create(school=school, lead=slt), to=lawyer)

        change_member(user=lawyer, by=admin, role=Role.CHAIR, full_name="Lee", job_title="Chair", phone="")

        assert not Case.objects.visible_to(User.objects.get(pk=lawyer.pk)).exists()
        assert Event.objects.get(kind=Event.Kind.REFERRAL_ENDED).case == referral.case

    def test_nobody_stops_deciding_what_nobody_else_could_decide(self, signed_in, admin, slt, head, school):
        case = CaseFactory.create(school=school, lead=slt)
        Step.objects.create(
            case=case, kind="ban", subject=PersonFactory.create(school=school), drafted_by=slt, reason="On site",
            state="proposed", proposed_by=slt, proposed_at=timezone.now(),
        )  # fmt: skip

        page = new_role(signed_in(admin), head, "slt")
        leaving = signed_in(admin).get(f"/staff/people/{head.pk}/leave/").content.decode()
        UserFactory.create(school=school, role=Role.HEAD)
        new_role(signed_in(admin), head, "slt")

        assert "1 step waits for their decision" in page
        assert "1 step waits for their decision" in leaving
        assert User.objects.get(pk=head.pk).role == Role.SLT

    def test_an_administrator_who_changes_their_own_role_is_signed_out_too(self, signed_in, admin, school):
        UserFactory.create(school=school, role=Role.ADMIN)
        client = signed_in(admin)

        done = client.post(f"/staff/people/{admin.pk}/", form_of(admin, role="office"))

        assert done.status_code == 302
        assert client.get("/staff/people/").url.startswith("/staff/sign-in/")

    def test_a_role_is_not_given_while_what_follows_from_it_fails(self, admin, office, settings):
        settings.FOLLOWS = {"role_given": ["tests.accounts.test_staff.fails"]}

        with pytest.raises(RuntimeError):
            change_staff(user=office, by=admin, full_name="Pat", job_title="x", phone="", role=Role.SLT)

        assert User.objects.get(pk=office.pk).role == Role.OFFICE


def fails(keys):
    raise RuntimeError


class TestLeaving:
    def test_one_action_ends_everything(self, signed_in, admin, slt, colleague):
        give_app(slt)
        client = signed_in(slt)

        done = signed_in(admin).post(f"/staff/people/{slt.pk}/leave/", follow=True)

        slt.refresh_from_db()
        assert "can no longer sign in" in done.content.decode()
        assert client.get(LIST).url.startswith("/staff/sign-in/")
        assert (slt.is_active, slt.has_usable_password(), slt.role) == (False, False, None)
        assert not Authenticator.objects.filter(user=slt).exists()
        assert not slt.get_all_permissions()
        assert AuditEntry.objects.filter(kind="staff_left", facts__user=slt.pk).exists()

    def test_their_work_goes_to_whom_the_administrator_chose(self, signed_in, admin, slt, colleague, school):
        case = CaseFactory.create(school=school, lead=slt)
        concern = ConcernFactory.create(school=school, assigned_to=slt)

        signed_in(admin).post(f"/staff/people/{slt.pk}/leave/", {"heir": colleague.pk})

        case.refresh_from_db()
        concern.refresh_from_db()
        assert (case.lead, concern.assigned_to) == (colleague, colleague)
        assert Event.objects.filter(kind=Event.Kind.LEAD_CHANGED, case=case, by=admin).exists()

    def test_what_the_heir_may_not_know_of_goes_to_the_head(self, admin, slt, colleague, head, school):
        case = CaseFactory.create(school=school, lead=slt)
        concern = ConcernFactory.create(school=school, assigned_to=slt)
        Conflict.objects.create(user=colleague, case=case, reason="Related")
        Conflict.objects.create(user=colleague, concern=concern, reason="Related")

        leave(user=slt, by=admin, heir=colleague)

        case.refresh_from_db()
        concern.refresh_from_db()
        assert (case.lead, concern.assigned_to) == (head, None)

    def test_with_work_and_nobody_to_take_it_nothing_changes(self, admin, slt, school):
        case = CaseFactory.create(school=school, lead=slt)

        with pytest.raises(Refused, match="nobody at the school"):
            leave(user=slt, by=admin, heir=None)

        slt.refresh_from_db()
        assert slt.is_active
        assert Case.objects.get(pk=case.pk).lead == slt

    def test_the_form_asks_who_takes_over(self, signed_in, admin, slt, colleague, school):
        CaseFactory.create(school=school, lead=slt)

        page = signed_in(admin).post(f"/staff/people/{slt.pk}/leave/").content.decode()

        assert "Select who takes over" in page
        assert "1 open case that they lead" in page
        assert page.count('name="heir"') == 1
        slt.refresh_from_db()
        assert slt.is_active

    def test_the_administrator_learns_numbers_and_no_names_of_cases(self, signed_in, admin, slt, school):
        CaseFactory.create(school=school, lead=slt, summary="Canary about a family")

        page = signed_in(admin).get(f"/staff/people/{slt.pk}/leave/").content.decode()

        assert "Canary" not in page
        assert "There is a problem" not in page

    def test_whoever_has_left_has_no_page_to_leave_by(self, signed_in, admin, school):
        left = UserFactory.create(school=school, is_active=False)

        assert signed_in(admin).get(f"/staff/people/{left.pk}/leave/").status_code == 404

    def test_a_lawyer_who_leaves_sees_nothing_any_more(self, admin, school, slt):
        referral = ReferralFactory.create(case=CaseFactory.create(school=school, lead=slt))
        referral.to.school = school
        referral.to.save()

        leave(user=referral.to, by=admin, heir=None)

        referral.refresh_from_db()
        assert referral.ended_at is not None


def test_one_of_two_administrators_may_leave_or_change(admin, school):
    second = UserFactory.create(school=school, role=Role.ADMIN)
    third = UserFactory.create(school=school, role=Role.ADMIN)

    end_account(user=second, by=admin)
    about = {"full_name": third.full_name, "job_title": third.job_title, "phone": ""}
    change_staff(user=third, by=admin, role=Role.OFFICE, **about)

    assert not User.objects.get(pk=second.pk).is_active
    assert User.objects.get(pk=third.pk).role == Role.OFFICE
    with pytest.raises(RefusedError, match="only administrator"):
        change_staff(user=admin, by=admin, role=Role.SLT, full_name="A", job_title="B", phone="")


def test_a_new_name_alone_is_noted_without_a_role(admin, slt):
    change_staff(user=slt, by=admin, full_name="Ruth Adeyemi-Hall", job_title="Head", phone="", role=Role.SLT)

    assert AuditEntry.objects.get().facts == {"user": slt.pk}


@pytest.mark.parametrize("name", ["staff-second-step-reset", "staff-sessions-end"])
def test_what_is_done_to_somebody_who_left_meanwhile_is_refused_with_a_sentence(signed_in, admin, slt, name):
    slt.is_active = False
    slt.save()

    page = signed_in(admin).post(reverse(name, args=[slt.pk]), follow=True).content.decode()

    assert f"{slt.full_name} has left" in page


def test_ending_ones_own_account_is_refused_on_its_page(signed_in, admin):
    page = signed_in(admin).post(reverse("staff-leave", args=[admin.pk])).content.decode()

    assert "You cannot end your own account" in page
    admin.refresh_from_db()
    assert admin.is_active
