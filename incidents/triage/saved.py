"""Filters of the queue that are kept under a name: saving one, sharing it, taking it away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from incidents.models import SavedFilter
from incidents.triage.filters import Filters

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

LONGEST_NAME = 60
WORDS_STAY = (
    "Filters with words to search for cannot be shared: they may name somebody whom a colleague may not know of. "
    "Take the words out, or keep the filters to yourself."
)
MOST = 20  # for one person: a list that is longer helps nobody
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class NotSavedError(Exception):
    """The message says why."""


@dataclass(frozen=True)
class Saving:
    """What the page of the queue shows in the box for a name: what was typed, and why it was not kept."""

    name: str = ""
    problem: str = ""


def saving(request: StaffRequest) -> Saving:
    """Read from the address that a refused name led back to, so that nothing typed is lost."""
    typed = request.GET.get("save")
    if typed is None:
        return Saving()
    name = _tidy(typed)
    return Saving(name, _why_not(name, by=request.user))


def _tidy(typed: str) -> str:
    return " ".join(UNKEEPABLE.sub("", typed).split())


def _why_not(name: str, *, by: User) -> str:
    if not name:
        return "Enter a name for these filters."
    if len(name) > LONGEST_NAME:
        return f"The name must be {LONGEST_NAME} characters or fewer."
    mine = SavedFilter.objects.filter(owner=by)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        return f"You have {MOST} saved filters. Remove one first."
    return ""


def save_filter(*, by: User, name: str, filters: Filters, is_shared: bool) -> SavedFilter:
    """Under a name that is theirs already it takes the other's place. What means nothing is not kept."""
    name = _tidy(name)
    with transaction.atomic():
        # Their own row is the lock: two tabs at once never make one filter more than there may be.
        get_user_model().objects.select_for_update(of=("self",)).get(pk=by.pk)
        if problem := _why_not(name, by=by):
            raise NotSavedError(problem)
        query = filters.query
        if is_shared and filters.q:
            raise NotSavedError(WORDS_STAY)
        return SavedFilter.objects.update_or_create(
            owner=by, name=name, defaults={"school_id": by.school_id, "query": query, "is_shared": is_shared}
        )[0]


@require_POST
@permission_required("incidents.view_concern", raise_exception=True)
def filter_save(request: StaffRequest) -> HttpResponse:
    filters = Filters.read(QueryDict(request.POST.get("query", "")[:2_000]))
    try:
        saved = save_filter(
            by=request.user, name=request.POST.get("name", ""), filters=filters, is_shared="share" in request.POST
        )
    except NotSavedError as problem:
        typed = urlencode({"save": request.POST.get("name", "")[:200]})
        messages.error(request, str(problem))
        return HttpResponseRedirect(f"{reverse('concern-list')}?{filters.query}&{typed}#filter-name")
    shared = " Colleagues see it too." if saved.is_shared else ""
    messages.success(request, f"“{saved.name}” is saved.{shared}")
    return HttpResponseRedirect(f"{reverse('concern-list')}?{filters.query}")


@require_POST
@permission_required("incidents.view_concern", raise_exception=True)
def filter_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Only one's own: a colleague's goes when they take it away."""
    get_object_or_404(SavedFilter.objects.filter(owner=request.user), pk=pk).delete()
    messages.success(request, "The saved filter is removed.")
    return redirect("concern-list")
