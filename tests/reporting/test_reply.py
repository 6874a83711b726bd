"""An addressee answers a letter with the code printed in it; it lands on the case once, and nothing typed is lost."""

from __future__ import annotations

import gzip
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from incidents.models import Case, Event, Evidence, Reply
from incidents.models.reply import READ_REPLY
from incidents.reporting.guessing import WRONG_TRIES_AN_HOUR
from incidents.reporting.replies import MOST_REPLIES, ReplyRefusedError, save_reply, send_reply
from incidents.reporting.reply_door import OPENED_LETTER
from incidents.reporting.reply_forms import NOTHING
from incidents.reporting.reply_pages import NO_MATCH
from incidents.tasks import destroy_replies
from letters.models import Letter
from letters.reply_code import reply_code
from tests.addresses import a_step
from tests.casework.fair_case import drafted, fair_case

pytestmark = pytest.mark.django_db
SIDE = "It was not me.\nمرحبا 😡"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


@pytest.fixture
def step(slt):
    """A warning letter that was taken, sealed and posted, by rows."""
    step, now = drafted(fair_case(slt)), timezone.now()
    step.state, step.reason, step.has_no_conflict = "taken", "He agrees.", True
    step.taken_by, step.taken_at = slt, now
    step.save()
    letter = step.letter
    letter.state, letter.approved_by, letter.approved_at = Letter.State.POSTED, slt, now
    letter.sha256, letter.file, letter.pages = "0" * 64, "letters/none.pdf", 2
    letter.posted_on, letter.posted_by, letter.posted_at = timezone.localdate(), slt, now
    letter.save()
    return step


@pytest.fixture
def codes(step):
    return {"letter": step.letter.reference, "reply_code": reply_code(step.letter)}


@pytest.fixture
def inside(parent, codes):
    assert parent.post(reverse("reply"), codes).url == reverse("reply-letter")
    return parent


def typed(**others):
    return {"key": str(uuid.uuid4()), "agreement": "no", "side": SIDE, "help": ["time", "language"], **others}


def send(client, **others):
    return client.post(reverse("reply-letter"), {"send": "", **typed(**others)})


def picture(name="post.png"):
    drawn = BytesIO()
    Image.new("RGB", (40, 40), "white").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue())


def test_the_start_page_leads_there(parent):
    assert f'href="{reverse("reply")}">Reply with the code in your letter' in parent.get("/").content.decode()
    assert parent.get("/reply").url == reverse("reply")


@pytest.mark.parametrize(
    "wrong",
    [{"reply_code": "0000-0000-0000"}, {"letter": "DKH-C999-1"}, {"letter": "مرحبا"}, {"reply_code": "😡"}],
)
def test_every_wrong_pair_gets_the_same_sentence(parent, codes, wrong):
    page = parent.post(reverse("reply"), {**codes, **wrong})

    assert page.context["form"].errors == {"letter": [str(NO_MATCH)]}
    assert parent.get(reverse("reply-letter")).url == reverse("reply")


@pytest.mark.parametrize(("state", "opens"), [("draft", False), ("failed", False), ("printed", True), ("posted", True)])
def test_only_a_letter_somebody_can_hold_opens(parent, step, codes, state, opens):
    Letter.objects.filter(pk=step.letter_id).update(state=state)

    assert (parent.post(reverse("reply"), codes).status_code == 302) == opens


def test_a_letter_handed_over_opens_too(parent, step, codes):
    Letter.objects.filter(pk=step.letter_id).update(delivery=Letter.Delivery.HAND)

    assert parent.post(reverse("reply"), codes).status_code == 302


def test_guessing_stops_after_so_many_tries(parent, codes):
    for _ in range(WRONG_TRIES_AN_HOUR):
        parent.post(reverse("reply"), {**codes, "reply_code": "0000-0000-0000"})

    assert parent.post(reverse("reply"), codes).status_code == 429


