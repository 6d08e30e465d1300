"""Answers to the questions of a form: read what was typed, say what to do when it cannot be, show it, store it.

Pure. What comes in is hostile: whatever was posted, the outcome is an answer, or `AnswerWrong` with one Dutch sentence.
Nothing that was typed is changed in meaning; only its form becomes the standard one (an amount without dots, a plate without
dashes), which `to_text` turns back into how people write it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from vliegwiel.registers.facts import Value

from . import typing_in
from .conditions import holds, names_used, value_of
from .model import Choice, Field, FieldKind
from .typing_in import Address, CannotRead

Answer: TypeAlias = bool | str | Decimal | date | Address | tuple[str, ...]
AnswerJson: TypeAlias = bool | str | list[str] | dict[str, str]

EMPTY = {
    FieldKind.JA_NEE: "Kies ja of nee.",
    FieldKind.KEUZE: "Kies een antwoord.",
    FieldKind.MEERKEUZE: "Kies één of meer antwoorden.",
    FieldKind.TEKST: "Vul dit in.",
    FieldKind.LANGE_TEKST: "Schrijf uw antwoord op.",
    FieldKind.GETAL: "Vul een getal in.",
    FieldKind.GELD: "Vul een bedrag in.",
    FieldKind.DATUM: "Vul een datum in.",
    FieldKind.TIJD: "Vul een tijd in.",
    FieldKind.EMAIL: "Vul uw e-mailadres in.",
    FieldKind.TELEFOON: "Vul uw telefoonnummer in.",
    FieldKind.KENTEKEN: "Vul uw kenteken in.",
    FieldKind.IBAN: "Vul uw rekeningnummer in.",
    FieldKind.ADRES: "Vul de postcode en het huisnummer in.",
    FieldKind.BESTAND: "Voeg het bestand toe.",
    FieldKind.PERSONEN: "Kies voor wie dit geldt.",
}
"""What to do when nothing was given, where the definition does not say it itself."""


class AnswerWrong(ValueError):
    """The answer cannot be. `sentence` is Dutch and says what to do; `code` is stable: empty | wrong | bounds | choice."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: `value` is posted (never a bsn), `item` is the datum behind it where it came from a register."""

    value: str
    name: str
    hint: str = ""
    item: Value = None


def read(field: Field, typed: Sequence[str], *, known: Mapping[str, Value], today: date) -> Answer | None:
    """What was typed as an answer; None when nothing was given and nothing had to be.

    `known` holds the other answers and the data from registers, by name. Files are not read here. Raises `AnswerWrong`.
    """
    given = tuple(text for text in typed if isinstance(text, str))
    if not any(text.strip() for text in given):
        if field.kind is not FieldKind.BESTAND and is_required(field, known):
            raise AnswerWrong(field.empty or EMPTY[field.kind], "empty")
        return None
    try:
        answer = _read(field, given, known)
    except CannotRead as error:
        raise AnswerWrong(field.wrong or str(error), "wrong") from None
    _check_bounds(field, answer, known, today)
    return answer


def _read(field: Field, typed: tuple[str, ...], known: Mapping[str, Value]) -> Answer:
    first = typed[0] if len(typed) == 1 else next(text for text in typed if text.strip())
    if field.kind is FieldKind.JA_NEE:
        return typing_in.yes_no(first)
    if field.kind in (FieldKind.KEUZE, FieldKind.MEERKEUZE, FieldKind.PERSONEN):
        return _read_choice(field, typed, known)
    if field.kind in (FieldKind.TEKST, FieldKind.LANGE_TEKST):
        lines = field.kind is FieldKind.LANGE_TEKST
        return typing_in.text(first, int(field.high or (4000 if lines else 200)), lines=lines)
    if field.kind is FieldKind.GETAL:
        return typing_in.number(first, field.decimals)
    if field.kind is FieldKind.GELD:
        return typing_in.amount(first)
    if field.kind is FieldKind.DATUM:
        return typing_in.day(typed)
    if field.kind is FieldKind.ADRES:
        return typing_in.address(typed)
    simple = {
        FieldKind.TIJD: typing_in.clock_time,
        FieldKind.EMAIL: typing_in.email,
        FieldKind.TELEFOON: typing_in.phone,
        FieldKind.KENTEKEN: typing_in.plate,
        FieldKind.IBAN: typing_in.iban,
    }.get(field.kind)
    if simple is None:
        raise CannotRead("Voeg het bestand toe met de knop.")
    return simple(first)


