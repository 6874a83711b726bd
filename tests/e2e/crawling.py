"""Walks a running portal as one person: every link it finds, every kind of page once or twice, and what came back.

`python -m tests.e2e.crawling http://localhost:8000 PASSWORD name@school.example …` prints what is wrong with the
headers of a demo that is running; `tests/e2e/test_headers.py` walks one that is configured as for https.
"""

from __future__ import annotations

import base64
import hmac
import http.client
import re
import struct
import sys
import time
import urllib.parse
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EACH_KIND = 1  # of pages that differ only in a reference or a number
PARTS = re.compile(
    r"(?<=letter-templates/)\w+|[0-9a-f]{8}-[0-9a-f-]{27}|DKH-[0-9A-Z-]+|C\d{3}\b|(?<=/)\d+(?=/|$)|\d{4}-\d\d(-\d\d)?"
)
LINK = re.compile(r"""(?:href|src|action)="([^"]+)\"""")


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass(frozen=True)
class Answer:
    method: str
    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def kind(self) -> str:
        return f"{self.method} {PARTS.sub('*', self.path.partition('?')[0])}"

    @property
    def is_page(self) -> bool:
        return str(self.headers.get("Content-Type", "")).startswith("text/html")

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def links(self) -> Iterator[str]:
        for found in LINK.findall(self.text) if self.is_page else ():
            address = urllib.parse.urljoin(self.path, found.replace("&amp;", "&"))
            if address.startswith("/"):
                yield address.partition("#")[0]


@dataclass
class Walker:
    """A browser with its cookies. `host` and `proxied` are what a proxy in front would say."""

    where: str
    host: str
    proxied: bool = False
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None, *, method: str = "", **more: str) -> Answer:
        scheme = "https" if self.proxied else "http"
        headers = {"Host": self.host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["Referer"] = f"{scheme}://{self.host}{urllib.parse.quote(path, safe='/?=&%')}"
        if self.proxied:
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method = method or ("POST" if form is not None else "GET")
        connection = http.client.HTTPConnection(self.where, timeout=60)
        try:
            connection.request(method, urllib.parse.quote(path, safe="/?=&%+~:@"), body, {**headers, **more})
            response = connection.getresponse()
            answer = Answer(method, path, response.status, response.headers, response.read())
        finally:
            connection.close()
        for given in answer.headers.get_all("Set-Cookie", []):
            self.set_cookies.append(given)
            name, _, rest = given.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.answers.append(answer)
        return answer

    def send(self, path: str, **typed: str) -> Answer:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask(path).text)
        return self.ask(path, {**typed, "csrfmiddlewaretoken": found[1] if found else ""})

    def sign_in(self, email: str, password: str) -> None:
        """With password and app: the app is set up where the portal insists on one."""
        if self.send("/staff/sign-in/", login=email, password=password).status != 302:
            raise ValueError(f"{email} could not sign in")
        if self.ask("/staff/people/").headers.get("Location") == "/staff/second-step/":
            page = self.ask("/staff/second-step/app/").text
            secret = re.findall(r'<strong class="dkh-numeric dkh-wrap">([A-Z2-7 ]+)</strong>', page)[0]
            token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
            code = code_of(secret.replace(" ", ""))
            self.ask("/staff/second-step/app/", {"code": code, "csrfmiddlewaretoken": token})

    def walk(self, *starts: str) -> None:
        waiting, asked, kinds = deque(starts), set(starts), Counter[str]()
        while waiting:
            path = waiting.popleft()
            kind = PARTS.sub("*", path.partition("?")[0])
            if kinds[kind] >= EACH_KIND or kind == "/staff/sign-out/":
                continue
            kinds[kind] += 1
            answer = self.ask(path)
            onward = [*answer.links(), *filter(None, [answer.headers.get("Location")])]
            for address in onward:
                if address.startswith("/") and address not in asked:
                    asked.add(address)
                    waiting.append(address)

    def answer_a_question(self) -> None:
        """So that there is a draft, with its cookie."""
        self.send("/report/danger/", danger="none")
        self.send("/report/what/", clauses="abusive")

    def knock(self) -> None:
        """Whatever is not a page somebody was led to: errors of every kind, and methods that no page uses."""
        for path in (
            "/no-such-page/",
            "/staff/no-such-page/",
            "/static/none.css",
            "/.git/config",
            "/%00",
            "/status/leave/",
        ):
            self.ask(path)
        for method in ("TRACE", "PROPFIND", "PUT", "DELETE", "OPTIONS", "HEAD"):
            self.ask("/", method=method)
        self.ask("/status/", {"reference": "x"})
        self.ask("/", Host="evil.example")
        self.ask("/staff/sign-in/", {"login": "x" * 1_200_000})


