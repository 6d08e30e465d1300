"""What is observed in a container: the URI of each quantity, and the values that a sensor in the street can truly give."""

from __future__ import annotations

from typing import Final

from .decoding.messages import Quantity

POSSIBLE: Final = {Quantity.FILL_LEVEL: (0.0, 100.0), Quantity.TEMPERATURE: (-60.0, 200.0)}
"""What a sensor in the street can say and be right: narrower than what a decoder may read."""

LEVEL: Final = "https://smartdatamodels.org/dataModel.WasteManagement/fillingLevel"
_QUDT = "http://qudt.org/vocab/quantitykind/"
DEFINITIONS: Final = {
    Quantity.FILL_LEVEL: LEVEL,
    Quantity.DISTANCE: f"{_QUDT}Distance",
    Quantity.TEMPERATURE: f"{_QUDT}Temperature",
    Quantity.HUMIDITY: f"{_QUDT}RelativeHumidity",
    Quantity.VOLTAGE: f"{_QUDT}Voltage",
    Quantity.TILT: f"{_QUDT}Angle",
}
"""URIs of what is observed (Smart Data Models; QUDT)."""


def definition_of(quantity: Quantity) -> str:
    """The URI of a quantity; one of our own where we know no shared one."""
    return DEFINITIONS.get(quantity, f"urn:vliegwiel:grootheid:{quantity.value}")
