"""Case C014: Daniel Marsh. Everything is there for a warning letter, which is drafted and waits for its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dkh_conduct.demo.story import CaseStory, Story


def daniel_marsh(story: Story) -> CaseStory:
    """The warning letter is drafted, and waits for its reason."""
    case = story.opens(
        "DKH-3H6V-9C",
        21,
        "9:05am",
        "ruth",
        summary="Messages about a member of staff",
        why="The words are about one person, who read them. What he says about records is criticism, and stays out.",
        kind="both",
    )
    daniel = case.person(
        "Daniel Marsh", 21, "9:12am", "ruth", title="Mr", address="Flat 3\n18 Grove Vale\nLondon\nSE22 8EQ"
    )
    bello = case.person("Ngozi Bello", 21, "9:14am", "ruth", role="affected", description="School office")
    raman = case.person("Priya Raman", 21, "9:15am", "ruth", role="witness", description="Parent, in the group")
    case.person("T. M.", 21, "9:16am", "ruth", role="child", description="Year 4 Willow. Not part of any allegation")
    liar = case.alleges(
        daniel,
        "abusive",
        21,
        "9:30am",
        "ruth",
        words="And don’t bother asking in the office, she just lies to your face",
        picture=0,
        posted=22,
    )
    records = case.alleges(
        daniel,
        "disrepute",
        21,
        "9:34am",
        "ruth",
        words="They lose the kids’ records every year. Ask anyone",
        picture=0,
        posted=22,
    )
    ngozi = case.asks(bello, 20, "9:00am", "ruth", topic="What she read, and how she is", how="person")
    pe = case.asks(
        None, 20, "9:05am", "ruth", source="Tomas Lindqvist", topic="Whether anybody rang him back", how="person"
    )
    case.asks(raman, 8, "11:20am", "ruth", topic="What else was said in the group", how="email")
    case.hears(
        ngozi,
        19,
        "8:50am",
        "ruth",
        "A friend showed me. I have worked here for eleven years. I would like it to stop.",
        how="person",
    )
    case.finds(
        records,
        19,
        "3:00pm",
        "tomas",
        "not_found",
        why="Criticism of the school. It is answered under the complaints procedure.",
    )
    case.takes_in(
        "DKH-9B4J-7M",
        16,
        "8:44am",
        "ruth",
        why="Conduct, not criticism: the words are about the same person, and now public.",
    )
    public = case.alleges(
        daniel,
        "abusive",
        16,
        "9:00am",
        "ruth",
        words="The woman in the office is a liar and she should be ashamed",
        where="Public Facebook group",
        picture=1,
    )
    case.alleges(
        daniel,
        "threat",
        16,
        "9:04am",
        "ruth",
        words="I know where to find her if she wants to say it again to me",
        where="Public Facebook group",
        picture=1,
    )
    account = case.asks(daniel, 15, "3:30pm", "ruth", how="letter", due_in=7)
    case.hears(
        pe,
        14,
        "10:00am",
        "tomas",
        "He rang twice about the reading record. I rang back on the third day.",
        how="person",
    )
    case.hears(
        account,
        10,
        "10:05am",
        "tomas",
        (
            "My son’s reading record was lost twice and nobody rang. I was angry. The words were unkind, and "
            "I took the post down the next day. I meant that I would go to the desk and ask her. I would like"
            " to talk to somebody."
        ),
    )
    case.notes(
        10,
        "10:40am",
        "tomas",
        "observation",
        "Phone call, 25 minutes. Calm, and sorry for the words. He agreed my notes by email.",
    )
    case.finds(
        liar, 3, "4:20pm", "ruth", "found", why="The words are about one person, and he agrees that he wrote them."
    )
    case.finds(public, 3, "4:24pm", "ruth", "found", why="He agrees that he wrote it. It was public for a day.")
    case.drafts(
        daniel,
        [liar, public],
        1,
        "8:51am",
        "ruth",
        impact="The member of staff found this distressing.",
        account=(
            "your son’s reading record was lost twice and nobody rang, and you took the post down the next "
            "day. I accept both, and I am sorry that nobody rang you."
        ),
        asks=(
            "Do not post abusive or personal comments about members of our school community.",
            "If the messages are still in the group, think about taking them down.",
            "Bring any worry about school to Tomas Lindqvist, deputy head, on 020 7946 0126. "
            "He will call you back within one school day.",
        ),
    )
    case.notes(
        1, "9:10am", "ruth", "fact", "Offered Ms Bello a talk with her union representative. She has taken it up."
    )
    case.task(6, "9:20am", "ruth", "Report the photograph to the community page", owner="tomas", due=-5, done=5)
    case.task(2, "9:10am", "ruth", "Check in with Ms Bello", owner="tomas", due=1)
    case.task(2, "9:12am", "ruth", "Ask the witness again by phone", owner="ruth", due=-1)
    case.waits_for("Ask a witness again", -1)
    return case
