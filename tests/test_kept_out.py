"""Keeping somebody out takes what it names, all of it, and nothing else."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.casework.case_lock import Refused
from incidents.casework.conflicts import record_conflict, staff_who_may_know
from incidents.models import Concern, Conflict, Event, HandOver, Step
from incidents.models.kept_out import keep_out_of_case, keep_out_of_concern, staff_named_in
from incidents.triage.conflicts import record_concern_conflict
from incidents.triage.conflicts import staff_who_may_know as staff_who_may_know_of
from incidents.triage.outcome import OutcomeRefusedError
from tests.factories import (
    CaseFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
WHY = {"kind": "named", "reason": "The messages are about him."}


def assigned(concerns):
    return [Concern.objects.get(pk=concern.pk).assigned_to for concern in concerns]


def letter_of(case, slt):
    letter = LetterFactory.create(school=case.school, drafted_by=slt)
    subject = PersonFactory.create(school=case.school)
    Step.objects.create(case=case, kind="warning", subject=subject, letter=letter, drafted_by=slt)
    return letter


def test_of_a_case_its_letters_and_its_concerns_go_and_those_of_other_cases_stay(school, slt, colleague):
    case, other = CaseFactory.create_batch(2, school=school, lead=slt)
    theirs, others = letter_of(case, slt), letter_of(other, slt)
    Step.objects.create(case=case, kind="warning", subject=PersonFactory.create(school=school), drafted_by=slt)
    concerns = [
        ConcernFactory.create(school=school, case=case, assigned_to=colleague),
        ConcernFactory.create(school=school, case=other, assigned_to=colleague),
        ConcernFactory.create(school=school, case=case, assigned_to=slt),
    ]

    keep_out_of_case(colleague, case=case, by=slt, **WHY)

    assert (list(theirs.withheld_from.all()), list(others.withheld_from.all())) == ([colleague], [])
    assert assigned(concerns) == [None, colleague, slt]


def test_what_went_into_a_case_is_kept_from_them_for_the_same_reason(school, slt, colleague):
    case, other = CaseFactory.create_batch(2, school=school, lead=slt)
    merged = CaseFactory.create(
        school=school, lead=slt, merged_into=case, status="closed", closed_at=timezone.now(), closed_reason="One case"
    )
    keep_out_of_case(slt, case=merged, by=None, kind="aside", reason="I know them")
    keep_out_of_case(colleague, case=other, by=None, kind="aside", reason="I know them")

    keep_out_of_case(colleague, case=case, by=slt, **WHY)

    kept = Conflict.objects.filter(user=colleague).order_by("case")
    assert list(kept.values_list("case", "kind", "reason", "recorded_by")) == [
        (case.pk, *WHY.values(), slt.pk),
        (other.pk, "aside", "I know them", None),
        (merged.pk, *WHY.values(), slt.pk),
    ]


def test_of_a_concern_its_letter_goes_and_it_waits_for_another_reader_while_others_stay(school, slt, colleague):
    concern, other = ConcernFactory.create_batch(2, school=school, assigned_to=colleague)
    with_somebody = ConcernFactory.create(school=school, assigned_to=slt)
    letters = LetterFactory.create_batch(2, school=school, drafted_by=slt)
    for about, letter in zip((concern, other), letters, strict=True):
        HandOver.objects.create(concern=about, letter=letter, written_by=slt)

    keep_out_of_concern(colleague, concern=concern, by=slt, **WHY)
    keep_out_of_concern(colleague, concern=with_somebody, by=slt, **WHY)

    assert [list(letter.withheld_from.all()) for letter in letters] == [[colleague], []]
    assert assigned([concern, other, with_somebody]) == [None, colleague, slt]


def test_only_staff_at_work_at_this_school_are_said_to_be_named(school, colleague, outsider):
    UserFactory.create(school=school, full_name=colleague.full_name, is_active=False)
    UserFactory.create(school=outsider.school, full_name=colleague.full_name)

    assert staff_named_in([f"It is {colleague.full_name} again"], school_id=school.pk) == [colleague]


def test_who_left_or_is_kept_out_already_is_not_offered(school, slt, colleague, outsider):
    case, concern = CaseFactory.create(school=school, lead=slt), ConcernFactory.create(school=school)
    UserFactory.create(school=school, is_active=False)
    kept_out = UserFactory.create(school=school)
    keep_out_of_case(kept_out, case=case, by=slt, **WHY)
    keep_out_of_concern(kept_out, concern=concern, by=slt, **WHY)

    assert set(staff_who_may_know(case)) == set(staff_who_may_know_of(concern)) == {slt, colleague}


def test_it_is_kept_who_kept_a_case_from_whom_and_made_whom_its_lead(school, slt, colleague, head):
    case = CaseFactory.create(school=school, lead=colleague)
    with pytest.raises(Refused, match=f"^{colleague.full_name} leads this case"):
        record_conflict(case=case, by=slt, who=colleague, **WHY)

    conflict = record_conflict(case=case, by=slt, who=colleague, new_lead=head, **WHY)

    assert (conflict.user, conflict.kind, conflict.recorded_by) == (colleague, "named", slt)
    lead, kept = case.events.filter(kind__in=[Event.Kind.LEAD_CHANGED, Event.Kind.CONFLICT_RECORDED]).order_by("pk")
    assert (lead.by, lead.facts["who"]) == (slt, head.full_name)
    assert (kept.by, kept.why, kept.facts["kept_from"]) == (slt, WHY["reason"], colleague.full_name)
    assert "who" not in kept.facts


def test_who_steps_aside_from_a_case_they_lead_hands_it_on_first(school, slt, colleague):
    case = CaseFactory.create(school=school, lead=slt)
    for nobody in (None, slt):
        with pytest.raises(Refused, match=r"^You lead this case"):
            record_conflict(case=case, by=slt, new_lead=nobody, reason="I know them")

    record_conflict(case=case, by=slt, new_lead=colleague, reason="I know them")

    facts = case.events.get(kind=Event.Kind.CONFLICT_RECORDED).facts
    assert (facts["who"], "kept_from" in facts) == (slt.full_name, False)


def test_it_is_kept_who_kept_a_concern_from_whom_and_once_is_enough(school, slt, colleague):
    concern, _ = ConcernFactory.create(school=school), ConcernFactory.create(school=school)

    kept = record_concern_conflict(concern=concern, by=slt, who=colleague, **WHY)
    with pytest.raises(OutcomeRefusedError, match=f"kept from {colleague.full_name} already"):
        record_concern_conflict(concern=concern, by=slt, who=colleague, **WHY)
    record_concern_conflict(concern=concern, by=slt, who=slt, kind="aside", reason="I know them")

    assert (kept.user, kept.concern, kept.kind, kept.recorded_by) == (colleague, concern, "named", slt)
    of_a_case = ConcernFactory.create(school=school, case=CaseFactory.create(school=school, lead=slt))
    with pytest.raises(OutcomeRefusedError, match=r"belongs to a case now"):
        record_concern_conflict(concern=of_a_case, by=slt, who=colleague, **WHY)
    first, second = concern.events.filter(kind=Event.Kind.CONFLICT_RECORDED).order_by("pk")
    assert (first.by, first.facts.get("kept_from"), first.facts.get("who")) == (slt, colleague.full_name, None)
    assert (second.facts.get("kept_from"), second.facts.get("who")) == (None, slt.full_name)


def test_who_reads_a_concern_without_deciding_and_who_cannot_read_it_keep_nobody_out(school, slt, colleague, outsider):
    concern = ConcernFactory.create(school=school, danger="child")
    dsl = UserFactory.create(school=school, role="dsl")
    keep_out_of_concern(colleague, concern=concern, by=None, kind="aside", reason="I know them")
    assert type(concern).objects.visible_to(dsl).exists()

    for by in (dsl, colleague, outsider):
        with pytest.raises(PermissionDenied):
            record_concern_conflict(concern=concern, by=by, who=slt, **WHY)
