"""Writing a concern down for somebody who rang, wrote or came in: the same questions, asked by a member of staff."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dkh_conduct.school.context import school_of
from dkh_conduct.school.day_field import AnyDayField
from dkh_conduct.school.models import today
from incidents.evidence.intake import receive
from incidents.evidence.sealing import store_sealed
from incidents.models import Draft, Recording
from incidents.models.draft import DRAFT_LIFE
from incidents.reporting.drafts import hash_of, remember_draft
from incidents.reporting.mail_files import MOST_BYTES, Mail, NotMailError, read_mail
from incidents.reporting.questions import QUESTIONS

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School

RECORDING = "recording"  # the answer under which a draft says that it is written for somebody else
How = Recording.How


class RecordForm(forms.Form):
    how = forms.ChoiceField(
        label="How did it reach the school?",
        choices=How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it reached the school"},
    )
    came_on = AnyDayField(label="On which day?", missing="Enter the day it reached the school")
    email = forms.FileField(
        label="The email, as a file (optional)",
        help_text="Saved from your mail program, ending in .eml. It is kept as it came. What it says, who wrote it and "
        "its pictures are filled in for you to check.",
        required=False,
        error_messages={"empty": "The file is empty. Save the email again"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raw = b""
        self.mail: Mail | None = None
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.label_size = self.helper.legend_size = Size.SMALL
        go_on = Button.primary("", "Continue to the questions", data_prevent_double_click="true")
        self.helper.layout = Layout(Field.radios("how"), "came_on", "email", go_on)

    def clean_came_on(self) -> date:
        day: date = self.cleaned_data["came_on"]
        if day > today():
            raise ValidationError("Enter today or a day before it")
        return day

    def clean_email(self) -> Any:
        file = self.cleaned_data["email"]
        if file:
            self.raw = file.read(MOST_BYTES + 1)
            try:
                self.mail = read_mail(self.raw)
            except NotMailError as problem:
                raise ValidationError(str(problem)) from None
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.record_concern", raise_exception=True)
def concern_record(request: StaffRequest) -> HttpResponse:
    """Every recording has a draft of its own: one that was begun in this browser is left behind, and expires."""
    form = RecordForm(request.POST, request.FILES) if request.method == "POST" else RecordForm()
    if form.is_bound and form.is_valid():
        draft, secret = begin_recording(
            school=school_of(request),
            by=request.user,
            how=form.cleaned_data["how"],
            came_on=form.cleaned_data["came_on"],
            raw=form.raw,
            mail=form.mail,
        )
        for file in form.mail.files if form.mail else ():
            receive(draft=draft, upload=file)
        request._draft_secret = secret  # type: ignore[attr-defined]
        response = redirect(QUESTIONS[0].url_name)
        remember_draft(response, request)
        return response
    return render(request, "reporting/concern_record.html", {"form": form})


@transaction.atomic
def begin_recording(
    *, school: School, by: User, how: str, came_on: date, raw: bytes = b"", mail: Mail | None = None
) -> tuple[Draft, str]:
    """A draft that says who writes it and for whom it came how, and the secret that opens it."""
    secret = secrets.token_urlsafe(32)
    told: dict[str, Any] = {RECORDING: {"how": How(how).label, "came_on": came_on.isoformat(), "by": by.full_name}}
    if mail:
        told["words"] = {"account": mail.text}
        told["you"] = {"role": "parent", "name": mail.name, "email": mail.address, "phone": "", "may_name": "no"}
    draft = Draft(school=school, secret_hash=hash_of(secret), expires_at=timezone.now() + DRAFT_LIFE)
    draft.answers = told
    draft.save()
    recording = Recording(draft=draft, how=how, came_on=came_on, recorded_by=by)
    if raw:
        recording.email_sha256 = hashlib.sha256(raw).hexdigest()
        recording.email_file.name = f"mail/{uuid.uuid4()}.bin"
        store_sealed(recording.email_file.name, [raw])
    recording.save()
    return draft, secret
