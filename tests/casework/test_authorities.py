"""Contact with the authorities: stopped without a signal, two people, facts only, and what came of it."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.urls import reverse

from dkh_conduct.school.models import today
from incidents.casework.authorities import (
    REQUIRED,
    make_pack,
    missing_of,
    record_outcome,
    record_sent,
    save_authorities,
    write_authorities_letter,
)
from incidents.casework.case_lock import Refused
from incidents.casework.letter_again import issue_letter_again
from incidents.casework.signals import record_signal, withdraw_signal
from incidents.evidence.chat_verbs import mark_lines
from incidents.evidence.covering import Mask, cover_words
from incidents.evidence.intake import receive
from incidents.evidence.redacting import Box, redact
from incidents.evidence.viewer import pages_of
from incidents.models import AuthorityReferral, CustodyEntry, Draft, Event, Signal, Step
from incidents.models.story import lines_of, title_of
from letters.models import Letter
from letters.sealing import make_letter
from tests.casework.ban_case import approve, propose
from tests.casework.fair_case import fair_case
from tests.casework.test_letter_again import made_void
from tests.casework.warning_pages import text_of
from tests.evidence.drawing import CHAT, png, sent
from tests.factories import AllegationFactory, ConcernFactory, PersonFlagFactory
from tests.letters.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
START = "/staff/cases/C014/steps/authorities/"


@pytest.fixture
def case(slt, head):
    return fair_case(slt)


def mark(case, by, kind="threat", **about):
    about = {"shows": "“he will hear it from me”", **about}
    return record_signal(case=case, by=by, allegation=case.allegations.get(), kind=kind, **about)


def values(by, **changes):
    return {
        "body": "police",
        "address": "Southwark Police Station\n323 Borough High Street\nLondon SE1 1JL",
        "why": "A message names a time and a place.",
        "about": "Daniel Marsh, a parent",
        "basis": "The number is the one the school has for him.",
        "account": "He says that he was angry.",
        "no_account_because": "",
        "complaint_open": "",
        "known": "",
        "asked": "Tell us what we should do to keep people safe.",
        "contact": by,
        **changes,
    }


def begun(case, by, **changes):
    return save_authorities(
        case=case,
        by=by,
        subject=case.subjects[0],
        allegations=list(case.allegations.all()),
        reason="Staff are afraid.",
        **values(by, **changes),
    )


def approved(case, slt, head):
    step = write_authorities_letter(referral=begun(case, slt), by=slt)
    approve(propose(step, slt), head)
    return AuthorityReferral.objects.get()


def test_without_a_signal_the_page_stops_and_says_what_it_is_not_for(case, slt, signed_in):
    client = signed_in(slt)

    page, sent = client.get(START), client.post(START, {"why": "They criticise us", "write": ""})

    assert "No threat, harassment or hate signal is recorded" in text_of(page)
    assert "criticism of a school are not crimes" in text_of(page)
    assert sent.status_code == 409
    assert not Step.objects.exists()
    with pytest.raises(Refused, match="No message here is recorded as suspected criminal conduct"):
        begun(case, slt)


def test_a_signal_is_about_a_message_and_opens_the_step(case, slt, signed_in):
    client, allegation = signed_in(slt), case.allegations.get()
    address = "/staff/cases/C014/steps/signals/add/"
    assert "Enter what in the message shows it" in text_of(
        client.post(address, {"message": f"allegation-{allegation.pk}", "kind": "threat"})
    )

    client.post(
        address, {"message": f"allegation-{allegation.pk}", "kind": "threat", "shows": "“he will hear it from me”"}
    )

    assert "A threat, without a time or a place" in text_of(client.get("/staff/cases/C014/steps/signals/"))
    assert "Which body" in text_of(client.get(START))
    assert not hasattr(allegation.subject, "signals")


def test_the_same_signal_is_recorded_once_and_withdrawn_with_a_reason(case, slt, colleague):
    signal = mark(case, slt)

    with pytest.raises(Refused, match="Ruth Adeyemi recorded this about the same message on"):
        mark(case, colleague)
    with pytest.raises(Refused, match="no longer seen so"):
        withdraw_signal(signal=signal, by=colleague, reason=" ")
    withdraw_signal(signal=signal, by=colleague, reason="It was a joke between them.")

    with pytest.raises(Refused, match="Tomas Lindqvist withdrew this on"):
        withdraw_signal(signal=signal, by=slt, reason="Again")
    assert Signal.objects.get().withdrawn_reason == "It was a joke between them."
    with pytest.raises(Refused, match="suspected criminal conduct"):
        begun(case, slt)


@pytest.mark.parametrize(("field", "ask"), REQUIRED)
def test_nothing_is_written_while_anything_is_missing(case, slt, field, ask):
    mark(case, slt)
    referral = begun(case, slt, **{field: None if field == "contact" else ""})

    assert missing_of(referral) == [(field, ask)]
    with pytest.raises(Refused, match=ask):
        write_authorities_letter(referral=referral, by=slt)


def test_their_own_side_goes_with_it_or_why_they_were_not_asked(case, slt):
    mark(case, slt)

    assert missing_of(begun(case, slt, account=""))[0][0] == "account"


def change(referral, by, **changes):
    about = {"allegations": list(referral.step.case.allegations.all()), "reason": "Staff are afraid.", **changes}
    step = Step.objects.get(pk=referral.step_id)
    given = {**values(by), **about, "step": step, "version": referral.version}
    return save_authorities(case=step.case, by=by, subject=step.subject, **given)


def test_what_it_is_about_is_chosen(case, slt):
    mark(case, slt)
    referral = change(begun(case, slt), slt, allegations=[])

    assert missing_of(referral) == [("allegations", "Choose what it is about")]


def test_a_letter_written_again_takes_the_place_of_the_first(case, slt):
    mark(case, slt)
    referral = begun(case, slt)
    first = write_authorities_letter(referral=referral, by=slt).letter

    step = write_authorities_letter(referral=change(referral, slt, why="Now with a name."), by=slt)

    assert step.letter == Letter.objects.get() == first
    assert "Now with a name." in Letter.objects.get().body


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"about": ""}, "Say who it is about"),
        ({"body": "southwark"}, "still goes to where it went before"),
        ({"address": "1 High Street\nLondon"}, "still goes to where it went before"),
    ],
)
def test_what_was_changed_after_the_letter_was_written_stops_it(case, slt, head, changes, says):
    mark(case, slt)
    step = write_authorities_letter(referral=begun(case, slt), by=slt)
    referral = change(AuthorityReferral.objects.get(), slt, **changes)

    with pytest.raises(Refused, match=says):
        propose(step, slt)
    if "about" not in changes:
        assert propose(write_authorities_letter(referral=referral, by=slt), slt).state == Step.State.PROPOSED


def test_the_letter_is_to_the_body_and_gives_facts(case, slt, head):
    mark(case, slt)

    approved(case, slt, head)

    letter = Letter.objects.get()
    assert (letter.addressee, letter.salutation) == ("The police, on 101 or online", "Sir or Madam")
    assert "SE1 1JL" in letter.address
    assert "We have not decided whether any law was broken." in letter.body
    assert "He says that he was angry." in letter.body
    assert letter.reply_by is None


def test_nothing_is_sent_before_another_person_approved_it(case, slt, head):
    mark(case, slt)
    referral = begun(case, slt)
    about = {"sent_on": today(), "sent_how": "online", "what_was_sent": "The letter"}

    with pytest.raises(Refused, match="Another person has to approve this"):
        record_sent(referral=referral, by=slt, **about)
    with pytest.raises(Refused, match="Another person has to approve this"):
        make_pack(referral=referral, by=slt)


def test_what_was_sent_to_whom_and_what_came_of_it(case, slt, head):
    mark(case, slt)
    referral = approved(case, slt, head)
    with pytest.raises(Refused, match="Record first what was sent"):
        record_outcome(referral=referral, by=slt, outcome_on=today(), outcome="Advice given")

    about = {"sent_on": today(), "sent_how": "phone", "sent_to": "PC 4711", "what_was_sent": "The letter, two pages"}
    record_sent(referral=referral, by=slt, their_reference="CAD 1234", **about)
    record_outcome(referral=referral, by=slt, outcome_on=today(), outcome="Somebody will look at it.")
    assert AuthorityReferral.objects.get().their_reference == "CAD 1234"
    about = {"outcome": "No further action.", "their_reference": "CAD 1234/2"}
    record_outcome(referral=referral, by=slt, outcome_on=today(), **about)

    fresh = AuthorityReferral.objects.get()
    assert (fresh.their_reference, fresh.outcome) == ("CAD 1234/2", "No further action.")
    for event in Event.objects.all():
        assert "{" not in title_of(event) + "".join(lines_of(event))


def test_issued_again_the_letter_goes_to_the_body_and_never_to_whom_it_is_about(case, slt, head, signed_in):
    mark(case, slt)
    step = approved(case, slt, head).step
    made_void(step, slt)
    PersonFlagFactory.create(person=step.subject)  # stops letters to them, not about them

    page = signed_in(head).get(reverse("step-letter-again", args=["C014", step.pk])).content.decode()
    new = issue_letter_again(step=step, by=head, reply_by=None)

    assert "Southwark Police Station" in page
    assert "Grove Vale" not in page
    assert new.address.startswith("Southwark Police Station")
    assert (new.addressee, new.salutation) == ("The police, on 101 or online", "Sir or Madam")
    assert (new.reply_by, new.recipient) == (None, "")


def test_a_signal_withdrawn_meanwhile_stops_the_approval(case, slt, head):
    signal = mark(case, slt)
    step = propose(write_authorities_letter(referral=begun(case, slt), by=slt), slt)
    withdraw_signal(signal=signal, by=slt, reason="It was a joke between them.")

    with pytest.raises(Refused, match="is not open any more"):
        approve(step, head)


def test_two_who_write_at_once_never_overwrite_each_other_unseen(case, slt, colleague, head, signed_in):
    mark(case, slt)
    begun(case, slt)
    client, other = signed_in(slt), signed_in(colleague)
    typed = {**values(slt), "contact": str(slt.pk), "allegations": [str(each.pk) for each in case.allegations.all()]}
    first, second = (
        {**typed, "version": "1", "why": "Hers."},
        {**typed, "version": "1", "why": "His words, typed late."},
    )

    assert client.post(START, {**first, "save": ""}).status_code == 302
    refused = other.post(START, {**second, "save": ""})

    page = refused.content.decode()
    assert "Ruth Adeyemi saved this on" in page
    assert "His words, typed late." in page
    assert AuthorityReferral.objects.get().why == "Hers."
    assert refused.context["form"]["version"].value() == "2"
    assert other.post(START, {**second, "version": "2", "save": ""}).status_code == 302
    assert AuthorityReferral.objects.get().why == "His words, typed late."


def test_the_pack_is_the_letter_an_index_and_what_may_leave_of_each_file(case, slt, head, tmp_path, settings):
    """Without evidence the letter alone. Then a redacted screenshot as a picture, the marked message of a chat as text,
    and nothing else of either.
    """
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    mark(case, slt)
    referral = approved(case, slt, head)
    with pytest.raises(Refused, match="The letter is still being made"):
        make_pack(referral=referral, by=slt)
    letter = Letter.objects.get()
    assert make_letter(letter.pk)
    assert len(pikepdf.open(io.BytesIO(make_pack(referral=referral, by=slt))).pages) == Letter.objects.get().pages

    allegation = case.allegations.get()
    pieces = []
    for content, name in ((png((400, 600)), "class chat 1.png"), (CHAT.encode(), "_chat.txt")):
        draft = Draft.objects.create(school=case.school, secret_hash=name)
        found = receive(draft=draft, upload=sent(content, name))
        found.concern, found.draft = ConcernFactory.create(school=case.school, case=case), None
        found.save()
        pieces.append(found)
    picture, chat = pieces
    allegation.evidence = picture
    allegation.save()
    other = AllegationFactory.create(case=case, subject=allegation.subject, evidence=chat)
    for name in ("finding", "finding_reason", "found_by", "found_at"):
        setattr(other, name, getattr(allegation, name))
    other.save()
    referral.step.allegations.add(other)

    with pytest.raises(Refused, match="is not redacted yet"):
        make_pack(referral=referral, by=slt)
    redact(evidence=picture, page=pages_of(picture)[0], boxes=[Box(10, 10, 200, 50, "child")], by=slt)
    mark_lines(evidence=chat, shown=[3], marked=[3], by=slt)
    with pytest.raises(Refused, match="Cover names in its marked messages"):
        make_pack(referral=referral, by=slt)
    cover_words(evidence=chat, passages=[3], masks=[Mask("everybody", "other")], by=slt)
    pack = make_pack(referral=referral, by=slt)

    said = words(pack)
    with pikepdf.open(io.BytesIO(pack)) as pages:
        assert len(pages.pages) == Letter.objects.get().pages + 1 + 2
    assert "Useless AND a liar" in said
    assert "and [covered] knows it" in said
    assert not [gone for gone in ("Did anyone else", "everybody") if gone in said]
    for evidence in (picture, chat):
        (gone,) = CustodyEntry.objects.filter(kind="exported", evidence_key=evidence.pk)
        assert gone.facts["sha256"] in said.replace(" ", "")
        assert (gone.by, gone.facts["pack"]) == (slt, f"{letter.reference} pack")
