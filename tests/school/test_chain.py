"""A log only grows: whatever is done to one of its rows behind its back, the first row touched is named."""

from __future__ import annotations

import os
import shutil
import uuid
from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkh_conduct.accounts.audit import AuditEntry
from dkh_conduct.school.chain import Anchor, Broken, append, end_of, logs, verify
from dkh_conduct.school.chain_triggers import install
from dkh_conduct.school.models import ChainEnd
from incidents.models import CustodyEntry
from tests.at_once import at_once
from tests.factories import SchoolFactory
from tests.migrated import sqlite_file
from tests.processes import Running

TABLE = CustodyEntry._meta.db_table
KEY = uuid.UUID(int=7)
THREADS, EACH = 6, 10
PREPARE = """
from django.db import connection
from dkh_conduct.school.chain_triggers import install
from incidents.models import CustodyEntry
from tests.factories import SchoolFactory
install(connection, CustodyEntry._meta.db_table)
SchoolFactory.create()
"""
APPEND = """
import uuid
from dkh_conduct.school.chain import append
from dkh_conduct.school.models import School
from incidents.models import CustodyEntry
school = School.objects.get()
for _ in range(20):
    append(CustodyEntry, school=school, kind="viewed", by=None, evidence_key=uuid.uuid4())
"""
VERIFY = """
from dkh_conduct.school.chain import end_of, verify
from dkh_conduct.school.models import School
from incidents.models import CustodyEntry
school = School.objects.get()
print(verify(CustodyEntry, school), end_of(CustodyEntry, school).seq)
"""


def add(school, *, by=None, **facts):
    return append(CustodyEntry, school=school, kind="viewed", by=by, facts=facts, evidence_key=KEY)


@pytest.fixture
def five(school, slt):
    for number in range(5):
        add(school, by=slt, number=number, words="Zoë 🙂 محمد")
    return school


def on_the_quiet(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("LOG", TABLE), parameters)


def test_entries_are_numbered_and_each_carries_the_hash_of_the_one_before(five):
    entries = list(CustodyEntry.objects.all())

    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert verify(CustodyEntry, five) is None


def entry_of(**changes):
    """Of a school that is not in the database, at a fixed moment."""
    about = {"thing": "case", "reference": "C014", "reason": "Zoë", "facts": {"b": [True, None], "a": 1}}
    at = datetime(2026, 12, 3, 8, 51, tzinfo=timezone(timedelta(hours=1)))
    fixed = {"school_id": 7, "seq": 3, "at": at, "kind": "read", "by_id": 5, "previous_hash": "0" * 64}
    return AuditEntry(**{**fixed, **about, **changes})


def test_an_entry_is_hashed_in_one_way_for_good(monkeypatch):
    """Whoever changes this makes every log that was written before look forged."""
    entry = entry_of()

    assert entry.hash_now() == "729c0294c788d8a533fd782cc6517ec61f53b99d21c638dc969fc8ea7333e72a"
    assert entry_of(facts={"a": 1, "b": [True, None]}).hash_now() == entry.hash_now()
    assert entry_of(reason=3).hash_now() != entry_of(reason="3").hash_now()
    later = entry_of(reason=None).hash_now()  # a column that this entry is older than
    monkeypatch.setattr(AuditEntry, "chained", ("thing", "reference"))
    assert entry.hash_now() == later


def test_an_entry_keeps_who_what_and_when_and_the_end_of_its_log(school, slt):
    before = now()

    entry = CustodyEntry.objects.get(pk=add(school, by=slt, number=1, words="Zoë").pk)

    assert (entry.school, entry.by, entry.kind, entry.evidence_key) == (school, slt, "viewed", KEY)
    assert (entry.facts, entry.previous_hash) == ({"number": 1, "words": "Zoë"}, "0" * 64)
    assert before < entry.at < now()
    assert end_of(CustodyEntry, school) == Anchor(1, entry.hash)
    assert append(CustodyEntry, school=school, kind="viewed", by=None, evidence_key=KEY).facts == {}


def test_two_schools_have_a_chain_each(five):
    other = SchoolFactory.create(code="OTH")
    add(other)

    assert CustodyEntry.objects.get(school=other).seq == 1
    assert verify(CustodyEntry, five) is None
    assert verify(CustodyEntry, other) is None
    assert [end_of(CustodyEntry, school).seq for school in (other, five)] == [1, 5]


def test_two_logs_have_a_chain_each(school, slt):
    for entries in (1, 2):
        append(AuditEntry, school=school, kind="read", by=slt)
        assert end_of(AuditEntry, school).seq == entries
        assert verify(AuditEntry, school) is None
    add(school)

    assert end_of(CustodyEntry, school).seq == 1
    assert verify(CustodyEntry, school) is None
    assert set(logs()) == {AuditEntry, CustodyEntry}


def test_an_empty_log_is_whole(school):
    assert verify(CustodyEntry, school) is None
    assert end_of(CustodyEntry, school).seq == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "destroyed"),
        ("facts", '{"number": 9}'),
        ("by_id", None),
        ("evidence_key", uuid.UUID(int=8).hex),
        ("previous_hash", "f" * 64),
        ("hash", "f" * 64),
    ],
)
def test_an_edited_entry_is_named(five, column, value):
    on_the_quiet("UPDATE LOG SET COLUMN = %s WHERE seq = 3".replace("COLUMN", column), value)

    assert verify(CustodyEntry, five).seq == 3


