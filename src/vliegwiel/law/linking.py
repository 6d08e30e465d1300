"""Put together what holds for one law, one municipality and one stretch of time, and compile it.

A law brings in the laws it uses; for each of them the ordinances of the municipality fill its open terms, and the special
law's deviations replace rules of the general ones. Data are shared by name between texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from vliegwiel.law.branching import branches
from vliegwiel.law.decision import Ground, Kind
from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.closures import all_of, any_of, constant
from vliegwiel.law.feel.compiler import cell_literals, compile_expression, compile_tests
from vliegwiel.law.feel.runtime import Code, Frame, check_value
from vliegwiel.law.feel.scope import UNSET, Names, Slots
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.lawfile import Afterwards, Shelf
from vliegwiel.law.model import (
    Basis,
    Body,
    Condition,
    Conditions,
    Datum,
    Deviation,
    Expression,
    Fixed,
    Formula,
    JudgementQuestion,
    Norm,
    OpenTerm,
    Rule,
    Table,
    Text,
)
from vliegwiel.law.program import (
    NO_SAYINGS,
    NORM,
    OPEN,
    Anatomy,
    Branch,
    CompiledCondition,
    CompiledConditions,
    CompiledFormula,
    CompiledTableParts,
    Constant,
    Declaring,
    Part,
    Program,
    Unit,
    needed_by,
)
from vliegwiel.law.tables import CompiledLine, CompiledTable
from vliegwiel.law.trails import Trail, chooses, trail_of
from vliegwiel.law.types import Anything, Group, Many, Type, YesNo
from vliegwiel.law.typing import CONSTANTS
from vliegwiel.law.wording import enumerate_words, say, say_date

_MAX_CHAIN: Final = 150
_COMPOSED: Final = (Many, Group, Anything)


@dataclass(slots=True)
class _Space:
    """The names of one law together with its ordinances: name to unit key, and the loaders that expressions use."""

    keys: dict[str, str] = field(default_factory=dict)
    globals: dict[str, Code] = field(default_factory=dict)


def link(texts: tuple[Text, ...], law: str, on: date) -> Program:
    """Compile these texts (the law first). `on` lies in the stretch of time; norms are fixed by it."""
    return _Linker(texts, law, on).program()


class _Linker:
    def __init__(self, texts: tuple[Text, ...], law: str, on: date) -> None:
        self.texts = texts
        self.law = law
        self.on = on
        self.slots = Slots()
        self.peildatum = self.slots.take()
        self.units: dict[str, Unit] = {}
        self.spaces: dict[str, _Space] = {}
        self.cells: dict[str, list[Code]] = {}

    def program(self) -> Program:
        for text in self.texts:
            self.spaces.setdefault(_law_of(text), _Space())
        for text in self.texts:
            self.declare(text)
        for space in self.spaces.values():
            space.globals["peildatum"] = _slot_loader(self.peildatum)
        for text in self.texts:
            for other in text.uses:
                self.bring_in(self.spaces[_law_of(text)], other)
        deviations = self.deviations()
        for text in self.texts:
            self.compile(text, deviations)
        self.refuse_rings()
        names = dict(self.spaces[self.law].keys)
        given = ("gegeven", "oordeel", "open term")
        inputs = {unit.name: key for key, unit in self.units.items() if unit.kind in given}
        return Program(self.law, self.texts, self.units, names, inputs, self.slots.size)

    # --- names -------------------------------------------------------------------------------------------------------

    def declare(self, text: Text) -> None:
        """A unit with a slot for every name of a text."""
        law = _law_of(text)
        for datum in text.data.values():
            if datum.name not in self.units:
                self.put(law, datum.name, datum, datum.ground)
            else:
                self.share(law, datum)
        for norm in text.norms.values():
            self.put(law, f"{law}.{norm.name}", norm, norm.ground)
        for term in text.open_terms.values():
            self.put(law, f"{law}.{term.name}", term, term.basis.ground)
        for judgement in text.judgements.values():
            self.put(law, f"{law}.{judgement.name}", judgement, judgement.ground)
        for rule in text.rules.values():
            self.put(law, f"{law}.{rule.name}", rule, rule.basis.ground)

    def put(self, law: str, key: str, definition: Declaring, ground: Ground | None) -> None:
        """Make the unit of a name."""
        name = definition.name
        if key in self.units:
            raise LawFault(f"De naam '{name}' komt twee keer voor in de teksten bij '{law}'.")
        slot = self.slots.take()
        kind, basis = _describe(definition)
        type_: Type = YesNo() if isinstance(definition, JudgementQuestion) else definition.type
        space = self.spaces[law]
        given = kind in ("gegeven", "oordeel")
        cell: list[Code] = []
        load = _slot_loader(slot) if given else _lazy_loader(slot, cell, composed=isinstance(type_, _COMPOSED))
        says = definition.says if isinstance(definition, (Rule, JudgementQuestion)) else NO_SAYINGS
        self.units[key] = Unit(
            key, name, kind, definition.label, type_, slot, definition, ground, basis, space.keys, load, None, says
        )
        self.cells[key] = cell
        space.keys[name] = key
        space.globals[name] = load

    def share(self, law: str, datum: Datum) -> None:
        """A datum that another text has too."""
        known = self.units[datum.name]
        if known.type != datum.type:
            raise LawFault(
                f"Het gegeven '{datum.name}' heeft in twee teksten een andere soort ({known.definition.file})."
            )
        space = self.spaces[law]
        space.keys[datum.name] = datum.name
        space.globals[datum.name] = known.load

    def bring_in(self, space: _Space, other: str) -> None:
        """The names of a used law, as `wet.naam`."""
        for name, key in self.spaces[other].keys.items():
            if "." not in name:
                space.keys.setdefault(f"{other}.{name}", key)
                space.globals.setdefault(f"{other}.{name}", self.units[key].load)

    def deviations(self) -> dict[str, tuple[Deviation, str]]:
        """Which rules of general laws are replaced, and by which law: an ordinance goes before its law, and the law that
        decides before the laws it uses."""
        found: dict[str, tuple[Deviation, str]] = {}
        rank: dict[str, tuple[bool, bool]] = {}
        for text in self.texts:
            for deviation in text.deviations:
                key, law = f"{deviation.law}.{deviation.rule}", _law_of(text)
                mine = (law == self.law, text.fills is not None)
                if key not in found or mine > rank[key]:
                    found[key], rank[key] = (deviation, law), mine
        return found

    # --- rules -------------------------------------------------------------------------------------------------------

    def compile(self, text: Text, deviations: Mapping[str, tuple[Deviation, str]]) -> None:
        """The functions of everything in a text."""
        law = _law_of(text)
        for norm in text.norms.values():
            self.norm(self.units[f"{law}.{norm.name}"], norm)
        for rule in text.rules.values():
            key = f"{law}.{rule.name}"
            deviation = deviations.get(key)
            if deviation is None:
                self.rule(self.units[key], rule, law)
            else:
                self.deviate(self.units[key], rule, *deviation)
        for rule in text.filled.values():
            self.fill(f"{law}.{rule.name}", rule, law)
        for term in text.open_terms.values():
            key = f"{law}.{term.name}"
            if not any(term.name in other.filled for other in self.texts if other.fills == law):
                self.open_term(self.units[key], term, law)

    def set(self, unit: Unit, code: Code, anatomy: Anatomy) -> None:
        """How a unit is computed."""
        self.cells[unit.key].append(code)
        unit.anatomy = anatomy

    def norm(self, unit: Unit, norm: Norm) -> None:
        """A norm is a constant in this stretch of time."""
        row = next((row for row in reversed(norm.rows) if row.start <= self.on), None)
        stale = row is not None and norm.shelf is Shelf.CALENDAR_YEAR and self.on.year > row.start.year
        if row is None or row.value is None or (stale and norm.afterwards is Afterwards.UNKNOWN):
            missing = Unknown(frozenset((NORM + unit.key,)))
            if row is not None and row.value is None:
                unit.basis = row.basis
            self.set(unit, constant(missing), Constant(missing, "voor deze datum is geen waarde bekend"))
            return
        note = f"van {row.start.year}; voor {self.on.year} is geen waarde bekend" if stale else row.note
        unit.basis = row.basis if not stale else Basis(row.basis.ground, row.basis.source, False)
        unit.text = say(unit.type, row.value)
        self.set(unit, constant(row.value), Constant(row.value, note))

    def rule(self, unit: Unit, rule: Rule, law: str) -> None:
        """A rule of a law or ordinance."""
        code, anatomy = self.body(rule.body, law, f"'{rule.name}' ({rule.file}, regel {rule.at.line})")
        unit.body, unit.reads = rule.body, self.spaces[law].keys
        self.set(unit, code, anatomy)

    def deviate(self, unit: Unit, rule: Rule, deviation: Deviation, law: str) -> None:
        """The special law's rule instead of the general one. Its sentences may name what that law knows."""
        special, general = deviation.says, rule.says
        new = any((special.yes, special.no, special.unknown, special.value))
        unit.says = special if new else general
        unit.definition = Rule(
            rule.name, rule.label, rule.type, deviation.basis, deviation.body, unit.says, deviation.file, deviation.at
        )
        unit.basis, unit.ground = deviation.basis, deviation.basis.ground
        unit.space = {**unit.space, **self.spaces[law].keys} if new else unit.space
        self.rule(unit, unit.definition, law)

    def fill(self, key: str, rule: Rule, law: str) -> None:
        """An ordinance fills an open term."""
        unit = self.units[key]
        if isinstance(unit.definition, Rule):
            raise LawFault(f"Twee verordeningen vullen '{rule.name}' in: {unit.definition.file} en {rule.file}.")
        unit.definition = rule
        unit.basis, unit.ground = rule.basis, rule.basis.ground
        unit.says = rule.says
        self.rule(unit, rule, law)

    def open_term(self, unit: Unit, term: OpenTerm, law: str) -> None:
        """No ordinance: the default of the law, or nothing."""
        if term.fallback is None:
            missing = Unknown(frozenset((OPEN + unit.key,)))
            self.set(unit, constant(missing), None)
            return
        part = self.part(term.fallback, law)
        unit.body, unit.reads = Formula(term.fallback), self.spaces[law].keys
        self.set(unit, part.code, CompiledFormula(part))

    def body(self, body: Body, law: str, where: str) -> tuple[Code, Anatomy]:
        """The function of a rule and its parts."""
        match body:
            case Fixed():
                return constant(body.value), Constant(body.value)
            case Formula():
                part = self.part(body.expression, law)
                return part.code, CompiledFormula(part, self.branches(body.expression, law))
            case Conditions():
                held = [item for item in body.items if item.validity is None or item.validity.holds(self.on)]
                self.refuse_empty(held, where)
                items = tuple(self.condition(item, law) for item in held)
                codes = [item.part.code for item in items]
                return (all_of(codes) if body.every else any_of(codes)), CompiledConditions(body.every, items)
            case Table():
                return self.table(body, law, where)

    def condition(self, condition: Condition, law: str) -> CompiledCondition:
        """A condition with its function and what it is about."""
        part = self.part(condition.expression, law)
        name = condition.expression.text.strip()
        labels = [self.units[key].label for key in part.uses]
        return CompiledCondition(condition, part, name, enumerate_words(labels) if labels else name)

    def table(self, table: Table, law: str, where: str) -> tuple[Code, Anatomy]:
        """A table; which lines may match is found by `CompiledTable`."""
        columns = tuple(self.part(column, law) for column in table.columns)
        held = tuple(line for line in table.lines if line.validity is None or line.validity.holds(self.on))
        self.refuse_empty(held, where)
        outputs = tuple(self.part(line.output, law) for line in held)
        lines: list[CompiledLine] = []
        cell_uses: list[str] = []
        names = self.names(law, self.noting(law, cell_uses))
        for line, output in zip(held, outputs, strict=True):
            tests = tuple(
                (number, compile_tests(cell.tests, names, cell.text))
                for number, cell in enumerate(line.cells)
                if cell is not None and cell.tests.tests
            )
            first = line.cells[tests[0][0]] if tests else None
            asks = cell_literals(first.tests, names) if first is not None else None
            lines.append(CompiledLine(tests, output.code, asks))
        compiled = CompiledTable(table.policy, tuple(c.code for c in columns), tuple(lines), table.order, where)
        return compiled.value, CompiledTableParts(compiled, held, columns, outputs, tuple(cell_uses))

    def refuse_empty(self, held: Sequence[object], where: str) -> None:
        """A rule whose parts are all out of force says nothing: that is a fault, not a guess."""
        if not held:
            raise LawFault(f"In de regel {where} geldt op {say_date(self.on)} niets.")

    def part(self, expression: Expression, law: str) -> Part:
        """The function of an expression, with the units it uses."""
        used: list[str] = []
        keys = self.spaces[law].keys
        code = compile_expression(expression.tree, self.names(law, self.noting(law, used)), expression.text)
        if isinstance(expression.tree, tree.Name) and expression.tree.name in keys:
            # A rule that is just another name: skip a call.
            code = self.spaces[law].globals[expression.tree.name]
        follow = (lambda: self.trail(expression, law)) if chooses(expression.tree) else None
        return Part(code, tuple(used), follow)

    def trail(self, expression: Expression, law: str) -> Trail:
        """What an expression looked at in a run. Made after the program: its loops get slots behind those of the program."""
        slots = Slots(self.slots.size)

        def piece(node: tree.Node) -> tuple[Code, tuple[str, ...]]:
            used: list[str] = []
            names = Names(slots, self.spaces[law].globals, dict(CONSTANTS), on_use=self.noting(law, used))
            return compile_expression(node, names, expression.text), tuple(used)

        trail = trail_of(expression.tree, piece)

        def run(frame: Frame) -> tuple[str, ...]:
            if len(frame) < slots.size:
                frame.extend([UNSET] * (slots.size - len(frame)))
            return trail(frame)

        return trail if slots.size == self.slots.size else run

    def branches(self, expression: Expression, law: str) -> tuple[Branch, ...]:
        """The conditions of each `if` in a formula."""
        names = self.names(law, lambda name: None)
        return tuple(
            Branch(at, compile_expression(condition, names, expression.text)) for at, condition in branches(expression)
        )

    def noting(self, law: str, used: list[str]) -> Callable[[str], None]:
        """A listener that keeps the units behind the names an expression uses."""
        keys = self.spaces[law].keys

        def note(name: str) -> None:
            key = keys.get(name)
            if key is not None and key not in used:
                used.append(key)

        return note

    def names(self, law: str, note: Callable[[str], None]) -> Names:
        """What names mean in a text of this law."""
        return Names(self.slots, self.spaces[law].globals, dict(CONSTANTS), on_use=note)

    def refuse_rings(self) -> None:
        """A rule may not need itself, and a chain of rules may not be so long that a run cannot follow it."""
        done: set[str] = set()
        for start in self.units:
            if start in done:
                continue
            path = [start]
            pending = [iter(needed_by(self.units[start].anatomy))]
            while pending:
                following = next(pending[-1], None)
                if following is None:
                    done.add(path.pop())
                    pending.pop()
                elif following in path:
                    ring = [*path[path.index(following) :], following]
                    names = " → ".join(self.units[key].name for key in ring)
                    raise LawFault(f"Deze regels hebben elkaar nodig: {names}.")
                elif following not in done:
                    path.append(following)
                    pending.append(iter(needed_by(self.units[following].anatomy)))
                    if len(path) > _MAX_CHAIN:
                        raise LawFault(f"De keten van regels bij '{self.units[start].name}' is te lang.")


def _law_of(text: Text) -> str:
    """The law whose names a text belongs to."""
    return text.fills or text.id


def _describe(definition: Declaring) -> tuple[Kind, Basis | None]:
    """What kind of unit something makes, and what vouches for it."""
    match definition:
        case Datum():
            return "gegeven", None
        case Norm():
            return "norm", definition.rows[-1].basis
        case OpenTerm():
            return "open term", definition.basis
        case JudgementQuestion():
            return "oordeel", None
        case Rule():
            return "regel", definition.basis


def _slot_loader(slot: int) -> Code:
    return lambda frame: frame[slot]


def _lazy_loader(slot: int, cell: list[Code], *, composed: bool) -> Code:
    """Computes once a run; the function comes later, when all names are known. What is composed may not grow too large."""

    def load_checked(frame: Frame) -> Value:
        value = frame[slot]
        if value is UNSET:
            value = frame[slot] = check_value(cell[0](frame))
        return value

    def load(frame: Frame) -> Value:
        value = frame[slot]
        if value is UNSET:
            value = frame[slot] = cell[0](frame)
        return value

    return load_checked if composed else load
