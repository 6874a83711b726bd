"""What is seen in a message: in one of this case, once, with who and why; and withdrawn so."""

from __future__ import annotations

import pytest

from incidents.casework.case_lock import Refused
from incidents.casework.signals import record_signal, withdraw_signal
from incidents.models import Allegation, ChatLine, Event, Evidence, Signal
from incidents.policy.signals import signal_of
from tests.factories import AllegationFactory, CaseFactory, ConcernFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def allegation(case, subject):
    return AllegationFactory.create(case=case, subject=subject)


def chat_line(case, body="Useless"):
    concern = ConcernFactory.create(school=case.school, case=case)
    about = {"name": "a.txt", "sha256": "0" * 64, "original": "o", "copy": "c"}
    chat = Evidence.objects.create(school=case.school, concern=concern, **about)
    return ChatLine.objects.create(evidence=chat, number=1, kind="message", raw="x", body=body, is_marked=True)


def see(case, by, kind="threat", **where):
    return record_signal(case=case, by=by, kind=kind, shows="“a liar”", **where)


def test_it_is_kept_whole_and_the_story_says_what_was_seen(case, allegation, slt):
    signal = see(case, slt, allegation=allegation)

    row, told = Signal.objects.get(), Event.objects.get()
    assert (row.allegation, row.line, row.kind, row.shows, row.recorded_by) == (
        allegation,
        None,
        "threat",
        "“a liar”",
        slt,
    )
    assert (told.kind, told.case, told.by, told.why) == ("signal_recorded", case, slt, "“a liar”")
    assert told.facts["summary"] == f"{signal.text}."


def test_the_same_is_seen_once_in_one_message_and_again_once_it_was_withdrawn(case, allegation, slt, colleague):
    first = see(case, slt, allegation=allegation)
    other = AllegationFactory.create(case=case, subject=allegation.subject)
    with pytest.raises(Refused, match="Ruth Adeyemi recorded this about the same message"):
        see(case, colleague, allegation=allegation)

    see(case, slt, allegation=allegation, kind="hate")
    see(case, slt, allegation=other)
    line = chat_line(case)
    see(case, slt, line=line)
    with pytest.raises(Refused, match="recorded this about the same message"):
        see(case, slt, line=line)
    withdraw_signal(signal=first, by=slt, reason="A joke.")
    see(case, slt, allegation=allegation)

    assert Signal.objects.standing().count() == 4


def test_an_allegation_of_another_case_is_not_of_this_one(case, allegation, slt):
    other = CaseFactory.create(school=case.school, lead=slt)

    with pytest.raises(Allegation.DoesNotExist):
        see(other, slt, allegation=allegation)


@pytest.mark.parametrize(("words", "may"), [("a liar", True), (" ", False)])
def test_libel_is_seen_in_exact_words_alone(case, allegation, slt, words, may):
    Allegation.objects.update(words=words, description="A photograph")

    for where in ({"allegation": allegation}, {"line": chat_line(case, words)}):
        if may:
            assert see(case, slt, kind="libel", **where).pk
        else:
            with pytest.raises(Refused, match="asked about exact words"):
                see(case, slt, kind="libel", **where)
    assert see(case, slt, allegation=allegation, is_complaint_to_us=True).kind == "threat"


def test_it_is_withdrawn_with_who_when_and_why(case, allegation, slt, colleague):
    signal = see(case, slt, allegation=allegation)
    with pytest.raises(Refused, match="Enter why it is no longer seen so"):
        withdraw_signal(signal=signal, by=slt, reason=" ")

    withdrawn = withdraw_signal(signal=signal, by=colleague, reason="A joke.")

    row, told = Signal.objects.get(), Event.objects.get(kind="signal_withdrawn")
    assert (row, row.withdrawn_by, row.withdrawn_reason) == (withdrawn, colleague, "A joke.")
    assert (told.case, told.by, told.why) == (case, colleague, "A joke.")
    assert told.facts["summary"] == f"{signal_of('threat').text}."
    with pytest.raises(Refused, match="Tomas Lindqvist withdrew this"):
        withdraw_signal(signal=signal, by=slt, reason="Again.")


@pytest.mark.parametrize("where", ["nowhere", "twice", "not marked", "another case", "closed", "complaint"])
def test_it_is_seen_in_one_marked_message_of_an_open_case_and_never_in_a_complaint(case, allegation, slt, where):
    line = chat_line(case)
    other = chat_line(CaseFactory.create(school=case.school, lead=slt))
    about = {
        "nowhere": ({}, "Select the message"),
        "twice": ({"line": line, "allegation": allegation}, "Select the message"),
        "not marked": ({"line": line}, "not marked in a chat of this case"),
        "another case": ({"line": other}, "not marked in a chat of this case"),
        "closed": ({"line": line}, "closed"),
        "complaint": ({"line": line, "kind": "libel", "is_complaint_to_us": True}, "complaints procedure"),
    }
    given, sentence = about[where]
    if where == "not marked":
        chat_line(case)
        ChatLine.objects.filter(pk=line.pk).update(is_marked=False)
    if where == "closed":
        type(case).objects.update(status="closed", closed_at=case.opened_at, closed_reason="Done")

    with pytest.raises(Refused, match=sentence):
        see(case, slt, **given)
    assert not Signal.objects.exists()
