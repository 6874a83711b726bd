"""Hypothesis without a clock: no test of a rule fails because the machine is busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("rules")
