"""Who opened which concern, case, letter or export is kept; somebody who is not on a case is asked why they look.

Part of the wiring, so that no slice can forget it: what a page is about is read from its address. A page of evidence is
noted here as well; each picture, part and file of it has its own line in the chain of custody, which goes with the file
(incidents/evidence/looks.py). Whatever is saved as a file is an export, a whole register too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Size
from django import forms
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, Subquery, Value
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.accounts.forms import buttons, form_helper
from dkh_conduct.accounts.staff_forms import LineField
from dkh_conduct.school.chain import append
from dkh_conduct.school.context import school_of
from incidents.models import Case, Event, Notice, Referral

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from dkh_conduct.accounts.models import User
    from incidents.models.case import CaseQuerySet

ONE_LOOK = timedelta(minutes=10)  # the same page again within this is the same look
REASONS = "reasons"  # in the session: cases for which this person said why, since they signed in
Thing = AuditEntry.Thing
PREFIXES = (
    ("/staff/concerns/", Thing.CONCERN),
    ("/staff/cases/", Thing.CASE),
    ("/staff/letters/", Thing.LETTER),
    ("/staff/print-room/", Thing.LETTER),
    ("/staff/contacts/", Thing.CONTACT),
    ("/staff/evidence/", Thing.EVIDENCE),
)
FILE_NAME = re.compile(r'filename="([\w.-]{1,40})"')


@dataclass(frozen=True)
class Subject:
    thing: AuditEntry.Thing
    reference: str


@dataclass(frozen=True)
class Asked:
    """What is known already: whether this look is in the log, and whether who looks was told of it by a notice."""

    subject: Subject
    is_noted: bool
    is_told: bool


def subject_of(request: HttpRequest) -> Subject | None:
    """What the address of a page is about: one concern, case, letter or batch; a search; nothing for a list."""
    match = request.resolver_match
    if match and match.url_name == "search" and request.GET.get("q", "").strip():
        return Subject(Thing.SEARCH, "")  # never what was searched for
    given = match.kwargs if match else {}
    thing = next((thing for prefix, thing in PREFIXES if request.path.startswith(prefix)), None)
    reference = given.get("pk") if thing == Thing.EVIDENCE else given.get("reference") or given.get("number")
    if not reference:
        return None
    return Subject(thing, str(reference)[:40]) if thing else None


def note_read(
    user: User, *, thing: AuditEntry.Thing, reference: str, reason: str = "", is_new: bool | None = None
) -> None:
    """One line in the log, unless there is one for this look already. `is_new` where that was asked before."""
    if is_new is None:
        look = same_look(user, Subject(thing, reference), since=one_look_ago())
        is_new = bool(reason) or not look.exists()
    if is_new:
        append(
            AuditEntry,
            school=user.school,
            kind=AuditEntry.Kind.READ,
            by=user,
            thing=thing,
            reference=reference,
            reason=reason,
        )


def one_look_ago() -> datetime:
    return timezone.now() - ONE_LOOK


def same_look(user: User, at: Subject, *, since: datetime) -> QuerySet[AuditEntry]:
    """What the log holds already of the look that somebody takes now."""
    looks = AuditEntry.objects.filter(school=user.school_id, by=user, at__gte=since)
    return looks.filter(thing=at.thing, reference=at.reference)


def _shown(request: StaffRequest, response: HttpResponse) -> Subject | None:
    """What somebody now has before them, or in a file of their own."""
    # A form that was sent and is wrong shows its page as well, whether or not that page was opened first.
    shown = {"GET": {200}, "POST": {200, 400, 409}}.get(request.method or "", ())
    if response.status_code not in shown or not request.path.startswith("/staff/"):
        return None
    subject = subject_of(request)
    saved = response.headers.get("Content-Disposition", "")
    if saved.startswith("attachment"):
        named = FILE_NAME.search(saved)
        return Subject(Thing.EXPORT, subject.reference if subject else named[1] if named else request.path[-40:])
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    is_part = request.method == "POST" or (subject and subject.thing == Thing.EVIDENCE)  # a preview, a picture
    return None if is_part and not is_page else subject


def notices_about(user: User, subject: Subject) -> QuerySet[Notice]:
    """Unread: whoever opens what they are about need not be told of it again."""
    notices = Notice.objects.filter(user=user).unread()
    if subject.thing == Thing.CONCERN:
        return notices.filter(concern__reference=subject.reference)
    if subject.thing == Thing.CASE:
        return notices.filter(case__in=Case.objects.filter(school=user.school_id).with_reference(subject.reference))
    return notices.none()


class ReadsMiddleware:
    """After the page is made, so that only what was really shown is noted; before it is sent, so that all of it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: StaffRequest) -> HttpResponse:
        response = self.get_response(request)
        subject = _shown(request, response)
        asked: Asked | None = getattr(request, "look_asked", None)
        if subject:
            known = asked if asked and asked.subject == subject else None
            is_new = not known.is_noted if known else None
            note_read(request.user, thing=subject.thing, reference=subject.reference, is_new=is_new)
            if getattr(request, "new_notices", 0) and (known is None or known.is_told):
                notices_about(request.user, subject).update(read_at=timezone.now())
        return response

    def process_view(
        self, request: StaffRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Whatever is asked of a case: a form that is sent without having been opened shows as much of it."""
        subject = subject_of(request)
        if subject is None or subject.thing != Thing.CASE or not request.user.is_authenticated:
            return None
        if request.resolver_match and request.resolver_match.url_name == "case-why":
            return None
        if subject.reference in request.session.get(REASONS, ()):
            return None
        cases = Case.objects.visible_to(request.user).with_reference(subject.reference)
        case = request.case_read = with_part_in(cases, request.user).select_related("school", "lead").first()
        if case is None or is_on(case, request.user):
            return None  # the page itself says 404
        asked = request.get_full_path() if request.method == "GET" else case.get_absolute_url()
        return redirect(f"{reverse('case-why', args=[case.reference])}?{urlencode({'next': asked})}")


def with_part_in(cases: CaseQuerySet, user: User) -> CaseQuerySet:
    """Each with whether `user` did something in it or was shown it, as `has_part`; `is_on` needs it.

    For a case that was chosen by its key or number: its events are looked for by that key, as an index has them.
    """
    if user.has_perm("incidents.approve_step"):
        return cases.annotate(has_part=Value(value=True))
    chosen = Subquery(cases.order_by().values("pk")[:1])
    acted = Exists(Event.objects.of_case(chosen).filter(by=user))
    return cases.annotate(
        has_part=acted | Exists(Referral.objects.standing().to_user(user).filter(case=OuterRef("pk")))
    )


def is_on(case: Case, user: User) -> bool:
    """Leads it, did something in it, was shown it, or answers for every case and is told who looks."""
    return user.pk in {case.lead_id, case.opened_by_id} or case.has_part  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    why = forms.ChoiceField(
        label="Why do you look at this case?",
        choices=[
            Choice("I stand in for whoever leads it", "I stand in for whoever leads it"),
            Choice("I was asked to help with it", "I was asked to help with it"),
            Choice("It may belong with a case of mine", "It may belong with a case of mine"),
            Choice("other", "Another reason"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select why you look at this case"},
    )
    words = LineField(label="The other reason (only if you chose that)", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(Field("why"), Field.text("words"), buttons("Open the case"))
        self.helper.legend_size = Size.SMALL
        self.helper.label_size = Size.SMALL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("why") == "other" and not cleaned.get("words"):
            self.add_error("words", "Enter the reason")
        return cleaned

    @property
    def reason(self) -> str:
        chosen = str(self.cleaned_data["why"])
        return str(self.cleaned_data["words"]) if chosen == "other" else chosen


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.view_case", raise_exception=True)
def case_why(request: StaffRequest, reference: str) -> HttpResponse:
    """Says no word of the case: whoever goes back instead has seen nothing."""
    case = get_object_or_404(Case.objects.visible_to(request.user).with_reference(reference))
    asked = request.GET.get("next", "")
    onward = asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else case.get_absolute_url()
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        note_read(request.user, thing=Thing.CASE, reference=reference, reason=form.reason)
        request.session[REASONS] = [*request.session.get(REASONS, []), reference]
        return redirect(onward)
    context = {"case": case, "school": school_of(request), "form": form, "back_url": reverse("case-list")}
    return render(request, "accounts/case_why.html", context)
