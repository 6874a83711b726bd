"""A signature becomes ink on white, small and clean; what is no signature is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageOps

from incidents.evidence.pictures import CleanPicture, PictureRefusedError, draw_signature
from tests.evidence.drawing import bomb


def paper(*, shade: bool = False, size: tuple[int, int] = (1600, 900)) -> Image.Image:
    """A sheet with a scrawl on it; half of it in the shade, as a photograph from above has it."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    if shade:
        for column in range(size[0]):
            grey = 235 - column * 110 // size[0]
            draw.line((column, 0, column, size[1]), fill=(grey, grey, grey - 10))
    draw.line((500, 500, 620, 380, 700, 520, 820, 400, 1100, 470), fill=(20, 20, 60), width=12, joint="curve")
    return image


def saved(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def drawn(content: bytes, tmp_path) -> CleanPicture:
    path = tmp_path / "signature"
    path.write_bytes(content)
    with path.open("rb") as source:
        return draw_signature(source)


@pytest.mark.parametrize("shade", [False, True])
def test_the_ink_is_cut_out_and_the_paper_is_white_even_in_the_shade(shade, tmp_path):
    made = drawn(saved(paper(shade=shade), "JPEG", quality=85), tmp_path)

    picture = Image.open(io.BytesIO(made.copy))
    assert (picture.format, picture.mode) == ("PNG", "L")
    assert picture.width <= 900
    assert picture.height <= 195
    assert 2 < picture.width / picture.height < 6  # the scrawl alone, without the sheet around it
    share_of_white = sum(picture.histogram()[250:]) / (picture.width * picture.height)
    assert share_of_white > 0.6
    assert picture.getextrema()[0] < 60


def test_a_scan_with_a_clear_background_is_ink_on_white_too(tmp_path):
    ink = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(ink).line((50, 150, 300, 40, 550, 150), fill=(0, 0, 0, 255), width=8)

    picture = Image.open(io.BytesIO(drawn(saved(ink), tmp_path).copy))

    assert picture.getpixel((0, 0)) > 250


def test_nothing_that_was_in_the_file_beside_the_pixels_is_kept(tmp_path):
    hidden = saved(paper(), "JPEG", comment=b"NEEDLE") + b"NEEDLE <script>"

    assert b"NEEDLE" not in drawn(hidden, tmp_path).copy


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        saved(paper(), "GIF"),
        saved(paper(), "WEBP"),
        saved(paper())[:2000],
        saved(Image.new("RGB", (600, 200), "white")),
        saved(Image.new("RGB", (600, 200), "black")),
        saved(ImageOps.invert(paper())),
    ],
    ids=["empty", "pdf", "svg", "gif", "webp", "cut off", "no ink", "all ink", "white on black"],
)
def test_what_is_no_signature_is_refused(content, tmp_path):
    with pytest.raises(PictureRefusedError):
        drawn(content, tmp_path)


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path):
    with pytest.raises(PictureRefusedError):
        drawn(bomb(), tmp_path)
