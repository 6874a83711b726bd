"""What an administrator does to an account. Each is one transaction with one line in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry, note_account
from dkh_conduct.accounts.invitations import withdraw_those_of
from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.sessions import end_sessions
from dkh_conduct.school.following import ROLE_GIVEN, follow_at_once

if TYPE_CHECKING:
    from django.db.models import QuerySet


class RefusedError(Exception):
    """The sentence that is shown to the administrator."""


def staff_of(by: User) -> QuerySet[User]:
    """Everybody of the administrator's own school, whoever has left among them."""
    return User.objects.filter(school=by.school_id).prefetch_related("groups")


def invitations_of(by: User) -> QuerySet[Invitation]:
    return Invitation.objects.open().filter(school=by.school_id)


@transaction.atomic
def change_staff(*, user: User, by: User, full_name: str, job_title: str, phone: str, role: Role) -> User:
    """A new role ends every session: they sign in again with it. The last administrator stays one."""
    user = _hold(user, by=by)
    before = user.role
    if before == Role.ADMIN and role != Role.ADMIN:
        _keep_an_administrator(user)
    user.full_name, user.job_title, user.phone = full_name, job_title, phone
    user.save(update_fields=["full_name", "job_title", "phone"])
    facts = {}
    if role != before:
        user.groups.set([Group.objects.get(name=role)])
        follow_at_once(ROLE_GIVEN, [user.pk])
        if before == Role.ADMIN:
            withdraw_those_of(user, by=by)
        end_sessions(user)
        facts = {"from_role": str(before or ""), "role": str(role)}
    note_account(AuditEntry.Kind.STAFF_CHANGED, school=user.school, by=by, about=user, **facts)
    return user


@transaction.atomic
def reset_second_step(*, user: User, by: User) -> None:
    """For a lost phone, after checking who asks: they set up a new one with their password, and are out everywhere.

    Their school account is let go of too: it is linked again, by its address, when they next come in with it.
    """
    user = _hold(user, by=by)
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    end_sessions(user)
    note_account(AuditEntry.Kind.SECOND_STEP_RESET, school=user.school, by=by, about=user)


@transaction.atomic
def sign_out_everywhere(*, user: User, by: User) -> int:
    user = _hold(user, by=by)
    ended = end_sessions(user)
    note_account(AuditEntry.Kind.SESSIONS_ENDED, school=user.school, by=by, about=user, ended=ended)
    return ended


@transaction.atomic
def end_account(*, user: User, by: User) -> User:
    """No password, school account, second step, session or role from this moment. What they signed keeps their name."""
    user = _hold(user, by=by)
    if user.pk == by.pk:
        raise RefusedError("You cannot end your own account. Ask another administrator.")
    if user.role == Role.ADMIN:
        _keep_an_administrator(user)
    user.is_active, user.left_at = False, timezone.now()
    user.set_unusable_password()
    user.save(update_fields=["is_active", "left_at", "password"])
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    user.groups.clear()
    withdraw_those_of(user, by=by)
    end_sessions(user)
    note_account(AuditEntry.Kind.STAFF_LEFT, school=user.school, by=by, about=user)
    return user


def _hold(user: User, *, by: User) -> User:
    if not by.has_perm("accounts.manage_staff") or user.school_id != by.school_id:
        raise PermissionDenied
    held = User.objects.select_related("school").select_for_update(of=("self",)).get(pk=user.pk)
    if not held.is_active:
        raise RefusedError(f"{held.full_name} has left. Invite them again with another email address.")
    return held


def _keep_an_administrator(user: User) -> None:
    others = User.objects.filter(school=user.school_id, is_active=True, groups__name=Role.ADMIN).exclude(pk=user.pk)
    if not others.exists():
        raise RefusedError(f"{user.full_name} is the only administrator. Make somebody else one first.")
