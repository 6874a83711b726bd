"""Whether calls with room stay in one piece of the interpreter's memory, and that without it some do not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from resource import RUSAGE_SELF, getrusage

import pytest
from django.test import RequestFactory

from dkh_conduct import wsgi
from dkh_conduct.celery import app
from dkh_conduct.room import with_room

CALLS = 300
DEPTHS = range(400)  # more than a piece holds of such calls


def below(depth, function):
    return function() if depth == 0 else below(depth - 1, function)


def leaf():
    """Larger than `below`, so that no end of a piece falls between two depths unseen."""


leaf.__code__ = leaf.__code__.replace(co_stacksize=100)


def many_calls():
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        leaf()
    return getrusage(RUSAGE_SELF).ru_minflt - before


def deepest():
    """The most that any depth costs below the place where this is called."""
    return max(below(depth, many_calls) for depth in DEPTHS)


def in_a_thread(function):
    """With frames of its own: these tests have room already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function).result()


def test_with_room_no_depth_makes_calls_ask_the_system_for_memory():
    """Where the first of these fails, the interpreter no longer needs room, and this module can go."""
    assert in_a_thread(deepest) >= CALLS
    assert in_a_thread(lambda: with_room(deepest)) < CALLS / 10


def test_what_is_called_with_room_gives_and_raises_what_it_does_without():
    assert with_room(divmod, 7, 2) == (3, 1)
    assert with_room(dict, a=1) == {"a": 1}
    with pytest.raises(ZeroDivisionError):
        with_room(divmod, 1, 0)


def test_every_page_is_made_with_room(monkeypatch):
    found = []
    monkeypatch.setattr(wsgi, "portal", lambda environ, start_response: [found.append(deepest())])

    in_a_thread(lambda: wsgi.application(RequestFactory().get("/").environ, lambda *_: None))

    assert found[0] < CALLS / 10


def test_every_task_is_done_with_room():
    task = app.task(deepest, name="test_room.deepest", shared=False)

    assert in_a_thread(lambda: task.apply().get()) < CALLS / 10
    del app.tasks["test_room.deepest"]
