"""The page where somebody covers parts of a picture: by numbers, by keyboard, or by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from incidents.evidence.redacting import MOST_BOXES, REDACT, Box, CannotRedactError, Why, boxes_of, redact
from incidents.evidence.suggesting import not_covered, suggestions_for
from incidents.evidence.viewer import Viewer
from incidents.evidence.views import find_evidence

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.evidence.viewer import Page

FARTHEST = 100_000
SIDES = {"left": "Left", "top": "Top", "width": "Width", "height": "Height"}


class BoxForm(forms.Form):
    """One box, in pixels."""

    why = forms.ChoiceField(label="Why", choices=Why.choices, error_messages={"required": "Choose why it is covered"})

    def __init__(self, data: QueryDict | None = None, *, number: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"box{number}", initial=initial)
        self.number = number
        for name, label in SIDES.items():
            least = 0 if name in {"left", "top"} else 1
            sentence = f"{label} of box {number} must be a whole number, {least} or more"
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=least,
                max_value=FARTHEST,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input"}),
            )
        self.fields["why"].widget.attrs["class"] = "govuk-select"
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs |= {
                    "aria-invalid": "true",
                    "class": f"{field.widget.attrs['class']} govuk-input--error",
                }

    @property
    def box(self) -> Box:
        return Box(**self.cleaned_data)

    @property
    def sides(self) -> list[forms.BoundField]:
        return [self[name] for name in SIDES]

    @property
    def why_label(self) -> str:
        return str(dict(Why.choices).get(str(self["why"].value()), ""))

    @property
    def drawn(self) -> dict[str, int] | None:
        """Where it lies on the picture, as far as the numbers can be read."""
        values = {name: str(self[name].value()) for name in SIDES}
        if not all(value.isascii() and value.isdigit() and len(value) < 7 for value in values.values()):
            return None
        return {name: int(value) for name, value in values.items()}


class RedactForm:
    """All boxes of one page. `count` says how many are in the form; what somebody added or removed is not saved yet."""

    def __init__(self, page: Page, boxes: list[BoxForm], *, is_bound: bool) -> None:
        self.page = page
        self.boxes = boxes
        self.is_bound = is_bound
        self.problems: list[tuple[str, str]] = []

    @classmethod
    def saved(cls, page: Page, boxes: list[Box]) -> RedactForm:
        forms_of = [BoxForm(number=number, initial=vars(box)) for number, box in enumerate(boxes, start=1)]
        return cls(page, forms_of, is_bound=False)

    @classmethod
    def posted(cls, page: Page, data: QueryDict) -> RedactForm:
        count = data.get("count", "0")
        number = min(int(count), MOST_BOXES) if count.isascii() and count.isdigit() and len(count) < 4 else 0
        return cls(page, [BoxForm(data, number=each) for each in range(1, number + 1)], is_bound=True)

    def check(self, *, is_nothing_to_cover: bool) -> list[Box] | None:
        for form in self.boxes:
            for name, errors in form.errors.items():
                self.problems.append((form[name].auto_id or "", str(errors[0])))
        if not self.boxes and not is_nothing_to_cover:
            self.problems.append(("nothing", "Add a box, or tick that nothing on this page needs covering"))
        return None if self.problems else [form.box for form in self.boxes]

    def without(self, number: str) -> RedactForm:
        """The same boxes but one, numbered again."""
        left = [form for form in self.boxes if str(form.number) != number]
        return RedactForm(self.page, [_again(form, at) for at, form in enumerate(left, start=1)], is_bound=False)

    def with_boxes(self, more: list[Box]) -> RedactForm:
        """The same boxes, and these after them."""
        boxes = [_again(form, form.number) for form in self.boxes]
        for box in more[: MOST_BOXES - len(boxes)]:
            boxes.append(BoxForm(number=len(boxes) + 1, initial=vars(box)))
        return RedactForm(self.page, boxes, is_bound=False)

    @property
    def drawn(self) -> list[Box]:
        """The boxes whose numbers can be read, as they are now."""
        return [Box(**at, why="") for form in self.boxes if (at := form.drawn)]

    def with_one_more(self) -> RedactForm:
        """A new one in the middle of the picture, to be moved."""
        page = self.page
        middle = {"left": page.width // 4, "top": page.height // 2, "width": page.width // 2, "height": 40}
        boxes = [_again(form, form.number) for form in self.boxes]
        if len(boxes) < MOST_BOXES:
            boxes.append(BoxForm(number=len(boxes) + 1, initial={**middle, "why": Why.PARENT}))
        return RedactForm(page, boxes, is_bound=False)


def _again(form: BoxForm, number: int) -> BoxForm:
    names = (*SIDES, "why")
    return BoxForm(number=number, initial={name: form[name].value() for name in names})


@require_http_methods(["GET", "POST"])
@permission_required(REDACT, raise_exception=True)
def evidence_redact(request: StaffRequest, pk: UUID, number: int) -> HttpResponse:
    evidence = find_evidence(request, pk)
    viewer = Viewer.of(evidence, request.user, {"page": str(number)})
    if viewer.page.number != number or viewer.page.kind != "picture" or evidence.is_waiting:
        raise Http404
    form = RedactForm.saved(viewer.page, boxes_of(viewer.redaction))
    suggested = suggestions_for(evidence, viewer.page, user=request.user)
    changed = "boxes" if request.method == "POST" else ""
    if request.method == "POST":
        form = RedactForm.posted(viewer.page, request.POST)
        if "remove" in request.POST:
            form = form.without(request.POST["remove"])
        elif asked := request.POST.get("accept"):
            offered = not_covered(suggested, form.drawn)
            form = form.with_boxes([each.box for each in offered if asked in {"all", str(each.number)}])
        elif request.POST.get("action") == "add":
            form = form.with_one_more()
        else:
            boxes = form.check(is_nothing_to_cover="nothing" in request.POST)
            if boxes is not None:
                try:
                    redact(evidence=evidence, page=viewer.page, boxes=boxes, by=request.user)
                except CannotRedactError as refusal:
                    form.problems.append(("boxes", str(refusal)))
                else:
                    messages.success(request, "The redacted copy was made. The sealed original is as it was.")
                    return redirect(f"{evidence.get_absolute_url()}?page={number}")
    return render(
        request,
        "evidence/evidence_redact.html",
        {
            "evidence": evidence,
            "viewer": viewer,
            "page": viewer.page,
            "form": form,
            "empty": BoxForm(number=0, initial={"why": Why.PARENT}),
            "changed": changed,
            "suggestions": not_covered(suggested, form.drawn),
            "back_url": evidence.get_absolute_url(),
        },
        status=200,
    )
