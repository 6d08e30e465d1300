"""The broker of the demonstration keeps what was not acknowledged, lets each client at its own topics only, and the fleet
reports through it and hears what was emptied."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest

from tests.rounds.brokers import KEYS, broker, free_port, platform, send
from vliegwiel.rounds.listening.client import Reader
from vliegwiel.simulators.sensors.containers import Container, World, read_world, write_world

pytestmark = pytest.mark.usefixtures("own_loop")

TOPIC = "GM0546/v3/x/devices/1/up"


async def take(reader: Reader, count: int, *, acknowledge: bool) -> list[bytes]:
    """So many messages; those that were not acknowledged come again in the next connection."""
    found = []
    async with asyncio.timeout(20):
        while len(found) < count:
            message = await anext(reader.messages)
            found.append(bytes(message.payload))  # type: ignore[arg-type]
            if acknowledge:
                reader.acknowledge(message)
    return found


def test_what_was_not_acknowledged_comes_again_in_each_connection_until_it_is() -> None:
    port = free_port()
    bodies = {str(number).encode() for number in range(60)}

    async def test() -> None:
        async with Reader(platform(port), "one-session") as reader:
            await reader.subscribe("GM0546/#", qos=1)
        await send(port, [(TOPIC, body) for body in sorted(bodies)])
        for acknowledge in (False, False, True):
            async with Reader(platform(port), "one-session") as reader:
                assert set(await take(reader, len(bodies), acknowledge=acknowledge)) >= bodies

    with broker(port):
        asyncio.run(test())


def test_a_client_with_a_wrong_key_stays_outside_and_a_reader_sees_only_what_is_published() -> None:
    port = free_port()

    async def test() -> None:
        with pytest.raises(aiomqtt.MqttError):
            async with aiomqtt.Client("127.0.0.1", port, username="platform", password="guess"):
                pass
        with pytest.raises(aiomqtt.MqttError):
            async with aiomqtt.Client("127.0.0.1", port):
                pass
        async with aiomqtt.Client("127.0.0.1", port, username="lezer", password="lezer") as client:
            for topic, allowed in (("#", False), ("GM0546/#", False), ("sensorthings/#", True)):
                (granted,) = await client.subscribe(topic)
                assert (getattr(granted, "value", granted) < 128) is allowed

    with broker(port):
        asyncio.run(test())


@pytest.mark.parametrize("how", [signal.SIGTERM, None])
def test_both_end_quietly_on_a_signal_and_when_their_starter_is_gone(
    tmp_path: Path, how: signal.Signals | None
) -> None:
    port = free_port()
    write_world(tmp_path / "fleet.json", World("GM0546", []))
    pipe = subprocess.PIPE
    commands = (
        ["mqtt", "--port", str(port)],
        ["sensors", "--broker", f"mqtt://127.0.0.1:{port}", "--data", str(tmp_path / "fleet.json")],
    )
    environment = {**os.environ, **KEYS}
    running = []
    for module, *arguments in commands:
        command = [sys.executable, "-m", f"vliegwiel.simulators.{module}", *arguments, "--stop-with-stdin"]
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        assert process.stdout
        assert process.stdout.readline()
        running.append(process)
    for process in reversed(running):
        assert process.stdin
        if how is None:
            process.stdin.close()
        else:
            process.send_signal(how)
        assert process.wait(20) == 0
        assert process.stderr
        assert b"Fatal" not in process.stderr.read()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def test_the_fleet_reports_and_hears_that_a_container_was_emptied(tmp_path: Path) -> None:
    port, world = free_port(), tmp_path / "fleet.json"
    start = datetime.now(UTC)
    containers = [
        Container(f"C{i}", f"70B3D57ED000{i:04X}", "milesight-em310-udl", 80.0, start, 12.0, 2600.0, 350.0)
        for i in range(4)
    ]
    write_world(world, World("GM0546", containers))
    command = [
        sys.executable, "-m", "vliegwiel.simulators.sensors", "--broker", f"mqtt://127.0.0.1:{port}",
        "--data", str(world), "--interval", "2", "--stop-with-stdin",
    ]  # fmt: skip

    async def test() -> None:
        async with Reader(platform(port), "hears-all") as reader:
            await reader.subscribe("GM0546/#", qos=1)
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env={**os.environ, **KEYS}
            )
            try:
                bodies = await take(reader, 4, acknowledge=True)
                assert {json.loads(body)["uplink_message"]["f_port"] for body in bodies} == {85}
                told = json.dumps({"container": "C2", "at": datetime.now(UTC).isoformat()})
                await reader.publish("wereld/geleegd", "geen json", qos=1)
                await reader.publish("wereld/geleegd", told, qos=1)
                async with asyncio.timeout(20):
                    while (found := read_world(world)) is None or found.by_code["C2"].level > 5:
                        reader.acknowledge(await anext(reader.messages))
                assert found.by_code["C1"].level > 75
            finally:
                assert process.stdin
                process.stdin.close()
                process.wait(10)

    with broker(port):
        asyncio.run(test())
