"""Behind the bell: what somebody is told of, and how often they want it by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models import Notice, NoticeChoice

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest

PAGE_SIZE = 30


class NoticeChoiceForm(forms.Form):
    often = forms.ChoiceField(
        label="How often do you want an email?",
        help_text="It says how many new things there are, and nothing of what they say.",
        choices=NoticeChoice.Often.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how often you want an email"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        save = Button.secondary("save", "Save", data_prevent_double_click="true")
        self.helper.layout = Layout(Field.radios("often", legend_size="s", small=True), save)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_list(request: StaffRequest) -> HttpResponse:
    _check(request)
    choice = NoticeChoice.objects.filter(user=request.user).first() or NoticeChoice(user=request.user)
    form = NoticeChoiceForm(request.POST if request.method == "POST" else None, initial={"often": choice.often})
    if form.is_valid():
        NoticeChoice.objects.update_or_create(user=request.user, defaults={"often": form.cleaned_data["often"]})
        messages.success(request, "Saved.")
        return redirect("notice-list")
    mine = Notice.objects.visible_to(request.user)
    page = Paginator(mine.select_related("concern", "case"), PAGE_SIZE).get_page(request.GET.get("page"))
    request.waiting = {"notice-list": mine.unread().count()}
    context = {"page": page, "form": form, "new": request.waiting["notice-list"]}
    return render(request, "insights/notice_list.html", context)


@require_POST
def notices_read(request: StaffRequest) -> HttpResponse:
    _check(request)
    Notice.objects.visible_to(request.user).unread().update(read_at=timezone.now())
    return redirect("notice-list")


def _check(request: StaffRequest) -> None:
    if not (request.user.has_perm("incidents.view_concern") or request.user.has_perm("incidents.view_case")):
        raise PermissionDenied("This role is not told of concerns or cases.")
