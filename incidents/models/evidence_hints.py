"""What may make a file hard to use later: sentences for who sends it and who reads it, never reasons to refuse it."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SMALL, CROPPED, BLURRED, UNDATED, LEFT_OUT = "small", "cropped", "blurred", "undated", "left_out"
NO_DATE, NO_SENDER = "no_date", "no_sender"
# Known only when a machine has read the words in it.
OF_TEXT = (NO_DATE, NO_SENDER)
# Kept in English, and translated where they are shown.
FOR_PARENTS: dict[str, str] = {
    SMALL: gettext_noop(
        "It may be too small to read. If your phone still has it, add the screenshot itself, not a forwarded copy."
    ),
    CROPPED: gettext_noop("It looks cropped. The whole screen, with the name of the group and the date, says more."),
    BLURRED: gettext_noop("It looks blurred. If it is a photo of a screen, a screenshot is easier to read."),
}
HINTS: dict[str, str] = {
    **FOR_PARENTS,
    UNDATED: "We could not tell in which order this export writes day and month.",
    NO_DATE: "No date or time could be read in it. Ask whoever sent it for the whole screen.",
    NO_SENDER: "No name of a sender could be read in it. Ask whoever sent it who wrote it, or for the whole screen.",
    LEFT_OUT: "Not every file inside it can be shown here. All of them are in the sealed original.",
}
