"""Finds the same file, a picture that looks the same, or the same message, in what came with other concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case as Which
from django.db.models import Exists, F, Q, When

from incidents.models import ChatLine, Concern, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from dkh_conduct.accounts.models import User
    from incidents.models.evidence import EvidenceQuerySet

# Of 256 bits. One screenshot saved again as a poor JPEG or at less than half its size differs in up to 23; two
# screenshots of different chats in the same app in 61 and more. (Measured with the demo school's pictures.)
MOST_BITS = 36
MOST_COMPARED = 5_000
MOST_LINES = 300


@dataclass(frozen=True)
class Match:
    """Another concern, and how what came with it is the same: `the same file`, and so on."""

    concern: Concern
    how: str
    evidence: Evidence

    def get_absolute_url(self) -> str:
        return self.evidence.get_absolute_url()


SAME, ALIKE, SAID = "the same file", "a picture that looks the same", "the same message"


def matches_of(evidence: Iterable[Evidence], *, user: User) -> list[Match]:
    """One for each other concern that somebody may read, the surest first. One query where nothing matches."""
    mine = [each for each in evidence if not each.problem]
    if not mine:
        return []
    own = {each.concern_id for each in mine}
    others = (
        Evidence.objects.good()
        .visible_to(user)
        .filter(concern__isnull=False)
        .exclude(concern__in=[pk for pk in own if pk])
        .select_related("concern")
    )
    same, alike = _pictures(others, mine)
    found: dict[int, Match] = {}
    _add(found, same, SAME)
    _add(found, alike, ALIKE)
    _add(found, _said(others, mine), SAID)
    return list(found.values())


def _pictures(others: EvidenceQuerySet, mine: list[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The same files, and pictures that look the same."""
    hashes = {each.sha256 for each in mine}
    looks = [bits for each in mine if each.look and (bits := int(each.look, 16))]
    wanted = Q(sha256__in=hashes) | (~Q(look="") if looks else Q(pk=None))
    columns = ("pk", "sha256", "look", "concern", "concern__reference")
    seen = others.filter(wanted).order_by("-received_at").values_list(*columns)[:MOST_COMPARED]
    same = [_told(*row) for row in seen if row[1] in hashes]
    alike = [_told(*row) for row in seen if row[1] not in hashes and row[2] and _is_near(int(row[2], 16), looks)]
    return same, alike


def _told(pk: UUID, sha256: str, look: str, concern: int, reference: str) -> Evidence:
    """As much of it as a match names."""
    return Evidence(pk=pk, sha256=sha256, look=look, concern=Concern(pk=concern, reference=reference))


def _add(found: dict[int, Match], evidence: Iterable[Evidence], how: str) -> None:
    for each in evidence:
        if each.concern is not None and each.concern.pk not in found:
            found[each.concern.pk] = Match(each.concern, how, each)


def _is_near(bits: int, looks: list[int]) -> bool:
    """A page of one colour has no look that could be compared."""
    return bits > 0 and any((bits ^ look).bit_count() <= MOST_BITS for look in looks)


def _said(others: EvidenceQuerySet, mine: list[Evidence]) -> Iterable[Evidence]:
    chats = [each.pk for each in mine if each.kind == "chat"]
    if not chats:
        return []
    lines = ChatLine.objects.filter(evidence__in=chats).exclude(fingerprint=None)
    wanted = lines.filter(Q(is_marked=True) | ~Exists(lines.marked()))
    # The first of those that somebody marked; where nobody marked any, the last of all.
    wanted = wanted.order_by(Which(When(is_marked=True, then=F("number")), default=-F("number")))
    prints = wanted.values("fingerprint")[:MOST_LINES]
    again = ChatLine.objects.filter(fingerprint__in=prints).exclude(evidence__in=chats).values("evidence")
    return others.filter(pk__in=again)
