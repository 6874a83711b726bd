"""A site ban: begun and changed as a draft, given its letter, decided in later parts, and what is heard in between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from dkh_conduct.school.models import today
from incidents.casework.ban_words import KIND_OF, first_facts, later_facts, letter_kind
from incidents.casework.case_facts import approvers_of
from incidents.casework.case_lock import ChangedMeanwhile, Refused, lock_case
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import begin_step, check_no_draft, held_draft, may, record_step
from incidents.casework.step_letter import give_letter
from incidents.models import BanBreach, BanDecision, Event, Representation, SiteBan, Step
from incidents.models.event import record
from incidents.policy.bans import IN_FORCE, LEADS_TO, MOVES, REQUIRED, Terms, why_not, why_too_late, wrong_with
from incidents.policy.needs import capital, written_day
from incidents.policy.stages import stage_of
from letters.drafting import change_draft
from letters.kinds import compose
from letters.studio import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation, Case, Person

KIND = "ban"
RESTRICTS = ("confirm", "vary", "extend")


@transaction.atomic
def save_ban(
    *,
    case: Case,
    by: User,
    subject: Person,
    stage: str,
    allegations: Sequence[Allegation],
    reason: str = "",
    step: Step | None = None,
    version: int = 0,
    **values: Any,
) -> SiteBan:
    """Keep what was typed about a ban, whole or not. Begins the step where `step` is None."""
    may(by, "incidents.take_step", "letters.draft_letter")
    chosen = list(case.allegations.filter(pk__in=[each.pk for each in allegations], subject=subject))
    if step is None:
        case = lock_case(case, by=by)
        step = begin_step(case=case, by=by, subject=subject, stage=stage_of(KIND, stage), allegations=chosen)
        ban = SiteBan(school=case.school, step=step, person=subject)
        record_step(Event.Kind.STEP_DRAFTED, step=step, by=by)
    else:
        case, step = held_draft(step, by=by)
        ban = SiteBan.objects.select_for_update().get(step=step)
        if ban.version != version:
            last = ban.history.latest()
            raise ChangedMeanwhile(who=last.history_user, at=last.history_date, version=ban.version)
        ban.version += 1
        step.stage = stage
        step.allegations.set(chosen)
    step.reason = reason
    step.save(update_fields=["stage", "reason"])
    for name, value in values.items():
        setattr(ban, name, value)
    ban._history_user = by  # type: ignore[attr-defined]
    ban.save()
    ban.step = step
    return ban


@transaction.atomic
def write_ban_letter(*, ban: SiteBan, by: User) -> Step:
    """Compose the letter from what the ban says now. A letter written before is replaced: it said older terms."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case, step = held_draft(ban.step, by=by)
    ban = SiteBan.objects.select_for_update(of=("self",)).select_related("school", "contact").get(pk=ban.pk)
    ban.step = step
    if missing := missing_of(ban):
        raise Refused(f"{missing[0][1]}.")
    assert ban.reply_by  # noqa: S101  missing otherwise
    reply_days(case.school, posted_on=today()).check(ban.reply_by)
    signatory = signatory_of(case, by=by)
    account = (
        case.information.filter(person=step.subject, is_subject_account=True, received_on__isnull=False)
        .order_by("received_on")
        .last()
    )
    kind = KIND_OF[step.stage]
    facts = first_facts(ban, signatory=signatory, account=account)
    composed = compose(kind, facts, source=source_of(step.case.school, kind))
    if step.letter is None:
        give_letter(
            step,
            by=by,
            signatory=signatory,
            composed=composed,
            reply_by=ban.reply_by,
            kind=KIND_OF[step.stage],
        )
    else:
        change_draft(
            letter=step.letter,
            by=by,
            version=step.letter.version,
            title=composed.title,
            heading=composed.heading,
            body=composed.body.strip(),
            reply_by=ban.reply_by,
            enclosures=composed.enclosures,
            signatory_name=signatory.full_name,
            signatory_role=signatory.job_title,
        )
    ban.letter_version = ban.version
    ban.save(update_fields=["letter_version"])
    return step


