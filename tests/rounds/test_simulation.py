"""Savings are honest: the same deposits for all, nothing learned from the planned period, no rule of a day broken."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.rounds.simulation import schedules, tuning
from vliegwiel.rounds.simulation.areas import area_of, everything, site_of, to_wgs84
from vliegwiel.rounds.simulation.assumptions import WHY, Assumptions, listed
from vliegwiel.rounds.simulation.comparing import Settings, compare
from vliegwiel.rounds.simulation.district import District, district_of
from vliegwiel.rounds.simulation.figures import Interval
from vliegwiel.rounds.simulation.measures import Measure, change, interval
from vliegwiel.rounds.simulation.policies import Kind, Turns
from vliegwiel.rounds.simulation.report import csv_of
from vliegwiel.rounds.simulation.routing import Fleet, Router, long_tour, roads_of
from vliegwiel.rounds.simulation.schedules import spread
from vliegwiel.rounds.simulation.streams import draw, world_of
from vliegwiel.rounds.simulation.trial import Faults, Recipe, Trial, lived, sensors_of, stage_of, trial_of
from vliegwiel.rounds.simulation.tuning import Tried, kilometres_at
from vliegwiel.rounds.simulation.weighings import (
    DataInvalid,
    Period,
    Places,
    complete,
    day_number,
    read_places,
    read_visits,
    to_rd,
)

WASTE = Path(__file__).resolve().parents[3] / "shared" / "data" / "waste"
TRAIN, PLAN = Period(date(2024, 1, 1), date(2024, 6, 30)), Period(date(2024, 7, 1), date(2024, 8, 11))
NAMES = ("Noord",) * 6 + ("Zuid",) * 6


def write_town(folder: Path, *, places: int = 12, days: int = 225) -> tuple[Path, Path]:
    """A small town whose locations are emptied every 3 or 7 days, with a week that nobody registered."""
    luck = np.random.default_rng(5)
    rows = ["location,rd_x,rd_y,wijk"]
    rows += [f"{n},{120000 + 300 * (n % 4)},{486000 + 300 * (n // 4)},{NAMES[n]}" for n in range(places)]
    (folder / "plekken.csv").write_text("\n".join(rows) + "\n")
    lifts = ["location,time_utc,kg"]
    for place in range(places):
        rate, rhythm = 40 + 8 * place, 3 if place % 2 else 7
        for day in range(place % rhythm, days, rhythm):
            if 100 <= day < 107:
                continue
            at = datetime(2024, 1, 1, 9) + timedelta(days=day, minutes=place)  # noqa: DTZ001
            lifts.append(f"{place},{at:%Y-%m-%dT%H:%M:%S}Z,{round(rate * rhythm * luck.gamma(8) / 8)}")
    with gzip.open(folder / "wegingen.csv.gz", "wt") as file:
        file.write("\n".join(lifts) + "\n")
    return folder / "wegingen.csv.gz", folder / "plekken.csv"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> District:
    deposits, locations = write_town(tmp_path_factory.mktemp("town"))
    places = read_places(locations)
    return district_of(places, read_visits(deposits, places), everything(places), TRAIN, PLAN, Assumptions())


@pytest.fixture(scope="module")
def trial(town: District) -> Trial:
    stage = stage_of(town, site_of(town.x, town.y, "", ""), Assumptions(), trucks=2, steps=2)
    return trial_of(town, stage, PLAN, town.real, Assumptions())


def test_lifts_close_together_are_one_visit_and_a_half_visit_waits_for_the_other_half(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("location,lon,lat\n7,4.9,52.37\n")
    rows = ["location,time_utc,kg"]
    for day in (1, 4, 7, 10):
        rows += [f"7,2024-01-{day:02}T08:00:00Z,200", f"7,2024-01-{day:02}T08:10:00Z,100"]
    rows += ["7,2024-01-13T08:00:00Z,150", "7,2024-01-14T08:00:00Z,130", "7,2024-01-17T08:00:00Z,2000"]
    (tmp_path / "w.csv").write_text("\n".join(rows))
    places = read_places(tmp_path / "l.csv")
    visits = read_visits(tmp_path / "w.csv", places)
    assert visits.lifts.tolist() == [2, 2, 2, 2, 1, 1, 1]
    assert visits.rejected == 1
    whole = complete(visits, 1)
    assert whole.kilograms.tolist()[:5] == [300, 300, 300, 300, 280], "the half visit is added to the next"
    assert not whole.known[5:].any()


def test_an_interval_that_is_much_longer_than_usual_is_unknown(town: District) -> None:
    long = town.train.end - town.train.begin > 1.7 * town.rhythm[town.train.row] + 0.75
    assert long.any()
    assert not town.train.whole[long].any()


def test_times_in_utc_are_moved_to_the_dutch_clock(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("location,lon,lat\n7,4.9,52.37\n")
    (tmp_path / "w.csv").write_text(
        "location,time_utc,kg\n7,2024-07-01T22:30:00Z,200\n7,2024-07-05T08:00:00+02:00,100\n"
    )
    visits = read_visits(tmp_path / "w.csv", read_places(tmp_path / "l.csv"))
    assert visits.at[0] == pytest.approx(day_number(date(2024, 7, 2)) + 0.5 / 24)
    assert visits.at[1] == pytest.approx(day_number(date(2024, 7, 5)) + 8 / 24)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "geen kolom"),
        ("", "niet te lezen"),
        ("location,time_utc,kg\n99,2024-01-01T00:00:00Z,5\n", "geen weging"),
    ],
)
def test_a_file_that_will_not_do_says_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "l.csv").write_text("location,lon,lat\n7,4.9,52.37\n")
    (tmp_path / "w.csv").write_text(text)
    places = read_places(tmp_path / "l.csv")
    with pytest.raises(DataInvalid, match=said):
        read_visits(tmp_path / "w.csv", places)


def amsterdam() -> Places:
    points = {"pijp": (4.894, 52.354), "jordaan": (4.881, 52.374), "ndsm": (4.897, 52.401), "ijburg": (4.994, 52.355)}
    x, y = to_rd(np.array([p[0] for p in points.values()]), np.array([p[1] for p in points.values()]))
    return Places(tuple(points), x, y, {"straat": ("Ceintuurbaan", "", "", "")})


@pytest.mark.parametrize(
    ("wanted", "inside"),
    [
        ("De Pijp", ["pijp"]),
        ("stadsdeel Noord", ["ndsm"]),
        ("ZUID", ["pijp"]),
        ("oud-noord", ["ndsm"]),
        ("ceintuurbaan", ["pijp"]),
        ("4.87,52.36,4.90,52.41", ["jordaan", "ndsm"]),
        ("52.36,4.87,52.41,4.90", ["jordaan", "ndsm"]),
        ("4.90:52.41:4.87:52.36", ["jordaan", "ndsm"]),
        ("120000,486000,122000,489000", ["jordaan"]),
    ],
)
def test_a_district_is_a_name_as_people_type_it_or_a_box(wanted: str, inside: list[str]) -> None:
    places = amsterdam()
    assert [key for key, there in zip(places.keys, area_of(places, wanted).inside, strict=True) if there] == inside


@pytest.mark.parametrize("wanted", ["Atlantis", "1,2,3", "0,0,1,1", "", "Pij"])
def test_a_district_that_is_not_there_is_refused_with_the_choices(wanted: str) -> None:
    places = amsterdam()
    if wanted == "Pij":
        with pytest.raises(DataInvalid, match="Kies uit: Centrum"):
            area_of(places, wanted)
        return
    with pytest.raises(DataInvalid):
        area_of(places, wanted)


@given(st.floats(4.0, 7.0), st.floats(51.0, 53.4))
def test_rd_and_back_is_the_same_place(lon: float, lat: float) -> None:
    x, y = to_rd(np.array([lon]), np.array([lat]))
    back_lon, back_lat = to_wgs84(x, y)
    assert abs(back_lon[0] - lon) < 2e-5
    assert abs(back_lat[0] - lat) < 2e-5


def test_the_planned_period_comes_after_the_training_period(town: District, tmp_path: Path) -> None:
    deposits, locations = write_town(tmp_path)
    places = read_places(locations)
    with pytest.raises(DataInvalid, match="eerlijk"):
        district_of(places, read_visits(deposits, places), everything(places), PLAN, TRAIN, Assumptions())


def test_a_stream_keeps_what_was_really_weighed_and_depends_on_its_seed_alone(town: District) -> None:
    world = world_of(town, PLAN, town.real)
    first, again, other = draw(world, 1), draw(world, 1), draw(world, 2)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first >= 0).all()
    inside = town.real.whole & (town.real.begin >= world.first_day) & (town.real.end <= world.first_day + world.days)
    for at in np.flatnonzero(inside)[:40]:
        begin, end, row = town.real.begin[at], town.real.end[at], town.real.row[at]
        days = slice(int(np.ceil(begin)) - world.first_day, int(np.floor(end)) - world.first_day)
        assert first[days, row].sum() <= town.real.kilograms[at] + 1e-6, "no more than was weighed between the visits"
    weighed = town.real.kilograms[inside].sum()
    assert first.sum() >= weighed


def test_what_was_weighed_later_changes_no_policy_before_it(town: District, trial: Trial) -> None:
    """The belief at the start of the planned period rests on the training period alone."""
    doubled = replace(town.real, kilograms=town.real.kilograms * np.where(town.real.end > PLAN.begin, 2.0, 1.0))
    changed = trial_of(replace(town, real=doubled), trial.stage, PLAN, doubled, Assumptions())
    assert np.array_equal(changed.before.rate, trial.before.rate)
    assert np.array_equal(changed.pace, trial.pace)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_policy_loses_nothing_but_what_lies_beside(kind: Kind, trial: Trial) -> None:
    """Kilograms are kept: what was deposited is collected, beside the containers, or still in them."""
    recipe = Recipe(kind, rhythm=2, safety=1, overflow=4000, turns=2)
    counted = lived(recipe, trial, 1)
    deposits = draw(trial.world, 1)[trial.world.warm : trial.world.days - 14].sum()
    most = float(trial.stage.capacity.sum())
    assert abs(counted.kilograms + counted.spilled - deposits) <= most
    assert counted.broken == 0
    assert counted.refused == 0
    assert counted.metres > counted.collecting_metres > 0
    assert lived(recipe, trial, 1) == counted, "the same seed, the same outcome"


def test_knowing_all_overflows_less_than_thresholds(trial: Trial) -> None:
    known = lived(Recipe(Kind.PERFECT, overflow=40_000), trial, 3)
    guessed = lived(Recipe(Kind.THRESHOLDS), trial, 3)
    assert known.overflow_days <= guessed.overflow_days


def test_under_stress_the_asked_share_of_sensors_is_dead_and_the_rest_reads_low(trial: Trial) -> None:
    sensors = sensors_of(Faults.STRESS, trial, seed=1)
    assert (~sensors.alive).sum() == round(0.2 * trial.world.size)
    seen = sensors.read(np.full(trial.world.size, 0.5), np.random.default_rng(1))
    assert np.isnan(seen).sum() == (~sensors.alive).sum()
    assert np.nanmean(seen) < 0.47


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 14), st.integers(1, 3))
def test_a_quick_plan_keeps_shift_capacity_and_counts_its_metres(seed: int, size: int, trucks: int) -> None:
    luck = np.random.default_rng(seed)
    x, y = luck.uniform(0, 3000, size), luck.uniform(0, 3000, size)
    assumed = Assumptions()
    roads = roads_of(x, y, (0, 0), (500, 3000), assumed)
    fleet = Fleet(trucks, 3000, assumed.net_shift, 120, 6500, 3000, 1200, np.full(size, 240))
    router = Router(roads, fleet, long_tour(roads, steps=5), steps=3)
    must = luck.random(size) < 0.5
    rows = np.arange(size)
    driven = router.drive(rows, luck.uniform(50, 900, size), luck.uniform(0, 900, size), must, seed=seed)
    assert driven.feasible
    assert len(set(driven.served.tolist())) == len(driven.served)
    assert driven.trucks <= trucks
    assert driven.seconds <= trucks * assumed.net_shift
    assert driven.collecting_metres <= driven.metres


@given(st.lists(st.sampled_from(range(7)), min_size=1, max_size=7, unique=True).map(sorted), st.floats(0.3, 40))
def test_the_slowest_rhythm_within_a_wait_never_waits_longer(days: list[int], wait: float) -> None:
    weekdays = tuple(days)
    rhythm = schedules.slowest_within(np.array([wait]), weekdays)[0]
    plan = schedules.schedule_of(np.array([rhythm]), np.array([1.0]), np.array([0]), weekdays)
    visits = np.flatnonzero(plan[:, 0])
    assert {int(day) % 7 for day in visits} <= set(weekdays)
    assert len(visits) == pytest.approx(4 * rhythm)
    gaps = np.diff(np.append(visits, visits[0] + schedules.CYCLE))
    shortest = schedules.longest_gaps(weekdays)
    assert gaps.max() <= max(wait, shortest[-1]), "unless every day of collection is not enough"


def test_turns_come_round_and_each_day_is_somebodys() -> None:
    turns = Turns(np.array([0, 1, 0, 1]), 2, (0, 1, 2, 3, 4))
    monday = day_number(date(2024, 1, 1))
    week = [monday + day for day in (0, 1, 2, 3, 4, 7, 8)]
    owners = [turns.mine(day).tolist() for day in week]
    assert all(a != b for a, b in pairwise(owners))
    assert turns.next_turn(monday + 4) == monday + 8
    assert turns.mine(monday + 8).tolist() == turns.mine(monday + 4).tolist()


def test_choosing_takes_the_fewest_kilometres_within_what_may_overflow() -> None:
    found = [tuning.Tried(Recipe(Kind.FIXED, rhythm=r), 100.0 * r, 0.04 / r) for r in (1, 2, 4)]
    assert tuning.best_of(found, 0.02).recipe.rhythm == 2
    assert tuning.best_of(found, 0.001).recipe.rhythm == 4, "the least overflow where none has so little"


def test_choosing_sees_nothing_of_the_planned_period() -> None:
    period = tuning.choosing_period(TRAIN)
    assert period.last <= TRAIN.last < PLAN.first
    assert period.first > TRAIN.first + timedelta(days=tuning.LEARN_DAYS)
    with pytest.raises(DataInvalid, match="leerperiode"):
        tuning.choosing_period(Period(date(2024, 1, 1), date(2024, 2, 1)))


def test_an_interval_is_that_of_student_and_pairs_are_compared_seed_by_seed() -> None:
    found = interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    assert found.mean == 5.5
    assert found.high - found.mean == pytest.approx(2.26216 * np.std(range(1, 11), ddof=1) / np.sqrt(10), rel=1e-3)
    assert change([50, 100], [100, 200]) == Interval(-50, -50, -50)


def test_every_assumption_says_why() -> None:
    assert {name for name, _, _ in listed(Assumptions())} == set(WHY)


def test_the_whole_report_hangs_together(town: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small, in one process: every policy, pairs, gains, stress and frontier, and a CSV with each figure."""
    for name, few in (
        ("PRICES", (4000.0,)),
        ("TURNS", (1, 2)),
        ("SAFETIES", (1.0,)),
        ("BETWEEN", 1),
        ("FEWER", (3,)),
        ("SEEDS", (9,)),
    ):
        monkeypatch.setattr(tuning, name, few)
    heard: list[str] = []
    asked = Settings(seeds=2, steps=0, processes=1)
    site = site_of(town.x, town.y, "", "")
    savings = compare(town, site, Assumptions(), asked, lambda what, _: heard.append(what))
    assert [row.policy for row in savings.rows] == [kind.value for kind in Kind]
    assert set(heard) == {"kiezen in de leerperiode", "vergelijken"}
    pair = savings.pair(Kind.COLLECTING, Kind.FIXED)
    mine = savings.row(Kind.COLLECTING).measures[Measure.KILOMETRES.value].mean
    other = savings.row(Kind.FIXED).measures[Measure.KILOMETRES.value].mean
    assert pair.percent["km"].mean == pytest.approx(100 * (mine / other - 1), abs=1.0)
    assert "overvolle containerdagen" in pair.sentence, "no saving without its overflow"
    assert len(savings.gains.steps) == 3
    assert sum(km.mean for _, km, _ in savings.gains.steps) == pytest.approx(pair.percent["km"].mean, abs=1e-6)
    assert {row.policy for row in savings.stress} == {"thresholds_dead_and_biased", "prize_collecting_dead_and_biased"}
    assert {point.policy for point in savings.frontier} >= {"fixed", "prize_collecting"}
    assert savings.broken == 0
    table = csv_of(savings).splitlines()
    assert len(table) == 1 + len(Measure) * (len(savings.rows) + len(savings.stress))


