"""What the office does with a letter that is out: a copy, taking it out of use, and the register as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import today
from letters.copying import copy_letter, may_copy
from letters.drafting import set_large_print
from letters.envelopes import EnvelopeForm, choose_envelope, sample_page_pdf
from letters.forms import CopyForm, VoidForm
from letters.models import Letter
from letters.refusals import LetterRefusedError
from letters.register import RegisterForm, as_csv
from letters.views import as_pdf, may_print
from letters.voiding import may_void, void_letter
from letters.window import ENVELOPES

if TYPE_CHECKING:
    from letters.http import StaffRequest

may_view = permission_required("letters.view_letter", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_print
def letter_copy(request: StaffRequest, reference: str) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), reference=reference)
    form = CopyForm(request.POST if request.method == "POST" else None)
    problem = "" if may_copy(letter, request.user) else "It has not been printed yet. Print the letter itself first."
    if not problem and form.is_valid():
        try:
            pdf = copy_letter(letter=letter, by=request.user, why=form.cleaned_data["why"])
        except LetterRefusedError as refusal:
            problem = str(refusal)
        else:
            return as_pdf(pdf, name=f"{letter.reference}-copy")
    context = {"letter": letter, "form": form, "problem": problem, "back_url": letter.get_absolute_url()}
    return render(request, "letters/letter_copy.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may_view
def letter_void(request: StaffRequest, reference: str) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user).select_related("voided_by"), reference=reference)
    if not (request.user.has_perm("letters.print_letter") or request.user.has_perm("letters.approve_letter")):
        raise PermissionDenied
    form = VoidForm(request.POST if request.method == "POST" else None)
    problem = "" if may_void(letter, request.user) else f"This letter is marked “{letter.get_state_display()}”."
    if not problem and form.is_valid():
        try:
            void_letter(letter=letter, by=request.user, **form.cleaned_data)
        except LetterRefusedError as refusal:
            problem = str(refusal)
        else:
            messages.success(request, f"{letter.reference} is void now. Do not post it.")
            return redirect(letter)
    context = {"letter": letter, "form": form, "problem": problem, "back_url": letter.get_absolute_url()}
    return render(request, "letters/letter_void.html", context, status=409 if problem else 200)


@require_GET
@may_view
def register_file(request: StaffRequest) -> StreamingHttpResponse:
    letters = RegisterForm(request.GET).found(Letter.objects.visible_to(request.user).registered())
    return StreamingHttpResponse(
        as_csv(letters.order_by("-sealed_at", "-pk")),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="letters-{today().isoformat()}.csv"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_print
def envelopes(request: StaffRequest) -> HttpResponse:
    form = EnvelopeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        choose_envelope(school=school_of(request), by=request.user, envelope=form.cleaned_data["envelope"])
        messages.success(request, "Saved. Letters that are made from now on fit this envelope.")
        return redirect("envelopes")
    context = {"form": form, "envelopes": ENVELOPES.values(), "back_url": reverse("print-room")}
    return render(request, "letters/envelopes.html", context)


@require_GET
@may_print
def envelope_test(request: StaffRequest, key: str) -> HttpResponse:
    envelope = ENVELOPES.get(key)
    if envelope is None:
        raise Http404
    return as_pdf(sample_page_pdf(school_of(request), envelope), name=f"envelope-{key}")


@require_POST
@permission_required("letters.draft_letter", raise_exception=True)
def letter_print_size(request: StaffRequest, reference: str) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), reference=reference)
    try:
        set_large_print(letter=letter, by=request.user, is_large_print="large" in request.POST)
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Large print." if "large" in request.POST else "Usual print.")
    return redirect(letter)
