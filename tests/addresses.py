"""Every address of the portal, and the rows that fill its gaps: for tests that visit them all."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from dkh_conduct.school.models import today
from incidents.casework.conflicts import record_conflict
from incidents.casework.tasks import add_task
from incidents.models import (
    AuthorityReferral,
    Case,
    CaseFile,
    ContactImport,
    Evidence,
    FamilyLink,
    LegalReferral,
    Meeting,
    Reply,
    SavedFilter,
    Signal,
    SiteBan,
    Step,
)
from letters.kinds import Composed
from letters.mailings import draft_mailing
from letters.models import Letter, PrintBatch
from tests.casework.fair_case import drafted, fair_case
from tests.factories import (
    CaseFactory,
    ConcernFactory,
    InvitationFactory,
    LetterFactory,
    PersonFactory,
    PersonFlagFactory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.accounts.models import User


def every_name(resolver: URLResolver | None = None) -> Iterator[str]:
    """The name of every address that the portal answers at; one without a name is not allowed."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from every_name(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern} needs a name"
            yield pattern.name


@dataclass
class World:
    """One row of each kind, at one school. `away` are its addresses' arguments, by URL name."""

    rows: dict[str, Any]
    arguments: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        case = {"reference": self.rows["case"].reference}
        concern = {"reference": self.rows["concern"].reference}
        letter = {"reference": self.rows["letter"].reference}
        taken = {**case, "pk": self.rows["taken"].pk}
        file = {"pk": self.rows["evidence"].pk}
        member = {"pk": self.rows["office"].pk}
        told = {**case, "pk": self.rows["authority"].step_id}
        asked = {**case, "pk": self.rows["legal"].step_id}
        draft = {**case, "draft": self.rows["step"].pk}
        on_case = {**case, "pk": self.rows["case_person"].pk}
        mailing = {"number": 1}
        begun = {"pk": self.rows["import"].pk}
        contact = {"number": self.rows["contact"].pk}
        self.arguments = {
            "account_reset_password_from_key": {"uidb36": "1", "key": "made-up"},
            "mfa_remove_webauthn": {"pk": 0},
            "openid_connect_login": {"provider_id": "google"},
            "openid_connect_callback": {"provider_id": "google"},
            "case-why": case,
            "looked": {"thing": "case", **case},
            "invitation-open": {"token": "made-up"},
            "invitation-withdraw": {"pk": self.rows["invitation"].pk},
            "staff-member": member,
            "staff-second-step-reset": member,
            "staff-sessions-end": member,
            "staff-leave": member,
            "concern": concern,
            "concern-assign": concern,
            "filter-remove": {"pk": self.rows["filter"].pk},
            "concern-conflict": concern,
            "concern-email": concern,
            "concern-pause": concern,
            "concern-resume": concern,
            "concern-undo": concern,
            "concern-letter": concern,
            "concern-messages": concern,
            "concern-messages-read": concern,
            "concern-new-code": concern,
            "status-thumbnail": {"pk": uuid.UUID(int=1)},
            "status-contact-confirm": {"token": "made-up"},
            "status-new-code": {"token": "made-up"},
            "report-resume": {"token": "made-up"},
            "case": case,
            "person-add": case,
            **dict.fromkeys(("person-change", "person-write-anyway"), on_case),
            **dict.fromkeys(("contact", "contact-change", "contact-unlist", "flag-set", "family-add"), contact),
            **dict.fromkeys(("contact-import-columns", "contact-import-preview"), begun),
            **dict.fromkeys(("mailing", "mailing-preview", "mailing-autosave"), mailing),
            "mailing-again": {**mailing, "row": 1},
            "flag-lift": {"number": self.rows["contact"].pk, "flag": self.rows["flag"].pk},
            "family-remove": {"number": self.rows["contact"].pk, "link": self.rows["family"].pk},
            "allegation-add": case,
            "finding-record": {**case, "pk": self.rows["allegation"].pk},
            "information-ask": case,
            "information": {**case, "pk": self.rows["information"].pk},
            "information-receive": {**case, "pk": self.rows["information"].pk},
            "cannot-wait-record": case,
            "note-add": case,
            "case-reply": {**case, "pk": self.rows["reply"].pk},
            "case-reply-read": {**case, "pk": self.rows["reply"].pk},
            "reply-thumbnail": {"pk": uuid.UUID(int=1)},
            "task-add": case,
            "task-done": {**case, "pk": self.rows["task"].pk},
            "case-link": case,
            "case-unlink": {**case, "other": self.rows["other_case"].reference},
            "case-file-ask": case,
            "case-merge": case,
            "case-split": case,
            **{key: {**case, "number": 1} for key in ("case-file", "case-file-pdf", "case-file-again")},
            "case-close": case,
            "case-reopen": case,
            "case-pause": case,
            "case-resume": case,
            "lead-change": case,
            "conflict-record": case,
            "step-warning": case,
            "step-draft": draft,
            "step-preview": draft,
            "step-autosave": draft,
            "step-discard": draft,
            "step": taken,
            "step-rescind": taken,
            "step-letter-again": taken,
            "step-ban": case,
            **dict.fromkeys(("step-authorities", "step-legal", "signal-list", "signal-add"), case),
            "signal-withdraw": {**case, "pk": self.rows["signal"].pk},
            **dict.fromkeys(("authority-sent", "authority-outcome", "authority-pack"), told),
            **dict.fromkeys(("legal-pack", "advice-add"), asked),
            "step-meeting": case,
            **dict.fromkeys(("meeting-arrange", "meeting-record", "meeting-no-show"), taken),
            **dict.fromkeys(("notes-agree", "meeting-calendar"), taken),
            "meeting-part": {**taken, "stage": "follow_up"},
            "ban-part": {**case, "pk": self.rows["proposal"].pk, "stage": "confirm"},
            "representation-add": {**case, "pk": self.rows["proposal"].pk},
            "breach-add": {**case, "pk": self.rows["proposal"].pk},
            "proposal-decide": {**case, "pk": self.rows["proposal"].pk},
            "evidence": file,
            "evidence-custody": file,
            "evidence-original-open": file,
            "evidence-mark": file,
            "evidence-date-order": file,
            "evidence-rest-destroy": file,
            "evidence-cover": file,
            "evidence-redact": {**file, "number": 1},
            "evidence-redacted": {**file, "redaction": self.rows["redaction"].pk},
            "evidence-part": {**file, "number": 2, "rendition": "copy"},
            "evidence-file": {**file, "rendition": "copy"},
            "letter": letter,
            "letter-pdf": letter,
            "letter-picture": letter,
            "letter-retry": letter,
            "letter-copy": letter,
            "letter-void": letter,
            "letter-post-instead": letter,
            "emailed-letter": {"reference": "DKH-C000-1"},
            "letter-print-size": letter,
            "envelope-test": {"key": "dl35"},
            **{f"template-{page}": {"kind": "warning"} for page in ("change", "preview", "versions", "restore")},
            "print-batch": {"number": self.rows["batch"].number},
            "batch-retry": {"number": self.rows["batch"].number},
            "term-change": {"pk": self.rows["term"].pk},
            "closed-day-remove": {"pk": self.rows["closed_day"].pk},
            "page-change": {"slug": "privacy"},
            "report-evidence-thumbnail": {"pk": uuid.UUID(int=1)},
        }

    def address(self, name: str) -> str:
        return reverse(name, kwargs=self.arguments.get(name, {}))


