"""The start page and the policy: numbers from the school's row, words from the policy's own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.policy.wording import POLICY

pytestmark = pytest.mark.django_db


def test_the_start_page_puts_the_emergency_numbers_before_the_button(parent):
    page = parent.get(reverse("start")).content.decode()

    assert page.index("tel:999") < page.index("tel:101") < page.index("tel:+442079460124")
    assert page.index("tel:+442079460124") < page.index("Report a concern")


def test_the_start_page_takes_its_numbers_from_the_school(parent, school):
    school.safeguarding_phone, school.council_name = "020 7946 0999", "Lambeth"
    school.read_within_school_days = 1
    school.save()

    page = parent.get(reverse("start")).content.decode()

    assert "tel:+442079460999" in page
    assert "Lambeth children’s services" in page
    assert "Within 1 school day." in page


def test_the_start_page_links_only_to_pages_that_answer(parent):
    for name in ("report", "policy", "status"):
        assert f'href="{reverse(name)}"' in parent.get(reverse("start")).content.decode()
        assert parent.get(reverse(name), follow=True).status_code == 200


def test_the_whole_policy_is_on_its_page_word_for_word(parent):
    response = parent.get(reverse("policy"))

    words = [POLICY.title, POLICY.see_also, POLICY.about_heading, *POLICY.about, POLICY.important_lead]
    words += [*POLICY.important, *POLICY.expectations, POLICY.code_heading, POLICY.expect_lead, *POLICY.expect]
    words += [POLICY.raising_heading, *POLICY.raising, POLICY.ladder_lead, POLICY.closing]
    words += [*POLICY.group_leads.values(), *(clause.text for clause in POLICY.clauses)]
    words += [step.text for step in POLICY.steps]
    for text in words:
        assert text in response.content.decode()


def test_reporting_starts_with_the_first_question(parent):
    assert parent.get(reverse("report")).url == reverse("report-danger")


@pytest.mark.parametrize("name", ["start", "policy", "report", "report-sent", "report-receipt"])
def test_pages_that_only_show_refuse_a_post(parent, name):
    assert parent.post(reverse(name)).status_code == 405


def test_a_signed_in_member_of_staff_may_open_the_parents_pages(signed_in, slt):
    client = signed_in(slt)

    assert client.get(reverse("start")).status_code == 200
    assert client.get(reverse("report-what")).status_code == 200
