"""Why something cannot be done with a letter: each carries the sentence that a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from letters.checks.objection import Objection
    from letters.models import Letter, LetterTemplate, PrintBatch


class LetterRefusedError(Exception):
    """`str(error)` is a plain sentence that says what is wrong and what to do."""


class StaleDraftError(LetterRefusedError):
    """Somebody else saved the draft in between: `letter` is what it says now."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(
            "Somebody else has changed this letter since you opened it. Read their version before you save."
        )
        self.letter = letter


class WrongStateError(LetterRefusedError):
    """The letter has moved on: it was approved, printed or posted in between."""


class UnprintableError(LetterRefusedError):
    """The text cannot become a letter as it is: too long, empty, or a table that is too wide."""


class UnshapedError(UnprintableError):
    """No font of this machine has a shape for some of its signs: `lost` are those."""

    def __init__(self, lost: Sequence[str]) -> None:
        shown = " ".join(lost[:20])
        super().__init__(f"These characters cannot be printed: {shown} Take them out, or spell them in others.")
        self.lost = lost


class AddressDoesNotFitError(LetterRefusedError):
    """The name and address do not show in the envelope's window."""


class SealBrokenError(LetterRefusedError):
    """The stored file is missing, or is not the one that was sealed."""


class HeldError(LetterRefusedError):
    """Something stops every letter to this recipient, such as a court order."""

    def __init__(self, letter: Letter, reasons: Sequence[str]) -> None:
        super().__init__(f"{letter.reference} may not go out. {' '.join(reasons)}")
        self.letter = letter


class AlreadyPrintedError(WrongStateError):
    """Every letter chosen is already in this one batch: a second click, or a second person."""

    def __init__(self, sentence: str, batch: PrintBatch) -> None:
        super().__init__(sentence)
        self.batch = batch


class UnansweredError(LetterRefusedError):
    """A check objects to something, and nobody has put it right or said why it may stay."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        first = objections[0]
        more = f", and {len(objections) - 1} more" if len(objections) > 1 else ""
        super().__init__(f"Look at this before you approve the letter: {first.title}{more}.")
        self.objections = objections


class StaleTemplateError(LetterRefusedError):
    """Somebody else saved the template in between: `newer` is what it says now."""

    def __init__(self, newer: LetterTemplate) -> None:
        super().__init__(
            f"{newer.made_by.full_name} saved this template since you opened it. Read their version below. "
            "If you save again, yours comes after it."
        )
        self.newer = newer
