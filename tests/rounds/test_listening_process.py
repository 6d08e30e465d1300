"""The process that listens follows the sources, and only one process listens at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.rounds.brokers import KEYS, PATIENCE, broker, free_port, send
from tests.rounds.sensors import PLATFORM
from tests.rounds.test_listening import DEVICES, levels, message, source
from vliegwiel.base.postgres import Urls
from vliegwiel.rounds.actions.sources import switch_source
from vliegwiel.rounds.listening import process
from vliegwiel.rounds.sources import Source

pytestmark = pytest.mark.usefixtures("own_loop")

__all__ = ["source"]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Of the platform's own broker. The process looks at its sources all the time."""
    found = free_port()
    key = KEYS["VLIEGWIEL_MQTT_PLATFORM_KEY"]
    monkeypatch.setenv("VLIEGWIEL_MQTT_URL", f"mqtt://platform:{key}@127.0.0.1:{found}")
    monkeypatch.setattr(process, "RELOAD", 0.1)
    return found


@asynccontextmanager
async def listening(ready: Path) -> AsyncIterator[asyncio.Event]:
    """The process, inside this one. Ready when it wrote its file."""
    stop = asyncio.Event()
    task = asyncio.create_task(process.listen(stop, ready=ready))
    try:
        async with asyncio.timeout(PATIENCE):
            while not ready.exists():
                await asyncio.sleep(0.02)
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)


def in_thread(what: object, *args: object, **kwargs: object) -> object:
    try:
        return what(*args, **kwargs)  # type: ignore[operator]
    finally:
        connection.close()


async def heard(port: int, device: int, *, within: float = PATIENCE) -> bool:
    """Whether a message of this device is stored; sent again until it is, because who just began may not hear it yet."""
    counter = 0
    try:
        async with asyncio.timeout(within):
            while device not in await asyncio.to_thread(in_thread, levels):  # type: ignore[operator]
                counter += 1
                await send(port, [message(device, counter, device)])
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    return True


def test_a_source_that_is_added_is_heard(source: Source, port: int, tmp_path: Path) -> None:
    async def test() -> None:
        await asyncio.to_thread(in_thread, switch_source, PLATFORM, source.id, active=False)
        async with listening(tmp_path / "ready"):
            await asyncio.to_thread(in_thread, switch_source, PLATFORM, source.id, active=True)
            assert await heard(port, 1)

    with broker(port):
        asyncio.run(test())


def test_a_broker_that_no_source_names_any_more_is_left(source: Source, port: int) -> None:
    async def test() -> None:
        with ThreadPoolExecutor(2) as threads:
            keeper = process.Keeper(threads)
            wanted = await keeper.wanted()
            assert wanted is not None
            await keeper.follow(wanted)
            (kept,) = keeper.connections
            await asyncio.wait_for(kept.up.wait(), PATIENCE)
            await keeper.follow(wanted)
            assert keeper.connections == (kept,), "what is still wanted goes on"
            await keeper.follow(())
            assert keeper.connections == ()
            assert not kept.up.is_set()
            for _ in range(2):
                threads.submit(lambda: connection.close()).result()

    with broker(port):
        asyncio.run(test())


def test_a_second_process_waits_and_takes_over(source: Source, port: int, tmp_path: Path) -> None:
    async def test() -> None:
        async with listening(tmp_path / "first") as stop_first, listening(tmp_path / "second"):
            assert await heard(port, 4)
            stop_first.set()
            assert await heard(port, 5)

    with broker(port):
        asyncio.run(test())
    assert DEVICES > 5


def test_without_a_broker_the_process_is_ready_all_the_same(source: Source, port: int, tmp_path: Path) -> None:
    async def test() -> None:
        async with listening(tmp_path / "ready"):
            pass

    asyncio.run(test())


def test_what_runs_beside_it_is_started_again_when_it_fails(
    fresh_database: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "AGAIN", 0.01)
    starts: list[int] = []

    async def test() -> None:
        enough, stop = asyncio.Event(), asyncio.Event()

        async def beside(until: asyncio.Event) -> None:
            starts.append(1)
            if len(starts) < 3:
                raise RuntimeError("fails (test)")
            enough.set()
            await until.wait()

        task = asyncio.create_task(process.listen(stop, also=(beside,)))
        await asyncio.wait_for(enough.wait(), PATIENCE)
        stop.set()
        await asyncio.wait_for(task, PATIENCE)

    asyncio.run(test())
    assert len(starts) == 3
