"""A real broker in a process of its own, and listening to it in the test's."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
from django.db import connection

from vliegwiel.rounds.actions.arriving import Incoming
from vliegwiel.rounds.ingest.arrivals import Stored
from vliegwiel.rounds.listening.connection import Connection
from vliegwiel.rounds.listening.process import store_in_thread
from vliegwiel.rounds.sources import BrokerAddress, Source

KEYS = {"VLIEGWIEL_MQTT_PLATFORM_KEY": "platform-key", "VLIEGWIEL_MQTT_NETWORK_KEY": "network-key"}
FLOOD = int(os.environ.get("VLIEGWIEL_SENSOR_FLOOD", "500"))
"""How many messages of garbage a broker delivers in the test of that."""
PATIENCE = 30.0 + FLOOD / 100


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def broker(port: int, journal: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The broker of the demonstration at this port, until the block ends."""
    more = ["--data", str(journal)] if journal else []
    process = subprocess.Popen(
        [sys.executable, "-m", "vliegwiel.simulators.mqtt", "--port", str(port), "--stop-with-stdin", *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **KEYS},
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline().startswith(b'{"url"')
        yield process
    finally:
        process.stdin.close()
        process.stdout.close()
        process.kill()
        process.wait()


def platform(port: int) -> BrokerAddress:
    return BrokerAddress("127.0.0.1", port, False, "platform", KEYS["VLIEGWIEL_MQTT_PLATFORM_KEY"])


async def send(port: int, messages: Sequence[tuple[str, bytes]]) -> int:
    """Send as the network of the sensors; returns how many the broker acknowledged."""
    key = KEYS["VLIEGWIEL_MQTT_NETWORK_KEY"]
    async with aiomqtt.Client(
        "127.0.0.1", port, username="netwerk", password=key, max_concurrent_outgoing_calls=10
    ) as client:
        await asyncio.gather(*(client.publish(topic, body, qos=1, timeout=PATIENCE) for topic, body in messages))
    return len(messages)


@dataclass
class Listening:
    """Listening to sources at a port, with a store that can be told to fail. `batches` is what it was offered."""

    port: int
    sources: tuple[Source, ...]
    before: Callable[[Sequence[Incoming]], None] = lambda messages: None
    after: Callable[[Sequence[Incoming]], None] = lambda messages: None
    batches: list[int] = field(default_factory=list)
    identifier: str = "test-platform"

    def store(self, source: Source, messages: Sequence[Incoming]) -> Stored:
        try:
            self.before(messages)
            stored = store_in_thread(source, messages)
            self.after(messages)
            self.batches.append(len(messages))
            return stored
        finally:
            self._loop.call_soon_threadsafe(self._moved.set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Connection]:
        """Listen until the block ends; then end in order."""
        self._loop, self._moved, stop = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        with ThreadPoolExecutor(1) as threads:
            kept = Connection(
                platform(self.port), self.sources, self.identifier, self.store, threads, pauses=(0.01, 0.2)
            )
            task = asyncio.create_task(kept.keep(stop))
            try:
                await asyncio.wait_for(kept.tried.wait(), PATIENCE)
                yield kept
            finally:
                stop.set()
                await asyncio.wait_for(task, PATIENCE)
                threads.submit(lambda: connection.close()).result()  # that of this thread

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until it is so; looked at after each batch. Fails when it takes too long."""
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(_asked, so):
                self._moved.clear()
                try:
                    await asyncio.wait_for(self._moved.wait(), 0.3)
                except TimeoutError:
                    continue


def _asked(so: Callable[[], bool]) -> bool:
    try:
        return so()
    finally:
        connection.close()
