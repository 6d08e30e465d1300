"""The forecast keeps its promises: what comes in, how sure that is, and what full, missing and emptied mean."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rounds.filling import CAPACITY, FIRST, WEEKDAY, Town, readings, town
from vliegwiel.rounds.forecast import (
    Belief,
    Deposits,
    EvidenceInvalid,
    Levels,
    Model,
    containers,
    day_of,
    days,
    deposits_of,
    emptyings,
    fit,
    moment,
)
from vliegwiel.rounds.forecast.ahead import KNOTS, bend_of, gamma_of, no_bends
from vliegwiel.rounds.forecast.counting import Counts, counted, each_of
from vliegwiel.rounds.forecast.evidence import Bools, Containers, Floats, Ints, days_of
from vliegwiel.rounds.forecast.seasons import calendar, even

FUZZ = int(os.environ.get("VLIEGWIEL_FORECAST_FUZZ", "8"))
NO_DEPOSITS = Deposits(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_))


def rows(*numbers: int) -> Ints:
    return np.array(numbers, dtype=np.int64)


def floats(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float64)


@pytest.fixture(scope="module")
def truth() -> Town:
    return town(seed=4, number=100, days=140, fill=0.85)


@pytest.fixture(scope="module")
def by_scale(truth: Town) -> Model:
    return fit(truth.containers, truth.collected.before(FIRST + 100.0))


@pytest.fixture(scope="module")
def by_sensor(truth: Town) -> Model:
    levels = readings(truth, seed=4, until=FIRST + 100.0)
    return fit(truth.containers, NO_DEPOSITS, deposits_of(levels, truth.containers))


# Moments


@given(st.integers(631_152_000, 2_840_140_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_moments_go_to_numbers_and_back(aware: datetime) -> None:
    assert abs(moment(days(aware)) - aware) <= timedelta(hours=1, seconds=1)  # the hour that comes twice in autumn
    assert days_of(floats(aware.timestamp()))[0] == pytest.approx(days(aware), abs=1e-6)


def test_a_day_begins_at_midnight_on_the_wall() -> None:
    assert day_of(date(2020, 1, 1)) == FIRST == days(datetime(2019, 12, 31, 23, 0, tzinfo=UTC))
    assert days(datetime(2020, 7, 1, 0, 0, tzinfo=UTC)) == pytest.approx(day_of(date(2020, 7, 1)) + 2 / 24)


# Weekdays and seasons


def test_weekdays_are_found_in_spans_of_several_days(by_scale: Model) -> None:
    assert by_scale.pooled.calendar.weekday[0] == pytest.approx(WEEKDAY / WEEKDAY.mean(), abs=0.16)


def test_weekdays_are_found_in_readings(by_sensor: Model) -> None:
    assert by_sensor.pooled.calendar.weekday[0] == pytest.approx(WEEKDAY / WEEKDAY.mean(), abs=0.08)


def test_half_a_year_tells_no_season(by_scale: Model) -> None:
    assert (by_scale.pooled.calendar.month == 1).all()


@given(st.lists(st.floats(-20_000, 60_000), min_size=3, max_size=3))
def test_mean_days_of_parts_add_up(moments: list[float]) -> None:
    some = calendar(np.array([WEEKDAY, WEEKDAY[::-1]]), np.linspace(0.7, 1.3, 24).reshape(2, 12))
    a, b, c = sorted(moments)
    for row in (0, 1):
        whole = some.span(rows(row), floats(a), floats(c))[0]
        parts = some.span(rows(row), floats(a), floats(b))[0] + some.span(rows(row), floats(b), floats(c))[0]
        assert parts == pytest.approx(whole, abs=1e-6)
        assert whole >= 0


def test_even_days_are_days() -> None:
    assert even(1).span(rows(0), floats(100.25), floats(107.5))[0] == pytest.approx(7.25)


# Distributions


@settings(max_examples=60)
@given(st.floats(1, 5000), st.floats(0.05, 1.5), st.floats(0.02, 0.98), st.floats(0, 3))
def test_the_share_below_a_quantile_is_its_share(mean: float, relative: float, share: float, twist: float) -> None:
    variance = (relative * mean) ** 2
    one = np.ones((1, 1))
    bends = no_bends(2)
    bends[1] = KNOTS * (1 + twist) + 0.1
    some = gamma_of(
        mean * one, variance * one, 2 * variance**2 / mean * one, np.ones((1, 1), dtype=np.int64), bends, floats(mean)
    )
    value = some.quantile(share)
    if value[0, 0] > 1e-6:
        assert some.cdf(value)[0, 0] == pytest.approx(share, abs=2e-3)


def test_a_distribution_is_the_gamma_it_says() -> None:
    mean, variance = 400.0, 30_000.0
    one = np.ones((1, 1))
    some = gamma_of(
        mean * one,
        variance * one,
        2 * variance**2 / mean * one,
        np.zeros((1, 1), dtype=np.int64),
        no_bends(1),
        floats(600),
    )
    drawn = np.random.default_rng(1).gamma(mean**2 / variance, variance / mean, 200_000)
    for share in (0.05, 0.25, 0.5, 0.9, 0.99):
        assert some.quantile(share)[0, 0] == pytest.approx(np.quantile(drawn, share), rel=0.02)
    assert some.mean[0, 0] == pytest.approx(mean, rel=0.01)
    assert some.overflow()[0, 0] == pytest.approx((drawn > 600).mean(), abs=0.005)
    assert some.spilled()[0, 0] == pytest.approx(np.maximum(drawn - 600, 0).mean(), rel=0.08)
    ours = some.draw(np.random.default_rng(2), 100_000)
    assert ours.mean() == pytest.approx(mean, rel=0.01)
    assert some.crps(floats(500)[:, None])[0, 0] == pytest.approx(
        np.abs(drawn - 500).mean() - np.abs(drawn[:100_000] - drawn[100_000:]).mean() / 2, rel=0.03
    )


def test_few_outcomes_bend_little_and_many_as_they_fell() -> None:
    wide = np.random.default_rng(1).standard_normal(20_000) * 2
    assert (bend_of(wide[:15]) == KNOTS).all()
    inner = np.abs(KNOTS) < 2
    assert bend_of(wide)[inner] == pytest.approx(2 * KNOTS[inner], abs=0.15)
    for few in (25, 100, 1000):
        assert all(low < high for low, high in pairwise(bend_of(wide[:few])))


# Belief


def start(by_scale: Model, number: int = 3) -> Belief:
    some = containers([f"x{i}" for i in range(number)], [CAPACITY] * number, ["rest|wijk 1"] * number)
    groups = ("rest|wijk 0", "rest|wijk 1", "rest|wijk 2")
    return by_scale.start(type(some)(some.keys, some.capacity, some.group + 1, groups), FIRST + 100.0)


@given(st.floats(0, 20), st.floats(0, 20))
def test_time_that_passes_in_two_steps_is_time_that_passes(first: float, second: float) -> None:
    model = fit(*_small())
    one, two = model.start(_small()[0], 18_300.0), model.start(_small()[0], 18_300.0)
    one.move(rows(0), 18_300.0 + first + second)
    two.move(rows(0), 18_300.0 + first)
    two.move(rows(0), 18_300.0 + first + second)
    assert one.content[0] == pytest.approx(two.content[0], rel=1e-9)
    assert one.content_sd[0] == pytest.approx(two.content_sd[0], rel=0.05)
    two.move(rows(0), 18_300.0)
    assert two.at[0] == 18_300.0 + first + second


def _small() -> tuple[Containers, Deposits]:
    return containers(["a"], [1000.0], ["rest|a"]), NO_DEPOSITS


def test_emptied_is_empty_and_a_weighing_moves_the_rate(by_scale: Model) -> None:
    belief = start(by_scale)
    before = belief.rate.copy()
    expected = belief.ahead(floats(FIRST + 104.0)).mean[:, 0]
    belief.empty(rows(0, 1, 2), FIRST + 104.0, np.array([expected[0] * 1.8, expected[1] * 0.3, np.nan]))
    assert (belief.content == 0).all()
    assert belief.rate[0] > before[0] * 1.1
    assert belief.rate[1] < before[1] * 0.9
    assert belief.rate[2] == before[2]
    assert belief.rate_sd[0] < belief.rate_sd[2]


def test_one_wild_weighing_does_not_rule_the_rate(by_scale: Model) -> None:
    belief = start(by_scale, 2)
    for day in range(104, 144, 4):
        belief.empty(rows(0, 1), FIRST + float(day), belief.ahead(floats(FIRST + float(day))).mean[:, 0])
    before = belief.rate.copy()
    belief.empty(rows(0), FIRST + 148.0, floats(100_000))
    assert belief.rate[0] < before[0] * 1.25


def test_full_says_at_least(by_scale: Model) -> None:
    belief = start(by_scale, 2)
    before = belief.rate.copy()
    belief.measure(rows(0), FIRST + 102.0, floats(CAPACITY), 150.0)
    assert belief.content[0] >= 0.95 * CAPACITY
    assert belief.rate[0] > before[0]
    # Long overdue: that it is full is no news, and says nothing against what is believed.
    belief.move(rows(1), FIRST + 130.0)
    expected = belief.content[1]
    belief.measure(rows(1), FIRST + 130.0, floats(CAPACITY), 150.0)
    assert belief.content[1] == pytest.approx(expected, rel=0.05)
    assert belief.rate[1] == pytest.approx(before[1], rel=0.05)


def test_a_reading_moves_the_content_and_makes_it_surer(by_scale: Model) -> None:
    belief = start(by_scale, 2)
    belief.move(rows(0, 1), FIRST + 103.0)
    sd = belief.content_sd[0]
    belief.measure(rows(0), FIRST + 103.0, floats(3000), 150.0)
    assert belief.content[0] == pytest.approx(3000, abs=200)
    assert belief.content_sd[0] < 0.5 * sd
    assert belief.sensed.tolist() == [1, 0]


def test_a_reading_without_error_may_be_told_twice(by_scale: Model) -> None:
    belief = start(by_scale, 2)
    for _ in range(2):
        belief.measure(rows(0, 1), FIRST + 103.0, floats(0, 3000), 0.0)
    assert belief.content == pytest.approx([0, 3000], abs=0.1)
    assert np.isfinite(belief.ahead(floats(FIRST + 103.0, FIRST + 104.0)).quantile(0.95)).all()


def test_an_emptying_that_nobody_told_shows_in_the_level(by_scale: Model) -> None:
    belief = start(by_scale, 1)
    belief.measure(rows(0), FIRST + 103.0, floats(3500), 150.0)
    rate = belief.rate[0]
    belief.measure(rows(0), FIRST + 103.2, floats(100), 150.0)
    assert belief.content[0] == pytest.approx(100, abs=50)
    assert belief.rate[0] == rate


def test_a_copy_is_a_belief_of_its_own(by_scale: Model) -> None:
    belief = start(by_scale)
    twin = belief.copy()
    twin.empty(rows(0), FIRST + 110.0)
    assert belief.at[0] == FIRST + 100.0
    assert twin.ahead(floats(FIRST + 120.0), rows(1)).mean == pytest.approx(
        belief.ahead(floats(FIRST + 120.0)).mean[1:2]
    )


def test_overflow_grows_with_time_and_an_unknown_container_is_less_sure(by_scale: Model, truth: Town) -> None:
    belief = by_scale.learned(truth.containers, truth.collected.before(FIRST + 100.0), FIRST + 100.0)
    ahead = belief.ahead(FIRST + np.arange(100.0, 130.0))
    assert (np.diff(ahead.overflow(), axis=1) >= -1e-9).all()
    assert (np.diff(ahead.mean, axis=1) > 0).all()
    assert (ahead.spilled() >= 0).all()
    assert np.quantile(ahead.overflow()[:, -1], 0.1) > 0.5
    nobody = by_scale.learned(truth.containers, NO_DEPOSITS, FIRST + 100.0)
    width = lambda one: np.ptp([one.quantile(0.05)[:, 3], one.quantile(0.95)[:, 3]], axis=0)  # noqa: E731
    assert (width(nobody.ahead(FIRST + np.arange(100.0, 110.0))) > width(ahead)).mean() > 0.95


# On a town whose truth is known


def test_the_rates_are_found_from_weighings_and_from_readings(truth: Town, by_scale: Model, by_sensor: Model) -> None:
    at = FIRST + 100.0
    weighed = by_scale.learned(truth.containers, truth.collected.before(at), at)
    followed = by_sensor.followed(truth.containers, readings(truth, seed=4, until=at), at)
    for belief in (weighed, followed):
        assert np.abs(belief.rate / truth.rate - 1).mean() < 0.08
        assert (belief.rate / truth.rate).mean() == pytest.approx(1, abs=0.03)


def test_the_error_of_the_sensors_is_found(by_sensor: Model) -> None:
    assert by_sensor.pooled.error == pytest.approx(3.0, abs=0.15)


def test_nine_in_ten_contents_fall_in_the_nine_in_ten_interval(truth: Town, by_sensor: Model) -> None:
    levels, inside, count = readings(truth, seed=4), 0, 0
    for step in range(100 * 6, 136 * 6, 31):
        at = float(truth.times[step])
        belief = by_sensor.followed(truth.containers, levels.where((levels.at > at - 40) & (levels.at <= at)), at)
        ahead = belief.ahead(truth.times[[step + 6, step + 12, step + 18]])
        low, high = ahead.quantile(0.05), ahead.quantile(0.95)
        for column, later in enumerate((6, 12, 18)):
            came = truth.content[:, step + later]
            still = ~_emptied_between(truth, at - 0.2, float(truth.times[step + later]))
            inside += int(((came >= low[:, column]) & (came <= high[:, column]))[still].sum())
            count += int(still.sum())
    assert 0.85 <= inside / count <= 0.95


def _emptied_between(truth: Town, begin: float, end: float) -> Bools:
    gone = np.zeros(len(truth.containers), dtype=np.bool_)
    container, at = truth.emptied
    gone[container[(at > begin) & (at < end)]] = True
    return gone


def test_visits_missing_from_the_record_do_not_make_rates_low(truth: Town) -> None:
    known = truth.collected.before(FIRST + 100.0)
    # One visit in five left no weighing: the span before it is lost, and the next one seems twice as long.
    rng = np.random.default_rng(3)
    order = np.lexsort((known.begin, known.container))
    spans = known.at_rows(order)
    lost = rng.random(len(spans)) < 0.2
    begin = spans.begin.copy()
    for row in np.flatnonzero(lost[:-1]):
        if spans.container[row + 1] == spans.container[row]:
            begin[row + 1] = begin[row]
    recorded = Deposits(spans.container, begin, spans.end, spans.amount, spans.full).where(~lost)
    rate = np.bincount(recorded.container, recorded.amount) / np.bincount(
        recorded.container, recorded.end - recorded.begin
    )
    assert (rate / truth.rate).mean() < 0.9
    belief = fit(truth.containers, recorded).learned(truth.containers, recorded, FIRST + 100.0)
    assert (belief.rate / truth.rate).mean() == pytest.approx(1, abs=0.07)


def test_full_containers_do_not_make_rates_low() -> None:
    late = town(seed=9, number=50, days=90, fill=1.15)
    levels = readings(late, seed=9)
    sensed = deposits_of(levels, late.containers)
    assert sensed.full.mean() > 0.1
    model = fit(late.containers, NO_DEPOSITS, sensed)
    belief = model.followed(late.containers, levels, float(late.times[-1]))
    assert (belief.rate / late.rate).mean() == pytest.approx(1, abs=0.05)


# Emptyings


def test_every_emptying_shows_in_the_levels_and_nothing_else_does(truth: Town) -> None:
    found = emptyings(readings(truth, seed=4))
    told = {(row, round((at - FIRST) * 6)) for row, at in zip(*truth.emptied, strict=True)}
    seen = {(row, round((at - FIRST) * 6)) for row, at in zip(found.container, found.at, strict=True)}
    near = {(row, step + by) for row, step in told for by in (-1, 0, 1)}
    assert len(seen & near) == len(seen)
    assert len(seen) >= 0.98 * len(told)


@pytest.mark.parametrize(
    ("levels", "number"),
    [
        ([10, 30, 50, 70, 5, 20], 1),
        ([10, 30, 50, 5, 70, 75], 0),  # one low reading between two high ones
        ([10, 12, 90, 14, 16], 0),  # one high reading between two low ones
        ([60, 55, 50, 45, 40], 0),  # waste that settles
        ([18, 2], 0),  # too small to tell
        ([100, 100, 0], 1),
        ([], 0),
        ([50], 0),
        ([float("nan"), 80, float("nan"), 3], 1),
    ],
)
def test_what_counts_as_an_emptying(levels: list[float], number: int) -> None:
    m = len(levels)
    found = emptyings(Levels(np.zeros(m, dtype=np.int64), FIRST + np.arange(m) / 6, np.array(levels, dtype=np.float64)))
    assert len(found.container) == number


def test_order_and_doubles_of_readings_do_not_matter(truth: Town, by_sensor: Model) -> None:
    levels = readings(truth, seed=4, until=FIRST + 30.0)
    mixed = np.random.default_rng(1).permutation(np.append(np.arange(len(levels)), np.arange(0, len(levels), 3)))
    twice = Levels(levels.container[mixed], levels.at[mixed], levels.level[mixed])
    one = by_sensor.followed(truth.containers, levels, FIRST + 30.0)
    two = by_sensor.followed(truth.containers, twice, FIRST + 30.0)
    assert (one.content == two.content).all()
    assert (one.rate == two.rate).all()


# Little and wrong evidence


def test_without_any_evidence_there_is_a_forecast() -> None:
    some = containers(["a", "b"], [1000.0, 240.0], ["rest|a", "papier|a"])
    belief = fit(some, NO_DEPOSITS).learned(some, NO_DEPOSITS, 18_300.0)
    ahead = belief.ahead(18_300.0 + np.arange(0.0, 9.0))
    assert np.isfinite(ahead.mean).all()
    assert ((ahead.overflow() >= 0) & (ahead.overflow() <= 1)).all()
    nobody = containers([], [], [])
    assert fit(nobody, NO_DEPOSITS).learned(nobody, NO_DEPOSITS, 0.0).ahead(floats(1.0)).mean.shape == (0, 1)


@settings(max_examples=FUZZ, deadline=None)
@given(st.integers(0, 10_000))
def test_no_evidence_whatever_makes_a_forecast_that_is_no_number(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 6)), int(rng.integers(0, 60))
    some = containers(
        [str(i) for i in range(n)],
        (10.0 ** rng.uniform(0, 5, n)).tolist(),
        [f"{rng.choice(['rest', 'glas'])}|{i % 2}" for i in range(n)],
    )
    begin = rng.uniform(18_000, 18_100, m) if seed % 5 else rng.uniform(-1e4, 6e4, m)
    amount = rng.choice([0.0, -50.0, 1.0, 1e9], m) * rng.uniform(0, 2, m)
    spans = Deposits(rng.integers(0, n, m), begin, begin + 10.0 ** rng.uniform(-3, 3, m), amount, rng.random(m) < 0.1)
    levels = Levels(
        rng.integers(0, n, m), rng.uniform(18_000, 18_100, m), rng.choice([np.nan, -5.0, 0.0, 50.0, 100.0, 300.0], m)
    )
    model = fit(some, spans, deposits_of(levels, some))
    for belief in (model.learned(some, spans, 18_100.0), model.followed(some, levels, 18_100.0)):
        ahead = belief.ahead(belief.at.max() + np.array([0.0, 1.0, 8.0]))
        assert np.isfinite(ahead.quantile(0.95)).all()
        assert (ahead.quantile(0.05) >= 0).all()
        assert ((ahead.overflow() >= 0) & (ahead.overflow() <= 1)).all()


def test_evidence_that_cannot_be_is_refused() -> None:
    with pytest.raises(EvidenceInvalid):
        containers(["a"], [0.0], ["rest|a"])
    with pytest.raises(EvidenceInvalid):
        Deposits(rows(0), floats(5), floats(5), floats(1), np.array([False]))
    with pytest.raises(EvidenceInvalid):
        Deposits(rows(0), floats(5), floats(6), floats(np.nan), np.array([False]))
    with pytest.raises(EvidenceInvalid):
        Deposits(rows(0, 1), floats(5), floats(6), floats(1), np.array([False]))


# Counts


def test_counts_between_two_moments_are_those_after_the_first_until_the_second() -> None:
    counts = Counts(rows(1, 0, 1, 1), floats(5, 5, 7, 9), floats(3, 10, 4, 5))
    found = counted(counts, rows(1, 1, 0, 0, 2), floats(4, 5, 0, 5, 0), floats(8, 9, 100, 100, 100), 3)
    assert found.tolist() == [7, 9, 10, 0, 0]


def test_what_one_deposit_brings_is_learned_per_fraction_or_not_known() -> None:
    some = containers(["a", "b"], [1000.0, 1000.0], ["glas|x", "rest|x"])
    begin = FIRST + np.arange(20.0)
    spans = Deposits(np.zeros(20, dtype=np.int64), begin, begin + 1, np.full(20, 60.0), np.zeros(20, dtype=np.bool_))
    counts = Counts(np.zeros(20, dtype=np.int64), begin + 0.5, np.tile([2.0, 4.0], 10))
    each = each_of(some, counts, spans)
    assert each.amount[0] == pytest.approx(20)
    assert np.isnan(each.amount[1])
    assert 0.2 < each.off[0] < 0.5
