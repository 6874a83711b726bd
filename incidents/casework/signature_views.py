"""One's own signature: the picture of it, a new one, and taking it away. Only those who approve letters have one."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.layout import Field
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.casework.form_layout import laid_out
from incidents.evidence.pictures import PictureRefusedError, draw_signature
from letters.signatures import may_sign, remove_signature, set_signature, signature_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User

MOST_BYTES = 5 * 1024 * 1024
UNREADABLE = (
    "We could not find a signature in this file. "
    "Choose a PNG or JPEG picture of your signature, in dark ink on plain white paper"
)


class SignatureForm(forms.Form):
    picture = forms.FileField(
        label="Picture of your signature",
        help_text="PNG or JPEG, up to 5MB. Sign white paper in black ink, then scan it or photograph it close up.",
        error_messages={"required": "Select a picture of your signature", "empty": "The selected file is empty"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].widget.attrs["accept"] = "image/png,image/jpeg"
        self.helper = laid_out(Field("picture"), button="Save signature")

    def clean_picture(self) -> bytes:
        """As it will be printed: what was uploaded is not kept."""
        file = self.cleaned_data["picture"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The picture is larger than 5MB. Save it smaller, or cut off what is not ink")
        try:
            with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as source:
                for chunk in file.chunks():
                    source.write(chunk)
                source.seek(0)
                return draw_signature(source).copy
        except PictureRefusedError as refusal:
            raise forms.ValidationError(UNREADABLE) from refusal


@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: StaffRequest) -> HttpResponse:
    _may(request.user)
    form = SignatureForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if form.is_valid():
        set_signature(by=request.user, picture=form.cleaned_data["picture"])
        messages.success(request, "Your signature is saved. Letters that you approve from now on carry it.")
        return redirect("signature")
    context = {"form": form, "signature": signature_of(request.user), "back_url": reverse("mfa_index")}
    return render(request, "casework/signature.html", context)


@require_POST
def signature_remove(request: StaffRequest) -> HttpResponse:
    _may(request.user)
    if remove_signature(by=request.user):
        messages.success(request, "Your signature is removed. Letters leave space for you to sign by hand.")
    return redirect("signature")


@require_safe
def signature_picture(request: StaffRequest) -> HttpResponse:
    """Its owner sees it, nobody else."""
    _may(request.user)
    found = signature_of(request.user)
    if found is None:
        raise Http404
    return HttpResponse(found.png, content_type="image/png", headers={"Cache-Control": "no-store"})


def _may(user: User) -> None:
    if not may_sign(user):
        raise PermissionDenied
