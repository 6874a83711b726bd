"""Whether a name and address show in the envelope's window, measured with the letter's own font.

The sheet slips behind the window. What always shows is the part that every position of the sheet shows; in its reach
is whatever some position shows. The address lies in the first, and nothing else in the second. For an envelope of
height H and width W, a folded sheet h high and 210 mm wide, and a window from (x, y) to (x + w, y + v), both from the
left and the top: always is x to x + w - (W - 210) and y to y + v - (H - h); the reach is x - (W - 210) to x + w and
y - (H - h) to y + v.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from letters.refusals import AddressDoesNotFitError
from letters.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Size:
    """Up to so many lines in this type size. letter.css sets the same under `css_class`, with a fitting line height."""

    most_lines: int
    points: float
    css_class: str


@dataclass(frozen=True)
class Envelope:
    """One kind of window envelope; boxes are left, top, right, bottom in millimetres from the page's top left corner.

    `width` is a millimetre less than what always shows: rounding of advances must not reach the edge.
    """

    key: str
    label: str
    always: tuple[float, float, float, float]
    reach: tuple[float, float, float, float]
    sizes: tuple[Size, ...]

    @property
    def width(self) -> float:
        return self.always[2] - self.always[0] - 1

    @property
    def most_lines(self) -> int:
        return self.sizes[-1].most_lines


DL35 = Envelope(
    "dl35",
    "DL (110 × 220 mm), window 35 × 90 mm, 20 mm from the left and from the bottom",
    always=(20, 55, 100, 79),
    reach=(10, 44, 110, 90),
    sizes=(Size(5, 10.5, "dl35-five"), Size(6, 10.0, "dl35-six")),
)
DL45 = Envelope(
    "dl45",
    "DL (110 × 220 mm), window 45 × 90 mm, 20 mm from the left and 15 mm from the bottom",
    always=(20, 50, 100, 84),
    reach=(10, 39, 110, 95),
    sizes=(Size(5, 12.0, "dl45-five"), Size(7, 10.5, "dl45-seven")),
)
C5 = Envelope(
    "c5",
    "C5 (162 × 229 mm), window 35 × 90 mm, 20 mm from the left and 60 mm from the bottom",
    always=(20, 67, 91, 88.5),
    reach=(1, 53.5, 110, 102),
    sizes=(Size(4, 10.5, "c5-four"), Size(5, 10.0, "c5-five"), Size(6, 9.0, "c5-six")),
)
ENVELOPES = {envelope.key: envelope for envelope in (DL35, DL45, C5)}


def envelope_of(key: str) -> Envelope:
    """The school's choice; the common one where it is not known."""
    return ENVELOPES.get(key, DL35)


@dataclass(frozen=True)
class Fit:
    """The lines as they are printed, broken where a line was too wide, and the class that sets their size."""

    lines: tuple[str, ...]
    css_class: str


def fit_address(lines: Iterable[str], envelope: Envelope = DL35) -> Fit:
    """The address as it fits the window; raises AddressDoesNotFitError with what to shorten."""
    given = [" ".join(printable(line).split()) for line in lines]
    given = [line for line in given if line]
    if len(given) < 2:
        raise AddressDoesNotFitError("The address is missing. Add the postal address, one line of it on each line.")
    for size in envelope.sizes:
        broken = [part for line in given for part in _broken(line, size.points, envelope.width)]
        if len(broken) <= size.most_lines:
            return Fit(tuple(broken), size.css_class)
    raise AddressDoesNotFitError(
        f"The name and address take {len(broken)} lines, and the envelope’s window shows {envelope.most_lines}. "
        "Put two short lines on one, or leave out the county."
    )


def address_as_typed(lines: Iterable[str], envelope: Envelope = DL35) -> Fit:
    """For a draft that is still being written: as much as the window shows, and no complaint yet."""
    try:
        return fit_address(lines, envelope)
    except AddressDoesNotFitError:
        given = [" ".join(printable(line).split()) for line in lines]
        shown = tuple(line[:60] for line in given if line)[: envelope.most_lines]
        return Fit(shown, envelope.sizes[-1].css_class)


def _broken(line: str, points: float, width: float) -> list[str]:
    """The line, broken between words where it is too wide; raises where one word alone is."""
    parts: list[str] = []
    for word in line.split(" "):
        if width_mm(word, points) > width:
            shown = word if len(word) <= 40 else f"{word[:40]}…"
            raise AddressDoesNotFitError(f"“{shown}” is wider than the envelope’s window. Shorten it.")
        if parts and width_mm(f"{parts[-1]} {word}", points) <= width:
            parts[-1] = f"{parts[-1]} {word}"
        else:
            parts.append(word)
    return parts


def width_mm(text: str, points: float) -> float:
    """How wide the text is when printed, without kerning. A letter our font lacks counts as wide as it is high."""
    advances = _advances()
    return sum(advances.get(ord(character), 1.0) for character in text) * points * MM_PER_POINT


@lru_cache(maxsize=1)
def _advances() -> dict[int, float]:
    """How wide each character of the font is, in parts of its size."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    widths: dict[int, float] = {}
    for subset in ("latin-ext", "latin"):
        font = TTFont(settings.LETTER_ASSETS_DIR / "fonts" / f"atkinson-hyperlegible-next-{subset}-400-normal.woff2")
        units = font["head"].unitsPerEm
        metrics = font["hmtx"]
        widths |= {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}
    return widths
