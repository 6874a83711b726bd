"""An exported chat as a page of messages: the marked ones, with the rest folded between them, or all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, prefetch_related_objects

from incidents.evidence.chats import UNSEEN
from incidents.models import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidents.models import ChatLine, Evidence

ON_A_PAGE = 100
MOST_MARKED = 500


@dataclass(frozen=True)
class Said:
    """One message, or as a fold the number of messages between two that are shown."""

    line: ChatLine | None
    folded: int = 0
    part: int = 0  # of the file that came with it, where it is shown

    @property
    def sender(self) -> str:
        """With marks that are not seen made visible: two names may differ only in one."""
        return visible(self.line.sender) if self.line else ""

    @property
    def has_odd_sender(self) -> bool:
        return bool(self.line and UNSEEN.search(self.line.sender.strip("\u200e\u200f")))


@dataclass(frozen=True)
class ChatPage:
    """`is_folded`: only marked messages are shown."""

    said: list[Said]
    page: Page[ChatLine] | None
    is_folded: bool
    total: int
    marked: int
    numbers: list[int] = field(default_factory=list)

    @classmethod
    def of(
        cls, evidence: Evidence, asked: Mapping[str, str], *, marked: list[ChatLine], parts: Mapping[str, int]
    ) -> ChatPage:
        """`marked` are its marked messages, and `parts` the numbers of the files inside it by their names."""
        total, signals = evidence.lines.count(), Prefetch("signals", Signal.objects.standing())
        if marked and asked.get("show") != "all":
            shown = marked[:MOST_MARKED]
            prefetch_related_objects(shown, signals)
            return cls(_folded(shown, total, parts), None, True, total, len(marked), [line.number for line in shown])
        paginator = Paginator(evidence.lines.prefetch_related(signals), ON_A_PAGE)
        paginator.count = total
        page = paginator.get_page(asked.get("from", "1"))
        shown = list(page.object_list)
        said = [Said(line, part=parts.get(line.attachment, 0)) for line in shown]
        return cls(said, page, False, total, len(marked), [line.number for line in shown])


def _folded(shown: list[ChatLine], total: int, parts: Mapping[str, int]) -> list[Said]:
    """A fold wherever messages are left out, also of those that were destroyed."""
    said: list[Said] = []
    before = 0
    for line in shown:
        if line.number > before + 1:
            said.append(Said(None, folded=line.number - before - 1))
        said.append(Said(line, part=parts.get(line.attachment, 0)))
        before = line.number
    last = max(total, before)
    if last > before:
        said.append(Said(None, folded=last - before))
    return said


def visible(sender: str) -> str:
    """With letters that nobody sees written out."""
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", sender.strip("\u200e\u200f"))
