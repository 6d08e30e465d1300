"""Dates: holes between versions, laws that have ended while they are used, amounts that are missing for a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from vliegwiel.law.checking.sources import Sources
from vliegwiel.law.checking.uses import bodies
from vliegwiel.law.findings import Finding, Severity
from vliegwiel.law.lawfile import Afterwards, PartValidity, Shelf, Validity
from vliegwiel.law.model import Body, Condition, Conditions, Line, Norm, Table, Text
from vliegwiel.law.wording import say_date

_YEARLY: Final = 3


def holes(texts: Sequence[Text], sources: Sources) -> Iterator[Finding]:
    """Days between two versions of a text on which neither holds."""
    for versions in _versions(texts).values():
        for earlier, later in pairwise(versions):
            if earlier.validity.tot is None or earlier.validity.tot + timedelta(days=1) >= later.validity.van:
                continue
            first, last = earlier.validity.tot + timedelta(days=1), later.validity.van - timedelta(days=1)
            span = f"op {say_date(first)}" if first == last else f"van {say_date(first)} tot en met {say_date(last)}"
            at = sources.key(later.file, ("geldig",))
            said = f"Van '{later.id}' geldt {span} geen enkele versie: de vorige eindigt daarvoor ({earlier.file})."
            yield Finding(later.file, at.line, at.column, "fout", "geldigheid-gat", said, ("geldig",))


def _versions(texts: Sequence[Text]) -> dict[tuple[str, str | None], list[Text]]:
    """The versions of each text, oldest first."""
    found: dict[tuple[str, str | None], list[Text]] = {}
    for text in sorted(texts, key=lambda item: item.validity.van):
        found.setdefault((text.id, text.fills), []).append(text)
    return found


def ended(texts: Sequence[Text], sources: Sources, on: date) -> Iterator[Finding]:
    """Texts of which no version holds on the day of the check, and uses of such texts."""
    by_id = _versions(texts)
    for (name, fills), versions in by_id.items():
        last = versions[-1]
        at = sources.key(last.file, ("geldig",))
        if last.validity.tot is not None and last.validity.tot < on:
            severity: Severity = "fout"
            said = f"'{name}' geldt niet meer sinds {say_date(last.validity.tot + timedelta(days=1))}."
            if fills is not None:
                left = _left_open(last, texts, on)
                severity = "fout" if left else "let op"
                said += f" Daardoor is niet geregeld: {', '.join(left)}." if left else ""
            yield Finding(last.file, at.line, at.column, severity, "verlopen", said, ("geldig",))
        elif versions[0].validity.van > on:
            said = f"'{name}' geldt pas vanaf {say_date(versions[0].validity.van)}."
            yield Finding(versions[0].file, at.line, at.column, "opmerking", "nog-niet-geldig", said, ("geldig",))
    for text in texts:
        if text.validity.holds(on):
            yield from _ended_uses(text, by_id, sources, on)


def _left_open(text: Text, texts: Sequence[Text], on: date) -> list[str]:
    """The open terms without a default that an ordinance filled and that no other fills now for its municipalities."""
    terms = {
        name
        for law in texts
        if law.fills is None and law.id == text.fills
        for name, term in law.open_terms.items()
        if term.fallback is None
    }
    now = [other for other in texts if other.fills == text.fills and other.validity.holds(on)]
    return [
        name
        for name in text.filled
        if name in terms and not all(any(g in o.gemeenten and name in o.filled for o in now) for g in text.gemeenten)
    ]


def _ended_uses(
    text: Text, by_id: dict[tuple[str, str | None], list[Text]], sources: Sources, on: date
) -> Iterator[Finding]:
    """Laws that a text leans on and that do not hold on the day of the check."""
    leans = [(name, ("gebruikt",)) for name in text.uses]
    if text.fills is not None:
        leans.append((text.fills, ("vult",)))
    for name, path in leans:
        versions = by_id.get((name, None), [])
        if versions and not any(version.validity.holds(on) for version in versions):
            at = sources.key(text.file, path)
            said = f"Deze tekst steunt op '{name}', maar daarvan geldt op {say_date(on)} geen versie."
            yield Finding(text.file, at.line, at.column, "fout", "steunt-op-verlopen", said, path)


def parts(texts: Sequence[Text]) -> Iterator[Finding]:
    """Conditions and lines whose own dates lie outside those of their text."""
    for text in texts:
        for body, _ in bodies(text):
            for part in dated_parts(body):
                if part.validity is not None and not _meet(part.validity, text.validity):
                    said = "Dit onderdeel geldt nooit: zijn data liggen buiten die van de tekst."
                    yield Finding(text.file, part.at.line, part.at.column, "fout", "geldigheid-deel", said)


def dated_parts(body: Body | None) -> tuple[Condition | Line, ...]:
    """The conditions or lines of a rule, which may have dates of their own."""
    if isinstance(body, Conditions):
        return body.items
    return body.lines if isinstance(body, Table) else ()


def _meet(part: PartValidity, whole: Validity) -> bool:
    starts = whole.tot is None or part.van is None or part.van <= whole.tot
    return starts and (part.tot is None or part.tot >= whole.van)


# --- norms -----------------------------------------------------------------------------------------------------------


def norms(texts: Sequence[Text], sources: Sources, on: date | None) -> Iterator[Finding]:
    """Amounts that are missing: a year that was skipped, the year of the check, or the first days of the text."""
    for text in texts:
        for norm in text.norms.values():
            yield from _skipped(text, norm, sources)
            yield from _first_days(text, norm)
            if on is not None and text.validity.holds(on):
                yield from _this_year(norm, sources, on)


def _skipped(text: Text, norm: Norm, sources: Sources) -> Iterator[Finding]:
    """Years without a value between years that have one."""
    at = sources.key(norm.file, ("normen", norm.name, "waarden"))
    path = ("normen", norm.name, "waarden")
    missing: set[int] = set()
    severity: Severity = "let op"
    if norm.shelf is Shelf.CALENDAR_YEAR:
        known = {row.start.year for row in norm.rows}
        severity = "fout" if norm.afterwards is Afterwards.UNKNOWN else "let op"
        missing = {year for year in range(min(known), max(known)) if year not in known}
    else:
        for years in _yearly(norm).values():
            missing |= {year for year in range(min(years), max(years)) if year not in years}
    held = [year for year in sorted(missing) if _touches(text.validity, year)]
    if held:
        many = held[0] != held[-1]
        whole = many and held[-1] - held[0] + 1 == len(held)
        span = f"{held[0]} tot en met {held[-1]}" if whole else ", ".join(map(str, held))
        said = f"Voor {span} is van '{norm.name}' geen waarde bekend, voor de jaren eromheen wel."
        yield Finding(norm.file, at.line, at.column, severity, "jaar-ontbreekt", said, path)


def _yearly(norm: Norm) -> dict[tuple[int, int], set[int]]:
    """The days of the year on which a norm changes every year, with the years in which it did.

    Empty for a norm without such a habit: fewer than three values, a value on a day of its own, or never two years in a row.
    """
    days: dict[tuple[int, int], set[int]] = {}
    for row in norm.rows:
        days.setdefault((row.start.month, row.start.day), set()).add(row.start.year)
    regular = len(norm.rows) >= _YEARLY and all(len(years) > 1 for years in days.values())
    in_a_row = any(year + 1 in years for years in days.values() for year in years)
    return days if regular and in_a_row else {}


def _touches(validity: Validity, year: int) -> bool:
    """Whether a text holds in some part of a year."""
    return validity.van.year <= year and (validity.tot is None or validity.tot.year >= year)


def _this_year(norm: Norm, sources: Sources, on: date) -> Iterator[Finding]:
    """No value for the day of the check."""
    at = sources.key(norm.file, ("normen", norm.name, "waarden"))
    path = ("normen", norm.name, "waarden")
    rows = [row for row in norm.rows if row.start <= on]
    if not rows:
        said = f"Op {say_date(on)} heeft '{norm.name}' nog geen waarde."
        yield Finding(norm.file, at.line, at.column, "fout", "jaar-ontbreekt", said, path)
    elif rows[-1].value is None:
        said = f"Op {say_date(on)} is van '{norm.name}' geen waarde gevonden; het bestand zegt dat zelf."
        yield Finding(norm.file, at.line, at.column, "opmerking", "norm-onbekend", said, path)
    elif norm.shelf is Shelf.UNTIL_NEXT:
        for (month, day), years in sorted(_yearly(norm).items()):
            late = max(years) < on.year and (on.month, on.day) >= (month, day) and max(years) - 1 in years
            if late:
                usual = say_date(date(2000, month, day)).rpartition(" ")[0]
                said = f"'{norm.name}' verandert elk jaar op {usual}; voor {on.year} is geen nieuwe waarde bekend."
                yield Finding(norm.file, at.line, at.column, "let op", "jaar-ontbreekt", said, path)
    elif norm.shelf is Shelf.CALENDAR_YEAR and rows[-1].start.year < on.year:
        if norm.afterwards is Afterwards.UNKNOWN:
            said = f"Voor {on.year} is van '{norm.name}' geen waarde bekend. De laatste is van {rows[-1].start.year}."
            yield Finding(norm.file, at.line, at.column, "fout", "jaar-ontbreekt", said, path)
        else:
            said = f"'{norm.name}' is van {rows[-1].start.year}; voor {on.year} is geen waarde bekend."
            yield Finding(norm.file, at.line, at.column, "opmerking", "norm-oud", said, path)


def _first_days(text: Text, norm: Norm) -> Iterator[Finding]:
    """The text holds before its norm has a value."""
    first = norm.rows[0].start if norm.rows else None
    if first is not None and first > text.validity.van:
        last = first - timedelta(days=1)
        span = f"Van {say_date(text.validity.van)} tot en met {say_date(last)}"
        said = f"{span} geldt de tekst al, maar heeft '{norm.name}' geen waarde."
        yield Finding(norm.file, norm.at.line, norm.at.column, "opmerking", "norm-te-laat", said, ("normen", norm.name))
