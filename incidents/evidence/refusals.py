"""The sentences a parent reads beside a file that was not taken. Each says what to do instead.

Those without a value are kept in English and translated where they are shown, so that they follow the page's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dkh_conduct.school.templatetags.dates import clock
from incidents.models.evidence import size_in_words

if TYPE_CHECKING:
    from datetime import datetime

EMPTY = gettext_noop("This file is empty. Choose it again, or take a new screenshot and add that.")
NOT_A_PICTURE = gettext_noop("We cannot read this file as a picture. Take a screenshot of it and add that.")
DAMAGED = gettext_noop(
    "This picture is damaged, or only part of it reached us. Add it again. If that does not work, "
    "take a screenshot of it and add that."
)
CUT_OFF = gettext_noop("Only part of this file reached us. Add it again.")
NOT_KEPT = gettext_noop(
    "Something went wrong here and we could not keep this file. Wait a few minutes, then add it again."
)
NOT_OPENED = gettext_noop("We could not open this file here. Add a screenshot of it too, or tell us what it shows.")
VIDEO = gettext_noop("We cannot take videos here. Add a screenshot of the video, or call the office.")
AUDIO = gettext_noop(
    "We can take voice notes from WhatsApp, and MP3 and M4A files, but not this kind of sound. "
    "Write down what you heard in your own words."
)
DAMAGED_SOUND = gettext_noop("We cannot play this sound. Add it again, or write down what you heard in your own words.")
DAMAGED_PDF = gettext_noop(
    "We cannot open this PDF. It may be damaged, or locked with a password. "
    "Take a screenshot of each page and add those."
)
ARCHIVE = gettext_noop(
    "We can take a chat exported from WhatsApp, but not other zip files or documents. "
    "Take screenshots of what matters and add those."
)
ARCHIVE_TOO_LARGE = gettext_noop(
    "There is too much in this zip file. Export the chat again without media, or take screenshots of what matters."
)
CHAT_TOO_LONG = gettext_noop(
    "This chat is longer than we can take. Take screenshots of the messages that matter and add those."
)
VIRUS = gettext_noop(
    "Our virus scanner found something in this file, so we did not keep it. Take a screenshot of it and add that."
)
DESCRIBE_IT = gettext_noop("Tell us in a message what it shows.")
TEXT = gettext_noop(
    "This is text, but not a chat exported from WhatsApp. Take a screenshot of the messages and add that."
)


def too_big(size: int) -> str:
    return _("This file is %(size)s. The most we can take is %(most)s. Take a screenshot of it and add that.") % {
        "size": size_in_words(size),
        "most": size_in_words(settings.EVIDENCE_MAX_BYTES),
    }


def too_many_pixels(width: int, height: int) -> str:
    return _(
        "This picture is %(width)s by %(height)s pixels, which is more than we can take. "
        "Crop it, or take a screenshot of it, and add that."
    ) % {"width": f"{width:,}", "height": f"{height:,}"}


def too_many_pages(pages: int) -> str:
    return _(
        "This PDF has %(pages)s pages. The most we can take is %(most)d. "
        "Take a screenshot of each page that matters and add those."
    ) % {"pages": f"{pages:,}", "most": settings.EVIDENCE_MAX_PAGES}


def too_long() -> str:
    minutes = settings.EVIDENCE_MAX_SECONDS // 60
    return _(
        "This recording is longer than we can take, which is %(minutes)d minutes. Write down what was said, and when."
    ) % {"minutes": minutes}


def damaged(kind: str) -> str:
    return {"sound": DAMAGED_SOUND, "pdf": DAMAGED_PDF}.get(kind, DAMAGED)


REMOVE_ONE = gettext_noop("Remove one, then add this again.")


def too_many(what_to_do: str = REMOVE_ONE) -> str:
    words = {"most": settings.EVIDENCE_MAX_FILES, "what_to_do": _(what_to_do)}
    return _("You have added %(most)d files, the most we can take. %(what_to_do)s") % words


def too_much(what_to_do: str = REMOVE_ONE) -> str:
    words = {"most": size_in_words(settings.EVIDENCE_MAX_TOTAL_BYTES), "what_to_do": _(what_to_do)}
    return _("With this file you would go over %(most)s in all, the most we can take. %(what_to_do)s") % words


def too_soon(until: datetime) -> str:
    soon = _("Too many files came in a short time. Add this one again after %(time)s. Your answers are kept.")
    return soon % {"time": clock(until)}
