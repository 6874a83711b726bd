"""Where somebody is signed in, and ending that. No address is kept: the browser's name and two times say enough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from dkh_conduct.accounts.models import User

STARTED, SEEN, BROWSER = "signed_in_at", "seen_at", "browser"
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")),
)


@dataclass(frozen=True)
class StaffSession:
    key: str
    browser: str
    started_at: datetime | None
    seen_at: datetime | None

    @property
    def name(self) -> str:
        """Names it on a page without telling its key, which opens it."""
        from django.utils.crypto import salted_hmac

        return salted_hmac("staff session", self.key, algorithm="sha256").hexdigest()[:16]


def browser_of(request: HttpRequest) -> str:
    """`Firefox on Windows`: for its owner to recognise, not to recognise its owner."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}", agent)), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def sessions_of(user: User) -> list[StaffSession]:
    """The newest first. Reads every session that has not ended: a school has hundreds, not thousands."""
    found = [
        StaffSession(key, str(held.get(BROWSER, "A browser")), _time(held.get(STARTED)), _time(held.get(SEEN)))
        for key, held in _held_by(user)
    ]
    long_ago = datetime.fromtimestamp(0, UTC)
    return sorted(found, key=lambda each: each.started_at or long_ago, reverse=True)


def end_sessions(user: User, *, but: str | None = None) -> int:
    """How many ended; `but` is the key of the one that goes on. Each is out at its next click."""
    keys = [key for key, _ in _held_by(user) if key != but]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_session(user: User, name: str) -> bool:
    """One of somebody's own, by the name that the page gave it."""
    keys = [each.key for each in sessions_of(user) if each.name == name]
    return bool(keys) and bool(Session.objects.filter(session_key__in=keys).delete()[0])


def forget_ended() -> int:
    """How many were over by their time: whose they were, with which browser and when is then nowhere any more."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def _held_by(user: User) -> Iterator[tuple[str, dict[str, object]]]:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        held = session.get_decoded()
        if held.get(SESSION_KEY) == str(user.pk):
            yield session.session_key, held


def _time(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