def build_world(*, slt: User, office: User, colleague: User) -> World:
    """`slt` leads the case and `office` prints; `colleague` may do what `slt` may, but has stepped aside."""
    school = slt.school
    case = fair_case(slt)
    step = drafted(case)
    concern = ConcernFactory.create(school=school, case=None)
    read = ConcernFactory.create(school=school, case=case)
    batch = PrintBatch.objects.create(school=school, number=41, printed_by=office)
    letter = _sealed_letter(slt, batch)
    record_conflict(case=case, by=colleague, reason="Named in it")
    concern.conflicts.create(user=colleague, reason="Named in it")
    letter.withheld_from.add(colleague)
    evidence = _evidence(read)
    contact = PersonFactory.create(school=school, full_name="Kemi Ade", is_contact=True)
    child = PersonFactory.create(school=school, full_name="Ola Ade", is_child=True, is_contact=True)
    begun = ContactImport.objects.create(
        school=school, by=office, file_name="families.csv", table='[["Student", "Class"], [[2, ["Ola Ade", "Oak"]]]]'
    )
    draft_mailing(
        school=school,
        by=slt,
        kind="general",
        composed=Composed(title="Letter", heading="News", body="Hello.", template_version="1", enclosures=""),
        signatory=(slt.full_name, slt.job_title),
        audience={"kind": "school"},
        audience_words="The whole school",
    )
    rows = {
        "import": begun,
        "contact": contact,
        "flag": PersonFlagFactory.create(person=contact, set_by=slt),
        "family": FamilyLink.objects.create(person=contact, relative=child, kind="parent"),
        "case": case,
        "step": step,
        "taken": a_taken_step(case, by=slt),
        "proposal": a_proposal(case, by=slt),
        "authority": AuthorityReferral.objects.create(step=a_step(case, "authorities", by=slt), body="police"),
        "legal": LegalReferral.objects.create(step=a_step(case, "legal", by=slt), published_on=date(2026, 11, 19)),
        "signal": Signal.objects.create(allegation=case.allegations.get(), kind="threat", shows="It.", recorded_by=slt),
        "concern": concern,
        "evidence": evidence,
        "redaction": evidence.redactions.create(boxes=[], copy=evidence.copy.name, sha256="0" * 64, made_by=slt),
        "letter": letter,
        "batch": batch,
        "office": office,
        "invitation": InvitationFactory.create(school=school),
        "reply": Reply.objects.create(school=school, step=step, side="It was not me.", sent_at=timezone.now()),
        "filter": SavedFilter.objects.create(owner=slt, school=school, name="Late", query="due=late"),
        "term": school.terms.get(),
        "closed_day": school.closed_days.create(day=date(2026, 11, 27), reason="Inset day", kind="inset"),
        "task": add_task(case=case, by=slt, what="Ring them", owner=slt, due_on=today()),
        "case_file": _case_file(case, slt),
        "other_case": CaseFactory.create(school=school, lead=slt, number=15),
        "case_person": case.people.get(),
        "allegation": case.allegations.get(),
        "information": case.information.get(),
    }
    return World(rows)


