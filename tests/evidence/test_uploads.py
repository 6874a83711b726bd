"""A form with files is read to its end, whatever is wrong with it, and no file goes missing without a sentence."""

from __future__ import annotations

import errno
import io
from typing import TYPE_CHECKING, cast

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from incidents.evidence.uploads import ReceivedFile, problem_of, takes_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

BOUNDARY = "a-boundary-1234"


@pytest.fixture
def read() -> Iterator[Callable[..., HttpRequest]]:
    """What a view is given for a raw body: the request, with its form read."""

    seen: list[HttpRequest] = []

    def send(body: bytes, *, length: int | None = None, boundary: str = BOUNDARY) -> HttpRequest:
        @takes_files
        def view(request):
            seen.append(request)
            request.POST  # noqa: B018
            return HttpResponse()

        request = RequestFactory().post(
            "/", data=body, content_type=f"multipart/form-data; boundary={boundary}", CONTENT_LENGTH=length or len(body)
        )
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        view(request)
        return seen[-1]

    yield send
    for request in seen:
        request.close()


def part(name: str, content: bytes, filename: str | None = None, *headers: str) -> bytes:
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    lines = [f"Content-Disposition: {disposition}", *headers]
    return f"--{BOUNDARY}\r\n".encode() + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def files_of(request: HttpRequest) -> list[ReceivedFile]:
    return cast("list[ReceivedFile]", request.FILES.getlist("files"))


def test_files_and_fields_come_through(read):
    request = read(part("caption", "Hällo".encode()) + part("files", b"abc", "a.png") + END)

    (received,) = files_of(request)
    assert request.POST["caption"] == "Hällo"
    assert (received.name, received.read(), received.size, received.problem) == ("a.png", b"abc", 3, "")
    assert problem_of(request) == ""


@pytest.mark.parametrize("name", [".", "..", "/", "folder/", "C:\\", " "])
def test_measured_6_a_file_without_a_proper_name_is_not_lost(read, name):
    (received,) = files_of(read(part("files", b"abc", name) + END))

    assert received.name == "Unnamed file"
    assert received.read() == b"abc"


@pytest.mark.parametrize("name", ["a." + "x" * 300, "." + "🙂" * 200, "a" * 500, "<b>.png", "x.png\u202e"])
def test_row_9_no_name_reaches_the_disk(read, name, disk):
    (received,) = files_of(read(part("files", b"abc", name) + END))

    assert received.read() == b"abc"
    assert received.name is not None
    assert len(received.name) <= 100
    assert received.temporary_file_path().endswith(".upload")


def test_no_file_chosen_is_no_file(read):
    request = read(part("files", b"", "") + END)

    assert files_of(request) == []
    assert problem_of(request) == ""


def test_an_empty_file_is_a_file(read):
    (received,) = files_of(read(part("files", b"", "empty.png") + END))

    assert received.size == 0


def test_a_file_past_the_limit_is_counted_and_not_stored(read, settings, files_on_disk):
    settings.EVIDENCE_MAX_BYTES = 100_000

    request = read(part("files", b"x" * 300_000, "big.png") + part("files", b"abc", "small.png") + END)

    big, small = files_of(request)
    assert "This file is 293 KB. The most we can take is 98 KB." in big.problem
    assert (big.size, big.read()) == (300_000, b"")
    assert (small.problem, small.read()) == ("", b"abc")


def test_many_files_cannot_fill_the_disk_together(read, settings):
    settings.EVIDENCE_MAX_TOTAL_BYTES = 250_000

    request = read(b"".join(part("files", b"x" * 100_000, f"{n}.png") for n in range(4)) + END)

    problems = [received.problem for received in files_of(request)]
    assert problems[:2] == ["", ""]
    assert all("in all, the most we can take" in problem for problem in problems[2:])
    assert sum(len(received.read()) for received in files_of(request)) == 200_000


