"""A plan that changes: again during the day, and by hand. What was done stays, and every change keeps the rules or says which."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from tests.rounds.problems import HOUR, days, network
from vliegwiel.rounds.planning import Problem, ProblemInvalid, Rest, Stop, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.figures import figures
from vliegwiel.rounds.planning.planning import plan
from vliegwiel.rounds.planning.plans import Doing, Plan, Why
from vliegwiel.rounds.planning.quick import quick
from vliegwiel.rounds.planning.replanning import as_planned, replan
from vliegwiel.rounds.planning.validating import violations
from vliegwiel.rounds.planning.what_if import ChangeInvalid, add, drop, move

DAYS = max(int(os.environ.get("VLIEGWIEL_RANDOM_PLANS", "25")) // 3, 8)
"""How many random days are planned again and changed by hand; more with VLIEGWIEL_RANDOM_PLANS."""
REST = Rest(1800, 11 * HOUR, 13 * HOUR)


def busy_day(*, trucks: int = 2, stops: int = 20, load: int = 5) -> Problem:
    """Stops on a grid, each of half an hour; enough for two trucks to be out past noon."""
    points = np.array([[0, 0], [500, 0], *[[1000 * (1 + n % 5), 1000 * (n // 5)] for n in range(stops)]])
    return Problem(
        tuple(Stop(f"c{n}", 2 + n, (load,), 1800) for n in range(stops)),
        tuple(Truck(f"w{n}", (60,), 0, 0, Window(7 * HOUR, 16 * HOUR), ("stort",), rest=REST) for n in range(1, 1 + trucks)),
        (Tip("stort", 1, 600),),
        network(points),
        Tariff(kilometre=100, hour=3600, truck=1000),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made() -> tuple[Problem, Plan]:
    day = busy_day()
    found = plan(day, seconds=0.6)
    assert found.complete
    assert len(found.routes) == 2
    return day, found


def test_without_news_the_rest_of_the_day_is_no_worse_and_what_was_done_stays(made: tuple[Problem, Plan]) -> None:
    day, before = made
    now = 10 * HOUR
    at = as_planned(day, before, now)
    new = replan(day, before, now, at, seconds=0.6)
    assert violations(day, new.plan) == []
    assert new.plan.complete
    for one in at:
        route = next(r for r in new.plan.routes if (r.truck, r.number) == one.who)
        assert route.activities[: len(one.done)] == one.done
    assert new.plan.metres <= before.metres * 1.05


def test_when_a_truck_breaks_down_another_takes_over_what_fits(made: tuple[Problem, Plan]) -> None:
    day, before = made
    now = 9 * HOUR
    at = as_planned(day, before, now)
    broken = (replace(at[0], broken=True), *at[1:])
    new = replan(day, before, now, broken, seconds=0.8)
    assert violations(day, new.plan, stopped=new.stopped) == []
    assert new.stopped == (at[0].who,)
    ended = next(r for r in new.plan.routes if (r.truck, r.number) == at[0].who)
    assert ended.activities == at[0].done
    assert any(change.was == at[0].who and change.now == at[1].who for change in new.changes)
    assert "kan niet verder" in new.sentences[0]
    assert not new.plan.complete
    assert new.plan.advice


def test_when_all_trucks_break_down_everything_waits(made: tuple[Problem, Plan]) -> None:
    day, before = made
    at = tuple(replace(one, broken=True) for one in as_planned(day, before, 9 * HOUR))
    new = replan(day, before, 9 * HOUR, at, seconds=0.3)
    assert violations(day, new.plan, stopped=new.stopped) == []
    assert {one.why for one in new.plan.skipped} == {Why.NEVER}


def test_what_overflows_comes_in_and_what_is_cancelled_goes_out(made: tuple[Problem, Plan]) -> None:
    day, before = made
    now = 9 * HOUR
    at = as_planned(day, before, now)
    done = {a.key for one in at for a in one.done if a.doing is Doing.EMPTY}
    cancelled = next(stop.key for stop in day.stops if stop.key not in done)
    extra = Stop("overvol", 7, (5,), 600)
    new = replan(day, before, now, at, added=[extra], cancelled=[cancelled], seconds=0.6)
    assert violations(new.problem, new.plan) == []
    emptied = {key for route in new.plan.routes for key in route.stops}
    assert "overvol" in emptied
    assert cancelled not in emptied
    said = {change.key: change.sentence for change in new.changes}
    assert said["overvol"].startswith("Nieuw op wagen")
    assert said[cancelled] == "Afgezegd voor vandaag."


def test_who_is_too_late_for_his_break_has_it_as_soon_as_can_be(made: tuple[Problem, Plan]) -> None:
    day, before = made
    at = as_planned(day, before, 10 * HOUR)
    late = tuple(replace(one, free_at=13 * HOUR + 600) for one in at)
    new = replan(day, before, 13 * HOUR + 600, late, seconds=0.5)
    for route in new.plan.routes:
        pauses = [a for a in route.activities if a.doing is Doing.REST]
        assert len(pauses) == 1
        assert pauses[0].begins == 13 * HOUR + 600


def test_progress_of_another_plan_is_refused(made: tuple[Problem, Plan]) -> None:
    day, before = made
    with pytest.raises(ProblemInvalid):
        replan(day, before, 9 * HOUR, as_planned(day, before, 9 * HOUR)[:1], seconds=0.1)


@given(days(), st.integers(6 * HOUR, 17 * HOUR), st.data())
@settings(max_examples=DAYS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_any_day_planned_again_at_any_moment_keeps_every_rule(day: Problem, now: int, data: st.DataObject) -> None:
    before = quick(day, iterations=20)
    assume(before.routes)
    assert violations(day, before) == []
    at = as_planned(day, before, now)
    broken = data.draw(st.sets(st.integers(0, len(at) - 1), max_size=1))
    at = tuple(replace(one, broken=n in broken and not one.home) for n, one in enumerate(at))
    new = replan(day, before, now, at, seconds=0.1)
    note(f"{before}\n{new}")
    assert violations(new.problem, new.plan, stopped=new.stopped) == []


@given(days(), st.data())
@settings(max_examples=DAYS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_a_change_by_hand_is_good_or_says_which_rule_it_breaks(day: Problem, data: st.DataObject) -> None:
    before = quick(day, iterations=20)
    planned = [key for route in before.routes for key in route.stops]
    assume(planned)
    key = data.draw(st.sampled_from(planned))
    truck = data.draw(st.sampled_from(day.trucks))
    number = data.draw(st.integers(1, truck.count))
    for effect in (move(day, before, key, truck.key, number), drop(day, before, key, risk={key: 0.5})):
        note(str(effect))
        assert (violations(day, effect.plan) == []) == (effect.broken == ())
        was, now = figures(day, before), figures(day, effect.plan)
        assert (effect.metres, effect.cents) == (now.metres - was.metres, now.cents - was.cents)


def test_dropped_and_added_back_is_the_same_plan_again(made: tuple[Problem, Plan]) -> None:
    day, before = made
    route = before.routes[0]
    key = route.stops[2]
    out = drop(day, before, key, risk={key: 0.4, "c0": 0.1})
    assert out.broken == ()
    assert out.overflow == pytest.approx(0.4)
    assert "lopen er 0,40 containers meer over" in out.sentence
    back = add(day, out.plan, key, route.truck, route.number, 2)
    assert back.broken == ()
    assert (back.metres, back.cents) == (-out.metres, -out.cents)
    assert back.plan.routes[0].stops == route.stops
    assert not back.plan.skipped


def test_a_stop_goes_where_it_is_put(made: tuple[Problem, Plan]) -> None:
    day, before = made
    one, other = before.routes
    key = one.stops[0]
    effect = move(day, before, key, other.truck, other.number, 1)
    assert effect.plan.routes[1].stops == (other.stops[0], key, *other.stops[1:])
    first = move(day, before, key, one.truck, one.number, len(one.stops) - 1)
    assert first.plan.routes[0].stops == (*one.stops[1:], key)
    best = move(day, before, key, other.truck, other.number)
    assert len(best.broken) <= len(effect.broken)
    with pytest.raises(ChangeInvalid):
        move(day, before, key, other.truck, other.number, 99)
    with pytest.raises(ChangeInvalid):
        move(day, before, "onbekend", other.truck)
    with pytest.raises(ChangeInvalid):
        move(day, before, key, "geen wagen")
    with pytest.raises(ChangeInvalid):
        add(day, before, key, other.truck)


def test_what_was_emptied_cannot_be_moved_and_what_comes_after_can(made: tuple[Problem, Plan]) -> None:
    day, before = made
    at = as_planned(day, before, 9 * HOUR)
    route = before.routes[0]
    with pytest.raises(ChangeInvalid):
        move(day, before, route.stops[0], before.routes[1].truck, progress=at)
    effect = move(day, before, route.stops[-1], before.routes[0].truck, 1, 0, progress=at)
    assert effect.plan.routes[0].activities[: len(at[0].done)] == at[0].done
    done = sum(a.doing is Doing.EMPTY for a in at[0].done)
    assert effect.plan.routes[0].stops[done] == route.stops[-1]
    assert effect.broken == ()


def test_a_truck_that_gets_too_full_tips_in_between() -> None:
    day = busy_day(stops=8, load=15)
    made = plan(day, seconds=0.4)
    key = made.routes[0].stops[0]
    spare = next(truck.key for truck in day.trucks if truck.key not in {route.truck for route in made.routes[:1]})
    effect = move(day, made, key, spare)
    assert violations(day, effect.plan) == list(effect.broken) == []


def test_the_effect_is_there_within_a_fifth_of_a_second_in_a_large_day() -> None:
    dice = np.random.default_rng(3)
    points = dice.integers(0, 15_000, (1502, 2))
    day = Problem(
        tuple(Stop(f"c{n}", 2 + n, (10, 100), 120, prize=9000) for n in range(1500)),
        tuple(Truck(f"w{n}", (900, 9000), 0, 0, Window(6 * HOUR, 22 * HOUR), ("stort",), rest=REST) for n in range(10)),
        (Tip("stort", 1, 600),),
        network(points),
        Tariff(kilometre=100, hour=3600),
    )  # fmt: skip
    made = quick(day, iterations=0, neighbours=10)
    assert len(made.routes) > 1
    key = made.routes[0].stops[3]
    move(day, made, key, made.routes[1].truck)
    began = time.process_time()
    move(day, made, key, made.routes[1].truck)
    assert time.process_time() - began < 0.4, "twice the bound, for a slow machine"
