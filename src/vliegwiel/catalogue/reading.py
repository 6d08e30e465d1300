"""A product as one page: conditions in words, what follows from the selectielijst, examples with what came out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vliegwiel.base.errors import NotFound, VliegwielError
from vliegwiel.base.sourcefile import ListNode, Node, SourceText, TextNode
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.feel.parser import Scope, parse_expression
from vliegwiel.law.types import Anything

from . import selectielijst
from .check import run_example
from .check.examples import differs
from .examples import ExampleWrong
from .laws.inwords import Named, Words
from .model import Basis, Example, Outcome, Phase, Product, Resolved, Status, Task, Wait, find
from .selectielijst import Bewaartermijn, Procestermijn, Resultaat, Waardering

_STATE: Mapping[str, str] = {
    "kanaal": "de manier van aanvragen",
    "uitkomst": "de uitkomst van de regels",
    "oordeel_nodig": "er is een oordeel van een mens nodig",
    "automatisch": "het mag zonder mens worden besloten",
    "compleet": "alle antwoorden en stukken zijn er",
    "wacht": "waarop wordt gewacht",
    "besluit": "het besluit",
    "gedaan": "wat klaar is",
    "verlopen": "wat te lang duurde",
    "ingetrokken": "de aanvraag is ingetrokken",
    "toegekend": "er is toegekend",
    "voorbereid": "het werk ervoor is klaar",
    "vandaag": "vandaag",
    "ontvangen_op": "de dag van ontvangst",
    "gemeente": "de gemeente",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula with what it says. `words` is empty where the formula itself is clearer."""

    feel: str
    words: str


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """A row of the table from rules to outcome."""

    outcome: Outcome | None
    key: str
    when: Condition | None
    reason: str
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the records of an outcome are kept, from the selectielijst."""

    outcome: Outcome
    number: str
    label: str
    term: str
    starts: str
    verified: bool


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase with its statuses, tasks and waits."""

    phase: Phase
    when: Condition | None
    done: Condition | None
    statuses: tuple[Status, ...]
    tasks: tuple[tuple[Task, Condition | None], ...]
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """An example and what came out. `wrong` holds a sentence for each thing that differs; empty when all is well."""

    example: Example
    facts: tuple[tuple[str, str], ...]
    expected: str
    got: str
    wrong: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it came out as it says."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page of a product shows beside what stands in the definition itself."""

    assessment: tuple[OutcomeLine, ...]
    retention: tuple[Retention, ...]
    phases: tuple[PhaseLine, ...]
    roles: Mapping[str, str]


class Speaking:
    """Puts the formulas of one product in words."""

    def __init__(self, product: Product) -> None:
        names = dict(_STATE)
        names.update({need.key: need.label.lower() for need in product.needs})
        for one in [*product.fields(), *(field for task in product.process.tasks for field in task.fields)]:
            names[one.key] = names[one.datum] = f"“{one.label}”"
        names.update({rule.key: (rule.label or rule.rule.replace("_", " ")).lower() for rule in product.law.rules})
        self._words = Words({key: Named(label, Anything()) for key, label in names.items()})

    def condition(self, text: SourceText | None) -> Condition | None:
        """A formula in words; None for none."""
        if text is None:
            return None
        try:
            node = parse_expression(text.text, Scope())
        except FeelError:
            return Condition(text.text, "")
        return Condition(text.text, self._words.parsed(node))


def sheet(definition: Product) -> Sheet:
    """The sheet of a product."""
    speaking = Speaking(definition)
    return Sheet(
        assessment=tuple(
            OutcomeLine(
                find(definition.outcomes, row.outcome), row.outcome, speaking.condition(row.when), row.reason, row.basis
            )
            for row in definition.assessment
        ),
        retention=tuple(_retention(outcome) for outcome in definition.outcomes if outcome.selectielijst),
        phases=tuple(_phase(definition, phase, speaking) for phase in definition.process.phases),
        roles={role.key: role.name for role in definition.process.roles},
    )


def _phase(definition: Product, phase: Phase, speaking: Speaking) -> PhaseLine:
    process = definition.process
    statuses = tuple(status for status in process.statuses if status.phase == phase.key)
    keys = {status.key for status in statuses}
    return PhaseLine(
        phase,
        speaking.condition(phase.when),
        speaking.condition(phase.done),
        statuses,
        tuple((task, speaking.condition(task.begins)) for task in process.tasks if task.phase == phase.key),
        tuple(wait for wait in process.waits if wait.status in keys),
    )


def _retention(outcome: Outcome) -> Retention:
    try:
        result = selectielijst.resultaat(outcome.selectielijst)
    except NotFound:
        return Retention(outcome, outcome.selectielijst, "staat niet in de selectielijst", "", "", verified=False)
    term = "blijvend bewaren" if result.waardering is Waardering.BLIJVEND_BEWAREN else _term(result.termijn)
    return Retention(
        outcome, result.nummer, result.label, term, _starts(result), result.geverifieerd and outcome.verified
    )


def _term(term: Bewaartermijn | None) -> str:
    if term is None:
        return "niet meer te kiezen"
    parts = [
        (term.years, "jaar", "jaar"), (term.months, "maand", "maanden"), (term.days, "dag", "dagen"),
    ]  # fmt: skip
    told = [f"{number} {one if number == 1 else many}" for number, one, many in parts if number]
    return " en ".join(told) or "meteen vernietigen"


_STARTS: Mapping[Procestermijn, str] = {
    Procestermijn.NIHIL: "vanaf de dag dat de zaak klaar is",
    Procestermijn.BESTAANSDUUR_PROCESOBJECT: "vanaf de dag dat het recht vervalt",
    Procestermijn.INGESCHATTE_BESTAANSDUUR_PROCESOBJECT: "vanaf het verwachte einde van het recht",
    Procestermijn.VAST_TE_LEGGEN_DATUM: "vanaf de einddatum die in de zaak staat",
}


def _starts(result: Resultaat) -> str:
    if result.telt_vanaf:
        return f"vanaf: {result.telt_vanaf}"
    return _STARTS.get(result.procestermijn, "") if result.procestermijn else ""


# --- examples ---------------------------------------------------------------------------------------------------------


def run_examples(definition: Resolved) -> tuple[ExampleRun, ...]:
    """Every example of a definition with what comes out."""
    labels = {need.key: need.label for need in definition.needs}
    labels.update({field.key: field.label for field in definition.fields()})
    return tuple(_run(definition, example, labels) for example in definition.examples)


def _run(definition: Resolved, example: Example, labels: Mapping[str, str]) -> ExampleRun:
    facts = tuple(
        (labels.get(key.text, key.text.replace("_", " ")), _fact(value)) for key, value in example.facts.entries
    )
    expected = _outcome(definition, example.expected.outcome)
    try:
        got = run_example(definition, example)
    except ExampleWrong as error:
        return ExampleRun(example, facts, expected, "", (error.message,))
    except VliegwielError as error:
        return ExampleRun(example, facts, expected, "", (error.sentence,))
    wrong = tuple(sentence for _, sentence in differs(example, got))
    missing = tuple(labels.get(name, name.replace("_", " ")) for name in got.missing)
    return ExampleRun(example, facts, expected, _outcome(definition, got.outcome), wrong, missing)


def _outcome(definition: Product, key: str | None) -> str:
    if key is None:
        return "nog niet te zeggen"
    found = find(definition.outcomes, key)
    return found.name if found is not None else key


def _fact(node: Node) -> str:
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return "; ".join(_fact(item) for item in node.items) or "geen"
    return ", ".join(f"{key.text.replace('_', ' ')}: {_fact(value)}" for key, value in node.entries)
