"""The demo school shows every state, breaks no rule, and is filled in once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.models import User
from dkh_conduct.demo.management.commands import seed_demo
from dkh_conduct.demo.school import STAFF
from dkh_conduct.demo.unread import ACCESS_CODES
from dkh_conduct.school.chain import verify
from dkh_conduct.school.models import School
from incidents.casework.ladder import ladder_rows
from incidents.models import (
    Allegation,
    AuthorityReferral,
    Case,
    CaseFile,
    CaseLink,
    Concern,
    Conflict,
    Draft,
    Email,
    Event,
    Evidence,
    InformationRequest,
    LegalReferral,
    Meeting,
    Note,
    Notice,
    Person,
    Recording,
    Referral,
    Reporter,
    SavedFilter,
    Signal,
    SiteBan,
    Step,
)
from incidents.models.story import lines_of, title_of
from incidents.policy.wording import POLICY
from incidents.reporting.status import find_concern
from letters.models import Letter, LetterEvent
from letters.sealed import read_sealed
from tests.demo_school import MONDAY, PASSWORD

UNREAD = Concern.objects.unread

# What somebody who opens a page must find there, and how it is asked for.
STATES = {
    "a concern that is late": lambda: UNREAD().filter(due_on__lt=MONDAY),
    "one due today": lambda: UNREAD().filter(due_on=MONDAY),
    "one due later this week": lambda: UNREAD().filter(due_on__gt=MONDAY, due_on__lte=MONDAY + timedelta(days=4)),
    "one that nobody has": lambda: UNREAD().filter(assigned_to=None),
    "one that somebody has": lambda: UNREAD().exclude(assigned_to=None),
    "one without a clause": lambda: UNREAD().filter(is_unsure_of_clause=True, clauses=None),
    "one without a picture": lambda: UNREAD().filter(evidence=None),
    "one with three pictures": lambda: UNREAD().annotate(n=models.Count("evidence")).filter(n=3),
    "a child at risk": lambda: UNREAD().filter(danger="child"),
    "one that may be a complaint": lambda: UNREAD().filter(complaint="also"),
    "one about a senior leader": lambda: UNREAD().exclude(about_leader="").exclude(conflicts=None),
    "a long account": lambda: [each for each in UNREAD() if len(each.account) > 1_000],
    "an account in Arabic": lambda: UNREAD().filter(account__contains="السلام"),
    "an account in Spanish": lambda: UNREAD().filter(account__contains="maestra"),
    "an account with emoji": lambda: UNREAD().filter(account__contains="😡"),
    "somebody who gave no name": lambda: Reporter.objects.filter(name="", email="", phone=""),
    "somebody who may be named": lambda: Reporter.objects.filter(may_name="yes"),
    "a member of staff who told us": lambda: Reporter.objects.filter(role="staff"),
    "one that opened a case": lambda: Concern.objects.filter(outcome="open_case"),
    "one added to a case": lambda: Concern.objects.filter(outcome="add_to_case"),
    "one for the complaints procedure": lambda: Concern.objects.filter(outcome="complaint"),
    "one where safeguarding comes first": lambda: Concern.objects.filter(outcome="safeguarding"),
    "one for another school": lambda: Concern.objects.filter(outcome="other_school"),
    "a duplicate": lambda: Concern.objects.exclude(duplicate_of=None).exclude(case=None),
    "one with nothing further": lambda: Concern.objects.filter(outcome="nothing_further"),
    "one read as criticism": lambda: Concern.objects.filter(kind="criticism"),
    "one read as some of each": lambda: Concern.objects.filter(kind="both"),
    "an open case": lambda: Case.objects.filter(status="open"),
    "a closed case": lambda: Case.objects.filter(status="closed"),
    "a case that is late": lambda: Case.objects.open().filter(next_on__lt=MONDAY),
    "a case due today": lambda: Case.objects.open().filter(next_on=MONDAY),
    "a case where nobody is known": lambda: Case.objects.exclude(people__role="subject"),
    "a case about two people": lambda: (
        Case.objects.filter(people__role="subject").annotate(n=models.Count("people")).filter(n__gte=2)
    ),
    "a case led by each of four people": lambda: Case.objects.values("lead").distinct()[3:],
    "a reason why a step could not wait": lambda: Case.objects.exclude(cannot_wait_reason=""),
    "a finding: found": lambda: Allegation.objects.filter(finding="found"),
    "a finding: not found": lambda: Allegation.objects.filter(finding="not_found"),
    "an allegation not decided": lambda: Allegation.objects.filter(finding="undecided"),
    "exact words beside a picture": lambda: Allegation.objects.exclude(words="").exclude(evidence=None),
    "a description in place of words": lambda: Allegation.objects.filter(words="").exclude(description=""),
    "a subject's own account": lambda: InformationRequest.objects.filter(
        is_subject_account=True, received_on__isnull=False
    ),
    "information that is late": lambda: InformationRequest.objects.filter(received_on=None, due_on__lt=MONDAY),
    "a note of each kind": lambda: Note.objects.values("kind").distinct()[2:],
    "a conflict of interest": lambda: Conflict.objects.exclude(case=None),
    "a letter kept from somebody": lambda: Letter.objects.exclude(withheld_from=None),
    "a child": lambda: Person.objects.filter(is_child=True),
    "a person without an address": lambda: Person.objects.filter(address="", cases__role="subject"),
    "a step drafted": lambda: Step.objects.drafts(),
    "a step taken": lambda: Step.objects.taken(),
    "two steps taken on one case": lambda: Case.objects.annotate(n=models.Count("steps")).filter(n__gte=2),
    "a letter that could not be made": lambda: Letter.objects.failed().exclude(failure=""),
    "a step that waits for another person": lambda: Step.objects.proposed(),
    "a ban that runs": lambda: SiteBan.objects.in_force(MONDAY),
    "a meeting with its time": lambda: Meeting.objects.exclude(chosen=None),
    "an answer of the police": lambda: AuthorityReferral.objects.exclude(outcome_on=None),
    "a request for legal advice": lambda: LegalReferral.objects.all(),
    "what was seen in a message": lambda: Signal.objects.standing(),
    "a concern that came by phone": lambda: Recording.objects.filter(how="phone", concern__isnull=False),
    "a filter that is shared": lambda: SavedFilter.objects.filter(is_shared=True),
    "what somebody is told of": lambda: Notice.objects.unread(),
    "two cases that belong together": lambda: CaseLink.objects.all(),
    "a case that was merged": lambda: Case.objects.exclude(merged_into=None),
    "a case that was split off another": lambda: Case.objects.filter(events__facts__has_key="source"),
    "a file for a panel": lambda: CaseFile.objects.filter(state="ready").exclude(file=""),
    "a case that Trust legal reads": lambda: Referral.objects.standing(),
    "two posted batches": lambda: Letter.objects.posted().values("batch").distinct()[1:],
    "an e-mail that was sent": lambda: Email.objects.exclude(sent_at=None),
}

NOT_SHOWN = (
    "case_unlinked",
    "case_paused",
    "case_resumed",
    "case_reopened",
    "step_",
    "referral_",
    "meeting_",
    "notes_agreed",
    "signal_withdrawn",
    "breach_",
    "flag_",
    "email_saved",
    "hand_over_written",
)  # kinds of event that the demo need not have


@pytest.mark.parametrize("state", STATES)
def test_somebody_who_looks_finds(demo, state):
    assert len(STATES[state]())


def test_letters_are_in_every_state(demo):
    counts = Counter(Letter.objects.values_list("state", flat=True))

    assert counts == {"draft": 4, "queued": 1, "failed": 1, "ready": 29, "printed": 3, "posted": 9}


def test_a_printed_letter_is_a_real_pdf_under_its_seal(demo):
    for letter in Letter.objects.exclude(sha256=""):
        assert read_sealed(letter).startswith(b"%PDF-")


def test_every_picture_has_a_sealed_original_and_a_clean_copy(demo):
    for evidence in Evidence.objects.all():
        assert evidence.concern is not None
        assert evidence.original.size > evidence.size  # sealed
        assert evidence.copy.size
        assert evidence.thumbnail.size
        assert evidence.kind == "chat" or min(evidence.width, evidence.height) > 1_000
    assert not Draft.objects.exists()


def test_the_ladder_is_taken_open_and_not_open_for_every_reason(demo):
    marian = demo.staff["marian"]
    rows = {case.reference: ladder_rows(case=case, user=marian)[0] for case in Case.objects.filter(merged_into=None)}

    said = {reference: " ".join(line.sentence for line in row.lines) for reference, row in rows.items()}
    assert {row.state for row in rows.values()} == {"taken", "open", "blocked"}
    assert (rows["C010"].state, rows["C010"].draft) == ("open", None)
    assert rows["C014"].draft is not None
    assert "no allegation is recorded" in said["C017"]
    assert "one is not decided" in said["C018"]
    assert "nothing that was asked for has been received" in said["C019"]
    assert said["C013"] == "their account has not been asked for."


def test_every_event_has_a_sentence_and_a_time_before_now(demo):
    now = timezone.now()

    for event in Event.objects.all():
        assert title_of(event)
        assert "{" not in title_of(event) + "".join(lines_of(event))
        assert event.at < now
    assert not LetterEvent.objects.filter(at__gte=now).exists()
    told = set(Event.objects.values_list("kind", flat=True))
    untold = {"lead_changed", "person_changed", "step_draft_discarded", "concern_withdrawn", "contact_changed"}
    untold |= {"pack_made", "legal_advised"}
    untold |= {
        "outcome_undone",
        "concern_resumed",
        "message_received",
        "evidence_added",
        "code_reissued",
        "original_opened",
        "chat_rest_destroyed",
        "information_recounted",
        "reply_received",
        "reply_read",
    }
    assert set(Event.Kind.values) - told <= untold | {kind for kind in Event.Kind.values if kind.startswith(NOT_SHOWN)}


def test_everything_done_left_one_event(demo):
    kinds = Counter(Event.objects.values_list("kind", flat=True))

    assert kinds["concern_received"] == Concern.objects.count()
    split_off = Event.objects.filter(kind="case_split", facts__has_key="source").count()
    assert kinds["case_opened"] == Concern.objects.filter(outcome="open_case").count()
    assert kinds["case_opened"] + split_off == Case.objects.count()
    assert kinds["allegation_added"] == Allegation.objects.count()
    assert kinds["finding_recorded"] == Allegation.objects.exclude(finding="undecided").count()
    assert kinds["information_received"] == InformationRequest.objects.exclude(received_on=None).count()
    assert kinds["step_taken"] == Step.objects.taken().count()
    assert kinds["note_added"] == Note.objects.count()


def test_no_event_happens_before_its_case_is_opened(demo):
    for case in Case.objects.all():
        assert not case.events.filter(at__lt=case.opened_at).exists()


def test_history_says_the_same_times_as_the_story(demo):
    case = Case.objects.get(number=14)

    assert case.history.earliest().history_date == case.opened_at


def test_case_numbers_follow_the_mock_up(demo):
    assert Case.objects.get(number=14).title == "Daniel Marsh"
    assert demo.school.code == "DKH"
    assert School.objects.get().last_case_number == Case.objects.order_by("number").last().number


def test_no_rule_of_the_database_is_broken(demo):
    connection.check_constraints()
    for model in (Concern, Case, Allegation, InformationRequest, Step, Letter, Evidence):
        for row in model.objects.all():
            row.full_clean()


def test_a_deputy_named_in_a_case_cannot_find_it_or_its_letters(demo):
    tomas = demo.staff["tomas"]

    assert not Case.objects.visible_to(tomas).filter(number=8).exists()
    assert not Letter.objects.visible_to(tomas).filter(reference__startswith="DKH-C008").exists()
    assert Case.objects.visible_to(demo.staff["ruth"]).filter(number=8).exists()


def test_the_safeguarding_lead_finds_the_flagged_concern_and_no_other(demo):
    seen = {concern.reference for concern in Concern.objects.visible_to(demo.staff["ife"])}
    assert seen == {"DKH-3K8D-6V", "DKH-2P9T-4J"}
    # The address is sealed, so it is read and not asked for.
    sent = [each.subject for each in Email.objects.all() if each.to == demo.school.safeguarding_email]
    assert set(sent) == {"Read concern DKH-3K8D-6V today", "Safeguarding first: DKH-2P9T-4J"}


def test_the_leader_whom_a_concern_is_about_cannot_find_it(demo):
    about = Concern.objects.exclude(about_leader="").get()

    found = {name for name, user in demo.staff.items() if about in Concern.objects.visible_to(user)}
    assert found == {"ruth", "tomas", "marian"}


def test_the_concern_can_be_looked_at_with_the_printed_codes(demo):
    for reference, code in ACCESS_CODES.items():
        assert find_concern(demo.school, reference=reference, code=code) is not None


def test_every_allegation_names_a_clause_of_the_policy(demo):
    clauses = {clause.key for clause in POLICY.clauses}

    assert set(Allegation.objects.values_list("clause", flat=True)) <= clauses


def test_a_second_telling_changes_nothing(demo, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    before = Concern.objects.count(), Event.objects.count(), User.objects.count()
    out = StringIO()

    call_command("seed_demo", stdout=out)

    assert out.getvalue().strip() == "There is a school here already, so the demo school was not added."
    assert (Concern.objects.count(), Event.objects.count(), User.objects.count()) == before


def test_a_second_start_says_the_sign_ins_again(demo, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    seed_demo.remember(seed_demo.sign_ins(PASSWORD))
    out = StringIO()

    call_command("seed_demo", stdout=out)

    assert PASSWORD in out.getvalue()
    assert all(person.email in out.getvalue() for person in STAFF)
    assert (tmp_path / "demo-sign-ins.txt").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("person", STAFF, ids=lambda person: person.email)
def test_every_printed_sign_in_works(demo, person):
    user = User.objects.get(email=person.email)

    assert user.check_password(PASSWORD)
    assert user.groups.get().name == person.role


def test_the_access_log_tells_who_looked_and_holds(demo):
    entries = AuditEntry.objects.filter(school=demo.school, kind="read")

    assert verify(AuditEntry, demo.school) is None
    assert entries.count() > 60
    assert entries.exclude(reason="").count() >= 3
    assert {"case", "concern", "letter", "export"} <= set(entries.values_list("thing", flat=True))
    assert list(entries.order_by("seq").values_list("at", flat=True)) == sorted(entries.values_list("at", flat=True))


def test_a_case_was_shown_to_the_trusts_legal_team_and_no_other(demo):
    assert [case.reference for case in Case.objects.visible_to(demo.staff["noor"])] == ["C012"]
