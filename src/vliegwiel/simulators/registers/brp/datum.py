"""Dates of the BRP: eight digits of which day, month or all may be unknown (00), and how the API writes them."""

from __future__ import annotations

import re
from datetime import date

from .json import Json

MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_DATUM = re.compile(r"\d{8}")


def is_datum(text: str | None) -> bool:
    """Whether `text` is a BRP date, known or partly known. Eight digits that are no day ("20230230") are none."""
    if text is None or not _DATUM.fullmatch(text):
        return False
    jaar, maand, dag = int(text[:4]), int(text[4:6]), int(text[6:])
    if maand == 0 or jaar == 0:
        return dag == 0 and (jaar > 0 or maand == 0)
    if dag == 0:
        return maand <= 12
    return volledig(text) is not None


def volledig(text: str | None) -> date | None:
    """The calendar date, when all of it is known."""
    if text is None or not _DATUM.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def datum(text: str | None) -> Json:
    """The API's date: `Datum`, `JaarMaandDatum`, `JaarDatum` or `DatumOnbekend`. None for what is no date."""
    if not is_datum(text) or text is None:
        return None
    jaar, maand, dag = int(text[:4]), int(text[4:6]), int(text[6:])
    if jaar == 0:
        return {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}
    if maand == 0:
        return {"type": "JaarDatum", "jaar": jaar, "langFormaat": str(jaar)}
    if dag == 0:
        return {"type": "JaarMaandDatum", "jaar": jaar, "maand": maand, "langFormaat": f"{MAANDEN[maand - 1]} {jaar}"}
    return {
        "type": "Datum",
        "datum": f"{text[:4]}-{text[4:6]}-{text[6:]}",
        "langFormaat": f"{dag} {MAANDEN[maand - 1]} {jaar}",
    }


def leeftijd(geboren: str | None, vandaag: date) -> int | None:
    """Age in whole years on `vandaag`; None where it is not certain (an incomplete date around the birthday).

    Who was born on 29 February has a birthday on 1 March in other years.
    """
    if not is_datum(geboren) or geboren is None or geboren[4:6] == "00":
        return None
    jaar, maand, dag = int(geboren[:4]), int(geboren[4:6]), int(geboren[6:])
    if dag == 0 and maand == vandaag.month:
        return None
    jarig_geweest = (vandaag.month, vandaag.day) >= (maand, dag or 1)
    jaren = vandaag.year - jaar - (0 if jarig_geweest else 1)
    return jaren if jaren >= 0 else None


def voorbij(text: str | None, vandaag: date) -> bool:
    """Whether a full date lies today or earlier. An absent or incomplete end has not passed."""
    dag = volledig(text)
    return dag is not None and dag <= vandaag
