"""Who has looked: at one thing, for those who may read it; at everything, for the head and the data protection lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.school.chain import end_of
from dkh_conduct.school.context import school_of
from incidents.models import Case, Concern, Evidence
from letters.models import Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

Thing = AuditEntry.Thing
PAGE = 50


@require_safe
def looked(request: StaffRequest, thing: str, reference: str) -> HttpResponse:
    url = _address_of(request.user, thing, reference)
    if url is None:
        raise Http404
    entries = _reads(request.user).filter(reference=reference, thing__in=[thing, Thing.EXPORT])
    context = {"about": f"{Thing(thing).label} {reference}", "entries": _page(request, entries), "back_url": url}
    return render(request, "accounts/looked.html", context)


@require_safe
@permission_required("accounts.read_access_log", raise_exception=True)
def access_log(request: StaffRequest) -> HttpResponse:
    """Everything that was opened and done to accounts, but for what the reader may not know of."""
    school = school_of(request)
    entries = AuditEntry.objects.filter(school=school).exclude(_hidden_from(request.user)).select_related("by")
    who, kind = request.GET.get("who", ""), request.GET.get("kind", "")
    if who.isascii() and who.isdigit() and len(who) < 10:
        entries = entries.filter(by=int(who))
    if kind == "why":
        entries = entries.exclude(reason="")
    elif kind == "accounts":
        entries = entries.exclude(kind=AuditEntry.Kind.READ)
    context = {
        "entries": _page(request, entries.order_by("-seq")),
        "end": end_of(AuditEntry, school),
        "kind": kind,
        "staff": school.staff.order_by("full_name"),
        "who": who,
    }
    return render(request, "accounts/access_log.html", context)


def _reads(user: User) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(school=user.school_id, kind=AuditEntry.Kind.READ)
    return entries.select_related("by").order_by("-seq")


def _page(request: StaffRequest, entries: QuerySet[AuditEntry]) -> Any:
    return Paginator(entries, PAGE).get_page(request.GET.get("page", "")[:6])


def _address_of(user: User, thing: str, reference: str) -> str | None:
    """Where the thing itself is, for those who may read it."""
    found: Case | Concern | Letter | None = None
    if thing == Thing.CASE:
        found = Case.objects.visible_to(user).with_reference(reference).first()
    elif thing == Thing.CONCERN:
        found = Concern.objects.visible_to(user).filter(reference=reference).first()
    elif thing == Thing.LETTER:
        found = Letter.objects.visible_to(user).filter(reference=reference).first()
    return found.get_absolute_url() if found else None


def _hidden_from(user: User) -> Q:
    """A conflict of interest hides a thing here too."""
    cases = [case.reference for case in Case.objects.filter(conflicts__user=user)]
    concerns = Concern.objects.filter(Q(conflicts__user=user) | Q(case__conflicts__user=user))
    letters = Letter.objects.filter(withheld_from=user)
    of_replies = Q(reply__step__case__conflicts__user=user)
    files = Evidence.objects.filter(Q(concern__in=concerns) | of_replies).values_list("pk", flat=True)
    cases += [str(pk) for pk in files]
    return Q(reference__in=[*cases, *concerns.values_list("reference", flat=True)]) | Q(
        reference__in=list(letters.values_list("reference", flat=True))
    )
