"""What counts as sent, unread, waiting, to be done: the QuerySets one by one, at their edges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import (
    Allegation,
    Case,
    ChatLine,
    Draft,
    Email,
    Evidence,
    Message,
    Reply,
    Signal,
    Step,
)
from incidents.models.counted import number_of
from letters.models import Hold, Letter, LetterEmail, PrintBatch, Signature
from tests.factories import AllegationFactory, CaseFactory, ConcernFactory, LetterFactory, PersonFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def letters(slt, *states, **about):
    """One in each state, with what the database asks of it."""
    now, made = timezone.now(), {"sha256": "0" * 64, "file": "letter.pdf", "pages": 1}
    posted = {"posted_on": now.date(), "posted_by": slt, "posted_at": now}
    void = {"voided_at": now, "voided_by": slt, "void_reason": "other"}
    needs = {"ready": made, "printed": made, "posted": {**made, **posted}, "void": void}
    approved = {"approved_by": slt, "approved_at": now}
    return [
        LetterFactory.create(
            school=slt.school, drafted_by=slt, state=state, **{**approved, **needs.get(state, {}), **about}
        )
        for state in states
    ]


def emailed(letter, **about):
    return LetterEmail.objects.create(letter=letter, to="daniel@example.org", **about)


EVERY = ("draft", "queued", "rendering", "failed", "ready", "printed", "posted", "void")


def test_each_list_of_letters_has_the_states_that_its_name_says(slt):
    of = dict(zip(EVERY, letters(slt, *EVERY), strict=True))
    stopped = {"recipient": "person-1"}
    held = dict(zip(EVERY, letters(slt, *EVERY, **stopped), strict=True))
    Hold.objects.create(school=slt.school, key="flag-1", why="A court order", **stopped)
    (link,) = letters(slt, "ready", delivery="email")
    letters(slt, "posted", delivery="email")
    letters(slt, "ready", delivery="email", **stopped)

    found = Letter.objects.exclude(pk__in=[letter.pk for letter in held.values()])

    def states(rows):
        return {row.state for row in rows}

    assert set(Letter.objects.to_print()) == {of["ready"]}
    assert set(Letter.objects.to_email()) == {link}
    assert set(Letter.objects.to_post()) == {of["printed"]}
    assert states(Letter.objects.held()) == {"queued", "rendering", "ready", "printed"}
    assert set(Letter.objects.held().exclude(delivery="email")) <= set(held.values())
    assert states(found.rendering()) == {"queued", "rendering"}
    assert states(found.failed()) == {"failed"}
    assert states(found.posted()) == {"posted"}
    assert states(found.voided()) == {"void"}
    assert states(found.answerable()) == {"ready", "printed", "posted"}
    assert states(found.registered()) == {"ready", "printed", "posted"}
    assert states(found.not_gone()) == {"queued", "rendering", "failed", "ready", "printed"}


def test_a_link_that_was_not_sent_yet_has_not_gone_and_one_that_was_not_opened_for_days_is_unopened(slt):
    posted = {"delivery": "email"}
    unsent, sent, opened, fresh, without = letters(slt, *["posted"] * 5, **posted)
    (by_post,) = letters(slt, "posted", posted_at=timezone.now() - timedelta(days=9))
    long_ago = timezone.now() - timedelta(days=3) - MINUTE
    Letter.objects.filter(pk__in=[unsent.pk, sent.pk, opened.pk]).update(posted_at=long_ago)
    Letter.objects.filter(pk=fresh.pk).update(posted_at=long_ago + 2 * MINUTE)
    now = timezone.now()
    emailed(unsent)
    emailed(sent, sent_at=now)
    emailed(opened, sent_at=now, opened_at=now)
    emailed(fresh, sent_at=now)

    assert set(Letter.objects.not_gone()) == {unsent}
    assert {sent, unsent} <= set(Letter.objects.unopened())
    assert {opened, fresh, by_post}.isdisjoint(Letter.objects.unopened())
    assert set(Letter.objects.emailed()) == {unsent, sent, opened, fresh, without}


def test_a_letter_is_held_by_what_stops_it_or_its_addressee_at_its_school_until_somebody_lets_it_go(slt, outsider):
    now = timezone.now()
    stopped = {"recipient": "person-1"}
    of_each = (
        *({"recipient": "person-2"}, {"recipient": "person-3"}, stopped, {"recipient": "person-4", "in_spite_at": now}),
        *({"in_spite_at": now, **stopped}, {"in_spite_at": now - 2 * MINUTE, **stopped}),
    )
    free, alone, to_them, absolute, let_go, stopped_since = (letters(slt, "ready", **each)[0] for each in of_each)
    no_recipient = letters(slt, "ready")[0]
    elsewhere = letters(outsider, "ready", **stopped)[0]
    relative = {"is_absolute": False, "why": "Not to be contacted"}
    Hold.objects.create(school=slt.school, key="1", since=now - MINUTE, **relative, **stopped)
    Hold.objects.create(letter=alone, school=slt.school, key="2", why="Rescinded")
    Hold.objects.create(school=slt.school, key="3", since=now - MINUTE, recipient="person-4", why="A court order")

    assert set(Letter.objects.held()) == {alone, to_them, absolute, stopped_since}
    assert set(Letter.objects.to_print()) == {free, let_go, no_recipient, elsewhere}


@pytest.mark.parametrize("model", [Email, LetterEmail])
def test_an_email_is_claimed_when_it_is_not_sent_and_nobody_sends_it_just_now(slt, model):
    now = timezone.now()

    def email(letter, **about):
        if model is LetterEmail:
            return emailed(letter, **about)
        return Email.objects.create(school=slt.school, to="ruth@dkh.example", subject="S", body="B", **about)

    links = letters(slt, *["posted"] * 4, delivery="email")
    waiting, given_up = email(links[0]), email(links[1], lease_until=now - MINUTE)
    claimed, _ = email(links[2], lease_until=now + MINUTE), email(links[3], sent_at=now)

    assert set(model.objects.claimable()) == {waiting, given_up}
    assert set(model.objects.unsent()) == {waiting, given_up, claimed}


def test_no_link_is_sent_to_a_letter_that_is_void_or_goes_by_post(slt):
    for letter in (*letters(slt, "void", "ready", delivery="email"), *letters(slt, "posted")):
        emailed(letter)

    assert not LetterEmail.objects.unsent().exists()


def test_a_batch_waits_until_it_is_made_and_again_when_its_worker_is_gone(slt):
    now = timezone.now()
    batches = [
        PrintBatch.objects.create(school=slt.school, number=number, printed_by=slt, **about)
        for number, about in enumerate([
            {}, {"state": "making", "lease_until": now - MINUTE}, {"state": "making", "lease_until": now + MINUTE},
            {"state": "ready"}, {"state": "failed", "lease_until": now - MINUTE},
        ])
    ]  # fmt: skip

    assert set(PrintBatch.objects.all().waiting(now)) == set(batches[:2])


def test_a_signature_counts_until_it_is_put_away(slt):
    now = timezone.now()
    Signature.objects.create(user=slt, picture="YQ==", sha256="0" * 64, put_away_at=now)
    current = Signature.objects.create(user=slt, picture="YQ==", sha256="1" * 64)

    assert list(Signature.objects.current()) == [current]
    assert current.png == b"a"


def test_messages_are_of_the_school_or_of_the_reporter_and_are_read_once(school, slt):
    concern, now = ConcernFactory.create(school=school), timezone.now()
    ours = Message.objects.create(concern=concern, is_from_school=True, author=slt, text="Thank you.")
    theirs = Message.objects.create(concern=concern, is_from_school=False, text="One more.")
    read = Message.objects.create(concern=concern, is_from_school=False, text="Two.", read_at=now - MINUTE)

    assert set(Message.objects.from_school()) == {ours}
    assert set(Message.objects.from_reporter()) == {theirs, read}
    assert set(Message.objects.unread()) == {ours, theirs}
    assert concern.messages.from_reporter().mark_read() == 1
    read.refresh_from_db()
    assert read.read_at == now - MINUTE
    assert set(Message.objects.unread()) == {ours}


def test_answers_live_a_day_and_good_evidence_has_no_problem(school):
    now = timezone.now()
    alive = Draft.objects.create(school=school, secret_hash="a")
    expired = Draft.objects.create(school=school, secret_hash="b", expires_at=now - MINUTE)
    bad = Evidence.objects.create(school=school, draft=alive, problem="It is empty.")
    good = Evidence.objects.create(school=school, draft=alive, sha256="0" * 64, original="o", copy="c")

    assert (list(Draft.objects.alive()), list(Draft.objects.expired())) == ([alive], [expired])
    assert timedelta(hours=23, minutes=59) < alive.expires_at - now <= timedelta(hours=24, minutes=1)
    assert (alive.is_sent, Draft(concern_id=1).is_sent) == (False, True)
    assert (list(Evidence.objects.good()), list(Evidence.objects.bad())) == ([good], [bad])


def test_a_step_counts_by_its_state_and_a_later_part_is_no_rung(school, slt, colleague):
    case, now = CaseFactory.create(school=school, lead=slt), timezone.now()
    proposed = {"reason": "R", "proposed_by": colleague, "proposed_at": now}
    taken = {"reason": "R", "taken_by": slt, "taken_at": now, "has_no_conflict": True}
    rescinded = {**taken, "rescinded_by": slt, "rescinded_at": now, "rescinded_reason": "R"}
    needs = {"draft": {}, "proposed": proposed, "taken": taken, "declined": {}, "rescinded": rescinded}
    of = {
        state: Step.objects.create(
            case=case, kind="warning", subject=PersonFactory.create(school=school), drafted_by=slt, state=state, **about
        )
        for state, about in needs.items()
    }
    part = Step.objects.create(
        case=case, kind="ban", subject=of["taken"].subject, drafted_by=slt, part_of=of["taken"], state="declined"
    )

    assert set(Step.objects.taken()) == {of["taken"]}
    assert set(Step.objects.decided()) == {of["taken"], of["rescinded"]}
    assert set(Step.objects.drafts()) == {of["draft"]}
    assert set(Step.objects.proposed()) == {of["proposed"]}
    assert set(Step.objects.rungs()) == set(of.values())
    assert (part.root, of["taken"].root) == (of["taken"], of["taken"])


def test_signs_are_found_by_the_allegation_or_the_message_that_they_are_in(school, slt):
    case, other = CaseFactory.create_batch(2, school=school, lead=slt)
    concern = ConcernFactory.create(school=school, case=case)
    chat = Evidence.objects.create(school=school, concern=concern, sha256="0" * 64, original="o", copy="c")
    kinds = (ChatLine.Kind.MESSAGE, ChatLine.Kind.MESSAGE, ChatLine.Kind.SYSTEM)
    quoted, marked, _ = (
        ChatLine.objects.create(evidence=chat, number=n, kind=kind, raw="x", is_marked=n == 1)
        for n, kind in enumerate(kinds)
    )
    said, elsewhere = (AllegationFactory.create(case=each, made_by=slt) for each in (case, other))
    quote = AllegationFactory.create(case=case, line=quoted, made_by=slt)
    AllegationFactory.create(case=case, line=quoted, made_by=slt)

    def sign(**about):
        return Signal.objects.create(kind="threat", shows="It", recorded_by=slt, **about)

    in_said, in_quoted, in_marked, _ = (
        sign(allegation=said), sign(line=quoted), sign(line=marked), sign(allegation=elsewhere)
    )  # fmt: skip
    in_said.withdraw(by=slt, reason="A joke")

    assert set(Signal.objects.of_case(case)) == {in_said, in_quoted, in_marked}
    assert in_said not in Signal.objects.standing()
    assert list(Signal.objects.in_words_of([said.pk])) == [in_said]
    assert list(Signal.objects.in_words_of(quoted.allegations.values_list("pk", flat=True))) == [in_quoted]
    assert [list(lines) for lines in (ChatLine.objects.marked(), ChatLine.objects.said())] == [
        [marked], [quoted, marked],
    ]  # fmt: skip
    assert [each.case for each in (in_said, in_marked)] == [case, case]
    in_said.refresh_from_db()
    assert (in_said.withdrawn_by, in_said.withdrawn_reason, in_said.withdrawn_at is None) == (slt, "A joke", False)
    assert quote in Signal.objects.get(pk=in_quoted.pk).line.allegations.all()


@pytest.mark.parametrize(
    ("asked", "moved", "sent", "is_late"),
    [
        (-1, None, True, True),
        (0, None, True, False),
        (-1, 0, True, False),
        (-2, -1, True, True),
        (None, None, True, False),
        (-1, None, False, False),
    ],
)
def test_a_reply_is_late_after_the_day_that_counts_and_never_before_it_is_sent(asked, moved, sent, is_late):
    today, now = timezone.localdate(), timezone.now()
    by, fair = (None if days is None else today + timedelta(days=days) for days in (asked, moved))
    reply = Reply(step=Step(letter=Letter(reply_by=by, fair_reply_by=fair)), sent_at=now if sent else None)

    assert (reply.is_late, reply.is_sent, reply.sent_on) == (is_late, sent, today if sent else None)
    assert not Reply(step=Step(), sent_at=now).is_late


def test_what_would_help_is_said_in_words_and_their_language_in_english():
    reply = Reply(help=["time", "gone", "talk"], language="pl")

    assert reply.help_labels == ["More time to reply", "Talking instead of writing"]
    assert reply.language_name == "Polish"


def test_the_words_of_a_sign_are_the_exact_ones_where_there_are_some():
    quoted, told = Allegation(words="A liar", description="Gestures"), Allegation(description="Gestures")
    signs = Signal(line=ChatLine(body="x")), Signal(allegation=quoted), Signal(allegation=told), Signal()

    assert [(sign.words, sign.is_quoted) for sign in signs] == [
        ("x", True), ("A liar", True), ("Gestures", False), ("", False),
    ]  # fmt: skip


def test_a_row_is_counted_once_however_it_was_joined(school, slt):
    case = CaseFactory.create(school=school, lead=slt)
    ConcernFactory.create_batch(2, school=school, case=case)
    rows = Case.objects.filter(concerns__isnull=False), Case.objects.filter(concerns__isnull=True)

    assert Case.objects.values_list(*map(number_of, rows)).get() == (1, 0)
