"""What every answer carries, error pages included: strict headers, no inline anything, nothing kept, little weight."""

from __future__ import annotations

import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from dkh_conduct import errors
from dkh_conduct.headers import HeadersMiddleware
from dkh_conduct.school import context
from dkh_conduct.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401
from dkh_conduct.urls import urlpatterns as every_pattern
from tests.headers import check_headers, check_markup

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent


def fall_over(request):
    raise ValueError("a mistake of ours, with a secret: hunter2")


def lose_database(request):
    raise OperationalError("could not connect to server at 10.0.0.7")


def needs_more(request):
    return errors.too_many(request)


@require_POST
def takes_posts(request):
    return errors.too_large(request)


urlpatterns = [
    *every_pattern,
    path("report/fall-over/", fall_over, name="fall-over"),
    path("report/lose-database/", lose_database, name="lose-database"),
    path("report/too-many/", needs_more, name="too-many"),
    path("report/takes-posts/", takes_posts, name="takes-posts"),
]
for view in (fall_over, lose_database, needs_more, takes_posts):
    view.login_required = False  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


ERRORS = {
    "400": (lambda client: client.get("/", headers={"host": "evil.example"}), 400, "We could not read that"),
    "404": (lambda client: client.get("/no-such-page/"), 404, "We could not find that page"),
    "404 of a file": (lambda client: client.get("/static/none.css"), 404, "We could not find that page"),
    "405": (lambda client: client.get("/report/takes-posts/"), 405, "This page cannot be opened like that"),
    "413": (lambda client: client.post("/report/takes-posts/"), 413, "That is too much to send at once"),
    "413 of a text": (
        lambda client: client.post("/staff/sign-in/", {"login": "x" * 2_000_000}),
        413,
        "That is too much to send at once",
    ),
    "429": (lambda client: client.get("/report/too-many/"), 429, "Wait a few minutes"),
    "500": (lambda client: client.get("/report/fall-over/"), 500, "Something went wrong here"),
    "503": (lambda client: client.get("/report/lose-database/"), 503, "The portal is away for a moment"),
}


@pytest.mark.parametrize("kind", ERRORS)
@override_settings(ROOT_URLCONF=__name__)
def test_v16_5_1_every_error_page_is_plain_whole_and_carries_the_headers(school, kind):
    ask, status, heading = ERRORS[kind]
    context.school_of(RequestFactory().get("/"))

    response = ask(Client(raise_request_exception=False))
    page = response.content.decode()

    assert response.status_code == status
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in page
    assert "020 7946 0123" in page
    assert 'href="tel:+442079460123"' in page
    assert "hunter2" not in page
    assert "10.0.0.7" not in page
    assert "Traceback" not in page
    check_headers(response, kind)
    check_markup(page, kind)


@pytest.mark.parametrize(
    ("address", "status", "kept"),
    [("/static/css/staff.css", 200, True), ("/static/css/none.css", 404, False), ("/policy/", 200, False)],
)
def test_v14_3_2_only_files_that_are_the_same_for_everybody_may_be_kept(address, status, kept):
    answer = HeadersMiddleware(lambda request: HttpResponse(status=status))(RequestFactory().get(address))

    assert answer.get("Cache-Control") == (None if kept else "no-store, private")


def test_a_form_without_its_token_says_go_back(school):
    response = Client(enforce_csrf_checks=True).post("/status/", {"reference": "DKH-7R4K-2Q"})

    assert response.status_code == 403
    assert "Your answers so far are kept" in response.content.decode()
    check_headers(response)


def test_the_wrong_role_reads_a_page_and_not_a_bare_refusal(signed_in, office):
    response = signed_in(office).get(reverse("case-list"))

    assert response.status_code == 403
    assert "You cannot open this page" in response.content.decode()
    assert 'href="/staff/sign-in/">Go to the staff pages' in response.content.decode()


