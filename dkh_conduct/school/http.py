"""The request of somebody who is signed in, as far as the school's own pages know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class StaffRequest(HttpRequest):
    """What every staff view here is given: `LoginRequiredMiddleware` has turned everyone else away."""

    user: AbstractBaseUser  # type: ignore[assignment]
