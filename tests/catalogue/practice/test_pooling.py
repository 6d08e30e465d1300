"""Figures between municipalities, on made-up data of which the truth is known: right on average, honest about what is unsure."""

from __future__ import annotations

import math
import random
from time import perf_counter

import pytest

from vliegwiel.catalogue.practice.associations import Measured, associations, student_above, student_quantile
from vliegwiel.catalogue.practice.pooling import AmountCell, Pooled, ShareCell, pool_amounts, pool_shares

LEVELS = {"internet|regel": 1.2, "balie|regel": 2.0, "balie|oordeel": 3.2}
NOISE = 0.6


def cell(town: str, kind: str, values: list[float]) -> AmountCell:
    mean = sum(values) / len(values)
    return AmountCell(town, kind, len(values), mean, sum((value - mean) ** 2 for value in values))


def made(rng: random.Random, effects: dict[str, float], mix: dict[str, dict[str, int]]) -> list[AmountCell]:
    return [
        cell(town, kind, [LEVELS[kind] + effects[town] + rng.gauss(0, NOISE) for _ in range(n)])
        for town, kinds in mix.items()
        for kind, n in kinds.items()
        if n
    ]


def world(
    seed: int, towns: int, spread: float, most: int
) -> tuple[dict[str, float], dict[str, dict[str, int]], random.Random]:
    rng = random.Random(seed)
    effects = {f"GM{n:04}": rng.gauss(0, spread) for n in range(towns)}
    mix = {town: {kind: rng.randint(0, most) for kind in LEVELS} for town in effects}
    for town in mix:
        mix[town]["balie|regel"] += 2
    return effects, mix, rng


def covered(pooled: Pooled, truth: dict[str, float]) -> int:
    return sum(pooled.effect(town).low <= value <= pooled.effect(town).high for town, value in truth.items())


@pytest.mark.parametrize("spread", [0.1, 0.4])
def test_an_interval_of_90_percent_holds_the_truth_about_nine_times_in_ten(spread: float) -> None:
    held = counted = 0
    for seed in range(12):
        effects, mix, rng = world(seed, 30, spread, 25)
        pooled = pool_amounts(made(rng, effects, mix))
        assert pooled is not None
        held += covered(pooled, effects)
        counted += len(effects)
    assert 0.85 <= held / counted <= 0.96, held / counted


def test_shares_too() -> None:
    held = counted = 0
    for seed in range(12):
        effects, mix, rng = world(100 + seed, 30, 0.5, 25)
        cells = [
            ShareCell(town, kind, n, sum(rng.random() < _chance(LEVELS[kind] - 1 + effects[town]) for _ in range(n)))
            for town, kinds in mix.items()
            for kind, n in kinds.items()
            if n
        ]
        pooled = pool_shares(cells)
        assert pooled is not None
        held += covered(pooled, effects)
        counted += len(effects)
    assert 0.85 <= held / counted <= 0.97, held / counted


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_drawing_towns_to_each_other_comes_nearer_to_the_truth_than_their_own_figures() -> None:
    pooled_error = own_error = 0.0
    for seed in range(8):
        effects, mix, rng = world(200 + seed, 40, 0.25, 6)
        pooled = pool_amounts(made(rng, effects, mix))
        assert pooled is not None
        pooled_error += sum((pooled.effect(town).mean - value) ** 2 for town, value in effects.items())
        own_error += sum((pooled.effect(town).own - value) ** 2 for town, value in effects.items())
    assert pooled_error < 0.85 * own_error


def test_a_town_with_hard_cases_is_not_called_slow() -> None:
    # Both work equally fast; one has only hard cases.
    rng = random.Random(3)
    effects = dict.fromkeys([f"GM{n:04}" for n in range(20)], 0.0)
    mix = {town: {"internet|regel": 60, "balie|regel": 20, "balie|oordeel": 10} for town in effects}
    mix["GM0000"] = {"internet|regel": 5, "balie|regel": 5, "balie|oordeel": 90}
    cells = made(rng, effects, mix)
    raw = {
        t: sum(c.mean * c.n for c in cells if c.town == t) / sum(c.n for c in cells if c.town == t)
        for t in ("GM0000", "GM0001")
    }
    assert raw["GM0000"] - raw["GM0001"] > 1
    pooled = pool_amounts(cells)
    assert pooled is not None
    assert abs(pooled.effect("GM0000").mean) < 0.15
    assert not pooled.effect("GM0000").clear


