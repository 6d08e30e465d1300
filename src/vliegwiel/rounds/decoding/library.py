"""The types of sensors in a folder of definition files, read once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcefile import KeyPath, SourceError, SourceInvalid

from .payload import Misfit, read
from .quantities import Quantity
from .sensortype import SensorType

FOLDER = Path(__file__).resolve().parents[2] / "definitions" / "sensoren"


@cache
def sensor_types(folder: Path = FOLDER) -> Mapping[str, SensorType]:
    """All types, by key. Raises `SourceInvalid` with every mistake of the first file that is not right."""
    found: dict[str, SensorType] = {}
    for path in sorted(folder.glob("*.yaml")):
        kind = load(path, SensorType, f"sensoren/{path.name}")
        if kind.key != path.stem:
            raise SourceInvalid(
                [_error(path, kind, ("sensor",), f"Dit bestand heet '{path.stem}'. Zet dat hier ook neer.")]
            )
        found[kind.key] = kind
    return found


def unfulfilled(kind: SensorType) -> list[str]:
    """What examples of a type promise and does not come out, one Dutch sentence each; empty when all is well."""
    wrong = []
    for example in kind.examples:
        found = read(kind, example.port, bytes.fromhex(example.payload))
        if isinstance(found, Misfit):
            if example.gives:
                wrong.append(f"{kind.key}, {example.about}: {found.sentence}")
            continue
        got = {quantity: round(Decimal(repr(value)), 6) for quantity, value in found.readings.items()}
        wanted = {quantity: round(value, 6) for quantity, value in example.gives.items()}
        if got != wanted:
            wrong.append(f"{kind.key}, {example.about}: er komt {_say(got)} uit, niet {_say(wanted)}.")
    return wrong


def _say(values: Mapping[Quantity, Decimal]) -> str:
    return ", ".join(f"{name!s} {value.normalize():f}" for name, value in values.items()) or "niets"


def _error(path: Path, kind: SensorType, where: KeyPath, message: str) -> SourceError:
    return SourceError(f"sensoren/{path.name}", kind.at.line, kind.at.column, where, message)
