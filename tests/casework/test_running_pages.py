"""The pages that add a note, hand a case on, and step aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import get_template

from incidents.casework.leads import change_lead
from incidents.models import Case, Conflict
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from django.test import Client

    from dkh_conduct.accounts.models import User

NOTE = "/staff/cases/C014/notes/add/"
LEAD = "/staff/cases/C014/lead/"
ASIDE = "/staff/cases/C014/step-aside/"


@pytest.fixture
def client(slt: User, signed_in: Any) -> Client:
    signed: Client = signed_in(slt)
    return signed


@pytest.mark.parametrize("kind", ["fact", "observation", "opinion"])
def test_a_note_is_added(kind, case, slt, client):
    response = client.post(NOTE, {"kind": kind, "text": "He rang.\r\nليلى 🌙"})

    assert response.status_code == 302
    note = case.notes.get()
    assert (note.kind, note.text, note.written_by) == (kind, "He rang.\nليلى 🌙", slt)
    assert "ليلى 🌙" in client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": "He rang."}, "Select what kind of note it is"),
        ({"kind": "gossip", "text": "He rang."}, "Select a valid choice"),
        ({"kind": "fact"}, "Enter your note"),
        ({"kind": "fact", "text": "n" * 10_001}, "Use 10000 characters or fewer. There are 10001 here"),
        ({"kind": "fact", "text": "a\x00b"}, "One of the symbols here cannot be saved"),
    ],
)
def test_a_note_that_cannot_be_kept_is_explained(given, sentence, case, client):
    page = client.post(NOTE, given).content.decode()

    assert sentence in page
    assert not case.notes.exists()


def test_the_same_note_sent_twice_is_one(case, client):
    client.post(NOTE, {"kind": "fact", "text": "He rang."})

    page = client.post(NOTE, {"kind": "fact", "text": "He rang."}).content.decode()

    assert "You wrote this same note on" in page
    assert case.notes.count() == 1


def test_a_note_is_never_a_page_of_its_own_markup(case, client):
    client.post(NOTE, {"kind": "fact", "text": "<script>alert(1)</script>"})

    assert "<script>alert" not in client.get(case.get_absolute_url()).content.decode()


def test_the_lead_is_changed(case, colleague, client):
    page = client.get(LEAD).content.decode()
    response = client.post(LEAD, {"lead": str(colleague.pk), "seen": str(case.lead_id)})

    assert "Tomas Lindqvist" in page
    assert "Deputy head" in page
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.lead == colleague


def test_only_who_was_offered_can_lead(case, office, outsider, colleague, client):
    for lead in (str(office.pk), str(outsider.pk), "", "x"):
        assert client.post(LEAD, {"lead": lead}).status_code == 200

    case.refresh_from_db()
    assert case.lead_id != office.pk


def test_the_second_of_two_hand_overs_is_told(case, colleague, head, client):
    seen = str(case.lead_id)
    change_lead(case=case, by=head, lead=colleague)

    page = client.post(LEAD, {"lead": str(head.pk), "seen": seen}).content.decode()

    assert "Marian Okoro made Tomas Lindqvist the lead on" in page


def test_a_school_without_another_leader_is_told_so(case, client):
    assert "Nobody else at the school can lead it" in client.get(LEAD).content.decode()
    assert "Tell the Executive Head Teacher or the chair of governors" in client.get(ASIDE).content.decode()


def test_stepping_aside_hides_the_case_at_once(case, colleague, signed_in):
    client = signed_in(colleague)

    response = client.post(ASIDE, {"reason": "I am his neighbour."}, follow=True)

    assert response.redirect_chain == [("/staff/cases/", 302)]
    page = response.content.decode()
    assert "You have stepped aside from case C014, and no longer see it." in page
    assert 'href="/staff/cases/C014/"' not in page
    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.get(ASIDE).status_code == 404


def test_whoever_leads_chooses_who_leads_next(case, slt, colleague, client):
    page = client.post(ASIDE, {"reason": "I am his neighbour."}).content.decode()
    stayed = Case.objects.visible_to(slt).exists()

    response = client.post(ASIDE, {"reason": "I am his neighbour.", "new_lead": str(colleague.pk)})

    assert "Select who leads this case from now on" in page
    assert "I am his neighbour." in page
    assert stayed
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.lead == colleague


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "Enter why they should not"), ("r" * 201, "Use 200 characters or fewer")]
)
def test_a_reason_is_needed(reason, sentence, case, colleague, signed_in):
    assert sentence in signed_in(colleague).post(ASIDE, {"reason": reason}).content.decode()
    assert not Conflict.objects.exists()


def test_no_page_here_repeats_the_policy_from_its_template(case, client):
    """The policy's words come from its own file: templates hold none of them."""
    for name in ("case", "_allegations", "allegation_add", "finding_record"):
        source = get_template(f"casework/{name}.html").template.source
        for clause in POLICY.clauses:
            assert clause.text not in source
