"""What a case alleges, clause by clause, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dkh_conduct.school.templatetags.dates import day
from incidents.casework import next_action
from incidents.casework.case_lock import Refused, lock_case, who_and_when
from incidents.models import Allegation, CasePerson, Event, Evidence
from incidents.models.event import record
from incidents.policy.wording import POLICY

if TYPE_CHECKING:
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.models import Case, ChatLine, Person


@transaction.atomic
def add_allegation(
    *,
    case: Case,
    by: User,
    subject: Person,
    clause: str,
    words: str = "",
    description: str = "",
    posted_on: date | None = None,
    posted_where: str = "",
    evidence: Evidence | None = None,
    line: ChatLine | None = None,
) -> Allegation:
    """One clause said to be broken by one subject of the case. `evidence` belongs to one of the case's concerns, and
    `line` is the message of it that is quoted, where it is an exported chat."""
    case = lock_case(case, by=by)
    if not case.people.filter(person=subject, role=CasePerson.Role.SUBJECT).exists():
        raise Refused(f"{subject.full_name} is not a subject of this case. Add them as a subject first.")
    if evidence and not Evidence.objects.filter(pk=evidence.pk, concern__case=case).exists():
        raise Refused("That picture does not belong to this case. Choose another one.")
    if line and (evidence is None or line.evidence_id != evidence.pk):
        raise Refused("That message is not in the file you chose. Choose the file that it is in.")
    if not words and not description:
        raise Refused("Enter the exact words, or say what was posted.")
    content = {"words": words, "description": description, "posted_on": posted_on, "posted_where": posted_where}
    same = case.allegations.filter(subject=subject, clause=clause, evidence=evidence, **content).first()
    if same:
        who, when = who_and_when(same.made_by, same.made_at)
        raise Refused(f"{who} added this same allegation {when}.")
    allegation = Allegation.objects.create(
        case=case, subject=subject, clause=clause, evidence=evidence, line=line, made_by=by, **content
    )
    record(
        Event.Kind.ALLEGATION_ADDED,
        school=case.school,
        by=by,
        case=case,
        person=subject.full_name,
        clause=POLICY.clause(clause).short,
    )
    return allegation


def seen_finding(allegation: Allegation) -> str:
    """What somebody saw when they opened the page, so that the second of two deciders is told of the first."""
    return allegation.found_at.isoformat() if allegation.found_at else ""


@transaction.atomic
def record_finding(
    *, case: Case, by: User, allegation: Allegation, finding: str, reason: str, seen: str = ""
) -> Allegation:
    """Decide an allegation, or decide it anew while no step that was taken relies on it.

    `seen` is `seen_finding` of the allegation as `by` read it; another finding since then is a refusal.
    """
    case = lock_case(case, by=by)
    allegation = case.allegations.select_related("subject", "found_by").get(pk=allegation.pk)
    if seen_finding(allegation) != seen and allegation.found_at:
        who, when = who_and_when(allegation.found_by, allegation.found_at)
        raise Refused(
            f"{who} decided this {when}: {allegation.get_finding_display().lower()}. "
            "Read their reason on the case before you decide again."
        )
    relying = allegation.steps.taken().order_by("-taken_at").first()
    if relying:
        raise Refused(
            f"The {relying.get_kind_display().lower()} of {day(relying.taken_at)} relies on this finding, so it stays."
        )
    allegation.finding, allegation.finding_reason = finding, reason
    allegation.found_by, allegation.found_at = by, timezone.now()
    allegation.save(update_fields=["finding", "finding_reason", "found_by", "found_at"])
    record(
        Event.Kind.FINDING_RECORDED,
        school=case.school,
        by=by,
        case=case,
        why=reason,
        person=allegation.subject.full_name,
        clause=allegation.short,
        finding=Allegation.Finding(finding).label,
    )
    next_action.after_finding(case)
    return allegation
