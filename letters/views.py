"""The print room: what waits, printing, posting, and taking a posting back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from letters.batches import batch_pdf, put_together_again
from letters.emailing import email_letters, post_instead
from letters.forms import BatchPostForm, ChosenLettersForm, HowToPrintForm
from letters.models import Letter, PrintBatch
from letters.posting import WrongDayError, cannot_count, mark_posted, undo_posting
from letters.print_room import (
    ROWS,
    email_tab,
    number_in,
    post_tab,
    posted_tab,
    print_tab,
    register_tab,
    shown_batch,
    tab_of,
    void_tab,
)
from letters.printing import print_letters
from letters.refusals import AlreadyPrintedError, LetterRefusedError
from letters.register import RegisterForm
from letters.retrying import retry_letter

if TYPE_CHECKING:
    from django.http import HttpResponseRedirect

    from letters.http import StaffRequest

may_print = permission_required("letters.print_letter", raise_exception=True)


@require_GET
@permission_required("letters.view_letter", raise_exception=True)
def print_room(request: StaffRequest) -> HttpResponse:
    return _print_room(request, show=tab_of(request))


@require_POST
@may_print
def letters_print(request: StaffRequest) -> HttpResponse:
    visible = Letter.objects.visible_to(request.user)
    form = ChosenLettersForm(request.POST, visible=visible)
    if "every" in request.POST:
        letters = RegisterForm(request.POST).found(visible.to_print())
    elif form.is_valid():
        letters = form.cleaned_data["letters"]
    else:
        return _print_room(request, show="print", chosen=form)
    try:
        batch = print_letters(letters=letters, by=request.user, **HowToPrintForm(request.POST).chosen())
    except AlreadyPrintedError as already:
        if already.batch.printed_by_id != request.user.pk:
            messages.info(request, str(already))
        batch = already.batch
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
        return _to("print")
    return _to("post", batch=batch.number)


@require_GET
@may_print
def print_batch(request: StaffRequest, number: int) -> HttpResponse:
    """The batch as one PDF, for as long as it is not posted: a printer jams. While a worker makes it: how far it is."""
    batch = get_object_or_404(PrintBatch, school_id=request.user.school_id, number=number)
    letters = list(Letter.objects.visible_to(request.user).to_post().filter(batch=batch))
    if not letters:
        return render(
            request, "letters/refused.html", {"why": f"Batch {number} has no letters left to print."}, status=404
        )
    try:
        pdf = batch_pdf(batch, letters)
    except LetterRefusedError as refusal:
        return render(request, "letters/refused.html", {"why": str(refusal)}, status=409)
    if pdf is None:
        done = len(letters) * batch.letters_done // max(batch.letters_total, 1)  # of those that the reader may know of
        context = {"batch": batch, "done": min(done, len(letters)), "total": len(letters)}
        response = render(request, "letters/batch_progress.html", context)
        if batch.state != PrintBatch.State.FAILED:
            response["Refresh"] = "2"
        return response
    return as_pdf(pdf, name=f"batch-{number}")


@require_POST
@may_print
def batch_retry(request: StaffRequest, number: int) -> HttpResponse:
    batch = get_object_or_404(PrintBatch, school_id=request.user.school_id, number=number)
    try:
        put_together_again(batch=batch, by=request.user)
    except LetterRefusedError as refusal:
        messages.info(request, str(refusal))
    return redirect("print-batch", number=number)


@require_POST
@may_print
def letters_post(request: StaffRequest) -> HttpResponse:
    number = number_in(request.POST.get("batch"))
    batch = get_object_or_404(PrintBatch, school_id=request.user.school_id, number=number)
    letters = Letter.objects.visible_to(request.user).to_post().filter(batch=batch).order_by("addressee", "pk")
    form = BatchPostForm(request.POST, batch=batch, letters=list(letters))
    if not letters:
        messages.info(request, f"Batch {batch.number} has no letters left to post.")
        return _to("posted", batch=batch.number)
    if form.is_valid():
        try:
            gone = mark_posted(
                letters=form.chosen,
                posted_on=form.cleaned_data["posted_on"],
                by=request.user,
                how=form.cleaned_data["how"],
            )
        except WrongDayError as refusal:
            form.refuse_day(str(refusal))
        except LetterRefusedError as refusal:
            messages.error(request, str(refusal))
            return _to("post")
        else:
            if why := cannot_count(gone, school=batch.school):
                messages.warning(request, why)
            return _to("posted", batch=batch.number)
    return _print_room(request, show="post", bound=form)


@require_POST
@may_print
def letters_email(request: StaffRequest) -> HttpResponse:
    form = ChosenLettersForm(request.POST, visible=Letter.objects.visible_to(request.user))
    if not form.is_valid():
        messages.error(request, "Select the letters to email.")
        return _to("email")
    try:
        sent = email_letters(letters=form.cleaned_data["letters"], by=request.user)
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        number = "The link is" if len(sent) == 1 else f"{len(sent)} links are"
        messages.success(request, f"{number} on the way. Now give them the code by phone or in person.")
    return _to("email")


@require_POST
@may_print
def letter_post_instead(request: StaffRequest, reference: str) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), reference=reference)
    try:
        letter = post_instead(letter=letter, by=request.user)
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
        return _to("email")
    if letter.state == Letter.State.VOID:
        messages.info(
            request, f"{letter.reference} is void: they moved after it was emailed. It has to be issued again."
        )
        return _to("void")
    messages.success(request, f"{letter.reference} waits to be printed. The link in the email opens nothing any more.")
    return _to("print")


@require_POST
@may_print
def posting_undo(request: StaffRequest) -> HttpResponse:
    form = ChosenLettersForm(request.POST, visible=Letter.objects.visible_to(request.user))
    if not form.is_valid():
        messages.error(request, "The letters cannot be found any more. Nothing was changed.")
        return _to("posted")
    try:
        undone = undo_posting(letters=form.cleaned_data["letters"], by=request.user)
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
        return _to("posted")
    messages.success(request, f"{_letters(len(undone))} back to be posted. No reply date counts until then.")
    return _to("post")


@require_POST
@may_print
def letter_retry(request: StaffRequest, reference: str) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user), reference=reference)
    try:
        retry_letter(letter=letter, by=request.user)
    except LetterRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{letter.reference} is being made again.")
    return _to("print")


def as_pdf(pdf: bytes, *, name: str) -> HttpResponse:
    """Shown in the browser, saved under a name that says nothing about a person."""
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


def _print_room(
    request: StaffRequest, *, show: str, chosen: ChosenLettersForm | None = None, bound: BatchPostForm | None = None
) -> HttpResponse:
    visible = Letter.objects.visible_to(request.user)
    batch = shown_batch(request)
    context = {
        "show": show,
        "batch": batch,
        "may_print": request.user.has_perm("letters.print_letter"),
        "to_print": visible.to_print().count(),
        "to_post": visible.to_post().count(),
        "to_email": visible.to_email().count(),
        "void": visible.voided().count(),
        "unopened": list(visible.unopened().select_related("email").order_by("posted_at", "pk")[:ROWS]),
        "form": chosen,
    }
    if show == "post":
        context |= post_tab(request, visible, bound)
    elif show == "email":
        context |= email_tab(request, visible)
    elif show == "posted":
        context |= posted_tab(request, visible, batch)
    elif show == "void":
        context |= void_tab(request, visible)
    elif show == "register":
        context |= register_tab(request, visible)
    else:
        context |= print_tab(request, visible)
    return render(request, "letters/print_room.html", context)


def _to(show: str, **more: int) -> HttpResponseRedirect:
    return redirect(f"{reverse('print-room')}?{urlencode({'show': show, **more})}")


def _letters(count: int) -> str:
    return "1 letter is" if count == 1 else f"{count} letters are"
