"""The kinds of letter there are, and how facts become the words of one: `compose(kind, facts)`."""

from __future__ import annotations

from letters.kinds.ban_afterwards import (
    BAN_BREACH,
    BAN_EXPIRED,
    BAN_LIFTED,
    BAN_REVIEW,
    BanBreachFacts,
    BanEndedFacts,
    BanReviewFacts,
)
from letters.kinds.ban_outcomes import (
    BAN_CONFIRMED,
    BAN_EXTENDED,
    BAN_NOT_MADE,
    BAN_VARIED,
    BanDecidedFacts,
    BanNotMadeFacts,
    Weighed,
)
from letters.kinds.bans import ALL_OF_THE_SITE, BAN_INTENT, BAN_INTERIM, BanInterimFacts, BanNoticeFacts
from letters.kinds.composing import Composed, Source, compose_from, file_source
from letters.kinds.correspondence import (
    ACKNOWLEDGEMENT,
    COMPLAINT_HANDOVER,
    GENERAL,
    INFORMATION_REQUEST,
    POLICY_REMINDER,
    REPORTER_UPDATE,
    AcknowledgementFacts,
    ComplaintHandoverFacts,
    GeneralFacts,
    InformationRequestFacts,
    PolicyReminderFacts,
    ReporterUpdateFacts,
)
from letters.kinds.kind import Field, Finding, Kind, LetterFacts, Part, QuotedClause
from letters.kinds.meetings import (
    MEETING_FOLLOW_UP,
    MEETING_INVITATION,
    MEETING_NO_SHOW,
    Attendee,
    MeetingFollowUpFacts,
    MeetingInvitationFacts,
    MeetingNoShowFacts,
    Slot,
)
from letters.kinds.referrals import AUTHORITIES_COVER, LEGAL_COVER, AuthoritiesCoverFacts, LegalCoverFacts, Statement
from letters.kinds.warning import WARNING, WarningFacts

ALL = (
    WARNING,
    MEETING_INVITATION,
    MEETING_FOLLOW_UP,
    MEETING_NO_SHOW,
    AUTHORITIES_COVER,
    LEGAL_COVER,
    BAN_INTENT,
    BAN_INTERIM,
    BAN_CONFIRMED,
    BAN_VARIED,
    BAN_EXTENDED,
    BAN_NOT_MADE,
    BAN_REVIEW,
    BAN_BREACH,
    BAN_LIFTED,
    BAN_EXPIRED,
    ACKNOWLEDGEMENT,
    COMPLAINT_HANDOVER,
    INFORMATION_REQUEST,
    REPORTER_UPDATE,
    GENERAL,
    POLICY_REMINDER,
)
KINDS = {kind.key: kind for kind in ALL}


def compose(kind: str, facts: LetterFacts, *, source: Source | None = None) -> Composed:
    """The words of a new letter of this kind. `facts` is the kind's own class: see `KINDS[kind].sample`.

    `source` is the school's own version of the template, from `letters.studio.source_of`; without it, the one that the
    portal came with.
    """
    chosen = KINDS[kind]
    if type(facts) is not type(chosen.sample):
        raise TypeError(f"A letter of the kind {kind} is made from {type(chosen.sample).__name__}")
    return compose_from(source or file_source(chosen), chosen, facts)


def said_under(kind: str) -> str:
    """The heading under which a letter of this kind says what it is about, so that a reply can show it."""
    return KINDS[kind].said_under if kind in KINDS else ""


__all__ = [
    "ALL",
    "ALL_OF_THE_SITE",
    "KINDS",
    "AcknowledgementFacts",
    "Attendee",
    "AuthoritiesCoverFacts",
    "BanBreachFacts",
    "BanDecidedFacts",
    "BanEndedFacts",
    "BanInterimFacts",
    "BanNotMadeFacts",
    "BanNoticeFacts",
    "BanReviewFacts",
    "ComplaintHandoverFacts",
    "Composed",
    "Field",
    "Finding",
    "GeneralFacts",
    "InformationRequestFacts",
    "Kind",
    "LegalCoverFacts",
    "LetterFacts",
    "MeetingFollowUpFacts",
    "MeetingInvitationFacts",
    "MeetingNoShowFacts",
    "Part",
    "PolicyReminderFacts",
    "QuotedClause",
    "ReporterUpdateFacts",
    "Slot",
    "Source",
    "Statement",
    "WarningFacts",
    "Weighed",
    "compose",
    "said_under",
]
