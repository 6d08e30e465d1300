"""Try a definition out: every example of the product, the variant and the municipality itself, with what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vliegwiel.base.errors import Invalid, VliegwielError
from vliegwiel.base.sourcefile import ListNode, MapNode, parse_source

from ..check.examples import differs, run_example
from ..check.found import Finding
from ..check.report import check_one
from ..editing import CannotRewrite, placed, rewrite
from ..examples import ExampleWrong
from ..layers import identity
from ..library import Library
from ..model import Example, Resolved
from ..resolve import resolve
from ..texts import name_of, with_text


@dataclass(frozen=True, slots=True)
class Tried:
    """One example. `problems` says what came out otherwise; empty when it came out as it says."""

    key: str
    says: str
    expected: str
    outcome: str
    amounts: Mapping[str, Decimal]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether it came out as it says."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying. `findings` are the mistakes in the definition itself; `definition` what would run."""

    definition: Resolved
    examples: tuple[Tried, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether it could be offered like this."""
        return all(one.ok for one in self.examples) and all(one.severity != "fout" for one in self.findings)


def try_out(
    municipality: str, key: str, day: date, *, among: Library, variant: str | None = None, examples: str = ""
) -> Trial:
    """Resolve with these texts and run everything. `variant` replaces the text of the variant; `examples` (a YAML list, as under
    `voorbeelden`) are laid over those that are there. Raises `SourceInvalid`, and `Invalid` for examples that are no list.
    """
    found = among
    own = variant if variant is not None else _own_text(among, municipality, key)
    if variant is not None or examples.strip():
        text = own or f"soort: variant\ngemeente: {municipality}\nproduct: {key}\nvanaf: {day.isoformat()}\n"
        found = with_text(among, "variant", key, _with_examples(text, examples), municipality)
    definition = resolve(municipality, key, day, among=found)
    findings, _ = check_one(municipality, key, day, among=found)
    tried = tuple(_tried(definition, example) for example in definition.examples)
    return Trial(definition, tried, tuple(one for one in findings if one.code != "voorbeeld"))


def _tried(definition: Resolved, example: Example) -> Tried:
    expected = example.expected.outcome or ""
    try:
        got = run_example(definition, example)
    except ExampleWrong as error:
        return Tried(example.key, example.says, expected, "", {}, (error.message,))
    except VliegwielError as error:
        return Tried(example.key, example.says, expected, "", {}, (error.sentence,))
    problems = tuple(sentence for _, sentence in differs(example, got))
    return Tried(example.key, example.says, expected, got.outcome or "", got.amounts, problems)


def _own_text(among: Library, municipality: str, key: str) -> str:
    file = among.variant_file(municipality, key)
    if file is None:
        return ""
    return among.text(file.state[0].partition("@")[0]) or among.text(name_of("variant", key, municipality)) or ""


def _with_examples(text: str, examples: str) -> str:
    if not examples.strip():
        return text
    added = parse_source(examples, "eigen voorbeelden").root
    if not isinstance(added, ListNode) or not all(identity(item) for item in added.items):
        raise Invalid("Schrijf uw voorbeelden als een lijst, elk met een sleutel.")
    root = parse_source(text, "variant").root
    present = root.get("voorbeelden") if isinstance(root, MapNode) else None
    names = {identity(item) for item in added.items}
    kept = tuple(i for i in present.items if identity(i) not in names) if isinstance(present, ListNode) else ()
    try:
        return rewrite(text, placed(root, ("voorbeelden",), ListNode((*kept, *added.items), added.at)))
    except CannotRewrite as error:
        raise Invalid("Zet uw voorbeelden zelf in de variant.") from error
