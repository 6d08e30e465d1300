"""The process of a product as BPMN 2.0: to a file, to standard output, or as a table of steps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.catalogue.bpmn import bpmn_of, steps_of
from vliegwiel.catalogue.check.report import NATIONAL
from vliegwiel.catalogue.model import Resolved
from vliegwiel.catalogue.resolve import resolve

from .output import Json, Refused, show, show_json


def bpmn(
    key: Annotated[str, typer.Argument(help="Sleutel van het product, als bewonersparkeervergunning.")],
    municipality: Annotated[
        str, typer.Option(help="Code van de gemeente, als GM0546. Zonder: zoals het voor alle gemeenten is.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Schrijf naar dit bestand in plaats van naar het scherm.")] = None,
    steps: Annotated[bool, typer.Option(help="Toon de stappen in woorden.")] = False,
    as_json: Json = False,
) -> None:
    """Teken het proces van een product als BPMN 2.0 (XML met indeling), zoals het met de meegeleverde definities loopt."""
    definition = _definition(key, municipality or NATIONAL)
    if steps or as_json:
        _tell(definition, as_json=as_json)
        return
    xml = bpmn_of(definition)
    if out is None:
        show(xml.decode("utf-8").rstrip("\n"))
        return
    try:
        out.write_bytes(xml)
    except OSError as error:
        raise Refused(f"Schrijven naar {out} lukt niet: {error.strerror}.") from None
    show(f"{out}: {definition.name}, versie {definition.version}.")


def _definition(key: str, municipality: str) -> Resolved:
    try:
        return resolve(municipality, key, clock.today())
    except NotFound as error:
        raise Refused(error.sentence) from None
    except SourceInvalid as error:
        raise Refused(str(error.errors[0])) from None


def _tell(definition: Resolved, *, as_json: bool) -> None:
    steps = steps_of(definition)
    if as_json:
        show_json(
            {
                "product": definition.key,
                "versie": definition.version,
                "gemeente": definition.municipality,
                "definitie": definition.hash,
                "stappen": [
                    {
                        "nummer": step.number, "soort": step.kind, "naam": step.name, "wie": step.who, "termijn": step.term,
                        "daarna": list(step.following), "noten": list(step.notes),
                    }
                    for step in steps
                ],
            }
        )  # fmt: skip
        return
    for step in steps:
        term = f", {step.term}" if step.term else ""
        show(f"{step.number:>3}  {step.name} ({step.kind}; {step.who}{term})")
        for line in (*step.following, *step.notes):
            show(f"       {line}")
