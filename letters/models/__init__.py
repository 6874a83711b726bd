"""The tables of letters: one letter, what stops it, its story, its batch, its template."""

from __future__ import annotations

from letters.models.email import LetterEmail
from letters.models.event import LetterEvent
from letters.models.hold import Hold
from letters.models.letter import HEAD, UNOPENED_AFTER, Letter, LetterQuerySet
from letters.models.mailing import Mailing, MailingQuerySet, MailingRecipient
from letters.models.print_batch import PrintBatch
from letters.models.signature import Signature, SignatureQuerySet
from letters.models.staff import Staff
from letters.models.template import LetterTemplate

__all__ = [
    "HEAD",
    "UNOPENED_AFTER",
    "Hold",
    "Letter",
    "LetterEmail",
    "LetterEvent",
    "LetterQuerySet",
    "LetterTemplate",
    "Mailing",
    "MailingQuerySet",
    "MailingRecipient",
    "PrintBatch",
    "Signature",
    "SignatureQuerySet",
    "Staff",
]
