"""What is noted of a page and of whom, asked of the functions themselves: `test_reads.py` opens the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.urls import resolve
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.reading import REASONS, Asked, ReadsMiddleware, Subject, is_on, note_read, subject_of, with_part_in
from incidents.models import Case, Event, Notice
from incidents.models.event import record
from tests.factories import CaseFactory, ConcernFactory, ReferralFactory

CASE = "/staff/cases/C014/"
KEY = "00000000-0000-0000-0000-000000000007"
FILE = f"/staff/evidence/{KEY}/"


@pytest.fixture
def asks(rf):
    def ask(address, *, method="get", user=None):
        request = getattr(rf, method)(address)
        request.resolver_match = resolve(request.path)
        request.user, request.session = user or AnonymousUser(), SessionStore()
        return request

    return ask


@pytest.mark.parametrize(
    ("address", "about"),
    [
        ("/staff/search/?q=marsh", ("search", "")),
        ("/staff/search/?q=+", None),
        ("/staff/cases/?q=marsh", None),
        ("/staff/people/7/", None),
        ("/staff/concerns/DKH-7R4K-2Q/", ("concern", "DKH-7R4K-2Q")),
        (CASE, ("case", "C014")),
        (f"{CASE}replies/7/", ("case", "C014")),
        ("/staff/print-room/batches/3/", ("letter", "3")),
        ("/staff/contacts/7/", ("contact", "7")),
        (FILE, ("evidence", KEY)),
    ],
)
def test_what_a_page_is_about_is_in_its_address(asks, address, about):
    assert subject_of(asks(address)) == (about and Subject(*about))


def test_an_address_that_leads_nowhere_is_about_nothing(rf):
    request = rf.get(f"{CASE}?q=marsh")
    request.resolver_match = None

    assert subject_of(request) is None


PICTURE = {"content_type": "image/png"}
SAVED = {"content_type": "application/pdf", "headers": {"Content-Disposition": 'attachment; filename="C014.pdf"'}}
UNNAMED = {"headers": {"Content-Disposition": "attachment"}}
SHOWN = {"headers": {"Content-Disposition": 'inline; filename="C014.pdf"'}, "content_type": "application/pdf"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "answer", "noted"),
    [
        *(("get", CASE, {"status": status}, [("case", "C014")] if status == 200 else []) for status in (200, 302, 404)),
        *(("post", CASE, {"status": s}, [] if s == 302 else [("case", "C014")]) for s in (200, 400, 409, 302)),
        ("get", CASE, {"status": 409}, []),
        ("head", CASE, {}, []),
        ("post", CASE, SHOWN, []),
        ("get", CASE, SHOWN, [("case", "C014")]),
        ("get", FILE, {}, [("evidence", KEY)]),
        ("get", FILE, PICTURE, []),
        ("get", CASE, SAVED, [("export", "C014")]),
        ("post", CASE, SAVED, [("export", "C014")]),
        ("get", CASE, {**SAVED, "status": 404}, []),
        ("get", "/staff/print-room/register.csv", SAVED, [("export", "C014.pdf")]),
        ("get", "/staff/print-room/register.csv", UNNAMED, [("export", "/staff/print-room/register.csv")]),
        ("get", "/staff/people/", {}, []),
        ("get", "/status/", SAVED, []),
    ],
)
def test_what_somebody_now_has_before_them_is_noted(asks, slt, method, address, answer, noted):
    request = asks(address, method=method, user=slt)

    ReadsMiddleware(lambda _: HttpResponse(**answer))(request)

    assert [(entry.thing, entry.reference) for entry in AuditEntry.objects.all()] == noted


@pytest.mark.django_db
@pytest.mark.parametrize(("about", "is_noted", "lines"), [("C014", False, 1), ("C014", True, 0), ("C015", True, 1)])
def test_what_the_page_has_asked_the_log_is_not_asked_again(asks, slt, about, is_noted, lines):
    request = asks(CASE, user=slt)
    request.look_asked = Asked(Subject("case", about), is_noted=is_noted, is_told=False)

    ReadsMiddleware(lambda _: HttpResponse())(request)

    assert AuditEntry.objects.count() == lines


@pytest.mark.django_db
def test_one_look_is_one_line_for_each_person_and_thing_and_every_reason_is_kept(slt, colleague):
    def looks(user=slt, thing="case", reference="C014", **about):
        before = AuditEntry.objects.count()
        note_read(user, thing=thing, reference=reference, **about)
        return AuditEntry.objects.count() - before

    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert [looks(), looks(), looks(reason="I stand in"), looks(is_new=True), looks(is_new=False)] == [
            1,
            0,
            1,
            1,
            0,
        ]
        assert [looks(user=colleague), looks(thing="letter"), looks(reference="C015")] == [1, 1, 1]
    with time_machine.travel(now + timedelta(minutes=10), tick=False):
        assert looks() == 0
    with time_machine.travel(now + timedelta(minutes=10, seconds=1), tick=False):
        assert looks() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "new", "read"),
    [
        (CASE, 3, {"case"}),
        ("/staff/concerns/DKH-7R4K-2Q/", 1, {"concern"}),
        (CASE, 0, set()),
        ("/staff/letters/x/", 1, set()),
    ],
)
def test_a_notice_of_what_is_opened_is_read_by_who_opened_it(asks, slt, colleague, outsider, address, new, read):
    mine = CaseFactory.create(school=slt.school, lead=slt, number=14)
    things = {
        "case": {"case": mine},
        "concern": {"concern": ConcernFactory.create(school=slt.school, reference="DKH-7R4K-2Q")},
        "another": {"case": CaseFactory.create(school=slt.school, lead=slt, number=15)},
        "elsewhere": {"case": CaseFactory.create(school=outsider.school, lead=outsider, number=14)},
    }
    for user in (slt, colleague):
        for key, about in things.items():
            Notice.objects.create(user=user, kind="case_late", key=key, **about)
    long_ago = timezone.now() - timedelta(days=9)
    Notice.objects.create(user=slt, kind="case_late", key="read", case=mine, read_at=long_ago)
    request, response = asks(address, user=slt), HttpResponse()
    request.new_notices = new

    assert ReadsMiddleware(lambda _: response)(request) is response

    assert set(Notice.objects.filter(user=slt, read_at__gt=long_ago).values_list("key", flat=True)) == read
    assert Notice.objects.filter(user=colleague).unread().count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(("about", "is_told", "read"), [("C014", True, 1), ("C014", False, 0), ("C015", False, 1)])
def test_a_notice_is_looked_for_only_where_the_menu_found_one_or_did_not_ask(asks, slt, about, is_told, read):
    case = CaseFactory.create(school=slt.school, lead=slt, number=14)
    Notice.objects.create(user=slt, kind="case_late", key="case", case=case)
    request = asks(CASE, user=slt)
    request.new_notices, request.look_asked = 1, Asked(Subject("case", about), is_noted=True, is_told=is_told)

    ReadsMiddleware(lambda _: HttpResponse())(request)

    assert Notice.objects.filter(read_at__isnull=False).count() == read


def acted(case, user):
    record(Event.Kind.NOTE_ADDED, school=case.school, by=user, case=case)


PARTS = {
    "nothing": lambda case, user: None,
    "lead": lambda case, user: Case.objects.filter(pk=case.pk).update(lead=user),
    "opened": lambda case, user: Case.objects.filter(pk=case.pk).update(opened_by=user),
    "acted": acted,
    "shown": lambda case, user: ReferralFactory.create(case=case, to=user),
    "shown, ended": lambda case, user: ReferralFactory.create(case=case, to=user, ended_at=timezone.now()),
    "elsewhere": lambda case, user: acted(CaseFactory.create(school=case.school), user),
    "shown elsewhere": lambda case, user: ReferralFactory.create(case=CaseFactory.create(school=case.school), to=user),
    "another acted": lambda case, user: acted(case, case.lead),
    "another was shown it": lambda case, user: ReferralFactory.create(case=case),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "why"), [(part, part not in {"lead", "opened", "acted", "shown"}) for part in PARTS])
def test_v8_whoever_has_no_part_in_a_case_is_asked_why(asks, slt, colleague, head, part, why):
    case = CaseFactory.create(school=slt.school, lead=slt, number=14)
    PARTS[part](case, colleague)
    chosen = Case.objects.filter(pk=case.pk)

    answer = ReadsMiddleware(HttpResponse).process_view(asks(CASE, user=colleague), HttpResponse, (), {})

    assert (answer is not None) is why
    assert is_on(with_part_in(chosen, colleague).get(), colleague) is not why
    assert is_on(with_part_in(chosen, head).get(), head)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "onward"),
    [
        ("get", f"{CASE}notes/add/?kind=fact", "%2Fstaff%2Fcases%2FC014%2Fnotes%2Fadd%2F%3Fkind%3Dfact"),
        ("post", f"{CASE}notes/add/", "%2Fstaff%2Fcases%2FC014%2F"),
        ("get", f"{CASE}why/", None),
        ("get", "/staff/concerns/C014/", None),
        ("get", "/staff/cases/C015/", None),
        ("get", "/staff/cases/C001/", None),
    ],
)
def test_v8_the_question_comes_before_any_page_of_a_case(asks, slt, colleague, outsider, method, address, onward):
    CaseFactory.create(school=slt.school, lead=slt, number=14)
    CaseFactory.create(school=slt.school, lead=slt, number=15)
    CaseFactory.create(school=outsider.school, number=1)
    request = asks(address, method=method, user=colleague)
    request.session[REASONS] = ["C015"]

    answer = ReadsMiddleware(HttpResponse).process_view(request, HttpResponse, (), {})

    assert (answer.url if answer else None) == (onward and f"{CASE}why/?next={onward}")


def test_nobody_who_is_not_signed_in_is_asked_why(asks):
    assert ReadsMiddleware(HttpResponse).process_view(asks(CASE), HttpResponse, (), {}) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"why": "I was asked to help with it"}, "I was asked to help with it"),
        ({"why": "I was asked to help with it", "words": "No more"}, "I was asked to help with it"),
        ({"why": "other", "words": "Covering for Ruth"}, "Covering for Ruth"),
    ],
)
def test_v8_whoever_says_why_goes_on_to_what_they_asked_for(signed_in, slt, colleague, typed, reason):
    CaseFactory.create(school=slt.school, lead=slt, number=14)
    client = signed_in(colleague)

    assert "There is a problem" not in client.get(f"{CASE}why/").content.decode()
    back = client.post(f"{CASE}why/?next={CASE}notes/add/", typed)

    assert back.url == f"{CASE}notes/add/"
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.thing, entry.reference, entry.reason) == (colleague, "case", "C014", reason)
    assert client.session[REASONS] == ["C014"]


@pytest.mark.django_db
def test_v8_2_2_nobody_is_asked_why_of_a_case_that_they_may_not_see(signed_in, slt, colleague, outsider):
    case = CaseFactory.create(school=slt.school, lead=slt, number=14)
    case.conflicts.create(user=colleague, reason="Named in it")

    for user in (colleague, outsider):
        assert signed_in(user).get(f"{CASE}why/").status_code == 404
