"""Saving a page for the public, and the form for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Div, Field, Layout, Size
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from dkh_conduct.school.models import Page
from dkh_conduct.school.page_text import came_with, unknown_facts
from dkh_conduct.school.templatetags.dates import moment

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from dkh_conduct.school.models import School

# PostgreSQL cannot store NUL, and nothing can encode half of a surrogate pair.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
MAX_TITLE, MAX_BODY = 100, 20_000
RELOAD = "Copy your text, open this page again and make your change there"


class PageChangedError(Exception):
    """Somebody else saved the page meanwhile. The message says who and when."""

    def __init__(self, page: Page) -> None:
        self.page = page
        when = moment(page.updated_at)
        super().__init__(
            f"{page.updated_by} saved this page {when[0].lower() + when[1:]}. Nothing of yours is lost: compare, "
            "then save again to replace their text"
        )


def save_page(
    *, school: School, slug: str, title: str, body: str, seen: int, by: AbstractBaseUser, language: str = ""
) -> Page:
    """`seen` is the version that was on the screen; 0 is the text the portal came with. Raises PageChangedError."""
    language = language or settings.LANGUAGE_CODE
    try:
        with transaction.atomic():
            page = Page.objects.select_for_update().filter(school=school, slug=slug, language=language).first()
            if page is None:
                standard = came_with(slug, language)
                page = Page(school=school, slug=slug, language=language, version=0)
                page.title, page.body = standard.title, standard.body
            elif page.version != seen:
                raise PageChangedError(page)
            if page.version and (page.title, page.body) == (title, body):
                return page
            page.title, page.body, page.version = title, body, page.version + 1
            page.updated_at = timezone.now()
            page.updated_by_id = by.pk
            page._history_user = by  # type: ignore[attr-defined]
            page.save()
            return page
    except IntegrityError:
        # Two people saved the first change to a page at the same moment.
        first = Page.objects.select_related("updated_by").get(school=school, slug=slug, language=language)
        raise PageChangedError(first) from None


class PageForm(forms.Form):
    title = forms.CharField(
        label="Title",
        max_length=MAX_TITLE,
        error_messages={
            "required": "Enter a title",
            "max_length": "Use %(limit_value)d characters or fewer. There are %(show_value)d here",
        },
    )
    body = forms.CharField(
        label="Text",
        max_length=MAX_BODY,
        widget=forms.Textarea,
        help_text="Leave an empty line between paragraphs. Begin a heading with ##, a smaller one with ###, and each "
        "line of a list with a dash. Write **two stars** around what matters.",
        error_messages={
            "required": "Enter the text of the page",
            "max_length": "Use %(limit_value)d characters or fewer. There are %(show_value)d here",
        },
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, direction: str = "ltr", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        for name in ("title", "body"):
            self.fields[name].widget.attrs["dir"] = direction
        self.helper.label_size = Size.SMALL
        for field in ("title", "body"):
            # Nothing pasted is cut off silently: the answer is a sentence.
            self.fields[field].widget.attrs.pop("maxlength", None)
        self.helper.layout = Layout(
            Field.text("title"),
            Field.textarea("body", rows=24),
            "seen",
            Div(
                Button.primary("save", "Save and publish", data_prevent_double_click="true"),
                Button.secondary("preview", "Preview"),
                css_class="govuk-button-group",
            ),
        )

    def clean_title(self) -> str:
        return " ".join(_keepable(self.cleaned_data["title"]).split())

    def clean_body(self) -> str:
        body = _keepable(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\r", "\n").strip()
        if unknown := unknown_facts(body):
            raise ValidationError(f"There is no fact called {{{unknown[0]}}}. Use one from the list beside this form")
        return f"{body}\n"

    def clean(self) -> None:
        if "seen" in self.errors:  # a hidden field has no place for a sentence of its own
            del self.errors["seen"]
            self.add_error("body", RELOAD)

    def show_version(self, version: int) -> None:
        """Save again means: knowingly over that version."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = str(version)
        self.data = data


def _keepable(typed: str) -> str:
    if UNKEEPABLE.search(typed):
        raise ValidationError("One of the symbols here cannot be saved. Remove it, and use words instead")
    return typed
