"""Norms that follow another norm: each later value of the index gives a new value, by the formula the law states.

The values are worked out when the text is read, so that an indexed amount is a dated fact like any other, with the
article that says how, the source of the index and what was not verified. Nothing is rounded unless the formula says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from vliegwiel.base.sourcefile import KeyPath
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import Value
from vliegwiel.law.lawfile import IndexSpec, NormSpec
from vliegwiel.law.model import Basis, Norm, NormValue
from vliegwiel.law.reading import Reader
from vliegwiel.law.types import Group, Type
from vliegwiel.law.wording import say, say_date

_NAMES: Final = ("vorige", "index", "vorige_index")


def indexed(norms: Mapping[str, Norm], specs: Mapping[str, NormSpec], read: Reader) -> dict[str, Norm]:
    """All norms of a text, with the values that follow from `indexering`. What is wrong is a finding of the reader."""
    done: dict[str, Norm] = {name: norm for name, norm in norms.items() if specs[name].indexering is None}
    left = [name for name in norms if name not in done]
    while left:
        ready = next((name for name in left if _followed(specs[name]) not in left), None)
        if ready is None:
            for name in left:
                said = f"De norm '{name}' volgt via andere normen zichzelf."
                read.findings.wrong(specs[name].at, "norm", said, ("normen", name))
            return {**norms, **done}
        left.remove(ready)
        spec = specs[ready].indexering
        index = done.get(spec.volgt) if spec is not None else None
        if spec is None or index is None:
            known = ", ".join(name for name in norms if name != ready) or "geen"
            said = f"'{_followed(specs[ready])}' is geen norm van deze tekst. Normen: {known}."
            read.findings.wrong(specs[ready].at, "naam", said, ("normen", ready, "indexering", "volgt"))
            done[ready] = norms[ready]
        else:
            read.used.add(spec.volgt)
            done[ready] = _Indexing(norms[ready], index, spec, read).norm()
    return {name: done[name] for name in norms}


def _followed(spec: NormSpec) -> str:
    return spec.indexering.volgt if spec.indexering is not None else ""


class _Indexing:
    """One norm and the index it follows."""

    def __init__(self, norm: Norm, index: Norm, spec: IndexSpec, read: Reader) -> None:
        self.given = norm
        self.index = index
        self.spec = spec
        self.read = read
        self.path: KeyPath = ("normen", norm.name, "indexering")

    def norm(self) -> Norm:
        """The norm with its computed values; a given value that the formula contradicts is a finding to look at."""
        if isinstance(self.index.type, Group) and self.index.type.fields != self.field_types(self.index.type):
            said = f"De norm '{self.index.name}' heeft andere velden dan '{self.given.name}'."
            self.read.findings.wrong(self.spec.at, "norm", said, self.path)
            return self.given
        code = self.formula()
        if code is None:
            return self.given
        rows = list(self.given.rows)
        last = rows[-1].start
        basis = self.read.basis(self.spec.artikel, None, self.spec.geverifieerd, self.spec.at, self.path)
        for row in self.index.rows:
            before = _before(rows, row.start)
            if before is None:
                continue
            value = self.computed(code, before, row)
            if row.start > last:
                rows.append(self.row(value, before, row, basis))
            else:
                self.compare(value, row.start, rows)
        return replace(self.given, rows=tuple(rows))

    def field_types(self, like: Group) -> tuple[tuple[str, Type], ...]:
        """The fields of this norm, with the type that the index has for each."""
        mine = self.given.type
        inner = like.fields[0][1]
        return tuple((name, inner) for name, _ in mine.fields) if isinstance(mine, Group) else ()

    def formula(self) -> Code | None:
        """The formula over `vorige`, `index` and `vorige_index`, in that order of slots."""
        own, other = _inner(self.given.type), _inner(self.index.type)
        types: dict[str, Type] = {"vorige": own, "index": other, "vorige_index": other}
        before = len(self.read.findings.found)
        expression = self.read.expression(self.spec.formule, (*self.path, "formule"), own, only=types)
        if len(self.read.findings.found) > before:
            return None
        slots = Slots()
        names = Names(slots, {name: _loader(slots.take()) for name in _NAMES})
        return compile_expression(expression.tree, names, expression.text)

    def computed(self, code: Code, before: NormValue, row: NormValue) -> Value:
        """The value from the day of an index row on."""
        earlier = _before(self.index.rows, row.start)
        past = earlier.value if earlier is not None else None
        if isinstance(self.given.type, Group):
            return {
                name: self.one(code, _part(before.value, name), _part(row.value, name), _part(past, name), row.start)
                for name, _ in self.given.type.fields
            }
        return self.one(code, before.value, row.value, past, row.start)

    def one(self, code: Code, before: Value, now: Value, past: Value, start: date) -> Value:
        """One number; not known where what it is made of is not."""
        if before is None or now is None:
            return None
        try:
            value = code(Frame([before, now, past], Budget()))
        except (FeelError, FeelLimit) as error:
            self.read.findings.wrong(self.spec.formule.at, "formule", error.sentence, (*self.path, "formule"))
            return None
        if not isinstance(value, Decimal):
            said = f"De indexering geeft op {say_date(start)} geen waarde."
            self.read.findings.wrong(self.spec.formule.at, "formule", said, (*self.path, "formule"))
        return value

    def row(self, value: Value, before: NormValue, row: NormValue, basis: Basis) -> NormValue:
        """A computed value; it is as sure as what it was made of."""
        sure = basis.verified and before.basis.verified and row.basis.verified
        source = f"berekend met {self.index.label} ({row.basis.source})"
        return NormValue(
            row.start, value, Basis(basis.ground, source, sure), "berekend, niet overgenomen uit een tekst"
        )

    def compare(self, value: Value, start: date, rows: list[NormValue]) -> None:
        """Whether a value that was given on the day of an index row is what the formula gives."""
        given = next((row for row in rows if row.start == start), None)
        if given is None or given.value is None or value is None or given.value == value:
            return
        type_ = self.given.type
        said = (
            f"Op {say_date(start)} staat hier {say(type_, given.value)}, maar de indexering geeft {say(type_, value)}."
        )
        self.read.findings.note(self.given.at, "indexering", said, self.path)


def _loader(slot: int) -> Code:
    return lambda frame: frame[slot]


def _inner(type_: Type) -> Type:
    return type_.fields[0][1] if isinstance(type_, Group) else type_


def _part(value: Value, name: str) -> Value:
    return value.get(name) if isinstance(value, dict) else value


def _before(rows: list[NormValue] | tuple[NormValue, ...], start: date) -> NormValue | None:
    """The row that holds right before a day."""
    return next((row for row in reversed(rows) if row.start < start), None)
