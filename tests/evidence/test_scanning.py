"""Where a virus scanner is set up it looks at every file; where it is away, files wait for it and none is lost."""

from __future__ import annotations

import socket
import struct
from threading import Thread

import pytest

from incidents.evidence.intake import receive
from incidents.evidence.scanning import _with_length, scan_waiting
from incidents.models import CustodyEntry, Evidence
from incidents.tasks import scan_evidence
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory
from tests.meanwhile import just_before_the_lock

pytestmark = pytest.mark.django_db


class Daemon:
    """Speaks as clamd does: reads the chunks of INSTREAM, and finds a virus in what holds EICAR."""

    def __init__(self, path: str = "", *, answer: bytes = b"stream: OK\0") -> None:
        if path:
            self.listening = socket.socket(socket.AF_UNIX)
            self.listening.bind(path)
            self.listening.listen()
        else:
            self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{self.listening.getsockname()[1]}"
        self.answer = answer
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
                talk.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in content else self.answer)

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

    scan_evidence()
    daemon.close()

    assert daemon.seen == png()
    assert signed_in(slt).get(evidence.copy_url).status_code == 200


def test_without_a_scanner_nothing_waits(draft):
    assert receive(draft=draft, upload=sent(png())).scan == "none"


def test_a_scanner_on_this_machine_is_asked_through_its_socket(draft, settings, tmp_path):
    daemon = Daemon(str(tmp_path / "clamd"))
    settings.CLAMAV_URL = daemon.url

    assert receive(draft=draft, upload=sent(png())).scan == "clean"
    daemon.close()


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0"])
def test_a_scanner_that_gives_no_verdict_is_asked_again(draft, settings, answer):
    daemon = Daemon(answer=answer)
    settings.CLAMAV_URL = daemon.url

    assert receive(draft=draft, upload=sent(png())).scan == "waiting"
    assert scan_waiting() == 0
    daemon.close()


def test_a_file_that_was_taken_back_while_others_were_asked_about_is_passed_over(draft, away, settings):
    receive(draft=draft, upload=sent(png()))
    settings.CLAMAV_URL = ""

    with just_before_the_lock(Evidence.objects.all().delete):
        assert scan_waiting() == 0


def test_an_empty_piece_does_not_end_what_the_scanner_reads():
    assert b"".join(_with_length([b"ab", b"", b"c"])) == b"\0\0\0\2ab\0\0\0\1c\0\0\0\0"
