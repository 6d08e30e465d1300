"""What the weighings do not say and somebody had to choose. Every one is printed with the figures and can be changed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

DAY: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Chosen, not measured. Units are in the names; each field's metadata would only repeat `WHY`."""

    container_litres: float = 5000.0
    kilograms_per_m3: float = 100.0
    truck_m3: float = 24.0
    truck_kilograms_per_m3: float = 480.0
    service_seconds: float = 120.0
    lift_seconds: float = 90.0
    tip_seconds: float = 1200.0
    shift_from: int = 7 * 3600
    shift_until: int = 15 * 3600 + 1800
    break_seconds: int = 1800
    detour: float = 1.35
    town_kmh: float = 20.0
    road_kmh: float = 50.0
    town_metres: float = 1500.0
    cents_km: int = 120
    cents_hour: int = 6500
    cents_truck_day: int = 3000
    cents_sensor_day: float = 25.0
    litre_diesel_km: float = 0.45
    litre_diesel_lift: float = 0.10
    co2_per_litre: float = 3.26
    sensor_noise: float = 5.0
    dead_share: float = 0.20
    sensor_bias: float = -10.0

    @property
    def full_kilograms(self) -> float:
        """What one full container weighs."""
        return self.container_litres / 1000 * self.kilograms_per_m3

    @property
    def truck_kilograms(self) -> float:
        """What one full truck carries."""
        return self.truck_m3 * self.truck_kilograms_per_m3

    @property
    def net_shift(self) -> int:
        """Seconds of work in a shift, the break taken off."""
        return self.shift_until - self.shift_from - self.break_seconds

    def litres(self, kilograms: float) -> float:
        """The room that so much waste takes when it lies beside a container."""
        return kilograms / self.kilograms_per_m3 * 1000


WHY: Final[dict[str, str]] = {
    "container_litres": "liter per ondergrondse container (5 m³ is gangbaar; de wegingen noemen geen inhoud)",
    "kilograms_per_m3": "kilogram per m³ restafval in de container: vol is 500 kg; 90 % van de gewogen lichtingen is lichter",
    "truck_m3": "m³ laadruimte van een wagen (opgave)",
    "truck_kilograms_per_m3": "kilogram per m³ na persen: een volle wagen van 24 m³ draagt 11,5 ton",
    "service_seconds": "seconden per stop, ongeacht het aantal containers",
    "lift_seconds": "seconden per geleegde container",
    "tip_seconds": "seconden om te storten, wegen en wachten meegeteld",
    "shift_from": "begin van de dienst (seconden na middernacht)",
    "shift_until": "einde van de dienst (seconden na middernacht)",
    "break_seconds": "pauze (Arbeidstijdenwet artikel 5:4: een half uur bij meer dan 5,5 uur werk)",
    "detour": "hemelsbreed × dit is de weg: een noodgreep, geen wegennet",
    "town_kmh": "km per uur tussen dichtbije stops",
    "road_kmh": "km per uur op wat een rit langer is dan town_metres",
    "town_metres": "meter van een rit die met stadssnelheid gaat",
    "cents_km": "cent per kilometer: brandstof, banden, onderhoud",
    "cents_hour": "cent per uur: wagen met chauffeur",
    "cents_truck_day": "cent per wagen die op een dag uitrijdt: klaarmaken, controleren, wassen",
    "cents_sensor_day": "cent per sensor per dag: aanschaf, abonnement en onderhoud samen, per container",
    "litre_diesel_km": "liter diesel per kilometer",
    "litre_diesel_lift": "liter diesel per lichting (kraan en pers)",
    "co2_per_litre": "kilogram CO₂ per liter diesel, van bron tot wiel",
    "sensor_noise": "standaardafwijking van een sensormeting, in procent van de inhoud",
    "dead_share": "deel van de sensoren dat in de stresstest niets meldt",
    "sensor_bias": "scheefstand van alle andere sensoren in de stresstest, in procentpunt",
}
"""Why each assumption has its value, in the words that are shown."""


def listed(chosen: Assumptions) -> tuple[tuple[str, float, str], ...]:
    """Name, value and why of each."""
    return tuple((field.name, float(getattr(chosen, field.name)), WHY[field.name]) for field in fields(chosen))
