"""Letters at each stage of their way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from django.utils import timezone

from dkh_conduct.school.models import today
from letters.approval import approve_letter
from letters.models import Letter
from letters.posting import mark_posted
from letters.printing import print_letters
from letters.sealing import make_letter
from tests.factories import LetterFactory

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from dkh_conduct.school.models import School


class Make(Protocol):
    def __call__(self, **fields: Any) -> Letter: ...


@pytest.fixture
def draft(school: School, slt: User) -> Make:
    def make(**fields: Any) -> Letter:
        fields = {"reply_by": today() + timedelta(days=21), **fields}
        return LetterFactory.create(school=school, drafted_by=slt, **fields)

    return make


@pytest.fixture
def queued(draft: Make, slt: User, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Without the print that an approval tries: of what is sealed here, the real one follows at once."""

    def make(**fields: Any) -> Letter:
        with monkeypatch.context() as patch:
            patch.setattr("letters.approval.render", lambda letter: None)
            return approve_letter(letter=draft(**fields), by=slt)

    return make


@pytest.fixture
def sealed(queued: Make) -> Make:
    def make(**fields: Any) -> Letter:
        letter = queued(**fields)
        assert make_letter(letter.pk)
        letter.refresh_from_db()
        return letter

    return make


@pytest.fixture
def printed(sealed: Make, office: User) -> Make:
    def make(**fields: Any) -> Letter:
        letter = sealed(**fields)
        print_letters(letters=[letter], by=office)
        letter.refresh_from_db()
        return letter

    return make


@pytest.fixture
def posted(printed: Make, office: User) -> Make:
    def make(**fields: Any) -> Letter:
        letter = printed(**fields)
        mark_posted(letters=[letter], posted_on=timezone.localdate(), by=office)
        letter.refresh_from_db()
        return letter

    return make


@pytest.fixture
def many(school: School, slt: User, office: User) -> Any:
    """Rows by the hundred without a file each, for counting queries."""

    def make(count: int, state: Letter.State, **fields: Any) -> list[Letter]:
        now = timezone.now()
        start = Letter.objects.count()
        return Letter.objects.bulk_create(
            LetterFactory.build(
                school=school,
                drafted_by=slt,
                reference=f"DKH-M{start + n}",
                state=state,
                approved_by=slt,
                approved_at=now,
                queued_at=now,
                **({"sha256": "0" * 64, "file": "letters/none.pdf", "pages": 1} if state in SEALED else {}),
                **({"posted_on": now.date(), "posted_by": office, "posted_at": now} if state == "posted" else {}),
                **fields,
            )
            for n in range(count)
        )

    return make


SEALED = {"ready", "printed", "posted"}
