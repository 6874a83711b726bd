"""What may be seen in a message, and whom a school can turn to."""

from __future__ import annotations

from incidents.policy.bodies import BODIES, BOROUGHS, body_of
from incidents.policy.signals import CRIME_SIGNALS, GROUPS, LIBEL_SIGNALS, SIGNALS, signals_in


def test_every_signal_is_in_one_group_and_has_its_own_key():
    assert len({signal.key for signal in SIGNALS}) == len(SIGNALS)
    assert {signal.group for signal in SIGNALS} == set(GROUPS)
    assert sum(len(signals_in(group)) for group in GROUPS) == len(SIGNALS)
    assert not CRIME_SIGNALS & LIBEL_SIGNALS


def test_criticism_is_no_signal():
    said = " ".join(signal.text.lower() for signal in SIGNALS)

    for word in ("critic", "complain", "rude", "disrepute", "sarcas", "opinion", "mock"):
        assert word not in said


def test_a_body_is_found_with_its_contact_or_where_to_look_it_up():
    assert body_of("southwark").contact == "020 7525 1921, and 020 7525 5000 at other times"
    assert body_of("lambeth").contact == "Look it up on www.lambeth.gov.uk"
    assert len({body.key for body in BODIES}) == len(BODIES)
    assert "Southwark" in BOROUGHS


def test_a_number_says_when_somebody_last_checked_it():
    assert all(body.checked for body in BODIES if body.phone and body.key != "helpline")
