"""Terms and days off are set in the browser or imported, and counted by; nothing is half imported."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dkh_conduct.school.calendar_editing import CalendarRefusedError, import_days, open_day, remove_term
from dkh_conduct.school.ical import Found, UnreadableError, read_calendar
from dkh_conduct.school.models import ClosedDay, Term

pytestmark = pytest.mark.django_db

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//council//terms//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20310903
DTEND;VALUE=DATE:20311024
SUMMARY:Autumn term\\, first half
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20310901
SUMMARY:INSET day 😀 أهلا
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20311027
DTEND;VALUE=DATE:20311101
SUMMARY:Autumn half term
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART:20311105T090000Z
SUMMARY:Governors meet
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def day_of(name: str, day: date) -> dict[str, int]:
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def posted(found: list[Found]) -> dict[str, str]:
    rows: dict[str, str] = {}
    for number, each in enumerate(found):
        rows |= {f"name_{number}": each.name, f"kind_{number}": each.kind}
        rows |= {f"first_{number}": each.first.isoformat(), f"last_{number}": each.last.isoformat()}
    return rows


@pytest.fixture
def client(admin, signed_in):
    return signed_in(admin)


def term(**about):
    typed = {"name": "Autumn, first half", "starts_on": date(2031, 9, 3), "ends_on": date(2031, 10, 23), **about}
    return {"name": typed["name"], **day_of("starts_on", typed["starts_on"]), **day_of("ends_on", typed["ends_on"])}


def test_a_term_is_added_and_changed_and_who_did_it_is_kept(client, school, admin):
    client.post(reverse("term-add"), term())
    added = school.terms.get(starts_on=date(2031, 9, 3))
    client.post(reverse("term-change", args=[added.pk]), term(ends_on=date(2031, 10, 22)))

    added.refresh_from_db()
    assert added.ends_on == date(2031, 10, 22)
    assert [each.history_user for each in added.history.all()] == [admin, admin]


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"ends_on": date(2031, 9, 2)}, "A term ends after it starts"),
        ({"starts_on": date(2030, 7, 1), "ends_on": date(2030, 7, 30)}, "is on some of these days already"),
        ({"ends_on": date(2032, 7, 20)}, "is too long"),
        ({"name": ""}, "Enter what it is called"),
    ],
)
def test_a_term_that_cannot_be_is_said_beside_the_field(client, school, about, sentence):
    page = client.post(reverse("term-add"), term(**about)).content.decode()

    assert sentence in page
    assert school.terms.count() == 1


def test_a_term_is_removed_and_its_history_stays(client, school):
    held = school.terms.get()
    client.post(reverse("term-change", args=[held.pk]), {"remove": "1"})

    assert not school.terms.exists()
    assert Term.history.filter(id=held.pk, history_type="-").exists()
    assert "No term dates are set" in client.get(reverse("calendar")).content.decode()


def test_a_day_is_closed_once_and_opened_again(client, school):
    typed = {**day_of("day", date(2030, 5, 6)), "kind": "bank_holiday", "reason": "A coronation"}
    client.post(reverse("closed-day-add"), typed)
    twice = client.post(reverse("closed-day-add"), typed).content.decode()

    closed = school.closed_days.get()
    assert "6 May 2030 is on the list already" in twice
    assert not school.calendar().is_working_day(date(2030, 5, 6))
    client.post(reverse("closed-day-remove", args=[closed.pk]))
    assert not ClosedDay.objects.exists()


def test_a_file_is_read_looked_at_and_only_then_saved(client, school):
    page = client.post(reverse("calendar-import"), {"file": SimpleUploadedFile("terms.ics", FILE.encode())})

    lines = page.context["form"].lines
    assert [(each.name, each.kind) for each, _ in lines] == [
        ("INSET day 😀 أهلا", "inset"),
        ("Autumn term, first half", "term"),
        ("Autumn half term", "leave"),
    ]
    assert school.terms.count() == 1
    client.post(reverse("calendar-import"), posted([each for each, _ in lines]))
    added = school.terms.get(starts_on=date(2031, 9, 3))
    assert added.ends_on == date(2031, 10, 23), "the end of an entry is not part of it"
    assert school.closed_days.get().day == date(2031, 9, 1)


def test_importing_twice_adds_nothing(school, admin):
    found = read_calendar(FILE.encode())[:2]

    assert import_days(school=school, by=admin, found=found) == (1, 1)
    assert import_days(school=school, by=admin, found=found) == (0, 0)


def test_nothing_is_half_imported(client, school, admin):
    found = [
        Found("Autumn", date(2031, 9, 3), date(2031, 10, 23), "term"),
        Found("Overlap", date(2031, 10, 1), date(2031, 11, 23), "term"),
    ]

    with pytest.raises(CalendarRefusedError):
        import_days(school=school, by=admin, found=found)
    page = client.post(reverse("calendar-import"), posted(found)).content.decode()

    assert "Nothing was saved" in page
    assert school.terms.count() == 1


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"\x00\xff" * 50, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"x" * 1_000_001, b"BEGIN:VEVENT"]
)
def test_what_is_not_a_calendar_gets_a_sentence(client, raw):
    if raw:
        with pytest.raises(UnreadableError):
            read_calendar(raw)

    page = client.post(reverse("calendar-import"), {"file": SimpleUploadedFile("terms.ics", raw)})

    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_made_up_rows_are_left_out_and_never_a_fault(client, school):
    for rows in ({"first_0": "x"}, {"name_0": "a", "first_0": "2031-13-45", "last_0": "2031-01-01"}):
        assert client.post(reverse("calendar-import"), rows).status_code in (200, 302)
    assert school.terms.count() == 1


def test_days_are_counted_with_the_way_there(client, school):
    school.terms.all().delete()
    school.terms.create(name="Autumn", starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18))
    school.terms.create(name="Spring", starts_on=date(2027, 1, 5), ends_on=date(2027, 2, 12))
    asked = {**day_of("day", date(2026, 12, 14)), "posted": "first", "days": 10}

    page = client.get(reverse("calendar-count"), {**asked, "unit": "school"}).content.decode()
    working = client.get(reverse("calendar-count"), {**asked, "unit": "working"}).content.decode()

    assert (
        "It counts as arrived on Wednesday 16 December 2026. 10 school days after that is Thursday 14 January" in page
    )
    assert "10 working days after that is Monday 4 January 2027" in working


def test_counting_past_the_calendar_stops_with_a_sentence(client):
    asked = {**day_of("day", date(2030, 7, 19)), "posted": "", "days": 10, "unit": "school"}

    page = client.get(reverse("calendar-count"), asked).content.decode()

    assert "Term dates are only known up to 21 July 2030" in page


def test_a_leader_reads_the_calendar_and_changes_nothing(slt, signed_in):
    page = signed_in(slt).get(reverse("calendar")).content.decode()

    assert "A long term" in page
    assert reverse("term-add") not in page


def test_a_term_or_a_day_off_that_somebody_removed_meanwhile_is_gone_all_the_same(school, admin):
    term = school.terms.get()
    day = ClosedDay.objects.create(school=school, day=date(2026, 12, 1), reason="INSET")

    for _ in range(2):
        remove_term(school=school, by=admin, term=term)
        open_day(school=school, by=admin, closed=day)

    assert (school.terms.count(), school.closed_days.count()) == (0, 0)
