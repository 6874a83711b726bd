"""The second step: using it, setting it up, and looking after it. allauth does the work; the pages are ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import segno
from allauth.account.internal.decorators import login_not_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as backup_codes
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from dkh_conduct.accounts.proof import proof_required
from dkh_conduct.accounts.second_step import note_second_step, skips_second_step

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from dkh_conduct.accounts.http import StaffRequest


class SecondStepView(AuthenticateView):  # type: ignore[misc]
    """Between the password and the first page."""

    template_name = "account/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        types = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        return {**context, **_offered(types), "options": _as_json(context["js_data"]["request_options"])}


class CodeAgainView(ReauthenticateView):  # type: ignore[misc]
    template_name = "account/prove_by_code.html"


class PasskeyAgainView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "account/prove_by_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own leaves out the other ways and where to go on
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["reauthentication_alternatives"] = self.get_reauthentication_alternatives()
        return {**context, "options": _as_json(context["js_data"]["request_options"])}

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, "That passkey did not work. Try again, or use another way.")
        return redirect(self.request.get_full_path())


@method_decorator(login_not_required, name="dispatch")
class PasskeySignInView(LoginWebAuthnView):  # type: ignore[misc]
    """A passkey is both steps in one. The sign-in page asks for a challenge by script, and posts the answer."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, "That passkey did not work. Sign in with your password, or try again.")
        return redirect("account_login")


class AppSetUpView(ActivateTOTPView):  # type: ignore[misc]
    template_name = "account/app_set_up.html"

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever goes back after setting it up, or sends it twice, sees what they have: not how to remove it."""
        if Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        url = context["totp_url"]
        return {**context, "qr_size": len(segno.make_qr(url, error="m").matrix) + 4}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_second_step(self.request, Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP))
        return response


class AppRemoveView(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "account/app_remove.html"


class PasskeySetUpView(AddWebAuthnView):  # type: ignore[misc]
    template_name = "account/passkey_set_up.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Kept by the device and opened by its owner alone, so that it can do without a password.
        options = auth.begin_registration(self.request.user, True)
        return {"form": kwargs.get("form") or self.get_form(), "options": _as_json(options)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        newest = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        note_second_step(self.request, newest)
        return response


class PasskeyRemoveView(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "account/passkey_remove.html"
    success_url = "/staff/second-step/"

    def form_valid(self, form: Any) -> HttpResponse:
        passkey = self.get_object()
        if not get_adapter().can_delete_authenticator(passkey):
            messages.error(self.request, get_adapter().error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        flows.remove_authenticator(self.request, passkey)
        return redirect("mfa_index")


@require_safe
def second_steps(request: StaffRequest) -> HttpResponse:
    """What somebody has, and what they can add; the first page after a new password."""
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at", "pk"))
    codes = next((each.wrap() for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    return render(
        request,
        "account/second_steps.html",
        {
            "app": next((each for each in found if each.type == Authenticator.Type.TOTP), None),
            "passkeys": [each for each in found if each.type == Authenticator.Type.WEBAUTHN],
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "must_set_up": not skips_second_step(request),
        },
    )


@require_safe
@proof_required
def backup_codes_view(request: StaffRequest) -> HttpResponse:
    found = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    if found is None:
        raise Http404
    codes = found.wrap().get_unused_codes()
    return render(request, "account/backup_codes.html", {"codes": [_in_fours(code) for code in codes]})


@require_POST
@proof_required
def backup_codes_new(request: StaffRequest) -> HttpResponse:
    """The old ones end at once."""
    if not backup_codes.can_generate_recovery_codes(request.user):
        raise Http404
    backup_codes.generate_recovery_codes(request)
    return redirect("mfa_view_recovery_codes")


def _offered(types: set[str]) -> dict[str, bool]:
    return {"has_app": Authenticator.Type.TOTP in types, "has_passkey": Authenticator.Type.WEBAUTHN in types}


def _in_fours(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _as_json(options: Any) -> str:
    """For a data attribute: a script element would be inline."""
    return json.dumps(options)


second_step = SecondStepView.as_view()
code_again = CodeAgainView.as_view()
passkey_again = PasskeyAgainView.as_view()
passkey_sign_in = PasskeySignInView.as_view()
app_set_up = AppSetUpView.as_view()
app_remove = AppRemoveView.as_view()
passkey_set_up = PasskeySetUpView.as_view()
passkey_remove = PasskeyRemoveView.as_view()
