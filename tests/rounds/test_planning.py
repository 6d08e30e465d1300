"""A plan keeps every rule, leaves nothing out without a reason, and says what would help when the day is too full."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.rounds.problems import HOUR, days, network
from vliegwiel.rounds.planning import Network, Problem, ProblemInvalid, Rest, Stop, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.planning import plan
from vliegwiel.rounds.planning.plans import Doing, Plan, Skipped, Why
from vliegwiel.rounds.planning.rest import Cut, best_cut
from vliegwiel.rounds.planning.validating import violations

PLANS = int(os.environ.get("VLIEGWIEL_RANDOM_PLANS", "25"))
"""How many random days are planned; 1,000 with VLIEGWIEL_RANDOM_PLANS=1000."""


@given(days())
@settings(max_examples=PLANS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_no_random_day_gets_a_plan_that_breaks_a_rule(day: Problem) -> None:
    made = plan(day, seconds=0.15)
    note(str(made))
    assert violations(day, made) == []
    assert all(skipped.sentence.endswith((".", ").")) for skipped in made.skipped)
    assert made.complete or made.advice or any(skipped.why is Why.NEVER for skipped in made.skipped)


@given(st.integers(0, 86_400), st.integers(0, 7200), st.integers(0, 86_400), st.integers(0, 86_400))
def test_what_begins_within_a_squeezed_window_begins_within_the_window_on_the_clock(
    moment: int, length: int, a: int, b: int
) -> None:
    cut, window = Cut(moment, length), Window(min(a, b), max(a, b))
    squeezed = cut.squeezed(window)
    if squeezed is None:
        assert length
        assert window.open >= moment
        assert window.close < moment + length
        return
    for time in {squeezed.open, squeezed.close, (squeezed.open + squeezed.close) // 2}:
        assert window.open <= cut.real(time) <= window.close


def test_the_cut_is_made_where_no_window_is_lost() -> None:
    day = one_day((Window(11 * HOUR + 1800, 12 * HOUR),), rest=Rest(HOUR, 11 * HOUR, 13 * HOUR))
    assert all(best_cut(day).squeezed(window) for stop in day.stops for window in stop.windows)


def one_day(
    windows: tuple[Window, ...] = (),
    *,
    rest: Rest | None = None,
    prize: int | None = None,
    load: int = 5,
    stops: int = 3,
) -> Problem:
    points = np.array([[0, 0], [500, 0], *[[1000 + 100 * n, 0] for n in range(stops)]])
    truck = Truck("wagen", (20,), 0, 0, Window(7 * HOUR, 15 * HOUR), ("stort",), rest=rest)
    return Problem(
        tuple(Stop(f"c{n}", 2 + n, (load,), 300, windows, prize) for n in range(stops)),
        (truck,),
        (Tip("stort", 1, 600),),
        network(points),
        Tariff(kilometre=100, hour=3600),
    )


def skipped(made: Plan) -> dict[str, Skipped]:
    return {stop.key: stop for stop in made.skipped}


def test_what_is_worth_less_than_its_detour_waits_and_the_plan_says_so() -> None:
    made = plan(one_day(prize=5), seconds=0.2)
    assert not made.routes
    assert {stop.why for stop in made.skipped} == {Why.NOT_WORTH}
    made = plan(one_day(prize=100_000), seconds=0.2)
    assert not made.skipped
    mixed = one_day()
    mixed = replace(mixed, stops=(mixed.stops[0], *(replace(stop, prize=301) for stop in mixed.stops[1:])))
    made = plan(mixed, seconds=0.2)
    assert set(skipped(made)) == {"c1", "c2"}
    assert "De omweg van 0,2 km kost" in skipped(made)["c1"].sentence


def test_what_no_truck_can_ever_do_is_told_apart() -> None:
    assert {s.why for s in plan(one_day(load=21), seconds=0.2).skipped} == {Why.NEVER}
    assert {s.why for s in plan(one_day((Window(0, 6 * HOUR),)), seconds=0.2).skipped} == {Why.NEVER}


def test_a_day_that_is_too_full_says_what_would_help() -> None:
    full = one_day(stops=8, load=20)
    short = replace(full, trucks=(replace(full.trucks[0], shift=Window(7 * HOUR, 7 * HOUR + 3500)),))
    made = plan(short, seconds=1.5)
    assert not made.complete
    assert not violations(short, made)
    assert any("Een uur langer werken" in line for line in made.advice)
    assert any("Een wagen meer" in line for line in made.advice)


def test_the_break_falls_in_its_hour_and_nothing_is_done_meanwhile() -> None:
    day = one_day((Window(10 * HOUR, 14 * HOUR),), rest=Rest(HOUR, 11 * HOUR, 12 * HOUR), stops=30, load=1)
    busy = replace(day, stops=tuple(replace(stop, service=900) for stop in day.stops[:14]))
    made = plan(busy, seconds=0.3)
    assert violations(busy, made) == []
    assert sum(a.doing is Doing.REST for route in made.routes for a in route.activities) == len(made.routes) == 1


def test_a_truck_may_tip_on_the_way_and_comes_home_empty() -> None:
    made = plan(one_day(stops=8, load=10), seconds=0.3)
    assert made.complete
    assert sum(route.tips for route in made.routes) == 4
    assert made.routes[0].activities[-2].doing is Doing.TIP


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"trucks": ()}, "geen wagen"),
        ({"stops": (Stop("a", 99, (1,), 0),)}, "ligt niet in het wegennet"),
        ({"stops": (Stop("a", 1, (1, 2), 0),)}, "evenveel soorten"),
        ({"stops": (Stop("a", 1, (-1,), 0),)}, "nooit negatief"),
        ({"stops": (Stop("a", 1, (1,), 0), Stop("a", 1, (1,), 0))}, "twee keer"),
        ({"stops": (Stop("a", 1, (1,), 0, truck="x"),)}, "hoort bij wagen x"),
        ({"stops": (Stop("a", 1, (1,), 0, (Window(2, 1),)),)}, "eindigt voor het begint"),
        ({"tips": ()}, "stort"),
        ({"network": Network((np.ones((9, 9), np.int64),), (np.zeros((9, 9), np.int64),))}, "nul van een plek"),
        ({"network": Network((), ())}, "wegennet"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(change: dict[str, object], said: str) -> None:
    with pytest.raises(ProblemInvalid) as caught:
        replace(one_day(), **change)  # type: ignore[arg-type]
    assert said in caught.value.sentence


def test_the_validator_sees_every_kind_of_mistake() -> None:
    day = one_day((Window(8 * HOUR, 14 * HOUR),), rest=Rest(HOUR, 11 * HOUR, 12 * HOUR), stops=6, load=6)
    made = plan(day, seconds=0.3)
    route = made.routes[0]
    acts = route.activities
    at = next(n for n, a in enumerate(acts) if a.doing is Doing.EMPTY)

    def broken(*changed: object) -> str:
        return " | ".join(
            violations(day, replace(made, routes=(replace(route, activities=tuple(changed)), *made.routes[1:])))
        )  # type: ignore[arg-type]

    def but(n: int, **values: object) -> list[object]:
        return [*acts[:n], replace(acts[n], **values), *acts[n + 1 :]]  # type: ignore[arg-type]

    assert violations(day, made) == []
    assert "0 keer gepland" in broken(*acts[:at], *acts[at + 1 :])
    assert "te vroeg" in broken(*but(at, arrives=acts[at].arrives - 5))
    assert "te kort" in broken(*but(at, ends=acts[at].ends - 1))
    assert "buiten de tijden" in broken(*but(at, begins=15 * HOUR))
    assert "lading" in broken(*but(at, load=(1,)))
    assert "afstand" in broken(*but(at, metres=0))
    assert "niet leeg" in broken(*(a for a in acts if a.doing is not Doing.TIP))
    assert "te vol" in broken(*(a for a in acts if a.doing is not Doing.TIP or a is acts[-2]))
    assert "vertrekt" in broken(*but(0, begins=0))
    assert "te laat terug" in broken(*but(len(acts) - 1, ends=23 * HOUR))
