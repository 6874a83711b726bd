"""Stories from end to end through the pages: threats, a ban that ends, and criticism that goes nowhere."""

from __future__ import annotations

import pytest

from dkh_conduct.school.models import today
from incidents.casework.next_action import in_school_days
from incidents.casework.reply_days import reply_days
from incidents.models import AuthorityReferral, Case, Event, SiteBan, Step
from letters.models import Letter
from tests.casework.fair_case import ask_account, fair_case, find
from tests.casework.warning_pages import text_of
from tests.factories import AllegationFactory, CaseFactory, CasePersonFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_letters")]
CASE = "/staff/cases/C014/"


def day(name, on):
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


def draft_form(step, **more):
    letter = Letter.objects.get(pk=Step.objects.get(pk=step.pk).letter_id)
    words = {"heading": letter.heading, "body": letter.body, "delivery": "post", "version": letter.version}
    if letter.reply_by:
        words |= day("reply_by", letter.reply_by)
    return {**words, "has_no_conflict": "on", "has_read": "on", "take": "", **more}


def decide(client, step, decision="approve", reason="I have read it all."):
    address = f"{CASE}steps/{step.pk}/decide/"
    return client.post(address, {"decision": decision, "reason": reason, "has_read": "on"})


def test_threats_go_to_the_police_at_once(slt, head, signed_in):
    """Nobody asks a man who said “tomorrow” for his account first: why it cannot wait is written down instead."""
    case = CaseFactory.create(school=slt.school, lead=slt, number=14)
    person = PersonFactory.create(school=slt.school)
    CasePersonFactory.create(case=case, person=person)
    threat = AllegationFactory.create(
        case=case, subject=person, clause="threat", words="Tomorrow at 3.15 he will see", made_by=slt
    )
    ruth, marian = signed_in(slt), signed_in(head)
    stopped = text_of(ruth.get(f"{CASE}steps/authorities/"))
    assert "Call 999" in stopped

    ruth.post(f"{CASE}cannot-wait/", {"reason": "He names a time, and it is tomorrow.", "seen": ""})
    seen = threat.finding_reason
    find(threat, by=slt)
    assert seen == ""
    marked = {"message": f"allegation-{threat.pk}", "kind": "on_the_way", "shows": "“Tomorrow at 3.15”"}
    ruth.post(f"{CASE}steps/signals/add/", marked)
    letter = {
        "allegations": [threat.pk],
        "body": "police",
        "address": "Southwark Police Station\nLondon\nSE1 1JL",
        "why": "A message names a time and a place.",
        "about": "Daniel Marsh, a parent",
        "basis": "The number is the one we have for him.",
        "no_account_because": "Asking him could put somebody in danger.",
        "asked": "Tell us what we should do tomorrow at the gate.",
        "contact": slt.pk,
        "reason": "Somebody could be hurt.",
        "write": "",
    }
    written = ruth.post(f"{CASE}steps/authorities/", letter)
    step = Step.objects.get()
    assert written.url == f"{CASE}steps/{step.pk}/draft/"
    why = {"reason": "Somebody could be hurt.", "left_out_reason": "A letter would come too late."}
    ruth.post(written.url, draft_form(step, **why))
    assert "It starts" not in text_of(marian.get("/staff/approvals/"))
    decide(marian, step)
    told = {
        **day("sent_on", today()),
        "sent_how": "phone",
        "what_was_sent": "All of the letter",
        "their_reference": "CAD 1",
    }
    ruth.post(f"{CASE}steps/{step.pk}/authorities/sent/", told)
    ruth.post(f"{CASE}steps/{step.pk}/authorities/answer/", {**day("outcome_on", today()), "outcome": "Officers came."})

    page = text_of(ruth.get(f"{CASE}steps/{step.pk}/"))
    for said in ("CAD 1", "Officers came.", "A letter would come too late.", "Marian Okoro"):
        assert said in page, said
    assert "Asking him could put somebody in danger." in Letter.objects.get().body
    assert AuthorityReferral.objects.get().outcome == "Officers came."


