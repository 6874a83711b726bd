"""Times as they stand in the middle of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from dkh_conduct.school.templatetags.dates import moment

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()


@register.filter
def when(value: datetime | None) -> str:
    """`today at 8:51am`, or `on 23 November 2026 at 8:51am`"""
    shown = moment(value)
    return f"t{shown[1:]}" if shown.startswith("Today") else f"on {shown}" if shown else ""
