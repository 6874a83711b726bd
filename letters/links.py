"""Links in a letter: a web page, an email address or a telephone number, and nothing that hides where it leads.

Letters go out on paper and by email, so each link is printed with its address in words too.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt

from letters.refusals import UnprintableError

SCHEMES = {"https", "mailto", "tel"}
LONGEST = 200

# No name before the host, no port, no number in its place, and no letters that only look like others (xn--).
_HOST = r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
_ALLOWED = re.compile(
    rf"https://{_HOST}(?:[/?#][!-~]*)?|mailto:[a-z0-9.!#$&'*+/=?^_{{|}}~-]+@{_HOST}|tel:\+?[0-9-]{{3,20}}",
    re.IGNORECASE,
)


def is_allowed(address: str) -> bool:
    return len(address) <= LONGEST and _ALLOWED.fullmatch(address) is not None


def in_words(address: str, *, beside: str) -> str:
    """What is printed after the words of a link; nothing where they say it already."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "tel":
        digits = re.sub(r"\D", "", rest)
        return "" if digits[-9:] in re.sub(r"\D", "", beside) else rest
    shown = rest.removeprefix("//").rstrip("/")
    said = beside.strip().lower().removeprefix("https://").rstrip("/")
    return "" if said == shown.lower() else shown


def check_links(body: str) -> None:
    """Raises UnprintableError for the first link that a letter may not have."""
    for address in addresses_in(body):
        if not is_allowed(address):
            raise UnprintableError(
                f"The letter cannot have a link to “{address[:60]}”. Use a web address that begins with https://, "
                "mailto: and an email address, or tel: and a telephone number."
            )


def addresses_in(body: str) -> list[str]:
    """Where its links lead, also those that no letter may have."""
    tokens = [token for block in _any_link().parse(body) for token in block.children or []]
    return [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]


@lru_cache(maxsize=1)
def _any_link() -> MarkdownIt:
    """Reads links wherever they lead, to say which cannot stay."""
    markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "autolink", "reference"])
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown
