"""Make a text say something else by changing only what differs.

The text is taken apart in pieces: what an entry says, what leads to it (line breaks, remarks above it) and what stands behind it
on its line. Pieces of what stays are kept to the letter. At the end the text is read again: it says what was asked, or nothing
is changed.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from vliegwiel.base.errors import Invalid
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, SourceInvalid, TextNode, parse_source

from ..layers import identity
from ..merging import alike
from ..merging.nodes import spelled
from .spans import EntrySpan, ItemSpan, ListSpan, MapSpan, Span, TextSpan, Unusual, as_node, spans
from .writing import behind_key, block, entry, flow, inline, key_text


class CannotRewrite(Invalid):
    """The text is written in a way that pages cannot change without harm. It can be changed by hand."""

    code, title = "cannot_rewrite", "Dit bestand is niet op een pagina te wijzigen"

    def __init__(self) -> None:
        super().__init__(
            "Dit bestand is zo geschreven dat wij het niet op een pagina kunnen wijzigen. Wijzig de tekst zelf."
        )


def rewrite(text: str, target: Node) -> str:
    """The text, changed so that it says `target`; what says the same already stays to the letter.

    Raises `SourceInvalid` for a text that cannot be read, and `CannotRewrite`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    current = parse_source(text, "").root
    if alike(current, target):
        return text
    try:
        top = spans(text)
        changed = _Rewriting(text).whole(top, target)
        if alike(parse_source(changed, "").root, target):
            return changed
    except (Unusual, SourceInvalid):
        pass
    raise CannotRewrite


@dataclass(slots=True)
class _Unit:
    """An entry or item with what belongs to it: `lead` before it, `tail` behind it on its line."""

    lead: str
    body: str
    tail: str


