"""Finding a case by name, address or number. Words are cut to one form, stored one a row, and found by their beginning.

Under row-level security PostgreSQL may use an index only for leakproof operators; comparing plain text is, LIKE, trigrams
and full-text search are not. So the search is a range on a btree: everything from `jan` up to, not including, `jao`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .numbers import read_number

LONGEST = 40
MOST = 6
# Shorter ones must match whole: the beginning "23" would find every postcode of a town.
BEGINNING, BEGINNING_IN_DIGITS = 3, 4
# In so many names that they find nothing.
PARTICLES = frozenset(("van", "de", "der", "den", "het", "ten", "ter", "te", "in", "aan", "op", "t"))

_SPLIT = re.compile(r"[^\w]+|_")
_POSTCODE = re.compile(r"\b(\d{4})\s?([a-z]{2})\b")


# A range that ends in `word + " "` holds that word alone: no word has a space in it.


def plain(text: str) -> str:
    """Lower case without accents: `Müller-Ægir` becomes `muller-aegir`."""
    text = text.casefold().replace("æ", "ae").replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def words_of(texts: Iterable[str], number: str = "") -> list[str]:
    """The words a case is found by, each once, in order. A postcode counts as one word, as do the digits of the number."""
    found: dict[str, None] = {}
    for text in texts:
        joined = _POSTCODE.sub(r"\1\2", plain(text))
        for word in _SPLIT.split(joined):
            if word and word not in PARTICLES:
                found[word[:LONGEST]] = None
    if number:
        found[re.sub(r"\D", "", number)[:LONGEST]] = None
    return list(found)


def asked(text: str) -> list[tuple[str, str]]:
    """What somebody typed in the search field as ranges of words, each from the first up to, not including, the second; at
    most six. Empty when there is nothing to find by."""
    number = read_number(text)
    words = [re.sub(r"\D", "", number)] if number else words_of([text[:200].replace("\0", "")])[:MOST]
    return [(word, end_of_range(word) if _is_beginning(word) else word + " ") for word in words]


def _is_beginning(word: str) -> bool:
    return len(word) >= (BEGINNING_IN_DIGITS if word[0].isdigit() else BEGINNING)


def end_of_range(word: str) -> str:
    """The first text after everything that begins with `word`, in code point order (the database sorts that way)."""
    head, last = word[:-1], ord(word[-1])
    # The code points of surrogates are no characters; the next one after the last before them comes after them.
    following = 0xE000 if last + 1 == 0xD800 else last + 1
    return head + chr(following) if following <= 0x10FFFF else end_of_range(head)
