"""What asking for legal advice writes and whom it is shown to, and what the pack says of each thing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.legal import file_advice, lawyers_of, names_in_request, pack_of
from incidents.casework.next_action import soon
from incidents.evidence.custody import note
from incidents.models import (
    Case,
    Conflict,
    CustodyEntry,
    Draft,
    Event,
    Evidence,
    LegalAdvice,
    LegalReferral,
    Referral,
    Step,
)
from tests.casework.fair_case import add_subject, fair_case, find
from tests.casework.test_legal import VALUES, ask, mark
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    ConcernFactory,
    PersonFlagFactory,
    ReporterFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    case = fair_case(slt)
    mark(case, slt)
    return case


@pytest.fixture
def lawyer(school):
    return UserFactory.create(school=school, full_name="Nadia Fenn", role=Role.LEGAL)


def test_lawyers_are_those_of_the_school_at_work_who_may_know_of_the_case(case, slt, lawyer, school, outsider):
    UserFactory.create(school=school, role=Role.LEGAL, is_active=False)
    UserFactory.create(school=outsider.school, role=Role.LEGAL)
    kept_out, elsewhere = UserFactory.create_batch(2, school=school, role=Role.LEGAL)
    Conflict.objects.create(user=kept_out, case=case, reason="x")
    Conflict.objects.create(user=elsewhere, case=CaseFactory.create(school=school), reason="x")

    assert set(lawyers_of(case)) == {lawyer, elsewhere}


@pytest.mark.parametrize("days", [(19, 3), (None, 5), (None, None)])
def test_a_request_is_kept_whole_and_its_year_begins_with_the_first_words(case, slt, lawyer, days):
    first = case.allegations.get()
    second = find(AllegationFactory.create(case=case, subject=first.subject, clause="anger"), by=slt)
    for each, day in zip((first, second), days, strict=True):
        type(first).objects.filter(pk=each.pk).update(posted_on=day and date(2026, 11, day))
    other = add_subject(case, full_name="Ama Boateng")
    elsewhere = AllegationFactory.create(subject=first.subject)

    step = ask(case, slt, lawyer=lawyer, allegations=[*case.allegations.all(), elsewhere])

    assert set(step.allegations.all()) == {first, second}
    assert (step.subject, step.kind, step.state, step.letter) == (first.subject, "legal", Step.State.TAKEN, None)
    row = LegalReferral.objects.get()
    known = [date(2026, 11, day) for day in days if day]
    assert row.published_on == (min(known) if known else today())
    assert (row.step, row.stays) == (step, {})
    assert {name: getattr(row, name) for name in VALUES} == VALUES
    shown = Referral.objects.get()
    assert (shown.case, shown.to, shown.referred_by, shown.reason) == (case, lawyer, slt, "Legal advice asked for")
    told = Event.objects.get(kind="step_taken")
    assert (told.by, told.case) == (slt, case)
    assert other not in {each.subject for each in step.allegations.all()}


def test_only_the_lead_asks_about_exact_words_in_an_open_case(case, slt, colleague):
    with pytest.raises(Refused, match="Ruth Adeyemi leads this case"):
        ask(case, colleague)
    blank = find(AllegationFactory.create(case=case, subject=case.subjects[0], words=" ", description="x"), by=slt)
    with pytest.raises(Refused, match="quotes no exact words"):
        ask(case, slt)
    Case.objects.update(status="closed", closed_at=case.opened_at, closed_reason="Done")
    with pytest.raises(Refused, match="was closed"):
        ask(case, slt, allegations=case.allegations.exclude(pk=blank.pk))
    assert not LegalReferral.objects.exists()


def test_what_was_chosen_is_asked_about_also_where_no_letter_may_go_to_the_person(case, slt):
    find(AllegationFactory.create(case=case, subject=case.subjects[0], clause="anger"), by=slt)
    chosen = case.allegations.get(clause="abusive")
    PersonFlagFactory.create(person=chosen.subject)

    assert list(ask(case, slt, allegations=[chosen]).allegations.all()) == [chosen]


def test_without_a_lawyer_the_case_is_shown_to_nobody(case, slt):
    ask(case, slt)

    assert not Referral.objects.exists()


@pytest.mark.parametrize("about", [{"has_no_conflict": False}, {"reason": " "}, {"explained": None}])
def test_a_request_asks_what_every_step_asks(case, slt, about):
    with pytest.raises(Refused):
        ask(case, slt, **about)
    assert not LegalReferral.objects.exists()


def test_everything_that_is_written_is_looked_through_by_its_own_name(case, slt):
    concern = ConcernFactory.create(school=case.school, case=case)
    ReporterFactory.create(concern=concern, name="Canary Quill", phone="", email="")
    said = "Canary Quill said so."
    allegation = case.allegations.get()
    allegation.words = said

    found = names_in_request(case, allegations=[allegation], texts={"harm": said, "left_out": said, "odd": said})

    assert [each.title.split("”")[0] for each in found] == [
        "“The exact words",
        "“Harm known",
        "“Why a lower step was left out",
        "“odd",
    ]
    for about in ({"explained": {"left_out": said}}, {"reason": said}, {"harm": said}):
        with pytest.raises(Refused, match="may show who told the school"):
            ask(case, slt, **about)


def test_why_it_stays_is_kept_with_the_request(case, slt):
    concern = ConcernFactory.create(school=case.school, case=case)
    ReporterFactory.create(concern=concern, name="Canary Quill", phone="", email="")
    said = "Canary Quill said so."
    (found,) = names_in_request(case, allegations=[], texts={"harm": said})

    ask(case, slt, harm=said, stays={found.key: "A teacher of the same name.", "other": "x"})

    assert LegalReferral.objects.get().stays == {found.key: "A teacher of the same name."}


@pytest.mark.parametrize("who", ["lead", "lawyer"])
def test_advice_says_who_filed_it_and_moves_the_case_where_it_is_theirs_to_run(case, slt, lawyer, who):
    ask(case, slt, lawyer=lawyer)
    before = Case.objects.get().next_action
    by = slt if who == "lead" else lawyer

    filed = file_advice(referral=LegalReferral.objects.get(), by=by, text="Wait.")

    advice, told = LegalAdvice.objects.get(), Event.objects.get(kind="legal_advised")
    assert advice == filed
    assert (advice.referral, advice.text, advice.filed_by) == (LegalReferral.objects.get(), "Wait.", by)
    assert (told.case, told.by, told.school) == (case, by, case.school)
    now = Case.objects.get()
    expected = ("Decide what is next", soon(case)) if who == "lead" else (before, now.next_on)
    assert (now.next_action, now.next_on) == expected


def test_a_lawyer_of_another_request_files_nothing_here(case, slt, lawyer):
    other = fair_case_of(slt)
    ask(case, slt)
    ask(other, slt, lawyer=lawyer)

    with pytest.raises(PermissionDenied):
        file_advice(referral=LegalReferral.objects.get(step__case=case), by=lawyer, text="Wait.")


def fair_case_of(slt):
    case = CaseFactory.create(school=slt.school, lead=slt, number=15)
    add_subject(case)
    mark(case, slt)
    return case


@pytest.fixture
def pack(monkeypatch):
    told = {}
    monkeypatch.setattr("incidents.casework.legal.pack_pdf", lambda **about: told.update(about) or b"%PDF-")

    def read(referral):
        pack_of(LegalReferral.objects.select_related("step__case__school", "step__taken_by").get(pk=referral.pk))
        return {**told, "sections": {title: dict(rows) for title, rows in told["sections"]}}

    return read


def test_the_pack_says_each_thing_in_its_place(case, slt, pack):
    about = {"urgency": "A hearing", "do_not_contact": "The father", "context": "A complaint", "account": "Angry"}
    ask(case, slt, handle="@dan", custody="A phone", **about)
    referral = LegalReferral.objects.get()

    made = pack(referral)
    said = made["sections"]

    assert (made["title"], made["reference"]) == ("Request for legal advice", "DKH-C014")
    assert said["Who and when"] == {
        "Case": "C014",
        "Referred by": "Ruth Adeyemi, Head of School",
        "Limitation date": "18 November 2027: one year from the first statement, less a day",
        "Urgency": "A hearing",
        "Do not contact": "The father",
    }
    allegation = case.allegations.get()
    assert said["The exact words"] == {
        "Statement 1": "“Useless AND a liar”\n19 November 2026, Class WhatsApp group\n"
        f"Clause alleged: {allegation.text}"
    }
    assert said["Author and readers"]["Still there"] == "Yes"
    assert said["Meaning, truth and harm"]["The author’s account"] == "Angry"
    assert said["Evidence held"] == {
        "Files": "None is linked to these statements",
        "How it was taken, and who holds it": "A phone",
    }
    LegalReferral.objects.update(is_live=False, translation="She lies.", translator="A teacher")
    Step.objects.update(taken_by=None, state="declined")
    type(allegation).objects.update(posted_on=None, posted_where="")
    said = pack(referral)["sections"]
    assert said["Author and readers"]["Still there"] == "No, as far as we know"
    assert (said["The exact words"]["In English"], said["The exact words"]["Translated by"]) == (
        "She lies.",
        "A teacher",
    )
    assert "Day not known, place not known" in said["The exact words"]["Statement 1"]
    assert said["Who and when"]["Referred by"] == ""


def test_the_pack_lists_the_files_of_its_own_statements_with_their_chain(case, slt, pack):
    concern = ConcernFactory.create(school=case.school, case=case)
    received_at, draft = datetime(2026, 11, 20, 9, 5, tzinfo=UTC), Draft.objects.create(school=case.school)
    good, other, refused = (
        Evidence.objects.create(
            school=case.school, name="a.png", media_type="image/png", size=1_024, original="o", copy="c",
            sha256=f"{number}" * 64, received_at=received_at, **about,
        )
        for number, about in enumerate(({"concern": concern}, {"concern": concern}, {"draft": draft, "problem": "x"}))
    )  # fmt: skip
    note(CustodyEntry.Kind.RECEIVED, good, sha256=good.sha256)
    note(CustodyEntry.Kind.ORIGINAL_OPENED, good, by=slt)
    note(CustodyEntry.Kind.RECEIVED, other, sha256=other.sha256)
    case.allegations.update(evidence=good)
    subject = case.subjects[0]
    for clause, evidence in (("anger", refused), ("threat", None)):
        find(AllegationFactory.create(case=case, subject=subject, clause=clause, evidence=evidence), by=slt)
    ask(case, slt)

    held = pack(LegalReferral.objects.get())["sections"]["Evidence held"]

    assert set(held) == {"File 1", "How it was taken, and who holds it"}
    lines = held["File 1"].splitlines()
    assert lines[:2] == [
        f"SHA-256 {good.sha256}",
        "image/png, 1,024 bytes, received 20 November 2026 at 9:05am",
    ]
    assert len(lines) == 4
    assert lines[2].endswith(": Received and sealed")
    assert lines[3].endswith(", Ruth Adeyemi")
