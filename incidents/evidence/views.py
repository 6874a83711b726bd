"""Gives staff the clean copies and small pictures of files that came with what they may read. Each look is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from incidents.evidence.looks import note_look
from incidents.evidence.naming import may_read_names, without_names
from incidents.evidence.serving import picture_response, stored_response
from incidents.evidence.viewer import siblings_of
from incidents.models import Evidence

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest


def find_evidence(request: StaffRequest, pk: UUID) -> Evidence:
    rows = Evidence.objects.good().visible_to(request.user).select_related("school", "concern__case", "reply__step")
    found = get_object_or_404(rows, pk=pk)
    if not may_read_names(request.user):
        keys = [each.pk for each in siblings_of(found, request.user)]
        without_names(found, number=keys.index(found.pk) + 1)
    return found


@require_safe
def evidence_file(request: StaffRequest, pk: UUID, rendition: str) -> HttpResponse:
    evidence = find_evidence(request, pk)
    if rendition not in {"copy", "thumbnail"} or evidence.is_waiting:
        raise Http404
    if rendition == "thumbnail":
        return picture_response(evidence, rendition)
    asked = request.headers.get("Range", "")
    response = stored_response(evidence.copy, name=f"evidence-{pk.hex[:8]}", asked_range=asked)
    note_look(evidence, by=request.user)
    return response


@require_safe
def evidence_part(request: StaffRequest, pk: UUID, number: int, rendition: str) -> HttpResponse:
    evidence = find_evidence(request, pk)
    if rendition not in {"copy", "thumbnail"} or evidence.is_waiting:
        raise Http404
    part = get_object_or_404(evidence.parts, number=number)
    name = f"evidence-{pk.hex[:8]}-{number}"
    if rendition == "thumbnail":
        return stored_response(part.thumbnail, name=name)
    response = stored_response(part.copy, name=name, asked_range=request.headers.get("Range", ""))
    note_look(evidence, by=request.user, part=number)
    return response
