"""Rounds: readings of sensors stored in batches beside one by one, with doubles and disorder, and read back among very many.

`VLIEGWIEL_READINGS` says among how many readings a history is read (two million; the platform is meant for a hundred million,
which takes some twenty minutes and 25 GB).
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, connections

from bench.figures import percentile, seconds, table
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.containers import NewContainer, NewSensor, hang_sensors, place_containers
from vliegwiel.rounds.decoding.messages import Quantity, Reading, Uplink
from vliegwiel.rounds.ingest.arrivals import Arrived
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import Channel, Container, Observation, SensorSource
from vliegwiel.rounds.queries import levels_of, levels_of_all
from vliegwiel.trust.identity import System

LEIDEN = "GM0546"
PLATFORM = System(LEIDEN, "bench")
DEVICES, BATCH, BATCHES = 2_000, 500, 60
READINGS = int(os.environ.get("VLIEGWIEL_READINGS", "2000000"))
CONTAINERS_OF_HISTORY = 10_000
PAGE = timedelta(days=90)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = ("weg", "metingen/s", "ms per bericht")

_MONTH = """
INSERT INTO {part} (id, municipality_id, datastream_id, phenomenon_time, received_at, result, quality)
SELECT gen_random_uuid(), 'GM0546', s.id, t, t, (s.n * 13 + k * 3) %% 101, 0
FROM generate_series(0, %s) AS k
CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM rounds_datastream) AS s
CROSS JOIN LATERAL (SELECT %s::timestamptz + k * %s::interval + s.n * interval '7 milliseconds' AS t) AS moment
"""


def district(count: int, prefix: str) -> UUID:
    """So many containers with a sensor each."""
    codes = [f"{prefix}{i}" for i in range(count)]
    with scope(LEIDEN):
        source = SensorSource.objects.create(municipality_id=LEIDEN, name=f"bron {prefix}", kind="mqtt").id
        place_containers(
            PLATFORM,
            [NewContainer(code, "rest", 5000, 600, 4.4 + i % 997 / 5000, 52.16) for i, code in enumerate(codes)],
        )
        hang_sensors(PLATFORM, source, [NewSensor(code, code, "bench") for code in codes])
    return source


def messages(prefix: str, first: int, count: int) -> list[Arrived]:
    """Levels as containers give them: up a little each time, and now and then emptied."""
    made = []
    for number in range(first, first + count):
        device, turn = number % DEVICES, number // DEVICES
        level = (device * 7 + turn * 2.5) % 90
        at = NOW + turn * timedelta(minutes=15) + device * timedelta(milliseconds=300)
        name = f"{prefix}{device}"
        uplink = Uplink(name, f"m{number}", at, turn, (Reading(Quantity.FILL_LEVEL, level),))
        made.append(Arrived(f"v3/{name}/up", at, b"{" + b"x" * 400 + str(number).encode() + b"}", uplink))
    return made


def one_by_one(source: UUID, batch: Sequence[Arrived]) -> None:
    """A transaction for each message: ask whether it is there, and store it."""
    with scope(LEIDEN):
        streams = dict(Channel.objects.filter(device__source=source).values_list("device__device_eui", "datastream_id"))
    for arrived in batch:
        uplink = arrived.outcome
        assert isinstance(uplink, Uplink)
        with scope(LEIDEN):
            Observation.objects.get_or_create(
                municipality_id=LEIDEN,
                datastream_id=streams[uplink.device],
                phenomenon_time=uplink.time,
                defaults={"received_at": arrived.received_at, "result": uplink.readings[0].value},
            )


def speed(way: str, count: int, work: Callable[[], object]) -> tuple[str, float, float]:
    spent = seconds(work)
    return way, count / spent, spent / count * 1000


def storing() -> None:
    source = district(DEVICES, "B")
    number = BATCH * BATCHES
    all_of_them = messages("B", 0, number)
    batches = [all_of_them[i : i + BATCH] for i in range(0, number, BATCH)]
    shuffled = messages("B", number, number)
    random.Random(1).shuffle(shuffled)
    loose = messages("B", 2 * number, 1500)

    def all_batches(of: Sequence[Arrived]) -> Callable[[], object]:
        return lambda: [store(LEIDEN, source, of[i : i + BATCH]) for i in range(0, len(of), BATCH)]

    store(LEIDEN, source, batches[0])  # the connection has its statements ready
    table(
        f"Metingen opslaan, {DEVICES} sensoren, {BATCH} berichten per transactie",
        HEAD,
        (
            speed("in volgorde", number, all_batches(all_of_them)),
            speed("door elkaar, elk twee keer", 2 * number, all_batches(sorted([*shuffled, *shuffled], key=id))),
            speed("alles nog eens (niets nieuw)", number, all_batches(all_of_them)),
            speed("een voor een (get_or_create)", len(loose), lambda: one_by_one(source, loose)),
        ),
    )


def fill() -> tuple[list[UUID], timedelta]:
    """So many readings, month by month in order of time, as they would have come in."""
    with scope(LEIDEN):
        codes = Container.objects.filter(code__startswith="H")
        containers = list(codes.values_list("id", flat=True))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('vliegwiel.scope', %s, false)", [LEIDEN])
        cursor.execute("DELETE FROM rounds_channel WHERE NOT starts_with(name, 'vulgraad')")
        cursor.execute("SELECT count(*) FROM rounds_datastream")
        (streams,) = cursor.fetchone()
        months = 12
        each = max(READINGS // streams // months, 1)
        step = timedelta(days=28) / each
        for month in range(months):
            begin = datetime(2025 + (month + 10) // 12, (month + 10) % 12 + 1, 1, tzinfo=UTC)
            end = datetime(2025 + (month + 11) // 12, (month + 11) % 12 + 1, 1, tzinfo=UTC)
            part = f"rounds_observation_{begin:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [part])
            (there,) = cursor.fetchone()
            if not there:
                # First the rows, then the indexes, then a month of the whole: as a restore does it.
                cursor.execute(
                    f"CREATE TABLE {part} (LIKE rounds_observation INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
                )
            cursor.execute(_MONTH.format(part="rounds_observation" if there else part), [each - 1, begin, step])
            if not there:
                cursor.execute(
                    f"ALTER TABLE {part} ADD PRIMARY KEY (municipality_id, datastream_id, phenomenon_time, id)"
                    " INCLUDE (result, quality)"
                )
                cursor.execute(
                    f"ALTER TABLE rounds_observation ATTACH PARTITION {part} FOR VALUES FROM (%s) TO (%s)", [begin, end]
                )
                cursor.execute("SELECT trust_protect_partition(%s)", [part])
        cursor.execute("VACUUM (ANALYZE) rounds_observation")
    return containers, step


def reading() -> None:
    district(CONTAINERS_OF_HISTORY, "H")
    began = time.monotonic()
    containers, step = fill()
    filled = time.monotonic() - began
    with connection.cursor() as cursor, scope(LEIDEN):
        cursor.execute("SELECT count(*) FROM rounds_observation")
        (total,) = cursor.fetchone()
    some = random.Random(2).sample(containers, 60)
    with scope(LEIDEN):
        times, points = [], 0
        for container in some:
            began = time.perf_counter()
            points += len(levels_of(container, NOW - PAGE, NOW))
            times.append(time.perf_counter() - began)
        many = seconds(lambda: levels_of_all(LEIDEN, containers[:1000], NOW - timedelta(days=28), NOW))
    table(
        f"Teruglezen uit {total:,} metingen ({CONTAINERS_OF_HISTORY:,} containers, elke {step}; gevuld in {filled:.0f} s)",
        ("wat", "p50 ms", "p95 ms", "max ms"),
        (
            (
                f"90 dagen van een container ({points // len(some)} punten)",
                *(percentile(times, share) * 1000 for share in (0.5, 0.95, 1.0)),
            ),
            ("28 dagen van 1.000 containers, per 4 uur", many * 1000, many * 1000, many * 1000),
        ),
    )


def main() -> None:
    storing()
    reading()
