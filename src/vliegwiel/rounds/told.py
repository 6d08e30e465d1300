"""What was told of the filling of containers, as arrays for the forecast: readings, emptyings, and what people saw.

Emptyings of two years travel as packed bytes, one row per container: reading them one by one costs more than forecasting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from vliegwiel.base.prepared import prepared
from vliegwiel.rounds.forecast import Containers, Deposits, Levels, containers
from vliegwiel.rounds.forecast.counting import Counts
from vliegwiel.rounds.forecast.emptyings import FULL
from vliegwiel.rounds.forecast.evidence import Bools, Floats, Ints, days_of
from vliegwiel.rounds.models import EvidenceKind, FaultKind
from vliegwiel.rounds.queries import levels_of_all

READ_BACK: Final = timedelta(days=42)
"""Readings older than this say nothing that the rate of a container does not say already."""

EMPTIED_BACK: Final = timedelta(days=800)
"""Emptyings tell of seasons: two years of them."""

SEEN_BACK: Final = timedelta(days=14)
COUNTED_BACK: Final = timedelta(days=120)

THINNED: Final = timedelta(hours=4)
"""Of the readings in each stretch of this length, the last one counts."""

NEXT: Final = timedelta(microseconds=1)
"""The reading of this very moment is known."""

ONE_EMPTYING: Final = 0.5
"""Days. A sensor, a scale and a driver who tell of an emptying within this time tell of the same."""

NO_SENSOR: Final = "geen"
SOUND: Final = "goed"
STATES: Final = {
    FaultKind.DEAD.value: "sensor zwijgt",
    FaultKind.STUCK.value: "sensor blijft hangen",
    FaultKind.IMPOSSIBLE.value: "meting kan niet",
}
"""What a fault means for whoever reads the forecast; the first that is open counts."""

_CONTAINERS = """
SELECT k.id, k.code, k.litres, k.kilograms_full, k.fraction, k.district,
       EXISTS (SELECT 1 FROM rounds_device AS d
               WHERE d.municipality_id = k.municipality_id AND d.thing_id = k.thing_id AND d.active),
       ARRAY(SELECT f.kind FROM rounds_sensorfault AS f
             JOIN rounds_device AS d ON d.municipality_id = f.municipality_id AND d.id = f.device_id
             WHERE f.municipality_id = k.municipality_id AND d.thing_id = k.thing_id AND d.active AND f.until IS NULL)
FROM rounds_container AS k
WHERE k.municipality_id = %s AND (k.active_until IS NULL OR k.active_until >= %s::date) AND k.litres > 0
ORDER BY k.code
"""

_WALL = "(extract(epoch FROM ({0} AT TIME ZONE 'Europe/Amsterdam')) / 86400)::float8"

_HALFWAY = "COALESCE(e.not_before + (e.at - e.not_before) / 2, e.at)"

_EMPTYINGS = f"""
SELECT e.container_id,
       string_agg(float8send({_WALL.format(_HALFWAY)}),
                  ''::bytea ORDER BY e.at, e.id),
       string_agg(float8send(CASE e.source WHEN 'weighing' THEN COALESCE(e.kilograms, 'NaN') ELSE 'NaN' END),
                  ''::bytea ORDER BY e.at, e.id),
       string_agg(float8send(COALESCE(e.kilograms, 'NaN')), ''::bytea ORDER BY e.at, e.id),
       string_agg(float8send(COALESCE(e.litres, 'NaN')), ''::bytea ORDER BY e.at, e.id),
       string_agg(float8send(COALESCE(e.level_before, 'NaN')), ''::bytea ORDER BY e.at, e.id)
FROM rounds_emptying AS e
WHERE e.municipality_id = %s AND e.container_id = ANY(%s::uuid[]) AND e.at > %s::timestamptz AND e.at <= %s::timestamptz
GROUP BY e.container_id
"""  # noqa: S608  put together from names of ours only

_SEEN = f"""
SELECT e.container_id, {_WALL.format("e.at")}, COALESCE(e.value, 100)
FROM rounds_evidence AS e
WHERE e.municipality_id = %s AND e.container_id = ANY(%s::uuid[]) AND e.kind = ANY(%s::text[])
  AND e.at > %s::timestamptz AND e.at <= %s::timestamptz
ORDER BY e.at
"""  # noqa: S608  put together from names of ours only


_COUNTED = f"""
SELECT e.container_id, string_agg(float8send({_WALL.format("e.at")}), ''::bytea ORDER BY e.at, e.id),
       string_agg(float8send(e.value), ''::bytea ORDER BY e.at, e.id)
FROM rounds_evidence AS e
WHERE e.municipality_id = %s AND e.container_id = ANY(%s::uuid[]) AND e.kind = %s AND e.value > 0
  AND e.at > %s::timestamptz AND e.at <= %s::timestamptz
