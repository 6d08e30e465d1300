"""Reading through the SensorThings API: paths, options, links (OGC 18-088, chapter 9)."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.service import LEVEL, SENSOR, Service, link, place, point, stream, thing, whole


def test_the_root_names_the_eight_sets_and_what_of_the_standard_holds(service: Service) -> None:
    found = service.get("")
    assert [one["name"] for one in found["value"]] == [
        "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
        "FeaturesOfInterest",
    ]  # fmt: skip
    assert found["value"][0]["url"] == "http://leiden.localhost/sensorthings/v1.1/Things"
    assert (
        "http://www.opengis.net/spec/iot_sensing/1.1/req/data-array/data-array"
        in found["serverSettings"]["conformance"]
    )


def test_a_whole_tree_goes_in_at_once_and_comes_back_expanded(service: Service) -> None:
    key = service.post("Things", whole())
    found = service.get(
        f"Things('{key}')?$expand=Locations,Datastreams/Sensor,"
        "Datastreams($expand=Observations($orderby=result desc;$expand=FeatureOfInterest))"
    )
    assert found["@iot.selfLink"] == f"http://leiden.localhost/sensorthings/v1.1/Things('{key}')"
    assert found["properties"] == {"soort": "rest", "liters": 5000, "verdiept": True}
    assert found["Locations"][0]["location"] == {"type": "Point", "coordinates": [4.49, 52.16]}
    (datastream,) = found["Datastreams"]
    assert datastream["unitOfMeasurement"]["symbol"] == "%"
    assert datastream["phenomenonTime"] == "2026-11-01T06:00:00Z/2026-11-01T12:00:00Z"
    assert datastream["Sensor"]["name"] == "Ultrasoon"
    assert [one["result"] for one in datastream["Observations"]] == [62.5, 20]
    assert datastream["Observations"][0]["FeatureOfInterest"]["name"] == "plek C1"
    assert found["HistoricalLocations@iot.navigationLink"].endswith(f"Things('{key}')/HistoricalLocations")


def test_paths_lead_along_relations_as_deep_as_they_go(service: Service) -> None:
    key = service.post("Things", whole())
    (datastream,) = service.get(f"Things('{key}')/Datastreams")["value"]
    (first, _) = service.get(f"Things('{key}')/Datastreams('{datastream['@iot.id']}')/Observations")["value"]
    deep = f"Observations('{first['@iot.id']}')/Datastream/Thing/Locations"
    assert service.names(deep) == ["plek C1"]
    assert service.names(f"{deep}('{service.get(deep)['value'][0]['@iot.id']}')/Things") == ["C1"]
    assert service.get(f"Observations('{first['@iot.id']}')/FeatureOfInterest/name") == {"name": "plek C1"}
    assert service.get(f"Observations('{first['@iot.id']}')/FeatureOfInterest/name/$value") == "plek C1"
    about = service.get(f"Observations('{first['@iot.id']}')/FeatureOfInterest")["@iot.id"]
    assert service.results(f"FeaturesOfInterest('{about}')/Observations") == [20, 62.5]
    assert service.get(f"Things('{key}')/properties/liters/$value") == "5000"
    assert service.get(f"Things('{key}')/Datastreams/$ref")["value"] == [{"@iot.selfLink": datastream["@iot.selfLink"]}]
    assert service.get(f"Datastreams('{datastream['@iot.id']}')/Thing/$ref")["@iot.selfLink"].endswith(f"('{key}')")
    assert service.get(f"Things('{key}')/Datastreams/$count") == "1"


def test_a_property_that_is_empty_is_answered_without_content(service: Service) -> None:
    key = service.post("Things", thing())
    service.get(f"Things('{key}')/properties")
    assert service.status == 204
    service.get(f"Things('{key}')/properties/soort")
    assert service.status == 204


def test_what_is_not_there_is_not_found(service: Service) -> None:
    key = service.post("Things", thing())
    other = service.post("Things", whole("C2"))
    stranger = service.get(f"Things('{other}')/Datastreams")["value"][0]["@iot.id"]
    for address in (
        "Things('01900000-0000-7000-8000-000000000000')",
        "Things('geen-id')",
        "Things(12)",
        "Things('01900000-0000-7000-8000-000000000000')/Datastreams",
        f"Things('{key}')/Datastreams('{stranger}')",
        f"Things('{key}')/Datastreams('{stranger}')/Observations",
        f"Things('{key}')/nietsvandatal",
        "Dingen",
        "Things('a'/Datastreams",
        "Observations('01900000-0000-7000-8000-000000000000')",
    ):
        found = service.get(address)
        assert service.status == 404, address
        assert found["code"] == "not_found"
    assert service.get(f"Things('{key}')/Datastreams") == {"value": []}


def test_a_question_that_makes_no_sense_is_refused_and_says_what_does(service: Service) -> None:
    service.post("Things", whole())
    for address, says in {
        "Things?$filter=naam eq 'x'": "Wel: id, name, description, properties",
        "Things?$filter=name eq": "hier hoort een waarde",
        "Things?$filter=name gt 5": "niet te vergelijken",
        "Things?$filter=name": "geen ja of nee",
        "Things?$filter=Locations": "is een relatie",
        "Things?$filter=nietbestaand(name)": "bestaat niet",
        "Things?$filter=length(name, name) eq 1": "1 keer invoer",
        "Things?$orderby=Datastreams/name": "één ding",
        "Things?$top=-1": "geheel getal",
        "Things?$top=een": "geheel getal",
        "Things?$count=misschien": "true of false",
        "Things?$expand=Sensor": "Wel: Locations",
        "Things?$select=naam": "Wel: id, name",
        "Things?$zoek=x": "kent de standaard niet",
        "Things?$top=1&$top=2": "twee keer",
        "Things?$skiptoken='onzin'": "geen $skiptoken",
        "Things/Datastreams": "Kies eerst één",
        "Locations?$filter=location eq 5": "functie",
        "Locations?$filter=st_within(location, 5)": "geography",
        "Locations?$filter=st_within(location, geography'KRING(1 2)')": "niet te lezen",
        "Observations?$filter=result gt 1e999": "te groot",
        "Observations?$filter=result mul 1e299 mul 1e299 gt 1": "te groot",
    }.items():
        found = service.get(address)
        assert service.status == 400, (address, found)
        assert says in found["detail"], (address, found["detail"])


def test_pages_follow_each_other_until_all_were_seen_once(service: Service) -> None:
    for number in range(7):
        service.post("Things", thing(f"C{number}", properties={"n": number % 3}))
    for order in ("", "&$orderby=name desc", "&$orderby=properties/n desc,name", "&$orderby=description"):
        seen: list[str] = []
        address = f"Things?$top=3&$count=true{order}"
        while address:
            page = service.get(address)
            assert page["@iot.count"] == 7
            seen += [one["name"] for one in page["value"]]
            address = page.get("@iot.nextLink", "")
        assert sorted(seen) == [f"C{number}" for number in range(7)], order
    assert seen == sorted(seen)


def test_expanded_sets_have_pages_of_their_own(service: Service) -> None:
    key = service.post("Things", whole())
    found = service.get(
        f"Things('{key}')?$expand=Datastreams($expand=Observations($top=1;$count=true;$filter=result gt 1))"
    )
    inner = found["Datastreams"][0]
    assert [one["result"] for one in inner["Observations"]] == [20]
    assert inner["Observations@iot.count"] == 2
    rest = service.get(inner["Observations@iot.nextLink"])
    assert [one["result"] for one in rest["value"]] == [62.5]
    assert "@iot.nextLink" not in rest


def test_only_what_was_selected_comes(service: Service) -> None:
    service.post("Things", whole())
    (found,) = service.get("Things?$select=name,Datastreams&$expand=Locations($select=id)")["value"]
    assert set(found) == {"name", "Datastreams@iot.navigationLink", "Locations"}
    assert set(found["Locations"][0]) == {"@iot.id", "@iot.selfLink"}


def test_observations_come_as_rows_of_values(service: Service) -> None:
    service.post("Things", whole())
    found = service.get("Observations?$resultFormat=dataArray&$count=true")
    (group,) = found["value"]
    assert found["@iot.count"] == 2
    assert group["components"] == ["id", "phenomenonTime", "resultTime", "result"]
    assert [row[1:] for row in group["dataArray"]] == [
        ["2026-11-01T06:00:00Z", None, 20], ["2026-11-01T12:00:00Z", None, 62.5]
    ]  # fmt: skip
    assert service.get(group["Datastream@iot.navigationLink"])["name"] == "vulgraad van C1"
    short = service.get("Observations?$resultFormat=dataArray&$select=result&$top=1")
    assert short["value"][0]["dataArray"] == [[20]]
    assert service.get(short["@iot.nextLink"])["value"][0]["dataArray"] == [[62.5]]


def test_how_many_statements_a_question_takes_does_not_depend_on_how_much_there_is(
    service: Service,
) -> None:
    address = "Things?$count=true&$expand=Locations,Datastreams($count=true;$expand=Observations($top=1),Sensor,ObservedProperty)"
    service.post("Things", whole("C1"))
    counts = []
    for extra in range(3):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            service.get(address)
        counts.append(len(captured))
        for number in range(4):
            service.post("Things", whole(f"D{extra}{number}"))
    assert len(set(counts)) == 1


def test_things_that_share_a_sensor_are_written_out_in_full(service: Service) -> None:
    sensor, level = service.post("Sensors", SENSOR), service.post("ObservedProperties", LEVEL)
    for name in ("C1", "C2"):
        datastream = stream(Sensor=link(sensor), ObservedProperty=link(level))
        service.post("Things", thing(name, Datastreams=[datastream], Locations=[place("p", point(4, 52))]))
    found = service.get("Datastreams?$expand=Sensor,Thing")["value"]
    assert [(one["Sensor"]["name"], one["Thing"]["name"]) for one in found] == [
        ("Ultrasoon", "C1"),
        ("Ultrasoon", "C2"),
    ]
