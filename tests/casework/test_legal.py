"""Legal advice: exact words only, privileged, before the year is over; and the reminders that keep it so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.accounts.roles import Role
from incidents.casework.case_lock import Refused
from incidents.casework.legal import ask_for_advice, file_advice, pack_of
from incidents.casework.reminders import days_of, remind
from incidents.casework.signals import record_signal
from incidents.evidence.custody import note
from incidents.models import Case, CustodyEntry, Email, Event, Evidence, LegalAdvice, LegalReferral, Step
from incidents.models.referrals_out import limitation_of
from tests.casework.fair_case import fair_case
from tests.casework.warning_pages import text_of
from tests.factories import AllegationFactory, CaseFactory, ConcernFactory, ReporterFactory, UserFactory
from tests.letters.reading import page_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def lawyer(school):
    return UserFactory.create(school=school, full_name="Nadia Fenn", job_title="Solicitor", role=Role.LEGAL)


def mark(case, by, **about):
    about = {"allegation": case.allegations.get(), "kind": "libel", "shows": "“a liar”", **about}
    return record_signal(case=case, by=by, **about)


@pytest.fixture
def picture_of():
    """A file that came in, with the first line of its chain of custody."""

    def make(case):
        concern = ConcernFactory.create(school=case.school, case=case)
        found = Evidence.objects.create(
            school=case.school, concern=concern, name="chat.png", media_type="image/png", size=1_024,
            sha256="0a1b" * 16, original="original", copy="copy", thumbnail="thumbnail", width=585, height=1170,
        )  # fmt: skip
        note(CustodyEntry.Kind.RECEIVED, found, sha256=found.sha256)
        return found

    return make


def words_in(pdf):
    """Without spaces: a long hash is broken where its line ends."""
    return "".join("".join(page_texts(pdf)).split())


VALUES = {
    "referred_to_whom": "The class teacher, who is named",
    "wishes": "She wants it taken down.",
    "author": "“Dan M”",
    "basis": "The number is his.",
    "seen_by": "31 parents",
    "is_live": True,
    "meaning": "That she lies to parents.",
    "untrue": "She told them the truth on 18 November.",
    "accepted": "She was late once.",
    "harm": "Two parents asked for another class.",
    "questions": "Is there anything to be done?",
}


def ask(case, by, **changes):
    about = {"reason": "The words name her.", "has_no_conflict": True, "explained": {"left_out": "It cannot wait."}}
    return ask_for_advice(
        case=case,
        by=by,
        subject=case.subjects[0],
        **{"allegations": list(case.allegations.all()), **about, **VALUES, **changes},
    )


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2026, 11, 19), date(2027, 11, 18)),
        (date(2027, 1, 1), date(2027, 12, 31)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_the_limitation_date_is_a_year_less_a_day(published, last):
    assert limitation_of(published) == last


def test_advice_is_not_asked_for_unless_exact_words_are_marked(case, slt):
    with pytest.raises(Refused, match="No allegation is marked"):
        ask(case, slt)
    case.allegations.update(words="", description="A photograph")
    with pytest.raises(Refused, match="exact words"):
        mark(case, slt)


def test_a_lawyer_is_only_asked_about_what_quotes_exact_words(case, slt):
    mark(case, slt)
    AllegationFactory.create(case=case, subject=case.subjects[0], words="", description="A photograph")

    with pytest.raises(Refused, match="quotes no exact words"):
        ask(case, slt)
    assert not Step.objects.exists()


def test_a_complaint_to_the_school_never_goes_to_a_lawyer(case, slt):
    with pytest.raises(Refused, match="complaints procedure"):
        mark(case, slt, is_complaint_to_us=True)


def test_the_lead_asks_and_the_lawyer_sees_that_case_only(case, slt, lawyer, colleague):
    mark(case, slt)
    other = CaseFactory.create(school=slt.school, lead=slt, number=15)
    with pytest.raises(Refused, match="Ruth Adeyemi leads this case"):
        ask(case, colleague)

    step = ask(case, slt, lawyer=lawyer)

    assert step.state == Step.State.TAKEN
    assert list(Case.objects.visible_to(lawyer)) == [case]
    assert other not in Case.objects.visible_to(lawyer)
    assert LegalReferral.objects.get().published_on == date(2026, 11, 19)
    assert step.explanations == [("Why a lower step was left out", "It cannot wait.")]


def test_what_is_privileged_is_for_the_lead_and_the_lawyer_only(case, slt, lawyer, colleague, head, signed_in):
    mark(case, slt)
    step = ask(case, slt, lawyer=lawyer)
    stranger = UserFactory.create(school=slt.school, role=Role.LEGAL)

    why = "The words name her."
    for user in (slt, lawyer):
        assert why in text_of(signed_in(user).get("/staff/cases/C014/"))
        assert why in text_of(signed_in(user).get(step.get_absolute_url()))
        assert "That she lies" not in text_of(signed_in(user).get("/staff/cases/C014/"))
        assert "She wants it taken down." in text_of(signed_in(user).get(step.get_absolute_url()))
    for user in (colleague, head):
        page = text_of(signed_in(user).get(step.get_absolute_url()))
        assert "Legal advice was asked for" in page
        assert "She wants it taken down." not in page
        assert why not in page
        case_page = text_of(signed_in(user).get("/staff/cases/C014/"))
        assert "Step taken: referral for legal advice" in case_page
        assert why not in case_page
        assert signed_in(user).get(f"{step.get_absolute_url()}legal/pack/").status_code == 404
    assert signed_in(stranger).get(step.get_absolute_url()).status_code == 404


def test_advice_is_filed_by_either_and_stays_privileged(case, slt, lawyer, colleague):
    mark(case, slt)
    ask(case, slt, lawyer=lawyer)
    referral = LegalReferral.objects.get()

    with pytest.raises(PermissionDenied):
        file_advice(referral=referral, by=colleague, text="No.")
    file_advice(referral=referral, by=lawyer, text="Do not write to him about a claim.")

    assert LegalAdvice.objects.get().filed_by == lawyer
    event = Event.objects.get(kind=Event.Kind.LEGAL_ADVISED)
    assert "claim" not in f"{event.facts}{event.why}"


def test_the_pack_holds_the_words_the_date_and_what_is_true(case, slt, monkeypatch):
    told = {}
    monkeypatch.setattr("incidents.casework.legal.pack_pdf", lambda **about: told.update(about) or b"%PDF-")
    mark(case, slt)
    step = ask(case, slt)

    pack_of(LegalReferral.objects.select_related("step__case__school", "step__taken_by").get(step=step))

    said = str(told["sections"])
    for words in ("Useless AND a liar", "18 November 2027", "She was late once.", "31 parents", "Ruth Adeyemi"):
        assert words in said, words
    assert told["marking"].startswith("Privileged and confidential")


def test_the_pack_is_a_real_pdf(case, slt, signed_in):
    mark(case, slt)
    step = ask(case, slt)

    response = signed_in(slt).get(f"{step.get_absolute_url()}legal/pack/")

    assert response.content.startswith(b"%PDF-")


def test_reminders_come_at_11_6_and_3_months_and_28_days():
    assert days_of(date(2027, 11, 18)) == {
        "11 months": date(2026, 12, 18),
        "6 months": date(2027, 5, 18),
        "3 months": date(2027, 8, 18),
        "28 days": date(2027, 10, 21),
    }


def test_each_reminder_goes_once_and_says_nothing_of_the_case(case, slt):
    mark(case, slt)
    ask(case, slt)
    first = days_of(LegalReferral.objects.get().limitation_on)["11 months"]

    assert remind(first - timedelta(days=1)) == 0
    assert (remind(first), remind(first)) == (1, 0)
    assert remind(date(2027, 5, 20)) == 1
    assert remind(date(2027, 10, 30)) == 1

    assert Email.objects.count() == 3
    email = Email.objects.first()
    assert email.to == slt.email
    assert "C014" in email.subject
    for kept in ("Marsh", "libel", "liar"):
        assert kept not in email.body + email.subject


def test_of_a_case_that_is_closed_nobody_is_reminded_not_even_when_it_is_opened_again(case, slt):
    mark(case, slt)
    ask(case, slt)
    first = days_of(LegalReferral.objects.get().limitation_on)["11 months"]
    Case.objects.update(status="closed", closed_at=case.opened_at, closed_reason="He said sorry.")

    remind(first)
    Case.objects.update(status="open", closed_at=None)
    remind(first)

    assert not Email.objects.exists()


def test_the_pack_has_the_words_in_english_the_account_and_who_held_what(case, slt, picture_of, signed_in):
    mark(case, slt)
    allegation = case.allegations.get()
    allegation.evidence = picture_of(case)
    allegation.save()
    step = ask(
        case,
        slt,
        handle="+44 7700 900123",
        translation="She lies to all of us.",
        translator="The school’s Portuguese teacher, a native speaker",
        custody="A parent’s phone, seen by the office.",
    )

    text = words_in(pack_of(LegalReferral.objects.get(step=step)))

    for said in (
        "+44 7700 900123",
        "In English",
        "She lies to all of us.",
        "The school’s Portuguese teacher, a native speaker",
        "A parent’s phone, seen by the office.",
        f"SHA-256 {allegation.evidence.sha256}",
        "Received and sealed",
    ):
        assert said.replace(" ", "") in text


def test_a_translation_names_who_made_it(case, slt, signed_in):
    mark(case, slt)

    page = signed_in(slt).post(f"{case.get_absolute_url()}steps/legal/", {**VALUES, "translation": "She lies."})

    assert "Enter who translated the words" in page.content.decode()
    assert not LegalReferral.objects.exists()


@pytest.fixture
def reporter(case):
    concern = ConcernFactory.create(school=case.school, case=case)
    return ReporterFactory.create(concern=concern, name="Canary Quill", email="canary@parent.example", phone="")


def test_a_request_that_may_show_who_told_the_school_asks_why_that_stays(case, slt, reporter, signed_in):
    mark(case, slt)
    harm = "Ms Quill took her child out of the club."
    with pytest.raises(Refused, match="“Harm known” may show who told the school"):
        ask(case, slt, harm=harm)
    client, address = signed_in(slt), f"{case.get_absolute_url()}steps/legal/"
    typed = {
        **{name: value for name, value in VALUES.items() if name != "is_live"},
        "allegations": [allegation.pk for allegation in case.allegations.all()],
        "left_out_reason": "It cannot wait.",
        "reason": "The words name her.",
        "has_no_conflict": "on",
        "harm": harm,
    }

    asked = client.post(address, typed)
    (stays,) = [name for name in asked.context["form"].fields if name.startswith("stays_")]

    assert harm in text_of(asked)
    assert not Step.objects.exists()
    client.post(address, {**typed, stays: "A teacher of the same name."})
    assert list(LegalReferral.objects.get().stays.values()) == ["A teacher of the same name."]
