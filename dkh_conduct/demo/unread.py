"""Concerns that nobody has read yet: late, due today and due soon; with and without pictures, in four languages."""

from __future__ import annotations

from dkh_conduct.demo.told import STAFF, Picture, Told, Who

# With this code the demo's visitor can look at the first concern as its reporter sees it.
ACCESS_CODES = {"DKH-7R4K-2Q": "K7QM-2XRA-90TB-WN4C"}

UNREAD = (
    Told(
        "DKH-6M9P-3D",
        on=4,
        at="9:40pm",
        due=-2,
        account=(
            "They are saying a boy in the class should be thrown out. His name is in every message and the whole "
            "year group can read it. His mum left the group last week. He is seven. I have sent one page of it, "
            "there is more."
        ),
        clauses=("contacting", "challenge"),
        place_name="Year 3 Hazel",
        poster="Several parents. Steph W started it",
        pictures=(Picture("year-3-chat.png", "Screenshot_213015_WhatsApp.png"),),
        who=Who(name="Imogen Clarke", email="imogen.clarke@families.example", phone="020 7946 0180", may_name="ask"),
    ),
    Told(
        "DKH-5T2N-8W",
        on=3,
        at="7:12am",
        due=-1,
        account=(
            "He took a picture through the classroom window and put it on the noticeboard page. You can see the "
            "teacher, and the children’s coats with their names. I asked him to take it down and he said it is a "
            "public street."
        ),
        clauses=("abusive",),
        places=("facebook",),
        place_name="SE22 Community Noticeboard",
        poster="Somebody called Gaz H. I do not know if he is a parent",
        pictures=(
            Picture("window-post.jpg", "IMG_4417.jpg", "The post as I saw it"),
            Picture("noticeboard-text.png", "IMG_4419.PNG", "Another post on the same page, by somebody else"),
        ),
        who=Who(name="Chloe Mbeki", email="chloe.mbeki@families.example", may_name="yes"),
        assigned="tomas",
    ),
    Told(
        "DKH-7R4K-2Q",
        on=2,
        at="8:14pm",
        due=0,
        account=(
            "It started after PE. They called the teaching assistant a liar in front of 31 parents, then "
            "put a photo of her on the community page. Other children can be seen in it."
        ),
        clauses=("abusive", "platform"),
        places=("class_group", "facebook"),
        place_name="Year 4 Willow parents, and SE22 Community Noticeboard",
        poster="D Marsh, a parent in Year 4 Willow",
        pictures=(
            Picture("class-chat-1.png", "class chat 1.png", "First messages about the teaching assistant"),
            Picture("class-chat-2.png", "class chat 2.png", "Then he says he has a photo"),
            Picture("noticeboard-post.jpg", "IMG_2291.jpg", "The photo on the community page"),
        ),
    ),
    Told(
        "DKH-2C8X-5H",
        on=2,
        at="4:51pm",
        due=0,
        account=(
            "An account that says it speaks for parents at the school claims that you “lose” children’s records. "
            "It is not true and people believe it. I do not mind people complaining, but this is made up."
        ),
        clauses=("disrepute", "challenge"),
        places=("instagram",),
        place_name="hill.parents.speak",
        poster="",
        pictures=(Picture("records-post.png", "IMG_0099.PNG"),),
        who=Who(email="r.osei@families.example", may_name="ask"),
        assigned="ruth",
    ),
    Told(
        "DKH-9F3T-4B",
        on=1,
        at="5:48pm",
        account=(
            "This has been going on for about three weeks, so I will try to put it in order.\n\n"
            "The group is for arranging playdates in Year 5 Oak. At the start of the month two parents began to "
            "leave voice notes about a girl in the class. I am not going to write her name here. The first one was "
            "about her shouting at pick-up, and that she “must get it from home”. I did not answer. The next day "
            "there were two more, longer, about her brother as well, and which of the teachers is “soft” on them.\n\n"
            "On Monday I asked, politely I hope, if we could keep the group for playdates. One of them said that it "
            "was only a joke, and one of the others sent a thumbs up, and it went quiet. Then yesterday three more "
            "voice notes came while my daughter was sitting next to me with my phone. She heard all of it. She is "
            "friends with the girl. She has been asking me since whether people talk about her like that too.\n\n"
            "I know both of them and they are not unkind people. I think that they have forgotten how many of us are "
            "in there. I do not want anyone punished. I would like somebody to talk to them, and I would like it to "
            "stop. I have sent a picture of the group, but I do not know how to save a voice note. If you tell me "
            "how, I will."
        ),
        clauses=("voice", "contacting"),
        place_name="Y5 Oak playdates",
        when_words="On and off for three weeks, the last ones yesterday",
        poster="Two parents in the class. I would rather say who on the phone",
        pictures=(Picture("voice-notes.png", "IMG_7730.PNG"),),
        who=Who(name="Amara Nwosu", phone="020 7946 0181", may_name="ask"),
        assigned="tomas",
    ),
    Told(
        "DKH-4K7W-2N",
        on=1,
        at="6:20pm",
        account=(
            "Hola. En el grupo de familias de 2º Olmo un padre escribió que la maestra «no sirve» y que va a poner su "
            "nombre en la página del barrio. La maestra nueva acaba de llegar y es muy amable con los niños. Me da "
            "pena que lo lean otras familias. Adjunto una captura. Prefiero que no se diga mi nombre."
        ),
        clauses=("abusive", "platform"),
        place_name="Familias 2º Olmo",
        poster="Beto, papá de la clase",
        pictures=(Picture("spanish-chat.png", "Captura_1558.png"),),
        who=Who(name="Lucía Fernández", email="lucia.fernandez@families.example"),
    ),
    Told(
        "DKH-H8M2-6R",
        on=1,
        at="10:05pm",
        account=(
            "السلام عليكم. في مجموعة أولياء أمور الصف الثالث كتبت إحدى الأمهات كلاماً جارحاً عن معلمة "
            "ابنتي أمام الجميع، وقالت إنها لا تصلح للتدريس. ابنتي قرأت الرسائل وبكت. لا أريد مشكلة مع "
            "أحد، أريد فقط أن تعرف المدرسة. حذفت المجموعة من هاتفي، لذلك لا توجد لدي صور."
        ),
        clauses=("abusive",),
        place_name="Year 3",
        seen=2,
        poster="إحدى الأمهات في الصف",
        who=Who(name="أمل", phone="020 7946 0182"),
    ),
    Told(
        "DKH-J5V9-3C",
        on=1,
        at="8:33pm",
        account=(
            "someone made a tiktok of the school run with the lollipop lady in it and silly music 😡😡 the comments "
            "are horrible about how she walks 😢 she is the kindest person on the whole hill ❤️ not sure if its a "
            "parent or one of the older ones from the secondary but it says our school name 🏫"
        ),
        places=("tiktok",),
        seen=1,
        poster="",
    ),
    Told(
        "DKH-W3N6-8P",
        on=1,
        at="9:46am",
        account=(
            "A parent keeps posting long election messages in the Year 1 group and will not stop. It is meant for "
            "cake sales and PE kit. Nobody can find anything any more. Not rude, just endless."
        ),
        clauses=("political", "private"),
        place_name="Year 1 Ash",
        poster="Bill",
        pictures=(
            Picture("year-1-leaflet.png", "Screenshot_0940.png"),
            Picture("year-1-leaflet.png", "Screenshot_0940 (1).png", "The same again, sorry"),
        ),
        who=Who(name="Danielle Roche", email="danielle.roche@families.example", may_name="yes"),
    ),
    Told(
        "DKH-R2D8-9H",
        on=1,
        at="8:20am",
        account=(
            "Forwarded to me by a parent, who was not sure what to do with it. It went to 46 families. It names a "
            "governor and asks people to write to him every day. He has seen it and is upset, and so is his family."
        ),
        clauses=("emails", "abusive"),
        places=("email",),
        poster="Sent from Rhiannon Vance’s address",
        pictures=(Picture("governor-email.png", "IMG_1201.PNG"),),
        who=Who(role=STAFF, name="Grace Mensah", email="grace.mensah@dkh.example", may_name="yes"),
        assigned="marian",
    ),
    Told(
        "DKH-3K8D-6V",
        on=1,
        at="9:58pm",
        due=0,
        danger="child",
        account=(
            "A mum in the Reception group wrote late last night that she cannot cope any more and that her little boy "
            "“will be sorry” when he gets home. People answered with laughing faces. I do not think that she means "
            "it, and she has no one to help her. But I could not sleep."
        ),
        place_name="Reception Acorn",
        poster="Jess, in Reception Acorn",
        who=Who(name="Miriam Stone", phone="020 7946 0186", may_name="ask"),
    ),
    Told(
        "DKH-8Q4M-2F",
        on=1,
        at="9:12am",
        complaint="also",
        leader="farah",
        account=(
            "The assistant head has a child in our class, so she is in the group. She told two of us there to “grow "
            "up”, in front of everybody. I would like the others to know. I have also complained to the office about "
            "how she spoke to me at the gate: that is something else, I know."
        ),
        clauses=("respect",),
        place_name="Year 2 Elm",
        poster="Farah Siddiqui",
        who=Who(name="Gemma Stott", email="gemma.stott@families.example"),
    ),
)
