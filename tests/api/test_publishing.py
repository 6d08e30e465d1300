"""New observations reach who listens by MQTT, on the topics of their datastream and of what they are about (chapter 14.2)."""

from __future__ import annotations

import asyncio
from typing import Any

import aiomqtt
import msgspec
import pytest
from django.db import connections

from tests.api.service import LEVEL, SENSOR, Service, link, place, point, stream, thing, token
from tests.rounds.brokers import KEYS, PATIENCE, broker, free_port, platform
from vliegwiel.base.postgres import Urls
from vliegwiel.rounds.publishing import Waiting, messages, publish
from vliegwiel.rounds.sources import BrokerAddress

pytestmark = pytest.mark.usefixtures("own_loop")

ROOT = "sensorthings/GM0546/v1.1"


@pytest.fixture
def own(fresh_database: Urls) -> Service:
    return Service(token())


def _datastream(service: Service) -> str:
    key = service.post("Things", thing(Locations=[place("plek", point(4.49, 52.16))]))
    return service.post(f"Things('{key}')/Datastreams", stream(Sensor=SENSOR, ObservedProperty=LEVEL))


def _post(service: Service, datastream: str, *results: object) -> None:
    try:
        rows = [["2026-11-01T06:00:00Z", result] for result in results]
        body = [{"Datastream": link(datastream), "components": ["phenomenonTime", "result"], "dataArray": rows}]
        service.call("POST", "CreateObservations", body)
        assert service.status == 201
    finally:
        connections.close_all()


def test_what_is_stored_is_published_where_its_address_says(own: Service) -> None:
    datastream, port = _datastream(own), free_port()

    async def listen() -> dict[str, list[Any]]:
        stop, listening = asyncio.Event(), asyncio.Event()
        key = KEYS["VLIEGWIEL_MQTT_PLATFORM_KEY"]
        async with aiomqtt.Client("127.0.0.1", port, username="platform", password=key, identifier="lezer") as client:
            await client.subscribe(f"{ROOT}/#", qos=0)
            task = asyncio.create_task(publish(platform(port), stop, listening=listening))
            await asyncio.wait_for(listening.wait(), PATIENCE)
            await asyncio.to_thread(_post, own, datastream, 0, "vol")
            found: dict[str, list[Any]] = {}
            async with asyncio.timeout(PATIENCE):
                async for message in client.messages:
                    assert isinstance(message.payload, bytes)
                    found.setdefault(message.topic.value, []).append(msgspec.json.decode(message.payload))
                    if sum(map(len, found.values())) == 6:
                        break
            stop.set()
            await asyncio.wait_for(task, PATIENCE)
        return found

    with broker(port):
        found = asyncio.run(listen())
    about = own.get("FeaturesOfInterest")["value"][0]["@iot.id"]
    assert set(found) == {
        f"{ROOT}/Observations",
        f"{ROOT}/Datastreams('{datastream}')/Observations",
        f"{ROOT}/FeaturesOfInterest('{about}')/Observations",
    }
    for told in found.values():
        assert sorted(str(one["result"]) for one in told) == ["0", "vol"]
        (zero,) = [one for one in told if one["result"] == 0]
        assert zero["phenomenonTime"] == "2026-11-01T06:00:00Z"
        assert own.get(zero["@iot.selfLink"].removeprefix("v1.1/"))["result"] == 0


def test_a_broker_that_is_away_stops_nothing(own: Service) -> None:
    datastream = _datastream(own)

    async def run() -> None:
        stop, listening = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(publish(BrokerAddress("127.0.0.1", free_port(), False), stop, listening=listening))
        await asyncio.wait_for(listening.wait(), PATIENCE)
        await asyncio.to_thread(_post, own, datastream, 1)
        stop.set()
        await asyncio.wait_for(task, PATIENCE)

    asyncio.run(run())
    assert own.results("Observations") == [1]


def test_what_waits_too_long_makes_way_for_what_is_new() -> None:
    waiting = Waiting()
    for number in range(2_005):
        waiting.put(str(number))
    assert (waiting.left_out, waiting.notices[0], waiting.notices[-1]) == (5, "5", "2004")


def test_a_notice_of_what_is_gone_or_of_another_municipality_tells_nothing(db: None) -> None:
    service = Service(token())
    key = service.post(f"Datastreams('{_datastream(service)}')/Observations", {"result": 1})
    assert len(messages(f"GM0546:{key}")) == 3
    assert messages(f"GM0344:{key}") == []
    assert messages("GM0546:") == []
    service.call("DELETE", f"Observations('{key}')")
    assert messages(f"GM0546:{key}") == []
