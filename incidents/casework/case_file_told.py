"""What the file of a case says: each of its sections as plain facts, for somebody who sees nothing else of it.

No reporter is named, no file by its own name, and children by their initials. What only the privileged area may know
goes in where it was chosen by somebody who may see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q

from dkh_conduct.school.templatetags.dates import day
from incidents.casework.case_file_steps import at, block_of, by_and_when
from incidents.casework.concerns import concerns_of
from incidents.casework.step_page import step_of
from incidents.models import Case, CaseFile, CasePerson, Event, Evidence, LegalReferral, Reply, Step
from incidents.models.story import lines_of, title_of
from incidents.policy.stages import stage_of
from incidents.policy.wording import POLICY
from letters.dossier import Block, Section
from letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User
    from incidents.models import Person

PARTS = {
    "summary": "Summary and people",
    "chronology": "Chronology",
    "allegations": "Allegations and findings",
    "accounts": "Accounts and information",
    "decisions": "Decisions and their reasons",
    "letters": "Letters",
    "evidence": "Evidence index",
    "notes": "Staff notes",
    "advice": "Privileged: legal advice",
}
NOT_TOLD = (Event.Kind.CONCERN_ASSIGNED, Event.Kind.CONFLICT_RECORDED)
PRIVILEGED = (Event.Kind.LEGAL_ADVISED, Event.Kind.CASE_REFERRED, Event.Kind.REFERRAL_ENDED)


@dataclass
class Telling:
    """A case as `user` may tell it; what several sections need is read once."""

    case: Case
    user: User
    with_advice: bool = False
    letters: list[Letter] = field(init=False)
    evidence: list[Evidence] = field(init=False)

    def __post_init__(self) -> None:
        self.letters = list(letters_in(self.case, user=self.user))
        self.evidence = evidence_in(self.case, user=self.user)

    @property
    def numbers(self) -> dict[object, int]:
        return {each.pk: number for number, each in enumerate(self.evidence, start=1)}

    def section(self, key: str) -> Section:
        blocks: Iterator[Block] = getattr(self, f"_{key}")()
        return Section(key, PARTS[key], tuple(blocks), INTROS.get(key, ""))

    def _summary(self) -> Iterator[Block]:
        case = self.case
        yield Block(
            "",
            (
                ("Case", case.reference),
                ("About", case.title),
                ("What it is about", case.summary),
                ("Status", case.get_status_display()),
                ("Opened", f"{day(case.opened_at)}, by {case.opened_by.full_name}"),
                ("Lead", f"{case.lead.full_name}, {case.lead.job_title}"),
                ("Why it could not wait", case.cannot_wait_reason),
                ("Closed", f"{day(case.closed_at)}. {case.closed_reason}" if case.closed_at else ""),
            ),
        )
        people = [
            (link.get_role_display(), ", ".join(filter(None, (named(link), link.description))))
            for link in case.people.all()
        ]
        yield Block("People", (*people, *_concern_rows(self)))

    def _chronology(self) -> Iterator[Block]:
        events = Event.objects.of_case(self.case).known_to(self.user).without_reporters().exclude(kind__in=NOT_TOLD)
        rows = [
            (at(event.at), _event_words(event))
            for event in events.select_related("by").order_by("at", "pk")
            if self.with_advice or not self._tells_of_advice(event)
        ]
        if rows:
            yield Block("", tuple(rows))

    def _tells_of_advice(self, event: Event) -> bool:
        """That it was asked for, came, or went into another file."""
        if event.kind == Event.Kind.CASE_FILE_MADE:
            return (event.case_id, event.facts.get("number")) in self._privileged_files
        return event.kind in PRIVILEGED or event.facts.get("step") == stage_of("legal", "").title

    @cached_property
    def _privileged_files(self) -> set[tuple[int, int]]:
        files = CaseFile.objects.filter(Q(case=self.case) | Q(case__merged_into=self.case), has_advice=True)
        return set(files.values_list("case_id", "number"))

    def _allegations(self) -> Iterator[Block]:
        numbers = self.numbers
        for number, each in enumerate(self.case.allegations.select_related("subject", "found_by"), start=1):
            seen = numbers.get(each.evidence_id)
            posted = ", ".join(filter(None, (each.posted_where, day(each.posted_on))))
            yield Block(
                f"Allegation {number}, about {each.subject.full_name}",
                (
                    ("Clause", f"“{each.text}”"),
                    ("Policy", f"{POLICY.title}, version {each.policy_version}"),
                    ("Exact words", each.words),
                    ("What was posted", each.description),
                    ("Where and when", posted),
                    ("Evidence", f"Evidence {seen}" if seen else ""),
                    ("Finding", each.get_finding_display()),
                    ("Reason", each.finding_reason),
                    ("Found by", by_and_when(each.found_by, each.found_at)),
                    ("How it ended", each.get_outcome_display() if each.outcome else ""),
                ),
            )

    def _accounts(self) -> Iterator[Block]:
        for each in self.case.information.select_related("person", "asked_by", "received_by"):
            what = f"{each.who}: their own account" if each.is_subject_account else str(each)
            asked = f"{day(each.asked_on)}, {each.get_asked_how_display().lower()}, by {each.asked_by.full_name}"
            came = (
                f"{day(each.received_on)}, {each.get_received_how_display().lower()}"
                if each.received_on
                else f"Not received. Asked for by {day(each.due_on)}"
            )
            yield Block(what, (("Asked", asked), ("Received", came), ("What they said", each.statement)))
        replies = Reply.objects.sent().filter(step__case=self.case).select_related("step__letter", "step__subject")
        for reply in replies:
            letter = reply.step.letter.reference if reply.step.letter else ""
            yield Block(
                f"{reply.step.subject.full_name}: reply to letter {letter}",
                (
                    ("Sent", at(reply.sent_at)),
                    ("Agrees", reply.get_agreement_display()),
                    ("Their side", reply.side),
                    ("Asked for", "\n".join([*reply.help_labels, reply.help_words])),
                ),
            )
        for part in self.steps():
            if part.kind == "ban" and part.part_of_id is None:
                for said in part.ban.representations.all() if hasattr(part, "ban") else ():
                    yield Block(
                        f"{part.subject.full_name}: about the ban",
                        ((f"{said.get_how_display()}, {day(said.received_on)}", said.text),),
                    )

    def _decisions(self) -> Iterator[Block]:
        numbered = {each.pk: number for number, each in enumerate(self.case.allegations.all(), start=1)}
        for step in self.steps():
            if step.kind != "legal" or self.with_advice:
                yield block_of(step, allegations=numbered)

    def _letters(self) -> Iterator[Block]:
        rows = [
            (
                letter.reference,
                f"{letter.title}, to {letter.addressee}\n{letter.get_state_display()}"
                + (f" {day(letter.posted_on)}" if letter.posted_on else "")
                + f"\nSHA-256 {letter.sha256}",
            )
            for letter in self.letters
        ]
        if rows:
            yield Block("", tuple(rows))

    def _evidence(self) -> Iterator[Block]:
        rows = []
        for number, each in enumerate(self.evidence, start=1):
            came = f"With concern {each.concern.reference}" if each.concern else "With a reply to a letter"
            kept = f"{each.kind_in_words}, {each.size_in_words}. {came}, {day(each.received_at)}"
            rows.append((f"Evidence {number}", f"{kept}\nOriginal: SHA-256 {each.sha256}"))
        if rows:
            yield Block("", tuple(rows))

    def _notes(self) -> Iterator[Block]:
        rows = [
            (f"{note.get_kind_display()}, {day(note.written_at)}", f"{note.text}\n{note.written_by.full_name}")
            for note in self.case.notes.select_related("written_by").order_by("written_at", "pk")
        ]
        if rows:
            yield Block("", tuple(rows))

    def _advice(self) -> Iterator[Block]:
        if not self.with_advice:
            return
        for each in advice_in(self.case, user=self.user):
            rows = [
                (
                    "Asked",
                    f"{day(each.step.taken_at)}, by {each.step.taken_by.full_name if each.step.taken_by else ''}",
                ),
                ("Limitation date", day(each.limitation_on)),
                ("Questions", each.questions),
                ("Meaning", each.meaning),
                ("Said to be untrue", each.untrue),
                ("Accepted as true", each.accepted),
                ("Harm", each.harm),
            ]
            rows += [
                (f"Advice, {day(filed.filed_at)}", f"{filed.text}\nFiled by {filed.filed_by.full_name}")
                for filed in each.advice.select_related("filed_by")
            ]
            yield Block(f"Asked about {each.step.subject.full_name}", tuple(rows))

    def steps(self) -> list[Step]:
        """All that left their draft, oldest first, each ready to be told."""
        keys = self.case.steps.exclude(state=Step.State.DRAFT).order_by("drafted_at", "pk").values_list("pk", flat=True)
        return [step_of(self.case, key) for key in keys]


INTROS = {
    "chronology": "What was done, by whom and when, oldest first. Messages with whoever reported it are left out.",
    "allegations": "Each clause is quoted from the policy as it was then.",
    "notes": "What staff wrote down, marked as fact, observation or opinion.",
    "advice": "Privileged and confidential: for the purpose of obtaining legal advice. Do not pass it on.",
    "evidence": "Originals are sealed and stay at the school. Only redacted copies are enclosed.",
}


def letters_in(case: Case, *, user: User) -> QuerySet[Letter]:
    """Sealed letters of the case that `user` may see, those issued again with what they replace; oldest first."""
    now = case.steps.values("letter")
    chain = Q(pk__in=now) | Q(reissued_as__in=now) | Q(reissued_as__reissued_as__in=now)
    return Letter.objects.visible_to(user).registered().filter(chain).order_by("sealed_at", "pk")


def evidence_in(case: Case, *, user: User) -> list[Evidence]:
    """As every page of the case numbers it; then what came with replies."""
    numbered = [each.file.pk for concern in concerns_of(case, user=user) for each in concern.evidence]
    of_case = Q(pk__in=numbered) | Q(reply__in=Reply.objects.sent().filter(step__case=case).values("pk"))
    found = (
        Evidence.objects.good()
        .filter(of_case)
        .select_related("concern")
        .prefetch_related("parts", "redactions", "words_redactions")
    )
    files = {each.pk: each for each in found}
    first = [files.pop(key) for key in numbered if key in files]
    return [*first, *sorted(files.values(), key=lambda each: (each.received_at, str(each.pk)))]


def advice_in(case: Case, *, user: User) -> QuerySet[LegalReferral]:
    """The privileged area of the case, for those who may see it."""
    found = LegalReferral.objects.visible_to(user).filter(step__case=case)
    return found.select_related("step__subject", "step__taken_by").order_by("pk")


def named(link: CasePerson) -> str:
    person: Person = link.person
    is_child = person.is_child or link.role == CasePerson.Role.CHILD
    return person.initials if is_child else person.full_name


def _event_words(event: Event) -> str:
    # Who wrote a concern down may be who told it.
    by = f"By {event.by.full_name}." if event.by and event.kind != Event.Kind.CONCERN_RECEIVED else ""
    return "\n".join(filter(None, (title_of(event), *lines_of(event), by)))


def _concern_rows(telling: Telling) -> list[tuple[str, str]]:
    """Which concerns it grew from: never who sent them."""
    return [
        ("Concern", f"{each.concern.reference}, received {day(each.concern.received_at)}")
        for each in concerns_of(telling.case, user=telling.user)
    ]
