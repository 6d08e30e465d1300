"""What a sensor in or at a container can measure, in which unit, and within which bounds a value can exist at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Quantity(StrEnum):
    """A quantity. The value is its name in the files of sensor types and in what the platform stores."""

    FILL_LEVEL = "vulgraad"
    DISTANCE = "afstand"
    TEMPERATURE = "temperatuur"
    HUMIDITY = "luchtvochtigheid"
    BATTERY = "batterij"
    VOLTAGE = "batterijspanning"
    TILT = "kanteling"
    TILTED = "gekanteld"
    FULL = "vol"
    FIRE = "brand"
    BATTERY_LOW = "batterij_laag"
    DEPOSITS = "inworpen"
    LATITUDE = "breedtegraad"
    LONGITUDE = "lengtegraad"


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit of a quantity (name, symbol, UCUM code) and the outermost values that can be true."""

    name: str
    symbol: str
    ucum: str
    low: float
    high: float


_YES_NO = Measure("ja of nee", "", "1", 0.0, 1.0)

MEASURES: dict[Quantity, Measure] = {
    # A level outside 0–100 is impossible, but it is the business of who stores it to say so: here it is only read.
    Quantity.FILL_LEVEL: Measure("procent", "%", "%", -1000.0, 1000.0),
    Quantity.DISTANCE: Measure("millimeter", "mm", "mm", 0.0, 100_000.0),
    Quantity.TEMPERATURE: Measure("graad Celsius", "°C", "Cel", -273.2, 2000.0),
    Quantity.HUMIDITY: Measure("procent", "%", "%", 0.0, 100.0),
    Quantity.BATTERY: Measure("procent", "%", "%", 0.0, 100.0),
    Quantity.VOLTAGE: Measure("volt", "V", "V", 0.0, 100.0),
    Quantity.TILT: Measure("graad", "°", "deg", -360.0, 360.0),
    Quantity.TILTED: _YES_NO,
    Quantity.FULL: _YES_NO,
    Quantity.FIRE: _YES_NO,
    Quantity.BATTERY_LOW: _YES_NO,
    Quantity.DEPOSITS: Measure("aantal", "", "1", 0.0, 4_294_967_295.0),
    Quantity.LATITUDE: Measure("graad", "°", "deg", -90.0, 90.0),
    Quantity.LONGITUDE: Measure("graad", "°", "deg", -180.0, 180.0),
}
