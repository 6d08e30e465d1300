"""A pattern: a generic process that many products run on, with its statuses, tasks, standard outcomes and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from vliegwiel.base.sourcefile import MapNode
from vliegwiel.base.sourcemarks import Doc, Key

from .facts import Filled, Fixed, Slug, Source, Text, Version
from .process import Process
from .product import Objection, Outcome, Terms


@dataclass(frozen=True, slots=True)
class Slot:
    """An opening of the pattern: what hangs on it is there only for products that open it."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    explanation: Annotated[str, Key("uitleg")] = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it stands in its file. All below the header flows into each product that uses it."""

    kind: Annotated[Literal["patroon"], Key("soort")]
    key: Annotated[Slug, Key("sleutel")]
    version: Annotated[Version, Key("versie")]
    name: Annotated[Filled, Key("naam")]
    description: Annotated[Filled, Key("omschrijving")]
    process: Annotated[Process, Key("proces")]
    outcomes: Annotated[tuple[Outcome, ...], Key("uitkomsten")]
    objection: Annotated[Objection, Key("bezwaar")]
    texts: Annotated[tuple[Text, ...], Key("teksten")]
    terms: Annotated[Terms | None, Key("termijnen")] = None
    case_type: Annotated[MapNode | None, Key("zaaktype"), Doc("wat van het zaaktype voor elk product hetzelfde is")] = (
        None
    )
    slots: Annotated[tuple[Slot, ...], Key("openingen")] = ()
    fixed: Annotated[tuple[Fixed, ...], Key("vast")] = ()
    sources: Annotated[tuple[Source, ...], Key("bronnen")] = ()


PATTERN_HEADER = frozenset({"soort", "sleutel", "versie", "naam", "omschrijving", "openingen"})
"""Keys of a pattern file that say what it is; the rest flows into products."""
