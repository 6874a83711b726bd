"""Row 42 of docs/threats.md: a message in the queue says a number and nothing else, and the row decides."""

from __future__ import annotations

import inspect
import uuid

import pytest

import letters.tasks  # noqa: F401  both register their tasks
from dkh_conduct.celery import app
from incidents.models import Email
from letters.models import Letter, LetterEvent, PrintBatch
from tests.factories import LetterFactory

app.finalize()
OURS = {name: task for name, task in app.tasks.items() if name.startswith(("incidents.", "letters."))}
ABOUT_A_ROW = {name: task for name, task in OURS.items() if inspect.signature(task.run).parameters}


def test_row_42_a_task_is_told_a_number_or_a_key_at_most():
    told = {name: list(inspect.signature(task.run).parameters) for name, task in ABOUT_A_ROW.items()}

    assert told
    assert all(parameters in (["pk"], ["key"]) for parameters in told.values())
    assert app.conf.accept_content == ["json"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ABOUT_A_ROW))
def test_row_42_a_number_that_nobody_has_does_nothing(school, name):
    is_key = "key" in inspect.signature(ABOUT_A_ROW[name].run).parameters

    ABOUT_A_ROW[name].run(str(uuid.UUID(int=7)) if is_key else 987_654_321)

    assert not Letter.objects.exists()
    assert not Email.objects.exists()
    assert not PrintBatch.objects.exists()


@pytest.mark.django_db
def test_row_42_a_draft_that_is_named_in_a_message_is_not_made(school):
    letter = LetterFactory.create(school=school, state=Letter.State.DRAFT)

    OURS["letters.tasks.render_letter"].run(letter.pk)

    letter.refresh_from_db()
    assert letter.state == Letter.State.DRAFT
    assert not letter.file
    assert not LetterEvent.objects.filter(kind=LetterEvent.Kind.SEALED).exists()