def test_a_file_that_was_dropped_leaves_its_room_to_the_next(read, settings):
    settings.EVIDENCE_MAX_TOTAL_BYTES = settings.EVIDENCE_MAX_BYTES = 100_000

    request = read(part("files", b"x" * 300_000, "big.png") + part("files", b"x" * 90_000, "small.png") + END)

    assert [bool(received.problem) for received in files_of(request)] == [True, False]


def test_a_full_disk_costs_the_file_and_not_the_form(read, monkeypatch):
    def write(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ReceivedFile, "write", write, raising=False)

    request = read(part("caption", b"kept") + part("files", b"abc", "a.png") + END)

    (received,) = files_of(request)
    assert "we could not keep this file" in received.problem
    assert request.POST["caption"] == "kept"


@pytest.mark.parametrize("cut", [10, 60, 5_000])
def test_row_8_a_body_cut_off_inside_a_file_keeps_the_rest_and_says_which(read, cut):
    body = part("caption", b"kept") + part("files", b"abc", "whole.png") + part("files", b"x" * 9_000, "half.png") + END

    request = read(body[:-cut])

    whole, half = files_of(request)
    assert request.POST["caption"] == "kept"
    assert (whole.problem, whole.read()) == ("", b"abc")
    assert half.problem == "Only part of this file reached us. Add it again."
    assert problem_of(request).startswith("Not everything reached us")


def test_a_body_cut_off_between_parts_says_so(read):
    request = read(part("caption", b"kept") + part("files", b"abc", "whole.png"))

    assert problem_of(request).startswith("Not everything reached us")
    assert request.POST["caption"] == "kept"


def test_a_connection_that_breaks_keeps_what_came_before(read):
    class Broken(io.BytesIO):
        def read(self, *args):
            chunk = super().read(*args)
            if not chunk:
                raise OSError("The other side has gone")
            return chunk

    body = part("caption", b"kept") + part("files", b"x" * 9_000, "half.png")[:5_000]
    factory, seen = RequestFactory(), []

    @takes_files
    def view(request):
        seen.append((request.POST, request.FILES, problem_of(request)))
        return HttpResponse()

    request = factory.post("/", data=b"replaced", content_type=f"multipart/form-data; boundary={BOUNDARY}")
    request.META["CONTENT_LENGTH"] = str(len(body) + 1_000)
    request._stream = Broken(body)
    request._dont_enforce_csrf_checks = True
    view(request)

    ((post, files, problem),) = seen
    request.close()
    assert post["caption"] == "kept"
    assert files["files"].problem == "Only part of this file reached us. Add it again."
    assert problem.startswith("Not everything reached us")


def test_more_files_than_a_form_may_hold_keeps_the_first_and_says_so(read, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2

    request = read(part("caption", b"kept") + b"".join(part("files", b"abc", f"{n}.png") for n in range(4)) + END)

    assert [received.name for received in files_of(request)] == ["0.png", "1.png"]
    assert problem_of(request) == "Choose 2 files or fewer at a time"
    assert request.POST["caption"] == "kept"


def test_base64_that_is_none_costs_its_file_only(read):
    request = read(part("caption", b"kept") + part("files", b"abc", "a.png", "Content-Transfer-Encoding: base64") + END)

    assert request.POST["caption"] == "kept"
    assert files_of(request)[0].problem


def test_an_empty_body_is_an_empty_form(read):
    request = read(b"", length=0)

    assert not request.POST
    assert files_of(request) == []


def test_nothing_is_left_on_its_way(read, files_on_disk):
    request = read(part("files", b"abc", "a.png") + part("files", b"x" * 900, "half.png")[:-300])
    assert len(files_on_disk()) == 2

    request.close()

    assert files_on_disk() == []


@pytest.mark.django_db
def test_a_forged_request_is_still_turned_away(school):
    def view(request):
        raise AssertionError("It must not be reached")

    request = RequestFactory().post("/", {"files": io.BytesIO(b"abc")})
    request.META["HTTP_ORIGIN"] = "https://elsewhere.example"

    response = takes_files(view)(request)
    request.close()

    assert response.status_code == 403
