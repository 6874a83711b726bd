"""What a kind of letter is, and the facts and fields that several kinds share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from dkh_conduct.school.templatetags.dates import day, weekday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

Audience = Literal["parent", "reporter", "body"]


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """What every letter can say. The reporter is in no facts: who they are cannot slip into a letter."""

    policy_title: str
    school_phone: str
    school_email: str
    signatory_phone: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was posted: the exact words, a neutral description, or both. Never who reported it."""

    where: str
    words: str = ""
    description: str = ""
    posted_on: date | None = None


@dataclass(frozen=True)
class QuotedClause:
    """A sentence of the school's policy, word for word. A guideline is for class groups; the others are activities."""

    words: str
    is_guideline: bool = False


@dataclass(frozen=True)
class Field:
    """One thing a template can say, by the name staff know it under. `value` is empty where the facts have none."""

    name: str
    meaning: str
    value: Callable[[Any], str]


@dataclass(frozen=True)
class Part:
    """Something this kind of letter must say: any one of `phrases` is enough. `why` is read by who leaves it out."""

    label: str
    phrases: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Kind:
    """One kind of letter. `version` goes up whenever the words of its template file change."""

    key: str
    title: str
    version: str
    when: str
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    sample: LetterFacts
    asks_reply: bool = False
    encloses_policy: bool = False
    audience: Audience = "parent"
    said_under: str = ""

    @property
    def template(self) -> str:
        return f"{self.key}.md"

    def field_values(self, facts: LetterFacts) -> dict[str, str]:
        return {field.name: field.value(facts) for field in self.fields}


def common_fields() -> tuple[Field, ...]:
    return (
        Field("policy", "The title of the school’s policy", lambda f: f.policy_title),
        Field(
            "phone", "The signatory’s telephone number, or the school’s", lambda f: f.signatory_phone or f.school_phone
        ),
        Field("school phone", "The school’s telephone number", lambda f: f.school_phone),
        Field("school email", "The school’s email address", lambda f: f.school_email),
    )


def reply_fields() -> tuple[Field, ...]:
    return (
        Field("reply date", "The last day to reply, with its weekday", lambda f: weekday(f.reply_by)),
        Field("short reply date", "The last day to reply, for the heading", lambda f: f"{f.reply_by:%-d %B}"),
    )


def finding_fields() -> tuple[Field, ...]:
    """What was posted and what the policy says of it, as lists and paragraphs of their own."""
    return (
        Field(
            "findings", "What was posted or done, one on each line", lambda f: bullets(map(finding_line, f.findings))
        ),
        Field("what was posted", "When it was posted, for the heading", lambda f: when_posted(f.findings)),
        Field(
            "clauses", "The sentences of the policy, word for word", lambda f: paragraphs(map(clause_line, f.clauses))
        ),
    )


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def paragraphs(texts: Iterable[str]) -> str:
    return "\n\n".join(texts)


def finding_line(finding: Finding) -> str:
    where = f"{day(finding.posted_on)}, {finding.where}" if finding.posted_on else sentence_case(finding.where)
    said = " ".join(part for part in (finding.description, f"“{finding.words}”" if finding.words else "") if part)
    return f"{where}: {said}"


def clause_line(clause: QuotedClause) -> str:
    if clause.is_guideline:
        return f"Our policy asks parents to keep to this guideline in class groups: “{clause.words}”."
    return f"Our policy considers this online activity inappropriate: “{clause.words}”."


def when_posted(findings: tuple[Finding, ...]) -> str:
    days = sorted({finding.posted_on for finding in findings if finding.posted_on})
    if not days:
        return "what was posted"
    if len(days) == 1:
        return f"what was posted on {day(days[0])}"
    return f"what was posted from {day(days[0])} to {day(days[-1])}"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def child_fields() -> tuple[Field, ...]:
    """“your child” or “your children”; empty where the addressee has none at the school."""
    return (
        Field(
            "your child",
            "“your child” or “your children”; nothing without one at the school",
            lambda f: "your children" if f.children > 1 else "your child" if f.children else "",
        ),
        Field(
            "Your child",
            "The same at the start of a sentence",
            lambda f: "Your children" if f.children > 1 else "Your child" if f.children else "",
        ),
    )


RIGHT_OF_REPLY = Part(
    "how to put their side",
    ("put your side", "your side", "tell us your view"),
    "Nothing is fair that the other side was not heard on.",
)
COMPLAINTS = Part("the complaints procedure", ("complaints procedure",), "They must know where to go if they disagree.")
CHILD = Part(
    "that it makes no difference to the child",
    ("your child", "your children", "any child"),
    "A child must never pay for what a parent wrote.",
)
HELP = Part(
    "an offer of help, an interpreter or someone to come along",
    ("interpreter", "large print", "bring someone with you"),
    "The school must make it possible for everyone to answer.",
)
