"""Logs that can only grow: each entry carries the hash of the one before it, so that no change goes unnoticed.

A log is a concrete model made from `ChainedEntry`; `append()` is the only way in; `verify()` names the first thing
that is not as it was written. The end of each log is kept in a row of its own, so that entries cut off the end are
missed too. Somebody who may rewrite the whole database could rewrite a whole chain: the number and hash of a log's
last entry, printed or mailed (`end_of`), are what that is held against (`verify(..., anchor=...)`).

Entries outlive what they are about. They hold keys and hashes, never names or what somebody wrote.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from dkh_conduct.school.models import ChainEnd, School

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.base_user import AbstractBaseUser

BEFORE_THE_FIRST = "0" * 64
NEVER = "An entry of a log is written once, by append(), and never changed or deleted."
Log = TypeVar("Log", bound="ChainedEntry")


class ChainedQuerySet(models.QuerySet[Log]):
    """Reads. What would change or delete rows is refused here as well as in the database."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(NEVER)

    def delete(self) -> NoReturn:
        raise TypeError(NEVER)

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(NEVER)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(NEVER)


class ChainedEntry(models.Model):
    """One entry. A log adds its own columns and lists them in `chained`, so that they are hashed too.

    A column added to `chained` later must be nullable: a None is left out of the hash, so old entries still hold.
    """

    chained: ClassVar[tuple[str, ...]] = ()

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(help_text="1, 2, 3 … within one school, without a gap.")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = ChainedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["seq"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["school", "seq"], name="%(class)s_has_no_twin")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(NEVER)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(NEVER)

    def hash_now(self) -> str:
        """SHA-256 of everything in the entry but its own hash, written one way only."""
        told = {
            "log": self._meta.label_lower,
            "school": self.school_id,
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": self.kind,
            "by": self.by_id,
            "facts": self.facts,
            "previous_hash": self.previous_hash,
        }
        for name in self.chained:
            value = getattr(self, self._meta.get_field(name).attname)  # type: ignore[union-attr]
            if value is not None:
                told[name] = value if isinstance(value, bool | int) else str(value)
        return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Anchor:
    """How a log ended at some moment: what a printed page or a message keeps of it."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first entry that is not as it was written, and what is wrong with it, as a sentence."""

    seq: int
    problem: str


def append(
    log: type[Log],
    *,
    school: School,
    kind: str,
    by: AbstractBaseUser | None,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> Log:
    """Write the next entry. Facts are strings, whole numbers, booleans, None, and lists and dicts of these.

    Entries of one school wait for each other from here to the end of the caller's transaction, so make this the last
    thing a transaction does; and where it writes to two logs, in the order of the logs' names.
    """
    _check_plain(facts or {})
    with transaction.atomic():
        end, _ = ChainEnd.objects.select_for_update().get_or_create(
            log=log._meta.label_lower, school_id=school.pk, defaults={"hash": BEFORE_THE_FIRST}
        )
        entry = log(
            school_id=school.pk,
            seq=end.seq + 1,
            at=timezone.now(),
            kind=kind,
            by_id=by.pk if by else None,
            facts=facts or {},
            previous_hash=end.hash,
            **columns,
        )
        entry.hash = entry.hash_now()
        models.Model.save(entry, force_insert=True)
        end.seq, end.hash = entry.seq, entry.hash
        end.save(update_fields=["seq", "hash"])
    return entry


def end_of(log: type[ChainedEntry], school: School) -> Anchor:
    """Its last entry, to be printed or mailed. An empty log ends with entry 0."""
    end = ChainEnd.objects.filter(log=log._meta.label_lower, school=school).first()
    return Anchor(end.seq, end.hash) if end else Anchor(0, BEFORE_THE_FIRST)


def verify(log: type[ChainedEntry], school: School, *, anchor: Anchor | None = None) -> Broken | None:
    """The first thing wrong with a school's log, or None. Reads every entry, a few at a time."""
    with transaction.atomic():
        # What is appended meanwhile lies past the end that is read first, and is not looked at.
        end = ChainEnd.objects.filter(log=log._meta.label_lower, school=school).first()
        last = Anchor(0, BEFORE_THE_FIRST)
        for entry in _entries(log, school):
            if end is not None and entry.seq > end.seq and last.seq == end.seq:
                break
            if broken := _compare(entry, last):
                return broken
            if anchor is not None and entry.seq == anchor.seq and entry.hash != anchor.hash:
                return Broken(entry.seq, f"Entry {entry.seq} is not the one that was printed or mailed.")
            last = Anchor(entry.seq, entry.hash)
    kept = max(end.seq if end else 0, anchor.seq if anchor else 0)
    if last.seq < kept:
        return Broken(last.seq + 1, f"Entry {last.seq + 1} is missing: the log once had {kept}.")
    if end is None and last.seq:
        return Broken(last.seq, "The record of where this log ends is missing.")
    if end is not None and end.hash != last.hash:
        return Broken(last.seq, f"Entry {last.seq} is not the one this log ended with.")
    return None


def _entries(log: type[ChainedEntry], school: School) -> Iterator[ChainedEntry]:
    return log._default_manager.filter(school=school).order_by("seq").iterator(chunk_size=2000)


def _compare(entry: ChainedEntry, last: Anchor) -> Broken | None:
    if entry.seq != last.seq + 1:
        return Broken(last.seq + 1, f"Entry {last.seq + 1} is missing.")
    if entry.hash != entry.hash_now():
        return Broken(entry.seq, f"Entry {entry.seq} was changed after it was written.")
    if entry.previous_hash != last.hash:
        return Broken(entry.seq, f"Entry {entry.seq} does not follow from the one before it.")
    return None


def _check_plain(facts: object) -> None:
    """A number with a fraction or a date would come back from one database written differently, and break the hash."""
    match facts:
        case dict():
            for name, value in facts.items():
                if not isinstance(name, str):
                    raise TypeError(f"The name of a fact is text, not {name!r}.")
                _check_plain(value)
        case list() | tuple():
            for value in facts:
                _check_plain(value)
        case str() if "\0" in facts:
            raise ValueError("A fact cannot hold a NUL: PostgreSQL keeps none.")
        case None | bool() | int() | str():
            return
        case _:
            raise TypeError(f"A fact is plain text, a whole number, yes or no, not {type(facts).__name__}.")


def logs() -> list[type[ChainedEntry]]:
    """Every log of the portal."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, ChainedEntry)]
