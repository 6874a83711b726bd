"""What a file is, by its first bytes: a kind we may try to read, or the sentence why not. A name is only a hint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from incidents.evidence import refusals

HEAD = 4096
PICTURE_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif", b"avis")
)
PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# A container that may hold only sound. Whether it does is found out by opening it.
SOUND_BRANDS = frozenset((b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"dash"))
VIDEO_NAMES = frozenset((".mov", ".mp4", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".wmv", ".mpg", ".mpeg"))
# The first header of an e-mail that was saved, whichever program saved it.
EMAIL = re.compile(
    rb"(?:from|to|cc|date|subject|return-path|received|delivered-to|message-id|mime-version|content-type"
    rb"|x-[\w-]{1,60}|dkim-signature|authentication-results|reply-to|sender)[ \t]*:",
    re.IGNORECASE,
)
EMAIL_NEEDS = (
    re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE),
    re.compile(rb"^(date|subject)[ \t]*:", re.I | re.M),
)
# What a file starts with, and what is said about it.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", refusals.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", refusals.ARCHIVE),
    (b"\x1f\x8b", refusals.ARCHIVE),
    (b"\xd0\xcf\x11\xe0", refusals.ARCHIVE),
    (b"\x1a\x45\xdf\xa3", refusals.VIDEO),
    (b"\x00\x00\x01\xba", refusals.VIDEO),
    (b"\x00\x00\x01\xb3", refusals.VIDEO),
    (b"fLaC", refusals.AUDIO),
    (b"#!AMR", refusals.AUDIO),
    (b"caff", refusals.AUDIO),
)


@dataclass(frozen=True)
class Sniffed:
    """`kind` says who reads it, `media_type` what it seems to be, and `container` how a voice note is packed."""

    kind: str
    media_type: str
    container: str = ""
    # What is said when it turns out not to be what it looked like.
    otherwise: str = ""


def sniff(head: bytes, name: str) -> Sniffed | None:
    """A kind that may be read, or None. Whether it is one is found out by reading it."""
    for start, media_type in PICTURES:
        if head.startswith(start):
            return Sniffed("picture", media_type)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniffed("picture", "image/webp")
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head.startswith(b"%PDF-"):
        return Sniffed("pdf", "application/pdf")
    if head.startswith(b"OggS"):
        return Sniffed("sound", "audio/ogg", "ogg")
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")):
        return Sniffed("sound", "audio/mpeg", "mp3")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Sniffed("zip", "application/zip")
    if EMAIL.match(head) and all(needed.search(head) for needed in EMAIL_NEEDS):
        return Sniffed("email", "message/rfc822")
    return Sniffed("text", "text/plain") if is_text(head) else None


def _by_brand(head: bytes) -> Sniffed | None:
    brand = head[8:12]
    if brand in PICTURE_BRANDS:
        return Sniffed("picture", "image/avif" if brand in {b"avif", b"avis"} else "image/heic")
    if brand in SOUND_BRANDS:
        return Sniffed("sound", "audio/mp4", "mov", "" if brand == b"M4A " else refusals.VIDEO)
    return None


def why_not(head: bytes, name: str) -> str:
    """The sentence for a file of a kind that nobody reads."""
    for start, sentence in OTHERS:
        if head.startswith(start):
            return sentence
    if head[:4] == b"RIFF":
        return refusals.AUDIO if head[8:12] == b"WAVE" else refusals.VIDEO
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"} or PurePath(name).suffix.lower() in VIDEO_NAMES:
        return refusals.VIDEO
    return refusals.NOT_A_PICTURE


def is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # otherwise only the last letter was cut in two
            return False
        text = head[: error.start].decode("utf-8")
    return not any(ord(letter) < 9 for letter in text)
