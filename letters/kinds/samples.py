"""Invented facts for looking at a template, and for testing it: the policy's own words come with the real facts."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from letters.kinds.kind import Finding, QuotedClause


class SchoolFacts(TypedDict):
    policy_title: str
    school_phone: str
    school_email: str
    signatory_phone: str


SCHOOL: SchoolFacts = {
    "policy_title": "Policy on messages and groups",
    "school_phone": "020 7946 0123",
    "school_email": "office@school.example",
    "signatory_phone": "020 7946 0127",
}
FINDINGS = (
    Finding("class WhatsApp group", words="Useless AND a liar", posted_on=date(2026, 11, 19)),
    Finding("public Facebook group", description="A photograph of a member of staff.", posted_on=date(2026, 11, 20)),
)
CLAUSES = (
    QuotedClause("A sentence of the school’s policy on what is inappropriate"),
    QuotedClause("A sentence of the school’s policy on class groups", is_guideline=True),
)
ACCOUNT = "you were worried because your son came home hurt."
LADDER_LEAD = "The policy’s sentence on what the school may do"
LADDER = ("The policy’s first step", "The policy’s second step")
