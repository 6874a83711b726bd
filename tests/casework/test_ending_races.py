"""Two people at once over how a case or a concern ends: one does it, the other reads who did and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import day
from incidents.casework.case_lock import Refused
from incidents.casework.closing import close_case, pause_case, reopen_case, resume_case
from incidents.casework.notes import add_note
from incidents.casework.tasks import add_task, finish_task, link_cases
from incidents.models import Case, CaseLink, Concern, SavedFilter, Step, Task
from incidents.triage.filters import Filters
from incidents.triage.outcome import OutcomeRefusedError, close_concern
from incidents.triage.safeguarding import pause_for_safeguarding, resume_after_safeguarding
from incidents.triage.saved import MOST, NotSavedError, save_filter
from incidents.triage.undoing import undo_outcome
from letters.models import Letter
from letters.posting import mark_posted
from letters.refusals import HeldError
from tests.at_once import at_once
from tests.factories import (
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    SchoolFactory,
    TermFactory,
    UserFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dkh_conduct.accounts.models import User

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 10


@pytest.fixture
def pair() -> list[User]:
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    return [UserFactory.create(school=school, full_name=n, role=Role.SLT) for n in ("Ruth Adeyemi", "Tomas Lindqvist")]


def new_case(pair: list[User]) -> Case:
    return CaseFactory.create(school=pair[0].school, lead=pair[0], number=Case.objects.count() + 1)


def race(pair: list[User], deed: Callable[[User], Any], kind: type[Exception]) -> str:
    """Both do the same; gives what the slower one read. Exactly one of them is refused, and with a sentence."""
    raised = at_once(*[lambda by=by: deed(by) for by in pair])
    (refused,) = raised
    assert isinstance(refused, kind), refused
    return str(refused)


def names_the_first(said: str, by: User | None) -> bool:
    return by is not None and said.startswith(by.full_name) and day(today()) in said


def test_of_two_who_close_a_case_one_reads_who_did(pair):
    for _ in range(ROUNDS):
        case = new_case(pair)

        said = race(pair, lambda by, case=case: close_case(case=case, by=by, reason=f"{by}", outcomes={}), Refused)

        event = case.events.get(kind="case_closed")
        case.refresh_from_db()
        assert names_the_first(said, event.by)
        assert case.closed_reason == str(event.by)


def test_of_two_who_reopen_a_case_one_reads_who_did(pair):
    for _ in range(ROUNDS):
        case = close_case(case=new_case(pair), by=pair[0], reason="Over.", outcomes={})

        said = race(pair, lambda by, case=case: reopen_case(case=case, by=by, reason="New facts."), Refused)

        assert names_the_first(said, case.events.get(kind="case_reopened").by)


def test_nothing_is_written_on_a_case_that_is_closed_at_that_moment(pair):
    for _ in range(ROUNDS):
        case = new_case(pair)

        raised = at_once(
            lambda case=case: close_case(case=case, by=pair[0], reason="Over.", outcomes={}),
            lambda case=case: add_note(case=case, by=pair[1], kind="fact", text="He rang."),
        )

        closed, *later = case.events.order_by("-pk")
        assert closed.kind == "case_closed"
        assert len(raised) + len(later) == 1
        assert case.notes.count() == len(later)


def test_of_two_who_pause_a_case_and_of_two_who_resume_it_one_reads_who_did(pair):
    for _ in range(ROUNDS):
        case = new_case(pair)

        paused = race(pair, lambda by, case=case: pause_case(case=case, by=by, reason="A child."), Refused)
        resumed = race(pair, lambda by, case=case: resume_case(case=case, by=by, reason="Done."), Refused)

        assert names_the_first(paused, case.events.get(kind="case_paused").by)
        assert names_the_first(resumed, case.events.get(kind="case_resumed").by)


def test_of_two_who_finish_a_task_one_reads_who_did(pair):
    for _ in range(ROUNDS):
        case = new_case(pair)
        task = add_task(case=case, by=pair[0], what="Ring the family", owner=pair[0], due_on=today())

        said = race(pair, lambda by, case=case, task=task: finish_task(case=case, by=by, task=task), Refused)

        task.refresh_from_db()
        assert names_the_first(said, task.done_by)
        assert case.events.filter(kind="task_done").count() == 1


def test_the_same_task_added_twice_at_once_is_one(pair):
    for _ in range(ROUNDS):
        case = new_case(pair)

        race(
            [pair[0], pair[0]],
            lambda by, case=case: add_task(case=case, by=by, what="Ring", owner=by, due_on=today()),
            Refused,
        )

        assert Task.objects.filter(case=case).count() == 1


def test_two_cases_linked_from_both_ends_at_once_are_linked_once_and_nobody_waits_for_ever(pair):
    for _ in range(ROUNDS):
        one, other = new_case(pair), new_case(pair)

        raised = at_once(
            lambda one=one, other=other: link_cases(case=one, by=pair[0], other=other, reason="One family"),
            lambda one=one, other=other: link_cases(case=other, by=pair[1], other=one, reason="One family"),
        )

        assert [str(each) for each in raised if "is linked to this case already" not in str(each)] == []
        assert CaseLink.objects.filter(case=one, other=other).count() == 1


def test_of_two_who_undo_an_outcome_one_reads_who_did(pair):
    for _ in range(ROUNDS):
        concern = ConcernFactory.create(school=pair[0].school)
        close_concern(concern=concern, by=pair[0], kind="criticism", reason="About lunch.")

        said = race(
            pair,
            lambda by, concern=concern: undo_outcome(concern=concern, by=by, reason="A slip."),
            OutcomeRefusedError,
        )

        event = concern.events.get(kind="outcome_undone")
        assert said.startswith(f"{event.by} undid the outcome at ")
        concern.refresh_from_db()
        assert not concern.is_read


def test_an_outcome_is_not_undone_and_given_again_unseen(pair):
    """Undone by one while the other decides: the second deed meets what the first left."""
    for _ in range(ROUNDS):
        concern = ConcernFactory.create(school=pair[0].school)
        close_concern(concern=concern, by=pair[0], kind="criticism", reason="About lunch.")

        at_once(
            lambda concern=concern: undo_outcome(concern=concern, by=pair[0], reason="A slip."),
            lambda concern=concern: close_concern(concern=concern, by=pair[1], kind="criticism", reason="Again."),
        )

        concern.refresh_from_db()
        assert concern.events.filter(kind="outcome_undone").count() == 1
        assert concern.is_read == (concern.events.filter(kind="concern_closed").count() == 2)


def test_of_two_who_put_safeguarding_first_one_reads_who_did(pair):
    for _ in range(ROUNDS):
        concern = ConcernFactory.create(school=pair[0].school)

        paused = race(
            pair,
            lambda by, concern=concern: pause_for_safeguarding(concern=concern, by=by, reason="A child."),
            OutcomeRefusedError,
        )
        resumed = race(
            pair,
            lambda by, concern=concern: resume_after_safeguarding(concern=concern, by=by, reason="Done."),
            OutcomeRefusedError,
        )

        assert paused.startswith(str(concern.events.get(kind="concern_paused").by))
        assert f"{concern.events.get(kind='concern_resumed').by} said so on {day(today())}" in resumed


def test_safeguarding_first_and_another_outcome_at_once_leave_one(pair):
    for _ in range(ROUNDS):
        concern = ConcernFactory.create(school=pair[0].school)

        raised = at_once(
            lambda concern=concern: pause_for_safeguarding(concern=concern, by=pair[0], reason="A child."),
            lambda concern=concern: close_concern(concern=concern, by=pair[1], kind="criticism", reason="Lunch."),
        )

        concern.refresh_from_db()
        assert len(raised) == 1
        assert str(raised[0]).startswith(str(concern.outcome_by))
        assert timezone.localdate(concern.outcome_at) == today()


def test_the_last_free_place_for_a_filter_goes_to_one_of_two_windows(pair):
    ruth = pair[0]
    for number in range(MOST - 1):
        save_filter(by=ruth, name=f"Filter {number}", filters=Filters(), is_shared=False)

    raised = at_once(
        *[
            lambda name=name: save_filter(by=ruth, name=name, filters=Filters(), is_shared=False)
            for name in ("One", "Two")
        ]
    )

    assert [type(each) for each in raised] == [NotSavedError]
    assert SavedFilter.objects.filter(owner=ruth).count() == MOST


def test_the_same_name_saved_in_two_windows_is_one_filter(pair):
    for number in range(ROUNDS):
        raised = at_once(
            *[lambda number=number: save_filter(by=pair[0], name=f"Mine {number}", filters=Filters(), is_shared=False)]
            * 2
        )

        assert raised == []
    assert SavedFilter.objects.count() == ROUNDS
    assert not Concern.objects.exists()


def test_a_letter_is_posted_or_stopped_when_its_case_is_paused_at_that_moment_and_never_both(pair):
    ruth, now = pair[0], timezone.now()
    office = UserFactory.create(school=ruth.school, role=Role.OFFICE)
    approved = {"school": ruth.school, "drafted_by": ruth, "approved_by": ruth, "approved_at": now}
    taken = {"state": "taken", "taken_by": ruth, "taken_at": now, "reason": "R.", "has_no_conflict": True}
    for _ in range(ROUNDS):
        case = new_case(pair)
        person = CasePersonFactory.create(case=case, person=PersonFactory.create(school=ruth.school)).person
        letter = LetterFactory.create(
            state="printed",
            printed_at=now,
            file="a.pdf",
            sha256="0" * 64,
            pages=1,
            recipient=person.recipient,
            **approved,
        )
        Step.objects.create(case=case, kind="warning", subject=person, drafted_by=ruth, letter=letter, **taken)

        raised = at_once(
            lambda case=case: pause_case(case=case, by=ruth, reason="Social care asks."),
            lambda letter=letter: mark_posted(letters=[letter], posted_on=today(), by=office),
        )

        letter.refresh_from_db()
        is_stopped = Letter.objects.held().filter(pk=letter.pk).exists()
        assert (letter.state == Letter.State.POSTED) != is_stopped
        assert [type(each) for each in raised] == ([HeldError] if is_stopped else [])
