"""Definitions as a folder for git: one file a definition, as it was written, and back with only what changed.

    patronen/ blokken/ producten/ varianten/GM0546-leiden/ vliegwiel-catalogus.json

The index is sorted and holds no moment, so that exporting twice changes nothing. No Django here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.base.sourcefile import MAX_BYTES, SourceInvalid
from vliegwiel.base.typed import prepare

from ..canonical import node_hash, text_hash
from ..library import DefinitionFile, Library, header
from ..texts import FOLDERS

INDEX = "vliegwiel-catalogus.json"
FORMAT = "vliegwiel-map"
MOST_FILES = 20_000
_README = (
    "Definities van Vliegwiel: patronen, blokken, producten en varianten. Elk bestand is een definitie zoals zij is geschreven.\n"
    "Verander een bestand en lees de map weer in; alleen wat anders is, wordt een concept. De lijst hoeft u niet bij te werken.\n"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition in a folder. `file` is its path in the folder, `owner` the municipality of a variant."""

    file: str
    kind: str
    key: str
    owner: str
    version: str
    hash: str
    text: str


class ChangeKind(StrEnum):
    """What is different in a folder."""

    SAME = "hetzelfde"
    CHANGED = "veranderd"
    NEW = "nieuw"
    ABSENT = "staat niet in de map"
    WRONG = "niet leesbaar"


@dataclass(frozen=True, slots=True)
class Change:
    """One definition of a folder against what counts here. `why` says what is wrong with one that cannot be read."""

    entry: Entry
    kind: ChangeKind
    why: str = ""


class _Listed(msgspec.Struct):
    bestand: str
    hash: str
    soort: str
    sleutel: str
    gemeente: str = ""
    versie: str = ""


class _Index(msgspec.Struct):
    formaat: str
    versie: int
    definities: list[_Listed]


prepare(_Index)


def entries_of(found: Library, owners: Iterable[str] | None = None) -> Iterator[Entry]:
    """Every definition of a library that can be read, sorted by file. `owners`: of which municipalities the variants (all)."""
    made = [*_shared(found), *_variants(found, owners)]
    yield from sorted(made, key=lambda one: one.file)


def _shared(found: Library) -> Iterator[Entry]:
    for kind, names, get in (
        ("patroon", found.patterns(), found.pattern),
        ("blok", found.blocks(), found.block),
        ("product", found.products(), found.product),
    ):
        for key in names:
            file = get(key)
            if file is not None:
                yield _entry(found, file, f"{FOLDERS[kind]}/{key}.yaml", kind, key, "")


def _variants(found: Library, owners: Iterable[str] | None) -> Iterator[Entry]:
    for owner in found.municipalities() if owners is None else sorted(owners):
        for key in found.variants_of(owner):
            file = found.variant_file(owner, key)
            if file is not None:
                # A published variant has no folder with a name; the code is enough.
                folder = file.name.split("/")[1] if file.name.startswith("varianten/") else owner
                yield _entry(found, file, f"varianten/{_named(folder, owner)}/{key}.yaml", "variant", key, owner)


def _named(folder: str, owner: str) -> str:
    return folder if folder.startswith(f"{owner}-") else f"{owner}-gemeente"


def _entry(found: Library, file: DefinitionFile, name: str, kind: str, key: str, owner: str) -> Entry:
    text = found.text(file.state[0].partition("@")[0] or file.name) or ""
    return Entry(name, kind, key, owner, header(file, "versie"), node_hash(file.root), text)


