"""The doors of the QuerySets one by one: what a right opens, and that without it nothing else does."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.models import Case, Concern, Conflict, Evidence, Step
from letters.models import Letter
from tests.factories import (
    CaseFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def somebody(school, role):
    return UserFactory.create(school=school, role=role)


def kept_from(user, **what):
    Conflict.objects.create(user=user, reason="Named in it", **what)


def approved(letter, by):
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.QUEUED, approved_by=by, approved_at=timezone.now(), queued_at=timezone.now()
    )


@pytest.mark.parametrize("role", [Role.DPO, Role.OFFICE, Role.ADMIN, Role.DSL])
def test_what_was_shown_to_somebody_or_is_led_by_them_closes_with_their_right(school, slt, head, role):
    reader = somebody(school, role)
    case = CaseFactory.create(school=school, lead=reader)
    ReferralFactory.create(case=case, to=reader, referred_by=slt)
    kept_from(head, case=case)

    assert not Case.objects.visible_to(reader).exists()


def test_what_is_passed_on_above_the_school_is_not_passed_on_to_its_lawyers(school, slt, head):
    chair, legal = somebody(school, Role.CHAIR), somebody(school, Role.LEGAL)
    case, shown = CaseFactory.create_batch(2, school=school, lead=slt)
    kept_from(head, case=case)
    ReferralFactory.create(case=shown, to=legal, referred_by=slt)

    assert list(Case.objects.visible_to(chair)) == [case]
    assert list(Case.objects.visible_to(legal)) == [shown]


def test_the_chair_sees_what_they_lead_and_no_other(school, slt, head):
    chair = somebody(school, Role.CHAIR)
    led = CaseFactory.create(school=school, lead=chair)
    CaseFactory.create(school=school, lead=slt)

    assert list(Case.objects.visible_to(chair)) == [led]


def test_a_head_of_another_school_keeps_nothing_at_this_one(school, slt, head, outsider):
    chair = somebody(school, Role.CHAIR)
    case = CaseFactory.create(school=school, lead=slt)
    kept_from(head, case=case)

    assert outsider.groups.get().name == Role.HEAD
    assert list(Case.objects.visible_to(chair)) == [case]


def test_a_head_who_left_passes_on_what_was_kept_from_them_and_a_colleagues_conflict_passes_on_nothing(
    school, slt, head, colleague
):
    chair = somebody(school, Role.CHAIR)
    kept, of_a_colleague, _ = CaseFactory.create_batch(3, school=school, lead=slt)
    kept_from(head, case=kept)
    kept_from(colleague, case=of_a_colleague)
    head.is_active = False
    head.save()

    assert list(Case.objects.visible_to(chair)) == [kept]


def test_a_flagged_concern_opens_for_the_safeguarding_lead_and_not_for_who_reads_none(school, office):
    flagged = ConcernFactory.create(school=school, danger="child")
    ConcernFactory.create(school=school)

    assert list(Concern.objects.visible_to(somebody(school, Role.DSL))) == [flagged]
    assert [
        role
        for role in (Role.OFFICE, Role.ADMIN, Role.DPO, Role.LEGAL)
        if Concern.objects.visible_to(somebody(school, role)).exists()
    ] == []


def test_files_of_a_concern_that_is_kept_from_somebody_do_not_open_with_its_case(school, slt):
    """For those who read a case and not by that its concerns."""
    chair, legal = somebody(school, Role.CHAIR), somebody(school, Role.LEGAL)
    case = CaseFactory.create(school=school, lead=chair)
    ReferralFactory.create(case=case, to=legal, referred_by=slt)
    kept, shown = ConcernFactory.create_batch(2, school=school, case=case)
    of_another = ConcernFactory.create(school=school, case=CaseFactory.create(school=school, lead=slt))
    of_kept, of_shown, _, _ = (
        Evidence.objects.create(
            school=school, concern=each, media_type="image/png", sha256="0" * 64, original="o", copy="c"
        )
        for each in (kept, shown, of_another, ConcernFactory.create(school=school))
    )
    kept_from(chair, concern=kept)
    kept_from(legal, concern=kept)

    assert [list(Evidence.objects.visible_to(reader)) for reader in (chair, legal)] == [[of_shown], [of_shown]]
    assert of_kept in Evidence.objects.visible_to(slt)


def test_letters_open_by_the_right_and_not_by_having_written_them(school, slt, colleague, office, outsider):
    dpo, chair = somebody(school, Role.DPO), somebody(school, Role.CHAIR)
    letter = LetterFactory.create(school=school, drafted_by=dpo)
    approved(letter, dpo)
    draft = LetterFactory.create(school=school, drafted_by=slt)
    own = LetterFactory.create(school=school, drafted_by=chair)
    by_chair = LetterFactory.create(school=school, drafted_by=slt)
    approved(by_chair, chair)
    withheld = LetterFactory.create(school=school, drafted_by=slt)
    withheld.withheld_from.add(colleague)
    LetterFactory.create(school=outsider.school, drafted_by=outsider)

    sees = {who: set(Letter.objects.visible_to(who)) for who in (dpo, colleague, office, chair)}

    assert sees == {
        dpo: set(),
        colleague: {letter, draft, own, by_chair},
        office: {letter, by_chair},
        chair: {own, by_chair},
    }


def test_a_letter_is_the_chairs_once_no_head_at_work_may_know_of_it(school, slt, colleague, head, outsider):
    chair, second = somebody(school, Role.CHAIR), somebody(school, Role.HEAD)
    UserFactory.create(school=school, role=Role.HEAD, is_active=False)
    kept, half, of_a_colleague, _ = LetterFactory.create_batch(4, school=school, drafted_by=slt)
    kept.withheld_from.add(head, second)
    half.withheld_from.add(head)
    of_a_colleague.withheld_from.add(colleague)

    assert set(Letter.objects.visible_to(chair)) == {kept}
    type(head).objects.filter(pk__in=[head.pk, second.pk]).update(is_active=False)
    assert set(Letter.objects.visible_to(chair)) == {kept, half}


def test_a_proposal_waits_for_who_approves_and_never_for_who_proposed_it(school, slt, head):
    second = somebody(school, Role.HEAD)
    case = CaseFactory.create(school=school, lead=slt)
    step = Step.objects.create(
        case=case, kind="ban", subject=PersonFactory.create(school=school), drafted_by=head, reason="On site",
        state="proposed", proposed_by=head, proposed_at=timezone.now(),
    )  # fmt: skip

    hidden = CaseFactory.create(school=school, lead=slt)
    kept_from(second, case=hidden)
    of_hidden = Step.objects.create(
        case=hidden, kind="ban", subject=step.subject, drafted_by=slt, reason="On site", state="proposed",
        proposed_by=head, proposed_at=timezone.now(),
    )  # fmt: skip

    waits = {who: list(Step.objects.waiting_for(who)) for who in (slt, head, second)}

    assert waits == {slt: [], head: [], second: [step]}
    assert (set(Step.objects.visible_to(second)), set(Step.objects.visible_to(slt))) == ({step}, {step, of_hidden})
