"""Concerns that were read: those that opened a case, those added to one, and those with nothing further."""

from __future__ import annotations

from dkh_conduct.demo.told import GOVERNOR, OTHER, STAFF, Picture, Told, Who

OPENED = (
    Told(
        "DKH-8D4J-2K",
        on=50,
        at="6:02pm",
        account="A dad in the Year 5 group swore at another parent over the football rota, twice, and then about the "
        "lunchtime staff. He did say sorry later. I still think that you should know.",
        clauses=("anger", "respect"),
        place_name="Year 5 Rowan",
        poster="Delroy Campbell-Price",
        who=Who(name="Jonah Pike", email="jonah.pike@families.example"),
    ),
    Told(
        "DKH-9P3C-7V",
        on=46,
        at="8:55am",
        account="Comments about the lunchtime staff: that they are “too thick to get a real job”. Two of them are "
        "parents in the same class and read it there.",
        clauses=("abusive",),
        place_name="Year 5 Rowan",
        poster="Kwame, Ama’s dad",
        who=Who(role=STAFF, name="Beverley Shaw", email="beverley.shaw@dkh.example", may_name="ask"),
    ),
    Told(
        "DKH-3W8M-4T",
        on=41,
        at="7:40am",
        account=(
            "I share lifts with them. Last night one of them wrote that the deputy “wants to watch himself” "
            "and that they know what car he drives. It frightened me."
        ),
        clauses=("threat", "abusive"),
        places=("other_group",),
        place_name="School run lift share",
        poster="Jo P",
        pictures=(Picture("gate-chat.png", "Screenshot_0731.png"),),
        who=Who(name="Sunita Rao", phone="020 7946 0183"),
    ),
    Told(
        "DKH-6T5B-9N",
        on=37,
        at="4:31pm",
        account=(
            "A mum in Year 2 Elm wrote that she would come to the playground and that a teacher “has it "
            "coming”. She is usually nice. I think that she is at the end of her tether."
        ),
        clauses=("threat", "anger"),
        place_name="Year 2 Elm",
        poster="Helen Ashby",
        pictures=(Picture("playground-chat.png", "Screenshot_1620.png"),),
        who=Who(name="Nadia Haddad", email="nadia.haddad@families.example", may_name="ask"),
    ),
    Told(
        "DKH-2V7H-5G",
        on=34,
        at="9:15am",
        account=(
            "He has been ringing round parents to talk about one family and what he thinks is wrong with "
            "their children. He rang me too. Then he wrote it in the group."
        ),
        clauses=("contacting", "respect"),
        place_name="Year 1 Ash",
        poster="Thanh Nguyen",
        who=Who(name="Ola Danso", phone="020 7946 0184"),
        recorded=("phone", "grace"),
    ),
    Told(
        "DKH-5K2R-8J",
        on=31,
        at="7:25pm",
        account=(
            "Luz said that the Year 6 teacher is “a nasty piece of work” in a group the children use too, and"
            " called another dad stupid for disagreeing."
        ),
        clauses=("abusive", "respect"),
        place_name="Year 6 Beech leavers",
        poster="Luz Ortega",
        pictures=(Picture("year-6-chat.png", "IMG_3350.PNG"),),
        who=Who(name="Rupert Hale", email="rupert.hale@families.example"),
    ),
    Told(
        "DKH-4G9N-6W",
        on=28,
        at="1:10pm",
        account=(
            "I am told that a parent has written on her own page that a member of staff takes money from the "
            "school fund. I have seen it. It names him. I chair the finance committee, and it is not so."
        ),
        clauses=("defamatory", "disrepute"),
        places=("facebook",),
        poster="Sinéad Ní Bhriain",
        who=Who(role=GOVERNOR, name="Alastair Penn", email="alastair.penn@dkh.example", may_name="yes"),
    ),
    Told(
        "DKH-7C6D-3P",
        on=25,
        at="8:05am",
        account="The class group has turned into one person’s complaint about the new homework policy. Twelve messages "
        "before breakfast. I agree with some of it, but it is not what the group is for.",
        clauses=("platform", "challenge"),
        place_name="Year 3 Hazel",
        poster="Bartholomew F-C",
        who=Who(name="Dele Akande"),
    ),
    Told(
        "DKH-3H6V-9C",
        on=22,
        at="9:05pm",
        account=(
            "Daniel Marsh wrote in the class group that the lady in the office lies to your face, and that "
            "they are all two faced and thick. Somebody told her. She was crying at the desk this morning."
        ),
        clauses=("abusive", "disrepute"),
        place_name="Year 4 Willow parents",
        poster="Daniel Marsh",
        pictures=(
            Picture("willow-chat-september.png", "Screenshot_2102.png"),
            Picture(
                "willow-chat-september.txt",
                "WhatsApp Chat with Year 4 Willow parents.txt",
                "The whole evening, exported",
            ),
        ),
        who=Who(name="Femi Adewale", email="femi.adewale@families.example"),
    ),
    Told(
        "DKH-8N2F-7D",
        on=19,
        at="8:30am",
        account=(
            "I am a governor. A parent has sent me 14 emails in a week, some at night, and has started to "
            "copy other families in. I have stopped answering. They are personal and rather upsetting."
        ),
        clauses=("emails",),
        places=("email",),
        poster="Rhiannon Vance",
        pictures=(Picture("governor-email.png", "forwarded email.png"),),
        who=Who(role=GOVERNOR, name="Peter Okafor", email="peter.okafor@dkh.example", may_name="yes"),
    ),
    Told(
        "DKH-5B3X-4M",
        on=16,
        at="10:10pm",
        account=(
            "Two parents will not stop messaging me about my son’s behaviour. I asked them to talk to his "
            "teacher. Now they say that they will write to every family in the class."
        ),
        clauses=("contacting",),
        places=("other_group",),
        poster="Tunde and Adaeze Okonkwo",
        pictures=(Picture("two-families.png", "IMG_5561.PNG"),),
        who=Who(name="Marta Kowalska", email="marta.kowalska@families.example", phone="020 7946 0185", may_name="ask"),
    ),
    Told(
        "DKH-9J8T-2R",
        on=10,
        at="12:31pm",
        account=(
            "There is a page with the school’s crest on it that is not the school’s. It asks people to send "
            "in things about staff. 212 people follow it."
        ),
        clauses=("disrepute",),
        places=("facebook",),
        place_name="Dog Kennel Hill Unofficial",
        poster="",
        pictures=(Picture("crest-page.png", "Screenshot_1226.png"),),
        who=Who(role=OTHER, name="A neighbour"),
    ),
    Told(
        "DKH-6F4K-8B",
        on=7,
        at="5:55pm",
        account=(
            "Voice notes about two children in our class. I know that both parents mean well, but one of the "
            "children has heard them."
        ),
        clauses=("voice", "contacting"),
        place_name="Y5 Oak playdates",
        poster="Oluwaseun and María",
        pictures=(Picture("voice-notes.png", "IMG_0712.PNG"),),
        who=Who(name="Kit Lawson"),
    ),
    Told(
        "DKH-2M7W-5C",
        on=5,
        at="3:58pm",
        account="A parent swore at two of us in the group when we asked him not to post photos of the trip. There were "
        "children’s faces in the photos. He has taken the photos down, but not the messages.",
        clauses=("anger", "respect"),
        place_name="Year 3 Larch",
        poster="Gareth Lloyd-Hughes",
        who=Who(name="Esther Boateng", email="esther.boateng@families.example"),
    ),
)

