"""Words that say too much are found in the school's own sentences, and only there."""

from __future__ import annotations

import pytest

from incidents.policy.wording import POLICY
from letters.checks.claims import over_claims
from letters.checks.reading import reading_age, syllables
from letters.checks.reporter import reporter_hints, reporter_named

WRONG = [
    ("This is defamation, and you could be prosecuted by the police.", "defamation_prosecuted"),
    ("Slander is a criminal matter.", "defamation_prosecuted"),
    ("Your message was illegal.", "law_broken"),
    ("What you wrote amounts to harassment.", "law_broken"),
    ("You have committed a crime.", "law_broken"),
    ("Your words were unlawful.", "law_broken"),
    ("We will sue if this goes on.", "legal_threat"),
    ("We will take legal action.", "legal_threat"),
    ("We will call the police.", "legal_threat"),
    ("You are banned under section 547 of the Education Act 1996.", "section_547"),
    ("I am using s.547 to keep you away.", "section_547"),
    ("Entering the site is an offence.", "trespass_crime"),
    ("You must leave the group.", "leave_group"),
    ("You are required to delete the message.", "leave_group"),
    ("Do not discuss the school in the group.", "gag"),
    ("You must not criticise our staff.", "gag"),
    ("Your complaints are vexatious.", "label"),
    ("You are an aggressive parent.", "label"),
    ("Your child could lose their place.", "child_pays"),
    ("This letter is without prejudice.", "without_prejudice"),
    ("I guarantee that nobody will know.", "promise"),
    ("This must stop!", "tone"),
    ("This is your FINAL WARNING today.", "tone"),
]
FAIR = [
    "We have not decided whether any law was broken, because that is not for a school to decide.",
    "If someone causes a nuisance there, that may be an offence under section 547 of the Education Act 1996.",
    "You are free to criticise the school and to complain about it.",
    "This letter is not about your child.",
    "It makes no difference to your child’s place, teaching or care.",
    "Think about taking the message down.",
    "You do not have to leave the group.",
    "A message in your name says: “You illegal CRIMINALS will be prosecuted! I guarantee it.”",
    f"Our policy says: “{POLICY.step('authorities').text}”.",
    "- Seek advice from our Trust's legal team regarding further action",
    "Call us on 020 7946 0123 in an emergency, and 999 if somebody is in danger.",
    "We do not tell the other person who you are, unless the law says we must.",
    "The NSPCC can help.",
]
HINTS = [
    "Another parent told us about it.",
    "This was reported by somebody in the class.",
    "A parent sent us the message.",
    "One family has complained about you.",
    "The screenshot shows what you wrote.",
    "Our witness saw it.",
]


@pytest.mark.parametrize(("sentence", "code"), WRONG)
def test_it_objects_to_the_sentence(sentence, code):
    found = list(over_claims(f"Before that. {sentence} After that."))

    assert code in [objection.code for objection in found]
    assert {objection.sentence for objection in found} == {sentence}


@pytest.mark.parametrize("sentence", FAIR)
def test_it_does_not_object_to_a_fair_sentence(sentence):
    assert [found.code for found in over_claims(f"{sentence}\n\nAfter that.")] == []


def test_a_quotation_over_a_list_is_left_out_as_a_whole():
    body = "Our policy says: “The school may:\n\n- Take legal action\n- Prosecute”.\n\nWe would ask first."

    assert list(over_claims(body)) == []


@pytest.mark.parametrize("sentence", HINTS)
def test_it_objects_to_what_may_show_who_told_the_school(sentence):
    (found,) = reporter_hints(f"Before that. {sentence}")

    assert found.sentence == sentence


@pytest.mark.parametrize(
    "sentence",
    ["It has been reported that you shouted.", "We have seen a message in your name.", "You can choose another adult."],
)
def test_it_does_not_object_to_how_facts_are_usually_told(sentence):
    assert list(reporter_hints(sentence)) == []


def test_a_reporters_name_is_found_but_not_one_the_addressee_shares():
    text = "Thank you, Ms Ashby. We know this from Priya. Helen was there."

    found = list(reporter_named(text, reporters=["Priya Ashby", "Zoë O’Neil"], addressee="Ms Helen Ashby"))

    assert [objection.sentence for objection in found] == ["We know this from Priya."]


def test_one_sentence_keeps_its_objection_and_a_changed_one_is_new():
    (first,) = over_claims("You must leave the group.")
    (again,) = over_claims("Else. You must leave the group.")
    (other,) = over_claims("You must leave the group today.")

    assert first.key == again.key
    assert first.key != other.key


@pytest.mark.parametrize(
    ("word", "count"),
    [("the", 1), ("made", 1), ("table", 2), ("school", 1), ("asked", 1), ("decided", 3), ("policy", 3), ("places", 2)],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_hard_words_in_long_sentences_need_an_older_reader():
    plain = "I want to hear your side. Tell me by phone or in a letter. You can bring a friend. We can help you. " * 2
    hard = (
        "Notwithstanding the aforementioned considerations, the governing body’s determination regarding the "
        "implementation of additional restrictions necessitates comprehensive consultation with representatives. " * 2
    )

    assert reading_age(plain) < 8
    assert reading_age(hard) > 20
    assert reading_age("Too short.") is None
