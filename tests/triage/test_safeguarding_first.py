"""Putting safeguarding first: who may, who is told of it and who is not, and what the one who comes second reads."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from incidents.models import Conflict, Email
from incidents.triage.outcome import OutcomeRefusedError
from incidents.triage.safeguarding import pause_for_safeguarding, resume_after_safeguarding
from incidents.triage.undoing import undo_outcome
from tests.factories import ConcernFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
BOX = "safe@dkh.example"


@pytest.fixture
def staff(school, slt):
    """Two safeguarding leads and two heads; one of each has left, and one of each is another school's."""
    elsewhere = SchoolFactory.create(code="OTH", name="Another School")
    for role in (Role.DSL, Role.HEAD):
        for name in ("one", "two"):
            UserFactory.create(school=school, email=f"{name}.{role}@dkh.example", full_name=f"{name} {role}", role=role)
        UserFactory.create(school=school, email=f"left.{role}@dkh.example", role=role, is_active=False)
        UserFactory.create(school=elsewhere, email=f"away.{role}@dkh.example", role=role)
    return {user.email.partition("@")[0]: user for user in User.objects.all()}


@pytest.mark.parametrize(
    ("gone", "kept_out", "box", "by", "mailed", "told"),
    [
        ("", "", "", "slt", ["one.dsl", "two.dsl"], "one dsl, two dsl"),
        ("", "", BOX, "slt", ["one.dsl", "safe", "two.dsl"], "one dsl, two dsl"),
        ("", "one.dsl", BOX, "slt", ["two.dsl"], "two dsl"),
        ("", "one.head", BOX, "slt", ["one.dsl", "safe", "two.dsl"], "one dsl, two dsl"),
        ("", "", BOX, "one.dsl", ["safe", "two.dsl"], "two dsl"),
        ("dsl", "", BOX, "slt", ["safe"], "safeguarding lead"),
        ("dsl", "", "", "slt", ["one.head", "two.head"], "one head, two head"),
        ("dsl", "one.head", "", "slt", ["two.head"], "two head"),
        ("dsl", "", "", "one.head", ["two.head"], "two head"),
        ("dsl", "", "one.head@dkh.example", "one.head", ["two.head"], "two head"),
    ],
)
def test_who_is_told(school, slt, staff, gone, kept_out, box, by, mailed, told, django_capture_on_commit_callbacks):
    concern = ConcernFactory.create(school=school, danger="child")
    User.objects.filter(groups__name=gone).update(is_active=False)
    if kept_out:
        Conflict.objects.create(user=staff[kept_out], concern=concern, reason="Named in it")
        Conflict.objects.create(user=staff["two.dsl"], concern=ConcernFactory.create(school=school), reason="Another")
    school.safeguarding_email = box
    school.save()

    with django_capture_on_commit_callbacks() as hurried:
        pause_for_safeguarding(concern=concern, by=staff.get(by, slt), reason="A bruise.")

    assert len(hurried) == len(mailed)
    assert {email.subject for email in Email.objects.all()} == {f"Safeguarding first: {concern.reference}"}
    assert sorted(email.to.partition("@")[0] for email in Email.objects.all()) == mailed
    event = concern.events.get()
    assert (event.facts["told"], event.why) == (told, "A bruise.")


@pytest.mark.parametrize(
    ("verb", "right"),
    [
        (pause_for_safeguarding, "pause_concern"),
        (resume_after_safeguarding, "pause_concern"),
        (undo_outcome, "triage_concern"),
    ],
)
def test_whoever_reads_it_needs_the_right_as_well(concern, slt, verb, right):
    Group.objects.get(name=Role.SLT).permissions.filter(codename=right).get().group_set.clear()

    with pytest.raises(PermissionDenied, match="Only senior leaders"):
        verb(concern=concern, by=slt, reason="A bruise.")


def test_what_is_done_leaves_no_trace_of_the_outcome_and_names_who_was_first(concern, slt, head):
    with pytest.raises(OutcomeRefusedError, match=r"any more\.$"):
        resume_after_safeguarding(concern=concern, by=slt, reason="They have help.")
    pause_for_safeguarding(concern=concern, by=slt, reason="A bruise.")

    resume_after_safeguarding(concern=concern, by=head, reason="They have help.")
    pause_for_safeguarding(concern=concern, by=slt, reason="Another bruise.")
    resume_after_safeguarding(concern=concern, by=head, reason="Help again.")

    concern.refresh_from_db()
    assert (concern.outcome, concern.outcome_reason, concern.kind) == ("", "", "")
    assert (concern.outcome_by, concern.outcome_at) == (None, None)
    assert concern.events.filter(kind="concern_resumed", by=head, why="Help again.").count() == 1
    concern.events.create(school=concern.school, kind="concern_paused", by=slt)
    with pytest.raises(OutcomeRefusedError, match=f"{head} said so on 23 November 2026 at 8:51am"):
        resume_after_safeguarding(concern=concern, by=slt, reason="They have help.")
    concern.events.all().delete()
    concern.events.create(school=concern.school, kind="concern_resumed", by=None)
    with pytest.raises(OutcomeRefusedError, match=r"any more\.$"):
        resume_after_safeguarding(concern=concern, by=slt, reason="They have help.")
