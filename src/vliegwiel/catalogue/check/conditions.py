"""Every FEEL text of a definition can be read, and uses only names that exist where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vliegwiel.base.sourcefile import SourceText
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.registers.needs import needs as all_data

from ..conditions import names_used
from ..known import ALWAYS
from ..known import LOOKED_UP as LOOKED_UP
from ..model import STATE, Field, FieldKind, Process, Product
from .found import Found, Keys


@dataclass(frozen=True, slots=True)
class Place:
    """A FEEL text, where it stands, and which names it may use (None: that is not known here)."""

    path: Keys
    text: SourceText
    allowed: frozenset[str] | None


def check_conditions(product: Product, found: Found) -> None:
    """Check every FEEL text of a definition."""
    for place in places(product):
        check_place(place, found)


def check_place(place: Place, found: Found) -> None:
    """A FEEL text can be read, and uses only names that exist there."""
    try:
        used = names_used(place.text.text)
    except FeelError as error:
        found.wrong(place.path, f"Deze formule is niet te lezen: {error.sentence}", "formule")
        return
    if place.allowed is None:
        return
    for name in used:
        if not _is_allowed(name, place.allowed):
            found.unknown(place.path, name, place.allowed, "De naam")


def _is_allowed(name: str, allowed: frozenset[str]) -> bool:
    """A name itself, a group that a known name is in, or a part of a known name."""
    if name in allowed:
        return True
    parts = name.split(".")
    return any(".".join(parts[:n]) in allowed for n in range(1, len(parts)))


def places(product: Product) -> Iterator[Place]:
    """All FEEL texts of a definition."""
    application = _application_names(product)
    law = frozenset([*(rule.key for rule in product.law.rules), *(result.key for result in product.law.derived)])
    registers = frozenset(all_data())
    yield from _form(product, application)
    yield from _precheck(product)
    for number, row in enumerate(product.assessment, 1):
        yield from _one(("uitkomst_als", str(number), "als"), row.when, application | law)
    for fact in product.law.facts:
        # A datum that this municipality does not look up is unknown; whether it is needed, the law decides.
        yield from _one(("wet", "feiten", fact.key, "is"), fact.is_, application | registers)
    for derived in product.law.derived:
        yield from _one(("wet", "afgeleid", derived.key, "is"), derived.is_, application | law)
    for part in product.fee.parts if product.fee else ():
        yield from _one(("leges", "delen", part.key, "als"), part.when, application)
    for text in product.texts:
        yield from _one(("teksten", text.key, "als"), text.when, application | law)
    if product.automatic:
        yield from _one(("automatisch", "als"), product.automatic.condition, application | law)
    if product.appointment:
        yield from _one(("afspraak", "als"), product.appointment.when, application | law)
    yield from _one(("vier_ogen",), product.four_eyes, application | law)
    yield from process_places(product.process, application)


def process_places(process: Process, application: frozenset[str] | None) -> Iterator[Place]:
    """All FEEL texts of a process. `application`: the names that fields of tasks may use; None for a pattern by itself."""
    state = frozenset(STATE)
    for phase in process.phases:
        yield from _one(("proces", "fasen", phase.key, "als"), phase.when, state)
        yield from _one(("proces", "fasen", phase.key, "klaar_als"), phase.done, state)
    for status in process.statuses:
        yield from _one(("proces", "statussen", status.key, "als"), status.when, state)
    for task in process.tasks:
        yield from _one(("proces", "taken", task.key, "begint_als"), task.begins, state)
        yield from _one(("proces", "taken", task.key, "klaar_als"), task.done, state)
        yield from _fields(("proces", "taken", task.key, "velden"), task.fields, application)


def _one(path: Keys, text: SourceText | None, allowed: frozenset[str] | None) -> Iterator[Place]:
    if text is not None:
        yield Place(path, text, allowed)


def _form(product: Product, allowed: frozenset[str]) -> Iterator[Place]:
    for step in product.steps:
        yield from _one(("stappen", step.key, "tonen_als"), step.when, allowed)
        yield from _fields(("stappen", step.key, "velden"), step.fields, allowed)
    for document in product.documents:
        yield from _one(("stukken", document.key, "als"), document.when, allowed)


def _fields(path: Keys, fields: Iterable[Field], allowed: frozenset[str] | None) -> Iterator[Place]:
    for field in fields:
        for name, text in (
            ("verplicht", field.required),
            ("tonen_als", field.when),
            ("vanaf", field.earliest),
            ("tot", field.latest),
        ):
            yield from _one((*path, field.key, name), text, allowed)
        for choice in field.choices:
            yield from _one((*path, field.key, "keuzes", choice.key, "als"), choice.when, allowed)


def _precheck(product: Product) -> Iterator[Place]:
    if product.precheck is None:
        return
    allowed = frozenset({"vandaag", *(question.key for question in product.precheck.questions)})
    yield from _fields(("past_dit", "vragen"), product.precheck.questions, allowed)
    for advice in product.precheck.advices:
        yield from _one(("past_dit", "adviezen", advice.key, "als"), advice.when, allowed)


def _application_names(product: Product) -> frozenset[str]:
    """What is known about an application: the data it needs, its answers, and what always exists."""
    names = set(ALWAYS)
    data = all_data()
    for need in product.needs:
        names.add(need.key)
        # Inside a filter the fields of the items of a list are names too.
        datum = data.get(need.key)
        names.update(part.name for part in (datum.parts if datum else ()))
    fields = [*product.fields(), *(field for task in product.process.tasks for field in task.fields)]
    for field in fields:
        names.update((field.key, field.datum))
        if field.kind is FieldKind.ADRES and field.lookup:
            names.update(f"{field.key}.{part}" for part in LOOKED_UP)
    return frozenset(names)
