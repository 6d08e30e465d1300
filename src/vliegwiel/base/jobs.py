"""Work that happens after the answer was given: jobs, timers, and what must happen every second.

The queue is in the same PostgreSQL (procrastinate), so that enqueueing is part of the transaction: what is rolled back was
never asked for, and what is committed is never forgotten. A room declares its jobs in its own `jobs.py`:

    @job("casework.decision_letter")
    def decision_letter(municipality: str, zaak_id: str) -> None: ...

    decision_letter.later(municipality="GM0546", zaak_id=str(zaak.id))

A job carries its municipality and identifiers, never personal data. It runs outside any transaction and scope and calls an
action, which opens its own. It may run twice (a worker was killed after it had done its work), so it must be idempotent.
A job that fails is tried again with growing pauses; one that keeps failing stays visible as failed (`vliegwiel jobs list`).
"""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import close_old_connections, connection, transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job as QueuedJob

from . import clock, logs

Argument: TypeAlias = str | int | bool | None

QUEUE = "default"
FIRST_PAUSE, FACTOR, LONGEST_PAUSE = 5, 3, 3600

_log = logging.getLogger(__name__)
_MUNICIPALITY = re.compile(r"GM\d{4}")


JobFunction: TypeAlias = Callable[..., None]
"""What a job looks like: a municipality and named, plain arguments (its signature says which)."""


class Backoff(BaseRetryStrategy):
    """Try again after 5, 15, 45 … seconds, at most an hour, and give up after `attempts` tries."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """None when it has been tried often enough. `job.attempts` counts the tries before this one."""
        if job.attempts + 1 >= self.attempts:
            return None
        return RetryDecision(retry_in={"seconds": min(FIRST_PAUSE * FACTOR**job.attempts, LONGEST_PAUSE)})


class Job:
    """A declared job. Call it to do the work here and now; `later` asks the worker to do it."""

    def __init__(self, name: str, function: JobFunction, *, attempts: int, queue: str) -> None:
        self.name = name
        self.function = function
        self.queue = queue
        self._signature = inspect.signature(function)
        self._task = app.task(name=name, queue=queue, retry=Backoff(attempts))(self._work)

    def __call__(self, *, municipality: str, **arguments: Argument) -> None:
        """Run it in this process, now."""
        with ExitStack() as around:
            around.enter_context(logs.context(job=self.name, municipality=municipality))
            for surrounding in _surroundings:
                around.enter_context(surrounding(self.name))
            self.function(municipality, **arguments)

    def later(
        self,
        *,
        municipality: str,
        at: datetime | None = None,
        once: str | None = None,
        serial: str | None = None,
        **arguments: Argument,
    ) -> None:
        """Ask for it, as part of the open transaction.

        `at` is the first moment it may run (aware). `once` is a key: while a job with that key waits, a second is not made.
        `serial` is a key too: jobs that share it never run at the same time. Raises `TypeError` for arguments the job does
        not have and `ValueError` for what may not be in a queue.
        """
        self._check(municipality, arguments)
        deferrer = self._task.configure(schedule_at=at, queueing_lock=once, lock=serial)
        if once is None:
            deferrer.defer(municipality=municipality, request=logs.request_id(), **arguments)
            return
        try:
            with (
                transaction.atomic()
            ):  # the refusal of a double is an error in the database; it must not spoil the rest
                deferrer.defer(municipality=municipality, request=logs.request_id(), **arguments)
        except AlreadyEnqueued:
            _log.debug("already waiting: %s", self.name)

    def _check(self, municipality: str, arguments: dict[str, Argument]) -> None:
        self._signature.bind(municipality, **arguments)
        if not _MUNICIPALITY.fullmatch(municipality):
            raise ValueError(f"job {self.name}: not a municipality code")
        for name, value in arguments.items():
            if value is not None and not isinstance(value, str | int):
                raise ValueError(f"job {self.name}: argument {name} is a {type(value).__name__}; pass an identifier")
            if logs.mask(str(value)) != str(value):
                raise ValueError(f"job {self.name}: argument {name} looks like personal data")

    def _work(self, municipality: str, request: str = "", **arguments: Argument) -> None:
        close_old_connections()
        try:
            with logs.context(request_id=request):
                self(municipality=municipality, **arguments)
        finally:
            close_old_connections()


@dataclass(frozen=True, slots=True)
class Tick:
    """Something the worker does at a pace. `seconds` between the end of one turn and the start of the next."""

    name: str
    seconds: float
    function: Callable[[], None]


_jobs: dict[str, Job] = {}
_surroundings: list[Callable[[str], AbstractContextManager[object]]] = []
_ticks: dict[str, Tick] = {}


def job(name: str, *, attempts: int = 8, queue: str = QUEUE) -> Callable[[JobFunction], Job]:
    """Declare a job. `name` is `room.what` and stays the same for ever: waiting jobs are found by it."""

    def declare(function: JobFunction) -> Job:
        _jobs[name] = Job(name, function, attempts=attempts, queue=queue)
        return _jobs[name]

    return declare


def every(seconds: float, *, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Let the worker call the function at this pace, one worker at a time. It must be quick and idempotent."""

    def declare(function: Callable[[], None]) -> Callable[[], None]:
        _ticks[name] = Tick(name, seconds, function)
        return function

    return declare


def surround(surrounding: Callable[[str], AbstractContextManager[object]]) -> None:
    """Let every job run inside this context; it is given the name of the job. For rooms above, which this one cannot know."""
    if surrounding not in _surroundings:
        _surroundings.append(surrounding)


def declared() -> tuple[Job, ...]:
    """All jobs the rooms declared."""
    return tuple(_jobs.values())


def ticks() -> tuple[Tick, ...]:
    """All that must happen at a pace."""
    return tuple(_ticks.values())


def run_waiting(*, limit: int = 1000) -> int:
    """Do every job that is due now in this process, oldest first, and return how many. For tests: a failure is raised.

    A job that asks for another job is followed, up to `limit` jobs in all.
    """
    done = 0
    while done < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
                " AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY priority DESC, id LIMIT 1",
                [clock.now()],
            )
            row = cursor.fetchone()
            if row is None:
                return done
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [row[0]])
        arguments = json.loads(row[2])  # Django hands out jsonb as the text it is
        request = str(arguments.pop("request", ""))
        with logs.context(request_id=request):
            _jobs[row[1]](**arguments)
        done += 1
    return done
