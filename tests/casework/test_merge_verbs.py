"""What merging writes: whole rows, of these cases alone, each with who, when and why."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents.casework.merge import merge_cases, said_in, what_moves, why_not_merged
from incidents.models import Case, CaseLink, Conflict, Event, FlagException, Step
from tests.addresses import a_step
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFlagFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REASON = "The same evening in the same group."
DUE = "2026-12-01"


@pytest.fixture
def into(slt):
    return CaseFactory.create(school=slt.school, lead=slt, number=20)


@pytest.fixture
def third(slt):
    return CaseFactory.create(school=slt.school, lead=slt, number=30)


def merge(case, into, by):
    return merge_cases(case=case, into=into, by=by, reason=REASON)


def fresh(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows[0] if len(rows) == 1 else rows


class TestMerge:
    def test_the_merged_case_waits_for_nothing_and_says_where_it_went(self, case, into, subject, slt):
        Case.objects.filter(pk=case.pk).update(next_action="Ring", next_on=DUE)
        before = timezone.now()

        assert merge(case, into, slt) == into

        fresh(case)
        assert (case.next_action, case.next_on, case.status, case.merged_into) == ("", None, "closed", into)
        assert before < case.closed_at < timezone.now()
        merged, closed = Event.objects.order_by("pk")
        assert (merged.kind, merged.case, merged.by, merged.why) == ("case_merged", into, slt, REASON)
        assert (merged.facts["merged"], merged.facts["summary"]) == ("C014", "1 person.")
        assert (closed.kind, closed.case, closed.by, closed.why) == ("case_closed", case, slt, case.closed_reason)
        link = CaseLink.objects.get()
        assert (link.case_id, link.other_id) == tuple(sorted((case.pk, into.pk)))
        assert (link.made_by, link.reason) == (slt, "C014 was merged into C020")

    def test_an_empty_case_says_that_nothing_was_in_it(self, case, into, slt):
        merge(case, into, slt)

        assert Event.objects.get(kind="case_merged").facts["summary"] == "Nothing was in it."

    def test_a_third_case_keeps_what_is_its_own(self, case, into, third, slt):
        person = CasePersonFactory.create(case=third).person
        before = CaseFactory.create(school=slt.school, lead=slt, status="closed", closed_reason="x",
                                    closed_at=timezone.now(), merged_into=third)  # fmt: skip
        flag = PersonFlagFactory.create(person=person, set_by=slt)
        leave = FlagException.objects.create(flag=flag, case=third, reason="x", made_by=slt)
        far = CaseFactory.create(school=slt.school, lead=slt)
        link = CaseLink.objects.create(case=third, other=far, reason="One family", made_by=slt)
        concern = ConcernFactory.create(school=slt.school, case=third)

        merge(case, into, slt)

        assert fresh(before).merged_into == third
        assert (fresh(leave).case, fresh(concern).case) == (third, third)
        assert CaseLink.objects.filter(pk=link.pk).exists()
        assert third.people.count() == 1

    def test_leave_that_was_given_in_both_is_there_once_and_leave_given_in_one_moves(self, case, into, slt):
        both, one = PersonFlagFactory.create_batch(2, set_by=slt)
        for each, flag in ((case, both), (case, one), (into, both)):
            FlagException.objects.create(flag=flag, case=each, reason=each.reference, made_by=slt)

        merge(case, into, slt)

        assert {(each.case, each.flag, each.reason) for each in FlagException.objects.all()} == {
            (into, both, "C020"),
            (into, one, "C014"),
        }

    @pytest.mark.parametrize(("ours", "theirs", "kept"), [("A", "B", "B"), ("", "B", "B"), ("A", "", "A")])
    def test_why_it_could_not_wait_is_never_written_over(self, case, into, slt, ours, theirs, kept):
        for each, why in ((case, ours), (into, theirs)):
            Case.objects.filter(pk=each.pk).update(cannot_wait_reason=why)

        merge(case, into, slt)

        fresh(case, into)
        assert (case.cannot_wait_reason, into.cannot_wait_reason) == ("", kept)

    def test_a_link_that_moves_says_who_made_it_when_and_why(self, case, into, third, slt, colleague):
        made = CaseLink.objects.create(case=case, other=third, reason="One family", made_by=colleague)
        at = made.made_at
        # Linked with both: one link is left.
        last = CaseFactory.create(school=slt.school, lead=slt)
        for each in (case, into):
            CaseLink.objects.create(case=each, other=last, reason=each.reference, made_by=slt)

        merge(case, into, slt)

        moved = CaseLink.objects.get(case=into, other=third)
        assert (moved.reason, moved.made_by, moved.made_at) == ("One family", colleague, at)
        assert [link.reason for link in CaseLink.objects.filter(other=last)] == ["C020"]
        assert not CaseLink.objects.filter(case=case).exclude(other=into).exists()

    def test_a_link_from_an_earlier_case_moves_too(self, into, slt):
        early = CaseFactory.create(school=slt.school, lead=slt)
        late = CaseFactory.create(school=slt.school, lead=slt)
        CaseLink.objects.create(case=early, other=late, reason="One family", made_by=slt)

        merge(late, into, slt)

        low, high = sorted((early.pk, into.pk))
        assert CaseLink.objects.get(case=low, other=high).reason == "One family"
        assert CaseLink.objects.count() == 2

    def test_a_conflict_of_either_is_one_of_both_as_it_was_recorded(self, case, into, slt, colleague, head):
        about = {"kind": "related", "reason": "A sister"}
        Conflict.objects.create(user=colleague, case=case, **about)
        Conflict.objects.create(user=head, case=into, **about)

        merge(case, into, slt)

        found = {(each.user, each.case): each for each in Conflict.objects.all()}
        assert set(found) == {(user, each) for user in (colleague, head) for each in (case, into)}
        for each in found.values():
            assert (each.kind, each.reason) == ("related", "A sister")
        assert [found[colleague, into].recorded_by, found[head, case].recorded_by] == [slt, slt]

    def test_every_letter_of_both_is_kept_from_whoever_may_not_know_of_one(self, case, into, subject, slt, colleague):
        Conflict.objects.create(user=colleague, case=into, reason="A sister")
        letter = LetterFactory.create(school=slt.school, drafted_by=slt)
        a_step(CasePersonFactory.create(case=into, person=subject).case, "warning", by=slt)
        Step.objects.update(letter=letter)

        merge(case, into, slt)

        assert list(letter.withheld_from.all()) == [colleague]

    def test_what_is_in_the_way_is_said_each_in_a_sentence(self, case, into, third, subject, slt, colleague):
        assert why_not_merged(case, into) == []
        done = Step.objects.create(case=case, kind="warning", subject=subject, drafted_by=slt, state="declined")
        ReferralFactory.create(case=case, ended_at=timezone.now())
        Conflict.objects.create(user=slt, case=third, reason="x")
        Case.objects.filter(pk=case.pk).update(lead=colleague)
        assert why_not_merged(fresh(case), into) == []  # no legal advice, so the leads may differ

        Step.objects.filter(pk=done.pk).update(kind="legal")
        assert why_not_merged(case, into) == [
            "Legal advice is read by whoever leads the case. Give both cases the same lead first."
        ]
        Case.objects.filter(pk=case.pk).update(lead=slt)
        assert why_not_merged(fresh(case), into) == []
        Step.objects.filter(pk=done.pk).update(state="draft")
        Case.objects.filter(pk=into.pk).update(status="paused")
        ReferralFactory.create(case=into)
        Conflict.objects.create(user=slt, case=case, reason="x")
        assert [why.split(".")[0] for why in why_not_merged(case, fresh(into))] == [
            "A step is drafted or waits for approval in C014",
            "Safeguarding comes first in C020",
            "C020 is shown to the Trust’s legal team, who would then read both",
            "Ruth Adeyemi, who leads C020, may not know of C014",
        ]

    def test_only_what_somebody_may_know_of_is_counted(self, case, slt):
        hidden, seen = ConcernFactory.create_batch(2, school=slt.school, case=case)
        hidden.conflicts.create(user=slt, reason="x")
        seen.conflicts.create(user=UserFactory.create(school=slt.school), reason="x")
        AllegationFactory.create_batch(2, case=case)

        assert what_moves(case, user=slt) == [("allegations", 2), ("concern", 1)]
        assert said_in(what_moves(case, user=slt)) == "2 allegations, 1 concern"
