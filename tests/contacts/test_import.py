"""Importing the school's own list: what is read, refused and changed, and that nothing is ever half imported."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import DEFUSEDXML, Workbook

from dkh_conduct.accounts.audit import AuditEntry
from incidents.contacts.columns import guess_columns, letter_of
from incidents.contacts.importing import import_contacts, keep_upload, plan_of
from incidents.contacts.reading_rows import read_rows
from incidents.contacts.refusal import ContactRefusedError
from incidents.contacts.table_files import MOST_ROWS, TableRefusedError, read_table
from incidents.models import ContactImport, Event, FamilyLink, Person, PersonFlag
from incidents.tasks import UPLOAD_LIFE, destroy_uploads
from tests.factories import CaseFactory, CasePersonFactory, PersonFactory

HEADING = (
    "Student ID,Forename,Surname,Year Group,Class,Parent ID,Title,Forename,Surname,Address Line 1,Town,Postcode,"
    "Email,Parental Responsibility,Lives with Pupil,Priority,Court Order"
)
AVA_KATE = "S1,Ava,Marsh,Year 4,Willow,P1,Ms,Kate,Marsh,1 Elm Row,London,SE22 8EQ,kate@example.com,T,T,1,F"
AVA_DAN = "S1,Ava,Marsh,Year 4,Willow,P2,Mr,Daniel,Marsh,9 Oak Way,London,SE15 3AB,,T,F,2,F"
LAYLA = "S9,🦊 Layla,العربية,Year 4,Willow,P9,,ليلى,حداد,3 Fig Tree,London,SE22 8AA,,T,T,1,F"
BEN_KATE = "S2,Ben,Marsh,Year 1,Elm,P1,Ms,Kate,Marsh,1 Elm Row,London,SE22 8EQ,kate@example.com,T,T,1,F"


def table_of(*lines: str, heading: str = HEADING, encoding: str = "utf-8"):
    content = "\r\n".join((heading, *lines)).encode(encoding)
    return read_table(SimpleUploadedFile("families.csv", content))


def upload_of(school, by, *lines: str, heading: str = HEADING) -> ContactImport:
    import json

    table = table_of(*lines, heading=heading)
    columns = guess_columns(table.heading)
    kept = keep_upload(
        school=school, by=by, file_name="f.csv", table=json.dumps([table.heading, table.rows]), columns=columns
    )
    return ContactImport.objects.get(pk=kept.pk)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def errors_of(*lines: str, heading: str = HEADING) -> list[tuple[int, str, str]]:
    table = table_of(*lines, heading=heading)
    _, errors = read_rows(table.heading, table.rows, guess_columns(table.heading))
    return [(error.row, error.where, error.sentence) for error in errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_way_that_a_file_is_written_reads_the_same(encoding):
    table = table_of(
        "S1,Zoë,O’Brien,Year 4,Willow", heading="Student ID,Forename,Surname,Year,Class", encoding=encoding
    )

    assert table.rows == [(2, ["S1", "Zoë", "O’Brien", "Year 4", "Willow"])]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_found_out(delimiter):
    table = table_of(f"Ava Marsh{delimiter}Willow", heading=f"Student{delimiter}Class")

    assert table.rows == [(2, ["Ava Marsh", "Willow"])]


def test_a_workbook_gives_the_same_rows_with_days_and_numbers_as_people_read_them():
    content = workbook(
        ["Student ID", "Student", "DOB"], [77, "Ava Marsh", date(2017, 9, 3)], [None, None, None], [78.0, "Ben", None]
    )

    table = read_table(SimpleUploadedFile("f.xlsx", content))

    assert DEFUSEDXML
    assert table.rows == [(2, ["77", "Ava Marsh", "2017-09-03"]), (4, ["78", "Ben", ""])]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (60 * 1024 * 1024))
    return out.getvalue()


def entities() -> bytes:
    content = workbook(["Student", "Class"], ["Ava", "Elm"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + data
            target.writestr(part.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" \n ", "The file is empty"),
        (b"\xd0\xcf\x11\xe0old", "old Excel file"),
        (b"PK\x03\x04broken", "cannot be read"),
        (bomb(), "unpacks to too much"),
        (entities(), "cannot be read"),
        (b"Student,Class\n", "no rows below it"),
        (b"One\nx\n", "must name the columns"),
        (b"a,b\n\x00,\x00\n", "cannot be read"),
        (b"a,b\n\x81\x8d,x\n", "cannot be read"),
        (("a,b\n" + "x,y\n" * (MOST_ROWS + 1)).encode(), "more than 5,000 rows"),
        ((",".join("abc" for _ in range(80)) + "\n1\n").encode(), "more than 60 columns"),
        (b"x" * (4 * 1024 * 1024 + 1), "smaller than 4MB"),
    ],
)
def test_a_file_that_cannot_be_a_list_is_refused_in_a_sentence(content, said):
    with pytest.raises(TableRefusedError, match=said):
        read_table(SimpleUploadedFile("f", content))


def test_headings_that_come_twice_are_the_childs_and_then_the_parents():
    guessed = guess_columns(HEADING.split(","))

    assert [guessed[place] for place in (1, 2, 7, 8)] == ["child_first", "child_last", "adult_first", "adult_last"]
    assert len(guessed) == 17
    assert letter_of(26) == "AA"


@pytest.mark.parametrize(
    ("line", "heading", "where", "said"),
    [
        ("Ava,not-an-address,Kate", "Student,Email,Parent", "Column B, Email", "not one email address"),
        ("Ava,31/2/2017", "Student,DOB", "Column B, DOB", "is no day"),
        ("Ava,Kate,maybe", "Student,Parent,Court Order", "Column C, Court Order", "neither yes nor no"),
        ("Ava,first", "Student,Priority", "Column B, Priority", "is no number"),
        ("Ava,=1+1", "Student,Class", "Column B, Class", "This is a formula"),
        (f"{'A' * 130},Elm", "Student,Class", "Column A, Student", "longer than 120 characters"),
        (",Elm", "Student,Class", "Column A, Student", "There is no name here"),
        ("77,,Elm", "Student ID,Student,Class", "Column A, Student ID", "number without a name"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_with_its_row_and_column(line, heading, where, said):
    [(row, place, sentence)] = errors_of(line, heading=heading)

    assert row == 2
    assert place == where
    assert said in sentence


def test_every_wrong_cell_of_a_row_is_named_at_once():
    errors = errors_of("Ava,nowhere,maybe,first,Kate", heading="Student,Email,Court Order,Priority,Parent")

    assert len(errors) == 3


def test_a_town_alone_is_no_address():
    table = table_of("Ava,Kate,London,", heading="Student,Parent,Town,Postcode")

    rows, _ = read_rows(table.heading, table.rows, guess_columns(table.heading))

    assert rows[0].adult is not None
    assert rows[0].adult.address == ""


def test_one_number_with_two_names_is_an_error():
    errors = errors_of("7,Ava", "7,Eva", heading="Student ID,Student")

    assert errors == [(3, "The row", "Number 7 is Ava in row 2, and Eva here. Correct one of them.")]


def test_a_formula_in_a_workbook_is_never_worked_out():
    content = workbook(["Student", "Class"], ["Ava", '=HYPERLINK("http://example.com")'])
    table = read_table(SimpleUploadedFile("f.xlsx", content))

    _, errors = read_rows(table.heading, table.rows, guess_columns(table.heading))

    assert "This is a formula" in errors[0].sentence


@pytest.mark.django_db
def test_a_family_comes_in_with_its_links_and_two_households(school, office):
    import_contacts(upload=upload_of(school, office, AVA_KATE, AVA_DAN, BEN_KATE), by=office)

    ava = Person.objects.get(full_name="Ava Marsh")
    kate = Person.objects.get(full_name="Kate Marsh")
    assert (ava.is_child, ava.class_name, ava.year_group, ava.mis_id, ava.is_contact) == (
        True,
        "Willow",
        "Year 4",
        "S1",
        True,
    )
    assert (kate.title, kate.address, kate.email) == ("Ms", "1 Elm Row\nLondon\nSE22 8EQ", "kate@example.com")
    assert not kate.may_be_emailed
    assert Person.objects.count() == 4
    link = FamilyLink.objects.get(person__full_name="Daniel Marsh")
    assert (link.relative, link.has_responsibility, link.lives_together, link.priority) == (ava, True, False, 2)
    assert kate.history.count() == 1


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing(school, office):
    lines = (AVA_KATE, AVA_DAN, BEN_KATE)
    import_contacts(upload=upload_of(school, office, *lines), by=office)
    before = list(Person.objects.order_by("pk").values())

    again = upload_of(school, office, *lines)
    plan = plan_of(again)
    import_contacts(upload=again, by=office)

    assert plan.is_nothing
    assert (len(plan.new), len(plan.changed), plan.unchanged) == (0, 0, 4)
    assert list(Person.objects.order_by("pk").values()) == before
    assert Person.history.count() == 4


@pytest.mark.django_db
def test_without_numbers_people_are_known_by_name_and_address(school, office):
    heading = "Student,DOB,Parent,Address,Postcode"
    line = 'Ava Marsh,3/9/2017,"Marsh, Kate",1 Elm Row,SE22 8EQ'
    import_contacts(upload=upload_of(school, office, line, heading=heading), by=office)

    plan = plan_of(upload_of(school, office, line, heading=heading))
    moved = plan_of(upload_of(school, office, line.replace("1 Elm Row", "2 Ash Row"), heading=heading))

    assert Person.objects.filter(full_name="Kate Marsh").count() == 1
    assert plan.is_nothing
    assert [each.person.full_name for each in moved.new] == ["Kate Marsh"]


@pytest.mark.django_db
def test_what_changed_is_said_and_told_to_the_case_and_consent_ends_with_the_address(school, office, slt):
    import_contacts(upload=upload_of(school, office, AVA_KATE), by=office)
    kate = Person.objects.get(full_name="Kate Marsh")
    kate.email_agreed_on, kate.email_agreed_how = date(2026, 9, 3), "On the form"
    kate.save()
    case = CaseFactory.create(school=school, lead=slt)
    CasePersonFactory.create(case=case, person=kate)
    changed = AVA_KATE.replace("1 Elm Row", "2 Ash Row").replace("kate@", "k.marsh@")

    plan = import_contacts(upload=upload_of(school, office, changed), by=office)

    assert [(each.old_name, each.words) for each in plan.changed] == [("Kate Marsh", "address, email address")]
    assert not Person.objects.get(pk=kate.pk).may_be_emailed
    told = case.events.get(kind=Event.Kind.PERSON_CHANGED)
    assert told.facts["summary"] == "Changed by an import: address, email address."


KATE_ALONE = "Ava Marsh,Kate Marsh,,"
NAMES = "Student,Parent,Address,Email"


def planned(school, office, *lines: str):
    return plan_of(upload_of(school, office, *lines, heading=NAMES))


def kate_of(school, **about):
    return PersonFactory.create(school=school, full_name="Kate Marsh", is_contact=True, **{"address": "", **about})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held", "row"),
    [
        ({}, KATE_ALONE),
        ({"address": "1 Elm Row\nLondon"}, KATE_ALONE),
        ({}, "Ava Marsh,Kate Marsh,1 Elm Row,"),
        ({"email": "kate@example.com"}, "Ava Marsh,Kate Marsh,,other@example.com"),
    ],
)
def test_whether_somebody_of_the_same_name_is_meant_is_left_to_the_office_where_an_address_is_missing(
    school, office, signed_in, held, row
):
    kate = kate_of(school, **held)
    upload = upload_of(school, office, f"{row},yes", heading=f"{NAMES},Court Order")
    client, address = signed_in(office), reverse("contact-import-preview", args=[upload.pk])

    page = client.get(address).content.decode()
    done = client.post(address, follow=True).content.decode()

    assert "1 parent left to you" in page
    assert "The file says: court order." in page
    assert "Kate Marsh (row 2)" in done
    assert Person.objects.get(full_name="Kate Marsh").address == kate.address
    assert not FamilyLink.objects.exists()
    assert not PersonFlag.objects.exists()


@pytest.mark.django_db
def test_an_email_address_or_a_child_who_was_linked_before_says_who_it_is(school, office):
    kate = kate_of(school, email="kate@example.com")
    kate_of(school, address="9 Oak Way\nLondon")
    by_email = planned(school, office, "Ava Marsh,Kate Marsh,,kate@example.com")
    import_contacts(
        upload=upload_of(school, office, "Ava Marsh,Kate Marsh,,kate@example.com", heading=NAMES), by=office
    )
    by_child = planned(school, office, KATE_ALONE)
    twice = planned(school, office, KATE_ALONE, KATE_ALONE)

    assert (by_email.unclear, [link.person for link in by_email.links]) == ([], [kate])
    assert (by_child.unclear, by_child.is_nothing) == ([], True)
    assert [each.row for each in twice.unclear] == [3]


@pytest.mark.django_db
def test_two_rows_of_one_name_without_an_address_are_not_one_person(school, office):
    plan = planned(school, office, KATE_ALONE, "Ben Lopez,Kate Marsh,,")

    assert [each.person.full_name for each in plan.new] == ["Ava Marsh", "Kate Marsh", "Ben Lopez"]
    assert [(each.row, each.name) for each in plan.unclear] == [(3, "Kate Marsh")]


@pytest.mark.django_db
def test_a_name_alone_says_nothing_of_somebody_known_from_a_case(school, office):
    known = PersonFactory.create(school=school, full_name="Kate Marsh", title="Dr", address="")

    plan = import_contacts(upload=upload_of(school, office, KATE_ALONE, heading=NAMES), by=office)

    assert plan.unclear == []
    assert not Person.objects.get(pk=known.pk).is_contact
    assert Person.objects.contacts().get(full_name="Kate Marsh").title == ""


@pytest.mark.django_db
def test_somebody_known_from_a_case_counts_as_new_and_is_not_doubled(school, office):
    known = PersonFactory.create(school=school, full_name="Kate Marsh", address="1 Elm Row\nLondon\nSE22 8EQ")

    plan = import_contacts(upload=upload_of(school, office, AVA_KATE), by=office)

    assert len(plan.new) == 2
    assert Person.objects.get(full_name="Kate Marsh").pk == known.pk
    assert Person.objects.get(pk=known.pk).is_contact


@pytest.mark.django_db
def test_a_court_order_in_the_file_stops_letters_and_a_no_lifts_nothing(school, office):
    import_contacts(upload=upload_of(school, office, AVA_DAN[:-1] + "T"), by=office)
    import_contacts(upload=upload_of(school, office, AVA_DAN), by=office)

    flag = PersonFlag.objects.standing().get()
    assert (flag.person.full_name, flag.kind, flag.set_by) == ("Daniel Marsh", "court_order", office)


@pytest.mark.django_db
def test_a_flag_that_stands_is_not_set_again(school, office):
    for _ in range(2):
        import_contacts(upload=upload_of(school, office, AVA_DAN[:-1] + "T"), by=office)

    assert PersonFlag.objects.count() == 1


@pytest.mark.django_db
def test_a_son_called_like_his_father_is_another_person(school, office):
    import_contacts(upload=upload_of(school, office, AVA_DAN), by=office)

    plan = import_contacts(upload=upload_of(school, office, AVA_DAN.replace("P2", "P7")), by=office)

    assert [each.person.mis_id for each in plan.new] == ["P7"]
    assert Person.objects.filter(full_name="Daniel Marsh", address__startswith="9 Oak Way").count() == 2


@pytest.mark.django_db
def test_of_two_rows_about_somebody_new_the_later_counts(school, office):
    moved = BEN_KATE.replace("1 Elm Row", "2 Ash Row")

    plan = import_contacts(upload=upload_of(school, office, AVA_KATE, moved), by=office)

    assert (len(plan.new), plan.changed) == (3, [])
    assert Person.objects.get(mis_id="P1").address.startswith("2 Ash Row")


@pytest.mark.django_db
def test_a_child_or_an_adult_alone_comes_in_without_a_link(school, office):
    import_contacts(upload=upload_of(school, office, "S1,Ava,Marsh,Year 4,Willow" + 12 * ","), by=office)
    import_contacts(
        upload=upload_of(school, office, "Kate Marsh,1 Elm Row,SE22 8EQ", heading="Parent,Address,Postcode"), by=office
    )

    assert Person.objects.count() == 2
    assert not FamilyLink.objects.exists()


@pytest.mark.django_db
def test_what_changed_between_a_child_and_a_parent_is_changed_here(school, office):
    import_contacts(upload=upload_of(school, office, AVA_DAN), by=office)
    link = FamilyLink.objects.get()

    changed = AVA_DAN.replace(",T,F,2,", ",F,T,1,")
    plan = import_contacts(upload=upload_of(school, office, changed), by=office)

    assert plan.changed_links == [link]
    link.refresh_from_db()
    assert (link.has_responsibility, link.lives_together, link.priority) == (False, True, 1)


@pytest.mark.django_db
def test_consent_stays_where_the_address_for_email_does(school, office):
    import_contacts(upload=upload_of(school, office, AVA_KATE), by=office)
    agreed = {"email_agreed_on": date(2026, 9, 3), "email_agreed_how": "On the form"}
    Person.objects.filter(full_name="Kate Marsh").update(**agreed)

    import_contacts(upload=upload_of(school, office, AVA_KATE.replace("1 Elm Row", "2 Ash Row")), by=office)

    kate = Person.objects.get(full_name="Kate Marsh")
    assert (kate.may_be_emailed, kate.address.splitlines()[0]) == (True, "2 Ash Row")


@pytest.mark.django_db
def test_nobody_without_the_right_or_of_another_school_takes_over_a_file(school, office, admin, outsider):
    upload = upload_of(school, office, AVA_KATE)

    for by in (admin, outsider):
        with pytest.raises(PermissionDenied):
            import_contacts(upload=upload, by=by)
        with pytest.raises(PermissionDenied):
            keep_upload(school=school, by=by, file_name="f.csv", table="[]", columns={})
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_with_one_wrong_row_nothing_at_all_is_imported(school, office):
    upload = upload_of(school, office, AVA_KATE, AVA_DAN.replace(",2,F", ",second,F"))

    with pytest.raises(ContactRefusedError, match="Nothing was imported"):
        import_contacts(upload=upload, by=office)

    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_fault_in_the_middle_leaves_nothing_behind(school, office, monkeypatch):
    upload = upload_of(school, office, AVA_KATE[:-1] + "T", AVA_DAN)
    monkeypatch.setattr(FamilyLink.objects, "bulk_create", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        import_contacts(upload=upload, by=office)

    assert not Person.objects.exists()
    assert ContactImport.objects.waiting().exists()


@pytest.mark.django_db
def test_what_was_taken_over_is_in_the_chained_log_without_a_name_and_the_file_is_gone(school, office):
    upload = upload_of(school, office, AVA_KATE, AVA_DAN)

    import_contacts(upload=upload, by=office)

    line = AuditEntry.objects.get(kind=AuditEntry.Kind.CONTACTS_IMPORTED)
    assert (line.by, line.facts) == (office, {"new": 3, "changed": 0, "unchanged": 0, "flags": 0, "unclear": 0})
    assert ContactImport.objects.get().table == ""
    with pytest.raises(ContactRefusedError, match="taken over already"):
        import_contacts(upload=upload, by=office)


@pytest.mark.django_db
def test_a_file_that_nobody_took_over_is_gone_in_a_day(school, office):
    upload_of(school, office, AVA_KATE)
    ContactImport.objects.update(at=timezone.now() - UPLOAD_LIFE)

    destroy_uploads()

    assert not ContactImport.objects.exists()


@pytest.mark.django_db
def test_the_office_goes_from_a_file_to_a_list_through_three_pages(school, office, signed_in):
    browser = signed_in(office)
    content = "\n".join((HEADING, AVA_KATE, LAYLA)).encode()

    columns = browser.post(reverse("contact-import"), {"file": SimpleUploadedFile("f.csv", content)}, follow=True)
    upload = ContactImport.objects.get()
    form = columns.context["form"]
    preview = browser.post(
        reverse("contact-import-columns", args=[upload.pk]),
        {name: form[name].value() for name in form.fields},
        follow=True,
    )
    done = browser.post(reverse("contact-import-preview", args=[upload.pk]), follow=True)

    assert "What the columns hold" in columns.content.decode()
    assert "4 people in the file" in preview.content.decode()
    assert "Imported: 4 new, 0 changed, 0 the same as before." in done.content.decode()
    assert Person.objects.filter(full_name="ليلى حداد").exists()
    assert Person.objects.filter(full_name="🦊 Layla العربية").exists()
    assert "Marsh" not in upload.__class__.objects.get().table


@pytest.mark.django_db
def test_a_bad_file_and_two_columns_for_one_thing_are_said_beside_the_field(school, office, signed_in):
    browser = signed_in(office)

    refused = browser.post(reverse("contact-import"), {"file": SimpleUploadedFile("f.csv", b"a\n")})
    upload = upload_of(school, office, "Ava,Ben", heading="One,Two")
    double = browser.post(
        reverse("contact-import-columns", args=[upload.pk]), {"column_0": "child_name", "column_1": "child_name"}
    )
    none = browser.post(reverse("contact-import-columns", args=[upload.pk]), {"column_0": "class_name"})

    assert "must name the columns" in refused.content.decode()
    assert "Another column holds" in double.content.decode()
    assert "Say which column holds the names" in none.content.decode()


@pytest.mark.django_db
def test_800_families_are_planned_and_written_with_few_queries(school, office, django_assert_max_num_queries):
    lines = [
        f"S{n},Child,No {n},Year {n % 7},Class {n % 28},P{n},Ms,Adult,No {n},{n} Elm Row,London,SE22 8EQ,,T,T,1,F"
        for n in range(800)
    ]
    upload = upload_of(school, office, *lines)

    with django_assert_max_num_queries(100):  # SQLite takes few rows at once
        plan = import_contacts(upload=upload, by=office)

    assert len(plan.new) == 1600
    assert FamilyLink.objects.count() == 800
