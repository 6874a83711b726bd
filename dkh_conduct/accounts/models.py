"""A member of staff who signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.models import School

if TYPE_CHECKING:
    from dkh_conduct.accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, *, role: Role | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        if role:
            user.groups.add(Group.objects.using(self._db).get(name=role))
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Staff only: reporters and addressees have no account. The e-mail address is the user name."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="staff")
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120)
    phone = models.CharField(max_length=30, blank=True, help_text="Printed in letters this person signs.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True, help_text="The account stays for what it signed.")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name", "job_title"]

    class Meta:
        ordering = ["full_name"]
        default_permissions = ()
        permissions = [
            ("view_rights", "Can read who may do what"),
            ("read_access_log", "Can read who looked at what"),
            ("manage_staff", "Can invite staff, give roles and end accounts"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def first_name(self) -> str:
        return self.full_name.split(" ", maxsplit=1)[0]

    @property
    def role(self) -> Role | None:
        """The one role; prefetch `groups` where staff are listed."""
        from dkh_conduct.accounts.roles import Role

        return next((Role(group.name) for group in self.groups.all() if group.name in Role.values), None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither used nor withdrawn, and not too old."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Somebody an administrator asked to join. Its link works once, for three days; only the link's hash is kept."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    full_name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120)
    role = models.CharField(max_length=10)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["school", "expires_at"], name="invitation_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="used_invitation_was_not_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    @property
    def role_label(self) -> str:
        from dkh_conduct.accounts.roles import Role

        return str(Role(self.role).label)


from dkh_conduct.accounts.audit import AuditEntry  # noqa: E402  a table of this app, in a file of its own

__all__ = ["AuditEntry", "Invitation", "User"]
