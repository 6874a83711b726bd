"""How old somebody must be to read a letter with ease: Flesch and Kincaid's grade, as years of age.

Source: Kincaid, Fishburne, Rogers and Chissom, 1975, “Derivation of new readability formulas”. A grade is a school
year in the United States; a child in the first of them is six. The policy's own words and other quotations are left
out, because nobody here can make them plainer; so are names of the letter's fields, numbers and addresses.
"""

from __future__ import annotations

import re

from letters.text import plain_sentences

MOST = 12
FEWEST_WORDS = 30  # the measure says nothing about less
_QUOTED = re.compile(r"“[^”]*”")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàáâäæèéêëìíîïòóôöœùúûü]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^tdaeiouy]ed|[^sxzchgaeiouy]es)$")


def reading_age(body: str) -> float | None:
    """The age in years; None where there are too few words to tell."""
    sentences = [words for sentence in plain_sentences(body) if (words := _WORD.findall(_QUOTED.sub("", sentence)))]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST_WORDS:
        return None
    spoken = sum(map(syllables, words))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
    return round(grade + 5, 1)


def syllables(word: str) -> int:
    """Groups of vowels, without the e that nobody says; at least one."""
    lower = word.lower()
    groups = len(_VOWELS.findall(lower))
    return max(1, groups - 1 if _SILENT.search(lower) and groups > 1 else groups)


def hardest(body: str) -> str:
    """The sentence to begin with: the one that makes the letter hardest to read."""
    found = [(sentence, _WORD.findall(_QUOTED.sub("", sentence))) for sentence in plain_sentences(body)]
    scored = [
        (0.39 * len(words) + 11.8 * sum(map(syllables, words)) / len(words), sentence)
        for sentence, words in found
        if len(words) > 4
    ]
    return max(scored)[1] if scored else ""
