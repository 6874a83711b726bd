"""The pages at the foot of every page, and where an administrator changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_http_methods, require_safe

from dkh_conduct.school.context import school_of
from dkh_conduct.school.models import Page
from dkh_conduct.school.page_editing import PageChangedError, PageForm, save_page
from dkh_conduct.school.page_text import FACTS, page_html, page_of, page_to_change, pages_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dkh_conduct.school.http import StaffRequest

may_change = permission_required("school.change_page", raise_exception=True)


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    school = school_of(request)
    found = page_of(school, slug)
    is_here = found.row is None or found.row.language == get_language()
    context = {"page": found, "body": page_html(school, found.body), "is_english_only": not is_here}
    return render(request, "school/page.html", context)


@require_safe
@may_change
def page_list(request: StaffRequest) -> HttpResponse:
    return render(request, "school/page_list.html", {"pages": pages_of(school_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def page_change(request: StaffRequest, slug: str) -> HttpResponse:
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if slug not in Page.Slug.values or language not in dict(settings.LANGUAGES):
        raise Http404
    school = school_of(request)
    found = page_to_change(school, slug, language)
    about = {"direction": "rtl" if get_language_info(language)["bidi"] else "ltr"}
    theirs = None
    if request.method != "POST":
        form = PageForm(initial={"title": found.title, "body": found.body, "seen": found.version}, **about)
    else:
        form = PageForm(request.POST, **about)
        if form.is_valid() and "preview" not in request.POST:
            try:
                save_page(school=school, slug=slug, language=language, by=request.user, **form.cleaned_data)
            except PageChangedError as changed:
                theirs = changed.page
                form.show_version(theirs.version)
                form.add_error("body", str(changed))
            else:
                messages.success(request, f"“{form.cleaned_data['title']}” was saved. Everyone sees it now.")
                return redirect("page-list")
    context: dict[str, Any] = {
        "page": found,
        "form": form,
        "facts": FACTS,
        "language": "" if language == settings.LANGUAGE_CODE else dict(settings.LANGUAGES)[language],
        "language_code": language,
        **about,
        "back_url": reverse("page-list"),
    }
    if "preview" in request.POST and form.is_valid():
        context["preview"] = {**form.cleaned_data, "html": page_html(school, form.cleaned_data["body"])}
    return render(request, "school/page_change.html", {**context, "theirs": theirs})
