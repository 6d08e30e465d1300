"""From forecasts to a day: what must, may and need not be emptied; every container has a reason; the week looks ahead."""

from __future__ import annotations

from dataclasses import replace
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rounds.problems import HOUR, network
from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.planning import Rest, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.day import Need, Outlook, Rule, day_of, judge, plan_day, stop_of
from vliegwiel.rounds.planning.horizon import due, plan_week
from vliegwiel.rounds.planning.validating import violations

TARIFF = Tariff(kilometre=120, hour=6500, overtime_hour=3000, truck=5000)
TRUCK = Truck(
    "w1", (9000, 90_000), 0, 0, Window(7 * HOUR, 15 * HOUR), ("stort",), rest=Rest(1800, 11 * HOUR, 13 * HOUR)
)
TIPS = (Tip("stort", 1, 900),)


def outlook(key: str, level: float, rate: float, *, location: int = 2, **more: object) -> Outlook:
    """A container that fills at about this rate; the chances follow from a normal spread of 8 percent a day."""
    chances = tuple(0.5 * (1 + erf((level + rate * day - 100) / (8 * sqrt(2 * day)))) for day in range(1, 9))
    return Outlook(key, location, 4000, level, min(level + 10, 100), chances, int(level * 4), 240, rate=rate, **more)  # type: ignore[arg-type]


def town(number: int, seed: int = 1) -> tuple[list[Outlook], np.ndarray]:
    dice = np.random.default_rng(seed)
    points = np.vstack([[[5000, 5000], [500, 9000]], dice.integers(0, 10_000, (number, 2))])
    ones = [
        outlook(f"c{n}", float(dice.uniform(0, 95)), float(dice.gamma(4, 3)), location=2 + n) for n in range(number)
    ]
    return ones, points


def test_need_follows_from_the_chance_of_an_overflow_before_the_next_truck() -> None:
    rule = Rule()
    full, half, low = judge([outlook("vol", 95, 12), outlook("half", 84, 8), outlook("leeg", 10, 5)], rule, TARIFF)
    assert (full.need, half.need, low.need) == (Need.MUST, Need.MAY, Need.NOT)
    assert full.prize is None
    assert half.prize == round(rule.overflow_cents * half.outlook.risk())
    assert "10 % vol" in low.sentence
    later = judge([outlook("half", 84, 8, next_chance=3)], rule, TARIFF)[0]
    assert later.need is Need.MUST
    assert "binnen 3 dagen" in later.sentence


def test_the_80_60_rule_looks_at_levels_only() -> None:
    rule = Rule(must_level=80, may_level=60)
    found = judge([outlook("a", 81, 0.1), outlook("b", 61, 0.1), outlook("c", 59, 40)], rule, TARIFF)
    assert [one.need for one in found] == [Need.MUST, Need.MAY, Need.NOT]


def test_a_report_or_a_planner_makes_a_container_a_must_and_says_so() -> None:
    told, placed = judge(
        [outlook("a", 5, 1, urgent="een bewoner meldde dat hij vol is"), outlook("b", 5, 1, truck="w1")], Rule(), TARIFF
    )
    assert told.need is placed.need is Need.MUST
    assert told.sentence == "Een bewoner meldde dat hij vol is. De container is 5 % vol."
    assert "op wagen w1 gezet" in placed.sentence


def test_a_container_whose_trucks_do_not_drive_waits_with_that_reason() -> None:
    ones = [
        outlook("kraan", 99, 9, trucks=("w2",)),
        outlook("gekozen", 99, 9, truck="w9"),
        outlook("gewoon", 99, 9, trucks=("w1", "w2")),
    ]
    made = plan_day(
        day_of(ones, [TRUCK], TIPS, network(np.array([[0, 0], [500, 0], [900, 0]])), TARIFF, Rule()), seconds=0.2
    )
    assert [one.key for one in made.emptied] == ["gewoon"]
    assert all(one.need is Need.MUST and "geen wagen" in one.sentence for one in made.waiting)


def test_a_container_without_any_forecast_has_no_chance_and_a_wrong_one_is_refused() -> None:
    assert judge([replace(outlook("a", 50, 5), overflow=())], Rule(), TARIFF)[0].need is Need.NOT
    for wrong in ({"overflow": (1.5,)}, {"level": float("nan")}, {"litres": -1}):
        with pytest.raises(Invalid):
            replace(outlook("a", 50, 5), **wrong)


