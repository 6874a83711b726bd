"""Who is signed in, read with one query for the person, their school and their role; rights follow from the role."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import OuterRef, Subquery

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import PERMISSIONS, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet


@cache
def _people() -> QuerySet[User]:
    """Asked by every request of somebody signed in, so it is put together once: that took half of its time."""
    role = Group.objects.filter(user=OuterRef("pk"), name__in=Role.values).order_by("pk").values("name")[:1]
    return User.objects.select_related("school").annotate(role_name=Subquery(role))


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    def get_user(self, user_id: int) -> User | None:
        """With their school, which every page names, and their one role."""
        try:
            user = _people().get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None

    def get_group_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        """Of somebody read by `get_user`, from the table of roles; of anybody else, from their group."""
        role = getattr(user_obj, "role_name", None)
        if role and obj is None and user_obj.is_active and not user_obj.is_superuser:
            return set(PERMISSIONS[Role(role)])
        found: set[str] = super().get_group_permissions(user_obj, obj)
        return found

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        """None: rights come from a role, so that the table of roles is the whole truth."""
        return Permission.objects.none()
