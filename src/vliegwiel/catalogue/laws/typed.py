"""Values of a law as people type them: a field for each type, read from what was typed and written back.

Nothing typed is *unknown*; the word `geen` is *known to be nothing*. A group has a field for each part (`adres.postcode`), a list
of groups a row for each (`kinderen.0.leeftijd`), any other list one value a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from vliegwiel.base.errors import InvalidParam
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import Unknown, Value, show, show_number
from vliegwiel.law.plain import NotThisType, expected, read_text
from vliegwiel.law.types import Choice, Day, Days, Group, Many, Money, Months, Number, Type, YesNo
from vliegwiel.law.wording import say

from .. import typing_in
from ..typing_in import CannotRead

NOTHING: Final = "geen"
MOST_ROWS: Final = 12
LONGEST: Final = 2_000
"""Characters of one field."""


class Absent:
    """Nothing was typed: unknown to the law."""


ABSENT: Final = Absent()
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One of a set of answers."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form. `kind`: keuze, getal, geld, datum, tekst, regels (one a line), groep, rijen. `parts` are the fields of
    a group, or the rows (groups) of a list."""

    key: str
    kind: str
    label: str
    hint: str
    unit: str
    value: str
    options: tuple[Option, ...]
    parts: tuple[Field, ...]
    error: str

    @property
    def filled(self) -> bool:
        """Whether anything was typed in it."""
        return bool(self.value) or any(part.filled for part in self.parts)


# --- reading ---------------------------------------------------------------------------------------------------------


def read(type_: Type, key: str, typed: Typed, wrong: list[InvalidParam]) -> object:
    """The value of a field as `decide` takes it, or `ABSENT`. What cannot be read is noted in `wrong`, by key."""
    text = typed.get(key, "").strip()
    if isinstance(type_, Group):
        return None if text.lower() == NOTHING else _group(type_, key, typed, wrong)
    if isinstance(type_, Many):
        return _many(type_, key, typed, text, wrong)
    if not text:
        return ABSENT
    try:
        return simple(type_, text)
    except CannotRead as error:
        wrong.append(InvalidParam(key, "wrong", str(error)))
        return ABSENT


def simple(type_: Type, text: str) -> Value:
    """A single value. Raises `CannotRead`."""
    if len(text) > LONGEST:
        raise CannotRead(f"Maak het korter: hoogstens {LONGEST} tekens.")
    if text.lower() == NOTHING and not (isinstance(type_, Choice) and any(o == NOTHING for o, _ in type_.options)):
        return None
    if isinstance(type_, YesNo):
        return typing_in.yes_no(text)
    if isinstance(type_, Money):
        return typing_in.amount(text)
    if isinstance(type_, Number):
        return typing_in.number(text, 6)
    if isinstance(type_, Day):
        return typing_in.day([text])
    try:
        return read_text(type_, text)
    except NotThisType:
        raise CannotRead(f"Vul hier {expected(type_)} in.") from None


def _group(type_: Group, key: str, typed: Typed, wrong: list[InvalidParam]) -> object:
    parts = {name: read(inner, f"{key}.{name}", typed, wrong) for name, inner in type_.fields}
    known = {name: value for name, value in parts.items() if not isinstance(value, Absent)}
    return known or ABSENT


def _many(type_: Many, key: str, typed: Typed, text: str, wrong: list[InvalidParam]) -> object:
    if text.lower() == NOTHING:
        return []
    if isinstance(type_.of, Group):
        rows = [_group(type_.of, f"{key}.{number}", typed, wrong) for number in range(MOST_ROWS)]
        kept = [row for row in rows if not isinstance(row, Absent)]
        return kept or ABSENT
    found: list[object] = []
    for line in text.splitlines():
        if line.strip():
            try:
                found.append(simple(type_.of, line.strip()))
            except CannotRead as error:
                wrong.append(InvalidParam(key, "wrong", f"“{line.strip()[:40]}”: {error}"))
    return found or ABSENT


# --- writing ---------------------------------------------------------------------------------------------------------


def write(type_: Type, key: str, value: Value) -> dict[str, str]:
    """A value as it would be typed, by key: the inverse of `read`."""
    if isinstance(value, Unknown):
        return {}
    if isinstance(type_, Many) and isinstance(value, list):
        if not value:
            return {key: NOTHING}
        if isinstance(type_.of, Group):
            rows = (write(type_.of, f"{key}.{number}", row) for number, row in enumerate(value[:MOST_ROWS]))
            return {name: text for row in rows for name, text in row.items()}
        return {key: "\n".join(text_of(type_.of, item) for item in value)}
    if isinstance(type_, Group) and isinstance(value, dict):
        parts = (write(inner, f"{key}.{name}", value.get(name)) for name, inner in type_.fields if name in value)
        return {name: text for part in parts for name, text in part.items()}
    return {key: text_of(type_, value)}


def text_of(type_: Type, value: Value) -> str:
    """A single value as it would be typed."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Decimal):
        if isinstance(type_, Money) and value == round(value, 2):
            return f"{value:.2f}".replace(".", ",")
        return show_number(value).replace(".", ",")
    if isinstance(value, str):
        return value
    if isinstance(value, MonthsDuration | DaysDuration):
        said = say(type_, value)
        return said if _reads_back(type_, said, value) else show(value) or ""
    return show(value) or ""


def _reads_back(type_: Type, text: str, value: Value) -> bool:
    try:
        return read_text(type_, text) == value
    except NotThisType:
        return False


# --- fields ----------------------------------------------------------------------------------------------------------


def field(type_: Type, key: str, label: str, hint: str, typed: Typed, faults: Mapping[str, str]) -> Field:
    """The field of a type, with what was typed and what is wrong with it."""
    parts: tuple[Field, ...] = ()
    if isinstance(type_, Group):
        parts = _parts(type_, key, typed, faults)
    elif isinstance(type_, Many) and isinstance(type_.of, Group):
        parts = _rows(type_.of, key, typed, faults)
    text = typed.get(key, "")
    options = _options(type_, text.strip())
    return Field(key, _kind(type_), label, hint, _unit(type_), text, options, parts, faults.get(key, ""))


def _parts(type_: Group, key: str, typed: Typed, faults: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(field(inner, f"{key}.{name}", _label(name), "", typed, faults) for name, inner in type_.fields)


def _label(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _rows(type_: Group, key: str, typed: Typed, faults: Mapping[str, str]) -> tuple[Field, ...]:
    """The rows that are filled, and one more."""
    rows = []
    for number in range(MOST_ROWS):
        row = f"{key}.{number}"
        made = Field(row, "groep", f"{number + 1}", "", "", "", (), _parts(type_, row, typed, faults), "")
        rows.append(made)
        if not made.filled and not any(name.startswith(f"{key}.{number + 1}.") for name in typed):
            break
    return tuple(rows)


_KINDS: Final[Mapping[type, str]] = {
    YesNo: "keuze", Choice: "keuze", Money: "geld", Number: "getal", Day: "datum", Group: "groep",
}  # fmt: skip


def _kind(type_: Type) -> str:
    if isinstance(type_, Many):
        return "rijen" if isinstance(type_.of, Group) else "regels"
    return _KINDS.get(type(type_), "tekst")


def _unit(type_: Type) -> str:
    if isinstance(type_, Money):
        return f"per {type_.per}" if type_.per else ""
    if isinstance(type_, Number) and type_.unit:
        return "%" if type_.unit == "procent" else type_.unit
    if isinstance(type_, Months):
        return "bijvoorbeeld 3 maanden"
    return "bijvoorbeeld 4 weken" if isinstance(type_, Days) else ""


def _options(type_: Type, chosen: str) -> tuple[Option, ...]:
    if isinstance(type_, YesNo):
        pairs: tuple[tuple[str, str], ...] = (("ja", "ja"), ("nee", "nee"))
    elif isinstance(type_, Choice):
        pairs = type_.options
    else:
        return ()
    pairs = ((("", "weet ik niet")), *pairs)
    if chosen == NOTHING and all(value != NOTHING for value, _ in pairs):
        pairs = (*pairs, (NOTHING, "geen"))
    return tuple(Option(value, label, value == chosen) for value, label in pairs)
