"""The outcomes that lead away from a case: each with its own consequences, and each undone within the day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import Term
from incidents.models import Case, Concern, Conflict, Email, Evidence
from incidents.models.story import lines_of, title_of
from incidents.reporting.progress import FINISHED, GATHERING, READ, stage_now
from incidents.triage.outcome import (
    AlreadyDecidedError,
    OutcomeRefusedError,
    close_concern,
    hand_to_complaints,
    mark_duplicate,
    open_case,
    pass_to_school,
)
from incidents.triage.safeguarding import pause_for_safeguarding, resume_after_safeguarding
from incidents.triage.undoing import undo_outcome, why_not_undone
from tests.factories import AllegationFactory, ConcernFactory, PersonFactory, ReporterFactory, UserFactory

pytestmark = pytest.mark.django_db
REASON = "It is about the lunch menu."


@pytest.fixture
def dsl(school):
    return UserFactory.create(school=school, full_name="Ife Balogun", email="ife@dkh.example", role=Role.DSL)


@pytest.fixture
def post(slt_client, concern):
    def send(**answers):
        return slt_client.post(concern.get_absolute_url(), {"kind": "criticism", "reason": REASON, **answers})

    return send


def test_criticism_goes_to_the_complaints_procedure_and_the_reporter_can_read_where(concern, post, school):
    concern.reporter.email = "a.parent@families.example"
    concern.reporter.save()

    post(outcome="complaint", handed_to="the Head of School")

    concern.refresh_from_db()
    assert (concern.outcome, concern.handed_to, concern.case) == ("complaint", "the Head of School", None)
    said = concern.messages.get().text
    assert "the Head of School, who deals with it under our complaints procedure" in said
    assert "A complaint is not held against you or your child." in said
    sent = next(email for email in Email.objects.all() if email.to == "a.parent@families.example")
    assert "the Head of School" not in sent.body
    assert stage_now(concern) == FINISHED
    told = concern.events.get(kind="concern_handed_over")
    assert title_of(told) == f"Concern {concern.reference}: Complaints procedure"
    assert "Handed to the Head of School." in lines_of(told)


def test_misconduct_is_not_sent_to_the_complaints_procedure(concern, slt, post):
    with pytest.raises(OutcomeRefusedError, match="Misconduct is not a complaint"):
        hand_to_complaints(concern=concern, by=slt, kind="misconduct", reason=REASON, handed_to="the Head")

    assert (
        "Misconduct is not a complaint" in post(outcome="complaint", kind="misconduct", handed_to="x").content.decode()
    )
    assert not concern.messages.exists()


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("complaint", "Say who deals with the complaint from now on"),
        ("other_school", "Say which school it is for"),
        ("duplicate", "Enter the reference of the concern that it repeats"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(concern, post, outcome, sentence):
    page = post(outcome=outcome).content.decode()

    assert sentence in page
    assert REASON in page
    concern.refresh_from_db()
    assert not concern.is_read


def test_another_schools_matter_is_told_without_saying_what_was_passed_on(concern, slt):
    pass_to_school(concern=concern, by=slt, kind="misconduct", reason=REASON, handed_to="Hill Rise Primary")

    concern.refresh_from_db()
    assert (concern.outcome, concern.handed_to) == ("other_school", "Hill Rise Primary")
    assert REASON not in concern.messages.get().text


def test_safeguarding_first_pauses_it_and_tells_the_lead_without_a_word_of_it(school, concern, post, dsl):
    school.safeguarding_email = "ife@dkh.example"
    school.save()
    assert not Concern.objects.visible_to(dsl).exists()

    post(outcome="safeguarding", kind="unclear")

    concern.refresh_from_db()
    assert concern.is_paused
    assert Concern.objects.visible_to(dsl).get() == concern
    assert stage_now(concern) == GATHERING
    message = Email.objects.get()
    assert message.to == "ife@dkh.example"
    assert concern.reference in message.body
    assert concern.account not in message.body
    assert [each.to for each in mail.outbox] in ([], [["ife@dkh.example"]])
    assert "Told at once by email: Ife Balogun." in lines_of(concern.events.get())


def test_a_safeguarding_lead_who_may_not_know_of_it_is_passed_over(school, concern, slt, head, dsl):
    school.safeguarding_email = "safe@dkh.example"
    school.save()
    Conflict.objects.create(user=dsl, concern=concern, reason="Named in it")

    pause_for_safeguarding(concern=concern, by=slt, reason=REASON)

    assert [email.to for email in Email.objects.all()] == [head.email]
    assert not Concern.objects.visible_to(dsl).exists()


def test_while_paused_nothing_else_is_decided_and_when_done_it_waits_again(concern, slt, dsl, signed_in):
    pause_for_safeguarding(concern=concern, by=slt, reason=REASON)
    with pytest.raises(AlreadyDecidedError):
        open_case(concern=concern, by=slt, kind="misconduct", summary="Words", reason=REASON)

    signed_in(dsl).post(reverse("concern-resume", args=[concern.reference]), {"reason": "The family has help."})

    concern.refresh_from_db()
    assert (concern.outcome, concern.is_read, str(concern.due_on)) == ("", False, "2026-11-25")
    assert stage_now(concern) == READ
    assert Concern.objects.visible_to(dsl).exists(), "the lead can still read it"
    with pytest.raises(OutcomeRefusedError, match="does not come first"):
        resume_after_safeguarding(concern=concern, by=slt, reason=REASON)
    assert open_case(concern=concern, by=slt, kind="misconduct", summary="Words", reason=REASON).reference


def test_the_safeguarding_lead_pauses_a_flagged_concern_and_decides_nothing_else(concern, dsl, signed_in):
    Concern.objects.filter(pk=concern.pk).update(danger="child")
    client = signed_in(dsl)

    client.post(reverse("concern-pause", args=[concern.reference]), {"reason": "I call the family first."})

    concern.refresh_from_db()
    assert concern.is_paused
    assert client.get(reverse("concern-undo", args=[concern.reference])).status_code == 403


def test_the_office_pauses_nothing(concern, office):
    with pytest.raises(PermissionDenied):
        pause_for_safeguarding(concern=concern, by=office, reason=REASON)


def test_a_duplicate_goes_where_the_other_one_goes(concern, slt, school):
    first = ConcernFactory.create(school=school)
    case = open_case(concern=first, by=slt, kind="misconduct", summary="Words", reason=REASON)

    mark_duplicate(concern=concern, original=first, by=slt, kind="misconduct", reason=REASON)

    concern.refresh_from_db()
    assert (concern.duplicate_of, concern.case) == (first, case)
    assert stage_now(concern) == GATHERING


def test_a_duplicate_of_one_not_decided_yet_follows_it_later_with_its_conflicts(concern, slt, colleague, school):
    first = ConcernFactory.create(school=school)
    Conflict.objects.create(user=colleague, concern=concern, reason="Named in this one")
    mark_duplicate(concern=concern, original=first, by=slt, kind="misconduct", reason=REASON)
    concern.refresh_from_db()
    assert stage_now(concern) == READ

    case = open_case(concern=first, by=slt, kind="misconduct", summary="Words", reason=REASON)

    concern.refresh_from_db()
    assert concern.case == case
    assert not Case.objects.visible_to(colleague).exists()


def test_a_duplicate_is_never_of_itself_of_a_duplicate_or_of_one_that_is_hidden(concern, slt, school, post):
    first, second, hidden = ConcernFactory.create_batch(3, school=school)
    mark_duplicate(concern=second, original=first, by=slt, kind="misconduct", reason=REASON)
    Conflict.objects.create(user=slt, concern=hidden, reason="Named")

    for original, sentence in (
        (second, "is a duplicate itself"),
        (concern, "Enter the ref"),
        (hidden, "Enter the ref"),
    ):
        with pytest.raises(OutcomeRefusedError, match=sentence):
            mark_duplicate(concern=concern, original=original, by=slt, kind="misconduct", reason=REASON)
    with pytest.raises(OutcomeRefusedError, match="Others repeat"):
        mark_duplicate(concern=first, original=concern, by=slt, kind="misconduct", reason=REASON)
    assert (
        "There is no other concern with this reference"
        in post(outcome="duplicate", kind="misconduct", duplicate_of=hidden.reference).content.decode()
    )


def test_a_reference_is_found_however_it_is_typed(concern, school, post):
    first = ConcernFactory.create(school=school, reference="DKH-9P3C-7V")

    post(outcome="duplicate", kind="misconduct", duplicate_of=" dkh 9p3c 7v ")

    concern.refresh_from_db()
    assert concern.duplicate_of == first


def test_the_page_lists_concerns_of_the_same_reporter_or_with_the_same_file(concern, slt_client, school, picture):
    same_file, same_reporter, other = ConcernFactory.create_batch(3, school=school)
    for each in (concern, same_file):
        picture(each, sha256="a" * 64)
    picture(other, sha256="b" * 64)
    concern.reporter.email = "a.parent@families.example"
    concern.reporter.save()
    ReporterFactory.create(concern=same_reporter, email="A.Parent@families.example")
    ReporterFactory.create(concern=other)

    page = slt_client.get(concern.get_absolute_url())

    assert {each.reference for each in page.context["like"]} == {same_file.reference, same_reporter.reference}


def test_an_outcome_is_undone_within_the_day_and_both_stay_in_its_story(concern, slt, slt_client):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)

    slt_client.post(reverse("concern-undo", args=[concern.reference]), {"reason": "I read the wrong one."})

    concern.refresh_from_db()
    assert (concern.outcome, concern.outcome_by, concern.case) == ("", None, None)
    assert [event.kind for event in concern.events.order_by("pk")] == ["concern_closed", "outcome_undone"]
    assert "It was: Nothing further." in lines_of(concern.events.latest("pk"))


def test_the_next_day_it_stands(concern, slt, signed_in, time_machine):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)
    time_machine.shift(24 * 3600)
    slt_client = signed_in(slt)

    page = slt_client.post(reverse("concern-undo", args=[concern.reference]), {"reason": "Too late."})

    assert "on the day it was given, which was 23 November 2026" in page.content.decode()
    concern.refresh_from_db()
    assert concern.is_read
    assert "Undo this outcome" not in slt_client.get(concern.get_absolute_url()).content.decode()


def test_undoing_a_case_closes_it_with_the_reason_and_never_deletes_it(concern, slt):
    case = open_case(concern=concern, by=slt, kind="misconduct", summary="Words", reason=REASON)
    concern.refresh_from_db()

    undo_outcome(concern=concern, by=slt, reason="It was criticism after all.")

    case.refresh_from_db()
    concern.refresh_from_db()
    assert case.status == Case.Status.CLOSED
    assert "It was criticism after all." in case.closed_reason
    assert concern.case is None


def test_a_case_on_which_work_has_begun_is_not_undone(concern, slt, picture):
    case = open_case(concern=concern, by=slt, kind="misconduct", summary="Words", reason=REASON)
    concern.refresh_from_db()
    AllegationFactory.create(case=case, subject=PersonFactory.create(school=case.school), evidence=picture(concern))
    assert "rests on a picture" in why_not_undone(concern)
    Evidence.objects.all()[0].allegations.all().delete()
    case.notes.create(kind="fact", text="He rang.", written_by=slt)

    with pytest.raises(OutcomeRefusedError, match="has begun"):
        undo_outcome(concern=concern, by=slt, reason="A slip")


def test_undoing_twice_is_refused(concern, slt):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)
    undo_outcome(concern=concern, by=slt, reason="A slip")

    with pytest.raises(OutcomeRefusedError, match="Ruth Adeyemi undid the outcome at 8:51am"):
        undo_outcome(concern=concern, by=slt, reason="A slip")


@pytest.mark.parametrize("verb", [pause_for_safeguarding, resume_after_safeguarding, undo_outcome])
def test_none_of_it_without_a_reason_or_by_somebody_who_may_not_know_of_it(concern, slt, colleague, verb):
    if verb is undo_outcome:
        close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)
    elif verb is resume_after_safeguarding:
        pause_for_safeguarding(concern=concern, by=slt, reason=REASON)
    before = Concern.objects.get().outcome
    Conflict.objects.create(user=colleague, concern=concern, reason="Named")

    with pytest.raises(OutcomeRefusedError, match="reason"):
        verb(concern=concern, by=slt, reason=" ")
    with pytest.raises(PermissionDenied):
        verb(concern=concern, by=colleague, reason=REASON)

    assert Concern.objects.get().outcome == before


def test_the_office_undoes_nothing(concern, slt, office):
    close_concern(concern=concern, by=slt, kind="criticism", reason=REASON)

    with pytest.raises(PermissionDenied):
        undo_outcome(concern=concern, by=office, reason="A slip")


def test_what_was_decided_meanwhile_is_not_paused(concern, slt, head):
    close_concern(concern=concern, by=head, kind="criticism", reason=REASON)

    with pytest.raises(AlreadyDecidedError, match=head.full_name):
        pause_for_safeguarding(concern=concern, by=slt, reason=REASON)


def test_without_term_dates_a_concern_that_waits_again_is_due_in_working_days(concern, slt):
    pause_for_safeguarding(concern=concern, by=slt, reason=REASON)
    Term.objects.all().delete()

    resume_after_safeguarding(concern=concern, by=slt, reason="They have spoken.")

    assert Concern.objects.get().due_on == date(2026, 11, 25)


def paused(concern, slt, other):
    pause_for_safeguarding(concern=concern, by=slt, reason=REASON)


def repeated(concern, slt, other):
    close_concern(concern=concern, by=slt, kind="misconduct", reason=REASON)
    mark_duplicate(concern=other, original=concern, by=slt, kind="misconduct", reason=REASON)


def in_a_closed_case(concern, slt, other):
    case = open_case(concern=concern, by=slt, kind="misconduct", summary="Words", reason=REASON)
    Case.objects.update(status="closed", closed_at=case.opened_at, closed_reason="Done")


@pytest.mark.parametrize(
    ("came_to", "sentence"),
    [
        (lambda *_: None, "has no outcome to undo"),
        (paused, "Say that safeguarding is done instead"),
        (repeated, "marked as a duplicate of this one"),
        (in_a_closed_case, "is closed"),
    ],
)
def test_an_outcome_on_which_something_rests_stands(concern, slt, school, came_to, sentence):
    came_to(concern, slt, ConcernFactory.create(school=school))

    assert sentence in why_not_undone(Concern.objects.get(pk=concern.pk))


def test_a_duplicate_does_not_follow_into_a_case_whose_lead_may_not_see_it(concern, slt, colleague, school):
    first = ConcernFactory.create(school=school)
    open_case(concern=first, by=slt, kind="misconduct", summary="Words", reason=REASON)
    Conflict.objects.create(user=slt, concern=concern, reason="Named")

    with pytest.raises(OutcomeRefusedError, match="and may not see this one"):
        mark_duplicate(concern=concern, original=first, by=colleague, kind="misconduct", reason=REASON)


def test_nobody_in_particular_is_no_one_to_hand_it_to(concern, slt):
    with pytest.raises(OutcomeRefusedError):
        hand_to_complaints(concern=concern, by=slt, kind="criticism", reason=REASON, handed_to=" ")

    assert not Concern.objects.get().is_read
