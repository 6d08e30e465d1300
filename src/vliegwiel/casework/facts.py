"""What we know about a person, home or vehicle in a case: the value with its source, moment and purpose, as it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from vliegwiel.registers.facts import Datum, Value
from vliegwiel.trust.canonical import Json

SELF, STAFF, OWN_CASES, SEEN = "eigen_opgave", "medewerker", "eigen_zaken", "eigen_waarneming"
_LABELS = {SELF: "eigen opgave", STAFF: "medewerker", OWN_CASES: "eigen zaken", SEEN: "eigen waarneming"}


def source_label(source: str) -> str:
    """The text of the badge: a register is its own name."""
    return _LABELS.get(source, source)


@dataclass(frozen=True, slots=True)
class StoredFact:
    """One datum. `known` is false where the register itself does not know it; `in_doubt` where the register is looking into
    it (BRP: in onderzoek); `text` is its own words for a date that is not complete."""

    name: str
    value: Value = field(repr=False)
    source: str
    moment: datetime
    purpose: str
    known: bool = True
    in_doubt: bool = False
    text: str = field(default="", repr=False)

    def as_json(self) -> dict[str, Json]:
        """As it is kept in a draft."""
        return {
            "naam": self.name,
            "waarde": value_to_json(self.value),
            "bron": self.source,
            "moment": self.moment.isoformat(),
            "doel": self.purpose,
            "bekend": self.known,
            "twijfel": self.in_doubt,
            "tekst": self.text,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> StoredFact:
        """Read what `as_json` wrote."""
        return cls(
            str(data["naam"]),
            value_from_json(data["waarde"]),
            str(data["bron"]),
            datetime.fromisoformat(str(data["moment"])),
            str(data["doel"]),
            bool(data["bekend"]),
            bool(data["twijfel"]),
            str(data["tekst"]),
        )

    @classmethod
    def of(cls, datum: Datum) -> StoredFact:
        """What a register said."""
        return cls(
            datum.name,
            datum.value,
            datum.register.value,
            datum.fetched_at,
            datum.purpose,
            datum.known,
            datum.in_onderzoek,
            datum.partial.text if datum.partial else "",
        )


def by_name(facts: Iterable[StoredFact]) -> dict[str, StoredFact]:
    """The facts by the name of their datum; a later one replaces an earlier one."""
    return {fact.name: fact for fact in facts}


def value_to_json(value: Value) -> Json:
    """A value as JSON that keeps its type: dates and numbers are marked, so that nothing is rounded or guessed."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return {"datum": value.isoformat()}
    if isinstance(value, int | Decimal):
        return {"getal": str(value)}
    if isinstance(value, Mapping):
        return {"groep": {str(name): value_to_json(part) for name, part in value.items()}}
    return [value_to_json(part) for part in value]


def value_from_json(data: Json) -> Value:
    """Read what `value_to_json` wrote. Raises `ValueError` for anything else."""
    if data is None or isinstance(data, bool | str):
        return data
    if isinstance(data, list):
        return tuple(value_from_json(part) for part in data)
    if isinstance(data, dict) and len(data) == 1:
        match data:
            case {"datum": str(text)}:
                return date.fromisoformat(text)
            case {"getal": str(text)}:
                return Decimal(text)
            case {"groep": dict(parts)}:
                return {name: value_from_json(part) for name, part in parts.items()}
    raise ValueError("what is stored is no value")
