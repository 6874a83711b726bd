"""Pictures are drawn again by a limited process: good ones come out clean, the rest are refused and hurt nobody."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys

import pytest
from PIL import Image, ImageCms
from pillow_heif import from_pillow

from incidents.evidence import pictures, refusals
from tests.evidence.drawing import bomb, encoded, exif, jpeg, png, sample, screenshot

NEEDLES = (b"NEEDLE", b"<script>", b"Exif", b"ICC_PROFILE", b"ICCP", b"%PDF", b"http://ns.adobe.com")


@pytest.fixture
def redraw(tmp_path):
    def draw(content: bytes) -> pictures.CleanPicture:
        path = tmp_path / "picture"
        path.write_bytes(content)
        return pictures.redraw(path)

    return draw


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def dark_side(image: Image.Image) -> str:
    """Which edge of a redrawn `screenshot()` is dark."""
    width, height = image.size
    grey = image.convert("L")
    edges = {
        "top": (width // 2, 4),
        "bottom": (width // 2, height - 5),
        "left": (4, height // 2),
        "right": (width - 5, height // 2),
    }
    return min(edges, key=lambda edge: grey.tobytes()[edges[edge][1] * width + edges[edge][0]])


def test_a_screenshot_is_kept_pixel_for_pixel(redraw):
    image = Image.effect_noise((117, 253), 80).convert("RGB")

    picture = redraw(encoded(image, "PNG"))

    assert opened(picture.copy).convert("RGB").tobytes() == image.tobytes()
    assert (picture.media_type, picture.width, picture.height, picture.suffix) == ("image/png", 117, 253, "webp")


def test_a_photograph_becomes_a_jpeg_with_sharp_colours(redraw):
    picture = redraw(jpeg())

    copy = opened(picture.copy)
    assert (picture.suffix, copy.format) == ("jpg", "JPEG")
    assert {component[1:3] for component in copy.layer} == {(1, 1)}  # no colour is stored at half the width


def test_the_thumbnail_is_the_top_of_the_picture_at_twice_the_shown_size(redraw):
    picture = redraw(png((117, 2_000)))

    thumbnail = opened(picture.thumbnail)
    assert thumbnail.size == (184, 248)
    assert thumbnail.format == "WEBP"
    assert thumbnail.convert("L").getpixel((90, 240)) < 100  # the dark upper third, not the white middle


@pytest.mark.parametrize(
    ("kind", "media_type"), [("WEBP", "image/webp"), ("GIF", "image/gif"), ("JPEG", "image/jpeg"), ("PNG", "image/png")]
)
def test_the_kinds_that_phones_and_web_pages_use_are_taken(redraw, kind, media_type):
    assert redraw(encoded(screenshot(), kind)).media_type == media_type


def test_the_kind_that_iphones_make_is_taken(redraw):
    made = io.BytesIO()
    from_pillow(screenshot()).save(made, quality=80)

    picture = redraw(made.getvalue())

    assert (picture.media_type, picture.width, picture.height) == ("image/heic", 117, 253)


def test_row_5_only_the_first_frame_is_drawn(redraw):
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("white", "black", "black")]

    picture = redraw(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))

    assert opened(picture.copy).convert("L").getpixel((30, 30)) == 255
    assert not getattr(opened(picture.copy), "is_animated", False)


def test_measured_8_a_phone_s_many_picture_jpeg_is_taken_as_a_jpeg(redraw):
    content = encoded(screenshot(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 60))])

    picture = redraw(content)

    assert opened(content).format == "MPO"
    assert picture.media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("orientation", "side"),
    [
        (1, "top"),
        (2, "top"),
        (3, "bottom"),
        (4, "bottom"),
        (5, "left"),
        (6, "right"),
        (7, "right"),
        (8, "left"),
    ],
)
def test_the_way_the_phone_was_held_is_applied(redraw, orientation, side):
    picture = redraw(jpeg((120, 240), exif=exif(orientation=orientation)))

    assert dark_side(opened(picture.copy)) == side
    assert (picture.width, picture.height) == ((240, 120) if orientation > 4 else (120, 240))


def test_v14_2_8_nothing_but_pixels_comes_out(redraw):
    """Measured 8 and row 6: the comment, the profile and what stands behind the end."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = jpeg(
        exif=exif(is_located=True),
        comment=b"NEEDLE <script>alert(1)</script> %PDF-1.7",
        icc_profile=profile,
        xmp=b"http://ns.adobe.com/xap/1.0/ NEEDLE",
    )
    content += b"NEEDLE: what was cropped away" * 50

    picture = redraw(content)

    assert all(needle in content for needle in (b"NEEDLE", b"<script>", b"ICC_PROFILE"))
    assert not [needle for needle in NEEDLES if needle in picture.copy or needle in picture.thumbnail]
    assert not opened(picture.copy).getexif()
    assert set(opened(picture.copy).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_row_7_a_png_s_texts_do_not_come_out(redraw):
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", "NEEDLE <script>")
    texts.add_itxt("XML:com.adobe.xmp", "NEEDLE", zip=True)

    picture = redraw(png(pnginfo=texts, exif=exif(is_located=True)) + b"NEEDLE")

    assert not [needle for needle in NEEDLES if needle in picture.copy or needle in picture.thumbnail]


def test_what_is_see_through_is_shown_on_white(redraw):
    picture = redraw(encoded(Image.new("RGBA", (50, 50), (200, 0, 0, 0)), "PNG"))

    assert opened(picture.copy).convert("RGB").getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_way_of_storing_colours_is_drawn(redraw, mode):
    grey = Image.new("L", (50, 50), 255)
    grey.paste(0, (0, 0, 50, 25))
    image = grey.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)

    copy = opened(redraw(encoded(image, "PNG")).copy).convert("L")

    assert copy.getpixel((25, 10)) < 5
    assert copy.getpixel((25, 40)) > 250


