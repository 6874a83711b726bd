"""The forms on the page of an exported chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dkh_conduct.accounts.proof import proof_required
from incidents.evidence.chat_verbs import ChatRefusedError, destroy_rest, mark_lines, set_date_order
from incidents.evidence.forms import DestroyRestForm
from incidents.evidence.redacting import REDACT
from incidents.evidence.views import find_evidence

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Evidence

MOST_AT_ONCE = 500


@require_POST
@permission_required(REDACT, raise_exception=True)
def evidence_mark(request: StaffRequest, pk: UUID) -> HttpResponse:
    evidence = _find_chat(request, pk)
    shown, marked = _numbers(request, "shown"), _numbers(request, "marked")
    try:
        changed = mark_lines(evidence=evidence, shown=shown, marked=marked, by=request.user)
    except ChatRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"{changed} mark{'' if changed == 1 else 's'} changed." if changed else "Nothing changed."
        )
    back = (
        "?show=all&from=" + str(next(iter(_numbers(request, "from")), 1)) if request.POST.get("show") == "all" else ""
    )
    return redirect(f"{evidence.get_absolute_url()}{back}")


@require_POST
@permission_required(REDACT, raise_exception=True)
def evidence_date_order(request: StaffRequest, pk: UUID) -> HttpResponse:
    evidence = _find_chat(request, pk)
    try:
        set_date_order(evidence=evidence, order=request.POST.get("order", ""), by=request.user)
    except ChatRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The days are worked out now.")
    return redirect(evidence)


@require_http_methods(["GET", "POST"])
@permission_required(REDACT, raise_exception=True)
@proof_required
def evidence_rest_destroy(request: StaffRequest, pk: UUID) -> HttpResponse:
    evidence = _find_chat(request, pk)
    form = DestroyRestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            gone = destroy_rest(evidence=evidence, by=request.user, why=form.cleaned_data["why"])
        except ChatRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{gone} message{'' if gone == 1 else 's'} and the original were destroyed.")
            return redirect(evidence)
    marked = evidence.lines.marked().count()
    context = {"evidence": evidence, "form": form, "marked": marked, "rest": evidence.lines.count() - marked}
    return render(request, "evidence/evidence_rest_destroy.html", {**context, "back_url": evidence.get_absolute_url()})


def _find_chat(request: StaffRequest, pk: UUID) -> Evidence:
    evidence = find_evidence(request, pk)
    if evidence.kind != "chat" or evidence.is_waiting:
        raise Http404
    return evidence


def _numbers(request: StaffRequest, name: str) -> set[int]:
    typed = request.POST.getlist(name)[:MOST_AT_ONCE]
    return {int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 9}