class _Rewriting:
    def __init__(self, text: str) -> None:
        self.text = text

    def whole(self, top: Span, target: Node) -> str:
        before, behind = self.text[: top.start], self.text[top.end :]
        made = self.in_block(top, target, self.column(top.start))
        if made is None:
            made = block(target, 0)
        return before + made + behind

    def column(self, at: int) -> int:
        return at - (self.text.rfind("\n", 0, at) + 1)

    # --- one value ---------------------------------------------------------------------------------------------------

    def in_block(self, old: Span, new: Node, indent: int) -> str | None:
        """The text of a value that keeps its kind and its place; None when it must be written anew."""
        if self.same(old, new):
            return self.text[old.start : old.end]
        if old.start != old.end and isinstance(old, (MapSpan, ListSpan)) and old.flow:
            return self.in_flow(old, new) if type_of(old) is type(new) else None
        if isinstance(old, MapSpan) and isinstance(new, MapNode) and new.entries:
            return self.block_map(old, new, indent)
        if isinstance(old, ListSpan) and isinstance(new, ListNode) and new.items:
            return self.block_list(old, new, indent)
        return None

    def in_flow(self, old: Span, new: Node) -> str:
        """The text of a value between brackets."""
        if self.same(old, new):
            return self.text[old.start : old.end]
        if isinstance(old, MapSpan) and isinstance(new, MapNode):
            return self.flow_map(old, new)
        if isinstance(old, ListSpan) and isinstance(new, ListNode):
            return self.flow_list(old, new)
        if isinstance(old, TextSpan) and isinstance(new, TextNode):
            return inline(new, within="[", like=old.style)
        return flow(new)

    def same(self, old: Span, new: Node) -> bool:
        if isinstance(old, TextSpan):
            nothing = not old.style and old.text in ("", "~", "null")
            return (
                isinstance(new, TextNode)
                and new.text == old.text
                and nothing == (new.plain and new.text in ("", "~", "null"))
            )
        if isinstance(old, MapSpan):
            if not isinstance(new, MapNode) or len(new.entries) != len(old.entries):
                return False
            values = {key.text: value for key, value in new.entries}
            return all(e.key.text in values and self.same(e.value, values[e.key.text]) for e in old.entries)
        if not isinstance(new, ListNode) or len(new.items) != len(old.items):
            return False
        return all(self.same(item.value, value) for item, value in zip(old.items, new.items, strict=True))

    # --- blocks ------------------------------------------------------------------------------------------------------

    def block_map(self, old: MapSpan, new: MapNode, indent: int) -> str:
        values = {key.text: value for key, value in new.entries}
        units: list[_Unit] = []
        left = ""
        at = old.start
        for one in old.entries:
            end = _end(one.value, one.key.end + 1)
            unit = self.unit(at, one.key.start, end)
            at = end + len(unit.tail)
            if one.key.text in values:
                unit.body, unit.tail = self.block_entry(one, values.pop(one.key.text), indent, unit.tail)
                unit.lead, left = left + unit.lead, ""
                units.append(unit)
            else:
                left += _detached(unit.lead)
        units += [_Unit(f"\n{' ' * indent}", entry(key, value, indent), "") for key, value in values.items()]
        return _joined(units, left)

    def block_entry(self, old: EntrySpan, new: Node, indent: int, tail: str) -> tuple[str, str]:
        """The text of an entry, and what stands behind it on its line."""
        key = self.text[old.key.start : old.key.end]
        between = self.text[old.key.end : old.value.start] if old.value.start > old.key.end else ":"
        if self.same(old.value, new):
            return self.text[old.key.start : _end(old.value, old.key.end + 1)], tail
        inner = self.column(old.value.start) if isinstance(old.value, (MapSpan, ListSpan)) else indent + 2
        kept = self.in_block(old.value, new, inner)
        if kept is not None:
            return key + between + kept, tail
        remark = _remark(between) or self.header_remark(old.value)
        colon = between[: between.index(":") + 1]
        if isinstance(new, TextNode) and isinstance(old.value, TextSpan) and "\n" not in new.text:
            like = old.value.style if old.value.style in ("'", '"') else ""
            return f"{key}{colon} {inline(new, like=like)}", (f" {remark}" if remark else "") + tail
        made = behind_key(new, indent)
        first, _, rest = made.partition("\n")
        if (tail.strip() or remark) and rest:
            said = " ".join(part for part in (remark, tail.strip()) if part)
            return f"{key}{colon}{first} {said}\n{rest}", ""
        return key + colon + made, (f" {remark}" if remark else "") + tail

    def header_remark(self, old: Span) -> str:
        """The remark on the first line of a text behind a `|`."""
        if isinstance(old, TextSpan) and old.style in ("|", ">"):
            return _remark(self.text[old.start : old.end].partition("\n")[0])
        return ""

    def block_list(self, old: ListSpan, new: ListNode, indent: int) -> str:
        olds: list[tuple[ItemSpan, _Unit]] = []
        at = old.start
        for item in old.items:
            end = _end(item.value, item.dash + 1)
            unit = self.unit(at, item.dash, end)
            at = end + len(unit.tail)
            olds.append((item, unit))
        units: list[_Unit] = []
        taken: set[int] = set()
        for number, value in self.paired([item for item, _ in olds], new.items):
            if number is None:
                units.append(_Unit(f"\n{' ' * indent}", f"- {block(value, indent + 2, item=True)}", ""))
                continue
            taken.add(number)
            item, unit = olds[number]
            body, tail = self.block_item(item, value, indent, unit.tail)
            units.append(_Unit(unit.lead or f"\n{' ' * indent}", body, tail))
        left = "".join(_detached(unit.lead) for number, (_, unit) in enumerate(olds) if number not in taken)
        return _joined(units, left)

    def block_item(self, old: ItemSpan, new: Node, indent: int, tail: str) -> tuple[str, str]:
        if self.same(old.value, new):
            return self.text[old.dash : _end(old.value, old.dash + 1)], tail
        between = self.text[old.dash : old.value.start] if old.value.start > old.dash else "-"
        inner = self.column(old.value.start) if isinstance(old.value, (MapSpan, ListSpan)) else indent + 2
        kept = self.in_block(old.value, new, inner)
        if kept is not None:
            return between + kept, tail
        if isinstance(new, TextNode) and isinstance(old.value, TextSpan) and "\n" not in new.text:
            like = old.value.style if old.value.style in ("'", '"') else ""
            return f"- {inline(new, like=like)}", tail
        made = block(new, indent + 2, item=True)
        if tail.strip() and "\n" in made:
            return f"- {tail.strip()}\n{' ' * (indent + 2)}{made}", ""
        return f"- {made}", tail

    def unit(self, since: int, start: int, end: int) -> _Unit:
        stop = self.text.find("\n", end)
        return _Unit(self.text[since:start], "", self.text[end : len(self.text) if stop < 0 else stop])

    # --- between brackets --------------------------------------------------------------------------------------------

    def flow_map(self, old: MapSpan, new: MapNode) -> str:
        values = {key.text: value for key, value in new.entries}
        pieces: list[_Unit] = []
        at = old.start + 1
        for one in old.entries:
            lead, at_end = self.text[at : one.key.start], _end(one.value, one.key.end)
            at = at_end
            if one.key.text not in values:
                continue
            value = values.pop(one.key.text)
            between = self.text[one.key.end : one.value.start]
            if ":" not in between:
                between = ": "
            body = self.text[one.key.start : one.key.end] + between + self.in_flow(one.value, value)
            pieces.append(_Unit(lead, self.text[one.key.start : at_end] if self.same(one.value, value) else body, ""))
        pieces += [_Unit(", ", f"{key_text(key)}: {flow(value)}", "") for key, value in values.items()]
        return "{" + _separated(pieces) + self.closing(old, at)

    def flow_list(self, old: ListSpan, new: ListNode) -> str:
        olds: list[tuple[ItemSpan, str]] = []
        at = old.start + 1
        for item in old.items:
            olds.append((item, self.text[at : item.value.start]))
            at = item.value.end
        pieces: list[_Unit] = []
        for number, value in self.paired([item for item, _ in olds], new.items):
            if number is None:
                pieces.append(_Unit(", ", flow(value), ""))
            else:
                item, lead = olds[number]
                pieces.append(_Unit(lead, self.in_flow(item.value, value), ""))
        return "[" + _separated(pieces) + self.closing(old, at)

    def closing(self, old: MapSpan | ListSpan, at: int) -> str:
        return self.text[at : old.end].lstrip(",") if at < old.end else "}" if isinstance(old, MapSpan) else "]"

    # --- which item is which -----------------------------------------------------------------------------------------

    def paired(self, olds: Sequence[ItemSpan], news: Sequence[Node]) -> list[tuple[int | None, Node]]:
        """Each new item with the number of the old one that it comes from: by key, by content, else by place."""
        names = {name: number for number, item in enumerate(olds) if (name := _name(item.value)) is not None}
        if len(names) == len(olds):
            return self.by_name(names, news)
        texts = [spelled(as_node(item.value)) for item in olds]
        wanted = [spelled(node) for node in news]
        found: dict[int, int] = {}
        for tag, a, b, c, d in difflib.SequenceMatcher(None, texts, wanted, autojunk=False).get_opcodes():
            if tag == "equal" or (tag == "replace" and b - a == d - c):
                found.update(zip(range(c, d), range(a, b), strict=True))
        return [(found.get(number), node) for number, node in enumerate(news)]

    def by_name(self, names: dict[str, int], news: Sequence[Node]) -> list[tuple[int | None, Node]]:
        free = dict(names)
        return [(free.pop(name, None) if (name := identity(node)) is not None else None, node) for node in news]


