"""The parents' side in their language: chosen without a script, at any point, and nothing typed is lost."""

from __future__ import annotations

import re

import lxml.html
import pytest
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from dkh_conduct.language import LanguageMiddleware
from incidents.models import Concern, Draft, Email, Event, Reporter
from incidents.policy.wording import POLICY
from incidents.reporting.emails import acknowledgement
from incidents.triage.messages import ask_reporter
from letters.receipts import ReceiptFile, receipt_pdf
from tests import translations
from tests.letters.test_posters import words_of

pytestmark = pytest.mark.django_db

LANGUAGES = translations.languages()
# Names, marks and addresses that are the same in Arabic, and what the page says is English.
LATIN = re.compile(
    r"(?<![A-Za-z])(?:Dog Kennel Hill(?: School)?|London|SE\d+ \w+|[Ss]outhwark|WhatsApp|JPEG|PNG|HEIC|HEIF|WebP|GIF|"
    r"AVIF|PDF|MP3|KB|MB|DKH[\w-]*|iPhone|Android|Year \d Willow(?: parents)?|D Marsh|Shift|children’s services|"
    r"How to put your side|Executive Head Teacher|Trust|IP|UK GDPR|Data Protection Act|hash|AA|axe|draft|language|"
    r"session|csrftoken|Information Commissioner’s Office|Equality (?:and Human Rights Commission|Advisory and Support "
    r"Service)|Public Sector Bodies|Websites and Mobile Applications|No|Accessibility Regulations|[a-e]|"
    r"[\w.]+@[\w.]+|(?:\w+\.)+\w+)(?![A-Za-z])"
)
# What says that it is English, what the parent typed, and what nobody reads.
NOT_OURS = ("main//*[@lang]", "header//*[@lang]", "dl[@class='dkh-codes']", "textarea", "script", "style", "bdi", "svg")


@pytest.fixture
def arabic() -> Client:
    return Client(headers={"accept-language": "ar,en;q=0.5"})


def page_of(response: HttpResponse) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(response.content.decode())


def said_in_latin(response: HttpResponse) -> list[str]:
    """Words in Latin letters that stand where Arabic should."""
    page = page_of(response)
    for other in page.xpath(
        "//main//*[@lang] | //header//*[@lang] | //dd | //textarea | //script | //style | //bdi | //svg | //template"
    ):
        other.drop_tree()
    words = [text for text in page.itertext() if text.strip()]
    words += page.xpath("//@alt | //@aria-label | //@title | //@placeholder")
    return [text for text in words if re.search("[A-Za-z]{2}", LATIN.sub("", text))]


def test_a_page_is_in_the_first_language_of_the_browser_that_we_have(school):
    page = Client(headers={"accept-language": "cy,ar;q=0.9,en;q=0.5"}).get("/")

    assert page_of(page).get("lang") == "ar"
    assert page_of(page).get("dir") == "rtl"
    assert page.headers["Content-Language"] == "ar"
    assert "css/parent-rtl" in page.content.decode()
    assert not page.cookies


def test_a_language_is_chosen_by_a_link_and_kept_in_a_cookie(school):
    client = Client()

    chosen = client.get("/?language=es")

    assert chosen.status_code == 302
    assert chosen.headers["Location"] == "/"
    cookie = chosen.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("es", True, "Lax", "/")
    page = client.get("/")
    assert page_of(page).get("lang") == "es"
    assert page_of(page).get("dir") == "ltr"


def test_a_language_we_have_not_changes_nothing(school):
    for code in ("xx", "", "es/../..", "\x00", "en-gb'"):
        answer = Client().get("/", {"language": code})

        assert answer.status_code == 200
        assert not answer.cookies


def test_choosing_a_language_keeps_the_rest_of_the_address_and_never_leaves_the_portal(school):
    assert Client().get("/report/what/?change=1&language=fr").headers["Location"] == "/report/what/?change=1"
    away = RequestFactory().get("/?language=fr")
    away.path = "//elsewhere.example/"
    assert LanguageMiddleware(lambda request: HttpResponse())(away).headers["Location"] == "/%2Felsewhere.example/"


def test_staff_pages_stay_in_english(signed_in, slt):
    client = signed_in(slt)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"

    assert page_of(client.get("/staff/?language=ar")).get("lang") == "en-GB"
    assert page_of(client.get("/staff/no/such/page/")).get("lang") == "en-GB"
    assert page_of(client.get("/")).get("lang") == "ar"


@pytest.mark.parametrize(
    ("slug", "typed", "shown"),
    [
        ("words", {"account": "هم قالوا عنها كاذبة 😡"}, "هم قالوا عنها كاذبة 😡"),
        ("when", {"seen_on_0": "31", "seen_on_1": "Nov", "seen_on_2": "20"}, 'value="31"'),
        ("what", {"clauses": ["abusive", "unsure"]}, 'value="unsure" data-behaviour="exclusive" checked'),
        ("who", {"known": "yes", "poster": ""}, 'value="yes" checked'),
        ("you", {"email": "not an address", "name": "أمينة"}, 'value="أمينة"'),
    ],
)
def test_changing_the_language_in_the_middle_of_an_answer_loses_and_checks_nothing(parent, slug, typed, shown):
    page = parent.post(reverse(f"report-{slug}"), {**typed, "language": "ar"})

    assert page.status_code == 200
    assert shown in page.content.decode()
    assert page_of(page).get("lang") == "ar"
    assert "govuk-error" not in page.content.decode()
    assert page.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ar"
    assert Draft.objects.get().answers == {}