GROUP BY e.container_id
"""  # noqa: S608  put together from names of ours only


@dataclass(frozen=True, slots=True)
class Collected:
    """Emptyings [e], each once, by container and moment: `litres` that were taken (NaN: unknown), `full`: it was full."""

    container: Ints
    at: Floats
    litres: Floats
    full: Bools


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told. `ids` and `states` go with the rows of `containers`; amounts are litres.

    `seen`: what people saw (residents, drivers), levels in percent. `counts`: deposits counted. `weighed`: spans between
    emptyings of known amount.
    """

    ids: tuple[UUID, ...]
    states: tuple[str, ...]
    containers: Containers
    levels: Levels
    emptied: Collected
    seen: Levels
    counts: Counts

    @property
    def last_emptied(self) -> Floats:
        """[n] moment of the last emptying; minus infinity where none is known."""
        last = np.full(len(self.ids), -np.inf)
        np.maximum.at(last, self.emptied.container, self.emptied.at)
        return last

    @property
    def weighed(self) -> Deposits:
        """What came in between two emptyings, where the amount of the second is known."""
        e = self.emptied
        again = (e.container[1:] == e.container[:-1]) & np.isfinite(e.litres[1:]) & (e.at[1:] > e.at[:-1])
        return Deposits(
            e.container[1:][again], e.at[:-1][again], e.at[1:][again], e.litres[1:][again], e.full[1:][again]
        )


def told(municipality: str, at: datetime) -> Told:
    """What was known at a moment of the containers that stand there. Inside a scope; six statements, however many there are."""
    with prepared() as cursor:
        cursor.execute(_CONTAINERS, [municipality, at.date()])
        rows = cursor.fetchall()
        ids = [row[0] for row in rows]
        place = {key: number for number, key in enumerate(ids)}
        some = containers(
            [row[1] for row in rows], [float(row[2]) for row in rows], [f"{row[4]}|{row[5]}" for row in rows]
        )
        states = tuple(_state(has_sensor=row[6], faults=row[7]) for row in rows)
        cursor.execute(_EMPTYINGS, [municipality, ids, at - EMPTIED_BACK, at])
        density = np.array([_litres_each(float(row[2]), float(row[3])) for row in rows])
        emptied = _collected([(place[row[0]], row[1:]) for row in cursor.fetchall()], density)
        kinds = [EvidenceKind.REPORT.value, EvidenceKind.DRIVER.value]
        cursor.execute(_SEEN, [municipality, ids, kinds, at - SEEN_BACK, at])
        saw = cursor.fetchall()
        cursor.execute(_COUNTED, [municipality, ids, EvidenceKind.DEPOSIT_COUNT.value, at - COUNTED_BACK, at])
        counted = [(place[row[0]], _unpacked(row[1]), _unpacked(row[2])) for row in cursor.fetchall()]
    seen = Levels(
        np.array([place[row[0]] for row in saw], dtype=np.int64),
        np.array([row[1] for row in saw], dtype=np.float64),
        np.array([row[2] for row in saw], dtype=np.float64),
    )
    read = levels_of_all(municipality, ids, at - READ_BACK, at + NEXT, step=THINNED)
    levels = Levels(read.container, days_of(read.at), read.level)
    counts = Counts(
        np.repeat(np.array([row for row, _, _ in counted], dtype=np.int64), [len(one) for _, one, _ in counted]),
        np.concatenate([np.zeros(0), *(one for _, one, _ in counted)]),
        np.concatenate([np.zeros(0), *(one for _, _, one in counted)]),
    )
    return Told(tuple(ids), states, some, levels, emptied, seen, counts)


def _state(*, has_sensor: bool, faults: Sequence[str]) -> str:
    if not has_sensor:
        return NO_SENSOR
    return next((words for kind, words in STATES.items() if kind in faults), SOUND)


def _litres_each(litres: float, kilograms_full: float) -> float:
    """Litres that a kilogram takes in the container."""
    return litres / kilograms_full if kilograms_full > 0 else np.nan


def _unpacked(packed: bytes | memoryview) -> Floats:
    return np.frombuffer(bytes(packed), dtype=">f8").astype(np.float64)


def _collected(rows: Sequence[tuple[int, Sequence[bytes]]], density: Floats) -> Collected:
    """Emptyings, those that are the same brought together: a scale knows the amount better than a driver or a sensor."""
    if not rows:
        return Collected(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_))
    columns = [[_unpacked(packed[number]) for _, packed in rows] for number in range(5)]
    container = np.repeat(np.array([row[0] for row in rows], dtype=np.int64), [len(one) for one in columns[0]])
    moment, weighed, said, by_sensor, before = (np.concatenate(column) for column in columns)
    order = np.lexsort((moment, container))
    container, moment = container[order], moment[order]
    new = np.ones(len(moment), dtype=np.bool_)
    new[1:] = (container[1:] != container[:-1]) | (np.diff(moment) > ONE_EMPTYING)
    first = np.flatnonzero(new)
    # Two weighings of one visit are two lifts.
    lifted = np.add.reduceat(np.nan_to_num(weighed[order]), first)
    said, by_sensor = np.fmax.reduceat(said[order], first), np.fmax.reduceat(by_sensor[order], first)
    litres = np.where(lifted > 0, lifted, said) * density[container[first]]
    full = np.fmax.reduceat(before[order], first) >= FULL
    return Collected(container[first], moment[first], np.where(np.isfinite(litres), litres, by_sensor), full)