def signatory_of(case: Case, *, by: User) -> User:
    """Whoever is to approve it signs: the first of those who may, and only where there is nobody the proposer."""
    return approvers_of(case, besides=by).first() or by


@transaction.atomic
def begin_ban_part(
    *, ban: SiteBan, stage: str, by: User, reason: str, reply_by: date | None = None, **values: Any
) -> Step:
    """Begin a later decision with its letter: confirm, change, extend, lift, review, breach, end."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case = lock_case(ban.step.case, by=by)
    ban = (
        SiteBan.objects.select_for_update(of=("self",))
        .select_related("school", "contact", "step__letter")
        .get(pk=ban.pk)
    )
    ban.step.case = case
    if sentence := why_not(stage, ban.facts, today()):
        raise Refused(capital(sentence))
    row = stage_of(KIND, stage)
    check_no_draft(case, KIND, ban.person)
    terms = Terms(values.get("starts_on"), values.get("ends_on"), values.get("review_on"))
    for problem in wrong_with(terms).values():
        raise Refused(f"{problem}.")
    if row.asks_reply and reply_by:
        reply_days(case.school, posted_on=today()).check(reply_by)
    step = begin_step(
        case=case,
        by=by,
        subject=ban.person,
        stage=row,
        allegations=list(ban.step.allegations.all()),
        part_of=ban.step,
    )
    step.reason = reason
    step.save(update_fields=["reason"])
    decision = BanDecision.objects.create(step=step, ban=ban, **values)
    signatory = signatory_of(case, by=by) if row.needs_second_person else by
    facts = later_facts(ban, decision, stage=stage, signatory=signatory, reason=reason, reply_by=reply_by)
    kind = letter_kind(ban, stage)
    composed = compose(kind, facts, source=source_of(step.case.school, kind))
    give_letter(step, by=by, signatory=signatory, composed=composed, reply_by=reply_by, kind=kind)
    record_step(Event.Kind.STEP_DRAFTED, step=step, by=by)
    return step


@transaction.atomic
def record_representation(*, ban: SiteBan, by: User, received_on: date, how: str, text: str) -> Representation:
    """Write down what they said about the ban, in any way but online."""
    case = lock_case(ban.step.case, by=by)
    ban = SiteBan.objects.select_for_update().get(pk=ban.pk)
    if not MOVES[ban.state]:
        raise Refused(f"This ban is over: {ban.get_state_display().lower()}. Add what they said as a note.")
    told = Representation.objects.create(ban=ban, received_on=received_on, how=how, text=text, recorded_by=by)
    record(
        Event.Kind.REPRESENTATION_RECEIVED,
        school=case.school,
        by=by,
        case=case,
        person=ban.person.full_name,
        summary=f"Received {told.get_how_display().lower()} on {received_on:%-d %B %Y}.",
    )
    return told


@transaction.atomic
def record_breach(*, ban: SiteBan, by: User, seen_on: date, seen: str) -> BanBreach:
    """Write down that they came on site. It decides nothing, and changes nothing about the ban."""
    case = lock_case(ban.step.case, by=by)
    ban = SiteBan.objects.select_for_update().get(pk=ban.pk)
    if ban.starts_on is None or ban.ends_on is None or ban.state not in ("interim", "confirmed"):
        raise Refused("There is no ban that they could have broken.")
    if not ban.starts_on <= seen_on <= ban.ends_on:
        raise Refused(
            f"The ban runs from {ban.starts_on:%-d %B %Y} to {ban.ends_on:%-d %B %Y}. Choose a day between those."
        )
    breach = BanBreach.objects.create(ban=ban, seen_on=seen_on, seen=seen, recorded_by=by)
    record(
        Event.Kind.BREACH_RECORDED,
        school=case.school,
        by=by,
        case=case,
        person=ban.person.full_name,
        summary=f"Seen on {seen_on:%-d %B %Y}.",
    )
    return breach


def why_not_again(step: Step) -> str:
    """The sentence why a void letter about a ban says what is not so any more; empty where it still is."""
    ban = SiteBan.objects.get(step=step.root)
    decided = Step.objects.taken().filter(part_of=step.root, stage__in=[*LEADS_TO, "extend"])
    if step.stage in (*LEADS_TO, "extend") and decided.filter(taken_at__gt=step.taken_at).exists():
        return "Something else was decided about this ban since, so this letter is not issued again."
    if ban.facts.state in IN_FORCE and ban.ends_on and ban.ends_on < today():
        return f"The ban ended on {written_day(ban.ends_on)}, so this letter is not issued again."
    return ""


def answer_until(step: Step, reply_by: date) -> None:
    """They have until `reply_by` by a letter that is issued again: nothing is decided before. Raises Refused.

    The day of the decision stands in the letter as it was approved, also where the post has moved it since.
    """
    if step.stage not in ("notice", "interim"):
        return
    ban = SiteBan.objects.select_for_update().get(step=step)
    written = ban.history.filter(history_date__lte=step.taken_at).order_by("history_date", "pk").last()
    decide_by = written.decide_by if written else ban.decide_by
    if decide_by and decide_by <= reply_by:
        raise Refused(
            f"The letter says that it is decided by {written_day(decide_by)}, so they must have put their side before. "
            "Choose an earlier day. Where that is too soon for them, rescind the ban and propose it again."
        )
    ban.reply_by, ban.decide_by = reply_by, decide_by
    ban.save(update_fields=["reply_by", "decide_by"])


def missing_of(ban: SiteBan) -> list[tuple[str, str]]:
    """What a ban lacks before its letter can be written: the form's field, and what to do about it."""
    has = has_of(ban)
    missing = [(field, ask) for field, ask, _ in REQUIRED if not has[field]]
    if ban.step.stage == "interim" and not ban.urgency.strip():
        missing.insert(0, ("urgency", "Say why it cannot wait"))
    if not ban.step.allegations.all():
        missing.insert(0, ("allegations", "Choose what was found"))
    if ban.court == SiteBan.Court.ORDER and not ban.court_words.strip():
        missing.append(("court_words", "Describe the court order"))
    return missing


