"""The text of a page for the public: what an administrator wrote, or else what the portal came with.

A text names a fact of the school in braces, `{phone}`, so that a number changed in one place changes everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from dkh_conduct.school.markdown import safe_html
from dkh_conduct.school.models import Page
from dkh_conduct.school.templatetags.contacts import call, write

if TYPE_CHECKING:
    from dkh_conduct.school.models import School

FOLDER = Path(__file__).parent / "pages"
NAMED = re.compile(r"\{([a-z_]+)\}")
FACTS = {
    "school": "the school’s name",
    "controller": "who is responsible for the information: the trust, or the school",
    "address": "the school’s address",
    "phone": "the office’s telephone number",
    "email": "the school’s email address",
    "website": "the school’s website",
    "safeguarding_phone": "the safeguarding lead’s telephone number",
    "safeguarding_hours": "when that is answered",
    "council": "the council",
    "council_phone": "children’s services in office hours",
    "council_night_phone": "children’s services at night and at weekends",
    "session_cookie": "the name of the session’s cookie",
    "form_cookie": "the name of the forms’ cookie",
    "language_cookie": "the name of the language’s cookie",
    "draft_cookie": "the name of the cookie for answers that are not sent yet",
}


@dataclass(frozen=True)
class PageText:
    """One page as it stands now. `version` 0 is the text the portal came with."""

    slug: str
    title: str
    body: str
    version: int = 0
    row: Page | None = None


def page_of(school: School, slug: str, language: str = "") -> PageText:
    """What is shown to the public, in the language of the page or in `language`.

    An administrator's words in it come first. Where they changed the English and not this one, the English is shown:
    a translation of older words would say what is no longer so.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    rows = {row.language: row for row in Page.objects.filter(school=school, slug=slug).select_related("updated_by")}
    row = rows.get(language) or rows.get(settings.LANGUAGE_CODE)
    return _as_text(row) if row else came_with(slug, language)


def page_to_change(school: School, slug: str, language: str) -> PageText:
    """What an administrator begins with: their own words in this language, or those the portal came with."""
    row = Page.objects.filter(school=school, slug=slug, language=language).select_related("updated_by").first()
    return _as_text(row) if row else came_with(slug, language)


@dataclass(frozen=True)
class InLanguage:
    """One page in one language, for the list: `is_behind` where its English was changed and it was not."""

    code: str
    name: str
    row: Page | None
    is_behind: bool = False


@dataclass(frozen=True)
class Listed:
    slug: str
    title: str
    languages: list[InLanguage]


def pages_of(school: School) -> list[Listed]:
    rows = {(row.slug, row.language): row for row in Page.objects.filter(school=school).select_related("updated_by")}
    return [_listed(slug, rows) for slug in Page.Slug]


def _listed(slug: Page.Slug, rows: dict[tuple[str, str], Page]) -> Listed:
    english = rows.get((slug.value, settings.LANGUAGE_CODE))
    languages = []
    for code, name in settings.LANGUAGES:
        row = rows.get((slug.value, code))
        languages.append(InLanguage(code, name, row, is_behind=english is not None and row is None))
    return Listed(slug.value, english.title if english else str(slug.label), languages)


def came_with(slug: str, language: str = "") -> PageText:
    """In English, unless a translation lies beside it."""
    translated = FOLDER / f"{slug}.{language}.md"
    is_translated = bool(language) and translated.exists()
    path = translated if is_translated else FOLDER / f"{slug}.md"
    with override(language if is_translated else settings.LANGUAGE_CODE):
        title = str(Page.Slug(slug).label)
    return PageText(slug, title, path.read_text(encoding="utf-8"))


def _as_text(row: Page) -> PageText:
    return PageText(row.slug, row.title, row.body, row.version, row)


def unknown_facts(body: str) -> list[str]:
    return sorted(set(NAMED.findall(body)) - set(FACTS))


def page_html(school: School, body: str) -> SafeString:
    """Facts are put in after the text was cleaned: in a link's address braces are no braces any more."""
    facts = _facts(school)
    html = NAMED.sub(lambda match: str(facts.get(match[1], match[0])), safe_html(body))
    return mark_safe(html)  # noqa: S308  # cleaned by nh3; every fact is escaped


def _facts(school: School) -> dict[str, SafeString]:
    return {
        "school": escape(school.name),
        "controller": escape(school.trust_name or school.name),
        "address": escape(school.one_line_address),
        "phone": call(school.phone),
        "email": write(school.email),
        "website": escape(school.website),
        "safeguarding_phone": call(school.safeguarding_phone),
        "safeguarding_hours": escape(_(school.safeguarding_hours)),
        "council": escape(school.council_name),
        "council_phone": call(school.council_phone),
        "council_night_phone": call(school.council_night_phone),
        "session_cookie": escape(settings.SESSION_COOKIE_NAME),
        "form_cookie": escape(settings.CSRF_COOKIE_NAME),
        "language_cookie": escape(settings.LANGUAGE_COOKIE_NAME),
        "draft_cookie": escape(settings.DRAFT_COOKIE_NAME),
    }
