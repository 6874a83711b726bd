"""A letter's template: Markdown with `((fields))` and optional parts. It is text that SLT can change, never a program.

`((reply date))` is replaced by that field's value. What lies between `((if account))` and `((end))` is left out when
the field is empty, and `((otherwise))` begins what is said instead. A value is data: nothing in it is read as a field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

TAG = re.compile(r"(?m)^\(\((if [^()\n]+|otherwise|end)\)\)[ \t]*\n?|\(\(([^()\n]*)\)\)")
OTHERWISE, END, IF = "otherwise", "end", "if "


class TemplateFaultError(Exception):
    """The template cannot be used as it is; the message is a sentence that says where and what to do."""


@dataclass(frozen=True)
class _Tag:
    name: str
    before: str


def merge(source: str, value_of: Callable[[str], str]) -> str:
    """The template with its fields filled in. `value_of` is asked for each field by name, and may raise KeyError."""
    check_tags(source)
    out: list[str] = []
    is_shown = [True]
    for tag in _tags(source):
        if all(is_shown):
            out.append(tag.before)
        if tag.name.startswith(IF):
            is_shown.append(bool(value_of(tag.name.removeprefix(IF).strip())) if all(is_shown) else False)
        elif tag.name == OTHERWISE:
            is_shown[-1] = not is_shown[-1] and all(is_shown[:-1])
        elif tag.name == END:
            is_shown.pop()
        elif tag.name and all(is_shown):
            out.append(value_of(tag.name))
    return re.sub(r"\n{3,}", "\n\n", "".join(out)).strip()


def check_tags(source: str, known: Collection[str] | None = None) -> None:
    """Raises TemplateFaultError for a part that is never ended, and, where `known` is given, for a field not in it."""
    opened: list[str] = []
    for tag in _tags(source):
        name = tag.name
        if name.startswith(IF):
            if len(opened) > 5:
                raise TemplateFaultError("Optional parts lie too deep in each other. Make the template simpler.")
            opened.append(name)
        elif name in {OTHERWISE, END} and not opened:
            raise TemplateFaultError(f"(({name})) has no ((if …)) before it. Add one, or take it out.")
        elif name == OTHERWISE and opened[-1] == OTHERWISE:
            raise TemplateFaultError("One optional part has two ((otherwise)). Take one out.")
        elif name == OTHERWISE:
            opened[-1] = OTHERWISE
        elif name == END:
            opened.pop()
    if opened:
        raise TemplateFaultError("An optional part is not ended. Put ((end)) where it stops.")
    if known is not None:
        _check_known(source, known)


def fields_in(source: str) -> set[str]:
    names = {tag.name.removeprefix(IF).strip() for tag in _tags(source)}
    return names - {"", OTHERWISE, END}


def _check_known(source: str, known: Collection[str]) -> None:
    unknown = sorted(fields_in(source) - set(known))
    if unknown:
        shown = ", ".join(f"(({name[:60]}))" for name in unknown[:5])
        raise TemplateFaultError(f"This letter has no field {shown}. Choose one from the list beside the text.")


def _tags(source: str) -> list[_Tag]:
    """Each tag with the text before it; the last has no name and the text that is left."""
    tags, start = [], 0
    for match in TAG.finditer(source):
        name = " ".join((match[1] or match[2] or "").split())
        if name:
            tags.append(_Tag(name, source[start : match.start()]))
            start = match.end()
    return [*tags, _Tag("", source[start:])]
