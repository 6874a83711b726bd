"""The form, the verb and the page that change an account: when they ask who takes over, and what they leave alone."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.staff import RefusedError
from dkh_conduct.new_role import StaffMemberForm, change_member
from incidents.casework.case_lock import Refused
from incidents.models import Case, Event, Step
from tests.accounts.second_steps import give_app
from tests.factories import CaseFactory, PersonFactory

pytestmark = pytest.mark.django_db
NAMED = {"full_name": "Ines Okafor", "job_title": "Deputy head", "phone": "020 7946 0125"}


def role_of(user):
    return User.objects.get(pk=user.pk).role


def waits_for(head, case, number):
    for _ in range(number):
        Step.objects.create(
            case=case, kind="ban", subject=PersonFactory.create(school=case.school), drafted_by=case.lead,
            reason="On site", state="proposed", proposed_by=case.lead, proposed_at=timezone.now(),
        )  # fmt: skip


def test_the_form_asks_who_takes_over_where_another_role_does_not_allow_what_they_do(school, slt, colleague):
    CaseFactory.create(school=school, lead=slt)

    def asked(member, role):
        form = StaffMemberForm({**NAMED, "role": role}, member=member)
        assert bool(form.work) == ("heir" in form.fields)
        return "heir" in form.fields

    assert [role for role in (*Role, "", "another") if asked(slt, role)] == [
        role for role in Role if role not in {Role.SLT, Role.HEAD}
    ]
    assert not asked(colleague, Role.OFFICE)
    assert "heir" not in StaffMemberForm(None, member=slt).fields
    heir = StaffMemberForm({**NAMED, "role": Role.OFFICE}, member=slt).fields["heir"]
    assert heir.heirs == {str(colleague.pk): colleague}
    slt.is_active = False
    assert not asked(slt, Role.OFFICE)


def test_the_form_begins_with_what_they_are_called_now(slt):
    slt.phone = "020 7946 0126"

    assert StaffMemberForm(None, member=slt).initial == {
        "full_name": slt.full_name, "job_title": slt.job_title, "phone": slt.phone, "role": Role.SLT,
    }  # fmt: skip


def test_another_name_alone_moves_no_work(school, slt, colleague, admin):
    case = CaseFactory.create(school=school, lead=slt)

    assert change_member(user=slt, by=admin, role=Role.SLT, heir=colleague, **NAMED) is False

    saved = User.objects.get(pk=slt.pk)
    assert {name: getattr(saved, name) for name in NAMED} == NAMED
    assert Case.objects.get(pk=case.pk).lead == slt


def test_another_role_moves_the_work_first_and_says_by_whom(school, slt, colleague, head, admin):
    case = CaseFactory.create(school=school, lead=slt)

    assert change_member(user=slt, by=admin, role=Role.OFFICE, heir=colleague, **NAMED) is True

    assert (role_of(slt), Case.objects.get(pk=case.pk).lead) == (Role.OFFICE, colleague)
    assert case.events.get(kind=Event.Kind.LEAD_CHANGED).by == admin
    assert User.objects.get(pk=slt.pk).full_name == NAMED["full_name"]


def test_where_nobody_takes_over_nothing_at_all_is_changed(school, slt, admin):
    case = CaseFactory.create(school=school, lead=slt)

    with pytest.raises(Refused):
        change_member(user=slt, by=admin, role=Role.OFFICE, **NAMED)

    assert (role_of(slt), Case.objects.get(pk=case.pk).lead) == (Role.SLT, slt)


@pytest.mark.parametrize(("number", "said"), [(1, "1 step waits for"), (2, "2 steps wait for")])
def test_steps_that_only_they_could_decide_are_decided_first(school, slt, head, admin, number, said):
    case = CaseFactory.create(school=school, lead=slt)
    led = CaseFactory.create(school=school, lead=head)
    waits_for(head, case, number)

    with pytest.raises(RefusedError, match=f"^{said} their decision"):
        change_member(user=head, by=admin, role=Role.OFFICE, heir=slt, **NAMED)

    assert (role_of(head), Case.objects.get(pk=led.pk).lead) == (Role.HEAD, head)


def test_the_page_shows_their_own_second_steps_and_signs_nobody_else_out(signed_in, admin, slt, colleague):
    give_app(slt)
    give_app(colleague)
    Authenticator.objects.get_or_create(user=slt, type="recovery_codes", defaults={"data": {}})
    client, page = signed_in(admin), f"/staff/people/{slt.pk}/"

    shown = client.get(page).context
    done = client.post(page, {**NAMED, "role": "office"}, follow=True).content.decode()
    same = client.post(page, {**NAMED, "role": "office"}, follow=True).content.decode()
    own = client.post(f"/staff/people/{admin.pk}/", {**NAMED, "role": "admin"}, follow=True).content.decode()

    assert (shown["member"], [(step.user, step.type) for step in shown["steps"]]) == (slt, [(slt, "totp")])
    assert not shown["form"].is_bound
    assert client.get("/staff/people/").status_code == 200
    assert "Ines Okafor was saved. They are signed out everywhere" in done
    assert "Ines Okafor was saved." in same
    assert "signed out everywhere" not in same + own
    assert "Ines Okafor was saved." in own