def test_nul_is_refused_beside_the_field(parent, codes):
    page = parent.post(reverse("reply"), {**codes, "reply_code": "\x00"}).content.decode()

    assert "One of the symbols here cannot be saved" in page


def test_the_page_shows_the_letter_and_never_the_reporter_or_the_staffs_notes(inside, step):
    page = inside.get(reverse("reply-letter")).content.decode()

    assert step.letter.reference in page
    assert "Useless AND a liar" in page
    assert step.reason not in page
    assert "reporter" not in page.lower()


def test_a_reply_lands_on_the_case_word_for_word(inside, step):
    response = send(inside, reach="020 7946 0000", help_words="Spanish")

    reply = Reply.objects.get()
    assert response.url == reverse("reply-sent")
    assert (reply.step, reply.agreement, reply.side, reply.help) == (step, "no", SIDE, ["time", "language"])
    case = Case.objects.get()
    assert case.next_action == READ_REPLY
    assert case.next_on
    event = Event.objects.get(kind=Event.Kind.REPLY_RECEIVED)
    assert event.case == case
    assert "not me" not in repr(event.facts)
    assert step.letter.reference in inside.get(response.url).content.decode()


def test_the_same_form_sent_twice_makes_one_reply(inside):
    form = typed(send="")

    answers = [inside.post(reverse("reply-letter"), form).url for _ in range(2)]

    assert answers == [reverse("reply-sent")] * 2
    assert Reply.objects.count() == Event.objects.filter(kind=Event.Kind.REPLY_RECEIVED).count() == 1


def test_they_can_come_back_and_add_more_until_the_case_is_closed(inside, step):
    send(inside)
    assert "You can add to it here" in inside.get(reverse("reply-letter")).content.decode()
    send(inside, side="And another thing.")
    assert Reply.objects.sent().count() == 2

    Case.objects.update(status="closed", closed_reason="They talked.", closed_at=timezone.now())

    assert "nothing can be added here" in inside.get(reverse("reply-letter")).content.decode()
    assert "nothing can be added here" in send(inside, side="Late words").content.decode()
    assert Reply.objects.count() == 2


def test_a_late_reply_is_taken_and_marked(inside, step):
    Letter.objects.update(reply_by=timezone.localdate() - timedelta(days=1))

    send(inside)

    assert Reply.objects.get().is_late
    assert Event.objects.get(kind=Event.Kind.REPLY_RECEIVED).facts["summary"].endswith("after the day to reply by.")


