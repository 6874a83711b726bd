"""A copy of the database does not tell who reported, also not after the keys were changed."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection

from dkh_conduct.school.keyring import new_key, ring
from dkh_conduct.school.sealing import SealedField, current_key_id
from incidents.management.commands import rotate_keys
from incidents.models import Concern, Draft, Email, Reporter
from tests.accounts.second_steps import code_of, give_app
from tests.factories import ConcernFactory, ReporterFactory

pytestmark = pytest.mark.django_db
NAME, ADDRESS, PHONE = "Zebedee Quillfeather", "zebedee.canary@parent.example", "07700 900461"


@pytest.fixture
def own_keys(settings):
    settings.KEYS_GIVEN = {**settings.KEYS_GIVEN, "fields": [new_key().line]}
    return settings


@pytest.fixture
def reporter(school):
    concern = ConcernFactory.create(school=school, account="They called my daughter a liar.")
    reporter = ReporterFactory.create(concern=concern, name=NAME, email=ADDRESS, phone=PHONE, pending_email=ADDRESS)
    reporter.may_name = "ask"
    reporter.save()  # a second row of history
    return reporter


def dump() -> str:
    """Every value of every table, as the database holds it."""
    told = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            told += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(told)


def test_v14_2_4_a_dump_holds_no_name_and_no_contact_of_a_reporter(reporter, school):
    Email.objects.create(school=school, to=ADDRESS, subject="Your concern", body=f"A link for {ADDRESS}")
    Draft.objects.create(
        school=school, secret_hash="x", answers={"you": {"name": NAME, "email": ADDRESS, "phone": PHONE}}
    )

    held = dump().lower()

    for secret in ("zebedee", "quillfeather", "canary", "parent.example", "900461"):
        assert secret not in held
    assert "they called my daughter a liar" in held  # the words can be searched


def test_whoever_may_read_it_reads_it_as_it_was(reporter):
    again = Reporter.objects.get()

    assert (again.name, again.email, again.phone) == (NAME, ADDRESS, PHONE)
    assert again.history.count() == 2
    assert {each.name for each in again.history.all()} == {NAME}
    assert Concern.objects.values_list("reporter__name", flat=True).get() == NAME


def test_the_same_reporters_other_concerns_are_still_found(reporter, school):
    other = ConcernFactory.create(school=school)
    ReporterFactory.create(concern=other, name="Z Q", email=ADDRESS.upper())
    ReporterFactory.create(concern=ConcernFactory.create(school=school), email="somebody@else.example")

    assert list(Concern.objects.like(reporter.concern)) == [other]


@pytest.mark.parametrize("lookup", [{"name": NAME}, {"name__icontains": "Zeb"}, {"email__in": [ADDRESS]}])
def test_searching_what_is_sealed_is_a_mistake_and_not_an_empty_answer(reporter, lookup):
    with pytest.raises(FieldError):
        list(Reporter.objects.filter(**lookup))


def test_what_was_not_given_can_be_asked_for(reporter, school):
    ReporterFactory.create(concern=ConcernFactory.create(school=school))

    assert Reporter.objects.filter(email="").count() == 1
    assert Reporter.objects.exclude(email="").get() == reporter


def test_v11_1_1_every_sealed_field_is_listed():
    listed = {f"{field.model._meta.label}.{field.name}" for field in rotate_keys.sealed_fields()}

    assert listed == {
        *(f"incidents.Reporter.{name}" for name in ("name", "email", "pending_email", "phone")),
        *(f"incidents.HistoricalReporter.{name}" for name in ("name", "email", "pending_email", "phone")),
        *("incidents.Draft.answers", "incidents.Email.to", "incidents.Email.body", "incidents.ContactImport.table"),
        *("letters.Letter.email_to", "letters.HistoricalLetter.email_to", "letters.LetterEmail.to"),
        "letters.Signature.picture",
        "incidents.WordsRedaction.masks",
    }


class TestRotation:
    @pytest.fixture
    def old(self, own_keys, reporter, slt):
        """The key that sealed everything so far; a new one is in front of it now."""
        self.secret = give_app(slt)
        (old,) = ring("fields")
        own_keys.KEYS_GIVEN = {**own_keys.KEYS_GIVEN, "fields": [new_key().line, old.line]}
        return old

    def test_v11_2_2_everything_is_readable_without_the_old_key(self, old, own_keys, client, slt, reporter, capsys):
        call_command("rotate_keys")
        own_keys.KEYS_GIVEN = {**own_keys.KEYS_GIVEN, "fields": [ring("fields")[0].line]}

        assert old.id not in dump()
        assert Reporter.objects.get().email == ADDRESS
        assert Concern.objects.like(reporter.concern).count() == 0
        assert "Sealed again: 12 fields, 1 second steps" in capsys.readouterr().out
        client.post("/staff/sign-in/", {"login": slt.email, "password": "a-long-enough-password"})
        assert client.post("/staff/sign-in/code/", {"code": code_of(self.secret)}).status_code == 302

    @pytest.mark.django_db(transaction=True)
    def test_it_can_be_stopped_anywhere_and_goes_on(self, old, monkeypatch):
        left = iter([True] * 5)

        class StoppedError(Exception):
            pass

        def seal_a_few(*args, **kwargs):
            if not next(left, False):
                raise StoppedError
            return whole(*args, **kwargs)

        whole = SealedField.get_prep_value
        monkeypatch.setattr(SealedField, "get_prep_value", seal_a_few)
        with pytest.raises(StoppedError):
            call_command("rotate_keys")
        monkeypatch.undo()
        halfway = dump()

        assert Reporter.objects.get().name == NAME
        call_command("rotate_keys")

        assert old.id in halfway
        assert current_key_id() in halfway
        assert old.id not in dump()

    def test_a_second_run_has_nothing_to_do(self, old, capsys):
        call_command("rotate_keys")
        call_command("rotate_keys")

        assert "Sealed again: 0 fields, 0 second steps, 0 originals" in capsys.readouterr().out

    def test_what_changed_meanwhile_is_not_overwritten(self, old, reporter, monkeypatch):
        def change_first(field):
            Reporter.objects.filter(pk=reporter.pk).update(name="Changed Meanwhile")
            return before(field)

        before = rotate_keys.reseal_field
        monkeypatch.setattr(rotate_keys, "reseal_field", change_first)

        call_command("rotate_keys")

        assert Reporter.objects.get().name == "Changed Meanwhile"

    def test_keys_from_the_environment_are_changed_there(self, own_keys):
        with pytest.raises(CommandError, match="in the environment"):
            call_command("rotate_keys", new=True)
