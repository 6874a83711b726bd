"""A file's name is shown so that it can fool nobody and break nothing."""

from __future__ import annotations

import pytest

from incidents.evidence.naming import LONGEST, shown_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("class chat 1.png", "class chat 1.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("photo\u202egnp.exe", "photo�gnp.exe"),
        ("a\u2066b\u2069.png", "a�b�.png"),
        ("one\x00two\r\nthree\t.png", "one two three .png"),
        ("half \ud83d a pair.png", "half � a pair.png"),
        ("zero\u200bwidth\ufeff.png", "zerowidth.png"),
        ("  spaces   everywhere .png ", "spaces everywhere .png"),
        ("фото класса 🙂.png", "фото класса 🙂.png"),
        ("<script>alert(1)<\u2044script>.png", "<script>alert(1)<⁄script>.png"),
        (".htaccess", ".htaccess"),
    ],
)
def test_v5_3_2_the_name_is_kept_as_far_as_it_is_safe(given, shown):
    """Row 9: names that attack."""
    assert shown_name(given) == shown


@pytest.mark.parametrize("given", ["", ".", "..", "...", "/", "folder/", " ", "\x00", "\u200b", ". ."])
def test_row_9_a_file_always_has_a_name(given):
    assert shown_name(given) == "Unnamed file"


def test_a_long_name_keeps_its_start_and_its_end():
    shown = shown_name("Screenshot of the class group " * 20 + " page 3.png")

    assert len(shown) == LONGEST
    assert shown.startswith("Screenshot of the class group")
    assert shown.endswith(" page 3.png")