def _read_choice(field: Field, typed: tuple[str, ...], known: Mapping[str, Value]) -> Answer:
    allowed = {option.value for option in options(field, known)}
    chosen = tuple(dict.fromkeys(text.strip() for text in typed if text.strip()))
    if not set(chosen) <= allowed:
        raise AnswerWrong(field.wrong or "Kies een van de antwoorden die er staan.", "choice")
    if field.kind is FieldKind.KEUZE:
        if len(chosen) > 1:
            raise AnswerWrong(field.wrong or "Kies één antwoord.", "choice")
        return chosen[0]
    return chosen


def _check_bounds(field: Field, answer: Answer, known: Mapping[str, Value], today: date) -> None:
    if isinstance(answer, date):
        _check_day(field, answer, known, today)
        return
    size = _size(answer)
    if size is None:
        return
    unit = f" {field.unit}" if field.unit else ""
    if field.low is not None and size < field.low:
        raise AnswerWrong(field.wrong or _too_small(field, unit), "bounds")
    if field.high is not None and size > field.high:
        raise AnswerWrong(field.wrong or _too_big(field, unit), "bounds")


def _size(answer: Answer) -> Decimal | None:
    if isinstance(answer, Decimal):
        return answer
    if isinstance(answer, (str, tuple)):
        return Decimal(len(answer))
    return None


def _too_small(field: Field, unit: str) -> str:
    if field.kind in (FieldKind.GETAL, FieldKind.GELD):
        return f"Vul {_amount(field, field.low)}{unit} of meer in."
    if field.kind in (FieldKind.MEERKEUZE, FieldKind.PERSONEN):
        return f"Kies er {field.low} of meer."
    return f"Schrijf iets meer: minstens {field.low} tekens."


def _too_big(field: Field, unit: str) -> str:
    if field.kind in (FieldKind.GETAL, FieldKind.GELD):
        return f"Vul {_amount(field, field.high)}{unit} of minder in."
    if field.kind in (FieldKind.MEERKEUZE, FieldKind.PERSONEN):
        return f"Kies er {field.high} of minder."
    return f"Maak het korter: hoogstens {field.high} tekens."


def _amount(field: Field, value: Decimal | None) -> str:
    assert value is not None
    return typing_in.amount_text(value) if field.kind is FieldKind.GELD else typing_in.number_text(value)


def _check_day(field: Field, answer: date, known: Mapping[str, Value], today: date) -> None:
    names = {**known, "vandaag": today}
    for rule, late in ((field.earliest, False), (field.latest, True)):
        bound = value_of(rule, names) if rule is not None else None
        if not isinstance(bound, date) or (answer <= bound if late else answer >= bound):
            continue
        sentence = f"Vul een datum in {'tot en met' if late else 'vanaf'} {typing_in.day_text(bound)}."
        raise AnswerWrong(field.wrong or sentence, "bounds")


# --- which questions, which options ------------------------------------------------------------------------------------


def askable(fields: Sequence[Field], known: Mapping[str, Value]) -> tuple[Field, ...]:
    """The fields to put on one page: those that are asked, and those that an answer on that same page may bring up."""
    found: list[Field] = []
    names: set[str] = set()
    for field in fields:
        depends = {name.split(".", 1)[0] for name in names_used(field.when.text)} if field.when else set()
        if holds(field.when, known) or depends & names:
            found.append(field)
            names.update((field.key, field.datum.split(".", 1)[0]))
    return tuple(found)


def is_required(field: Field, known: Mapping[str, Value]) -> bool:
    """Whether the field must be answered. A condition that cannot be told yet does not require."""
    return holds(field.required, known)


def options(field: Field, known: Mapping[str, Value]) -> tuple[Option, ...]:
    """What can be chosen: the choices of the definition, or what the registers said."""
    if field.options_from:
        return _options_from(known.get(field.options_from))
    return tuple(Option(c.value, c.name, c.hint) for c in field.choices if _choosable(c, known))


