"""Searching everything that somebody may read: each kind through its own door, so that nobody finds what they may not.

Every word typed has to be there. Each kind gives its newest rows first and never more than `MOST`.
"""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  a dataclass names it
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from dkh_conduct.school.templatetags.dates import day
from incidents.evidence.naming import may_read_names
from incidents.models import Allegation, Case, CasePerson, ChatLine, Concern, Evidence, EvidencePart, Person
from incidents.models.reference import tidy_reference
from letters.models import Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dkh_conduct.accounts.models import User

SHORTEST, LONGEST, WORDS = 2, 200, 10
MOST = 500
AROUND = 60


@dataclass(frozen=True)
class Hit:
    """One thing that was found; `words` is the place in it, `note` says what and where it is."""

    title: str
    url: str
    note: str = ""
    words: str = ""


@dataclass(frozen=True)
class Kind:
    key: str
    label: str
    find: Callable[[Words, User], QuerySet[Any]]
    show: Callable[[Any, Words], Hit]

    def rows(self, words: Words, user: User) -> QuerySet[Any]:
        return self.find(words, user)[:MOST]


@dataclass(frozen=True)
class Words:
    """What was typed, without what cannot be searched for."""

    typed: str

    @classmethod
    def read(cls, typed: str) -> Words:
        return cls(" ".join(typed.replace("\0", " ")[:LONGEST].split()[:WORDS]))

    @property
    def is_enough(self) -> bool:
        return len(self.typed) >= SHORTEST

    @property
    def each(self) -> list[str]:
        return self.typed.split()

    def all_in(self, *fields: str) -> Q:
        """Every word is in one of these fields."""
        found = Q()
        for word in self.each:
            here = Q()
            for field in fields:
                here |= Q(**{f"{field}__icontains": word})
            found &= here
        return found

    def around(self, text: str) -> str:
        """The first of the words with what stands about it, or the start of the text."""
        line = " ".join(text.split())
        low = line.casefold()
        place = min((found for word in self.each if (found := low.find(word.casefold())) >= 0), default=0)
        start, end = max(0, place - AROUND), place + 2 * AROUND
        return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def _concerns(words: Words, user: User) -> QuerySet[Concern]:
    told = words.all_in("account", "poster", "reference", "place_name", "when_words")
    return Concern.objects.visible_to(user).filter(told | Q(reference=tidy_reference(words.typed))).newest_first()


def _concern(found: Concern, words: Words) -> Hit:
    posted = f"Posted by {found.poster}. " if found.poster else ""
    return Hit(
        found.reference, found.get_absolute_url(), f"{posted}Sent {day(found.received_at)}", words.around(found.account)
    )


def _cases(words: Words, user: User) -> QuerySet[Case]:
    seen = Case.objects.visible_to(user)
    said = Allegation.objects.filter(words.all_in("words", "description"), case=OuterRef("pk"))
    found = Q(pk__in=seen.matching(words.typed).values("pk")) | Q(Exists(said))
    return seen.filter(found).prefetch_related("people__person").order_by("-number")


def _case(found: Case, _: Words) -> Hit:
    return Hit(
        f"{found.reference} {found.title}", found.get_absolute_url(), f"{found.summary}. {found.get_status_display()}"
    )


def _people(words: Words, user: User) -> QuerySet[Person]:
    """People on a case that `user` sees: the list of contacts has a search of its own."""
    seen = CasePerson.objects.filter(case__in=Case.objects.visible_to(user).values("pk")).select_related("case")
    links = seen.filter(person=OuterRef("pk"))
    people = Person.objects.visible_to(user).filter(Exists(links)).filter(words.all_in("full_name"))
    return people.prefetch_related(Prefetch("cases", seen.order_by("-case__number"))).order_by("full_name", "pk")


def _person(found: Person, _: Words) -> Hit:
    links = list(found.cases.all())
    roles = ", ".join(f"{link.get_role_display()} in {link.case.reference}" for link in links)
    return Hit(found.full_name, links[0].case.get_absolute_url(), roles)


def _letters(words: Words, user: User) -> QuerySet[Letter]:
    return Letter.objects.visible_to(user).filter(words.all_in("reference", "addressee")).order_by("-drafted_at", "-pk")


def _letter(found: Letter, _: Words) -> Hit:
    return Hit(
        found.reference,
        found.get_absolute_url(),
        f"{found.title}, to {found.addressee}. {found.get_state_display()}",
    )


def _pictures(words: Words, user: User) -> QuerySet[Evidence]:
    """By the text that a machine read in them."""
    pages = EvidencePart.objects.filter(words.all_in("text"), evidence=OuterRef("pk"))
    shown = Evidence.objects.good().visible_to(user).exclude(scan=Evidence.Scan.WAITING)
    if not may_read_names(user):  # at the top of an e-mail stands whose it is
        shown = shown.exclude(media_type="message/rfc822")
    found = shown.filter(words.all_in("text") | Q(Exists(pages)))
    return found.select_related("concern").prefetch_related("parts").order_by("-received_at", "pk")


def _picture(found: Evidence, words: Words) -> Hit:
    texts = [found.text, *(part.text for part in found.parts.all())]
    text = next((text for text in texts if all(word.casefold() in text.casefold() for word in words.each)), found.text)
    return Hit(found.kind_in_words, found.get_absolute_url(), _home_of(found), words.around(text))


def _lines(words: Words, user: User) -> QuerySet[ChatLine]:
    shown = Evidence.objects.good().visible_to(user).exclude(scan=Evidence.Scan.WAITING).values("pk")
    said = ChatLine.objects.said().filter(words.all_in("body", "sender"), evidence__in=shown)
    return said.select_related("evidence__concern").order_by("-evidence__received_at", "evidence", "number")


def _line(found: ChatLine, words: Words) -> Hit:
    title = f"{found.sender}, {found.stamp}"
    return Hit(title, found.evidence.get_absolute_url(), _home_of(found.evidence), words.around(found.body))


def _home_of(evidence: Evidence) -> str:
    return f"With concern {evidence.concern.reference}" if evidence.concern else "With a reply to a letter"


KINDS = (
    Kind("concerns", "Concerns", _concerns, _concern),
    Kind("cases", "Cases", _cases, _case),
    Kind("people", "People on cases", _people, _person),
    Kind("letters", "Letters", _letters, _letter),
    Kind("pictures", "Text read in pictures", _pictures, _picture),
    Kind("chats", "Chat messages", _lines, _line),
)


@dataclass(frozen=True)
class Found:
    """The first few of one kind, and whether there are more."""

    kind: Kind
    hits: list[Hit]
    has_more: bool


def found_of(words: Words, user: User, *, few: int) -> list[Found]:
    """The kinds in which something was found: one query a kind, and what it shows of it."""
    found = []
    for kind in KINDS:
        if rows := list(kind.find(words, user)[: few + 1]):
            found.append(Found(kind, [kind.show(row, words) for row in rows[:few]], len(rows) > few))
    return found
