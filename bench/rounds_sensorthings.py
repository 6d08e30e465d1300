"""Rounds: questions to the SensorThings API among very many observations, over HTTP as a program asks them.

`VLIEGWIEL_READINGS` says among how many (see `bench.rounds_ingest`, which fills them in). Beside each question stands how many
statements it takes: that number follows from the question, never from how much there is.
"""

from __future__ import annotations

import time
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import percentile, table
from bench.rounds_ingest import LEIDEN, PLATFORM, district, fill
from vliegwiel.base.actions import go_live, load_municipalities
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.clients import add_client
from vliegwiel.rounds.models import Datastream, Location

ROOT = "/sensorthings/v1.1"
CONTAINERS, TURNS = 2_000, 12
AREA = "geography'POLYGON((4.40 52.1, 4.45 52.1, 4.45 52.2, 4.40 52.2, 4.40 52.1))'"


def main() -> None:
    load_municipalities()
    go_live(LEIDEN, date(2026, 1, 1), phone="14 071")
    district(CONTAINERS, "H")
    fill()
    with connection.cursor() as cursor, scope(LEIDEN):
        cursor.execute("SELECT count(*) FROM rounds_observation")
        (total,) = cursor.fetchone()
        stream = Datastream.objects.earliest("id").id
        location = Location.objects.earliest("id").id
    one = f"Datastreams('{stream}')"
    asked = {
        "100 dingen met laatste meting": "Things?$expand=Datastreams($expand=Observations($orderby=phenomenonTime desc;$top=1))",
        "laatste 100 van één datastream": f"{one}/Observations?$orderby=phenomenonTime desc",
        "één maand van één datastream, als rijen": f"{one}/Observations?$filter=phenomenonTime ge 2026-02-01T00:00:00Z"
        " and phenomenonTime lt 2026-03-01T00:00:00Z&$top=10000&$resultFormat=dataArray",
        "tellen van één datastream": f"{one}/Observations/$count",
        "eerste 100 van alle waarnemingen": "Observations",
        "laatste 100 van alle waarnemingen": "Observations?$orderby=phenomenonTime desc",
        "laatste waarneming boven 99 met haar ding": "Observations?$filter=result gt 99&$orderby=phenomenonTime desc"
        "&$top=1&$expand=Datastream/Thing",
        "dingen in een vlak": f"Things?$filter=st_within(Locations/location, {AREA})",
        "tellen van dingen in een vlak": f"Things/$count?$filter=st_within(Locations/location, {AREA})",
        "tien dichtstbijzijnde plekken": "Locations?$orderby=geo.distance(location, geography'POINT(4.49 52.16)')&$top=10",
        "wat hangt er op een plek": f"Locations('{location}')/Things?$expand=Datastreams",
        "waarnemingen over een ding bij naam": "Observations?$filter=Datastream/Thing/name eq 'H77'"
        "&$orderby=phenomenonTime desc&$top=10",
    }
    client = Client(HTTP_HOST="leiden.localhost", HTTP_AUTHORIZATION=f"Bearer {add_client(PLATFORM, name='bench')[1]}")
    rows = []
    for name, address in asked.items():
        first = client.get(f"{ROOT}/{address}")
        assert first.status_code == 200, (name, first.content[:300])
        times = []
        for _ in range(TURNS):
            began = time.perf_counter()
            client.get(f"{ROOT}/{address}")
            times.append(time.perf_counter() - began)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{ROOT}/{address}")
        rows.append(
            (
                name,
                percentile(times, 0.5) * 1000,
                percentile(times, 0.95) * 1000,
                len(first.content) / 1000,
                len(captured),
            )
        )
    table(
        f"SensorThings, {total:,} waarnemingen van {CONTAINERS:,} containers",
        ("vraag", "p50 ms", "p95 ms", "kB", "opdrachten"),
        rows,
    )
