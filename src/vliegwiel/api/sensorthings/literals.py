"""Values written out in a query option: texts, numbers, moments, durations, shapes (OData 4.0 ABNF; ISO 8601)."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal

import shapely

from vliegwiel.rounds.sensing import expressions as e
from vliegwiel.rounds.sensing.times import moment, span

from .lexing import Token, wrong

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_FRACTION = re.compile(r"\.(\d+)")


def unquote(text: str) -> str:
    """The text between quotes; two quotes inside it stand for one. Without quotes: as it is."""
    return text[1:-1].replace("''", "'") if text[:1] == "'" else text


def moment_or_span(token: Token, option: str) -> e.Expression:
    """A bare moment, or two with a slash."""
    try:
        if "/" in token.text:
            return e.Span(*span(token.text))
        return e.Moment(moment(token.text))
    except ValueError:
        raise wrong(option, f"dit moment bestaat niet: {token.text}.", token.at) from None


def day(token: Token, option: str) -> e.Expression:
    """A bare date."""
    try:
        return e.Day(date.fromisoformat(token.text))
    except ValueError:
        raise wrong(option, f"deze datum bestaat niet: {token.text}.", token.at) from None


def clock(token: Token, option: str) -> e.Expression:
    """A bare time of day."""
    try:
        return e.Clock(time.fromisoformat(_FRACTION.sub(lambda digits: f".{digits.group(1)[:6]:0<6}", token.text)))
    except ValueError:
        raise wrong(option, f"deze tijd bestaat niet: {token.text}.", token.at) from None


def number(token: Token, option: str) -> e.Expression:
    """A number, exact."""
    return e.Number(Decimal(token.text))


def duration(token: Token, option: str) -> e.Expression:
    """`duration'P1DT12H'`: days, hours, minutes and seconds."""
    text = token.text[len("duration'") : -1]
    found = _DURATION.fullmatch(text)
    if found is None or not any(character.isdigit() for character in text):
        raise wrong(option, "schrijf een duur als duration'P1DT12H30M'.", token.at)
    parts = {name: float(value) for name, value in found.groupdict().items() if name != "sign" and value}
    length = timedelta(**parts)
    return e.Duration(-length if found["sign"] else length)


def shape(token: Token, option: str) -> e.Expression:
    """`geography'POINT(4.49 52.16)'` or `geometry'...'`: well-known text, longitude first."""
    text = unquote(token.text[token.text.index("'") :])
    text = re.sub(r"^\s*SRID\s*=\s*4326\s*;", "", text, flags=re.IGNORECASE)
    try:
        found = shapely.from_wkt(text)
    except shapely.GEOSException:
        raise wrong(
            option, "deze vorm is niet te lezen; schrijf bijvoorbeeld geography'POINT(4.49 52.16)'.", token.at
        ) from None
    if found is None or found.is_empty:
        raise wrong(option, "deze vorm is leeg.", token.at)
    return e.Shape(shapely.to_wkt(found, rounding_precision=-1))
