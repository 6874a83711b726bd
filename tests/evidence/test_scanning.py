"""Where a virus scanner is set up it looks at every file; where it is away, files wait for it and none is lost."""

from __future__ import annotations

import socket
import struct
from threading import Thread

import pytest

from incidents.evidence.intake import receive
from incidents.evidence.scanning import scan_waiting
from incidents.models import CustodyEntry, Evidence
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


class Daemon:
    """Speaks as clamd does: reads the chunks of INSTREAM, and finds a virus in what holds EICAR."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.listening.getsockname()[1]}"
        self.seen = b""
        self.thread = Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                talk, _ = self.listening.accept()
            except OSError:
                return
            with talk, talk.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", said.read(4))[0]:
                    content += said.read(size)
                self.seen = content
                talk.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0")

    def close(self) -> None:
        self.listening.close()


@pytest.fixture
def daemon(settings):
    running = Daemon()
    settings.CLAMAV_URL = running.url
    yield running
    running.close()


@pytest.fixture
def away(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{port}"


def test_a_clean_file_is_taken_and_the_scanner_saw_all_of_it(draft, daemon):
    evidence = receive(draft=draft, upload=sent(png()))

    assert evidence.scan == "clean"
    assert daemon.seen == png()
    assert CustodyEntry.objects.filter(kind="scanned", evidence_key=evidence.pk).exists()


def test_v5_4_3_a_file_with_a_virus_is_refused_and_nothing_of_it_stays(draft, daemon, files_on_disk):
    refused = receive(draft=draft, upload=sent(png() + b"EICAR"))

    assert "Our virus scanner found something in this file" in refused.problem
    assert files_on_disk() == []


def test_row_8_while_the_scanner_is_away_files_wait_and_are_not_shown(draft, away, slt, signed_in):
    evidence = receive(draft=draft, upload=sent(png()))
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)
    client = signed_in(slt)

    assert evidence.scan == "waiting"
    assert "Being checked" in client.get(evidence.get_absolute_url()).content.decode()
    assert client.get(evidence.copy_url).status_code == 404
    assert client.get(evidence.thumbnail_url).status_code == 404
    assert scan_waiting() == 0


def test_when_it_is_back_they_are_checked_and_shown(draft, away, slt, signed_in, settings):
    evidence = receive(draft=draft, upload=sent(png()))
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)
    daemon = Daemon()
    settings.CLAMAV_URL = daemon.url

    assert scan_waiting() == 1
    daemon.close()

    assert daemon.seen == png()
    assert signed_in(slt).get(evidence.copy_url).status_code == 200


def test_without_a_scanner_nothing_waits(draft):
    assert receive(draft=draft, upload=sent(png())).scan == "none"
