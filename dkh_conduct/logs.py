"""Logs that say what happened, when and where, and never who or what somebody wrote: one line of JSON each.

A log is copied, mailed and kept by people who may read nothing of a case. So addresses, numbers and secrets are taken
out of every line, and of an exception only its kind and its place are kept: its words may hold what somebody typed.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

ROOT = str(Path(__file__).resolve().parent.parent)
FRAMES = 8
SECRETS = (
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "[email]"),
    (re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][A-Z]{2}\b"), "[postcode]"),
    (re.compile(r"(?<![\w.])(?:\+44|0)[\d\s()-]{8,14}\d(?!\w)"), "[number]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:+){3,7}[0-9a-f]{0,4}\b", re.IGNORECASE), "[network]"),
    (re.compile(r"\?\S+"), "?[query]"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{28,}(?![\w-])"), "[secret]"),
    (re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,4}\b"), "[code]"),
)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
KEPT = {"timestamp", "level", "logger", "where"}


def clean(value: Any) -> Any:
    """Text without addresses, numbers, networks, queries and secrets; a file's own key is kept."""
    if isinstance(value, dict):
        return {key: clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    kept = UUID.findall(text)
    for index, each in enumerate(kept):
        text = text.replace(each, f"\0{index}\0")
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    for index, each in enumerate(kept):
        text = text.replace(f"\0{index}\0", each)
    return text


def scrub(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return {key: value if key in KEPT else clean(value) for key, value in event.items()}


def place_of_error(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """`error` is its kind, `where` the last lines of ours that it went through. Its message and values are left out."""
    found = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    error = found[1] if isinstance(found, tuple) else found if isinstance(found, BaseException) else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if frame.filename.startswith(ROOT) and ".venv" not in frame.filename]
        event["error"] = type(error).__name__
        event["where"] = [f"{Path(each.filename).relative_to(ROOT)}:{each.lineno}" for each in ours[-FRAMES:]]
    return event


BEFORE: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration(level: str) -> dict[str, Any]:
    """For Django's LOGGING. Every logger ends here: Django's, the worker's, libraries'."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": BEFORE,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    place_of_error,
                    scrub,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "axes": {"level": "WARNING"},  # says at each start how it is configured
            "fontTools": {"level": "WARNING"},
            "fido2": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},  # a line among those that a start prints
            "weasyprint": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }
