"""What a broker has is stored before it is acknowledged: nothing that was acknowledged is lost, and nothing counts twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import OperationalError

from tests.rounds.brokers import FLOOD, Listening, broker, free_port, send
from tests.rounds.networks import WILSEN, things, wilsen
from tests.rounds.sensors import LEIDEN, PLATFORM, UTRECHT, container
from vliegwiel.base.clock import now
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.arriving import Incoming
from vliegwiel.rounds.actions.containers import NewSensor, hang_sensors, place_containers
from vliegwiel.rounds.actions.sources import add_mqtt_source
from vliegwiel.rounds.decoding.messages import Quantity, Reason
from vliegwiel.rounds.models import Observation, SensorFault, SetAside
from vliegwiel.rounds.sources import Source, mqtt_sources

pytestmark = pytest.mark.usefixtures("own_loop")

T = TypeVar("T")
TOPIC = f"{LEIDEN}/v3/leiden-afval@ttn/devices"
DEVICES = 20


def eui(number: int) -> str:
    return f"AC1F09FFFE{number:06X}"


def message(device: int, counter: int, level: int, *, at: datetime | None = None) -> tuple[str, bytes]:
    """Measured a quarter of an hour apart, up to now."""
    moment = at or (now() - timedelta(minutes=15 * (100 - counter % 100)))
    body = things(wilsen(level), eui=eui(device), f_cnt=counter, received_at=moment.isoformat().replace("+00:00", "Z"))
    return f"{TOPIC}/container-{device}/up", body


@pytest.fixture
def source(fresh_database: Urls) -> Source:
    """A source of Leiden at the platform's broker, with twenty sensors in as many containers."""
    id_: UUID = add_mqtt_source(
        PLATFORM, name="proefnetwerk", form="things_stack_v3", topic=f"{TOPIC}/+/up", decoder=WILSEN
    )
    place_containers(PLATFORM, [container(f"C{i}") for i in range(DEVICES)])
    hang_sensors(PLATFORM, id_, [NewSensor(f"C{i}", eui(i), "", (Quantity.FILL_LEVEL,)) for i in range(DEVICES)])
    (found,) = mqtt_sources()
    return found


def levels() -> list[float | None]:
    with scope(LEIDEN):
        return list(Observation.objects.values_list("result", flat=True))


def set_aside() -> dict[str, int]:
    with scope(LEIDEN):
        found: dict[str, int] = {}
        for code, times in SetAside.objects.values_list("code", "times"):
            found[code] = found.get(code, 0) + times
        return found


def run(test: Coroutine[None, None, T]) -> T:
    return asyncio.run(test)


def test_what_a_sensor_says_is_stored_zero_included(source: Source) -> None:
    port = free_port()

    async def test() -> None:
        listening = Listening(port, (source,))
        async with listening.running() as kept:
            await send(port, [message(0, 1, 0), message(1, 1, 100), message(2, 1, 55)])
            await listening.until(lambda: len(levels()) == 3)
            assert kept.tally.messages == 3

    with broker(port):
        run(test())
    assert sorted(level for level in levels() if level is not None) == [0.0, 55.0, 100.0]


def test_a_flood_of_duplicates_counts_once_and_shows(source: Source) -> None:
    port, once = free_port(), message(0, 1, 40)
    flood = [once] * 400 + [message(1, 1, 10)]

    async def test() -> None:
        listening = Listening(port, (source,))
        async with listening.running() as kept:
            await send(port, flood)
            await listening.until(lambda: kept.tally.messages >= len(flood))

    with broker(port):
        run(test())
    assert sorted(level for level in levels() if level is not None) == [10.0, 40.0]
    with scope(LEIDEN):
        assert list(SensorFault.objects.values_list("kind", "device__device_eui")) == [("duplicates", eui(0))]


