"""Facts in words: how pages and letters write the value of a datum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from vliegwiel.catalogue.answers import to_text
from vliegwiel.catalogue.model import Field, FieldKind
from vliegwiel.catalogue.typing_in import amount_text, day_text, number_text, plate_text
from vliegwiel.registers.facts import Value
from vliegwiel.registers.needs import Need, Part, needs

from .facts import StoredFact

UNKNOWN, NOTHING = "niet bekend", "geen"
_POSTCODE = re.compile(r"(\d{4})([A-Z]{2})")


_ANSWERED = (FieldKind.GELD, FieldKind.GETAL, FieldKind.KEUZE, FieldKind.KENTEKEN, FieldKind.IBAN)


def fact_text(fact: StoredFact, field: Field | None = None) -> str:
    """The fact as people read it: "12 maart 1984", "AM en B", "niet bekend". `field`: the question it answers, if any."""
    if fact.text:
        return fact.text
    if not fact.known:
        return UNKNOWN
    if field is not None and (answered := _answer_text(field, fact.value)):
        return answered
    need = needs().get(fact.name)
    return value_text(fact.value, need)


def _answer_text(field: Field, value: Value) -> str:
    """An answer in the words of its question: with its euro sign, unit, dashes, or the name of what was chosen."""
    if field.kind not in _ANSWERED or field.options_from or isinstance(value, bool):
        return ""
    if isinstance(value, int | Decimal):
        return to_text(field, Decimal(value))
    if isinstance(value, str):
        known = field.kind is not FieldKind.KEUZE or any(choice.value == value for choice in field.choices)
        return to_text(field, value) if known else ""
    return ""


def value_text(value: Value, kind: Need | Part | None = None) -> str:
    """A value in words. `kind` tells money from numbers and gives a list its fields; without it the value speaks itself."""
    soort = kind.kind if kind else ""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, int | Decimal):
        return _number(Decimal(value), soort)
    if isinstance(value, str):
        return _word(value, kind.name if kind else "", soort)
    if isinstance(value, Mapping):
        return group_text(value)
    return ", ".join(value_text(item) for item in value) or NOTHING


def _number(value: Decimal, soort: str) -> str:
    if soort.startswith("geld"):
        return amount_text(value) + soort.removeprefix("geld")
    unit = soort.removeprefix("getal in ") if soort.startswith("getal in ") else ""
    if unit in ("persoon", "maand") and value != 1:
        unit = {"persoon": "personen", "maand": "maanden"}[unit]
    return f"{number_text(value)} {unit}".strip()


def _word(value: str, name: str, soort: str) -> str:
    if soort.startswith("keuze"):
        return value.replace("_", " ")
    if name.endswith("kenteken"):
        return plate_text(value)
    return _POSTCODE.sub(r"\1 \2", value) if name.endswith("postcode") else value


def group_text(group: Mapping[str, Value]) -> str:
    """Named values together in one line: an address as on an envelope, a person by name and birth, else all that is known."""
    if line := group.get("regel"):
        return str(line)
    if (street := group.get("straat")) and group.get("huisnummer") is not None:
        return _address(street, group)
    name = group.get("naam") or group.get("omschrijving") or group.get("categorie")
    if name:
        return _named(str(name), group)
    if plate := group.get("kenteken"):
        parts = [plate_text(str(plate)), *(str(group[k]) for k in ("merk", "handelsbenaming") if group.get(k))]
        return " ".join(parts)
    shown = (
        f"{key.replace('_', ' ')}: {value_text(part)}"
        for key, part in group.items()
        if part is not None and key != "bsn"
    )
    return ", ".join(shown) or NOTHING


def _address(street: Value, group: Mapping[str, Value]) -> str:
    number = "".join(str(group.get(part) or "") for part in ("huisnummer", "huisletter"))
    addition = f"-{group['toevoeging']}" if group.get("toevoeging") else ""
    postcode = _POSTCODE.sub(r"\1 \2", str(group.get("postcode") or ""))
    place = f"{postcode} {group.get('woonplaats') or ''}".strip()
    return f"{street} {number}{addition}" + (f", {place}" if place else "")


def _named(name: str, group: Mapping[str, Value]) -> str:
    notes = []
    if relation := group.get("relatie"):
        notes.append(str(relation))
    if isinstance(born := group.get("geboortedatum"), date):
        notes.append(f"geboren {day_text(born)}")
    if isinstance(until := group.get("geldig_tot"), date):
        notes.append(f"tot {day_text(until)}")
    return f"{name} ({', '.join(notes)})" if notes else name
