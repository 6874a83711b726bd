"""The file of a case for a panel: what goes in, what never does, and a worker that may die at any moment."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.casework import case_file
from incidents.casework.case_file import ask_for_case_file, make_case_file, sweep_case_files, try_case_file_again
from incidents.casework.case_file_told import PARTS
from incidents.casework.case_lock import Refused
from incidents.casework.legal import file_advice
from incidents.casework.notes import add_note
from incidents.evidence.intake import receive
from incidents.evidence.redacting import Box, redact
from incidents.evidence.viewer import pages_of
from incidents.models import CaseFile, Conflict, CustodyEntry, Draft, Event, LegalReferral, Step
from letters.claims import take
from letters.queue import MAX_ATTEMPTS
from letters.reply_code import reply_code
from letters.sealed import read_paper, read_sealed
from letters.sealing import make_letter
from tests.casework.ban_case import approve, propose, written_ban
from tests.casework.fair_case import add_subject, drafted, fair_case
from tests.casework.fair_case import take as take_warning
from tests.casework.test_legal import ask, mark
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory, ReporterFactory, UserFactory
from tests.letters.reading import page_texts

pytestmark = pytest.mark.django_db
ALL = [key for key in PARTS if key != "advice"]


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def case(slt):
    return fair_case(slt)


def a_picture(case, by, *, is_redacted=True):
    draft = Draft.objects.create(school=case.school, secret_hash=f"{Draft.objects.count():064}")
    found = receive(draft=draft, upload=sent(png(), "from-priya-shah.png"))
    concern = case.concerns.first() or ConcernFactory.create(school=case.school, case=case)
    found.concern, found.draft, found.position = concern, None, concern.evidence.count()
    found.save()
    if is_redacted:
        redact(evidence=found, page=pages_of(found)[0], boxes=[Box(0, 0, 20, 20, why="child")], by=by)
    return found


def ask_for(case, by, *, parts=("summary",), letters=(), evidence=()):
    """One section, where no test looks at the others: each takes its time to set."""
    chosen = {"parts": list(parts), "letters": letters, "evidence": evidence}
    return ask_for_case_file(case=case, by=by, purpose="The governors’ panel", **chosen)


def made(case, by, **chosen):
    file = ask_for(case, by, **chosen)
    assert make_case_file(file.pk), CaseFile.objects.get(pk=file.pk).failure
    file.refresh_from_db()
    return file


def told(file):
    return [" ".join(text.split()) for text in page_texts(read_paper(file))]


def a_warning(case, by):
    step = take_warning(drafted(case), by)
    assert make_letter(step.letter_id)
    step.letter.refresh_from_db()
    return step


def test_every_page_says_the_case_its_number_of_how_many_and_the_fingerprint(case, slt):
    letter = a_warning(case, slt).letter
    picture = a_picture(case, slt)

    file = made(case, slt, letters=[letter.reference], evidence=[str(picture.pk)])

    pages = told(file)
    assert len(pages) == file.pages
    assert re.fullmatch("[0-9a-f]{64}", file.fingerprint)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {file.pages}" in page
        assert "DKH-C014 file 1" in page
        assert f"SHA-256 {file.fingerprint}" in page
    assert f"Letter {letter.reference}. Copy without the reply code" in pages[-1 - letter.pages]
    assert "Dear Mr Marsh" in pages[-1 - letter.pages]
    assert "Evidence 1, redacted copy" in pages[-1]


def test_the_contents_name_the_page_on_which_each_enclosure_begins(case, slt):
    letter = a_warning(case, slt).letter
    picture = a_picture(case, slt)

    file = made(case, slt, letters=[letter.reference], evidence=[str(picture.pk)])

    pages = told(file)
    first = next(number for number, page in enumerate(pages, start=1) if "Dear Mr Marsh" in page)
    contents = " ".join(pages[:2])
    assert re.search(rf"{letter.reference}: Warning letter, [^.]+\.+ ?{first}\b", contents)
    assert re.search(rf"Evidence 1 ?\.+ ?{file.pages}\b", contents)


def test_the_code_with_which_its_addressee_answers_is_in_no_copy_of_a_letter(case, slt):
    letter = a_warning(case, slt).letter
    code = reply_code(letter)
    assert code in " ".join(page_texts(read_sealed(letter)))

    words = " ".join(told(made(case, slt, letters=[letter.reference])))

    assert code not in words
    assert "(left out of this copy)" in words


def test_it_is_sealed_and_what_was_changed_is_never_opened(case, slt, signed_in):
    file = made(case, slt)

    assert file.sha256 == hashlib.sha256(read_paper(file)).hexdigest()
    with default_storage.open(file.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7 something else")
    assert read_paper(file) is None
    browser = signed_in(slt)
    assert browser.get(reverse("case-file-pdf", args=["C014", 1])).status_code == 302
    assert "is not what was sealed" in browser.get(file.get_absolute_url()).content.decode()


def test_allegations_decisions_and_their_reasons_are_told_whole(case, slt, head):
    step = approve(propose(written_ban(case, by=slt), slt), head)

    words = " ".join(told(made(case, slt, parts=ALL)))

    allegation = case.allegations.get()
    assert f"“{allegation.text}”" in words
    assert allegation.words in words
    assert allegation.finding_reason in words
    assert "I was angry. The words were unkind." in words
    assert step.reason in words
    for name, reason in Step.objects.get(pk=step.pk).explanations:
        assert name in words
        assert reason in words
    approval = step.approvals.get()
    assert approval.reason in words
    assert f"Proposed by {slt.full_name}" in words
    assert approval.decided_by.full_name in words
    assert "Risk on site" in words


def test_no_reporter_no_file_name_and_no_child_is_named(case, slt):
    picture = a_picture(case, slt)
    ReporterFactory.create(concern=picture.concern, name="Priya Shah", email="priya@example.test")
    child = add_subject(case, full_name="Leila Marsh", title="")
    case.people.filter(person=child).update(role="child")
    case.allegations.filter(subject=child).delete()
    case.information.filter(person=child).delete()

    words = " ".join(told(made(case, slt, parts=ALL, evidence=[str(picture.pk)])))

    assert "Priya" not in words
    assert "priya" not in words.casefold()
    assert "Leila" not in words
    assert "Child LM" in words


def test_what_is_left_out_is_left_out_and_the_first_page_says_so(case, slt):
    letter = a_warning(case, slt).letter
    a_picture(case, slt)
    add_note(case=case, by=slt, kind="opinion", text="He seemed sorry.")

    first, *others = told(made(case, slt, parts=["summary", "letters"]))

    words = " ".join(others)
    assert "He seemed sorry." not in words
    assert "Chronology" not in words
    assert "Dear Mr Marsh" not in words
    assert "Chronology" in first
    assert f"Not enclosed Evidence 1, {letter.reference}" in first


def test_only_redacted_copies_go_in_and_each_goes_into_the_chain_of_custody(case, slt):
    ready, other = a_picture(case, slt), a_picture(case, slt, is_redacted=False)

    with pytest.raises(Refused, match="Something changed"):
        ask_for(case, slt, evidence=[str(ready.pk), str(other.pk)])
    made(case, slt, evidence=[str(ready.pk)])

    entry = CustodyEntry.objects.get(kind="exported")
    assert (entry.evidence_key, entry.by, entry.facts["pack"]) == (ready.pk, slt, "DKH-C014 file 1")
    assert Event.objects.get(kind="case_file_made").facts["number"] == 1


def test_legal_advice_goes_in_for_its_readers_who_choose_it_and_for_nobody_else(case, slt, colleague, signed_in):
    mark(case, slt)
    ask(case, slt)
    file_advice(referral=LegalReferral.objects.get(), by=slt, text="Do nothing for now.")

    without = " ".join(told(made(case, slt, parts=ALL)))
    with pytest.raises(Refused, match="Only those who may read"):
        ask_for(case, colleague, parts=["advice"])
    chosen = made(case, slt, parts=[*ALL, "advice"])

    for word in ("legal advice", "Legal advice", "Do nothing for now.", "Referral for legal", "name her"):
        assert word not in without.replace("Ask for legal advice", ""), word
    assert "Do nothing for now." in " ".join(told(chosen))
    assert "Privileged and confidential" in told(chosen)[3]
    assert signed_in(colleague).get(chosen.get_absolute_url()).status_code == 404
    assert chosen in CaseFile.objects.visible_to(slt)


def test_who_has_a_conflict_with_a_concern_in_it_sees_no_file_and_gets_none_of_it(case, slt, colleague):
    picture = a_picture(case, slt)
    file = made(case, slt, evidence=[str(picture.pk)])
    Conflict.objects.create(user=colleague, concern=picture.concern, reason="Named in it")

    assert not CaseFile.objects.visible_to(colleague).filter(pk=file.pk).exists()
    with pytest.raises(Refused, match="Something changed"):
        ask_for(case, colleague, evidence=[str(picture.pk)])


def test_without_the_right_or_with_a_conflict_nothing_is_made(case, slt, office, colleague):
    with pytest.raises(PermissionDenied):
        ask_for(case, office)
    Conflict.objects.create(user=colleague, case=case, reason="Named in it")
    with pytest.raises(Refused, match="no longer see"):
        ask_for(case, colleague)
    file = ask_for(case, slt)
    Conflict.objects.create(user=slt, case=case, reason="Named in it")

    assert not make_case_file(file.pk)

    file.refresh_from_db()
    assert (file.state, file.file.name) == ("failed", "")
    assert "can no longer see this case" in file.failure


def test_a_file_of_nothing_is_not_made(case, slt):
    with pytest.raises(Refused, match="Choose what goes into the file"):
        ask_for(case, slt, parts=[])


def test_what_was_destroyed_meanwhile_is_said_and_no_file_is_made_without_it(case, slt):
    picture = a_picture(case, slt)
    file = ask_for(case, slt, evidence=[str(picture.pk)])
    picture.delete()

    assert not make_case_file(file.pk)

    file.refresh_from_db()
    assert (file.state, file.file.name) == ("failed", "")
    assert "can no longer go in" in file.failure


def test_only_a_file_that_failed_is_tried_again_by_who_may_see_it(case, slt, colleague):
    file = ask_for(case, slt)
    CaseFile.objects.update(state="making", attempts=2)

    try_case_file_again(file=file, by=slt)
    CaseFile.objects.update(has_advice=True)
    with pytest.raises(PermissionDenied):
        try_case_file_again(file=file, by=colleague)

    file.refresh_from_db()
    assert (file.state, file.attempts) == ("making", 2)


def test_signs_without_a_shape_are_named_and_stop_nothing(case, slt):
    allegation = case.allegations.get()
    allegation.words = "Liar \U0001fae8 \U000f1234"
    allegation.save()

    words = " ".join(told(made(case, slt, parts=["allegations"])))

    assert "[U+F1234]" in words


def test_a_dead_workers_file_is_made_by_the_next_and_its_pdf_is_gone(case, slt):
    file = ask_for(case, slt)
    claim = take(CaseFile, file.pk, folder=case_file.FOLDER)
    left = default_storage.save(claim.file_name, BytesIO(b"half"))
    assert not make_case_file(file.pk)

    CaseFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep_case_files()  # in tests a queued task runs at once

    file.refresh_from_db()
    assert file.state == CaseFile.State.READY
    assert not default_storage.exists(left)
    assert Event.objects.filter(kind="case_file_made").count() == 1


def test_after_three_tries_it_says_so_and_can_be_tried_again(case, slt, monkeypatch, signed_in):
    file = ask_for(case, slt)
    monkeypatch.setattr(case_file, "dossier_pdf", lambda **_: 1 / 0)
    for _ in range(MAX_ATTEMPTS):
        assert not make_case_file(file.pk)
    monkeypatch.undo()
    browser = signed_in(slt)
    page = browser.get(file.get_absolute_url())
    assert "Nothing of the case is lost" in page.content.decode()
    assert "Refresh" not in page

    browser.post(reverse("case-file-again", args=["C014", 1]))

    assert make_case_file(file.pk)


def test_the_pdf_goes_after_thirty_days_and_its_fingerprints_stay(case, slt, signed_in):
    file = made(case, slt)
    name = file.file.name
    CaseFile.objects.update(made_at=timezone.now() - timedelta(days=31))

    sweep_case_files()

    file.refresh_from_db()
    assert not default_storage.exists(name)
    assert len(file.sha256) == 64
    assert "not kept any longer" in signed_in(slt).get(file.get_absolute_url()).content.decode()


def test_the_body_keeps_its_links_and_bookmarks(case, slt):
    file = made(case, slt, parts=ALL)

    with pikepdf.open(BytesIO(read_paper(file))) as pdf, pdf.open_outline() as outline:
        titles = [str(each.title) for each in outline.root]
        links = [note for note in pdf.pages[0].get("/Annots", []) if note.get("/Subtype") == "/Link"]
    assert titles[1:4] == [PARTS[key] for key in ALL[:3]]
    assert len(links) >= len(ALL)


# --------------------------------------------------------------------------------------------------- the pages


def test_the_form_asks_makes_and_leads_to_the_file(case, slt, signed_in, django_capture_on_commit_callbacks):
    letter = a_warning(case, slt).letter
    picture, other = a_picture(case, slt), a_picture(case, slt, is_redacted=False)
    browser = signed_in(slt)
    address = reverse("case-file-ask", args=["C014"])

    page = browser.get(address).content.decode()
    assert "Evidence 2 is not redacted yet." in page
    assert str(other.pk) not in page
    assert 'value="advice"' not in page
    with django_capture_on_commit_callbacks(execute=True):
        sent = browser.post(
            address,
            {"purpose": "A panel", "parts": ALL, "letters": [letter.reference], "evidence": [str(picture.pk)]},
        )

    file = CaseFile.objects.get()
    assert sent.url == file.get_absolute_url()
    assert file.sha256 in browser.get(sent.url).content.decode()
    pdf = browser.get(reverse("case-file-pdf", args=["C014", 1]))
    assert pdf["Content-Disposition"] == 'attachment; filename="C014-file-1.pdf"'
    assert pdf.content == read_paper(file)


def test_what_is_missing_is_said_beside_the_field(case, slt, signed_in):
    page = signed_in(slt).post(reverse("case-file-ask", args=["C014"]), {}).content.decode()

    assert "Enter whom it is for" in page
    assert "Choose at least one section" in page


def test_while_it_is_made_the_page_says_how_far_it_is(case, slt, signed_in):
    file = ask_for(case, slt)
    CaseFile.objects.update(state="making", papers_done=3, papers_total=8)

    page = signed_in(slt).get(file.get_absolute_url())

    assert "3 of 8 papers" in page.content.decode()
    assert page["Refresh"] == "2"


@pytest.mark.parametrize("name", ["case-file-ask", "case-file-pdf"])
def test_whoever_proved_who_they_are_long_ago_is_asked_again(case, slt, signed_in, time_machine, name):
    made(case, slt)
    browser = signed_in(slt)
    time_machine.move_to(timezone.now() + timedelta(minutes=11))

    response = browser.get(reverse(name, args=["C014"] if name == "case-file-ask" else ["C014", 1]))

    assert response.status_code == 302
    assert response.url.startswith("/staff/again/")


def test_sixty_files_of_evidence_cost_no_more_queries(case, slt, signed_in, django_assert_max_num_queries):
    picture = a_picture(case, slt)
    redacted = picture.redactions.get()
    for position in range(1, 60):
        picture.pk, picture.position, picture._state.adding = uuid4(), position, True
        picture.save()
        redacted.pk, redacted.evidence, redacted._state.adding = None, picture, True
        redacted.save()

    browser = signed_in(slt)
    with django_assert_max_num_queries(15):
        page = browser.get(reverse("case-file-ask", args=["C014"]))

    assert str(picture.pk) in page.content.decode()


def test_trust_legal_reads_a_case_and_prints_no_file_of_it(case, school, signed_in):
    lawyer = UserFactory.create(school=school, role=Role.LEGAL)

    assert signed_in(lawyer).get(reverse("case-file-ask", args=["C014"])).status_code == 403


def test_a_file_whose_words_may_show_who_told_the_school_asks_why_they_stay(case, slt, signed_in):
    """The names are looked for in what staff wrote, section by section; who made the file keeps the reason."""
    concern = ConcernFactory.create(school=case.school, case=case)
    ReporterFactory.create(concern=concern, name="Canary Quill", email="canary@parent.example", phone="07700 900123")
    add_note(case=case, by=slt, kind="fact", text="Rang on 07700 900 123. She will not speak to him.")
    with pytest.raises(Refused, match="“Staff notes” may show who told the school"):
        ask_for(case, slt, parts=ALL)
    assert ask_for(case, slt, parts=["summary"]).stays == {}
    client, address = signed_in(slt), reverse("case-file-ask", args=[case.reference])
    typed = {"purpose": "The governors’ panel", "parts": ["summary", "notes"]}

    asked = client.post(address, typed)
    (stays,) = [name for name in asked.context["form"].fields if name.startswith("stays_")]
    client.post(address, {**typed, stays: "It is the club’s number."})

    file = CaseFile.objects.get(number=2)
    assert list(file.stays.values()) == ["It is the club’s number."]
    add_note(case=case, by=slt, kind="fact", text="Canary rang again.")
    CaseFile.objects.filter(pk=file.pk).update(stays={})
    assert not make_case_file(file.pk)
    assert "may show who told the school" in CaseFile.objects.get(pk=file.pk).failure
