"""Names of a DMN model (spaces, capitals, any letter) as names of a law file: small letters, digits and low lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from vliegwiel.law.feel.vocabulary import BUILTIN_NAMES, PROPERTY_NAMES

_IDENT: Final = re.compile(r"[a-z][a-z0-9_]*")
_KEYWORDS: Final = (
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between", "instance",
    "of", "true", "false", "null", "function", "external", "ja", "nee", "peildatum", "item", "partial",
)  # fmt: skip
_RESERVED: Final = frozenset((*_KEYWORDS, *(name for name in BUILTIN_NAMES if " " not in name)))
_PROPERTIES: Final = frozenset(PROPERTY_NAMES)
_LONGEST: Final = 60


class Idents:
    """One name of the law for each name of the model; a name that is one already stays as it is."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()
        given = list(dict.fromkeys(names))
        for name in [n for n in given if self.is_ident(n)] + [n for n in given if not self.is_ident(n)]:
            self.of(name)

    @staticmethod
    def is_ident(name: str) -> bool:
        """Whether a name can stand in a law file as it is."""
        return _IDENT.fullmatch(name) is not None and name not in _RESERVED

    def of(self, name: str) -> str:
        """The name in the law."""
        found = self._known.get(name)
        if found is not None:
            return found
        base = name if self.is_ident(name) else slug(name)
        made, number = base, 2
        while made in self._taken or made in _RESERVED:
            made, number = f"{base}_{number}", number + 1
        self._known[name] = made
        self._known.setdefault(made, made)
        self._taken.add(made)
        return made

    def part(self, name: str) -> str:
        """A name behind a dot: a property of FEEL stays what it is, unless the model has a part of that name."""
        return name if name in _PROPERTIES and name not in self._known else self.of(name)

    def free(self, base: str) -> str:
        """A name that nothing has yet."""
        made, number = base, 2
        while made in self._taken or made in _RESERVED:
            made, number = f"{base}_{number}", number + 1
        self._known[made] = made
        self._taken.add(made)
        return made


def slug(name: str) -> str:
    """Small letters, digits and low lines."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_")
    if not made:
        return "naam"
    return made if made[0].isalpha() else f"n_{made}"
