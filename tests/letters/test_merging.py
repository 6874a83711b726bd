"""A template is Markdown with fields and optional parts; what goes in is data."""

from __future__ import annotations

import pytest

from letters.merging import TemplateFaultError, check_tags, fields_in, merge

VALUES = {"name": "Ms Okafor", "empty": "", "list": "- one\n- two", "sly": "((name)) ((end)) ((if name))"}


@pytest.mark.parametrize(
    ("source", "merged"),
    [
        ("Dear ((name)).", "Dear Ms Okafor."),
        ("Dear (( name )).", "Dear Ms Okafor."),
        ("((list))\n\nEnd", "- one\n- two\n\nEnd"),
        ("A((if name)) b((end)) c", "A b c"),
        ("A((if empty)) b((end)) c", "A c"),
        ("A((if empty)) b((otherwise)) d((end)) c", "A d c"),
        ("((if name))\nYes\n((otherwise))\nNo\n((end))\nAfter", "Yes\nAfter"),
        ("((if empty))\nYes\n((otherwise))\nNo\n((end))\nAfter", "No\nAfter"),
        ("((if empty))((if name))in((otherwise))x((end))((otherwise))out((end))", "out"),
        ("((if name))a((if empty))b((otherwise))c((end))d((end))", "acd"),
        ("One\n\n((empty))\n\nTwo", "One\n\nTwo"),
        ("A (bracket) and ((name))", "A (bracket) and Ms Okafor"),
    ],
)
def test_fields_and_optional_parts(source, merged):
    assert merge(source, VALUES.__getitem__) == merged


def test_v1_3_7_a_value_is_never_read_as_a_template():
    assert merge("Said: ((sly))", VALUES.__getitem__) == "Said: ((name)) ((end)) ((if name))"


def test_a_part_that_is_left_out_is_not_asked_for_its_fields():
    assert merge("a((if empty)) ((no such field))((end))", VALUES.__getitem__) == "a"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("((if name)) open", "not ended"),
        ("end ((end))", "no ((if …)) before it"),
        ("((otherwise))", "no ((if …)) before it"),
        ("((if name))a((otherwise))b((otherwise))c((end))", "two ((otherwise))"),
        ("((if name))" * 8, "too deep"),
        ("Dear ((nmae))", "has no field ((nmae))"),
        ("((if nmae))x((end))", "has no field ((nmae))"),
    ],
)
def test_a_fault_is_told_in_a_sentence(source, says):
    with pytest.raises(TemplateFaultError) as fault:
        check_tags(source, VALUES)

    assert says in str(fault.value)


def test_the_fields_of_a_template_are_known():
    assert fields_in("((name)) ((if list))((otherwise))((end))") == {"name", "list"}
