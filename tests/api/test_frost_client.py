"""FROST's own Python client against our service over HTTP: what others wrote for the standard works with us."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import frost_sta_client as fsc
import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from frost_sta_client.model.ext.data_array_document import DataArrayDocument
from frost_sta_client.model.ext.data_array_value import DataArrayValue
from frost_sta_client.model.ext.unitofmeasurement import UnitOfMeasurement

from tests.api.service import token
from vliegwiel.base.postgres import Urls


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return None


class _Server(ThreadedWSGIServer):
    """Every request in a thread of its own, which leaves no connection behind."""

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture
def frost(fresh_database: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[fsc.SensorThingsService]:
    """A service of the client, connected to a live server of ours with a token that may write."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    resolve = socket.getaddrinfo

    def local(host: Any, *args: Any, **kwargs: Any) -> Any:
        return resolve("127.0.0.1" if str(host).endswith(".localhost") else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", local)
    monkeypatch.setenv("NO_PROXY", "*")
    address = f"http://leiden.localhost:{server.server_port}/sensorthings/v1.1"
    yield fsc.SensorThingsService(address, auth_handler=fsc.AuthHandler(username="proef", password=token()))
    server.shutdown()
    server.server_close()
    thread.join()


def _district(service: fsc.SensorThingsService) -> fsc.Datastream:
    """A container with a place, a sensor and a datastream, made in one go as the client does it."""
    location = fsc.Location(
        name="Breestraat 1", description="Hoek", encoding_type="application/geo+json",
        location={"type": "Point", "coordinates": [4.49, 52.16]},
    )  # fmt: skip
    thing = fsc.Thing(name="C1", description="Container", properties={"fractie": "rest"}, locations=[location])
    datastream = fsc.Datastream(
        name="vulgraad", description="hoe vol", thing=thing,
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=UnitOfMeasurement(name="procent", symbol="%", definition="https://ucum.org/#para-29"),
        sensor=fsc.Sensor(name="Ultrasoon", description="s", encoding_type="text/html", metadata="x"),
        observed_property=fsc.ObservedProperty(name="vulgraad", definition="https://example.org/v", description="v"),
    )  # fmt: skip
    service.create(datastream)
    return datastream


def test_the_client_of_frost_creates_queries_changes_and_removes(frost: fsc.SensorThingsService) -> None:
    datastream = _district(frost)
    begin = datetime(2026, 11, 1, 6, tzinfo=UTC)
    for hour in range(5):
        frost.create(
            fsc.Observation(phenomenon_time=begin + timedelta(hours=hour), result=10 * hour, datastream=datastream)
        )
    found = frost.observations().query().filter("result gt 15").orderby("phenomenonTime", "DESC").list()
    assert [one.result for one in found.entities] == [40, 30, 20]

    # Pages follow each other by the links of the service.
    paged = frost.observations().query().top(2).count().list()
    assert paged.count == 5
    assert [one.result for one in paged] == [0, 10, 20, 30, 40]

    things = frost.things().query().expand("Locations,Datastreams($expand=Observations($top=1))").list()
    (thing,) = things.entities
    assert thing.properties == {"fractie": "rest"}
    assert thing.locations.entities[0].name == "Breestraat 1"
    assert thing.datastreams.entities[0].observations.entities[0].result == 0
    assert thing.get_datastreams().query().filter("name eq 'vulgraad'").list().entities[0].id == datastream.id
    where = "st_within(location, geography'POLYGON((4 52, 5 52, 5 53, 4 53, 4 52))')"
    assert len(frost.locations().query().filter(where).list().entities) == 1

    thing.name = "C1 nieuw"
    frost.update(thing)
    frost.patch(thing, [{"op": "add", "path": "/properties/liters", "value": 5000}])
    again = frost.things().find(thing.id)
    assert (again.name, again.properties) == ("C1 nieuw", {"fractie": "rest", "liters": 5000})

    frost.delete(again)
    assert frost.things().query().list().entities == []
    assert frost.observations().query().list().entities == []


def test_the_client_of_frost_posts_many_observations_at_once(frost: fsc.SensorThingsService) -> None:
    datastream = _district(frost)
    values = DataArrayValue()
    values.datastream = datastream
    values.components = {DataArrayValue.Property.PHENOMENON_TIME, DataArrayValue.Property.RESULT}
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    for minute in range(200):
        values.add_observation(fsc.Observation(phenomenon_time=begin + timedelta(minutes=minute), result=minute / 2))
    document = DataArrayDocument()
    document.add_data_array_value(values)
    made = frost.observations().create(document)
    assert len(made) == 200
    assert frost.observations().query().filter("result ge 99").count().list().count == 2
