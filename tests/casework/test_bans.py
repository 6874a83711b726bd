"""A site ban from its first draft to its end: what it needs, what follows what, and who is told what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from dkh_conduct.school.models import today
from incidents.casework.bans import (
    has_of,
    missing_of,
    record_breach,
    record_representation,
    save_ban,
    write_ban_letter,
)
from incidents.casework.case_lock import ChangedMeanwhile, Refused
from incidents.casework.conflicts import record_conflict
from incidents.casework.step_draft import discard_step
from incidents.casework.step_taking import propose_step, rescind_step, take_step
from incidents.models import BanDecision, Case, Event, Reply, SiteBan, Step
from incidents.models.story import lines_of, title_of
from incidents.policy.bans import REQUIRED
from letters.models import Letter
from tests.casework.ban_case import (
    REASON,
    approve,
    ban_values,
    banned,
    begin,
    begun_ban,
    confirmed,
    propose,
    written_ban,
)
from tests.casework.fair_case import fair_case, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]

EMPTY: dict[str, object] = {
    "lesser": [],
    "premises": [],
    "stays": [],
    "contact": None,
    "address": False,
    "starts_on": None,
    "ends_on": None,
    "review_on": None,
    "reply_by": None,
    "decide_by": None,
}


@pytest.fixture
def case(slt, head):
    return fair_case(slt)


@pytest.mark.parametrize(("field", "ask"), [(field, ask) for field, ask, _ in REQUIRED])
def test_no_letter_is_written_while_anything_is_missing(case, slt, field, ask):
    name = "is_address_confirmed" if field == "address" else field
    ban = begun_ban(case, by=slt, **{name: EMPTY.get(field, "")})

    assert [asked for _, asked in missing_of(ban)] == [ask]
    with pytest.raises(Refused, match=ask):
        write_ban_letter(ban=ban, by=slt)
    assert not Letter.objects.exists()


def save_again(ban, by, **changes):
    about = {"allegations": list(ban.step.case.allegations.all()), "reason": REASON, "version": ban.version, **changes}
    given = {**ban_values(ban.step.case, by=by), **about}
    return save_ban(case=ban.step.case, by=by, subject=ban.person, stage="notice", step=ban.step, **given)


def test_what_was_found_is_chosen(case, slt):
    ban = save_again(begun_ban(case, by=slt), slt, allegations=[])

    assert missing_of(ban) == [("allegations", "Choose what was found")]


def test_what_was_taken_out_after_the_letter_was_written_is_asked_for(case, slt):
    step = written_ban(case, by=slt)
    save_again(SiteBan.objects.get(), slt, risk="")

    with pytest.raises(Refused, match="Describe the risk on the school site"):
        propose(step, slt)


def test_an_interim_ban_says_why_it_cannot_wait_and_needs_no_review(case, slt):
    ban = begun_ban(case, by=slt, stage="interim", urgency="")

    assert missing_of(ban) == [("urgency", "Say why it cannot wait")]
    assert has_of(ban)["review_on"]


def test_a_court_order_is_described(case, slt):
    assert missing_of(begun_ban(case, by=slt, court="order")) == [("court_words", "Describe the court order")]


def test_a_notice_says_what_practice_asks_and_keeps_nobody_out(case, slt, head):
    ban = banned(case, by=slt, head=head)

    body = Letter.objects.get().body
    assert ban.state == SiteBan.State.NOTICE
    assert not SiteBan.objects.in_force(ban.starts_on + timedelta(days=1)).exists()
    for said in (
        "Nothing changes until we do",
        "She shouted at a teacher",
        "may be an offence under section 547",
        "Not the street or the pavement",
        "The chair of the local board",
        "You can choose another adult",
        "Marian Okoro, Executive Head Teacher",
        "complaints procedure",
    ):
        assert said in body, said
    assert Case.objects.get().next_action == "Their side"


def test_an_interim_ban_keeps_them_out_from_its_first_day_to_its_last(case, slt, head):
    ban = banned(case, by=slt, head=head, stage="interim")

    assert SiteBan.objects.in_force(today()).get() == ban
    assert SiteBan.objects.in_force(ban.ends_on).exists()
    assert not SiteBan.objects.in_force(ban.ends_on + timedelta(days=1)).exists()
    assert "She said that she will come back tomorrow." in Letter.objects.get().body


def test_until_it_is_approved_it_is_no_ban(case, slt, head):
    propose(written_ban(case, by=slt, stage="interim"), slt)

    assert SiteBan.objects.get().state == SiteBan.State.DRAFT
    assert not SiteBan.objects.in_force(today()).exists()


def test_a_letter_never_says_older_terms(case, slt, head):
    step = written_ban(case, by=slt)
    save_again(SiteBan.objects.get(), slt, risk="Something else.")

    with pytest.raises(Refused, match="The letter was written before the ban was changed"):
        propose(step, slt)
    write_ban_letter(ban=SiteBan.objects.get(), by=slt)
    assert "Something else." in Letter.objects.get().body
    propose(step, slt)


def test_two_who_save_at_once_do_not_lose_each_others_words(case, slt, colleague):
    ban = begun_ban(case, by=slt)
    about = {"case": case, "subject": ban.person, "stage": "notice", "allegations": [], "step": ban.step, "version": 1}
    save_ban(by=colleague, **about, **ban_values(case, by=slt, risk="Theirs"))

    with pytest.raises(ChangedMeanwhile):
        save_ban(by=slt, **about, **ban_values(case, by=slt, risk="Mine"))
    assert SiteBan.objects.get().risk == "Theirs"


def test_it_is_not_confirmed_before_they_were_heard(case, slt, head):
    ban = banned(case, by=slt, head=head)

    with pytest.raises(Refused, match="They can put their side until"):
        begin(ban, "confirm", by=slt)
    Reply.objects.create(school=case.school, step=ban.step, side="I lost my temper.", sent_at=ban.step.taken_at)
    begin(ban, "confirm", by=slt)
    body = Letter.objects.latest("pk").body
    assert "online" in body
    assert "You lost your temper:" in body


def test_what_they_said_by_phone_counts_the_same(case, slt, head):
    ban = banned(case, by=slt, head=head)

    record_representation(ban=ban, by=slt, received_on=today(), how="phone", text="I am sorry.")

    begin(ban, "confirm", by=slt)
    assert "by phone" in Letter.objects.latest("pk").body
    assert title_of(Event.objects.get(kind=Event.Kind.REPRESENTATION_RECEIVED)) == (
        "Daniel Marsh put their side on the ban"
    )


def test_confirmed_its_terms_are_those_that_were_decided(case, slt, head):
    ban = confirmed(case, by=slt, head=head)

    decision = BanDecision.objects.get()
    assert (ban.state, ban.ends_on, ban.review_on) == ("confirmed", decision.ends_on, decision.review_on)
    fresh = Case.objects.get()
    assert (fresh.next_action, fresh.next_on) == ("Review the site ban", ban.review_on)
    assert Step.objects.taken().rungs().count() == 1


@pytest.mark.parametrize(("stage", "state"), [("lift", "lifted"), ("vary", "confirmed"), ("extend", "confirmed")])
def test_a_ban_is_changed_extended_or_lifted_by_two_people(case, slt, head, stage, state):
    ban = confirmed(case, by=slt, head=head)

    step = propose(begin(ban, stage, by=slt), slt)
    assert SiteBan.objects.get().state == "confirmed"
    approve(step, head)

    assert SiteBan.objects.get().state == state
    assert SiteBan.objects.in_force(today()).exists() == (state == "confirmed")


def test_a_notice_can_end_in_no_ban(case, slt, head):
    ban = banned(case, by=slt, head=head)

    approve(propose(begin(ban, "no_ban", by=slt), slt), head)

    assert SiteBan.objects.get().state == "not_made"
    assert Letter.objects.latest("pk").kind == "ban_not_made"
    with pytest.raises(Refused, match="cannot follow from how the ban stands"):
        begin(SiteBan.objects.get(), "confirm", by=slt)


def test_an_interim_ban_is_lifted_without_waiting_for_their_side(case, slt, head):
    ban = banned(case, by=slt, head=head, stage="interim")

    approve(propose(begin(ban, "lift", by=slt), slt), head)

    letter = Letter.objects.latest("pk")
    assert letter.kind == "ban_not_made"
    assert letter.heading == "The interim site ban is lifted"


def test_coming_on_site_is_a_record_and_then_a_letter_that_asks(case, slt, head):
    ban = confirmed(case, by=slt, head=head)
    with pytest.raises(Refused, match="Nobody has recorded"):
        begin(ban, "breach", by=slt)

    record_breach(ban=ban, by=slt, seen_on=today(), seen="She stood in the playground at 3:15pm.")
    step = begin(ban, "breach", by=slt)
    take_step(step=step, by=slt, reason="They should hear of it.", has_no_conflict=True, **words_of(step))

    assert SiteBan.objects.get().state == "confirmed"
    assert "She stood in the playground at 3:15pm." in Letter.objects.latest("pk").body


def test_somebody_is_only_seen_while_a_ban_runs(case, slt, head):
    ban = confirmed(case, by=slt, head=head)

    with pytest.raises(Refused, match="The ban runs from"):
        record_breach(ban=ban, by=slt, seen_on=today() - timedelta(days=1), seen="At the gate.")


def test_before_a_review_they_are_asked_and_its_outcome_is_a_decision(case, slt, head):
    ban = confirmed(case, by=slt, head=head)
    step = begin(ban, "review", by=slt)

    take_step(step=step, by=slt, reason="The review is due.", has_no_conflict=True, **words_of(step))

    assert Letter.objects.latest("pk").kind == "ban_review"
    assert begin(SiteBan.objects.get(), "lift", by=slt).stage == "lift"


def test_the_days_of_a_decision_are_in_their_order(case, slt, head):
    ban = confirmed(case, by=slt, head=head)

    with pytest.raises(Refused, match="The end must be after the start"):
        begin(ban, "extend", by=slt, ends_on=ban.starts_on)
    assert not Step.objects.drafts().exists()


def test_a_decision_says_why(case, slt, head):
    step = begin(confirmed(case, by=slt, head=head), "extend", by=slt)

    with pytest.raises(Refused, match="A written reason is still needed"):
        propose(step, slt, reason=" ")


def test_a_decision_about_a_ban_that_was_rescinded_meanwhile_is_not_proposed(case, slt, head):
    ban = confirmed(case, by=slt, head=head)
    step = begin(ban, "extend", by=slt)
    rescind_step(step=ban.step, by=head, reason="It was about another person.")

    with pytest.raises(Refused, match="The step that this is part of was rescinded"):
        propose(step, slt)


def test_a_part_is_not_rescinded_by_itself(case, slt, head):
    confirmed(case, by=slt, head=head)

    with pytest.raises(Refused, match="A part of a step is not rescinded by itself"):
        rescind_step(step=Step.objects.get(stage="confirm"), by=head, reason="It was about another person.")
    assert SiteBan.objects.in_force(today()).exists()


def test_without_anybody_left_to_approve_it_a_decision_is_not_proposed(case, slt, head):
    step = begin(confirmed(case, by=slt, head=head), "extend", by=slt)
    record_conflict(case=case, by=slt, who=head, reason="A neighbour")

    with pytest.raises(Refused, match="Ask the Trust to name someone"):
        propose(step, slt)


def test_a_draft_without_a_letter_is_neither_saved_nor_proposed_and_can_be_discarded(case, slt):
    step = begun_ban(case, by=slt).step
    words = {"version": 1, "heading": "", "body": "", "reply_by": None, "delivery": "post"}

    with pytest.raises(Refused, match="This draft has no letter yet"):
        propose_step(step=step, by=slt, reason=REASON, has_no_conflict=True, **words)
    discard_step(step=step, by=slt)

    assert not Step.objects.exists()


def test_a_second_ban_is_not_begun_while_the_first_waits_for_approval(case, slt, head):
    propose(written_ban(case, by=slt), slt)

    with pytest.raises(Refused, match=r"which Ruth Adeyemi began .* waits for approval"):
        begun_ban(case, by=slt)


def test_of_a_ban_that_is_over_nothing_more_is_recorded(case, slt, head):
    ban = banned(case, by=slt, head=head)
    rescind_step(step=ban.step, by=head, reason="It was about another person.")

    with pytest.raises(Refused, match="This ban is over: lifted"):
        record_representation(ban=ban, by=slt, received_on=today(), how="phone", text="I am sorry.")
    with pytest.raises(Refused, match="There is no ban that they could have broken"):
        record_breach(ban=ban, by=slt, seen_on=today(), seen="At the gate.")


def test_one_decision_at_a_time(case, slt, head):
    ban = confirmed(case, by=slt, head=head)
    begin(ban, "extend", by=slt)

    with pytest.raises(Refused, match="Another decision about this ban is begun"):
        begin(ban, "lift", by=slt)


def test_there_is_no_second_ban_beside_one_that_runs(case, slt, head):
    confirmed(case, by=slt, head=head)

    with pytest.raises(Refused, match="There is a site ban already"):
        begun_ban(Case.objects.get(), by=slt)


def test_rescinding_the_step_ends_the_ban(case, slt, head):
    ban = confirmed(case, by=slt, head=head)

    rescind_step(step=ban.step, by=head, reason="It was about another person.")

    assert not SiteBan.objects.in_force(today()).exists()


def test_the_table_refuses_a_ban_without_an_end(case, slt, head):
    ban = banned(case, by=slt, head=head, stage="interim")

    with pytest.raises(IntegrityError), transaction.atomic():
        SiteBan.objects.filter(pk=ban.pk).update(ends_on=None)


def test_reception_sees_a_name_and_a_day_and_nothing_else(case, slt, head, office, signed_in):
    ban = confirmed(case, by=slt, head=head)

    page = signed_in(office).get("/staff/register/").content.decode()

    assert "Daniel Marsh" in page
    assert f"{ban.ends_on:%-d %B %Y}" in page
    for kept in ("C014", "shouted", "Site ban confirmed", "anxiety", "Grove Vale"):
        assert kept not in page


def test_the_register_of_another_school_and_of_somebody_with_a_conflict_is_empty(
    case, slt, head, colleague, outsider, signed_in
):
    confirmed(case, by=slt, head=head)
    record_conflict(case=case, by=colleague, reason="Related")

    for user in (colleague, outsider):
        assert "Daniel Marsh" not in signed_in(user).get("/staff/register/").content.decode()


def test_every_event_of_a_ban_is_told(case, slt, head):
    ban = confirmed(case, by=slt, head=head)
    record_breach(ban=ban, by=slt, seen_on=today(), seen="At the gate.")

    for event in Event.objects.all():
        assert "{" not in title_of(event) + "".join(lines_of(event))
