"""Without a map distances are straight lines times a factor, and say so."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rounds.maps import at
from vliegwiel.rounds.planning import Problem, Stop, Tip, Truck, Window
from vliegwiel.rounds.roads import Bounds, Crow, PlaceInvalid, Point, Source, Travel, TruckProfile

HOUR = 3600


def test_it_is_the_straight_line_times_the_factor_at_the_speed() -> None:
    travel = Crow(detour=1.5, kmh=36).travel([at(0, 0), at(1000, 0), at(0, 300)])
    assert travel.network.metres[0].tolist() == [[0, 1500, 450], [1500, 0, 1566], [450, 1566, 0]]
    assert travel.network.seconds[0].tolist() == [[0, 150, 45], [150, 0, 157], [45, 157, 0]]


def test_it_says_that_it_is_a_guess() -> None:
    travel = Crow().travel([at(0, 0), at(500, 0)])
    assert travel.source is Source.CROW
    assert travel.sentence == (
        "Afstanden zijn geschat: hemelsbreed × 1,34, bij 25 km per uur. Er is geen wegenkaart geladen."
    )
    leg = Crow().leg(at(0, 0), at(500, 0))
    assert (leg.metres, leg.seconds, leg.source) == (670, 96, Source.CROW)
    assert leg.line == (at(0, 0), at(500, 0))
    assert Crow().route([at(0, 0), at(500, 0), at(0, 0)]) == (leg, Crow().leg(at(500, 0), at(0, 0)))


def test_it_fits_a_day_to_plan_with_trucks_of_several_kinds() -> None:
    travel = Crow().travel([at(0, 0), at(500, 0), at(0, 800)], (TruckProfile("a"), TruckProfile("b", height_cm=300)))
    problem = Problem(
        stops=(Stop("c", 1, (10,), 60),),
        trucks=(Truck("t", (100,), 0, 0, Window(0, 8 * HOUR), ("tip",), profile=1),),
        tips=(Tip("tip", 2, 300),), network=travel.network,
    )  # fmt: skip
    assert problem.network.size == 3


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=12))
def test_anywhere_on_earth_distances_are_symmetrical_and_no_detour_is_shorter(
    places: list[tuple[float, float]],
) -> None:
    metres = Crow(detour=1.0).travel([Point(*place) for place in places]).network.metres[0]
    assert (metres == metres.T).all()
    assert (np.diagonal(metres) == 0).all()
    assert metres.max() <= math.pi * 6_371_009
    assert (metres[:, :, None] + metres[None, :, :] + 2 >= metres[:, None, :]).all()


@pytest.mark.parametrize("point", [Point(4.5, 95), Point(190, 52), Point(math.nan, 52), Point(4.5, math.inf)])
def test_a_point_that_is_nowhere_is_refused(point: Point) -> None:
    with pytest.raises(PlaceInvalid, match="Punt 2"):
        Crow().travel([at(0, 0), point])


def test_factors_and_boxes_that_cannot_be_are_refused() -> None:
    for made in (lambda: Crow(detour=0.5), lambda: Crow(kmh=0), lambda: Bounds(5, 52, 4, 53)):
        with pytest.raises(PlaceInvalid):
            made()


def test_the_example_of_the_document_runs() -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "rounds-roads.md"
    code = re.search(r"```python\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(code[1], names)
    travel = names["travel"]
    assert isinstance(travel, Travel)
    assert travel.network.size == 3
