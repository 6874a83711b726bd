"""The tables hold what they promise, whoever writes to them."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from dkh_conduct.accounts.roles import Role
from incidents.models import (
    Case,
    CaseFile,
    Concern,
    Conflict,
    ContactImport,
    Event,
    Evidence,
    InformationRequest,
    Person,
    Reporter,
    SiteBan,
    Step,
)
from incidents.models.event import record
from incidents.models.reference import new_access_code, new_reference, tidy_access_code, tidy_reference
from incidents.policy.wording import POLICY
from letters.models import Letter, LetterEvent
from tests.factories import CaseFactory, ConcernFactory, LetterFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_outcome_needs_a_reason_a_person_and_a_time(school):
    concern = ConcernFactory.create(school=school)

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(outcome="nothing_further")


def test_an_event_is_never_edited(school):
    event = record(Event.Kind.CASE_OPENED, school=school, by=None)

    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        LetterEvent(pk=1).save()


def test_a_letter_leaves_draft_only_approved(school):
    letter = LetterFactory.create(school=school)

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state="queued")


def test_a_conflicted_person_cannot_find_the_concern_or_the_case(school, slt, colleague):
    case = CaseFactory.create(school=school, lead=colleague)
    concern = ConcernFactory.create(school=school, case=case)
    Conflict.objects.create(user=slt, case=case, reason="Named in it")

    assert not Case.objects.visible_to(slt).exists()
    assert not Concern.objects.visible_to(slt).exists()
    assert Case.objects.visible_to(colleague).get() == case
    assert Concern.objects.visible_to(colleague).get() == concern


def test_another_school_and_the_office_see_nothing(school, office, outsider):
    ConcernFactory.create(school=school)
    CaseFactory.create(school=school)

    for user in (office, outsider):
        assert not Concern.objects.visible_to(user).exists()
        assert not Case.objects.visible_to(user).exists()


def test_the_office_never_sees_a_draft(school, office, slt):
    LetterFactory.create(school=school, drafted_by=slt)

    assert not Letter.objects.visible_to(office).exists()
    assert Letter.objects.visible_to(slt).exists()


def test_late_means_not_read_by_the_day(school):
    late = ConcernFactory.create(school=school, due_on=date(2026, 11, 20))
    ConcernFactory.create(school=school, due_on=date(2026, 11, 23))

    assert list(Concern.objects.late(date(2026, 11, 23))) == [late]


@pytest.mark.parametrize("typed", ["dkh7r4k2q", "DKH-7R4K-2Q", " dkh 7r4k 2q ", "DKH–7R4K–2Q"])
def test_dashes_spaces_and_case_do_not_matter_in_a_reference(typed):
    assert tidy_reference(typed) == "DKH-7R4K-2Q"


def test_codes_survive_being_typed_back():
    for _ in range(50):
        reference, code = new_reference("DKH"), new_access_code()
        assert tidy_reference(reference.replace("-", " ").lower()) == reference
        assert tidy_access_code(code.replace("-", "").lower()) == code


@pytest.mark.parametrize(
    ("title", "full_name", "salutation"),
    [
        ("Mr", "Daniel Marsh", "Mr Marsh"),
        ("", "Daniel Marsh", "Daniel Marsh"),
        ("Mrs", "María del Carmen Fernández de la Vega", "Mrs María del Carmen Fernández de la Vega"),
        ("Ms", "Cher", "Ms Cher"),
    ],
)
def test_a_family_name_is_never_guessed(title, full_name, salutation):
    assert Person(title=title, full_name=full_name).salutation == salutation


def test_a_letter_has_the_lines_of_its_address_and_their_last_for_its_order():
    letter = Letter(reference="DKH-C014-3", address=" 18 Grove Vale \n \nse22 8eq")

    assert (letter.address_lines, letter.postcode) == (["18 Grove Vale", "se22 8eq"], "SE22 8EQ")
    assert Letter(address="").postcode == ""

    assert letter.get_absolute_url() == "/staff/letters/DKH-C014-3/"


def test_an_import_of_contacts_waits_until_it_is_taken_over(school, office):
    table = '[["Name"], [[2, ["Daniel Marsh"]]]]'
    waiting = ContactImport.objects.create(school=school, by=office, file_name="a.csv", table=table)
    done = ContactImport.objects.create(
        school=school, by=office, file_name="b.csv", table="", applied_at=timezone.now()
    )

    assert list(ContactImport.objects.waiting()) == [waiting]
    assert (waiting.heading, waiting.rows) == (["Name"], [(2, ["Daniel Marsh"])])
    assert (done.heading, done.rows) == ([], [])


@pytest.mark.parametrize(("full_name", "initials"), [("Daniel Marsh", "DM"), ("cher", "C"), ("Ana de la Vega", "AV")])
def test_initials_are_of_the_first_and_the_last_name(full_name, initials):
    assert Person(full_name=full_name).initials == initials


def test_a_step_is_called_as_in_the_policy_and_what_was_asked_names_whom_and_how_long():
    step, source = Step(pk=3, kind="warning", case=Case(number=14)), InformationRequest(source="The office")
    person = InformationRequest(person=Person(full_name="Daniel Marsh"), source="-", due_days=5, due_unit="school")

    assert (step.title, step.text) == ("Warning letter", POLICY.step("warning").text)
    assert step.get_absolute_url() == "/staff/cases/C014/steps/3/"
    assert (person.who, person.time_given) == ("Daniel Marsh", "5 school days")
    assert (source.who, source.time_given) == ("The office", "")
    assert [Reporter(name=name).called for name in ("Ana", "")] == ["Ana", "Name not given"]


@pytest.mark.parametrize(
    ("email", "agreed_on", "may"),
    [("d@example.org", date(2026, 9, 3), True), ("d@example.org", None, False), ("", date(2026, 9, 3), False)],
)
def test_letters_go_by_email_to_an_address_whose_owner_agreed(email, agreed_on, may):
    assert Person(email=email, email_agreed_on=agreed_on).may_be_emailed is may


TYPED = "Zephaniah Quill"
# The names of the school, its terms, days and pages, and of its staff, are no secret of anybody's.
PUBLIC = {"School", "Term", "ClosedDay", "Page", "User"}

NOT_TYPED = {"reference", "kind", "log", "stamp"}
OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith(("incidents.", "letters.", "dkh_conduct."))
    and not model.__name__.startswith("Historical")
    and model.__name__ not in PUBLIC
]


def filled(model: type[models.Model], made: dict[type[models.Model], models.Model]) -> models.Model:
    """A row with `TYPED` in each place where somebody can type, and a row like it at the end of each key."""
    if model in made:
        return made[model]
    row = made[model] = model(pk=7)
    for field in model._meta.concrete_fields:
        if field.is_relation:
            assert field.related_model is not None
            setattr(row, field.name, filled(field.related_model, made))
        elif isinstance(field, models.CharField | models.TextField):
            typed = "7" if field.name in NOT_TYPED or model.__name__ in PUBLIC else TYPED
            first = field.flatchoices[0][0] if field.choices and not field.blank else ""
            setattr(row, field.name, first if field.choices else typed)
        elif isinstance(field, models.DateTimeField):
            setattr(row, field.name, timezone.now())
        elif isinstance(field, models.DateField):
            setattr(row, field.name, date(2026, 11, 24))
        elif isinstance(field, models.TimeField):
            setattr(row, field.name, time(9, 30))
        elif isinstance(field, models.JSONField):
            setattr(row, field.name, [TYPED])
        elif isinstance(field, models.IntegerField):
            setattr(row, field.name, 7)
    return row


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_what_a_row_calls_itself_in_a_log_holds_no_name_and_nothing_that_was_typed(model):
    called = str(filled(model, {}))

    assert called.strip()
    assert TYPED not in called


def test_the_office_has_no_register_of_cases_and_another_role_no_register_of_bans(school, office):
    lawyer = UserFactory.create(school=school, role=Role.LEGAL)

    assert not CaseFile.objects.visible_to(office).exists()
    assert not SiteBan.objects.on_register(lawyer, date(2026, 11, 23)).exists()


def test_evidence_says_what_it_waits_for():
    checked, drawn = Evidence(scan=Evidence.Scan.WAITING), Evidence(draw_at=timezone.now())

    assert "checked for viruses" in checked.waiting_words
    assert "clean copy is being made" in drawn.waiting_words
    assert drawn.is_waiting