def test_changing_the_language_sends_nothing(answered, parent):
    answered()

    page = parent.post(reverse("report-check"), {"language": "pt"})

    assert page.status_code == 200
    assert not Concern.objects.exists()
    assert page_of(page).get("lang") == "pt"


def test_changing_the_language_keeps_files_and_captions(parent, png):
    parent.post(reverse("report-evidence"), {"files": [png("one.png")], "upload": ""})
    evidence = Draft.objects.get().evidence.get()

    page = parent.post(
        reverse("report-evidence"),
        {f"caption_{evidence.pk.hex}": "المجموعة", "files": [png("two.png", colour="red")], "language": "ar"},
        follow=True,
    )

    assert [file.name for file in Draft.objects.get().evidence.all()] == ["one.png", "two.png"]
    assert "المجموعة" in page.content.decode()
    assert page_of(page).get("lang") == "ar"


def test_enter_presses_no_language(parent):
    form_id = page_of(parent.get(reverse("report-words"))).xpath("//main//form/@id")[0]
    buttons = page_of(parent.get(reverse("report-words"))).xpath(f"//button[@form='{form_id}'] | //main//form//button")

    assert buttons[0].get("name") == "continue"
    assert [button.get("value") for button in buttons[1:5]] == LANGUAGES


def test_answers_are_kept_in_english_whatever_the_language(answered, parent, head):
    """What the form offers is translated; what staff read is not."""
    parent.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    answered(leader={"leaders": ["other"], "leader_name": ""}, words={"account": "قالوا إنها كاذبة"})
    parent.post(reverse("report-check"))

    concern = Concern.objects.get()
    assert concern.account == "قالوا إنها كاذبة"
    assert (concern.language, concern.language_name) == ("ar", "Arabic")
    assert concern.about_leader == "Another senior leader, or not sure who"
    assert str(Event.objects.get(kind=Event.Kind.CONCERN_RECEIVED).facts).isascii()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_is_in_the_language_of_the_pages(school, language):
    with translation.override(language):
        email = acknowledgement(school=school, to="a@example.com", reference="DKH-7R4K-2Q", confirm="/x/")

    assert "Thank you" not in email.body
    assert "DKH-7R4K-2Q" in email.subject
    assert "DKH-7R4K-2Q" in email.body
    assert "999" in email.body


def test_a_message_from_the_school_is_announced_in_the_reporters_language(
    concern, slt, django_capture_on_commit_callbacks
):
    Concern.objects.filter(pk=concern.pk).update(language="fr")
    Reporter.objects.filter(concern=concern).update(email="amina@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        ask_reporter(concern=concern, by=slt, text="When was it?", key=concern.submission_key)

    assert mail.outbox[0].subject.startswith("Il y a un message pour vous")
    assert "Pour le lire" in Email.objects.get().body
    assert translation.get_language() == "en-gb"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_in_the_language_of_the_pages(school, language):
    with translation.override(language):
        pdf = receipt_pdf(
            school=school,
            reference="DKH-7R4K-2Q",
            access_code="K7QM-2XRA-90TB-WN4C",
            sent="…",
            files=[ReceiptFile("لقطة.png", "12 KB")],
            steps=[("1", "2")],
            status_address="https://conduct.example/status/",
        )

    pages, words = words_of(pdf)
    assert pages == 1
    assert "K7QM-2XRA-90TB-WN4C" in words
    assert "What happens next" not in words


def test_no_arabic_page_has_a_sentence_left_in_english(arabic, school, answered, png):
    answered(arabic)
    arabic.post(reverse("report-evidence"), {"files": [png("one.png")], "upload": ""})
    names = (
        "start", "policy", "report-danger", "report-what", "report-complaint", "report-where", "report-when",
        "report-who", "report-words", "report-evidence", "report-leader", "report-you", "report-check", "status",
        "status-lost-code", "reply", "page-accessibility", "page-privacy", "page-cookies", "page-contact",
    )  # fmt: skip

    left = {name: said_in_latin(arabic.get(reverse(name))) for name in names}
    for name in ("report-what", "report-words", "report-you", "status", "reply", "status-lost-code"):
        left[f"{name} with mistakes"] = said_in_latin(arabic.post(reverse(name), {}))
    arabic.post(reverse("report-danger"), {"danger": "now"})
    left["call first"] = said_in_latin(arabic.get(reverse("report-call-first")))
    arabic.post(reverse("report-complaint"), {"complaint": "only"})
    left["complaints"] = said_in_latin(arabic.get(reverse("report-complaints-procedure")))
    arabic.post(reverse("report-check"))
    left["sent"] = said_in_latin(arabic.get(reverse("report-sent")))
    left["not found"] = said_in_latin(arabic.get("/no/such/page/"))

    assert {name: words for name, words in left.items() if words} == {}


def test_the_policy_has_its_english_beside_every_translated_sentence(school, arabic):
    page = page_of(arabic.get(reverse("policy")))
    english = [found.text_content() for found in page.xpath("//*[@lang='en-GB'][@dir='ltr']")]

    assert {row.text for row in (*POLICY.clauses, *POLICY.steps)} <= set(english)
    assert len(english) >= 40
    assert "فالعبرة بالإنجليزي" in page.text_content()
