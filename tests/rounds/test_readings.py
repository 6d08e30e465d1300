"""What pages and forecasts read of the sensors is whole, in order, and bounded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rounds.sensors import HOUR, LEIDEN, PLATFORM, START, UTRECHT, District, district, says, series
from vliegwiel.base.errors import Forbidden
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.decoding.messages import Reason, Unreadable
from vliegwiel.rounds.ingest.arrivals import Arrived
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import Container, Emptying, Quality
from vliegwiel.rounds.queries import LevelPoint, emptyings_of, levels_of, levels_of_all, sensor_overview
from vliegwiel.trust.identity import Anonymous, Role, Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> District:
    return district(2)


def one(code: str = "C1") -> Container:
    return Container.objects.get(code=code)


def test_the_history_of_a_container_is_whole_and_in_order_with_what_was_impossible(place: District) -> None:
    store(LEIDEN, place.source, [*series([10, 20, 30]), says(300, START + HOUR), *series([5], device="E2")])
    with scope(LEIDEN), CaptureQueriesContext(connection):
        assert levels_of(one().id, START, START + 8 * HOUR) == (
            LevelPoint(START, 10, Quality.GOOD),
            LevelPoint(START + HOUR, 300, Quality.IMPOSSIBLE),
            LevelPoint(START + 4 * HOUR, 20, Quality.GOOD),
        )
        assert levels_of(one("C2").id, START, START + HOUR) == (LevelPoint(START, 5, Quality.GOOD),)
    with scope(UTRECHT):
        assert levels_of(Container(id=place.source).id, START, START + HOUR) == ()


def test_a_long_history_keeps_its_peaks_and_valleys(place: District) -> None:
    values = [20 + (i % 50) for i in range(600)]
    values[333], values[334] = 99, 1
    store(LEIDEN, place.source, series(values, step=timedelta(minutes=15)))
    with scope(LEIDEN):
        found = levels_of(one().id, START, START + 150 * HOUR, most=60)
    assert len(found) <= 60
    assert [p.at for p in found] == sorted(p.at for p in found)
    assert {99.0, 1.0} <= {p.level for p in found}


def test_the_forecast_gets_the_last_usable_level_of_each_step_container_by_container(place: District) -> None:
    store(LEIDEN, place.source, series([10, 11, 12, 13, 14], step=HOUR))
    store(LEIDEN, place.source, [says(400, START + 2.5 * HOUR), *series([50, 60], device="E2", step=HOUR)])
    with scope(LEIDEN):
        ids = [one("C2").id, one().id]
        table = levels_of_all(LEIDEN, ids, START, START + 10 * HOUR, step=2 * HOUR)
    assert table.containers == tuple(ids)
    assert table.container.tolist() == [0, 1, 1, 1]
    assert table.level.tolist() == [60, 11, 13, 14]
    assert table.at[0] == (START + HOUR).timestamp()
    with scope(UTRECHT):
        assert len(levels_of_all(UTRECHT, ids, START, START + 10 * HOUR).at) == 0


def test_one_emptying_told_by_sensor_driver_and_scale_is_one(place: District) -> None:
    store(LEIDEN, place.source, series([60, 70, 80, 4, 9]))
    with scope(LEIDEN):
        container = one()
        for source, at, kg in (
            ("driver", START + 10 * HOUR, None),
            ("weighing", START + 10.1 * HOUR, 200.0),
            ("weighing", START + 10.3 * HOUR, 150.0),
            ("driver", START + 100 * HOUR, None),
        ):
            Emptying.objects.create(municipality_id=LEIDEN, container=container, at=at, source=source, kilograms=kg)
        first, second = emptyings_of(container.id, START, START + 200 * HOUR)
    assert first.at == START + 10 * HOUR
    assert set(first.sources) == {"driver", "weighing", "sensor"}
    assert (first.kilograms, first.level_before, first.level_after) == (350, 80, 4)
    assert second.sources == ("driver",)


def test_the_overview_counts_today_and_shows_faults_and_what_is_kept_aside(
    place: District, clock: Callable[..., object]
) -> None:
    clock(START + 9 * HOUR)
    store(LEIDEN, place.source, [*series([10, 20]), says(-4, START + 6 * HOUR)])
    store(LEIDEN, place.source, [Arrived("t", START, b"?", Unreadable(Reason.NOT_JSON, "Dit is geen JSON.", ""))] * 3)
    found = sensor_overview(PLATFORM)
    assert (found.devices, found.heard, found.messages, found.duplicates, found.late) == (2, 1, 3, 0, 0)
    assert [(f.kind, f.device, f.container) for f in found.faults] == [("impossible", "E1", "C1")]
    assert [(a.code, a.times, a.reason) for a in found.aside] == [(Reason.NOT_JSON, 3, "Dit is geen JSON.")]
    with pytest.raises(Forbidden):
        sensor_overview(Staff(LEIDEN, "s", "x", frozenset({Role.PRIVACY_OFFICER})))
    with pytest.raises(Exception, match="Log in"):
        sensor_overview(Anonymous(LEIDEN))


def test_another_municipality_sees_none_of_it(place: District, clock: Callable[..., object]) -> None:
    store(LEIDEN, place.source, [says(-4, START)])
    found = sensor_overview(type(PLATFORM)(UTRECHT, "proef"))
    assert (found.devices, found.faults, found.aside) == (0, (), ())