def write(entries: Iterable[Entry], folder: Path) -> int:
    """Write a folder; gives how many definitions. What an earlier export put there and is gone, goes.

    Raises `Conflict` for a folder with other things in it: nothing of somebody else is written over.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / INDEX).is_file() and not _only_git(folder):
        raise Conflict(f"In {folder} staat al iets anders. Kies een lege map, of een map die eerder zo is gemaakt.")
    listed = list(entries)
    before = {one.bestand for one in _index(folder).definities} if (folder / INDEX).is_file() else set()
    for one in listed:
        path = _inside(folder, one.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.text.encode("utf-8"))
    for gone in before - {one.file for one in listed}:
        _inside(folder, gone).unlink(missing_ok=True)
    index = {
        "formaat": FORMAT,
        "versie": 1,
        "definities": [
            {
                "bestand": one.file, "hash": one.hash, "soort": one.kind, "sleutel": one.key, "gemeente": one.owner,
                "versie": one.version,
            }
            for one in listed
        ],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX).write_bytes(msgspec.json.format(msgspec.json.encode(index, order="sorted"), indent=1) + b"\n")
    (folder / "LEESMIJ.txt").write_text(_README, encoding="utf-8")
    return len(listed)


def _only_git(folder: Path) -> bool:
    return all(path.name.startswith(".git") for path in folder.iterdir())


def read(folder: Path) -> Iterator[Change | Entry]:
    """The definitions that stand in a folder, sorted by file: an `Entry`, or a `Change` that says why one cannot be read.

    Raises `Invalid` for a folder without definitions. Links that lead out of the folder are not followed.
    """
    root = folder.resolve()
    files = [path for below in (*FOLDERS.values(), "varianten") for path in sorted((root / below).rglob("*.yaml"))]
    if not files:
        raise Invalid(f"In {folder} staan geen definities (mappen patronen, blokken, producten of varianten).")
    if len(files) > MOST_FILES:
        raise Invalid(f"In {folder} staan {len(files)} bestanden; hoogstens {MOST_FILES} kan.")
    kinds = {place: kind for kind, place in FOLDERS.items()}
    for path in files:
        name = path.relative_to(root).as_posix()
        parts = name.split("/")
        kind = kinds.get(parts[0], "variant")
        owner = parts[1][:6] if kind == "variant" and len(parts) == 3 else ""
        blank = Entry(name, kind, path.stem, owner, "", "", "")
        if len(parts) != (3 if kind == "variant" else 2) or not path.resolve().is_relative_to(root):
            yield Change(blank, ChangeKind.WRONG, "Dit bestand staat niet op een plaats waar definities horen.")
            continue
        yield _read_one(path, blank)


def _read_one(path: Path, blank: Entry) -> Change | Entry:
    data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    try:
        text = data.decode("utf-8-sig")
        hash_ = text_hash(text, blank.file)
    except UnicodeDecodeError:
        return Change(blank, ChangeKind.WRONG, "Het bestand is geen UTF-8-tekst.")
    except SourceInvalid as error:
        return Change(blank, ChangeKind.WRONG, str(error.errors[0]))
    return Entry(blank.file, blank.kind, blank.key, blank.owner, "", hash_, text)


def compare(there: Iterable[Change | Entry], here: Iterable[Entry]) -> tuple[Change, ...]:
    """What a folder holds against what counts here, by file; what the folder does not have comes last."""
    known = {(one.kind, one.key, one.owner): one for one in here}
    found: list[Change] = []
    for one in there:
        if isinstance(one, Change):
            known.pop((one.entry.kind, one.entry.key, one.entry.owner), None)
            found.append(one)
            continue
        ours = known.pop((one.kind, one.key, one.owner), None)
        kind = ChangeKind.NEW if ours is None else ChangeKind.SAME if ours.hash == one.hash else ChangeKind.CHANGED
        found.append(Change(one, kind))
    return (*found, *(Change(one, ChangeKind.ABSENT) for one in known.values()))


def _index(folder: Path) -> _Index:
    try:
        found = msgspec.json.decode((folder / INDEX).read_bytes(), type=_Index)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Conflict(f"{INDEX} in {folder} is niet te lezen. Kies een andere map.") from error
    if found.formaat != FORMAT or found.versie != 1:
        raise Conflict(
            f"{INDEX} in {folder} is van een ander of nieuwer formaat. Werk het platform bij, of kies een lege map."
        )
    return found


def _inside(folder: Path, name: str) -> Path:
    """A path below the folder; an index from elsewhere may name anything."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path.suffix != ".yaml":
        raise Conflict(f"'{name}' in {INDEX} ligt buiten de map. Kies een andere map.")
    return path
