"""Suggests what on a page may need covering, from the words that a machine read there. Nothing is covered unasked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidents.evidence.originals import case_of
from incidents.evidence.redacting import MOST_BOXES, Box, Why
from incidents.models import CasePerson, Concern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dkh_conduct.accounts.models import User
    from incidents.evidence.viewer import Page
    from incidents.models import Evidence

# Long numbers as people write them: 07700 900123, (020) 7946 0958, +44 7700 900123.
PHONE = re.compile(r"(?<![\w.])\(?\+?\d(?:[ ().-]{0,2}\d){8,13}(?![\w])")
EMAIL = re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
SHORTEST_NAME = 3
ROUND = 4  # pixels of air about the letters
COVERED = 0.8  # of a suggestion that lies under a box: it is not made again
Word = tuple[int, int, int, int, str]


@dataclass(frozen=True)
class Suggestion:
    """A box that somebody may accept. `read` is what the machine took the words for."""

    number: int
    box: Box
    read: str

    @property
    def why_label(self) -> str:
        return str(Why(self.box.why).label)


def suggestions_for(evidence: Evidence, page: Page, *, user: User) -> list[Suggestion]:
    """Down the page. None where nobody has read it: everything else of redacting is the same then."""
    read = evidence.read_words.filter(part=page.number).first()
    if read is None:
        return []
    names = dict(names_on(evidence, user))
    found: list[Suggestion] = []
    for line in read.lines:
        for why, words in _found_in(line, names):
            if (box := _round(words, page, why)) and len(found) < MOST_BOXES:
                found.append(Suggestion(len(found) + 1, box, " ".join(word for *_, word in words).strip(" ,.;:")))
    return found


def not_covered(suggestions: Iterable[Suggestion], boxes: Iterable[Box]) -> list[Suggestion]:
    covering = list(boxes)
    return [each for each in suggestions if not any(_share(each.box, box) >= COVERED for box in covering)]


def _found_in(line: list[Word], names: dict[str, Why]) -> Iterator[tuple[Why, list[Word]]]:
    """Runs of words on one line, each with the reason to cover it. A word is in one run only."""
    starts, text = [], ""
    for *_place, word in line:
        starts.append(len(text))
        text += f"{word} "
    why_of: dict[int, Why] = {}
    for pattern in (EMAIL, PHONE):
        for match in pattern.finditer(text):
            for at, start in enumerate(starts):
                if start < match.end() and start + len(line[at][4]) > match.start():
                    why_of.setdefault(at, Why.CONTACT)
    for at, (*_place, word) in enumerate(line):
        for name in parts_of(word):
            if name in names:
                why_of.setdefault(at, names[name])
    run: list[int] = []
    for at in sorted(why_of):
        if run and (at != run[-1] + 1 or why_of[at] != why_of[run[0]]):
            yield why_of[run[0]], [line[each] for each in run]
            run = []
        run.append(at)
    if run:
        yield why_of[run[0]], [line[each] for each in run]


def names_on(evidence: Evidence, user: User) -> Iterator[tuple[str, Why]]:
    """Parts of names: of who told us, as far as this reader may know it, and of the children of the case."""
    case = case_of(evidence)
    mine = Concern.objects.visible_to(user)
    concerns = mine.filter(case=case) if case else mine.filter(evidence=evidence)
    for concern in concerns.select_related("reporter"):
        reporter = getattr(concern, "reporter", None)
        if reporter is not None:
            yield from ((part, Why.REPORTER) for part in parts_of(reporter.name))
    if case is not None:
        children = CasePerson.objects.filter(case=case).select_related("person")
        for link in children:
            if link.person.is_child:
                yield from ((part, Why.CHILD) for part in parts_of(link.person.full_name))


def parts_of(name: str) -> list[str]:
    """Its words as they are compared: without case, accents and signs, and without `'s`. Initials are left out."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("’", "'")
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", letters)
    return [word for word in (found.removesuffix("'s") for found in words) if len(word) >= SHORTEST_NAME]


def _round(words: list[Word], page: Page, why: Why) -> Box | None:
    """About all of them, inside the page."""
    left = max(0, min(word[0] for word in words) - ROUND)
    top = max(0, min(word[1] for word in words) - ROUND)
    right = min(page.width, max(word[0] + word[2] for word in words) + ROUND)
    bottom = min(page.height, max(word[1] + word[3] for word in words) + ROUND)
    return Box(left, top, right - left, bottom - top, why.value) if right > left and bottom > top else None


def _share(small: Box, large: Box) -> float:
    """How much of one lies under the other."""
    across = min(small.left + small.width, large.left + large.width) - max(small.left, large.left)
    down = min(small.top + small.height, large.top + large.height) - max(small.top, large.top)
    return max(0, across) * max(0, down) / (small.width * small.height)
