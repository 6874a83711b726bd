"""Pages of the people the school knows: the list, one of them, and changing what is held."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.contacts.changing import ChangedMeanwhileError, change_contact, unlist_contact
from incidents.contacts.family import family_of, households_of, link_family, unlink_family
from incidents.contacts.flags import lift_flag, set_flag
from incidents.contacts.forms import ContactFilterForm, ContactForm, FamilyForm, FlagForm, FlagLiftForm
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Case, FamilyLink, Person, PersonFlag

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from dkh_conduct.accounts.http import StaffRequest
    from incidents.models.person import PersonQuerySet

ROWS = 25
may_change = permission_required("incidents.change_contacts", raise_exception=True)


def may_know_people(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever keeps the list, and whoever may stop letters to the people of a case."""

    @wraps(view)
    def asked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.user.has_perm("incidents.view_contacts") or request.user.has_perm("incidents.flag_person")):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def find_person(request: StaffRequest, number: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user).select_related("email_agreed_to"), pk=number)


@require_safe
@permission_required("incidents.view_contacts", raise_exception=True)
def contact_list(request: StaffRequest) -> HttpResponse:
    contacts = Person.objects.visible_to(request.user).contacts()
    form = ContactFilterForm(request.GET)
    found = _found(contacts, form).prefetch_related(
        Prefetch("flags", PersonFlag.objects.standing(), to_attr="standing"),
        Prefetch("relatives", FamilyLink.objects.select_related("relative")),
    )
    in_classes = contacts.children().exclude(class_name="").order_by("class_name")
    page = Paginator(found.order_by("full_name", "pk"), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "is_filtered": any(form.cleaned_data.values()),
        "classes": in_classes.values_list("class_name", flat=True).distinct(),
        "may_change": request.user.has_perm("incidents.change_contacts"),
    }
    return render(request, "contacts/contact_list.html", context)


def _found(contacts: PersonQuerySet, form: ContactFilterForm) -> PersonQuerySet:
    form.is_valid()
    asked = form.cleaned_data
    for word in asked.get("q", "").replace("\0", "").split():
        contacts = contacts.filter(Q(full_name__icontains=word) | Q(address__icontains=word))
    if class_name := asked.get("class_name", "").replace("\0", ""):
        of_class = FamilyLink.objects.filter(person=OuterRef("pk"), relative__class_name=class_name)
        contacts = contacts.filter(Q(class_name=class_name) | Exists(of_class))
    only = asked.get("only")
    if only == "adults":
        return contacts.adults()
    if only == "children":
        return contacts.children()
    if only == "flagged":
        return contacts.filter(Exists(PersonFlag.objects.standing().filter(person=OuterRef("pk"))))
    return contacts.exclude(email="").filter(email_agreed_on__isnull=False) if only == "email" else contacts


@require_safe
@may_know_people
def contact(request: StaffRequest, number: int) -> HttpResponse:
    person = find_person(request, number)
    user = request.user
    cases = Case.objects.visible_to(user).filter(people__person=person).distinct()
    family = family_of(person, user=user)
    flags = list(person.flags.as_read_by(user).select_related("set_by", "lifted_by"))
    context = {
        "person": person,
        "family": family,
        "households": households_of(person, family) if person.is_child else [],
        "cases": cases,
        "standing": [flag for flag in flags if not flag.lifted_at],
        "lifted": [flag for flag in flags if flag.lifted_at],
        "may_change": user.has_perm("incidents.change_contacts"),
        "may_flag": user.has_perm("incidents.flag_person"),
        "may_lift": user.has_perm("incidents.lift_flag"),
        "back_url": reverse("contact-list") if user.has_perm("incidents.view_contacts") else reverse("case-list"),
    }
    return render(request, "contacts/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def contact_change(request: StaffRequest, number: int) -> HttpResponse:
    person = find_person(request, number)
    form = ContactForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            changed = change_contact(person=person, by=request.user, **form.cleaned_data)
        except ChangedMeanwhileError as other:
            form = ContactForm({**request.POST.dict(), "version": other.version}, person=person)
            form.add_error(None, str(other))
        except ContactRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Saved: {', '.join(changed)}." if changed else "Nothing was changed.")
            return redirect("contact", person.pk)
    return _form_page(request, person, form, f"Change details of {person.full_name}")


@require_POST
@may_change
def contact_unlist(request: StaffRequest, number: int) -> HttpResponse:
    person = find_person(request, number)
    try:
        unlist_contact(person=person, by=request.user)
    except ContactRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{person.full_name} is off the list.")
    return redirect("contact-list")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.flag_person", raise_exception=True)
def flag_set(request: StaffRequest, number: int) -> HttpResponse:
    person = find_person(request, number)
    form = FlagForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            stopped = set_flag(person=person, by=request.user, **form.cleaned_data)
        except ContactRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            also = f" Stopped: {', '.join(letter.reference for letter in stopped)}." if stopped else ""
            messages.success(request, f"No letter goes to {person.full_name} any more.{also}")
            return redirect("contact", person.pk)
    return _form_page(request, person, form, f"Stop letters to {person.full_name}", about="flag")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("incidents.lift_flag", raise_exception=True)
def flag_lift(request: StaffRequest, number: int, flag: int) -> HttpResponse:
    person = find_person(request, number)
    found = get_object_or_404(person.flags.select_related("person", "set_by"), pk=flag)
    form = FlagLiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            free = lift_flag(flag=found, by=request.user, **form.cleaned_data)
        except ContactRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            also = f" Letters that may go out again: {len(free)}." if free else ""
            messages.success(request, f"The flag is lifted.{also}")
            return redirect("contact", person.pk)
    title = f"Lift a flag: {found.get_kind_display().lower()}, {person.full_name}"
    return _form_page(request, person, form, title)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def family_add(request: StaffRequest, number: int) -> HttpResponse:
    person = find_person(request, number)
    form = FamilyForm(request.POST if request.method == "POST" else None, person=person, user=request.user)
    if form.is_valid():
        other, kind = form.cleaned_data["relative"], form.cleaned_data["kind"]
        # “A parent of this child” is said of the other one; “a child of this adult”, of the person of the page.
        first, second = (other, person) if person.is_child else (person, other)
        try:
            link_family(person=first, relative=second, kind=kind, by=request.user)
        except ContactRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{other.full_name} is in the family now.")
            return redirect("contact", person.pk)
    return _form_page(request, person, form, f"Add to the family of {person.full_name}")


@require_POST
@may_change
def family_remove(request: StaffRequest, number: int, link: int) -> HttpResponse:
    person = find_person(request, number)
    seen = Person.objects.visible_to(request.user).values("pk")
    links = FamilyLink.objects.filter(Q(person=person) | Q(relative=person), person__in=seen, relative__in=seen)
    links = links.select_related("person", "relative")
    found = get_object_or_404(links, pk=link)
    try:
        unlink_family(link=found, by=request.user)
    except ContactRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The link is removed.")
    return redirect("contact", person.pk)


def _form_page(request: StaffRequest, person: Person, form: Any, title: str, *, about: str = "") -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "title": title,
        "about": about,
        "back_url": reverse("contact", args=[person.pk]),
    }
    return render(request, "contacts/contact_form.html", context)
