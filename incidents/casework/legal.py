"""Asking the Trust's legal team for advice: about exact words, in a privileged area, before the year is over.

The portal has no letter that threatens a claim, and never says that there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dkh_conduct.accounts.models import User
from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.models import today
from dkh_conduct.school.templatetags.dates import clock, day
from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.next_action import set_next
from incidents.casework.referrals import refer_case
from incidents.casework.reporter_words import check_said_why, names_in
from incidents.casework.step_draft import begin_step, may
from incidents.casework.step_taking import check_letterless, take_letterless
from incidents.evidence.custody import custody_of
from incidents.models import Event, Evidence, LegalAdvice, LegalReferral, Step
from incidents.models.event import record
from incidents.policy.stages import stage_of
from letters.packs import pack_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from incidents.casework.step_letter import Explained
    from incidents.models import Allegation, Case, Person
    from letters.checks import Objection

KIND = "legal"
# What the request calls each of its texts; those that are not here are called by their name.
LABELS = {
    "referred_to_whom": "Whom it is about",
    "wishes": "What they wish",
    "author": "Author, as shown",
    "handle": "Number or account",
    "basis": "How that is known",
    "translation": "In English",
    "translator": "Translated by",
    "seen_by": "Who saw it",
    "meaning": "What readers take it to mean",
    "untrue": "Said to be untrue, and why",
    "accepted": "Accepted as true, or partly true",
    "harm": "Harm known",
    "context": "Context: complaint, dispute, need",
    "account": "The author’s account",
    "questions": "Questions",
    "custody": "How it was taken, and who holds it",
    "urgency": "Urgency",
    "do_not_contact": "Do not contact",
    "reason": "Why this step",
    "left_out": "Why a lower step was left out",
    "soon": "Why so soon after the last step",
    "again": "Why a second step for the same conduct",
}
MARKING = "Privileged and confidential: for the purpose of obtaining legal advice"


def lawyers_of(case: Case) -> QuerySet[User]:
    """The Trust's legal team, without those who may not know of the case."""
    team = User.objects.filter(school_id=case.school_id, is_active=True, groups__name=Role.LEGAL)
    return team.exclude(conflicts__case=case).order_by("full_name")


@transaction.atomic
def ask_for_advice(
    *,
    case: Case,
    by: User,
    subject: Person,
    allegations: Sequence[Allegation],
    reason: str,
    has_no_conflict: bool,
    explained: Explained | None = None,
    lawyer: User | None = None,
    stays: Mapping[str, str] | None = None,
    **values: Any,
) -> Step:
    """Take the step: the request is written, and `lawyer` may read this case and no other. Only the lead asks.

    `stays` is why what may show who told the school stays in it, by the objection's key.
    """
    may(by, "incidents.take_step", "incidents.view_privileged")
    case = lock_case(case, by=by)
    if case.lead_id != by.pk:
        raise Refused(f"{case.lead.full_name} leads this case, and is the one who asks for legal advice.")
    chosen = list(case.allegations.filter(pk__in=[each.pk for each in allegations], subject=subject))
    for each in chosen:
        if not each.words.strip():
            raise Refused(f"“{each.short}” quotes no exact words. A lawyer is asked about exact words.")
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    for name, value in (explained or {}).items():
        texts[name] = str(value)
    objections = names_in_request(case, allegations=chosen, texts={**texts, "reason": reason})
    said = check_said_why(objections, stays or {})
    step = begin_step(
        case=case, by=by, subject=subject, stage=stage_of(KIND, ""), allegations=chosen, is_written_to=False
    )
    posted = [each.posted_on for each in chosen if each.posted_on]
    LegalReferral.objects.create(step=step, published_on=min(posted, default=today()), stays=said, **values)
    check_letterless(case, step, by=by, reason=reason, has_no_conflict=has_no_conflict, explained=explained)
    if lawyer:
        refer_case(case=case, to=lawyer, by=by, reason="Legal advice asked for")
    return take_letterless(case, step, by=by, why=reason)


def names_in_request(case: Case, *, allegations: Iterable[Allegation], texts: Mapping[str, str]) -> list[Objection]:
    """What of a request may show who told the school. The lawyers read it, and whoever they pass it on to."""
    words = [("The exact words", each.words) for each in allegations]
    return names_in(case, [*words, *((LABELS.get(name, name), text) for name, text in texts.items())])


