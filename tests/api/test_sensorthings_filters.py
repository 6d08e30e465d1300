"""Filters: every operator and function of the standard, and what null does (OGC 18-088, 9.3.3.5; OData 4.0 part 2, 5.1.1)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.api.service import LEVEL, SENSOR, Service, feature, link, place, point, stream, thing
from vliegwiel.base.clock import set_to

MORNING = "2026-11-01T06:00:00Z"


@pytest.fixture
def district(service: Service) -> Service:
    """Three things; C1 and C2 have a datastream, C1 with five observations."""
    sensor, level = service.post("Sensors", SENSOR), service.post("ObservedProperties", LEVEL)
    observations = [
        {"phenomenonTime": MORNING, "result": 20, "resultTime": "2026-11-01T06:00:05.250Z", "parameters": {"a": 1}},
        {"phenomenonTime": "2026-11-01T07:00:00Z/2026-11-01T09:00:00Z", "result": -4.5},
        {"phenomenonTime": "2026-11-02T12:30:00Z", "result": "vol", "resultQuality": "twijfel"},
        {"phenomenonTime": "2026-12-03T23:59:59Z", "result": True, "validTime": f"{MORNING}/2026-11-02T06:00:00Z"},
        {"phenomenonTime": "2026-12-04T00:00:00Z", "result": {"diep": {"er": 7}}},
    ]
    more = {"Sensor": link(sensor), "ObservedProperty": link(level)}
    first = stream("vulgraad", Observations=observations, **more)
    service.post("Things", thing("C1", properties={"liters": 5000, "soort": "rest", "o'tje": "x"}, Datastreams=[first]))
    service.post("Things", thing("c2", properties={"liters": "veel"}, Datastreams=[stream("vulgraad 2", **more)]))
    service.post("Things", thing(" C3 "))
    return service


ON_THINGS = (
    ("name eq 'C1'", "C1"),
    ("name ne 'C1'", "c2, C3"),
    ("'C1' eq name", "C1"),
    ("name gt 'C' and name lt 'D'", "C1"),
    ("name in ('C1', 'c2')", "C1,c2"),
    ("not name eq 'C1'", "c2, C3"),
    ("not (name eq 'C1' or name eq 'c2')", " C3"),
    ("name eq 'C1' or name eq 'c2' and false", "C1"),
    ("(name eq 'C1' or name eq 'c2') and false", ""),
    ("substringof('1', name)", "C1"),
    ("contains(name, '1')", "C1"),
    ("startswith(tolower(trim(name)), 'c')", "C1,c2, C3"),
    ("endswith(name, '2')", "c2"),
    ("length(name) eq 2", "C1,c2"),
    ("indexof(name, 'C') eq 1", " C3"),
    ("substring(name, 1) eq '1'", "C1"),
    ("substring(name, 0, 1) eq 'c'", "c2"),
    ("toupper(name) eq 'C2'", "c2"),
    ("concat(name, description) eq 'C1Container C1'", "C1"),
    ("properties/liters eq 5000", "C1"),
    ("properties/liters gt 4999.5", "C1"),
    ("properties/liters eq 'veel'", "c2"),
    ("properties/liters ne 5000", "c2, C3"),
    ("properties/liters div 2 sub 1 eq 2499", "C1"),
    ("properties/nergens eq null", "C1,c2, C3"),
    ("properties eq null", " C3"),
    ("properties/soort ne null", "C1"),
    ("Datastreams/name eq 'vulgraad'", "C1"),
    ("Datastreams/ObservedProperty/name eq 'vulgraad' and Datastreams/name eq 'vulgraad 2'", "c2"),
    ("Datastreams/Observations/result lt 0", "C1"),
    ("Datastreams/Observations/result lt 0 or name eq 'c2'", "C1,c2"),
    ("Datastreams/id eq null", " C3"),
    ("not (Datastreams/Observations/result ne null)", "c2, C3"),
    ("Datastreams/unitOfMeasurement/symbol eq '%' and name eq 'c2'", "c2"),
    ("id eq 'geen id'", ""),
    ("id ne 'geen id' and name eq 'c2'", "c2"),
    ("name eq 'O''Brien'", ""),
    ("true", "C1,c2, C3"),
    ("null eq null and name eq 'C1'", "C1"),
    ("description gt null", ""),
)  # fmt: skip


def test_filters_on_things(district: Service) -> None:
    for filter_, names in ON_THINGS:
        found = [one.rstrip() for one in district.names(f"Things?$filter={filter_}")]
        assert found == (names.split(",") if names else []), filter_


ON_OBSERVATIONS: tuple[tuple[str, list[object]], ...] = (
    ("result eq 20", [20]),
    ("result ge -4.5 and result le 20", [20, -4.5]),
    ("result eq 'vol'", ["vol"]),
    ("result eq true", [True]),
    ("result", [True]),
    ("result/diep/er eq 7", [{"diep": {"er": 7}}]),
    ("result ne 20", [-4.5, "vol", True, {"diep": {"er": 7}}]),
    ("result add 5 eq 25", [20]),
    ("result mul 2 eq 40", [20]),
    ("result mod 6 eq 2", [20]),
    ("result div 0 eq 1", []),
    ("-result gt 4", [-4.5]),
    ("round(result) eq -5", [-4.5]),
    ("floor(result) eq -5", [-4.5]),
    ("ceiling(result) eq -4", [-4.5]),
    ("phenomenonTime eq 2026-11-01T06:00:00Z", [20]),
    ("phenomenonTime eq 2026-11-01T07:00:00+01:00", [20]),
    ("phenomenonTime lt 2026-11-01T08:00:00Z", [20]),
    ("phenomenonTime gt 2026-12-01T00:00:00Z", [True, {"diep": {"er": 7}}]),
    ("phenomenonTime ge 2026-12-04", [{"diep": {"er": 7}}]),
    ("phenomenonTime gt 2026-11-01T06:00:00Z/2026-11-02T12:00:00Z", ["vol", True, {"diep": {"er": 7}}]),
    ("phenomenonTime eq 2026-11-01T07:00:00Z/2026-11-01T09:00:00Z", [-4.5]),
    ("phenomenonTime ge 2026-11-01T06:00:00Z add duration'P1D'", ["vol", True, {"diep": {"er": 7}}]),
    ("resultTime ne null", [20]),
    ("resultTime sub phenomenonTime gt duration'PT5S'", [20]),
    ("fractionalseconds(resultTime) eq 0.25", [20]),
    ("second(resultTime) eq 5", [20]),
    ("year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 12 and day(phenomenonTime) eq 4", [{"diep": {"er": 7}}]),
    ("hour(phenomenonTime) eq 12 and minute(phenomenonTime) eq 30", ["vol"]),
    ("date(phenomenonTime) eq 2026-11-02", ["vol"]),
    ("time(phenomenonTime) gt 23:00:00", [True]),
    ("totaloffsetminutes(resultTime) eq 0", [20]),
    ("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime() and result eq 20", [20]),
    ("phenomenonTime gt now()", [True, {"diep": {"er": 7}}]),
    ("validTime ge 2026-11-01T00:00:00Z", [True]),
    ("resultQuality eq 'twijfel'", ["vol"]),
    ("parameters/a eq 1", [20]),
    ("Datastream/Thing/name eq 'C1' and result lt 0", [-4.5]),
    ("Datastream/Thing/id ne null and Datastream/Thing/Datastreams/name eq 'vulgraad' and result eq 20", [20]),
    ("FeatureOfInterest/id eq null and result eq 20", [20]),
)  # fmt: skip


def test_filters_on_observations(district: Service) -> None:
    with set_to(datetime(2026, 11, 20, tzinfo=UTC)):
        for filter_, results in ON_OBSERVATIONS:
            assert district.results(f"Observations?$filter={filter_}") == results, filter_


def test_an_unescaped_plus_in_a_time_zone_is_read_as_meant(district: Service) -> None:
    assert district.results("Observations?$filter=phenomenonTime%20eq%202026-11-01T07:00:00+01:00") == [20]


def test_orderings_follow_expressions_and_relations(district: Service) -> None:
    assert district.names("Things?$orderby=length(name) desc,name") == [" C3 ", "C1", "c2"]
    assert district.names("Datastreams?$orderby=Thing/name desc") == ["vulgraad 2", "vulgraad"]
    assert district.results("Observations?$orderby=phenomenonTime desc&$top=2") == [{"diep": {"er": 7}}, True]
    assert district.results("Observations?$filter=result lt 100&$orderby=result") == [-4.5, 20]


def geography(text: str) -> str:
    return f"geography'{text}'"


SQUARE = geography("POLYGON((7.5 51.5, 7.5 53.5, 8.5 53.5, 8.5 51.5, 7.5 51.5))")
SHAPES = [
    point(8, 51),
    point(8, 52),
    point(8, 53),
    point(8, 54),
    {"type": "Polygon", "coordinates": [[[8, 53], [7, 52], [7, 53], [8, 53]]]},
    {"type": "LineString", "coordinates": [[5, 52], [5, 53]]},
    {"type": "LineString", "coordinates": [[5, 52], [6, 53]]},
    {"type": "LineString", "coordinates": [[4, 52], [8, 52]]},
]


ON_SHAPES = (
    (f"geo.distance(SHAPE, {geography('POINT(8 54.1)')}) lt 1", "3"),
    (f"geo.distance(SHAPE, {geography('POINT(8 54.1)')}) gt 1", "0124567"),
    (f"geo.distance(SHAPE, {geography('POINT(8 54.1)')}) add 1 lt 2", "3"),
    (f"geo.intersects(SHAPE, {geography('LINESTRING(7.5 51, 7.5 54)')})", "47"),
    ("geo.length(SHAPE) gt 1", "67"),
    ("geo.length(SHAPE) eq 1", "5"),
    ("geo.length(SHAPE) ne 1", "0123467"),
    ("geo.length(SHAPE) le 4", "01234567"),
    (f"st_contains({SQUARE}, SHAPE)", "12"),
    (f"st_crosses({geography('LINESTRING(7.5 51.5, 7.5 53.5)')}, SHAPE)", "47"),
    (f"st_disjoint({SQUARE}, SHAPE)", "0356"),
    (f"st_equals(SHAPE, {geography('POINT(8 53)')})", "2"),
    (f"st_intersects(SHAPE, {geography('LINESTRING(7.5 51, 7.5 54)')})", "47"),
    (f"st_overlaps({SQUARE}, SHAPE)", "4"),
    (f"st_relate({SQUARE}, SHAPE, 'T********')", "1247"),
    (f"st_touches({geography('POLYGON((8 53, 7.5 54.5, 8.5 54.5, 8 53))')}, SHAPE)", "24"),
    (f"st_within({geography('POINT(7.5 52.75)')}, SHAPE)", "4"),
    (f"not st_disjoint({SQUARE}, SHAPE) and name ne '4'", "127"),
)  # fmt: skip


def test_filters_of_shape_answer_as_the_conformance_suite_expects(service: Service) -> None:
    """Shapes and answers are those of the public test suite of the standard (ets-sta10, GeoTests)."""
    for number, shape in enumerate(SHAPES):
        service.post("Locations", place(str(number), shape))
        service.post("FeaturesOfInterest", feature(str(number), shape))
    for filter_, expected in ON_SHAPES:
        for address in (
            f"Locations?$filter={filter_.replace('SHAPE', 'location')}",
            f"FeaturesOfInterest?$filter={filter_.replace('SHAPE', 'feature')}",
        ):
            assert "".join(service.names(address)) == expected, address


def test_things_are_found_by_where_they_stand(service: Service) -> None:
    for name, lon in (("C1", 8.0), ("C2", 9.0)):
        service.post("Things", thing(name, Locations=[place(name, point(lon, 52))]))
    service.post("Things", thing("C3"))
    assert service.names(f"Things?$filter=st_within(Locations/location, {SQUARE})") == ["C1"]
    nearest = f"geo.distance(location, {geography('POINT(9.1 52)')})"
    assert service.names(f"Locations?$orderby={nearest}") == ["C2", "C1"]
    assert service.names("Things?$filter=Locations/location/coordinates/0 eq 9") == ["C2"]
