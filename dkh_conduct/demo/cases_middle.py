"""Cases C010 to C013: a step that is open, one taken twice, a letter that could not be made, one step not open yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dkh_conduct.demo.story import CaseStory, Story


def thanh_nguyen(story: Story) -> CaseStory:
    """Everything a warning letter needs is there; nobody has drafted one."""
    case = story.opens(
        "DKH-2V7H-5G",
        33,
        "9:15am",
        "ruth",
        summary="Comments about a family",
        why="Ringing round about somebody’s children is what this clause is for.",
    )
    thanh = case.person("Thanh Nguyễn", 33, "9:25am", "ruth", address="Flat 2\n60 Bellringer Court\nLondon\nSE15 5ZX")
    case.person("Ola Danso", 33, "9:27am", "ruth", role="witness", description="Parent, was rung up")
    calls = case.alleges(
        thanh,
        "contacting",
        33,
        "9:40am",
        "ruth",
        description="Telephone calls to at least three families about two children of another family.",
        where="by telephone",
    )
    wrote = case.alleges(
        thanh, "respect", 33, "9:45am", "ruth", words="They should go back to wherever they learned that"
    )
    witness = case.asks(None, 32, "10:00am", "ruth", source="Two parents who were rung up", topic="What was said")
    account = case.asks(thanh, 32, "10:10am", "ruth", how="letter", due_in=7)
    case.hears(
        witness, 29, "3:40pm", "farah", "He was worried about a bite mark. He named the child. He did not shout."
    )
    case.hears(
        account,
        20,
        "11:30am",
        "ruth",
        (
            "My daughter was bitten twice and I was told that it was being dealt with. I wanted to know if "
            "others were bitten too. The sentence in the group was wrong, and I took it back the same "
            "evening. I have an interpreter’s help for this answer."
        ),
        how="letter",
    )
    case.finds(
        calls,
        6,
        "2:40pm",
        "ruth",
        "found",
        why="He agrees that he rang. The worry was real, and the way was the wrong one.",
    )
    case.finds(
        wrote,
        6,
        "2:50pm",
        "ruth",
        "found",
        why="He agrees that he wrote it, and says that he took it back. Three families had read it.",
    )
    case.notes(
        6, "3:10pm", "ruth", "fact", "He was not told what we had done about the biting. Farah has rung him since."
    )
    case.waits_for("Decide on a step", 4)
    return case


def luz_ortega(story: Story) -> CaseStory:
    case = story.opens(
        "DKH-5K2R-8J",
        30,
        "8:55am",
        "ruth",
        summary="Comments in a Year 6 group",
        why="Personal words about a teacher, in a group that children read.",
    )
    luz = case.person("Luz Ortega", 30, "9:02am", "ruth", title="Ms", address="15 Tannery Close\nLondon\nSE22 8QZ")
    case.person("Hannah Price", 30, "9:03am", "ruth", role="affected", description="Year 6 teacher")
    case.person("Obi Eze", 30, "9:04am", "ruth", role="witness", description="Parent, in the group")
    nasty = case.alleges(
        luz, "abusive", 30, "9:15am", "ruth", words="She is a nasty piece of work and the kids can see it", picture=0
    )
    stupid = case.alleges(
        luz, "respect", 30, "9:18am", "ruth", words="If you believe that you are as stupid as she is", picture=0
    )
    account = case.asks(luz, 30, "3:30pm", "ruth")
    case.hears(
        account,
        27,
        "4:20pm",
        "ruth",
        (
            "Es verdad que lo escribí. Mi hijo lloró por lo de las habitaciones. The word about Obi I take "
            "back, and I have told him so."
        ),
    )
    case.finds(
        nasty, 25, "9:30am", "ruth", "found", why="She agrees that she wrote it. Children in the class have quoted it."
    )
    case.finds(
        stupid,
        25,
        "9:35am",
        "ruth",
        "not_found",
        why="Two adults have settled it between them. It needs nothing from us.",
    )
    step = case.drafts(
        luz,
        [nasty],
        24,
        "8:50am",
        "ruth",
        impact="Ms Price heard these words from children in her class.",
        account="your son was upset about the rooms, and you have taken one of the messages back.",
    )
    case.takes(
        step, 23, "9:20am", why="The teacher heard it from children. Luz was open with us, so a letter and no meeting."
    )
    case.takes_in(
        "DKH-7W2P-6H", 8, "8:45am", "ruth", why="The same group and the same teacher, two weeks after our letter."
    )
    fixed = case.alleges(
        luz,
        "platform",
        8,
        "9:00am",
        "ruth",
        words="It was fixed. Ask her how she chose, she will not tell you",
        posted=9,
    )
    again = case.asks(luz, 8, "3:25pm", "ruth", topic="The messages about the residential")
    case.hears(again, 4, "4:00pm", "ruth", "I asked a question. If nobody answers it in school I ask it there.")
    case.finds(
        fixed,
        2,
        "2:05pm",
        "ruth",
        "found",
        why="Asking how rooms were chosen is fair. A group of 50 is not the place to ask it.",
    )
    letter = case.drafts(
        luz, [fixed], 2, "2:30pm", "ruth", account="you had asked a question and nobody had answered it in school."
    )
    case.takes(
        letter,
        1,
        "3:05pm",
        why="It is a lesser thing than before. I have answered her question in the letter’s first week, by phone.",
    )
    case.waits_for("Letter to post", 3)
    return case


def sinead_ni_bhriain(story: Story) -> CaseStory:
    """The worker gave up on its letter; somebody has to try again."""
    case = story.opens(
        "DKH-4G9N-6W",
        27,
        "10:05am",
        "marian",
        summary="Claim about a member of staff that may be libellous",
        why="It names him and says that he takes money. Either it is true, or it must not stand there.",
    )
    sinead = case.person(
        "Sinéad Ní Bhriain", 27, "10:12am", "marian", title="Ms", address="3 Lantern Row\nLondon\nSE22 8QW"
    )
    case.person("Graham Oyelaran", 27, "10:14am", "marian", role="affected", description="Site manager")
    claim = case.alleges(
        sinead,
        "defamatory",
        27,
        "10:30am",
        "marian",
        words="The site manager helps himself to the school fund. Everybody knows it",
        where="A personal Facebook page",
    )
    audit = case.asks(
        None,
        26,
        "9:00am",
        "marian",
        source="The Trust’s finance officer",
        topic="The school fund",
        how="email",
        due_in=8,
    )
    account = case.asks(sinead, 26, "9:20am", "marian", how="letter", due_in=7)
    case.hears(
        audit,
        19,
        "11:00am",
        "marian",
        "The fund was audited in July. Nothing is missing, and he has no access to it.",
        how="email",
    )
    case.hears(
        account,
        15,
        "2:00pm",
        "marian",
        "I was told it by somebody whom I trust. I took it down when you wrote.",
        how="letter",
    )
    case.finds(
        claim, 6, "10:00am", "marian", "found", why="It is not so, it names him, and it was public for nine days."
    )
    case.notes(
        6, "10:20am", "marian", "fact", "The Trust’s legal team was asked for advice by phone. They will write to us."
    )
    step = case.drafts(
        sinead,
        [claim],
        2,
        "3:00pm",
        "marian",
        account="you were told it by somebody you trust, and took it down when we wrote.",
    )
    case.takes(
        step,
        1,
        "4:05pm",
        why="It has come down, and she was told it by others. The letter puts right what was said about him.",
    )
    case.waits_for("Advice from the Trust", 6)
    return case


def bartholomew_fotheringay_cholmondeley(story: Story) -> CaseStory:
    """Found, and others were heard; he himself has not been asked."""
    case = story.opens(
        "DKH-7C6D-3P",
        24,
        "9:10am",
        "ruth",
        summary="Class group used for a complaint",
        why="The complaint goes to the complaints procedure, and is being answered. This is only about the group.",
        kind="both",
    )
    bart = case.person(
        "Bartholomew Fotheringay-Cholmondeley",
        24,
        "9:18am",
        "ruth",
        title="Mr",
        address="The Old Bakehouse\n2 Lantern Row\nLondon\nSE22 8QW",
    )
    group = case.alleges(
        bart,
        "platform",
        24,
        "9:30am",
        "ruth",
        description="Twelve messages in one morning about the homework policy.",
    )
    rep = case.asks(None, 23, "10:00am", "ruth", source="The class representative", topic="What the group is for")
    case.hears(rep, 21, "3:45pm", "ruth", "It is for lifts and lost jumpers. Four people left that morning.")
    case.finds(
        group, 10, "2:00pm", "ruth", "found", why="The messages are there to count. The complaint itself is a fair one."
    )
    case.notes(
        9, "4:30pm", "ruth", "fact", "His complaint about homework was answered in writing. He thanked us for it."
    )
    case.waits_for("Ask for his account", 0)
    return case