def test_a_campaign_ends_in_a_ban_that_is_reviewed_and_lifted(slt, head, office, signed_in):
    case = fair_case(slt)
    found = case.allegations.get()
    ruth, marian, pat = signed_in(slt), signed_in(head), signed_in(office)
    days = reply_days(case.school, posted_on=today())
    decide_by = in_school_days(case, 20)
    ban = {
        "stage": "interim",
        "urgency": "She waits at the gate every day, and the teacher cannot leave.",
        "allegations": [found.pk],
        "risk": "Staff who were there were afraid, with children beside them.",
        "lesser": ["warning", "meeting"],
        "why_not_enough": "Both were tried.",
        "premises": ["buildings", "playgrounds"],
        "drop_off": "You can choose another adult to bring and collect them.",
        "children": 1,
        "stays": ["reports"],
        "contact": slt.pk,
        "equality": "None that we know of, and we asked.",
        "court": "none",
        "needs": "none",
        "address": "on",
        "complaints": "The complaints procedure.",
        "reason": "Safety on the site.",
        "version": 0,
        **day("starts_on", today()),
        **day("ends_on", in_school_days(case, 24)),
        **day("reply_by", days.usual),
        **day("decide_by", decide_by),
    }
    unfinished = ruth.post(f"{CASE}steps/ban/", {**ban, "equality": "", "save": ""}, follow=True)
    assert "Write the equality check" in text_of(unfinished)
    written = ruth.post(f"{CASE}steps/ban/", {**ban, "version": SiteBan.objects.get().version, "write": ""})
    step = Step.objects.get()
    assert written.url == f"{CASE}steps/{step.pk}/draft/", text_of(written)
    ruth.post(written.url, draft_form(step, reason="Safety.", left_out_reason="Staff were in fear."))
    assert "Nobody is kept from the site today" in text_of(pat.get("/staff/register/"))
    decide(marian, step)
    assert "Daniel Marsh" in text_of(pat.get("/staff/register/"))

    root = f"{CASE}steps/{step.pk}/"
    assert "they can put their side until" in text_of(ruth.get(root))
    ruth.post(f"{root}ban/heard/", {**day("received_on", today()), "how": "phone", "text": "I lost my temper."})
    terms = {
        "weighed": "You lost your temper: I accept that.",
        "found": "You shouted at the gate.",
        "reviewer": "The chair of the local board",
        "reason": "A few weeks of calm.",
        **day("starts_on", today()),
        **day("ends_on", in_school_days(case, 30)),
        **day("review_on", in_school_days(case, 25)),
    }
    part = ruth.post(f"{root}ban/confirm/", terms)
    confirm = Step.objects.get(stage="confirm")
    assert part.url == f"{CASE}steps/{confirm.pk}/draft/", text_of(part)
    ruth.post(part.url, draft_form(confirm, reason="A few weeks of calm."))
    assert SiteBan.objects.get().state == "interim"
    decide(marian, confirm)
    assert SiteBan.objects.get().state == "confirmed"

    ruth.post(f"{root}ban/review/", {"reason": "The review is due.", **day("reply_by", days.usual)})
    review = Step.objects.get(stage="review")
    ruth.post(f"{CASE}steps/{review.pk}/draft/", draft_form(review, reason="The review is due."))
    lifted = {"reason": "It has been calm.", "weighed": "You say that it is over: we see it too."}
    ruth.post(f"{root}ban/lift/", lifted)
    lift = Step.objects.get(stage="lift")
    ruth.post(f"{CASE}steps/{lift.pk}/draft/", draft_form(lift, reason="It has been calm."))
    decide(marian, lift)

    assert SiteBan.objects.get().state == "lifted"
    assert "Nobody is kept from the site today" in text_of(pat.get("/staff/register/"))
    assert list(Letter.objects.order_by("pk").values_list("kind", flat=True)) == [
        "ban_interim",
        "ban_confirmed",
        "ban_review",
        "ban_lifted",
    ]
    assert "Nothing: it is over." in text_of(ruth.get(root))


def test_criticism_cannot_be_pushed_up_the_ladder(slt, head, signed_in):
    """Somebody is cross about a parent's criticism, and tries every door."""
    case = CaseFactory.create(school=slt.school, lead=slt, number=14)
    person = PersonFactory.create(school=slt.school)
    CasePersonFactory.create(case=case, person=person)
    said = AllegationFactory.create(
        case=case, subject=person, clause="challenge", words="The head should answer our letters", made_by=slt
    )
    ask_account(case, person)
    find(said, by=slt, finding="not_found")
    ruth, marian = signed_in(slt), signed_in(head)

    card = text_of(ruth.get(CASE))
    assert "Take this step" not in card
    assert "no allegation is found" in card
    tried = {
        "warning": {"allegations": [said.pk], "asks": "Stop", "draft": ""},
        "meeting": {"allegations": [said.pk], "purpose": "this", "topics": "This"},
        "authorities": {"allegations": [said.pk], "body": "police", "write": ""},
        "legal": {"allegations": [said.pk], "reason": "They criticise us"},
        "ban": {"stage": "notice", "allegations": [said.pk], "children": 1, "write": "", "risk": "They criticise us"},
    }
    for step, answers in tried.items():
        page = ruth.get(f"{CASE}steps/{step}/")
        sent = ruth.post(f"{CASE}steps/{step}/", answers)

        assert page.status_code == 200
        assert sent.status_code in (200, 409), step
        assert not Step.objects.exists(), step
    # Marking it does not help: what was found harmless opens nothing.
    marked = {"message": f"allegation-{said.pk}", "kind": "libel", "shows": "It is unfair", "is_complaint_to_us": "on"}
    assert "complaints procedure" in text_of(ruth.post(f"{CASE}steps/signals/add/", marked))
    ruth.post(f"{CASE}steps/signals/add/", {**marked, "kind": "threat"})
    assert "Nothing goes" not in text_of(ruth.get(f"{CASE}steps/authorities/"))
    ruth.post(f"{CASE}steps/authorities/", tried["authorities"])
    assert not Step.objects.exists()
    assert "Nothing waits for your decision" in text_of(marian.get("/staff/approvals/"))
    assert not Event.objects.filter(kind__startswith="step_").exists()
    assert Case.objects.get().next_action == ""
