"""Pages that merge a case into another, and that split one: what is asked, what moves, and then the deed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.casework.door import on_open_case, refusals_on
from incidents.casework.merge import merge_cases, said_in, what_moves, why_not_merged
from incidents.casework.merge_forms import GOES, CaseMergeForm, CaseSplitForm
from incidents.casework.split import chosen_of, split_case, what_stays, why_not_split

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models import Case


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_merge(request: StaffRequest, case: Case) -> HttpResponse:
    user = request.user
    form = CaseMergeForm(request.POST if request.method == "POST" else None, case=case, user=user)
    context = {"case": case, "form": form, "back_url": case.get_absolute_url()}
    if form.is_valid():
        into, reason = form.cleaned_data["other"], form.cleaned_data["reason"]
        if "seen" in request.POST:
            with refusals_on(form):
                merge_cases(case=case, into=into, by=user, reason=reason, seen=request.POST["seen"])
                messages.success(request, f"{case.reference} is merged into this case.")
                return redirect(into)
        elif reasons := why_not_merged(case, into):
            for sentence in reasons:
                form.add_error(None, sentence)
        else:
            what = what_moves(case, user=user)
            context |= {"into": into, "what": what, "seen": said_in(what), "reason": reason}
            return render(request, "casework/case_merge_look.html", context)
    return render(request, "casework/case_merge.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("incidents.run_case", raise_exception=True)
@on_open_case
def case_split(request: StaffRequest, case: Case) -> HttpResponse:
    user = request.user
    form = CaseSplitForm(request.POST if request.method == "POST" else None, case=case, user=user)
    context = {"case": case, "form": form, "back_url": case.get_absolute_url()}
    if form.is_valid():
        asked = form.cleaned_data
        chosen = chosen_of(case, by=user, **{name: asked[name] for name in GOES})
        if "seen" in request.POST:
            with refusals_on(form):
                new = split_case(case=case, by=user, **asked)
                messages.success(request, f"{new.reference} is a case of its own now.")
                return redirect(new)
        elif reasons := why_not_split(case, chosen, user=user):
            for sentence in reasons:
                form.add_error(None, sentence)
        else:
            context |= {"chosen": chosen, "asked": asked, "stays": what_stays(case, chosen, user=user)}
            context["sent"] = [(name, key) for name in GOES for key in asked[name]]
            return render(request, "casework/case_split_look.html", context)
    return render(request, "casework/case_split.html", context)
