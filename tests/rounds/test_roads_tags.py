"""A truck drives only where signs let it; what is unclear keeps it out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.rounds.roads import DEFAULT, ProfileInvalid, TruckProfile
from vliegwiel.rounds.roads.measures import centimetres, kilograms, kmh
from vliegwiel.rounds.roads.tags import blocks, turn_holds, use

VAN = TruckProfile("bus", weight_kg=3000, axle_kg=1800, height_cm=240, width_cm=200, length_cm=600)
RESIDENTIAL = {"highway": "residential"}


def ways(tags: dict[str, str], truck: TruckProfile = DEFAULT) -> str:
    """Which ways a truck may go: `both`, `on`, `back` or `no`; `~` before it: only to be there."""
    found = use({**RESIDENTIAL, **tags}, truck)
    if found is None:
        return "no"
    way = {(True, True): "both", (True, False): "on", (False, True): "back"}[found.forward > 0, found.backward > 0]
    return f"~{way}" if found.local else way


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, "both"),
        ({"highway": "footway"}, "no"),
        ({"highway": "pedestrian"}, "no"),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, "~both"),
        ({"highway": "track", "tracktype": "grade3"}, "no"),
        ({"highway": "service", "service": "driveway"}, "~both"),
        ({"highway": "service", "service": "emergency_access"}, "no"),
        ({"area": "yes", "highway": "service"}, "no"),
        ({"access": "no"}, "no"),
        ({"access": "private"}, "no"),
        ({"access": "no", "motor_vehicle": "yes"}, "both"),
        ({"motor_vehicle": "destination"}, "~both"),
        ({"hgv": "no"}, "no"),
        ({"goods": "no"}, "both"),
        ({"hgv": "no", "hgv:conditional": "yes @ (weight<=30)"}, "both"),
        ({"hgv:conditional": "no @ (weight>7.5)"}, "no"),
        ({"hgv:conditional": "no @ (weight>30)"}, "both"),
        ({"hgv:conditional": "no @ (Mo-Fr 07:00-09:00)"}, "~both"),
        ({"hgv:conditional": "destination @ (length>8)"}, "~both"),
        ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (06:00-11:00)"}, "~both"),
        ({"hgv:backward": "no"}, "on"),
        ({"oneway": "yes"}, "on"),
        ({"oneway": "-1"}, "back"),
        ({"oneway": "no", "junction": "roundabout"}, "both"),
        ({"junction": "roundabout"}, "on"),
        ({"oneway": "reversible"}, "no"),
        ({"highway": "motorway"}, "on"),
        ({"maxweight": "3.5"}, "no"),
        ({"maxweight": "3.5 t", "maxweight:conditional": "none @ destination"}, "~both"),
        ({"maxweight": "30"}, "both"),
        ({"maxweight": "unsigned"}, "both"),
        ({"maxweightrating:hgv": "7,5"}, "no"),
        ({"maxaxleload": "8"}, "no"),
        ({"maxheight": "3.5"}, "no"),
        ({"maxheight": "default"}, "both"),
        ({"maxheight": "12'6\""}, "both"),
        ({"maxheight": "12'4\""}, "no"),
        ({"maxwidth": "2.5"}, "no"),
        ({"maxlength:conditional": "8 @ (Mo-Fr)"}, "no"),
    ],
)
def test_a_truck_of_26_tonnes_drives_where_it_may(tags: dict[str, str], expected: str) -> None:
    assert ways(tags) == expected


def test_what_is_closed_to_lorries_or_too_low_for_them_is_open_to_a_van() -> None:
    for tags in ({"hgv": "no"}, {"maxweight": "3.5"}, {"maxheight": "3.5"}, {"hgv:conditional": "no @ (weight>7.5)"}):
        assert (ways(tags), ways(tags, VAN)) == ("no", "both")
    assert ways({"goods": "no"}, VAN) == "no"


def test_an_exemption_for_pedestrian_areas_opens_them_at_walking_pace_to_be_there_only() -> None:
    exempt = replace(DEFAULT, pedestrian=True)
    found = use({"highway": "pedestrian"}, exempt)
    assert found is not None
    assert found.local
    assert found.forward <= 8
    assert ways({"highway": "pedestrian", "maxweight": "3.5"}, exempt) == "no"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"maxspeed": "30"}, 30), ({"maxspeed": "20 mph"}, 32.19), ({"maxspeed": "NL:urban"}, 50), ({"maxspeed": "NL:30"}, 30),
        ({"maxspeed": "walk"}, 8), ({"maxspeed": "none", "highway": "motorway"}, 80), ({"maxspeed": "130"}, 80), ({}, 30),
        ({"maxspeed": "50", "maxspeed:hgv": "30"}, 30), ({"maxspeed": "50", "maxspeed:forward": "40"}, 40),
        ({"maxspeed": "50", "highway": "service", "service": "alley"}, 10),
    ],
)  # fmt: skip
def test_the_speed_is_a_share_of_the_limit_and_never_over_80(tags: dict[str, str], expected: float) -> None:
    found = use({**RESIDENTIAL, **tags}, DEFAULT)
    assert found is not None
    assert found.forward == pytest.approx(expected * DEFAULT.flow, abs=0.01)


def test_a_truck_does_not_stop_on_a_motorway_or_in_a_tunnel() -> None:
    for tags, stops in (
        ({}, True),
        ({"highway": "motorway"}, False),
        ({"tunnel": "yes"}, False),
        ({"layer": "-1"}, False),
    ):
        found = use({**RESIDENTIAL, **tags}, DEFAULT)
        assert found is not None
        assert found.stops is stops


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"barrier": "bollard"}, True), ({"barrier": "bollard", "hgv": "yes"}, False), ({"barrier": "gate"}, True),
        ({"barrier": "gate", "access": "yes"}, False), ({"barrier": "gate", "locked": "no"}, False), ({"barrier": "kerb"}, False),
        ({"barrier": "height_restrictor", "maxheight": "2.1"}, True), ({"barrier": "height_restrictor"}, False),
        ({"highway": "traffic_signals"}, False), ({"traffic_sign": "NL:C19", "maxheight": "2.1"}, False),
        ({"barrier": "lift_gate", "access": "private"}, True),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_keeps_the_truck_out_unless_it_is_let_through(
    tags: dict[str, str], expected: bool
) -> None:
    assert blocks(tags, DEFAULT) is expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"restriction": "no_left_turn"}, "no"), ({"restriction": "only_straight_on"}, "only"),
        ({"restriction": "no_left_turn", "except": "psv;hgv"}, None),
        ({"restriction": "no_left_turn", "except": "bicycle"}, "no"),
        ({"restriction:hgv": "no_right_turn"}, "no"), ({"restriction:goods": "no_right_turn"}, None),
        ({"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, "no"),
        ({"restriction:conditional": "no_left_turn @ (weight>30)"}, None), ({"restriction": "give_way"}, None), ({}, None),
    ],
)  # fmt: skip
def test_a_turn_restriction_holds_for_whom_it_names(tags: dict[str, str], expected: str | None) -> None:
    assert turn_holds(tags, DEFAULT) == expected


def test_figures_on_signs_are_read_in_all_their_units() -> None:
    assert (kilograms("3.5"), kilograms("3,5 t"), kilograms("3500 kg"), kilograms("7 st")) == (
        3500,
        3500,
        3500,
        6350.295,
    )
    assert (centimetres("3.8"), centimetres("3.8 m"), centimetres("380 cm")) == (380, 380, 380)
    assert centimetres("12'6\"") == pytest.approx(381, abs=0.1)
    assert (kmh("50"), kmh("none"), kmh("0"), kmh("signals"), kilograms("below"), centimetres("")) == (50, *[None] * 5)


keys = st.sampled_from([
    "highway", "access", "hgv", "hgv:conditional", "motor_vehicle:conditional", "maxweight", "maxheight", "maxweight:conditional",
    "oneway", "maxspeed", "barrier", "restriction", "restriction:conditional", "except", "layer", "service", "tunnel",
])  # fmt: skip
values = st.text(max_size=40) | st.text("@();<>= 0123456789.ANDweighto\"'", max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(keys, values))
def test_whatever_mappers_write_is_read_without_a_crash(tags: dict[str, str]) -> None:
    found = use({**RESIDENTIAL, **tags}, DEFAULT)
    assert found is None or max(found.forward, found.backward) > 0
    assert blocks(tags, DEFAULT) in (True, False)
    assert turn_holds(tags, DEFAULT) in ("no", "only", None)


def test_a_truck_that_cannot_be_is_refused_and_names_do_not_matter_to_the_roads() -> None:
    with pytest.raises(ProfileInvalid):
        TruckProfile(height_cm=0)
    assert replace(DEFAULT, key="anders").digest == DEFAULT.digest != VAN.digest
