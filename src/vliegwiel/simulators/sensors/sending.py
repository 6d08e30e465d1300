"""Between the fleet and the broker: everything is sent until it is acknowledged, also when the broker was away."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiomqtt

from vliegwiel.base.clock import now

from .containers import write_world
from .fleet import EMPTIED, Due, Fleet

PAUSE = 2.0
MOST = 20_000
"""Messages that wait when the broker is away; the oldest go first when there are more."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Radio:
    """The network of the fleet: an account at a broker."""

    host: str
    port: int
    username: str
    key: str = field(repr=False)
    waiting: deque[Due] = field(default_factory=lambda: deque(maxlen=MOST))
    sent: int = 0

    async def run(self, fleet: Fleet, stop: asyncio.Event, *, state: Path | None, ready: Callable[[], None]) -> None:
        """Let the fleet live until `stop`; `state` is where the world is written down."""
        fleet.begin(now())
        ready()
        while not stop.is_set():
            try:
                async with aiomqtt.Client(
                    self.host, self.port, username=self.username, password=self.key, identifier=f"{self.username}-fleet"
                ) as client:
                    await client.subscribe(EMPTIED, qos=1)
                    await self._live(client, fleet, stop, state)
            except aiomqtt.MqttError as error:
                _log.warning("the broker is away: %s", error)
                self.waiting.extend(fleet.step(now()))
                await pause(PAUSE, stop)

    async def _live(self, client: aiomqtt.Client, fleet: Fleet, stop: asyncio.Event, state: Path | None) -> None:
        hearing = asyncio.ensure_future(self._hear(client, fleet))
        try:
            while not stop.is_set() and not hearing.done():
                self.waiting.extend(fleet.step(now()))
                while self.waiting:
                    await client.publish(self.waiting[0].topic, self.waiting[0].body, qos=1)
                    self.waiting.popleft()
                    self.sent += 1
                if state is not None:
                    write_world(state, fleet.world)
                await pause(_seconds_until(fleet.next_at()), stop)
            if hearing.done():
                hearing.result()
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _hear(self, client: aiomqtt.Client, fleet: Fleet) -> None:
        async for message in client.messages:
            try:
                told = json.loads(bytes(message.payload) if isinstance(message.payload, bytes | bytearray) else b"")
                fleet.emptied(str(told["container"]), datetime.fromisoformat(str(told["at"])))
            except (ValueError, KeyError, TypeError):
                _log.warning("something was told that is not understood")


def _seconds_until(moment: datetime | None) -> float:
    if moment is None:
        return 5.0
    return min(max((moment - now()).total_seconds(), 0.05), 5.0)


async def pause(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return
