"""The catalogues of dkh_conduct/locale: what the source says, what each language lacks, and filling that in.

`python -m tests.translations` lists what is untranslated. With `update`, it puts new sentences into every catalogue,
takes out those that nobody says any more, and compiles: a file beside it that Django reads, committed with it.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.demo_school import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Message

LOCALE = ROOT / "dkh_conduct" / "locale"
PAGES = ROOT / "dkh_conduct" / "school" / "pages"
PACKAGES = ("dkh_conduct", "incidents", "letters")
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
# What a translation must keep: a value's place, an element, a telephone number.
KEPT = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+|href=\"[^\"]*\"|\b999\b|\b101\b|\b55\b")
NEVER = datetime(2026, 11, 25, tzinfo=UTC)  # a catalogue changes when its words do, not with the day


def languages() -> list[str]:
    return sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())


@cache
def said() -> Catalog:
    """Every sentence that is marked in the source, with the files that say it."""
    catalog = Catalog(charset="utf-8", creation_date=NEVER)
    for path in _sources():
        name = str(path.relative_to(ROOT))
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = _as_python(source)
        for _line, words, comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalog.add(words, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".md"})


def _as_python(template: str) -> str:
    """Django turns a template into calls among blots; what stands at the start of a line would be an indent."""
    from django.utils.translation.template import templatize

    return "\n".join(line.strip() for line in templatize(template).splitlines())


def catalogue(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def untranslated(language: str) -> list[str]:
    """What is missing or doubtful in one language, as lines to read."""
    found = catalogue(language)
    lacks = [_shown(message) for message in said() if message.id and not _is_done(found.get(*_key(message)))]
    return lacks + [f"page {page}" for page in _pages() if not (PAGES / f"{page}.{language}.md").exists()]


def unsaid(language: str) -> list[str]:
    """What is translated though nobody says it any more."""
    source = said()
    return [_shown(message) for message in catalogue(language) if message.id and source.get(*_key(message)) is None]


def damaged(language: str) -> list[str]:
    """Translations that lost a value, an element or a telephone number, or have one too many."""
    return [
        f"{_shown(message)} → {text}"
        for message in catalogue(language)
        if message.id
        for text in _texts(message.string)
        if sorted(set(KEPT.findall(text))) not in _expected(message)
    ]


def compiled(language: str) -> bytes:
    out = BytesIO()
    write_mo(out, catalogue(language))
    return out.getvalue()


def update(language: str) -> None:
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = catalogue(language) if path.exists() else Catalog(locale=language)
    after = Catalog(locale=language, domain="django", charset="utf-8", creation_date=NEVER, revision_date=NEVER)
    after.header_comment = f"# The parents’ pages, e-mails and papers in {after.locale.english_name}."
    after.fuzzy = False
    for message in said():
        if message.id:
            known = before.get(*_key(message))
            where = sorted({name for name, _line in message.locations})
            after.add(
                message.id,
                known.string if known else "",
                [(name, None) for name in where],  # type: ignore[misc]
                context=message.context,
            )
    with path.open("wb") as file:
        write_po(file, after, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    path.with_suffix(".mo").write_bytes(compiled(language))


def _pages() -> list[str]:
    return sorted(path.stem for path in PAGES.glob("*.md") if "." not in path.stem)


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def _texts(string: object) -> list[str]:
    return [text for text in (string if isinstance(string, list | tuple) else [string]) if isinstance(text, str)]


def _expected(message: Message) -> list[list[str]]:
    """A plural may leave its number out: `one file`."""
    wanted = [sorted(set(KEPT.findall(text))) for text in _texts(message.id)]
    if isinstance(message.id, list | tuple):
        wanted += [[part for part in each if part not in {"%(number)s", "%(number)d"}] for each in wanted]
    return wanted


def _is_done(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(_texts(message.string)) and bool(_texts(message.string))


def _shown(message: Message) -> str:
    words = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}: {words}" if message.context else words


def main(words: list[str]) -> int:
    if words[:1] == ["update"]:
        for language in languages():
            update(language)
    lines = [f"{language}: {line}" for language in languages() for line in untranslated(language)]
    sys.stdout.write("".join(f"{line}\n" for line in lines) or "Everything is translated.\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
