"""The warning letter as a step: drafted from what was found in the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dkh_conduct.school.models import today
from incidents.casework.case_facts import facts_of
from incidents.casework.case_lock import Refused, lock_case
from incidents.casework.reply_days import reply_days
from incidents.casework.step_draft import begin_step, check_findings, may, record_step
from incidents.casework.step_letter import give_letter
from incidents.casework.warning_words import warning_facts
from incidents.models import Event
from incidents.policy.stages import stage_of
from letters.kinds import compose
from letters.studio import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dkh_conduct.accounts.models import User
    from incidents.models import Allegation, Case, Person, Step

KIND = "warning"


@transaction.atomic
def draft_warning(
    *,
    case: Case,
    by: User,
    subject: Person,
    allegations: Sequence[Allegation],
    asks: Sequence[str],
    reply_by: date,
    impact: str = "",
    account: str = "",
) -> Step:
    """Begin the step: a draft of the letter to `subject`, composed from what was found about them."""
    may(by, "incidents.take_step", "letters.draft_letter")
    case = lock_case(case, by=by)
    chosen = list(case.allegations.filter(pk__in=[allegation.pk for allegation in allegations]))
    step = begin_step(case=case, by=by, subject=subject, stage=stage_of(KIND, ""), allegations=chosen)
    check_findings(chosen, subject)
    if not asks:
        raise Refused("Say what you ask them to do, one request on each line.")
    reply_days(case.school, posted_on=today()).check(reply_by)
    heard = facts_of(case, decider=by, subject=subject).account
    composed = compose(
        KIND,
        warning_facts(
            school=case.school,
            allegations=chosen,
            asks=asks,
            reply_by=reply_by,
            written_on=today(),
            signatory=by,
            account_received_on=heard.received_on if heard else None,
            account=account,
            impact=impact,
        ),
        source=source_of(case.school, KIND),
    )
    give_letter(step, by=by, signatory=by, composed=composed, reply_by=reply_by)
    record_step(Event.Kind.STEP_DRAFTED, step=step, by=by)
    return step
