"""The request of somebody who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class StaffRequest(HttpRequest):
    """What every staff view is given: `LoginRequiredMiddleware` has turned everyone else away."""

    user: User
    # What a page has counted already, by the name of its list: the menu need not count it again.
    waiting: dict[str, int]
    # The case that the log of who looks has read already: its page need not read it again.
    case_read: Any
    # What the menu has asked of what the page is about: whether the log of who looks has this look already, and whether
    # a notice of it is unread.
    look_asked: Any
    # How many notices are unread: opening what they are about reads them.
    new_notices: int
