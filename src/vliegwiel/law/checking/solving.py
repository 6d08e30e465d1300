"""Whether a formula can be so, and with which values: exact over the stretches of its terms, with a sure bound on work.

Each term gets a finite set of values (`scale`), kept as bits. What must hold narrows the sets; where a choice is left, the
values of one term are split by which leaves they satisfy, and each part is tried. What was found impossible is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from vliegwiel.law.checking.formulas import NO, NULL, YES, All, Formula, Leaf, Some, Term, leaves, some
from vliegwiel.law.checking.scale import WIDEST, Range, stretches
from vliegwiel.law.feel.values import Value

WORK: Final = 400_000
_MAX_DEPTH: Final = 300


def other_than(formula: Formula, values: Mapping[Term, Value]) -> Formula:
    """That at least one comparison in the formula goes another way than it does with these values."""
    everything = YES | NO | NULL
    parts: list[Formula] = []
    for leaf in leaves(formula):
        held = leaf.holds(values[leaf.term])
        parts.append(Leaf(leaf.term, leaf.operator, leaf.value, everything ^ leaf.wanted) if held else leaf)
    return some(parts)


class _TooMuch(Exception):
    """The bound on work was reached."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`possible` is None when the bound on work was reached; `values` are those of a case in which it is so."""

    possible: bool | None
    values: Mapping[Term, Value]


class _Node:
    """A part of a formula, kept once: the same part is the same object, so that comparing is cheap."""

    __slots__ = ("all", "mask", "parts", "size", "speaks_of", "term")

    def __init__(self, term: int, mask: int, together: bool, parts: tuple[_Node, ...]) -> None:
        self.term = term
        self.mask = mask
        self.all = together
        self.parts = parts
        self.size: int = 1
        self.speaks_of: int = 1 << term if term >= 0 else 0
        for part in parts:
            self.size += part.size
            self.speaks_of |= part.speaks_of


_Known: TypeAlias = "bool | _Node"
_Key: TypeAlias = tuple[frozenset[int], tuple[int, ...]]


def solve(formula: Formula, width: Range = WIDEST, *, work: int = WORK) -> Answer:
    """Look for values of the terms with which the formula holds."""
    return Answer(formula, {}) if isinstance(formula, bool) else Solver([formula], width, work).ask([formula])