CSP = {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}
ALWAYS = {
    "3.4.4": ("X-Content-Type-Options", "nosniff"),
    "3.4.5": ("Referrer-Policy", "same-origin"),
    "3.4.6": ("X-Frame-Options", "DENY"),
    "3.4.8": ("Cross-Origin-Opener-Policy", "same-origin"),
    "3.5.8": ("Cross-Origin-Resource-Policy", "same-origin"),
}


def faults(answer: Answer) -> Iterator[tuple[str, str]]:
    """The requirement's number and what is wrong; nothing where all is right."""
    said = f"{answer.status} {answer.method} {answer.path[:80]}"
    is_ours = not answer.path.startswith("/static/") or answer.status >= 400
    for number, (name, value) in ALWAYS.items():
        if answer.headers.get_all(name) != [value]:
            yield number, f"{said}: {name} is {answer.headers.get(name)}"
    policy = {part.strip() for part in str(answer.headers.get("Content-Security-Policy", "")).split(";")}
    missing = (CSP if answer.is_page else {"default-src 'none'"}) - policy if is_ours else set()
    if missing or "unsafe" in str(policy):
        yield "3.4.3", f"{said}: the policy has no {sorted(missing)}"
    if is_ours and answer.headers.get("Cache-Control") != "no-store, private":
        yield "14.3.2", f"{said}: Cache-Control is {answer.headers.get('Cache-Control')}"
    if answer.body and answer.method != "HEAD":
        media_type = str(answer.headers.get("Content-Type", ""))
        if "/" not in media_type or (
            media_type.startswith("text/") and "charset=utf-8" not in media_type.replace('"', "")
        ):
            yield "4.1.1", f"{said}: Content-Type is {media_type}"
    if is_ours and answer.status == 200 and not answer.is_page and answer.method == "GET":
        yield from _faults_of_a_file(answer, policy, said)
    if re.search(r"[?&](code|token|password|reply_code|email)=|%40|@", answer.path):
        yield "14.2.1", f"{said}: the address tells something"


def _faults_of_a_file(answer: Answer, policy: set[str], said: str) -> Iterator[tuple[str, str]]:
    """A picture can do nothing but be seen; a document has a name of ours. A browser shows no PDF in a sandbox."""
    media_type, disposition = str(answer.headers["Content-Type"]), str(answer.headers.get("Content-Disposition", ""))
    if media_type.startswith("text/plain") and len(answer.body) < 20:
        return  # “ok”
    if not re.fullmatch(r'(inline|attachment); filename="[\w.()-]+"', disposition):
        yield "5.4.1", f"{said}: {media_type} is given out as {disposition or 'nothing'}"
    if media_type.startswith(("image/", "audio/", "video/")) and "sandbox" not in policy:
        yield "3.2.1", f"{said}: {media_type} without a sandbox"


def faults_of_cookies(walker: Walker) -> Iterator[tuple[str, str]]:
    for given in walker.set_cookies:
        name, flags = given.partition("=")[0], {part.strip().lower() for part in given.split(";")[1:]}
        for flag in ("httponly", *(["secure"] if walker.proxied else [])):
            if flag not in flags:
                yield "3.3.1", f"{name} is not {flag}"
        if not flags & {"samesite=lax", "samesite=strict"}:
            yield "3.3.2", f"{name} has no SameSite"
        is_host = name.startswith("__Host-") and "path=/" in flags and "domain" not in str(flags)
        is_narrower = name.startswith("__Secure-") and "path=/" not in flags
        if walker.proxied and not (is_host or is_narrower):
            yield "3.3.3", f"{name} is neither a __Host- cookie nor one for a part of the portal"


def faults_of_https(answer: Answer) -> Iterator[tuple[str, str]]:
    """With TLS in front: a year at least, subdomains too. A host that is not ours is answered too, and not for long."""
    said = str(answer.headers.get("Strict-Transport-Security", ""))
    age = re.search(r"max-age=(\d+)", said)
    if not age or int(age[1]) < 31_536_000 or "includeSubDomains" not in said:
        yield (
            "3.4.1",
            f"{answer.status} {answer.method} {answer.path[:80]}: Strict-Transport-Security is {said or 'not set'}",
        )


def main(address: str, password: str, people: list[str]) -> int:
    where = urllib.parse.urlsplit(address).netloc
    found: Counter[tuple[str, str]] = Counter()
    for person in ("", *people):
        walker = Walker(where, where)
        if person:
            walker.sign_in(person, password)
        walker.walk("/", "/report/what/", "/staff/")
        walker.knock()
        wrong = [fault for answer in walker.answers for fault in faults(answer)] + list(faults_of_cookies(walker))
        statuses = dict(sorted(Counter(answer.status for answer in walker.answers).items()))
        print(f"{person or 'nobody'}: {len(walker.answers)} answers {statuses}, {len(wrong)} faults")  # noqa: T201
        found.update(wrong)
    for (number, what), times in sorted(found.items()):
        print(f"{number}: {what} (x{times})")  # noqa: T201
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
