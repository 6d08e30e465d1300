"""Values in Dutch, as a letter or a page shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time, WideDate
from vliegwiel.law.feel.values import Unknown, Value, show, show_number
from vliegwiel.law.types import Anything, Choice, Group, Many, Money, Number, Type

_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_PLURALS: Final = {
    "maand": "maanden",
    "week": "weken",
    "dag": "dagen",
    "werkdag": "werkdagen",
    "persoon": "personen",
    "kind": "kinderen",
    "minuut": "minuten",
    "object": "objecten",
    "straat": "straten",
}
NOT_KNOWN: Final = "nog niet bekend"
NOTHING: Final = "geen"


def say(type_: Type, value: Value) -> str:
    """A value in Dutch."""
    if isinstance(value, Unknown):
        return NOT_KNOWN
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Decimal):
        return say_number(type_, value)
    if isinstance(value, str):
        return type_.label(value) if isinstance(type_, Choice) else value
    if isinstance(value, (date, WideDate)):
        return say_date(value)
    if isinstance(value, MonthsDuration):
        return _months(value)
    if isinstance(value, DaysDuration):
        return _days(value)
    return _composed(type_, value)


def sayer(type_: Type) -> Callable[[Value], str]:
    """`say` for one type, made once."""
    if isinstance(type_, Choice):
        labels = dict(type_.options)
        return lambda value: labels.get(value, value) if isinstance(value, str) else say(type_, value)
    if isinstance(type_, Money):
        period = f" per {type_.per}" if type_.per else ""
        return lambda value: money(value) + period if isinstance(value, Decimal) else say(type_, value)
    return lambda value: say(type_, value)


def _composed(type_: Type, value: Value) -> str:
    if isinstance(value, DateTime):
        return f"{say_date(value.date)} om {_clock(value.time)}"
    if isinstance(value, Time):
        return _clock(value)
    if isinstance(value, list):
        inner = type_.of if isinstance(type_, Many) else Anything()
        if len(value) > 1 and isinstance(value[0], dict):
            return "; ".join(say(inner, item) for item in value)
        return enumerate_words([say(inner, item) for item in value])
    if isinstance(value, dict):
        return _fields(type_, value)
    return show(value) or NOTHING


def _fields(type_: Type, value: Mapping[str, Value]) -> str:
    """The fields of a group that have a value; a period reads as a period."""
    if tuple(value) == ("van", "tot") and None not in value.values():
        return " tot en met ".join(dict.fromkeys(say(Anything(), item) for item in value.values()))
    parts = []
    for key, item in value.items():
        if item is not None:
            inner = type_.field(key) if isinstance(type_, Group) else None
            parts.append(f"{key.replace('_', ' ')}: {say(inner or Anything(), item)}")
    return ", ".join(parts) or NOTHING


def say_number(type_: Type, number: Decimal) -> str:
    """A number with its unit."""
    if isinstance(type_, Money):
        return money(number) + (f" per {type_.per}" if type_.per else "")
    text = show_number(number)
    whole, _, rest = text.partition(".")
    spelled = _thousands(whole) + (f",{rest}" if rest else "")
    if isinstance(type_, Number) and type_.unit:
        if type_.unit == "procent":
            return f"{spelled} procent"
        return f"{spelled} {type_.unit if number == 1 else _PLURALS.get(type_.unit, type_.unit)}"
    return spelled


def money(number: Decimal) -> str:
    """An amount in euros, always with cents; more decimals are shown when they are there."""
    plain = str(number)
    size = len(plain)
    if plain[-3:-2] == "." and size <= 9 and plain[0] != "-":
        # Nearly every amount: no need to look further.
        return f"€ {plain[:-3]},{plain[-2:]}" if size <= 6 else f"€ {plain[:-6]}.{plain[-6:-3]},{plain[-2:]}"
    text = show_number(number)
    whole, _, cents = text.lstrip("-").partition(".")
    return f"{'-' if number < 0 else ''}€ {_thousands(whole, 3)},{cents.ljust(2, '0')}"


def _thousands(digits: str, bare: int = 4) -> str:
    """Dots between thousands, for numbers of more than `bare` digits."""
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    if len(digits) <= bare:
        return sign + digits
    groups: list[str] = []
    while digits:
        groups.insert(0, digits[-3:])
        digits = digits[:-3]
    return sign + ".".join(groups)


def say_date(day: date | WideDate) -> str:
    """`5 maart 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _clock(time: Time) -> str:
    return f"{time.hour}.{time.minute:02d} uur"


def _months(duration: MonthsDuration) -> str:
    years, months = divmod(abs(duration.months), 12)
    parts = [f"{years} jaar"] if years else []
    if months or not years:
        parts.append("1 maand" if months == 1 else f"{months} maanden")
    return ("min " if duration.months < 0 else "") + " en ".join(parts)


def _days(duration: DaysDuration) -> str:
    seconds = abs(duration.seconds)
    days, rest = divmod(int(seconds), temporal.DAY_SECONDS)
    sign = "min " if duration.seconds < 0 else ""
    if rest == 0:
        if days and days % 7 == 0:
            return sign + ("1 week" if days == 7 else f"{days // 7} weken")
        return sign + ("1 dag" if days == 1 else f"{days} dagen")
    parts = [f"{days} {'dag' if days == 1 else 'dagen'}"] if days else []
    hours, minutes = rest // 3600, rest % 3600 // 60
    if hours:
        parts.append(f"{hours} uur")
    if minutes:
        parts.append(f"{minutes} {'minuut' if minutes == 1 else 'minuten'}")
    return sign + (" en ".join(parts) or "minder dan een minuut")


def enumerate_words(words: Sequence[str]) -> str:
    """`a, b en c`."""
    if not words:
        return NOTHING
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"


def sentence(text: str) -> str:
    """A phrase as a sentence: capital first, a full stop last."""
    text = text.strip()
    if not text:
        return text
    if text[-1] not in ".?:":
        text += "."
    return text if text[0].isupper() else text[0].upper() + text[1:]
