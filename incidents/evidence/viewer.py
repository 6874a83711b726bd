"""What the page of one file shows: which page of it, how large, turned how far, and where the links beside it lead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from incidents.evidence.naming import may_read_names, without_names
from incidents.evidence.passages import heads_and_words
from incidents.models import Evidence, EvidencePart, Redaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dkh_conduct.accounts.models import User

ZOOMS = (1, 2, 3, 4)
TURNS = (0, 90, 180, 270)
WHO = {"From", "To", "Cc"}


@dataclass(frozen=True)
class Page:
    """One page or file inside a file: the first is the file itself."""

    evidence: Evidence
    number: int
    name: str
    kind: str
    width: int
    height: int
    seconds: int
    text: str
    source: Evidence | EvidencePart = field(repr=False)

    @property
    def copy_url(self) -> str:
        if self.number == 1:
            return self.evidence.copy_url
        return reverse("evidence-part", args=[self.evidence.pk, self.number, "copy"])

    @property
    def thumbnail_url(self) -> str:
        if self.number == 1:
            return self.evidence.thumbnail_url
        return reverse("evidence-part", args=[self.evidence.pk, self.number, "thumbnail"])

    @property
    def is_voice(self) -> bool:
        return self.kind == "voice"

    @property
    def length(self) -> str:
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


def pages_of(evidence: Evidence) -> list[Page]:
    first = Page(
        evidence,
        1,
        evidence.name,
        evidence.kind,
        evidence.width,
        evidence.height,
        evidence.seconds,
        evidence.text,
        evidence,
    )
    return [first, *(page_of_part(evidence, part) for part in evidence.parts.all())]


def page_of_part(evidence: Evidence, part: EvidencePart) -> Page:
    return Page(evidence, part.number, part.name, part.kind, part.width, part.height, part.seconds, part.text, part)


def siblings_of(evidence: Evidence, user: User) -> list[Evidence]:
    """The files that came with the same concern or reply, in their order, as `user` may name them."""
    home = {"concern": evidence.concern_id} if evidence.concern_id else {"reply": evidence.reply_id}
    files = list(Evidence.objects.good().visible_to(user).filter(**home))
    if may_read_names(user):
        return files
    return [without_names(file, number=number) for number, file in enumerate(files, start=1)]


@dataclass(frozen=True)
class Viewer:
    """The stage. Every link is an address, so that it works without a script; keys follow the same links."""

    evidence: Evidence
    siblings: list[Evidence]
    pages: list[Page]
    page: Page
    zoom: int
    turn: int
    redaction: Redaction | None
    shows_names: bool

    @classmethod
    def of(cls, evidence: Evidence, user: User, asked: Mapping[str, str]) -> Viewer:
        pages, shows_names = pages_of(evidence), may_read_names(user)
        if not shows_names:  # what lies in a chat or an e-mail has names of its own
            pages = [pages[0], *(replace(page, name="") for page in pages[1:])]
        number = _one_of(asked.get("page", ""), range(1, len(pages) + 1))
        page = pages[number - 1]
        return cls(
            evidence=evidence,
            siblings=siblings_of(evidence, user),
            pages=pages,
            page=page,
            zoom=_one_of(asked.get("zoom", ""), ZOOMS),
            turn=_one_of(asked.get("turn", ""), TURNS),
            redaction=_redaction_of(evidence, page),
            shows_names=shows_names,
        )

    @property
    def number(self) -> int:
        return self.siblings.index(self.evidence) + 1

    @property
    def previous_url(self) -> str:
        if self.page.number > 1:
            return self._link(page=self.page.number - 1, zoom=1, turn=0)
        return self.siblings[self.number - 2].get_absolute_url() if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        if self.page.number < len(self.pages):
            return self._link(page=self.page.number + 1, zoom=1, turn=0)
        return self.siblings[self.number].get_absolute_url() if self.number < len(self.siblings) else ""

    @property
    def larger_url(self) -> str:
        return self._link(zoom=self.zoom + 1) if self.zoom < ZOOMS[-1] else ""

    @property
    def smaller_url(self) -> str:
        return self._link(zoom=self.zoom - 1) if self.zoom > 1 else ""

    @property
    def turned_url(self) -> str:
        return self._link(turn=(self.turn + 90) % 360)

    @property
    def redact_url(self) -> str:
        return reverse("evidence-redact", args=[self.evidence.pk, self.page.number])

    @property
    def email_heads(self) -> list[tuple[str, str]]:
        """Those of an e-mail that it has. From, To and Cc may say who sent it on to the school."""
        heads = heads_and_words(self.evidence.text)[0]
        return heads if self.shows_names else [head for head in heads if head[0] not in WHO]

    @property
    def email_words(self) -> str:
        return heads_and_words(self.evidence.text)[1]

    @property
    def label_size(self) -> int:
        """Of the numbers on boxes, in pixels of the picture: about the same size on the screen for every picture."""
        return max(12, self.page.width // 26)

    @property
    def is_on_its_side(self) -> bool:
        return self.turn in {90, 270}

    @property
    def width(self) -> int:
        return self.page.height if self.is_on_its_side else self.page.width

    @property
    def height(self) -> int:
        return self.page.width if self.is_on_its_side else self.page.height

    @property
    def transform(self) -> str:
        """Turns the picture about its corner and moves it back into view."""
        width, height = self.page.width, self.page.height
        return {
            0: "",
            90: f"translate({height} 0) rotate(90)",
            180: f"translate({width} {height}) rotate(180)",
            270: f"translate(0 {width}) rotate(270)",
        }[self.turn]

    def _link(self, **changed: int) -> str:
        asked = {"page": self.page.number, "zoom": self.zoom, "turn": self.turn, **changed}
        plain = {"page": 1, "zoom": 1, "turn": 0}
        said = {name: value for name, value in asked.items() if value != plain[name]}
        return f"{self.evidence.get_absolute_url()}{'?' + urlencode(said) if said else ''}#picture"


def _redaction_of(evidence: Evidence, page: Page) -> Redaction | None:
    """Boxes are drawn on pictures and on sheets: there are none on what is read as text, or heard."""
    if page.kind in {"chat", "email"}:
        return None
    return evidence.redactions.filter(part=page.number).order_by("-made_at", "-pk").first()


def _one_of(asked: str, allowed: range | tuple[int, ...]) -> int:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else allowed[0]
    return number if number in allowed else allowed[0]
