"""What asking for the file of a case, making it and clearing it away write; no PDF is drawn."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.casework import case_file
from incidents.casework.case_file import (
    ask_for_case_file,
    make_case_file,
    names_in_file,
    redacted_in,
)
from incidents.casework.case_file_told import PARTS
from incidents.casework.case_lock import Refused
from incidents.casework.notes import add_note
from incidents.evidence.redacted import Copies, RedactedCopy
from incidents.models import CaseFile, Conflict, CustodyEntry, Event, Evidence
from letters.dossier import Dossier
from tests.casework.fair_case import fair_case
from tests.casework.test_legal import ask as ask_for_advice
from tests.casework.test_legal import mark
from tests.factories import CaseFactory, ConcernFactory, LetterFactory, ReporterFactory

pytestmark = pytest.mark.django_db
State = CaseFile.State
PURPOSE = "The governors’ panel"


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def hurried(monkeypatch):
    calls = []
    monkeypatch.setattr(case_file, "hurry_case_file", calls.append)
    return calls


class Copy(RedactedCopy):
    """A page whose hash needs no file."""

    @property
    def sha256(self):
        return f"{self.number}" * 64


@pytest.fixture
def files(case, monkeypatch):
    """Three files: of one page, of two, and of two of which only one is redacted."""
    concern = ConcernFactory.create(school=case.school, case=case)
    made = [
        Evidence.objects.create(
            school=case.school, concern=concern, name="a.png", original="o", copy="c", sha256=f"{n}" * 64, position=n
        )
        for n in range(3)
    ]
    one, two, half = made
    ready = [Copy(one, 1, 1, 1), Copy(two, 2, 1, 2), Copy(two, 2, 2, 2), Copy(half, 3, 1, 2)]

    def copies_for(found):
        keys = {each.pk for each in found}
        return Copies(ready=[each for each in ready if each.evidence.pk in keys], missing=[])

    monkeypatch.setattr(case_file, "copies_for", copies_for)
    monkeypatch.setattr(case_file, "page_of", lambda copy: b"%PDF-")
    monkeypatch.setattr(case_file, "enclosed", lambda letter, group: (group, letter.reference))
    return made


@pytest.fixture
def letters(case, slt):
    """Two sealed letters of the case."""
    now = timezone.now()
    sealed = {"sealed_at": now, "file": "a.pdf", "sha256": "0" * 64, "pages": 1, "state": "ready"}
    about = {"approved_by": slt, "approved_at": now, "queued_at": now, "school": case.school, "drafted_by": slt}
    made = LetterFactory.create_batch(2, **about, **sealed)
    for kind, letter in zip(("warning", "meeting"), made, strict=True):
        case.steps.create(kind=kind, subject=case.subjects[0], drafted_by=slt, letter=letter, state="declined")
    return made


@pytest.fixture
def drawn(monkeypatch):
    told = {}

    def draw(**about):
        told.update(about, start=CaseFile.objects.get(state=State.MAKING).papers_done)
        about["tell"](1)
        told["done"] = CaseFile.objects.get(state=State.MAKING).papers_done
        return Dossier(b"%PDF-1.7", 3, "f" * 64)

    monkeypatch.setattr(case_file, "dossier_pdf", draw)
    return told


def ask(case, by, **chosen):
    about = {"purpose": PURPOSE, "parts": ["summary"], "letters": [], "evidence": [], **chosen}
    return ask_for_case_file(case=case, by=by, **about)


def test_what_was_asked_for_is_kept_whole_and_the_worker_is_told(
    case, slt, files, letters, hurried, django_capture_on_commit_callbacks
):
    other = CaseFactory.create(school=case.school, lead=slt)
    CaseFile.objects.create(case=other, number=7, purpose="x", parts=[], letters=[], evidence=[], asked_by=slt)
    chosen = {"letters": [letters[1].reference], "evidence": [str(files[0].pk), str(files[1].pk)]}

    with django_capture_on_commit_callbacks(execute=True):
        first = ask(case, slt, parts=["notes", "summary"], **chosen)
        second = ask(case, slt)

    row = CaseFile.objects.get(pk=first.pk)
    assert (row.case, row.number, second.number, row.purpose, row.asked_by) == (case, 1, 2, PURPOSE, slt)
    assert row.parts == [key for key in PARTS if key in ("notes", "summary")]
    assert {"letters": row.letters, "evidence": row.evidence} == chosen
    assert (row.has_advice, row.stays, row.papers_total, row.state) == (False, {}, 3, State.QUEUED)
    assert hurried == [first.pk, second.pk]


@pytest.mark.parametrize("chosen", ["half", "nothing", "letter"])
def test_what_is_not_ready_or_of_another_case_does_not_go_in(case, slt, files, letters, hurried, chosen):
    other = {"half": {"evidence": [str(files[2].pk)]}, "nothing": {"evidence": ["x"]}}
    about = other.get(chosen, {"letters": [LetterFactory.create(school=case.school).reference]})

    with pytest.raises(Refused, match="Something changed while you chose"):
        ask(case, slt, **about)
    with pytest.raises(Refused, match="Something changed while you chose"):
        ask(case, slt, **{name: [*value, letters[0].reference] for name, value in about.items()})


def test_only_whoever_may_print_and_know_of_it_asks(case, slt, office, outsider, colleague, hurried):
    with pytest.raises(PermissionDenied):
        ask(case, office)
    for who in (outsider, colleague):
        if who == colleague:
            Conflict.objects.create(user=who, case=case, reason="x")
        with pytest.raises(Refused, match="no longer see"):
            ask(case, who)
    case.pk += 1
    with pytest.raises(Refused, match="no longer see"):
        ask(case, slt)


def test_a_file_goes_in_whole_or_not_at_all(files):
    pages = case_file.copies_for(files).ready

    assert [(each.number, each.part) for each in redacted_in(pages)] == [(1, 1), (2, 1), (2, 2)]


def test_each_section_is_looked_through_by_its_name_and_the_reason_is_kept(case, slt, hurried):
    concern = ConcernFactory.create(school=case.school, case=case)
    ReporterFactory.create(concern=concern, name="Canary Quill", phone="", email="")
    add_note(case=case, by=slt, kind="fact", text="He rang.\n\nCanary Quill rang.")
    asked = {"by": slt, "purpose": "Canary Quill", "parts": ["summary", "notes"]}

    purpose, notes = names_in_file(case, **asked)
    (alone,) = names_in_file(case, **{**asked, "purpose": "A panel"})
    with pytest.raises(Refused, match="may show who told the school"):
        ask(case, slt, parts=["notes"])

    assert [purpose.title.split("”")[0], notes.title.split("”")[0]] == ["“Whom it is for", f"“{PARTS['notes']}"]
    assert (alone.key, notes.sentence) == (notes.key, "Canary Quill rang.")
    assert ask(case, slt, parts=["summary", "notes"], stays={alone.key: "x", "y": "z"}).stays == {alone.key: "x"}


def test_the_file_is_made_of_what_was_chosen_and_says_what_was_left_out(case, slt, files, letters, hurried, drawn):
    CaseFile.objects.create(case=case, number=1, purpose="x", parts=[], letters=[], evidence=[], asked_by=slt)
    file = ask(case, slt, letters=[letters[0].reference], evidence=[str(files[1].pk)])
    CaseFactory.create(school=case.school)
    before = timezone.now()

    assert make_case_file(file.pk)

    file.refresh_from_db()
    assert (file.state, file.pages, file.fingerprint, file.papers_done) == (State.READY, 3, "f" * 64, 3)
    assert (file.papers_total, drawn["start"], drawn["done"]) == (3, 0, 1)
    assert before < file.made_at < timezone.now()
    assert (drawn["title"], drawn["reference"]) == ("File of case C014", "DKH-C014 file 2")
    assert drawn["marking"] == "Confidential: for the people who decide"
    assert [each.key for each in drawn["sections"]] == ["summary"]
    assert drawn["enclosures"][0] == ("Letters", letters[0].reference)
    assert [(each.group, each.title) for each in drawn["enclosures"][1:]] == [
        ("Redacted evidence", "Evidence 2, page 1 of 2"),
        ("Redacted evidence", "Evidence 2, page 2 of 2"),
    ]
    page = drawn["enclosures"][1]
    assert (page.mark, page.pages, page.sha256) == ("Evidence 2, page 1 of 2, redacted copy", 1, "2" * 64)
    assert page.read() == b"%PDF-"
    facts = dict(drawn["facts"])
    assert facts["Sections left out"].splitlines() == [
        name for key, name in PARTS.items() if key not in ("summary", "advice")
    ]
    assert facts["Not enclosed"] == f"Evidence 1, Evidence 3, {letters[1].reference}"
    assert (facts["Reference"], facts["About"], facts["For"]) == ("DKH-C014 file 2", case.title, PURPOSE)
    assert facts["Prepared by"].startswith("Ruth Adeyemi, Head of School, ")
    told = Event.objects.get(kind="case_file_made")
    assert (told.case, told.by, told.facts["number"]) == (case, slt, 2)
    assert told.facts["summary"] == f"For {PURPOSE}. three pages, two redacted pages of evidence."
    taken_out = {(each.evidence_key, each.by, each.facts["pack"]) for each in CustodyEntry.objects.all()}
    assert taken_out == {(files[1].pk, slt, "DKH-C014 file 2")}


def test_a_file_with_advice_says_that_it_is_privileged(case, slt, hurried, drawn):
    mark(case, slt)
    ask_for_advice(case, slt)
    file = ask(case, slt, parts=["advice"])
    assert file.has_advice

    assert make_case_file(file.pk)

    assert drawn["marking"] == "Privileged and confidential: for the purpose of obtaining legal advice"
    told = Event.objects.get(kind="case_file_made")
    assert told.facts["summary"].endswith(" of evidence. With privileged legal advice.")


@pytest.mark.parametrize("gone", ["letter", "evidence", "words", "conflict"])
def test_what_changed_since_it_was_asked_for_stops_it_with_a_sentence(case, slt, files, letters, hurried, drawn, gone):
    file = ask(case, slt, parts=["notes"], letters=[letters[0].reference], evidence=[str(files[0].pk)])
    if gone == "letter":
        case.steps.filter(letter=letters[0]).delete()
    elif gone == "evidence":
        files[0].delete()
    elif gone == "words":
        concern = ConcernFactory.create(school=case.school, case=case)
        ReporterFactory.create(concern=concern, name="Canary Quill", phone="", email="")
        add_note(case=case, by=slt, kind="fact", text="Canary Quill rang.")
    else:
        Conflict.objects.create(user=slt, case=case, reason="x")

    assert not make_case_file(file.pk)

    file.refresh_from_db()
    said = {"words": "since that may show who told", "conflict": "can no longer see this case"}
    assert said.get(gone, "can no longer go in") in file.failure
    assert (file.state, drawn) == (State.FAILED, {})


def test_advice_is_for_its_readers_and_is_looked_through_where_it_goes_in(case, slt, colleague, hurried, monkeypatch):
    with pytest.raises(Refused, match="Choose what goes into the file"):
        ask(case, slt, parts=[])
    mark(case, slt)
    ask_for_advice(case, slt)
    with pytest.raises(Refused, match="Only those who may read the legal advice"):
        ask(case, colleague, parts=["advice"])
    told, telling = [], case_file.Telling
    monkeypatch.setattr(case_file, "Telling", lambda *about, with_advice: told.append(with_advice) or telling(*about))

    for part in ("summary", "notes"):
        names_in_file(case, by=slt, purpose="x", parts=[part, "summary"])
    ask(case, slt, parts=["advice"])

    assert told == [False, False, True]


def test_whoever_no_longer_reads_the_advice_gets_no_file_of_it(case, slt, colleague, hurried, drawn):
    file, other = ask(case, colleague), ask(case, colleague)
    CaseFile.objects.filter(pk=file.pk).update(has_advice=True)

    assert make_case_file(other.pk)
    assert not make_case_file(file.pk)

    assert "can no longer see this case" in CaseFile.objects.get(pk=file.pk).failure
