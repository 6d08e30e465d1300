"""Changes that a person makes on a page, put in the text of a draft: of a variant as deviations with a reason, else directly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vliegwiel.base.errors import Conflict, NotFound
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, parse_source

from ..layers import identity, is_keyed
from ..merging import alike
from . import changing
from .deviating import Why, covering, deviate_in, without_deviation
from .parts import Path, node_at
from .rewriting import rewrite

OWN = ("voorbeelden", "bronnen")
"""What a municipality has beside a product: no deviations, so without a reason."""


@dataclass(frozen=True, slots=True)
class Workpiece:
    """The text of a draft with what it makes. `root`: the definition laid together; `base`: the same before the variant."""

    kind: str
    text: str
    root: Node
    base: Node

    @property
    def deviates(self) -> bool:
        """Whether changes become deviations."""
        return self.kind == "variant"


def needs_reason(kind: str, path: Path) -> bool:
    """Whether a change in this place must say why."""
    return kind == "variant" and bool(path) and path[0] not in OWN


def put(piece: Workpiece, changes: Sequence[tuple[Path, Node | None]], why: Why | None) -> str:
    """The text with these values in these places (None: nothing there any more). Raises as `rewrite`, and `Conflict`."""
    text = piece.text
    for path, value in changes:
        if piece.deviates and path[0] not in OWN:
            assert why is not None
            text = _deviated(piece, text, path, value, why)
        else:
            text = _direct(piece, text, path, value)
    return text


def _direct(piece: Workpiece, text: str, path: Path, value: Node | None) -> str:
    root = parse_source(text, "concept").root
    if value is not None:
        return rewrite(text, changing.placed(root, path, value))
    try:
        return rewrite(text, changing.removed(root, path))
    except NotFound as error:
        raise Conflict(_ELSEWHERE) from error


_ELSEWHERE = "Dit onderdeel komt uit het patroon of uit een gedeeld blok. Wijzig het daar."


def _deviated(piece: Workpiece, text: str, path: Path, value: Node | None, why: Why) -> str:
    base = node_at(piece.base, path)
    above = covering(text, path)
    exact = above is not None and above.path == path
    if alike(base, value) and (exact or above is None):
        return without_deviation(text, path) if exact else text
    if above is None and value is not None:
        path, value = _from_what_is_there(piece.root, path, value)
    return deviate_in(text, path, value, why)


def _from_what_is_there(root: Node, path: Path, value: Node) -> tuple[Path, Node]:
    """A deviation can add one key to what is there. What is missing above it comes along in its value."""
    deep = next((length for length in range(len(path) - 1, 0, -1) if node_at(root, path[:length]) is not None), 0)
    if deep == len(path) - 1:
        return path, value
    made = changing.placed(MapNode((), value.at), path[deep + 1 :], value)
    return path[: deep + 1], made


def add(piece: Workpiece, path: Path, item: Node, why: Why | None, *, after: str = "") -> str:
    """The text with a new item in the list at a path."""
    listed = node_at(piece.root, path)
    key = identity(item)
    keyed = not isinstance(listed, ListNode) or not listed.items or is_keyed(listed)
    if piece.deviates and path[0] not in OWN:
        assert why is not None
        if listed is None or key is None or not keyed:
            items = listed.items if isinstance(listed, ListNode) else ()
            return put(piece, [(path, ListNode((*items, item), item.at))], why)
        return deviate_in(piece.text, (*path, key), _without_key(item), why, after=after)
    root = parse_source(piece.text, "concept").root
    if piece.deviates and key is not None:
        return rewrite(piece.text, changing.placed(root, (*path, key), item))
    own = node_at(root, path)
    if not keyed and own is None and isinstance(listed, ListNode):
        root = changing.placed(root, path, listed)
    return rewrite(piece.text, changing.inserted(root, path, item, after=after or None))


def _without_key(item: Node) -> Node:
    if not isinstance(item, MapNode):
        return item
    return MapNode(tuple(pair for pair in item.entries if pair[0].text != "sleutel"), item.at)


def drop(piece: Workpiece, path: Path, why: Why | None) -> str:
    """The text without the item or value at a path. Raises `NotFound` when nothing stands there, and `Conflict`."""
    if node_at(piece.root, path) is None:
        raise NotFound("Dit onderdeel staat er niet (meer).")
    parent = node_at(piece.root, path[:-1])
    if isinstance(parent, ListNode) and not is_keyed(parent):
        left = changing.removed(parent, path[-1:])
        return put(piece, [(path[:-1], left)], why)
    return put(piece, [(path, None)], why)


def move(piece: Workpiece, path: Path, by: int, why: Why | None) -> str:
    """The text with an item some places further in its list. Raises `NotFound`, and `Conflict` in a variant for a keyed list."""
    listed = node_at(piece.root, path[:-1])
    if not isinstance(listed, ListNode):
        raise NotFound("Dit onderdeel staat er niet (meer).")
    own = node_at(parse_source(piece.text, "concept").root, path[:-1])
    if is_keyed(listed) and (piece.deviates or not isinstance(own, ListNode) or len(own.items) != len(listed.items)):
        raise Conflict("De volgorde is hier niet te wijzigen: die ligt in het product, het patroon of een blok.")
    return put(piece, [(path[:-1], changing.moved(listed, path[-1:], by))], why)
