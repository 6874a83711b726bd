"""One rung of the policy's ladder on a case: drafted, proposed where a second person must agree, and taken.

A later part of a step, such as what is decided about a ban once the parent has put their side, is a row of its own
with its own letter and reason. It says which step it is `part_of`.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.history import HistoricalRecords
from incidents.models.allegation import Allegation
from incidents.models.case import Case
from incidents.models.person import Person
from incidents.policy.stages import STAGES, Stage, stage_of
from incidents.policy.wording import POLICY

STEPS = [(step.key, step.short) for step in POLICY.steps]
STAGE_KEYS = sorted({(stage.key, stage.title) for stage in STAGES if stage.key})


class StepQuerySet(models.QuerySet["Step"]):
    def taken(self) -> Self:
        return self.filter(state=Step.State.TAKEN)

    def decided(self) -> Self:
        """Taken, also where it was rescinded later: its letter went out."""
        return self.filter(state__in=[Step.State.TAKEN, Step.State.RESCINDED])

    def drafts(self) -> Self:
        return self.filter(state=Step.State.DRAFT)

    def proposed(self) -> Self:
        return self.filter(state=Step.State.PROPOSED)

    def rungs(self) -> Self:
        """Without the later parts of a step."""
        return self.filter(part_of=None)

    def visible_to(self, user: Any) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user).values("pk"))

    def waiting_for(self, user: Any) -> Self:
        """What this person could approve: never their own proposal, and never with a conflict."""
        if not user.has_perm("incidents.approve_step"):
            return self.none()
        return self.proposed().visible_to(user).exclude(proposed_by=user)


class Step(models.Model):
    """A step is drafted, then taken with a reason. It is never deleted once taken: it can be rescinded."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Waiting for approval"
        TAKEN = "taken", "Taken"
        DECLINED = "declined", "Not approved"
        RESCINDED = "rescinded", "Rescinded"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=STEPS)
    stage = models.CharField(max_length=12, choices=STAGE_KEYS, blank=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    allegations = models.ManyToManyField(Allegation, blank=True, related_name="steps")
    policy_version = models.CharField(max_length=20, default=POLICY.version)
    reason = models.TextField(max_length=5_000, blank=True)
    left_out_reason = models.TextField(max_length=2_000, blank=True, help_text="Why a lower step was left out.")
    soon_reason = models.TextField(max_length=2_000, blank=True, help_text="Why so soon after the last step.")
    again_reason = models.TextField(max_length=2_000, blank=True, help_text="Why again for the same conduct.")
    has_no_conflict = models.BooleanField(default=False, help_text="The decider said they are not named in it.")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposals = models.PositiveSmallIntegerField(default=0, help_text="How often it was sent for approval.")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    rescinded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rescinded_at = models.DateTimeField(null=True, blank=True)
    rescinded_reason = models.TextField(max_length=5_000, blank=True)
    # The case points at its letters, never the other way.
    letter = models.OneToOneField("letters.Letter", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = StepQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["drafted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "subject"],
                condition=Q(state__in=["draft", "proposed"]),
                name="one_draft_of_a_step_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "declined"])
                | (~Q(reason="") & Q(taken_by__isnull=False) & Q(taken_at__isnull=False) & Q(has_no_conflict=True)),
                name="taken_step_has_reason_person_time_and_no_conflict",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed")
                | (~Q(reason="") & Q(proposed_by__isnull=False) & Q(proposed_at__isnull=False)),
                name="proposed_step_has_reason_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | Q(taken_by__isnull=True) | ~Q(proposed_by=F("taken_by")),
                name="nobody_approves_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state="rescinded")
                | (~Q(rescinded_reason="") & Q(rescinded_by__isnull=False) & Q(rescinded_at__isnull=False)),
                name="rescinded_step_has_reason_person_and_time",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "state", "taken_at"], name="step_of_case"),
            models.Index(fields=["proposed_at"], condition=Q(state="proposed"), name="step_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.case.reference}"

    def get_absolute_url(self) -> str:
        return reverse("step", args=[self.case.reference, self.pk])

    @property
    def text(self) -> str:
        return POLICY.step(self.kind).text

    @property
    def row(self) -> Stage:
        """Its row in the policy's table of stages."""
        return stage_of(self.kind, self.stage)

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def root(self) -> Step:
        """The step itself, for one of its later parts."""
        return self.part_of or self

    @property
    def explanations(self) -> list[tuple[str, str]]:
        """What the file prints beside the reason."""
        named = (
            ("Why a lower step was left out", self.left_out_reason),
            ("Why so soon after the last step", self.soon_reason),
            ("Why a second step for the same conduct", self.again_reason),
        )
        return [(name, reason) for name, reason in named if reason]


class Approval(models.Model):
    """What the second person decided about one proposal. Written once; a proposal is decided once."""

    class Decision(models.TextChoices):
        APPROVE = "approve", "Approved"
        BACK = "back", "Sent back"
        DECLINE = "decline", "Not approved"

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="approvals")
    proposal = models.PositiveSmallIntegerField(help_text="1 for the first time it was proposed.")
    decision = models.CharField(max_length=8, choices=Decision)
    reason = models.TextField(max_length=5_000)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "proposal"], name="a_proposal_is_decided_once"),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="another_person_decides"),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.step}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A decision is written once and never edited.")
        super().save(*args, **kwargs)
