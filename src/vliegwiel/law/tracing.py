"""The proof of a decision: which rules, conditions, lines and facts gave it.

A trace is built after the run, from the frame that holds every value; what was not needed was not computed and is not in it,
except the other conditions of a list: a person wants to see all of them. Each rule is shown in full once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from vliegwiel.law.decision import Fact, Ground, State, TraceNode, Unverified
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.closures import together
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.model import Basis, Condition, JudgementQuestion, Line, OpenTerm, Sayings, Template
from vliegwiel.law.plain import Plain, to_plain
from vliegwiel.law.program import (
    NO_SAYINGS,
    CompiledCondition,
    CompiledConditions,
    CompiledFormula,
    CompiledTableParts,
    Constant,
    Program,
    Unit,
)
from vliegwiel.law.tables import Matches
from vliegwiel.law.types import Anything, Group, Type, YesNo
from vliegwiel.law.wording import NOT_KNOWN, NOTHING, enumerate_words, say, sentence

_YES_NO: Final = YesNo()
_GIVEN: Final = frozenset(("gegeven", "oordeel", "open term"))
_TEXTS: Final[dict[State, str]] = {"ja": "ja", "nee": "nee", "niets": NOTHING, "onbekend": NOT_KNOWN}
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
        # Values in words: a sentence often repeats what stands in another node.
        self.spelled: dict[str, str] = {}

    def face(self, unit: Unit, value: Value) -> tuple[State, str, Plain]:
        """State, words and plain form of the value of a unit."""
        if value is True:
            return "ja", "ja", True
        if value is False:
            return "nee", "nee", False
        if value is None:
            return "niets", NOTHING, None
        if isinstance(value, Unknown):
            return "onbekend", NOT_KNOWN, None
        return "waarde", unit.text or self.spell(unit, value), to_plain(value)

    def spell(self, unit: Unit, value: Value) -> str:
        """The value of a unit in words."""
        known = self.spelled.get(unit.key)
        if known is None:
            known = self.spelled[unit.key] = unit.spell(value)
        return known

    def unit(self, unit: Unit) -> TraceNode:
        """The node of a unit, with what it rests on the first time it is met."""
        key = unit.key
        known = self.seen.get(key)
        if known is not None:
            return self.again(key, known) if known.children else known
        if unit.kind == "regel" and isinstance(unit.anatomy, CompiledConditions):
            node = self.seen[key] = self.conditions(unit, unit.anatomy)
            return node
        value = unit.load(self.frame)
        fact = self.facts.get(unit.name) if unit.kind in _GIVEN else None
        if fact is not None:
            node = self.seen[key] = self.given(unit, value, fact)
            return node
        if isinstance(unit.anatomy, Constant):
            self.sound[key] = self.standing(unit.label, unit.basis, unit.anatomy.note)
            node = self.seen[key] = self.fixed(unit, value, unit.anatomy.note)
            return node
        basis = unit.basis
        source, verified = (basis.source, basis.verified) if basis is not None else ("", True)
        children = self.below(unit, value)
        node = self.seen[key] = self.node(unit, value, source, verified, "", children)
        return node

    def conditions(self, unit: Unit, anatomy: CompiledConditions) -> TraceNode:
        """The node of a rule with conditions. Each is evaluated once: for the outcome and for the trace."""
        frame, basis = self.frame, unit.basis
        verdicts = [item.part.code(frame) for item in anatomy.items]
        value = frame[unit.slot]
        if value is UNSET:
            value = frame[unit.slot] = together(verdicts, every=anatomy.every)
        sound = basis is None or basis.verified or self.standing(unit.label, basis, "")
        children, below = self.all_conditions(anatomy, verdicts, unit, value)
        self.sound[unit.key] = sound and below
        source, verified = (basis.source, basis.verified) if basis is not None else ("", True)
        return self.node(unit, value, source, verified, "", tuple(children))

    def all_conditions(
        self, anatomy: CompiledConditions, verdicts: Sequence[Value], unit: Unit, value: Value
    ) -> tuple[list[TraceNode], bool]:
        """The nodes of conditions, and whether the law behind those that matter was verified."""
        children: list[TraceNode] = []
        sound = True
        for item, verdict in zip(anatomy.items, verdicts, strict=True):
            node, item_sound = self.condition(item, verdict, unit)
            children.append(node)
            if not item_sound and self.matters(node.state, value, every=anatomy.every):
                sound = False
        return children, sound

    def again(self, key: str, node: TraceNode) -> TraceNode:
        """The node of a unit that was met before: what it rests on was shown there."""
        bare = self.seen[key] = msgspec.structs.replace(node, children=())
        return bare

    def given(self, unit: Unit, value: Value, fact: Fact) -> TraceNode:
        """The node of what was given from outside: a datum, or a judgement or open term that someone answered."""
        state, text, plain = self.face(unit, value)
        return TraceNode(
            unit.kind,
            unit.name,
            unit.label,
            state,
            text,
            plain,
            unit.ground,
            ""
            if unit.kind == "gegeven"
            else self.sentence(unit.says, state, unit.space) or (self.question(unit) if state == "onbekend" else ""),
            fact.source,
            fact.verified,
            fact.note,
        )

    def fixed(self, unit: Unit, value: Value, note: str) -> TraceNode:
        """The node of a norm or of what an ordinance fixes: the same in every run of the program."""
        known = self.program.fixed_nodes.get(unit.key)
        if known is None:
            basis = unit.basis
            source, verified = (basis.source, basis.verified) if basis is not None else ("", True)
            known = self.program.fixed_nodes[unit.key] = self.node(unit, value, source, verified, note)
        return known

    def node(
        self, unit: Unit, value: Value, source: str, verified: bool, note: str, children: tuple[TraceNode, ...] = ()
    ) -> TraceNode:
        """The node of a unit that was worked out."""
        state, text, plain = self.face(unit, value)
        return TraceNode(
            unit.kind,
            unit.name,
            unit.label,
            state,
            text,
            plain,
            unit.ground,
            self.sentence(unit.says, state, unit.space) or (self.question(unit) if state == "onbekend" else ""),
            source,
            verified,
            note,
            children,
        )

    # --- what a unit rests on ----------------------------------------------------------------------------------------

    def below(self, unit: Unit, value: Value) -> tuple[TraceNode, ...]:
        """The nodes right below a unit; decides on the way whether all law it rests on was verified."""
        anatomy = unit.anatomy
        basis = unit.basis
        sound = basis is None or basis.verified or self.standing(unit.label, basis, "")
        children: list[TraceNode] = []
        if isinstance(anatomy, CompiledConditions):
            verdicts = [item.part.code(self.frame) for item in anatomy.items]
            children, below = self.all_conditions(anatomy, verdicts, unit, value)
            sound = sound and below
        elif isinstance(anatomy, CompiledFormula):
            children, below = self.used(anatomy.part.looked_at(self.frame))
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
        units, frame, known, seen = self.program.units, self.frame, self.sound, self.seen
        for key in keys:
            node = seen.get(key)
            if node is None:
                unit = units[key]
                if frame[unit.slot] is UNSET:
                    continue
                node = self.unit(unit)
            elif node.children:
                node = self.again(key, node)
            nodes.append(node)
            if sound and not known.get(key, True):
                sound = False
        return nodes, sound

    def condition(self, item: CompiledCondition, value: Value, unit: Unit) -> tuple[TraceNode, bool]:
        """The node of a condition with this outcome."""
        condition, basis, label = item.condition, item.condition.basis, item.label
        part = item.part
        # Most conditions use the same in every run.
        children, sound = self.used(part.uses if part.follow is None else part.looked_at(self.frame))
        plain: Plain = None
        state: State
        if value is True:
            state, text, plain = "ja", "ja", True
        elif value is False:
            state, text, plain = "nee", "nee", False
        else:
            state = state_of(value)
            if state == "onbekend":
                label = self.missing_label(item)
            else:
                plain = to_plain(value)
            text = _TEXTS.get(state) or say(_YES_NO, value)
        if not basis.verified and plain.__class__ is bool:
            sound = self.standing(label, basis, "") and sound
        node = TraceNode(
            "voorwaarde",
            item.name,
            label,
            state,
            text,
            plain,
            basis.ground,
            self.sentence(condition.says, state, unit.space),
            basis.source,
            basis.verified,
            "" if value is True else self.wish(condition, unit.space),
            tuple(children),
        )
        return node, sound

    def missing_label(self, item: CompiledCondition) -> str:
        """What a condition waits for."""
        units = [self.program.units[key] for key in item.part.uses]
        missing = [unit.label for unit in units if isinstance(self.frame[unit.slot], Unknown)]
        return enumerate_words(missing) if missing else item.label

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
        only = anatomy.table.only_match(self.frame)
        matches = anatomy.table.matches(self.frame) if only is None or only < 0 else Matches([only], [], None)
        children: list[TraceNode] = []
        sound = True
        for number in matches.sure:
            line = anatomy.lines[number]
            output = anatomy.outputs[number]
            below, output_sound = self.used(output.looked_at(self.frame))
            sound = self.standing(unit.label, line.basis, "") and sound and output_sound
            children.append(self.line(line, number, unit, output.code(self.frame), tuple(below)))
        tested = {
            column for number in (*matches.sure, *matches.maybe) for column, _ in anatomy.table.lines[number].tests
        }
        for number, column in enumerate(anatomy.columns):
            if number in tested or not matches.sure:
                below, column_sound = self.used(column.looked_at(self.frame))
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
            label=sentence(f"omdat {because}") if because else f"regel {number + 1} van de tabel",
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
        if says is NO_SAYINGS:
            return ""
        if state == "ja":
            yes = says.yes or says.value
            return yes.fixed if yes is not None and yes.fixed is not None else self.fill(yes, space)
        if state == "nee":
            return self.fill(says.no or says.value, space)
        if state == "onbekend":
            return self.fill(says.unknown, space)
        return self.fill(says.value, space)

    @staticmethod
    def question(unit: Unit) -> str:
        """What a person is asked, for a judgement that was not given."""
        judgement = unit.definition
        return judgement.question if isinstance(judgement, JudgementQuestion) else ""

    def fill(self, template: Template | None, space: Mapping[str, str]) -> str:
        """A sentence with its placeholders filled in."""
        if template is None:
            return ""
        if template.fixed is not None:
            return template.fixed
        parts: list[str] = []
        for text, placeholder in template.parts:
            parts.append(text)
            if placeholder is not None:
                parts.append(self.placeholder(placeholder, space))
        return "".join(parts)

    def placeholder(self, name: str, space: Mapping[str, str]) -> str:
        """The value of `naam` or `naam.veld` in words."""
        key, field = space.get(name), ""
        if key is None:
            head, _, field = name.partition(".")
            key = space.get(head)
        if key is None:
            return say(Anything(), self.frame[0]) if name == "peildatum" else "…"
        unit = self.program.units[key]
        value = unit.load(self.frame)
        if field and isinstance(value, dict):
            return say(field_type(unit.type, field), value.get(field))
        return self.spell(unit, value)


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
