"""The addressee's pages: the two codes, their side of a letter, and what happens with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from dkh_conduct.school.context import school_of
from incidents.evidence.intake import DraftClosedError, receive, remove
from incidents.evidence.serving import picture_response
from incidents.evidence.uploads import problem_of, takes_files
from incidents.models import Case, Evidence, Reply
from incidents.reporting.evidence_form import count_in_words
from incidents.reporting.guessing import HOUR, count_wrong_try, has_guessed_too_often
from incidents.reporting.replies import (
    ReplyRefusedError,
    ReplySentError,
    save_reply,
    send_reply,
    step_of,
    unsent_reply,
)
from incidents.reporting.reply_door import open_letter, opened_step, stay_open
from incidents.reporting.reply_forms import NOTHING, ReplyCodeForm, ReplyForm, carried
from incidents.reporting.sending import promised_day
from incidents.reporting.status import LeaveForm
from incidents.reporting.switching import is_sent, open_form, refill
from letters.kinds import said_under
from letters.reply_code import find_answered_letter
from letters.text import section_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Step
    from letters.models import Letter

NO_MATCH = _lazy("Our reference and the reply code do not match. Check both and try again")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest) -> HttpResponse:
    form = open_form(ReplyCodeForm, request)
    if form.is_bound and has_guessed_too_often(request):
        too_many = render(request, "reporting/too_many.html", status=429)
        too_many.headers["Retry-After"] = str(HOUR)
        return too_many
    if form.is_valid():
        typed = form.cleaned_data
        letter = find_answered_letter(school_of(request), reference=typed["letter"], code=typed["reply_code"])
        step = step_of(letter) if letter else None
        if letter and step:
            open_letter(request, letter)
            return _go_on(request, step) if carried(request.POST) else redirect("reply-letter")
        count_wrong_try(request)
        form.add_error("letter", NO_MATCH)
    return _ask_for_codes(request, form)


def _go_on(request: HttpRequest, step: Step) -> HttpResponse:
    """What was typed before the page closed is kept, then shown again."""
    form = ReplyForm(request.POST)
    try:
        save_reply(step=step, **form.words(), key=form.kept_key)
    except (ReplySentError, ReplyRefusedError):
        return redirect("reply-letter")
    return redirect("reply-letter") if form.is_valid() else _page(request, step, form)


def _ask_for_codes(request: HttpRequest, form: ReplyCodeForm, *, is_expired: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "carried": carried(request.POST),
        "is_expired": is_expired,
        "back_url": reverse("start"),
    }
    return render(request, "reporting/reply.html", context)


@takes_files
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply_letter(request: HttpRequest) -> HttpResponse:
    is_switch = request.method == "POST" and not is_sent(request)
    step = opened_step(request)
    if step is None or step.letter is None:
        return _ask_for_codes(request, ReplyCodeForm(), is_expired=True) if request.POST else redirect("reply")
    if request.method != "POST":
        return _page(request, step, ReplyForm(reply=unsent_reply(step)))
    stay_open(request, step.letter)
    if is_switch:
        return _page(request, step, refill(ReplyForm(reply=unsent_reply(step)), request.POST))
    form = ReplyForm(request.POST)
    try:
        return _post(request, step, form)
    except (ReplySentError, DraftClosedError):
        return redirect("reply-sent")
    except ReplyRefusedError as refusal:
        form.add_error("side", str(refusal))
        return _page(request, step, form)


def _post(request: HttpRequest, step: Step, form: ReplyForm) -> HttpResponse:
    """Whichever button was pressed, what was typed and every chosen file is kept first."""
    words = form.words()
    form.reply = kept = save_reply(step=step, key=form.kept_key, **words)
    chosen = request.FILES.getlist("files")
    received = [receive(draft=kept, upload=upload) for upload in chosen]
    if key := _key(request.POST.get("remove", "")):
        remove(draft=kept, key=key)

    is_sending = "send" in request.POST
    refused = [evidence for evidence in received if evidence.problem]
    if problem := problem_of(request):
        form.add_error("files", problem)
    elif "upload" in request.POST and not chosen:
        form.add_error("files", _("Choose a file to upload"))
    elif is_sending and not (kept.side.strip() or kept.help or kept.help_words or kept.evidence.good().exists()):
        form.add_error("side", NOTHING)
    # A refused file is shown before it is sent, so that nobody thinks that it was.
    if refused or problem:
        return _page(request, step, form, refused=refused, status=400)
    if not form.is_valid():
        return _page(request, step, form)
    if is_sending:
        send_reply(reply=kept)
        return redirect("reply-sent")
    where = "#files" if key or chosen else "?saved"
    return HttpResponseRedirect(f"{reverse('reply-letter')}{where}")


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _page(
    request: HttpRequest, step: Step, form: ReplyForm, *, refused: Sequence[Evidence] = (), status: int = 200
) -> HttpResponse:
    files = list(form.reply.evidence.all()) if form.reply else []
    context = {
        "form": form,
        "step": step,
        "letter": step.letter,
        "said": mark_safe(_said(step.letter)),  # noqa: S308  # by nh3
        "files": files,
        "count": count_in_words(files),
        "refused": refused,
        "sent": list(step.replies.sent()),
        "is_closed": step.case.status == Case.Status.CLOSED,
        "is_saved": "saved" in request.GET,
        "signatory_phone": step.taken_by.phone if step.taken_by else "",
        "leave": LeaveForm(),
        "back_url": reverse("reply"),
    }
    return render(request, "reporting/reply_letter.html", context, status=status)


@login_not_required
@require_safe
def reply_sent(request: HttpRequest) -> HttpResponse:
    step = opened_step(request)
    reply = step.replies.sent().last() if step else None
    if step is None or reply is None:
        return redirect("reply")
    context = {
        "step": step,
        "letter": step.letter,
        "reply": reply,
        "files": reply.evidence.count(),
        "read_by": promised_day(school_of(request), timezone.localdate(reply.sent_at)),
        "leave": LeaveForm(),
    }
    return render(request, "reporting/reply_sent.html", context)


@login_not_required
@require_safe
def reply_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only for whoever holds the code, and only until the reply is sent."""
    unsent = Reply.objects.unsent().filter(step=opened_step(request))
    return picture_response(get_object_or_404(Evidence.objects.good().filter(reply__in=unsent), pk=pk), "thumbnail")


def _said(letter: Letter | None) -> str:
    """What the letter says that they answer to, such as what was found."""
    return section_html(letter.body, said_under(letter.kind)) if letter else ""