def test_a_colour_print_jpeg_is_drawn(redraw):
    assert redraw(encoded(screenshot().convert("CMYK"), "JPEG")).media_type == "image/jpeg"


def test_a_very_long_screenshot_is_taken(redraw):
    picture = redraw(png((400, 19_000)))

    assert opened(picture.copy).size == (400, 19_000)


def test_a_broken_orientation_tag_is_no_reason_to_refuse(redraw):
    content = jpeg(exif=exif(orientation=6))

    picture = redraw(content.replace(b"Exif\0\0MM", b"Exif\0\0XX").replace(b"Exif\0\0II", b"Exif\0\0XX"))

    assert picture.width == 117


def test_v5_2_6_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(redraw):
    with pytest.raises(pictures.PictureRefusedError, match="10,000 by 10,000 pixels") as refused:
        redraw(bomb())

    assert "Crop it" in str(refused.value)


def test_row_5_a_picture_with_one_endless_side_is_refused(redraw):
    with pytest.raises(pictures.PictureRefusedError, match="8 by 20,001 pixels"):
        redraw(bomb(8, 20_001))


@pytest.mark.parametrize(
    "content",
    [
        jpeg((800, 800), quality=95)[:-4_000],
        png((800, 800))[:-200],
        b"\x89PNG\r\n\x1a\n" + b"only the start looks like one" * 20,
        b"\xff\xd8\xff\xe0" + bytes(2_000),
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic" + bytes(100),
    ],
    ids=["short jpeg", "short png", "not a png", "not a jpeg", "short gif", "short webp", "short heic"],
)
def test_a_damaged_picture_is_refused(redraw, content):
    with pytest.raises(pictures.PictureRefusedError, match="damaged"):
        redraw(content)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM", "TGA", "PCX"])
def test_v1_3_4_kinds_that_are_not_on_the_list_are_never_decoded(redraw, kind):
    with pytest.raises(pictures.PictureRefusedError):
        redraw(encoded(screenshot((64, 64)), kind))


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "raise MemoryError",
        "import ctypes; ctypes.string_at(0)",
    ],
    ids=["killed", "aborted", "no memory", "crashed"],
)
def test_row_3_a_process_that_dies_refuses_its_picture_and_nothing_else(redraw, tmp_path, monkeypatch, script):
    dying = tmp_path / "dying.py"
    dying.write_text(script)

    with monkeypatch.context() as patched:
        patched.setattr(pictures, "REDRAW", dying)
        with pytest.raises(pictures.PictureRefusedError, match="damaged"):
            redraw(png())

    assert redraw(png()).media_type == "image/png"


