"""A case in which a site ban can be proposed, and the shortest way to each state of one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dkh_conduct.school.models import today
from incidents.casework.bans import begin_ban_part, record_representation, save_ban, write_ban_letter
from incidents.casework.next_action import in_school_days
from incidents.casework.reply_days import reply_days
from incidents.casework.step_taking import decide_proposal, propose_step
from incidents.models import Case, SiteBan, Step
from tests.casework.fair_case import words_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

REASON = "The school has a duty to the staff and children on site. A time limit and a review keep it proportionate."
EXPLAINED = {"left_out": "Staff and children were frightened on the site, so less would not be enough."}


def ban_values(case: Case, *, by: User, **changes: Any) -> dict[str, Any]:
    """Everything a ban needs. A notice of intent, unless `changes` say else."""
    days = reply_days(case.school, posted_on=today())
    decide_by = in_school_days(case, 20)
    assert decide_by
    starts_on = decide_by + timedelta(days=1)
    return {
        "risk": "She shouted at a teacher at the gate for five minutes, with children waiting.",
        "urgency": "",
        "lesser": ["warning", "meeting"],
        "why_not_enough": "A letter and a meeting were about the same conduct.",
        "premises": ["buildings", "playgrounds", "car_park"],
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=60),
        "review_on": starts_on + timedelta(days=30),
        "reviewer": "The chair of the local board",
        "drop_off": "You can choose another adult to bring and collect your child.",
        "children": 1,
        "stays": ["reports", "remote", "send", "emergency"],
        "contact": by,
        "adjustments": "",
        "equality": "She told us that she has anxiety. Meetings by phone, with questions sent first.",
        "court": "none",
        "court_words": "",
        "needs": "none",
        "is_address_confirmed": True,
        "account": "",
        "reply_by": days.usual,
        "decide_by": decide_by,
        "complaints": "The complaints procedure. Three people are free for a panel.",
        **changes,
    }


def interim_values(case: Case, *, by: User, **changes: Any) -> dict[str, Any]:
    about = {"urgency": "She said that she will come back tomorrow.", "starts_on": today()}
    decide_by = in_school_days(case, 15)
    assert decide_by
    about |= {"decide_by": decide_by, "ends_on": decide_by + timedelta(days=5), "review_on": None, "reviewer": ""}
    return ban_values(case, by=by, **{**about, **changes})


def begun_ban(case: Case, *, by: User, stage: str = "notice", **changes: Any) -> SiteBan:
    values = (interim_values if stage == "interim" else ban_values)(case, by=by, **changes)
    return save_ban(
        case=case,
        by=by,
        subject=case.subjects[0],
        stage=stage,
        allegations=list(case.allegations.filter(finding="found")),
        reason=REASON,
        **values,
    )


def written_ban(case: Case, *, by: User, stage: str = "notice", **changes: Any) -> Step:
    return write_ban_letter(ban=begun_ban(case, by=by, stage=stage, **changes), by=by)


def propose(step: Step, by: User, **changes: Any) -> Step:
    step = Step.objects.select_related("letter", "case", "subject").get(pk=step.pk)
    given = {"reason": step.reason or REASON, "has_no_conflict": True, **words_of(step), **changes}
    if step.part_of_id is None:
        given.setdefault("explained", EXPLAINED)
    return propose_step(step=step, by=by, **given)


def approve(step: Step, by: User) -> Step:
    decide_proposal(step=step, by=by, decision="approve", reason="I read it, and I agree.", has_read=True)
    return Step.objects.get(pk=step.pk)


def banned(case: Case, *, by: User, head: User, stage: str = "notice", **changes: Any) -> SiteBan:
    """A notice, or an interim ban, that was approved."""
    step = approve(propose(written_ban(case, by=by, stage=stage, **changes), by), head)
    return SiteBan.objects.get(step=step)


def part_values(ban: SiteBan, stage: str) -> dict[str, Any]:
    values: dict[str, Any] = {"reason": "It is about safety on the site."}
    if stage in ("confirm", "vary", "extend"):
        start = ban.starts_on or today()
        values |= {
            "weighed": "You lost your temper: I accept that, and it does not take the risk away.",
            "found": "You shouted at a teacher in front of children.",
            "starts_on": start,
            "ends_on": start + timedelta(days=60),
            "review_on": start + timedelta(days=30),
            "reviewer": "The chair of the local board",
        }
    if stage in ("vary", "extend"):
        values["changes"] = "You can come to the office by appointment."
    if stage in ("review", "breach"):
        values["reply_by"] = reply_days(ban.school, posted_on=today()).usual
    return values


def begin(ban: SiteBan, stage: str, *, by: User, **changes: Any) -> Step:
    return begin_ban_part(ban=ban, stage=stage, by=by, **{**part_values(ban, stage), **changes})


def confirmed(case: Case, *, by: User, head: User) -> SiteBan:
    """A ban that runs from today: interim, heard, confirmed."""
    ban = banned(case, by=by, head=head, stage="interim")
    record_representation(ban=ban, by=by, received_on=today(), how="phone", text="I lost my temper. I am sorry.")
    approve(propose(begin(ban, "confirm", by=by), by), head)
    return SiteBan.objects.get(pk=ban.pk)
