"""Every language has every sentence, none has lost a value, and what Django reads is what was written."""

from __future__ import annotations

import re
import tomllib

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

from incidents.policy.wording import POLICY, policy_in
from tests import translations
from tests.demo_school import ROOT

LANGUAGES = translations.languages()
# Where staff write a concern down for somebody, with the parents' own questions.
FOR_STAFF = {"concern_record.html", "_recording.html"}
# What a parent or an addressee sees. Messages to staff, who sign in, are in English.
TEMPLATES = [
    path
    for pattern in (
        "reporting/*.html",
        "errors/*.html",
        "emails/*.txt",
        "school/page.html",
        "triage/*_message.txt",
        "base.html",
        "parent*.html",
        "_languages.html",
        "letters/poster.html",
        "letters/receipt.html",
    )
    for path in sorted((ROOT / "templates").glob(pattern))
    if "Sign in" not in path.read_text(encoding="utf-8") and path.name not in FOR_STAFF
]
READ_ALOUD = re.compile(r'(?:alt|title|aria-label|placeholder|content|data-i18n[\w.-]*)="([^"{]*[A-Za-z]{2}[^"{]*)"')
NOT_WORDS = {"width=device-width, initial-scale=1, viewport-fit=cover", "noindex"}


def test_the_portal_speaks_the_languages_that_have_a_folder():
    assert [code for code, _ in settings.LANGUAGES] == ["en-gb", *LANGUAGES]
    assert {"es", "pt", "fr", "ar"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    assert translations.untranslated(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_value_element_and_emergency_number(language):
    assert translations.damaged(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_nothing_that_is_no_longer_said(language):
    assert translations.unsaid(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_what_was_written(language):
    path = translations.LOCALE / language / "LC_MESSAGES" / "django.mo"

    assert path.read_bytes() == translations.compiled(language)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_parents_template_has_no_sentence_outside_the_catalogues(path):
    source = path.read_text(encoding="utf-8")
    tokens, inside, text = Lexer(source).tokenize(), False, []
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] in {"blocktranslate", "endblocktranslate"}:
            inside = token.contents.startswith("blocktranslate")
        elif token.token_type == TokenType.TEXT and not inside:
            text.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            text.append("{")
    markup = "".join(text)
    bare = re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", markup))
    read_aloud = [found for found in READ_ALOUD.findall(markup) if found not in NOT_WORDS]

    assert bare + read_aloud == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_policy_has_every_clause_and_says_that_the_english_prevails(language):
    raw = tomllib.loads((ROOT / "incidents" / "policy" / f"dkh.{language}.toml").read_text(encoding="utf-8"))
    read = policy_in(language)

    assert set(raw["clauses"]) == {clause.key for clause in POLICY.clauses}
    assert set(raw["steps"]) == {step.key for step in POLICY.steps}
    assert set(raw["groups"]) == set(POLICY.group_leads)
    assert read.notice
    assert (read.version, read.school) == (POLICY.version, POLICY.school)
    for name in ("about", "important", "expectations", "expect", "raising"):
        assert len(getattr(read, name)) == len(getattr(POLICY, name)), name
    for name in ("title", "see_also", "closing", "ladder_lead", "raising_heading"):
        assert getattr(read, name) != getattr(POLICY, name), name


def test_a_language_without_a_translated_policy_reads_the_policy_itself():
    assert policy_in("cy") is POLICY
