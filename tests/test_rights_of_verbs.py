"""Every verb asks for its rights itself, before anything else, whatever the page before it asked."""

from __future__ import annotations

from inspect import Parameter, signature
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from incidents.casework import authorities, bans, legal, letter_again, meetings, step_draft, step_taking, warning
from incidents.triage import messages, outcome, safeguarding, undoing
from letters import approval, drafting, holding, posting, reissuing
from letters.printing import print_letters

TAKES, DRAFTS, APPROVES = "take_step", "draft_letter", "approve_letter"
DRAFTING = (
    *(authorities.save_authorities, authorities.write_authorities_letter),
    *(bans.save_ban, bans.write_ban_letter, bans.begin_ban_part),
    *(meetings.draft_meeting, meetings.begin_meeting_part),
    *(step_draft.save_draft, step_draft.discard_step, step_taking.propose_step, warning.draft_warning),
)
TRIAGE = (
    *(outcome.assign_concern, outcome.open_case, outcome.add_to_case, outcome.hand_to_complaints),
    *(outcome.pass_to_school, outcome.mark_duplicate, outcome.close_concern, undoing.undo_outcome),
    messages.ask_reporter,
)
CASES = [
    *((verb, right) for verb in DRAFTING for right in (TAKES, DRAFTS)),
    *(
        (verb, right)
        for verb in (step_taking.take_step, letter_again.issue_letter_again)
        for right in (TAKES, APPROVES)
    ),
    (step_taking.rescind_step, TAKES),
    (step_taking.decide_proposal, "approve_step"),
    *((legal.ask_for_advice, right) for right in (TAKES, "view_privileged")),
    *((verb, "triage_concern") for verb in TRIAGE),
    *(
        (verb, "pause_concern")
        for verb in (safeguarding.pause_for_safeguarding, safeguarding.resume_after_safeguarding)
    ),
    *((verb, APPROVES) for verb in (approval.approve_letter, holding.let_go, reissuing.reissue_letter)),
    (drafting.draft_letter, DRAFTS),
    *((verb, "print_letter") for verb in (print_letters, posting.mark_posted, posting.undo_posting)),
]


@pytest.mark.parametrize(("verb", "right"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_without_one_of_its_rights_a_verb_does_nothing(head, office, verb, right):
    by = office if right == "print_letter" else head
    given = {name: Mock(school_id=by.school_id, pk=by.school_id) for name, each in required(verb).items()}
    Permission.objects.get(codename=right).group_set.clear()

    # A concern that is not there is refused too, in other words.
    with pytest.raises(PermissionDenied, match="Only senior leaders" if "concern" in right else None):
        verb(**{**given, "by": by})


def required(verb):
    return {
        name: each
        for name, each in signature(verb).parameters.items()
        if each.default is Parameter.empty and each.kind is not Parameter.VAR_KEYWORD
    }
