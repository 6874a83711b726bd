"""Words that say more than a school knows or may do, and labels for people: each with what is true instead.

Quotations are left out: what somebody posted may be repeated, and the policy's words are the policy's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.checks.objection import Objection
from letters.text import plain_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"")


@dataclass(frozen=True)
class Claim:
    """`pattern` is looked for in each sentence; `unless` makes the sentence a fair one."""

    code: str
    title: str
    why: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


CLAIMS = (
    Claim(
        "defamation_prosecuted",
        "Nobody is prosecuted for libel or slander",
        "Libel and slander are matters between people, for a civil court. Take the sentence out.",
        _words(r"(?=.*\b(?:libel|slander|defam))(?=.*\b(?:prosecut|police|crime|criminal|offence))"),
    ),
    Claim(
        "law_broken",
        "It says that a law was broken",
        "A school does not decide that. Say what was written or done, and leave the law out.",
        _words(r"\b(?:illegal\w*|unlawful\w*|against the law|br(?:oke|eaking|eaks|oken) the law"
               r"|criminal\w*|committed a crime"
               r"|(?:is|was|are|were|amounts? to|constitutes?) (?:an? )?(?:offence|crime|harassment|libel\w*|slander\w*"
               r"|defam\w*|hate crime|stalking))\b"),
        _words(r"\bmay be an offence\b|\bnot (?:\w+ )?decided whether\b"),
    ),
    Claim(
        "prosecution",
        "It threatens with prosecution",
        "Whether anybody is prosecuted is for others to decide. Take the sentence out.",
        _words(r"\bprosecut"),
    ),
    Claim(
        "legal_threat",
        "It threatens with a court or the police",
        "Say what the policy says may happen, with “may”, and nothing that is not decided.",
        _words(r"\b(?:sue you|will sue|legal action|legal proceedings|our (?:solicitors?|lawyers?)|(?:will|shall|going "
               r"to) (?:\w+ )?(?:call|contact|inform|involve|report (?:you|this|it) to) the police"
               r"|take you to court)\b"),
    ),
    Claim(
        "section_547",
        "Section 547 is not what a ban rests on",
        "The school withdraws the permission to come on to its site. Section 547 may only be named as what may follow "
        "if somebody without permission causes a nuisance: “that may be an offence under section 547”.",
        _words(r"\b(?:s\.? ?|section )547\b"),
        _words(r"\bmay be an offence under section 547\b"),
    ),
    Claim(
        "trespass_crime",
        "It says that coming on site is an offence",
        "Coming on site without permission is not an offence by itself. Say “may”, and only with a nuisance.",
        _words(r"\b(?:trespass\w*|enter\w*|com(?:e|ing)|set(?:ting)? foot)\b.*\b(?:arrest|offence|police)\b"),
        _words(r"\bmay\b"),
    ),
    Claim(
        "leave_group",
        "It orders somebody about in a private group",
        "A school cannot make anyone leave a group or delete a message. Ask instead.",
        _words(r"\b(?:must|have to|required to|are to|need to|instruct\w* you to|order\w* you to) (?:\w+ ){0,2}"
               r"(?:leave|delete|remove|take down|close)\b|\bleave the (?:\w+ )?group\b"),
        _words(r"\b(?:do not have to|cannot make)\b"),
    ),
    Claim(
        "gag",
        "It forbids criticism",
        "Criticism of the school is free, and so is a complaint. Ask about the words, and leave opinions alone.",
        _words(r"\b(?:do not|don’t|don't|must not|may not|cannot|stop|refrain from) (?:\w+ )?(?:discuss\w*|criticis\w*|"
               r"talk\w* about|comment\w* on|post\w* about) (?:\w+ )?(?:school|staff|teachers?|us|policy|policies)\b"),
    ),
    Claim(
        "label",
        "It labels a person",
        "Say what was written or done. A word for the person adds nothing, and may not be fair.",
        _words(r"\b(?:vexatious|malicious|perpetrators?|offenders?|culprits?|trolls?|bull(?:y|ies)|abusers?"
               r"|unreasonable parent|aggressive (?:man|woman|person|parent|individual)|mentally|unstable|paranoid"
               r"|deranged|hysterical)\b"),
    ),
    Claim(
        "child_pays",
        "It makes the child pay",
        "A child’s place, teaching and care never depend on what a parent wrote. Take the sentence out.",
        _words(r"\byour child(?:ren)?\b.*\b(?:lose|excluded|removed|leave the school|off.?roll|another school"
               r"|sanction)"),
    ),
    Claim(
        "without_prejudice",
        "“Without prejudice” does not belong here",
        "The school will want to rely on this letter. Those words are for settling a claim.",
        _words(r"\bwithout prejudice\b"),
    ),
    Claim(
        "promise",
        "It promises what the school may not be able to keep",
        "Say what you will do, and by when.",
        _words(r"\b(?:guarantee\w*|we promise|i promise|never happen again|completely confidential"
               r"|strictly confidential|remain anonymous)\b"),
    ),
    Claim(
        "tone",
        "It raises its voice",
        "A letter with an exclamation mark or with words in capitals is read as shouting.",
        re.compile(r"!|\b[A-Z]{4,}\b(?:\W+[A-Z]{2,}\b)+|\b[A-Z]{6,}\b"),
    ),
)  # fmt: skip


def over_claims(body: str) -> Iterator[Objection]:
    for sentence, own in own_words(body):
        for claim in CLAIMS:
            if claim.pattern.search(own) and not (claim.unless and claim.unless.search(own)):
                yield Objection(claim.code, claim.title, claim.why, sentence)


def own_words(body: str) -> list[tuple[str, str]]:
    """Each sentence, and the same with every quoted letter made an x, so that the two stay the same in shape."""
    return list(zip(plain_sentences(body), plain_sentences(_QUOTED.sub(_masked, body)), strict=False))


def _masked(match: re.Match[str]) -> str:
    calm = re.sub(r"[a-z]", "x", match[0].replace("!", "."))
    return re.sub(r"[A-Z]+", lambda capitals: "X" + "x" * (len(capitals[0]) - 1), calm)
