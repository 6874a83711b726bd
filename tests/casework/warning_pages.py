"""What a browser sends to the pages of a warning letter, and what a reader sees of them."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse

from dkh_conduct.school.models import today
from incidents.casework.reply_days import reply_days
from letters.models import Letter

START = "/staff/cases/C014/steps/warning/"
PNG = b"\x89PNG\r\n\x1a\n"


def page(step, name="step-draft"):
    return reverse(name, args=[step.case.reference, step.pk])


def start_answers(case, **changes):
    usual = reply_days(case.school, posted_on=today()).usual
    answers = {
        "allegations": [str(allegation.pk) for allegation in case.allegations.filter(finding="found")],
        "impact": "The member of staff found this distressing.",
        "account": "you were worried because your son came home hurt.",
        "asks": "Do not post comments like these again.\nBring any worry to us.",
        "reply_by_0": usual.day,
        "reply_by_1": usual.month,
        "reply_by_2": usual.year,
        "draft": "",
    }
    return {**answers, **changes}


def draft_answers(step, **changes):
    letter = Letter.objects.get(pk=step.letter_id)
    answers = {
        "heading": letter.heading,
        "body": letter.body,
        "reply_by_0": letter.reply_by.day,
        "reply_by_1": letter.reply_by.month,
        "reply_by_2": letter.reply_by.year,
        "delivery": letter.delivery,
        "version": letter.version,
        "reason": "",
    }
    return {**answers, **changes}


def decision(step, **changes):
    return draft_answers(
        step, **{"reason": "Both sides were heard.", "has_no_conflict": "on", "has_read": "on", "take": "", **changes}
    )


def text_of(response):
    """What a reader sees, without the mark-up."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def start_answers_without_days(case):
    soon = today() + timedelta(days=20)
    return {
        "allegations": [str(allegation.pk) for allegation in case.allegations.all()],
        "asks": "Do not post comments like these again.",
        "reply_by_0": soon.day,
        "reply_by_1": soon.month,
        "reply_by_2": soon.year,
    }
