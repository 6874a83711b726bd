"""Changing a page: only by an administrator, never over somebody else's change without knowing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school import page_editing
from dkh_conduct.school.models import Page
from dkh_conduct.school.page_editing import PageChangedError, PageForm, save_page
from dkh_conduct.school.page_text import came_with
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CHANGE = "/staff/pages/contact/"


@pytest.fixture
def other_admin(school):
    return UserFactory.create(school=school, full_name="Ola Second", role=Role.ADMIN)


def typed(**more):
    return {"title": "Contact us", "body": "Call {phone}.", "seen": "0", "save": "", **more}


def test_the_form_begins_with_the_text_the_portal_came_with(signed_in, admin):
    page = signed_in(admin).get(CHANGE).content.decode()

    assert "The school office" in page
    assert 'name="seen" value="0"' in page
    assert not Page.objects.exists()


def test_saving_publishes_at_once_and_keeps_who_and_when(client, signed_in, admin):
    response = signed_in(admin).post(CHANGE, typed(), follow=True)

    page = Page.objects.get()
    assert (page.title, page.version, page.updated_by) == ("Contact us", 1, admin)
    assert "“Contact us” was saved" in response.content.decode()
    assert "changed by Imran Haddad, today at" in response.content.decode()
    public = client.get("/contact/").content.decode()
    assert '<h1 class="govuk-heading-l">Contact us</h1>' in public
    assert "020 7946 0123" in public
    assert "Last changed on" in public


def test_older_texts_are_kept(school, admin):
    save_page(school=school, slug="contact", title="One", body="1\n", seen=0, by=admin)
    save_page(school=school, slug="contact", title="Two", body="2\n", seen=1, by=admin)

    history = Page.objects.get().history.order_by("history_id")
    assert [(old.title, old.version, old.history_user) for old in history] == [("One", 1, admin), ("Two", 2, admin)]


def test_saving_the_same_again_changes_nothing(school, admin):
    for seen in (0, 1):
        save_page(school=school, slug="contact", title="One", body="1\n", seen=seen, by=admin)

    assert Page.objects.get().version == 1


def test_who_comes_second_reads_who_was_first_and_loses_nothing(signed_in, admin, other_admin):
    signed_in(admin).post(CHANGE, typed(body="The first text"))

    response = signed_in(other_admin).post(CHANGE, typed(body="The second text"))
    page = response.content.decode()

    assert response.status_code == 200
    assert "Imran Haddad saved this page today at" in page
    assert "The first text" in page
    assert "The second text" in page
    assert Page.objects.get().body == "The first text\n"

    signed_in(other_admin).post(CHANGE, typed(body="Both texts", seen="1"))
    assert Page.objects.get().body == "Both texts\n"


def test_the_conflict_page_carries_the_new_version_so_that_saving_again_works(signed_in, admin, other_admin):
    signed_in(admin).post(CHANGE, typed(body="The first text"))

    page = signed_in(other_admin).post(CHANGE, typed(body="The second text")).content.decode()

    assert 'name="seen" value="1"' in page


def test_a_version_that_is_gone_is_refused_by_the_verb(school, admin):
    save_page(school=school, slug="contact", title="One", body="1\n", seen=0, by=admin)

    with pytest.raises(PageChangedError):
        save_page(school=school, slug="contact", title="Two", body="2\n", seen=0, by=admin)


def test_a_preview_shows_and_saves_nothing(signed_in, admin):
    response = signed_in(admin).post(CHANGE, {**typed(body="## New heading\n\nCall {phone}."), "preview": ""})
    page = response.content.decode()

    assert "Nothing is saved yet" in page
    assert '<h2 class="govuk-heading-m">New heading</h2>' in page
    assert not Page.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Enter a title"),
        ({"title": "x" * 101}, "Use 100 characters or fewer. There are 101 here"),
        ({"body": " "}, "Enter the text of the page"),
        ({"body": "x" * 20_001}, "Use 20000 characters or fewer. There are 20001 here"),
        ({"body": "Call {fax}."}, "There is no fact called {fax}. Use one from the list beside this form"),
        ({"body": "A \x00 in it"}, "Null characters are not allowed"),
        ({"seen": "x"}, "open this page again and make your change there"),
    ],
)
def test_bad_input_gets_a_sentence_and_saves_nothing(signed_in, admin, wrong, sentence):
    response = signed_in(admin).post(CHANGE, typed(**wrong))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Page.objects.exists()


def test_a_school_changes_only_its_own_pages(signed_in, school, outsider, admin):
    theirs = UserFactory.create(school=outsider.school, role=Role.ADMIN)

    signed_in(theirs).post(CHANGE, typed(body="Theirs"))

    assert Page.objects.get().school == outsider.school
    assert "Theirs" not in signed_in(admin).get(CHANGE).content.decode()


def test_a_page_that_there_is_not_is_not_found(signed_in, admin):
    assert signed_in(admin).get("/staff/pages/none/").status_code == 404


@pytest.mark.parametrize("address", ["/staff/pages/", CHANGE])
def test_few_queries(signed_in, admin, address, django_assert_max_num_queries):
    client = signed_in(admin)
    for slug in Page.Slug.values:
        save_page(school=admin.school, slug=slug, title=slug, body=came_with(slug).body, seen=0, by=admin)

    with django_assert_max_num_queries(15):
        client.get(address)


def test_the_administrator_has_no_dashboard_and_no_menu_of_cases(signed_in, admin):
    client = signed_in(admin)
    menu = [item.label for item in client.get(reverse("page-list")).context["navigation"]]

    assert {"Templates", "Calendar", "Pages", "Staff", "Rights", "Poster"} <= set(menu)
    assert not {"Cases", "Letters"} & set(menu)
    assert client.get("/staff/").url == reverse("staff-list")


def test_the_role_looks_after_the_portal_and_reads_nothing_in_it(admin):
    fresh = get_user_model().objects.get(pk=admin.pk)

    rights = fresh.get_all_permissions()
    assert {"school.change_calendar", "school.change_page"} <= rights
    # A template is no letter: its pages have invented facts.
    assert {name for name in rights if name.startswith(("incidents.", "letters."))} == {"letters.change_lettertemplate"}


def test_each_language_has_its_own_words(client, signed_in, admin):
    staff = signed_in(admin)
    staff.post(CHANGE, typed(title="Contact us", body="Call {phone}."))

    listed = staff.get(reverse("page-list")).content.decode()
    english = client.get("/contact/?language=fr", follow=True).content.decode()
    staff.post(f"{CHANGE}?language=fr", typed(title="Nous contacter", body="Appelez le {phone}."))
    french = client.get("/contact/?language=fr", follow=True).content.decode()

    assert listed.count("Shows the English") == 4
    assert "Contact us" in english
    assert 'lang="en-GB" dir="ltr"' in english
    assert '<h1 class="govuk-heading-l">Nous contacter</h1>' in french
    assert "Appelez le" in french
    assert "en anglais" not in french
    assert "Contact us" in client.get("/contact/?language=en-gb", follow=True).content.decode()
    assert staff.get(reverse("page-list")).content.decode().count("Shows the English") == 3


def test_a_language_begins_with_its_translation_and_in_its_direction(signed_in, admin):
    page = signed_in(admin).get(f"{CHANGE}?language=ar").content.decode()

    assert came_with("contact", "ar").body.splitlines()[0] in page
    assert 'dir="rtl"' in page
    assert "words that the portal came with" in page


def test_a_language_that_there_is_not_is_not_found(signed_in, admin):
    assert signed_in(admin).get(f"{CHANGE}?language=xx").status_code == 404


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_symbol_that_cannot_be_kept_is_said_beside_its_field(field):
    form = PageForm(typed(**{field: "Call \ud800 us"}))

    assert "cannot be saved" in form.errors[field][0]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_first_change_at_once_the_second_reads_who_was_first(
    school, admin, other_admin, monkeypatch
):
    both = Barrier(2)

    def standard(*args):
        both.wait(timeout=10)  # neither has saved when both have looked
        return came_with(*args)

    monkeypatch.setattr(page_editing, "came_with", standard)

    def save(by):
        try:
            save_page(school=school, slug="contact", title=by.full_name, body="1\n", seen=0, by=by)
        except PageChangedError as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(save, [admin, other_admin]))

    assert told[0] == ""
    assert told[1].startswith(f"{Page.objects.get().updated_by} saved this page")
