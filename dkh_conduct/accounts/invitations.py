"""How somebody comes to have an account: an administrator invites them by e-mail, and the link works once."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry, note_account
from dkh_conduct.accounts.models import Invitation, User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.following import ROLE_GIVEN, follow_at_once

if TYPE_CHECKING:
    from dkh_conduct.school.models import School

logger = logging.getLogger(__name__)
LIFE = timedelta(days=3)


class CannotInviteError(Exception):
    """The sentence that is shown beside the form."""


def invite(
    *, school: School, email: str, full_name: str, job_title: str, role: Role, by: User | None, send: bool = True
) -> tuple[Invitation, str]:
    """The invitation and its link. An earlier one to the same address ends. `by` is None on the command line."""
    email = email.lower()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if User.objects.filter(email__iexact=email).exists():
            raise CannotInviteError("Somebody with this email address has an account already")
        Invitation.objects.open().filter(school=school, email=email).update(withdrawn_at=timezone.now())
        invitation = Invitation.objects.create(
            school=school,
            email=email,
            full_name=full_name,
            job_title=job_title,
            role=role,
            token_hash=_hash(token),
            invited_by=by,
            expires_at=timezone.now() + LIFE,
        )
        link = f"{settings.SITE_URL}{reverse('invitation-open', args=[token])}"
        if send:
            transaction.on_commit(partial(_send, invitation, link), robust=True)
        note_account(AuditEntry.Kind.STAFF_INVITED, school=school, by=by, invitation=invitation.pk, role=str(role))
    return invitation, link


def withdraw(*, invitation: Invitation, by: User) -> None:
    """Its link opens nothing any more. Twice changes nothing."""
    with transaction.atomic():
        if Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
            note_account(
                AuditEntry.Kind.INVITATION_WITHDRAWN, school=invitation.school, by=by, invitation=invitation.pk
            )


def withdraw_those_of(user: User, *, by: User) -> None:
    """Whoever may not invite any more lets nobody in by a link that is still out."""
    for invitation in Invitation.objects.open().filter(invited_by=user).select_related("school"):
        withdraw(invitation=invitation, by=by)


def invitation_of(token: str) -> Invitation | None:
    return Invitation.objects.open().select_related("school").filter(token_hash=_hash(token)).first()


def accept(*, token: str, password: str) -> User | None:
    """The new account; None where the link has been used meanwhile, withdrawn, or is too old."""
    with transaction.atomic():
        invitation = Invitation.objects.open().select_for_update().filter(token_hash=_hash(token)).first()
        return _join(invitation, password) if invitation else None


def accept_at_school(*, email: str) -> User | None:
    """The same for somebody whose school account proved that the invited address is theirs. They have no password."""
    with transaction.atomic():
        invitation = Invitation.objects.open().select_for_update().filter(email=email.lower()).first()
        return _join(invitation, None) if invitation else None


def _join(invitation: Invitation, password: str | None) -> User | None:
    if User.objects.filter(email__iexact=invitation.email).exists():
        return None
    user = User.objects.create_user(
        invitation.email,
        password,
        role=Role(invitation.role),
        school=invitation.school,
        full_name=invitation.full_name,
        job_title=invitation.job_title,
    )
    follow_at_once(ROLE_GIVEN, [user.pk])
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    note_account(AuditEntry.Kind.STAFF_JOINED, school=invitation.school, by=user, about=user, invitation=invitation.pk)
    return user


def _hash(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _send(invitation: Invitation, link: str) -> None:
    about = {"invitation": invitation, "school": invitation.school, "link": link, "days": LIFE.days}
    try:
        EmailMessage(
            subject="Set up your account for the conduct portal",
            body=render_to_string("accounts/email/invitation.txt", about),
            to=[invitation.email],
        ).send()
    except OSError:
        logger.exception("The invitation %s could not be sent", invitation.pk)
