"""What each role finds by searching, in every list and in what is saved as a file: each thing has its own word."""

from __future__ import annotations

import re

import pytest

from incidents.models import CasePerson, ChatLine, Concern, Evidence, Person
from letters.models import Letter, Mailing
from tests.addresses import every_name
from tests.factories import ConcernFactory, ReporterFactory
from tests.test_access import ROLES, client_of, no_earlier_tries, world  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
# Pages that show more than one thing, and the file that has them all.
LISTS = [
    name
    for name in every_name()
    if name.endswith(("-list", "dashboard", "search", "print-room", "-log", "-register", "register-file"))
]
ASKED = ("", "?q=quagga")
MORE = {
    "print-room": ("?show=post", "?q=quagga&show=register"),
    "search": ("?q=quagga&in=pictures", "?q=quagga&in=chats"),
    "concern-list": ("?status=read",),
}
OFFICE = {"letter", "contact"}
LEADERS = {"concern", "flagged", "case", "person", "picture", "chat", "letter", "draft", "contact", "mailing"}
FINDS = {
    "nobody": set(),
    "office": OFFICE,
    "slt": LEADERS,
    "head": LEADERS,
    "aside": {"flagged", "contact", "mailing"},
    "outsider": set(),
    "stranger": set(),
    "dsl": {"flagged"},
    "legal": set(),
    "referred": {"case", "person", "picture", "chat"},
    "dpo": set(),
    "admin": set(),
    "chair": set(),
    "passed": {"concern", "case", "person", "picture", "chat", "letter", "draft"},
}


@pytest.fixture
def words(world):  # noqa: F811
    """“quagga” is in all of them, so that one search asks for everything; what follows it is in one thing only."""
    rows = world.rows
    case, evidence = rows["case"], rows["evidence"]
    case.__class__.objects.filter(pk=case.pk).update(summary="quagga zyx-case")
    Concern.objects.update(account="quagga zyx-concern")
    ConcernFactory.create(school=case.school, danger="child", account="quagga zyx-flagged")
    ReporterFactory.create(concern=rows["concern"], name="Quagga zyx-reporter")
    Person.objects.filter(pk__in=CasePerson.objects.values("person")).update(full_name="Quagga zyx-person")
    Person.objects.filter(pk=rows["contact"].pk).update(full_name="Quagga zyx-contact")
    Evidence.objects.filter(pk=evidence.pk).update(text="quagga zyx-picture")
    ChatLine.objects.create(
        evidence=evidence, number=1, kind="message", sender="~ Dan", stamp="20:14", raw="x", body="quagga zyx-chat"
    )
    Letter.objects.filter(pk=rows["letter"].pk).update(addressee="Quagga zyx-letter")
    Letter.objects.filter(pk=rows["step"].letter_id).update(addressee="Quagga zyx-draft")
    Mailing.objects.update(audience_words="quagga zyx-mailing")


@pytest.mark.parametrize("role", ROLES)
def test_v8_2_3_a_role_finds_what_it_may_read_and_no_word_of_anything_else(words, world, client_of, role):  # noqa: F811
    client, found = client_of(role), set()

    for name in LISTS:
        for query in (*ASKED, *MORE.get(name, ())):
            answer = client.get(world.address(name) + query)
            shown = b"".join(answer) if answer.streaming else answer.content
            found |= set(re.findall(r"zyx-(\w+)", shown.decode()))

    assert found == FINDS[role]
