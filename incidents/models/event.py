"""The story people read: one line for each thing done, written once and never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dkh_conduct.school.models import School
from incidents.models.case import Case, Conflict
from incidents.models.concern import Concern

if TYPE_CHECKING:
    from django.db.models import Subquery

    from dkh_conduct.accounts.models import User


class EventQuerySet(models.QuerySet["Event"]):
    def without_reporters(self) -> Self:
        """Without talk with whoever reported it: no part of what is decided, and it could tell who they are."""
        return self.exclude(kind__in=Event.WITH_REPORTERS)

    def of_case(self, case: Case | Subquery) -> Self:
        """The case's own events, those of cases merged into it, and those of the concerns that belong to it.

        Each by keys alone, so that a database reads three short ranges of an index and joins nothing. `case` may be
        the query for one.
        """
        merged = Case.objects.filter(merged_into=case).values("pk")
        concerns = Concern.objects.filter(case=case).values("pk")
        return self.filter(Q(case=case) | Q(case__in=merged) | Q(case__isnull=True, concern__in=concerns))

    def known_to(self, user: User) -> Self:
        """Without what was done with a concern, or in a case, that is kept from them: wherever it was written down.

        A concern moves from case to case, and its lines stay where they were written. A line that says where a part of
        a case went is left out with the case it went to.
        """
        from incidents.models.task import CaseLink  # a link knows its cases, which events point at

        mine = Conflict.objects.filter(user=user)
        cases = mine.filter(case__isnull=False).values("case")
        concerns = Concern.objects.filter(
            Q(pk__in=mine.filter(concern__isnull=False).values("concern")) | Q(case__in=cases)
        )
        parted = Q(case__in=CaseLink.objects.filter(other__in=cases).values("case"))
        parted |= Q(case__in=CaseLink.objects.filter(case__in=cases).values("other"))
        return (
            self.exclude(concern__in=concerns.values("pk"))
            .exclude(case__in=cases)
            .exclude(parted, kind=Event.Kind.CASE_SPLIT)
        )

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class Event(models.Model):
    """Who did what, when, and why. `facts` hold what the sentence needs; the sentence is made when it is shown."""

    class Kind(models.TextChoices):
        CONCERN_RECEIVED = "concern_received", "Concern received"
        CONCERN_ASSIGNED = "concern_assigned", "Concern assigned"
        CONCERN_WITHDRAWN = "concern_withdrawn", "Concern withdrawn by the reporter"
        MESSAGE_SENT = "message_sent", "Message to the reporter"
        MESSAGE_RECEIVED = "message_received", "Message from the reporter"
        EVIDENCE_ADDED = "evidence_added", "File added by the reporter"
        EVIDENCE_REDACTED = "evidence_redacted", "Redacted copy of a file made"
        CHAT_REST_DESTROYED = "chat_rest_destroyed", "Messages that do not matter destroyed"
        ORIGINAL_OPENED = "original_opened", "Sealed original of a file opened"
        EMAIL_SAVED = "email_saved", "Email as it came saved"
        CONTACT_CHANGED = "contact_changed", "The reporter changed how to reach them"
        CODE_REISSUED = "code_reissued", "New access code given"
        CONCERN_CLOSED = "concern_closed", "Nothing further"
        CONCERN_HANDED_OVER = "concern_handed_over", "Handed over"
        HAND_OVER_WRITTEN = "hand_over_written", "Letter about the complaint"
        CONCERN_DUPLICATE = "concern_duplicate", "Marked as a duplicate"
        CONCERN_PAUSED = "concern_paused", "Paused for safeguarding"
        CONCERN_RESUMED = "concern_resumed", "Safeguarding done"
        OUTCOME_UNDONE = "outcome_undone", "Outcome undone"
        CASE_OPENED = "case_opened", "Case opened"
        CONCERN_ADDED = "concern_added", "Concern added"
        PERSON_ADDED = "person_added", "Person added"
        PERSON_CHANGED = "person_changed", "Person changed"
        FLAG_SET = "flag_set", "Letters to a person stopped"
        FLAG_LIFTED = "flag_lifted", "Flag on a person lifted"
        FLAG_OVERRIDDEN = "flag_overridden", "Leave to write in spite of a flag"
        ALLEGATION_ADDED = "allegation_added", "Allegation added"
        FINDING_RECORDED = "finding_recorded", "Finding recorded"
        INFORMATION_ASKED = "information_asked", "Information asked for"
        INFORMATION_RECEIVED = "information_received", "Information received"
        INFORMATION_RECOUNTED = "information_recounted", "Day to answer counted again"
        REPLY_RECEIVED = "reply_received", "Reply to a letter received"
        REPLY_READ = "reply_read", "Reply to a letter read"
        CANNOT_WAIT = "cannot_wait", "Recorded why it cannot wait"
        NOTE_ADDED = "note_added", "Note added"
        CASE_REFERRED = "case_referred", "Case referred to Trust legal"
        REFERRAL_ENDED = "referral_ended", "Referral to Trust legal ended"
        CONFLICT_RECORDED = "conflict_recorded", "Stepped aside"
        LEAD_CHANGED = "lead_changed", "Lead changed"
        STEP_DRAFTED = "step_drafted", "Step drafted"
        STEP_DRAFT_DISCARDED = "step_draft_discarded", "Draft discarded"
        STEP_PROPOSED = "step_proposed", "Step proposed"
        STEP_SENT_BACK = "step_sent_back", "Proposal sent back"
        STEP_DECLINED = "step_declined", "Proposal not approved"
        STEP_TAKEN = "step_taken", "Step taken"
        REPRESENTATION_RECEIVED = "representation_received", "Their side on a ban received"
        BREACH_RECORDED = "breach_recorded", "Coming on site recorded"
        MEETING_ARRANGED = "meeting_arranged", "Meeting arranged"
        MEETING_HELD = "meeting_held", "Meeting held"
        MEETING_MISSED = "meeting_missed", "Meeting missed"
        NOTES_AGREED = "notes_agreed", "Notes of a meeting answered"
        SIGNAL_RECORDED = "signal_recorded", "Signal in a message recorded"
        SIGNAL_WITHDRAWN = "signal_withdrawn", "Signal in a message withdrawn"
        AUTHORITY_TOLD = "authority_told", "Sent to the authorities"
        AUTHORITY_ANSWERED = "authority_answered", "The authorities answered"
        PACK_MADE = "pack_made", "Pack made"
        CASE_FILE_MADE = "case_file_made", "File of the case printed"
        LEGAL_ADVISED = "legal_advised", "Legal advice filed"
        STEP_RESCINDED = "step_rescinded", "Step rescinded"
        TASK_ADDED = "task_added", "Task added"
        TASK_DONE = "task_done", "Task done"
        CASE_LINKED = "case_linked", "Linked to another case"
        CASE_UNLINKED = "case_unlinked", "Link to another case removed"
        CASE_MERGED = "case_merged", "Cases merged"
        CASE_SPLIT = "case_split", "Case split"
        CASE_PAUSED = "case_paused", "Case paused for safeguarding"
        CASE_RESUMED = "case_resumed", "Case goes on"
        CASE_CLOSED = "case_closed", "Case closed"
        CASE_REOPENED = "case_reopened", "Case opened again"

    WITH_REPORTERS = (Kind.MESSAGE_SENT, Kind.MESSAGE_RECEIVED, Kind.CONTACT_CHANGED, Kind.CODE_REISSUED)

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=Kind)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["case", "-at"], name="event_of_case"),
            models.Index(fields=["concern", "-at"], name="event_of_concern"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("An event is written once and never edited.")
        super().save(*args, **kwargs)


def record(
    kind: Event.Kind,
    *,
    school: School,
    by: User | None,
    case: Case | None = None,
    concern: Concern | None = None,
    why: str = "",
    **facts: Any,
) -> Event:
    """Write the one event of a verb, inside the verb's own transaction. References are kept as facts of their own."""
    if case:
        facts["case"] = case.reference
    if concern:
        facts["concern"] = concern.reference
    return Event.objects.create(school=school, kind=kind, by=by, case=case, concern=concern, why=why, facts=facts)
