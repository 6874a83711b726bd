"""One letter: what it says, where it is on its way, and the sealed file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from letters.copying import may_copy
from letters.holding import holds_on
from letters.models import Letter, LetterEvent
from letters.previews import draft_pdf, picture_of
from letters.print_room import number_in
from letters.refusals import LetterRefusedError
from letters.sealed import read_sealed
from letters.views import as_pdf
from letters.voiding import may_void, why_void

if TYPE_CHECKING:
    from letters.http import StaffRequest

# Why a senior leader went on with it. The office prints and posts: it reads no reasons, and one may name somebody.
REASONS = (LetterEvent.Kind.CHECK_ANSWERED, LetterEvent.Kind.LET_GO)
may_view = permission_required("letters.view_letter", raise_exception=True)


@require_GET
@may_view
def letter_detail(request: StaffRequest, reference: str) -> HttpResponse:
    letters = Letter.objects.visible_to(request.user).select_related(
        "school",
        "drafted_by",
        "approved_by",
        "posted_by",
        "voided_by",
        "batch__printed_by",
        "reissue_of",
        "reissued_as",
        "email",
    )
    letter = get_object_or_404(letters, reference=reference)
    context = {
        "letter": letter,
        "history": letter.events.select_related("by")[:50],
        "hidden_reasons": () if request.user.has_perm("letters.draft_letter") else REASONS,
        "stops": [] if letter.state in {Letter.State.POSTED, Letter.State.VOID} else holds_on(letter),
        "is_draft": letter.state == Letter.State.DRAFT,
        "has_picture": letter.is_sealed or letter.state == Letter.State.DRAFT,
        "may_resize": letter.state == Letter.State.DRAFT and request.user.has_perm("letters.draft_letter"),
        "may_copy": may_copy(letter, request.user),
        "may_void": may_void(letter, request.user),
        "why_void": why_void(letter) if letter.state == Letter.State.VOID else "",
        "may_retry": letter.state == Letter.State.FAILED and request.user.has_perm("letters.print_letter"),
    }
    return render(request, "letters/letter_detail.html", context)


@require_GET
@may_view
def letter_pdf(request: StaffRequest, reference: str) -> HttpResponse:
    letter = _letter(request, reference)
    try:
        return as_pdf(_bytes(letter), name=letter.reference)
    except LetterRefusedError as refusal:
        return render(request, "letters/refused.html", {"why": str(refusal)}, status=409)


@require_GET
@may_view
def letter_picture(request: StaffRequest, reference: str) -> HttpResponse:
    page = number_in(request.GET.get("page", "1"))
    if not page:
        raise Http404
    letter = _letter(request, reference)
    try:
        response = HttpResponse(picture_of(_bytes(letter), page=page), content_type="image/png")
    except LetterRefusedError as refusal:
        return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{letter.reference}-{page}.png"'
    return response


def _letter(request: StaffRequest, reference: str) -> Letter:
    letters = Letter.objects.visible_to(request.user).select_related("school")
    return get_object_or_404(letters, reference=reference)


def _bytes(letter: Letter) -> bytes:
    """The sealed file; for a draft, which only those who may write letters can find, one that says so."""
    if letter.is_sealed:
        return read_sealed(letter)
    if letter.state == Letter.State.DRAFT:
        return draft_pdf(letter)
    raise Http404("Not made yet")
