"""The staff menu: what each role can open, and how much waits there; and how much is new behind the bell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.urls import reverse

from dkh_conduct.accounts.second_step import skips_second_step, took_second_step
from dkh_conduct.waiting import waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from dkh_conduct.accounts.http import StaffRequest


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    is_current: bool
    waiting: int = 0


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The menu, for staff pages only (at most one query), once somebody is wholly signed in."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith("/staff/"):
        return {}
    skips = settings.MAY_SKIP_SECOND_STEP and skips_second_step(request)
    if not user.is_authenticated or not (skips or took_second_step(cast("StaffRequest", request))):
        return {"skips_second_step": skips}
    staff = cast("StaffRequest", request)
    waits = waiting(staff, getattr(request, "waiting", {}))
    staff.new_notices = waits.get("notice-list", 0)
    return {
        "navigation": list(_items(staff, waits)),
        "new_notices": staff.new_notices,
        "skips_second_step": skips,
        "idle_lock_seconds": settings.IDLE_LOCK_SECONDS,
    }


def _items(request: StaffRequest, waits: dict[str, int]) -> Iterator[Item]:
    user, path = request.user, request.path

    def item(label: str, name: str, *, also: str = "", number: int = 0) -> Item:
        url = reverse(name)
        is_current = path == url if name == "dashboard" else path.startswith((url, also or url))
        return Item(label, url, is_current, number)

    if user.has_perm("incidents.view_every_case"):
        yield item("Dashboard", "dashboard")
    if user.has_perm("incidents.view_concern"):
        yield item("New concerns", "concern-list", number=waits["concern-list"])
    if user.has_perm("incidents.view_case"):
        yield item("Cases", "case-list")
    if user.has_perm("incidents.approve_step"):
        yield item("To decide", "approval-list", number=waits["approval-list"])
    if user.has_perm("incidents.view_register"):
        yield item("Site bans", "ban-register")
    if user.has_perm("incidents.record_concern") and not user.has_perm("incidents.view_concern"):
        yield item("Record a concern", "concern-record")
    if user.has_perm("letters.print_letter"):
        yield item("Print room", "print-room", also="/staff/letters/", number=waits["print-room"])
    elif user.has_perm("letters.view_letter"):
        yield item("Letters", "print-room", also="/staff/letters/")
    if user.has_perm("incidents.view_contacts"):
        yield item("Contacts", "contact-list", also="/staff/mailings/", number=waits.get("contact-list", 0))
    if user.has_perm("letters.change_lettertemplate"):
        yield item("Templates", "template-list")
    yield item("Calendar", "calendar")
    if user.has_perm("school.change_page"):
        yield item("Pages", "page-list")
    if user.has_perm("accounts.manage_staff"):
        yield item("Staff", "staff-list")
    if user.has_perm("accounts.read_access_log"):
        yield item("Access log", "access-log")
    if user.has_perm("accounts.view_rights"):
        yield item("Rights", "rights")
    yield item("Poster", "poster")
