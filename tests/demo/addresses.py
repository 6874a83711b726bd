"""Every address of the portal that a person can open in the demo school, and who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from incidents.models import Allegation, Case, Concern, InformationRequest, Person, PersonFlag, Step
from letters.models import Letter, Mailing, PrintBatch

if TYPE_CHECKING:
    from collections.abc import Iterator

PARENTS = (
    "start",
    "policy",
    "report",
    "report-danger",
    "report-call-first",
    "report-what",
    "report-complaint",
    "report-complaints-procedure",
    "report-where",
    "report-when",
    "report-who",
    "report-words",
    "report-evidence",
    "report-leader",
    "report-you",
    "status",
    "page-accessibility",
    "page-privacy",
    "page-cookies",
    "page-contact",
)
SIGNED_OUT = ("account_login", "account_reset_password", "account_reset_password_done")
LEADERS = ("ruth", "marian")
EVERYBODY = (*LEADERS, "pat")
ADMIN = "imran"


@dataclass(frozen=True)
class Address:
    url: str
    who: tuple[str, ...]


def staff_pages() -> Iterator[Address]:
    yield Address(reverse("dashboard"), (*EVERYBODY, ADMIN))  # which sends the office and the administrator on
    yield Address(reverse("page-list"), (ADMIN,))
    yield Address(reverse("page-change", args=["privacy"]), (ADMIN,))
    yield Address(reverse("poster"), (*EVERYBODY, ADMIN))
    yield Address(reverse("search") + "?q=marsh", EVERYBODY)
    for url in (reverse("concern-list"), reverse("case-list")):
        yield Address(url, LEADERS)
    yield Address(reverse("concern-list") + "?status=unread&status=read", LEADERS)
    yield Address(reverse("concern-list") + "?q=nothing+like+this", LEADERS)
    yield Address(reverse("case-list") + "?q=nothing+like+this", LEADERS)
    for concern in Concern.objects.all():
        yield Address(concern.get_absolute_url(), LEADERS)
    for case in Case.objects.all():
        yield from _of_case(case)
    yield Address(reverse("print-room"), EVERYBODY)
    for tab in ("post", "posted", "email", "void", "register"):
        yield Address(reverse("print-room") + f"?show={tab}", EVERYBODY)
    for batch in PrintBatch.objects.filter(letters__state=Letter.State.PRINTED).distinct():
        yield Address(reverse("print-batch", args=[batch.number]), ("pat",))
    yield from _of_contacts()
    yield Address(reverse("envelopes"), ("pat",))
    yield Address(reverse("template-list"), (*LEADERS, ADMIN))
    for kind in ("warning", "ban_intent", "meeting_invitation"):
        yield Address(reverse("template-change", args=[kind]), (*LEADERS, ADMIN))
        yield Address(reverse("template-versions", args=[kind]), (*LEADERS, ADMIN))
    for letter in Letter.objects.posted():
        yield Address(reverse("letter-copy", args=[letter.reference]), ("pat",))
        yield Address(reverse("letter-void", args=[letter.reference]), EVERYBODY)
    for letter in Letter.objects.all():
        yield Address(letter.get_absolute_url(), LEADERS if letter.state == Letter.State.DRAFT else EVERYBODY)


def _of_contacts() -> Iterator[Address]:
    for name in ("contact-list", "contact-import", "mailing-list"):
        yield Address(reverse(name), EVERYBODY)
    yield Address(reverse("contact-list") + "?only=flagged", EVERYBODY)
    yield Address(reverse("contact-list") + "?q=nothing+like+this", EVERYBODY)
    yield Address(reverse("mailing-start"), LEADERS)
    for mailing in Mailing.objects.all():
        yield Address(mailing.get_absolute_url(), EVERYBODY if mailing.state == Mailing.State.DONE else LEADERS)
    for name in ("Kate Sutcliffe", "Theo Marsh", "Emeka Obi", "Luz Ortega"):
        person = Person.objects.contacts().get(full_name=name)
        for page in ("contact", "contact-change", "flag-set", "family-add"):
            yield Address(reverse(page, args=[person.pk]), EVERYBODY)
    flagged = PersonFlag.objects.standing().get(person__full_name="Emeka Obi")
    yield Address(reverse("flag-lift", args=[flagged.person_id, flagged.pk]), LEADERS)
    known = Person.objects.get(full_name="Sinéad Ní Bhriain")
    yield Address(reverse("contact", args=[known.pk]), LEADERS)


def _of_case(case: Case) -> Iterator[Address]:
    yield Address(case.get_absolute_url(), LEADERS)
    for file in case.files.all():
        yield Address(file.get_absolute_url(), LEADERS)
    if case.status == Case.Status.CLOSED:
        return
    reference = case.reference
    for name in (
        "person-add",
        "allegation-add",
        "information-ask",
        "cannot-wait-record",
        "note-add",
        "lead-change",
        "conflict-record",
    ):
        yield Address(reverse(name, args=[reference]), LEADERS)
    for link in case.people.all():
        yield Address(reverse("person-change", args=[reference, link.person_id]), LEADERS)
    for allegation in Allegation.objects.filter(case=case):
        yield Address(reverse("finding-record", args=[reference, allegation.pk]), LEADERS)
    for asked in InformationRequest.objects.filter(case=case):
        name = "information" if asked.received_on else "information-receive"
        yield Address(reverse(name, args=[reference, asked.pk]), LEADERS)
    for name in ("step-warning", "step-meeting", "step-authorities", "step-legal", "step-ban"):
        yield Address(reverse(name, args=[reference]), LEADERS)
    for name in ("signal-list", "signal-add"):
        yield Address(reverse(name, args=[reference]), LEADERS)
    for step in Step.objects.exclude(state=Step.State.DRAFT).filter(case=case):
        yield Address(reverse("step", args=[reference, step.pk]), LEADERS)
    for step in Step.objects.drafts().filter(case=case):
        yield Address(reverse("step-draft", args=[reference, step.pk]), LEADERS)
        yield Address(reverse("step-discard", args=[reference, step.pk]), LEADERS)
