"""The files of a check: read with the name people know them by, and where in them each key stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vliegwiel.base.sourcefile import (
    KeyPath,
    ListNode,
    MapNode,
    Node,
    Position,
    SourceFile,
    SourceInvalid,
    TextNode,
    parse_source,
    read_source,
)
from vliegwiel.law.collecting import law_files
from vliegwiel.law.findings import Finding, from_errors


def plain_name(path: Path) -> str:
    """What messages call a file: from the folder `definitions` on, else its own name. The same on every machine."""
    parts = path.parts
    if "definitions" in parts:
        return "/".join(parts[parts.index("definitions") + 1 :])
    return path.name


@dataclass(slots=True)
class Sources:
    """Files that were read. `asked` are the names of those that the check is about; the others only give context."""

    files: dict[str, SourceFile] = field(default_factory=dict)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)

    def read(self, paths: Iterable[Path], name: Callable[[Path], str] = plain_name, *, asked: bool = True) -> None:
        """Read files and folders; what cannot be read is a finding. A file is read once."""
        for path in law_files(paths):
            full = path.resolve()
            if full in self.seen:
                continue
            self.seen.add(full)
            shown = name(path)
            if shown in self.lines:
                # Two files of one name in different folders.
                shown = str(path)
            try:
                self.put(shown, read_source(path, shown), path.read_text("utf-8-sig"), asked=asked)
            except SourceInvalid as error:
                self.refuse(shown, error, path.read_bytes().decode("utf-8", "replace"), asked=asked)
            except OSError:  # it was gone between finding and reading
                continue

    def give(self, named: Mapping[str, str], *, asked: bool = True) -> None:
        """Take files as text, by name."""
        for shown, text in named.items():
            try:
                self.put(shown, parse_source(text, shown), text, asked=asked)
            except SourceInvalid as error:
                self.refuse(shown, error, text, asked=asked)

    def put(self, shown: str, source: SourceFile, text: str, *, asked: bool) -> None:
        self.files[shown] = source
        self.lines[shown] = tuple(text.splitlines())
        if asked:
            self.asked.add(shown)

    def refuse(self, shown: str, error: SourceInvalid, text: str, *, asked: bool) -> None:
        self.lines[shown] = tuple(text.splitlines())
        if asked:
            self.asked.add(shown)
            self.findings.extend(from_errors(error.errors))

    # --- places ------------------------------------------------------------------------------------------------------

    def key(self, file: str, path: KeyPath) -> Position:
        """Where a key stands; the top of the file when it is not there."""
        source = self.files.get(file)
        found = _key(source.root, path) if source is not None else None
        return found[0] if found is not None else Position(1, 1)

    def at_key(self, finding: Finding) -> Finding:
        """A finding about a whole group of keys points at the name of the group, or at the key in it that it names."""
        source = self.files.get(finding.file)
        found = _key(source.root, finding.path) if source is not None and finding.path else None
        if source is None or found is None:
            return finding
        place, node = found
        at = Position(finding.line, finding.column)
        if isinstance(node, TextNode):
            group = _key(source.root, finding.path[:-1])
            about = group is not None and group[1].at == at
        else:
            about = node.at == at
        return replace(finding, line=place.line, column=place.column) if about else finding


@dataclass(frozen=True, slots=True)
class _Card:
    """What a file says of itself: a law, or an ordinance to a law (`fills`) of municipalities."""

    source: SourceFile
    id: str
    fills: str
    gemeenten: frozenset[str]
    uses: frozenset[str]


def needed(sources: Sources) -> list[SourceFile]:
    """The files asked for, and of the others those that they lean on or that lean on them.

    A context file gives way to a file asked for of the same name, and an ordinance to one for the same municipality.
    """
    cards = {name: _card(source) for name, source in sources.files.items()}
    asked = [card for name, card in cards.items() if name in sources.asked]
    mine = {(card.id, card.fills != "") for card in asked}
    ruled = {(card.fills, code) for card in asked for code in card.gemeenten if card.fills}
    others = [
        card
        for name, card in cards.items()
        if name not in sources.asked
        and (card.id, card.fills != "") not in mine
        and not any((card.fills, code) in ruled for code in card.gemeenten if card.fills)
    ]
    laws = {card.id for card in asked if not card.fills}
    wanted = {name for card in asked for name in (*card.uses, card.fills) if name}
    # Who uses a law that was asked for shows which of its rules are used.
    wanted |= {card.id for card in others if not card.fills and card.uses & laws}
    kept: list[_Card] = []
    pending = sorted(wanted | laws)
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for card in others:
            if card.id == name and not card.fills:
                kept.append(card)
                pending.extend(card.uses)
            elif card.fills == name and name in laws:
                kept.append(card)
    return [card.source for card in (*asked, *kept)]


def _card(source: SourceFile) -> _Card:
    root = source.root
    if not isinstance(root, MapNode):
        return _Card(source, "", "", frozenset(), frozenset())
    is_ordinance = root.get("wet") is None
    name = _words(root.get("verordening" if is_ordinance else "wet"))
    fills = _words(root.get("vult")) if is_ordinance else ()
    return _Card(
        source,
        name[0] if name else "",
        (fills[0] if fills else "?") if is_ordinance else "",
        frozenset(_words(root.get("gemeente"))),
        frozenset(_words(root.get("gebruikt"))),
    )


def _words(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, TextNode):
        return (node.text,)
    if isinstance(node, ListNode):
        return tuple(item.text for item in node.items if isinstance(item, TextNode))
    return ()


def _key(root: Node, path: KeyPath) -> tuple[Position, Node] | None:
    """The place of the key (or list item) that a path ends in, and what stands under it."""
    node, place = root, root.at
    for step in path:
        if isinstance(step, int):
            if not isinstance(node, ListNode) or not 1 <= step <= len(node.items):
                return None
            node = node.items[step - 1]
            place = node.at
            continue
        entry = (
            next((item for item in node.entries if item[0].text == step), None) if isinstance(node, MapNode) else None
        )
        if entry is None:
            return None
        place, node = entry[0].at, entry[1]
    return place, node
