"""What follows from a change elsewhere: functions that the settings name.

The school, its accounts and the letters know nothing of cases. The installation says, in `FOLLOWS`, what a changed
calendar, a posted letter or a new role moves. Each function takes keys, reads what holds now, and is safe to run twice:
what is called once a change is kept, a sweep calls again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Sequence

CALENDAR_CHANGED = "calendar_changed"
POST_CHANGED = "post_changed"
ROLE_GIVEN = "role_given"


def follow(what: str, keys: Sequence[int]) -> None:
    """Call what follows, after the transaction. A failure there undoes nothing here."""
    if keys:
        for name in settings.FOLLOWS.get(what, ()):
            transaction.on_commit(partial(import_string(name), list(keys)), robust=True)


def follow_at_once(what: str, keys: Sequence[int]) -> None:
    """Call what follows, within the transaction: where it fails, the change is not kept. For who may read what."""
    for name in settings.FOLLOWS.get(what, ()):
        import_string(name)(list(keys))
