"""Random definitions, and random changes to them."""

from __future__ import annotations

from hypothesis import strategies as st

from vliegwiel.base.sourcefile import NOWHERE, ListNode, MapNode, Node, TextNode

KEYS = ("a", "b", "c", "d")
NAMES = ("een", "twee", "drie", "vier", "vijf")


def text(value: str) -> TextNode:
    return TextNode(value, True, NOWHERE, NOWHERE)


def mapping(**values: Node) -> MapNode:
    return MapNode(tuple((text(key), value) for key, value in values.items()), NOWHERE)


def listing(*items: Node) -> ListNode:
    return ListNode(items, NOWHERE)


def item(name: str, **values: Node) -> MapNode:
    return mapping(sleutel=text(name), **values)


def row(when: str | None, then: str) -> MapNode:
    return mapping(dan=text(then)) if when is None else mapping(als=text(when), dan=text(then))


words = st.sampled_from(["x", "y", "z", "een zin", "", "alinea\n\nnog een\n\nen nog een"])


@st.composite
def named_lists(draw: st.DrawFn, inner: st.SearchStrategy[Node]) -> ListNode:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    return listing(*(item(name, waarde=draw(inner)) for name in names))


@st.composite
def tables(draw: st.DrawFn) -> ListNode:
    conditions = draw(st.lists(st.sampled_from(["x > 1", "x > 2", "y", "z"]), unique=True, min_size=1, max_size=4))
    return listing(*(row(when, draw(st.sampled_from(["ja", "nee"]))) for when in conditions), row(None, "nee"))


def nodes(depth: int = 2) -> st.SearchStrategy[Node]:
    leaf: st.SearchStrategy[Node] = words.map(text)
    plain_lists = st.lists(leaf, max_size=4).map(lambda items: listing(*items))
    if depth == 0:
        return st.one_of(leaf, plain_lists)
    inner = nodes(depth - 1)
    maps = st.dictionaries(st.sampled_from(KEYS), inner, max_size=4).map(lambda values: mapping(**values))
    return st.one_of(leaf, plain_lists, maps, named_lists(inner), tables())


documents = st.dictionaries(st.sampled_from(KEYS), nodes(), min_size=1, max_size=4).map(lambda found: mapping(**found))


@st.composite
def edited(draw: st.DrawFn, node: Node) -> Node:
    """The node with some things changed, added, taken away or moved."""
    if draw(st.integers(0, 9)) == 0:
        return draw(nodes(1))
    if isinstance(node, MapNode):
        entries = [
            (key, draw(edited(value)) if draw(st.booleans()) and key.text not in ("sleutel", "als") else value)
            for key, value in node.entries
            if key.text in ("sleutel", "als", "dan") or draw(st.integers(0, 7))
        ]
        if draw(st.integers(0, 4)) == 0 and not any(key.text in ("sleutel", "dan") for key, _ in entries):
            added = draw(st.sampled_from(KEYS))
            if all(key.text != added for key, _ in entries):
                entries.append((text(added), draw(nodes(1))))
        return MapNode(tuple(entries), NOWHERE)
    if isinstance(node, ListNode):
        items = [
            draw(edited(one)) if draw(st.integers(0, 3)) == 0 else one for one in node.items if draw(st.integers(0, 7))
        ]
        if draw(st.integers(0, 4)) == 0:
            items = draw(st.permutations(items))
        if draw(st.integers(0, 3)) == 0:
            items.insert(draw(st.integers(0, len(items))), item(draw(st.sampled_from(NAMES)), waarde=text("nieuw")))
        return ListNode(tuple(items), NOWHERE)
    return text(draw(words))


@st.composite
def forks(draw: st.DrawFn) -> tuple[Node, Node, Node]:
    """A definition and two changed copies of it."""
    base = draw(documents)
    return base, draw(edited(base)), draw(edited(base))
