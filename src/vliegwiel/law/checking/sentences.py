"""Sentences for people that are longer than level B1 allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, SourceFile, TextNode
from vliegwiel.law.findings import Finding

MOST_WORDS: Final = 25
_SENTENCES: Final = frozenset(
    ("ja", "nee", "onbekend", "waarde", "vraag", "uitleg", "omdat", "anders", "niet_geregeld")
)
_ELSEWHERE: Final = frozenset(("voorbeelden", "normen", "bronnen", "artikelen", "invulling"))


def long_sentences(source: SourceFile) -> Iterator[Finding]:
    """Each text for people with a sentence of more words than is easy to read."""
    stack: list[tuple[Node, tuple[str | int, ...]]] = [(source.root, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, ListNode):
            stack.extend((item, (*path, number)) for number, item in enumerate(node.items, 1))
        elif isinstance(node, MapNode):
            for key, value in node.entries:
                below = (*path, key.text)
                if isinstance(value, TextNode):
                    if key.text in _SENTENCES:
                        yield from _long(source.name, value, below)
                elif not path and key.text in _ELSEWHERE:
                    continue
                else:
                    stack.append((value, below))


def _long(file: str, node: TextNode, path: tuple[str | int, ...]) -> Iterator[Finding]:
    plain = re.sub(r"\{[^{}]*\}", "x", node.text)
    longest = max((len(sentence.split()) for sentence in re.split(r"(?<=[.!?])\s", plain)), default=0)
    if longest > MOST_WORDS:
        said = f"Deze zin heeft {longest} woorden. Op niveau B1 zijn dat er hoogstens {MOST_WORDS}."
        yield Finding(file, node.at.line, node.at.column, "opmerking", "lange-zin", said, path)
