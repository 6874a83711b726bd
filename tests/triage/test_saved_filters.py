"""Filters are kept under a name, shared where somebody says so, and show nobody what they may not see."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import reverse

from incidents.models import Conflict, SavedFilter
from incidents.triage.filters import Filters
from incidents.triage.saved import NotSavedError, save_filter

pytestmark = pytest.mark.django_db
LIST = "/staff/concerns/"


def saved(by, name="Mine and late", query="due=late&assigned=me", **about):
    return save_filter(by=by, name=name, filters=Filters.read(QueryDict(query)), **{"is_shared": False, **about})


def test_what_is_on_is_saved_under_a_name_and_opened_again(slt, slt_client):
    slt_client.post(reverse("filter-save"), {"name": " Mine  and late ", "query": "due=late&assigned=me&junk=1"})

    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query, kept.is_shared) == ("Mine and late", "due=late&assigned=me", False)
    page = slt_client.get(LIST)
    assert "?due=late&amp;assigned=me" in page.content.decode()
    assert slt_client.get(f"{LIST}?{kept.query}").context["filters"].due == ("late",)


def test_the_same_name_takes_the_others_place(slt):
    saved(slt)
    saved(slt, query="status=read")

    assert SavedFilter.objects.get().query == "status=read"


def test_colleagues_see_a_shared_one_and_cannot_remove_it(slt, colleague, slt_client, signed_in, outsider):
    kept = saved(slt, is_shared=True)
    saved(slt, name="Private words")

    page = signed_in(colleague).get(LIST).content.decode()

    assert "from Ruth Adeyemi" in page
    assert "Private words" not in page
    assert signed_in(colleague).post(reverse("filter-remove", args=[kept.pk])).status_code == 404
    assert "Mine and late" not in signed_in(outsider).get(LIST).content.decode()
    slt_client.post(reverse("filter-remove", args=[kept.pk]))
    assert [each.name for each in SavedFilter.objects.all()] == ["Private words"]


def test_a_shared_filter_shows_nobody_what_they_may_not_see(slt, colleague, concern, signed_in):
    kept = saved(slt, query="status=unread", is_shared=True)
    Conflict.objects.create(user=colleague, concern=concern, reason="Named")

    assert not signed_in(colleague).get(f"{LIST}?{kept.query}").context["rows"]


def test_words_that_somebody_searches_for_are_shared_with_nobody(slt, colleague, slt_client):
    """They may name a colleague, whom the concern is about."""
    refused = slt_client.post(
        reverse("filter-save"), {"name": "Him", "query": "q=Lindqvist", "share": "1"}, follow=True
    )
    before = saved(slt, query="q=Lindqvist")
    SavedFilter.objects.filter(pk=before.pk).update(is_shared=True)
    everything = saved(slt, name="All, newest", query="q=&sort=newest", is_shared=True)

    assert "cannot be shared: they may name somebody" in refused.content.decode()
    assert list(SavedFilter.objects.visible_to(colleague)) == [everything]
    assert list(SavedFilter.objects.visible_to(slt).order_by("pk")) == [before, everything]


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "Enter a name"), (" \x00 ", "Enter a name"), ("n" * 61, "60 char")]
)
def test_a_name_that_cannot_be_is_said(slt, slt_client, name, sentence):
    with pytest.raises(NotSavedError, match=sentence):
        saved(slt, name=name)

    page = slt_client.post(reverse("filter-save"), {"name": name, "query": "due=late"}, follow=True)

    assert sentence in page.content.decode()
    assert page.context["save"].problem.startswith(sentence if name.strip("\x00 ") == "" else "The name must be")
    assert page.context["save"].name == name.strip("\x00 ")
    assert page.context["filters"].due == ("late",)


def test_twenty_are_enough(slt):
    for number in range(20):
        saved(slt, name=f"Filter {number}")

    with pytest.raises(NotSavedError, match="Remove one first"):
        saved(slt, name="One more")
    saved(slt, name="Filter 3", query="status=read")
