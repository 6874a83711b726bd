"""The policy's own words, read once from `dkh.toml`: the only place they are written down.

Beside it lie translations, `dkh.es.toml` and so on, to help somebody read it. They decide nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any


def _typographic(text: str) -> str:
    """The policy's words with printed quotation marks; nothing else is changed, its spelling least of all."""
    return re.sub(r"(?<!\w)'(?=\w)", "‘", text).replace("'", "’")


@dataclass(frozen=True)
class Clause:
    """One thing the policy asks or calls inappropriate. `short` is its own words, cut with …."""

    key: str
    group: str
    short: str
    text: str


@dataclass(frozen=True)
class PolicyStep:
    """One of the five things the policy says the school may do."""

    key: str
    short: str
    text: str


@dataclass(frozen=True)
class Policy:
    """The whole text, in the order it is printed."""

    version: str
    school: str
    title: str
    see_also: str
    about_heading: str
    about: tuple[str, ...]
    important_lead: str
    important: tuple[str, ...]
    expectations: tuple[str, ...]
    code_heading: str
    expect_lead: str
    expect: tuple[str, ...]
    raising_heading: str
    raising: tuple[str, ...]
    closing: str
    ladder_lead: str
    group_leads: dict[str, str]
    clauses: tuple[Clause, ...]
    steps: tuple[PolicyStep, ...]
    notice: str = ""  # of a translation: that the English prevails

    def clause(self, key: str) -> Clause:
        return next(clause for clause in self.clauses if clause.key == key)

    def step(self, key: str) -> PolicyStep:
        return next(step for step in self.steps if step.key == key)

    def clauses_of(self, group: str) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.group == group)


def read_policy(path: Path) -> Policy:
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    quote = _typographic

    def lines(key: str) -> tuple[str, ...]:
        return tuple(quote(line) for line in raw[key])

    return Policy(
        version=raw["version"],
        school=raw["school"],
        title=quote(raw["title"]),
        see_also=quote(raw["see_also"]),
        about_heading=quote(raw["about_heading"]),
        about=lines("about"),
        important_lead=quote(raw["important_lead"]),
        important=lines("important"),
        expectations=lines("expectations"),
        code_heading=quote(raw["code_heading"]),
        expect_lead=quote(raw["expect_lead"]),
        expect=lines("expect"),
        raising_heading=quote(raw["raising_heading"]),
        raising=lines("raising"),
        closing=quote(raw["closing"]),
        ladder_lead=quote(raw["ladder_lead"]),
        group_leads={key: quote(group["lead"]) for key, group in raw["groups"].items()},
        clauses=tuple(
            Clause(row["key"], row["group"], quote(row["short"]), quote(row["text"])) for row in raw["clauses"]
        ),
        steps=tuple(PolicyStep(row["key"], quote(row["short"]), quote(row["text"])) for row in raw["steps"]),
    )


def translated(policy: Policy, path: Path) -> Policy:
    """The same policy in other words: clause by clause, step by step. `short` stays, as only staff read it."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    groups, clauses, steps = raw.pop("groups"), raw.pop("clauses"), raw.pop("steps")
    words: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return replace(
        policy,
        **words,
        group_leads={key: groups[key] for key in policy.group_leads},
        clauses=tuple(replace(clause, text=clauses[clause.key]) for clause in policy.clauses),
        steps=tuple(replace(step, text=steps[step.key]) for step in policy.steps),
    )


POLICY = read_policy(Path(__file__).with_name("dkh.toml"))


@lru_cache(maxsize=32)
def policy_in(language: str) -> Policy:
    """The policy to read in that language; the policy itself, where nobody has translated it."""
    path = Path(__file__).with_name(f"dkh.{language}.toml")
    return translated(POLICY, path) if path.exists() else POLICY