def test_a_refused_method_still_says_which_ones_are_allowed(school):
    response = Client().get("/status/leave/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


@override_settings(ROOT_URLCONF=__name__)
def test_pages_for_a_lost_database_ask_it_nothing(school, django_assert_num_queries):
    context.school_of(RequestFactory().get("/"))

    with django_assert_num_queries(0):
        response = Client(raise_request_exception=False).get("/report/lose-database/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "020 7946 0123" in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("address", ["/", "/no-such-page/", "/staff/", "/report/fall-over/", "/staff/sign-in/"])
def test_v16_5_2_no_page_breaks_when_the_database_is_away(school, signed_in, slt, address):
    client = signed_in(slt)
    client.raise_request_exception = False

    def refuse(execute, sql, params, many, wrapped):
        raise OperationalError("the database is away")

    with connection.execute_wrapper(refuse):
        response = client.get(address)

    assert response.status_code in {404, 500, 503}
    assert "</html>" in response.content.decode()


def test_error_pages_work_before_any_school_is_set_up(db):
    context._last_public.clear()

    response = Client().get("/no-such-page/")

    assert response.status_code == 404
    assert "call the school office" not in response.content.decode()


@pytest.mark.parametrize("address", ["/report/what/", "/report/evidence/"])
def test_a_portal_without_a_school_says_so(db, address):
    response = Client(raise_request_exception=False).get(address)

    assert response.status_code == 503
    assert "This portal is not set up yet" in response.content.decode()


def test_health_says_ok_and_nothing_else(school):
    response = Client().get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok"


def test_health_says_unavailable_when_the_database_is_away(school):
    def refuse(execute, sql, params, many, wrapped):
        raise OperationalError("could not connect to server at 10.0.0.7")

    with connection.execute_wrapper(refuse):
        response = Client().get("/healthz")

    assert response.status_code == 503
    assert response.content == b"unavailable"


def test_a_body_that_no_form_can_send_is_refused_before_it_is_kept(school):
    class Endless:
        def __init__(self):
            self.given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

        readline = read

    body = Endless()
    request = RequestFactory().generic(
        "POST", "/report/evidence/", b"", CONTENT_LENGTH=str(3 * 1024**3), **{"wsgi.input": body}
    )

    response = errors.LastResortMiddleware(lambda request: pytest.fail("went further"))(request)

    assert response.status_code == 413
    assert body.given <= errors.LARGEST_BODY_READ_AWAY + 1024**2


def brotli_size(name: str) -> int:
    return len(brotli.compress((ROOT / "static" / "dist" / name).read_bytes()))


@pytest.mark.parametrize("name", ["start", "report-what", "report-evidence", "report-check", "status", "policy"])
def test_a_parents_page_all_in_is_under_60_kilobytes(school, name):
    """Compressed as it is served: brotli or woff2 for files, gzip for the page itself."""
    response = Client().get(reverse(name), headers={"accept-encoding": "gzip"})
    page = Client().get(reverse(name)).content.decode()
    asked = {found.removeprefix("/static/") for found in re.findall(r'(?:src|href)="(/static/[^"]+)"', page)}
    fonts = {f"fonts/atkinson-hyperlegible-next-latin-{weight}-normal.woff2" for weight in (400, 700)}

    whole = len(response.content) + sum(brotli_size(file) for file in asked | fonts)

    assert response.headers["Content-Encoding"] == "gzip"
    assert {"css/parent.css", "js/parent.js", "images/crest.svg"} <= asked
    assert whole < 60_000, f"{name} weighs {whole} bytes"


def test_v14_3_1_whoever_signs_out_leaves_nothing_in_the_browser(signed_in, slt):
    response = signed_in(slt).post("/staff/sign-out/")

    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_v14_3_1_whoever_leaves_the_status_page_does_too(school):
    assert Client().post("/status/leave/").headers["Clear-Site-Data"] == '"cache", "storage", "cookies"'


def test_looking_at_the_sign_out_page_clears_nothing(signed_in, slt):
    assert "Clear-Site-Data" not in signed_in(slt).get("/staff/sign-out/").headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "x"])
def test_v13_4_4_methods_that_no_page_uses_are_refused(school, method):
    """Before anything is looked for: a view that forgot to say which methods it takes is covered too."""
    for address in ("/", "/no-such-page/"):
        response = Client().generic(method, address)

        assert response.status_code == 405
        check_headers(response)