@transaction.atomic
def file_advice(*, referral: LegalReferral, by: User, text: str) -> LegalAdvice:
    """Keep what the lawyers said: by the lead, or by the lawyer the case was shown to."""
    if not LegalReferral.objects.visible_to(by).filter(pk=referral.pk).exists():
        raise PermissionDenied
    advice = LegalAdvice.objects.create(referral=referral, text=text, filed_by=by)
    case = referral.step.case
    if by.has_perm("incidents.run_case"):
        set_next(lock_case(case, by=by), "Decide what is next")
    # What it says is privileged: the timeline only says that it came.
    record(Event.Kind.LEGAL_ADVISED, school=case.school, by=by, case=case)
    return advice


def _translated(referral: LegalReferral) -> list[tuple[str, str]]:
    if not referral.translation:
        return []
    return [("In English", referral.translation), ("Translated by", referral.translator)]


def _files(files: Iterable[Evidence]) -> list[tuple[str, str]]:
    """What is held of each, and its chain of custody: what happened to it, when and by whom."""
    rows = []
    for number, each in enumerate(files, start=1):
        said = [
            f"SHA-256 {each.sha256}",
            f"{each.media_type}, {each.size:,} bytes, received {_moment(each.received_at)}",
        ]
        said += [
            f"{_moment(line.entry.at)}: {line.entry.words}{f', {line.entry.by}' if line.entry.by else ''}"
            for line in custody_of(each)
        ]
        rows.append((f"File {number}", "\n".join(said)))
    return rows or [("Files", "None is linked to these statements")]


def _moment(at: datetime) -> str:
    return f"{day(at)} at {clock(at)}"


def pack_of(referral: LegalReferral) -> bytes:
    """The request as a PDF: exact words, and every fact a lawyer asks for first. Evidence is listed, not enclosed."""
    step = referral.step
    case = step.case
    allegations = list(step.allegations.select_related("evidence"))
    statements = [
        (
            f"Statement {number}",
            "\n".join(
                filter(
                    None,
                    (
                        f"“{each.words}”",
                        f"{day(each.posted_on) or 'Day not known'}, {each.posted_where or 'place not known'}",
                        f"Clause alleged: {each.text}",
                    ),
                )
            ),
        )
        for number, each in enumerate(allegations, start=1)
    ]
    files = Evidence.objects.good().filter(pk__in=[each.evidence_id for each in allegations if each.evidence_id])
    sections = [
        (
            "Who and when",
            [
                ("Case", case.reference),
                ("Referred by", f"{step.taken_by.full_name}, {step.taken_by.job_title}" if step.taken_by else ""),
                ("Limitation date", f"{day(referral.limitation_on)}: one year from the first statement, less a day"),
                ("Urgency", referral.urgency),
                ("Do not contact", referral.do_not_contact),
            ],
        ),
        ("The exact words", [*statements, *_translated(referral)]),
        (
            "Author and readers",
            [
                ("Author, as shown", referral.author),
                ("Number or account", referral.handle),
                ("How that is known", referral.basis),
                ("Who saw it", referral.seen_by),
                ("Still there", "Yes" if referral.is_live else "No, as far as we know"),
            ],
        ),
        (
            "Meaning, truth and harm",
            [
                ("Whom it is about", referral.referred_to_whom),
                ("What they wish", referral.wishes),
                ("What readers take it to mean", referral.meaning),
                ("Said to be untrue, and why", referral.untrue),
                ("Accepted as true, or partly true", referral.accepted),
                ("Harm known", referral.harm),
                ("Context: complaint, dispute, need", referral.context),
                ("The author’s account", referral.account),
            ],
        ),
        ("What we want to know", [("Questions", referral.questions)]),
        (
            "Evidence held",
            [*_files(files), ("How it was taken, and who holds it", referral.custody)],
        ),
        (
            "Data protection",
            [
                (
                    "Shared for",
                    "Legal advice and legal claims only (Data Protection Act 2018, Schedule 2, paragraph 5)",
                ),
                ("Children", "Names of children are left out. Originals and redacted copies are kept apart"),
            ],
        ),
    ]
    return pack_pdf(
        school=case.school,
        title="Request for legal advice",
        marking=MARKING,
        reference=f"{case.school.code}-{case.reference}",
        sections=sections,
    )
