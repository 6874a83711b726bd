"""Asks a ClamAV daemon about a file, where one is set up. When it does not answer, files wait: they are never lost."""

from __future__ import annotations

import logging
import socket
import struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from incidents.evidence import sealing
from incidents.evidence.custody import Kind, note
from incidents.models import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

SECONDS = 8
CHUNK = 64 * 1024
AT_ONCE = 50


def scan(path: Path) -> Evidence.Scan:
    """Of a file that comes in. WAITING when the scanner does not answer."""
    if not settings.CLAMAV_URL:
        return Evidence.Scan.NONE
    with path.open("rb") as source:
        return _ask(iter(lambda: source.read(CHUNK), b""))


def scan_waiting() -> int:
    """Ask again about files that wait. For a timer; safe to run twice. Gives how many have their answer now."""
    done = 0
    waiting = Evidence.objects.filter(scan=Evidence.Scan.WAITING).order_by("received_at")
    for pk in list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            evidence = waiting.select_for_update().filter(pk=pk).first()
            if evidence is None:
                continue
            evidence.scan = (
                _ask(sealing.open_sealed(str(evidence.original))) if settings.CLAMAV_URL else Evidence.Scan.NONE
            )
            if evidence.scan == Evidence.Scan.WAITING:
                break  # still away: the others would only wait as long
            evidence.save(update_fields=["scan"])
            note(Kind.SCANNED, evidence, result=evidence.get_scan_display())
            done += 1
    return done


def _ask(content: Iterable[bytes]) -> Evidence.Scan:
    """`zINSTREAM`: chunks with their length before them, an empty one at the end. (clamd(8))"""
    try:
        with _connected() as daemon:
            daemon.sendall(b"zINSTREAM\0")
            for piece in _with_length(content):
                daemon.sendall(piece)
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < CHUNK:
                more = daemon.recv(4096)
                if not more:
                    break
                answer += more
    except OSError as error:
        logger.warning("The virus scanner does not answer: %s. Files wait for it", error)
        return Evidence.Scan.WAITING
    if answer.rstrip(b"\0").endswith(b": OK"):
        return Evidence.Scan.CLEAN
    if b" FOUND" in answer:
        return Evidence.Scan.FOUND
    logger.warning("The virus scanner gave no verdict: %r", answer[:200])
    return Evidence.Scan.WAITING


def _with_length(content: Iterable[bytes]) -> Iterator[bytes]:
    for piece in content:
        if piece:
            yield struct.pack("!I", len(piece)) + piece
    yield struct.pack("!I", 0)


def _connected() -> socket.socket:
    where = urlsplit(settings.CLAMAV_URL)
    if where.scheme == "unix":
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(SECONDS)
        daemon.connect(where.path)
        return daemon
    # The daemon that the settings name.
    # nosemgrep: fetches-what-was-typed
    return socket.create_connection((where.hostname or "localhost", where.port or 3310), timeout=SECONDS)
