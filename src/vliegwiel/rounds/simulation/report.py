"""The savings as typed figures: what a page, a PDF, a CSV and the command line show, in one place.

No saving is given without the difference in overflow that goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from vliegwiel.rounds.simulation.figures import PRECISE, Gains, Interval, Pair, Row
from vliegwiel.rounds.simulation.measures import Measure, change, difference, interval
from vliegwiel.rounds.simulation.policies import TITLES, Kind
from vliegwiel.rounds.simulation.trial import Faults, Recipe
from vliegwiel.rounds.simulation.tuning import Tried

MEASURE_TITLES: Final = {
    Measure.KILOMETRES: ("kilometers", "km per week"),
    Measure.COLLECTING: ("kilometers tussen stops", "km per week"),
    Measure.HOURS: ("uren", "uur per week"),
    Measure.VISITS: ("bezochte locaties", "per week"),
    Measure.LIFTS: ("lichtingen", "per week"),
    Measure.TIPS: ("keer storten", "per week"),
    Measure.TRUCK_DAYS: ("wagendagen", "per week"),
    Measure.TONNES: ("opgehaald", "ton per week"),
    Measure.SPILLED: ("naast de container", "liter per week"),
    Measure.OVERFLOW_DAYS: ("containerdagen overvol", "per week"),
    Measure.OVERFLOW_SHARE: ("containerdagen overvol", "% van alle"),
    Measure.FILL: ("vulling bij legen", "%"),
    Measure.CO2: ("CO₂", "kg per week"),
    Measure.COST: ("kosten", "euro per week"),
}
"""Dutch name and unit of each measure."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the frontier: kilometres a week against container-days that overflow (percent)."""

    policy: str
    settings: str
    kilometres: float
    overflow: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What it is about: data, periods, trucks, what was assumed."""

    district: str
    exact_border: bool
    locations: int
    containers: int
    left_out: int
    left_out_share: float
    unknown_share: float
    train: tuple[str, str]
    choosing: tuple[str, str]
    plan: tuple[str, str]
    weekdays: tuple[int, ...]
    trucks: int
    truck_m3: float
    yard: tuple[float, float]
    tip: tuple[float, float]
    site_chosen: bool
    seeds: int
    allowed: float
    seconds: float
    assumptions: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class Savings:
    """The whole outcome. `refused`: must-stops that did not fit in a day; `broken`: plans that broke a rule (should be 0)."""

    facts: Facts
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    gains: Gains
    stress: tuple[Row, ...]
    stress_pairs: tuple[Pair, ...]
    frontier: tuple[Point, ...]
    chosen_from: tuple[Tried, ...]
    refused: Mapping[str, int]
    broken: int
    notes: tuple[str, ...]

    def row(self, kind: Kind) -> Row:
        """The row of a policy."""
        return next(row for row in self.rows if row.policy == kind.value)

    def pair(self, kind: Kind, against: Kind) -> Pair:
        """How one policy does against another."""
        return next(pair for pair in self.pairs if (pair.policy, pair.against) == (kind.value, against.value))


Samples = Mapping[Recipe, Sequence[Mapping[Measure, float]]]
"""Per policy the measures of each seed, in the order of the seeds."""
COMPARED: Final = (Measure.KILOMETRES, Measure.HOURS, Measure.LIFTS, Measure.CO2, Measure.COST)


def row_of(recipe: Recipe, samples: Sequence[Mapping[Measure, float]]) -> Row:
    """Means and intervals of one policy."""
    return Row(
        name_of(recipe), title_of(recipe), settings_of(recipe),
        {measure.value: interval([one[measure] for one in samples]) for measure in Measure},
    )  # fmt: skip


def pair_of(mine: Recipe, other: Recipe, samples: Samples) -> Pair:
    """Two policies side by side in the same streams."""

    def of(recipe: Recipe, measure: Measure) -> list[float]:
        return [one[measure] for one in samples[recipe]]

    percent = {one.value: change(of(mine, one), of(other, one)) for one in COMPARED}
    points = difference(of(mine, Measure.OVERFLOW_SHARE), of(other, Measure.OVERFLOW_SHARE))
    litres = difference(of(mine, Measure.SPILLED), of(other, Measure.SPILLED))
    sentence = _sentence(title_of(mine), title_of(other), percent[Measure.KILOMETRES.value], points)
    return Pair(name_of(mine), name_of(other), percent, points, litres, sentence)


def _sentence(mine: str, other: str, kilometres: Interval, points: Interval) -> str:
    far = "minder" if kilometres.mean < 0 else "meer"
    low, high = sorted((abs(kilometres.low), abs(kilometres.high)))
    said = f"{mine} tegen {other}: {_comma(abs(kilometres.mean))} % {far} kilometers"
    if kilometres.low <= 0 <= kilometres.high:
        said += " (niet zeker anders dan nul)"
    else:
        said += f" ({_comma(low)} tot {_comma(high)} %)"
    if abs(points.mean) <= PRECISE:
        return f"{said}, bij evenveel overvolle containerdagen."
    if points.low <= 0 <= points.high:
        more = f"{_comma(points.low, 2)} tot {_comma(points.high, 2)}".replace("-", "−")
        return f"{said}, zonder zeker verschil in overvolle containerdagen ({more} procentpunt)."
    over = "minder" if points.mean < 0 else "méér"
    return f"{said}, bij {_comma(abs(points.mean), 2)} procentpunt {over} overvolle containerdagen."


def gains_of(chain: Sequence[tuple[str, Recipe]], samples: Samples) -> Gains:
    """Each step of a chain of policies, in percent of the kilometres of the first one."""
    base = [one[Measure.KILOMETRES] for one in samples[chain[0][1]]]
    steps = []
    for (_, before), (what, after) in pairwise(chain):
        here, there = samples[after], samples[before]
        percent = interval(
            [
                100 * (a[Measure.KILOMETRES] - b[Measure.KILOMETRES]) / c
                for a, b, c in zip(here, there, base, strict=True)
            ]
        )
        points = difference([a[Measure.OVERFLOW_SHARE] for a in here], [b[Measure.OVERFLOW_SHARE] for b in there])
        steps.append((what, percent, points))
    return Gains(tuple(steps))


def name_of(recipe: Recipe) -> str:
    """The name of a policy in figures; under stress it says so."""
    return recipe.kind.value if recipe.faults is Faults.NONE else f"{recipe.kind.value}_{recipe.faults.value}"


def title_of(recipe: Recipe) -> str:
    """The name of a policy for people."""
    return TITLES[recipe.kind] + ("" if recipe.faults is Faults.NONE else ", sensoren defect en scheef")


def settings_of(recipe: Recipe) -> str:
    """How it was set, for people."""
    if recipe.kind is Kind.FIXED:
        return rhythm_text(recipe.rhythm)
    if recipe.kind is Kind.TUNED:
        return f"per locatie, {_comma(recipe.safety)} standaardafwijkingen ruimte{_days(recipe)}"
    if recipe.kind is Kind.PRACTICE:
        return "ritme van de leerperiode"
    if recipe.kind is Kind.THRESHOLDS:
        return "moet boven 80 %, mag boven 60 %"
    parts = "één deel" if recipe.turns == 1 else f"{recipe.turns} delen om de beurt"
    return f"€ {recipe.overflow / 100:.0f} per overvolle dag, {parts}{_days(recipe)}"


def _days(recipe: Recipe) -> str:
    """On how many days a week, where that was chosen."""
    if not recipe.days:
        return ""
    return f", {recipe.days} dagen per week" + (", daarbuiten alleen bij nood" if recipe.spare else "")


def rhythm_text(rhythm: float) -> str:
    """Visits a week in words."""
    return f"{rhythm:.0f} × per week" if rhythm >= 1 else f"eens per {1 / rhythm:.0f} weken"


def _comma(number: float, digits: int = 1) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


def csv_of(savings: Savings) -> str:
    """Every figure of the table as CSV: policy, measure, unit, mean, low, high."""
    lines = ["beleid,naam,instelling,maat,eenheid,gemiddelde,laag,hoog"]
    for row in (*savings.rows, *savings.stress):
        for measure in Measure:
            title, unit = MEASURE_TITLES[measure]
            found = row.measures[measure.value]
            numbers = ",".join(f"{number:.4f}" for number in (found.mean, found.low, found.high))
            lines.append(f'{row.policy},"{row.title}","{row.settings}","{title}","{unit}",{numbers}')
    return "\n".join(lines) + "\n"
