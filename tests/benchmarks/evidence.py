"""What evidence costs: `python -m tests.benchmarks.evidence`, or with the number of uploads to watch memory over.

1. One screenshot of 1170 by 2532: our clean copy and thumbnail, process and limits and all, beside a plain Pillow
   pipeline that decodes once, in a process of its own too (hash, copy, thumbnail of 400 pixels), by turns in one run.
2. Ten parents upload ten screenshots each at once, while somebody reads pages: the 95th percentile of those, beside
   what it is when nobody uploads; how long one upload keeps a thread of the web server; and when all are drawn. The
   web server and the worker run as they do in production. Who reads is a process of their own, as another machine is.
   Before that, one parent sends twenty.
3. The memory of the web process before, during and after many uploads.
4. A chat of 40 000 messages, read.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.timing import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Event

ROUNDS = 9
PARENTS, EACH = 10, 10
UPLOADS = 2_000
LEAST_READ = 60
A_CONCERN = 20
READ_SECONDS = 8
PLAIN = """
import hashlib, io, os, sys
os.nice(19)  # as ours
from PIL import Image
source = sys.stdin.buffer.read()
hashlib.sha256(source)
image = Image.open(io.BytesIO(source)).convert("RGB")
copy, small = io.BytesIO(), io.BytesIO()
image.save(copy, KIND)
image.thumbnail((400, 400))
image.save(small, "WEBP")
"""


def screenshot(number: int = 0) -> bytes:
    """Drawn as a phone draws a chat, with a number so that no two are the same."""
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1170, 2532), "#efeae2")
    draw = ImageDraw.Draw(image)
    for row in range(24):
        top, left = 120 + row * 98, 30 if row % 3 else 380
        draw.rounded_rectangle((left, top, left + 740, top + 84), 20, fill="white" if row % 3 else "#d9fdd3")
        draw.text(
            (left + 20, top + 14), f"Message {number}/{row}: they lose the records every year", "#111", font_size=30
        )
        draw.text((left + 640, top + 48), f"18:{row:02d}", "#667", font_size=22)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def compare_copies() -> None:
    from incidents.evidence import pictures

    content = screenshot()
    path = Path(tempfile.mkdtemp()) / "screenshot.png"
    path.write_bytes(content)

    def plain(kind: str) -> None:
        subprocess.run([sys.executable, "-I", "-c", PLAIN.replace("KIND", kind)], input=content, check=True)

    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: pictures.redraw(path),
        "plain, copy as PNG": lambda: plain("'PNG'"),
        "plain, copy as JPEG": lambda: plain("'JPEG', quality=92, subsampling=0"),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            taken[name].append(timed(work))
    middle = {name: statistics.median(times) for name, times in taken.items()}
    for name, seconds in middle.items():
        print(
            f"{name:22} {seconds * 1000:7.0f} ms, median of {ROUNDS}; ours: {middle['ours'] / seconds:.2f} times that"
        )


class Parent:
    """Somebody with a draft, who uploads and reads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.waited = 0.0
        self.key = ""
        self.jar = http.cookiejar.CookieJar()
        self.web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        # Each at an address of their own: one network may not send 2 000 files in an hour.
        self.web.addheaders = [("X-Forwarded-For", f"10.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}.7")]
        self.get("/report/what/")
        self.post("/report/what/", {"clauses": "abusive"})

    def get(self, path: str) -> str:
        with self.web.open(f"{self.address}{path}", timeout=120) as answer:
            return str(answer.read().decode())

    def token(self, page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, "the page has no form"
        return found[1]

    def post(self, path: str, fields: dict[str, str], file: bytes | None = None) -> str:
        edge = uuid.uuid4().hex
        if not self.key:
            self.key = self.token(self.get("/report/evidence/"))
        fields = {"csrfmiddlewaretoken": self.key, **fields}
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        if file is not None:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{uuid.uuid4().hex}.png"\r\n'
            parts.append(head.encode() + b"Content-Type: image/png\r\n\r\n" + file + b"\r\n")
        request = urllib.request.Request(f"{self.address}{path}", data=b"".join([*parts, f"--{edge}--\r\n".encode()]))  # noqa: S310
        request.add_header("Content-Type", f"multipart/form-data; boundary={edge}")
        started = time.perf_counter()
        with self.web.open(request, timeout=300) as answer:
            page = str(answer.read().decode())
        self.waited = time.perf_counter() - started
        return page

    def upload(self, content: bytes) -> float:
        """As the page's script does it. Gives how long the server took to answer."""
        page = self.post("/report/evidence/upload/", {}, content)
        assert "to fix" not in page, "a file was refused"
        return self.waited


def read_pages(address: str, until: Event) -> list[tuple[float, float]]:
    """When each page was asked for, by a clock that all processes share, and how long it took."""
    times: list[tuple[float, float]] = []
    while not until.is_set() or len(times) < LEAST_READ:
        for path in ("/", "/policy/", "/report/what/"):
            started = time.perf_counter()
            with urllib.request.urlopen(f"{address}{path}", timeout=120) as answer:  # noqa: S310
                answer.read()
            times.append((started, time.perf_counter() - started))
        time.sleep(0.02)
    return times


def read_in_a_process(address: str, until: Event, told: SimpleQueue[list[tuple[float, float]]]) -> None:
    told.put(read_pages(address, until))


@contextmanager
def reader(address: str) -> Iterator[Callable[[], list[tuple[float, float]]]]:
    """Somebody who reads until asked for the times."""
    alone = get_context("spawn")
    until, told = alone.Event(), alone.SimpleQueue()
    reading = alone.Process(target=read_in_a_process, args=(address, until, told), daemon=True)
    reading.start()

    def times() -> list[tuple[float, float]]:
        until.set()
        found: list[tuple[float, float]] = told.get()
        reading.join()
        return found

    yield times


def resident(pids: list[int]) -> float:
    """Of the web processes together, in MB."""
    total = 0
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text()
        total += int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]
    return total / 1024


