"""Where somebody is signed in: whose sessions are found, in which order, by which name, and which of them end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from dkh_conduct.accounts.sessions import (
    BROWSER,
    SEEN,
    STARTED,
    browser_of,
    end_session,
    end_sessions,
    forget_ended,
    sessions_of,
)

pytestmark = pytest.mark.django_db


def session_of(user, **held):
    store = SessionStore()
    store.update({**({SESSION_KEY: str(user.pk)} if user else {}), **held})
    store.save()
    return store.session_key


def over(key):
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))


def left():
    return set(Session.objects.values_list("session_key", flat=True))


def test_somebodys_own_sessions_that_are_not_over_stand_with_the_newest_first(slt, colleague):
    older = session_of(slt, **{STARTED: 1_000.0, SEEN: 2_000, BROWSER: "Firefox on Windows"})
    newer = session_of(slt, **{STARTED: 3_000.0, SEEN: 3_000.0})
    unknown = session_of(slt, **{STARTED: "yesterday"})
    over(session_of(slt))
    session_of(colleague)
    session_of(None)

    found = sessions_of(slt)

    assert [each.key for each in found] == [newer, older, unknown]
    assert [each.browser for each in found] == ["A browser", "Firefox on Windows", "A browser"]
    assert (found[1].started_at, found[1].seen_at) == tuple(datetime.fromtimestamp(n, UTC) for n in (1_000, 2_000))
    assert (found[2].started_at, found[2].seen_at) == (None, None)
    assert len({each.name for each in found}) == 3
    assert all(len(each.name) == 16 and each.key not in each.name for each in found)


def test_all_end_but_the_one_that_goes_on_and_none_of_a_colleague(slt, colleague):
    here, others, theirs = session_of(slt), [session_of(slt), session_of(slt)], session_of(colleague)

    assert end_sessions(slt, but=here) == len(others)
    assert left() == {here, theirs}
    assert end_sessions(slt) == 1
    assert left() == {theirs}


def test_one_ends_by_its_name_and_a_colleagues_name_ends_nothing(slt, colleague):
    first, second, theirs = session_of(slt), session_of(slt), session_of(colleague)
    names = {each.key: each.name for user in (slt, colleague) for each in sessions_of(user)}

    assert end_session(slt, names[theirs]) is False
    assert end_session(slt, names[first]) is True
    assert left() == {second, theirs}


def test_what_is_over_is_forgotten(slt):
    here, ended = session_of(slt), [session_of(slt), session_of(slt)]
    for key in ended:
        over(key)

    assert forget_ended() == len(ended)
    assert left() == {here}


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/26.0 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Safari/537", "Chrome on Android"),
        ("curl/8", "A browser"),
        ("Firefox/140.0", "Firefox"),
        ("HeadlessChrome (X11; Linux)", "A browser on Linux"),
        (None, "A browser"),
    ],
)
def test_a_browser_is_named_for_its_owner_to_recognise(rf, agent, name):
    assert browser_of(rf.get("/", **({"HTTP_USER_AGENT": agent} if agent else {}))) == name
