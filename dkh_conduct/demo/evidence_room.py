"""What the senior leaders did with the evidence of the story: messages marked, faces and names covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.evidence.chat_verbs import mark_lines
from incidents.evidence.covering import cover_words
from incidents.evidence.redacting import Box, Why, redact
from incidents.evidence.viewer import pages_of

if TYPE_CHECKING:
    from dkh_conduct.demo.story import Story

WORDS_OF_HIS = ("They lose", "And don", "Two faced")
GROUP = (270, 100, 570, 130)  # the name of the group and who is in it, at the top of a phone of 1080 pixels


def run(story: Story) -> None:
    picture, chat = story.evidence["DKH-3H6V-9C"]
    ruth = story.staff["ruth"]
    with story.when(21, "9:20am"):
        lines = chat.lines.all()
        marked = [line.number for line in lines if line.body.startswith(WORDS_OF_HIS)]
        mark_lines(evidence=chat, shown=[line.number for line in lines], marked=marked, by=ruth)
        cover_words(evidence=chat, passages=marked, masks=[], by=ruth)  # they name nobody but whom the case is about
    with story.when(21, "9:25am"):
        page = pages_of(picture)[0]
        left, top, width, height = GROUP
        redact(evidence=picture, page=page, boxes=[Box(left, top, width, height, why=Why.GROUP.value)], by=ruth)
