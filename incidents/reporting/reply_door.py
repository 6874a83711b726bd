"""In to a letter with the two codes printed in it: the page that asks, and which letter is open in this browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from dkh_conduct.school.context import school_of
from incidents.models import Step
from letters.models import Letter

if TYPE_CHECKING:
    from django.http import HttpRequest

OPENED_LETTER = "opened_letter"  # session key: the letter's own key, and until when it stays open
READ_LETTER = "read_letter"  # the same for a letter that was emailed and may only be read
OPEN_FOR = 2 * 60 * 60  # longer than a concern: people write


def open_letter(request: HttpRequest, letter: Letter) -> None:
    request.session.cycle_key()
    stay_open(request, letter)


def stay_open(request: HttpRequest, letter: Letter) -> None:
    """Whoever sends something is still there."""
    request.session[OPENED_LETTER] = [letter.pk, timezone.now().timestamp() + OPEN_FOR]


def opened_step(request: HttpRequest) -> Step | None:
    """The step whose letter is open, with its letter, case and subject."""
    pk, until = request.session.get(OPENED_LETTER, [None, 0])
    if pk is None or until < timezone.now().timestamp():
        return None
    letters = Letter.objects.answerable().filter(school=school_of(request), pk=pk)
    steps = Step.objects.decided().select_related("letter", "case", "subject", "taken_by")
    return steps.filter(letter__in=letters).first()
