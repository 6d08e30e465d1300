"""New observations told to who listens by MQTT (SensorThings 1.1, OGC 18-088, chapter 14.2).

Whoever stores observations notifies in the same transaction; this reads what was committed and publishes it. The topic is the
address of the observation in the API, below the code of the municipality:
`sensorthings/GM0546/v1.1/Datastreams('…')/Observations`, and also `…/Observations` and `…/FeaturesOfInterest('…')/Observations`.
Publishing promises nothing: while the broker or the database is away, what passed is not told again. Who must have all asks the
API, where it stays.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import aiomqtt
import msgspec
import psycopg
from django.db import DatabaseError, InterfaceError, connection
from procrastinate.contrib.django.utils import connector_params

from vliegwiel.trust.identity import System

from .ingest.rows import CHANNEL
from .listening.client import QuietClient
from .sensing.entities import SETS, EntityType
from .sensing.newest import observations_with
from .sensing.rows import Json, Row
from .sources import BrokerAddress

VERSION = "v1.1"
MOST_WAITING = 2_000
"""Notices that wait at most; beyond that the oldest are left out. A notice is of up to 180 observations."""
PAUSES = (1.0, 30.0)
"""Seconds before trying again: first and longest."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What is published."""

    topic: str
    payload: bytes


@dataclass
class Waiting:
    """Notices that were not published yet."""

    notices: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    some: asyncio.Event = field(default_factory=asyncio.Event)
    left_out: int = 0

    def put(self, notice: str) -> None:
        """One more; when too many wait, the oldest goes."""
        self.left_out += len(self.notices) == MOST_WAITING
        self.notices.append(notice)
        self.some.set()

    async def take(self) -> str:
        """The oldest, as soon as there is one."""
        while not self.notices:
            self.some.clear()
            await self.some.wait()
        return self.notices.popleft()


async def publish_forever(stop: asyncio.Event) -> None:
    """Publish on the platform's broker (VLIEGWIEL_MQTT_URL) until `stop`; without a broker there is nothing to do."""
    url = os.environ.get("VLIEGWIEL_MQTT_URL", "")
    if not url:
        await stop.wait()
        return
    await publish(BrokerAddress.parse(url), stop)


async def publish(broker: BrokerAddress, stop: asyncio.Event, *, listening: asyncio.Event | None = None) -> None:
    """Publish on this broker until `stop`. `listening` is set once notices are heard."""
    waiting = Waiting()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="publishing") as thread:
        tasks = [
            asyncio.create_task(_hear(waiting, listening or asyncio.Event())),
            asyncio.create_task(_tell(broker, waiting, thread)),
        ]
        try:
            await stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            thread.submit(connection.close)


async def _hear(waiting: Waiting, listening: asyncio.Event) -> None:
    """Take notices in, for as long as it takes."""
    pauses = _pauses()
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as heard:
                await heard.execute(f"LISTEN {CHANNEL}")
                listening.set()
                pauses = _pauses()
                async for notice in heard.notifies():
                    waiting.put(notice.payload)
        except psycopg.Error as error:
            _log.warning("the database is away: %s", type(error).__name__)
        await asyncio.sleep(next(pauses))


async def _tell(broker: BrokerAddress, waiting: Waiting, thread: ThreadPoolExecutor) -> None:
    """Publish what waits, for as long as it takes. Comes back when the broker does."""
    loop, pauses = asyncio.get_running_loop(), _pauses()
    while True:
        try:
            async with QuietClient(
                broker.host,
                broker.port,
                username=broker.username or None,
                password=broker.password or None,
                tls_params=aiomqtt.TLSParameters() if broker.tls else None,
            ) as client:
                pauses = _pauses()
                while True:
                    notice = await waiting.take()
                    for message in await loop.run_in_executor(thread, _messages_in_thread, notice):
                        await client.publish(message.topic, message.payload, qos=0)
        except (aiomqtt.MqttError, OSError) as error:
            _log.warning("observations cannot be published now: %s", error)
        await asyncio.sleep(next(pauses))


def _pauses() -> Iterator[float]:
    seconds, longest = PAUSES
    while True:
        yield seconds
        seconds = min(2 * seconds, longest)


def _messages_in_thread(notice: str) -> list[Message]:
    try:
        return messages(notice)
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        _log.warning("new observations cannot be read now: %s", type(error).__name__)
        return []


def messages(notice: str) -> list[Message]:
    """What to publish for a notice `GM0546:<id>,<id>`: each observation on each of its topics. Raises database errors."""
    municipality, _, ids = notice.partition(":")
    rows = observations_with(System(municipality, "metingen-doorgeven"), [UUID(one) for one in ids.split(",") if one])
    return [message for row in rows for message in _of(municipality, row)]


def _of(municipality: str, row: Row) -> Iterator[Message]:
    payload = msgspec.json.encode(_body(row))
    begin = f"sensorthings/{municipality}/{VERSION}"
    yield Message(f"{begin}/Observations", payload)
    for set_name, relation in (("Datastreams", "Datastream"), ("FeaturesOfInterest", "FeatureOfInterest")):
        if (key := row.links[relation]) is not None:
            yield Message(f"{begin}/{_key(SETS[set_name], key)}/Observations", payload)


def _body(row: Row) -> dict[str, Json]:
    """As the API would give it; links without a host, because a broker does not know under which one we are asked."""
    own = f"{VERSION}/{_key(row.kind, row.id)}"
    found: dict[str, Json] = {"@iot.id": str(row.id), "@iot.selfLink": own}
    found.update((name, value) for name, value in row.values.items() if value is not None)
    found.update((f"{name}@iot.navigationLink", f"{own}/{name}") for name in row.kind.relations)
    return found


def _key(kind: EntityType, row_id: UUID) -> str:
    return f"{kind.plural}('{row_id}')"
