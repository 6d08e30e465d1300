"""Values as YAML, in the way definitions are written: short things on a line, long things below each other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

from vliegwiel.base.sourcefile import NOWHERE, ListNode, MapNode, Node, TextNode

Value: TypeAlias = "str | Sequence[Value] | Mapping[str, Value] | None"
"""What can stand in a definition. Yes and no are `ja` and `nee`, numbers and dates their text; None is nothing (`null`)."""

LINE = 110
DEVIATION = ("waarde", "vervalt")
"""Keys of deviations: they are always written below each other, because people read the reason."""
_SIMPLE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9][A-Za-zÀ-ÖØ-öø-ÿ0-9 _./()+=<>-]*[A-Za-zÀ-ÖØ-öø-ÿ0-9.)]|[A-Za-zÀ-ÖØ-öø-ÿ0-9]")
_NOTHING = ("", "~", "null")
_LOOSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[\ud800-\udfff]")


def node_of(value: Value) -> Node:
    """A value as nodes without a place."""
    if value is None:
        return TextNode("null", True, NOWHERE, NOWHERE)
    if isinstance(value, str):
        return TextNode(value, value not in _NOTHING, NOWHERE, NOWHERE)
    if isinstance(value, Mapping):
        return MapNode(tuple((_key(name), node_of(below)) for name, below in value.items()), NOWHERE)
    return ListNode(tuple(node_of(item) for item in value), NOWHERE)


def _key(name: str) -> TextNode:
    return TextNode(name, True, NOWHERE, NOWHERE)


def as_value(node: Node) -> Value:
    """Nodes as a value: the other way around."""
    if isinstance(node, TextNode):
        return None if node.plain and node.text in _NOTHING else node.text
    if isinstance(node, ListNode):
        return [as_value(item) for item in node.items]
    return {key.text: as_value(below) for key, below in node.entries}


def written(value: Value, indent: int = 0) -> str:
    """A value as YAML that can stand in a block at this indent; the first line is not indented."""
    return block(node_of(value), indent)


def flow(node: Node) -> str:
    """On one line, as it may stand between brackets."""
    if isinstance(node, TextNode):
        return inline(node, within="[")
    if isinstance(node, ListNode):
        return "[" + ", ".join(flow(item) for item in node.items) + "]"
    return "{" + ", ".join(f"{key_text(key.text)}: {flow(below)}" for key, below in node.entries) + "}"


def block(node: Node, indent: int, *, item: bool = False) -> str:
    """In a block at this indent; the first line is not indented. `item`: it stands behind a dash."""
    if isinstance(node, TextNode):
        return _literal(node.text, indent) or inline(node)
    if fits_line(node, indent, item=item):
        return flow(node)
    pad = "\n" + " " * indent
    if isinstance(node, ListNode):
        return pad.join(f"- {block(part, indent + 2, item=True)}" for part in node.items)
    return pad.join(entry(key.text, below, indent) for key, below in node.entries)


def entry(key: str, node: Node, indent: int) -> str:
    """A key with its value in a block at this indent."""
    return f"{key_text(key)}:{behind_key(node, indent)}"


def behind_key(node: Node, indent: int) -> str:
    """What stands behind the colon of a key at this indent, with the space or line break before it."""
    below = indent + 2
    if isinstance(node, TextNode) or fits_line(node, below):
        return f" {block(node, below)}"
    return "\n" + " " * below + block(node, below)


def fits_line(node: Node, indent: int, *, item: bool = False) -> bool:
    """Whether a list or map is written on one line: it is empty, or small and flat."""
    if isinstance(node, TextNode):
        return True
    parts = node.items if isinstance(node, ListNode) else tuple(below for _, below in node.entries)
    if not parts:
        return True
    if any(isinstance(part, TextNode) and "\n" in part.text for part in parts):
        return False
    if isinstance(node, ListNode):
        flat = all(isinstance(part, TextNode) for part in parts)
        return flat and indent + len(flow(node)) <= 80
    if (not item and len(parts) > 4) or any(key.text in DEVIATION for key, _ in node.entries):
        return False
    return _depth(node) <= (2 if item else 1) and indent + len(flow(node)) <= LINE


def _depth(node: Node) -> int:
    if isinstance(node, TextNode):
        return 0
    parts = node.items if isinstance(node, ListNode) else tuple(below for _, below in node.entries)
    return 1 + max((_depth(part) for part in parts), default=0)


def key_text(key: str) -> str:
    """A key as it is written."""
    return (
        key
        if _SIMPLE.fullmatch(key) and key not in _NOTHING and _reads_as_key(key)
        else json.dumps(key, ensure_ascii=False)
    )


def inline(node: TextNode, *, within: str = "", like: str = "") -> str:
    """A scalar on one line. `within` is the bracket it stands between, `like` the quote of what it replaces."""
    text = node.text
    if node.plain and text in _NOTHING:
        return "null"
    if like == "'" and "\n" not in text and not _LOOSE.search(text):
        return "'" + text.replace("'", "''") + "'"
    if not like and text not in _NOTHING and (_SIMPLE.fullmatch(text) or _reads_back(text, within)):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Between double quotes."""
    # JSON writes what lies beyond the basic plane as it is; what YAML does not print is escaped.
    return _LOOSE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _literal(text: str, indent: int) -> str | None:
    """Text of several lines below each other behind a `|`; None where that would change it."""
    body = text.removesuffix("\n")
    if "\n" not in text or not body.strip() or _LOOSE.search(text) or "\t" in text:
        return None
    lines = body.split("\n")
    if any(line != line.rstrip() for line in lines) or lines[0][:1] in ("", " ") or not lines[-1]:
        return None
    pad = " " * max(indent, 1)
    sign = "|" if text.endswith("\n") else "|-"
    return sign + "".join("\n" + (pad + line if line else "") for line in lines)


def _reads_back(text: str, within: str) -> bool:
    """Whether plain text is read as itself, in brackets too where it stands between them."""
    if "\n" in text or text != text.strip() or _LOOSE.search(text) or "\t" in text:
        return False
    around = f"[{text}]" if within else f"k: {text}\nz: 1"
    return _scalars(around) == ([text] if within else ["k", text, "z", "1"])


def _reads_as_key(text: str) -> bool:
    return _scalars(f"{{{text}: 1}}") == [text, "1"]


def _scalars(text: str) -> list[str]:
    try:
        events = list(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return []
    if any(isinstance(event, yaml.AliasEvent) or _tagged(event) for event in events):
        return []
    return [str(event.value) for event in events if isinstance(event, yaml.ScalarEvent)]


def _tagged(event: yaml.Event) -> bool:
    return isinstance(event, yaml.NodeEvent) and (event.anchor is not None or getattr(event, "tag", None) is not None)
