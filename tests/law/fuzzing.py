"""Expressions that nobody would write: made by the grammar, by spoiling good ones, and from loose characters."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from vliegwiel.law.feel.vocabulary import BUILTIN_NAMES

NAMES: Final = ("a", "b", "inkomen", "lange naam", "x-y", "lijst", "groep", "dag", "nergens")
_LITERALS: Final = (
    "0", "1", "-1", "2.50", ".5", "1e3", "9" * 40, "1e6000", '"tekst"', '""', '"\\u0041\\n"', "true", "false", "null", "[]", "{}",
    '@"2026-01-31"', '@"14:30:00"', '@"2026-01-31T14:30:00Z"', '@"P1Y2M"', '@"P3DT4H"', '@"onzin"', 'date("2024-02-30")', "?",
)  # fmt: skip
_OPERATORS: Final = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or")
_TYPES: Final = (
    "number",
    "string",
    "date",
    "list<number>",
    "context<a: number>",
    "range<date>",
    "function<number> -> Any",
    "list<",
)
_TOKENS: Final = (
    *_LITERALS, *_OPERATORS, *NAMES, "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "if", "then", "else", "for", "in",
    "return", "some", "every", "satisfies", "between", "instance of", "function", "external", "not", "@", "'", '"', "\\", "/*",
    "//", "\n", "\t", "\u00a0", "é", "𝕏", "\ud800", "__class__", "__import__",
)  # fmt: skip


class Maker:
    """Makes expressions from one source of chance, so that a run can be done again."""

    def __init__(self, chance: random.Random, corpus: tuple[str, ...]) -> None:
        self.chance = chance
        self.corpus = corpus

    def expressions(self, number: int) -> Iterator[str]:
        """So many expressions of all kinds."""
        kinds: tuple[Callable[[], str], ...] = (
            self.grown,
            self.grown,
            self.spoiled,
            self.spoiled,
            self.jumbled,
            self.noise,
        )
        for _ in range(number):
            yield self.chance.choice(kinds)()

    def grown(self) -> str:
        """By the grammar: most of these can be read."""
        return self.expression(self.chance.randrange(1, 5))

    def expression(self, depth: int) -> str:
        pick = self.chance
        if depth == 0:
            return pick.choice(_LITERALS) if pick.random() < 0.6 else pick.choice(NAMES)

        def below() -> str:
            return self.expression(depth - 1)

        forms: tuple[Callable[[], str], ...] = (
            lambda: f"{below()} {pick.choice(_OPERATORS)} {below()}",
            lambda: f"({below()} {pick.choice(_OPERATORS)} {below()})",
            lambda: f"if {below()} then {below()} else {below()}",
            lambda: f"for i in {below()} return {below()}",
            lambda: f"for i in 1..{pick.randrange(9)}, j in {below()} return [i, j, partial, {below()}]",
            lambda: f"{pick.choice(('some', 'every'))} i in {below()} satisfies {below()}",
            lambda: f"[{', '.join(below() for _ in range(pick.randrange(4)))}]",
            lambda: f"{{{', '.join(f'k{n}: {below()}' for n in range(pick.randrange(4)))}}}",
            lambda: f"{below()}[{below()}]",
            lambda: f"{below()}.{pick.choice((*NAMES, 'year', 'k0', 'start', 'time offset'))}",
            lambda: f"{pick.choice('[](')}{below()}..{below()}{pick.choice('[])')}",
            lambda: f"{pick.choice(BUILTIN_NAMES)}({', '.join(below() for _ in range(pick.randrange(4)))})",
            lambda: f"{below()} between {below()} and {below()}",
            lambda: f"{below()} in ({pick.choice(('', '< ', '>= '))}{below()}, {below()})",
            lambda: f"{below()} instance of {pick.choice(_TYPES)}",
            lambda: f"(function(p, q: number) {below()})({below()}, {below()})",
            lambda: f"-{below()}",
        )
        return pick.choice(forms)()

    def spoiled(self) -> str:
        """A good expression with some characters gone, doubled, swapped or put in."""
        text = self.chance.choice(self.corpus)
        for _ in range(self.chance.randrange(1, 4)):
            at = self.chance.randrange(len(text) + 1)
            end = min(len(text), at + self.chance.randrange(1, 6))
            change = self.chance.randrange(5)
            if change == 0:
                text = text[:at] + text[end:]
            elif change == 1:
                text = text[:end] + text[at:]
            elif change == 2:
                text = text[:at] + self.chance.choice(_TOKENS) + text[at:]
            elif change == 3:
                text = text[:at] + chr(self.chance.randrange(1, 0x2FFF)) + text[end:]
            else:
                other = self.chance.choice(self.corpus)
                text = text[:at] + other[self.chance.randrange(len(other) + 1) :]
        return text[:2000]

    def jumbled(self) -> str:
        """Tokens in any order."""
        glue = self.chance.choice(("", " ", " "))
        return glue.join(self.chance.choice(_TOKENS) for _ in range(self.chance.randrange(1, 25)))

    def noise(self) -> str:
        """Bytes, as text."""
        return self.chance.randbytes(self.chance.randrange(1, 60)).decode(
            self.chance.choice(("latin-1", "utf-16", "utf-8")), "replace"
        )


def spoiled_file(chance: random.Random, text: str) -> str:
    """A law file with some lines gone, moved, indented otherwise or spoiled."""
    lines = text.splitlines()
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(lines))
        change = chance.randrange(6)
        if change == 0:
            del lines[at]
        elif change == 1:
            lines.insert(at, chance.choice(lines))
        elif change == 2:
            lines[at] = chance.choice((" ", "  ", "\t")) + lines[at]
        elif change == 3:
            lines[at] = lines[at].lstrip(" ")
        elif change == 4:
            cut = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + chance.choice(_TOKENS) + lines[at][cut:]
        else:
            lines[at] = lines[at].replace(
                ": ", chance.choice((": [", ": {", ": &a ", ": *a ", ": !!python/object ", ": |\n")), 1
            )
        if not lines:
            return ""
    return "\n".join(lines)
