"""Puts what parents told into the portal: concerns with their history, and pictures through the real intake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dkh_conduct.demo.unread import ACCESS_CODES
from incidents.evidence.intake import receive
from incidents.models import Concern, ConcernClause, Conflict, Draft, Email, Event, Recording, Reporter
from incidents.models.event import record
from incidents.reporting.emails import acknowledgement, urgent_notice
from incidents.reporting.routing import NAMED
from incidents.triage.outcome import assign_concern

if TYPE_CHECKING:
    import random

    from dkh_conduct.accounts.models import User
    from dkh_conduct.demo.story import Story
    from dkh_conduct.demo.told import Picture, Told
    from incidents.models import Evidence

PICTURES = Path(__file__).with_name("pictures")
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".txt": "text/plain"}


def tell(story: Story, told: Told, *, rng: random.Random) -> Concern:
    """One concern at its own time, under its own reference, and nothing in the queue."""
    with story.when(told.on, told.at):
        concern = _make(story, told)
        story.evidence[told.reference] = _send_pictures(story, told, concern, rng=rng)
        told_at_once = _tell_the_lead(concern)
        by, how = _write_down(story, told, concern)
        record(Event.Kind.CONCERN_RECEIVED, school=story.school, by=by, concern=concern, told=told_at_once, how=how)
    if told.assigned:
        # The next school morning, or the same one where it came in today.
        with story.when(max(told.on - 1, 1), "8:35am"):
            assign_concern(concern=concern, by=story.staff[told.assigned], instead_of=None)
    return concern


def _write_down(story: Story, told: Told, concern: Concern) -> tuple[User | None, str]:
    """Who wrote it down and how it came, where it did not come through the portal."""
    if told.recorded is None:
        return None, ""
    how, name = told.recorded
    recording = Recording.objects.create(
        concern=concern,
        how=how,
        came_on=timezone.localdate(),
        recorded_by=story.staff[name],
        recorded_at=timezone.now(),
    )
    return recording.recorded_by, recording.get_how_display()


def _make(story: Story, told: Told) -> Concern:
    now = timezone.now()
    school, today = story.school, timezone.localdate(now)
    due_on = story.days.calendar.add_school_days(today, school.read_within_school_days)
    leader = story.staff[told.leader] if told.leader else None
    concern = Concern.objects.create(
        school=school,
        reference=told.reference,
        # Most of these codes were never shown to anybody, so none opens them.
        access_code_hash=make_password(ACCESS_CODES.get(told.reference)),
        received_at=now,
        due_on=due_on if told.due is None else story.days.day(told.due),
        danger=told.danger,
        complaint=told.complaint,
        about_leader=f"{leader.full_name}, {leader.job_title}" if leader else "",
        is_unsure_of_clause=not told.clauses,
        places=list(told.places),
        place_name=told.place_name,
        seen_on=None if told.seen is None else today - timedelta(days=told.seen),
        when_words=told.when_words,
        is_poster_known=bool(told.poster),
        poster=told.poster,
        account=told.account,
    )
    ConcernClause.objects.bulk_create(ConcernClause(concern=concern, clause=key) for key in told.clauses)
    if leader:
        Conflict.objects.create(user=leader, concern=concern, reason=NAMED)
    who = told.who
    Reporter.objects.create(
        concern=concern, role=who.role, name=who.name, email=who.email, phone=who.phone, may_name=who.may_name
    )
    if who.email:
        _sent(acknowledgement(school=school, to=who.email, reference=concern.reference))
    return concern


def _tell_the_lead(concern: Concern) -> str:
    if not concern.is_flagged:
        return ""
    _sent(urgent_notice(concern=concern, to=concern.school.safeguarding_email))
    return "safeguarding lead"


def _sent(email: Email) -> None:
    email.created_at = email.sent_at = timezone.now()
    email.attempts = 1
    email.save()


def _send_pictures(story: Story, told: Told, concern: Concern, *, rng: random.Random) -> list[Evidence]:
    if not told.pictures:
        return []
    draft = Draft.objects.create(school=story.school, secret_hash=f"{rng.getrandbits(256):064x}")
    kept = [_send(draft, picture) for picture in told.pictures]
    draft.evidence.update(concern=concern, draft=None)
    draft.delete()
    for evidence in kept:
        evidence.refresh_from_db()
        if evidence.problem:
            raise ValueError(f"{evidence.name}: {evidence.problem}")
    return kept


def _send(draft: Draft, picture: Picture) -> Evidence:
    path = PICTURES / picture.file
    content = path.read_bytes()
    if path.suffix == ".txt":  # a chat of the evening on which it was sent
        content = content.replace(b"{day}", f"{timezone.localdate():%d/%m/%Y}".encode())
    upload = SimpleUploadedFile(picture.name, content, TYPES[path.suffix])
    return receive(draft=draft, upload=upload, caption=picture.caption)
