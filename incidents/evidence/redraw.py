"""Draws a stranger's picture or PDF again, or plays a voice note again, in a process of its own: stdin to stdout.

Run by `pictures.py` as a script, alone, so it imports nothing of ours and no Django. It limits itself before it
looks at a single byte. What comes out is made of pixels or of samples only: no metadata, comment, colour profile,
second picture, script, or bytes after the end. Whatever goes wrong, it ends with a code that is not 0.

Asked by one argument, JSON: `kind` (`picture`, `pdf`, `sound`), `most_pixels`, and for some kinds more. Given `boxes`,
it draws a clean copy again with these painted over: that is how a redacted copy is made.

Output: one line of JSON with the facts of each page, then for each page the bytes of its copy and its thumbnail.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import platform
import re
import resource
import struct
import sys
from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import AudioFrame
    from av.container import InputContainer
    from PIL import Image

    # Left, top, width and height of each box to cover, in pixels.
    Boxes = list[tuple[int, int, int, int]]
    Page = tuple[dict[str, object], bytes, bytes]

LAST_IN_LINE = 19
# What is refused: socket, connect, execve, ptrace, execveat, io_uring_setup, by their numbers on each architecture.
SYSTEM_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 59, 101, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 117, 281, 425)),
}
NO_NEW_PRIVILEGES, SET_SECCOMP, SECCOMP_FILTER = 38, 22, 2
ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000  # REFUSED with EPERM
SECOND_NUMBERING = 0x40000000  # x86_64 knows every call by another number too
MEMORY = 1024**3
CPU_SECONDS = 10
OUTPUT_BYTES = 96 * 1024**2
OPEN_FILES = 32
LONGEST_SIDE = 20_000
LOSSLESS_PIXELS = 8_000_000  # a phone's screenshot has 3 to 4 million
LARGEST_WEBP = 16_383
THUMBNAIL = (184, 248)  # twice the size it is shown at
JPEG_BLOCK = 8
MOST_SCANS = 64  # programs that pack pictures tightly write up to a dozen
BASELINE, START_OF_SCAN, END_OF_IMAGE = frozenset((0xC0, 0xC1)), 0xDA, 0xD9
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # within a scan, 0xFF is followed by 0 or a restart
INK, PAPER, SOFT = "#16282d", "#eff6f6", "#2f8090"
FORMATS = ("PNG", "JPEG", "HEIF", "AVIF", "WEBP", "GIF")
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with more pictures behind the first, as phones make them; opened as JPEG
    "HEIF": "image/heic",
    "AVIF": "image/avif",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
PDF_SCALE = 2.0  # 144 pixels an inch: small print can be read
PDF_PIXELS = 4_000_000
DETAIL_SIDE = 1_000
BARS = 23
SIGNATURE = (900, 195)  # 380 dots an inch, as wide and as high as a letter has room
INK_FROM = 24
SOUND_RATE = 24_000


class TooMuchError(Exception):
    """More than is taken. `facts` say of what, for the sentence."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts


