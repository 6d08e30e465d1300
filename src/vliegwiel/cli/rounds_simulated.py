"""The outcome of a simulation as people read it on a terminal: the verdict first, the table, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from vliegwiel.rounds.simulation.figures import Interval, Pair, Row
from vliegwiel.rounds.simulation.measures import Measure
from vliegwiel.rounds.simulation.policies import Kind
from vliegwiel.rounds.simulation.report import Facts, Savings

from .output import table

SHOWN: Final = (
    (Measure.KILOMETRES, 0), (Measure.HOURS, 1), (Measure.LIFTS, 0), (Measure.SPILLED, 0), (Measure.OVERFLOW_DAYS, 1),
    (Measure.OVERFLOW_SHARE, 2), (Measure.FILL, 0), (Measure.CO2, 0), (Measure.COST, 0),
)  # fmt: skip
"""Measures in the table, and how many decimals."""
HEADS: Final = {
    Measure.KILOMETRES: "km/week", Measure.HOURS: "uur/week", Measure.LIFTS: "lichtingen", Measure.SPILLED: "liter ernaast",
    Measure.OVERFLOW_DAYS: "overvolle dagen", Measure.OVERFLOW_SHARE: "% overvol", Measure.FILL: "% vulling",
    Measure.CO2: "kg CO₂", Measure.COST: "€/week",
}  # fmt: skip
WEEKDAYS: Final = ("ma", "di", "wo", "do", "vr", "za", "zo")


def told_of(savings: Savings) -> Iterator[str]:
    """Lines for a person."""
    facts = savings.facts
    yield _about(facts)
    yield ""
    yield table(("beleid", *(HEADS[measure] for measure, _ in SHOWN)), [_line(row) for row in savings.rows])
    yield f"Per week, gemiddelde ± half interval (95 %) over {facts.seeds} trekkingen. Ingesteld in de leerperiode:"
    for row in savings.rows:
        yield f"  {row.title}: {row.settings}"
    yield ""
    yield "Tegen het vaste schema, trekking voor trekking (% en 95 %-interval):"
    yield _pairs(savings.pairs, Kind.FIXED)
    yield ""
    yield "Tegen het afgestemde vaste schema:"
    yield _pairs(savings.pairs, Kind.TUNED)
    yield ""
    yield "Waar het vandaan komt (kilometers in % van het vaste schema):"
    yield table(
        ("stap", "kilometers", "% overvol erbij"),
        [(what, _signed(km, 1), _signed(over, 2)) for what, km, over in savings.gains.steps],
    )
    if savings.stress:
        yield ""
        yield "Stresstest: een deel van de sensoren dood, de andere scheef:"
        yield table(("beleid", *(HEADS[measure] for measure, _ in SHOWN)), [_line(row) for row in savings.stress])
        for pair in savings.stress_pairs:
            yield f"  {pair.sentence}"
    if savings.frontier:
        yield ""
        yield "Grens van kilometers en overloop (van ruim naar streng):"
        yield table(
            ("beleid", "instelling", "km/week", "% overvol"),
            [(p.policy, p.settings, f"{p.kilometres:.0f}", _comma(p.overflow, 2)) for p in savings.frontier],
        )
    yield ""
    for note in savings.notes:
        yield f"• {note}"
    if savings.broken or any(savings.refused.values()):
        yield f"• Let op: {savings.broken} dagplannen braken een regel; {_refused(savings)}."


def _about(facts: Facts) -> str:
    days = " ".join(WEEKDAYS[day] for day in facts.weekdays)
    return (
        f"{facts.district}: {facts.locations} locaties, {facts.containers} containers, {facts.trucks} wagens van "
        f"{facts.truck_m3:g} m³, inzameling op {days}.\nGeleerd van {facts.train[0]} tot en met {facts.train[1]}, "
        f"gepland van {facts.plan[0]} tot en met {facts.plan[1]} ({facts.seconds:.0f} s gerekend)."
    )


def _line(row: Row) -> Sequence[str]:
    return (row.title, *(_plusminus(row.measures[measure.value], digits) for measure, digits in SHOWN))


def _pairs(pairs: Sequence[Pair], against: Kind) -> str:
    rows = [
        (
            pair.policy, _signed(pair.percent[Measure.KILOMETRES.value], 1), _signed(pair.percent[Measure.HOURS.value], 1),
            _signed(pair.percent[Measure.LIFTS.value], 1), _signed(pair.percent[Measure.COST.value], 1),
            _signed(pair.overflow_points, 2), _signed(pair.litres, 0),
        )
        for pair in pairs
        if pair.against == against.value
    ]  # fmt: skip
    return table(("beleid", "km", "uur", "lichtingen", "kosten", "%-punt overvol", "liter ernaast per week"), rows)


def _plusminus(found: Interval, digits: int) -> str:
    return f"{_comma(found.mean, digits)} ± {_comma(found.high - found.mean, digits)}"


def _signed(found: Interval, digits: int) -> str:
    return f"{_sign(found.mean, digits)} ({_sign(found.low, digits)} … {_sign(found.high, digits)})"


def _sign(number: float, digits: int) -> str:
    return f"{number:+.{digits}f}".replace(".", ",").replace("-", "−")


def _comma(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


def _refused(savings: Savings) -> str:
    said = [f"{name} {count}" for name, count in savings.refused.items() if count]
    return "stops die moesten en niet in een dag pasten: " + (", ".join(said) or "geen")
