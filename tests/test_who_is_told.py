"""Who reads a line that tells of something: notices, flags, filters, tasks, the story, letters to many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.models import CaseLink, Conflict, Event, Notice, PersonFlag, SavedFilter, Task
from incidents.models.event import record
from letters.models import Mailing
from tests.factories import (
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    PersonFlagFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def kept_from(user, **what):
    Conflict.objects.create(user=user, reason="Named in it", **what)


def test_a_notice_is_seen_by_whom_it_tells_while_they_may_know_of_its_thing(school, slt, colleague):
    case, kept_case = CaseFactory.create_batch(2, school=school, lead=slt)
    concern, kept_concern = ConcernFactory.create_batch(2, school=school)
    kept_from(slt, case=kept_case)
    kept_from(slt, concern=kept_concern)
    about = [{"case": case}, {"case": kept_case}, {"concern": concern}, {"concern": kept_concern}]
    of_case, _, of_concern, _ = (
        Notice.objects.create(user=slt, kind="case_late", key=str(n), **what) for n, what in enumerate(about)
    )
    Notice.objects.create(user=colleague, kind="case_late", key="0", case=case)
    Notice.objects.filter(pk=of_case.pk).update(read_at=timezone.now())

    assert set(Notice.objects.visible_to(slt)) == {of_case, of_concern}
    assert set(Notice.objects.visible_to(slt).unread()) == {of_concern}


def test_why_letters_are_stopped_is_for_who_runs_cases_and_may_know_of_all_of_that_person(school, slt, office):
    case, hidden = CaseFactory.create_batch(2, school=school, lead=slt)
    kept_from(slt, case=hidden)
    seen, partly, alone = PersonFactory.create_batch(3, school=school)
    for each, person in ((case, seen), (case, partly), (hidden, partly)):
        CasePersonFactory.create(case=each, person=person)
    for person in (seen, partly, alone):
        PersonFlagFactory.create(person=person, set_by=slt)

    def read_by(user):
        return {flag.person for flag in PersonFlag.objects.as_read_by(user) if flag.shows_reason}

    assert read_by(slt) == {seen, alone}
    assert read_by(office) == set()
    assert len(PersonFlag.objects.as_read_by(office)) == 3


def test_a_flag_stands_until_it_is_lifted(school, slt):
    person = PersonFactory.create(school=school)
    standing = PersonFlagFactory.create(person=person, set_by=slt)
    PersonFlagFactory.create(
        person=person, set_by=slt, lifted_at=timezone.now(), lifted_by=slt, lifted_reason="The order ended"
    )

    assert list(PersonFlag.objects.standing()) == [standing]
    assert [kind for kind in PersonFlag.Kind if PersonFlag(kind=kind).may_be_overridden] == ["do_not_contact"]


def test_a_filter_is_shared_by_who_says_so_at_their_school_and_never_with_words(school, slt, colleague, outsider):
    def kept(owner, query, **about):
        return SavedFilter.objects.create(school=owner.school, owner=owner, name=query, query=query, **about)

    own = kept(slt, "q=Marsh"), kept(slt, "state=new")
    shared = [kept(colleague, query, is_shared=True) for query in ("state=late", "q=", "q=&state=new")]
    kept(colleague, "state=mine")
    kept(colleague, "q=Marsh&state=new", is_shared=True)
    kept(outsider, "state=late", is_shared=True)

    assert set(SavedFilter.objects.visible_to(slt)) == {*own, *shared}


def test_a_task_is_to_do_until_it_is_done_or_its_case_is_closed(school, slt, colleague):
    case, hidden, closed = CaseFactory.create_batch(3, school=school, lead=slt)
    kept_from(colleague, case=hidden)
    type(case).objects.filter(pk=closed.pk).update(status="closed", closed_at=timezone.now(), closed_reason="Done")
    today = timezone.localdate()

    def task(of, due=today, **about):
        return Task.objects.create(case=of, what="Ring", owner=slt, made_by=slt, due_on=due, **about)

    due, later = task(case), task(case, today + timedelta(days=1))
    done = task(case, done_at=timezone.now(), done_by=slt)
    of_hidden, of_closed = task(hidden), task(closed)

    assert set(Task.objects.visible_to(colleague)) == {due, later, done, of_closed}
    assert set(Task.objects.to_do()) == {due, later, of_hidden}
    assert set(Task.objects.due_by(today)) == {due, of_hidden}


def test_the_story_of_a_case_has_what_was_merged_into_it_and_its_concerns_but_no_line_of_another(school, slt):
    case, other = CaseFactory.create_batch(2, school=school, lead=slt)
    merged = CaseFactory.create(
        school=school, lead=slt, merged_into=case, status="closed", closed_at=timezone.now(), closed_reason="One case"
    )
    concern, of_none = ConcernFactory.create(school=school, case=case), ConcernFactory.create(school=school)

    def told(kind=Event.Kind.NOTE_ADDED, **about):
        return record(kind, school=school, by=slt, **about)

    own = [told(case=case), told(case=merged), told(concern=concern), told(case=case, concern=of_none)]
    message = told(Event.Kind.MESSAGE_SENT, concern=concern)
    for about in ({"case": other}, {"concern": of_none}, {"case": other, "concern": concern}):
        told(**about)

    assert set(Event.objects.of_case(case)) == {*own, message}
    assert set(Event.objects.of_case(case).without_reporters()) == set(own)
    assert own[3].facts == {"case": case.reference, "concern": of_none.reference}
    assert own[3].by == slt


def test_no_line_is_told_to_somebody_of_what_is_kept_from_them_nor_that_it_was_parted(school, slt, colleague):
    """Whichever way the two cases are linked."""
    first, kept, last, far, farther = CaseFactory.create_batch(5, school=school, lead=slt)
    kept_from(colleague, case=kept)
    kept_from(slt, case=last)
    alone, of_kept = ConcernFactory.create(school=school), ConcernFactory.create(school=school, case=kept)
    kept_from(colleague, concern=alone)
    moved, free = ConcernFactory.create(school=school, case=last), ConcernFactory.create(school=school)
    for case, other in ((first, kept), (kept, last), (far, farther)):
        CaseLink.objects.create(case=case, other=other, reason="One family", made_by=slt)

    def told(kind=Event.Kind.NOTE_ADDED, **about):
        return record(kind, school=school, by=slt, **about)

    split = Event.Kind.CASE_SPLIT
    for about in (
        {"case": kept}, {"concern": alone}, {"concern": of_kept}, {"case": first, "concern": of_kept},
        {"kind": split, "case": first}, {"kind": split, "case": last},
    ):  # fmt: skip
        told(**about)
    shown = [
        told(case=first),
        told(case=last),
        told(concern=moved),
        told(concern=free),
        *(told(split, case=each) for each in (far, farther)),
    ]

    assert set(Event.objects.known_to(colleague)) == set(shown)


def test_a_letter_to_many_families_is_for_who_writes_them_and_once_approved_for_who_prints(
    school, slt, colleague, office, outsider
):
    dpo = UserFactory.create(school=school, role=Role.DPO)
    names = ("draft", "proposed", "approved", "done", "discarded")

    def mailing(number, state, by=slt):
        letter = LetterFactory.create(school=by.school, drafted_by=by)
        return Mailing.objects.create(
            school=by.school, number=number, letter=letter, audience={}, audience_words="All", state=state,
            drafted_by=by, proposed_by=by, decided_by=outsider,
        )  # fmt: skip

    draft, proposed, approved, done, discarded = (mailing(number, state) for number, state in enumerate(names))
    mailing(1, "proposed", outsider)
    mailing(2, "approved", outsider)

    sees = {who: set(Mailing.objects.visible_to(who)) for who in (slt, colleague, office, dpo)}
    waits = {who: set(Mailing.objects.waiting_for(who)) for who in (slt, colleague, office)}

    every = {draft, proposed, approved, done, discarded}
    assert sees == {slt: every, colleague: every, office: {approved, done}, dpo: set()}
    assert waits == {slt: set(), colleague: {proposed}, office: set()}
