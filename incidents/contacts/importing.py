"""Taking over an export: what would be new, changed or the same; then all of it in one transaction, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from dkh_conduct.accounts.audit import AuditEntry, note_account
from dkh_conduct.school.models import School, today
from dkh_conduct.school.templatetags.dates import day
from incidents.contacts.flags import set_flag
from incidents.contacts.matching import FIELDS, Known, Unclear
from incidents.contacts.reading_rows import read_rows
from incidents.contacts.refusal import ContactRefusedError
from incidents.models import Case, ContactImport, Event, FamilyLink, Person, PersonFlag
from incidents.models.event import record
from letters.emailing import stop_emails
from letters.voiding import withdraw_from_old_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dkh_conduct.accounts.models import User
    from incidents.contacts.matching import Planned
    from incidents.contacts.reading_rows import Row, RowError

WRITTEN = [*FIELDS, "is_contact", "email_agreed_on", "email_agreed_how", "email_agreed_to"]


@dataclass
class Plan:
    """What an import would do. Who is known from a case only counts as new: the list says nothing of cases.

    `unclear` are left to the office.
    """

    people: list[Planned]
    links: list[FamilyLink]
    changed_links: list[FamilyLink]
    flags: list[tuple[Planned, str]]
    unclear: list[Unclear]
    errors: list[RowError]

    @property
    def new(self) -> list[Planned]:
        return [each for each in self.people if not each.was_listed]

    @property
    def changed(self) -> list[Planned]:
        return [each for each in self.people if each.is_changed]

    @property
    def unchanged(self) -> int:
        return len(self.people) - len(self.new) - len(self.changed)

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.changed or self.links or self.changed_links or self.flags)


def plan_of(upload: ContactImport) -> Plan:
    columns = {int(place): key for place, key in upload.columns.items()}
    rows, errors = read_rows(upload.heading, upload.rows, columns)
    return _planned(upload.school, rows, errors)


def _planned(school: School, rows: Sequence[Row], errors: list[RowError]) -> Plan:
    known = Known(school)
    held = {
        (link.person_id, link.relative_id): link
        for link in FamilyLink.objects.filter(person__school=school).exclude(kind=FamilyLink.Kind.SIBLING)
    }
    standing = set(PersonFlag.objects.standing().filter(person__school=school).values_list("person", "kind"))
    links: dict[tuple[int, int], FamilyLink] = {}
    changed_links: dict[int, FamilyLink] = {}
    flags: dict[tuple[int, str], tuple[Planned, str]] = {}
    unclear: list[Unclear] = []
    for row in rows:
        child = known.child(row.child) if row.child else None
        adult = known.adult(row.adult, child) if row.adult else None
        if row.adult and adult is None:
            unclear.append(Unclear.of(row, row.adult))
        for kind in row.flags if adult else ():
            if adult and (adult.person.pk, kind) not in standing:
                flags[(id(adult), kind)] = (adult, kind)
        if child and adult:
            old = held.get((adult.person.pk, child.person.pk)) if adult.person.pk and child.person.pk else None
            link = old or links.get((id(adult), id(child)))
            if link is None:
                link = links[(id(adult), id(child))] = FamilyLink(
                    person=adult.person, relative=child.person, kind=row.kind
                )
            if _change_link(link, row) and old:
                changed_links[old.pk] = old
    told = list(links.values()), list(changed_links.values()), list(flags.values())
    return Plan(known.planned, *told, unclear, errors)


def _change_link(link: FamilyLink, row: Row) -> bool:
    is_changed = False
    for name in ("has_responsibility", "lives_together", "priority"):
        value = getattr(row, name)
        if value not in (None, 0) or (name != "priority" and value is False):
            is_changed |= getattr(link, name) != value
            setattr(link, name, value)
    return is_changed


@transaction.atomic
def keep_upload(*, school: School, by: User, file_name: str, table: str, columns: dict[int, str]) -> ContactImport:
    """The file as it was read. Whatever this person had begun and not taken over is given up."""
    _may(by, school_id=school.pk)
    ContactImport.objects.waiting().filter(school=school, by=by).delete()
    return ContactImport.objects.create(school=school, by=by, file_name=file_name[:120], table=table, columns=columns)


@transaction.atomic
def import_contacts(*, upload: ContactImport, by: User) -> Plan:
    """Takes over all of it. Raises ContactRefusedError where a row has a fault, or it was done already."""
    _may(by, school_id=upload.school_id)
    school = School.objects.select_for_update().get(pk=upload.school_id)  # one import at a time
    current = (
        ContactImport.objects.select_related("school").select_for_update(of=("self",)).filter(pk=upload.pk).first()
    )
    if current is None or current.applied_at:
        raise ContactRefusedError("This file was taken over already.")
    plan = plan_of(current)
    if plan.errors:
        raise ContactRefusedError("Nothing was imported: put the rows right that are named below, and upload it again.")
    _write(plan, school=school, by=by)
    current.applied_at, current.table = timezone.now(), ""
    current.save(update_fields=["applied_at", "table"])
    note_account(
        AuditEntry.Kind.CONTACTS_IMPORTED,
        school=school,
        by=by,
        new=len(plan.new),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        flags=len(plan.flags),
        unclear=len(plan.unclear),
    )
    return plan


def _write(plan: Plan, *, school: School, by: User) -> None:
    fresh = [each.person for each in plan.people if each.is_new]
    bulk_create_with_history(fresh, Person, batch_size=500, default_user=by)
    changed = [each for each in plan.people if not each.is_new and (each.changes or not each.was_listed)]
    for each in changed:
        each.person.is_contact = True
        if "email" in each.changes:  # consent was given for the address before
            each.person.email_agreed_on, each.person.email_agreed_how, each.person.email_agreed_to = None, "", None
            stop_emails(school=school, recipient=each.person.recipient, by=by, why="Their email address changed.")
    bulk_update_with_history([each.person for each in changed], Person, WRITTEN, batch_size=200, default_user=by)
    moved = {each.person.recipient: each.person.address for each in changed if "address" in each.changes}
    withdraw_from_old_addresses(school=school, addresses=moved, by=by)
    for link in plan.links:
        link.person_id, link.relative_id = link.person.pk, link.relative.pk
    FamilyLink.objects.bulk_create(plan.links, batch_size=500)
    FamilyLink.objects.bulk_update(
        plan.changed_links, ["has_responsibility", "lives_together", "priority"], batch_size=200
    )
    _tell_cases(changed, school=school, by=by)
    for planned, kind in plan.flags:
        set_flag(
            person=planned.person, by=by, kind=kind, reason=f"From the school’s own system, imported on {day(today())}."
        )


def _tell_cases(changed: Iterable[Planned], *, school: School, by: User) -> None:
    by_person = {each.person.pk: each for each in changed if each.changes}
    for case in Case.objects.open().filter(people__person__in=list(by_person)).distinct().prefetch_related("people"):
        for pk in {link.person_id for link in case.people.all()} & by_person.keys():
            record(
                Event.Kind.PERSON_CHANGED,
                school=school,
                by=by,
                case=case,
                person=by_person[pk].old_name,
                summary=f"Changed by an import: {by_person[pk].words}.",
            )


def _may(by: User, *, school_id: int) -> None:
    if by.school_id != school_id or not by.has_perm("incidents.change_contacts"):
        raise PermissionDenied