def test_a_changed_time_is_named(five):
    entry = CustodyEntry.objects.get(seq=2)
    on_the_quiet("UPDATE LOG SET at = %s WHERE seq = 2", entry.at + timedelta(microseconds=1))

    assert verify(CustodyEntry, five).seq == 2


def test_an_edited_entry_hashed_again_is_found_at_the_next(five):
    entry = CustodyEntry.objects.get(seq=3)
    entry.kind = "destroyed"
    on_the_quiet("UPDATE LOG SET kind = 'destroyed', hash = %s WHERE seq = 3", entry.hash_now())

    broken = verify(CustodyEntry, five)

    assert broken.seq == 4
    assert broken.problem == "Entry 4 does not follow from the one before it."


def test_a_deleted_entry_is_named(five):
    on_the_quiet("DELETE FROM LOG WHERE seq = 3")

    assert verify(CustodyEntry, five) == Broken(3, "Entry 3 is missing.")


def test_two_entries_in_each_others_place_are_named(five):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        on_the_quiet("UPDATE LOG SET seq = %s WHERE seq = %s", new, old)

    assert verify(CustodyEntry, five).seq == 2


def test_an_inserted_entry_is_named(five):
    for old in (5, 4, 3):
        on_the_quiet("UPDATE LOG SET seq = %s WHERE seq = %s", old + 1, old)
    forged = CustodyEntry.objects.get(seq=2)
    forged.pk, forged.seq, forged.previous_hash = None, 3, forged.hash
    forged.hash = forged.hash_now()
    super(CustodyEntry.__base__, forged).save(force_insert=True)

    assert verify(CustodyEntry, five).seq == 4


def test_entries_cut_off_the_end_are_missed(five):
    on_the_quiet("DELETE FROM LOG WHERE seq > 3")

    assert verify(CustodyEntry, five).problem == "Entry 4 is missing: the log once had 5."


def test_a_log_rewritten_with_its_end_is_caught_by_what_was_printed(five):
    printed = end_of(CustodyEntry, five)
    on_the_quiet("DELETE FROM LOG WHERE seq > 3")
    kept = CustodyEntry.objects.get(seq=3)
    on_the_quiet("UPDATE school_chainend SET seq = 3, hash = %s", kept.hash)

    assert verify(CustodyEntry, five) is None
    assert verify(CustodyEntry, five, anchor=printed).seq == 4
    assert verify(CustodyEntry, five, anchor=Anchor(2, "f" * 64)).seq == 2


def test_a_lost_end_is_noticed(five):
    on_the_quiet("DELETE FROM school_chainend")

    assert "where this log ends" in verify(CustodyEntry, five).problem


def test_the_code_has_no_way_to_change_or_delete(five):
    entry = CustodyEntry.objects.first()

    for attempt in (
        entry.save,
        entry.delete,
        CustodyEntry.objects.all().delete,
        lambda: CustodyEntry.objects.update(kind="x"),
        lambda: CustodyEntry.objects.bulk_create([entry]),
        lambda: CustodyEntry.objects.bulk_update([entry], ["kind"]),
        lambda: CustodyEntry.objects.create(kind="x"),
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize("statement", ["UPDATE LOG SET kind = 'x'", "DELETE FROM LOG WHERE seq = 5"])
def test_v13_2_2_the_database_refuses_too(five, statement):
    install(connection, TABLE)
    install(connection, TABLE)  # after the next migration

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        on_the_quiet(statement)
    add(five)
    assert verify(CustodyEntry, five) is None


@pytest.mark.parametrize("fact", [1.5, b"bytes", timedelta(1), object(), {"deep": [1.5]}, {1: "x"}, "a\0b"])
def test_a_fact_that_two_databases_would_write_differently_is_refused(school, fact):
    with pytest.raises((TypeError, ValueError)):
        add(school, fact=fact)


facts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fact=facts)
def test_whatever_facts_an_entry_holds_it_hashes_the_same_when_read_back(school, fact):
    entry = add(school, fact=fact)

    assert CustodyEntry.objects.get(pk=entry.pk).hash_now() == entry.hash


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_entries_appended_at_once_make_one_chain():
    school = SchoolFactory.create()

    def add_often() -> None:
        for _ in range(EACH):
            add(school)

    assert at_once(*[add_often] * THREADS) == []
    assert CustodyEntry.objects.count() == THREADS * EACH
    assert verify(CustodyEntry, school) is None


def test_processes_that_append_at_once_make_one_chain_on_a_file_of_sqlite(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dkh_conduct.settings"}

    shutil.copy(sqlite_file(), tmp_path / "db.sqlite3")
    said = (tmp_path / f"said-{number}" for number in count())

    def start(code: str) -> Running:
        script = f"import django; django.setup()\n{code}"
        return Running("-c", script, environment=environment, says=next(said))

    start(PREPARE).told()
    for process in [start(APPEND) for _ in range(3)]:
        process.told()
    assert start(VERIFY).told().split() == ["None", "60"]


def test_what_is_appended_while_a_log_is_read_is_left_for_the_next_time(five):
    before = end_of(CustodyEntry, five)
    add(five)
    ChainEnd.objects.update(seq=before.seq, hash=before.hash)

    assert verify(CustodyEntry, five) is None


def test_a_log_that_ends_with_another_entry_than_is_remembered_is_named(five):
    ChainEnd.objects.update(hash="f" * 64)

    assert verify(CustodyEntry, five).problem == "Entry 5 is not the one this log ended with."
