"""Facts from JSON: what a file, a pipe or a form of another program gives, as facts of a law.

Numbers stay what was written (never a float). A fact is a bare value, or `{"waarde": …, "bron": …, "geverifieerd": …}` to
say where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.base.sourcedecode import nearest
from vliegwiel.law.decision import Fact
from vliegwiel.law.errors import WrongFact
from vliegwiel.law.plain import NotThisType, accept, expected, read_text
from vliegwiel.law.program import Program
from vliegwiel.law.types import Choice, Group, Many, Money, Number, Text, Type, YesNo

_MAX_CHARACTERS: Final = 50_000_000
_BIGGEST: Final = Decimal(10) ** 30
_FINEST: Final = -12
_WRAPPED: Final = frozenset(("waarde", "bron", "geverifieerd"))
_TRUTHS: Final = {"ja": True, "nee": False, "true": True, "false": False}

# So many names fit in a message that can still be read.
_MOST_NAMED: Final = 12


class NotJson(Invalid):
    """The text is no JSON, or not of the shape that is asked. Says where."""


def read_inputs(text: str) -> list[Mapping[str, object]]:
    """One object, an array of objects, or an object a line (JSON Lines). Numbers become `Decimal`. Raises `NotJson`."""
    if len(text) > _MAX_CHARACTERS:
        raise NotJson("De invoer is te groot.")
    try:
        whole = _parse(text)
    except json.JSONDecodeError as error:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) > 1 and error.msg == "Extra data":
            return [_object(_parse_line(line, number), f"Regel {number}") for number, line in lines]
        where = f"regel {error.lineno}, teken {error.colno}"
        raise NotJson(f"De invoer is geen JSON: op {where} klopt er iets niet.") from error
    if isinstance(whole, list):
        if not whole:
            raise NotJson("De invoer is een lege lijst: er valt niets te beslissen.")
        return [_object(item, f"Invoer {number}") for number, item in enumerate(whole, 1)]
    return [_object(whole, "De invoer")]


def _parse_line(line: str, number: int) -> object:
    try:
        return _parse(line)
    except json.JSONDecodeError as error:
        raise NotJson(f"De invoer is geen JSON: op regel {number}, teken {error.colno} klopt er iets niet.") from error


def _parse(text: str) -> object:
    try:
        parsed: object = json.loads(
            text.lstrip("\ufeff"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_without_doubles,
        )
    except RecursionError as error:
        raise NotJson("De invoer is te diep genest.") from error
    return parsed


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        _no_number(text)
    exponent = number.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent >= _FINEST
    if not number.is_finite() or not fine or abs(number) >= _BIGGEST:
        _no_number(text)
    return number


def _no_number(text: str) -> NoReturn:
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    raise NotJson(f"'{shown}' is geen getal waar een wet mee rekent (hoogstens 30 cijfers, 12 achter de punt).")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise NotJson(f"'{key}' staat twee keer in de invoer.")
        found[key] = value
    return found


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise NotJson(f'{where} hoort een groep gegevens te zijn: {{"naam": waarde, …}}.')
    return value


# --- facts -----------------------------------------------------------------------------------------------------------


def facts_for(program: Program, raw: Mapping[str, object], known: Iterable[str] = ()) -> dict[str, Fact]:
    """The facts for this program. `known` are names that other programs take, to be left out here without a word.

    Raises `WrongFact` with everything that is wrong: a name the law does not know, a value of the wrong kind.
    """
    elsewhere = set(known)
    facts: dict[str, Fact] = {}
    wrong: list[InvalidParam] = []
    for name, value in raw.items():
        key = program.inputs.get(name)
        if key is None:
            if name not in elsewhere:
                wrong.append(InvalidParam(name, "unknown", _unknown(name, [*program.inputs, *elsewhere])))
            continue
        type_ = program.units[key].type
        try:
            facts[name] = _fact(type_, value, name)
        except NotThisType as error:
            wrong.append(InvalidParam(name, "type", str(error)))
    if wrong:
        raise WrongFact("; ".join(item.reason for item in wrong), invalid=wrong)
    return facts


def _unknown(name: str, known: Sequence[str]) -> str:
    meant = nearest(name, known)
    said = f"Het gegeven '{name}' kent deze wet niet."
    if meant:
        return f"{said} Bedoelt u '{meant}'?"
    names = sorted(set(known))
    more = f" en {len(names) - _MOST_NAMED} andere" if len(names) > _MOST_NAMED else ""
    return f"{said} Wel: {', '.join(names[:_MOST_NAMED])}{more}." if names else said


def _fact(type_: Type, value: object, name: str) -> Fact:
    if isinstance(value, Mapping) and "waarde" in value and set(value) <= _WRAPPED:
        fields = type_.fields if isinstance(type_, Group) else ()
        if all(field != "waarde" for field, _ in fields):
            source, verified = value.get("bron", "uw opgave"), value.get("geverifieerd", False)
            if not isinstance(source, str):
                raise NotThisType(f"{name}: 'bron' hoort tekst te zijn.")
            if not isinstance(verified, bool):
                raise NotThisType(f"{name}: 'geverifieerd' hoort true of false te zijn.")
            return Fact(value_from(type_, value["waarde"], name), source, verified)
    return Fact(value_from(type_, value, name))


def value_from(type_: Type, value: object, name: str) -> object:
    """A value of JSON as `decide` takes it. Raises `NotThisType`; the message names the place (`kinderen[2].leeftijd`)."""
    if value is None:
        return None
    if isinstance(type_, Many):
        if not isinstance(value, list):
            raise NotThisType(f"{name}: {_said(type_, value)}")
        return [value_from(type_.of, item, f"{name}[{number}]") for number, item in enumerate(value, 1)]
    if isinstance(type_, Group):
        return _group(type_, value, name)
    try:
        return accept(type_, _simple(type_, value), name)
    except NotThisType as error:
        raise NotThisType(f"{name}: {_said(type_, value)}") from error


def _group(type_: Group, value: object, name: str) -> object:
    if not isinstance(value, dict):
        raise NotThisType(f"{name}: {_said(type_, value)}")
    made: dict[str, object] = {}
    for field, item in value.items():
        inner = type_.field(field)
        if inner is None:
            known = [known for known, _ in type_.fields]
            meant = nearest(field, known)
            hint = f" Bedoelt u '{meant}'?" if meant else f" Wel: {', '.join(known)}."
            raise NotThisType(f"{name}: het onderdeel '{field}' bestaat hier niet.{hint}")
        made[field] = value_from(inner, item, f"{name}.{field}")
    return made


def _simple(type_: Type, value: object) -> object:
    if not isinstance(value, str) or isinstance(type_, (Text, Choice)):
        return value
    if isinstance(type_, YesNo):
        return _TRUTHS.get(value, value)
    # "1.234,56" and "€ 12" are not guessed at: the message says how an amount is written.
    return read_text(type_, value.strip() if isinstance(type_, (Money, Number)) else value)


def _said(type_: Type, value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = shown.strip('"') if isinstance(value, (str, Decimal)) else shown
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    return f"hier hoort {expected(type_)}. Er staat '{shown}'."
