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
SHORTEST = 2
MOST = 6

_SPLIT = re.compile(r"[^\w]+|_")
_POSTCODE = re.compile(r"\b(\d{4})\s?([a-z]{2})\b")


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
            if word:
                found[word[:LONGEST]] = None
    if number:
        found[re.sub(r"\D", "", number)[:LONGEST]] = None
    return list(found)


def asked(text: str) -> list[str]:
    """What somebody typed in the search field, as beginnings of words; at most six. Empty when there is nothing to find
    by: shorter than two letters, or no letters or digits at all."""
    number = read_number(text)
    if number is not None:
        return [re.sub(r"\D", "", number)]
    words = [w for w in words_of([text[:200]]) if len(w) >= SHORTEST or w.isdigit()]
    if all(len(w) < SHORTEST for w in words):
        return []
    return words[:MOST]


def end_of_range(word: str) -> str:
    """The first text after everything that begins with `word`, in code point order (the database sorts that way)."""
    head, last = word[:-1], ord(word[-1])
    # The code points of surrogates are no characters; the next one after the last before them comes after them.
    following = 0xE000 if last + 1 == 0xD800 else last + 1
    return head + chr(following) if following <= 0x10FFFF else end_of_range(head)
