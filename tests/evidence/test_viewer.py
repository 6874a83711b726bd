"""The page of a file: next and previous, larger and turned, all by plain links, for those who may read it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.evidence.intake import receive
from incidents.models import Evidence
from tests.evidence.drawing import png, sent
from tests.factories import ConcernFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(draft):
    """Three files of one concern."""
    for width in (101, 102, 103):
        receive(draft=draft, upload=sent(png((width, 200)), f"chat {width}.png"), caption="صورة <b>&</b>")
    concern = ConcernFactory.create(school=draft.school)
    Evidence.objects.update(draft=None, concern=concern)
    return list(concern.evidence.all())


@pytest.fixture
def look(slt, signed_in):
    client = signed_in(slt)

    def at(evidence, query: str = "") -> str:
        return str(client.get(f"{evidence.get_absolute_url()}{query}").content.decode())

    return at


def test_next_and_previous_lead_along_the_files_of_the_concern(look, three):
    first, second, third = three

    assert f'rel="next" data-dkh-key="ArrowRight" href="{second.get_absolute_url()}"' in look(first)
    assert 'rel="prev"' not in look(first)
    assert f'rel="prev" data-dkh-key="ArrowLeft" href="{first.get_absolute_url()}"' in look(second)
    assert 'rel="next"' not in look(third)
    assert "evidence 3 of 3" in look(third)


def test_a_picture_is_enlarged_and_turned_by_links_alone(look, three):
    page = look(three[0], "?zoom=2&turn=90")

    assert "dkh-viewer__stage--2" in page
    assert 'viewBox="0 0 200 101"' in page
    assert 'transform="translate(200 0) rotate(90)"' in page
    assert "?zoom=3&amp;turn=90#picture" in page
    assert "?turn=90#picture" in page
    assert "?zoom=2&amp;turn=180#picture" in page


@pytest.mark.parametrize("query", ["?zoom=99&turn=45&page=7", "?zoom=x&turn=%00&page=-1", "?page=\u0663", "?zoom="])
def test_an_odd_address_shows_the_plain_picture(look, three, query):
    page = look(three[0], query)

    assert "dkh-viewer__stage--1" in page
    assert "transform=" not in page


def test_what_the_parent_wrote_stands_beside_it_and_is_only_text(look, three):
    assert "<bdi>“صورة &lt;b&gt;&amp;&lt;/b&gt;”</bdi>" in look(three[0])


@pytest.mark.parametrize("who", ["office", "outsider"])
@pytest.mark.parametrize("name", ["evidence", "evidence-custody"])
def test_the_wrong_people_find_no_page(who, name, request, signed_in, three):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(reverse(name, args=[three[0].pk])).status_code == 404


def test_looking_costs_the_same_however_many_files_there_are(slt, signed_in, three, django_assert_max_num_queries):
    client = signed_in(slt)

    with django_assert_max_num_queries(15):
        client.get(three[0].get_absolute_url())
