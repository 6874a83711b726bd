"""A letter to many: each verb moves one of them on, for who may, and what is written from it is whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from letters import mailings
from letters.holding import hold_recipient
from letters.kinds import Composed
from letters.mailing_again import missed_by, write_again
from letters.mailings import (
    Addressee,
    ListChangedError,
    approve_mailing,
    change_mailing,
    discard_mailing,
    draft_mailing,
    fingerprint,
    make_mailing,
    progress_of,
    propose_mailing,
    requeue_lost_mailings,
    send_mailing_back,
)
from letters.models import Letter, Mailing
from letters.refusals import LetterRefusedError, StaleDraftError, WrongStateError
from letters.signatures import set_signature
from tests.factories import SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
COMPOSED = Composed(title="Letter", heading="News", body="Hello to all.", template_version="1", enclosures="A form")
HOMES = [
    Addressee("person-1", "Ms Kate Marsh", "Ms Marsh", "1 Elm Row\nSE22 8EQ"),
    Addressee("person-2", "Mr Ed Obi", "Mr Obi", "5 Ash Close\nSE5 8DL"),
]
LEFT_OUT = [("Dan", "Court order")]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """What would be made is told, and nothing is printed."""
    monkeypatch.setattr(mailings, "hurry", lambda pk: None)


def begun(school, by, **about) -> Mailing:
    given = {"signatory": ("Nobody", "None"), "audience": {"kind": "school"}, "audience_words": "x" * 300, **about}
    return draft_mailing(school=school, by=by, kind="general", composed=COMPOSED, **given)


@pytest.fixture
def two(school, slt):
    """The one that is meant is the second."""
    return [begun(school, slt) for _ in range(2)]


def approved(mailing, by, **changes) -> Mailing:
    given = {"signatory": (by.full_name, by.job_title), "addressees": HOMES, "excluded": LEFT_OUT}
    seen = fingerprint(Letter.objects.get(pk=mailing.letter_id), HOMES, LEFT_OUT)
    return approve_mailing(**{"mailing": mailing, "by": by, "seen": seen, **given, **changes})


@pytest.fixture
def out(two, slt, head):
    """Both went out, and their letters are written."""
    for each in two:
        approved(propose_mailing(mailing=each, by=slt), head)
        make_mailing(each.pk)
    return Mailing.objects.get(pk=two[1].pk)


def now_of(mailing) -> Mailing:
    return Mailing.objects.select_related("letter").get(pk=mailing.pk)


def test_each_school_counts_its_own_and_the_words_are_a_draft_to_nobody(two, school, slt):
    elsewhere = SchoolFactory.create(code="OTH")
    theirs = begun(elsewhere, UserFactory.create(school=elsewhere, role="slt"))
    made = two[1]

    assert (theirs.number, theirs.reference, made.number, made.reference) == (1, "OTH-M1", 2, "DKH-M2")
    assert (made.school, made.drafted_by, made.audience, made.audience_words) == (
        school,
        slt,
        {"kind": "school"},
        "x" * 200,
    )
    letter = made.letter
    assert (letter.addressee, letter.salutation, letter.address) == (
        "Each family",
        "parent or carer",
        "\n".join(school.address_lines),
    )
    assert (letter.signatory_name, letter.signatory_role, letter.reply_by) == ("Nobody", "None", None)
    assert (letter.kind, letter.heading, letter.enclosures) == ("general", "News", "A form")


def test_one_is_changed_sent_back_and_given_up_and_the_other_stays(two, slt, head, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    other, mailing = two
    assert change_mailing(mailing=mailing, by=slt, version=1, heading="News", body="Hello to all.").version == 1
    assert change_mailing(mailing=mailing, by=slt, version=1, heading="Old", body="Hello to all.").version == 2
    assert change_mailing(mailing=mailing, by=slt, version=2, heading="Old", body="Bye.").version == 3
    with pytest.raises(StaleDraftError):
        change_mailing(mailing=mailing, by=slt, version=2, heading="Old", body="Bye.")
    propose_mailing(mailing=mailing, by=slt)
    assert (now_of(mailing).state, now_of(mailing).proposed_by, now_of(mailing).proposed_at) == (
        "proposed",
        slt,
        timezone.now(),
    )
    send_mailing_back(mailing=mailing, by=head, why="w" * 600)
    back = now_of(mailing)
    assert (back.state, back.decided_by, back.decided_at) == ("draft", head, timezone.now())
    assert back.decided_why == "w" * 500
    propose_mailing(mailing=mailing, by=slt)
    again = now_of(mailing)
    assert (again.decided_by, again.decided_at, again.decided_why) == (None, None, "")
    send_mailing_back(mailing=mailing, by=head, why="No")
    Mailing.objects.filter(pk=mailing.pk).update(audience_words="Meanwhile")
    discard_mailing(mailing=mailing, by=slt)
    assert (now_of(mailing).state, now_of(mailing).audience_words) == ("discarded", "Meanwhile")
    assert (now_of(other).state, now_of(other).letter.version) == ("draft", 1)
    with pytest.raises(WrongStateError, match=f"“Given up” by {head.full_name} today"):
        propose_mailing(mailing=mailing, by=slt)


def test_each_verb_asks_for_its_right_and_its_school(two, school, slt, head):
    mailing = two[1]
    other = UserFactory.create(school=SchoolFactory.create(code="OTH"), role="head")
    Permission.objects.get(codename="draft_mailing").group_set.clear()
    slt, head, other = (type(slt).objects.get(pk=user.pk) for user in (slt, head, other))
    writes = (
        lambda by: begun(school, by),
        lambda by: change_mailing(mailing=mailing, by=by, version=1, heading="x", body="x"),
        lambda by: propose_mailing(mailing=mailing, by=by),
        lambda by: discard_mailing(mailing=mailing, by=by),
    )
    for verb in writes:
        with pytest.raises(PermissionDenied):
            verb(slt)
    Permission.objects.get(codename="approve_mailing").group_set.clear()
    Mailing.objects.update(state="proposed", proposed_by=slt)
    for verb in (lambda by: send_mailing_back(mailing=mailing, by=by, why="x"), lambda by: approved(mailing, by)):
        for by in (head, other):
            with pytest.raises(PermissionDenied):
                verb(by)


def test_what_is_approved_is_what_was_read_by_somebody_else(two, slt, head, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    other, mailing = two
    signature = set_signature(by=head, picture=b"x")
    propose_mailing(mailing=mailing, by=slt)
    wrong = [
        fingerprint(Letter(heading=heading, body=body), homes, out)
        for heading, body, homes, out in (
            ("Old", "Hello to all.", HOMES, LEFT_OUT),
            ("News", "Bye.", HOMES, LEFT_OUT),
            ("News", "Hello to all.", HOMES[:1], LEFT_OUT),
            ("News", "Hello to all.", HOMES, []),
            ("News", "Hello to all.", HOMES, [("Dan", "No address")]),
        )
    ]
    for seen in wrong:
        with pytest.raises(ListChangedError):
            approved(mailing, head, seen=seen)
    Mailing.objects.filter(pk=mailing.pk).update(audience_words="Meanwhile")

    approved(mailing, head)

    done = now_of(mailing)
    assert (done.state, done.decided_by, done.decided_at) == ("approved", head, timezone.now())
    assert (done.excluded, done.audience_words) == ([list(each) for each in LEFT_OUT], "Meanwhile")
    assert (done.letter.signatory_name, done.letter.signatory_role) == (head.full_name, head.job_title)
    assert (done.letter.signature, done.letter.version) == (signature, 2)
    rows = done.recipients.values_list("number", "recipient", "addressee", "salutation", "address", "letter")
    assert list(rows) == [
        (number, each.recipient, each.addressee, each.salutation, each.address, None)
        for number, each in enumerate(HOMES, start=1)
    ]
    assert (now_of(other).state, other.recipients.count()) == ("draft", 0)


def test_letters_are_written_whole_some_at_a_time_and_once(two, slt, head, monkeypatch, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    monkeypatch.setattr(mailings, "AT_ONCE", 1)
    other, mailing = two
    set_signature(by=head, picture=b"x")
    for each in two:
        approved(propose_mailing(mailing=each, by=slt), head)
    Letter.objects.filter(pk=mailing.letter_id).update(is_large_print=True)
    approved_at = timezone.now()
    time_machine.shift(timedelta(days=1))

    assert [make_mailing(mailing.pk), make_mailing(mailing.pk), make_mailing(0)] == [2, 0, 0]

    assert [now_of(each).state for each in two] == ["approved", "done"]
    assert progress_of(mailing) == {"all": 2, "unwritten": 0, "queued": 2}
    assert progress_of(other) == {"all": 2, "unwritten": 2}
    words = now_of(mailing).letter
    for number, home in enumerate(HOMES, start=1):
        letter = mailing.recipients.get(number=number).letter
        assert letter.reference == f"DKH-M2-{number}"
        assert (letter.school, letter.state, letter.recipient) == (mailing.school, "queued", home.recipient)
        assert (letter.addressee, letter.salutation, letter.address) == (home.addressee, home.salutation, home.address)
        for name in ("kind", "template_version", "title", "heading", "body", "signatory_name", "signatory_role"):
            assert getattr(letter, name) == getattr(words, name)
        assert (letter.signature, letter.enclosures, letter.is_large_print) == (words.signature, "A form", True)
        assert (letter.drafted_by, letter.approved_by, letter.approved_at) == (slt, head, approved_at)
        assert (letter.written_on, letter.queued_at) == (timezone.localdate(approved_at), timezone.now())
        assert letter.history.get().history_user == head


def test_a_lost_one_is_told_again_and_one_that_is_new_or_done_is_not(out, two, slt, head, monkeypatch):
    told = []
    monkeypatch.setattr(mailings, "hurry_mailing", told.append)
    long_ago = timezone.now() - mailings.requeue_after() - timedelta(seconds=1)
    lost, fresh = (begun(out.school, slt) for _ in range(2))
    for each in (lost, fresh):
        approved(propose_mailing(mailing=each, by=slt), head)
    Mailing.objects.exclude(pk=fresh.pk).update(decided_at=long_ago)

    assert (requeue_lost_mailings(), told) == (1, [lost.pk])


# ------------------------------------------------------------------------------------------------------ written again


def test_a_stopped_letter_of_one_household_goes_to_another_person_of_it(out, two, slt, head):
    stop = {"key": "x", "why": "A court order.", "is_absolute": True, "by": slt}
    hold_recipient(school=out.school, recipient="person-2", **stop)
    assert [(row.number, why) for row, why in missed_by(out)] == [(2, "A court order.")]
    old = out.recipients.get(number=2).letter
    to = Addressee("person-3", "Ms Ann Obi", "Ms Obi", "5 Ash Close\nSE5 8DL")

    new = write_again(mailing=out, by=head, number=2, to=to)

    old.refresh_from_db()
    row = out.recipients.get(number=2)
    assert (old.state, old.void_reason, old.voided_by) == ("void", "other", head)
    assert (new.reference, new.reissue_of, new.recipient, new.reply_by) == ("DKH-M2-2-2", old, "person-3", None)
    assert (new.addressee, new.salutation, new.address) == (to.addressee, to.salutation, to.address)
    assert (row.letter, row.recipient, row.addressee) == (new, "person-3", to.addressee)
    assert (row.salutation, row.address) == (to.salutation, to.address)
    assert missed_by(out) == []
    assert two[0].recipients.get(number=2).recipient == "person-2"
    with pytest.raises(WrongStateError, match="Ms Kate Marsh gets a letter of their own"):
        write_again(mailing=out, by=head, number=2, to=HOMES[0])


def test_only_what_went_out_is_written_again_by_who_approves(out, two, slt, head, office, outsider):
    draft = begun(out.school, slt)
    for mailing, number in ((draft, 1), (out, 9)):
        with pytest.raises(WrongStateError, match="not written yet"):
            write_again(mailing=mailing, by=head, number=number, to=HOMES[0])
    for by in (office, outsider):
        with pytest.raises(PermissionDenied):
            write_again(mailing=out, by=by, number=1, to=HOMES[0])
    with pytest.raises(LetterRefusedError):
        write_again(mailing=out, by=head, number=1, to=HOMES[0])
    assert out.recipients.get(number=1).letter.reference == "DKH-M2-1"
