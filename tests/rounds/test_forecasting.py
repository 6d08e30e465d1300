"""What is expected of each container is renewed from readings, emptyings, weighings and what people saw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.rounds.sensors import LEIDEN, UTRECHT, District, district, says
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.forecast import days
from vliegwiel.rounds.forecasting import BY_GROUP, BY_SCALE, BY_SENSOR, DAYS, believed, renew_forecasts
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import (
    Container,
    Emptying,
    EmptyingSource,
    Evidence,
    EvidenceKind,
    FaultKind,
    Forecast,
    SensorFault,
)
from vliegwiel.rounds.told import told

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def fills(place: District, device: str, *, rate: float, every: int, until: datetime = NOW, span: int = 30) -> None:
    """Readings each four hours: `rate` percent a day, emptied every so many days in the morning."""
    rng = np.random.default_rng(len(device) + every)
    batch = []
    start = NOW - span * DAY
    for step in range(span * 6):
        at = start + step * timedelta(hours=4)
        if at > until:
            break
        level = rate * ((step / 6) % every) + rng.normal(0, 1)
        batch.append(says(float(np.clip(level, 0, 100)), at, device=device))
    store(LEIDEN, place.source, batch)


def made() -> dict[str, Forecast]:
    with scope(LEIDEN):
        return {row.container.code: row for row in Forecast.objects.select_related("container")}


def container(code: str) -> Container:
    return Container.objects.get(code=code)


def emptied(code: str, moments: Sequence[datetime], kilograms: float | None) -> None:
    with scope(LEIDEN):
        for at in moments:
            Emptying.objects.create(
                municipality_id=LEIDEN, container=container(code), at=at, source=EmptyingSource.WEIGHING,
                kilograms=kilograms, reference=at.isoformat(),
            )  # fmt: skip


def test_each_container_that_stands_there_gets_one_forecast_and_an_other_municipality_none() -> None:
    place = district(3)
    fills(place, "E1", rate=12, every=5)
    assert renew_forecasts(LEIDEN, at=NOW) == 3
    rows = made()
    assert set(rows) == {"C1", "C2", "C3"}
    assert all(len(row.overflow) == DAYS and list(row.overflow) == sorted(row.overflow) for row in rows.values())
    assert all(0 <= row.level_low <= row.level_now <= row.level_high for row in rows.values())
    with scope(UTRECHT):
        assert not Forecast.objects.exists()
    assert renew_forecasts(UTRECHT, at=NOW) == 0


def test_a_sensor_tells_the_level_and_the_rate() -> None:
    place = district(2)
    fills(place, "E1", rate=12, every=5)
    fills(place, "E2", rate=4, every=15)
    renew_forecasts(LEIDEN, at=NOW)
    rows = made()
    assert rows["C1"].method == BY_SENSOR
    assert rows["C1"].sensor_state == "goed"
    assert rows["C1"].rate_mean == pytest.approx(12, rel=0.25)
    assert rows["C2"].rate_mean == pytest.approx(4, rel=0.25)
    last = 12 * (((30 * 6 - 1) / 6) % 5)
    assert rows["C1"].level_low - 3 <= last <= rows["C1"].level_high + 3
    assert rows["C1"].overflow[-1] > 0.9
    assert rows["C2"].overflow[0] < 0.01


def test_the_band_can_be_drawn_from_what_is_kept() -> None:
    """The level in t days: its mean by the rate, its deviation by that of a day; as the forecast itself says it."""
    place = district(2)
    fills(place, "E1", rate=9, every=6)
    fills(place, "E2", rate=4, every=12)
    renew_forecasts(LEIDEN, at=NOW)
    with scope(LEIDEN):
        known = told(LEIDEN, NOW)
        _, belief = believed(known, days(NOW))
    for number, code in enumerate(known.containers.keys):
        row = made()[code]
        spread = (row.level_high - row.level_low) / (2 * 1.645)
        for ahead in (3, 7):
            band = belief.ahead(np.array([days(NOW) + ahead])).quantile(0.95)[number, 0] / 50
            drawn = row.level_now + ahead * row.rate_mean + 1.645 * (spread**2 + ahead * row.rate_sd**2) ** 0.5
            assert drawn == pytest.approx(band, rel=0.12)


def test_renewed_twice_on_a_day_leaves_the_last_of_that_day() -> None:
    place = district(1)
    fills(place, "E1", rate=12, every=5)
    renew_forecasts(LEIDEN, at=NOW - DAY)
    renew_forecasts(LEIDEN, at=NOW - timedelta(hours=1))
    renew_forecasts(LEIDEN, at=NOW)
    renew_forecasts(LEIDEN, at=NOW)
    with scope(LEIDEN):
        assert list(Forecast.objects.order_by("made_at").values_list("made_at", flat=True)) == [NOW - DAY, NOW]


def test_nothing_known_later_is_used() -> None:
    place = district(1)
    fills(place, "E1", rate=12, every=5)
    renew_forecasts(LEIDEN, at=NOW - 10 * DAY)
    before = made()["C1"].level_now
    emptied("C1", [NOW - 5 * DAY], 300)
    renew_forecasts(LEIDEN, at=NOW - 10 * DAY)
    assert made()["C1"].level_now == before


def test_without_a_sensor_weighings_tell_the_rate_and_the_last_emptying_the_level() -> None:
    place = district(2)
    fills(place, "E1", rate=12, every=5)
    emptied("C2", [NOW - (35 - 7 * n) * DAY for n in range(5)], 300)  # 300 of 600 kilograms a week; a week ago the last
    renew_forecasts(LEIDEN, at=NOW)
    row = made()["C2"]
    assert row.method == BY_SCALE
    assert row.rate_mean == pytest.approx(50 / 7, rel=0.4)
    assert row.level_now == pytest.approx(50, rel=0.4)
    emptied("C2", [NOW - timedelta(hours=2)], None)
    renew_forecasts(LEIDEN, at=NOW)
    assert made()["C2"].level_now < 3


def test_a_container_nobody_told_of_is_as_uncertain_as_its_group() -> None:
    place = district(4)
    for device in ("E1", "E2", "E3"):
        fills(place, device, rate=10, every=6)
    renew_forecasts(LEIDEN, at=NOW)
    row = made()["C4"]
    assert row.method == BY_GROUP
    assert row.rate_mean == pytest.approx(10, rel=0.4)
    assert row.level_high - row.level_low > 3 * (made()["C1"].level_high - made()["C1"].level_low)


def test_a_silent_sensor_is_not_believed_for_ever_and_its_state_is_said() -> None:
    place = district(2)
    fills(place, "E1", rate=12, every=5)
    fills(place, "E2", rate=12, every=5, until=NOW - 4 * DAY)
    with scope(LEIDEN):
        device = container("C2").thing.devices.get()
        SensorFault.objects.create(
            municipality_id=LEIDEN,
            device=device,
            kind=FaultKind.DEAD,
            since=NOW - 4 * DAY,
            last_seen=NOW,
            evidence="stil",
        )
    renew_forecasts(LEIDEN, at=NOW)
    rows = made()
    assert rows["C2"].sensor_state == "sensor zwijgt"
    assert rows["C2"].level_now > 48
    assert rows["C2"].level_high - rows["C2"].level_low > rows["C1"].level_high - rows["C1"].level_low
    emptied("C2", [NOW - timedelta(hours=1)], 500)
    renew_forecasts(LEIDEN, at=NOW)
    assert made()["C2"].level_now < 5


def test_what_a_resident_reports_moves_the_level_until_it_is_emptied() -> None:
    place = district(2)
    fills(place, "E1", rate=6, every=12)
    emptied("C2", [NOW - (24 - 4 * n) * DAY for n in range(6)], 120)
    renew_forecasts(LEIDEN, at=NOW)
    before = made()["C2"]
    with scope(LEIDEN):
        Evidence.objects.create(
            municipality_id=LEIDEN,
            container=container("C2"),
            at=NOW - timedelta(hours=3),
            kind=EvidenceKind.REPORT,
            value=100,
        )
    renew_forecasts(LEIDEN, at=NOW)
    after = made()["C2"]
    assert after.level_now > before.level_now + 30
    assert after.overflow[1] > before.overflow[1] + 0.3
    emptied("C2", [NOW - timedelta(hours=1)], 500)
    renew_forecasts(LEIDEN, at=NOW)
    assert made()["C2"].level_now < 5


def test_counted_deposits_tell_the_content_where_there_is_no_sensor() -> None:
    place = district(3)
    fills(place, "E1", rate=12, every=5)
    moments = [NOW - (56 - 4 * n) * DAY for n in range(14)]  # the last one four days ago
    emptied("C2", moments, 150)
    emptied("C3", moments, 150)
    with scope(LEIDEN):
        for code in ("C2", "C3"):
            for day in range(60):
                # Sixty deposits bring 150 kilograms, a quarter of what fits; of late three times as many came to C3.
                busy = code == "C3" and day >= 56
                Evidence.objects.create(
                    municipality_id=LEIDEN, container=container(code), at=NOW - (59.5 - day) * DAY,
                    kind=EvidenceKind.DEPOSIT_COUNT, value=45 if busy else 15, reference=str(day),
                )  # fmt: skip
    renew_forecasts(LEIDEN, at=NOW)
    rows = made()
    assert rows["C3"].level_now > 1.8 * rows["C2"].level_now
    assert rows["C2"].level_now == pytest.approx(25, abs=8)
