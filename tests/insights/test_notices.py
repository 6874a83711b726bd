"""Staff are told once of what waits for them, behind the bell and by a number in an e-mail; the conflicted never."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from dkh_conduct.waiting import waiting
from incidents.casework.conflicts import record_conflict
from incidents.casework.tasks import add_task
from incidents.insights.noticing import email_notices, notice
from incidents.insights.noticing_task import tell_staff
from incidents.models import Conflict, Email, Message, Notice, NoticeChoice, Reply, Step
from tests.addresses import a_proposal, a_step
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, UserFactory

pytestmark = pytest.mark.django_db
FRIDAY = "2026-11-20 09:00Z"


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def case(school, slt):
    return CaseFactory.create(school=school, lead=slt, number=14, next_action="Their side", next_on=date(2026, 11, 23))


def kinds_of(user) -> list[str]:
    notice(user)
    return sorted(Notice.objects.visible_to(user).values_list("kind", flat=True))


def choose(user, often: str) -> None:
    NoticeChoice.objects.update_or_create(user=user, defaults={"often": often})


def test_mondays_deadline_is_told_on_friday_and_a_late_one_again(case, slt, time_machine):
    assert kinds_of(slt) == ["case_soon"]
    assert kinds_of(slt) == ["case_soon"], "told once"

    time_machine.move_to("2026-11-24 09:00Z", tick=False)

    assert kinds_of(slt) == ["case_late", "case_soon"]


def test_tasks_messages_and_new_concerns_are_told_to_whose_they_are(case, slt, colleague):
    add_task(case=case, by=slt, what="Ring", owner=colleague, due_on=today())
    concern = ConcernFactory.create(school=case.school, assigned_to=colleague, due_on=date(2026, 12, 9))
    Message.objects.create(concern=concern, is_from_school=False, text="More")

    assert kinds_of(colleague) == ["message", "new_concern", "task_soon"]
    assert kinds_of(slt) == ["case_soon", "new_concern"]


def test_a_concern_near_its_day_or_past_it_is_told_to_whom_it_is_given(school, slt, colleague):
    for day in (date(2026, 11, 19), date(2026, 11, 23), date(2026, 11, 24)):
        ConcernFactory.create(school=school, assigned_to=colleague, due_on=day)

    assert [kind for kind in kinds_of(colleague) if kind != "new_concern"] == ["concern_late", "concern_soon"]
    assert "concern_soon" not in kinds_of(slt)


def test_who_decides_nothing_about_concerns_is_not_told_that_one_is_new(school):
    lead = UserFactory.create(school=school, role=Role.DSL)
    ConcernFactory.create(school=school, danger="child")

    assert kinds_of(lead) == []


def test_a_reply_is_told_to_the_lead_and_a_proposal_to_who_may_approve_it(case, slt, colleague, head):
    CasePersonFactory.create(case=case)
    Reply.objects.create(school=case.school, step=a_step(case, "warning", by=slt), sent_at=timezone.now())
    proposal = a_proposal(case, by=slt)

    assert kinds_of(slt) == ["case_soon", "reply"]
    assert kinds_of(head) == ["approval"]
    assert kinds_of(colleague) == []
    Step.objects.filter(pk=proposal.pk).update(proposals=2)
    assert kinds_of(head) == ["approval", "approval"], "sent back and proposed again"


def test_the_office_is_told_of_nothing(case, office, signed_in):
    tell_staff()

    assert not Notice.objects.filter(user=office).exists()
    assert signed_in(office).get(reverse("notice-list")).status_code == 403


def test_who_has_a_conflict_is_told_nothing_and_loses_what_they_were_told(case, slt, colleague, head, signed_in):
    choose(colleague, "once")
    add_task(case=case, by=slt, what="Ring", owner=colleague, due_on=today())
    concern = ConcernFactory.create(school=case.school)
    notice(colleague)
    assert Notice.objects.visible_to(colleague).count() == 2

    record_conflict(case=case, by=slt, who=colleague, kind="named", reason="Named")
    Conflict.objects.create(user=colleague, concern=concern, reason="Named")

    assert not Notice.objects.visible_to(colleague).exists()
    assert kinds_of(colleague) == []
    assert not email_notices(colleague)
    page = signed_in(colleague).get(reverse("notice-list")).content.decode()
    assert "C014" not in page
    assert concern.reference not in page
    assert colleague.email not in [email.to for email in Email.objects.all()]


def test_an_email_says_how_many_and_nothing_else(case, slt):
    choose(slt, "once")
    ConcernFactory.create(school=case.school)
    notice(slt)

    assert email_notices(slt)
    assert not email_notices(slt), "once"

    sent = Email.objects.get()
    assert sent.subject == "2 new things in the conduct portal"
    for word in ("C014", case.summary, "liar", "Their side", "DKH-"):
        assert word not in sent.body + sent.subject


@pytest.mark.parametrize(
    ("often", "moments", "sent"),
    [
        ("daily", ["2026-11-20 06:30Z"], 0),
        ("daily", ["2026-11-20 07:30Z", "2026-11-20 15:00Z"], 1),
        ("daily", ["2026-11-21 09:00Z"], 0),
        ("weekly", ["2026-11-20 09:00Z", "2026-11-22 09:00Z", "2026-11-23 09:00Z"], 2),
        ("never", ["2026-11-20 09:00Z"], 0),
        ("once", ["2026-11-21 23:00Z", "2026-11-21 23:05Z"], 2),
    ],
)
def test_each_is_emailed_as_often_as_they_chose(school, slt, time_machine, often, moments, sent):
    choose(slt, often)
    for moment in moments:
        time_machine.move_to(moment, tick=False)
        ConcernFactory.create(school=school, received_at=moment.replace("Z", ":00+00:00"))
        notice(slt)
        email_notices(slt)

    assert Email.objects.count() == sent


def test_the_choice_and_the_reading_are_kept(case, slt, signed_in):
    notice(slt)
    client = signed_in(slt)
    page = client.get(reverse("notice-list")).content.decode()

    client.post(reverse("notice-list"), {"often": "weekly"})
    client.post(reverse("notices-read"))

    assert "Case that waits for you by the next working day: C014" in page
    assert NoticeChoice.objects.get(user=slt).often == "weekly"
    assert not Notice.objects.unread().exists()
    assert "Select how often" in client.post(reverse("notice-list"), {}).content.decode()


def test_the_list_costs_the_same_with_many(case, slt, signed_in, django_assert_max_num_queries):
    for number in range(40):
        Notice.objects.create(user=slt, kind="case_late", key=str(number), case=case)

    client = signed_in(slt)
    with django_assert_max_num_queries(15):
        client.get(reverse("notice-list"))


def test_the_bell_counts_what_is_new_and_nothing_of_what_they_may_not_know(
    case, slt, colleague, signed_in, rf, django_assert_num_queries
):
    for number in range(3):
        Notice.objects.create(user=colleague, kind="case_late", key=str(number), case=case)
    Notice.objects.create(user=slt, kind="case_late", key="another person’s", case=case)
    client, calendar = signed_in(colleague), reverse("calendar")
    assert (
        '<span class="dkh-count">3<span class="govuk-visually-hidden"> new</span>'
        in client.get(calendar).content.decode()
    )

    colleague.has_perm("incidents.view_case")  # which reads all their rights
    request = rf.get(calendar)
    request.user = colleague
    with django_assert_num_queries(1):  # all the counts of the menu, and the bell’s
        waiting(request, {})
    record_conflict(case=case, by=slt, who=colleague, kind="named", reason="Named")

    assert 'hidden"> new</span>' not in client.get(calendar).content.decode()
    assert 'hidden"> new</span>' in signed_in(slt).get(calendar).content.decode()
