"""The steps beyond a warning letter, each somewhere on its way: a ban that runs and one that waits, a meeting, the
police, legal advice."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from dkh_conduct.demo.story import CaseStory
from dkh_conduct.school.models import today
from incidents.casework.authorities import record_outcome, record_sent, save_authorities, write_authorities_letter
from incidents.casework.bans import begin_ban_part, record_representation, save_ban, write_ban_letter
from incidents.casework.legal import ask_for_advice
from incidents.casework.meetings import Offer, arrange_meeting, draft_meeting
from incidents.casework.next_action import in_school_days
from incidents.casework.reply_days import reply_days
from incidents.casework.signals import record_signal
from incidents.casework.step_taking import decide_proposal, propose_step, take_step
from incidents.models import AuthorityReferral, Case, Meeting, SiteBan, Step

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from dkh_conduct.demo.story import Story


def run(story: Story) -> None:
    jo_pembertons_threat(story)
    sinead_ni_bhriains_claim(story)
    thanh_nguyens_meeting(story)
    helen_ashbys_ban(story)


def jo_pembertons_threat(story: Story) -> None:
    """The police were told, and an interim ban was confirmed: it runs today, and its review comes near."""
    scene = _case(story, 8)
    case, farah, marian = scene.case, story.staff["farah"], story.staff["marian"]
    threat = case.allegations.get(clause="threat")
    soon = "The threat names a man and his car, and he walks to it every day."
    with story.when(36, "8:30am"):
        record_signal(
            case=case, by=farah, allegation=threat, kind="threat", shows="“He wants to watch himself”, and his car."
        )
    with story.when(36, "9:00am"):
        referral = save_authorities(
            case=case,
            by=farah,
            subject=threat.subject,
            allegations=[threat],
            reason="Two people saw the message, one was frightened, and it names where he can be found.",
            body="police",
            address="Southwark Police Station\n323 Borough High Street\nLondon\nSE1 1JL",
            why="A message threatens a member of staff, and says that the writer knows his car.",
            about="Jo Pemberton, who has a child at the school",
            basis="Two people in the group know the number.",
            no_account_because="We asked on the same day, and wait for the answer.",
            asked="Tell us what we should do to keep him safe on his way home.",
            contact=marian,
        )
        step = write_authorities_letter(referral=referral, by=farah)
    _approved(
        story, step, farah, 36, explained={"left_out": soon, "soon": soon, "again": "It is another kind of step."}
    )
    with story.when(36, "4:30pm"):
        record_sent(
            referral=AuthorityReferral.objects.get(step=step),
            by=farah,
            sent_on=scene.day(36),
            sent_how="online",
            sent_to="The Met’s website",
            what_was_sent="The letter. No picture yet: the redacted copy is ready if they ask.",
            their_reference="CHS-40417-26",
        )
    with story.when(27, "10:15am"):
        record_outcome(
            referral=AuthorityReferral.objects.get(step=step),
            by=farah,
            outcome_on=scene.day(27),
            outcome="An officer spoke to her. She was given words of advice, and no further action follows.",
        )
    _banned(story, scene, threat=threat, farah=farah, marian=marian)
    scene.waits_for("Their side", 7)


def _banned(story: Story, scene: CaseStory, *, threat: Any, farah: User, marian: User) -> None:
    case = scene.case
    with story.when(32, "9:10am"):
        decide_by = _day(in_school_days(case, 14))
        ban = save_ban(
            case=case,
            by=farah,
            subject=threat.subject,
            stage="interim",
            allegations=[threat],
            reason="He cannot reach his car without crossing the playground. A short time to hear her first.",
            urgency="He leaves at 4pm every day by the gate where she waits.",
            risk="She collects her child beside the staff car park. He has been afraid of that way since the message.",
            lesser=["warning", "another_adult"],
            why_not_enough="The letter went yesterday. It does not help him on his way to the car today.",
            premises=["buildings", "playgrounds", "car_park"],
            starts_on=today(),
            ends_on=decide_by + timedelta(days=5),
            drop_off="You can choose another adult to bring and collect your child. If nobody can, Farah Siddiqui "
            "will meet you at the Grove Lane gate at 8:50am and 3:20pm.",
            stays=["reports", "remote", "send", "emergency"],
            contact=farah,
            equality="None that she or we know of. Asked on the phone.",
            court="none",
            needs="none",
            is_address_confirmed=True,
            reply_by=_day(reply_days(case.school, posted_on=today()).usual),
            decide_by=decide_by,
            complaints="The complaints procedure. Three governors had no part in this.",
        )
        step = write_ban_letter(ban=ban, by=farah)
    reasons = {
        "left_out": "A meeting with her on site was what he was afraid of.",
        "soon": "The letter does not make the way to the car safe.",
        "again": "The letter asked. This keeps him safe while she is heard.",
    }
    _approved(story, step, farah, 32, explained=reasons)
    ban = SiteBan.objects.get(step=step)
    with story.when(28, "2:20pm"):
        record_representation(
            ban=ban,
            by=farah,
            received_on=scene.day(28),
            how="phone",
            text="I was showing off. I will not go near him. My sister can collect.",
        )
    with story.when(25, "9:30am"):
        start, review = ban.starts_on or today(), story.days.day(6)
        part = begin_ban_part(
            ban=ban,
            stage="confirm",
            by=farah,
            weighed="You were showing off: I believe you, and he could not know it.\n"
            "Your sister can collect: thank you, and that is what makes this possible.",
            found="You wrote that you know his car and that he should watch himself.\nHe was afraid of the way to it.",
            not_found="I do not find that you meant to hurt anyone.",
            starts_on=start,
            ends_on=review + timedelta(days=21),
            review_on=review,
            reviewer="The chair of the local board",
            conditions="I will end it early if you and he have talked with our help.",
            reason="He needs some weeks in which he does not have to look over his shoulder.",
        )
    _approved(story, part, farah, 24)


def sinead_ni_bhriains_claim(story: Story) -> None:
    """Legal advice was asked for about exact words; nothing was threatened."""
    scene = _case(story, 12)
    case, marian = scene.case, story.staff["marian"]
    claim = case.allegations.get(clause="defamatory")
    with story.when(5, "9:00am"):
        record_signal(
            case=case,
            by=marian,
            allegation=claim,
            kind="libel",
            shows="It names his post and says that he takes money. It was public for nine days.",
        )
    with story.when(5, "9:40am"):
        ask_for_advice(
            case=case,
            by=marian,
            subject=claim.subject,
            allegations=[claim],
            reason="He has asked whether he must let it stand. That is a question for a lawyer.",
            has_no_conflict=True,
            explained={
                "left_out": "She has moved away, and a meeting would come too late for him.",
                "soon": "The letter asks. Whether more can be done is a question for a lawyer, and the year runs.",
                "again": "The letter is about taking it down, the advice about what was said of him.",
            },
            lawyer=story.staff["noor"],
            referred_to_whom="Graham Oyelaran, site manager. There is one site manager",
            wishes="He wants it put right. He does not want to go to court.",
            author="“Sinéad NB”, on a personal Facebook page",
            handle="facebook.com/sinead.nb",
            custody="The page was public. A parent took the picture on her phone and sent it from there.",
            basis="She says that she wrote it.",
            seen_by="About 140 friends, eleven of them parents here",
            meaning="That he steals from the school.",
            untrue="The fund was audited in July, and he has no access to it.",
            accepted="Nothing.",
            harm="Two parents asked the office whether he still works here.",
            account="She was told it by somebody she trusts, and took it down.",
            questions="Is there anything that he, or we, should do or keep?\nWhat should we not write to her?",
        )
    scene.waits_for("Advice from the Trust", 6)


def thanh_nguyens_meeting(story: Story) -> None:
    """An invitation with an interpreter; he chose a time this morning."""
    scene = _case(story, 10)
    case, ruth, farah = scene.case, story.staff["ruth"], story.staff["farah"]
    found = list(case.allegations.filter(finding="found"))
    with story.when(2, "3:10pm"):
        reply_by = _day(reply_days(case.school, posted_on=today()).usual)
        offers = [
            Offer(reply_by + timedelta(days=1 + n), time(hour, 45), how)
            for n, (hour, how) in enumerate(((15, "person"), (8, "video"), (17, "phone")))
        ]
        step = draft_meeting(
            case=case,
            by=ruth,
            subject=found[0].subject,
            allegations=found,
            purpose="the telephone calls, and how we deal with biting",
            topics="What happened to your daughter\nHow other families felt\nHow to reach us quickly",
            attending=[ruth, farah],
            note_taker=farah,
            offers=offers,
            reply_by=reply_by,
            adjustments="We have booked a Vietnamese interpreter.",
        )
    with story.when(2, "3:40pm"):
        _take(step, ruth, explained={"left_out": "He had a real worry. A talk will do more than a letter."})
    with story.when(0, "7:50am"):
        first = offers[0]
        arrange_meeting(
            meeting=Meeting.objects.get(step=step),
            by=ruth,
            on=first.on,
            at=first.at,
            how=first.how,
            companion="His sister",
            interpreter="Vietnamese, booked by the office",
        )


def helen_ashbys_ban(story: Story) -> None:
    """A notice of intent that waits for the Executive Head."""
    scene = _case(story, 9)
    case, ruth = scene.case, story.staff["ruth"]
    found = list(case.allegations.filter(finding="found"))
    with story.when(0, "7:40am"):
        decide_by = _day(in_school_days(case, 15))
        starts_on = _day(in_school_days(case, 16))
        ban = save_ban(
            case=case,
            by=ruth,
            subject=found[0].subject,
            stage="notice",
            allegations=found,
            reason="The school has a duty to the staff and children on site. A time limit and a review keep it "
            "proportionate.",
            account="you shouted for a minute at most, and you had asked three times for a call.",
            risk="She shouted and swore at the class teacher in the playground for about five minutes, with children "
            "waiting to go home. The teacher and two others say that they felt threatened.",
            lesser=["warning", "appointment", "another_adult"],
            why_not_enough="We wrote to you in the autumn about similar conduct. It happened again within six weeks, "
            "this time in front of children.",
            premises=["buildings", "playgrounds", "car_park"],
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=57),
            review_on=starts_on + timedelta(days=36),
            reviewer="The chair of the local board",
            drop_off="You could choose another adult to bring and collect your child. If nobody can, Tomas Lindqvist "
            "will meet you at the Grove Lane gate at 8:50am and 3:20pm.",
            stays=["reports", "remote", "send", "emergency"],
            contact=story.staff["tomas"],
            adjustments="You asked for questions in writing first: we will send them.",
            equality="She told us that she has anxiety. Meetings by phone, and questions sent first.",
            court="none",
            needs="none",
            is_address_confirmed=True,
            reply_by=_day(reply_days(case.school, posted_on=today()).usual),
            decide_by=decide_by,
            complaints="The complaints procedure. Three people are free for a panel.",
        )
        step = write_ban_letter(ban=ban, by=ruth)
    with story.when(0, "7:45am"):
        reasons = {
            "left_out": "She has not wanted to meet, and we have asked twice by phone.",
            "soon": "The letter of today is about one day. This is about the gate, where staff are afraid.",
            "again": "A letter alone did not change it in the autumn.",
        }
        _propose(step, ruth, explained=reasons)


def _case(story: Story, number: int) -> CaseStory:
    return CaseStory(story, Case.objects.get(school=story.school, number=number), [])


def _approved(story: Story, step: Step, by: User, on: int, *, explained: Any = None) -> None:
    """Proposed, and approved by the Executive Head some hours later."""
    with story.when(on, "11:00am"):
        _propose(step, by, explained=explained)
    with story.when(on, "3:30pm"):
        decide_proposal(
            step=step,
            by=story.staff["marian"],
            decision="approve",
            reason="I have read it all, what she says too. It is no more than is needed.",
            has_read=True,
        )


def _propose(step: Step, by: User, *, explained: Any = None) -> None:
    propose_step(step=step, by=by, **_as_drafted(step, explained))


def _take(step: Step, by: User, *, explained: Any = None) -> None:
    given = _as_drafted(step, explained)
    take_step(step=step, by=by, **{**given, "reason": "He had a real worry, and the way was the wrong one."})


def _as_drafted(step: Step, explained: Any) -> dict[str, Any]:
    step = Step.objects.select_related("letter").get(pk=step.pk)
    if step.letter is None:
        raise ValueError(f"{step} has no letter.")
    words = {name: getattr(step.letter, name) for name in ("version", "heading", "body", "reply_by", "delivery")}
    return {**words, "reason": step.reason, "has_no_conflict": True, "explained": explained}


def _day(day: Any) -> Any:
    if day is None:
        raise ValueError("The calendar of the demo school ends too soon.")
    return day