def has_of(ban: SiteBan) -> dict[str, bool]:
    filled = {name: bool(str(getattr(ban, name) or "").strip()) for name in TEXTS}
    listed = {name: bool(getattr(ban, name)) for name in ("lesser", "premises", "stays", "starts_on", "ends_on")}
    days = {name: getattr(ban, name) is not None for name in ("reply_by", "decide_by", "review_on")}
    # An interim ban ends before any review could be due.
    if ban.step.stage == "interim":
        days["review_on"] = filled["reviewer"] = True
    return {**filled, **listed, **days, "contact": ban.contact_id is not None, "address": ban.is_address_confirmed}


TEXTS = ("risk", "why_not_enough", "reviewer", "drop_off", "equality", "court", "needs", "complaints")


def check_ban_ready(step: Step) -> None:
    """Asked when it is proposed and again when it is approved. Raises Refused."""
    if step.part_of_id:
        decision = BanDecision.objects.select_related("ban").get(step=step)
        # The part itself is the open one; anything else that changed meanwhile counts.
        if sentence := why_not(step.stage, replace(decision.ban.facts, has_open_part=False), today()):
            raise Refused(capital(sentence))
        if step.stage in RESTRICTS:
            terms = Terms(decision.starts_on, decision.ends_on, decision.review_on)
            _check_not_late(terms, runs=decision.ban.state in IN_FORCE)
        return
    ban = SiteBan.objects.get(step=step)
    ban.step = step
    if missing := missing_of(ban):
        raise Refused(f"{missing[0][1]}.")
    if ban.letter_version != ban.version:
        raise Refused("The letter was written before the ban was changed. Write the letter again, and read it.")
    if ban.decide_by and ban.decide_by < today():
        raise Refused(
            f"The letter says that it is decided by {written_day(ban.decide_by)}, which has passed. "
            "Choose a later day, and write the letter again."
        )
    _check_not_late(Terms(ban.starts_on, ban.ends_on, None if step.stage == "interim" else ban.review_on))


def _check_not_late(terms: Terms, *, runs: bool = False) -> None:
    if sentence := why_too_late(terms, today(), runs=runs):
        raise Refused(f"{capital(sentence)} It needs later days, and its letter written again.")
