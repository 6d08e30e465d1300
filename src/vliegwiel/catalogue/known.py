"""What is known about one application: data from registers and answers, by the names that conditions and the law use.

The names that always exist are in `ALWAYS`. A datum that no register gave and a question that nobody answered are simply
not there: that is *unknown*. A question that was asked and left empty is there, as null.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from vliegwiel.registers.facts import Value

from .answers import Answer, as_fact
from .conditions import holds
from .model import Field, Product, Step

ALWAYS: Mapping[str, str] = {
    "vandaag": "de datum van vandaag",
    "ontvangen_op": "de dag waarop de aanvraag binnenkwam (tot die tijd: vandaag)",
    "gemeente": "de code van de gemeente, als GM0546",
    "kanaal": "de sleutel van het kanaal waarlangs wordt aangevraagd",
}
"""Names that exist in every application, with what they hold."""

LOOKED_UP = ("gemeente", "straat", "woonplaats", "adresseerbaar_object")
"""What looking up a typed address in the BAG adds to its answer: `nieuw_adres.gemeente`. None where it was not found."""


def known(
    product: Product,
    *,
    municipality: str,
    channel: str,
    today: date,
    received: date | None = None,
    data: Mapping[str, Value] | None = None,
    answers: Mapping[str, Answer] | None = None,
    answered: Collection[str] = (),
) -> dict[str, Value]:
    """All that is known, by name.

    `data`: what registers gave, by name of the datum. `answers`: by field key, of citizen and clerk alike. `answered`: keys
    of the steps (and tasks) that were filled in: a field of those without an answer is null, as is one that was not shown.
    A field counts under its own key, and under the name of its fact.
    """
    found: dict[str, Value] = dict(data or {})
    found.update(vandaag=today, ontvangen_op=received or today, gemeente=municipality, kanaal=channel)
    given = answers or {}
    for place, fields in _places(product):
        for field in fields:
            if field.key in given:
                value = as_fact(field, given[field.key], found)
            elif place in answered:
                value = None
            else:
                continue
            found[field.key] = value
            found[field.datum] = value
    return found


def _places(product: Product) -> Iterable[tuple[str, tuple[Field, ...]]]:
    for step in product.steps:
        yield step.key, step.fields
    for task in product.process.tasks:
        if task.fields:
            yield task.key, task.fields


def steps_shown(product: Product, known_: Mapping[str, Value]) -> tuple[Step, ...]:
    """The pages of the form that this person gets, in order: a page without a shown field is passed over."""
    return tuple(step for step in product.steps if fields_shown(product, step, known_))


def fields_shown(product: Product, step: Step, known_: Mapping[str, Value]) -> tuple[Field, ...]:
    """The fields of a page that this person gets.

    A field that stands in for a datum (`anders_vragen`) is asked whenever no register gave that datum.
    """
    instead = {need.ask for need in product.needs if need.ask and known_.get(need.key) is None}
    forced = any(field.key in instead for field in step.fields)
    if not forced and not holds(step.when, known_):
        return ()
    return tuple(field for field in step.fields if field.key in instead or holds(field.when, known_))
