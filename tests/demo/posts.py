"""What was posted in public, or sent by e-mail: invented, each as one phone shows it."""

from __future__ import annotations

from tests.demo.phones import Comment, mail, post, profile

GATE = """<svg viewBox="0 0 390 260"><path fill="#c9dde6" d="M0 0h390v140H0z"/><path fill="#a8bd92" d="M0 120h390v50H0z"/>
<path fill="#a9a9a4" d="M0 165h390v95H0z"/><path fill="#b5654a" d="M20 30h130v110H20z"/><path fill="#e9e2d0" d="M36 46h28v30H36zm70 0h28v30h-28zM36 92h28v30H36z"/>
<path stroke="#3c5560" stroke-width="5" d="M170 70v110m26-110v110m26-110v110m26-110v110m26-110v110M165 82h116m-116 84h116"/>
<g fill="#43566b"><circle cx="316" cy="98" r="17"/><path d="M292 222v-66q0-36 24-36t24 36v66z"/></g>
<g fill="#9c5b45"><circle cx="362" cy="152" r="12"/><path d="M346 222v-34q0-22 16-22t16 22v34z"/></g></svg>"""
WINDOW = """<svg viewBox="0 0 390 290"><path fill="#b5654a" d="M0 0h390v290H0z"/><path fill="#f5f1e6" d="M46 36h298v214H46z"/><path fill="#d5e4e2" d="M58 48h274v190H58z"/>
<path fill="#e7d9b5" d="M78 66h90v52H78z"/><path stroke="#b39b5b" stroke-width="3" d="M88 80h66M88 92h50M88 104h60"/>
<g fill="#4f6a7a"><circle cx="240" cy="112" r="22"/><path d="M206 238v-52q0-44 34-44t34 44v52z"/></g>
<g fill="#8d6aa0"><path d="M92 238v-44q0-18 16-18t16 18v44z"/></g><g fill="#c08a3e"><path d="M140 238v-38q0-18 15-18t15 18v38z"/></g>
<path stroke="#f5f1e6" stroke-width="10" d="M195 48v190M58 140h274"/><path fill="#fff" opacity=".25" d="m58 180 120-132h50L58 226z"/></svg>"""
PAPERS = """<svg viewBox="0 0 390 300"><path fill="#2f4858" d="M0 0h390v300H0z"/><g transform="rotate(-7 190 150)"><path fill="#f4efe4" d="M80 50h190v220H80z"/>
<path stroke="#b9b2a1" stroke-width="5" d="M102 84h140M102 110h146M102 136h110M102 162h140M102 188h90"/></g><g transform="rotate(9 230 160)"><path fill="#fffdf6" d="M150 70h180v210H150z"/>
<path stroke="#c9c2b1" stroke-width="5" d="M172 104h134M172 130h120M172 156h134"/></g><path fill="#e0a43c" d="M40 226h310v16H40z"/>
<text x="195" y="40" fill="#fff" font-size="22" font-weight="700" text-anchor="middle">WHERE DO THEY GO?</text></svg>"""
BANNER = """<svg viewBox="0 0 360 130"><path fill="#0a3540" d="M0 0h360v130H0z"/><path fill="#f2a93b" d="M0 122h360v8H0z"/>
<path fill="#2f8090" d="m0 122 70-60 50 40 80-74 90 64 70-50v80z"/></svg>"""
CREST = """<span class="av" style="background:#eff6f6;width:56px;height:56px"><svg viewBox="0 0 40 46" height="44"><path fill="#0d5563" d="M2 2h36v22q0 14-18 20Q2 38 2 24z"/>
<path fill="none" stroke="#f2a93b" stroke-width="4" d="m11 20 7 8 12-15"/></svg></span>"""


POSTS: dict[str, tuple[str, str]] = {
    "noticeboard-post.jpg": (
        "ios",
        post(
            "SE22 Community Noticeboard",
            "D Marsh",
            "2 h · Public group",
            "This is what passes for staff at our school. Parents, ask questions!",
            [
                Comment("Local resident", "Is that a child behind her? Take it down.", "1 h", "#6b8f71"),
                Comment("D Marsh", "No. People have a right to know.", "1 h", "#b98a4f"),
                Comment("Yvonne T", "She has always been lovely to ours", "52 m", "#7d6b91"),
            ],
            clock="20:10",
            picture=GATE,
        ),
    ),
    "noticeboard-text.png": (
        "ios",
        post(
            "SE22 Community Noticeboard",
            "D Marsh",
            "3 h · Public group",
            "Anyone thinking of our primary on the hill, don’t. The woman in the office is a liar and she should be ashamed. I know where to find her if she wants to say it again to me.",
            [
                Comment("Local resident", "Have you spoken to the head about it?", "2 h", "#6b8f71"),
                Comment("D Marsh", "Waste of time", "2 h", "#b98a4f"),
                Comment("Neil from Grove Vale", "We have had nothing but kindness from that office", "1 h", "#56789a"),
                Comment("Yvonne T", "This is not the place for it", "48 m", "#7d6b91"),
            ],
            clock="22:15",
            likes="6",
        ),
    ),
    "window-post.jpg": (
        "ios",
        post(
            "SE22 Community Noticeboard",
            "Gaz H",
            "5 h · Public group",
            "Walked past at 2pm and look. Standing about doing nothing while the kids run riot. Our taxes.",
            [
                Comment("Chloe M", "You can see the children’s coats and names. Please remove this", "4 h", "#6b8f71"),
                Comment("Gaz H", "It’s a public street", "4 h", "#b98a4f"),
                Comment("Chloe M", "It is a classroom", "4 h", "#6b8f71"),
            ],
            clock="07:05",
            picture=WINDOW,
        ),
    ),
    "records-post.png": (
        "ios",
        post(
            "Posts",
            "hill.parents.speak",
            "London SE22",
            "They “lose” children’s records and nobody is told. Third year running. Share if you think every parent should know 👀",
            [
                Comment("mum_of_three_se22", "Is there any proof of this?", "3 h", "#8d9db6"),
                Comment("hill.parents.speak", "Ask them. See what they say", "3 h", "#b98a4f"),
                Comment("tall.paul", "Sharing", "2 h", "#9a7b56"),
            ],
            clock="16:48",
            picture=PAPERS,
            likes="38",
        ),
    ),
    "governor-email.png": (
        "ios",
        mail(
            "Fwd: About your so-called governors",
            "Rhiannon Vance",
            "Year 1 families (46)",
            [
                "Everyone should know what sort of person signs off the decisions at this school.",
                "He has no idea what he is doing, he is a pompous little man, and I have told him so twice this week by email. He has stopped replying, which tells you everything.",
                "I suggest that you all write to him as well, every day, until he goes. His address is below.",
                "Pass this on to anyone I have missed.",
                "Rhiannon",
            ],
            clock="08:12",
        ),
    ),
    "crest-page.png": (
        "android",
        profile(
            "Dog Kennel Hill Unofficial",
            "Primary school · 212 followers",
            BANNER,
            [("212", "Followers"), ("9", "Posts"), ("3 wks", "Since")],
            "News from YOUR school, the bits they will not put in the newsletter. Message us anything about staff and we will post it, no names taken 🤐",
            clock="12:26",
            badge=CREST,
        ),
    ),
}
