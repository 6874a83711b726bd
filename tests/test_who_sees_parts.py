"""The doors to what belongs to a case: its people, replies, files, legal advice and bans."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.models import CaseFile, CaseLink, Conflict, Evidence, LegalReferral, Person, Reply, SiteBan, Step
from tests.factories import CaseFactory, CasePersonFactory, ConcernFactory, PersonFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db


def kept_from(user, **what):
    Conflict.objects.create(user=user, reason="Named in it", **what)


def somebody(school, role):
    return UserFactory.create(school=school, role=role)


def step_in(case, **about):
    subject = PersonFactory.create(school=case.school)
    return Step.objects.create(case=case, kind="ban", subject=subject, drafted_by=case.lead, **about)


def test_people_are_those_of_the_list_and_of_cases_that_somebody_may_know_of(school, slt, head, office, outsider):
    chair, dpo = somebody(school, Role.CHAIR), somebody(school, Role.DPO)
    shown, hidden = CaseFactory.create_batch(2, school=school, lead=slt)
    for user in (slt, head):
        kept_from(user, case=hidden)
    listed, listed_of_hidden = PersonFactory.create_batch(2, school=school, is_contact=True)
    of_shown, of_hidden, of_both, of_none = PersonFactory.create_batch(4, school=school)
    PersonFactory.create(school=outsider.school, is_contact=True)
    for case, person in (
        (shown, of_shown), (shown, of_both), (hidden, of_hidden), (hidden, of_both), (hidden, listed_of_hidden)
    ):  # fmt: skip
        CasePersonFactory.create(case=case, person=person)

    sees = {who: set(Person.objects.visible_to(who)) for who in (slt, chair, office, dpo)}

    assert sees == {
        slt: {listed, listed_of_hidden, of_shown, of_both, of_none},
        chair: {listed_of_hidden, of_hidden, of_both},
        office: {listed, listed_of_hidden},
        dpo: set(),
    }


def test_a_list_has_adults_or_children_and_an_address_no_empty_line(school):
    adult, child = (PersonFactory.create(school=school, is_child=is_child) for is_child in (False, True))

    assert (list(Person.objects.adults()), list(Person.objects.children())) == ([adult], [child])
    assert Person(address=" 18 Grove Vale \n \nLondon").address_lines == ["18 Grove Vale", "London"]


def test_a_reply_is_seen_once_it_is_sent_in_a_case_that_somebody_may_see(school, slt, colleague):
    shown, hidden = CaseFactory.create_batch(2, school=school, lead=slt)
    kept_from(colleague, case=hidden)
    now = timezone.now()
    sent, of_hidden = (Reply.objects.create(school=school, step=step_in(each), sent_at=now) for each in (shown, hidden))
    unsent = Reply.objects.create(school=school, step=sent.step)
    of_both = [
        Evidence.objects.create(
            school=school, reply=each, media_type="image/png", sha256="0" * 64, original="o", copy="c"
        )
        for each in (sent, of_hidden)
    ]

    assert set(Reply.objects.visible_to(colleague)) == {sent}
    assert set(Reply.objects.visible_to(slt)) == {sent, of_hidden}
    assert set(Evidence.objects.visible_to(colleague)) == {of_both[0]}
    assert set(Reply.objects.unsent()) == {unsent}


def test_a_reply_is_unread_from_when_it_is_sent_and_given_up_two_weeks_after_it_was_touched(school, slt):
    step = step_in(CaseFactory.create(school=school, lead=slt))
    now, long_ago = timezone.now(), timezone.now() - timedelta(days=14, minutes=1)
    unsent = Reply.objects.create(school=school, step=step, saved_at=now - timedelta(days=14) + timedelta(minutes=1))
    given_up = Reply.objects.create(school=school, step=step, saved_at=long_ago)
    unread = Reply.objects.create(school=school, step=step, saved_at=long_ago, sent_at=now)
    Reply.objects.create(school=school, step=step, saved_at=long_ago, sent_at=now, read_at=now, read_by=slt)

    assert set(Reply.objects.expired()) == {given_up}
    assert set(Reply.objects.unread()) == {unread}
    assert set(Reply.objects.unsent()) == {unsent, given_up}


def a_file(case, number, **about):
    return CaseFile.objects.create(
        case=case, number=number, asked_by=case.lead, purpose="The panel", parts=[], letters=[], evidence=[], **about
    )


def advice_about(case):
    return LegalReferral.objects.create(step=step_in(case), published_on=timezone.localdate())


def test_the_file_of_a_case_is_for_who_prints_them_and_never_for_who_may_not_know_of_a_part(school, slt, colleague):
    legal = somebody(school, Role.LEGAL)
    case, hidden = CaseFactory.create_batch(2, school=school, lead=slt)
    kept_from(colleague, case=hidden)
    ReferralFactory.create(case=case, to=legal, referred_by=slt)
    in_part = CaseFactory.create(school=school, lead=slt)
    kept_from(colleague, concern=ConcernFactory.create(school=school, case=in_part))
    advice_about(case)
    plain, of_hidden, of_part = a_file(case, 1), a_file(hidden, 1), a_file(in_part, 1)
    privileged = a_file(case, 2, has_advice=True)

    sees = {who: set(CaseFile.objects.visible_to(who)) for who in (slt, colleague, legal)}

    assert sees == {slt: {plain, privileged, of_hidden, of_part}, colleague: {plain}, legal: set()}
    assert privileged.get_absolute_url() == f"/staff/cases/{case.reference}/file/2/"


def test_a_part_that_is_kept_from_somebody_takes_the_files_that_were_made_before_it(school, slt, colleague):
    """And of no other case: neither of one that it was only linked to, nor of one that nobody keeps from them."""
    case, other = CaseFactory.create_batch(2, school=school, lead=slt)
    kept, open_to_all = CaseFactory.create_batch(2, school=school, lead=slt)
    kept_from(colleague, case=kept)
    kept_from(slt, case=open_to_all)
    for each, part in ((case, kept), (other, open_to_all)):
        CaseLink.objects.create(case=each, other=part, reason="Split", made_by=slt)
    before = kept.opened_at - timedelta(minutes=1)
    a_file(case, 1, asked_at=before)
    after, of_other = a_file(case, 2), a_file(other, 1, asked_at=before)

    assert set(CaseFile.objects.visible_to(colleague)) == {after, of_other}


def test_legal_advice_is_for_the_lead_and_for_whom_it_was_shown_to(school, slt, colleague, head):
    legal, another, chair = (somebody(school, role) for role in (Role.LEGAL, Role.LEGAL, Role.CHAIR))
    case, shown_other, of_chair = (CaseFactory.create(school=school, lead=each) for each in (slt, slt, chair))
    ReferralFactory.create(case=case, to=legal, referred_by=slt, ended_at=timezone.now())
    ReferralFactory.create(case=case, to=legal, referred_by=slt)
    ReferralFactory.create(case=shown_other, to=another, referred_by=slt)
    ReferralFactory.create(case=case, to=colleague, referred_by=slt)  # from when they were somebody else
    kept_from(head, case=of_chair)
    advice, other, _ = (advice_about(each) for each in (case, shown_other, of_chair))

    sees = {who: list(LegalReferral.objects.visible_to(who)) for who in (slt, colleague, head, legal, another, chair)}

    assert sees.pop(legal) == [advice]
    assert sees == {slt: [advice, other], colleague: [], head: [], another: [other], chair: []}


def test_a_lead_from_whom_a_case_is_kept_reads_no_advice_about_it(school, slt):
    case = CaseFactory.create(school=school, lead=slt)
    advice_about(case)
    kept_from(slt, case=case)

    assert not LegalReferral.objects.visible_to(slt).exists()


def test_the_register_names_who_is_banned_today_at_this_school_without_the_cases_kept_from_the_reader(
    school, slt, office, outsider
):
    dpo, today, day = somebody(school, Role.DPO), timezone.localdate(), timedelta(days=1)

    def ban(case, first, last, state=SiteBan.State.CONFIRMED):
        step = step_in(case)
        return SiteBan.objects.create(
            school=case.school, step=step, person=step.subject, state=state, starts_on=first, ends_on=last,
            review_on=last, reviewer="Ruth Adeyemi", urgency="On site every day",
        )  # fmt: skip

    case, hidden = CaseFactory.create_batch(2, school=school, lead=slt)
    kept_from(office, case=hidden)
    begins, ends = ban(case, today, today + day), ban(case, today - day, today, SiteBan.State.INTERIM)
    ban(case, today + day, today + 2 * day)
    ban(case, today - 2 * day, today - day)
    ban(case, today, today + day, SiteBan.State.NOTICE)
    ban(case, today, today + day, SiteBan.State.LIFTED)
    of_hidden = ban(hidden, today, today + day)
    ban(CaseFactory.create(school=outsider.school, lead=outsider), today, today + day)

    sees = {who: set(SiteBan.objects.on_register(who, today)) for who in (slt, office, dpo)}

    assert sees == {slt: {begins, ends, of_hidden}, office: {begins, ends}, dpo: set()}
    assert set(SiteBan.objects.current()) == {*SiteBan.objects.exclude(state=SiteBan.State.LIFTED)}


def test_a_ban_counts_what_was_sent_about_it_and_its_parts_and_nothing_of_another(school, slt):
    case, today, now = CaseFactory.create(school=school, lead=slt), timezone.localdate(), timezone.now()
    days = {"starts_on": today, "ends_on": today + timedelta(days=9), "reply_by": today, "review_on": today}

    def ban(**about):
        step = step_in(case)
        return SiteBan.objects.create(school=school, step=step, person=step.subject, state="notice", **about)

    def part(state, of):
        return Step.objects.create(
            case=case, kind="ban", subject=PersonFactory.create(school=school), drafted_by=slt, part_of=of.step,
            state=state, reason="R", proposed_by=slt, proposed_at=now,
        )  # fmt: skip

    heard, other, proposed = ban(**days), ban(**days), ban(**days)
    over = part("declined", heard)
    part("draft", other)
    part("proposed", proposed)
    for step, sent_at in ((heard.step, now), (over, now), (over, None), (other.step, now), (step_in(case), now)):
        Reply.objects.create(school=school, step=step, sent_at=sent_at)
    for each, number in ((heard, 3), (other, 1)):
        for _ in range(number):
            each.representations.create(received_on=today, how="phone", text="I was not there.", recorded_by=slt)
    for _ in range(2):
        heard.breaches.create(seen_on=today, seen="At the gate", recorded_by=slt)

    facts = heard.facts

    assert (facts.heard, facts.breaches, facts.has_open_part) == (5, 2, False)
    assert {name: getattr(facts, name) for name in days} == days
    assert facts.state == "notice"
    assert (other.facts.heard, other.facts.breaches, other.facts.has_open_part) == (2, 0, True)
    assert (proposed.facts.heard, proposed.facts.has_open_part) == (0, True)


def test_a_ban_of_the_whole_site_is_said_to_be_one():
    all_of_it = SiteBan(premises=["buildings", "playgrounds", "car_park"])

    assert all_of_it.premises_words.startswith("all of the school site")
    assert SiteBan(premises=["buildings", "car_park"]).premises_words.endswith(": buildings and car park")
