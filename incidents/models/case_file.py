"""The file of a case: what was asked to go into it, and the one PDF that a worker made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from incidents.models.case import Case
from incidents.models.referrals_out import LegalReferral
from letters.papers import Paper, PaperQuerySet

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User


class CaseFileQuerySet(PaperQuerySet):
    def visible_to(self, user: User) -> Self:
        """Of the cases somebody may see; not with a conflict over one of their concerns; advice for its readers only.

        What was put into a file stays in it, so that whoever may not know of one part of it sees none of it.
        """
        if not user.has_perm("incidents.print_case_file"):
            return self.none()
        seen = self.filter(case__in=Case.objects.visible_to(user).values("pk")).exclude(
            case__concerns__conflicts__user=user
        )
        # What was split off since may be kept from them; it is in the files that were made before.
        parted = Case.objects.filter(
            conflicts__user=user, links_back__case=OuterRef("case"), opened_at__gt=OuterRef("asked_at")
        )
        seen = seen.exclude(Exists(parted))
        privileged = LegalReferral.objects.visible_to(user).values("step__case")
        return seen.filter(Q(has_advice=False) | Q(case__in=privileged))


class CaseFile(Paper):
    """One PDF for a panel. The choices are kept, so that it can be told what was left out."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField()
    purpose = models.CharField(max_length=120, help_text="Whom it is for, as the first page says it.")
    parts = models.JSONField(help_text="The keys of the sections that go in.")
    letters = models.JSONField(help_text="The references of the letters that go in.")
    evidence = models.JSONField(help_text="The keys of the evidence whose redacted copies go in.")
    stays = models.JSONField(
        default=dict,
        blank=True,
        help_text="Why what may show who told the school stays in it, by what was objected to.",
    )
    has_advice = models.BooleanField(default=False, help_text="It holds privileged legal advice.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    papers_done = models.PositiveIntegerField(default=0)
    papers_total = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Printed on every page.")
    made_at = models.DateTimeField(null=True, blank=True)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        permissions = [("print_case_file", "Can print the file of a case for a panel")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_file_number_once_per_case"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(sha256="") & ~Q(fingerprint="") & Q(pages__gt=0)),
                name="ready_case_file_is_sealed",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="case_file_waiting")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("case-file", args=[self.case.reference, self.number])

    @property
    def reference(self) -> str:
        """`DKH-C014 file 2`: what every page of it says."""
        return f"{self.case.school.code}-{self.case.reference} file {self.number}"
