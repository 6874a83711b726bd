"""The e-mails that a new concern sends: a reference and a link, nothing of what was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Email

if TYPE_CHECKING:
    from dkh_conduct.school.models import School
    from incidents.models import Concern


def acknowledgement(*, school: School, to: str, reference: str, confirm: str = "") -> Email:
    """ "We have it, and this is where to look." Not saved yet; the access code is never sent."""
    context = {
        "school": school,
        "reference": reference,
        "link": f"{settings.SITE_URL}{reverse('status')}",
        "confirm": f"{settings.SITE_URL}{confirm}" if confirm else "",
    }
    return Email(
        school=school,
        to=to,
        subject=_("We have your concern %(reference)s") % {"reference": reference},
        body=render_to_string("emails/acknowledgement.txt", context),
    )


def urgent_notice(*, concern: Concern, to: str) -> Email:
    """ "One concern is to be read today." Not saved yet; why it is urgent stays behind the sign-in."""
    context = {
        "school": concern.school,
        "reference": concern.reference,
        "link": f"{settings.SITE_URL}{concern.get_absolute_url()}",
    }
    return Email(  # to staff, so in English whatever the reporter speaks: no word of it is in a catalogue
        school=concern.school,
        to=to,
        subject=f"Read concern {concern.reference} today",
        body=render_to_string("emails/urgent_notice.txt", context),
    )


def draft_link(*, school: School, to: str, link: str) -> Email:
    """To an address that somebody gave to finish later. Says nothing of their answers."""
    context = {"school": school, "link": f"{settings.SITE_URL}{link}"}
    body = render_to_string("emails/draft_link.txt", context)
    return Email(school=school, to=to, subject=_("Finish what you began to tell us"), body=body)


def confirmation(*, school: School, to: str, link: str) -> Email:
    """To an address that somebody gave for their concern. Does not say which concern: it may be the wrong address."""
    context = {"school": school, "link": f"{settings.SITE_URL}{link}"}
    body = render_to_string("emails/confirm_address.txt", context)
    return Email(school=school, to=to, subject=_("Confirm your email address"), body=body)


def code_link(*, school: School, to: str, link: str) -> Email:
    """To a confirmed address, for an access code that was lost."""
    context = {"school": school, "link": f"{settings.SITE_URL}{link}"}
    body = render_to_string("emails/new_code.txt", context)
    return Email(school=school, to=to, subject=_("Your new access code"), body=body)