def test_a_cautious_load_is_between_the_expected_and_the_high_level() -> None:
    one = replace(outlook("a", 50, 5), level_high=70.0)
    assert stop_of(one, Rule(caution=0)).load == (200, 2000)
    assert stop_of(one, Rule(caution=0.5)).load == (240, 2400)
    assert stop_of(one, Rule(caution=1)).load == (280, 2800)


@given(st.integers(1, 25), st.integers(0, 2**32 - 1))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_container_is_emptied_or_waits_with_a_reason(number: int, seed: int) -> None:
    ones, points = town(number, seed)
    made = plan_day(day_of(ones, [TRUCK], TIPS, network(points), TARIFF, Rule()), seconds=0.2)
    assert violations(made.problem, made.plan) == []
    emptied, waiting = {one.key for one in made.emptied}, {one.key for one in made.waiting}
    assert not emptied & waiting
    assert emptied | waiting == {one.key for one in ones}
    assert emptied == {key for route in made.plan.routes for key in route.stops}
    assert all(one.sentence.endswith((".", ").")) for one in (*made.emptied, *made.waiting))


def test_visits_of_a_week_are_in_time_in_order_and_not_too_early() -> None:
    fast, slow, never, urgent = (
        outlook("a", 50, 30),
        outlook("b", 40, 10),
        outlook("c", 5, 1),
        outlook("d", 5, 1, urgent="Vol."),
    )
    visits = due([fast, slow, never, urgent], Rule(), 7)
    of = {key: [(v.first, v.last) for v in visits if v.outlook.key == key] for key in "abcd"}
    assert len(of["a"]) >= 2
    assert all(before[1] < after[0] for before, after in zip(of["a"], of["a"][1:], strict=False))
    assert len(of["b"]) == 1
    first, last = of["b"][0]
    assert slow.risk(last) < Rule().must_above <= slow.risk(last + 1)
    assert last - first <= 85 / 10 / 3
    assert of["c"] == []
    assert of["d"] == [(0, 0)]


def test_a_week_plans_before_the_weekend_what_would_overflow_in_it() -> None:
    ones = [outlook("weekend", 60, 14), outlook("rustig", 20, 2, location=3)]
    points = np.array([[0, 0], [500, 0], [3000, 0], [3000, 100]])
    assert ones[0].risk(1) < Rule().may_above
    assert ones[0].risk(3) > Rule().must_above
    week = plan_week(ones, [[TRUCK], [], [], [TRUCK]], TIPS, network(points), TARIFF, Rule(), seconds=1)
    assert week.days == {"weekend": 0}
    assert [one.key for one in week.today.waiting] == ["rustig"]


def test_a_week_takes_a_neighbour_along_rather_than_come_back_for_it() -> None:
    ones = [outlook("vol", 96, 10), outlook("buur", 68, 10, location=3)]
    points = np.array([[0, 0], [500, 0], [30_000, 0], [30_000, 50]])
    alone = plan_day(day_of(ones, [TRUCK], TIPS, network(points), TARIFF, Rule()), seconds=0.5)
    assert [one.key for one in alone.emptied] == ["vol"]
    week = plan_week(ones, [[TRUCK]] * 5, TIPS, network(points), TARIFF, Rule(), seconds=2)
    assert week.days == {"vol": 0, "buur": 0}
    assert any("bespaart later deze week" in one.sentence for one in week.today.emptied)


def test_every_day_promised_in_a_week_has_a_truck_and_is_in_time() -> None:
    ones, points = town(40, 5)
    days: list[list[Truck]] = [[TRUCK], [TRUCK], [], [TRUCK], [TRUCK], [], []]
    week = plan_week(ones, days, TIPS, network(points), TARIFF, Rule(), seconds=3)
    assert violations(week.today.problem, week.today.plan) == []
    assert all(days[number] for number in week.days.values())
    late = [
        one.key for one in ones
        if one.risk(week.days.get(one.key, 7)) >= Rule().must_above and week.days.get(one.key, 7) > 0
    ]  # fmt: skip
    # A container may be due on a day without trucks before which it was too early: then it is emptied before that day.
    assert late == []