def test_an_empty_reply_is_not_sent_and_a_wish_alone_is(inside):
    empty = {"send": "", "key": str(uuid.uuid4())}

    assert str(NOTHING) in inside.post(reverse("reply-letter"), empty).content.decode()
    assert inside.post(reverse("reply-letter"), {**empty, "help": "time"}).url == reverse("reply-sent")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("side", "x" * 10_001, "Use 10,000 characters or fewer"),
        ("side", "a\x00b", "One of the symbols here cannot be saved"),
        ("reach", "x" * 201, "Use 200 characters or fewer"),
        ("help", "nonsense", "Select a valid choice"),
        ("agreement", "maybe", "Select a valid choice"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_the_rest_is_kept(inside, field, value, sentence):
    page = send(inside, **{"side": SIDE, field: value}).content.decode()

    assert sentence in page
    assert not Reply.objects.sent().exists()
    assert field == "side" or "It was not me." in page


def test_files_are_kept_with_it_and_shown_to_nobody_until_it_is_sent(inside, slt, signed_in):
    form = typed(upload="")
    inside.post(reverse("reply-letter"), {**form, "files": [picture(), SimpleUploadedFile("a.txt", b"words")]})
    page = inside.get(reverse("reply-letter")).content.decode()
    good = Evidence.objects.good().get()
    assert [name in page for name in ("post.png", "a.txt", "It was not me.")] == [True] * 3
    assert inside.get(reverse("reply-thumbnail", args=[good.pk])).status_code == 200
    assert signed_in(slt).get(good.copy_url).status_code == 404

    del form["upload"]
    inside.post(reverse("reply-letter"), {**form, "send": ""})

    assert Evidence.objects.get().reply.is_sent
    assert signed_in(slt).get(good.copy_url).status_code == 200
    assert inside.get(reverse("reply-thumbnail", args=[good.pk])).status_code == 404


def test_a_refused_file_is_shown_before_anything_is_sent(inside):
    send(inside, files=[SimpleUploadedFile("a.txt", b"words")])

    assert not Reply.objects.sent().exists()


def test_a_file_can_be_removed(inside):
    form = typed()
    inside.post(reverse("reply-letter"), {**form, "upload": "", "files": [picture()]})

    inside.post(reverse("reply-letter"), {**form, "remove": str(Evidence.objects.get().pk)})

    assert not Evidence.objects.exists()
    assert Reply.objects.get().side == SIDE


def test_what_was_saved_is_there_on_another_device_and_nobody_at_the_school_sees_it(inside, client, codes, slt):
    inside.post(reverse("reply-letter"), typed(save=""))

    client.post(reverse("reply"), codes)

    assert "It was not me." in client.get(reverse("reply-letter")).content.decode()
    assert not Reply.objects.visible_to(slt).exists()


def test_a_page_that_closed_itself_keeps_what_was_typed(inside, codes):
    session = inside.session
    session[OPENED_LETTER] = [session[OPENED_LETTER][0], timezone.now().timestamp() - 1]
    session.save()

    asked = send(inside)
    carried = dict(asked.context["carried"]) | {"help": ["time", "language"]}
    inside.post(reverse("reply"), {**codes, **carried})

    assert "enter the two codes again" in asked.content.decode()
    kept = Reply.objects.get()
    assert (kept.side, kept.help, kept.is_sent) == (SIDE, ["time", "language"], False)
    assert "It was not me." in inside.get(reverse("reply-letter")).content.decode()


def test_leaving_closes_the_letter(inside):
    inside.post(reverse("status-leave"))

    assert inside.get(reverse("reply-letter")).url == reverse("reply")


def test_what_was_never_sent_is_destroyed_after_two_weeks(inside):
    form = typed(upload="", files=[picture()])
    inside.post(reverse("reply-letter"), form)
    destroy_replies()
    assert Reply.objects.exists()

    Reply.objects.update(saved_at=timezone.now() - timedelta(days=15))
    destroy_replies()

    assert not Reply.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("name", ["reply", "reply-letter"])
def test_the_pages_are_light(inside, name):
    assert len(gzip.compress(inside.get(reverse(name)).content)) < 12_000


def test_a_key_of_another_letters_reply_writes_a_reply_of_its_own(step, slt):
    key = uuid.uuid4()
    first = save_reply(step=step, key=key, side=SIDE)
    other = a_step(step.case, "meeting", by=slt)

    second = save_reply(step=other, key=key, side="About the meeting.")

    first.refresh_from_db()
    assert (first.step, first.side) == (step, SIDE)
    assert (second.step, second.side) == (other, "About the meeting.")
    assert second.key != key


def test_so_many_replies_to_one_letter_and_no_more(step):
    about = {"school": step.case.school, "step": step}
    Reply.objects.bulk_create(Reply(**about, key=uuid.uuid4(), side="More") for _ in range(MOST_REPLIES - 1))
    last = save_reply(step=step, key=uuid.uuid4(), side="The last")

    with pytest.raises(ReplyRefusedError, match="You have replied 20 times"):
        save_reply(step=step, key=uuid.uuid4(), side="One more")
    assert save_reply(step=step, key=last.key, side="The last, changed").pk == last.pk


def test_what_was_sent_is_not_sent_again(step):
    reply = send_reply(reply=save_reply(step=step, key=uuid.uuid4(), side=SIDE))
    Case.objects.update(next_action="Answer their reply")

    assert send_reply(reply=reply).sent_at == reply.sent_at
    assert Event.objects.filter(kind="reply_received").count() == 1
    assert Case.objects.get().next_action == "Answer their reply"