def test_while_the_database_is_away_nothing_is_acknowledged_and_nothing_is_lost(source: Source) -> None:
    port, failures = free_port(), [4]

    def away(messages: Sequence[Incoming]) -> None:
        if failures[0]:
            failures[0] -= 1
            raise OperationalError("the database is away (test)")

    async def test() -> None:
        listening = Listening(port, (source,), before=away)
        async with listening.running() as kept:
            await send(port, [message(i % DEVICES, i // DEVICES, 50) for i in range(200)])
            await listening.until(lambda: len(levels()) == 200)
            assert kept.tally.failures >= 4

    with broker(port):
        run(test())
    assert len(levels()) == 200


def test_what_was_stored_but_not_acknowledged_comes_again_and_counts_once(source: Source) -> None:
    port, deaths = free_port(), [3]

    def die(messages: Sequence[Incoming]) -> None:
        if deaths[0]:
            deaths[0] -= 1
            raise OperationalError("died between storing and acknowledging (test)")

    async def test() -> None:
        listening = Listening(port, (source,), after=die)
        async with listening.running():
            await send(port, [message(i % DEVICES, i // DEVICES, 50) for i in range(100)])
            await listening.until(lambda: deaths == [0] and sum(listening.batches) >= 100)

    with broker(port):
        run(test())
    assert len(levels()) == 100


def test_what_was_sent_while_nobody_listened_waits(source: Source) -> None:
    port = free_port()

    async def test() -> None:
        listening = Listening(port, (source,))
        async with listening.running():
            await send(port, [message(0, 1, 1)])
            await listening.until(lambda: len(levels()) == 1)
        await send(port, [message(i % DEVICES, 2 + i // DEVICES, 2) for i in range(150)])
        async with listening.running():
            await listening.until(lambda: len(levels()) == 151)

    with broker(port):
        run(test())


def test_a_broker_that_was_killed_is_found_again(source: Source) -> None:
    port, before = free_port(), message(0, 1, 1)

    async def test() -> None:
        listening = Listening(port, (source,))
        async with listening.running() as kept:  # there is no broker yet
            assert not kept.up.is_set()
            with broker(port) as first:
                await asyncio.wait_for(kept.up.wait(), 30)
                await send(port, [before])
                await listening.until(lambda: len(levels()) == 1)
                first.kill()
                await listening.until(lambda: not kept.up.is_set())
            with broker(port):
                # What the killed broker had not acknowledged, a network sends again; here it sends all again.
                await asyncio.wait_for(kept.up.wait(), 30)
                await send(port, [before, *(message(i, 2, 2) for i in range(DEVICES))])
                await listening.until(lambda: len(levels()) == 1 + DEVICES)
                assert kept.tally.connections >= 2

    run(test())


def test_what_a_broker_with_a_journal_accepted_survives_its_being_killed(source: Source, tmp_path: Path) -> None:
    """Nobody listens, the broker is killed, and one that finds its journal delivers all of it, once."""
    port, journal = free_port(), tmp_path / "mqtt.sqlite3"
    sent = [message(i % DEVICES, 2 + i // DEVICES, 2) for i in range(100)]

    async def test() -> None:
        listening = Listening(port, (source,))
        with broker(port, journal) as first:
            async with listening.running():
                await send(port, [message(0, 1, 1)])
                await listening.until(lambda: len(levels()) == 1)
            assert await send(port, sent) == len(sent)
            first.kill()
            first.wait()
        with broker(port, journal):
            await send(port, [message(1, 90, 3)])
            async with listening.running() as kept:
                await listening.until(lambda: len(levels()) == len(sent) + 2)
                assert kept.tally.messages == len(sent) + 1, "what was acknowledged before does not come again"

    run(test())


def test_garbage_is_kept_aside_and_what_is_good_among_it_counts(source: Source) -> None:
    port, lot = free_port(), random.Random(4)
    garbage = [(f"{TOPIC}/container-1/up", lot.randbytes(lot.randrange(1, 400))) for _ in range(FLOOD)]
    garbage += [(f"{TOPIC}/onbekend/up", things(wilsen(5), eui="FFFFFFFFFFFFFFFF"))] * 3
    garbage += [(f"{TOPIC}/groot/up", b" " * 100_000), (f"{TOPIC}/leeg/up", b"")]
    good = [message(i, 1, 30) for i in range(DEVICES)]
    all_of_it = garbage + good
    lot.shuffle(all_of_it)

    async def test() -> None:
        listening = Listening(port, (source,))
        async with listening.running() as kept:
            await send(port, all_of_it)
            await listening.until(lambda: kept.tally.messages >= len(all_of_it))
            assert kept.tally.connections == 1, "garbage must not break the connection"

    with broker(port):
        run(test())
    assert levels() == [30.0] * DEVICES
    kept_aside = set_aside()
    assert sum(kept_aside.values()) == len(garbage)
    assert kept_aside[Reason.UNKNOWN_DEVICE] == 3
    assert kept_aside[Reason.TOO_LARGE] == 1


def test_a_clock_that_jumps_loses_nothing(source: Source) -> None:
    port, moment = free_port(), now()
    jumps = [moment - timedelta(days=4000), moment + timedelta(days=4000), moment + timedelta(hours=2), moment]

    async def test() -> None:
        listening = Listening(port, (source,))
        async with listening.running():
            await send(port, [message(0, i, 20 + i, at=jump) for i, jump in enumerate(jumps)])
            await listening.until(lambda: len(levels()) == 4)

    with broker(port):
        run(test())
    with scope(LEIDEN):
        assert "clock" in set(SensorFault.objects.values_list("kind", flat=True))
        moments = list(Observation.objects.values_list("phenomenon_time", flat=True))
    assert all(abs(each - moment) < timedelta(minutes=10) for each in moments)


def test_a_message_reaches_the_sources_whose_topics_it_has_and_no_other(source: Source) -> None:
    port = free_port()
    other = replace(source, topic="GM0599/#")
    heard: list[str] = []

    async def test() -> None:
        listening = Listening(port, (source, other), before=lambda messages: heard.extend(m.topic for m in messages))
        async with listening.running() as kept:
            await send(port, [message(0, 1, 1), ("GM0363/elders/up", b"{}")])
            await send(port, [message(1, 1, 1)])
            await listening.until(lambda: kept.tally.messages >= 2)

    with broker(port):
        run(test())
    assert sorted(heard) == [f"{TOPIC}/container-{i}/up" for i in range(2)]
    assert UTRECHT not in {topic[:6] for topic in heard}
