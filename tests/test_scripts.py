"""script/server as somebody runs it: ready line, sign-ins, Ctrl-C, kill -9, a port in use."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import stat
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.demo_school import PASSWORD
from tests.e2e.portal import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.e2e


def processes_of(data_dir: Path) -> list[str]:
    """The command line of every process that was started for this data folder."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"DATA_DIR={data_dir}\0".encode() in environ.read_bytes():
                found.append(environ.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it ended meanwhile
    return [command for command in found if command]


class Server:
    def __init__(self, data_dir: Path, port: int, **more: str) -> None:
        self.data_dir = data_dir
        self.address = f"http://127.0.0.1:{port}"
        self.port = port
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = {**kept, "DATA_DIR": str(data_dir), "PORT": str(port), "DEMO_PASSWORD": PASSWORD, **more}
        self.process = subprocess.Popen(
            [ROOT / "script" / "server"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def wait_until_it_says(self, words: str) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return self.said
        pytest.fail(f"it ended with {self.process.wait()} and never said {words!r}:\n{self.said}")

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def ended_with(self) -> str:
        """What it said, where it ended by itself."""
        return self.said + self.process.communicate(timeout=120)[0]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextmanager
def begun(data_dir: Path, port: int, **more: str) -> Iterator[Server]:
    server = Server(data_dir, port, **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
        server.process.wait()
        if server.process.stdout:
            server.process.stdout.close()


@contextmanager
def running(data_dir: Path, port: int) -> Iterator[Server]:
    with begun(data_dir, port) as server:
        server.wait_until_it_says("Stop with Ctrl-C")
        yield server


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("server") / "data"


# Those that cannot run try for some seconds first. These pass while the first start makes the demo school.
@pytest.fixture(scope="module")
def without_a_port(tmp_path_factory):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with begun(tmp_path_factory.mktemp("taken") / "data", taken.getsockname()[1]) as server:
            yield server


@pytest.fixture(scope="module")
def without_a_database(tmp_path_factory):
    nowhere = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    with begun(tmp_path_factory.mktemp("nowhere") / "data", free_port(), DATABASE_URL=nowhere) as server:
        yield server


@pytest.fixture(scope="module")
def first_begun(data_dir):
    with begun(data_dir, free_port()) as server:
        server.wait_until_it_says("setting up the database")
        yield server


@pytest.fixture(scope="module")
def second(first_begun, data_dir):
    with begun(data_dir, free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def first(without_a_port, without_a_database, first_begun, second):
    """The first start, which makes the demo school. One for several tests: it takes a while."""
    first_begun.wait_until_it_says("Stop with Ctrl-C")
    return first_begun


def wait_until_gone(data_dir: Path) -> list[str]:
    for _ in range(300):
        if not processes_of(data_dir):
            return []
        time.sleep(0.1)
    return processes_of(data_dir)


def test_one_line_says_where_it_is_and_others_how_to_sign_in_and_where_e_mail_is(first, data_dir):
    assert first.said.count("Ready: ") == 1
    assert f"Ready: http://localhost:{first.port}\n" in first.said
    assert f"E-mail is written to {data_dir / 'mail'}" in first.said
    assert first.get("/healthz") == (200, "ok")


def test_a_printed_sign_in_signs_in(first):
    email, password = first_sign_in(first.said)

    assert password == PASSWORD
    assert sign_in(first, email, password) == f"{first.address}/staff/"


def first_sign_in(said: str) -> tuple[str, str]:
    password = re.search(r"with the password (\S+)", said)
    email = re.search(r"^\s+(\S+@\S+)", said, re.MULTILINE)
    assert password
    assert email
    return email[1], password[1]


def sign_in(server: Server, email: str, password: str) -> str:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{server.address}/staff/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
    return str(browser.open(f"{server.address}/staff/sign-in/", urllib.parse.urlencode(form).encode()).url)


def test_files_come_compressed_and_may_be_kept_while_pages_may_not(first):
    sheet = re.search(r'href="(/static/css/parent\.[0-9a-f]+\.css)"', first.get("/")[1])
    assert sheet
    request = urllib.request.Request(first.address + sheet[1], headers={"Accept-Encoding": "br"})  # noqa: S310

    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        headers = answer.headers

    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_two_portals_never_share_a_data_folder(first, second):
    said = second.ended_with()

    assert second.process.returncode == 1
    assert "A portal is already running on" in said
    assert first.get("/healthz") == (200, "ok")


def test_what_it_keeps_is_for_its_own_user(first, data_dir):
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    for secret in ("secret-key", "db.sqlite3", "demo-sign-ins.txt"):
        assert stat.S_IMODE((data_dir / secret).stat().st_mode) == 0o600


def test_ctrl_c_stops_everything(first, data_dir):
    code = first.stop(signal.SIGINT)

    assert code == 0
    assert processes_of(data_dir) == []


def test_it_starts_again_with_the_same_school_and_term_stops_everything_too(data_dir):
    began = time.monotonic()
    with running(data_dir, free_port()) as server:
        print(f"started again: ready after {time.monotonic() - began:.1f} s")  # noqa: T201
        code = server.stop(signal.SIGTERM)

    assert "making the demo school" not in server.said
    assert first_sign_in(server.said)[1] == PASSWORD
    assert code == 0
    assert processes_of(data_dir) == []


def test_it_starts_after_a_kill_on_the_same_port_and_stops_whole_when_one_part_dies(data_dir):
    port = free_port()
    with running(data_dir, port) as killed:
        killed.stop(signal.SIGKILL)

        with running(data_dir, port) as server:
            healthy = server.get("/healthz")[0]
            os.kill(worker_of(server), signal.SIGKILL)
            said = server.wait_until_it_says("The worker process ended by itself")
            code = server.process.wait(timeout=60)

    assert healthy == 200
    assert code == 1
    assert str(data_dir / "log" / "worker.log") in said
    assert wait_until_gone(data_dir) == []


def worker_of(server: Server) -> int:
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            is_child = f"PPid:\t{server.process.pid}\n" in status.read_text()
            if is_child and "\0worker\0" in status.with_name("cmdline").read_text():
                return int(status.parent.name)
        except OSError:
            continue  # it ended meanwhile
    pytest.fail("no worker runs")


def test_a_port_in_use_is_a_plain_sentence(without_a_port):
    said = without_a_port.ended_with()
    port = without_a_port.port

    assert without_a_port.process.returncode == 1
    assert f"Port {port} is in use. Stop what is running there, or choose another: PORT={port + 1}" in said
    assert "Traceback" not in said


def test_a_database_that_is_away_is_a_plain_sentence(without_a_database):
    said = without_a_database.ended_with()

    assert without_a_database.process.returncode == 1
    assert "The database does not answer" in said
    assert "Traceback" not in said
