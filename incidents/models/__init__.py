"""Tables, constraints, and the vocabulary of reading them."""

from __future__ import annotations

from incidents.models.allegation import Allegation
from incidents.models.ban import BanBreach, BanDecision, Representation, SiteBan
from incidents.models.case import Case, CasePerson, Conflict
from incidents.models.case_file import CaseFile
from incidents.models.concern import Concern, ConcernClause
from incidents.models.contact_import import ContactImport
from incidents.models.custody import CustodyEntry
from incidents.models.draft import Draft
from incidents.models.email import Email
from incidents.models.event import Event
from incidents.models.evidence import Evidence
from incidents.models.evidence_part import ChatLine, EvidencePart, ReadWords, Redaction, WordsRedaction
from incidents.models.family import FamilyLink
from incidents.models.flag import FlagException, PersonFlag
from incidents.models.hand_over import HandOver
from incidents.models.information import InformationRequest, Note
from incidents.models.meeting import Meeting, MeetingSlot
from incidents.models.message import Message
from incidents.models.notice import Notice, NoticeChoice
from incidents.models.person import Person
from incidents.models.recording import Recording
from incidents.models.referral import Referral
from incidents.models.referrals_out import AuthorityReferral, LegalAdvice, LegalReferral
from incidents.models.reply import Reply
from incidents.models.reporter import Reporter
from incidents.models.saved_filter import SavedFilter
from incidents.models.signal import Signal
from incidents.models.step import Approval, Step
from incidents.models.task import CaseLink, Task

__all__ = [
    "Allegation",
    "Approval",
    "AuthorityReferral",
    "BanBreach",
    "BanDecision",
    "Case",
    "CaseFile",
    "CaseLink",
    "CasePerson",
    "ChatLine",
    "Concern",
    "ConcernClause",
    "Conflict",
    "ContactImport",
    "CustodyEntry",
    "Draft",
    "Email",
    "Event",
    "Evidence",
    "EvidencePart",
    "FamilyLink",
    "FlagException",
    "HandOver",
    "InformationRequest",
    "LegalAdvice",
    "LegalReferral",
    "Meeting",
    "MeetingSlot",
    "Message",
    "Note",
    "Notice",
    "NoticeChoice",
    "Person",
    "PersonFlag",
    "ReadWords",
    "Recording",
    "Redaction",
    "Referral",
    "Reply",
    "Reporter",
    "Representation",
    "SavedFilter",
    "Signal",
    "SiteBan",
    "Step",
    "Task",
    "WordsRedaction",
]
