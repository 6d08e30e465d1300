"""Which law a command is about: one of the catalogue by its name, a file, or a folder; with the laws and ordinances it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, SourceInvalid, TextNode, read_source
from vliegwiel.law.book import LawBook
from vliegwiel.law.collecting import law_files

from .output import Refused

_NAMES: Final = re.compile(r"^(wet|verordening|vult):[ \t]*[\"']?([a-z0-9_]+)", re.MULTILINE)
CATALOGUE: Final = Path(__file__).resolve().parents[1] / "definitions" / "wetten"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A law and the book it is in. `files` are what the book was read from."""

    book: LawBook
    law: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """Which law or ordinance a file is: its name, and for an ordinance the law that it fills."""

    path: Path
    id: str
    fills: str | None

    @property
    def more(self) -> _Details:
        """What else it says of itself."""
        return _details(self.path)


@dataclass(frozen=True, slots=True)
class _Details:
    """The municipalities of an ordinance, the laws that a law uses, and the open terms that it has or fills."""

    municipalities: frozenset[str]
    uses: tuple[str, ...]
    terms: frozenset[str]


def open_law(given: str, ordinances: Path | None = None) -> Chosen:
    """The law of this name in the catalogue, or the one in this file or folder.

    What it refers to is taken from beside it, and else from the catalogue. `ordinances` is a folder or file whose ordinances
    come in the place of those the catalogue has for the same municipality. Raises `Refused` in one line.
    """
    catalogue = _cards([CATALOGUE])
    path = Path(given)
    if any(card.id == given and card.fills is None for card in catalogue):
        own: list[_Card] = []
        law = given
    elif path.exists():
        own = _cards([path])
        law = _law_in(own, given)
    else:
        raise Refused(_not_there(given, [card.id for card in catalogue if card.fills is None]))
    if ordinances is not None:
        if not ordinances.exists():
            raise Refused(f"{ordinances} bestaat niet.")
        extra = [card for card in _cards([ordinances]) if card.fills is not None]
        if not extra:
            raise Refused(f"In {ordinances} staan geen verordeningen.")
        known = {card.path.resolve() for card in own}
        own += [card for card in extra if card.path.resolve() not in known]
    files = tuple(sorted({card.path for card in _needed(law, own, catalogue)}))
    try:
        return Chosen(LawBook.load(files), law, files)
    except SourceInvalid as error:
        first, *others = error.errors
        more = f" En nog {len(others)}; zie: vliegwiel law check" if others else ""
        raise Refused(f"{first}{more}") from error


def find_file(given: str) -> Path:
    """The file of a law or ordinance of the catalogue, by its name. Raises `Refused` in one line."""
    catalogue = _cards([CATALOGUE])
    found = next((card.path for card in catalogue if card.id == given), None)
    if found is None:
        raise Refused(_not_there(given, [card.id for card in catalogue if card.fills is None]))
    return found


def _not_there(given: str, known: Sequence[str]) -> str:
    if "/" in given or "." in given:
        return f"Het bestand {given} bestaat niet."
    meant = nearest(given, known)
    hint = f" Bedoelt u '{meant}'?" if meant else f" Wel: {', '.join(sorted(set(known)))}."
    return f"De wet '{given}' is er niet.{hint}"


def _law_in(cards: Sequence[_Card], given: str) -> str:
    """The law that a file or folder is about: the one no other law in it uses."""
    laws = {card.id for card in cards if card.fills is None}
    if not laws:
        laws = {card.fills for card in cards if card.fills is not None}
    used = {name for card in cards for name in card.more.uses}
    found = sorted(laws - used) or sorted(laws)
    if not found:
        raise Refused(f"In {given} staat geen wet (een bestand dat op .yaml eindigt en met 'wet:' begint).")
    if len(found) > 1:
        raise Refused(f"In {given} staan meer wetten: {', '.join(found)}. Noem het bestand van een ervan.")
    return found[0]


def _needed(law: str, own: Sequence[_Card], catalogue: Sequence[_Card]) -> Iterable[_Card]:
    """The files of the law, of the laws it uses, and of all their ordinances; our own before those of the catalogue."""
    ours = {card.id for card in own if card.fills is None}
    ruled = {(card.fills, code) for card in own if card.fills is not None for code in card.more.municipalities}
    terms = {
        name: frozenset(term for card in own if card.id == name and card.fills is None for term in card.more.terms)
        for name in ours
    }

    def wanted(card: _Card) -> bool:
        """Whether a file of the catalogue counts beside our own."""
        if card.fills is None:
            return card.id not in ours
        if any((card.fills, code) in ruled for code in card.more.municipalities):
            return False
        # An ordinance of the catalogue to a law of our own counts only where our law leaves room for it.
        return card.fills not in ours or card.more.terms <= terms[card.fills]

    seen: set[str] = set()
    pending = [law]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for card in (*own, *catalogue):
            if name != (card.id if card.fills is None else card.fills) or (card not in own and not wanted(card)):
                continue
            if card.fills is None:
                pending.extend(card.more.uses)
            yield card


def _cards(paths: Iterable[Path]) -> list[_Card]:
    """What is in these files. The catalogue is large: only the lines that name a text are looked at."""
    found: list[_Card] = []
    for path in law_files(paths):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{path} is niet te lezen.") from error
        names = dict(_NAMES.findall(text))
        ordinance = "verordening" in names
        fills = names.get("vult", "") if ordinance else None
        found.append(_Card(path, names.get("verordening" if ordinance else "wet", ""), fills))
    return found


@cache
def _details(path: Path) -> _Details:
    try:
        root = read_source(path, path.name).root
    except SourceInvalid as error:
        raise Refused(str(error.errors[0])) from error
    if not isinstance(root, MapNode):
        return _Details(frozenset(), (), frozenset())
    return _Details(
        frozenset(_words(root.get("gemeente"))),
        _words(root.get("gebruikt")),
        _keys(root.get("open_termen")) | _keys(root.get("invulling")),
    )


def _keys(node: Node | None) -> frozenset[str]:
    return frozenset(key.text for key, _ in node.entries) if isinstance(node, MapNode) else frozenset()


def _words(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, TextNode):
        return (node.text,)
    if isinstance(node, ListNode):
        return tuple(item.text for item in node.items if isinstance(item, TextNode))
    return ()
