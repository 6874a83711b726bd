"""A form with files, read so that none is lost without a word: odd names, a full disk, a body cut off half-way.

Django's own reader leaves out a file named `.` or `..` and one that was cut off, answers too many files with an
error page that loses what was typed, and writes a file of any size to disk. This one keeps a row for each.
"""

from __future__ import annotations

import html
import logging
import tempfile
from functools import partial, wraps
from typing import IO, TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from incidents.evidence import refusals
from incidents.evidence.naming import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
Params = ParamSpec("Params")
LONGEST_ENDING = 256  # a boundary has at most 201 characters


class ReceivedFile(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """A file on its way in. Where it cannot be kept, `problem` says why and its bytes are gone; `size` stays true."""

    problem = ""

    def __init__(self, name: str, content_type: str | None) -> None:
        # Never with the parent's name or suffix, which a disk may refuse.
        store = tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload")  # noqa: SIM115
        super().__init__(store, name, content_type, 0)

    def temporary_file_path(self) -> str:
        return str(self.file.name) if self.file else ""

    def give_up(self, problem: str) -> None:
        self.problem = problem
        self.seek(0)
        self.truncate()


class BoundedUploadHandler(FileUploadHandler):
    """Writes files to disk up to the limits for one file and for all, and goes on counting past them."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.file: ReceivedFile | None = None
        self.stored = 0
        self.left = settings.EVIDENCE_MAX_TOTAL_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = ReceivedFile(self.file_name or "", self.content_type)
        self.stored = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.file is not None  # noqa: S101  new_file comes first
        self.file.size = start + len(raw_data)
        if self.file.problem:
            return
        if self.file.size > settings.EVIDENCE_MAX_BYTES:
            self._drop(refusals.too_big(self.file.size))
        elif len(raw_data) > self.left:
            self._drop(refusals.too_much())
        else:
            try:
                self.file.write(raw_data)
                self.file.flush()
            except OSError:
                logger.exception("An upload could not be written to disk")
                self._drop(refusals.NOT_KEPT)
            else:
                self.stored += len(raw_data)
                self.left -= len(raw_data)

    def _drop(self, problem: str) -> None:
        assert self.file is not None  # noqa: S101
        self.file.give_up(problem)
        self.left += self.stored
        self.stored = 0

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        received, self.file = self.file, None
        if received is not None:
            received.size = file_size
            if file_size > settings.EVIDENCE_MAX_BYTES:
                received.problem = refusals.too_big(file_size)  # only now is its whole size known
            received.seek(0)
        return received

    def take_unfinished(self) -> ReceivedFile | None:
        """The file whose end never came."""
        received, self.file = self.file, None
        if received is not None and not received.problem:
            received.give_up(refusals.CUT_OFF)
        return received


class _Watched:
    """The body, remembering how it ended. A connection that breaks is an end, so that what came before is kept."""

    def __init__(self, body: IO[bytes]) -> None:
        self.body = body
        self.ending = b""

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self.body.read(size)
        except OSError:
            return b""
        self.ending = (self.ending + chunk[-LONGEST_ENDING:])[-LONGEST_ENDING:]
        return chunk


class WholeFormParser(MultiPartParser):
    """Gives back what arrived, and says in `problem` if that is not everything."""

    problem = ""

    def __init__(self, meta: Any, body: Any, handler: BoundedUploadHandler, encoding: str | None) -> None:
        self.watched = _Watched(body)
        self.handler = handler
        super().__init__(meta, self.watched, [handler], encoding)  # type: ignore[arg-type]

    def sanitize_file_name(self, file_name: str) -> str:
        return shown_name(html.unescape(file_name))

    def parse(self) -> tuple[QueryDict, MultiValueDict[str, UploadedFile[bytes]]]:
        is_whole = False
        try:
            self._parse()  # type: ignore[attr-defined]
            is_whole = self._content_length == 0 or b"--" + self._boundary + b"--" in self.watched.ending  # type: ignore[attr-defined]
        except TooManyFilesSent:
            is_whole = True
            self.problem = _("Choose %(most)d files or fewer at a time") % {
                "most": settings.DATA_UPLOAD_MAX_NUMBER_FILES
            }
            self._read_to_the_end()
        except MultiPartParserError:
            logger.info("A form with files could not be read to its end")
        if not is_whole:
            self.problem = _("Not everything reached us. Check what is listed here, then add what is missing")

        post: QueryDict = getattr(self, "_post", None) or QueryDict(mutable=True)
        files: MultiValueDict[str, UploadedFile[bytes]] = getattr(self, "_files", None) or MultiValueDict()
        if unfinished := self.handler.take_unfinished():
            files.appendlist("files", unfinished)
        post._mutable = False
        return post, files

    def _read_to_the_end(self) -> None:
        while self.watched.read(64 * 1024):
            pass


def takes_files(
    view: Callable[Concatenate[HttpRequest, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Read this view's form with the parser above. Put it outermost.

    The check against forged requests reads the form, so it must wait until the parser is in its place: it is
    turned off outside and on again inside.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        request.parse_file_upload = partial(_parse, request)  # type: ignore[method-assign]
        return protected(request, *args, **kwargs)

    return wrapped


def problem_of(request: HttpRequest) -> str:
    """What is wrong with the form as a whole, once it has been read; empty when it is all there."""
    return getattr(request, "_upload_problem", "")


def _parse(
    request: HttpRequest, meta: dict[str, Any], body: Any
) -> tuple[QueryDict, MultiValueDict[str, UploadedFile[bytes]]]:
    parser = WholeFormParser(meta, body, BoundedUploadHandler(request), request.encoding)
    post_and_files = parser.parse()
    request._upload_problem = parser.problem  # type: ignore[attr-defined]
    return post_and_files
