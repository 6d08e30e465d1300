"""Rounds: messages of sensors from their bytes to the database: opened and read, read and stored, and all the way over MQTT.

The messages are those of the simulated fleet, with its faults. The first line of the table is what reading the JSON alone
costs.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import aiomqtt
from django.db import connection

from bench.figures import seconds, table
from vliegwiel.base.clock import now
from vliegwiel.rounds.actions.arriving import Incoming, take_in
from vliegwiel.rounds.actions.containers import NewContainer, NewSensor, hang_sensors, place_containers
from vliegwiel.rounds.actions.sources import add_mqtt_source
from vliegwiel.rounds.decoding.decoding import Mounting, decode
from vliegwiel.rounds.decoding.envelopes import EnvelopeFormat, open_envelope
from vliegwiel.rounds.decoding.library import sensor_types
from vliegwiel.rounds.decoding.messages import Envelope, Quantity
from vliegwiel.rounds.listening.connection import Connection
from vliegwiel.rounds.listening.process import store_in_thread
from vliegwiel.rounds.sources import BrokerAddress, Source
from vliegwiel.simulators.sensors.containers import Container, World
from vliegwiel.simulators.sensors.encoding import KINDS
from vliegwiel.simulators.sensors.fleet import Due, Fleet
from vliegwiel.trust.identity import System

LEIDEN = "GM0546"
PLATFORM = System(LEIDEN, "bench")
SENSORS, BATCH, BY_MQTT = 2_000, 500, 6_000
MOUNTING = {"leeg_mm": 2600.0, "vol_mm": 350.0}
HEAD = ("weg", "berichten/s", "ms per bericht")


def district() -> tuple[Source, dict[str, str], list[Due]]:
    """Containers with sensors of all types, and what they send in some hours that are just over."""
    kinds = sorted(KINDS)
    begin = now() - timedelta(hours=9)
    fleet = [
        Container(f"C{i}", f"70B3D57ED00{i:05X}", kinds[i % len(kinds)], 20.0, begin, 12.0, 2600.0, 350.0)
        for i in range(SENSORS)
    ]
    source: UUID = add_mqtt_source(PLATFORM, name="bench", form="things_stack_v3", topic=f"{LEIDEN}/v3/#")
    place_containers(
        PLATFORM, [NewContainer(c.code, "rest", 5000, 600, 4.4 + i % 997 / 5000, 52.16) for i, c in enumerate(fleet)]
    )
    hang_sensors(
        PLATFORM,
        source,
        [NewSensor(c.code, c.device, c.kind, (Quantity.FILL_LEVEL,), 900, dict(MOUNTING)) for c in fleet],
    )
    air = Fleet(World(LEIDEN, fleet), "bench", timedelta(minutes=30))
    air.begin(begin)
    sent = [due for hour in range(1, 9) for due in air.step(begin + timedelta(hours=hour))]
    found = Source(LEIDEN, source, "bench", EnvelopeFormat.THINGS_STACK, topic=f"{LEIDEN}/v3/#")
    return found, {c.device: c.kind for c in fleet}, sent


def speed(way: str, count: int, work: Callable[[], object]) -> tuple[str, float, float]:
    spent = seconds(work)
    return way, count / spent, spent / count * 1000


def read_all(sent: list[Due], kinds: dict[str, str]) -> None:
    types, mounting = sensor_types(), Mounting(2600.0, 350.0)
    for due in sent:
        envelope = open_envelope(EnvelopeFormat.THINGS_STACK, due.body, due.topic)
        if isinstance(envelope, Envelope):
            decode(envelope, types[kinds[envelope.device]], mounting)


def store_all(source: Source, sent: list[Due]) -> None:
    for start in range(0, len(sent), BATCH):
        take_in(source, [Incoming(due.topic, due.at, due.body) for due in sent[start : start + BATCH]])


def over_mqtt(source: Source, sent: list[Due]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    keys = {"VLIEGWIEL_MQTT_PLATFORM_KEY": "p", "VLIEGWIEL_MQTT_NETWORK_KEY": "n"}
    command = [sys.executable, "-m", "vliegwiel.simulators.mqtt", "--port", str(port), "--stop-with-stdin"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **keys}
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        try:
            asyncio.run(_over_mqtt(source, sent, port))
        finally:
            process.stdin.close()


async def _over_mqtt(source: Source, sent: list[Due], port: int) -> None:
    stop = asyncio.Event()
    with ThreadPoolExecutor(1) as threads:
        broker = BrokerAddress("127.0.0.1", port, False, "platform", "p")
        kept = Connection(broker, (source,), "bench", store_in_thread, threads)
        task = asyncio.create_task(kept.keep(stop))
        await kept.up.wait()
        async with aiomqtt.Client(
            "127.0.0.1", port, username="netwerk", password="n", max_concurrent_outgoing_calls=10
        ) as client:
            await asyncio.gather(*(client.publish(due.topic, due.body, qos=1, timeout=600) for due in sent))
        while kept.tally.messages < len(sent):
            await asyncio.sleep(0.01)
        stop.set()
        await task
        threads.submit(lambda: connection.close()).result()


def main() -> None:
    source, kinds, sent = district()
    by_mqtt, stored = sent[:BY_MQTT], sent[BY_MQTT:]
    table(
        f"Berichten van sensoren, {SENSORS} sensoren van {len(KINDS)} types, {BATCH} berichten per transactie",
        HEAD,
        (
            speed("alleen de JSON lezen (json)", len(sent), lambda: [json.loads(due.body) for due in sent]),
            speed("openen en uitlezen", len(sent), lambda: read_all(sent, kinds)),
            speed("openen, uitlezen en opslaan", len(stored), lambda: store_all(source, stored)),
            speed("van broker tot opgeslagen en bevestigd", len(by_mqtt), lambda: over_mqtt(source, by_mqtt)),
        ),
    )
