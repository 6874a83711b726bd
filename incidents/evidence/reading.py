"""Turns a file that came in into what is shown of it: pages, sound, messages or text, and the files inside it."""

from __future__ import annotations

import email.policy
import tempfile
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import nh3
from django.conf import settings

from incidents.evidence import archives, chats, pictures, refusals, sniffing
from incidents.evidence.naming import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import EmailMessage

HEADERS = ("From", "To", "Cc", "Date", "Subject")
LONGEST_HEADER = 1_000
MOST_MIME_PARTS = 200
SHORT_TEXT = 1024 * 1024


class NotTakenError(Exception):
    """The file is of a kind, or in a state, that is not taken. The message is the sentence the parent reads."""


@dataclass(frozen=True)
class Inside:
    """A picture or a voice note that came inside a file."""

    name: str
    page: pictures.CleanPicture


@dataclass(frozen=True)
class Reading:
    """What is shown of a file. The first page is the file itself; `left_out` counts files inside it that are not."""

    pages: list[pictures.CleanPicture]
    inside: list[Inside] = field(default_factory=list)
    chat: chats.Chat | None = None
    text: str = ""
    left_out: int = 0

    @property
    def first(self) -> pictures.CleanPicture:
        return self.pages[0]


def sniffed_of(path: Path, name: str) -> sniffing.Sniffed:
    """What it seems to be. Raises NotTakenError for what is not taken at all."""
    with path.open("rb") as source:
        head = source.read(sniffing.HEAD)
    sniffed = sniffing.sniff(head, name)
    if sniffed is None:
        raise NotTakenError(sniffing.why_not(head, name))
    return sniffed


def read(path: Path, name: str, *, until: float) -> Reading:
    """Raises NotTakenError, pictures.PictureRefusedError, or pictures.TooSlowError once the monotonic clock says
    `until`."""
    sniffed = sniffed_of(path, name)
    match sniffed.kind:
        case "zip":
            return _read_zip(path, until)
        case "text":
            return _read_text(path.read_bytes(), until)
        case "email":
            return _read_email(path.read_bytes(), until)
    try:
        return Reading(_draw(path, sniffed, until))
    except pictures.PictureRefusedError as error:
        is_damaged = str(error) == refusals.DAMAGED_SOUND
        raise pictures.PictureRefusedError(
            sniffed.otherwise if is_damaged and sniffed.otherwise else str(error)
        ) from error


def _draw(path: Path, sniffed: sniffing.Sniffed, until: float) -> list[pictures.CleanPicture]:
    if sniffed.kind == "picture":
        return [pictures.redraw(path, until=until)]
    if sniffed.kind == "pdf":
        return pictures.redraw_pdf(path, until=until)
    return [pictures.replay(path, media_type=sniffed.media_type, container=sniffed.container, until=until)]


def _read_text(content: bytes, until: float) -> Reading:
    text = chats.decode(content)
    if not chats.is_chat(text):
        raise NotTakenError(refusals.TEXT)
    return _of_chat(text, "text/plain", [], until=until)


def check(path: Path, sniffed: sniffing.Sniffed) -> None:
    """What is soon known: that a text is a chat, and that a zip holds a text. Raises NotTakenError."""
    is_short = path.stat().st_size <= SHORT_TEXT
    if sniffed.kind == "text" and is_short and not chats.is_chat(chats.decode(path.read_bytes())):
        raise NotTakenError(refusals.TEXT)
    if sniffed.kind != "zip":
        return
    try:
        with archives.opened(path) as archive:
            if archive.chat() is None:
                raise NotTakenError(refusals.ARCHIVE)
    except archives.ArchiveRefusedError as error:
        raise NotTakenError(str(error)) from error


def _read_zip(path: Path, until: float) -> Reading:
    try:
        with archives.opened(path) as archive:
            member = archive.chat()
            if member is None:
                raise NotTakenError(refusals.ARCHIVE)
            text = chats.decode(archive.read(member, most=archives.MOST_TEXT))
            if not chats.is_chat(text):
                raise NotTakenError(refusals.ARCHIVE)
            return _of_chat(text, "application/zip", archive.media(member), len(archive.members) - 1, until=until)
    except archives.ArchiveRefusedError as error:
        raise NotTakenError(str(error)) from error


def _of_chat(
    text: str, media_type: str, files: Iterable[tuple[str, bytes]], count: int = 0, *, until: float
) -> Reading:
    chat = chats.read_chat(text)
    if len(chat.lines) > settings.EVIDENCE_MAX_MESSAGES:
        raise NotTakenError(refusals.CHAT_TOO_LONG)
    card = pictures.draw_card(media_type=media_type, look="chat", until=until)
    card = replace(card, copy=text.encode("utf-8", "surrogatepass"))
    inside = _inside(files, until)
    return Reading([card], inside, chat=chat, left_out=max(0, count - len(inside)))


def _read_email(content: bytes, until: float) -> Reading:
    """Its headers and its words as text. HTML is read for its words only; pictures in it are drawn again."""
    message: EmailMessage = message_from_bytes(content, policy=email.policy.default)
    parts = list(message.walk())
    if len(parts) > MOST_MIME_PARTS:
        raise NotTakenError(refusals.ARCHIVE_TOO_LARGE)
    heads = [f"{name}: {_header(message, name)}" for name in HEADERS if _header(message, name)]
    text = "\n".join([*heads, "", _words_of(message)]).replace("\0", chats.NUL_SHOWN)
    files = [
        (shown_name(part.get_filename() or "picture"), part.get_payload(decode=True))
        for part in parts
        if part.get_content_maintype() in {"image", "audio"}
    ]
    taken = [(name, found) for name, found in files if isinstance(found, bytes)]
    card = pictures.draw_card(media_type="message/rfc822", look="email", until=until)
    card = replace(card, copy=text.encode("utf-8", "replace"))
    inside = _inside(taken, until)
    return Reading([card], inside, text=text, left_out=len(files) - len(inside))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:LONGEST_HEADER]
    except (ValueError, LookupError, IndexError, AttributeError):  # a header may be anything at all
        return ""


def _words_of(message: EmailMessage) -> str:
    try:
        body = message.get_body(preferencelist=("plain", "html"))
        if body is None:
            return ""
        words = str(body.get_content())
    except (ValueError, LookupError, AttributeError, KeyError):
        return ""
    if body.get_content_type() == "text/html":
        words = unescape(nh3.clean(words.replace("<br", "\n<br").replace("</p>", "\n</p>"), tags=set()))
    return words


def _inside(files: Iterable[tuple[str, bytes]], until: float) -> list[Inside]:
    """Pictures and voice notes among the files, drawn again. One that cannot be is left out, not a reason to refuse."""
    found: list[Inside] = []
    for name, content in files:
        if len(found) >= settings.EVIDENCE_MAX_ATTACHED:
            break
        sniffed = sniffing.sniff(content[: sniffing.HEAD], name)
        if sniffed is None or sniffed.kind not in {"picture", "sound"}:
            continue
        with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".inside") as file:
            file.write(content)
            file.flush()
            try:
                pages = _draw(Path(file.name), sniffed, until)
            except pictures.PictureRefusedError:
                continue
        found.append(Inside(name, pages[0]))
    return found