def type_of(span: Span) -> type[Node]:
    """The kind of node that a span is."""
    return MapNode if isinstance(span, MapSpan) else ListNode if isinstance(span, ListSpan) else TextNode


def _end(value: Span, least: int) -> int:
    """Where a value ends; an empty one ends where its colon or dash does."""
    return max(value.end, least)


def _name(span: Span) -> str | None:
    """The key of an item, as `identity` gives it for nodes."""
    if isinstance(span, MapSpan):
        for key in ("sleutel", "pad"):
            found = span.entry(key)
            if found is not None and isinstance(found.value, TextSpan):
                return found.value.text
    return None


def _remark(text: str) -> str:
    """The remark in a piece between key and value, or nothing."""
    at = text.find("#")
    return text[at:].partition("\n")[0].rstrip() if at >= 0 else ""


def _detached(lead: str) -> str:
    """Of what leads to an entry that goes: what stands apart from it by an empty line. A remark right above it goes along."""
    lines = lead.split("\n")
    blank = [number for number, line in enumerate(lines[:-1]) if number and not line.strip()]
    return "\n".join(lines[: blank[-1]]) if blank else ""


def _joined(units: Sequence[_Unit], left: str) -> str:
    """Units below each other; the first begins where the block begins."""
    if not units:
        return ""
    first = units[0]
    head = first.lead.lstrip("\n ") if first.lead.strip() else ""
    text = head + first.body + first.tail
    text += "".join(unit.lead + unit.body + unit.tail for unit in units[1:])
    return text + (left if left.strip() else "")


def _separated(pieces: Sequence[_Unit]) -> str:
    """Pieces between brackets, with a comma between each two and none before the first."""
    text = ""
    for number, piece in enumerate(pieces):
        lead = piece.lead
        if number == 0:
            lead = lead.lstrip().removeprefix(",").lstrip(" ") if "," in lead else lead
        elif "," not in lead:
            lead = ", " + lead.lstrip()
        text += lead + piece.body
    return text
