"""The process that listens: which brokers, one connection each, and only one process at a time."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from procrastinate.contrib.django.utils import connector_params

from ..actions.arriving import Incoming, take_in
from ..ingest.arrivals import Stored
from ..sources import BrokerAddress, Source, mqtt_sources
from .connection import Connection, pause

RELOAD = 5.0
"""Seconds between two looks at which sources there are."""
AGAIN = 2.0
"""Seconds before what runs beside the listening is started again."""
LOCK = 0x566C6965676C
"""Any number will do, as long as it is always the same. One process listens; a second one waits and takes over."""

Beside: TypeAlias = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""Something that runs beside the listening, and ends when the event is set."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Where:
    """One connection: a broker as one name, and the sources there."""

    broker: BrokerAddress
    sources: tuple[Source, ...]


def run(*, ready: Path | None = None, also: Sequence[Beside] = ()) -> None:
    """Listen until SIGTERM or SIGINT. `ready` is a file that is written once every broker was tried.

    `also` runs beside it (publishing), again when it fails.
    """
    asyncio.run(_run(ready, also))


async def _run(ready: Path | None, also: Sequence[Beside]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await listen(stop, ready=ready, also=also)


async def listen(stop: asyncio.Event, *, ready: Path | None = None, also: Sequence[Beside] = ()) -> None:
    """Listen to every broker that a source names, until `stop`; follow what changes in the sources."""
    elected, asked = asyncio.Event(), asyncio.Event()
    with ThreadPoolExecutor(max_workers=8, thread_name_prefix="listening") as threads:
        side = [asyncio.ensure_future(_hold_lock(elected, asked, stop))]
        side += [asyncio.ensure_future(_kept(start, stop)) for start in also]
        keeper = Keeper(threads)
        try:
            while not stop.is_set():
                wanted = await keeper.wanted() if elected.is_set() else ()
                if wanted is not None:
                    await keeper.follow(wanted)
                    if ready is not None and asked.is_set() and await keeper.all_tried(stop):
                        ready.write_text(str(os.getpid()))
                        ready = None
                await pause(RELOAD if elected.is_set() else 0.2, stop)
        finally:
            stop.set()
            await keeper.follow(())
            await asyncio.gather(*side, return_exceptions=True)


class Keeper:
    """The connections there are."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._running: dict[Where, tuple[Connection, asyncio.Event, asyncio.Task[None]]] = {}

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Those that are kept now."""
        return tuple(kept for kept, _, _ in self._running.values())

    async def wanted(self) -> tuple[Where, ...] | None:
        """Which connections there should be; None when the database does not say now."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, _read_sources)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("sources cannot be read now: %s", type(error).__name__)
            return None

    async def follow(self, wanted: Sequence[Where]) -> None:
        """End what is no longer wanted, after its last batch, and begin what is new."""
        gone = [where for where in self._running if where not in wanted]
        ended = [self._running.pop(where) for where in gone]
        for _, stop, _ in ended:
            stop.set()
        await asyncio.gather(*(task for _, _, task in ended), return_exceptions=True)
        for where in wanted:
            if where not in self._running:
                kept = Connection(where.broker, where.sources, identifier(where.broker), store_in_thread, self._threads)
                stop = asyncio.Event()
                self._running[where] = (kept, stop, asyncio.create_task(kept.keep(stop), name=where.broker.host))
        for where, (_, stop, task) in list(self._running.items()):
            if task.done() and not stop.is_set():
                _log.error("a connection ended by itself", exc_info=task.exception())
                del self._running[where]

    async def all_tried(self, stop: asyncio.Event) -> bool:
        """Wait until every broker was tried once (whether it answers or not); False when asked to stop meanwhile."""
        for kept in self.connections:
            if not stop.is_set():
                await kept.tried.wait()
        return not stop.is_set()


def store_in_thread(source: Source, messages: Sequence[Incoming]) -> Stored:
    """`take_in`, in a thread that keeps its connection for as long as it is good."""
    try:
        return take_in(source, messages)
    except (DatabaseError, InterfaceError):
        connection.close()
        raise


def _read_sources() -> tuple[Where, ...]:
    try:
        return group(mqtt_sources(), os.environ.get("VLIEGWIEL_MQTT_URL", ""))
    except (DatabaseError, InterfaceError):
        connection.close()
        raise


def group(sources: Sequence[Source], own: str) -> tuple[Where, ...]:
    """Which brokers these sources name. `own` is the platform's broker, for sources that name none; a source that cannot be
    listened to (no broker, no password) is left out and logged."""
    found: dict[BrokerAddress, list[Source]] = {}
    for source in sources:
        password = os.environ.get(source.secret_name, "") if source.secret_name else ""
        url = source.address or own
        if not url or (source.secret_name and not password):
            _log.warning("a source names no broker, or its password is not set", extra={"source": source.name})
            continue
        try:
            broker = BrokerAddress.parse(url, username=source.username, password=password)
        except ValueError:
            _log.warning("the address of a source is not one of a broker", extra={"source": source.name})
            continue
        found.setdefault(broker, []).append(source)
    return tuple(Where(broker, tuple(there)) for broker, there in found.items())


def identifier(broker: BrokerAddress) -> str:
    """The name of our session at a broker: the same after a restart, another one for another installation."""
    secret = f"{settings.SECRET_KEY}\x1f{broker.host}\x1f{broker.port}\x1f{broker.username}"
    return "vliegwiel-" + hashlib.blake2b(secret.encode(), digest_size=6).hexdigest()


async def _hold_lock(elected: asyncio.Event, asked: asyncio.Event, stop: asyncio.Event) -> None:
    """Be the one that listens. The lock is of a connection of its own, and goes with it."""
    while not stop.is_set():
        try:
            async with await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as held:
                while not stop.is_set():
                    if elected.is_set():
                        await held.execute("SELECT 1")
                    else:
                        row = await (await held.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])).fetchone()
                        if row and row[0]:
                            elected.set()
                        asked.set()
                    await pause(1.0, stop)
        except psycopg.Error as error:
            elected.clear()
            _log.warning("the database is away: %s", type(error).__name__)
            await pause(1.0, stop)


async def _kept(start: Beside, stop: asyncio.Event) -> None:
    """Run something beside the listening, again when it fails."""
    while not stop.is_set():
        work = asyncio.ensure_future(start(stop))
        await asyncio.wait([work])
        if failure := work.exception():
            _log.error("what runs beside the listening failed", exc_info=failure)
        await pause(AGAIN, stop)
