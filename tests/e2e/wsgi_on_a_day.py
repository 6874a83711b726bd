"""The portal at a time of its own, so that a picture of it can be taken again: E2E_NOW=2026-11-23T08:52.

A story that goes on for months writes later times into the file `E2E_CLOCK` as it goes: see `Portal.move_to`.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import time_machine

from dkh_conduct.wsgi import application as portal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

LONDON = ZoneInfo("Europe/London")
CLOCK = Path(os.environ["E2E_CLOCK"]) if "E2E_CLOCK" in os.environ else None


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


_shown = os.environ["E2E_NOW"]
_traveller = time_machine.travel(_moment(_shown), tick=True).start()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    global _shown
    if CLOCK is not None and CLOCK.exists() and (written := CLOCK.read_text()) != _shown:
        _shown = written
        _traveller.move_to(_moment(written), tick=True)
    return portal(environ, start_response)
