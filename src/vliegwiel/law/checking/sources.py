"""The files of a check: read with the name people know them by, and where in them each key stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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

    def lean_on(self, paths: Iterable[Path]) -> None:
        """Read those of these files that the files asked for need. Nothing is told about them."""
        others: dict[Path, _Card] = {}
        for path in law_files(paths):
            if path.resolve() not in self.seen:
                try:
                    others[path] = _card(path.read_text("utf-8-sig"))
                except (OSError, UnicodeDecodeError):
                    continue
        asked = [_card("\n".join(self.lines[name])) for name in sorted(self.asked)]
        self.read(_needed(asked, others), asked=False)

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

    def leaning_on_unread(self) -> set[str]:
        """The files that lean on a file that could not be read: what is said about them may only follow from that."""
        cards = {name: _card("\n".join(lines)) for name, lines in self.lines.items()}
        unread = {card.id for name, card in cards.items() if name not in self.files}
        unread |= {cards[finding.file].id for finding in self.findings if finding.file in cards}
        return {
            name for name, card in cards.items() if name in self.files and (card.fills in unread or card.uses & unread)
        }

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

    id: str
    fills: str
    gemeenten: frozenset[str]
    uses: frozenset[str]


def _card(text: str) -> _Card:
    """The card of a file, from its keys at the margin: no need to read a hundred files for the few that matter."""

    def words(key: str) -> list[str]:
        found = re.search(rf"^{key}:(.*(?:\n(?:[ \-\]].*|\s*))*)", text, re.MULTILINE)
        plain = re.sub(r"#.*", "", found.group(1)) if found else ""
        return re.findall(r"\w+", plain)

    law = words("wet")
    name = law or words("verordening")
    fills = [] if law else words("vult") or ["?"]
    return _Card(
        name[0] if name else "",
        fills[0] if fills else "",
        frozenset(words("gemeente")),
        frozenset(words("gebruikt")),
    )


def _needed(asked: Sequence[_Card], others: Mapping[Path, _Card]) -> list[Path]:
    """Of these files those that the files asked for lean on, and those that lean on them.

    A file gives way to one asked for of the same name, and an ordinance to one for the same municipality.
    """
    mine = {(card.id, card.fills != "") for card in asked}
    ruled = {(card.fills, code) for card in asked for code in card.gemeenten if card.fills}
    pool = {
        path: card
        for path, card in others.items()
        if (card.id, card.fills != "") not in mine
        and not any((card.fills, code) in ruled for code in card.gemeenten if card.fills)
    }
    laws = {card.id for card in asked if not card.fills}
    pending = [name for card in asked for name in (*card.uses, card.fills) if name]
    # Who uses a law that was asked for shows which of its rules are used.
    pending += [card.id for card in pool.values() if not card.fills and card.uses & laws]
    kept = [path for path, card in pool.items() if card.fills in laws]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for path, card in pool.items():
            if card.id == name and not card.fills:
                kept.append(path)
                pending.extend(card.uses)
    return sorted(set(kept))


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
