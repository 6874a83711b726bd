"""The page where somebody says which words of a chat or an e-mail may leave, and covers names in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.evidence.chat_view import visible
from incidents.evidence.cover_forms import HOW_MUCH, CoverForm
from incidents.evidence.cover_suggesting import not_masked, words_suggested
from incidents.evidence.covering import Mask, Piece, cover_words, current_words, fingerprint, masks_of, pieces_of
from incidents.evidence.looks import note_look
from incidents.evidence.passages import passages_of
from incidents.evidence.redacting import REDACT, CannotRedactError, Why
from incidents.evidence.views import find_evidence

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.evidence.passages import Passage

CHANGED = "The passages changed in the meantime. Look through them again, then save"


@dataclass(frozen=True)
class Shown:
    """A passage with what is covered in it, as it is filled in now."""

    passage: Passage
    who: list[Piece]
    words: list[Piece]
    is_in: bool


@require_http_methods(["GET", "POST"])
@permission_required(REDACT, raise_exception=True)
def evidence_cover(request: StaffRequest, pk: UUID) -> HttpResponse:
    evidence = find_evidence(request, pk)
    if evidence.kind not in {"chat", "email"} or evidence.is_waiting:
        raise Http404
    is_email = evidence.kind == "email"
    passages, made = passages_of(evidence), current_words(evidence)
    seen = fingerprint(passages, ())
    form = CoverForm.saved(evidence, made, masks_of(made))
    suggested = words_suggested(evidence, passages, user=request.user)
    if request.method == "POST":
        form = CoverForm.posted(request.POST)
        if "remove" in request.POST:
            form = form.without(request.POST["remove"])
        elif asked := request.POST.get("accept"):
            offered = not_masked(suggested, form.typed)
            form = form.with_more([each.mask for each in offered if asked in {"all", str(each.number)}])
        elif request.POST.get("action") == "add":
            form = form.with_more([Mask("", Why.PARENT.value)])
        elif request.POST.get("action") == "save":
            if request.POST.get("seen") != seen:
                form.problems.append(("passages", CHANGED))
            chosen = form.chosen(passages, is_email=is_email)
            masks = form.check(chosen, is_email=is_email, is_nothing_to_cover="nothing" in request.POST)
            if masks is not None:
                try:
                    numbers = [each.number for each in chosen]
                    cover_words(evidence=evidence, passages=numbers, masks=masks, by=request.user)
                except CannotRedactError as refusal:
                    form.problems.append(("passages", str(refusal)))
                else:
                    messages.success(request, "Saved. This is what goes into packs. The file itself is as it was.")
                    return redirect(evidence)
    else:
        note_look(evidence, by=request.user)
    chosen_numbers = {each.number for each in form.chosen(passages, is_email=is_email)}
    typed = form.typed
    context = {
        "evidence": evidence,
        "is_email": is_email,
        "form": form,
        "how_much": HOW_MUCH.items(),
        "shown": [
            Shown(
                each,
                [
                    Piece(visible(piece.words), piece.is_covered)
                    for piece in pieces_of(each.who, () if is_email else typed)
                ],
                pieces_of(each.words, typed),
                each.number in chosen_numbers,
            )
            for each in passages
        ],
        "seen": seen,
        "suggestions": not_masked(suggested, typed),
        "has_changed": request.method == "POST",
        "back_url": evidence.get_absolute_url(),
    }
    return render(request, "evidence/evidence_cover.html", context)
