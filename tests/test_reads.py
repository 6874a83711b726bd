"""Who opened what is kept, cannot be changed unnoticed, and can be read by those who answer for it."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings as product
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import get_resolver, reverse
from django.utils import timezone

from dkh_conduct import settings as installed
from dkh_conduct.accounts.audit import AuditEntry, note_account
from dkh_conduct.accounts.roles import Role
from dkh_conduct.accounts.tasks import send_digest, send_digests
from dkh_conduct.reading import PREFIXES, note_read
from incidents.models import Concern, Evidence, Notice
from tests.addresses import build_world, every_name
from tests.factories import CaseFactory, ConcernFactory, LetterFactory, UserFactory

pytestmark = pytest.mark.django_db
NAME = "dkh_conduct.reading.ReadsMiddleware"
# Pages under the addresses of concerns, cases and letters that are not about one of them.
LISTS = {
    *("concern-list", "case-list", "print-room", "letter-list"),
    *("concern-record", "envelopes", "envelope-test"),
    *("evidence-file", "evidence-part", "evidence-redacted"),  # each has a line in the chain of custody
    *("contact-list", "contact-import", "contact-import-columns", "contact-import-preview"),
}


@pytest.fixture(autouse=True)
def as_installed(settings):
    settings.MIDDLEWARE = installed.MIDDLEWARE


@pytest.fixture
def world(slt, office, colleague):
    return build_world(slt=slt, office=office, colleague=colleague)


@pytest.fixture
def dpo(school):
    return UserFactory.create(school=school, full_name="Dara Pell", role=Role.DPO)


@pytest.fixture
def helper(school):
    """May read every case, and is on none."""
    return UserFactory.create(school=school, full_name="Farah Siddiqui", role=Role.SLT)


def reads():
    return [(entry.by.full_name, entry.thing, entry.reference) for entry in AuditEntry.objects.filter(kind="read")]


def test_every_installation_notes_reads():
    assert NAME in installed.MIDDLEWARE
    assert product.MIDDLEWARE.index(NAME) > product.MIDDLEWARE.index(
        "dkh_conduct.accounts.second_step.SecondStepMiddleware"
    )


@pytest.mark.parametrize(
    ("name", "thing"),
    [("concern", "concern"), ("case", "case"), ("letter", "letter"), ("note-add", "case"), ("letter-pdf", "letter")],
)
def test_v16_3_opening_a_thing_is_one_line_with_who_and_what(world, signed_in, slt, name, thing):
    signed_in(slt).get(world.address(name))

    ((who, kind, reference),) = reads()
    assert (who, kind) == ("Ruth Adeyemi", thing)
    assert reference in world.address(name)


def test_v16_3_1_a_page_of_evidence_is_a_look_and_its_pictures_are_in_its_chain_of_custody(world, signed_in, slt):
    client = signed_in(slt)
    client.get(world.address("evidence-file"))
    client.get(world.address("evidence"))

    assert reads() == [("Ruth Adeyemi", "evidence", str(world.rows["evidence"].pk))]


def test_v16_3_1_a_whole_register_that_is_saved_is_an_export(world, signed_in, office):
    client = signed_in(office)
    client.get(f"{world.address('print-room')}?show=register")
    response = client.get(world.address("letter-register-file"))

    assert response.status_code == 200
    ((who, kind, reference),) = reads()
    assert (who, kind) == ("Pat Nair", "export")
    assert reference in response.headers["Content-Disposition"]


def test_the_same_look_is_one_line_and_a_later_one_is_another(world, signed_in, slt):
    client = signed_in(slt)
    client.get(world.address("case"))
    client.get(world.address("case"))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.get(world.address("case"))

    assert len(reads()) == 2


@pytest.mark.parametrize(("name", "thing"), [("concern", "concern"), ("note-add", "case")])
def test_v16_3_a_page_shown_because_its_form_was_wrong_is_a_look_too(world, signed_in, slt, name, thing):
    response = signed_in(slt).post(world.address(name), {})

    assert response.status_code == 200
    ((_, kind, reference),) = reads()
    assert (kind, reference in world.address(name)) == (thing, True)


def unread_by(user) -> set[str]:
    return {notice.about.reference for notice in Notice.objects.filter(user=user).unread()}


@pytest.fixture
def told(world, slt, colleague):
    """Both are told of a case and of a concern."""
    things = {"case": world.rows["case"], "concern": world.rows["concern"]}
    for user in (slt, colleague):
        for kind, thing in things.items():
            Notice.objects.create(user=user, kind=f"{kind}_late", key=f"{kind}-late", **{kind: thing})
    return things


@pytest.mark.parametrize(("opened", "left"), [("case", "concern"), ("concern", "case")])
def test_opening_what_a_notice_is_about_reads_it_for_who_opened_it_alone(
    world, told, signed_in, slt, colleague, opened, left
):
    signed_in(slt).get(world.address(opened))

    assert unread_by(slt) == {told[left].reference}
    assert len(unread_by(colleague)) == 2


def test_a_list_a_refused_page_and_another_schools_case_of_that_number_read_no_notice(
    world, told, signed_in, slt, colleague, outsider
):
    CaseFactory.create(school=outsider.school, number=world.rows["case"].number)
    signed_in(slt).get(world.address("case-list"))
    signed_in(colleague).get(world.address("case"))  # stepped aside
    signed_in(outsider).get(world.address("case"))

    assert len(unread_by(slt)) == len(unread_by(colleague)) == 2


def test_what_was_refused_was_not_read(world, signed_in, colleague, office, outsider):
    for user in (colleague, office, outsider):
        signed_in(user).get(world.address("case"))
        signed_in(user).get(world.address("concern"))

    assert reads() == []


def test_every_page_about_one_thing_is_noted(world, signed_in, slt, office, head):
    """Whatever answers 200 under these addresses, to whoever may see it, leaves a line; lists do not."""
    people = [signed_in(slt), signed_in(office), signed_in(head)]
    for name in set(every_name(get_resolver())) - LISTS:
        address = world.address(name)
        if not address.startswith(tuple(prefix for prefix, _ in PREFIXES)):
            continue
        for client in people:
            before = AuditEntry.objects.count()
            with time_machine.travel(timezone.now() + timedelta(minutes=11 * (before + 1)), tick=False):
                seen = client.get(address).status_code == 200
            assert (name, AuditEntry.objects.count() > before) == (name, seen)


class TestWhy:
    def test_v8_somebody_not_on_the_case_is_asked_before_a_word_of_it_is_shown(self, world, signed_in, helper):
        client = signed_in(helper)

        asked = client.get(world.address("case"))
        page = client.get(asked.url).content.decode()

        assert asked.url.startswith(world.address("case-why"))
        assert world.rows["case"].summary not in page
        assert "Daniel Marsh" not in page
        assert reads() == [("Farah Siddiqui", "case", world.rows["case"].reference)]

    def test_the_answer_is_kept_and_asked_for_once(self, world, signed_in, helper):
        client = signed_in(helper)
        why = client.get(world.address("case")).url

        back = client.post(why, {"why": "other", "words": "Covering for Ruth on Friday"})

        assert back.url == world.address("case")
        assert client.get(back.url).status_code == 200
        assert client.get(world.address("note-add")).status_code == 200
        assert AuditEntry.objects.exclude(reason="").get().reason == "Covering for Ruth on Friday"

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({}, "Select why you look at this case"),
            ({"why": "other"}, "Enter the reason"),
            ({"why": "nonsense"}, "Select a valid choice"),
            ({"why": "other", "words": "x" * 301}, "Use 300 characters or fewer"),
            ({"why": "other", "words": "\x00"}, "cannot be saved"),
        ],
    )
    def test_no_reason_no_case(self, world, signed_in, helper, typed, sentence):
        client = signed_in(helper)

        page = client.post(world.address("case-why"), typed)

        assert sentence in page.content.decode()
        assert client.get(world.address("case")).status_code == 302

    def test_whoever_is_on_it_is_not_asked(self, world, signed_in, slt, head):
        assert signed_in(slt).get(world.address("case")).status_code == 200
        assert signed_in(head).get(world.address("case")).status_code == 200

    @pytest.mark.parametrize("name", ["case", "note-add", "case-file-ask", "step-preview"])
    def test_v8_a_form_that_is_sent_unopened_is_no_way_around_the_question(self, world, signed_in, helper, name):
        client, case = signed_in(helper), world.rows["case"]

        asked = client.post(world.address(name), {})

        assert unquote(asked.url) == f"{world.address('case-why')}?next={case.get_absolute_url()}"
        assert client.head(world.address(name)).status_code == 302
        client.post(asked.url, {"why": "I was asked to help with it"})
        assert client.post(world.address("note-add"), {}).status_code == 200

    @pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
    def test_v3_7_2_it_never_leads_to_another_site(self, world, signed_in, helper, elsewhere):
        response = signed_in(helper).post(
            f"{world.address('case-why')}?next={elsewhere}", {"why": "I was asked to help with it"}
        )

        assert response.url == world.address("case")


class TestLooked:
    def test_whoever_may_read_a_thing_sees_who_has(self, world, signed_in, slt, head):
        signed_in(head).get(world.address("case"))

        page = signed_in(slt).get(world.address("looked")).content.decode()

        assert "Marian Okoro" in page

    @pytest.mark.parametrize("thing", ["case", "concern", "letter"])
    def test_it_is_who_read_or_saved_this_thing_and_nothing_else(self, world, signed_in, slt, office, outsider, thing):
        row, other = world.rows[thing], "letter" if thing == "case" else "case"
        note_read(office, thing=thing, reference="C999")
        note_read(outsider, thing=thing, reference=row.reference)
        for each in (thing, other, "export"):
            note_read(office, thing=each, reference=row.reference)

        client = signed_in(slt)
        context = client.get(f"/staff/looked/{thing}/{row.reference}/").context

        assert [(entry.by, entry.thing) for entry in context["entries"]] == [(office, "export"), (office, thing)]
        assert context["back_url"] == row.get_absolute_url()
        assert client.get(f"/staff/looked/export/{row.reference}/").status_code == 404

    @pytest.mark.parametrize(
        ("thing", "of"), [*((each, each) for each in ("case", "concern", "letter")), ("export", "case"), ("💥", "case")]
    )
    def test_v8_2_2_whoever_may_not_finds_nothing(self, world, signed_in, colleague, outsider, thing, of):
        for user in (colleague, outsider):
            address = f"/staff/looked/{thing}/{world.rows[of].reference}/"
            assert signed_in(user).get(address).status_code == 404

    def test_the_log_hides_what_its_reader_has_a_conflict_with(self, world, signed_in, slt, head, dpo):
        """Also a file that came with a reply in it."""
        signed_in(slt).get(world.address("case"))
        file = Evidence.objects.create(
            school=slt.school, reply=world.rows["reply"], sha256="0" * 64, original="x", copy="x"
        )
        note_read(slt, thing="evidence", reference=str(file.pk))
        before = signed_in(head).get("/staff/access-log/").content.decode()
        world.rows["reply"].step.case.conflicts.create(user=head, reason="Named in it")

        after = signed_in(head).get("/staff/access-log/").content.decode()

        for reference in (world.rows["case"].reference, str(file.pk)):
            assert reference in before
            assert reference not in after
        assert world.rows["case"].reference in signed_in(dpo).get("/staff/access-log/").content.decode()

    def test_the_log_hides_concerns_letters_and_files_of_a_conflict_and_no_others(self, school, slt, head, signed_in):
        case = CaseFactory.create(school=school)
        own, of_case, free = ConcernFactory.create_batch(3, school=school)
        Concern.objects.filter(pk=of_case.pk).update(
            case=case, outcome="open_case", outcome_reason="x", outcome_by=slt, outcome_at=case.opened_at
        )
        case.conflicts.create(user=head, reason="Named in it")
        own.conflicts.create(user=head, reason="Named in it")
        withheld, letter = LetterFactory.create_batch(2, school=school)
        withheld.withheld_from.add(head)
        for thing in (own, of_case, free):
            file = Evidence.objects.create(school=school, concern=thing, sha256="0" * 64, original="x", copy="x")
            note_read(slt, thing="concern", reference=thing.reference)
            note_read(slt, thing="evidence", reference=str(file.pk))
        for thing in (withheld, letter):
            note_read(slt, thing="letter", reference=thing.reference)

        entries = signed_in(head).get("/staff/access-log/").context["entries"]

        assert [entry.reference for entry in entries] == [letter.reference, str(file.pk), free.reference]

    @pytest.mark.parametrize(
        "query", ["who=%00", "who=x", "who=²", "kind=%00", "page=%00", "page=9999", "who=99999999999999999"]
    )
    def test_odd_questions_are_answered(self, world, signed_in, dpo, query):
        assert signed_in(dpo).get(f"/staff/access-log/?{query}").status_code == 200


class TestNoChange:
    def test_v16_4_2_the_command_names_the_first_line_touched(self, world, signed_in, slt, head, capsys):
        for user in (slt, head, slt):
            signed_in(user).get(world.address("case"))
            signed_in(user).get(world.address("letter"))
        call_command("verify_audit")
        table = AuditEntry._meta.db_table
        with connection.cursor() as cursor:
            for trigger in ("update", "change"):
                kind = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{trigger}"{kind}')
            cursor.execute(f"UPDATE {table} SET reference = 'C099' WHERE seq = 3")  # noqa: S608

        with pytest.raises(CommandError, match="DKH audit entries: Entry 3 was changed after it was written"):
            call_command("verify_audit")
        assert "all as they were written" in capsys.readouterr().out

    def test_a_line_from_a_weekly_message_is_held_against_the_log(self, world, signed_in, slt):
        signed_in(slt).get(world.address("case"))

        with pytest.raises(CommandError, match="is not the one that was printed or mailed"):
            call_command("verify_audit", entry=1, hash="0" * 64)


class TestDigest:
    MONDAY = date(2026, 11, 23)

    @pytest.mark.django_db(transaction=True)
    def test_the_head_and_the_data_protection_lead_are_told_numbers_once(self, world, signed_in, slt, head, dpo, admin):
        with time_machine.travel("2026-11-18 10:00"):
            signed_in(slt).get(world.address("case"))

        sent = [send_digest(school=slt.school, monday=self.MONDAY) for _ in range(2)]

        assert sent == [True, False]
        assert sorted(message.to[0] for message in mail.outbox) == sorted([head.email, dpo.email])
        body = mail.outbox[0].body
        assert "1 person opened concerns, cases, letters and exports 1 time." in body
        assert world.rows["case"].reference not in body
        assert "Ruth" not in body
        assert "http://testserver/staff/access-log/" in body

    @pytest.mark.django_db(transaction=True)
    def test_a_digest_that_cannot_be_sent_is_logged_and_the_others_go(self, school, head, monkeypatch, caplog):
        def refuses(*_args, **_kwargs):
            raise OSError("no route")

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)

        assert send_digest(school=school, monday=self.MONDAY)

        assert "A weekly digest could not be sent" in caplog.text
        assert head.email not in caplog.text

    def test_nobody_needs_to_be_there(self, school):
        send_digests()
        send_digests()

        assert AuditEntry.objects.filter(kind="digest_sent").count() == 1


def test_the_access_log_shows_one_person_or_one_kind_of_line(school, slt, office, head, outsider, signed_in):
    note_read(slt, thing="case", reference="C091")
    note_read(outsider, thing="case", reference="C093")
    note_read(office, thing="case", reference="C092", reason="Asked to help")
    note_account(AuditEntry.Kind.STAFF_CHANGED, school=school, by=head, about=slt)
    browser = signed_in(head)

    def lines(**asked):
        page = browser.get(reverse("access-log"), asked).content.decode()
        return [words for words in ("C091", "C092", "C093", "Account changed") if words in page.partition("<tbody")[2]]

    assert lines() == ["C091", "C092", "Account changed"]
    assert lines(who=slt.pk) == ["C091"]
    assert lines(kind="why") == ["C092"]
    assert lines(kind="accounts") == ["Account changed"]
    assert lines(who="x") == lines()
