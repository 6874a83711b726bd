"""A case ends with an outcome for each allegation, goes on again with a reason, and waits for safeguarding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.closing import close_case, pause_case, reopen_case, resume_case
from incidents.models import Case, Conflict, Email, Event, Message, Reply, SiteBan
from incidents.models.story import lines_of, title_of
from incidents.reporting.progress import FINISHED, stage_now
from tests.addresses import a_step
from tests.casework.fair_case import drafted, fair_case, find
from tests.factories import AllegationFactory, ConcernFactory, ReporterFactory

pytestmark = pytest.mark.django_db
REASON = "He said sorry, and she is content with that."


@pytest.fixture
def allegation(case, subject):
    return find(AllegationFactory.create(case=case, subject=subject), by=case.lead)


@pytest.fixture
def page(case):
    return reverse("case-close", args=[case.reference])


def test_closing_keeps_an_outcome_for_each_allegation_and_the_reason(case, allegation, slt, signed_in, page):
    answer = signed_in(slt).post(page, {f"outcome_{allegation.pk}": "talk", "reason": REASON}, follow=True)

    case.refresh_from_db()
    allegation.refresh_from_db()
    assert (case.status, case.closed_reason, case.next_action) == (Case.Status.CLOSED, REASON, "")
    assert allegation.outcome == "talk"
    assert "Talked about, and left there" in answer.content.decode()
    event = case.events.latest("pk")
    assert title_of(event) == "Case C014 closed"
    assert lines_of(event) == ["1 of 1 allegations found.", f"Reason: {REASON}"]


def test_an_allegation_without_an_outcome_is_asked_about_and_nothing_typed_is_lost(
    case, allegation, slt, signed_in, page
):
    answer = signed_in(slt).post(page, {"reason": REASON}).content.decode()

    assert f"Select how “{allegation.short}” ends" in answer
    assert REASON in answer
    case.refresh_from_db()
    assert case.status == Case.Status.OPEN


def test_what_is_not_decided_can_only_end_as_unknown_or_as_a_complaint(case, subject, slt):
    undecided = AllegationFactory.create(case=case, subject=subject)

    for outcome in ("step", "talk", "nothing"):
        with pytest.raises(Refused, match="is not decided"):
            close_case(case=case, by=slt, reason=REASON, outcomes={undecided.pk: outcome})
    close_case(case=case, by=slt, reason=REASON, outcomes={undecided.pk: "unknown"})

    undecided.refresh_from_db()
    assert undecided.outcome == "unknown"


def test_an_allegation_added_meanwhile_stops_it(case, allegation, slt):
    AllegationFactory.create(case=case, subject=allegation.subject, words="Another")

    with pytest.raises(Refused, match="Somebody may have added it"):
        close_case(case=case, by=slt, reason=REASON, outcomes={allegation.pk: "talk"})

    case.refresh_from_db()
    allegation.refresh_from_db()
    assert (case.status, allegation.outcome) == (Case.Status.OPEN, "")


def test_a_draft_a_pause_or_an_unread_reply_comes_first(slt, signed_in):
    case = fair_case(slt)
    drafted(case)

    page = signed_in(slt).get(reverse("case-close", args=[case.reference])).content.decode()

    assert "Before it can be closed" in page
    assert "A step is drafted or waits for approval" in page
    pause_case(case=case, by=slt, reason="The lead rings the family")
    with pytest.raises(Refused, match="Safeguarding comes first"):
        close_case(case=case, by=slt, reason=REASON, outcomes={})


def test_a_reply_is_read_and_a_reason_written_before_a_case_is_closed(case, subject, slt):
    with pytest.raises(Refused, match="Write how it ended"):
        close_case(case=case, by=slt, reason=" ", outcomes={})
    step = a_step(case, "warning", by=slt)
    reply = Reply.objects.create(school=case.school, step=step, side="It was not me.", sent_at=timezone.now())

    with pytest.raises(Refused, match=r"^A reply to a letter has not been read\.$"):
        close_case(case=case, by=slt, reason=REASON, outcomes={})

    Reply.objects.filter(pk=reply.pk).update(read_at=timezone.now(), read_by=slt)
    assert close_case(case=case, by=slt, reason=REASON, outcomes={}).status == Case.Status.CLOSED


def test_each_reporter_hears_that_it_is_finished_and_never_what_was_decided(case, slt):
    told, withdrawn = ConcernFactory.create_batch(
        2,
        school=case.school,
        case=case,
        outcome="open_case",
        outcome_reason="x",
        outcome_by=slt,
        outcome_at=case.opened_at,
    )
    ReporterFactory.create(concern=told, email="a@families.example")
    withdrawn.withdrawn_at, withdrawn.withdrawn_reason = case.opened_at, "Settled"
    withdrawn.save()

    close_case(case=case, by=slt, reason=REASON, outcomes={})

    text = told.messages.get().text
    assert "We have finished looking into what you told us" in text
    assert REASON not in text
    assert not withdrawn.messages.exists()
    assert REASON not in "".join(email.body for email in Email.objects.all())
    told.refresh_from_db()
    assert stage_now(told) == FINISHED


def test_they_can_be_left_alone(case, slt):
    concern = ConcernFactory.create(school=case.school, case=case)

    close_case(case=case, by=slt, reason=REASON, outcomes={}, tell_reporters=False)

    assert not concern.messages.exists()


def test_a_closed_case_is_opened_again_with_a_reason_and_a_next_day(case, slt, signed_in):
    close_case(case=case, by=slt, reason=REASON, outcomes={})

    signed_in(slt).post(reverse("case-reopen", args=[case.reference]), {"reason": "He wrote again."})

    case.refresh_from_db()
    assert (case.status, case.closed_at, case.next_action) == (Case.Status.OPEN, None, "Decide what is next")
    assert case.next_on
    assert title_of(case.events.latest("pk")) == "Case C014 opened again"
    with pytest.raises(Refused, match="Ruth Adeyemi opened this case again on"):
        reopen_case(case=case, by=slt, reason="Twice")


def test_one_whose_lead_has_left_is_led_by_who_opens_it_again(case, slt, colleague):
    close_case(case=case, by=slt, reason=REASON, outcomes={})
    slt.is_active = False
    slt.save()

    opened = reopen_case(case=case, by=colleague, reason="He wrote again.")

    assert opened.lead == colleague
    assert case.events.filter(kind=Event.Kind.LEAD_CHANGED, facts__who=colleague.full_name).exists()


def test_closing_twice_is_refused_with_the_day(case, slt):
    close_case(case=case, by=slt, reason=REASON, outcomes={})

    with pytest.raises(Refused, match="Ruth Adeyemi closed case C014 on"):
        close_case(case=case, by=slt, reason=REASON, outcomes={})


def test_closing_pausing_and_opening_again_say_why(case, closed_case, slt):
    for verb, about, says in (
        (close_case, {"case": case, "outcomes": {}}, "Write how it ended"),
        (pause_case, {"case": case}, "Write your reason"),
        (reopen_case, {"case": closed_case}, "Write why it is opened again"),
    ):
        with pytest.raises(Refused, match=says):
            verb(by=slt, reason=" ", **about)


def test_a_case_is_paused_once(case, slt, colleague):
    pause_case(case=case, by=slt, reason="A child may be at risk.")

    with pytest.raises(Refused, match="Ruth Adeyemi paused this case on"):
        pause_case(case=case, by=colleague, reason="A child may be at risk.")


def test_nobody_without_the_right_or_with_a_conflict_opens_a_case_again(closed_case, slt, colleague, office):
    Conflict.objects.create(user=colleague, case=closed_case, reason="Named in it")

    with pytest.raises(PermissionDenied):
        reopen_case(case=closed_case, by=office, reason="He wrote again.")
    with pytest.raises(Refused, match="You can no longer see this case"):
        reopen_case(case=closed_case, by=colleague, reason="He wrote again.")


def test_a_paused_case_shows_why_no_step_is_open_and_goes_on(slt, signed_in):
    case = fair_case(slt)
    client = signed_in(slt)

    client.post(reverse("case-pause", args=[case.reference]), {"reason": "A child may be at risk."})
    paused = client.get(case.get_absolute_url()).content.decode()
    client.post(reverse("case-resume", args=[case.reference]), {"reason": "The lead has agreed."})

    assert "the case is paused for safeguarding" in paused
    assert "Safeguarding is done" in paused
    case.refresh_from_db()
    assert case.status == Case.Status.OPEN
    with pytest.raises(Refused, match="Ruth Adeyemi said that safeguarding is done on"):
        resume_case(case=case, by=slt, reason="Again")
    assert [event.kind for event in case.events.order_by("pk")] == ["case_paused", "case_resumed"]


def test_a_reporter_reads_that_it_is_finished_in_their_language_and_staff_in_english(case, slt):
    ConcernFactory.create(school=case.school, case=case, language="es")

    close_case(case=case, by=slt, reason=REASON, outcomes={})

    text = Message.objects.get(concern__language="es").text
    assert text.startswith("Hemos terminado de examinar lo que nos contó.")
    assert "We have finished looking into what you told us." in text
    assert case.school.phone in text.split("We have finished")[0]


@pytest.mark.parametrize(
    ("state", "days", "is_refused"),
    [
        ("draft", 30, False),  # a drafted step says so itself
        ("notice", 30, True),
        ("notice", -1, True),
        ("interim", 30, True),
        ("confirmed", 0, True),
        ("confirmed", -1, False),
        ("lifted", 30, False),
        ("not_made", 30, False),
    ],
)
def test_a_case_stays_open_while_a_ban_is_considered_or_runs(case, subject, slt, state, days, is_refused):
    step = a_step(case, "ban", by=slt)
    ends_on = today() + timedelta(days=days)
    begins = ends_on - timedelta(days=60)
    about = {"starts_on": begins, "ends_on": ends_on, "review_on": begins, "reviewer": "The chair", "urgency": "Fear"}
    SiteBan.objects.create(school=case.school, step=step, person=subject, state=state, **about)

    if is_refused:
        with pytest.raises(Refused, match="A site ban is being considered, or runs"):
            close_case(case=case, by=slt, reason=REASON, outcomes={})
    else:
        close_case(case=case, by=slt, reason=REASON, outcomes={})
