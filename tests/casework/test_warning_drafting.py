"""A warning letter is begun, changed and given up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import discard_step, save_draft
from incidents.casework.warning import draft_warning
from incidents.models import Allegation, Case, Conflict, Event, InformationRequest, Person, Step
from incidents.policy.wording import POLICY
from letters.models import Letter
from letters.refusals import LetterRefusedError, StaleDraftError
from tests.casework.fair_case import add_subject, drafted, fair_case, find, nothing_happened, take, words_of
from tests.factories import AllegationFactory, CaseFactory, PersonFlagFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(slt):
    return fair_case(slt)


@pytest.fixture
def step(case):
    return drafted(case)


def test_a_draft_is_a_step_a_letter_and_one_event(case, slt):
    step = drafted(case)

    letter = step.letter
    assert (step.kind, step.state, step.drafted_by) == ("warning", Step.State.DRAFT, slt)
    assert list(step.allegations.all()) == list(case.allegations.all())
    assert (letter.reference, letter.state, letter.version) == ("DKH-C014-1", Letter.State.DRAFT, 1)
    assert (letter.addressee, letter.salutation) == ("Mr Daniel Marsh", "Mr Marsh")
    assert letter.address == case.subjects[0].address
    assert (letter.signatory_name, letter.signatory_role) == ("Ruth Adeyemi", "Head of School")
    assert f"“{POLICY.clause('abusive').text}”" in letter.body
    event = Event.objects.get(kind=Event.Kind.STEP_DRAFTED)
    assert (event.by, event.facts["letter"], event.facts["person"]) == (slt, "DKH-C014-1", "Daniel Marsh")


def test_references_of_a_case_count_up_and_are_never_used_again(case, slt):
    discard_step(step=drafted(case), by=slt)

    step = drafted(case)

    assert step.letter.reference == "DKH-C014-2"
    assert Case.objects.get(pk=case.pk).last_letter_number == 2


def test_one_draft_for_each_person(case, colleague):
    drafted(case, by=colleague)

    with pytest.raises(Refused, match=r"Tomas Lindqvist began a draft to Daniel Marsh on .* Go on with that one\."):
        drafted(case)
    assert Letter.objects.count() == 1


def test_two_subjects_get_a_letter_each_to_their_own_address(case):
    other = add_subject(case, full_name="Kate Marsh", title="", address="9 Melbourne Grove\nLondon SE22 8RN")
    case = Case.objects.get(pk=case.pk)

    first, second = drafted(case), drafted(case, subject=other)

    assert second.letter.address == "9 Melbourne Grove\nLondon SE22 8RN"
    assert second.letter.salutation == "Kate Marsh"
    assert "Melbourne" not in first.letter.body + first.letter.address
    assert "Daniel" not in second.letter.body + second.letter.address


def test_a_letter_is_kept_from_who_has_a_conflict(case, colleague, slt):
    Conflict.objects.create(user=colleague, case=case, reason="Named in it")

    letter = drafted(case).letter

    assert list(letter.withheld_from.all()) == [colleague]
    assert not Letter.objects.visible_to(colleague).exists()
    assert Letter.objects.visible_to(slt).get() == letter


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda case: Allegation.objects.update(finding="not_found"), "No allegation is found"),
        (lambda case: InformationRequest.objects.all().delete(), "Their account has not been asked for"),
        (lambda case: Case.objects.update(status="paused"), "The case is paused for safeguarding"),
        (
            lambda case: Case.objects.update(status="closed", closed_reason="Done", closed_at="2026-12-01T09:00Z"),
            "A closed case cannot be changed",
        ),
    ],
)
def test_a_step_that_is_not_open_cannot_be_drafted(case, spoil, said):
    spoil(case)

    with pytest.raises(Refused, match=said):
        draft_warning(
            case=case,
            subject=case.subjects[0],
            allegations=list(Allegation.objects.all()),
            asks=["Stop."],
            reply_by=reply_days(case.school, posted_on=today()).usual,
            by=case.lead,
        )
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"address": ""}, "Daniel Marsh has no address yet"),
        ({"address": " \n "}, "Daniel Marsh has no address yet"),
    ],
)
def test_who_cannot_be_written_to_gets_no_draft(case, about, said):
    Person.objects.update(**about)

    with pytest.raises(Refused, match=said):
        drafted(Case.objects.get(pk=case.pk))


def test_whoever_has_a_flag_gets_no_draft(case):
    PersonFlagFactory.create(person=case.subjects[0])

    with pytest.raises(Refused, match="No letter may go to Daniel Marsh: a court order"):
        drafted(Case.objects.get(pk=case.pk))


def test_only_findings_about_the_recipient_go_into_the_letter(case, slt):
    other = add_subject(case, full_name="Kate Marsh")
    undecided = AllegationFactory.create(case=case, subject=case.subjects[0], made_by=slt)
    elsewhere = find(AllegationFactory.create(case=fair_case_elsewhere(slt), made_by=slt), by=slt)
    days = reply_days(case.school, posted_on=today())

    for wrong in (Allegation.objects.get(subject=other), undecided, elsewhere):
        with pytest.raises(Refused):
            draft_warning(
                case=case, subject=case.subjects[0], allegations=[wrong], asks=["Stop."], reply_by=days.usual, by=slt
            )


def fair_case_elsewhere(slt):
    return CaseFactory.create(school=slt.school, lead=slt, number=15)


def test_a_letter_asks_for_something(case, slt):
    days = reply_days(case.school, posted_on=today())

    with pytest.raises(Refused, match="Say what you ask them to do"):
        draft_warning(
            case=case,
            subject=case.subjects[0],
            allegations=list(case.allegations.all()),
            asks=[],
            reply_by=days.usual,
            by=slt,
        )


def test_the_reply_date_leaves_enough_school_days(case, slt):
    with pytest.raises(Refused, match="or a later day"):
        draft_warning(
            case=case,
            subject=case.subjects[0],
            allegations=list(case.allegations.all()),
            asks=["Stop."],
            reply_by=today(),
            by=slt,
        )


def test_the_office_cannot_draft(case, office):
    with pytest.raises(PermissionDenied):
        drafted(case, by=office)


def test_another_school_cannot_draft(case, outsider):
    with pytest.raises(Refused, match="You can no longer see this case"):
        drafted(case, by=outsider)


def test_who_stepped_aside_cannot_draft(case, colleague):
    Conflict.objects.create(user=colleague, case=case, reason="Related")

    with pytest.raises(Refused, match="You can no longer see this case"):
        drafted(case, by=colleague)


def test_what_was_typed_is_kept_and_the_version_goes_up(step, slt):
    saved = save_draft(step=step, by=slt, reason="Not finished", **words_of(step, heading="A warning", body="Text.\n"))

    letter = Letter.objects.get()
    assert (letter.heading, letter.body, letter.version) == ("A warning", "Text.\n", 2)
    assert Step.objects.get(pk=saved.pk).reason == "Not finished"


def test_saving_what_is_already_there_changes_nothing(step, slt):
    save_draft(step=step, by=slt, reason="", **words_of(step))

    assert Letter.objects.get().version == 1


def test_two_editors_never_overwrite_each_other(step, slt, colleague):
    save_draft(step=step, by=colleague, reason="Theirs", **words_of(step, body="Their text.\n"))

    with pytest.raises(StaleDraftError) as stale:
        save_draft(step=step, by=slt, reason="Mine", **words_of(step, body="My text.\n"))

    assert stale.value.letter.body == "Their text.\n"
    assert Letter.objects.get().body == "Their text.\n"
    assert Step.objects.get(pk=step.pk).reason == "Theirs"


def test_a_new_reply_date_is_written_into_the_letter(step, slt):
    later = step.letter.reply_by + timedelta(days=7)

    save_draft(step=step, by=slt, reason="", **words_of(step, reply_by=later))

    letter = Letter.objects.get()
    assert f"{later:%A %-d %B %Y}" in letter.body
    assert f"{step.letter.reply_by:%A %-d %B %Y}" not in letter.body


def test_a_changed_address_is_the_one_on_the_letter(step, slt):
    Person.objects.update(address="1 New Road\nLondon SE5 8AB", title="Dr")

    save_draft(step=step, by=slt, reason="", **words_of(step))

    letter = Letter.objects.get()
    assert (letter.address, letter.salutation) == ("1 New Road\nLondon SE5 8AB", "Dr Marsh")


def test_signing_it_oneself_changes_the_name_and_the_telephone(case):
    one = UserFactory.create(school=case.school, full_name="Ann One", phone="020 7946 0127", role="slt")
    two = UserFactory.create(school=case.school, full_name="Bea Two", phone="020 7946 0128", role="slt")
    step = drafted(case, by=one)

    save_draft(step=step, by=two, reason="", is_signed_by_me=True, **words_of(step))

    letter = Letter.objects.get()
    assert letter.signatory_name == "Bea Two"
    assert "Call me on 020 7946 0128" in letter.body
    assert "020 7946 0127" not in letter.body


def test_a_text_that_is_too_long_is_refused_with_a_sentence(step, slt):
    with pytest.raises(LetterRefusedError, match="Shorten it"):
        save_draft(step=step, by=slt, reason="", **words_of(step, body="x" * 10_001))

    assert nothing_happened(step)


def test_a_discarded_draft_leaves_an_event_and_its_history(step, slt):
    discard_step(step=step, by=slt)

    assert not Step.objects.exists()
    assert not Letter.objects.exists()
    event = Event.objects.get(kind=Event.Kind.STEP_DRAFT_DISCARDED)
    assert (event.by, event.facts["letter"]) == (slt, "DKH-C014-1")
    assert Letter.history.filter(reference="DKH-C014-1", body__contains="warning letter").exists()


def test_the_second_to_discard_is_told_who_and_when(step, slt, colleague):
    discard_step(step=step, by=colleague)

    for verb in (lambda: discard_step(step=step, by=slt), lambda: take(step, slt)):
        with pytest.raises(Refused, match="Tomas Lindqvist discarded this draft on"):
            verb()


def test_the_office_cannot_discard(step, office):
    with pytest.raises(PermissionDenied):
        discard_step(step=step, by=office)
