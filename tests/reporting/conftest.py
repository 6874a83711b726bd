"""A parent at a browser, the answers they give, and the files they add."""

from __future__ import annotations

import copy
import hashlib
import secrets
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from incidents.evidence import pictures
from incidents.models import Draft, Evidence, Message
from incidents.models.draft import DRAFT_LIFE
from incidents.reporting.drafts import COOKIE, hash_of
from tests.factories import ConcernFactory, ReporterFactory
from tests.reporting.answers import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School
    from incidents.evidence.pictures import CleanPicture
    from incidents.models import Concern


@pytest.fixture
def parent(school: School) -> Client:
    """Somebody without an account, at the one school of this installation."""
    return Client()


kept: dict[str, dict[str, Any]] = {}  # what the pages made of answers, by what was typed


@pytest.fixture
def answered(parent: Client, school: School) -> Callable[..., Client]:
    """Answer the questions as a browser would; `answered(you={...})` gives other answers to one of them.

    Each set of answers goes through the pages once in a run. After that, a draft starts with what they kept.
    """

    def answer(client: Client = parent, **others: dict[str, Any]) -> Client:
        typed = {**ANSWERS, **others}
        key = repr(typed)
        is_new = COOKIE not in client.cookies
        if is_new and key in kept:
            client.cookies[COOKIE] = secret = secrets.token_urlsafe(32)
            draft = Draft(school=school, secret_hash=hash_of(secret), expires_at=timezone.now() + DRAFT_LIFE)
            draft.answers = copy.deepcopy(kept[key])
            draft.save()
            return client
        for slug, answer in typed.items():
            response = client.post(reverse(f"report-{slug}"), answer)
            assert response.status_code == 302, (slug, response.context["form"].errors)
        if is_new and "leader" not in others:  # whose answer is about people of one test
            kept[key] = Draft.objects.get(secret_hash=hash_of(client.cookies[COOKIE].value)).answers
        return client

    return answer


drawn: dict[str, CleanPicture] = {}


@pytest.fixture(autouse=True)
def _each_picture_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own draws each picture, which tests of `evidence` see every time."""
    redraw = pictures.redraw

    def once(original: Path, *, until: float | None = None) -> CleanPicture:
        content = hashlib.sha256(original.read_bytes()).hexdigest()
        if content not in drawn:
            drawn[content] = redraw(original, until=until)
        return drawn[content]

    monkeypatch.setattr(pictures, "redraw", once)


@pytest.fixture
def with_email(answered: Callable[..., Client]) -> Client:
    return answered(you={**ANSWERS["you"], "email": "amina@example.com"})


@pytest.fixture
def draft(answered: Callable[..., Client]) -> Draft:
    """The draft behind a parent who has answered everything."""
    answered()
    return Draft.objects.get()


@pytest.fixture
def add_file() -> Callable[..., Evidence]:
    """A screenshot that hangs on a draft, with its three files in the store; or one that was refused."""

    def add(draft: Draft, *, name: str = "class chat 1.png", problem: str = "") -> Evidence:
        evidence = Evidence(school=draft.school, draft=draft, name=name, problem=problem)
        if not problem:
            evidence.sha256 = hashlib.sha256(name.encode()).hexdigest()
            for kind in ("original", "copy", "thumbnail"):
                getattr(evidence, kind).save(f"evidence/{evidence.pk}-{kind}", ContentFile(name.encode()), save=False)
        evidence.save()
        return evidence

    return add


REFERENCE, CODE = "DKH-7R4K-2Q", "K7QM-2XRA-90TB-WN4C"


@pytest.fixture
def concern(school: School) -> Concern:
    """A concern that was sent an hour ago, by somebody who gave nothing of themselves."""
    sent = ConcernFactory.create(
        school=school,
        reference=REFERENCE,
        access_code_hash=make_password(CODE),
        due_on=timezone.localdate() + timedelta(days=2),
        received_at=timezone.now() - timedelta(hours=1),
        poster="D Marsh",
    )
    ReporterFactory.create(concern=sent)
    return sent


@pytest.fixture
def inside(parent: Client, concern: Concern) -> Client:
    """The reporter, with their concern open."""
    parent.post(reverse("status"), {"reference": REFERENCE, "code": CODE})
    return parent


@pytest.fixture
def asked(concern: Concern, slt: User) -> Message:
    """A question of the school that nobody has read."""
    text = "Is the photo still on the page?"
    return Message.objects.create(concern=concern, is_from_school=True, author=slt, text=text)


@pytest.fixture
def png() -> Callable[..., SimpleUploadedFile]:
    """A small screenshot on its way in."""

    def draw(name: str, *, colour: str = "white") -> SimpleUploadedFile:
        picture = BytesIO()
        Image.new("RGB", (40, 30), colour).save(picture, "PNG")
        return SimpleUploadedFile(name, picture.getvalue(), "image/png")

    return draw