ADDED = (
    Told(
        "DKH-9B4J-7M",
        on=17,
        at="10:20pm",
        account=(
            "He has now put it on the community page as well. It is about the same lady, and he says that he "
            "knows where to find her."
        ),
        clauses=("abusive", "threat"),
        places=("facebook",),
        place_name="SE22 Community Noticeboard",
        poster="D Marsh",
        pictures=(Picture("noticeboard-text.png", "IMG_8812.PNG"),),
    ),
    Told(
        "DKH-4T9G-3K",
        on=12,
        at="4:02pm",
        account=(
            "Helen shouted and swore by the climbing frame, with children waiting. She wrote in the group "
            "afterwards that she would do it again."
        ),
        clauses=("anger",),
        place_name="Year 2 Elm",
        poster="Helen Ashby",
        who=Who(role=STAFF, name="Owen Tudor-Reid", email="owen.tudor-reid@dkh.example", may_name="yes"),
    ),
    Told(
        "DKH-7W2P-6H",
        on=9,
        at="7:48pm",
        account=(
            "It is the Year 6 group again. She says that the residential was “fixed” and names the teacher three times."
        ),
        clauses=("abusive", "platform"),
        place_name="Year 6 Beech leavers",
        poster="Luz Ortega",
    ),
)

CLOSED = (
    Told(
        "DKH-5R8D-9F",
        on=29,
        at="8:44am",
        account=(
            "Somebody in the group said that the school lunches are a disgrace and that you do not care. I "
            "think that this is out of order."
        ),
        clauses=("challenge",),
        place_name="Year 1 Ash",
        who=Who(name="Karim Saleh"),
    ),
    Told(
        "DKH-3N6C-2T",
        on=14,
        at="6:15pm",
        account="Two mums fell out about a birthday party in the group. It was sorted out the next day.",
        clauses=("private",),
        place_name="Year 2 Elm",
        who=Who(name="Cass Bright", email="cass.bright@families.example"),
    ),
    Told(
        "DKH-8V5H-4W",
        on=6,
        at="11:05am",
        account=(
            "There was a fight between two older boys outside the shops, and somebody put a video of it "
            "online. They wore a green uniform, so perhaps it is not you."
        ),
        places=("x",),
        who=Who(role=OTHER),
    ),
    Told(
        "DKH-6H2X-8R",
        on=9,
        at="8:20pm",
        account="In the leavers’ group tonight: the residential was “fixed” and Miss is named over and over.",
        clauses=("abusive",),
        place_name="Year 6 Beech leavers",
        poster="Luz",
        who=Who(name="Ines Duarte", email="ines.duarte@families.example"),
    ),
    Told(
        "DKH-2P9T-4J",
        on=4,
        at="9:40pm",
        account=(
            "A dad in the Reception group wrote that his daughter “won’t be a problem much longer”. He may mean that "
            "they move house. I would rather that somebody asked."
        ),
        place_name="Reception Acorn",
        poster="Marlon, in Reception Acorn",
        who=Who(name="Yetunde Cole", phone="020 7946 0188", may_name="ask"),
    ),
)
