"""The page that searches everything somebody may read. That they searched is kept, and never what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents.insights.search import KINDS, MOST, SHORTEST, Words, found_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest

FEW, PAGE_SIZE = 5, 50
MAY_SEARCH = ("incidents.view_concern", "incidents.view_case", "letters.view_letter")


@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """First a few of each kind, then all of one. The address carries what was typed, so that Back leads to it."""
    if not any(request.user.has_perm(permission) for permission in MAY_SEARCH):
        raise PermissionDenied("This role reads no concerns, cases or letters.")
    words = Words.read(request.GET.get("q", ""))
    kind = next((each for each in KINDS if each.key == request.GET.get("in")), None)
    context: dict[str, Any] = {"words": words, "kind": kind, "shortest": SHORTEST, "most": MOST}
    if words.is_enough and kind:
        page = Paginator(kind.rows(words, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "hits": [kind.show(row, words) for row in page]}
    elif words.is_enough:
        context["found"] = found_of(words, request.user, few=FEW)
    response = render(request, "insights/search.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
