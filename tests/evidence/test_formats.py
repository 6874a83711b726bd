"""PDFs, voice notes, chats and e-mails are taken by what they are; nothing they carried is in what is shown."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from incidents.evidence.intake import receive
from incidents.evidence.redacting import Box, redact
from incidents.evidence.viewer import pages_of
from incidents.models import Evidence
from tests.evidence.drawing import CHAT, encoded, exif, jpeg, pdf, png, sample, screenshot, sent, voice, zipped
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db
HIDDEN = (b"NEEDLE", b"<script>", b"Exif", b"ICC_PROFILE", b"http://ns.adobe.com", b"Lavf", b"GPS")


def shown(evidence: Evidence) -> dict[str, bytes]:
    """Every file that is stored of it but the sealed original."""
    files = [evidence.copy, evidence.thumbnail]
    for part in evidence.parts.all():
        files += [part.copy, part.thumbnail]
    stored = {}
    for file in files:
        with default_storage.open(str(file)) as opened:
            stored[str(file)] = bytes(opened.read())
    return stored


def taken(draft, content: bytes, name: str) -> Evidence:
    evidence = receive(draft=draft, upload=sent(content, name, "application/octet-stream"))
    assert evidence.problem == ""
    return evidence


def email_with(picture: bytes, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Aisha K <aisha@parent.example>", "office@dkh.example"
    message["Date"], message["Subject"] = "Wed, 13 Mar 2024 10:15:00 +0000", "What is going round ☃"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Please look at this.\nIt was in the class group.")
    message.add_attachment(picture, maintype="image", subtype="png", filename="class chat.png")
    return message.as_bytes()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kind"),
    [
        (lambda: encoded(screenshot(), "AVIF"), "new.png", "image/avif", "picture"),
        (pdf, "letter.jpg", "application/pdf", "picture"),
        (voice, "PTT-20240313-WA0001.opus", "audio/ogg", "voice"),
        (lambda: voice("ipod", "aac"), "memo.mp4", "audio/mp4", "voice"),
        (lambda: voice("mp3", "libmp3lame"), "note", "audio/mpeg", "voice"),
        (CHAT.encode, "WhatsApp Chat with Year 4.txt", "text/plain", "chat"),
        (lambda: CHAT.encode("utf-16"), "chat.txt", "text/plain", "chat"),
        (lambda: zipped({"_chat.txt": CHAT.encode()}), "WhatsApp Chat - Year 4.zip", "application/zip", "chat"),
        (lambda: email_with(png()), "Fwd.eml", "message/rfc822", "email"),
    ],
    ids=["avif", "pdf", "opus", "m4a", "mp3", "txt", "utf-16", "zip", "eml"],
)
def test_v5_2_2_a_file_is_taken_by_its_content_whatever_it_is_called(draft, content, name, media_type, kind):
    evidence = taken(draft, content(), name)

    assert (evidence.media_type, evidence.kind) == (media_type, kind)
    assert evidence.thumbnail.name.endswith(".webp")


def test_every_page_of_a_pdf_is_a_picture(draft):
    evidence = taken(draft, pdf(3), "three.pdf")

    assert (evidence.width, evidence.height) == (596, 842)
    assert [(part.number, part.width) for part in evidence.parts.all()] == [(2, 596), (3, 596)]


def test_a_pdf_with_too_many_pages_is_refused(draft, settings, files_on_disk):
    settings.EVIDENCE_MAX_PAGES = 2

    refused = receive(draft=draft, upload=sent(pdf(3), "three.pdf"))

    assert refused.problem.startswith("This PDF has 3 pages. The most we can take is 2.")
    assert files_on_disk() == []


@pytest.mark.parametrize(("container", "codec"), [("ogg", "libopus"), ("ipod", "aac"), ("mp3", "libmp3lame")])
def test_a_voice_note_is_playable_everywhere_and_says_nothing_but_its_sound(draft, container, codec):
    evidence = taken(draft, voice(container, codec, seconds=2), "note")

    assert evidence.copy.name.endswith(".mp3")
    assert 2 <= evidence.seconds <= 3
    for name, content in shown(evidence).items():
        assert not [needle for needle in HIDDEN if needle in content], name


def test_a_voice_note_that_is_too_long_is_refused(draft, settings):
    settings.EVIDENCE_MAX_SECONDS = 120

    refused = receive(draft=draft, upload=sent(voice(seconds=121), "long.opus"))

    assert refused.problem.startswith("This recording is longer than we can take, which is 2 minutes.")


def test_a_video_is_not_taken_for_its_sound(draft):
    out = io.BytesIO()
    import av

    with av.open(out, "w", format="mp4") as made:
        stream = made.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        for _ in range(3):
            made.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        made.mux(stream.encode(None))

    refused = receive(draft=draft, upload=sent(out.getvalue(), "voice.m4a"))

    assert "We cannot take videos here" in refused.problem


def test_pictures_and_voice_notes_in_a_chat_are_its_parts_and_nothing_hidden_is_left(draft):
    hidden = jpeg(exif=exif(is_located=True), comment=b"NEEDLE <script>") + b"NEEDLE"
    files = {
        "_chat.txt": CHAT.encode(),
        "00000001-PHOTO-2024-03-13.jpg": hidden,
        "00000002-AUDIO-2024-03-13.opus": voice(),
        "card.vcf": b"BEGIN:VCARD NEEDLE",
    }

    evidence = taken(draft, zipped(files), "WhatsApp Chat - Year 4.zip")

    assert [(part.name, part.kind) for part in evidence.parts.all()] == [
        ("00000001-PHOTO-2024-03-13.jpg", "picture"),
        ("00000002-AUDIO-2024-03-13.opus", "voice"),
    ]
    assert "left_out" in evidence.hints
    for name, content in shown(evidence).items():
        assert not [needle for needle in HIDDEN if needle in content], name


def test_an_email_is_its_headers_its_words_and_its_pictures(draft):
    evidence = taken(draft, email_with(png(), X_Originating_IP="NEEDLE 10.0.0.7"), "Fwd.eml")

    assert evidence.text == (
        "From: Aisha K <aisha@parent.example>\nTo: office@dkh.example\nDate: Wed, 13 Mar 2024 10:15:00 +0000\n"
        "Subject: What is going round ☃\n\nPlease look at this.\nIt was in the class group.\n"
    )
    assert [part.name for part in evidence.parts.all()] == ["class chat.png"]
    assert not [name for name, content in shown(evidence).items() if b"NEEDLE" in content]


def test_its_page_shows_who_wrote_it_to_whom_and_when_and_then_the_words(draft, slt, signed_in):
    evidence = taken(draft, email_with(png()), "Fwd.eml")
    evidence.concern, evidence.draft = ConcernFactory.create(school=draft.school), None
    evidence.save()

    page = " ".join(signed_in(slt).get(evidence.get_absolute_url()).content.decode().split())

    assert '<dt>From</dt><dd class="dkh-name"><bdi>Aisha K &lt;aisha@parent.example&gt;</bdi></dd>' in page
    assert "<dt>Subject</dt>" in page
    assert '<div class="dkh-written" dir="auto">Please look at this. It was in the class group.' in page


@pytest.mark.parametrize(
    "body",
    [
        "<p>Hello</p><script>alert(1)</script><img src=x onerror=alert(1)>",
        "<style>p{}</style><p>Hello</p>",
        "<p>Hello<br>there</p>",
    ],
)
def test_an_email_of_html_is_read_for_its_words_alone(draft, body):
    message = f"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n{body}"

    evidence = taken(draft, message.encode(), "x.eml")

    assert "Hello" in evidence.text
    assert "<" not in evidence.text.replace("a@b.example", "")
    assert "alert" not in evidence.text


@pytest.mark.parametrize(
    "message",
    [
        b"From: \xff\xfe\nSubject: =?utf-8?b?////?=\nDate: never\n\nx",
        b"From: a@b\nSubject: x\nContent-Type: text/plain; charset=no-such-charset\n\nx",
        b"From: a@b\nSubject: x\nContent-Type: multipart/mixed; boundary=\n\n--\n--",
        b"From: a@b\nDate: \x00\nContent-Transfer-Encoding: base64\n\n####",
    ],
)
def test_a_broken_email_is_no_fault_of_ours(draft, message):
    receive(draft=draft, upload=sent(message, "x.eml"))

    assert Evidence.objects.count() == 1


# ------------------------------------------------------------------------------------------------- a zip, without trust


def bomb_zip() -> bytes:
    return zipped({"_chat.txt": CHAT.encode() + b" " * 30_000_000})


def slip() -> bytes:
    return zipped({"../../../tmp/_chat.txt": CHAT.encode(), "/etc/passwd": b"root"})


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("_chat.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bomb_zip, "There is too much in this zip file"),
        (linked, "but not other zip files"),
        (lambda: zipped({"inner.zip": zipped({"_chat.txt": CHAT.encode()})}), "but not other zip files"),
        (lambda: zipped({"word/document.xml": b"<w:document/>"}), "but not other zip files"),
        (lambda: zipped({"readme.txt": b"just text"}), "but not other zip files"),
        (lambda: zipped({f"{number}.txt": b"" for number in range(12_001)}), "There is too much in this zip file"),
        (lambda: zipped({"_chat.txt": CHAT.encode()})[:-40], "but not other zip files"),
    ],
    ids=["bomb", "link", "nested", "document", "text", "too many", "cut off"],
)
def test_v5_2_3_a_hostile_zip_costs_one_refusal_and_leaves_nothing(draft, files_on_disk, content, sentence):
    refused = receive(draft=draft, upload=sent(content(), "chat.zip"))

    assert sentence in refused.problem
    assert files_on_disk() == []


def test_v5_3_3_a_path_in_a_zip_is_only_ever_a_name(draft, files_on_disk):
    evidence = taken(draft, slip(), "chat.zip")

    assert evidence.lines.count() == 5
    assert all(str(evidence.pk) in name for name in files_on_disk())


def test_a_bomb_beside_the_chat_is_left_out(draft):
    packed = zipped({"_chat.txt": CHAT.encode(), "a.png": png() + bytes(30_000_000)})

    evidence = taken(draft, packed, "chat.zip")

    assert not evidence.parts.exists()
    assert evidence.hints == ["left_out"]


# --------------------------------------------------------------------------------------------------- what is served


def test_a_voice_note_is_served_to_be_played_and_in_pieces(slt, signed_in, draft):
    evidence = taken(draft, voice(), "note.opus")
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)
    client = signed_in(slt)

    whole = client.get(evidence.copy_url)
    piece = client.get(evidence.copy_url, headers={"Range": "bytes=10-19"})
    beyond = client.get(evidence.copy_url, headers={"Range": "bytes=99999999-"})

    assert whole["Content-Type"] == "audio/mpeg"
    assert whole["Content-Security-Policy"].startswith("sandbox")
    assert (piece.status_code, piece.content) == (206, whole.content[10:20])
    assert piece["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    assert beyond.status_code == 416
    assert (
        f'<audio controls preload="metadata" src="{evidence.copy_url}">'
        in client.get(evidence.get_absolute_url()).content.decode()
    )


def test_each_page_of_a_pdf_has_an_address_that_needs_the_right(slt, office, signed_in, draft):
    evidence = taken(draft, pdf(2), "two.pdf")
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)
    address = reverse("evidence-part", args=[evidence.pk, 2, "copy"])

    assert Image.open(io.BytesIO(signed_in(slt).get(address).content)).size == (596, 842)
    assert signed_in(office).get(address).status_code == 404
    assert signed_in(slt).get(reverse("evidence-part", args=[evidence.pk, 3, "copy"])).status_code == 404
    assert "?page=2#picture" in signed_in(slt).get(evidence.get_absolute_url()).content.decode()


SAMPLES = (
    *("iphone-gps.heic", "iphone-4-gps.jpg", "galaxy-gps.jpg", "jolla.jpg"),
    *("chat-1170x2532.png", "chat-low-resolution.jpg"),
)


@pytest.mark.parametrize("name", SAMPLES)
def test_v14_2_8_nothing_of_a_real_photograph_but_its_pixels_is_stored_or_served(slt, signed_in, draft, disk, name):
    """Rows 6 and 7: where it was taken, by what, and what stands behind its end."""
    content = sample(name).read_bytes() + b"NEEDLE-appended"
    evidence = taken(draft, content, name)
    Evidence.objects.update(concern=ConcernFactory.create(school=draft.school), draft=None)
    redact(evidence=evidence, page=pages_of(evidence)[0], boxes=[Box(0, 0, 20, 20, "child")], by=slt)
    # Every word of eight letters in the first bytes, where cameras write who they are, and what stands at the end.
    words = {word for word in content[:4000].split(b"\0") if len(word) >= 8 and word.isascii() and word.isalnum()}

    addresses = [evidence.copy_url, evidence.thumbnail_url, evidence.redactions.get().copy_url]
    served = [signed_in(slt).get(address).content for address in addresses]
    on_disk = [path.read_bytes() for path in disk.parent.rglob("*") if path.is_file()]

    assert len(on_disk) >= 4  # the sealed original among them
    for found in [*on_disk, *served]:
        assert not [needle for needle in (*words, b"NEEDLE-appended") if needle in found]
    for found in [*shown(evidence).values(), *served]:
        # Three letters stand in millions of bytes by chance.
        assert not [needle for needle in HIDDEN if len(needle) > 3 and needle in found]
