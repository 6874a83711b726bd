"""Asking for the file of a case, and putting it together: sealed letters and redacted copies, nothing else of a file.

The request is a row; a worker makes the PDF under a lease (`letters.claims`), and the sweep finds what was lost.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from incidents.casework.case_file_steps import at
from incidents.casework.case_file_told import PARTS, Telling, advice_in, evidence_in, letters_in
from incidents.casework.case_lock import Refused
from incidents.casework.reporter_words import check_said_why, names_in
from incidents.evidence.paper import page_of
from incidents.evidence.redacted import copies_for, note_taken_out
from incidents.models import Case, CaseFile, Event
from incidents.models.event import record
from incidents.policy.needs import counted
from letters import claims
from letters.dossier import Enclosure, dossier_pdf
from letters.enclosed import enclosed
from letters.queue import MAX_ATTEMPTS, hurry_task
from letters.refusals import LetterRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dkh_conduct.accounts.models import User
    from incidents.evidence.redacted import RedactedCopy
    from letters.checks import Objection

FOLDER = "case-files"
MARKING = "Confidential: for the people who decide"
PRIVILEGED = "Privileged and confidential: for the purpose of obtaining legal advice"
GAVE_UP = (
    f"The file could not be put together in {MAX_ATTEMPTS} tries. Leave something out, or tell the person who looks "
    "after the portal. Nothing of the case is lost."
)
KEPT = timedelta(days=30)
CANNOT_SEE = "You can no longer see this case, so nothing was made."


@transaction.atomic
def ask_for_case_file(
    *,
    case: Case,
    by: User,
    purpose: str,
    parts: Sequence[str],
    letters: Sequence[str],
    evidence: Sequence[str],
    stays: Mapping[str, str] | None = None,
) -> CaseFile:
    """Also of a closed case. Raises Refused for what may not go in, or is not ready to.

    `stays` is why what may show who told the school stays in it, by the objection's key.
    """
    held = _held(case, by)
    has_advice = "advice" in parts
    if has_advice and not advice_in(held, user=by).exists():
        raise Refused("Only those who may read the legal advice can put it into a file.")
    if not parts:
        raise Refused("Choose what goes into the file.")
    known = {letter.reference for letter in letters_in(held, user=by)} if letters else set()
    ready = (
        {str(copy.evidence.pk) for copy in redacted_in(copies_for(evidence_in(held, user=by)).ready)}
        if evidence
        else set()
    )
    if set(letters) - known or set(evidence) - ready:
        raise Refused("Something changed while you chose. Look at the letters and the evidence again.")
    said = check_said_why(names_in_file(held, by=by, purpose=purpose, parts=parts), stays or {})
    newest = CaseFile.objects.filter(case=held).aggregate(number=Max("number"))["number"] or 0
    made = CaseFile.objects.create(
        case=held,
        number=newest + 1,
        purpose=purpose,
        parts=[key for key in PARTS if key in parts],
        letters=list(letters),
        evidence=list(evidence),
        has_advice=has_advice,
        stays=said,
        asked_by=by,
        papers_total=len(letters) + len(evidence),
    )
    transaction.on_commit(partial(hurry_case_file, made.pk), robust=True)
    return made


def names_in_file(case: Case, *, by: User, purpose: str, parts: Sequence[str]) -> list[Objection]:
    """What of it may show who told the school, section by section: whoever gets the file was not to know."""
    telling = Telling(case, by, with_advice="advice" in parts)
    return names_in(case, [("Whom it is for", purpose), *((PARTS[key], _words_of(telling, key)) for key in parts)])


def _words_of(telling: Telling, key: str) -> str:
    """A sentence for each row, so that one is shown and not the whole section."""
    blocks = telling.section(key).blocks
    return "\n\n".join(text for block in blocks for text in (block.heading, *(said for _label, said in block.rows)))


@transaction.atomic
def try_case_file_again(*, file: CaseFile, by: User) -> None:
    if not CaseFile.objects.visible_to(by).filter(pk=file.pk).exists():
        raise PermissionDenied
    failed = CaseFile.objects.filter(pk=file.pk, state=CaseFile.State.FAILED)
    if failed.update(state=CaseFile.State.QUEUED, attempts=0, papers_done=0, failure=""):
        transaction.on_commit(partial(hurry_case_file, file.pk), robust=True)


def make_case_file(pk: int) -> bool:
    """Puts the file together if it is waiting for that. Safe to call any number of times, from anywhere."""
    return claims.work_on(CaseFile, pk, folder=FOLDER, gave_up=GAVE_UP, make=_make, papers_done=0)


def hurry_case_file(pk: int) -> None:
    from incidents.casework.case_file_task import put_together

    hurry_task(put_together, pk)


def sweep_case_files() -> None:
    """Tells the worker again of what was lost; takes away PDFs that were made long ago, and keeps their SHA-256."""
    claims.requeue_lost(CaseFile, gave_up=GAVE_UP, hurry=hurry_case_file)
    for old in CaseFile.objects.filter(made_at__lt=timezone.now() - KEPT).exclude(file=""):
        default_storage.delete(str(old.file.name))
        CaseFile.objects.filter(pk=old.pk).update(file="")


def redacted_in(ready: Sequence[RedactedCopy]) -> list[RedactedCopy]:
    """Of these pages those that may go in: a file goes in whole or not at all."""
    pages = Counter(each.evidence.pk for each in ready)
    return [each for each in ready if pages[each.evidence.pk] == each.parts]


def _held(case: Case, by: User) -> Case:
    """Locked, so that two files never have one number; asked again once the lock is held."""
    if not by.has_perm("incidents.print_case_file"):
        raise PermissionDenied
    held = (
        Case.objects.visible_to(by).select_related("school", "lead").select_for_update(of=("self",)).filter(pk=case.pk)
    ).first()
    if held is None or held.conflicts.filter(user=by).exists():
        raise Refused(CANNOT_SEE)
    return held


def _make(claim: claims.Claim[CaseFile]) -> bool:
    file, by = claim.paper, claim.paper.asked_by
    if not CaseFile.objects.visible_to(by).filter(pk=file.pk).exists():
        raise LetterRefusedError(f"{by.full_name} can no longer see this case.")
    case = (
        Case.objects.select_related("school", "lead", "opened_by")
        .prefetch_related("people__person")
        .get(pk=file.case_id)
    )
    telling = Telling(case, by, with_advice=file.has_advice)
    letters = [letter for letter in telling.letters if letter.reference in file.letters]
    copies = [
        copy for copy in redacted_in(copies_for(telling.evidence).ready) if str(copy.evidence.pk) in file.evidence
    ]
    if len(letters) < len(file.letters) or len({copy.evidence.pk for copy in copies}) < len(file.evidence):
        raise LetterRefusedError("Something that was chosen can no longer go in. Ask for the file again.")
    if any(each.key not in file.stays for each in names_in_file(case, by=by, purpose=file.purpose, parts=file.parts)):
        raise LetterRefusedError("Something was written since that may show who told the school. Ask for it again.")
    enclosures = [*(enclosed(each, group="Letters") for each in letters), *map(_copy, copies)]
    claims.tell(claim, papers_total=len(enclosures))
    made = dossier_pdf(
        school=case.school,
        title=f"File of case {case.reference}",
        marking=PRIVILEGED if file.has_advice else MARKING,
        reference=file.reference,
        facts=_facts(file, telling, copies),
        sections=[telling.section(key) for key in file.parts],
        enclosures=enclosures,
        tell=lambda done: claims.tell(claim, papers_done=done),
    )
    return claims.store(
        claim,
        made.pdf,
        pages=made.pages,
        fingerprint=made.fingerprint,
        papers_done=len(enclosures),
        made_at=timezone.now(),
        also=lambda: _remember(file, case, made.pages, copies),
    )


def _remember(file: CaseFile, case: Case, pages: int, copies: Sequence[RedactedCopy]) -> None:
    advice = " With privileged legal advice." if file.has_advice else ""
    record(
        Event.Kind.CASE_FILE_MADE,
        school=case.school,
        by=file.asked_by,
        case=case,
        number=file.number,
        summary=f"For {file.purpose}. {counted(pages, 'page')}, {counted(len(copies), 'redacted page')} of evidence."
        + advice,
    )
    note_taken_out(copies, by=file.asked_by, pack=file.reference)


def _facts(file: CaseFile, telling: Telling, copies: Sequence[RedactedCopy]) -> list[tuple[str, str]]:
    left_out = [name for key, name in PARTS.items() if key not in file.parts and key != "advice"]
    enclosed = {copy.evidence.pk for copy in copies}
    without = [f"Evidence {number}" for key, number in telling.numbers.items() if key not in enclosed]
    without += [letter.reference for letter in telling.letters if letter.reference not in file.letters]
    return [
        ("Reference", file.reference),
        ("About", telling.case.title),
        ("For", file.purpose),
        ("Prepared by", f"{file.asked_by.full_name}, {file.asked_by.job_title}, {at(file.asked_at)}"),
        ("Sections left out", "\n".join(left_out)),
        ("Not enclosed", ", ".join(without)),
    ]


def _copy(copy: RedactedCopy) -> Enclosure:
    return Enclosure(
        group="Redacted evidence",
        title=copy.title,
        mark=f"{copy.title}, redacted copy",
        pages=1,
        sha256=copy.sha256,
        read=partial(page_of, copy),
    )
