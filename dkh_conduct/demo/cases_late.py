"""Cases C015 to C019: letters on their way, nobody known yet, nothing decided yet, nothing heard yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dkh_conduct.demo.story import CaseStory, Story


def rhiannon_vance(story: Story) -> CaseStory:
    case = story.opens(
        "DKH-8N2F-7D",
        18,
        "9:20am",
        "tomas",
        summary="Emails about a governor",
        why="Fourteen emails in a week, some at night. It is the number and the tone, not that she disagrees with him.",
    )
    rhiannon = case.person(
        "Rhiannon Vance", 18, "9:28am", "tomas", title="Ms", address="8 Lantern Row\nLondon\nSE22 8QW"
    )
    case.person("Peter Okafor", 18, "9:29am", "tomas", role="affected", description="Governor")
    emails = case.alleges(
        rhiannon,
        "emails",
        18,
        "9:40am",
        "tomas",
        words="He has no idea what he is doing, he is a pompous little man",
        where="An email to 46 families",
        picture=0,
    )
    account = case.asks(rhiannon, 18, "2:10pm", "tomas", how="email")
    case.hears(
        account,
        12,
        "9:05am",
        "tomas",
        (
            "I wrote late at night because that is when I have time. Nobody answered the first three. I "
            "should not have copied other people in, I grant you that."
        ),
        how="email",
    )
    case.finds(
        emails, 5, "3:15pm", "tomas", "found", why="The words are in the email. She grants that the copies were wrong."
    )
    step = case.drafts(
        rhiannon,
        [emails],
        2,
        "11:00am",
        "tomas",
        account="you wrote when you had time, and the first three emails were not answered.",
    )
    case.takes(
        step,
        1,
        "2:20pm",
        why=(
            "It went to 46 families. The chair will answer her questions in one letter, so she is heard as "
            "well as told."
        ),
    )
    case.waits_for("Their side", 9)
    return case


def the_okonkwos(story: Story) -> CaseStory:
    """Two subjects, one letter each."""
    case = story.opens(
        "DKH-5B3X-4M",
        15,
        "8:30am",
        "tomas",
        summary="Messages to another family",
        why="They went on after being asked twice to stop.",
    )
    tunde = case.person(
        "Tunde Okonkwo", 15, "8:40am", "tomas", title="Mr", address="Flat 11\nBellringer Court\nLondon\nSE15 5ZX"
    )
    adaeze = case.person(
        "Adaeze Okonkwo", 15, "8:42am", "tomas", title="Mrs", address="Flat 11\nBellringer Court\nLondon\nSE15 5ZX"
    )
    case.person("Marta Kowalska", 15, "8:44am", "tomas", role="affected", description="Parent")
    his = case.alleges(
        tunde,
        "contacting",
        15,
        "9:00am",
        "tomas",
        words="You should be embarrassed by how he is raised",
        where="WhatsApp messages to one parent",
        picture=0,
    )
    hers = case.alleges(
        adaeze,
        "contacting",
        15,
        "9:05am",
        "tomas",
        description="Messages to four other families about one child.",
        where="WhatsApp messages to several parents",
    )
    asked_him = case.asks(tunde, 15, "3:20pm", "tomas")
    asked_her = case.asks(adaeze, 15, "3:30pm", "tomas")
    case.hears(
        asked_him,
        11,
        "4:00pm",
        "tomas",
        "Our boy came home with a torn coat. I wanted the other side to say sorry, once.",
    )
    case.hears(
        asked_her, 11, "4:20pm", "tomas", "I wrote to four friends, as anybody would. I see now how it looked to her."
    )
    case.finds(his, 6, "9:10am", "tomas", "found", why="He agrees with the words, and that he was asked to stop.")
    case.finds(hers, 6, "9:20am", "tomas", "found", why="She agrees that she wrote to four families.")
    to_him = case.drafts(
        tunde, [his], 4, "8:45am", "tomas", account="your son’s coat was torn and you wanted somebody to say sorry."
    )
    to_her = case.drafts(
        adaeze, [hers], 4, "9:00am", "tomas", account="you wrote to friends, and see now how it looked."
    )
    case.takes(to_him, 3, "9:05am", why="They went on after being asked to stop. We have looked into the coat as well.")
    case.takes(
        to_her,
        3,
        "9:15am",
        why="Less than his, but it reached four families. She is owed her own letter and her own reply.",
    )
    case.waits_for("Their side", 7)
    return case


def a_page_with_the_crest(story: Story) -> CaseStory:
    """Nobody knows yet who it is about."""
    case = story.opens(
        "DKH-9J8T-2R",
        9,
        "1:15pm",
        "tomas",
        summary="Page using the school’s crest",
        why="It passes for ours. We do not know whose it is, and do not guess.",
    )
    case.asks(
        None,
        9,
        "1:40pm",
        "tomas",
        source="Facebook, through its form for schools",
        topic="Who runs the page",
        how="email",
        due_in=7,
    )
    case.notes(9, "1:50pm", "tomas", "fact", "Reported the page for using the crest. Reference kept in the office.")
    case.waits_for("Decide what to look into", 1)
    return case


def voice_notes(story: Story) -> CaseStory:
    """Two subjects with long names: one allegation not found, one not decided."""
    case = story.opens(
        "DKH-6F4K-8B",
        6,
        "9:00am",
        "tomas",
        summary="Voice notes about two children",
        why="The children are named, and one of them heard it.",
    )
    seun = case.person(
        "Oluwaseun Adébáyò-Williamson", 6, "9:08am", "tomas", address="19 Tannery Close\nLondon\nSE22 8QZ"
    )
    maria = case.person(
        "María del Carmen Fernández de la Vega",
        6,
        "9:10am",
        "tomas",
        title="Mrs",
        address="Flat 5\n14 Lantern Row\nLondon\nSE22 8QW",
    )
    notes = case.alleges(
        seun, "voice", 6, "9:25am", "tomas", description="Two voice notes about a girl and her brother.", picture=0
    )
    other = case.alleges(maria, "voice", 6, "9:30am", "tomas", description="One voice note about a girl.", picture=0)
    account = case.asks(maria, 5, "3:40pm", "tomas")
    case.hears(
        account,
        3,
        "5:00pm",
        "tomas",
        "I said only that I was sorry for her. You can listen to it. I did not say her name.",
    )
    case.finds(other, 2, "10:10am", "tomas", "not_found", why="I have heard it. It is kind, and names nobody.")
    case.notes(
        2, "10:30am", "tomas", "observation", f"The other two notes still have to be heard: {notes.description.lower()}"
    )
    case.waits_for("Ask for his account", 0)
    return case


def gareth_lloyd_hughes(story: Story) -> CaseStory:
    """Found; his account was asked for, and nothing has come back yet."""
    case = story.opens(
        "DKH-2M7W-5C",
        4,
        "8:50am",
        "farah",
        summary="Swearing in a Year 3 group",
        why="Two parents asked him politely to take photos of children down. This is what he answered.",
    )
    gareth = case.person("Gareth Lloyd-Hughes", 4, "8:58am", "farah", title="Mr")
    swearing = case.alleges(
        gareth,
        "anger",
        4,
        "9:10am",
        "farah",
        words="Mind your own bloody business, both of you",
        where="Year 3 Larch WhatsApp group",
        posted=5,
    )
    case.finds(swearing, 3, "2:30pm", "farah", "found", why="Two people have sent us the same words.")
    case.asks(gareth, 3, "2:45pm", "farah", how="phone", due_in=2)
    case.notes(
        2, "9:00am", "farah", "fact", "Left a message on his phone. The number in our records may be an old one."
    )
    case.waits_for("His account", -1)
    return case