def _choosable(choice: Choice, known: Mapping[str, Value]) -> bool:
    return holds(choice.when, known)


def _options_from(items: Value) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for item in items if isinstance(items, (tuple, list)) else ():
        name = _name_of(item)
        hint = _hint_of(item)
        value = hashlib.sha256(f"{name}\0{hint}".encode()).hexdigest()[:12]
        while value in found:
            value += "x"
        found[value] = Option(value, name, hint, item)
    return tuple(found.values())


def _name_of(item: Value) -> str:
    if isinstance(item, Mapping):
        return str(item.get("naam") or item.get("kenteken") or "onbekend")
    return str(item)


def _hint_of(item: Value) -> str:
    if not isinstance(item, Mapping):
        return ""
    born, relation = item.get("geboortedatum"), item.get("relatie")
    parts = [str(relation)] if relation else []
    if isinstance(born, date):
        parts.append(f"geboren {typing_in.day_text(born)}")
    return ", ".join(parts)


# --- other forms of an answer -----------------------------------------------------------------------------------------


def as_fact(field: Field, answer: Answer, known: Mapping[str, Value]) -> Value:
    """The answer as law and conditions take it: persons and other items of a register in full, an address as a group."""
    if isinstance(answer, Address):
        return answer.as_value()
    if field.options_from:
        items = {option.value: option.item for option in options(field, known)}
        if isinstance(answer, tuple):
            return tuple(items[value] for value in answer if value in items)
        return items.get(str(answer))
    return answer


def to_text(field: Field, answer: Answer, known: Mapping[str, Value] | None = None) -> str:
    """The answer for people, on check pages and in letters."""
    if isinstance(answer, bool):
        return "ja" if answer else "nee"
    if isinstance(answer, date):
        return typing_in.day_text(answer)
    if isinstance(answer, Decimal):
        text = typing_in.amount_text(answer) if field.kind is FieldKind.GELD else typing_in.number_text(answer)
        return f"{text} {field.unit}" if field.unit else text
    if isinstance(answer, Address):
        return str(answer)
    if field.kind in (FieldKind.KEUZE, FieldKind.MEERKEUZE, FieldKind.PERSONEN):
        names = _names_of(field, known or {})
        chosen = answer if isinstance(answer, tuple) else (answer,)
        return ", ".join(names.get(value, "niet meer te kiezen") for value in chosen)
    if field.kind is FieldKind.KENTEKEN:
        return typing_in.plate_text(str(answer))
    if field.kind is FieldKind.IBAN:
        return typing_in.iban_text(str(answer))
    return str(answer)


def _names_of(field: Field, known: Mapping[str, Value]) -> dict[str, str]:
    if field.options_from:
        return {option.value: option.name for option in options(field, known)}
    return {choice.value: choice.name for choice in field.choices}


def answer_to_json(answer: Answer) -> AnswerJson:
    """The answer as JSON, to keep with a draft or a case."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, tuple):
        return list(answer)
    if isinstance(answer, Address):
        return answer.as_json()
    if isinstance(answer, date):
        return answer.isoformat()
    return str(answer)


def answer_from_json(field: Field, data: object) -> Answer:
    """Read what `answer_to_json` wrote for this field. Raises `ValueError` when it does not fit the field."""
    if isinstance(data, bool) and field.kind is FieldKind.JA_NEE:
        return data
    if isinstance(data, list) and field.kind in (FieldKind.MEERKEUZE, FieldKind.PERSONEN):
        return tuple(str(item) for item in data)
    if isinstance(data, dict) and field.kind is FieldKind.ADRES:
        return Address.from_json(data)
    if isinstance(data, str):
        if field.kind in (FieldKind.GETAL, FieldKind.GELD):
            return Decimal(data)
        if field.kind is FieldKind.DATUM:
            return date.fromisoformat(data)
        if field.kind not in (FieldKind.JA_NEE, FieldKind.MEERKEUZE, FieldKind.PERSONEN, FieldKind.ADRES):
            return data
    raise ValueError(f"what is stored is no answer to a {field.kind} field")
