"""One connection to one broker: take what comes, store it, acknowledge it; and come back when anything breaks."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property

import aiomqtt
from paho.mqtt.reasoncodes import ReasonCode

from vliegwiel.base.clock import now

from ..actions.arriving import LOST, Incoming
from ..ingest.arrivals import Stored
from ..sources import BrokerAddress, Source
from .client import Reader

MOST = 500
"""Messages that are stored in one transaction."""
LINGER = 0.02
"""Seconds that the first message of a batch waits for others."""
REFUSED = 0x80
"""What a broker answers to a subscription it does not allow (MQTT 3.1.1, 3.9.3)."""

Store = Callable[[Source, Sequence[Incoming]], Stored]

_log = logging.getLogger(__name__)


class _StoreLost(Exception):
    """What came in could not be stored now: leave it unacknowledged."""


@dataclass(slots=True)
class Tally:
    """What a connection did since it began."""

    messages: int = 0
    observations: int = 0
    aside: int = 0
    connections: int = 0
    failures: int = 0


@dataclass
class Connection:
    """A broker and the sources that are listened to there. `tried` is set after the first attempt, `up` while
    connected and subscribed."""

    broker: BrokerAddress
    sources: tuple[Source, ...]
    identifier: str
    store: Store
    threads: Executor
    pauses: tuple[float, float] = (1.0, 60.0)
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    tally: Tally = field(default_factory=Tally)

    async def keep(self, stop: asyncio.Event) -> None:
        """Listen until `stop`. Connects again with growing, scattered pauses for as long as it takes."""
        pauses = self._pauses()
        while not stop.is_set():
            try:
                async with Reader(self.broker, self.identifier) as reader:
                    self.tally.connections += 1
                    await self._listen(reader, stop)
                pauses = self._pauses()
            except (aiomqtt.MqttError, _StoreLost, OSError) as error:
                if self.up.is_set() and not isinstance(error, _StoreLost):
                    pauses = self._pauses()
                self.tally.failures += 1
                _log.warning("lost a broker: %s", error, extra=self._about())
            finally:
                self.up.clear()
                self.tried.set()
            if not stop.is_set():
                await pause(next(pauses), stop)

    def _pauses(self) -> Iterator[float]:
        seconds, longest = self.pauses
        while True:
            yield seconds * random.uniform(0.5, 1.0)  # noqa: S311  # scattered, so that a thousand clients do not return at once
            seconds = min(2 * seconds, longest)

    def _sources_of(self, topic: aiomqtt.Topic) -> Iterator[Source]:
        """The sources whose topics this is one of. Of hundreds of municipalities only those are looked at whose topics begin
        the same."""
        first = topic.value.partition("/")[0]
        for source in (*self._by_first.get(first, ()), *self._by_first.get("", ())):
            if topic.matches(source.topic):
                yield source

    @cached_property
    def _by_first(self) -> dict[str, list[Source]]:
        """Sources by the first level of their topic; under the empty text those whose first level is anything."""
        found: dict[str, list[Source]] = {}
        for source in self.sources:
            first = source.topic.partition("/")[0]
            found.setdefault("" if first in {"+", "#"} else first, []).append(source)
        return found

    def _about(self) -> dict[str, object]:
        return {"broker": f"{self.broker.host}:{self.broker.port}", "sources": len(self.sources)}

    async def _listen(self, reader: Reader, stop: asyncio.Event) -> None:
        # Subscribing and reading at once: a broker may send what waited for this session before it answers anything.
        subscribing = asyncio.ensure_future(self._subscribe(reader))
        stopping = asyncio.ensure_future(stop.wait())
        first: asyncio.Future[aiomqtt.Message] | None = None
        try:
            while not stop.is_set():
                first = first or asyncio.ensure_future(anext(reader.messages))
                waiting: set[asyncio.Future[object]] = {first, stopping}  # type: ignore[arg-type]  # of different results
                if not subscribing.done():
                    waiting.add(subscribing)  # type: ignore[arg-type]
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if subscribing.done():
                    subscribing.result()
                if not first.done():
                    continue
                batch = await self._batch(reader, first.result())
                first = None
                await self._take(reader, batch)
                if reader.overflowed and not len(reader.messages):
                    raise aiomqtt.MqttError("more came than could wait; what did not fit is asked for again")
        finally:
            tasks = [task for task in (first, subscribing, stopping) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _subscribe(self, reader: Reader) -> None:
        for topic in sorted({source.topic for source in self.sources}):
            granted = await reader.subscribe(topic, qos=1)
            if any((code.value if isinstance(code, ReasonCode) else code) >= REFUSED for code in granted):
                # Not a reason to leave: the other sources of this broker may be fine.
                _log.error("a broker refuses a subscription", extra={**self._about(), "topic": topic})
        self.up.set()
        self.tried.set()
        _log.info("listening to a broker", extra=self._about())

    async def _batch(self, reader: Reader, first: aiomqtt.Message) -> list[aiomqtt.Message]:
        """The first message and what comes close behind it."""
        batch = [first]
        await asyncio.sleep(LINGER)
        messages = reader.messages
        while len(batch) < MOST and len(messages):
            batch.append(await anext(messages))
        return batch

    async def _take(self, reader: Reader, batch: Sequence[aiomqtt.Message]) -> None:
        """Store a batch, source by source, and acknowledge it when all of it is committed."""
        loop = asyncio.get_running_loop()
        moment = now()
        mine: dict[Source, list[Incoming]] = {}
        for message in batch:
            incoming = Incoming(message.topic.value, moment, _bytes(message.payload))
            for source in self._sources_of(message.topic):
                mine.setdefault(source, []).append(incoming)
        for source, messages in mine.items():
            try:
                stored = await loop.run_in_executor(self.threads, self.store, source, messages)
            except LOST as error:
                raise _StoreLost(f"the database is away ({type(error).__name__})") from error
            self.tally.observations += stored.observations
            self.tally.aside += stored.aside
        self.tally.messages += len(batch)
        for message in batch:
            reader.acknowledge(message)


def _bytes(payload: object) -> bytes:
    return bytes(payload) if isinstance(payload, bytes | bytearray) else str(payload or "").encode()


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait, or until `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return
