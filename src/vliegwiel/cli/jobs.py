"""Work on the background: what waits, runs or failed, and trying again."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from vliegwiel.base import bootstrap, jobs

from .output import Exit, Json, Refused, show, show_json, table

app = typer.Typer(help="Werk op de achtergrond.", add_completion=False)


class Status(StrEnum):
    """Where a job can stand."""

    WACHT = "todo"
    LOOPT = "doing"
    MISLUKT = "failed"


TITLES = {Status.WACHT: "wacht", Status.LOOPT: "loopt", Status.MISLUKT: "mislukt"}


@app.callback()
def _top() -> None:
    """Werk op de achtergrond: wat wacht, loopt of is mislukt."""


@app.command("list")
def list_(
    status: Annotated[Status | None, typer.Option(help="Alleen met deze status.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Hoeveel hoogstens.")] = 100,
    as_json: Json = False,
) -> None:
    """Toon de taken, de nieuwste eerst. Wat gelukt is, staat er niet meer bij."""
    with bootstrap.database():
        found = ProcrastinateJob.objects.filter(status__in=[status] if status else list(Status)).order_by("-id")
        rows = [
            {
                "id": row.id, "job": row.task_name, "municipality": row.args.get("municipality", ""), "status": row.status,
                "attempts": row.attempts, "at": row.scheduled_at,
            }
            for row in found[:limit]
        ]  # fmt: skip
    if as_json:
        show_json(rows)
        return
    head = ("nr", "taak", "gemeente", "status", "pogingen", "niet voor")
    show(
        table(
            head,
            [
                (r["id"], r["job"], r["municipality"], TITLES[Status(r["status"])], r["attempts"], r["at"] or "")
                for r in rows
            ],
        )
    )


@app.command()
def ticks(as_json: Json = False) -> None:
    """Toon wat het werkproces steeds opnieuw doet, en hoe vaak."""
    rows = [{"name": tick.name, "seconds": tick.seconds} for tick in jobs.ticks()]
    if as_json:
        show_json(rows)
    else:
        show(table(("wat", "elke (s)"), [(row["name"], row["seconds"]) for row in rows]))


@app.command()
def retry(
    number: Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="Nummer van de taak; zie jobs list.")],
    as_json: Json = False,
) -> None:
    """Probeer een mislukte taak opnieuw."""
    with bootstrap.database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [number])
        row = cursor.fetchone()
        if row is None:
            raise Refused(f"Taak {number} bestaat niet.")
        if row[0] != Status.MISLUKT:
            raise Refused(f"Taak {number} is niet mislukt.", Exit.BUSY)
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
    if as_json:
        show_json({"id": number, "status": str(Status.WACHT)})
    else:
        show(f"Taak {number} staat weer in de rij.")