def watch_uploads(address: str, pids: list[int], uploads: int) -> None:
    parents = [Parent(address) for _ in range(PARENTS)]
    files = [screenshot(number) for number in range(PARENTS * EACH)]
    with reader(address) as times:
        time.sleep(READ_SECONDS)
        idle = p95([took for _, took in times()])
    alone = [Parent(address)] * A_CONCERN
    times_alone = sorted(who.upload(files[number]) for number, who in enumerate(alone))
    print(
        f"one parent, {A_CONCERN} files one after the other: median {statistics.median(times_alone):.2f} s, "
        f"most {times_alone[-1]:.2f} s a file"
    )
    before, load = resident(pids), os.getloadavg()[0]
    with ThreadPoolExecutor(PARENTS) as pool, reader(address) as times:
        time.sleep(2)  # who reads has begun
        started = time.perf_counter()
        sent = [
            pool.submit(who.upload, files[number * EACH + at])
            for at in range(EACH)
            for number, who in enumerate(parents)
        ]
        held = [each.result() for each in sent]
        seconds = time.perf_counter() - started
        meanwhile = [took for at, took in times() if started <= at <= started + seconds]
        loaded = p95(meanwhile)
        drawn_after = wait_until_drawn(started)
    print(
        f"pages, p95: idle {idle * 1000:.0f} ms, {len(files)} uploads {loaded * 1000:.0f} ms, {loaded / idle:.1f} times"
    )
    print(f"load of the machine before: {load:.1f}")
    print(f"one upload: median {statistics.median(held):.2f} s, p95 {p95(held):.2f} s, most {max(held):.2f} s")
    print(f"100 uploads took {seconds:.0f} s, all were drawn after {drawn_after:.0f} s")
    print(f"web processes: {before:.0f} MB before, {resident(pids):.0f} MB after")
    watch_memory(address, pids, uploads)


def wait_until_drawn(started: float) -> float:
    from incidents.models import Evidence

    while Evidence.objects.filter(draw_at__isnull=False).exists():
        assert time.perf_counter() - started < 600, "files are left undrawn"
        time.sleep(0.5)
    assert not Evidence.objects.exclude(unshown="").exists(), "a good file could not be shown"
    return time.perf_counter() - started


def watch_memory(address: str, pids: list[int], uploads: int) -> None:
    small = _small()
    who, marks = Parent(address), []
    for number in range(uploads):
        if number % 18 == 0:
            who = Parent(address)  # a concern takes 20 files
        who.upload(small + number.to_bytes(4, "big"))
        if number % max(1, uploads // 8) == 0:
            marks.append(f"{number}: {resident(pids):.0f}")
    print(f"memory of the web processes in MB, by uploads: {', '.join(marks)}, {uploads}: {resident(pids):.0f}")


def _small() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((293, 633), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def read_a_long_chat() -> None:
    from incidents.evidence.chats import read_chat

    text = "".join(
        f"[{1 + n // 1500:02d}/03/2024, {n % 24:02d}:{n % 60:02d}:07] Zoë {n % 9}: Message {n} 🙂\n"
        for n in range(40_000)
    )
    started = time.process_time()
    chat = read_chat(text)
    assert "".join(line.raw for line in chat.lines) == text
    print(f"a chat of {len(chat.lines):,} messages is read in {time.process_time() - started:.1f} s of a core")


def main() -> None:
    uploads = int(sys.argv[1]) if len(sys.argv) > 1 else UPLOADS
    with tempfile.TemporaryDirectory(prefix="evidence-benchmark-") as folder:
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="dkh_conduct.settings", LOG_LEVEL="ERROR")
        os.environ.update(
            SECRET_KEY="x" * 60, BEHIND_PROXY="true", DATABASE_URL=f"sqlite:///{folder}/db.sqlite3", REDIS_URL=""
        )
        import django

        django.setup()
        compare_copies()
        read_a_long_chat()
        with served(folder) as (address, pids):
            watch_uploads(address, pids, uploads)


@contextmanager
def served(folder: str) -> Iterator[tuple[str, list[int]]]:
    """The portal on an empty database: its address, and the processes of its web server."""
    from django.core.management import call_command
    from django.db import connection

    from dkh_conduct.serve import commands
    from tests.e2e.portal import free_port
    from tests.factories import SchoolFactory, TermFactory

    for words in (["migrate"], ["createcachetable"], ["collectstatic", "--no-input"]):
        call_command(*words, verbosity=0)
    TermFactory.create(school=SchoolFactory.create())
    connection.close()
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {**os.environ, "SITE_URL": address, "PORT": str(port)}
    parts = commands()
    parts["web"][parts["web"].index("--bind") + 1] = f"127.0.0.1:{port}"
    with (Path(folder) / "parts.log").open("wb") as log:
        web, worker, timer = (
            subprocess.Popen([sys.executable, "-m", *parts[name]], env=environment, stdout=log, stderr=log)
            for name in ("web", "worker", "timer")
        )
    try:
        for _ in range(300):
            with suppress(OSError):
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310
                break
            time.sleep(0.1)
        yield address, [int(pid) for pid in Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()]
    finally:
        for part in (timer, worker, web):
            part.terminate()
            part.wait(60)


if __name__ == "__main__":
    main()
