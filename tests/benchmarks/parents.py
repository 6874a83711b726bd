"""Fifty parents at once: `python -m tests.benchmarks.parents`. Prints how long each page took, and every error.

A portal of its own, with two web workers as on two cores, takes fifty whole reports, each from the first question to
the reference, every one with a screenshot.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

from tests.demo_school import PRODUCT, told_in
from tests.e2e.portal import Portal
from tests.reporting.answers import ANSWERS

PICTURE = Path(__file__).parents[2] / "dkh_conduct" / "demo" / "pictures" / "class-chat-1.png"
ORDER = ("danger", "what", "complaint", "where", "when", "who", "words", "leader", "you")


class Parent:
    """One browser: its cookies, and what it waited for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.took: list[tuple[str, float]] = []

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded") -> str:
        headers = {"Content-Type": kind, "Referer": self.address + path} if body is not None else {}
        started = time.perf_counter()
        request = urllib.request.Request(self.address + path, data=body, headers=headers)  # noqa: S310
        with self.opener.open(request, timeout=120) as answer:
            page = str(answer.read().decode())
        self.took.append((f"{'send' if body else 'open'} {path}", time.perf_counter() - started))
        return page

    def report(self) -> str:
        """The reference."""
        for slug in ORDER:
            token = token_in(self.ask(f"/report/{slug}/"))
            answers = urllib.parse.urlencode({**ANSWERS[slug], "csrfmiddlewaretoken": token}, doseq=True)
            self.ask(f"/report/{slug}/", answers.encode())
        self._add(token_in(self.ask("/report/evidence/")))
        token = token_in(self.ask("/report/check/"))
        sent = self.ask("/report/check/", urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode())
        found = re.search(r"DKH-\w{4}-\w{2}", sent)
        if not found:
            raise ValueError("no reference on the last page")
        return found[0]

    def _add(self, token: str) -> None:
        edge = uuid.uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="chat.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        body = head.encode() + PICTURE.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        self.ask("/report/evidence/upload/", body, f"multipart/form-data; boundary={edge}")


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return found[1] if found else ""


def main(parents: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "portal"
        shutil.copytree(told_in(Path(folder)), data)
        portal = Portal(data, settings=PRODUCT)
        # All of them come from one address here, which no school does.
        portal.environment |= {"SENDS_AN_HOUR": "100000", "SENDS_A_DAY": "100000"}
        portal.environment |= {"SENDS_AN_HOUR_BEFORE_PROOF": "100000"}
        try:
            portal.serve(workers=2)
            return measure(portal.address, parents)
        finally:
            portal.stop()


def measure(address: str, parents: int) -> int:
    errors: list[str] = []
    took: list[tuple[str, float]] = []
    references: set[str] = set()

    def one() -> None:
        parent = Parent(address)
        try:
            references.add(parent.report())
        except (urllib.error.URLError, OSError, ValueError) as problem:
            errors.append(f"{type(problem).__name__}: {problem}")
        took.extend(parent.took)

    started = time.perf_counter()
    with ThreadPoolExecutor(parents) as pool:
        for _ in range(parents):
            pool.submit(one)
    whole = time.perf_counter() - started
    print(f"{parents} parents at once, {len(took)} requests in {whole:.1f} s: {len(took) / whole:.0f} a second")
    for name in sorted({name for name, _ in took}):
        times = sorted(seconds for each, seconds in took if each == name)
        late = times[int(len(times) * 0.95) - 1] if len(times) > 1 else times[0]
        print(f"{name:32} median {statistics.median(times):6.2f} s   95% {late:6.2f} s   most {times[-1]:6.2f} s")
    print(f"{len(references)} references, {len(errors)} errors")
    for error in errors[:10]:
        print(error)
    return 1 if errors or len(references) != parents else 0


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--parents", type=int, default=50)
    sys.exit(main(asked.parse_args().parents))
