"""Making, changing and removing through the SensorThings API (OGC 18-088, chapters 10 and 12)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.service import LEVEL, SENSOR, Service, feature, link, place, point, stream, thing, whole
from vliegwiel.base.clock import set_to


def only(found: Any) -> Any:
    (one,) = found["value"]
    return one


@pytest.fixture
def datastream(service: Service) -> str:
    """The id of a datastream of a thing with a place, without observations."""
    key = service.post("Things", thing(Locations=[place("plek", point(4.49, 52.16))]))
    return service.post(f"Things('{key}')/Datastreams", stream(Sensor=SENSOR, ObservedProperty=LEVEL))


def test_what_was_made_is_at_the_address_that_came_back(service: Service) -> None:
    for name, body in {
        "Things": thing(),
        "Locations": place("plek", point(4, 52)),
        "Sensors": SENSOR,
        "ObservedProperties": LEVEL,
        "FeaturesOfInterest": feature("plek", point(4, 52)),
    }.items():
        key = service.post(name, body)
        assert service.headers["Location"] == f"http://leiden.localhost/sensorthings/v1.1/{name}('{key}')"
        found = service.get(service.headers["Location"])
        assert {name: found[name] for name in body} == body


def test_a_result_keeps_its_kind(service: Service, datastream: str) -> None:
    results = [1, 1.5, 0, -0.25, "vol", "", True, False, {"a": [1, None]}, [1, 2], 12345678901234567]
    for result in results:
        key = service.post(f"Datastreams('{datastream}')/Observations", {"result": result})
        assert service.get(f"Observations('{key}')")["result"] == result
        assert type(service.get(f"Observations('{key}')/result")["result"]) is type(result)


def test_an_observation_without_a_moment_is_of_now_and_about_where_its_thing_is(
    service: Service, datastream: str
) -> None:
    with set_to(datetime(2026, 11, 20, 8, 30, tzinfo=UTC)):
        key = service.post("Observations", {"result": 5, "Datastream": link(datastream)})
    found = service.get(f"Observations('{key}')?$expand=FeatureOfInterest")
    assert found["phenomenonTime"] == "2026-11-20T08:30:00Z"
    assert found["FeatureOfInterest"]["feature"] == point(4.49, 52.16)


def test_a_thing_that_moves_leaves_its_history_and_older_observations_where_they_were(
    service: Service, datastream: str
) -> None:
    first = service.post(f"Datastreams('{datastream}')/Observations", {"result": 1})
    key = service.get(f"Datastreams('{datastream}')/Thing")["@iot.id"]
    service.post(f"Things('{key}')/Locations", place("nieuwe plek", point(5, 53)))
    second = service.post(f"Datastreams('{datastream}')/Observations", {"result": 2})
    assert service.names(f"Things('{key}')/Locations") == ["nieuwe plek"]
    history = service.get(f"Things('{key}')/HistoricalLocations?$expand=Locations&$orderby=time desc")["value"]
    assert [one["Locations"][0]["name"] for one in history] == ["nieuwe plek", "plek"]
    assert service.get(f"Observations('{first}')/FeatureOfInterest/name")["name"] == "plek"
    assert service.get(f"Observations('{second}')/FeatureOfInterest/name")["name"] == "nieuwe plek"
    about = service.get(f"Observations('{second}')/FeatureOfInterest")["@iot.id"]
    assert service.results(f"FeaturesOfInterest('{about}')/Observations") == [2]


def test_a_history_made_by_hand_moves_the_thing_only_when_it_is_the_latest(service: Service) -> None:
    key = service.post("Things", thing(Locations=[place("nu", point(4, 52))]))
    old = service.post("Locations", place("vroeger", point(4, 51)))
    service.post("HistoricalLocations", {"time": "2001-01-01T00:00:00Z", "Thing": link(key), "Locations": [link(old)]})
    assert service.names(f"Things('{key}')/Locations") == ["nu"]
    service.post(f"Things('{key}')/HistoricalLocations", {"time": "2099-01-01T00:00:00Z", "Locations": [link(old)]})
    assert service.names(f"Things('{key}')/Locations") == ["vroeger"]
    assert len(service.get(f"Locations('{old}')/HistoricalLocations")["value"]) == 2


def test_a_location_posted_with_its_things_places_them(service: Service) -> None:
    keys = [service.post("Things", thing(name)) for name in ("C1", "C2")]
    service.post("Locations", place("samen", point(4, 52), Things=[link(key) for key in keys]))
    for key in keys:
        assert service.names(f"Things('{key}')/Locations") == ["samen"]
        assert only(service.get(f"Things('{key}')/HistoricalLocations"))["time"]


def test_a_change_touches_only_what_it_names(service: Service) -> None:
    key = service.post("Things", whole())
    service.call("PATCH", f"Things('{key}')", {"description": "Bij de brug", "properties": {"a": 1}})
    assert service.status == 200
    found = service.get(f"Things('{key}')")
    assert (found["name"], found["description"], found["properties"]) == ("C1", "Bij de brug", {"a": 1})
    assert len(service.get(f"Things('{key}')/Datastreams")["value"]) == 1
    service.call("PUT", f"Things('{key}')", {"name": "C9", "description": "Nieuw"})
    assert "properties" not in service.get(f"Things('{key}')")
    service.call("PUT", f"Things('{key}')", {"name": "C9"})
    assert service.status == 400


def test_a_json_patch_changes_what_it_names(service: Service) -> None:
    key = service.post("Things", thing(properties={"a": 1, "b": 2}))
    kind = "application/json-patch+json"
    steps = [
        {"op": "replace", "path": "/name", "value": "C2"},
        {"op": "remove", "path": "/properties/a"},
        {"op": "add", "path": "/properties/c", "value": [3]},
    ]
    service.call("PATCH", f"Things('{key}')", steps, kind)
    assert service.status == 200
    found = service.get(f"Things('{key}')")
    assert (found["name"], found["properties"]) == ("C2", {"b": 2, "c": [3]})
    for bad in ([{"op": "test", "path": "/name", "value": "iets anders"}], [{"op": "remove", "path": "/x/y"}], [5], {}):
        service.call("PATCH", f"Things('{key}')", bad, kind)
        assert service.status == 400, bad


def test_relations_change_by_a_link(service: Service, datastream: str) -> None:
    sensor = service.post("Sensors", {**SENSOR, "name": "Radar"})
    service.call("PATCH", f"Datastreams('{datastream}')", {"Sensor": link(sensor)})
    assert service.get(f"Datastreams('{datastream}')/Sensor/name")["name"] == "Radar"
    location = service.post("Locations", place("elders", point(4, 50)))
    key = service.get(f"Datastreams('{datastream}')/Thing")["@iot.id"]
    service.call("PATCH", f"Things('{key}')", {"Locations": [link(location)]})
    assert service.names(f"Things('{key}')/Locations") == ["elders"]
    service.call("PATCH", f"Things('{key}')", {"Locations": [place("nieuw", point(1, 1))]})
    assert service.status == 400


def test_an_observation_changes_and_moves_in_time(service: Service, datastream: str) -> None:
    key = service.post(
        f"Datastreams('{datastream}')/Observations", {"phenomenonTime": "2026-11-01T06:00:00Z", "result": 5}
    )
    service.call("PATCH", f"Observations('{key}')", {"phenomenonTime": "2025-03-01T06:00:00Z", "parameters": {"p": 1}})
    found = service.get(f"Observations('{key}')")
    assert (found["phenomenonTime"], found["result"], found["parameters"]) == ("2025-03-01T06:00:00Z", 5, {"p": 1})
    assert service.get(f"Datastreams('{datastream}')")["phenomenonTime"].startswith("2025-03-01T06:00:00Z/2025-03-01")
    service.call("PATCH", f"Observations('{key}')", {"result": "vol"})
    assert service.get(f"Observations('{key}')")["result"] == "vol"
    service.call("DELETE", f"Observations('{key}')")
    assert service.status == 200
    service.get(f"Observations('{key}')")
    assert service.status == 404


def test_what_cannot_be_without_what_is_removed_goes_with_it(service: Service) -> None:
    for removed in ("Things", "Datastreams", "Sensors", "ObservedProperties"):
        service.post("Things", whole())
        key = only(service.get(removed))["@iot.id"]
        service.call("DELETE", f"{removed}('{key}')")
        assert service.status == 200
        assert service.get("Observations/$count") == "0", removed
        assert service.get("Datastreams/$count") == "0", removed
        for rest in (
            "Things",
            "Sensors",
            "ObservedProperties",
            "Locations",
            "FeaturesOfInterest",
            "HistoricalLocations",
        ):
            assert rest == removed or service.get(f"{rest}/$count") == (
                "0" if (rest, removed) == ("HistoricalLocations", "Things") else "1"
            )
        for one in ("Things", "Sensors", "ObservedProperties", "Locations", "FeaturesOfInterest"):
            for other in service.get(one)["value"]:
                service.call("DELETE", f"{one}('{other['@iot.id']}')")
    assert service.get("HistoricalLocations/$count") == "0"


def test_what_does_not_fit_the_model_is_refused_with_the_name_of_what_is_wrong(
    service: Service, datastream: str
) -> None:
    gone = link("01900000-0000-7000-8000-000000000000")
    full = {"result": 1, "Datastream": link(datastream)}
    for address, body, name in (
        ("Things", {"name": "C1"}, "description"),
        ("Things", {"name": 5, "description": ""}, "name"),
        ("Things", {"name": "x" * 201, "description": ""}, "name"),
        ("Things", {"name": "nul \x00", "description": ""}, "name"),
        ("Things", thing(properties=[1]), "properties"),
        ("Things", thing(properties={"diep": [{"nul": "\x00"}]}), "properties"),
        ("Things", thing(kleur="groen"), "kleur"),
        ("Things", thing(Datastreams={}), "Datastreams"),
        ("Things", thing(Locations=[gone]), "Locations"),
        ("Things", thing(Datastreams=[stream(Sensor=gone, ObservedProperty=LEVEL)]), "Sensor"),
        ("Datastreams", stream(), "Thing"),
        ("Datastreams", stream(unitOfMeasurement=5), "unitOfMeasurement"),
        ("Locations", place("x", {"type": "Kring"}), "location"),
        ("Locations", place("x", point(400, 52)), "location"),
        ("HistoricalLocations", {"time": "gisteren", "Thing": gone, "Locations": []}, "time"),
        ("Observations", {"result": 1}, "Datastream"),
        ("Observations", {"result": 1, "Datastream": gone}, "Datastream"),
        ("Observations", {"Datastream": link(datastream)}, "result"),
        (
            "Observations",
            full | {"phenomenonTime": "2026-13-01T00:00:00Z"},
            "phenomenonTime",
        ),
        (
            "Observations",
            full | {"validTime": "2026-02-01T00:00:00Z/2026-01-01T00:00:00Z"},
            "validTime",
        ),
    ):
        found = service.call("POST", address, body)
        assert service.status == 400, (address, body)
        assert name in [param["name"] for param in found["invalidParams"]], found
    for body in (b"", b"geen json", b"[" * 100_000, b"5", b'{"name": "\xff"}'):
        service.call("POST", "Things", body)
        assert service.status == 400, body[:20]
    service.call("POST", "Things", {}, "text/xml")
    assert service.status == 415
    assert service.get("Things/$count") == "1"


def test_what_fails_halfway_leaves_nothing(service: Service) -> None:
    service.call("POST", "Things", whole() | {"HistoricalLocations": [{"time": "ooit"}]})
    assert service.status == 400
    for name in ("Things", "Locations", "Datastreams", "Sensors", "Observations"):
        assert service.get(f"{name}/$count") == "0"


def test_an_address_that_is_no_set_takes_no_post_and_a_set_no_change(service: Service) -> None:
    key = service.post("Things", thing())
    for method, address in (
        ("POST", f"Things('{key}')"), ("PATCH", "Things"), ("DELETE", "Things"), ("PUT", f"Things('{key}')/name"),
        ("DELETE", f"Things('{key}')/$ref"), ("TRACE", "Things"),
    ):  # fmt: skip
        service.call(method, address, {})
        assert service.status == 405, (method, address)
        assert service.headers["Allow"]


def test_many_observations_go_in_at_once_and_only_wrong_rows_are_refused(service: Service, datastream: str) -> None:
    about = service.post("FeaturesOfInterest", feature("elders", point(1, 1)))
    rows = [[f"2026-11-01T0{hour}:00:00Z", 10 * hour, about] for hour in range(8)]
    rows += [["geen moment", 1, about], ["2026-11-02T00:00:00Z", 1], ["2026-11-02T00:00:00Z", 1, "weg"]]  # type: ignore[list-item]
    body = [
        {
            "Datastream": link(datastream),
            "components": ["phenomenonTime", "result", "FeatureOfInterest/id"],
            "dataArray@iot.count": len(rows),
            "dataArray": rows,
        },
        {"Datastream": link("01900000-0000-7000-8000-000000000000"), "components": ["result"], "dataArray": [[1]]},
    ]
    made = service.call("POST", "CreateObservations", body)
    assert service.status == 201
    assert [one.startswith("error") for one in made] == [False] * 8 + [True] * 4
    assert service.get(made[3])["result"] == 30
    assert service.results(f"FeaturesOfInterest('{about}')/Observations?$orderby=result desc&$top=1") == [70]
    for bad in ({}, [5], [{"Datastream": link(datastream)}], [{"components": ["naam"], "dataArray": []}]):
        service.call("POST", "CreateObservations", bad)
        assert service.status == 400, bad


def test_many_observations_take_as_many_statements_as_one(service: Service, datastream: str) -> None:
    counts = []
    for count in (1, 500):
        rows = [[f"2026-11-01T00:{n // 60:02}:{n % 60:02}Z", n] for n in range(count)]
        body = [{"Datastream": link(datastream), "components": ["phenomenonTime", "result"], "dataArray": rows}]
        with CaptureQueriesContext(connection) as captured:
            service.call("POST", "CreateObservations", body)
        counts.append(sum("pg_notify" not in (one["sql"] or "") for one in captured.captured_queries))
    assert counts[1] <= counts[0]
