"""Letters that go with a referral: to a body such as the police or the council, and to the Trust's legal team.

They give facts and no conclusions, what the other side says among them. Neither says that a law was broken, or that
anybody has a claim: that is for those they go to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dkh_conduct.school.templatetags.dates import day
from letters.kinds.kind import Field, Finding, Kind, LetterFacts, Part, bullets, common_fields, finding_line, numbered
from letters.kinds.samples import SCHOOL


@dataclass(frozen=True, kw_only=True)
class AuthoritiesCoverFacts(LetterFacts):
    """`about` is the person as far as known, `basis` how that is known. `account` is empty where none was asked for."""

    body: str
    reason: str
    statements: tuple[Finding, ...]
    about: str
    basis: str
    asked_of_them: str
    contact_name: str
    contact_role: str
    account: str = ""
    no_account_because: str = ""
    complaint_open: str = ""
    known: str = ""


@dataclass(frozen=True)
class Statement:
    """Words complained of, exactly as they stand. `seen_by` is how many or who, as far as the school lawfully knows."""

    words: str
    on: date | None
    where: str
    seen_by: str = ""
    is_live: bool = False


@dataclass(frozen=True, kw_only=True)
class LegalCoverFacts(LetterFacts):
    """`limitation_on` is the last day of one year from the first statement (Limitation Act 1980, section 4A)."""

    statements: tuple[Statement, ...]
    author: str
    basis: str
    referred_to: str
    wishes: str
    harm: str
    limitation_on: date
    said_to_be_untrue: str = ""
    accepted_as_true: str = ""
    context: str = ""
    account: str = ""
    questions: tuple[str, ...] = ()


def statement_line(statement: Statement) -> str:
    where = f"{day(statement.on)}, {statement.where}" if statement.on else statement.where
    seen = f" Seen by: {statement.seen_by}." if statement.seen_by else ""
    live = "It is still there." if statement.is_live else "As far as we know it is not there any more."
    return f"“{statement.words}” ({where}).{seen} {live}"


AUTHORITIES_COVER = Kind(
    key="authorities_cover",
    title="Referral to the authorities",
    version="1",
    when="Conduct that may be criminal is referred to the police, the council or another body.",
    fields=(
        *common_fields(),
        Field("body", "Who it goes to", lambda f: f.body),
        Field("reason", "Why you refer it, in a sentence or two", lambda f: f.reason),
        Field(
            "statements",
            "What was said or done, with days and places",
            lambda f: bullets(map(finding_line, f.statements)),
        ),
        Field("person", "Who it is about, as far as you know", lambda f: f.about),
        Field("basis", "How you know who it was", lambda f: f.basis),
        Field("account", "What the person says about it", lambda f: f.account),
        Field("no account because", "Why they were not asked yet", lambda f: f.no_account_because),
        Field("complaint", "A complaint of theirs that is open", lambda f: f.complaint_open),
        Field("known", "What else may matter, such as an illness or a child’s needs", lambda f: f.known),
        Field("request", "What you ask the body to do", lambda f: f.asked_of_them),
        Field("contact", "Whom they can ask", lambda f: f"{f.contact_name}, {f.contact_role}"),
    ),
    parts=(
        Part("that the school has not decided", ("have not decided whether",), "The body decides, not the school."),
        Part("what the person says", ("what the person says",), "A referral that leaves out their side misleads."),
        Part("what you ask for", ("what we ask",), "It saves everybody a telephone call."),
        Part("whom they can ask", ("you can ask",), "There must be one person who knows."),
    ),
    sample=AuthoritiesCoverFacts(
        **SCHOOL,
        body="the Safer Schools officer",
        reason="A message names a place and a time, and staff are worried for their safety.",
        statements=(
            Finding("WhatsApp group for parents", words="I’ll be at the gate at 3.15", posted_on=date(2026, 11, 12)),
        ),
        about="Helen Ashby, a parent at the school",
        basis="The message was sent from the number that the school has for her.",
        account="She says that she lost her temper, and did not mean to frighten anyone.",
        complaint_open="She has a complaint open about a reading group. It goes on as before.",
        known="She has told us that she has anxiety.",
        asked_of_them="Tell us whether there is anything that we should do to keep people safe at the gate.",
        contact_name="Marian Okoro",
        contact_role="Executive Head Teacher",
    ),
    audience="body",
)

LEGAL_COVER = Kind(
    key="legal_cover",
    title="Request for legal advice",
    version="1",
    when="Words may be libellous or slanderous, and the Trust’s legal team is asked for advice.",
    fields=(
        *common_fields(),
        Field(
            "statements",
            "The exact words, with day, place and who saw them",
            lambda f: numbered(map(statement_line, f.statements)),
        ),
        Field("author", "Who wrote or said it, as it was shown", lambda f: f.author),
        Field("basis", "How you know who it was", lambda f: f.basis),
        Field("person referred to", "Whom the words are about", lambda f: f.referred_to),
        Field("wishes", "What that person wishes", lambda f: f.wishes),
        Field("untrue", "What is said to be untrue, and why", lambda f: f.said_to_be_untrue),
        Field("true", "What is accepted as true, or partly true", lambda f: f.accepted_as_true),
        Field("harm", "What harm is known", lambda f: f.harm),
        Field("context", "A complaint, a dispute or a need that belongs to it", lambda f: f.context),
        Field("account", "What the author says about it", lambda f: f.account),
        Field("limitation date", "One year from the first words, less a day", lambda f: day(f.limitation_on)),
        Field("questions", "What you want to know", lambda f: numbered(f.questions)),
    ),
    parts=(
        Part("that advice is sought, and nothing else", ("asking for advice",), "The school threatens no claim."),
        Part("the exact words", ("the words",), "Nobody can advise on a summary."),
        Part("the year’s end", ("one year",), "After a year no claim can be brought."),
        Part("what is accepted as true", ("accepted as true",), "Advice on half the facts is worth nothing."),
    ),
    sample=LegalCoverFacts(
        **SCHOOL,
        statements=(
            Statement(
                "She takes the money from the trips", date(2026, 11, 19), "class WhatsApp group", "31 parents", True
            ),
        ),
        author="“Dan M”, who is believed to be Daniel Marsh",
        basis="The school has the same number for him. He has not been asked about it yet.",
        referred_to="a member of the office staff, who is named in the message",
        wishes="She wants the message taken down. She does not want to go to court.",
        said_to_be_untrue="The trip accounts were checked in October, and all money is accounted for.",
        accepted_as_true="A receipt went missing in September.",
        harm="Two parents have asked whether it is true. She has been off work for three days.",
        context="Mr Marsh has a complaint open about the cost of trips.",
        limitation_on=date(2027, 11, 18),
        questions=("Is there anything that the school should do, or should not do?",),
    ),
    audience="body",
)
