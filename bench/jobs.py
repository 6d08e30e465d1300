"""Jobs: what asking for one costs inside a transaction, and how fast they are done, beside bare statements in the same run."""

from __future__ import annotations

from django.db import connection, transaction

from bench.figures import seconds, table
from vliegwiel.base import jobs

COUNT = 2000
INSERT = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'bench.bare', %s)"


@jobs.job("bench.nothing")
def nothing(municipality: str, number: int) -> None:
    return None


def bare() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(COUNT):
            cursor.execute(INSERT, [f'{{"number": {number}}}'])


def ask() -> None:
    with transaction.atomic():
        for number in range(COUNT):
            nothing.later(municipality="GM0546", number=number)


def main() -> None:
    rows = []
    for title, work in (("bare INSERT", bare), ("job.later", ask)):
        took = seconds(work)
        rows.append((title, COUNT, COUNT / took, took / COUNT * 1000))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'bench.bare'")
    took = seconds(lambda: jobs.run_waiting(limit=COUNT))
    rows.append(("do a job that does nothing", COUNT, COUNT / took, took / COUNT * 1000))
    table("Jobs, one process, durable database", ("what", "jobs", "per second", "ms each"), rows)
