"""Conditions, branches and whole rules that always go one way: proved from types, bounds and the other conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vliegwiel.base.sourcefile import Position
from vliegwiel.law.checking.folding import unit_of
from vliegwiel.law.checking.formulas import NOT_YES, YES, Formula, Leaf, every
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.checking.solving import Solver, solve
from vliegwiel.law.checking.walking import steps
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import place
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.findings import Finding, Severity
from vliegwiel.law.model import Condition, Conditions, Expression, Table
from vliegwiel.law.model import Formula as FormulaBody
from vliegwiel.law.program import CompiledConditions, CompiledTableParts, Unit
from vliegwiel.law.reading import within
from vliegwiel.law.types import YesNo

_Never: TypeAlias = Callable[..., bool]


@dataclass(frozen=True, slots=True)
class LogicCheck:
    """The conditions and branches of one unit on one date."""

    meaning: Meaning
    unit: Unit

    def findings(self) -> Iterator[Finding]:
        """Everything in this unit that always goes one way."""
        body, anatomy = self.unit.body, self.unit.anatomy
        if isinstance(body, Conditions) and isinstance(anatomy, CompiledConditions):
            items = [item.condition for item in anatomy.items]
            yield from self.conditions(items, every_one=body.every)
            for item in items:
                if chooses(item.expression):
                    yield from self.branches(item.expression, True)
        elif isinstance(body, FormulaBody):
            yield from self.whole(body.expression)
            if chooses(body.expression):
                yield from self.branches(body.expression, True)
        elif isinstance(body, Table) and isinstance(anatomy, CompiledTableParts):
            for line in anatomy.lines:
                if chooses(line.output):
                    yield from self.branches(line.output, self.meaning.line(self.unit, body, line, YES))

    def finding(self, at: Position, severity: Severity, code: str, said: str) -> Finding:
        """Something about this unit."""
        return Finding(self.unit.definition.file, at.line, at.column, severity, code, f"'{self.unit.name}': {said}")

    def truth(self, item: Condition, wanted: int) -> Formula:
        """That a condition has an outcome."""
        return self.meaning.truth(item.expression.tree, self.unit.reads, wanted)

    # --- lists of conditions -----------------------------------------------------------------------------------------

    def conditions(self, items: Sequence[Condition], *, every_one: bool) -> Iterator[Finding]:
        """`alle` or `een`: what is found about the conditions together."""
        yes = [self.truth(item, YES) for item in items]
        no = [self.truth(item, NOT_YES) for item in items]
        if _are_loose(yes):
            return
        solver = Solver([*yes, *no])

        def never(*parts: Formula) -> bool:
            return solver.ask(parts).possible is False

        if every_one:
            yield from self.every_condition(items, yes, no, never)
            yield from self.weaker(items, yes, no, never)
        else:
            yield from self.any_condition(items, yes, no, never)

    def every_condition(
        self, items: Sequence[Condition], yes: Sequence[Formula], no: Sequence[Formula], never: _Never
    ) -> Iterator[Finding]:
        """`alle`: conditions nobody meets, that say nothing, or that cannot go together."""
        for number, item in enumerate(items):
            alone = list(self.one_way(item, number, yes[number], no[number], never))
            yield from alone
            if alone or number == 0:
                continue
            if never(*yes[: number + 1]):
                if never(yes[number]) or never(*yes[:number]):
                    continue
                other = next((n for n in range(number) if never(yes[n], yes[number])), None)
                named = f"voorwaarde {other + 1}" if other is not None else "de voorwaarden daarvoor"
                said = f"voorwaarde {number + 1} kan niet samen met {named}. Zo is het antwoord altijd nee."
                yield self.finding(item.at, "fout", "tegenspraak", said)
            elif never(*yes[:number], no[number]):
                other = next((n for n in range(number) if never(yes[n], no[number])), None)
                named = f"aan voorwaarde {other + 1}" if other is not None else "aan de voorwaarden daarvoor"
                said = f"voorwaarde {number + 1} voegt niets toe: wie {named} voldoet, voldoet hier ook aan."
                yield self.finding(item.at, "let op", "overbodig", said)

    def weaker(
        self, items: Sequence[Condition], yes: Sequence[Formula], no: Sequence[Formula], never: _Never
    ) -> Iterator[Finding]:
        """A condition that a later one says more strictly; a guard against null is meant so."""
        for number, item in enumerate(items):
            if any(isinstance(node, tree.Null) for node in every_node(item.expression.tree)):
                continue
            later = next((n for n in range(number + 1, len(items)) if never(yes[n], no[number])), None)
            if later is None or never(no[number]) or never(yes[later]):
                continue
            if not never(yes[number], no[later]):
                said = f"voorwaarde {number + 1} zit al in voorwaarde {later + 1}, die strenger is."
                yield self.finding(item.at, "opmerking", "overbodig", said)

    def any_condition(
        self, items: Sequence[Condition], yes: Sequence[Formula], no: Sequence[Formula], never: _Never
    ) -> Iterator[Finding]:
        """`een`: conditions nobody meets, or that add nothing to those before."""
        for number, item in enumerate(items):
            alone = list(self.one_way(item, number, yes[number], no[number], never))
            yield from alone
            if alone or number == 0:
                continue
            if never(yes[number], *no[:number]):
                if never(*no[:number]):
                    continue
                said = f"voorwaarde {number + 1} voegt niets toe: wie hieraan voldoet, voldoet al aan een voorwaarde daarvoor."
                yield self.finding(item.at, "let op", "overbodig", said)
            elif never(*no[: number + 1]) and not never(*no[:number]):
                said = f"aan een van de voorwaarden tot en met {number + 1} is altijd voldaan. Zo is het antwoord altijd ja."
                yield self.finding(item.at, "fout", "altijd-waar", said)

    def one_way(self, item: Condition, number: int, yes: Formula, no: Formula, never: _Never) -> Iterator[Finding]:
        """A condition that always goes the same way."""
        text = item.expression.text.strip()
        named = unit_of(item.expression.tree, self.unit.reads, self.meaning.program)
        if named is not None and named.kind == "regel" and isinstance(named.body, (Conditions, FormulaBody)):
            # That rule is told about itself.
            return
        if never(yes):
            said = f"aan voorwaarde {number + 1} ({text}) kan niemand voldoen."
            yield self.finding(item.at, "fout", "nooit-waar", said)
        elif never(no):
            said = f"aan voorwaarde {number + 1} ({text}) is altijd voldaan."
            yield self.finding(item.at, "fout", "altijd-waar", said)

    # --- formulas ----------------------------------------------------------------------------------------------------

    def whole(self, expression: Expression) -> Iterator[Finding]:
        """A formula of yes or no that is always the same; a formula that is nothing but `ja` is meant so."""
        if not isinstance(self.unit.type, YesNo) or isinstance(expression.tree, (tree.Boolean, tree.Name, tree.Path)):
            return
        if impossible(self.meaning.truth(expression.tree, self.unit.reads, YES)):
            yield self.finding(expression.at, "fout", "nooit-waar", "de formule geeft nooit ja.")
        elif impossible(self.meaning.truth(expression.tree, self.unit.reads, NOT_YES)):
            yield self.finding(expression.at, "fout", "altijd-waar", "de formule geeft altijd ja.")

    def branches(self, expression: Expression, path: Formula) -> Iterator[Finding]:
        """Branches of an `if` that nothing comes to."""
        if path is not True and impossible(path):
            return
        reads = self.unit.reads
        for node, so_far, closed in steps(self.meaning, expression.tree, reads, path):
            if closed or not isinstance(node, tree.If) or impossible(so_far):
                continue
            at = within(expression.at, *place(expression.text, node.at))
            for wanted, branch in ((YES, "then"), (NOT_YES, "else")):
                if impossible(every([so_far, self.meaning.truth(node.condition, reads, wanted)])):
                    always = "nooit" if branch == "then" else "altijd"
                    said = f"de tak '{branch}' wordt nooit bereikt: de voorwaarde van deze 'if' is hier {always} waar."
                    yield self.finding(at, "fout", "tak-onbereikbaar", said)


def chooses(expression: Expression) -> bool:
    """Whether there is an `if` in an expression."""
    return any(isinstance(node, tree.If) for node in every_node(expression.tree))


def _are_loose(formulas: Sequence[Formula]) -> bool:
    """Whether each is about a yes or no of its own, so that nothing follows from anything."""
    terms = [item.term for item in formulas if isinstance(item, Leaf) and item.operator == "is"]
    return len(terms) == len(formulas) == len(set(terms))


def impossible(formula: Formula) -> bool:
    """Whether it is proved that a formula cannot be so."""
    return solve(formula).possible is False