def test_few_cases_give_a_wide_interval_near_what_is_usual() -> None:
    rng = random.Random(4)
    effects = {f"GM{n:04}": rng.gauss(0, 0.3) for n in range(25)}
    mix = {town: {"balie|regel": 200} for town in effects}
    cells = made(rng, effects, mix)
    cells.append(cell("GM9999", "balie|regel", [LEVELS["balie|regel"] + 1.5 + rng.gauss(0, NOISE) for _ in range(2)]))
    pooled = pool_amounts(cells)
    assert pooled is not None
    few, many = pooled.effect("GM9999"), pooled.effect("GM0000")
    assert few.high - few.low > 2.5 * (many.high - many.low)
    assert few.mean < 0.7 * few.own


def test_no_difference_is_not_turned_into_one() -> None:
    clear = 0
    for seed in range(6):
        effects, mix, rng = world(300 + seed, 40, 0.0, 20)
        pooled = pool_amounts(made(rng, effects, mix))
        assert pooled is not None
        assert pooled.spread < 0.12
        clear += sum(one.clear for one in pooled.effects)
    assert clear <= 6, clear


@pytest.mark.parametrize("holds", [0, 1])
def test_never_and_always_are_no_reason_to_stumble(holds: int) -> None:
    cells = [ShareCell(f"GM{n:04}", "x", 30, 30 * holds) for n in range(5)]
    pooled = pool_shares(cells)
    assert pooled is not None
    level = pooled.level(0.0, _chance)
    assert level > 0.97 if holds else level < 0.03
    assert not any(one.clear for one in pooled.effects)


def test_nothing_gives_nothing() -> None:
    assert pool_amounts([]) is None
    assert pool_shares([]) is None
    assert pool_amounts([AmountCell("GM0001", "x", 1, 2.0, 0.0)]) is None


def test_the_order_of_the_cells_means_nothing() -> None:
    effects, mix, rng = world(7, 12, 0.3, 12)
    cells = made(rng, effects, mix)
    one, other = pool_amounts(cells), pool_amounts(list(reversed(cells)))
    assert one is not None
    assert other is not None
    for town in effects:
        assert one.effect(town).mean == pytest.approx(other.effect(town).mean, abs=1e-9)


def test_342_municipalities_with_three_kinds_take_well_under_a_second() -> None:
    effects, mix, rng = world(8, 342, 0.4, 30)
    cells = made(rng, effects, mix)
    began = perf_counter()
    pool_amounts(cells)
    assert perf_counter() - began < 1


# --- associations ------------------------------------------------------------------------------------------------------


def measured(
    rng: random.Random, towns: int, having: frozenset[str], difference: float, spread: float
) -> list[Measured]:
    found = []
    for n in range(towns):
        town = f"GM{n:04}"
        variance = rng.uniform(0.002, 0.05)
        value = (difference if town in having else 0.0) + rng.gauss(0, spread) + rng.gauss(0, math.sqrt(variance))
        found.append(Measured(town, value, variance))
    return found


def test_a_deviation_that_goes_with_a_difference_is_found_with_its_size() -> None:
    held = 0
    for seed in range(40):
        rng = random.Random(seed)
        having = frozenset(f"GM{n:04}" for n in range(0, 40, 2))
        (found,) = associations(measured(rng, 40, having, -0.5, 0.2), {"afwijking": having}, 0.2)
        held += found.low <= -0.5 <= found.high
        assert (found.having, found.lacking) == (20, 20)
    assert 32 <= held <= 40, held


def test_of_many_deviations_without_effect_hardly_any_stands_out() -> None:
    standing = 0
    for seed in range(25):
        rng = random.Random(1000 + seed)
        towns = [f"GM{n:04}" for n in range(40)]
        having = {f"a{k}": frozenset(rng.sample(towns, 15)) for k in range(20)}
        standing += any(one.stands for one in associations(measured(rng, 40, frozenset(), 0.0, 0.2), having, 0.2))
    assert standing <= 6, standing


def test_too_few_municipalities_say_nothing() -> None:
    rng = random.Random(1)
    having = frozenset(("GM0000", "GM0001", "GM0002"))
    assert associations(measured(rng, 30, having, -2.0, 0.1), {"a": having}, 0.1) == ()


@pytest.mark.parametrize(
    ("t", "free", "chance"), [(1.812, 10, 0.05), (2.228, 10, 0.025), (6.314, 1, 0.05), (1.645, 10**6, 0.05)]
)
def test_students_distribution_is_that_of_the_tables(t: float, free: int, chance: float) -> None:
    assert student_above(t, free) == pytest.approx(chance, abs=2e-4)
    assert student_quantile(1 - chance, free) == pytest.approx(t, abs=2e-3)
