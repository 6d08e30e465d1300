"""With a map a plan is made over its roads, for the trucks as they are; without one it says that it guesses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rounds.maps import Map, at
from tests.rounds.operations import town
from tests.rounds.operations.town import DRIVER, PLANNER, PLATFORM
from vliegwiel.base.errors import Conflict, Forbidden
from vliegwiel.rounds.actions.roads import use_map
from vliegwiel.rounds.models import Container, Depot, RoadArea, Route, TipSite, Truck
from vliegwiel.rounds.operations.computing import problem_of
from vliegwiel.rounds.operations.figures import from_json
from vliegwiel.rounds.operations.roadmap import profile_of, roads_of
from vliegwiel.rounds.planning.validating import violations
from vliegwiel.rounds.roads import Crow, MapInvalid
from vliegwiel.trust.rights import scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(clock: Callable[..., object], settings: object, tmp_path: Path) -> None:
    clock(town.MOMENT)
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    """A street of a kilometre with a way back: out and home is two kilometres."""
    drawn = Map()
    drawn.way((0, 0), (250, 0), (500, 0), (750, 0), (1000, 0))
    return drawn.write(tmp_path / "straat.osm.pbf")


def along_the_street() -> None:
    """Put everything in that street."""
    with scope_of(PLATFORM):
        for number, row in enumerate(Container.objects.order_by("code")):
            row.lon, row.lat = at(100 + 60 * number, 3)
            row.save()
        Depot.objects.update(lon=at(10, 2).lon, lat=at(10, 2).lat)
        TipSite.objects.update(lon=at(950, 2).lon, lat=at(950, 2).lat)


def test_a_plan_follows_the_streets_of_the_map(streets: Path) -> None:
    town.build()
    along_the_street()
    use_map(PLANNER, "straat", streets)
    plan = town.planned()
    figures = from_json(plan.figures)
    assert "OpenStreetMap" in figures.distances
    with scope_of(PLATFORM):
        roads = roads_of(town.LEIDEN)
        assert all(len(row.geometry["coordinates"]) >= 4 for row in Route.objects.filter(plan=plan))
    assert not violations(problem_of(figures, roads=roads), figures.current.plan)
    assert 1500 < figures.current.numbers.metres < 2600


def test_a_container_far_from_any_street_is_named(streets: Path) -> None:
    town.build()
    along_the_street()
    with scope_of(PLATFORM):
        Container.objects.filter(code="C05").update(lon=at(500, 2500).lon, lat=at(500, 2500).lat)
    use_map(PLANNER, "straat", streets)
    with pytest.raises(Conflict, match="Dorpsstraat 5"):
        town.planned()


def test_a_map_is_a_map_and_chosen_by_who_plans(streets: Path, tmp_path: Path) -> None:
    with scope_of(PLATFORM):
        assert isinstance(roads_of(town.LEIDEN), Crow)
    with pytest.raises(Forbidden):
        use_map(DRIVER, "straat", streets)
    wrong = tmp_path / "wrong.osm.pbf"
    wrong.write_bytes(b"not a map")
    with pytest.raises(MapInvalid):
        use_map(PLANNER, "fout", wrong)
    assert use_map(PLANNER, "straat", streets) == use_map(PLANNER, "straat", streets)
    with scope_of(PLATFORM):
        (row,) = RoadArea.objects.all()
        (tmp_path / "data" / "kaarten" / town.LEIDEN / row.file).unlink()
        assert isinstance(roads_of(town.LEIDEN), Crow)


def test_a_truck_is_on_the_road_what_was_noted_of_it() -> None:
    noted = profile_of(Truck(code="3", weight_kg=19000, height_m=3.6, emission_class="Euro 5"))
    assert (noted.weight_kg, noted.height_cm, noted.emission_class, noted.zero_emission) == (19000, 360, 5, False)
    unknown = profile_of(Truck(code="7", emission_class="elektrisch"))
    assert (unknown.weight_kg, unknown.height_cm, unknown.zero_emission) == (26000, 380, True)
