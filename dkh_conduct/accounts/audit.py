"""Who looked at what, and what was done to accounts: one chained log that nobody can change unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from dkh_conduct.school.chain import ChainedEntry, append

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School


class AuditEntry(ChainedEntry):
    """A read names its thing by kind and reference; an account is named by its key among the facts."""

    class Kind(models.TextChoices):
        READ = "read", "Opened"
        STAFF_INVITED = "staff_invited", "Invited"
        INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation withdrawn"
        STAFF_JOINED = "staff_joined", "Account set up"
        SCHOOL_ACCOUNT_LINKED = "school_account_linked", "School account linked"
        STAFF_CHANGED = "staff_changed", "Account changed"
        SECOND_STEP_RESET = "second_step_reset", "Second step reset"
        SESSIONS_ENDED = "sessions_ended", "Signed out everywhere"
        DIGEST_SENT = "digest_sent", "Weekly message sent"
        CONTACTS_IMPORTED = "contacts_imported", "Contacts imported"
        STAFF_LEFT = "staff_left", "Left, account ended"

    class Thing(models.TextChoices):
        CONCERN = "concern", "Concern"
        CASE = "case", "Case"
        EVIDENCE = "evidence", "Evidence"
        LETTER = "letter", "Letter"
        CONTACT = "contact", "Contact"
        EXPORT = "export", "Export"
        SEARCH = "search", "Search"

    chained: ClassVar[tuple[str, ...]] = ("thing", "reference", "reason")

    thing = models.CharField(max_length=10, choices=Thing, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why, from somebody who was not on the case.")

    class Meta(ChainedEntry.Meta):
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["school", "thing", "reference", "seq"], name="audit_of_thing"),
            models.Index(fields=["school", "at"], name="audit_by_time"),
        ]

    @property
    def words(self) -> str:
        return self.Kind(self.kind).label if self.kind in self.Kind.values else self.kind


def note_account(
    kind: AuditEntry.Kind, *, school: School, by: User | None, about: User | None = None, **facts: Any
) -> AuditEntry:
    """What was done to an account. The last thing its transaction does: see `append`."""
    about_whom = {"user": about.pk} if about else {}
    return append(AuditEntry, school=school, kind=kind, by=by, facts={**about_whom, **facts})
