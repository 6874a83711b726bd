"""The code in a letter with which its addressee answers online: printed once, found again, and kept nowhere.

It is worked out from the letter and the installation's own key, so that the database alone does not give it away
(docs/adr/0006). Sixty bits: with the limit on wrong tries, guessing one takes longer than a school lasts.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from letters.kinds import KINDS
from letters.models import Letter
from letters.text import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.school.models import School

# Crockford's alphabet without U: nothing to be mistaken for something else when it is read out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OILU", "011V")
LENGTH = 12
FIELD = "[reply online]"
NOT_YET = "---- ---- ----"
LEFT_OUT = "(left out of this copy)"
# No number of a case or a letter comes near this, and whoever types more digits than it is guessing.
MOST_DIGITS = 14


def reply_code(letter: Letter) -> str:
    """`HT4N-8WQ2-K7RM`; dashes while the letter is a draft, which nobody has been sent."""
    return _code(letter, settings.SECRET_KEY) if letter.approved_at else NOT_YET


def find_answered_letter(school: School, *, reference: str, code: str) -> Letter | None:
    """The sealed letter with this reference, if the code is the one printed in it. The work is the same if not."""
    found = Letter.objects.answerable().filter(school=school, reference__in=_readings(reference, school=school))
    found = found.select_related("school")  # which the code is made of: asking for it then would take time
    matching = None
    for letter in list(found) or [Letter(school=school, reference=reference)]:
        if _is_code_of(letter, code):
            matching = letter
    return matching


def prints_code(letter: Letter) -> bool:
    return with_reply_line(letter) != letter.body


def with_reply_line(letter: Letter, *, without_code: bool = False) -> str:
    """The body with the line on replying online where its field stands, and at its end where somebody lost the field.

    A letter that asks for no reply has neither, nor has one that is answered in another way.
    """
    kind = KINDS.get(letter.kind)
    code = LEFT_OUT if without_code else reply_code(letter)
    how = (
        f"go to {as_text(reply_address())} and enter our reference, {as_text(letter.reference)}, "
        f"and your reply code, **{code}**"
    )
    if FIELD in letter.body:
        return letter.body.replace(FIELD, f"Online: {how}")
    if letter.reply_by and (kind is None or kind.asks_reply):
        return f"{letter.body.rstrip()}\n\nTo put your side online, {how}."
    return letter.body


def reply_address() -> str:
    """`conduct.school.example/reply`: what somebody types from paper."""
    return f"{settings.SITE_URL.partition('://')[2]}/reply"


def _code(letter: Letter, key: str) -> str:
    approved_at = letter.approved_at.astimezone(UTC).isoformat() if letter.approved_at else ""
    seed = f"{letter.school.code} {letter.reference} {approved_at}"
    number = int.from_bytes(salted_hmac("letters.reply_code", seed, secret=key, algorithm="sha256").digest())
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))


def _is_code_of(letter: Letter, typed: str) -> bool:
    """Codes printed before the key was changed still count, for as long as the old key is kept."""
    tidy = _squeeze(typed).translate(MISREAD)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    matches = [constant_time_compare(_code(letter, key).replace("-", ""), tidy) for key in keys]
    return any(matches)


def _squeeze(typed: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def _readings(typed: str, *, school: School) -> Iterator[str]:
    """What was typed as a reference, with its dashes put back: `dkh c0143` may be DKH-C014-3 and nothing else."""
    yield typed.strip().upper()
    rest = _squeeze(typed).removeprefix(_squeeze(school.code))
    digits = rest[1:].translate(MISREAD)
    if rest.startswith("C") and digits.isdecimal() and len(digits) <= MOST_DIGITS:
        for place in range(3, len(digits)):
            yield f"{school.code}-C{digits[:place]}-{digits[place:]}"
