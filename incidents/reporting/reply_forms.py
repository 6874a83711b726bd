"""The forms of an addressee: the two codes from their letter, then their side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout, Size
from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from incidents.models import Reply
from incidents.models.evidence import size_in_words
from incidents.reporting.evidence_form import ACCEPTED, MultipleFileInput
from incidents.reporting.fields import LineField, StoryField, showable
from incidents.reporting.switching import FORM_ID

if TYPE_CHECKING:
    from django.http import QueryDict

    from incidents.reporting.replies import ReplyWords

WORDS = ("agreement", "side", "help", "help_words", "reach")
NOTHING = _lazy("Write your side, add a file, or select what would help")


class ReplyCodeForm(forms.Form):
    letter = LineField(
        label=_lazy("Our reference"),
        help_text=_lazy("At the top of your letter. For example, DKH-C000-1"),
        max_length=60,
        error_messages={"required": _lazy("Enter our reference, from the top of your letter")},
    )
    reply_code = LineField(
        label=_lazy("Reply code"),
        help_text=_lazy("12 letters and numbers, under “How to put your side”. Spaces and dashes do not matter."),
        max_length=60,
        error_messages={"required": _lazy("Enter the reply code, from your letter")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False  # the page's own form carries what was typed before
        self.helper.form_id = FORM_ID
        self.helper.disable_csrf = True
        typed = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "dir": "ltr"}
        spaced = "govuk-input--extra-letter-spacing"
        self.helper.layout = Layout(
            Field("letter", css_class=f"govuk-input--width-10 {spaced}", **typed),
            Field("reply_code", css_class=f"govuk-input--width-20 {spaced}", **typed),
            Div(Button.primary("continue", _("Continue")), css_class="govuk-button-group"),
        )


class ReplyForm(forms.Form):
    """No one answer is required: somebody may only want more time. `part_one` and `part_two` go round the files."""

    agreement = forms.ChoiceField(
        label=_lazy("Is this right?"), choices=Reply.Agreement.choices, widget=forms.RadioSelect, required=False
    )
    side = StoryField(
        label=_lazy("Your side"),
        help_text=_lazy(
            "In your own words and your own language. Say what we have wrong, and anything you want us to know."
        ),
        max_length=10_000,
        required=False,
        error_messages={"max_length": _lazy("Use 10,000 characters or fewer. There are %(show_value)d here")},
    )
    help = forms.MultipleChoiceField(
        label=_lazy("Would any of this help? (optional)"),
        help_text=_lazy("We will do what we can. You do not have to say why."),
        choices=Reply.Help.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    help_words = LineField(
        label=_lazy("Anything we should know about that (optional)"),
        help_text=_lazy("Such as which language, who comes with you, or how much more time you need."),
        max_length=500,
        required=False,
    )
    reach = LineField(
        label=_lazy("How to reach you (optional)"),
        help_text=_lazy("An email address or phone number. Leave it empty and we will write to you."),
        max_length=200,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, reply: Reply | None = None) -> None:
        initial = {name: getattr(reply, name) for name in WORDS} if reply else {}
        super().__init__(data, initial={**initial, "key": reply.key if reply else uuid4()})
        self.reply = reply
        self.helper = FormHelper()  # of the page's own form: each part has another
        self.helper.form_id = FORM_ID
        self.fields["files"] = forms.Field(
            label=_("Add files (optional)"),
            required=False,
            widget=MultipleFileInput(attrs={"multiple": True, "accept": ACCEPTED, "class": "govuk-file-upload"}),
        )
        self.fields["files"].help_text = format_html(
            _("Photos and screenshots. Up to {files} files, {each} each. Never nude or intimate pictures."),
            files=settings.EVIDENCE_MAX_FILES,
            each=size_in_words(settings.EVIDENCE_MAX_BYTES),
        )
        large = {"label_size": Size.for_label("m")}
        self.part_one = _part(
            Field("key"),
            Field.radios("agreement", legend_size=Size.MEDIUM),
            Field.textarea("side", rows=8, label_size=Size.MEDIUM),
            Div(
                Field("files", context=large),
                Button.secondary("upload", _("Upload"), formnovalidate=True),
                css_class="govuk-form-group dkh-drop",
            ),
        )
        self.part_two = _part(
            Field.checkboxes("help", legend_size=Size.MEDIUM),
            Field("help_words"),
            Field("reach", autocomplete="email", spellcheck="false"),
        )

    @property
    def kept_key(self) -> UUID:
        """The key of this page; a new one where what came is none."""
        found = self.cleaned_data.get("key")
        return found if isinstance(found, UUID) else uuid4()

    def words(self) -> ReplyWords:
        """What was typed and can be kept; a field with an error keeps what was saved before."""
        self.full_clean()
        return {name: self.cleaned_data[name] for name in WORDS if name in self.cleaned_data}  # type: ignore[return-value]


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """What was typed into a reply whose page had closed, to be sent along with the codes."""
    names = (*WORDS, "key")
    return [(name, showable(value)) for name in names for value in data.getlist(name)[: len(Reply.Help.values)]]


def _part(*fields: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper
