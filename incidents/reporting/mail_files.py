"""Reads an e-mail that was saved as a file (RFC 5322): who wrote it, when, what it says, and its pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING

import nh3
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.html import strip_tags

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 10
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class NotMailError(Exception):
    """The message says what to do about the file."""


@dataclass(frozen=True)
class Mail:
    name: str
    address: str
    sent_on: date | None
    text: str
    files: list[SimpleUploadedFile] = field(default_factory=list)


def read_mail(raw: bytes) -> Mail:
    """Raises NotMailError for what is not one e-mail."""
    if len(raw) > MOST_BYTES:
        raise NotMailError("The email is bigger than 20 MB. Write it down by hand, and add its files one by one")
    try:
        message = message_from_bytes(raw, policy=policy.default)
        name, address = parseaddr(str(message.get("From", "")))
        if "@" not in address or not (message.get("Date") or message.get("Subject")):
            raise NotMailError
        return Mail(_tidy(name)[:120], _tidy(address)[:254], _sent_on(message), _text(message), _files(message))
    except (NotMailError, MessageError, ValueError, KeyError, LookupError, AttributeError, TypeError, RecursionError):
        raise NotMailError("This is not an email. Save it from your mail program as a file that ends in .eml") from None


def _tidy(text: str) -> str:
    return " ".join(UNKEEPABLE.sub("", text).split())


def _sent_on(message: EmailMessage) -> date | None:
    try:
        sent = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError):
        return None
    return timezone.localdate(sent) if sent.tzinfo else sent.date()


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    if body.get_content_subtype() == "html":
        content = strip_tags(nh3.clean(re.sub(r"<(br|/p|/div)[^>]*>", "\n", content), tags=set()))
    content = UNKEEPABLE.sub("", content).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\n{3,}", "\n\n", content).strip()[:10_000]


def _files(message: EmailMessage) -> list[SimpleUploadedFile]:
    found: list[SimpleUploadedFile] = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content and len(found) < MOST_FILES:
            found.append(SimpleUploadedFile(part.get_filename() or "file", content))
    return found
