"""A product as one page: what the resident reads, questions, law, outcomes, letters, process, examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.casework import pages as shown
from vliegwiel.catalogue.editing.parts import Definition, trail
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.library import Library
from vliegwiel.catalogue.model import Choice, Difference, Field, FieldKind, Resolved, Step
from vliegwiel.catalogue.model.facts import path_keys
from vliegwiel.catalogue.pricing import FeeQuote, fee
from vliegwiel.catalogue.queries import Adopted, adoptions
from vliegwiel.catalogue.reading import ExampleRun, run_examples, sheet
from vliegwiel.catalogue.resolve import layered_of, resolve
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, rights_of
from vliegwiel.web.citizen.product import link_of
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame

NATIONAL = "GM0000"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of a product. `resolved` is what the municipality runs, or would run."""

    key: str
    name: str
    version: str
    pattern: str
    upl_name: str
    upl_uri: str
    adopted: Adopted | None
    deviations: int
    tab: str
    may_manage: bool
    hash: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the form as a resident sees it."""

    step: Step
    fields: tuple[shown.Field, ...]


@dataclass(frozen=True, slots=True)
class Varied:
    """A deviation that is in force, with its path in words."""

    difference: Difference
    where: str
    path: str


def head(request: PageRequest, reader: Staff, key: str, tab: str = "") -> Head:
    """The head of a page of a product. Raises `NotFound`, and `SourceInvalid` for a wrong definition."""
    town = request.municipality.code
    return head_of(reader, resolve(town, key, clock.today(), among=library_for(town, key)), tab)


def head_of(reader: Staff, definition: Resolved, tab: str = "") -> Head:
    """The same, for a definition at hand."""
    offered = {one.product: one for one in adoptions(reader.municipality)}
    return Head(
        key=definition.key,
        name=definition.name,
        version=definition.version,
        pattern=f"{definition.pattern.key} {definition.pattern_version}",
        upl_name=definition.upl.name,
        upl_uri=definition.upl.uri,
        adopted=offered.get(definition.key),
        deviations=len(definition.differences),
        tab=tab,
        may_manage=Right.DEFINITIE_BEHEREN in rights_of(reader),
        hash=definition.hash,
    )


@require_safe
def page(request: PageRequest, key: str) -> HttpResponse:
    """The product, as this municipality runs it or (`zoals=landelijk`) as it is for all."""
    reader = staff(request)
    town, on = request.municipality.code, clock.today()
    library = library_for(town, key)
    own = resolve(town, key, on, among=library)
    national = posted.query(request, "zoals", 12) == "landelijk"
    definition = resolve(NATIONAL, key, on, among=library) if national else own
    runs = () if national else run_examples(definition)
    context = {
        "head": head_of(reader, own, "read"),
        "national": national,
        "runs": runs,
        "wrong": sum(not run.ok for run in runs),
        **content(definition, library, on),
    }
    return frame.show(request, reader, "product.html", context, section="products")


def content(definition: Resolved, library: Library, on: date) -> dict[str, object]:
    """What the page of a definition shows; for a draft too."""
    texts = sheet(definition)
    return {
        "it": definition,
        "sheet": texts,
        "steps": preview(definition),
        "fee": _fee(definition, on),
        "law": _law(definition),
        "varied": varied(definition, library),
        "registers": _registers(definition),
        "links": [(source, link_of(source)) for source in definition.sources],
        "letters": [
            (text, [outcome.name for outcome in definition.outcomes if text.key in outcome.letter])
            for text in definition.texts
        ],
        "fixed": [(trail(fixed.keys), fixed.basis) for fixed in definition.fixed],
        "on": on,
    }


def _fee(definition: Resolved, on: date) -> FeeQuote | None:
    return fee(definition, on) if definition.fee is not None else None


def _law(definition: Resolved) -> tuple[str, str]:
    book, name = law_book(), definition.law.law
    return (name, book.versions(name)[-1].name) if name in book.law_ids else ("", name)


def _registers(definition: Resolved) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for need in definition.needs:
        found.setdefault(need.register, []).append(need.label)
    return [(register, list(dict.fromkeys(labels))) for register, labels in found.items()]


def varied(definition: Resolved, library: Library) -> tuple[Varied, ...]:
    """The deviations of a definition, with their places in words."""
    if not definition.differences:
        return ()
    root = layered_of(definition.municipality, definition.key, among=library).root
    return tuple(Varied(one, trail(path_keys(one.path), root), one.path) for one in definition.differences)


def walked(library: Library, municipality: str, key: str) -> Definition:
    """The definition as parts. Raises as `resolve`."""
    layers = layered_of(municipality, key, among=library)
    product = resolve(NATIONAL, key, clock.today(), among=library)
    return Definition(layers.root, layers.origins, product.fixed)


def preview(definition: Resolved) -> tuple[Shown, ...]:
    """The form as a resident sees it, all pages of it."""
    return tuple(Shown(step, tuple(_field(step, one) for one in step.fields)) for step in definition.steps)


def _field(step: Step, one: Field) -> shown.Field:
    return shown.Field(
        key=f"{step.key}-{one.key}",
        kind=one.kind.value,
        label=one.label,
        hint=one.hint,
        why=str(one.basis) if one.basis else "",
        required=one.required is None or one.required.text not in ("nee", "false"),
        values=(),
        choices=tuple(_choice(choice) for choice in one.choices),
        unit="€" if one.kind is FieldKind.GELD else one.unit,
        autocomplete="",
        accept="",
        uploads=(),
        error="",
    )


def _choice(choice: Choice) -> shown.Choice:
    return shown.Choice(choice.value, choice.name, choice.hint, chosen=False)


@require_safe
def examples(request: PageRequest, key: str) -> HttpResponse:
    """Every example, run now."""
    reader = staff(request)
    town = request.municipality.code
    definition = resolve(town, key, clock.today(), among=library_for(town, key))
    runs = run_examples(definition)
    context = {
        "head": head_of(reader, definition, "examples"),
        "it": definition,
        "runs": runs,
        "wrong": sum(not run.ok for run in runs),
        "untouched": _untouched(definition, runs),
        "ran": clock.now(),
        "law": _law(definition),
    }
    return frame.show(request, reader, "product_examples.html", context, section="products")


def _untouched(definition: Resolved, runs: tuple[ExampleRun, ...]) -> list[str]:
    """The outcomes that no example reaches."""
    reached = {run.example.expected.outcome for run in runs}
    rows = dict.fromkeys(row.outcome for row in definition.assessment)
    return [outcome.name for outcome in definition.outcomes if outcome.key in rows and outcome.key not in reached]
