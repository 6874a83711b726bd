"""How an e-mail address and a telephone number are printed: one where there is little room, the other to be pressed."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dkh_conduct.school.templatetags.dates import tel

register = template.Library()


@register.filter
def breakable(address: str) -> SafeString:
    """`school@dkh.<wbr>southwark.<wbr>sch.uk`: a narrow column breaks it after a dot of the domain."""
    local, at, domain = escape(address).rpartition("@")
    return mark_safe(local + at + re.sub(r"\.(?=[^.]+\.)", ".<wbr>", domain))  # noqa: S308  # escaped above


@register.filter
def call(number: str | int) -> SafeString:
    """A number to press. It is read from left to right in every language."""
    return format_html('<a class="govuk-link" href="tel:{}" dir="ltr">{}</a>', tel(str(number)), number)


@register.filter
def write(address: str) -> SafeString:
    """An address to press."""
    return format_html('<a class="govuk-link dkh-email" href="mailto:{}" dir="ltr">{}</a>', address, breakable(address))