class Solver:
    """Several questions about the same formulas: what is read for one is kept for the next."""

    def __init__(self, formulas: Sequence[Formula], width: Range = WIDEST, work: int = WORK) -> None:
        self.work = work
        self.left = work
        self.terms: list[Term] = []
        self.values: list[list[Value]] = []
        constants: dict[Term, list[Value]] = {}
        for leaf in (leaf for formula in formulas for leaf in leaves(formula)):
            known = constants.setdefault(leaf.term, [])
            if leaf.operator not in ("is", "null"):
                known.append(leaf.value)
        for term, given in constants.items():
            self.terms.append(term)
            self.values.append(stretches(term, given, width))
        self.numbers = {term: number for number, term in enumerate(self.terms)}
        self.full = [(1 << len(values)) - 1 for values in self.values]
        self.nodes: dict[tuple[int, int, bool, tuple[int, ...]], _Node] = {}
        self.impossible: set[_Key] = set()
        self.were_read: dict[int, tuple[Formula, _Known]] = {}

    def ask(self, formulas: Sequence[Formula]) -> Answer:
        """Whether all of these can be so at once. They may only speak of the terms of the formulas given at first."""
        self.left = self.work
        try:
            parts: list[_Known] = [self.read(formula) for formula in formulas]
            found = self.search(list(self.full), parts, -1, 0)
        except _TooMuch:
            return Answer(None, {})
        if found is None:
            return Answer(False, {})
        first = ((found[n] & -found[n]).bit_length() - 1 for n in range(len(found)))
        return Answer(
            True, {term: self.values[n][bit] for n, (term, bit) in enumerate(zip(self.terms, first, strict=True))}
        )

    # --- nodes -------------------------------------------------------------------------------------------------------

    def node(self, term: int, mask: int, together: bool, parts: tuple[_Node, ...]) -> _Node:
        key = (term, mask, together, tuple(id(part) for part in parts))
        known = self.nodes.get(key)
        if known is None:
            known = self.nodes[key] = _Node(term, mask, together, parts)
        return known

    def read(self, formula: Formula) -> _Known:
        """A formula as nodes; what stands in it more than once is read once."""
        if isinstance(formula, bool):
            return formula
        known = self.were_read.get(id(formula))
        if known is None:
            # With the formula itself, so that its id stays its own.
            known = self.were_read[id(formula)] = (formula, self.fresh(formula))
        return known[1]

    def fresh(self, formula: Leaf | All | Some) -> _Known:
        self.spend(1)
        if isinstance(formula, Leaf):
            number = self.numbers[formula.term]
            mask = 0
            for bit, value in enumerate(self.values[number]):
                if formula.holds(value):
                    mask |= 1 << bit
            if mask == 0 or mask == self.full[number]:
                return mask != 0
            return self.node(number, mask, False, ())
        return self.joined([self.read(part) for part in formula.parts], isinstance(formula, All))

    def joined(self, parts: list[_Known], together: bool) -> _Known:
        """A chain of parts, made as small as can be."""
        kept: dict[int, _Node] = {}
        for part in parts:
            if isinstance(part, bool):
                if part is not together:
                    return part
            elif part.term < 0 and part.all is together:
                kept.update((id(inner), inner) for inner in part.parts)
            else:
                kept[id(part)] = part
        if not kept:
            return together
        if len(kept) == 1:
            return next(iter(kept.values()))
        return self.node(-1, 0, together, tuple(kept[key] for key in sorted(kept)))

    def narrowed(self, node: _Node, domains: list[int], changed: int) -> _Known:
        """A part when the terms have only these values; `changed` are the terms whose values were taken away."""
        if not node.speaks_of & changed:
            return node
        self.spend(1)
        if node.term >= 0:
            mask = node.mask & domains[node.term]
            if mask == 0 or mask == domains[node.term]:
                return mask != 0
            return node if mask == node.mask else self.node(node.term, mask, False, ())
        parts: list[_Known] = []
        same = True
        for part in node.parts:
            known = self.narrowed(part, domains, changed)
            if known is not part:
                same = False
                if isinstance(known, bool) and known is not node.all:
                    return known
            parts.append(known)
        return node if same else self.joined(parts, node.all)

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _TooMuch

    # --- search ------------------------------------------------------------------------------------------------------

    def search(self, domains: list[int], pending: list[_Known], changed: int, depth: int) -> list[int] | None:
        """Sets of values with which all of these hold, or None. Changes `domains`."""
        if depth > _MAX_DEPTH:
            raise _TooMuch
        open_parts = self.settle(domains, pending, changed)
        if open_parts is None:
            return None
        if not open_parts:
            return domains
        key = self.key(domains, open_parts)
        if key in self.impossible:
            return None
        term = self.choice(open_parts)
        for part in self.split(term, domains[term], open_parts):
            tried = domains.copy()
            tried[term] = part
            found = self.search(tried, list(open_parts), 1 << term, depth + 1)
            if found is not None:
                return found
        self.impossible.add(key)
        return None

    def settle(self, domains: list[int], pending: list[_Known], changed: int) -> list[_Node] | None:
        """Narrow the sets until nothing more follows; the parts that are left open, or None when they cannot all hold."""
        while True:
            now = 0
            open_parts: list[_Node] = []
            stack = list(pending)
            while stack:
                part = stack.pop()
                known = part if isinstance(part, bool) else self.narrowed(part, domains, changed | now)
                if known is False:
                    return None
                if known is True:
                    continue
                if known.term >= 0:
                    domains[known.term] &= known.mask
                    if not domains[known.term]:
                        return None
                    now |= 1 << known.term
                elif known.all:
                    stack.extend(known.parts)
                else:
                    open_parts.append(known)
            if not now:
                return open_parts
            pending, changed = list(open_parts), now

    def key(self, domains: list[int], open_parts: list[_Node]) -> _Key:
        """What is left to do: the same parts with the same values of the terms that they speak of."""
        used = 0
        for part in open_parts:
            used |= part.speaks_of
        return frozenset(id(part) for part in open_parts), tuple(domains[term] for term in _bits(used))

    def choice(self, open_parts: list[_Node]) -> int:
        """The term to split: the one that most open parts speak of, among those of the smallest part."""
        self.spend(len(open_parts))
        smallest = min(open_parts, key=lambda part: (len(part.parts), part.size))

        def spoken_of(term: int) -> tuple[int, int]:
            return sum(part.speaks_of >> term & 1 for part in open_parts), -term

        return max(_bits(smallest.speaks_of), key=spoken_of)

    def split(self, term: int, domain: int, open_parts: list[_Node]) -> list[int]:
        """The values of a term in groups that no open part tells apart."""
        groups = [domain]
        stack = list(open_parts)
        while stack:
            part = stack.pop()
            if not part.speaks_of >> term & 1:
                continue
            stack.extend(part.parts)
            if part.term == term:
                groups = [piece for group in groups for piece in (group & part.mask, group & ~part.mask) if piece]
        return groups


def _bits(mask: int) -> list[int]:
    """The places of the bits that are set."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