WELL_KNOWN = (
    *(
        ".git/config",
        ".git/HEAD",
        ".env",
        ".svn/entries",
        ".hg/store",
        ".DS_Store",
        ".htaccess",
        "admin/",
        "admin/login/",
    ),
    *(
        "static/",
        "media/",
        "files/",
        "originals/",
        "db.sqlite3",
        "backup.zip",
        "dump.sql",
        "server-status",
        "phpinfo.php",
    ),
    *("wp-login.php", "debug/", "__debug__/", "metrics", "actuator/health", "graphql", "api/", "swagger.json"),
    *("requirements.txt", "manage.py", "settings.py", "package.json", "Dockerfile", "var/secret-key", "keys/fields"),
    *("staff/admin/", "accounts/login/", "accounts/signup/", "staff/../../etc/passwd", "static/../manage.py"),
    *("static/..%2f..%2fmanage.py", "readyz", "healthz/detail"),
)


@pytest.mark.parametrize("path", WELL_KNOWN)
def test_v13_4_1_nothing_is_where_strangers_look_first(school, path):
    response = Client().get(f"/{path}")

    assert response.status_code == 404
    assert "We could not find that page" in response.content.decode()


@pytest.mark.parametrize(
    "claimed", ["evil.example", "testserver.evil.example", "testserver@evil.example", "tes tserver"]
)
def test_a_made_up_host_is_refused(school, claimed):
    assert Client().get("/", headers={"host": claimed}).status_code == 400


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
def test_v4_1_3_a_made_up_forwarded_host_or_protocol_changes_nothing(school):
    plain = Client().get("/report/", follow=True)
    forged = Client().get(
        "/report/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}, follow=True
    )

    assert plain.redirect_chain == forged.redirect_chain
    assert "evil.example" not in forged.content.decode()
    assert "Strict-Transport-Security" not in forged.headers  # where https is believed in, there is one


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_SSL_HOST="conduct.school.example", SECURE_HSTS_SECONDS=31_536_000)
@override_settings(SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True)
def test_v3_4_1_everything_is_sent_to_https_at_the_schools_own_address_and_stays_there(school):
    plain = Client().get("/status/", headers={"host": "testserver:99999"})
    secure = Client().get("/no-such-page/", secure=True)

    assert plain.url == "https://conduct.school.example/status/"
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def templates() -> list[Path]:
    return sorted(
        file
        for folder in ("templates", "letters", "incidents", "dkh_conduct")
        for file in (ROOT / folder).rglob("*.html")
    )


@pytest.mark.parametrize("template", templates(), ids=lambda file: str(file.relative_to(ROOT)))
def test_v1_2_1_no_template_has_inline_script_or_style_or_unescaped_text(template):
    text = template.read_text()
    is_a_letter = "letters/pdf" in str(template) or template.name.startswith("letter_")

    assert not re.search(r"\son[a-z]+=[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert is_a_letter or not re.search(r"<style|\sstyle=", text)
    assert "|safe" not in text
    assert "autoescape off" not in text


# Each with its reason, given beside it there.
RISKY = re.compile(r"mark_safe\(|build_absolute_uri|csrf_exempt\b(?!,)|\.raw\(|\.extra\(|RawSQL|pickle|yaml\.load")
ALLOWED = {
    "dkh_conduct/school/page_text.py": "a page's text, cleaned against a list of elements, with facts that are escaped",
    "dkh_conduct/school/templatetags/contacts.py": "puts <wbr> into an e-mail address that it has escaped",
    "incidents/evidence/uploads.py": "sets how files are received first, then checks the token with csrf_protect",
    "incidents/reporting/reply_pages.py": "what a letter says we found, cleaned against a list of elements",
    "letters/posters.py": "the QR code of our own address, drawn by a library",
    "letters/rendering.py": "a letter's body, cleaned against a list of elements",
}


def test_v1_2_4_whatever_goes_around_a_safeguard_is_listed_here():
    found = {
        str(file.relative_to(ROOT))
        for folder in ("dkh_conduct", "incidents", "letters")
        for file in (ROOT / folder).rglob("*.py")
        if RISKY.search(file.read_text())
    }

    assert found == set(ALLOWED)
