"""The concern a reporter has opened with their two codes, for an hour, in this browser."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from dkh_conduct.school.context import school_of
from incidents.models import Concern
from incidents.reporting.fields import showable
from incidents.reporting.guessing import HOUR

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

OPENED = "opened_concern"  # session key: the concern's own key, until when it stays open, and with which code
Params = ParamSpec("Params")


def open_concern(request: HttpRequest, concern: Concern) -> None:
    """From now on, for an hour; whatever the school wrote is shown now, and so it counts as read."""
    request.session[OPENED] = [concern.pk, timezone.now().timestamp() + HOUR, _mark(concern)]
    concern.messages.from_school().mark_read()


def opened_concern(request: HttpRequest) -> Concern | None:
    """None once the hour is over, or the code it was opened with is not its code any more."""
    kept = request.session.get(OPENED) or []
    if len(kept) != 3 or kept[1] < timezone.now().timestamp():
        return None
    concern = Concern.objects.filter(school=school_of(request), pk=kept[0]).select_related("case", "reporter").first()
    return concern if concern and kept[2] == _mark(concern) else None


def close_concern(request: HttpRequest) -> None:
    request.session.pop(OPENED, None)


def with_opened_concern(
    view: Callable[Concatenate[HttpRequest, Concern, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Call `view(request, concern, …)`, or ask for the codes. What was typed meanwhile is shown, not lost."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        concern = opened_concern(request)
        if concern:
            return view(request, concern, *args, **kwargs)
        typed = [showable(request.POST[name]) for name in ("text", "reason") if request.POST.get(name, "").strip()]
        if not typed:
            return redirect("status")
        return render(request, "reporting/status_closed.html", {"typed": typed}, status=403)

    return wrapped


def _mark(concern: Concern) -> str:
    """Changes with the access code, and does not tell it."""
    return salted_hmac("opened-concern", concern.access_code_hash).hexdigest()[:16]
