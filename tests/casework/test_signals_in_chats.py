"""A signal may be about a marked message of an exported chat; for a step it counts once an allegation quotes it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from incidents.casework.allegations import add_allegation
from incidents.casework.case_facts import signals_of
from incidents.casework.case_lock import Refused
from incidents.casework.ladder import ladder_rows
from incidents.casework.merge import merge_cases
from incidents.casework.signals import record_signal, withdraw_signal
from incidents.evidence.chat_verbs import destroy_rest, mark_lines
from incidents.evidence.intake import receive
from incidents.models import Case, Conflict, Draft, Signal
from tests.casework.fair_case import fair_case, find
from tests.casework.warning_pages import text_of
from tests.evidence.drawing import CHAT, sent
from tests.factories import CaseFactory, ConcernFactory

pytestmark = pytest.mark.django_db
ADD, LIST = (f"/staff/cases/C014/steps/signals/{page}" for page in ("add/", ""))
STOP = "No threat, harassment or hate signal is recorded"


@pytest.fixture
def case(slt):
    """Found and heard, and with a chat of five messages, of which the third is marked."""
    return fair_case(slt)


@pytest.fixture
def chat(case, slt):
    draft = Draft.objects.create(school=case.school, secret_hash="chat")
    evidence = receive(draft=draft, upload=sent(CHAT.encode(), "_chat.txt"))
    evidence.concern, evidence.draft = ConcernFactory.create(school=case.school, case=case), None
    evidence.save()
    mark_lines(evidence=evidence, shown=range(1, 6), marked=[3], by=slt)
    return evidence


@pytest.fixture
def line(chat):
    return chat.lines.get(number=3)


def seen(case, line, by, kind="threat"):
    return record_signal(case=case, by=by, line=line, kind=kind, shows="“everybody knows it”")


def quote(case, line, by):
    person = case.subjects[0]
    return add_allegation(
        case=case, by=by, subject=person, clause="abusive", words=line.body, evidence=line.evidence, line=line
    )


def test_it_is_recorded_on_the_page_against_the_marked_message(case, line, slt, signed_in):
    client = signed_in(slt)
    page = client.get(f"{ADD}?line={line.pk}")
    assert "marked in an exported chat" in text_of(page)
    assert page.context["form"]["message"].value() == f"line-{line.pk}"

    client.post(ADD, {"message": f"line-{line.pk}", "kind": "threat", "shows": "“everybody knows it”"})

    assert Signal.objects.get().line == line
    listed = text_of(client.get(LIST))
    assert "Useless AND a liar" in listed
    assert "It counts for a step once an allegation quotes it." in listed
    assert "A threat, without a time or a place" in text_of(client.get(line.evidence.get_absolute_url()))


def test_it_opens_the_authorities_only_once_an_allegation_quotes_it(case, line, slt, signed_in):
    client = signed_in(slt)
    seen(case, line, slt)
    assert STOP in text_of(client.get("/staff/cases/C014/steps/authorities/"))

    quoted = client.get(f"/staff/cases/C014/allegations/add/?line={line.pk}").context["form"].initial
    about = {"subject": case.subjects[0].pk, "clause": "threat", "description": ""}
    client.post("/staff/cases/C014/allegations/add/", {**about, **{k: v for k, v in quoted.items() if v is not None}})

    allegation = Case.objects.get(pk=case.pk).allegations.get(line=line)
    assert signals_of(case) == {allegation.pk: frozenset({"threat"})}
    assert STOP not in text_of(client.get("/staff/cases/C014/steps/authorities/"))
    row = next(row for row in ladder_rows(case=Case.objects.get(pk=case.pk), user=slt) if row.key == "authorities")
    assert "suspected criminal conduct" not in " ".join(each.sentence for each in row.lines)


def test_once_the_message_is_found_harmless_it_opens_nothing(case, line, slt, signed_in):
    seen(case, line, slt)
    find(quote(case, line, slt), by=slt, finding="not_found")

    assert STOP in text_of(signed_in(slt).get("/staff/cases/C014/steps/authorities/"))


def test_it_is_withdrawn_with_a_reason_as_any_other(case, line, slt, signed_in):
    signal = seen(case, line, slt)
    quote(case, line, slt)

    page = reverse("signal-withdraw", args=["C014", signal.pk])
    signed_in(slt).post(page, {"reason": "It was a joke between them."})

    assert Signal.objects.get().withdrawn_reason == "It was a joke between them."
    assert signals_of(case) == {}
    with pytest.raises(Refused, match="withdrew this"):
        withdraw_signal(signal=signal, by=slt, reason="Again")


def test_the_same_one_is_recorded_once_and_never_in_two_messages_or_none(case, line, slt, colleague):
    seen(case, line, slt)
    with pytest.raises(Refused, match="recorded this about the same message"):
        seen(case, line, colleague)
    with pytest.raises(Refused, match="Select the message"):
        record_signal(case=case, by=slt, kind="hate", shows="It")
    for where in ({}, {"line": line, "allegation": case.allegations.first()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signal.objects.create(kind="hate", shows="It", recorded_by=slt, **where)


def test_a_message_that_is_not_marked_or_is_elsewhere_is_refused(case, chat, line, slt):
    other = CaseFactory.create(school=case.school, lead=slt)

    for where, message in ((case, chat.lines.get(number=2)), (other, line)):
        with pytest.raises(Refused, match="is not marked in a chat of this case"):
            seen(where, message, slt)


def test_a_complaint_to_the_school_in_a_chat_is_not_libel_either(case, line, slt):
    with pytest.raises(Refused, match="complaints procedure"):
        record_signal(case=case, by=slt, line=line, kind="libel", shows="It", is_complaint_to_us=True)


def test_the_message_stays_marked_and_so_it_stays_when_the_rest_is_destroyed(case, chat, line, slt):
    seen(case, line, slt)

    mark_lines(evidence=chat, shown=range(1, 6), marked=[2], by=slt)
    destroy_rest(evidence=chat, by=slt, why="Other families.")

    assert list(chat.lines.values_list("number", flat=True)) == [2, 3]
    assert Signal.objects.get().line == line


def test_it_goes_with_its_concern_into_another_case(case, line, slt):
    seen(case, line, slt)
    into = CaseFactory.create(school=case.school, lead=slt)

    merge_cases(case=case, into=into, by=slt, reason="The same evening.")

    assert [signal.case for signal in Signal.objects.of_case(into)] == [into]
    assert not Signal.objects.of_case(case).exists()


def test_who_may_not_know_of_the_concern_is_offered_and_shown_nothing_of_its_chat(case, line, slt, signed_in):
    signal = seen(case, line, slt)
    Conflict.objects.create(user=slt, concern=line.evidence.concern, reason="Named in it")
    client = signed_in(slt)

    for page in (LIST, f"{ADD}?line={line.pk}", f"/staff/cases/C014/allegations/add/?line={line.pk}"):
        assert "everybody knows it" not in text_of(client.get(page))
    assert client.get(reverse("signal-withdraw", args=["C014", signal.pk])).status_code == 404
