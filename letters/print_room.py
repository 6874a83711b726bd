"""What the print room shows: how many letters wait at each stage, and the rows of one tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import F
from django.utils import timezone

from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import today
from letters.forms import BatchPostForm, HowToPrintForm
from letters.holding import with_reasons
from letters.models import UNOPENED_AFTER, Letter, PrintBatch
from letters.posting import may_undo, post_by
from letters.register import RegisterForm
from letters.reply_code import reply_code

if TYPE_CHECKING:
    from datetime import date

    from letters.http import StaffRequest
    from letters.models import LetterQuerySet

ROWS = 25
BATCHES = 10
UNWELL_AFTER = timedelta(minutes=10)
TABS = ("print", "post", "email", "posted", "void", "register")


@dataclass(frozen=True)
class ToPrint:
    letter: Letter
    post_by: date | None

    @property
    def is_late(self) -> bool:
        return self.post_by is not None and self.post_by < today()

    @property
    def is_today(self) -> bool:
        return self.post_by == today()


def tab_of(request: StaffRequest) -> str:
    chosen = request.GET.get("show", "print")
    return chosen if chosen in TABS else "print"


def number_in(value: str | None) -> int | None:
    """A batch number somebody sent; None when it is not one."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 9 else None


def shown_batch(request: StaffRequest) -> PrintBatch | None:
    """The batch that was just printed or posted, when the address names one."""
    number = number_in(request.GET.get("batch"))
    if number is None:
        return None
    return (
        PrintBatch.objects.filter(school_id=request.user.school_id, number=number).select_related("printed_by").first()
    )


def print_tab(request: StaffRequest, visible: LetterQuerySet) -> dict[str, Any]:
    filters = RegisterForm(request.GET)
    ready = filters.found(visible.to_print()).select_related("approved_by").order_by("approved_at", "pk")
    page = Paginator(ready, ROWS).get_page(request.GET.get("page"))
    school = school_of(request)
    calendar = school.calendar()
    days = school.minimum_reply_school_days
    failed = list(visible.failed().order_by("approved_at", "pk")[: ROWS + 1])
    waiting = list(visible.rendering().order_by("approved_at", "pk")[: ROWS + 1])
    unwell = timezone.now() - UNWELL_AFTER
    return {
        "page": page,
        "stopped": with_reasons(visible.held().order_by("approved_at", "pk")[:ROWS]),
        "filters": filters,
        "is_filtered": filters.is_asked,
        "how_to_print": HowToPrintForm(),
        "rows": [ToPrint(letter, post_by(letter, calendar=calendar, school_days=days)) for letter in page],
        "failed": failed[:ROWS],
        "more_failed": len(failed) > ROWS,
        "waiting": waiting[:ROWS],
        "more_waiting": len(waiting) > ROWS,
        "is_unwell": any(letter.approved_at and letter.approved_at < unwell for letter in waiting),
    }


def post_tab(request: StaffRequest, visible: LetterQuerySet, bound: BatchPostForm | None = None) -> dict[str, Any]:
    printed = visible.to_post()
    batches = PrintBatch.objects.filter(pk__in=printed.values("batch")).select_related("printed_by")
    page = Paginator(batches.order_by("-number"), BATCHES).get_page(request.GET.get("page"))
    on_page = {batch.pk: batch for batch in page}
    letters = printed.filter(batch__in=on_page).order_by("-batch__number", "addressee", "pk")
    forms = []
    for key, group in groupby(letters, key=lambda letter: letter.batch_id):
        batch = on_page[key or 0]
        is_bound = bound is not None and bound.batch.pk == batch.pk
        forms.append(bound if is_bound else BatchPostForm(batch=batch, letters=list(group)))
    stopped = with_reasons(visible.held().order_by("approved_at", "pk")[:ROWS])
    return {"page": page, "forms": forms, "form": bound, "stopped": stopped}


def email_tab(request: StaffRequest, visible: LetterQuerySet) -> dict[str, Any]:
    emailed = visible.emailed().select_related("email", "school")
    emailed = emailed.order_by(F("email__opened_at").asc(nulls_first=True), "-posted_at", "-pk")
    page = Paginator(emailed, ROWS).get_page(request.GET.get("page"))
    late = timezone.now() - UNOPENED_AFTER
    for letter in page:
        letter.code = reply_code(letter)  # type: ignore[attr-defined]
        letter.is_unopened_long = bool(letter.posted_at and letter.posted_at < late)  # type: ignore[attr-defined]
    return {"page": page, "waiting": visible.to_email().order_by("approved_at", "pk")[: 4 * ROWS]}


def posted_tab(request: StaffRequest, visible: LetterQuerySet, batch: PrintBatch | None) -> dict[str, Any]:
    posted = visible.posted().select_related("posted_by", "batch").order_by("-posted_on", "-pk")
    if batch:
        posted = posted.filter(batch=batch)
    page = Paginator(posted, ROWS).get_page(request.GET.get("page"))
    undoable = [letter for letter in posted if may_undo(letter)] if batch else []
    return {"page": page, "undoable": undoable}


def void_tab(request: StaffRequest, visible: LetterQuerySet) -> dict[str, Any]:
    voided = visible.voided().select_related("voided_by", "reissued_as").order_by("-voided_at", "-pk")
    return {"page": Paginator(voided, ROWS).get_page(request.GET.get("page"))}


def register_tab(request: StaffRequest, visible: LetterQuerySet) -> dict[str, Any]:
    filters = RegisterForm(request.GET)
    letters = filters.found(visible.registered()).select_related("approved_by").order_by("-sealed_at", "-pk")
    page = Paginator(letters, ROWS).get_page(request.GET.get("page"))
    return {"page": page, "filters": filters, "is_filtered": filters.is_asked}
