"""Two people at once, on a database that has real row locks: one decides, the other is told who and when."""

from __future__ import annotations

import pytest
from django.db import connection

from dkh_conduct.accounts.roles import Role
from dkh_conduct.celery import app
from incidents.casework.case_lock import Refused
from incidents.casework.step_draft import discard_step, save_draft
from incidents.casework.step_taking import take_step
from incidents.models import Event, Step
from letters.models import Letter
from letters.refusals import LetterRefusedError, StaleDraftError
from tests.at_once import outcomes
from tests.casework.fair_case import drafted, fair_case, words_of
from tests.factories import SchoolFactory, TermFactory, UserFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_letter_is_made():
    """The worker has its own tests; here the letter only waits in the queue."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.fixture
def pair():
    """Two senior leaders of one school, who can both decide."""
    school = SchoolFactory.create()
    TermFactory.create(school=school)
    return [
        UserFactory.create(school=school, full_name=name, job_title="Deputy head", role=Role.SLT)
        for name in ("Ruth Adeyemi", "Tomas Lindqvist")
    ]


def take(step, by):
    return take_step(step=step, by=by, reason=f"{by} decided.", has_no_conflict=True, **words_of(step))


def signed_the_same(pair):
    """Both print the same name, so that the signature does not settle the race."""
    for user in pair:
        user.full_name = "Ruth Adeyemi"
        user.save()


def test_there_are_real_row_locks_here():
    assert connection.vendor == "postgresql"


@pytest.mark.parametrize("attempt", range(2))
def test_v2_3_4_of_two_who_decide_at_once_one_wins_and_the_other_is_told(pair, attempt):
    step = drafted(fair_case(pair[0]))
    signed_the_same(pair)

    results = outcomes(lambda: take(step, pair[0]), lambda: take(step, pair[1]))

    won = [each for each in results if isinstance(each, Step)]
    lost = [each for each in results if isinstance(each, Exception)]
    assert len(won) == len(lost) == 1
    assert isinstance(lost[0], Refused)
    assert "Ruth Adeyemi took this step on" in str(lost[0])
    assert Event.objects.filter(kind=Event.Kind.STEP_TAKEN).count() == 1
    assert Letter.objects.get().approved_by == won[0].taken_by


@pytest.mark.parametrize("attempt", range(2))
def test_of_two_who_save_at_once_one_is_shown_the_other_text(pair, attempt):
    step = drafted(fair_case(pair[0]))

    results = outcomes(
        lambda: save_draft(step=step, by=pair[0], reason="", **words_of(step, body="One.\n")),
        lambda: save_draft(step=step, by=pair[1], reason="", **words_of(step, body="Two.\n")),
    )

    stale = [each for each in results if isinstance(each, StaleDraftError)]
    assert len(stale) == 1
    assert stale[0].letter.body == Letter.objects.get().body
    assert Letter.objects.get().version == 2


@pytest.mark.parametrize("attempt", range(2))
def test_a_letter_is_taken_or_discarded_and_never_both(pair, attempt):
    step = drafted(fair_case(pair[0]))

    results = outcomes(lambda: take(step, pair[0]), lambda: discard_step(step=step, by=pair[1]))

    lost = [each for each in results if isinstance(each, Exception)]
    assert len(lost) == 1
    assert isinstance(lost[0], Refused | LetterRefusedError)
    assert (
        Letter.objects.exclude(state=Letter.State.DRAFT).count()
        == Event.objects.filter(kind=Event.Kind.STEP_TAKEN).count()
    )
    assert Step.objects.count() == Letter.objects.count()


@pytest.mark.parametrize("attempt", range(2))
def test_two_who_begin_at_once_get_one_draft(pair, attempt):
    case = fair_case(pair[0])

    results = outcomes(lambda: drafted(case, by=pair[0]), lambda: drafted(case, by=pair[1]))

    lost = [each for each in results if isinstance(each, Exception)]
    assert len(lost) == 1
    assert "began a draft to Daniel Marsh" in str(lost[0])
    assert Letter.objects.count() == Step.objects.count() == 1
