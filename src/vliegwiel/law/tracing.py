"""The proof of a decision: which rules, conditions, lines and facts gave it.

A trace is built after the run, from the frame that holds every value; what was not needed was not computed and is not in it,
except the other conditions of a list: a person wants to see all of them. Each rule is shown in full once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from vliegwiel.law.decision import Fact, Ground, State, TraceNode, Unverified
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.model import Basis, Condition, JudgementQuestion, Line, OpenTerm, Sayings, Template
from vliegwiel.law.plain import to_plain
from vliegwiel.law.program import (
    CompiledCondition,
    CompiledConditions,
    CompiledFormula,
    CompiledTableParts,
    Constant,
    Program,
    Unit,
)
from vliegwiel.law.types import Anything, Group, Type, YesNo
from vliegwiel.law.wording import enumerate_words, say

_YES_NO: Final = YesNo()
_IN_WORDS: Final = {"<=": "hoogstens", "<": "minder dan", ">=": "minstens", ">": "meer dan"}


def state_of(value: Value) -> State:
    """What a value is, at a glance."""
    if value is True:
        return "ja"
    if value is False:
        return "nee"
    if value is None:
        return "niets"
    return "onbekend" if isinstance(value, Unknown) else "waarde"


class Tracer:
    """Builds the trace of one run. `unverified` fills up with the legal facts that were not verified."""

    def __init__(self, program: Program, frame: Frame, facts: Mapping[str, Fact]) -> None:
        self.program = program
        self.frame = frame
        self.facts = facts
        self.seen: dict[str, TraceNode] = {}
        self.sound: dict[str, bool] = {}
        self.unverified: dict[tuple[str, str, str], Unverified] = {}

    def unit(self, unit: Unit) -> TraceNode:
        """The node of a unit, with what it rests on (the first time it is met)."""
        again = self.seen.get(unit.key)
        if again is not None:
            return again
        value = unit.load(self.frame)
        bare = self.seen[unit.key] = self.node(unit, value)
        if unit.name in self.facts and unit.kind in ("gegeven", "oordeel", "open term"):
            self.sound[unit.key] = True
            return bare
        children = self.below(unit, value)
        return msgspec.structs.replace(bare, children=children) if children else bare

    def node(self, unit: Unit, value: Value) -> TraceNode:
        """The node of a unit, without what it rests on."""
        state = state_of(value)
        fact = self.facts.get(unit.name) if unit.kind in ("gegeven", "oordeel", "open term") else None
        if fact is not None:
            source, verified, note = fact.source, fact.verified, fact.note
        else:
            source = unit.basis.source if unit.basis is not None else ""
            verified = unit.basis is None or unit.basis.verified
            note = unit.anatomy.note if isinstance(unit.anatomy, Constant) else ""
        return TraceNode(
            kind=unit.kind,
            name=unit.name,
            label=unit.label,
            state=state,
            text=unit.text or say(unit.type, value),
            plain=None if state == "onbekend" else to_plain(value),
            ground=unit.ground,
            say=self.sentence(unit.says, state, unit.space) or self.question(unit, state),
            source=source,
            verified=verified,
            note=note,
        )

    # --- what a unit rests on ----------------------------------------------------------------------------------------

    def below(self, unit: Unit, value: Value) -> tuple[TraceNode, ...]:
        """The nodes right below a unit; decides on the way whether all law it rests on was verified."""
        anatomy = unit.anatomy
        sound = self.standing(unit.label, unit.basis, anatomy.note if isinstance(anatomy, Constant) else "")
        children: list[TraceNode] = []
        if isinstance(anatomy, CompiledConditions):
            for item in anatomy.items:
                node, item_sound = self.condition(item, unit)
                children.append(node)
                if self.matters(node.state, value, every=anatomy.every):
                    sound = sound and item_sound
        elif isinstance(anatomy, CompiledFormula):
            children, below = self.used(anatomy.part.uses)
            sound = sound and below
        elif isinstance(anatomy, CompiledTableParts):
            children, below = self.table(anatomy, unit, value)
            sound = sound and below
        self.sound[unit.key] = sound
        return tuple(children)

    @staticmethod
    def matters(state: State, value: Value, *, every: bool) -> bool:
        """Whether a condition is among the reasons for the result: the failed ones of a no, all of a yes."""
        if every and value is False:
            return state == "nee"
        if not every and value is True:
            return state == "ja"
        return True

    def standing(self, label: str, basis: Basis | None, note: str) -> bool:
        """Whether a piece of law was verified; notes it when it was not."""
        if basis is None or basis.verified:
            return True
        ground = basis.ground
        found = Unverified(label, ground, basis.source, note)
        self.unverified.setdefault((ground.law, ground.article, label), found)
        return False

    def used(self, keys: tuple[str, ...]) -> tuple[list[TraceNode], bool]:
        """The units that were used and computed."""
        nodes: list[TraceNode] = []
        sound = True
        for key in keys:
            unit = self.program.units[key]
            if self.frame[unit.slot] is UNSET:
                continue
            nodes.append(self.unit(unit))
            sound = sound and self.sound.get(key, True)
        return nodes, sound

    def condition(self, item: CompiledCondition, unit: Unit) -> tuple[TraceNode, bool]:
        """The node of a condition."""
        condition = item.condition
        value = item.part.code(self.frame)
        state = state_of(value)
        children, sound = self.used(item.part.uses)
        label = self.condition_label(item)
        if state == "nee" or state == "ja":
            sound = self.standing(label, condition.basis, "") and sound
        node = TraceNode(
            kind="voorwaarde",
            name=condition.expression.text.strip(),
            label=label,
            state=state,
            text=say(_YES_NO, value),
            plain=None if state == "onbekend" else to_plain(value),
            ground=condition.basis.ground,
            say=self.sentence(condition.says, state, unit.space),
            source=condition.basis.source,
            verified=condition.basis.verified,
            note="" if state == "ja" else self.wish(condition, unit.space),
            children=tuple(children),
        )
        return node, sound

    def condition_label(self, item: CompiledCondition) -> str:
        """What a condition is about: what it uses, or as long as that is not known what is missing."""
        units = [self.program.units[key] for key in item.part.uses]
        missing = [unit for unit in units if isinstance(unit.load(self.frame), Unknown)]
        labels = [unit.label for unit in missing or units]
        return enumerate_words(labels) if labels else item.condition.expression.text.strip()

    def wish(self, condition: Condition, space: Mapping[str, str]) -> str:
        """What would have to be so for a condition to hold: what the file says, else the comparison in words."""
        if condition.change is not None:
            return self.fill(condition.change, space)
        compared = self.comparison(condition.expression.tree, space)
        if compared:
            return compared
        yes = condition.says.yes
        return self.fill(yes, space) if yes is not None and not yes.names else ""

    def comparison(self, node: tree.Node, space: Mapping[str, str]) -> str:
        """`inkomen <= grens` as "inkomen: hoogstens € 1.000,00. Nu is dat € 1.200,00"."""
        if not isinstance(node, tree.Binary) or node.operator not in _IN_WORDS or not isinstance(node.left, tree.Name):
            return ""
        left = self.program.units.get(space.get(node.left.name, ""))
        if left is None:
            return ""
        now = left.load(self.frame)
        if isinstance(node.right, tree.Number):
            limit: Value = node.right.value
            type_: Type = left.type
        elif isinstance(node.right, tree.Name) and (right := self.program.units.get(space.get(node.right.name, ""))):
            limit, type_ = right.load(self.frame), right.type
        else:
            return ""
        if isinstance(limit, Unknown) or limit is None:
            return ""
        known = "" if isinstance(now, Unknown) or now is None else f". Nu is dat {say(left.type, now)}"
        return f"{left.label}: {_IN_WORDS[node.operator]} {say(type_, limit)}{known}"

    def table(self, anatomy: CompiledTableParts, unit: Unit, value: Value) -> tuple[list[TraceNode], bool]:
        """The lines that matched, and what the columns were."""
        matches = anatomy.table.matches(self.frame)
        children: list[TraceNode] = []
        sound = True
        for number in matches.sure:
            line = anatomy.lines[number]
            output = anatomy.outputs[number]
            below, output_sound = self.used(output.uses)
            sound = self.standing(unit.label, line.basis, "") and sound and output_sound
            children.append(self.line(line, number, unit, output.code(self.frame), tuple(below)))
        tested = {
            column for number in (*matches.sure, *matches.maybe) for column, _ in anatomy.table.lines[number].tests
        }
        for number, column in enumerate(anatomy.columns):
            if number in tested or not matches.sure:
                below, column_sound = self.used(column.uses)
                children.extend(below)
                sound = sound and column_sound
        return children, sound

    def line(self, line: Line, number: int, unit: Unit, value: Value, children: tuple[TraceNode, ...]) -> TraceNode:
        """The node of a line that matched."""
        state = state_of(value)
        because = self.fill(line.because, unit.space)
        return TraceNode(
            kind="tabelregel",
            name=f"{unit.name}.{number + 1}",
            label=because or f"regel {number + 1} van de tabel",
            state=state,
            text=say(unit.type, value),
            plain=None if state == "onbekend" else to_plain(value),
            ground=line.basis.ground,
            say=because,
            source=line.basis.source,
            verified=line.basis.verified,
            children=children,
        )

    # --- sentences ---------------------------------------------------------------------------------------------------

    def sentence(self, says: Sayings, state: State, space: Mapping[str, str]) -> str:
        """The sentence of the law file for a state, or nothing."""
        if state == "ja":
            return self.fill(says.yes or says.value, space)
        if state == "nee":
            return self.fill(says.no or says.value, space)
        if state == "onbekend":
            return self.fill(says.unknown, space)
        return self.fill(says.value, space)

    @staticmethod
    def question(unit: Unit, state: State) -> str:
        """What a person is asked, for a judgement that was not given."""
        judgement = unit.definition
        return judgement.question if isinstance(judgement, JudgementQuestion) and state == "onbekend" else ""

    def fill(self, template: Template | None, space: Mapping[str, str]) -> str:
        """A sentence with its placeholders filled in."""
        if template is None:
            return ""
        return "".join(text + (self.placeholder(name, space) if name else "") for text, name in template.parts)

    def placeholder(self, name: str, space: Mapping[str, str]) -> str:
        """The value of `naam` or `naam.veld` in words."""
        key, field = space.get(name), ""
        if key is None:
            head, _, field = name.partition(".")
            key = space.get(head)
        if key is None:
            return say(Anything(), self.frame[0]) if name == "peildatum" else "…"
        unit = self.program.units[key]
        value, type_ = unit.load(self.frame), unit.type
        if field and isinstance(value, dict):
            value, type_ = value.get(field), field_type(type_, field)
        return say(type_, value)


def field_type(type_: Type, field: str) -> Type:
    """The type of a field of a group."""
    found = type_.field(field) if isinstance(type_, Group) else None
    return found if found is not None else Anything()


def open_sentence(term: OpenTerm, law_name: str) -> str:
    """What to say when nobody filled an open term."""
    if term.not_ruled:
        return term.not_ruled
    return f"Wat de gemeente regelt over '{term.label}' ({law_name}, artikel {term.basis.ground.article}) is niet gevonden."


def ground_text(ground: Ground) -> str:
    """`Participatiewet, artikel 36 lid 1`."""
    return f"{ground.law_name}, artikel {ground.article}"
