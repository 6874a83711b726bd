"""Whether somebody besides the addressee gets the letter: they read all of it, and the addressee sees their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from letters.checks.objection import Objection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from letters.models import Letter


def copied_to(letter: Letter) -> Iterator[Objection]:
    if letter.copies_to:
        yield Objection(
            "copied_to",
            "Somebody else gets a copy",
            f"They read everything that the letter says of {letter.addressee}, who sees their name in it. "
            "Take them out, or say why they need it. Never copy whoever told the school.",
            f"Copy to: {letter.copies_to}",
        )
