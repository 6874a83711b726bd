"""Reads an exported chat as a list of messages without losing a character: joined, their `raw` is the file again.

WhatsApp writes a line that starts with date, time and sender for each message, in whatever way the phone writes dates;
lines without such a start belong to the message before. Which of the many ways a file uses is found out first, so that
a line inside a message that only looks like a start stays inside. A line that cannot be read is kept as it is.

What is known of the formats comes from files that people have published with parsers of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Marks that steer or join letters and are not seen. Left out to compare; always kept in `raw`.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SPACE = "[ \u00a0\u2009\u202f]"
# Digits of other scripts and the Arabic comma, as the plain ones. One letter for one letter.
DIGITS_OF_OTHERS = {first + number: str(number) for first in (0x0660, 0x06F0, 0x0966) for number in range(10)}
PLAIN = {**DIGITS_OF_OTHERS, ord("،"): ","}
DATE = rf"(?P<a>\d{{1,4}})(?P<sep>[./-]){SPACE}?(?P<b>\d{{1,2}})(?P=sep){SPACE}?(?P<c>\d{{2,4}})\.?"
CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    rf"(?:{SPACE}?(?P<half>[ap]\.?{SPACE}?m\.?|[صم]))?"
)
BETWEEN = rf"(?P<comma>,?)(?:{SPACE}klo|{SPACE}um|{SPACE}at|{SPACE}à)?{SPACE}"
STARTS = (
    re.compile(rf"(?P<open>\[){DATE}{BETWEEN}{CLOCK}\]{SPACE}?", re.IGNORECASE),
    re.compile(rf"(?P<open>){DATE}{BETWEEN}{CLOCK}{SPACE}[-–]{SPACE}", re.IGNORECASE),
)
# What the app itself writes where a sender could be read into it: the sender would be the group or the whole sentence.
BY_THE_APP = re.compile(
    r"messages (and calls|to this (chat|group)|you send to this group) (are|and calls are) "
    r"(now )?(end-to-end encrypted|secured)"
    r"|^‎?your security code with .* changed",
    re.IGNORECASE,
)
BY_THE_APP_BEFORE_COLON = re.compile(
    r"(created group|changed the (subject|group name)|changed the group description|changed their phone number"
    r"|changed this group[’']s (icon|settings)|security code .*changed) [\"“”'‘’]?",
    re.IGNORECASE,
)
ATTACHED = (
    re.compile(r"<[^<>:\n]{2,24}: (?P<name>[^<>\n]{1,200}\.\w{2,5})>"),
    re.compile(r"^(?P<name>[^\n<>/\\]{1,200}\.\w{2,5}) \([^()\n]{4,40}\)$", re.MULTILINE),
    re.compile(r"^(?P<name>[^\n<>/\\]{1,200}\.\w{2,5}) <[^<>\n]{4,40}>$", re.MULTILINE),
)
NUL_SHOWN = "\N{SYMBOL FOR NULL}"
SHORTEST_TO_COMPARE = 12
# How far into a line its start, its sender and the name of a file are looked for: a line may be as long as the file.
START_LETTERS, SENDER_LETTERS, FILE_LETTERS = 120, 400, 1_000


@dataclass(frozen=True)
class Line:
    """One message. `numbers` are the three of its date in the file's order, `at` the time on a clock of 24 hours."""

    raw: str
    kind: str  # message, system, unread
    stamp: str = ""
    numbers: tuple[int, int, int] | None = None
    at: time | None = None
    sender: str = ""
    body: str = ""
    attachment: str = ""

    def said_on(self, order: str) -> date | None:
        """Its day, once it is known in which order the file writes day, month and year."""
        if self.numbers is None or not order:
            return None
        day, month, year = (self.numbers[order.index(part)] for part in "dmy")
        try:
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            return None

    @property
    def fingerprint(self) -> int | None:
        """The same for the same words at the same minute, whoever exported them: 64 bits, signed."""
        words = " ".join(UNSEEN.sub("", self.body).casefold().split())
        if self.kind != "message" or len(words) < SHORTEST_TO_COMPARE or self.numbers is None or self.at is None:
            return None
        # Two phones may write the day in another order, and the year with two digits.
        day = sorted(number % 100 if number > 31 else number for number in self.numbers)
        told = f"{day} {self.at:%H:%M} {words}"
        return int.from_bytes(blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


@dataclass(frozen=True)
class Chat:
    """`order` is `dmy`, `mdy`, `ymd`, or empty when the file leaves it open and somebody must be asked."""

    lines: list[Line] = field(default_factory=list)
    order: str = ""

    @property
    def messages(self) -> int:
        return sum(line.kind == "message" for line in self.lines)


@dataclass(frozen=True)
class _Start:
    """A line that starts like a message. `shape` is how it writes its date and time."""

    shape: tuple[str, ...]
    numbers: tuple[int, int, int]
    at: time
    end: int  # in the raw line


def decode(content: bytes) -> str:
    """The text of a file, every character of it. A byte that is no text becomes the letter that old programs show."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content.decode(encoding, "replace").replace("\0", NUL_SHOWN)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\0", NUL_SHOWN)


def read_chat(text: str) -> Chat:
    """The messages in their order. A text in which none starts like one has one line that could not be read."""
    rows = re.findall(r"[^\n]*\n|[^\n]+\Z", text)
    starts = [_start_of(row) for row in rows]
    shape = _shape_of(starts)
    groups: list[tuple[_Start | None, list[str]]] = []
    for row, start in zip(rows, starts, strict=True):
        if start is not None and start.shape == shape:
            groups.append((start, [row]))
        elif groups:
            groups[-1][1].append(row)
        else:
            groups.append((None, [row]))
    lines = [_line(start, "".join(part)) for start, part in groups]
    return Chat(lines, _order_of([line.numbers for line in lines if line.numbers]))


def is_chat(text: str) -> bool:
    """Is it an export at all? Two starts of the same shape, or one in a short text."""
    starts = [_start_of(row) for row in text.split("\n", 200)[:200]]
    shape = _shape_of(starts)
    found = sum(start is not None and start.shape == shape for start in starts)
    return found >= 2 or (found == 1 and text.count("\n") < 5)


def _start_of(row: str) -> _Start | None:
    seen, places = _seen(row[:START_LETTERS])
    if not seen[:1].isdigit() and seen[:1] != "[":
        return None
    for pattern in STARTS:
        found = pattern.match(seen)
        if found is None:
            continue
        numbers = (int(found["a"]), int(found["b"]), int(found["c"]))
        at = _clock(int(found["hour"]), int(found["minute"]), int(found["second"] or 0), found["half"] or "")
        if at is None or not _is_date(numbers):
            return None
        shape = (
            found["open"],
            found["sep"],
            found["comma"],
            "year first" if len(found["a"]) == 4 else "",
            str(len(found["c"])),
            "seconds" if found["second"] else "",
            "half" if found["half"] else "",
        )
        return _Start(shape, numbers, at, places[found.end()])
    return None


def _seen(row: str) -> tuple[str, Sequence[int]]:
    """The row without unseen marks, in plain digits; and where each of its letters stands in the row."""
    if not UNSEEN.search(row):
        return row.translate(PLAIN), range(len(row) + 1)
    places = [at for at, letter in enumerate(row) if not UNSEEN.match(letter)]
    return "".join(row[at] for at in places).translate(PLAIN), [*places, len(row)]


def _shape_of(starts: Sequence[_Start | None]) -> tuple[str, ...] | None:
    """How this file writes: as its first line does, or else as most lines do."""
    if starts and starts[0] is not None:
        return starts[0].shape
    shapes = Counter(start.shape for start in starts if start is not None)
    return shapes.most_common(1)[0][0] if shapes else None


def _line(start: _Start | None, raw: str) -> Line:
    if start is None:
        return Line(raw, "unread", body=raw.rstrip("\r\n"))
    stamp = UNSEEN.sub("", raw[: start.end]).strip(" \u00a0\u2009\u202f-–[]")
    rest = raw[start.end :].rstrip("\r\n")
    sender, body, is_said = _sender_of(rest)
    if not is_said:
        return Line(raw, "system", stamp, start.numbers, start.at, body=rest)
    return Line(raw, "message", stamp, start.numbers, start.at, sender, body, _attachment_of(body))


def _sender_of(rest: str) -> tuple[str, str, bool]:
    """Who, what, and whether anybody said it. The sender ends at the first colon that can end one."""
    first = rest[:SENDER_LETTERS].partition("\n")[0]
    for found in re.finditer(":", first):
        before, after = first[: found.start()], first[found.end() :]
        is_inside = bool(re.search(r"\d$", before)) and bool(re.match(r"\d", after))
        if not before.strip() or is_inside or after.startswith("//"):
            continue
        body = rest[found.end() :]
        body = body[1:] if body[:1] in {" ", "\u00a0", "\u202f"} else body
        if BY_THE_APP.search(UNSEEN.sub("", body[:SENDER_LETTERS])) or BY_THE_APP_BEFORE_COLON.search(
            UNSEEN.sub("", before) + " "
        ):
            return "", "", False
        return before, body, True
    return "", "", False


def _attachment_of(body: str) -> str:
    seen = UNSEEN.sub("", body[:FILE_LETTERS])
    for pattern in ATTACHED:
        if found := pattern.search(seen):
            return found["name"].strip()
    return ""


def _clock(hour: int, minute: int, second: int, half: str) -> time | None:
    if half:
        is_afternoon = half[0].lower() in {"p", "م"}
        if not 1 <= hour <= 12:
            # Some phones write "13:05 PM"; what is written is what counts.
            return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
        hour = hour % 12 + (12 if is_afternoon else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _is_date(numbers: tuple[int, int, int]) -> bool:
    """In some order. The year is first or last."""
    a, b, c = numbers
    return 1 <= b <= 31 and ((1 <= a <= 31 and min(a, b) <= 12) or (b <= 12 and 1 <= c <= 31))


def _possible(numbers: tuple[int, int, int], order: str) -> bool:
    return Line("", "", numbers=numbers).said_on(order) is not None


def _order_of(numbers: Sequence[tuple[int, int, int]]) -> str:
    """Day, month, year: by a number that can be no month, or else by which order lets no message come before the last.

    Empty when both are as good: then it is asked, never guessed.
    """
    if not numbers:
        return ""
    if any(a > 31 for a, _, _ in numbers):
        return "ymd"
    possible = [order for order in ("dmy", "mdy") if all(_possible(each, order) for each in numbers)]
    if len(possible) < 2:
        return possible[0] if possible else ""
    if all(a == b for a, b, _ in numbers):
        return "dmy"  # the fifth of the fifth is the same day either way
    rising = [order for order in possible if _is_rising(numbers, order)]
    return rising[0] if len(rising) == 1 else ""


def _is_rising(numbers: Iterable[tuple[int, int, int]], order: str) -> bool:
    days = [Line("", "", numbers=each).said_on(order) for each in numbers]
    known = [day for day in days if day is not None]
    return all(earlier <= later for earlier, later in pairwise(known))
