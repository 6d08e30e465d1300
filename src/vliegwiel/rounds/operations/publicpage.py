"""What anybody in the street may see of a container: how full it is, when it is emptied, and what came of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.models import Container, Evidence, EvidenceKind, Forecast, PlanState, PromiseTo, Stop, StopState
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import scope_of

from .situation import fraction_name, last_emptied, latest_forecasts

MOST: Final = 12
UNKNOWN = "Deze container kennen wij niet. Kijk nog eens naar het nummer op de container."


@dataclass(frozen=True, slots=True)
class PublicContainer:
    """A container. `level`: about how full, in steps of five percent; None: nobody knows. `coming`: the day of a fixed plan."""

    code: str
    name: str
    fraction: str
    level: int | None
    coming: date | None
    emptied: datetime | None


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A report and what came of it. `kept` None: the promised day is not over."""

    id: UUID
    container: PublicContainer
    at: datetime
    what: str
    promised: date
    firm: bool
    kept: bool | None
    emptied: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: at most `MOST` containers, and how many there are beside those."""

    containers: tuple[PublicContainer, ...]
    more: int


def search_containers(actor: Actor, text: str) -> Found:
    """Containers with this in their street or number. Anybody may ask."""
    wanted = text.casefold().strip()
    if len(wanted) < 2:
        return Found((), 0)
    with scope_of(actor):
        rows = [
            row
            for row in Container.objects.order_by("address", "code")
            if wanted in f"{row.address} {row.code}".casefold()
        ]
        return Found(_shown(rows[:MOST]), max(0, len(rows) - MOST))


def public_container(actor: Actor, code: str) -> PublicContainer:
    """The container with this number. Raises `NotFound`."""
    with scope_of(actor):
        return _shown([_row(code)])[0]


def public_report(actor: Actor, report: UUID) -> PublicReport:
    """A report by its id, which only who made it has. Raises `NotFound`."""
    with scope_of(actor):
        promise = PromiseTo.objects.filter(zaak=report).select_related("container").first()
        said = Evidence.objects.filter(zaak=report, kind=EvidenceKind.REPORT).first()
        if promise is None or said is None:
            raise NotFound("Deze melding is er niet.")
        container = _shown([promise.container])[0]
        firm = container.coming is not None and container.coming <= promise.date
    emptied = container.emptied if container.emptied is not None and container.emptied > said.at else None
    kept = promise.kept if promise.kept is not None else (True if emptied is not None else None)
    return PublicReport(report, container, said.at, said.remark, promise.date, firm, kept, emptied)


def _row(code: str) -> Container:
    row = Container.objects.filter(code=code).first()
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def _shown(rows: list[Container]) -> tuple[PublicContainer, ...]:
    ids = [row.id for row in rows]
    forecasts, emptied = latest_forecasts(ids), last_emptied(ids)
    stops = Stop.objects.filter(
        container_id__in=ids, state=StopState.PLANNED, route__plan__date__gte=clock.today(),
        route__plan__state__in=(PlanState.FIXED, PlanState.DRIVING),
    ).order_by("-route__plan__date")  # fmt: skip
    # The earliest day comes last, so that it stays.
    coming = dict(stops.values_list("container_id", "route__plan__date"))
    return tuple(
        PublicContainer(
            row.code, row.address or row.code, fraction_name(row.fraction), _level(forecasts.get(row.id), emptied.get(row.id)),
            coming.get(row.id), emptied.get(row.id),
        )
        for row in rows
    )  # fmt: skip


def _level(forecast: Forecast | None, emptied: datetime | None) -> int | None:
    if forecast is None:
        return None
    if emptied is not None and emptied > forecast.made_at:
        return 0
    return min(round(forecast.level_now / 5) * 5, 100)
