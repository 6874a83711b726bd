"""A day to come, typed as a day, a month and a year: by when they can put their side, or what is planned."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from dkh_conduct.school.day_field import DayWidget
from incidents.casework.case_lock import Refused

if TYPE_CHECKING:
    from incidents.casework.reply_days import ReplyDays


class ReplyDayField(forms.MultiValueField):
    """A day to come. Whether it leaves enough school days is asked of the calendar afterwards."""

    widget = DayWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields=[forms.CharField(required=False) for _ in range(3)], **kwargs)

    def clean(self, value: Any) -> date:
        parts = [str(part if part is not None else "").strip() for part in (value or ["", "", ""])]
        if not all(parts):
            raise ValidationError("Enter the day, month and year by which they can put their side")
        if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts) or len(parts[2]) != 4:
            raise ValidationError("Enter the day in numbers, like 16 12 2026")
        try:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            raise ValidationError("There is no such day. Check the day and the month") from None


class PlanDayField(ReplyDayField):
    """A day to come that may still be open: three empty boxes are no day yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        parts = [str(part if part is not None else "").strip() for part in (value or ["", "", ""])]
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError("Enter the day, the month and the year")
        return super().clean(parts)


def checked_reply_by(reply_by: date, days: ReplyDays) -> date:
    try:
        days.check(reply_by)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal
    return reply_by
