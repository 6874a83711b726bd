"""What a reporter writes to the school after sending: a message, files, or both."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout
from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from incidents.models import Concern, Event, Evidence, Message
from incidents.models.event import record
from incidents.models.message import MAX_MESSAGE
from incidents.reporting.evidence_form import ACCEPTED, MultipleFileInput, hint
from incidents.reporting.fields import StoryField
from incidents.reporting.switching import FORM_ID

if TYPE_CHECKING:
    from django.http import QueryDict

NOTHING = _lazy("Write a message, or choose a file")
UNNAMED = _lazy("The school cannot see who you are unless you tell us.")


class KeyField(forms.UUIDField):
    """A form's own key, so that the same form sent twice is known. Whatever is wrong with it, there is a new one."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4)

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class ReplyForm(forms.Form):
    key = KeyField()
    text = StoryField(label=_lazy("Your message"), max_length=MAX_MESSAGE, required=False)

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, concern: Concern, is_reply: bool) -> None:
        super().__init__(data, files)
        reporter = getattr(concern, "reporter", None)
        text = self.fields["text"]
        text.label = _("Your reply") if is_reply else _("Your message")
        text.help_text = UNNAMED if reporter is None or not reporter.name else ""
        text.error_messages["max_length"] = _("Use %(limit_value)d characters or fewer. There are %(show_value)d here")
        chooser = {"multiple": True, "accept": ACCEPTED, "class": "govuk-file-upload"}
        self.fields["files"] = forms.Field(
            label=_("Add files (optional)"),
            help_text=hint(),
            required=False,
            widget=MultipleFileInput(attrs=chooser),
        )
        self.helper = FormHelper()
        self.helper.form_id = FORM_ID
        self.helper.attrs = {"novalidate": True}
        self.helper.form_action = "status-concern"
        send = Button.primary(
            "send", _("Send reply") if is_reply else _("Send message"), data_prevent_double_click="true"
        )
        self.helper.layout = Layout(
            "key", Field.textarea("text", rows=4), Field("files"), Div(send, css_class="govuk-button-group")
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not answers.get("text") and not answers.get("files") and "text" not in self.errors:
            self.add_error("text", NOTHING)
        return answers


def write_reply(*, concern: Concern, text: str, key: uuid.UUID) -> Message | None:
    """Keep a message with every file that was added since the last one; the same key again gives the same message.

    None where there is neither a word nor a file. Whatever the school wrote before is read by now.
    """
    with transaction.atomic():
        locked = Concern.objects.select_for_update(of=("self",)).select_related("school").get(pk=concern.pk)
        again = locked.messages.from_reporter().filter(key=key).first()
        if again is not None:
            return again
        files = Evidence.objects.filter(concern=locked, message=None, received_at__gt=locked.received_at)
        if not text and not files.exists():
            return None
        message = Message.objects.create(concern=locked, key=key, is_from_school=False, text=text)
        files.update(message=message)
        locked.messages.from_school().mark_read()
        record(Event.Kind.MESSAGE_RECEIVED, school=locked.school, by=None, concern=locked)
    return message
