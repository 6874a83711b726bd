"""What others will read of a case, looked through for who told the school: letters, the pack for lawyers, the file.

The names are looked for and go nowhere else. Somebody else may have the same name, so a person can say why it stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from incidents.casework.case_lock import Refused
from incidents.models import CasePerson, FamilyLink, Reporter
from letters.checks import Objection
from letters.checks.reporter import reporter_named, reporter_reached

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incidents.models import Case

SHOWN = 200  # characters of a sentence


def told_by(case: Case) -> tuple[list[str], list[str]]:
    """The names of those who told the school and of their children; and their numbers and email addresses."""
    told = list(Reporter.objects.filter(concern__case=case))
    names = [reporter.name for reporter in told if reporter.name]
    reaches = [reach for reporter in told for reach in (reporter.phone, reporter.email) if reach]
    return [*names, *_children_of(names, case)], reaches


def names_in(case: Case, texts: Iterable[tuple[str, str]]) -> list[Objection]:
    """At most one for each text, which comes with what it is called. A name that a subject has too says nothing."""
    names, reaches = told_by(case)
    if not names and not reaches:
        return []
    subjects = " ".join(person.full_name for person in case.subjects)
    found = []
    for label, text in texts:
        named = reporter_named(text, reporters=names, addressee=subjects)
        first = next((each for each in (*named, *reporter_reached(text, reaches=reaches))), None)
        if first:
            title = f"“{label}” may show who told the school"
            found.append(Objection(first.code, title, first.why, first.sentence[:SHOWN]))
    return found


def check_said_why(objections: Iterable[Objection], stays: Mapping[str, str]) -> dict[str, str]:
    """The reasons that were given and are needed, by what they are about. Raises Refused where one is missing."""
    said = {}
    for objection in objections:
        if not stays.get(objection.key, "").strip():
            raise Refused(f"{objection.title}. Take it out, or say why it may stay.")
        said[objection.key] = stays[objection.key]
    return said


def _children_of(names: list[str], case: Case) -> list[str]:
    """As the school's list knows them: in a class, a child's name says whose parent it was. Not a subject's own."""
    if not names:
        return []
    parents = Q()
    for name in names:
        parents |= Q(person__full_name__iexact=name)
    theirs = FamilyLink.objects.filter(person__cases__case=case, person__cases__role=CasePerson.Role.SUBJECT)
    links = FamilyLink.objects.filter(parents, person__school=case.school_id, relative__is_child=True)
    return list(links.exclude(relative__in=theirs.values("relative")).values_list("relative__full_name", flat=True))
