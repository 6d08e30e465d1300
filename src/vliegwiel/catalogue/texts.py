"""Definitions that stand in no folder, laid over those that do: what was published, what is being written.

No Django: texts come from whoever makes the library. What was parsed is kept by its hash, for all libraries together.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vliegwiel.base.sourcefile import parse_source

from .library import DefinitionFile, Library, State, definition_file

FOLDERS: Mapping[str, str] = {"patroon": "patronen", "blok": "blokken", "product": "producten"}


def name_of(kind: str, key: str, owner: str = "") -> str:
    """The name of a definition as if it stood in a file; a variant needs its municipality."""
    return f"varianten/{owner}/{key}.yaml" if kind == "variant" else f"{FOLDERS[kind]}/{key}.yaml"


@dataclass(frozen=True, slots=True)
class Text:
    """A text at its address. `load` gives it when it is needed; None says that there is nothing under this name."""

    hash: str
    load: Callable[[], str] | None

    @classmethod
    def given(cls, hash_: str, text: str) -> Text:
        """A text at hand."""
        return cls(hash_, lambda: text)


GONE = Text("", None)
"""Hides what lies below it."""


class TextLibrary(Library):
    """Texts over another library. `label` must tell apart libraries in which the same names may stand for other texts."""

    def __init__(self, label: str, below: Library, texts: Mapping[str, Text]) -> None:
        super().__init__(below.folder)
        self.label = label
        self.below = below
        self.texts = texts

    def variant_file(self, municipality: str, key: str) -> DefinitionFile | None:
        name = name_of("variant", key, municipality)
        if name in self.texts:
            return self._shelved(name)
        return self.below.variant_file(municipality, key)

    def text(self, name: str) -> str | None:
        found = self.texts.get(name)
        if found is None:
            return self.below.text(name)
        return found.load() if found.load is not None else None

    def municipalities(self) -> list[str]:
        own = {name.split("/")[1][:6] for name, text in self.texts.items() if _is_variant(name) and text.load}
        return sorted(own | set(self.below.municipalities()))

    def variants_of(self, municipality: str) -> list[str]:
        below = f"varianten/{municipality}"
        return self._with_texts(below, self.below.variants_of(municipality))

    def unchanged(self, state: State) -> bool:
        name, _, hash_ = state[0].partition("@")
        found = self.texts.get(name)
        if found is not None:
            return bool(hash_) and found.hash == hash_
        return self.below.unchanged(state)

    def _names(self, below: str) -> list[str]:
        return self._with_texts(below, self.below._names(below))

    def _with_texts(self, below: str, names: list[str]) -> list[str]:
        found = set(names)
        for name, text in self.texts.items():
            folder, _, file = name.rpartition("/")
            if folder == below:
                key = file.removesuffix(".yaml")
                (found.add if text.load is not None else found.discard)(key)
        return sorted(found)

    def _file(self, below: str, key: str) -> DefinitionFile | None:
        name = f"{below}/{key}.yaml"
        return self._shelved(name) if name in self.texts else self.below._file(below, key)

    def _shelved(self, name: str) -> DefinitionFile | None:
        text = self.texts[name]
        if text.load is None:
            return None
        known = _parsed.get((name, text.hash))
        if known is None:
            known = definition_file(parse_source(text.load(), name), (f"{name}@{text.hash}", 0, 0))
            _parsed.put((name, text.hash), known)
        return known


def with_text(below: Library, kind: str, key: str, text: str, owner: str = "") -> TextLibrary:
    """The same library with one text on top: a draft, something on trial. Its lines are those of this very text."""
    return with_texts(below, {name_of(kind, key, owner): text})


def with_texts(below: Library, texts: Mapping[str, str]) -> TextLibrary:
    """As `with_text`, for several by name (`name_of`)."""
    written = {name: Text.given(f"={hashlib.sha256(text.encode()).hexdigest()}", text) for name, text in texts.items()}
    return TextLibrary(f"{below.label}+{sorted(written)}", below, written)


def _is_variant(name: str) -> bool:
    return name.startswith("varianten/")


class _Parsed:
    """What was parsed, by name and hash."""

    LIMIT = 4096

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], DefinitionFile] = {}
        self._lock = threading.Lock()

    def get(self, name: tuple[str, str]) -> DefinitionFile | None:
        return self._files.get(name)

    def put(self, name: tuple[str, str], file: DefinitionFile) -> None:
        with self._lock:
            if len(self._files) >= self.LIMIT:
                self._files.clear()
            self._files[name] = file


_parsed = _Parsed()


@functools.lru_cache(maxsize=4096)
def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10.0 comes after 1.9.0. Anything else comes first."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() and len(part) < 10 for part in parts) else ()