RAISING = """
import runpy, sys
import PIL.Image

def refuse(*args, **kwargs):
    raise {error}("hostile")

PIL.Image.open = refuse
sys.argv[0] = {script!r}
runpy.run_path({script!r}, run_name="__main__")
"""
RAISED = (
    *("OSError", "ValueError", "SyntaxError", "RuntimeError", "TypeError", "IndexError"),
    *("PIL.Image.DecompressionBombError", "PIL.UnidentifiedImageError"),
)


@pytest.mark.parametrize("error", RAISED)
def test_measured_8_whatever_a_decoder_raises_is_one_refusal(redraw, tmp_path, monkeypatch, error):
    raising = tmp_path / "raising.py"
    raising.write_text(RAISING.format(error=error, script=str(pictures.REDRAW)))
    monkeypatch.setattr(pictures, "REDRAW", raising)

    with pytest.raises(pictures.PictureRefusedError, match="damaged"):
        redraw(png())


def test_measured_8_more_pixels_than_we_take_are_refused_where_pillow_says_nothing(redraw):
    with pytest.raises(pictures.PictureRefusedError, match="6,400 by 6,400 pixels"):
        redraw(bomb(6_400, 6_400))


def test_row_3_a_process_that_never_ends_is_ended(redraw, tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    pid = tmp_path / "pid"
    endless.write_text(f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    monkeypatch.setattr(pictures, "REDRAW", endless)
    monkeypatch.setattr(pictures, "WALL_SECONDS", 1)

    with pytest.raises(pictures.PictureRefusedError):
        redraw(png())

    assert subprocess.run(["kill", "-0", pid.read_text()], capture_output=True).returncode != 0


LIMITED = """
import json, os, resource, runpy, sys
redraw = runpy.run_path(sys.argv[1])
redraw["limit_this_process"]()
told = {name: resource.getrlimit(getattr(resource, name))[1] for name in
        ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")}
try:
    bytearray(2 * 1024**3)
    told["memory"] = "given"
except MemoryError:
    told["memory"] = "refused"
print(json.dumps(told))
"""


def test_row_3_the_process_may_not_take_more_than_its_share():
    answer = subprocess.run(
        [sys.executable, "-I", "-c", LIMITED, str(pictures.REDRAW)], capture_output=True, check=True
    ).stdout

    assert json.loads(answer) == {
        "RLIMIT_AS": 1024**3,
        "RLIMIT_CPU": 10,
        "RLIMIT_FSIZE": 96 * 1024**2,
        "RLIMIT_NOFILE": 32,
        "RLIMIT_CORE": 0,
        "memory": "refused",
    }


CUT_OFF = """
import json, os, runpy, socket, subprocess, sys
redraw = runpy.run_path(sys.argv[1])
is_cut_off = redraw["cut_off_this_process"]()
told = {}
for name, work in {
    "network": lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=2),
    "local": lambda: socket.socket(socket.AF_UNIX),
    "program": lambda: subprocess.run(["/bin/true"], check=True),
    "file": lambda: open(sys.argv[1]).close(),
}.items():
    try:
        work()
        told[name] = "given"
    except PermissionError:
        told[name] = "refused"
print(json.dumps([is_cut_off, told]))
"""


def test_row_3_the_process_reaches_no_network_and_starts_no_program():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        answer = subprocess.run(
            [sys.executable, "-I", "-c", CUT_OFF, str(pictures.REDRAW), port], capture_output=True, check=True
        ).stdout

    expected = {"network": "refused", "local": "refused", "program": "refused", "file": "given"}
    assert json.loads(answer) == [True, expected]


def test_the_largest_picture_we_take_fits_into_the_memory_it_may_use(redraw):
    picture = redraw(jpeg((6_320, 6_320), progressive=True))

    assert picture.width * picture.height > 39_900_000


def test_the_web_server_itself_never_loads_pillow():
    script = "import django, sys; django.setup(); import incidents.evidence.views; sys.exit('PIL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], env=_environment()).returncode == 0


def _environment() -> dict[str, str]:

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.mark.parametrize(
    ("name", "media_type", "size"),
    [
        ("chat-1170x2532.png", "image/png", (1170, 2532)),
        ("chat-low-resolution.jpg", "image/jpeg", (468, 1013)),
        ("galaxy-gps.jpg", "image/jpeg", (480, 640)),
        ("iphone-4-gps.jpg", "image/jpeg", None),
        ("iphone-gps.heic", "image/heic", None),
        ("jolla.jpg", "image/jpeg", None),
    ],
)
def test_row_7_real_phones_pictures_come_out_clean(redraw, name, media_type, size):
    content = sample(name).read_bytes()

    picture = redraw(content)

    assert picture.media_type == media_type
    assert size in {None, (picture.width, picture.height)}
    for made in (picture.copy, picture.thumbnail):
        assert not opened(made).getexif()
        assert not [needle for needle in (*NEEDLES, b"Apple", b"Jolla", b"SAMSUNG", b"GPS") if needle in made]


def test_the_sentences_say_what_to_do():
    for name, sentence in vars(refusals).items():
        if name.isupper() and isinstance(sentence, str):
            assert sentence.endswith(".")
            assert len(sentence) <= 300
            assert sentence.count(".") >= 2 or name in {"DESCRIBE_IT", "REMOVE_ONE"}  # ends of longer ones


def gif_bomb() -> bytes:
    """A GIF of a few bytes that says it is 60 000 by 60 000."""
    return (
        b"GIF89a"
        + (60_000).to_bytes(2, "little") * 2
        + b"\x80\0\0"
        + bytes(6)
        + b","
        + bytes(4)
        + b"\x60\xea\x60\xea\0"
        + b"\x02\x02L\x01\0;"
    )


def many_scans(side: int = 800, scans: int = 500) -> bytes:
    """A progressive JPEG whose last scan comes again and again, each a few bytes."""
    content = encoded(Image.new("L", (side, side), 200), "JPEG", progressive=True)
    last, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    return content[:end] + content[last:end] * scans + content[end:]


def test_measured_8_a_jpeg_of_hundreds_of_scans_is_refused_before_it_is_drawn(redraw):
    with pytest.raises(pictures.PictureRefusedError, match="damaged"):
        redraw(many_scans())

    assert redraw(many_scans(scans=12)).media_type == "image/jpeg"
    assert redraw(jpeg(progressive=True)).media_type == "image/jpeg"


HOSTILE = {
    "PNG bomb": (bomb(), {"kind": "picture"}),
    "PNG bomb under the limit": (bomb(6_320, 6_320), {"kind": "picture"}),
    "GIF bomb": (gif_bomb(), {"kind": "picture"}),
    "cut JPEG": (jpeg((4_000, 4_000))[:-4_000], {"kind": "picture"}),
    "not a PDF": (
        b"%PDF-1.7\n" + b"1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n" * 50_000,
        {"kind": "pdf", "most_pages": 20},
    ),
    "not a sound": (
        b"OggS" + bytes(500_000),
        {"kind": "sound", "format": "ogg", "media_type": "audio/ogg", "most_seconds": 300},
    ),
}


# A process counts the memory of the one it was split off as its own: so it is started by one that has little.
MEASURE = """
import json, resource, subprocess, sys
subprocess.run([sys.executable, "-I", *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_maxrss, used.ru_utime + used.ru_stime]))
"""


@pytest.mark.parametrize(("content", "asked"), HOSTILE.values(), ids=HOSTILE)
def test_row_5_a_hostile_file_costs_under_300_mb_and_5_seconds_of_a_core(tmp_path, content, asked):
    source = tmp_path / "hostile"
    source.write_bytes(content)
    asked = json.dumps({**asked, "most_pixels": 40_000_000})

    with source.open("rb") as given:
        told = subprocess.run(
            [sys.executable, "-I", "-c", MEASURE, str(pictures.REDRAW), asked],
            stdin=given,
            capture_output=True,
            check=True,
        ).stdout
    kilobytes, seconds = json.loads(told)

    assert kilobytes < 300 * 1024
    assert seconds < 5
