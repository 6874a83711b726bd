"""Roles and rights as data: which role may do what to which thing. A role is a group, its rights are permissions.

One row of `RIGHTS` is one verb on one kind of thing. The page at /staff/rights/ prints the rows, `PERMISSIONS` is made
from them, and every door asks for a permission: so what an administrator reads is what holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import models


class Role(models.TextChoices):
    OFFICE = "office", "School office"
    SLT = "slt", "Senior Leadership Team"
    HEAD = "head", "Executive Head Teacher"
    CHAIR = "chair", "Chair of governors or the Trust"
    DSL = "dsl", "Safeguarding lead"
    LEGAL = "legal", "Trust legal"
    DPO = "dpo", "Data protection lead"
    ADMIN = "admin", "Administrator"


OFFICE, SLT, HEAD, CHAIR, DSL, LEGAL, DPO, ADMIN = Role
LEADERS = (SLT, HEAD)
# The chair decides in place of an Executive Head who has a conflict of interest, and sees nothing else.
DECIDERS = (*LEADERS, CHAIR)


@dataclass(frozen=True)
class Right:
    """Who may do one thing. `limit` says in words what the QuerySets and verbs narrow it to."""

    thing: str
    verb: str
    permission: str
    roles: tuple[Role, ...]
    limit: str = ""


WITHOUT_CONFLICT = "Never where they are named, related or stepped aside."
PASSED_ON = "The chair: only what every Executive Head has a conflict with, or what they lead."
# In the order in which a concern walks. The office prints and posts: it never sees evidence, notes or reasons.
RIGHTS = (
    Right(
        "Concerns",
        "Read",
        "incidents.view_concern",
        (*DECIDERS, DSL),
        f"{WITHOUT_CONFLICT} The safeguarding lead: only where somebody may be in danger. {PASSED_ON}",
    ),
    Right("Concerns", "Read those where nobody is at risk", "incidents.view_every_concern", LEADERS, WITHOUT_CONFLICT),
    Right("Concerns", "Put safeguarding first, and say when it is done", "incidents.pause_concern", (*DECIDERS, DSL)),
    Right("Concerns", "Write one down for somebody else", "incidents.record_concern", (OFFICE, *DECIDERS, DSL)),
    Right("Concerns", "Decide what happens, and write to the reporter", "incidents.triage_concern", DECIDERS),
    Right(
        "Cases",
        "Read",
        "incidents.view_case",
        (*DECIDERS, LEGAL),
        f"{WITHOUT_CONFLICT} Trust legal: only a case that was referred to them, and its evidence. {PASSED_ON}",
    ),
    Right("Cases", "Read those passed on", "incidents.view_passed_on", (CHAIR,), PASSED_ON),
    Right("Cases", "Read those not referred to them", "incidents.view_every_case", LEADERS, WITHOUT_CONFLICT),
    Right("Cases", "Gather information and record findings", "incidents.run_case", DECIDERS),
    Right("Cases", "Print the file for a panel", "incidents.print_case_file", DECIDERS, WITHOUT_CONFLICT),
    Right(
        "Contacts", "Read the school’s list", "incidents.view_contacts", (OFFICE, *LEADERS), "No case, and no reason."
    ),
    Right("Contacts", "Change, and import", "incidents.change_contacts", (OFFICE, *LEADERS)),
    Right("Contacts", "Set a flag that stops letters", "incidents.flag_person", (OFFICE, *DECIDERS)),
    Right("Contacts", "Lift a flag", "incidents.lift_flag", DECIDERS, "With a reason, which is kept."),
    Right(
        "Contacts",
        "Write about a site ban to somebody who is not to be contacted",
        "incidents.override_flag",
        (HEAD, CHAIR),
        "With a reason. Never in spite of a court order or a confidential address.",
    ),
    Right("Evidence", "Redact, and mark messages", "incidents.redact_evidence", DECIDERS, WITHOUT_CONFLICT),
    Right(
        "Evidence",
        "Open a sealed original",
        "incidents.open_original",
        (HEAD, CHAIR, LEGAL),
        f"{WITHOUT_CONFLICT} With a reason, which is kept. Trust legal: only in a case that was referred to them.",
    ),
    Right("Steps", "Propose or take", "incidents.take_step", DECIDERS, "Never in a case about themselves."),
    Right("Steps", "Approve", "incidents.approve_step", (HEAD, CHAIR), "Never their own proposal."),
    Right(
        "Site bans",
        "See who may not come on site, and until when",
        "incidents.view_register",
        (OFFICE, *LEADERS),
        "A name and a day, nothing else.",
    ),
    Right(
        "Legal advice",
        "Ask for it, and read what was asked and answered",
        "incidents.view_privileged",
        (*LEADERS, LEGAL),
        "Whoever leads the case, and those of the Trust’s legal team it was shown to.",
    ),
    Right(
        "Letters", "See", "letters.view_letter", (OFFICE, *DECIDERS), f"The office: once it is approved. {PASSED_ON}"
    ),
    Right("Letters", "See those others wrote", "letters.view_every_letter", (OFFICE, *LEADERS)),
    Right("Letters", "Draft", "letters.draft_letter", DECIDERS),
    Right("Letters", "Approve", "letters.approve_letter", DECIDERS),
    Right("Letters", "Print and mark as posted", "letters.print_letter", (OFFICE,)),
    Right("Letters", "Write one to many families", "letters.draft_mailing", LEADERS),
    Right("Letters", "Approve one to many families", "letters.approve_mailing", LEADERS, "Never their own."),
    Right(
        "Letters",
        "Change the words of a template",
        "letters.change_lettertemplate",
        (*LEADERS, ADMIN),
        "With invented facts: no case, and no letter that was sent. Each letter made from it is still approved.",
    ),
    Right("The portal", "Change the school’s calendar", "school.change_calendar", (OFFICE, ADMIN)),
    Right("The portal", "Change the pages at the foot", "school.change_page", (ADMIN,)),
    Right("The portal", "Invite staff, give roles, end accounts", "accounts.manage_staff", (ADMIN,)),
    Right(
        "The portal",
        "Read who looked at what",
        "accounts.read_access_log",
        (HEAD, DPO),
        "References only. Never of what they have a conflict with.",
    ),
    Right("The portal", "Read this table", "accounts.view_rights", (HEAD, DPO, ADMIN)),
)
PERMISSIONS: dict[Role, tuple[str, ...]] = {
    role: tuple(right.permission for right in RIGHTS if role in right.roles) for role in Role
}


def sync_roles(*, using: str = "default") -> None:
    """Make the groups match the table above. Permissions of an app not migrated yet come later."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, names in PERMISSIONS.items():
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in names if name in known])
