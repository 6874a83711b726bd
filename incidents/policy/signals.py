"""What somebody may see in a message: signs of a crime, of danger to a child, of libel. Rows, and no decision.

A signal is written down about a message and never about a person. It opens a page for people; it takes no step.
Criticism, rudeness and many e-mails are in no row: on their own they are not for the police.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Signal:
    """A row: `group` says what it is for, and `hint` what it looks like."""

    key: str
    group: str
    text: str
    hint: str = ""


GROUPS = {
    "now": "Call 999 now, before you write anything here",
    "same_day": "Tell the police on 101, or the safeguarding lead, the same day",
    "child": "Tell the safeguarding lead, who may tell children’s services",
    "libel": "Words that a lawyer could be asked about",
}

SIGNALS = (
    Signal(
        "violence",
        "now",
        "A threat of death or serious violence that could be meant",
        "Also rape, or harm to a named child",
    ),
    Signal("weapon", "now", "A weapon is mentioned"),
    Signal(
        "on_the_way",
        "now",
        "Somebody says when and where they will come",
        "Such as “I’m outside” with a time or a place",
    ),
    Signal("suicide", "now", "Somebody says that they will end their life, and how"),
    Signal("on_site", "now", "Somebody is on the site, disturbs it and will not leave"),
    Signal("threat", "same_day", "A threat, without a time or a place"),
    Signal(
        "repeated", "same_day", "Contact again and again after being asked to stop", "Two times or more. List the dates"
    ),
    Signal("stalking", "same_day", "Waiting, following, coming to somebody’s home, photographs of a car or a home"),
    Signal("private_details", "same_day", "Somebody’s address, telephone, car or family is given away"),
    Signal("hate", "same_day", "Abuse or a threat because of race, religion, disability, sexuality or gender identity"),
    Signal("blackmail", "same_day", "Money or something else is asked for, with a threat"),
    Signal("intimate", "same_day", "An intimate picture was passed on", "Never copy it, send it or look at it again"),
    Signal("impersonation", "same_day", "Somebody’s account was taken over, or imitated"),
    Signal("sexual_child", "same_day", "Sexual remarks about a child"),
    Signal(
        "accused_teacher",
        "same_day",
        "A teacher is named whom a pupil has accused of a crime",
        "Education Act 2002, section 141F",
    ),
    Signal("incitement", "same_day", "Others are told to come, or to confront somebody"),
    Signal("child_risk", "child", "A child may be harmed, neglected or exploited"),
    Signal("child_details", "child", "A child’s picture or details are spread"),
    Signal("libel", "libel", "It may be libellous: written down, a picture or a recording that is kept"),
    Signal("slander", "libel", "It may be slanderous: spoken, and not kept"),
)

CRIME_SIGNALS = frozenset(signal.key for signal in SIGNALS if signal.group in ("now", "same_day", "child"))
LIBEL_SIGNALS = frozenset(signal.key for signal in SIGNALS if signal.group == "libel")


def signal_of(key: str) -> Signal:
    return next(signal for signal in SIGNALS if signal.key == key)


def signals_in(group: str) -> tuple[Signal, ...]:
    return tuple(signal for signal in SIGNALS if signal.group == group)
