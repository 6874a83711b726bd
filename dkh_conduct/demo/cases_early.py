"""Cases C006 to C009: one that is closed, and three in which a first letter has long been posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dkh_conduct.demo.story import CaseStory, Story


def delroy_campbell_price(story: Story) -> CaseStory:
    case = story.opens(
        "DKH-8D4J-2K",
        49,
        "8:50am",
        "tomas",
        summary="Swearing in a Year 5 group",
        why="Two people read the same words. It is about how he spoke, not about what he thinks of the football rota.",
    )
    delroy = case.person(
        "Delroy Campbell-Price", 49, "8:58am", "tomas", title="Mr", address="7 Tannery Close\nLondon\nSE22 8QZ"
    )
    swearing = case.alleges(
        delroy,
        "anger",
        49,
        "9:10am",
        "tomas",
        description="Two messages that swear at another parent and at the lunchtime staff.",
    )
    account = case.asks(delroy, 49, "3:40pm", "tomas")
    case.hears(
        account,
        47,
        "3:35pm",
        "tomas",
        "I did swear. I had driven forty minutes for a match that was off, and nobody had said. I have said sorry to "
        "Jonah, and I will say sorry to the staff.",
    )
    case.finds(
        swearing,
        46,
        "4:15pm",
        "tomas",
        "found",
        why="He agrees that he wrote both messages. He has apologised already, and that counts for him.",
    )
    step = case.drafts(
        delroy,
        [swearing],
        45,
        "8:40am",
        "tomas",
        account="you had driven a long way for a match that was off, and you have said sorry since.",
    )
    case.takes(
        step,
        45,
        "9:05am",
        why="Both messages were read by many families. He is sorry for them, and a letter that says where we stand is "
        "enough. I weighed no letter at all, and thought that it would leave the staff alone with it.",
    )
    case.notes(40, "3:20pm", "tomas", "fact", "He wrote a card to the lunchtime team. They have put it up.")
    return case


def kwame_abdullahi_fitzgerald(story: Story) -> CaseStory:
    case = story.opens(
        "DKH-9P3C-7V",
        44,
        "9:02am",
        "marian",
        summary="Comments about the lunchtime staff",
        why="The words are about people, not about the lunches.",
    )
    kwame = case.person(
        "Kwame Abdullahi-Fitzgerald",
        44,
        "9:10am",
        "marian",
        title="Mr",
        address="Flat 9\nBellringer Court\nLondon\nSE15 5ZX",
    )
    case.person("Beverley Shaw", 44, "9:12am", "marian", role="affected", description="Lunchtime supervisor")
    first = case.alleges(
        kwame,
        "abusive",
        44,
        "9:20am",
        "marian",
        words="Too thick to get a real job, the lot of them",
        where="Year 5 Rowan WhatsApp group",
    )
    account = case.asks(kwame, 44, "4:00pm", "marian", how="letter")
    case.hears(
        account,
        41,
        "10:15am",
        "marian",
        (
            "It was meant as a joke between two of us, and I sent it to the whole group by mistake. I did not"
            " know that any of them were parents in the class. I would not have said it to their faces."
        ),
        how="person",
    )
    case.finds(first, 40, "2:30pm", "marian", "found", why="He agrees that he wrote it. Two members of staff read it.")
    step = case.drafts(
        kwame,
        [first],
        39,
        "8:45am",
        "marian",
        impact="Two of the people it was about are parents in the same class, and they read it there.",
        account="you meant it as a joke for one person and sent it to everybody by mistake.",
    )
    case.takes(step, 39, "9:30am", why="The staff were hurt by it, and it was read by 28 families. He regrets it.")
    again = case.alleges(
        kwame,
        "respect",
        5,
        "11:40am",
        "marian",
        words="Here come the dinner police, say nothing everyone",
        where="Year 5 Rowan WhatsApp group",
        posted=6,
    )
    second = case.asks(kwame, 5, "11:55am", "marian", how="email", topic="The message of last week")
    case.hears(
        second, 3, "1:05pm", "marian", "I thought that was harmless. I will leave the group if it helps.", how="email"
    )
    case.finds(again, 2, "9:15am", "marian", "found", why="After the first letter he knew how such words are read.")
    letter = case.drafts(kwame, [again], 2, "9:40am", "marian", account="you thought that it was harmless.")
    case.takes(
        letter, 1, "11:10am", why="It is the second time, and milder than the first. A meeting would be too much."
    )
    case.waits_for("Letter to post", 2)
    return case


def jo_pemberton(story: Story) -> CaseStory:
    case = story.opens(
        "DKH-3W8M-4T",
        40,
        "8:20am",
        "marian",
        summary="Threat to a named member of staff",
        why="A member of staff could feel unsafe on the way to his car. Nobody need agree with the school to see that.",
    )
    case.steps_aside(40, "8:45am", "tomas", "The messages are about me.")
    jo = case.person("Jo Pemberton", 40, "8:50am", "marian", address="22 Foxglove Walk\nLondon\nSE22 8QX")
    case.person("Sunita Rao", 40, "8:55am", "marian", role="witness", description="Parent, in the group")
    threat = case.alleges(
        jo,
        "threat",
        40,
        "9:05am",
        "marian",
        words="I know what car he drives. He wants to watch himself",
        where="A private WhatsApp group of six parents",
        picture=0,
    )
    case.cannot_wait(
        40,
        "9:30am",
        "marian",
        (
            "He walks to that car every day. A letter that asks for the messages to stop should not wait a "
            "week for replies."
        ),
    )
    witness = case.asks(None, 40, "10:00am", "marian", source="Another parent in the group", topic="What was deleted")
    account = case.asks(jo, 40, "10:10am", "marian", how="phone")
    case.hears(
        witness,
        39,
        "8:40am",
        "marian",
        "There was one more message, it was deleted within minutes. It said “I mean it”.",
    )
    case.finds(
        threat, 38, "3:00pm", "marian", "found", why="Two people have the same words, and one of them was frightened."
    )
    step = case.drafts(
        jo,
        [threat],
        38,
        "3:30pm",
        "marian",
        impact="The member of staff it is about has been worried about coming to work.",
    )
    case.takes(
        step,
        37,
        "9:10am",
        why=(
            "It has to stop now, and it is not the end of the matter: the account was asked for, and can "
            "still change this."
        ),
    )
    case.hears(
        account,
        33,
        "4:10pm",
        "farah",
        (
            "I was angry about the gate and I was showing off. I would never hurt anyone. I am ashamed that "
            "people were scared."
        ),
    )
    case.notes(
        33,
        "4:40pm",
        "farah",
        "observation",
        "Jo cried on the phone, and asked whether the messages would be shown to the children.",
    )
    later = case.alleges(
        jo,
        "abusive",
        8,
        "10:20am",
        "marian",
        words="Still driving that stupid car I see",
        where="A private WhatsApp group of six parents",
        posted=10,
    )
    case.finds(
        later,
        4,
        "2:00pm",
        "marian",
        "found",
        why="It is about the same person, and it is meant to be understood by him.",
    )
    letter = case.drafts(
        jo, [later], 3, "9:00am", "marian", account="you said in the autumn that you would not write like this."
    )
    case.takes(
        letter,
        2,
        "10:30am",
        why="Less than the first time, but he read it. He has asked for nothing but that it stops.",
    )
    case.waits_for("Their side", 7)
    return case


def helen_ashby(story: Story) -> CaseStory:
    case = story.opens(
        "DKH-6T5B-9N",
        36,
        "8:35am",
        "ruth",
        summary="Swearing in the playground, and messages before it",
        why="Being cross with us is fine. Saying that a teacher has it coming is not.",
        kind="both",
    )
    helen = case.person(
        "Helen Ashby", 36, "8:44am", "ruth", title="Ms", address="41 Foxglove Walk\nEast Dulwich\nLondon\nSE22 8QX"
    )
    owen = case.person("Owen Tudor-Reid", 36, "8:46am", "ruth", role="affected", description="Class teacher")
    case.person("R. A.", 36, "8:47am", "ruth", role="child", description="Year 2 Elm. Not part of any allegation")
    first = case.alleges(
        helen,
        "anger",
        36,
        "9:00am",
        "ruth",
        words="I will be in that playground tomorrow and he will bloody well listen",
        picture=0,
    )
    teacher = case.asks(owen, 36, "9:30am", "ruth", topic="The reading group", how="person")
    account = case.asks(helen, 36, "12:20pm", "ruth", how="phone")
    case.hears(
        teacher, 35, "3:50pm", "ruth", "She asked for a call three times. I did not ring. I should have.", how="person"
    )
    case.hears(
        account,
        33,
        "9:20am",
        "ruth",
        (
            "I had asked three times for a call about the reading group and nobody rang. I lost my temper. I "
            "did not mean to frighten anyone."
        ),
    )
    case.finds(
        first,
        32,
        "2:15pm",
        "ruth",
        "found",
        why="She agrees with the words and the day. We had not rung her, and I weighed that.",
    )
    step = case.drafts(
        helen,
        [first],
        31,
        "8:30am",
        "ruth",
        account="you had asked three times for a call and nobody rang. I am sorry about that.",
    )
    case.takes(
        step, 31, "9:00am", why="The teacher was afraid of the playground for a week. We have put the call right first."
    )
    case.takes_in(
        "DKH-4T9G-3K", 11, "8:40am", "ruth", why="The same teacher, and the same playground, five weeks later."
    )
    second = case.alleges(
        helen,
        "anger",
        11,
        "9:05am",
        "ruth",
        description="Swearing at a teacher in the playground, with children waiting.",
        where="The playground",
        posted=12,
    )
    threat = case.alleges(
        helen, "threat", 11, "9:10am", "ruth", words="I will do it again", where="Year 2 Elm WhatsApp group", posted=12
    )
    again = case.asks(helen, 11, "12:05pm", "ruth", how="letter", topic="What happened by the climbing frame")
    case.hears(
        again,
        6,
        "10:00am",
        "ruth",
        "I did shout. It was a minute at most. The message was about ringing the office again, not about him.",
        how="letter",
    )
    case.finds(second, 3, "3:30pm", "ruth", "found", why="She agrees that she swore. Three people heard it.")
    letter = case.drafts(
        helen,
        [second],
        3,
        "4:00pm",
        "ruth",
        account="you shouted for a minute, and the message was about ringing the office.",
    )
    case.takes(
        letter,
        0,
        "7:32am",
        why=(
            "It is the second time in a term. She has our promise of a call on the day, and the teacher needs"
            " this to stop."
        ),
    )
    case.notes(
        1,
        "5:05pm",
        "ruth",
        "opinion",
        f"I do not read “{threat.words}” as a threat to anyone. I would like to hear her on it first.",
    )
    case.waits_for("Decide the allegations", 1)
    return case
