"""The language of a page, as HTML and PDF name it."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils import translation

register = template.Library()


@register.simple_tag
def page_language() -> str:
    """`en-GB`, `ar`"""
    return translation.to_locale(translation.get_language() or "en-gb").replace("_", "-")


@register.simple_tag
def page_direction() -> str:
    return "rtl" if translation.get_language_bidi() else "ltr"


@register.simple_tag
def spoken_languages() -> list[tuple[str, str]]:
    """Each by its own name: who looks for theirs may not read the page's."""
    return list(settings.LANGUAGES)
