"""Draws what a parent's phone shows, as HTML: a chat on two kinds of phone, a post, a profile, an e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

IOS = "390x844"
ANDROID = "360x800"
DARK_NAME_COLOURS = ("#f28cc0", "#53bdeb", "#e0b64a", "#a5a8ff", "#7fd6a0", "#ff9a72")
NAME_COLOURS = ("#b0487b", "#1f7a8c", "#8a6d1b", "#5b5ea6", "#2e7d4f", "#b5542b")

BASE = """
*{box-sizing:border-box;margin:0}
body{display:flex;flex-direction:column;overflow:hidden;color:#111}
.ios{width:390px;height:844px;font:400 17px/1.3 Inter,"Noto Sans",sans-serif}
.android{width:360px;height:800px;font:400 16px/1.35 Roboto,"Noto Sans",sans-serif}
.status{display:flex;justify-content:space-between;align-items:center;font-weight:600}
.ios .status{height:50px;padding:14px 30px 0;font-size:16px}
.android .status{height:30px;padding:4px 16px 0;font-size:13px;font-weight:500}
.status svg{height:13px;vertical-align:-1px}
.head{display:flex;align-items:center;gap:10px;padding:6px 12px 10px}
.head small{display:block;font-size:12px;opacity:.65;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.head b{display:block;font-size:17px;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.head>div{flex:1;min-width:0}
.head svg{height:24px;flex:none}
.av{width:38px;height:38px;border-radius:50%;color:#fff;display:grid;place-items:center;font-weight:600;font-size:14px;flex:none}
.home{width:134px;height:5px;border-radius:3px;background:currentColor;margin:8px auto;flex:none}
"""

CHAT = """
.head{border-bottom:1px solid #0001}
.ios .status,.ios .head,.ios .foot{background:#f6f5f3}.ios .head svg,.ios .foot svg{color:#0a7cff}
.android .status,.android .head{background:#fff}
.msgs{flex:1;padding:10px 10px 4px;display:flex;flex-direction:column;gap:7px;background:#efe9e1;overflow:hidden;justify-content:flex-end}
.android .msgs{background:#f2ede4}
.chip{align-self:center;background:#fffd;border-radius:8px;padding:4px 12px;font-size:12.5px;color:#54656f;text-align:center}
.m{max-width:80%;align-self:flex-start;background:#fff;border-radius:12px;padding:6px 10px 7px;font-size:16px;
  box-shadow:0 1px 0 #0001;overflow-wrap:anywhere}
.m b{display:block;font-size:13.5px;font-weight:600;margin-bottom:1px}
.m i{float:right;font-style:normal;font-size:11px;color:#667781;margin:8px 0 -3px 10px}
.m.same{margin-top:-4px}
.me{align-self:flex-end;background:#d9fdd3}
.m .re{display:inline-block;float:left;clear:both;margin:2px 0 -18px;background:#fff;border:1px solid #e3e0da;border-radius:12px;
  padding:1px 7px;font-size:13px}
.m.reacted{margin-bottom:13px}
.voice{display:flex;align-items:center;gap:9px;min-width:212px;clear:both}
.voice svg{height:26px;flex:1}.voice .play{height:22px;flex:none;color:#54656f}.voice+i{margin-top:0}
.foot{display:flex;align-items:center;gap:12px;padding:8px 12px;flex:none}
.foot span{flex:1;height:36px;border-radius:18px;background:#fff;border:1px solid #ddd;padding:7px 14px;font-size:15px;color:#999}
.foot svg{height:24px;flex:none}
.android .foot{background:#f2ede4;padding:6px 6px 10px}.android .foot span{height:46px;border-radius:23px;border:0;padding:12px 18px}
.android .mic{width:46px;height:46px;border-radius:50%;background:#1daa61;display:grid;place-items:center;color:#fff;flex:none}
.dark,.dark .status,.dark .head{background:#0b141a;color:#e9edef}.dark .msgs,.dark .foot{background:#0b141a}
.dark .m{background:#202c33;color:#e9edef}.dark .me{background:#005c4b}.dark .m i{color:#8696a0}.dark .chip{background:#182229;color:#8696a0}
.dark .foot span{background:#202c33;color:#8696a0}.dark .m .re{background:#202c33;border-color:#0b141a}
.dark .head{border-color:#fff1}
"""

POST = """
body{background:#fff}
.top{display:flex;align-items:center;gap:12px;padding:6px 16px 12px;border-bottom:1px solid #dcdfe3;font-weight:600;font-size:18px}
.top svg{height:22px}.top span{flex:1}
.who{display:flex;gap:10px;align-items:center;padding:12px 16px 8px}.who b{font-weight:600;font-size:16px;display:block;line-height:1.2}
.who small{color:#65676b;font-size:13px}
.text{padding:2px 16px 12px;font-size:17px}
.pic svg{display:block;width:100%}
.counts{display:flex;justify-content:space-between;padding:10px 16px;color:#65676b;font-size:14px}
.acts{display:flex;justify-content:space-around;border:solid #dcdfe3;border-width:1px 0;padding:9px 0;color:#65676b;font-size:14px;font-weight:600}
.c{display:flex;gap:8px;padding:10px 16px 0}.c .av{width:32px;height:32px;font-size:12px}
.c p{background:#f0f2f5;border-radius:16px;padding:7px 12px;font-size:15px;line-height:1.3}.c b{display:block;font-size:13.5px;font-weight:600}
.c small{color:#65676b;font-size:12px;padding:3px 12px 0;display:block}
.mine p{background:#e7f0ff}
.stats{display:flex;justify-content:space-around;padding:14px 16px;text-align:center;font-size:13px;color:#444}
.stats b{display:block;font-size:18px;color:#111}
.mail{padding:16px 18px}.mail h1{font-size:22px;line-height:1.25;margin-bottom:14px}
.mail .who{padding:0 0 12px;border-bottom:1px solid #e4e4e6;margin-bottom:14px}.mail p{margin-bottom:12px;font-size:16px;line-height:1.42}
.grow{flex:1;overflow:hidden}
"""

SIGNAL = (
    '<span><svg viewBox="0 0 64 13" fill="currentColor"><path d="M0 9h3v4H0zM5 6h3v7H5zM10 3h3v10h-3zM15 0h3v13h-3z"/>'
    '<path d="M26 4a9 9 0 0 1 12 0l-2 2a6 6 0 0 0-8 0zM29 8a4 4 0 0 1 6 0l-3 4z"/>'
    '<rect x="43" y="1" width="19" height="11" rx="3" fill="none" stroke="currentColor"/>'
    '<rect x="45" y="3" width="{width}" height="7" rx="1.5"/></svg></span>'
)
LINE = '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">{}</svg>'
BACK = LINE.format('<path d="M15 4 7 12l8 8"/>')
CAMERA = LINE.format('<rect x="2" y="6" width="14" height="12" rx="3"/><path d="m17 11 5-3v8l-5-3"/>')
CALL = LINE.format('<path d="M5 3h4l2 5-2 2a12 12 0 0 0 5 5l2-2 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 3 5a2 2 0 0 1 2-2z"/>')
PLUS = LINE.format('<path d="M12 4v16M4 12h16"/>')
MIC = LINE.format('<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>')
PLAY = '<svg class="play" viewBox="0 0 24 24" fill="currentColor"><path d="M6 3v18l15-9z"/></svg>'


@dataclass(frozen=True)
class Message:
    """One line of a chat; without `who` it is the phone owner's own, `voice` is the length of a voice note."""

    who: str
    text: str
    at: str
    reaction: str = ""
    voice: str = ""


def chip(text: str) -> str:
    return f'<div class="chip">{escape(text)}</div>'


def _bubble(message: Message, *, colour: str, is_same: bool) -> str:
    classes = ["m"] + ["me"] * (not message.who) + ["same"] * is_same + ["reacted"] * bool(message.reaction)
    name = f'<b style="color:{colour}">{escape(message.who)}</b>' if message.who and not is_same else ""
    reaction = f'<span class="re">{message.reaction}</span>' if message.reaction else ""
    words = f'<span dir="auto">{escape(message.text)}</span>'
    if message.voice:
        heights = [(n * n * 31 + n * 17 * len(message.voice) + int(message.voice[-2:])) % 12 for n in range(28)]
        bars = "".join(
            f'<rect x="{n * 5}" y="{13 - tall}" width="2.6" height="{2 * tall + 1}" rx="1.3"/>'
            for n, tall in enumerate(heights)
        )
        words = f'<div class="voice">{PLAY}<svg viewBox="0 0 140 26" fill="#9aa6ab">{bars}</svg></div><small>{message.voice}</small>'
    return (
        f'<div class="{" ".join(classes)}">{name}{words}<i>{message.at}{" ✓✓" * (not message.who)}</i>{reaction}</div>'
    )


def _page(css: str, classes: str, clock: str, body: str, *, battery: int = 14) -> str:
    status = f'<div class="status"><span>{clock}</span>{SIGNAL.format(width=battery)}</div>'
    home = '<div class="home"></div>' if "ios" in classes else ""
    return (
        f'<!doctype html><meta charset="utf-8"><style>{BASE}{css}</style><body class="{classes}">{status}{body}{home}'
    )


def avatar(initials: str, colour: str) -> str:
    return f'<span class="av" style="background:{colour}">{escape(initials)}</span>'


def chat(
    title: str,
    under: str,
    rows: list[Message | str],
    *,
    clock: str,
    phone: str = "ios",
    badge: str = "",
    colour: str = "#5f9ea0",
) -> str:
    """A chat as `ios`, `android` or `android dark` shows it; a text among the rows is a chip in the middle."""
    colours = DARK_NAME_COLOURS if "dark" in phone else NAME_COLOURS
    names: dict[str, str] = {}
    lines, last = [], None
    for row in rows:
        if isinstance(row, str):
            lines.append(chip(row))
            last = None
            continue
        hue = names.setdefault(row.who, colours[len(names) % len(colours)])
        lines.append(_bubble(row, colour=hue, is_same=row.who == last))
        last = row.who
    badge = badge or "".join(word[0] for word in title.split()[:2])
    head = f'<div class="head">{BACK}{avatar(badge, colour)}<div><b>{escape(title)}</b><small>{escape(under)}</small></div>{CAMERA}{CALL}</div>'
    if phone == "ios":
        foot = f'<div class="foot">{PLUS}<span></span>{MIC}</div>'
    else:
        foot = f'<div class="foot"><span>Message</span><div class="mic">{MIC}</div></div>'
    return _page(CHAT, phone, clock, f'{head}<div class="msgs">{"".join(lines)}</div>{foot}')


@dataclass(frozen=True)
class Comment:
    who: str
    text: str
    age: str
    colour: str = "#8d9db6"


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def post(
    where: str,
    who: str,
    age: str,
    text: str,
    comments: list[Comment],
    *,
    clock: str,
    picture: str = "",
    phone: str = "ios",
    likes: str = "14",
) -> str:
    """A post in a group on a social network, with a drawn picture and the comments below it."""
    said = "".join(
        f'<div class="c">{avatar(_initials(c.who), c.colour)}<div><p><b>{escape(c.who)}</b>{escape(c.text)}</p><small>{c.age}   Like   Reply</small></div></div>'
        for c in comments
    )
    body = (
        f'<div class="top">{BACK}<span>{escape(where)}</span></div><div class="grow">'
        f'<div class="who">{avatar(_initials(who), "#b98a4f")}<div><b>{escape(who)}</b><small>{escape(age)}</small></div></div>'
        f'<div class="text">{escape(text)}</div><div class="pic">{picture}</div>'
        f'<div class="counts"><span>👍 😮 {likes}</span><span>{len(comments) + 5} comments</span></div>'
        f'<div class="acts"><span>Like</span><span>Comment</span><span>Share</span></div>{said}</div>'
    )
    return _page(POST, phone, clock, body, battery=10)


def profile(
    name: str, about: str, picture: str, stats: list[tuple[str, str]], text: str, *, clock: str, badge: str
) -> str:
    """A page on a social network that somebody made."""
    numbers = "".join(f"<div><b>{number}</b>{escape(label)}</div>" for number, label in stats)
    body = (
        f'<div class="top">{BACK}<span>{escape(name)}</span></div><div class="grow"><div class="pic">{picture}</div>'
        f'<div class="who">{badge}<div><b>{escape(name)}</b><small>{escape(about)}</small></div></div>'
        f'<div class="stats">{numbers}</div><div class="acts"><span>Posts</span><span>About</span><span>Photos</span></div>'
        f'<div class="who">{badge}<div><b>{escape(name)}</b><small>Yesterday at 21:40</small></div></div>'
        f'<div class="text">{escape(text)}</div></div>'
    )
    return _page(POST, "android", clock, body, battery=7)


def mail(subject: str, who: str, to: str, paragraphs: list[str], *, clock: str) -> str:
    words = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    body = (
        f'<div class="top" style="color:#0a7cff">{BACK}<span style="font-weight:400;font-size:17px">Inbox</span></div>'
        f'<div class="mail grow"><h1>{escape(subject)}</h1><div class="who">{avatar(_initials(who), "#8e8e93")}'
        f"<div><b>{escape(who)}</b><small>To: {escape(to)}</small></div></div>{words}</div>"
    )
    return _page(POST, "ios", clock, body, battery=16)
