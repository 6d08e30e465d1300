"""Names that are known in a scope. A FEEL name may hold spaces and operators (`date and time`, `a-b`), so what a text
means depends on the names it may use; the longest known name wins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.feel.lexer import Token, tokenize

# First word of a name to (all words of the name, the name as given), longest first.
NameIndex: TypeAlias = dict[str, list[tuple[tuple[str, ...], str]]]


def words_of(name: str) -> tuple[str, ...]:
    """The tokens a name consists of."""
    if name.isascii() and name.isidentifier():
        # Nearly every name of a law: one word.
        return (name,)
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelError:
        return (name,)


def index_names(names: Iterable[str]) -> NameIndex:
    """Prepare names for matching."""
    index: NameIndex = {}
    for name in names:
        words = words_of(name)
        if words:
            index.setdefault(words[0], []).append((words, name))
    for found in index.values():
        found.sort(key=lambda pair: -len(pair[0]))
    return index


def add_name(index: NameIndex, name: str) -> None:
    """One more name."""
    for word, found in index_names([name]).items():
        known = index.setdefault(word, [])
        if found[0] not in known:
            known.extend(found)
            known.sort(key=lambda pair: -len(pair[0]))


def longest(index: NameIndex, tokens: list[Token], at: int) -> tuple[str, int] | None:
    """The longest known name that starts at token `at`, with the number of tokens it takes."""
    candidates = index.get(tokens[at].text)
    if candidates is None:
        return None
    for words, name in candidates:
        size = len(words)
        if size == 1:
            return name, 1
        if at + size < len(tokens) and all(
            tokens[at + i].text == words[i] and tokens[at + i].kind != "string" for i in range(1, size)
        ):
            return name, size
    return None
