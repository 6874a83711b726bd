"""Which envelopes the school has, and a page for trying one: it shows where the window may and may not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import get_template

from dkh_conduct.school.models import School
from letters.refusals import AddressDoesNotFitError
from letters.rendering import print_html
from letters.window import envelope_of, fit_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from letters.models import Staff
    from letters.window import Envelope

# As long as an address may be: whoever prints it sees the worst that can happen.
LONGEST = ("Mrs Ngozi Featherstonehaugh", "Flat 27, Wellington House", "118 Peckham Rye", "London", "SE22 8EQ")


class EnvelopeForm(forms.Form):
    envelope = forms.ChoiceField(
        choices=School.Envelope.choices, error_messages={"required": "Select the envelope that you use"}
    )


@transaction.atomic
def choose_envelope(*, school: School, by: Staff, envelope: str) -> None:
    """For the letters that are made from now on: those that are sealed already keep their place."""
    if by.school_id != school.pk or not by.has_perm("letters.print_letter"):
        raise PermissionDenied
    current = School.objects.select_for_update().get(pk=school.pk)
    if current.envelope != envelope:
        current.envelope = envelope
        current.save(update_fields=["envelope"])


def fits_window(lines: Iterable[str], *, school: School) -> bool:
    """Whether a name and address show in the window of the school's envelope."""
    try:
        fit_address(lines, envelope_of(school.envelope))
    except AddressDoesNotFitError:
        return False
    return True


def sample_page_pdf(school: School, envelope: Envelope) -> bytes:
    fit = fit_address(LONGEST, envelope)
    return print_html(
        get_template("letters/envelope_test.html").render(
            {"school": school, "envelope": envelope, "lines": fit.lines, "css_class": fit.css_class}
        )
    ).pdf
