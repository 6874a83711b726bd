"""What the page of a case reads together is told apart again, in its order, and to nobody who may not know of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models import prefetch_related_objects
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.case_facts import Known, known_of
from incidents.casework.case_lists import lists_of
from incidents.casework.people_of import read_people
from incidents.casework.steps_of import steps_of
from incidents.models import (
    Case,
    CaseLink,
    CasePerson,
    Conflict,
    Evidence,
    FamilyLink,
    Note,
    Reply,
    Signal,
    SiteBan,
    Task,
)
from tests.casework.fair_case import drafted, fair_case
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory, PersonFlagFactory, UserFactory

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Person

MORNING = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


def a_task(case: Case, what: str, owner: User, *, days: int = 0, done_by: User | None = None, after: int = 0) -> Task:
    done_at = MORNING + timedelta(hours=after) if done_by else None
    return Task.objects.create(
        case=case,
        what=what,
        owner=owner,
        due_on=date(2026, 12, 3) + timedelta(days=days),
        made_by=owner,
        done_by=done_by,
        done_at=done_at,
    )


def test_the_lists_beside_a_case_are_told_apart(case, slt, colleague):
    a_task(case, "Done last", slt, done_by=colleague, after=2)
    a_task(case, "Done first", slt, days=3, done_by=slt, after=1)
    a_task(case, "Later", colleague, days=5)
    a_task(case, "Sooner", slt, days=1)
    a_task(CaseFactory.create(school=case.school, lead=slt, number=2), "Elsewhere", slt)
    for number, by in enumerate((slt, colleague)):
        at = MORNING + timedelta(hours=number)
        Note.objects.create(case=case, kind="fact", text=f"Note {number}", written_by=by, written_at=at)

    lists = lists_of(case, user=slt)

    assert [(task.what, task.owner, task.done_by, task.due_on.day) for task in lists.tasks] == [
        ("Sooner", slt, None, 4),
        ("Later", colleague, None, 8),
        ("Done first", slt, slt, 6),
        ("Done last", colleague, colleague, 3),
    ]
    assert [task.done_at for task in lists.tasks] == [None, None, *(MORNING + timedelta(hours=at) for at in (1, 2))]
    assert [task.owner.full_name for task in lists.tasks[:2]] == [slt.full_name, colleague.full_name]
    assert [task.pk for task in lists.tasks] == list(case.tasks.values_list("pk", flat=True))
    assert [(note.text, note.written_by.full_name, note.kind) for note in lists.notes] == [
        ("Note 1", colleague.full_name, "fact"),
        ("Note 0", slt.full_name, "fact"),
    ]
    assert lists.notes[0].written_at == MORNING + timedelta(hours=1)
    assert lists.links == []


def test_linked_cases_are_those_that_somebody_may_see_from_either_end(case, slt, colleague):
    before, after, kept, apart = (
        CaseFactory.create(school=case.school, lead=slt, number=number, summary=f"About {number}")
        for number in (9, 20, 21, 22)
    )
    Case.objects.filter(pk=after.pk).update(
        status="closed", closed_reason="One.", closed_at=MORNING, merged_into=case.pk
    )
    ends = {each: sorted((case, each), key=lambda end: end.pk) for each in (before, after, kept)}
    for other, (first, second) in ends.items():
        CaseLink.objects.create(case=first, other=second, reason=f"As in {other.reference}", made_by=slt)
    CaseLink.objects.create(case=before, other=apart, reason="Not of this one", made_by=slt)
    Conflict.objects.create(user=colleague, case=kept, reason="Named")

    told = [
        (link.case.reference, link.case.pk, link.case.summary, link.case.status, link.reason, link.is_merged)
        for link in lists_of(case, user=colleague).links
    ]

    assert told == [
        ("C009", before.pk, "About 9", "open", "As in C009", False),
        ("C020", after.pk, "About 20", "closed", "As in C020", True),
    ]
    assert [link.case.reference for link in lists_of(case, user=slt).links] == ["C009", "C020", "C021"]
    merged = Case.objects.get(pk=after.pk)
    assert [(link.case.pk, link.is_merged) for link in lists_of(merged, user=slt).links] == [(case.pk, True)]


@pytest.fixture
def mother(case: Case) -> Person:
    """Twice on the case: it is about her, and she is a witness."""
    mother = PersonFactory.create(school=case.school, full_name="Maya Marsh", is_contact=True)
    for role in ("subject", "witness"):
        CasePersonFactory.create(case=case, person=mother, role=role)
    return mother


def read(case: Case, user: User) -> tuple[list[Any], Known]:
    """The people as the page reads them, and what the rules ask besides."""
    found = Case.objects.get(pk=case.pk)
    prefetch_related_objects([found], CasePerson.with_their_names())
    known = read_people(found, user=user)
    return [link.person for link in found.people.all()], known


def people(case: Case, user: User) -> list[Any]:
    return read(case, user)[0]


def test_flags_and_families_go_to_their_person_in_each_role(case, mother, slt):
    alone = CasePersonFactory.create(case=case, person=PersonFactory.create(school=case.school)).person
    PersonFlagFactory.create(person=mother, set_by=slt, kind="do_not_contact", reason="Second", set_at=MORNING)
    PersonFlagFactory.create(person=mother, set_by=slt, reason="First", set_at=MORNING - timedelta(days=1))
    lifted = {"lifted_at": MORNING, "lifted_by": slt, "lifted_reason": "It ended"}
    PersonFlagFactory.create(person=mother, set_by=slt, kind="confidential", **lifted)
    PersonFlagFactory.create(person=PersonFactory.create(school=case.school), set_by=slt)
    for number, name in ((2, "Ben"), (1, "Ava")):
        child = PersonFactory.create(school=case.school, full_name=name, is_child=True, is_contact=True)
        FamilyLink.objects.create(person=mother, relative=child, kind="parent", priority=number)

    *roles, other = people(case, slt)

    assert [person.pk for person in roles] == [mother.pk, mother.pk]
    for person in roles:
        assert [(flag.kind, flag.reason, flag.set_by.full_name, flag.set_at) for flag in person.standing] == [
            ("court_order", "First", slt.full_name, MORNING - timedelta(days=1)),
            ("do_not_contact", "Second", slt.full_name, MORNING),
        ]
        assert [(kin.get_kind_display(), kin.relative.full_name) for kin in person.kin] == [
            ("Parent", "Ava"),
            ("Parent", "Ben"),
        ]
    assert (other.pk, other.standing, other.kin) == (alone.pk, [], [])


def test_a_reason_and_a_relative_of_a_case_that_is_kept_from_somebody_stay_with_it(case, mother, slt, colleague):
    hidden = CaseFactory.create(school=case.school, lead=slt, number=31)
    Conflict.objects.create(user=colleague, case=hidden, reason="Named")
    of_hidden = PersonFactory.create(school=case.school, full_name="Hidden Marsh", is_contact=False)
    for person in (mother, of_hidden):
        CasePersonFactory.create(case=hidden, person=person)
    FamilyLink.objects.create(person=mother, relative=of_hidden, kind="sibling")
    PersonFlagFactory.create(person=mother, set_by=slt, reason="An order about C031")

    def told(user: User) -> list[tuple[list[str], list[str]]]:
        return [
            ([flag.reason for flag in person.standing], [kin.relative.full_name for kin in person.kin])
            for person in people(case, user)
        ]

    assert told(slt) == [(["An order about C031"], ["Hidden Marsh"])] * 2
    assert told(colleague) == [([""], [])] * 2


def test_what_the_rules_ask_is_read_with_the_people(slt, head):
    case = fair_case(slt)
    (subject,), (allegation,) = case.subjects, case.allegations.all()
    banned = {"state": "interim", "starts_on": today(), "ends_on": today() + timedelta(days=9), "urgency": "Now."}
    step = drafted(case)
    SiteBan.objects.create(school=slt.school, step=step, person=subject, **banned)
    Signal.objects.create(allegation=allegation, kind="threat", shows="It says so.", recorded_by=slt)
    PersonFlagFactory.create(person=subject, set_by=slt)

    (person,), known = read(case, slt)

    assert len(person.standing) == 1
    assert known == known_of(case, people=[subject], besides=slt)
    assert known == Known({allegation.pk: frozenset({"threat"})}, frozenset({subject.pk}), has_approver=True)
    assert not read(case, head)[1].has_approver


def test_a_step_is_told_once_however_many_replies_came_to_its_letter(slt, colleague):
    step = drafted(fair_case(slt))
    sent = {"school": slt.school, "step": step}
    for number in (2, 1):
        at = MORNING + timedelta(hours=number)
        reply = Reply.objects.create(**sent, side=f"Side {number}", help=["time"], agreement="no", sent_at=at)
    Reply.objects.filter(pk=reply.pk).update(read_by=colleague, read_at=MORNING)
    Reply.objects.create(**sent, side="Not sent")
    for position in (1, 2):
        stored = {"sha256": "0" * 64, "original": "o", "copy": "c", "thumbnail": "t"}
        Evidence.objects.create(school=slt.school, reply=reply, position=position, name="a.png", **stored)

    told = steps_of(step.case, user=slt)

    assert [(each.pk, each.letter.pk, each.subject.full_name) for each in told.steps] == [
        (step.pk, step.letter.pk, step.subject.full_name)
    ]
    assert [letter.reference for letter in told.letters] == [step.letter.reference]
    assert [(each.side, each.help, each.agreement, each.files, each.step.pk) for each in told.replies] == [
        ("Side 1", ["time"], "no", 2, step.pk),
        ("Side 2", ["time"], "no", 0, step.pk),
    ]
    assert [each.read_by and each.read_by.full_name for each in told.replies] == [colleague.full_name, None]


@pytest.mark.parametrize("why", ["withheld", "without the right"])
def test_neither_a_letter_nor_a_reply_is_told_to_who_may_not_read_the_letter(slt, school, why):
    step = drafted(fair_case(slt))
    Reply.objects.create(school=school, step=step, side="My side", sent_at=timezone.now())
    reader = UserFactory.create(school=school, role=Role.LEGAL if why == "without the right" else Role.SLT)
    if why == "withheld":
        step.letter.withheld_from.add(reader)

    told = steps_of(step.case, user=reader)

    assert (len(told.steps), told.letters, told.replies) == (1, [], [])
    assert [len(steps_of(step.case, user=slt).replies), len(steps_of(step.case, user=slt).letters)] == [1, 1]
