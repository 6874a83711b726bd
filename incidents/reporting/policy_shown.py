"""The policy as a parent reads it: in the language of the page, and the English, which alone counts, beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language

from incidents.policy.wording import POLICY, Policy, policy_in

PLAIN = {"version", "school", "notice", "clauses", "steps", "group_leads"}


def policy_to_read() -> Policy:
    return policy_in(get_language() or settings.LANGUAGE_CODE)


def shown_policy() -> Policy:
    """Every sentence with its English, as HTML. In English, the policy as it is."""
    read = policy_to_read()
    if read is POLICY:
        return POLICY
    words: dict[str, Any] = {
        field.name: _beside(getattr(read, field.name), getattr(POLICY, field.name))
        for field in fields(Policy)
        if field.name not in PLAIN
    }
    return replace(
        read,
        **words,
        group_leads={key: _beside(lead, POLICY.group_leads[key]) for key, lead in read.group_leads.items()},
        clauses=tuple(replace(clause, text=shown_clause(clause.key)) for clause in read.clauses),
        steps=tuple(replace(step, text=_beside(step.text, POLICY.step(step.key).text)) for step in read.steps),
    )


def shown_clause(key: str) -> str:
    read = policy_to_read()
    english = POLICY.clause(key).text
    return english if read is POLICY else _beside(read.clause(key).text, english)


def _beside(words: Any, english: Any) -> Any:
    if isinstance(words, tuple):
        return tuple(_beside(line, original) for line, original in zip(words, english, strict=True))
    return format_html('{}<span class="dkh-original" lang="en-GB" dir="ltr">{}</span>', words, english)
