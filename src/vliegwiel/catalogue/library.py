"""The definition files: found by name, read once, read again when a file changes on disk.

    patronen/<patroon>.yaml   blokken/<blok>.yaml   producten/<product>.yaml   varianten/<GMcode>-<naam>/<product>.yaml

No Django. Safe to use from several threads: what was read is immutable, and reading twice gives the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from vliegwiel.base.sourcedecode import decode
from vliegwiel.base.sourcefile import MapNode, SourceFile, TextNode, read_source

from .layers import Origins, refused
from .model import Variant

DEFINITIONS = Path(__file__).resolve().parents[1] / "definitions"
_LONGEST = 80
_NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")

State = tuple[str, int, int]
"""A file and when it last changed: name, time in nanoseconds, size."""


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """A file that was read: name below the definitions folder, top node, origins of its nodes, state on disk."""

    name: str
    root: MapNode
    origins: Origins
    state: State

    @property
    def source(self) -> SourceFile:
        """As the decoder takes it."""
        return SourceFile(self.name, self.root)


class Library:
    """The definitions in one folder."""

    def __init__(self, folder: Path = DEFINITIONS) -> None:
        self.folder = folder
        self.label = str(folder)
        self._read: dict[str, DefinitionFile] = {}
        self._variants: dict[str, tuple[State, Variant]] = {}
        self._folders: tuple[int, dict[str, str]] | None = None

    def pattern(self, key: str) -> DefinitionFile | None:
        """A pattern, or None."""
        return self._file("patronen", key)

    def block(self, key: str) -> DefinitionFile | None:
        """A shared block, or None."""
        return self._file("blokken", key)

    def product(self, key: str) -> DefinitionFile | None:
        """A product, or None."""
        return self._file("producten", key)

    def variant_file(self, municipality: str, key: str) -> DefinitionFile | None:
        """The variant file of a municipality on a product, or None."""
        folder = self._variant_folders().get(municipality)
        return self._file(f"varianten/{folder}", key) if folder else None

    def text(self, name: str) -> str | None:
        """A file as it was written, comments and all; None where it is not there. `name` as in `DefinitionFile.name`."""
        below, _, file = name.rpartition("/")
        found = self._file(below, file.removesuffix(".yaml"))
        return (self.folder / name).read_text("utf-8") if found else None

    def variant(self, municipality: str, key: str) -> tuple[Variant, DefinitionFile] | None:
        """The variant of a municipality on a product, decoded, or None. Raises `SourceInvalid`."""
        file = self.variant_file(municipality, key)
        if file is None:
            return None
        known = self._variants.get(file.name)
        if known is not None and known[0] == file.state:
            return known[1], file
        variant = decode(file.source, Variant)
        for name, says, belongs in (
            ("gemeente", variant.municipality, municipality),
            ("product", variant.product, key),
        ):
            if says != belongs:
                node = file.root.get(name) or file.root
                message = f"De map en de naam van dit bestand zeggen '{belongs}'. Zet dat hier ook neer."
                raise refused(file.name, node.at, (name,), message)
        self._variants[file.name] = (file.state, variant)
        return variant, file

    def patterns(self) -> list[str]:
        """Keys of all patterns."""
        return self._names("patronen")

    def blocks(self) -> list[str]:
        """Keys of all shared blocks."""
        return self._names("blokken")

    def products(self) -> list[str]:
        """Keys of all products."""
        return self._names("producten")

    def municipalities(self) -> list[str]:
        """Codes of the municipalities that have a variant of something."""
        return sorted(self._variant_folders())

    def variants_of(self, municipality: str) -> list[str]:
        """Keys of the products that a municipality has a variant of."""
        folder = self._variant_folders().get(municipality)
        return self._names(f"varianten/{folder}") if folder else []

    def unchanged(self, state: State) -> bool:
        """Whether a file on disk is still as it was when it was read."""
        try:
            status = (self.folder / state[0]).stat()
        except FileNotFoundError:
            return False
        return (status.st_mtime_ns, status.st_size) == state[1:]

    # -- inside ----------------------------------------------------------------------------------------------------

    def _variant_folders(self) -> dict[str, str]:
        root = self.folder / "varianten"
        try:
            changed = root.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        # A folder is new when its parent changed; looking at each of 342 names for each product costs more than the rest.
        known = self._folders
        if known is not None and known[0] == changed:
            return known[1]
        names = {p.name[:6]: p.name for p in root.iterdir() if re.fullmatch(r"GM[0-9]{4}-[a-z0-9-]+", p.name)}
        self._folders = (changed, names)
        return names

    def _names(self, below: str) -> list[str]:
        folder = self.folder / below
        return sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []

    def _file(self, below: str, key: str) -> DefinitionFile | None:
        # The key may come from an address on the web; only what looks like a name ever becomes a path.
        if len(key) > _LONGEST or not _NAME.fullmatch(key):
            return None
        name = f"{below}/{key}.yaml"
        path = self.folder / name
        try:
            status = path.stat()
        except FileNotFoundError:
            self._read.pop(name, None)
            return None
        state = (name, status.st_mtime_ns, status.st_size)
        known = self._read.get(name)
        if known is not None and known.state == state:
            return known
        made = definition_file(read_source(path, name), state)
        self._read[name] = made
        return made


def definition_file(source: SourceFile, state: State) -> DefinitionFile:
    """What was read, with the origin of each node. Raises `SourceInvalid` when it is no group of keys."""
    if not isinstance(source.root, MapNode):
        raise refused(source.name, source.root.at, (), "Hier hoort een groep sleutels, geen lijst of losse waarde.")
    origins = Origins()
    origins.note_all(source.root, source.name)
    return DefinitionFile(source.name, source.root, origins, state)


def header(file: DefinitionFile, key: str) -> str:
    """A text at the top of a file, or nothing."""
    node = file.root.get(key)
    return node.text if isinstance(node, TextNode) else ""