def limit_this_process(niceness: int = LAST_IN_LINE) -> None:
    os.nice(niceness)  # pages that somebody waits for go first
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def cut_off_this_process() -> bool:
    """No network and no other program, for whatever a hostile file makes of a codec: the kernel answers EPERM.

    A filter of system calls, in the classic BPF that seccomp(2) takes. False where the system has none: then the limits
    above stand alone.
    """
    known = SYSTEM_CALLS.get(platform.machine())
    if known is None or sys.platform != "linux":
        return False
    architecture, refused = known
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    steps = [
        (load, 0, 0, 4),  # the architecture of the call
        (equal, 1, 0, architecture),
        (answer, 0, 0, KILLED),
        (load, 0, 0, 0),  # its number
        (at_least, 0, 1, SECOND_NUMBERING),
        (answer, 0, 0, REFUSED),
    ]
    for number in refused:
        steps += [(equal, 0, 1, number), (answer, 0, 0, REFUSED)]
    steps.append((answer, 0, 0, ALLOWED))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(SET_SECCOMP, SECCOMP_FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def redraw(source: bytes, asked: dict[str, Any]) -> Iterator[Page]:
    """Its pages, the first first. Raises TooMuchError, and whatever a library makes of a hostile file."""
    kinds = {
        "picture": redraw_picture,
        "pdf": redraw_pdf,
        "sound": replay_sound,
        "card": draw_card,
        "signature": draw_signature,
    }
    return kinds[asked["kind"]](source, asked)


def redraw_picture(source: bytes, asked: dict[str, Any]) -> Iterator[Page]:
    import PIL

    canvas, media_type = _canvas(source, asked, formats=FORMATS)
    boxes = asked.get("boxes")
    if boxes:
        _cover(canvas, boxes, step=1 if media_type == "image/webp" else JPEG_BLOCK)
    # A screenshot is mostly letters: kept pixel for pixel. A photograph would be ten times the size that way. A clean
    # copy that is drawn again keeps its kind: it is WebP where nothing was lost before.
    drawn_kinds = {"image/webp"} if boxes is not None else {"image/png", "image/gif"}
    tool = f"Pillow {PIL.__version__}, drawn again from pixels"
    yield _page(canvas, media_type=media_type, tool=tool, is_drawn=media_type in drawn_kinds)


def draw_signature(source: bytes, asked: dict[str, Any]) -> Iterator[Page]:
    """Ink on white, cut close, as a small grey PNG: from a scan, or a photograph of paper that lies half in the shade.

    Paper is what is brightest nearby, ink whatever is darker than that: so a shadow does not become a grey box.
    """
    from PIL import Image, ImageChops, ImageFilter

    canvas, media_type = _canvas(source, asked, formats=("PNG", "JPEG"))
    canvas.thumbnail((1_800, 1_800), Image.Resampling.BOX, reducing_gap=2.0)
    grey = canvas.convert("L")
    rough = grey.resize((max(1, grey.width // 16), max(1, grey.height // 16)), Image.Resampling.BOX)
    paper = rough.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(3)).resize(grey.size)
    darker = ImageChops.subtract(paper, grey)
    darkest = max((value for value, number in enumerate(darker.histogram()) if number), default=0)
    ink = darker.point([max(0, value - INK_FROM) * 255 // max(1, darkest - INK_FROM) for value in range(256)])
    box = ink.point([255 * (value > INK_FROM) for value in range(256)]).getbbox()
    if box is None or darkest < 2 * INK_FROM:
        raise ValueError("there is no ink in it")
    cut = ImageChops.invert(ink.crop(box))
    if sum(cut.histogram()[:200]) * 2 > cut.width * cut.height:
        raise ValueError("a signature is mostly paper")
    cut.thumbnail(SIGNATURE, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    cut.save(out, "PNG", optimize=True)
    facts = {"media_type": media_type, "width": cut.width, "height": cut.height, "suffix": "png", "tool": ""}
    yield facts, out.getvalue(), b""


def _canvas(source: bytes, asked: dict[str, Any], *, formats: tuple[str, ...]) -> tuple[Image.Image, str]:
    """What is seen of a picture, on white, and the media type of the file. Raises TooMuchError for too many pixels."""
    from PIL import Image, ImageOps

    if source[4:8] == b"ftyp":  # only what needs it pays for loading it
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # it only warns, and later than we ask
    image: Image.Image = Image.open(io.BytesIO(source), formats=_known(formats))
    media_type = MEDIA_TYPES[image.format or ""]
    width, height = image.size
    if width * height > asked["most_pixels"] or max(width, height) > LONGEST_SIDE:
        raise TooMuchError(too_large=True, width=width, height=height)

    if image.format in {"JPEG", "MPO"} and _scans_in(source) > MOST_SCANS:
        raise ValueError("each scan is drawn over the whole picture again")
    image.load()
    with contextlib.suppress(Exception):  # a broken tag is no reason to refuse the picture
        ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16 bits of grey: Pillow would clip them to white
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data and image.mode != "RGB":
        canvas = image.convert("RGB")  # new pixels, and no more of them than needed: a bomb has few bits each
        canvas.info = {}
        return canvas, media_type
    canvas = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        canvas.paste(image, mask=image.getchannel("A"))
    else:
        canvas.paste(image)
    return canvas, media_type


def _scans_in(jpeg: bytes) -> int:
    """How many scans a progressive JPEG has; 1 for any other. A few bytes make one, and it costs the whole picture."""
    at, scans = 2, 0
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        kind = jpeg[at + 1]
        if kind == 0xFF:  # a filler
            at += 1
            continue
        if kind in BASELINE:
            return 1
        if kind == END_OF_IMAGE:
            break
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if kind == START_OF_SCAN:
            scans += 1
            found = MARKER.search(jpeg, at)
            at = found.start() if found else len(jpeg)
    return scans


def redraw_pdf(source: bytes, asked: dict[str, Any]) -> Iterator[Page]:
    """Every page as a picture. Forms, scripts and attached files are neither run nor drawn."""
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(source)
    if len(document) > asked["most_pages"]:
        raise TooMuchError(too_many_pages=len(document))
    tool = f"PDFium by pypdfium2 {pypdfium2.PYPDFIUM_INFO}, drawn as pictures"
    for page in document:
        width, height = page.get_size()
        scale = min(PDF_SCALE, (PDF_PIXELS / max(1, width * height)) ** 0.5, 8_000 / max(1, width, height))
        canvas = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        yield _page(canvas, media_type="application/pdf", tool=tool, is_drawn=True)


def replay_sound(source: bytes, asked: dict[str, Any]) -> Iterator[Page]:
    """A voice note as MP3, which every browser plays, and its loudness as a small picture."""
    import av

    made, loud, samples = io.BytesIO(), array("i"), 0
    with (
        av.open(io.BytesIO(source), "r", format=asked["format"]) as heard,
        av.open(made, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as out,
    ):
        if any(not stream.disposition & av.stream.Disposition.attached_pic for stream in heard.streams.video):
            raise TooMuchError(is_video=True)
        note = out.add_stream(
            "libmp3lame", rate=SOUND_RATE, options={"compression_level": "9"}, layout="mono", bit_rate=48_000
        )
        resampler = av.AudioResampler(format="s16p", layout="mono", rate=SOUND_RATE)
        for frame in _frames(heard):
            for piece in resampler.resample(frame):
                samples += piece.samples
                if samples > asked["most_seconds"] * SOUND_RATE:
                    raise TooMuchError(too_long=True)
                values = array("h", bytes(piece.planes[0])[: 2 * piece.samples])
                loud.append(max(abs(max(values, default=0)), abs(min(values, default=0))))
                piece.pts = None
                out.mux(note.encode(piece))
        for piece in resampler.resample(None):
            piece.pts = None
            out.mux(note.encode(piece))
        out.mux(note.encode(None))
    if not samples:
        raise ValueError("there is no sound in it")
    facts = {
        "media_type": asked["media_type"],
        "width": 0,
        "height": 0,
        "seconds": -(-samples // SOUND_RATE),
        "suffix": "mp3",
        "tool": f"PyAV {av.__version__}, played again from samples",
    }
    yield facts, made.getvalue(), _encoded(_waves(loud))


def _frames(heard: InputContainer) -> Iterator[AudioFrame]:
    """What can be played, as players do: bytes that are no sound, such as those behind the end, are passed over."""
    import av

    good = bad = 0
    for packet in heard.demux(heard.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            bad += 1
            continue
        good += len(frames)
        yield from frames
    if bad > good:
        raise ValueError("most of it is no sound")


def draw_card(source: bytes, asked: dict[str, Any]) -> Iterator[Page]:
    """The small picture of a chat or an e-mail, which have no first page. Nothing of the file is in it."""
    from PIL import Image, ImageDraw

    small = Image.new("RGB", THUMBNAIL, PAPER)
    draw = ImageDraw.Draw(small)
    if asked["format"] == "email":
        draw.rounded_rectangle((32, 74, 152, 164), 8, fill="white", outline=SOFT, width=5)
        draw.line((36, 80, 92, 126, 148, 80), fill=SOFT, width=5, joint="curve")
    else:
        for number, (left, right) in enumerate(((20, 128), (56, 164), (20, 104), (20, 146))):
            top = 36 + number * 48
            draw.rounded_rectangle((left, top, right, top + 34), 12, fill=SOFT if number == 1 else "white")
    yield (
        {"media_type": asked["media_type"], "width": 0, "height": 0, "suffix": "txt", "tool": ""},
        b"",
        _encoded(small),
    )


def _known(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Those that can be opened, once what a file needs is loaded."""
    from PIL import Image

    Image.init()
    return tuple(name for name in formats if name in Image.OPEN)


def _page(canvas: Image.Image, *, media_type: str, tool: str, is_drawn: bool) -> Page:
    from PIL import ImageOps

    copy = io.BytesIO()
    small_enough = canvas.width * canvas.height <= LOSSLESS_PIXELS and max(canvas.size) <= LARGEST_WEBP
    if is_drawn and small_enough:
        canvas.save(copy, "WEBP", lossless=True, quality=0, method=0)
        suffix = "webp"
    else:
        canvas.save(copy, "JPEG", quality=92, subsampling=0)  # coloured names stay sharp
        suffix = "jpg"
    facts = {
        "media_type": media_type,
        "width": canvas.width,
        "height": canvas.height,
        "suffix": suffix,
        "tool": tool,
        "look": _look(canvas),
        "detail": _detail(canvas),
    }
    return facts, copy.getvalue(), _encoded(ImageOps.fit(canvas, THUMBNAIL, centering=(0.5, 0)))


def _encoded(small: Image.Image) -> bytes:
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def _look(canvas: Image.Image) -> str:
    """A difference hash of 256 bits, in hexadecimal: is each patch brighter than its left neighbour? Two pictures that
    look alike differ in few bits, however they were saved. (Neal Krawetz, “Kind of like that”, 2013.)"""
    from PIL import Image

    grey = canvas.resize((17, 16), Image.Resampling.BOX, reducing_gap=1.0).convert("L").tobytes()
    bits = 0
    for row in range(16):
        for column in range(16):
            at = row * 17 + column
            bits = bits << 1 | (grey[at + 1] > grey[at])
    return f"{bits:064x}"


def _detail(canvas: Image.Image) -> int:
    """How much fine detail there is, 0 to 255: the mean difference of neighbours in the middle of the picture."""
    from PIL import ImageChops, ImageStat

    across, down = (side // 2 for side in canvas.size)
    half = DETAIL_SIDE // 2
    middle = (max(0, across - half), max(0, down - half), across + half, down + half)
    grey = canvas.crop((*middle[:2], min(canvas.width, middle[2]), min(canvas.height, middle[3]))).convert("L")
    moved = ImageChops.offset(grey, 1, 0)
    return round(ImageStat.Stat(ImageChops.difference(grey, moved)).mean[0])


def _cover(canvas: Image.Image, boxes: Boxes, *, step: int) -> None:
    """Paint over the pixels. In a JPEG a letter leaves traces in its whole block of 8 by 8: then all of that goes."""
    for left, top, width, height in boxes:
        right, bottom = left + width, top + height
        around = (left // step * step, top // step * step, -(-right // step) * step, -(-bottom // step) * step)
        canvas.paste(INK, around)


def _waves(loud: array[int]) -> Image.Image:
    from PIL import Image, ImageDraw

    small = Image.new("RGB", THUMBNAIL, PAPER)
    draw = ImageDraw.Draw(small)
    highest = max(loud) or 1
    for bar in range(BARS):
        part = loud[bar * len(loud) // BARS : max((bar + 1) * len(loud) // BARS, bar * len(loud) // BARS + 1)]
        half = 4 + round(76 * max(part, default=0) / highest)
        left = 13 + bar * 7
        draw.rounded_rectangle((left, 124 - half, left + 4, 124 + half), 2, fill=SOFT)
    return small


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    limit_this_process(asked.pop("niceness", LAST_IN_LINE))
    cut_off_this_process()
    try:
        pages = list(redraw(sys.stdin.buffer.read(), asked))
    except TooMuchError as error:
        pages = []
        told: dict[str, object] = error.facts
    else:
        told = {"pages": [{**facts, "copy_size": len(copy), "small_size": len(small)} for facts, copy, small in pages]}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for _, copy, small in pages:
        sys.stdout.buffer.write(copy)
        sys.stdout.buffer.write(small)
