"""The file control of the evidence question, and a caption for each file that is there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout, Size
from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from incidents.models.evidence import size_in_words
from incidents.reporting.fields import LineField
from incidents.reporting.switching import FORM_ID

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.forms.boundfield import BoundField
    from django.http import QueryDict

    from incidents.models import Evidence

MAX_CAPTION = 200
# What a phone offers to choose from. What a file really is, is found out from its content.
ACCEPTED = "image/*,.heic,.heif,.avif,.pdf,audio/*,.opus,.ogg,.m4a,.mp3,.txt,.zip,.eml"


class MultipleFileInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


@dataclass(frozen=True)
class FileRow:
    """One file of the list. A refused one has no caption to fill in."""

    evidence: Evidence
    caption: BoundField | None


def hint() -> str:
    return format_html(
        _(
            "Photos, screenshots, PDFs, voice notes, saved emails, and chats exported from WhatsApp. "
            "Up to {files} files, {each} each and {total} in all. "
            "<span data-dkh-drop-hint hidden>You can also drag files here.</span>"
        ),
        files=settings.EVIDENCE_MAX_FILES,
        each=size_in_words(settings.EVIDENCE_MAX_BYTES),
        total=size_in_words(settings.EVIDENCE_MAX_TOTAL_BYTES),
    )


class EvidenceForm(forms.Form):
    """`rows` pair the draft's files with their captions; what was typed is shown again, whatever else is wrong."""

    def __init__(self, evidence: Iterable[Evidence], data: QueryDict | None = None, files: Any = None) -> None:
        self.evidence = list(evidence)
        self.typed = {caption_name(found) for found in self.evidence if data and caption_name(found) in data}
        if data is not None:
            data = data.copy()
            for found in self.evidence:
                data.setdefault(caption_name(found), found.caption)
        super().__init__(data, files)
        self.fields["files"] = forms.Field(
            label=_("Choose files"),
            help_text=hint(),
            required=False,
            widget=MultipleFileInput(attrs={"multiple": True, "accept": ACCEPTED, "class": "govuk-file-upload"}),
        )
        for found in self.evidence:
            if not found.problem:
                self.fields[caption_name(found)] = LineField(
                    label=_("What does this show? (optional)"),
                    max_length=MAX_CAPTION,
                    required=False,
                    initial=found.caption,
                )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.form_id = FORM_ID
        self.helper.disable_csrf = True  # the page's own form tag has both
        upload = Button.secondary("upload", _("Upload"), data_dkh_upload_button="true")
        self.helper.layout = Layout(
            Div(Field("files", context={"label_size": Size.for_label("m")}), upload, css_class="dkh-drop"),
        )

    @property
    def rows(self) -> list[FileRow]:
        return [FileRow(found, None if found.problem else self[caption_name(found)]) for found in self.evidence]

    def captions(self) -> dict[UUID, str]:
        """The captions that were typed and can be kept, by file."""
        self.full_clean()
        return {
            found.pk: self.cleaned_data[caption_name(found)]
            for found in self.evidence
            if caption_name(found) in self.typed and caption_name(found) in self.cleaned_data
        }


def caption_name(evidence: Evidence) -> str:
    return f"caption_{evidence.pk.hex}"


def count_in_words(evidence: Iterable[Evidence]) -> str:
    """`3 files added, 1 to fix`"""
    problems = [bool(found.problem or found.unshown) for found in evidence]
    bad = sum(problems)
    good = len(problems) - bad
    if not good:
        if not bad:
            return _("No files added yet")
        return ngettext("%(number)d file to fix", "%(number)d files to fix", bad) % {"number": bad}
    added = ngettext("%(number)d file added", "%(number)d files added", good) % {"number": good}
    to_fix = ngettext("%(number)d to fix", "%(number)d to fix", bad) % {"number": bad}
    return pgettext("two counts", "%(added)s, %(to_fix)s") % {"added": added, "to_fix": to_fix} if bad else added
