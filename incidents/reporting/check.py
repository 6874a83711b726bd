"""Check your answers, send them, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from dkh_conduct.school.limits import network_of
from dkh_conduct.school.templatetags.dates import clock, weekday
from incidents.models import Draft
from incidents.reporting.drafts import (
    draft_for,
    evidence_of,
    find_draft_or_sent,
    remember_draft,
    secret_of,
    sent_files_of,
)
from incidents.reporting.forms import Row
from incidents.reporting.proof import is_flooded, is_proven, new_proof
from incidents.reporting.questions import QUESTIONS, Question, unanswered
from incidents.reporting.rates import TooOftenError
from incidents.reporting.send_form import SendForm
from incidents.reporting.sending import IncompleteError, find_receipt, promised_day, send_concern
from incidents.reporting.switching import open_form
from letters.receipts import ReceiptFile, receipt_pdf

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import Evidence


READ_FIRST = _lazy("A senior leader reads what you sent.")
LEAD_TOLD = (
    _lazy("Now"),
    _lazy(
        "We are sending our safeguarding lead a message, so that they read it as soon as they can. "
        "If anybody is in danger, do not wait for us: call 999."
    ),
)
NEXT_STEPS = (
    (_lazy("Then"), _lazy("We gather information. We hear from the people involved.")),
    (
        _lazy("If we have a question"),
        _lazy("We leave you a message where you check your concern. Look again in a few days."),
    ),
)


@dataclass(frozen=True)
class CheckRow:
    """One line of the page: an answer in words, or the files of the evidence question."""

    question: Question
    row: Row
    files: list[Evidence] = field(default_factory=list)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_check(request: HttpRequest) -> HttpResponse:
    draft = find_draft_or_sent(request)
    form = open_form(SendForm, request)
    if draft and not draft.is_sent and form.is_valid() and is_flooded() and not _is_proven(request):
        return _page(request, draft, form, is_unproven=True)
    if draft and form.is_valid():
        try:
            send_concern(draft=draft, secret=secret_of(request), network=network_of(request))
        except IncompleteError:
            draft.refresh_from_db()
        except Draft.DoesNotExist:
            draft = None
        except TooOftenError as too_often:
            return _wait(request, too_often)
        else:
            return redirect("report-sent")
    if draft and draft.is_sent:
        return redirect("report-sent")
    return _page(request, draft or Draft(), form)


def _wait(request: HttpRequest, too_often: TooOftenError) -> HttpResponse:
    """The draft's day starts again, so that it outlives the wait."""
    draft_for(request)
    response = render(request, "reporting/wait.html", {"until": too_often.until}, status=429)
    response.headers["Retry-After"] = str(too_often.seconds)
    remember_draft(response, request)
    return response


def _is_proven(request: HttpRequest) -> bool:
    return is_proven(proof=request.POST.get("proof", ""), waited=request.POST.get("waited", ""))


def _page(request: HttpRequest, draft: Draft, form: SendForm, *, is_unproven: bool = False) -> HttpResponse:
    context = {
        "proof": new_proof(request.POST.get("waited", "")) if is_flooded() else None,
        "is_unproven": is_unproven,
        "form": form,
        "sections": _sections(draft),
        "missing": unanswered(draft),
        "was_sent": form.is_bound,
        "bad_files": evidence_of(draft).bad().count(),
        "back_url": reverse(QUESTIONS[-1].url_name),
    }
    return render(request, "reporting/check.html", context, status=429 if is_unproven else 200)


def _sections(draft: Draft) -> dict[str, list[CheckRow]]:
    sections: dict[str, list[CheckRow]] = {}
    for question in QUESTIONS:
        rows = sections.setdefault(str(question.section), [])
        if question.form:
            answers = draft.answers.get(question.slug, {})
            rows += [CheckRow(question, row) for row in question.form.rows(answers)]
        else:
            rows.append(CheckRow(question, Row(_("Files"), _("the files")), list(evidence_of(draft).good())))
    return sections


@login_not_required
@require_safe
def report_sent(request: HttpRequest) -> HttpResponse:
    sent = _sent(request)
    return render(request, "reporting/sent.html", sent) if isinstance(sent, dict) else sent


@login_not_required
@require_safe
def report_receipt(request: HttpRequest) -> HttpResponse:
    """The same page as a PDF to keep."""
    sent = _sent(request)
    if not isinstance(sent, dict):
        return sent
    concern, receipt = sent["concern"], sent["receipt"]
    pdf = receipt_pdf(
        school=concern.school,
        reference=receipt.reference,
        access_code=receipt.access_code,
        sent=_("%(day)s at %(time)s") % {"day": weekday(concern.received_at), "time": clock(concern.received_at)},
        files=[ReceiptFile(file.name, file.size_in_words, file.caption, _thumbnail(file)) for file in sent["files"]],
        refused=[(name, _(problem)) for name, problem in receipt.refused],
        steps=sent["steps"],
        status_address=f"{settings.SITE_URL}{reverse('status')}",
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="concern-{receipt.reference}.pdf"'
    return response


def _thumbnail(file: Evidence) -> bytes:
    """Nothing where it has none, or where the store has lost it: the receipt is given all the same."""
    try:
        with file.thumbnail.open("rb") as opened:
            return bytes(opened.read())
    except (OSError, ValueError):
        return b""


def _sent(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """What the receipt says, or the answer where there is none (any more)."""
    draft = find_draft_or_sent(request)
    if draft and not draft.is_sent:
        return redirect("report-check")
    receipt = find_receipt(draft, secret_of(request)) if draft else None
    if draft is None or draft.concern is None or receipt is None:
        return render(request, "reporting/sent_gone.html", status=410)
    read_by = promised_day(draft.school, timezone.localdate(draft.concern.received_at))
    return {
        "receipt": receipt,
        "concern": draft.concern,
        "reporter": draft.concern.reporter,
        "files": list(sent_files_of(draft.concern)),
        "steps": [
            *([LEAD_TOLD] if receipt.is_lead_told else []),
            (_("By %(day)s") % {"day": weekday(read_by)} if read_by else _("First"), READ_FIRST),
            *NEXT_STEPS,
        ],
    }
