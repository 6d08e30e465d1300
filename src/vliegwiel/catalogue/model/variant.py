"""A variant: the layer of one municipality over a product. Each deviation stands at a path and says why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from vliegwiel.base.sourcefile import NOWHERE, KeyPath, ListNode, Node, Position
from vliegwiel.base.sourcemarks import Doc, Key, Refused

from .facts import Basis, Filled, MunicipalityCode, ProductKey, Source, path_keys


class DeviationKind(StrEnum):
    """Why a municipality differs: its council ruled so, it works so, or it looks or sounds so."""

    VERORDENING = "verordening"
    WERKWIJZE = "werkwijze"
    HUISSTIJL = "huisstijl"


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it stands in a variant file; what kind it must be, the path decides."""

    node: Node

    @classmethod
    def from_source(cls, node: Node, name: str, path: KeyPath) -> Given:
        """Any value will do."""
        return cls(node)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One deviation. `path` runs along keys, through keyed lists by the key of the item: `stappen.zone.velden.zone.label`.

    Exactly one of `value` (replaces, or adds what is not there) and `remove` is given. `after` puts a new item of a list
    behind the item with that key. Outside `begin`/`end` (last day) the product's own value counts.
    """

    path: Annotated[Filled, Key("pad")]
    kind: Annotated[DeviationKind, Key("soort")]
    reason: Annotated[Filled, Key("reden")]
    value: Annotated[Given | None, Key("waarde")] = None
    remove: Annotated[bool, Key("vervalt")] = False
    after: Annotated[str, Key("na")] = ""
    basis: Annotated[Basis | None, Key("grondslag")] = None
    source: Annotated[str, Key("bron")] = ""
    verified: Annotated[bool, Key("geverifieerd")] = True
    begin: Annotated[date | None, Key("vanaf")] = None
    end: Annotated[date | None, Key("tot")] = None
    at: Position = NOWHERE

    def __post_init__(self) -> None:
        if (self.value is None) != self.remove:
            raise Refused("Geef 'waarde', of 'vervalt: ja'. Een van beide, niet allebei.")
        if self.kind is DeviationKind.VERORDENING and self.basis is None:
            raise Refused("Een afwijking van soort 'verordening' heeft een 'grondslag' nodig: regeling en artikel.")
        if self.kind is DeviationKind.HUISSTIJL and self.basis is not None:
            raise Refused("Een afwijking van soort 'huisstijl' heeft geen grondslag.", key="grondslag")
        if self.verified and self.kind is DeviationKind.VERORDENING and not (self.source or _source_of(self.basis)):
            raise Refused("Zeg in 'bron' waar dit is gelezen, of zet 'geverifieerd: nee'.")

    def holds(self, on: date) -> bool:
        """Whether the deviation counts on this date."""
        return (self.begin is None or self.begin <= on) and (self.end is None or on <= self.end)

    @property
    def keys(self) -> tuple[str, ...]:
        """The path, in keys."""
        return path_keys(self.path)


def _source_of(basis: Basis | None) -> str:
    return basis.source if basis else ""


@dataclass(frozen=True, slots=True)
class Variant:
    """How one municipality offers one product: from when, which deviations, and which of its own rules it names."""

    kind: Annotated[Literal["variant"], Key("soort")]
    municipality: Annotated[MunicipalityCode, Key("gemeente")]
    product: Annotated[ProductKey, Key("product")]
    begin: Annotated[date, Key("vanaf")]
    end: Annotated[date | None, Key("tot")] = None
    sources: Annotated[tuple[Source, ...], Key("bronnen")] = ()
    deviations: Annotated[tuple[Deviation, ...], Key("afwijkingen")] = ()
    examples: Annotated[
        ListNode | None, Key("voorbeelden"), Doc("eigen voorbeelden, over die van het product heen")
    ] = None
    not_found: Annotated[tuple[Filled, ...], Key("niet_gevonden")] = ()
    note: Annotated[str, Key("opmerking")] = ""

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for deviation in self.deviations:
            if deviation.path in seen and deviation.begin is None and deviation.end is None:
                raise Refused(f"Het pad '{deviation.path}' staat er twee keer.", key="afwijkingen")
            seen.add(deviation.path)