@pytest.mark.skipif(not WASTE.exists(), reason="the weighings of Amsterdam are not on this machine")
def test_the_weighings_of_amsterdam_read_as_a_district() -> None:
    places = read_places(WASTE / "amsterdam_locations.csv")
    visits = read_visits(WASTE / "amsterdam_weighings_2020-01_2021-06.csv.gz", places)
    train, plan = Period(date(2020, 1, 1), date(2020, 12, 31)), Period(date(2021, 1, 1), date(2021, 6, 30))
    district = district_of(places, visits, area_of(places, "De Pijp"), train, plan, Assumptions())
    assert 90 < district.size < 140
    assert district.weekdays == (0, 1, 2, 3, 4, 5)
    assert 0.2 < district.unknown_share < 0.5
    whole = district.real.where(district.real.whole)
    assert (whole.kilograms > 0).all()


def test_a_location_that_nobody_weighed_in_the_period_goes_on_as_it_did(town: District) -> None:
    silent = town.real.where((town.real.row != 3) | (town.real.end < PLAN.begin - 40))
    world = world_of(town, PLAN, silent)
    deposits = draw(world, 1)
    assert deposits[:, 3].sum() > 0
    unknown = world_of(town, PLAN, town.real.where(town.real.row != 3))
    assert draw(unknown, 1)[:, 3].sum() > 0


def test_fewer_days_of_the_week_are_spread_evenly() -> None:
    assert spread((0, 1, 2, 3, 4, 5), 3) == (0, 2, 4)
    assert spread((0, 1, 2, 3, 4), 2) == (0, 3)


def test_kilometres_at_a_level_lie_between_what_was_tried() -> None:
    recipe = Recipe(Kind.COLLECTING)
    line = [Tried(recipe, 50.0, 0.02), Tried(recipe, 60.0, 0.01), Tried(recipe, 90.0, 0.004)]
    assert kilometres_at(line, 0.015) == 55.0
    assert kilometres_at(line, 0.03) == 50.0
    assert kilometres_at(line, 0.001) == inf


def test_outside_its_turn_nobody_waits_longer_than_the_next_day() -> None:
    turns = Turns(np.zeros(2, dtype=np.int64), 1, (0, 3))
    monday = 4
    assert turns.mine(monday).all()
    assert not turns.mine(monday + 1).any()
    assert turns.next_turn(monday) == monday + 3
