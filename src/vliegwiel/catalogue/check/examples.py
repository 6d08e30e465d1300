"""Run the examples of a definition: facts in, outcome and amounts out, compared with what the example says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from vliegwiel.base.errors import VliegwielError

from ..assess import Assessment, assess
from ..examples import ExampleWrong, facts_of
from ..lawbook import judgement_names
from ..library import Library
from ..model import Example, Resolved
from ..resolve import layered_of
from .found import Finding, Found, Keys


def run_example(definition: Resolved, example: Example) -> Assessment:
    """What the law says in an example. Raises `ExampleWrong`, and what `assess` raises."""
    known = facts_of(definition, example, definition.municipality)
    names = judgement_names(definition.law.law, definition.municipality, example.on)
    judged: dict[str, bool] = {name: value for name in names if isinstance(value := known.get(name), bool)}
    return assess(definition, known, example.on, judgements=judged)


def example_findings(definition: Resolved, *, among: Library | None = None) -> list[Finding]:
    """Every example that does not come out as it says; empty when all do. `among`: where the definition was resolved."""
    found = Found(layered_of(definition.municipality, definition.key, among=among), definition.municipality)
    check_examples(definition, found)
    return found.findings


def check_examples(definition: Resolved, found: Found) -> int:
    """Run all examples; gives how many were run."""
    for example in definition.examples:
        path: Keys = ("voorbeelden", example.key)
        where = f" in {definition.municipality}" if definition.municipality != "GM0000" else ""
        try:
            got = run_example(definition, example)
        except ExampleWrong as error:
            found.wrong((*path, "feiten", error.name), error.message, "voorbeeld")
            continue
        except VliegwielError as error:
            found.wrong(path, f"Dit voorbeeld{where} is niet uit te rekenen: {error.sentence}", "voorbeeld")
            continue
        for key, message in differs(example, got):
            found.wrong((*path, "verwacht", key), f"Het voorbeeld '{example.says}'{where}: {message}", "voorbeeld")
    return len(definition.examples)


def differs(example: Example, got: Assessment) -> list[tuple[str, str]]:
    """In what an example did not come out as it says: the key below `verwacht`, and a sentence. Empty when it did."""
    expected = example.expected
    wrong: list[tuple[str, str]] = []
    if got.outcome != expected.outcome:
        why = f" (ontbreekt: {', '.join(got.missing)})" if got.missing else ""
        wrong.append(
            ("uitkomst", f"verwacht was '{expected.outcome or 'onbekend'}', de wet zegt '{got.outcome}'{why}.")
        )
    wrong.extend(_amounts(expected.amounts, got.amounts))
    if expected.conditional and set(expected.conditional) != set(got.conditional_on):
        wrong.append(("hangt_af_van", f"het hangt af van {', '.join(got.conditional_on) or 'niets'}."))
    if not expected.conditional and got.conditional_on:
        wrong.append(("hangt_af_van", f"het hangt nog af van een oordeel: {', '.join(got.conditional_on)}."))
    if expected.missing and set(expected.missing) != set(got.missing):
        wrong.append(("ontbreekt", f"er ontbreekt {', '.join(got.missing) or 'niets'}."))
    return wrong


def _amounts(expected: Mapping[str, str], got: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    for key, text in expected.items():
        try:
            amount = Decimal(text)
        except InvalidOperation:
            wrong.append(("bedragen", f"'{text}' is geen bedrag. Schrijf het als \"53.65\"."))
            continue
        if got.get(key) != amount:
            wrong.append(("bedragen", f"verwacht was {key} {text}, de wet zegt {got.get(key, 'niets')}."))
    return wrong
