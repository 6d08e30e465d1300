"""Lay definition files over each other: pattern below, shared blocks and product above it, the variant on top.

All on nodes, before anything is decoded, so that the result is checked as one whole, and each node still knows the file and
line it came from. Keyed lists (items with `sleutel`, or `pad`) merge by key; other lists and single values are replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import KeyPath, ListNode, MapNode, Node, Position, SourceError, SourceInvalid, TextNode

from .model import Deviation, Fixed

IDENTITIES = ("sleutel", "pad")
BLOCK, WITHOUT = "blok", "zonder"


@dataclass(slots=True)
class Origins:
    """Which file each node came from. Holds the nodes, so that their identity stays theirs."""

    _files: dict[int, tuple[Node, str]] = field(default_factory=dict)

    def note(self, node: Node, file: str) -> Node:
        """Say where a node (not what is below it) came from."""
        self._files[id(node)] = (node, file)
        return node

    def note_all(self, node: Node, file: str) -> None:
        """Say where a node and all below it came from."""
        self.note(node, file)
        for child in children(node):
            self.note_all(child, file)

    def of(self, node: Node, default: str = "") -> str:
        """The file of a node."""
        found = self._files.get(id(node))
        return found[1] if found else default

    def adopt(self, other: Origins) -> None:
        """Know all that another knows."""
        self._files.update(other._files)


def children(node: Node) -> Iterable[Node]:
    """What stands directly below a node."""
    if isinstance(node, MapNode):
        return (value for _, value in node.entries)
    return node.items if isinstance(node, ListNode) else ()


def identity(node: Node) -> str | None:
    """The key of an item of a keyed list, or None."""
    if isinstance(node, MapNode):
        for name in IDENTITIES:
            found = node.get(name)
            if isinstance(found, TextNode):
                return found.text
    return None


def is_keyed(node: ListNode) -> bool:
    """Whether all items of a list have a key (or stand for a shared block)."""
    return all(identity(item) is not None or is_block(item) for item in node.items)


def is_block(node: Node) -> bool:
    """Whether an item of a list stands for the items of a shared block."""
    return isinstance(node, MapNode) and node.get(BLOCK) is not None


def overlay(base: Node, over: Node, origins: Origins) -> Node:
    """`over` laid over `base`: maps per key, keyed lists per item, all else replaced."""
    if isinstance(base, MapNode) and isinstance(over, MapNode):
        return _overlay_maps(base, over, origins)
    if isinstance(base, ListNode) and isinstance(over, ListNode) and base.items and is_keyed(base) and is_keyed(over):
        return _overlay_lists(base, over, origins)
    return over


def _overlay_maps(base: MapNode, over: MapNode, origins: Origins) -> MapNode:
    above = {key.text: (key, value) for key, value in over.entries}
    entries: list[tuple[TextNode, Node]] = []
    for key, value in base.entries:
        found = above.pop(key.text, None)
        entries.append((found[0], overlay(value, found[1], origins)) if found else (key, value))
    entries.extend(above.values())
    merged = MapNode(tuple(entries), over.at)
    origins.note(merged, origins.of(over))
    return merged


def _overlay_lists(base: ListNode, over: ListNode, origins: Origins) -> ListNode:
    merged = merge_items((*base.items, *over.items), origins)
    result = ListNode(merged, over.at)
    origins.note(result, origins.of(over))
    return result


def merge_items(items: Iterable[Node], origins: Origins) -> tuple[Node, ...]:
    """Items of a keyed list, those with the same key laid over each other in the place of the first."""
    placed: dict[str, Node] = {}
    for number, item in enumerate(items):
        key = identity(item)
        name = f"\0{number}" if key is None else key
        placed[name] = overlay(placed[name], item, origins) if name in placed else item
    return tuple(placed.values())


def with_blocks(
    node: Node, block: Callable[[TextNode], MapNode | None], path: KeyPath, file: str, origins: Origins
) -> Node:
    """Every `{blok: naam}` in a list replaced by the items that the block has under the same key.

    `block` gives the block of that name. Raises `SourceInvalid` for a block that is not there.
    """
    if isinstance(node, MapNode):
        entries = tuple((k, with_blocks(v, block, (*path, k.text), file, origins)) for k, v in node.entries)
        same = all(a[1] is b[1] for a, b in zip(entries, node.entries, strict=True))
        changed: Node = node if same else MapNode(entries, node.at)
    elif isinstance(node, ListNode):
        changed = _list_with_blocks(node, block, path, file, origins)
    else:
        return node
    if changed is not node:
        origins.note(changed, file)
    return changed


def _list_with_blocks(
    node: ListNode, block: Callable[[TextNode], MapNode | None], path: KeyPath, file: str, origins: Origins
) -> Node:
    if not any(is_block(item) for item in node.items):
        items = tuple(with_blocks(item, block, (*path, n), file, origins) for n, item in enumerate(node.items, 1))
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else ListNode(items, node.at)
    found: list[Node] = []
    section = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    for number, item in enumerate(node.items, 1):
        if is_block(item) and isinstance(item, MapNode):
            found.extend(_block_items(item, section, block, (*path, number), file))
        else:
            found.append(with_blocks(item, block, (*path, number), file, origins))
    return ListNode(merge_items(found, origins), node.at)


def _block_items(
    item: MapNode, section: str, block: Callable[[TextNode], MapNode | None], path: KeyPath, file: str
) -> list[Node]:
    name = item.get(BLOCK)
    unknown = [key for key, _ in item.entries if key.text not in (BLOCK, WITHOUT)]
    if unknown or not isinstance(name, TextNode):
        raise refused(file, item.at, path, f"Bij een blok mag alleen '{BLOCK}' (een naam) en '{WITHOUT}' staan.")
    shared = block(name)
    if shared is None:
        raise refused(file, name.at, (*path, BLOCK), f"Het blok '{name.text}' bestaat niet.")
    listed = shared.get(section)
    if not isinstance(listed, ListNode):
        has = ", ".join(key.text for key, value in shared.entries if isinstance(value, ListNode))
        raise refused(
            file, name.at, (*path, BLOCK), f"Het blok '{name.text}' heeft geen '{section}'. Het heeft: {has}."
        )
    skipped = item.get(WITHOUT)
    without = {n.text for n in skipped.items if isinstance(n, TextNode)} if isinstance(skipped, ListNode) else set()
    absent = without - {identity(i) for i in listed.items}
    if absent:
        raise refused(file, item.at, (*path, WITHOUT), f"Het blok '{name.text}' heeft geen '{sorted(absent)[0]}'.")
    return [i for i in listed.items if identity(i) not in without]


def without_closed(node: Node, open_slots: Iterable[str], origins: Origins) -> Node:
    """The process without what hangs on an opening (`bij`) that the product leaves closed."""
    slots = set(open_slots)

    def kept(item: Node) -> bool:
        slot = item.get("bij") if isinstance(item, MapNode) else None
        return not isinstance(slot, TextNode) or slot.text in slots

    if not isinstance(node, MapNode):
        return node
    entries: list[tuple[TextNode, Node]] = []
    for key, value in node.entries:
        if isinstance(value, ListNode):
            left = ListNode(tuple(item for item in value.items if kept(item)), value.at)
            origins.note(left, origins.of(value))
            entries.append((key, left))
        else:
            entries.append((key, value))
    result = MapNode(tuple(entries), node.at)
    origins.note(result, origins.of(node))
    return result


def refused(file: str, at: Position, path: KeyPath, message: str) -> SourceInvalid:
    """One error, ready to raise."""
    return SourceInvalid([SourceError(file, at.line, at.column, path, message)])


# --- deviations ------------------------------------------------------------------------------------------------------


def fixed_by(fixed: Iterable[Fixed], path: tuple[str, ...]) -> Fixed | None:
    """The first fixed path that a deviation at `path` would touch: the same, above it, or below it."""
    for item in fixed:
        if all(a in ("*", b) for a, b in zip(item.keys, path, strict=False)):
            return item
    return None


def deviate(root: Node, deviation: Deviation, file: str, origins: Origins) -> Node:
    """The nodes with one deviation applied. Raises `SourceInvalid` when the path leads nowhere."""

    def fail(message: str) -> SourceInvalid:
        return refused(file, deviation.at, ("afwijkingen", deviation.path), message)

    def step(node: Node, keys: tuple[str, ...], done: tuple[str, ...]) -> Node:
        key, rest = keys[0], keys[1:]
        names = _names(node)
        if names is None:
            raise fail(f"'{'.'.join(done)}' heeft geen onderdelen met een sleutel. Zet de waarde op dat pad zelf.")
        if key not in names:
            if rest or deviation.remove:
                meant = nearest(key, names)
                hint = f" Bedoelt u '{meant}'?" if meant else ""
                raise fail(
                    f"'{key}' staat niet in '{'.'.join(done) or 'het product'}'.{hint} Er staat: {', '.join(names)}."
                )
            return _added(node, key, deviation, fail, origins, file)
        if rest:
            return _replaced(node, key, lambda child: step(child, rest, (*done, key)), origins, file)
        if deviation.remove:
            return _replaced(node, key, lambda child: None, origins, file)
        return _replaced(node, key, lambda child: _value(deviation, child, origins, file), origins, file)

    return step(root, deviation.keys, ())


def _names(node: Node) -> list[str] | None:
    if isinstance(node, MapNode):
        return [key.text for key, _ in node.entries]
    if isinstance(node, ListNode) and is_keyed(node):
        return [name for item in node.items if (name := identity(item)) is not None]
    return None


def _value(deviation: Deviation, replaces: Node, origins: Origins, file: str) -> Node:
    assert deviation.value is not None
    return _keyed_value(deviation.value.node, identity(replaces), origins, file)


def _keyed_value(value: Node, key: str | None, origins: Origins, file: str) -> Node:
    """An item of a keyed list need not say its key again: the path did."""
    if key is None or not isinstance(value, MapNode) or identity(value) is not None:
        return value
    entry = (TextNode("sleutel", True, value.at, value.at), TextNode(key, True, value.at, value.at))
    made = MapNode((entry, *value.entries), value.at)
    origins.note_all(made, file)
    return made


def _added(
    node: Node, key: str, deviation: Deviation, fail: Callable[[str], SourceInvalid], origins: Origins, file: str
) -> Node:
    assert deviation.value is not None
    value, at = deviation.value.node, deviation.at
    if isinstance(node, MapNode):
        if deviation.after:
            raise fail("'na' kan alleen bij een lijst met sleutels.")
        made: Node = MapNode((*node.entries, (TextNode(key, True, at, at), value)), node.at)
    else:
        assert isinstance(node, ListNode)
        items = list(node.items)
        place = len(items)
        if deviation.after:
            names = [identity(item) for item in items]
            if deviation.after not in names:
                raise fail(
                    f"'na' noemt '{deviation.after}', maar dat staat er niet. Er staat: {', '.join(filter(None, names))}."
                )
            place = names.index(deviation.after) + 1
        if not isinstance(value, MapNode):
            raise fail(f"'{key}' is nieuw in een lijst. De waarde moet dan een groep sleutels zijn.")
        items.insert(place, _keyed_value(value, key, origins, file))
        made = ListNode(tuple(items), node.at)
    return origins.note(made, origins.of(node))


def _replaced(node: Node, key: str, change: Callable[[Node], Node | None], origins: Origins, file: str) -> Node:
    made: Node
    if isinstance(node, MapNode):
        pairs = [(k, change(v) if k.text == key else v) for k, v in node.entries]
        made = MapNode(tuple((k, v) for k, v in pairs if v is not None), node.at)
    else:
        assert isinstance(node, ListNode)
        changed = [change(item) if identity(item) == key else item for item in node.items]
        made = ListNode(tuple(item for item in changed if item is not None), node.at)
    return origins.note(made, origins.of(node, file))
