"""A law made ready to run for one municipality and a stretch of time: every name a slot, every rule a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import Position
from vliegwiel.law.decision import Ground, Kind, LawVersion, TraceNode
from vliegwiel.law.errors import LawNotFound
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.model import (
    Basis,
    Body,
    Condition,
    Datum,
    JudgementQuestion,
    Line,
    Norm,
    OpenTerm,
    Rule,
    Sayings,
    Text,
)
from vliegwiel.law.plain import Acceptor, acceptor
from vliegwiel.law.tables import CompiledTable
from vliegwiel.law.trails import Trail
from vliegwiel.law.types import Type
from vliegwiel.law.wording import sayer

Declaring: TypeAlias = Datum | Norm | OpenTerm | JudgementQuestion | Rule

NO_SAYINGS: Final = Sayings()

# Prefixes in the names that an unknown value carries, so that it can be told what is missing.
JUDGEMENT: Final = "oordeel:"
OPEN: Final = "open:"
NORM: Final = "norm:"
PEILDATUM_SLOT: Final = 0
_MOST_REACHED: Final = 1_000


@dataclass(slots=True)
class Part:
    """A piece of a rule that can be looked at on its own: its function and the units it may use.

    `follow` makes what gives those that mattered in a run, when that is first asked; None when all always do.
    """

    code: Code
    uses: tuple[str, ...]
    follow: Callable[[], Trail] | None = None
    trail: Trail | None = None

    def looked_at(self, frame: Frame) -> tuple[str, ...]:
        """The units that mattered in a run, each once."""
        if self.trail is None:
            if self.follow is None:
                return self.uses
            self.trail = self.follow()
        return self.trail(frame)


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """`name` is its text, `label` what it is about in words."""

    condition: Condition
    part: Part
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class CompiledConditions:
    every: bool
    items: tuple[CompiledCondition, ...]


@dataclass(frozen=True, slots=True)
class CompiledTableParts:
    table: CompiledTable
    lines: tuple[Line, ...]
    columns: tuple[Part, ...]
    outputs: tuple[Part, ...]
    cell_uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """The condition of an `if`, for coverage."""

    at: Position
    code: Code


@dataclass(frozen=True, slots=True)
class CompiledFormula:
    part: Part
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value: a norm on its date, or what an ordinance fixes. `note` says what is special about it."""

    value: Value
    note: str = ""


Anatomy: TypeAlias = CompiledConditions | CompiledTableParts | CompiledFormula | Constant | None


def needed_by(anatomy: Anatomy) -> tuple[str, ...]:
    """The units that a unit may load while it is computed."""
    if isinstance(anatomy, CompiledFormula):
        return anatomy.part.uses
    if isinstance(anatomy, CompiledConditions):
        return tuple(key for item in anatomy.items for key in item.part.uses)
    if isinstance(anatomy, CompiledTableParts):
        parts = (*anatomy.columns, *anatomy.outputs)
        return (*(key for part in parts for key in part.uses), *anatomy.cell_uses)
    return ()


@dataclass(slots=True)
class Unit:
    """One name of the program. `key` is unique in it; `basis` is None for what is given from outside.

    `text` is its value in words where that is the same in every run (a norm); `spell` puts a value in words. `load` gives
    its value, computed once a run.
    `space` is which unit each name means where it was defined, for the placeholders of its sentences. `body` is what computes
    it (its own, that of the ordinance, or that of the special law) and `reads` which unit each name in it means.
    """

    key: str
    name: str
    kind: Kind
    label: str
    type: Type
    slot: int
    definition: Declaring
    ground: Ground | None
    basis: Basis | None
    space: Mapping[str, str]
    load: Code
    anatomy: Anatomy = None
    says: Sayings = NO_SAYINGS
    text: str = ""
    spell: Callable[[Value], str] = str

    def __post_init__(self) -> None:
        self.spell = sayer(self.type)

    body: Body | None = None
    reads: Mapping[str, str] = field(default_factory=dict)


class Program:
    """The texts that hold for one law, municipality and stretch of time, compiled.

    `names` maps what a user may ask for (plain for the law itself and its ordinances, `wet.regel` for other laws) to a unit;
    `inputs` maps what may be given to a unit, `intake` to its slot and to what checks a value that is given.
    """

    def __init__(
        self,
        law: str,
        texts: tuple[Text, ...],
        units: dict[str, Unit],
        names: dict[str, str],
        inputs: dict[str, str],
        size: int,
    ) -> None:
        self.law = law
        self.texts = texts
        self.versions = tuple(_version(text) for text in texts)
        self.units = units
        self.names = names
        self.inputs = inputs
        self.intake: dict[str, tuple[int, Acceptor]] = {
            name: (units[key].slot, acceptor(units[key].type)) for name, key in inputs.items()
        }
        # The nodes in a trace of what is the same in every run, made when first needed.
        self.fixed_nodes: dict[str, TraceNode] = {}
        self._reached: dict[tuple[str, ...], frozenset[str]] = {}
        self.template: list[Value] = [UNSET] * size
        for unit in units.values():
            if unit.kind == "gegeven":
                self.template[unit.slot] = Unknown(frozenset((unit.name,)))
            elif unit.kind == "oordeel":
                self.template[unit.slot] = Unknown(frozenset((JUDGEMENT + unit.key,)))

    def frame(self, on: date) -> Frame:
        """A fresh frame: everything unknown or not yet computed."""
        frame = Frame(self.template, Budget())
        frame[PEILDATUM_SLOT] = on
        return frame

    def unit(self, name: str) -> Unit:
        """The unit a user asks for. Raises `LawNotFound`."""
        key = self.names.get(name)
        if key is None:
            meant = nearest(name, self.names)
            hint = f" Bedoelt u '{meant}'?" if meant else ""
            raise LawNotFound(f"De wet '{self.law}' heeft geen regel '{name}'.{hint}")
        return self.units[key]

    def reach(self, keys: Iterable[str]) -> frozenset[str]:
        """All units that these may need, themselves included."""
        asked = tuple(keys)
        known = self._reached.get(asked)
        if known is not None:
            return known
        found: set[str] = set()
        pending = list(asked)
        while pending:
            key = pending.pop()
            if key not in found:
                found.add(key)
                pending.extend(needed_by(self.units[key].anatomy))
        if len(self._reached) >= _MOST_REACHED:
            self._reached.clear()
        reached = self._reached[asked] = frozenset(found)
        return reached


def _version(text: Text) -> LawVersion:
    return LawVersion(
        text.id, text.name, text.validity.van, text.validity.tot, text.read, text.bwb, text.cvdr, text.gemeenten
    )
