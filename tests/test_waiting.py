"""The menu's one query is put together once for a role: it says of everybody what one put together for them says."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.urls import resolve
from django.utils import timezone

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.backend import StaffBackend
from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.prepared import NotAlikeError, row_of
from dkh_conduct.reading import Asked, note_read, one_look_ago, subject_of
from dkh_conduct.school.models import School
from dkh_conduct.waiting import LISTS, STAND_INS, Values, _query, waiting
from incidents.models import Case, Concern, Notice, Step
from letters.models import Letter, Mailing
from tests.addresses import build_world
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
Thing = AuditEntry.Thing


@pytest.fixture
def world(slt, office, colleague):
    world = build_world(slt=slt, office=office, colleague=colleague)
    Letter.objects.filter(pk=world.rows["letter"].pk).update(state=Letter.State.READY)
    Mailing.objects.update(state=Mailing.State.PROPOSED, proposed_by=slt)
    return world


@pytest.fixture
def everybody(world, slt, office, colleague, head, admin, outsider):
    """Two for most roles: one of them in another school, or kept out of the case and its concern."""
    people = [slt, office, colleague, head, admin, outsider]
    people += [UserFactory.create(school=slt.school, role=role) for role in Role]
    people += [UserFactory.create(school=outsider.school, role=role) for role in (Role.OFFICE, Role.SLT)]
    for user in people:
        for about in ("case", "concern"):
            Notice.objects.create(user=user, kind="case_late", key=about, **{about: world.rows[about]})
    now = timezone.now()
    for ago, looking in ((30, people[1::2]), (0, people[::2])):
        with time_machine.travel(now - timedelta(minutes=ago)):
            for user in looking:
                for thing, reference in ((Thing.CASE, world.rows["case"].reference), (Thing.SEARCH, "")):
                    note_read(user, thing=thing, reference=reference)
    return [StaffBackend().get_user(user.pk) for user in people]


def request_of(rf, user, path):
    request = rf.get(path)
    request.user, request.resolver_match = user, resolve(path.partition("?")[0])
    return request


def asked_by(rf, user, path, counted=()):
    """The numbers that the menu had to ask for, and the look."""
    request = request_of(rf, user, path)
    numbers = waiting(request, dict.fromkeys(counted, 99))
    return {name: numbers[name] for name in numbers if name not in counted}, getattr(request, "look_asked", None)


def of_their_own(rf, user, path, asked):
    """The same, with a query put together for this person and page."""
    subject = subject_of(request_of(rf, user, path))
    thing, reference = (subject.thing, subject.reference) if subject else (None, "")
    values = Values(user.pk, user.school_id, reference, 0, one_look_ago())
    *numbers, is_noted, is_told = _query(user, values, thing, asked).get() if asked else (0, 0)
    look = Asked(subject, is_noted=is_noted, is_told=is_told) if subject and asked else None
    return dict(zip(asked, numbers, strict=True)), look


def test_everybody_is_told_what_a_query_of_their_own_says(world, everybody, rf):
    paths = [
        "/staff/calendar/",
        "/staff/search/?q=Oak",
        f"/staff/cases/{world.rows['case'].reference}/",
        f"/staff/cases/{world.rows['other_case'].reference}/",
        "/staff/cases/C0014/",
        f"/staff/concerns/{world.rows['concern'].reference}/",
        f"/staff/letters/{world.rows['letter'].reference}/",
    ]
    pages = [(path, []) for path in paths]
    pages += [(paths[0], [other for other in LISTS if other != name]) for name in LISTS]
    seen: dict[str, set[int]] = {name: set() for name in LISTS}
    looks = set()
    for user, (path, counted) in product(everybody, pages):
        numbers, look = asked_by(rf, user, path, counted)

        assert (numbers, look) == of_their_own(rf, user, path, tuple(numbers)), (user.role, path)
        looks.add(look and (look.subject.thing, look.is_noted, look.is_told))
        for name, number in numbers.items():
            seen[name].add(number)

    # Each list has somebody for whom nothing waits and somebody for whom something does, and each look is both.
    assert all(0 in numbers and len(numbers) > 1 for numbers in seen.values()), seen
    assert looks >= {(Thing.CASE, True, True), (Thing.CASE, False, True), (Thing.CASE, False, False)}
    assert looks >= {(Thing.SEARCH, True, False), (Thing.SEARCH, False, False)}


def test_what_is_put_together_once_goes_by_nothing_but_role_and_school(world, everybody, rf, head):
    """The next of the same role is told of their own: after a conflict, in another school, and by another number."""
    heads = [user for user in everybody if user.role_name == Role.HEAD]
    assert len(heads) == 3
    before = [asked_by(rf, user, "/staff/calendar/")[0]["concern-list"] for user in heads]
    world.rows["concern"].conflicts.create(user=head, reason="Named in it")

    after = [asked_by(rf, user, "/staff/calendar/")[0]["concern-list"] for user in heads]

    assert [was - now for was, now in zip(before, after, strict=True)] == [1, 0, 0]


def test_whose_rights_do_not_come_from_a_role_alone_has_a_query_of_their_own(world, everybody, rf, head, office):
    User.objects.filter(pk=office.pk).update(is_superuser=True)
    for user in (User.objects.get(pk=head.pk), StaffBackend().get_user(office.pk)):
        numbers, _ = asked_by(rf, user, "/staff/calendar/")
        assert (numbers, None) == of_their_own(rf, user, "/staff/calendar/", tuple(numbers))
        assert numbers["concern-list"]


def test_it_is_one_query_and_none_for_what_the_page_has_counted(world, everybody, rf, django_assert_num_queries):
    user = next(user for user in everybody if user.role_name == Role.HEAD)
    path = f"/staff/cases/{world.rows['case'].reference}/"
    with django_assert_num_queries(1):
        asked_by(rf, user, path)
    with django_assert_num_queries(1):
        numbers, look = asked_by(rf, user, path, ["concern-list"])
    assert "concern-list" not in numbers
    assert look is not None
    with django_assert_num_queries(0):
        assert asked_by(rf, user, path, LISTS) == ({}, None)


@pytest.mark.parametrize("role", list(Role))
def test_a_stand_in_is_nobody(role, school):
    """What stands in for values while a statement is made is never a row."""
    for values in STAND_INS:
        assert not School.objects.filter(pk=values.school).exists()
        assert not User.objects.filter(pk=values.user).exists()
        assert not Case.objects.filter(number=values.number).exists()


def rows(of):
    return lambda values: of(values).values_list("pk")


@pytest.mark.parametrize(
    "build",
    [
        lambda values: (
            Concern.objects.filter(pk=values.user) if values.user == STAND_INS[0].user else Concern.objects.all()
        ),
        lambda values: Concern.objects.filter(pk=values.user + 1),
        lambda values: Concern.objects.filter(pk__in=range(values.user % 5)),
    ],
    ids=["another statement", "a value made from a value", "another number of values"],
)
def test_what_differs_in_more_than_its_values_is_not_kept(build):
    for _ in range(2):
        with pytest.raises(NotAlikeError):
            row_of(build, rows(build), STAND_INS[0], STAND_INS)


def test_a_query_that_goes_by_more_of_somebody_than_their_role_is_not_kept(everybody, rf, monkeypatch):
    """A stand-in has no name: a list that goes by names would be the same for everybody of a role."""
    by_name = (("incidents.view_concern",), lambda user: Step.objects.filter(reason=user.full_name))
    monkeypatch.setitem(LISTS, "by name", by_name)
    user = next(user for user in everybody if user.role_name == Role.HEAD)

    with pytest.raises(User.DoesNotExist):
        asked_by(rf, user, "/staff/calendar/")


def test_a_row_that_is_not_there_is_empty():
    def own(values):
        return School.objects.filter(pk=values.school).values_list("pk")

    assert row_of("test: no row", own, STAND_INS[0], STAND_INS) == ()
