"""Recomputes every hash and the chain of custody, and says what is not as it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dkh_conduct.school import chain
from dkh_conduct.school.keyring import UnknownKeyError
from incidents.evidence import sealing
from incidents.evidence.custody import Kind, sha256_of_stored
from incidents.models import CustodyEntry, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkh_conduct.school.models import School

MAKES_FILES = (Kind.COPY_MADE, Kind.REDACTED)


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was stored. `where` is a file's key, or the log."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def faults(school: School, *, anchor: chain.Anchor | None = None) -> Iterator[Fault]:
    """In the order: the log, then each file by when it was received. Reads everything that is stored."""
    if broken := chain.verify(CustodyEntry, school, anchor=anchor):
        yield Fault("The log", broken.problem)
    for evidence in Evidence.objects.good().filter(school=school).order_by("received_at", "pk").iterator(200):
        yield from (Fault(f"Evidence {evidence.pk}", problem) for problem in _problems(evidence))


def _problems(evidence: Evidence) -> Iterator[str]:
    entries = list(CustodyEntry.objects.filter(evidence_key=evidence.pk).order_by("seq"))
    received = next((entry for entry in entries if entry.kind == Kind.RECEIVED), None)
    if received is None:
        yield "the log does not say that it was received."
    elif received.facts.get("sha256") != evidence.sha256:
        yield "its row has another SHA-256 than the log."
    if evidence.original:
        yield from _original(evidence)
    made: dict[str, str] = {}
    for entry in entries:
        if entry.kind in MAKES_FILES:
            made.update(entry.facts.get("files", {}))
        for gone in entry.facts.get("gone", []):
            made.pop(gone, None)
    for name, sha256 in made.items():
        try:
            found = sha256_of_stored(name)
        except OSError:
            yield f"{name} is missing."
        else:
            if found != sha256:
                yield f"{name} was changed after it was made."


def _original(evidence: Evidence) -> Iterator[str]:
    try:
        if sealing.sha256_of(str(evidence.original)) != evidence.sha256:
            yield "the original is not the file that came in."
    except sealing.NotWholeError as error:
        yield f"the original cannot be opened: {error}."
    except UnknownKeyError as error:
        yield f"the original cannot be opened: {error}"
    except OSError:
        yield "the original is missing."
