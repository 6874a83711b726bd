"""The staff menu: what each role can open, and how much waits there; and how much is new behind the bell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db.models import Exists
from django.urls import reverse

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.second_step import skips_second_step, took_second_step
from dkh_conduct.reading import Asked, notices_about, same_look, subject_of
from dkh_conduct.school.models import School
from incidents.models import Concern, Notice, Step
from incidents.models.counted import number_of
from letters.models import Letter, Mailing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
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
    waits = _waiting(staff, getattr(request, "waiting", {}))
    staff.new_notices = waits.get("notice-list", 0)
    return {
        "navigation": list(_items(staff, waits)),
        "new_notices": staff.new_notices,
        "skips_second_step": skips,
        "idle_lock_seconds": settings.IDLE_LOCK_SECONDS,
    }


def _items(request: StaffRequest, waits: dict[str, int]) -> Iterator[Item]:
    user, path = request.user, request.path

    def item(label: str, name: str, *, also: str = "", waiting: int = 0) -> Item:
        url = reverse(name)
        is_current = path == url if name == "dashboard" else path.startswith((url, also or url))
        return Item(label, url, is_current, waiting)

    if user.has_perm("incidents.view_every_case"):
        yield item("Dashboard", "dashboard")
    if user.has_perm("incidents.view_concern"):
        yield item("New concerns", "concern-list", waiting=waits["concern-list"])
    if user.has_perm("incidents.view_case"):
        yield item("Cases", "case-list")
    if user.has_perm("incidents.approve_step"):
        yield item("To decide", "approval-list", waiting=waits["approval-list"])
    if user.has_perm("incidents.view_register"):
        yield item("Site bans", "ban-register")
    if user.has_perm("incidents.record_concern") and not user.has_perm("incidents.view_concern"):
        yield item("Record a concern", "concern-record")
    if user.has_perm("letters.print_letter"):
        yield item("Print room", "print-room", also="/staff/letters/", waiting=waits["print-room"])
    elif user.has_perm("letters.view_letter"):
        yield item("Letters", "print-room", also="/staff/letters/")
    if user.has_perm("incidents.view_contacts"):
        yield item("Contacts", "contact-list", also="/staff/mailings/", waiting=waits.get("contact-list", 0))
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


def _waiting(request: StaffRequest, counted: dict[str, int]) -> dict[str, int]:
    """How much waits in each list, by its name; what the page has counted already is not counted again.

    The same query says whether this look at what the page is about is in the log already, and whether a notice of it
    is unread.
    """
    user, subject = request.user, subject_of(request)
    lists: dict[str, QuerySet[Any]] = {}
    if user.has_perm("incidents.view_concern") or user.has_perm("incidents.view_case"):
        lists["notice-list"] = Notice.objects.visible_to(user).unread()
    if user.has_perm("incidents.view_concern"):
        lists["concern-list"] = Concern.objects.visible_to(user).unread()
    if user.has_perm("incidents.approve_step"):
        lists["approval-list"] = Step.objects.waiting_for(user)
    if user.has_perm("letters.print_letter"):
        lists["print-room"] = Letter.objects.visible_to(user).to_print()
    if user.has_perm("letters.approve_mailing"):
        lists["contact-list"] = Mailing.objects.waiting_for(user)
    asked = [name for name in lists if name not in counted]
    if not asked:
        return counted
    noted = same_look(user, thing=subject.thing, reference=subject.reference) if subject else AuditEntry.objects.none()
    numbers = [number_of(lists[name]) for name in asked]
    told = notices_about(user, subject) if subject else Notice.objects.none()
    mine = School.objects.filter(pk=user.school_id)
    *numbers, is_noted, is_told = mine.values_list(*numbers, Exists(noted), Exists(told)).get()
    if subject:
        request.look_asked = Asked(subject, is_noted=is_noted, is_told=is_told)
    return {**counted, **dict(zip(asked, numbers, strict=True))}
