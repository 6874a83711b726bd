"""The draft behind a parent's answers: found again by a secret in a cookie, made on the first POST, never on a GET."""

from __future__ import annotations

import hashlib
import secrets
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from dkh_conduct.school.context import school_of
from incidents.models import Draft, Evidence, Recording
from incidents.models.draft import DRAFT_LIFE

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Concern
    from incidents.models.evidence import EvidenceQuerySet

COOKIE: str = settings.DRAFT_COOKIE_NAME
COOKIE_PATH = "/report/"
Params = ParamSpec("Params")


class DraftSentError(Exception):
    """The draft became a concern, so nothing can be added to it any more."""


def secret_of(request: HttpRequest) -> str:
    """The secret the parent's browser holds; empty when it holds none."""
    kept: str = getattr(request, "_draft_secret", "")
    return kept or request.COOKIES.get(COOKIE, "")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def find_draft(request: HttpRequest) -> Draft | None:
    """The parent's draft, while it lives and is not sent."""
    found = find_draft_or_sent(request)
    return None if found is None or found.is_sent else found


def find_draft_or_sent(request: HttpRequest) -> Draft | None:
    """The same, or the draft that became a concern, for as long as its receipt can be opened."""
    secret = secret_of(request)
    if not secret:
        return None
    hashed = hash_of(secret)
    return open_drafts(request).filter(Q(secret_hash=hashed) | Q(link_hash=hashed)).first()


def open_drafts(request: HttpRequest) -> QuerySet[Draft]:
    """Those of the school that may be opened here: what staff write down only while its writer is signed in."""
    theirs = Recording.objects.filter(Q(draft=OuterRef("pk")) | Q(concern=OuterRef("concern")))
    if request.user.has_perm("incidents.record_concern"):
        theirs = theirs.exclude(recorded_by=request.user.pk)
    return Draft.objects.alive().filter(~Exists(theirs), school=school_of(request))


def hold_draft(request: HttpRequest, secret: str) -> None:
    """From now on this browser's draft is the one behind this secret."""
    request._draft_secret = secret  # type: ignore[attr-defined]


def draft_for(request: HttpRequest) -> Draft:
    """The parent's draft, made if there is none. Its life starts again: the page writes, so the parent is here."""
    draft = find_draft(request)
    ends = timezone.now() + DRAFT_LIFE
    if draft is None:
        secret = secrets.token_urlsafe(32)
        draft = Draft.objects.create(school=school_of(request), secret_hash=hash_of(secret), expires_at=ends)
    else:
        secret = secret_of(request)
        Draft.objects.filter(pk=draft.pk, concern=None).update(expires_at=ends)
        draft.expires_at = ends
    request._draft_secret = secret  # type: ignore[attr-defined]
    return draft


def remember_draft(response: HttpResponse, request: HttpRequest) -> None:
    """Give the browser the secret of a draft that this request made or wrote to."""
    secret: str = getattr(request, "_draft_secret", "")
    if secret:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=DRAFT_LIFE,
            path=COOKIE_PATH,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )


def with_draft(
    view: Callable[Concatenate[HttpRequest, Draft, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Call `view(request, draft, …)`. A POST always has a saved draft; a GET may have an unsaved, empty one.

    Put it innermost, under `@login_not_required` and `@require_…`. Read a draft's files with `evidence_of(draft)`,
    which is empty for an unsaved draft (`draft.evidence` would raise).
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if request.method == "POST":
            draft = draft_for(request)
        else:
            draft = find_draft(request) or Draft(school=school_of(request))
        response = view(request, draft, *args, **kwargs)
        remember_draft(response, request)
        return response

    return wrapped


def evidence_of(draft: Draft) -> EvidenceQuerySet:
    """The files of a draft, good and refused, in their order."""
    return Evidence.objects.filter(draft_id=draft.pk) if draft.pk else Evidence.objects.none()


def sent_files_of(concern: Concern) -> EvidenceQuerySet:
    """The files that went with it when it was sent; what was added later belongs to its status page."""
    return Evidence.objects.good().filter(concern=concern, received_at__lte=concern.received_at)


def lock_draft(draft: Draft) -> Draft:
    """The draft's row, locked until the transaction ends; a file or an answer is added only while it is held.

    Raises DraftSentError when it was sent meanwhile, in another tab.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.is_sent:
        raise DraftSentError
    return locked


def save_answers(*, draft: Draft, slug: str, answers: dict[str, Any]) -> None:
    """Keep the answers of one question; those of the others, saved in another tab meanwhile, stay."""
    with transaction.atomic():
        locked = lock_draft(draft)
        locked.answers = {**locked.answers, slug: answers}
        locked.save(update_fields=["answers"])
    draft.answers = locked.answers
