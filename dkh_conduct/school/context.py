"""Which school a page is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, InterfaceError

from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from django.http import HttpRequest

_last_public: list[School] = []  # what the start page showed last, for the page that says the database is away


def school_of(request: HttpRequest) -> School:
    """The signed-in person's school, or the one school of this installation. Read once a request."""
    found: School | None = getattr(request, "_school", None)
    if found is None:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            found = user.school
        else:
            found = School.objects.order_by("pk").first()
            if found is None:
                raise School.DoesNotExist("No school is set up. Run manage.py seed_demo, or add one.")
            _last_public[:] = [found]
        request._school = found  # type: ignore[attr-defined]
    return found


def school(request: HttpRequest) -> dict[str, Any]:
    try:
        return {"school": school_of(request)}
    except School.DoesNotExist:
        return {"school": None}


def known_school(request: HttpRequest, *, ask: bool = True) -> School | None:
    """The school as far as it is known, for pages that must never fail. `ask=False` leaves the database alone."""
    known: School | None = getattr(request, "_school", None)
    if known is None and ask:
        try:
            known = school_of(request)
        except (School.DoesNotExist, DatabaseError, InterfaceError):
            known = None
    return known or next(iter(_last_public), None)
