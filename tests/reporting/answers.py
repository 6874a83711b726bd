"""What a parent answers, question by question: for tests, and for a benchmark that needs no database."""

from __future__ import annotations

from typing import Any

ANSWERS: dict[str, dict[str, Any]] = {
    "danger": {"danger": "none"},
    "what": {"clauses": ["abusive", "platform"]},
    "complaint": {"complaint": "no"},
    "where": {"places": ["class_group", "facebook"], "place_name": "Year 4 Willow parents"},
    "when": {"seen_on_0": "19", "seen_on_1": "11", "seen_on_2": "2025", "when_words": ""},
    "who": {"known": "yes", "poster": "D Marsh, a parent in Year 4"},
    "words": {"account": "They called the teaching assistant a liar\r\nin front of 31 parents."},
    "leader": {"leaders": ["no"], "leader_name": ""},
    "you": {"role": "parent", "name": "", "email": "", "phone": "", "may_name": "no"},
}
