"""What the demo school's parents wrote in their groups: invented, each as one phone shows it."""

from __future__ import annotations

from tests.demo.phones import Message, chat


def said(who: str, *messages: tuple[str, str]) -> list[Message | str]:
    return [Message(who, text, at) for text, at in messages]


CHATS: dict[str, tuple[str, str]] = {
    "class-chat-1.png": (
        "ios",
        chat(
            "Year 4 Willow parents",
            "Sam, Priya, D Marsh, Aisha, Joanna, Femi, You",
            [
                "Today",
                *said("Sam (Theo’s mum)", ("Did anyone else’s come home upset after PE?", "18:04")),
                *said("Aisha K", ("Mine said the game got a bit rough but they sorted it out", "18:08")),
                *said(
                    "D Marsh",
                    (
                        "Mine was in tears. That teaching assistant is a joke, she should not be anywhere near kids",
                        "18:11",
                    ),
                    ("Everyone knows what she’s like. Useless AND a liar", "18:12"),
                ),
                *said("Priya", ("Maybe just email the office?", "18:15")),
                *said("D Marsh", ("Email them? They cover for each other. Name and shame I say", "18:17")),
                Message("", "I don’t think this is ok to put on here", "18:21", reaction="👍 3"),
                *said("Joanna", ("Agree with that. Can we leave it there", "18:22")),
            ],
            clock="19:42",
            badge="4W",
        ),
    ),
    "class-chat-2.png": (
        "ios",
        chat(
            "Year 4 Willow parents",
            "Sam, Priya, D Marsh, Aisha, Joanna, Femi, You",
            [
                *said(
                    "D Marsh",
                    ("Got a photo of her at the gate this morning. Putting it on the community page", "18:24"),
                ),
                *said("Sam (Theo’s mum)", ("Please don’t, there are children in the background", "18:26")),
                *said(
                    "D Marsh",
                    ("Not my problem", "18:29"),
                    ("I’ll be at the gate tomorrow and she can explain herself to my face", "18:29"),
                ),
                *said("Femi", ("Daniel, come on. Ring the school and talk to somebody", "18:31")),
                *said("Priya", ("I’m leaving this group", "18:33")),
                "Priya left",
                Message("", "I am going to tell the school about this. It is not fair on her", "18:40"),
                Message("Aisha K", "Thank you 🙏", "18:41"),
            ],
            clock="19:43",
            badge="4W",
        ),
    ),
    "willow-chat-september.png": (
        "android",
        chat(
            "Year 4 Willow parents",
            "Sam, Priya, D Marsh, Aisha, Joanna…",
            [
                "Today",
                *said("Joanna", ("Has anyone had the reading records back?", "20:31")),
                *said("Femi", ("Not yet, I think Friday", "20:33")),
                *said(
                    "D Marsh",
                    ("They lose the kids’ records every year. Ask anyone", "20:40"),
                    ("And don’t bother asking in the office, she just lies to your face", "20:41"),
                    ("Two faced and thick, the lot of them", "20:42"),
                ),
                *said("Sam (Theo’s mum)", ("Bit harsh 😬", "20:44")),
                Message("", "They found ours in the end, it was in his tray", "20:47"),
                *said("D Marsh", ("Course they did", "20:48")),
            ],
            clock="21:02",
            phone="android",
            badge="4W",
            colour="#b4795c",
        ),
    ),
    "year-3-chat.png": (
        "android",
        chat(
            "Year 3 Hazel 🌰",
            "Bex, Carl, Dele, Imogen, Mo, Steph, You",
            [
                "Today",
                *said("Steph W", ("Did you hear what happened at lunch AGAIN", "20:55")),
                *said("Carl", ("Same boy?", "20:56")),
                *said("Steph W", ("Obviously. He should not be in that class. He ruins it for all of them", "20:57")),
                *said("Imogen", ("What did he do this time", "20:58")),
                *said(
                    "Steph W", ("Threw his tray. I’m asking every parent here to write in and get him moved", "21:00")
                ),
                Message("", "He is seven. This is somebody’s child, his mum was in this group", "21:04"),
                *said("Carl", ("I’ll write in 👍", "21:06")),
                *said("Dele", ("I won’t. Let the school deal with it", "21:12")),
            ],
            clock="21:30",
            phone="android",
            badge="3H",
            colour="#7a8f5a",
        ),
    ),
    "voice-notes.png": (
        "ios",
        chat(
            "Y5 Oak playdates",
            "Amara, Oluwaseun, María, Kit, Jules, You",
            [
                "Today",
                *said("Jules", ("Who was the girl shouting at pick up?", "17:02")),
                Message("Oluwaseun", "", "17:05", voice="2:14"),
                Message("María", "", "17:09", voice="1:47"),
                *said("Kit", ("Wow. I didn’t know that about them", "17:12")),
                Message("Oluwaseun", "", "17:15", voice="0:38"),
                Message(
                    "",
                    "Please can we not talk about other people’s children in voice notes? My daughter heard that",
                    "17:20",
                ),
                *said("María", ("It was only between us", "17:23")),
                *said("Amara", ("There are 28 people in here María", "17:25")),
            ],
            clock="17:40",
            badge="5O",
            colour="#9b7d4e",
        ),
    ),
    "spanish-chat.png": (
        "android",
        chat(
            "Familias 2º Olmo",
            "Ana, Beto, Carla, Diego, Lucía, Tú",
            [
                "Hoy",
                *said("Carla", ("¿Alguien sabe por qué cambiaron a la maestra?", "15:10")),
                *said(
                    "Beto",
                    ("Porque no sirve. Todo el mundo lo sabe 🙄", "15:12"),
                    ("Y la nueva es igual de inútil", "15:13"),
                ),
                *said("Lucía", ("Beto, por favor", "15:15")),
                *said("Beto", ("Es la verdad. Voy a ponerlo en la página del barrio con su nombre", "15:17")),
                Message("", "No me parece bien. Si hay un problema, se habla con la escuela", "15:22"),
                *said("Ana", ("De acuerdo con lo de hablar con la escuela", "15:25")),
            ],
            clock="15:58",
            phone="android",
            badge="2º",
            colour="#4f7f8b",
        ),
    ),
    "year-6-chat.png": (
        "ios",
        chat(
            "Year 6 Beech leavers 🎓",
            "Luz, Hannah, Obi, Rupert, Shreya, Tess, You",
            [
                "Today",
                *said("Tess", ("The residential list is out", "19:01")),
                *said(
                    "Luz Ortega",
                    ("Surprise surprise, the teacher’s pets get the good rooms again", "19:03"),
                    ("She is a nasty piece of work and the kids can see it", "19:04"),
                ),
                *said("Obi", ("I think it was done by drawing names?", "19:06")),
                *said("Luz Ortega", ("If you believe that you are as stupid as she is", "19:08")),
                *said("Rupert", ("Ouch", "19:09")),
                Message("", "Luz that is not a kind thing to say about anyone", "19:14"),
                *said("Shreya", ("Shall we use this group for kit lists only?", "19:16")),
            ],
            clock="19:20",
            badge="6B",
            colour="#6a7fa0",
        ),
    ),
    "two-families.png": (
        "ios",
        chat(
            "Tunde Okonkwo",
            "last seen today at 21:58",
            [
                "Yesterday",
                *said("Tunde", ("Your son has been at ours again. We want to talk about his behaviour", "20:12")),
                Message("", "If something happened at school please speak to his teacher", "20:20"),
                *said(
                    "Tunde",
                    ("We are speaking to you. Adaeze has told the other parents as well", "20:24"),
                    ("You should be embarrassed by how he is raised", "20:26"),
                ),
                Message("", "Please stop messaging me about this", "20:31"),
                "Today",
                *said(
                    "Tunde",
                    ("Not until you answer. We will be writing to every family in the class", "21:44"),
                    ("Adaeze says the same", "21:57"),
                ),
            ],
            clock="22:04",
            badge="TO",
            colour="#77829a",
        ),
    ),
    "playground-chat.png": (
        "android",
        chat(
            "Year 2 Elm",
            "Helen A, Cass, Dom, Nadia, You",
            [
                "Today",
                *said(
                    "Helen A",
                    ("Three times I have asked for a call about reading group. THREE", "15:31"),
                    (
                        "I am done being polite. I will be in that playground tomorrow and he will bloody well listen",
                        "15:33",
                    ),
                ),
                *said("Cass", ("Helen I’d ring the office first", "15:35")),
                *said("Helen A", ("He has it coming", "15:36")),
                Message("", "I understand you are upset but the children read over our shoulders", "15:41"),
                *said("Dom", ("Happy to come with you if you want to talk to them calmly", "15:44")),
            ],
            clock="16:20",
            phone="android dark",
            badge="2E",
            colour="#566b86",
        ),
    ),
    "gate-chat.png": (
        "android",
        chat(
            "School run lift share",
            "Anil, Jo P, Keeley, Sunita, You",
            [
                "Yesterday",
                *said("Keeley", ("They have moved the gate time again", "17:10")),
                *said(
                    "Jo P",
                    ("That deputy needs sorting out", "17:12"),
                    ("I know what car he drives. He wants to watch himself", "17:13"),
                ),
                *said("Anil", ("Jo 😳 don’t write things like that", "17:15")),
                *said("Jo P", ("I mean it", "17:16")),
                Message("", "Please delete that. It frightened me and I am not even him", "17:24"),
            ],
            clock="07:31",
            phone="android dark",
            badge="SR",
            colour="#7b6a58",
        ),
    ),
    "year-1-leaflet.png": (
        "android",
        chat(
            "Year 1 Ash",
            "Bill, Dani, Ines, Karim, Ola, You",
            [
                "Today",
                *said(
                    "Bill",
                    ("Council elections: here is why I think you should all vote the way I do", "09:02"),
                    ("Long read but worth it. Part 1 of 6", "09:03"),
                    ("Part 2 of 6", "09:05"),
                    ("Part 3 of 6", "09:07"),
                ),
                *said("Dani", ("Could we keep this for school things?", "09:15")),
                *said("Bill", ("This IS about schools. Anyone who disagrees has not read it", "09:18")),
                *said("Ola", ("What time is the cake sale? 🧁", "09:21")),
                Message("", "2:45 by the hall, Ola", "09:22"),
            ],
            clock="09:40",
            phone="android",
            badge="1A",
            colour="#8b7da0",
        ),
    ),
}
