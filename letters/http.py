"""The request of somebody who is signed in, as far as letters know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from letters.models import Staff


class StaffRequest(HttpRequest):
    """What every view here is given: `LoginRequiredMiddleware` has turned everyone else away."""

    user: Staff  # type: ignore[assignment]
