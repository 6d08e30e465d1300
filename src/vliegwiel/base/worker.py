"""The process that does the jobs: procrastinate's worker, the ticks, and the rescue of jobs whose worker died.

Several may run side by side; the ticks are done by one of them, the one that holds an advisory lock. When the database
goes away the process ends with an error and whoever started it (the supervisor, a container) starts it again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from . import clock, logs
from .jobs import Tick, ticks

HEARTBEAT = 3.0
"""Seconds between two signs of life of a worker."""
STALLED = 15.0
"""A worker that gave no sign for so many seconds is dead; its jobs go to another."""
HOPELESS = 20
"""A job that was started so often and never ended takes its worker down each time: it is set aside as failed."""
GRACE = 20.0
"""Seconds that running jobs get to end when the worker is asked to stop."""
TICK_LOCK = 0x566C6965677769  # "Vliegwi"; any number will do, as long as it is always the same

_log = logging.getLogger(__name__)

LOST = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError, ConnectorException)


class DatabaseLost(RuntimeError):
    """The database went away. Start again."""


def run(*, concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT; then end what runs and return. Raises `DatabaseLost` when the database goes away."""
    try:
        asyncio.run(_run(concurrency))
    except LOST as error:
        raise DatabaseLost(logs.mask(str(error)).splitlines()[0] if str(error) else type(error).__name__) from error


async def _run(concurrency: int) -> None:
    # A second app over the same tasks: the rooms keep enqueueing on Django's own connection, inside their transactions.
    worker_app = app.with_connector(PsycopgConnector(kwargs=connector_params(), min_size=2, max_size=concurrency + 4))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with worker_app.open_async():
        worker = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
                shutdown_graceful_timeout=GRACE,
                delete_jobs="successful",
            ),
            name="jobs",
        )
        with ThreadPoolExecutor(max_workers=len(ticks()) + 1, thread_name_prefix="tick") as pool:
            leader = Leader()
            side = [
                asyncio.create_task(leader.keep(stop), name="leader"),
                asyncio.create_task(_rescue_forever(worker_app, stop), name="rescue"),
                *(asyncio.create_task(_tick_forever(tick, leader, pool, stop), name=tick.name) for tick in ticks()),
            ]
            _log.info("worker started", extra={"ticks": [t.name for t in ticks()]})
            await _until_stopped(stop, worker, side)
    _log.info("worker stopped")


async def _until_stopped(stop: asyncio.Event, worker: asyncio.Task[None], side: list[asyncio.Task[None]]) -> None:
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([stopped, worker, *side], return_when=asyncio.FIRST_COMPLETED)
    lost = not stop.is_set()
    stop.set()
    worker.cancel()
    results = await asyncio.gather(worker, stopped, *side, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            raise result
    if lost:
        raise DatabaseLost("the worker ended without being asked to")


class Leader:
    """Whether this worker does the ticks: it holds a lock on a connection of its own, which ends with the process."""

    def __init__(self) -> None:
        self.elected = asyncio.Event()

    async def keep(self, stop: asyncio.Event) -> None:
        """Try to become the leader, and notice when the connection that makes us so is lost."""
        async with await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as connection:
            while not stop.is_set():
                if self.elected.is_set():
                    await connection.execute("SELECT 1")
                else:
                    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", [TICK_LOCK])).fetchone()
                    if row and row[0]:
                        self.elected.set()
                await _pause(1.0, stop)


async def _tick_forever(tick: Tick, leader: Leader, pool: ThreadPoolExecutor, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    failures = 0
    while not stop.is_set():
        await _either(leader.elected.wait, stop.wait)
        if stop.is_set():
            return
        turn = loop.run_in_executor(pool, _one_turn, tick)
        await asyncio.wait([turn])
        error = turn.exception()
        if isinstance(error, LOST):
            raise error
        if error is not None:  # whatever a room's tick raises must not stop the ticks of the others
            _log.error("tick failed", exc_info=error, extra={"tick": tick.name})
        failures = failures + 1 if error is not None else 0
        await _pause(max(tick.seconds, min(2.0**failures, 60.0) if failures else 0.0), stop)


def _one_turn(tick: Tick) -> None:
    close_old_connections()
    try:
        with logs.context(job=tick.name):
            tick.function()
    finally:
        close_old_connections()


async def _rescue_forever(worker_app: App, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await rescue(worker_app)
        await _pause(HEARTBEAT, stop)


async def rescue(worker_app: App) -> int:
    """Give the jobs of dead workers back to the queue; returns how many."""
    manager = worker_app.job_manager
    rescued = 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        if job.attempts >= HOPELESS:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            _log.error("job took its worker down too often", extra={"task": job.task_name, "job_id": str(job.id)})
        elif await _given_back(manager, job):
            rescued += 1
    return rescued


async def _given_back(manager: JobManager, job: Job) -> bool:
    """Put a job back in the queue. Where the same work waits there already (it was asked again), this one is done with."""
    try:
        await manager.retry_job(job, retry_at=clock.now())
    except UniqueViolation:
        await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        _log.warning("job of a dead worker waits in the queue already", extra={"task": job.task_name})
        return False
    _log.warning("job of a dead worker goes back to the queue", extra={"task": job.task_name})
    return True


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return


async def _either(*waits: Callable[[], Awaitable[object]]) -> None:
    tasks = [asyncio.ensure_future(wait()) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
