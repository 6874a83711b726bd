"""The concerns a case grew from and their evidence, numbered as every page of the case numbers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from incidents.models import Concern, Evidence, Person

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from incidents.models import Case

UNNAMED = "Name not given"
NOT_SHOWN = "A reporter"


@dataclass(frozen=True)
class CaseEvidence:
    number: int
    file: Evidence


@dataclass
class CaseConcern:
    concern: Concern
    reporter: str
    evidence: list[CaseEvidence] = field(default_factory=list)

    @property
    def initials(self) -> str:
        return Person(full_name=self.reporter).initials if self.reporter not in {UNNAMED, NOT_SHOWN} else "?"


def concerns_of(case: Case, *, user: User) -> list[CaseConcern]:
    """In the order they were received, in one query: a row for each file, and one for a concern without files.

    The Trust's legal team is shown a case and its evidence, never who reported it, nor what they called a file.
    """
    reads_concerns = user.has_perm("incidents.view_concern")
    seen = Concern.objects.visible_to(user) if reads_concerns else Concern.objects.exclude(conflicts__user=user)
    rows = (
        seen.filter(case=case)
        .order_by("received_at", "pk", "evidence__position", "evidence__received_at", "evidence__pk")
        .values_list(
            "reference",
            "received_at",
            "reporter__name",
            "evidence__pk",
            "evidence__name",
            "evidence__caption",
            "evidence__thumbnail",
        )
    )
    found: dict[str, CaseConcern] = {}
    number = 0
    for reference, received_at, reporter, pk, name, caption, thumbnail in rows:
        concern = found.setdefault(
            reference,
            CaseConcern(
                Concern(reference=reference, received_at=received_at),
                (reporter or UNNAMED) if reads_concerns else NOT_SHOWN,
            ),
        )
        if pk is not None:
            number += 1
            named = {"name": name, "caption": caption} if reads_concerns else {"name": f"Evidence {number}"}
            file = Evidence(pk=UUID(str(pk)), thumbnail=thumbnail, **named)
            concern.evidence.append(CaseEvidence(number, file))
    return list(found.values())