def _case_file(case: Case, slt: User) -> CaseFile:
    about = {"purpose": "A panel", "parts": ["summary"], "letters": [], "evidence": [], "asked_by": slt}
    content = b"%PDF-1.7"
    file = CaseFile(
        case=case,
        number=1,
        **about,
        state="ready",
        sha256=hashlib.sha256(content).hexdigest(),
        fingerprint="0" * 64,
        pages=1,
        made_at=timezone.now(),
    )
    file.file.save(f"case-files/{uuid.uuid4()}.pdf", ContentFile(content))
    return file


def a_step(case: Case, kind: str, *, by: User) -> Step:
    about = {"case": case, "subject": case.subjects[0], "reason": "Both sides were heard.", "has_no_conflict": True}
    return Step.objects.create(**about, kind=kind, state="taken", drafted_by=by, taken_by=by, taken_at=timezone.now())


def a_taken_step(case: Case, *, by: User) -> Step:
    step = a_step(case, "meeting", by=by)
    Meeting.objects.create(step=step, purpose="the messages", topics="The messages", note_taker=by)
    return step


def a_proposal(case: Case, *, by: User) -> Step:
    about = {"case": case, "subject": case.subjects[0], "reason": "Two lesser steps did not stop it."}
    step = Step.objects.create(
        **about,
        kind="ban",
        stage="notice",
        state="proposed",
        drafted_by=by,
        proposed_by=by,
        proposed_at=timezone.now(),
        proposals=1,
    )
    SiteBan.objects.create(school=case.school, step=step, person=step.subject)
    return step


def _sealed_letter(slt: User, batch: PrintBatch) -> Letter:
    page = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(page)
    now = timezone.now()
    letter = LetterFactory.create(
        school=slt.school,
        drafted_by=slt,
        approved_by=slt,
        approved_at=now,
        queued_at=now,
        state=Letter.State.PRINTED,
        sha256=hashlib.sha256(page.getvalue()).hexdigest(),
        file="not-yet",
        pages=1,
        sealed_at=now,
        batch=batch,
        printed_at=now,
    )
    letter.file.save(f"letters/{uuid.uuid4()}.pdf", ContentFile(page.getvalue()))
    return letter


def _evidence(concern: Any) -> Evidence:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "WEBP")
    evidence = Evidence(
        school=concern.school,
        concern=concern,
        name="screenshot.webp",
        media_type="image/webp",
        sha256="0" * 64,
        width=8,
        height=8,
    )
    for name in ("original", "copy", "thumbnail"):
        getattr(evidence, name).save(f"evidence/{uuid.uuid4()}.webp", ContentFile(picture.getvalue()), save=False)
    evidence.save()
    evidence.parts.create(
        number=2, media_type="image/webp", copy=evidence.copy.name, thumbnail=evidence.thumbnail.name, width=8, height=8
    )
    return evidence
