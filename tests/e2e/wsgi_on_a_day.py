"""The portal at a time of its own, so that a picture of it can be taken again: E2E_NOW=2026-11-23T08:52."""

from __future__ import annotations

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

from dkh_conduct.wsgi import application

__all__ = ["application"]

_then = datetime.fromisoformat(os.environ["E2E_NOW"]).replace(tzinfo=ZoneInfo("Europe/London"))
time_machine.travel(_then, tick=True).start()
