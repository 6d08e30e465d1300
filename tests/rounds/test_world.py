"""The made-up world of the demonstration goes on where the stored past ends, and hears what the platform did."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.rounds.brokers import KEYS, PATIENCE, broker, free_port
from tests.rounds.sensors import LEIDEN, PLATFORM, District, container, district, says
from vliegwiel.base.clock import now
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.containers import place_containers
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.listening.client import QuietClient
from vliegwiel.rounds.listening.world import TOPIC, tell_forever
from vliegwiel.rounds.world import USUAL_RATE, fleet_of, tell_emptied, write_fleet
from vliegwiel.simulators.sensors.containers import read_world
from vliegwiel.simulators.sensors.fleet import EMPTIED

pytestmark = pytest.mark.usefixtures("own_loop")


@pytest.mark.django_db
def test_the_fleet_begins_where_the_readings_end_and_what_is_silent_stays_silent(tmp_path: Path) -> None:
    place: District = district(3)
    place_containers(PLATFORM, [container("ZONDER")])
    moment = now()
    store(
        LEIDEN,
        place.source,
        [says(72.0, moment - timedelta(hours=1)), says(15.0, moment - timedelta(days=3), device="E2")],
    )
    found = {one.code: one for one in fleet_of(LEIDEN).containers}
    assert set(found) == {"C1", "C2", "C3"}, "a container without a sensor is not in the fleet"
    assert [found[code].level for code in ("C1", "C2", "C3")] == [72.0, 15.0, 0.0]
    assert [found[code].silent for code in ("C1", "C2", "C3")] == [False, True, False]
    assert {one.rate for one in found.values()} == {USUAL_RATE}
    assert write_fleet(LEIDEN, tmp_path / "sensors" / "fleet.json") == 3
    world = read_world(tmp_path / "sensors" / "fleet.json")
    assert world is not None
    assert (world.municipality, world.by_code["C1"].level, world.by_code["C2"].silent) == (LEIDEN, 72.0, True)


def test_what_was_emptied_is_told_when_it_is_committed_and_not_before(
    fresh_database: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TOPIC == EMPTIED
    port = free_port()
    key = KEYS["VLIEGWIEL_MQTT_PLATFORM_KEY"]
    monkeypatch.setenv("VLIEGWIEL_MQTT_URL", f"mqtt://platform:{key}@127.0.0.1:{port}")

    def empty() -> None:
        try:
            with scope(LEIDEN):
                tell_emptied("NIET", now())
                raise RuntimeError("rolled back (test)")
        except RuntimeError:
            pass
        with scope(LEIDEN):
            tell_emptied("WEL", now())
        connection.close()

    async def test() -> None:
        stop = asyncio.Event()
        async with QuietClient(
            "127.0.0.1", port, username="netwerk", password=KEYS["VLIEGWIEL_MQTT_NETWORK_KEY"]
        ) as client:
            await client.subscribe(TOPIC, qos=1)
            telling = asyncio.create_task(tell_forever(stop))
            async with asyncio.timeout(PATIENCE):
                heard = asyncio.ensure_future(anext(client.messages))
                while not heard.done():
                    await asyncio.to_thread(empty)
                    await asyncio.wait([heard], timeout=0.2)
            assert json.loads(bytes(heard.result().payload))["container"] == "WEL"  # type: ignore[arg-type]
            stop.set()
            await asyncio.wait_for(telling, PATIENCE)

    with broker(port):
        asyncio.run(test())


@pytest.mark.django_db
def test_in_production_there_is_no_made_up_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MODE", "production")
    with scope(LEIDEN):
        tell_emptied("C1", now())
    stop = asyncio.Event()
    stop.set()
    asyncio.run(tell_forever(stop))
