"""Files to send: good pictures, odd ones, and hostile ones, made as the tests run."""

from __future__ import annotations

import io
import math
import struct
import zipfile
import zlib
from array import array
from functools import cache
from pathlib import Path
from typing import Any

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
ORIENTATION, GPS = 0x0112, 0x8825


def sample(name: str) -> Path:
    """A real phone's file, where the folder with them stands beside the project."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is not here: the folder of real files is not beside the project")
    return path


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def screenshot(size: tuple[int, int] = (117, 253)) -> Image.Image:
    """White with a dark band across the upper third."""
    image = Image.new("RGB", size, "white")
    image.paste("#0d5563", (0, 0, size[0], size[1] // 3))
    return image


def png(size: tuple[int, int] = (117, 253), **options: Any) -> bytes:
    return encoded(screenshot(size), "PNG", **options)


def jpeg(size: tuple[int, int] = (117, 253), **options: Any) -> bytes:
    return encoded(screenshot(size), "JPEG", **options)


def exif(*, orientation: int = 1, is_located: bool = False) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags[0x0110] = "NEEDLE-camera"
    if is_located:
        tags.get_ifd(GPS).update({1: "N", 2: (51.0, 27.0, 45.0), 3: "W", 4: (0.0, 4.0, 50.0), 29: "NEEDLE-gps"})
    return tags


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@cache
def bomb(width: int = 10_000, height: int = 10_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to all those pixels, one bit each."""
    lines = zlib.compressobj(9)
    line = bytes(1 + (width + 7) // 8)
    body = b"".join(lines.compress(line) for _ in range(height)) + lines.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def sent(content: bytes, name: str = "class chat 1.png", media_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, media_type)


def voice(container: str = "ogg", codec: str = "libopus", *, seconds: float = 1.0, title: str = "NEEDLE") -> bytes:
    """A voice note: a hum that grows louder, with a title in its metadata and bytes behind its end."""
    rate, size, out = 48_000, 960, io.BytesIO()
    with av.open(out, "w", format=container) as made:
        made.metadata["title"] = title
        stream = made.add_stream(codec, rate=rate, layout="mono")
        for start in range(0, int(seconds * rate), size):
            frame = av.AudioFrame(format="s16", layout="mono", samples=size)
            frame.sample_rate, frame.pts = rate, start
            loud = 200 + 9_000 * start / (seconds * rate)
            wave = array("h", [int(loud * math.sin((start + at) / 17)) for at in range(size)])
            frame.planes[0].update(wave.tobytes())
            made.mux(stream.encode(frame))  # type: ignore[union-attr,arg-type]
        made.mux(stream.encode(None))  # type: ignore[union-attr]
    return out.getvalue() + b"NEEDLE-after-the-end"


def pdf(pages: int = 1, **options: Any) -> bytes:
    """A4, each page with a darker band than the one before."""
    made = [screenshot((298, 421)) for _ in range(pages)]
    return encoded(made[0], "PDF", save_all=True, append_images=made[1:], **options)


def zipped(files: dict[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


CHAT = (
    "\u200e[13/03/2024, 10:15:01] Year 4: \u200eMessages and calls are end-to-end encrypted.\n"
    "[13/03/2024, 10:15:09] Aisha K: Did anyone else’s come home upset?\n"
    "[13/03/2024, 10:16:40] ~\u202fD Marsh: Useless AND a liar\nand everybody knows it\n"
    "[13/03/2024, 10:17:02] D Marsh: \u200e<attached: 00000001-PHOTO-2024-03-13.png>\n"
    "[14/03/2024, 08:01:00] +44 7700 900123: That is not fair on her\n"
)


def table(*lines: str) -> str:
    """As Tesseract prints where it read these lines."""
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    for number, line in enumerate(lines):
        rows.append(f"4\t1\t1\t1\t{number}\t0\t9\t8\t70\t20\t-1\t")
        rows += [f"5\t1\t1\t1\t{number}\t1\t9\t8\t70\t20\t96.1\t{word}" for word in line.split()]
    return "\n".join(rows)
