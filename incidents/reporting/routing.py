"""Who is kept out of a concern because it may be about them, and who is left to read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import PERMISSIONS, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dkh_conduct.school.models import School

OTHER, NOBODY = "other", "no"
NAMED, UNSURE = "Named by the person who told us", "May be the person whom it is about"
READING_ROLES = {role.value for role, may in PERMISSIONS.items() if "incidents.view_concern" in may}
EVERY_CONCERN = {role.value for role, may in PERMISSIONS.items() if "incidents.view_every_concern" in may}
SHORTEST_TITLE = 4  # letters of a job that are enough to mean somebody: "head"


@dataclass(frozen=True)
class Route:
    """`kept_out` are those who never find it, `readers` those senior leaders who do."""

    kept_out: tuple[User, ...] = ()
    readers: tuple[User, ...] = ()
    is_unsure: bool = False

    @property
    def reason(self) -> str:
        return UNSURE if self.is_unsure else NAMED


def readers_of(school: School) -> list[User]:
    """Everybody at work whose role reads concerns, whether all of them or only some."""
    return [user for user in _staff(school) if user.is_active and _roles(user) & READING_ROLES]


def heads_in(staff: Iterable[User]) -> list[User]:
    return [user for user in staff if Role.HEAD in _roles(user)]


def chairs_in(staff: Iterable[User]) -> list[User]:
    """Who decides in place of the Executive Head."""
    return [user for user in staff if Role.CHAIR in _roles(user)]


def route_of(answers: Mapping[str, Any], school: School) -> Route:
    """Whoever was chosen or written never sees it. Nobody we know: then nobody but the head does."""
    chosen = [key for key in answers.get("leaders") or [] if key != NOBODY]
    written = answers.get("leader_name") or ""
    if not chosen and not written:
        return Route()
    staff = _staff(school)
    named = {user for user in staff if str(user.pk) in chosen}
    written_about = {user for user in staff if written and is_meant(user, written)}
    kept_out = named | written_about
    is_unsure = not kept_out or ((OTHER in chosen or bool(written)) and not written_about)
    if is_unsure:
        kept_out |= set(staff) - set(heads_in(staff)) - set(chairs_in(staff))
    left = [user for user in staff if user not in kept_out and user.is_active and _roles(user) & EVERY_CONCERN]
    if not set(heads_in(staff)) - kept_out:
        left += [user for user in chairs_in(staff) if user not in kept_out and user.is_active]
    return Route(tuple(user for user in staff if user in kept_out), tuple(left), is_unsure)


def is_meant(user: User, written: str) -> bool:
    """By any part of the name, or by the job. Too many kept out is put right by choosing from the list."""
    said = written.casefold().replace("’", "'")
    words = {re.sub(r"'s?$", "", word) for word in re.findall(r"[^\W\d_][\w'-]*", said)}
    names = {name for name in user.full_name.casefold().replace("’", "'").split() if len(name) > 1}
    typed, title = _letters(re.sub(r"^(the|our|my|a)\s+", "", said)), _letters(user.job_title.casefold())
    return bool(words & names) or bool(title and title in typed) or (len(typed) >= SHORTEST_TITLE and typed in title)


def _staff(school: School) -> list[User]:
    """Those who could find a concern, also those who have left and may come back."""
    reads = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=READING_ROLES)
    found = User.objects.filter(Exists(reads) | Q(is_superuser=True), school=school)
    return list(found.prefetch_related("groups").order_by("full_name"))


def _roles(user: User) -> set[str]:
    return {group.name for group in user.groups.all()}


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)
