"""Tables of others are read as what they mean; what cannot be read is told row by row; reading twice is reading once."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest

from tests.rounds.sensors import HOUR, LEIDEN, PLATFORM, START, UTRECHT, container, district, says
from vliegwiel.base.errors import Forbidden, Invalid, NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.arriving import Incoming, take_in
from vliegwiel.rounds.actions.containers import place_containers
from vliegwiel.rounds.actions.import_containers import import_containers
from vliegwiel.rounds.actions.import_evidence import import_deposits, import_weighings
from vliegwiel.rounds.actions.import_readings import import_readings
from vliegwiel.rounds.actions.import_sensors import import_sensors
from vliegwiel.rounds.actions.reading_again import Again, read_again
from vliegwiel.rounds.actions.sources import add_webhook_source
from vliegwiel.rounds.decoding.envelopes import EnvelopeFormat
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import (
    Channel,
    Container,
    Device,
    Emptying,
    Evidence,
    Location,
    Observation,
    Quality,
    SetAside,
    ThingLocation,
)
from vliegwiel.rounds.sources import source_with
from vliegwiel.trust.identity import Role, Staff, System
from vliegwiel.trust.models import Event

pytestmark = pytest.mark.django_db


def file(folder: Path, text: str, name: str = "tabel.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def placed(*codes: str) -> None:
    place_containers(PLATFORM, [container(code) for code in codes])


READINGS = """container;Tijd;Waarde
C1;2026-03-01 12:00;0
C1;2026-03-01T13:00:00Z;55,5
C1;01-03-2026 16:00;140
C9;2026-03-01 12:00;10
C1;gisteren;10
C1;2026-03-29 02:30;10
C1;2026-03-01 17:00;veel
;2026-03-01 12:00;10
"""


def test_readings_of_a_file_become_observations_and_what_is_wrong_is_told_by_row(tmp_path: Path) -> None:
    placed("C1")
    found = import_readings(PLATFORM, file(tmp_path, READINGS))
    assert (found.rows, found.stored, found.doubles, found.doubtful, found.refused) == (8, 3, 0, 1, 5)
    assert [(r.row, r.reason.split(".")[0]) for r in found.refusals] == [
        (4, "Deze container of dit apparaat is hier niet bekend"),
        (5, "De tijd is niet te lezen"),
        (6, "De tijd is niet te lezen"),
        (7, "De waarde is geen getal"),
        (8, "Er staat geen container of apparaat"),
    ]
    with scope(LEIDEN):
        assert list(
            Observation.objects.order_by("phenomenon_time").values_list("phenomenon_time", "result", "quality")
        ) == [
            (datetime(2026, 3, 1, 11, tzinfo=UTC), 0.0, Quality.GOOD),
            (datetime(2026, 3, 1, 13, tzinfo=UTC), 55.5, Quality.GOOD),
            (datetime(2026, 3, 1, 15, tzinfo=UTC), 140.0, Quality.IMPOSSIBLE),
        ]
        channel = Channel.objects.get()
        assert (channel.last_result, channel.last_time) == (55.5, datetime(2026, 3, 1, 13, tzinfo=UTC))
        assert Event.objects.filter(kind="metingen.ingelezen").count() == 1
    again = import_readings(PLATFORM, file(tmp_path, READINGS))
    assert (again.stored, again.doubles) == (0, 3)


def test_what_a_sensor_sent_and_what_its_file_says_is_one_reading(tmp_path: Path) -> None:
    place = district(1)
    store(LEIDEN, place.source, [says(40, START)])
    text = f"device_eui,time_utc,value,quantity\nE1,{START:%Y-%m-%d %H:%M},40,vulgraad\nE1,{START:%Y-%m-%d %H:%M},7,temperatuur\n"
    found = import_readings(PLATFORM, file(tmp_path, text))
    assert (found.stored, found.doubles) == (1, 1)


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.parquet"])
def test_emptyings_are_found_in_a_history_of_any_form(tmp_path: Path, name: str) -> None:
    placed("C1", "C2")
    levels = [60, 70, 80, 4, 10, 20]
    frame = pl.DataFrame(
        {
            "container": ["C1"] * 6 + ["C2"] * 6,
            "time": [START + i * 4 * HOUR for i in range(6)] * 2,
            "value": [float(v) for v in levels] + [10.0] * 6,
        }
    )
    path = tmp_path / name
    if name.endswith("parquet"):
        frame.write_parquet(path)
    else:
        file(tmp_path, frame.write_csv(), name)
    assert import_readings(PLATFORM, path).emptyings == 1
    with scope(LEIDEN):
        found = Emptying.objects.get()
        assert (found.container.code, found.at, found.level_before) == ("C1", START + 12 * HOUR, 80)


def test_a_weighing_is_an_emptying_and_a_weight_that_cannot_be_is_left_out(tmp_path: Path) -> None:
    placed("4041")
    text = (
        "location,time_utc,kg\n4041,2020-01-01T07:34:48Z,348\n4041,2020-01-01T07:35:00Z,248\n4041,2020-01-01T07:35:00Z,250\n"
        "4041,2020-01-04T07:34:48Z,-3\n4041,2020-01-05T07:34:48Z,3485\n7,2020-01-01T07:34:48Z,10\n"
    )
    found = import_weighings(PLATFORM, file(tmp_path, text))
    assert (found.stored, found.doubtful, found.refused) == (5, 2, 1)
    assert import_weighings(PLATFORM, file(tmp_path, text)).doubles == 5
    with scope(LEIDEN):
        weights = (
            Emptying.objects.filter(source="weighing").order_by("at", "kilograms").values_list("kilograms", flat=True)
        )
        assert list(weights) == [348, 248, 250, None, None]


def test_counted_deposits_are_evidence(tmp_path: Path) -> None:
    placed("C1")
    text = "container,tijd,aantal,nummer\nC1,2026-03-01 12:00,14,a1\nC1,2026-03-01 12:00,14,a1\nC1,2026-03-02 12:00,-2,a2\n"
    found = import_deposits(PLATFORM, file(tmp_path, text))
    assert (found.stored, found.doubles, found.refused) == (1, 1, 1)
    with scope(LEIDEN):
        row = Evidence.objects.get()
        assert (row.kind, row.value, row.reference) == ("deposit_count", 14, "a1")


CONTAINERS = """Code,Fractie,Liter,RD X,RD Y,Adres,Vaste dagen,Vanaf
L1,Restafval,5000,93500,463900,Breestraat 1,1 4,2026-01-01
L2,PMD,,93600,463900,,,
L3,hout,5000,93600,463900,,,
L4,rest,5000,,,,,
L1,rest,5000,93500,463900,,,
L5,rest,5000,10,10,,,
L6,rest,5000,93600,463900,,9,
L7,rest,5000,93600,463900,,,morgen
"""


def test_containers_of_a_register_are_placed_and_changed(tmp_path: Path) -> None:
    found = import_containers(PLATFORM, file(tmp_path, CONTAINERS), litres=3000, kilograms=400)
    assert (found.rows, found.stored, found.refused) == (8, 2, 6)
    assert [r.row for r in found.refusals] == [3, 4, 5, 6, 7, 8]
    with scope(LEIDEN):
        first, second = Container.objects.order_by("code")
        assert (first.fraction, first.litres, first.fixed_days, first.active_from) == (
            "rest",
            5000,
            [1, 4],
            date(2026, 1, 1),
        )
        assert (second.fraction, second.litres, second.kilograms_full) == ("pbd", 3000, 400)
        assert (first.lon, first.lat) == (pytest.approx(4.49, abs=0.02), pytest.approx(52.16, abs=0.02))
        assert (first.rd_x, first.rd_y) == (pytest.approx(93500, abs=1), pytest.approx(463900, abs=1))
    moved = import_containers(
        PLATFORM, file(tmp_path, "code,lon,lat\nL1,4.5,52.17\n"), fraction="papier", litres=1, kilograms=1
    )
    assert (moved.stored, moved.doubles) == (0, 1)
    with scope(LEIDEN):
        row = Container.objects.get(code="L1")
        assert (row.fraction, row.lon) == ("papier", 4.5)
        assert ThingLocation.objects.get(thing=row.thing_id).location.lon == 4.5
        assert row.thing.historical_locations.count() == 2
        assert Location.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "niet te lezen"),
        (b"\x00\x01\x02\xff\xfe", "mist de kolom"),
        (b"a,b\n1,2\n", "mist de kolom container, tijd, kilogram"),
        (b"PAR1 garbage", "mist de kolom"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=says):
        import_weighings(PLATFORM, path)
    broken = tmp_path / "x.parquet"
    broken.write_bytes(content)
    with pytest.raises(Invalid, match="niet te lezen"):
        import_weighings(PLATFORM, broken)


def test_hostile_cells_are_text_or_refused(tmp_path: Path) -> None:
    placed("C1")
    text = "container,tijd,kilogram,nummer\nC1,2026-03-01 12:00,1e999,x\n"
    text += 'C1,2026-03-01 12:00,5,"a\x00{b}\\""c"\nC1,9999-12-31 23:59,5,x\n'
    found = import_weighings(PLATFORM, file(tmp_path, text))
    assert (found.stored, found.refused) == (2, 1)


def test_only_who_may_reads_files_in_and_only_for_the_own_municipality(tmp_path: Path) -> None:
    placed("C1")
    nobody = Staff(LEIDEN, "s", "x", frozenset({Role.PRIVACY_OFFICER}))
    path = file(tmp_path, READINGS)
    for action in (import_readings, import_weighings, import_deposits, import_containers):
        with pytest.raises(Forbidden):
            action(nobody, path)
    found = import_readings(System(UTRECHT, "x"), path)
    assert found.stored == 0
    with scope(LEIDEN, UTRECHT):
        assert not Observation.objects.exists()


def network(name: str = "netwerk") -> UUID:
    return add_webhook_source(PLATFORM, name=name, form=EnvelopeFormat.PLAIN.value, decoder="milesight-em310-udl")[0]


SENSORS = """apparaat;container;sensortype;leeg_mm;vol_mm;minuten
24-e1-24-71-3c-00-00-01;C1;;2600;350;30
vrij.1;C1;;;;
x;C9;;;;
y;C1;toverdoos;;;
z;C1;;350;2600;
q;C1;;350;;
r;C1;;a;b;
vrij.1;C1;;;;
"""


def test_sensors_are_hung_and_what_they_sent_before_is_read_after_all(tmp_path: Path) -> None:
    placed("C1")
    source = source_with(LEIDEN, network())
    assert source is not None
    uplink = {
        "apparaat": "24e124713c000001",
        "id": "1",
        "tijd": START.isoformat(),
        "poort": 85,
        "bytes": "01755C03824408040001",
    }
    messages = [Incoming("", START, json.dumps(uplink).encode()), Incoming("", START, b"rommel")]
    assert take_in(source, messages).aside == 2
    found = import_sensors(PLATFORM, file(tmp_path, SENSORS), source="netwerk")
    assert (found.stored, found.refused) == (2, 6)
    assert [r.row for r in found.refusals] == [3, 4, 5, 6, 7, 8]
    with scope(LEIDEN):
        device = Device.objects.get(device_eui="24E124713C000001")
        assert (device.mounting, device.interval_seconds) == ({"leeg_mm": 2600, "vol_mm": 350}, 1800)
        level = Observation.objects.get(datastream__channels__name="vulgraad")
        assert (level.phenomenon_time, round(level.result or 0, 2)) == (START, 21.51)
        assert [row.code for row in SetAside.objects.filter(solved_at__isnull=True)] == ["geen_json"]
    assert read_again(PLATFORM, source.id) == Again(0, 1)
    assert import_sensors(PLATFORM, file(tmp_path, SENSORS), source="netwerk").stored == 0


def test_sensors_need_a_source_that_is_there_and_the_right(tmp_path: Path) -> None:
    path = file(tmp_path, SENSORS)
    with pytest.raises(Invalid, match="Voeg haar eerst toe"):
        import_sensors(PLATFORM, path, source="nergens")
    source = network()
    nobody = Staff(LEIDEN, "s", "x", frozenset({Role.PRIVACY_OFFICER}))
    for action in (lambda: import_sensors(nobody, path, source="netwerk"), lambda: read_again(nobody, source)):
        with pytest.raises(Forbidden):
            action()
    with pytest.raises(NotFound):
        read_again(System(UTRECHT, "x"), source)
