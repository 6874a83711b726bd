"""A site ban through the portal's own verbs, in whatever order: the tables keep what the rules promise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkh_conduct.school.models import today
from incidents.casework.bans import record_breach, record_representation
from incidents.casework.case_lock import Refused
from incidents.casework.step_draft import discard_step
from incidents.casework.step_taking import decide_proposal, rescind_step, take_step
from incidents.models import Approval, Case, SiteBan, Step
from incidents.policy.bans import LEADS_TO, MOVES, is_in_force
from tests.casework.ban_case import banned, begin, propose
from tests.casework.fair_case import fair_case, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
STAGES = ("confirm", "vary", "extend", "no_ban", "lift", "review", "breach", "expire")
DEEDS = st.lists(
    st.one_of(
        st.sampled_from(STAGES).flatmap(
            lambda key: st.tuples(st.just(key), st.sampled_from(["approve", "back", "decline"]))
        ),
        st.sampled_from([("heard", ""), ("seen", ""), ("rescind", ""), ("review_passed", "")]),
    ),
    min_size=1,
    max_size=6,
)


def do(ban, deed, answer, *, slt, head):
    """One deed, refused or done; returns the stage that was decided, if one was."""
    if deed == "heard":
        record_representation(ban=ban, by=slt, received_on=today(), how="phone", text="I am sorry.")
    elif deed == "seen":
        record_breach(ban=ban, by=slt, seen_on=today(), seen="At the gate.")
    elif deed == "rescind":
        rescind_step(step=ban.step, by=slt, reason="It was about another person.")
    elif deed == "review_passed":
        SiteBan.objects.filter(pk=ban.pk, state="confirmed").update(review_on=today() - timedelta(days=1))
    else:
        step = begin(ban, deed, by=slt)
        if not step.row.needs_second_person:
            given = {"reason": step.reason, "has_no_conflict": True}
            take_step(step=step, by=slt, **given, **words_of(step))
            return deed
        decide_proposal(step=propose(step, slt), by=head, decision=answer, reason="So.", has_read=True)
        if answer == "approve":
            return deed
        if answer == "back":
            discard_step(step=Step.objects.get(pk=step.pk), by=slt)
    return ""


@pytest.mark.parametrize("first", ["notice", "interim"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_v2_3_1_in_any_order_the_states_follow_the_rules(slt, head, first, deeds):
    # One database for all the examples: what the last one left is taken away, later parts before their step.
    Approval.objects.all().delete()
    SiteBan.objects.all().delete()
    for each in Step.objects.order_by("-pk"):
        each.delete()
    case = Case.objects.first() or fair_case(slt)
    ban = banned(case, by=slt, head=head, stage=first)

    for deed, answer in deeds:
        before = SiteBan.objects.get(pk=ban.pk)
        before.step.case = case
        try:
            decided = do(before, deed, answer, slt=slt, head=head)
        except Refused:
            assert SiteBan.objects.get(pk=ban.pk).state == before.state
            continue
        after = SiteBan.objects.get(pk=ban.pk)
        if decided:
            assert decided in MOVES[before.state]
            assert after.state == LEADS_TO.get(decided, before.state)
        elif deed == "rescind":
            assert after.state == "lifted"
        else:
            assert after.state == before.state
        assert SiteBan.objects.in_force(today()).exists() == is_in_force(after.facts, today())
        assert (
            not Step.objects.taken().filter(proposed_by=None, stage__in=["confirm", "vary", "extend", "lift"]).exists()
        )
        assert Step.objects.filter(state__in=["draft", "proposed"]).count() == 0
