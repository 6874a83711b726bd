"""Where the words of a letter are changed, beside invented facts: the list, the editor with its preview, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dkh_conduct.school.context import school_of
from letters.kinds import KINDS
from letters.merging import TemplateFaultError
from letters.previews import page_picture
from letters.print_room import number_in
from letters.refusals import LetterRefusedError, StaleTemplateError
from letters.studio import (
    MOST_CHARACTERS,
    all_standing,
    compared,
    objections_to,
    sample_letter,
    save_template,
    standing_of,
    versions_of,
)

if TYPE_CHECKING:
    from letters.http import StaffRequest
    from letters.kinds import Kind
    from letters.studio import Standing

may_change = permission_required("letters.change_lettertemplate", raise_exception=True)


class TemplateForm(forms.Form):
    text = forms.CharField(error_messages={"required": "Write the letter’s words"}, strip=False)
    why = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": "Say it in 200 characters or fewer"}
    )
    seen = forms.IntegerField(min_value=0)
    is_sure = forms.BooleanField(required=False)


@require_GET
@may_change
def template_list(request: StaffRequest) -> HttpResponse:
    return render(request, "letters/template_list.html", {"templates": all_standing(school_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def template_change(request: StaffRequest, kind: str) -> HttpResponse:
    school, chosen = school_of(request), _kind(kind)
    standing = standing_of(school, chosen)
    if request.method != "POST":
        return _editor(request, standing, text=standing.text, seen=standing.number)
    form = TemplateForm(request.POST)
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    if not form.is_valid() or "show" in request.POST:
        fault = "" if "show" in request.POST else str(next(iter(form.errors.values()))[0])
        return _editor(request, standing, text=text, seen=seen, fault=fault, is_typed=True)
    try:
        objections = objections_to(school, chosen, text)
        if objections and not form.cleaned_data["is_sure"]:
            return _editor(request, standing, text=text, seen=seen, objections=objections, is_typed=True)
        save_template(
            school=school, kind=chosen, by=request.user, text=text, seen=form.cleaned_data["seen"],
            why=form.cleaned_data["why"],
        )  # fmt: skip
    except StaleTemplateError as stale:
        return _editor(
            request, standing, text=text, seen=stale.newer.number, fault=str(stale), theirs=stale.newer, is_typed=True
        )
    except (LetterRefusedError, TemplateFaultError) as refusal:
        return _editor(request, standing, text=text, seen=seen, fault=str(refusal), is_typed=True)
    messages.success(request, f"“{chosen.title}” was saved. Letters that are drafted from now on use it.")
    return redirect("template-list")


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def template_preview(request: StaffRequest, kind: str) -> HttpResponse:
    """A picture of the letter with sample facts: as it is saved, or as it is being typed. Nothing is written."""
    school, chosen = school_of(request), _kind(kind)
    text = request.POST.get("text", "") if request.method == "POST" else standing_of(school, chosen).text
    page = number_in(request.GET.get("page")) or 1
    try:
        picture = page_picture(sample_letter(school, chosen, text), page=page)
    except LetterRefusedError as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(picture, content_type="image/png")


@require_GET
@may_change
def template_versions(request: StaffRequest, kind: str) -> HttpResponse:
    """Every version, and what one of them changed against another."""
    versions = versions_of(school_of(request), _kind(kind))
    by_number = {version.number: version for version in versions}
    new = by_number.get(number_in(request.GET.get("new")) or 0, versions[0]) if "new" in request.GET else versions[0]
    before = versions[min(versions.index(new) + 1, len(versions) - 1)]
    old = by_number.get(number_in(request.GET.get("old")) or 0, before) if "old" in request.GET else before
    context = {
        "kind": versions[0].kind,
        "versions": versions,
        "old": old,
        "new": new,
        "lines": compared(old.text, new.text) if old != new else [],
        "back_url": reverse("template-change", args=[kind]),
    }
    return render(request, "letters/template_versions.html", context)


@require_POST
@may_change
def template_restore(request: StaffRequest, kind: str) -> HttpResponse:
    """An earlier version again, as a new one: nothing that was used is ever lost."""
    school, chosen = school_of(request), _kind(kind)
    number = number_in(request.POST.get("number"))
    earlier = next((version for version in versions_of(school, chosen) if version.number == number), None)
    if earlier is None:
        raise Http404
    try:
        save_template(
            school=school, kind=chosen, by=request.user, text=earlier.text, why=f"Version {earlier.version} again",
            seen=standing_of(school, chosen).number,
        )  # fmt: skip
    except (LetterRefusedError, TemplateFaultError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Version {earlier.version} is used again.")
    return redirect("template-versions", kind=kind)


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def _editor(
    request: StaffRequest, standing: Standing, *, text: str, seen: Any, fault: str = "", **more: Any
) -> HttpResponse:
    context = {
        "kind": standing.kind,
        "standing": standing,
        "text": text,
        "seen": seen,
        "why": request.POST.get("why", "")[:200],
        "fault": fault,
        "most": MOST_CHARACTERS,
        "preview_url": reverse("template-preview", args=[standing.kind.key]),
        "back_url": reverse("template-list"),
        **more,
    }
    return render(request, "letters/template_change.html", context)
