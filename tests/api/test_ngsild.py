"""Containers as NGSI-LD: names of the data model, pages, queries, and a level of 0 that stays 0."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.service import HOSTS, LEIDEN, UTRECHT, Service, token
from tests.rounds.sensors import HOUR, PLATFORM, START, container, district, says
from vliegwiel.rounds.actions.containers import place_containers
from vliegwiel.rounds.ingest.storing import store

ROOT = "/ngsi-ld/v1"
DISTANCE = "georel=near;maxDistance==2000&geometry=Point&coordinates=[4.49,52.16]"


class Reader:
    """A program that reads."""

    source: UUID

    def __init__(self, key: str, municipality: str = LEIDEN) -> None:
        self.client = Client(HTTP_HOST=HOSTS[municipality], HTTP_AUTHORIZATION=f"Bearer {key}")
        self.status, self.headers = 0, dict[str, str]()

    def get(self, address: str, **extra: str) -> Any:
        response = self.client.get(f"{ROOT}/{address}", **extra)
        self.status, self.headers = response.status_code, dict(response.headers)
        return msgspec.json.decode(response.content)

    def codes(self, address: str) -> list[str]:
        found = self.get(address)
        assert self.status == 200, found
        return [one["id"].rpartition(":")[2] for one in found]


@pytest.fixture
def reader(db: None) -> Reader:
    """C1 is empty (0 %), C2 full, C3 has a sensor that never spoke, P4 has none and is of paper, far away."""
    made = district(3)
    store(LEIDEN, made.source, [says(0, START, device="E1"), says(100, START, device="E2")])
    place_containers(PLATFORM, [container("P4", fraction="papier", lon=4.6, lat=52.3, address="", district="")])
    found = Reader(token(write=False))
    found.source = made.source
    return found


def test_a_container_has_the_names_of_the_data_model(reader: Reader) -> None:
    (found,) = reader.get("entities?type=WasteContainer&limit=1")
    assert found["id"] == "urn:ngsi-ld:WasteContainer:GM0546:C1"
    assert found["type"] == "WasteContainer"
    assert found["location"] == {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [4.49, 52.16]}}
    assert found["fillingLevel"] == {
        "type": "Property", "value": 0, "observedAt": "2026-11-02T06:00:00Z", "unitCode": "C62"
    }  # fmt: skip
    assert found["binCapacity"] == {"type": "Property", "value": 5000, "unitCode": "LTR"}
    assert found["storedWasteKind"]["value"] == "other"
    assert found["refDevice"]["type"] == "Relationship"
    assert found["address"]["value"]["streetAddress"] == "Breestraat 1"
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in reader.headers["Link"]
    one = reader.get(f"entities/{found['id']}", HTTP_ACCEPT="application/ld+json")
    assert one["@context"][-1] == "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"
    assert reader.headers["Content-Type"] == "application/ld+json"
    simple = reader.get(f"entities/{found['id']}?options=keyValues&attrs=fillingLevel,storedWasteKind")
    assert simple == {"id": found["id"], "type": "WasteContainer", "fillingLevel": 0, "storedWasteKind": "other"}


def test_what_is_not_known_is_left_out(reader: Reader) -> None:
    never, without = reader.get("entities?type=WasteContainer&offset=2")
    assert "fillingLevel" not in never
    assert "refDevice" in never
    assert not {"fillingLevel", "refDevice", "address", "areaServed", "dateLastEmptying"} & set(without)


def test_queries_choose(reader: Reader) -> None:
    for query, codes in {
        "type=WasteContainer": "C1 C2 C3 P4",
        "type=Device": "",
        "id=urn:ngsi-ld:WasteContainer:GM0546:C2,urn:ngsi-ld:WasteContainer:GM0546:P4": "C2 P4",
        "idPattern=urn:ngsi-ld:WasteContainer:GM0546:P.*": "P4",
        "q=fillingLevel": "C1 C2",
        "q=fillingLevel>0.8": "C2",
        "q=fillingLevel==0": "C1",
        'q=storedWasteKind=="paper"|fillingLevel>=1': "C2 P4",
        'q=storedWasteKind!="paper";fillingLevel<0.5': "C1",
        "q=binLoggedTime>2026-11-01T00:00:00Z": "C1 C2",
        "attrs=fillingLevel": "C1 C2",
        DISTANCE: "C1 C2 C3",
        DISTANCE.replace("max", "min"): "P4",
        "georel=within&geometry=Polygon&coordinates=[[[4.5,52.2],[4.7,52.2],[4.7,52.4],[4.5,52.4],[4.5,52.2]]]": "P4",
    }.items():
        assert reader.codes(f"entities?{query}") == codes.split(), query


def test_pages_and_counts(reader: Reader) -> None:
    assert reader.codes("entities?type=WasteContainer&limit=2&offset=1&count=true") == ["C2", "C3"]
    assert reader.headers["NGSILD-Results-Count"] == "4"
    assert 'rel="next"' in reader.headers["Link"]
    assert 'rel="prev"' in reader.headers["Link"]
    assert reader.get("entities?type=WasteContainer&limit=0&count=true") == []
    assert reader.headers["NGSILD-Results-Count"] == "4"


def test_errors_are_those_of_the_standard(reader: Reader) -> None:
    for address, status, name in (
        ("entities", 400, "BadRequestData"),
        ("entities?type=WasteContainer&limit=0", 400, "BadRequestData"),
        ("entities?type=WasteContainer&limit=-1", 400, "BadRequestData"),
        ("entities?type=WasteContainer&limit=5000", 400, "BadRequestData"),
        ("entities?type=WasteContainer&kleur=groen", 400, "BadRequestData"),
        ("entities?q=>>", 400, "BadRequestData"),
        ("entities?q=fillingLevel>1e999", 400, "BadRequestData"),
        ("entities?georel=near;maxDistance==x&geometry=Point&coordinates=[1,2]", 400, "BadRequestData"),
        ("entities?georel=within&geometry=Kring&coordinates=[1,2]", 400, "BadRequestData"),
        ("entities?georel=within&geometry=Polygon&coordinates=" + "[" * 3000, 400, "BadRequestData"),
        ("entities?idPattern=(a%2B)%2B", 400, "BadRequestData"),
        ("entities/urn:ngsi-ld:WasteContainer:GM0546:X", 404, "ResourceNotFound"),
    ):
        found = reader.get(address)
        assert reader.status == status, address
        assert found["type"] == f"https://uri.etsi.org/ngsi-ld/errors/{name}"


def test_only_who_may_read_sees_containers_and_only_of_the_own_municipality(reader: Reader) -> None:
    assert Client(HTTP_HOST=HOSTS[LEIDEN]).get(f"{ROOT}/entities?type=WasteContainer").status_code == 401
    assert Client(HTTP_HOST=HOSTS[LEIDEN]).get(f"{ROOT}/types").status_code == 200
    utrecht = Reader(token(UTRECHT), UTRECHT)
    assert utrecht.get("entities?type=WasteContainer&count=true") == []
    assert utrecht.headers["NGSILD-Results-Count"] == "0"
    utrecht.get("entities/urn:ngsi-ld:WasteContainer:GM0546:C1")
    assert utrecht.status == 404
    reader.client.post(f"{ROOT}/entities", {}, content_type="application/json")
    assert reader.client.post(f"{ROOT}/entities", {}, content_type="application/json").status_code == 405


def test_statements_do_not_grow_with_containers(reader: Reader) -> None:
    counts = []
    for extra in range(2):
        with CaptureQueriesContext(connection) as captured:
            reader.codes("entities?type=WasteContainer&limit=100")
        counts.append(len(captured))
        place_containers(PLATFORM, [container(f"N{extra}{i}") for i in range(5)])
    assert counts[0] == counts[1]


def test_sensor_readings_and_containers_are_one_thing_in_both_services(reader: Reader) -> None:
    service = Service(token(name="sensorthings"))
    found = service.get("Things?$filter=Datastreams/Observations/result ge 100&$expand=Datastreams/Observations")
    assert len(found["value"]) == 1
    store(LEIDEN, reader.source, [says(140, START + HOUR, device="E2")])
    assert service.results("Observations?$filter=resultQuality eq 'impossible'") == [140]
    assert service.results("Observations?$filter=resultQuality eq null&$orderby=result") == [0, 100]
    about = service.get("Observations?$expand=FeatureOfInterest")["value"]
    assert {one["FeatureOfInterest"]["feature"]["type"] for one in about} == {"Point"}
