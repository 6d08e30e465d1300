"""A simulation in words and tables, for whoever makes policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from vliegwiel.base.errors import NotFound
from vliegwiel.base.municipalities import municipality
from vliegwiel.law.population import ComparedSplit, Comparison, Count, Simulation, Split, Summary, VersionResult
from vliegwiel.law.types import Money, Type, YesNo, kind_of
from vliegwiel.law.wording import say, say_date

_MOST_REASONS = 5
_MOST_COMPARED = 4


def number(value: Decimal | int) -> str:
    """A whole number as it is written in Dutch."""
    return f"{value:,.0f}".replace(",", ".")


def told(found: Simulation) -> str:
    """Everything a person wants to read of it."""
    return "\n".join(_lines(found)).rstrip()


def _lines(found: Simulation) -> Iterator[str]:
    rows = f"{number(found.rows.rows)} huishoudens"
    if found.weight is not None:
        rows = f"{number(found.rows.rows)} rijen, samen {number(found.rows.weighted)} huishoudens"
    seconds = f"{found.seconds:.1f}".replace(".", ",")
    yield f"{found.law_name}: {rows}, doorgerekend in {seconds} s"
    yield ""
    single = len(found.versions) == 1
    for version in found.versions if single else ():
        yield from _version(version)
    if not single:
        yield from _side_by_side(found)
    # Many municipalities side by side are read in the table; each against the first is in the JSON and the CSV.
    for compared in found.comparisons if len(found.versions) <= _MOST_COMPARED else ():
        yield from _comparison(compared)
    yield from _notes(found)


def _version(version: VersionResult) -> Iterator[str]:
    place = f", {place_name(version.gemeente)}" if version.gemeente else ""
    yield f"Op {say_date(version.on)}{place}"
    for outcome in version.outcomes:
        yield ""
        yield f"{_title(outcome)}"
        yield from (f"  {line}" for line in _summary(outcome))
        for split in outcome.groups:
            yield ""
            yield from _table(*_split(outcome, split))
    yield ""


def place_name(code: str) -> str:
    """A municipality in words."""
    try:
        return f"{municipality(code).name} ({code})"
    except NotFound:
        return code


def _title(outcome: Summary) -> str:
    return f"{outcome.label[:1].upper()}{outcome.label[1:]} ({outcome.name}, {kind_of(outcome.type)})"


def _summary(outcome: Summary) -> Iterator[str]:
    rows = outcome.rows.weighted
    if isinstance(outcome.type, YesNo):
        yield f"ja        {_part(outcome.yes, rows)}"
        yield f"nee       {_part(outcome.no, rows)}"
    for option, count in outcome.choices:
        yield f"{option:<10}{_part(count, rows)}"
    if outcome.total is not None:
        yield f"totaal    {amount(outcome.type, outcome.total)}"
        middle = "" if outcome.median is None else f", de middelste is {amount(outcome.type, outcome.median)}"
        yield f"gemiddeld {amount(outcome.type, outcome.mean)}{middle}"
        yield f"van       {amount(outcome.type, outcome.lowest)} tot en met {amount(outcome.type, outcome.highest)}"
    if outcome.nothing.rows:
        yield f"niets     {_part(outcome.nothing, rows)}"
    if outcome.unknown.rows:
        yield f"onbekend  {_part(outcome.unknown, rows)}, omdat dit ontbreekt:"
        for reason in outcome.missing[:_MOST_REASONS]:
            yield f"          - {reason.label} ({reason.name}), {number(reason.count.weighted)} keer"
        if len(outcome.missing) > _MOST_REASONS:
            yield f"          - en {len(outcome.missing) - _MOST_REASONS} andere"


def _part(count: Count, rows: Decimal) -> str:
    share = f" ({count.weighted / rows * 100:.1f} %)".replace(".", ",") if rows else ""
    return f"{number(count.weighted)}{share}"


def amount(type_: Type, value: Decimal | None) -> str:
    """An amount in words: euros with cents, other numbers as they are."""
    if value is None:
        return "–"
    if isinstance(type_, Money):
        return f"€ {value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return say(type_, round(value, 4))


def _split(outcome: Summary, split: Split) -> tuple[Sequence[str], list[list[str]]]:
    truth = isinstance(outcome.type, YesNo)
    head = [
        split.column,
        "huishoudens",
        *(["ja", "deel"] if truth else []),
        *(["totaal", "gemiddeld"] if not truth else []),
    ]
    rows: list[list[str]] = []
    for group in split.rows:
        row = [group.group, number(group.rows.weighted)]
        if truth:
            share = group.yes.weighted / group.rows.weighted * 100 if group.rows.weighted else Decimal(0)
            row += [number(group.yes.weighted), f"{share:.1f} %".replace(".", ",")]
        else:
            row += [amount(outcome.type, group.total), amount(outcome.type, group.mean)]
        rows.append(row)
    return head, rows


def _side_by_side(found: Simulation) -> Iterator[str]:
    """Each version on a line, per outcome."""
    for place, first in enumerate(found.versions[0].outcomes):
        truth = isinstance(first.type, YesNo)
        head = ["versie", "ja", "nee"] if truth else ["versie", "totaal", "gemiddeld"]
        rows: list[list[str]] = []
        for version in found.versions:
            outcome = version.outcomes[place]
            label = place_name(version.label) if version.label == version.gemeente else version.label
            figures = (
                [number(outcome.yes.weighted), number(outcome.no.weighted)]
                if truth
                else [amount(outcome.type, outcome.total), amount(outcome.type, outcome.mean)]
            )
            rows.append([label, *figures, number(outcome.unknown.weighted)])
        yield _title(first)
        yield from _table([*head, "onbekend"], rows)
        yield from _why_unknown(found, place)
        yield ""


def _why_unknown(found: Simulation, place: int) -> Iterator[str]:
    """What is missing most, per version in which something is unknown."""
    for version in found.versions:
        missing = version.outcomes[place].missing
        if missing:
            label = place_name(version.label) if version.label == version.gemeente else version.label
            yield f"  {label}: onbekend, vooral omdat dit ontbreekt: {missing[0].label}."


def _comparison(found: Comparison) -> Iterator[str]:
    rows = found.rows.weighted
    yield f"Van '{found.base}' naar '{found.other}': {found.label}"
    yield f"  vooruit   {_part(found.gains, rows)}"
    yield f"  achteruit {_part(found.loses, rows)}"
    if found.differs.rows:
        yield f"  anders    {_part(found.differs, rows)}"
    yield f"  gelijk    {_part(found.same, rows)}"
    if found.unknown.rows:
        yield f"  onbekend  {_part(found.unknown, rows)}"
    if found.total is not None:
        sign = "meer" if found.total > 0 else "minder"
        cost = "blijft gelijk" if not found.total else f"{amount(found.type, abs(found.total))} {sign}"
        yield f"  kosten    {cost}"
    for split in found.groups:
        yield ""
        yield from _table(*_compared_split(found, split))
    yield ""


def _compared_split(found: Comparison, split: ComparedSplit) -> tuple[Sequence[str], list[list[str]]]:
    money = found.total is not None
    head = [split.column, "huishoudens", "vooruit", "achteruit", *(["verschil", "per huishouden"] if money else [])]
    rows: list[list[str]] = []
    for group in split.rows:
        row = [group.group, *(number(count.weighted) for count in (group.rows, group.gains, group.loses))]
        if money:
            row += [amount(found.type, group.total), amount(found.type, group.mean)]
        rows.append(row)
    return head, rows


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Text to the left, figures to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for line in [head, ["─" * width for width in widths], *rows]:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        yield "  " + "  ".join(cells).rstrip()


def _notes(found: Simulation) -> Iterator[str]:
    if found.absent:
        yield f"Geen kolom voor: {', '.join(found.absent)}. Dat is dus overal onbekend."
    for slow in found.slow:
        yield f"De regel '{slow.rule}' rekent rij voor rij ({slow.why}): {number(slow.distinct)} keer."
    if found.recomputed:
        yield f"{number(found.recomputed)} rijen zijn ook los nagerekend, omdat zij op een grens lagen of zeer groot waren."
