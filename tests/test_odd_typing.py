"""What somebody may type into any form or address, tried on all of them. The numbers are rows of docs/threats.md."""

from __future__ import annotations

import pytest
from django import forms
from django.urls import reverse

from dkh_conduct.accounts.staff_forms import InviteForm
from dkh_conduct.school.email_addresses import validate_public_address
from incidents.contacts.forms import ContactForm
from incidents.models import Email
from incidents.reporting.contact_page import ContactForm as ReachForm
from incidents.reporting.forms import YouForm
from incidents.reporting.later import LaterForm
from incidents.triage.forms import OutcomeForm
from tests.addresses import build_world, every_name

# Two people, a header of one's own, and what Django alone takes: this machine, a bare number, an option, too long.
BAD = (
    *("a@example.com,b@example.com", "a@example.com b@example.com", "a@example.com\nBcc: b@example.com"),
    *("x@localhost", "x@[127.0.0.1]", "x@server.local", "-oQ/tmp@example.com", f"{'x' * 65}@example.com"),
)
QUERY = "&".join(f"{name}=%00" for name in (
    *("q", "page", "show", "kind", "in", "by", "status", "clause", "due", "assignee", "since_0", "until_1", "next"),
    *("sort", "year", "class", "letter", "person", "case", "back", "zoom", "language"),
))  # fmt: skip


@pytest.mark.parametrize("form", [InviteForm, ContactForm, ReachForm, YouForm, LaterForm, OutcomeForm])
def test_row_22_every_form_that_asks_for_an_address_asks_for_one_that_can_be_reached(form):
    fields = [field for field in form.base_fields.values() if isinstance(field, forms.EmailField)]

    assert fields
    assert all(validate_public_address in field.validators for field in fields)


@pytest.mark.django_db
@pytest.mark.parametrize("address", BAD)
def test_row_21_two_addresses_or_a_header_of_ones_own_are_refused_beside_the_field(school, client, address):
    client.post(reverse("report-words"), {"account": "They shouted."})

    page = client.post(reverse("report-later"), {"email": address})

    assert page.status_code == 200
    assert "govuk-error-summary" in page.content.decode()
    assert address.split()[0] in page.content.decode()
    assert not Email.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["nobody", "slt", "office", "admin"])
def test_row_40_a_nul_in_any_address_never_makes_a_fault(role, slt, office, colleague, admin, signed_in, client):
    world = build_world(slt=slt, office=office, colleague=colleague)
    people = {"slt": slt, "office": office, "admin": admin}
    reader = signed_in(people[role]) if role in people else client

    got = {name: reader.get(f"{world.address(name)}?{QUERY}").status_code for name in every_name()}

    assert {name: status for name, status in got.items() if status >= 500} == {}
    assert 200 in got.values()
