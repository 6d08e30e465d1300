"""How a date, an amount or a list reads in a sentence, in Dutch or English. Pure: text in, text out.

Rules of the house: a date carries its weekday, money has two decimals and a no-break space after the sign, times are
written "20.14 uur", decimals have a comma. Units stick to their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from vliegwiel.base import clock

Language = Literal["nl", "en"]

NBSP = "\u00a0"
_SWAP = str.maketrans(",.", ".,")
HUGE = 20  # digits; beyond it a number is written as a power of ten

_DAYS: dict[Language, tuple[str, ...]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_SHORT_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def _day_of(value: date) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def day(
    value: date, language: Language = "nl", *, short: bool = False, weekday: bool = True, year: bool | None = None
) -> str:
    """Like "donderdag 26 november", or "do 26 nov" when `short`. The year is added when it is not this year (or as told)."""
    on = _day_of(value)
    months = _SHORT_MONTHS if short else _MONTHS
    parts = [str(on.day), months[language][on.month - 1]]
    if weekday:
        name = _DAYS[language][on.weekday()]
        parts.insert(0, name[: 2 if language == "nl" else 3] if short else name)
    if year if year is not None else on.year != clock.today().year:
        parts.append(str(on.year))
    return " ".join(parts)


def figure_day(value: date, language: Language = "nl") -> str:
    """A date as a figure on a page: "do 26 november" (short weekday, whole month)."""
    on = _day_of(value)
    name = _DAYS[language][on.weekday()][: 2 if language == "nl" else 3]
    return f"{name} {day(on, language, weekday=False)}"


def time_of_day(value: datetime, language: Language = "nl") -> str:
    """Like "20.14 uur" on the Dutch clock; "20:14" in English."""
    at = clock.local(value)
    return f"{at.hour}.{at.minute:02d}{NBSP}uur" if language == "nl" else f"{at.hour}:{at.minute:02d}"


def moment(value: datetime, language: Language = "nl", *, short: bool = False) -> str:
    """Like "maandag 23 november, 20.14 uur"; "ma 23 nov, 20.14 uur" when `short`."""
    return f"{day(value, language, short=short)}, {time_of_day(value, language)}"


def moment_near(value: datetime, language: Language = "nl") -> str:
    """A moment as people say it: "vandaag, 10.42 uur", "gisteren, 9.05 uur", else the short date."""
    distance = (_day_of(value) - clock.today()).days
    words = {"nl": {0: "vandaag", -1: "gisteren", 1: "morgen"}, "en": {0: "today", -1: "yesterday", 1: "tomorrow"}}[
        language
    ]
    if distance in words:
        return f"{words[distance]}, {time_of_day(value, language)}"
    return moment(value, language, short=True)


def from_today(value: date, language: Language = "nl") -> str:
    """How far a day is from today: "vandaag", "morgen", "over 3 dagen", "2 dagen geleden"."""
    distance = (_day_of(value) - clock.today()).days
    if language == "nl":
        near = {0: "vandaag", 1: "morgen", -1: "gisteren"}
        far = f"over {distance} dagen" if distance > 0 else f"{-distance} dagen geleden"
    else:
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}
        far = f"in {distance} days" if distance > 0 else f"{-distance} days ago"
    return near.get(distance, far)


def number(value: Decimal | int | float, language: Language = "nl", *, decimals: int | None = None) -> str:
    """A number with the separators of the language: 1.234,5 or 1,234.5. `decimals` fixes how many (halves away from zero)."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return "–"
    if exact.adjusted() >= HUGE or exact.adjusted() < -HUGE:
        return f"{exact:.3E}"
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}"
    return text.translate(_SWAP) if language == "nl" else text


def euro(value: Decimal | int | float, language: Language = "nl") -> str:
    """Like "€ 53,65", with a no-break space and always two decimals."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return "–"
    sign = "-" if exact < 0 else ""  # outside the sign of the currency, as Dutch writes it
    gap = NBSP if language == "nl" else ""
    return f"{sign}€{gap}{number(abs(exact), language, decimals=2)}"


def size(count: int, language: Language = "nl") -> str:
    """The size of a file: "84 kB", "1,2 MB" (thousands, as browsers show them)."""
    if count < 1_000:
        return f"{count}{NBSP}bytes"
    if count < 1_000_000:
        return f"{round(count / 1_000)}{NBSP}kB"
    return f"{number(Decimal(count) / 1_000_000, language, decimals=1)}{NBSP}MB"


def listing(words: Sequence[str], language: Language = "nl") -> str:
    """Like "a, b en c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {'en' if language == 'nl' else 'and'} {words[-1]}"


def bsn_hidden(bsn: str) -> str:
    """A bsn of which only the last three digits show."""
    return "•" * max(len(bsn) - 3, 0) + bsn[-3:]
