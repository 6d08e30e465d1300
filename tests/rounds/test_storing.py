"""What sources send is stored once, whole and in time; what cannot be stored is kept aside with its reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.rounds.sensors import HOUR, LEIDEN, START, UTRECHT, District, district, says, series
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.decoding.messages import Notice, Reason, Unreadable
from vliegwiel.rounds.ingest.arrivals import Arrived, Stored
from vliegwiel.rounds.ingest.removing import find
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import (
    Channel,
    Datastream,
    Device,
    Emptying,
    FaultKind,
    Observation,
    Quality,
    RawMessage,
    SensorFault,
    SensorSource,
    SetAside,
)
from vliegwiel.rounds.watching import watch_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> District:
    return district()


def levels() -> list[tuple[datetime, float | None, int]]:
    with scope(LEIDEN):
        return list(
            Observation.objects.filter(datastream__observed_property__name="vulgraad")
            .order_by("phenomenon_time")
            .values_list("phenomenon_time", "result", "quality")
        )


def faults() -> list[tuple[str, bool]]:
    with scope(LEIDEN):
        return [(f.kind, f.until is None) for f in SensorFault.objects.order_by("kind")]


def test_a_message_becomes_an_observation_for_each_quantity_and_stays_as_it_came(place: District) -> None:
    message = says(0.0, START, temperatuur=7.5, batterij=90)
    assert store(LEIDEN, place.source, [message]) == Stored(observations=2, unwanted=1)
    assert levels() == [(START, 0.0, Quality.GOOD)]
    with scope(LEIDEN):
        assert bytes(RawMessage.objects.get().raw) == message.raw
        stream = Datastream.objects.get(id=place.streams["C1"])
        assert (stream.phenomenon_from, stream.phenomenon_until) == (START, START)
        assert Device.objects.get().last_seen == START
    with scope(UTRECHT):
        assert not Observation.objects.exists()


def test_the_same_messages_again_change_nothing(place: District) -> None:
    batch = series([10, 20, 30])
    assert store(LEIDEN, place.source, [*batch, batch[1]]) == Stored(observations=3, duplicates=1)
    assert store(LEIDEN, place.source, batch[::-1]) == Stored(duplicates=3)
    with scope(LEIDEN):
        assert RawMessage.objects.count() == 3
        channel = Channel.objects.get(name="vulgraad")
        assert (channel.last_result, channel.same_count) == (30, 1)


def test_an_observation_is_found_by_its_id_alone(place: District) -> None:
    store(LEIDEN, place.source, series([10, 20]))
    with scope(LEIDEN):
        for row in Observation.objects.all():
            assert find(LEIDEN, row.id) == (row.datastream_id, row.phenomenon_time)
        assert find(LEIDEN, UUID(int=5)) is None


def test_a_message_out_of_order_is_late_but_counts(place: District) -> None:
    batch = series([10, 20, 30])
    store(LEIDEN, place.source, [batch[0], batch[2], batch[1]])
    assert [quality for *_, quality in levels()] == [Quality.GOOD, Quality.LATE, Quality.GOOD]
    with scope(LEIDEN):
        assert Channel.objects.get(name="vulgraad").last_result == 30


@pytest.mark.parametrize("value", [-1.0, 101.0, float("nan"), float("inf")])
def test_a_value_that_cannot_be_is_stored_apart_and_shown(place: District, value: float) -> None:
    store(LEIDEN, place.source, [says(40, START), says(value, START + HOUR)])
    assert levels()[1][2] == Quality.IMPOSSIBLE
    assert faults() == [(FaultKind.IMPOSSIBLE, True)]
    with scope(LEIDEN):
        assert "terwijl 0 tot 100 kan" in SensorFault.objects.get().evidence
        assert Channel.objects.get(name="vulgraad").last_result == 40


@pytest.mark.parametrize("years", [-26, 12, 7000])
def test_a_wrong_clock_gives_the_moment_of_receipt_and_the_same_message_again_is_known(
    place: District, years: int
) -> None:
    wrong = START.replace(year=START.year + years)
    first = says(40, wrong, received=START, message="m1")
    again = says(40, wrong, received=START + HOUR, message="m1")
    assert store(LEIDEN, place.source, [first]).observations == 1
    assert store(LEIDEN, place.source, [again]).duplicates == 1
    assert levels() == [(START, 40.0, Quality.CLOCK)]
    assert faults() == [(FaultKind.CLOCK, True)]
    with scope(LEIDEN):
        assert Observation.objects.get().parameters == {"tijd_van_sensor": wrong.isoformat()}


def test_two_messages_with_the_same_wrong_moment_are_two(place: District) -> None:
    wrong = datetime(2000, 1, 1, tzinfo=UTC)
    batch = [says(40 + i, wrong, received=START + i * HOUR, message=f"m{i}") for i in range(3)]
    assert store(LEIDEN, place.source, batch).observations == 3
    assert [moment for moment, *_ in levels()] == [START, START + HOUR, START + 2 * HOUR]


def test_a_sensor_that_stays_on_one_value_is_stuck_until_it_moves(place: District) -> None:
    batch = series([37.5] * 30)
    store(LEIDEN, place.source, batch[:20])
    store(LEIDEN, place.source, batch[20:])
    assert [quality for *_, quality in levels()] == [Quality.GOOD] * 24 + [Quality.STUCK] * 6
    assert faults() == [(FaultKind.STUCK, True)]
    store(LEIDEN, place.source, [says(38, START + 130 * HOUR)])
    assert faults() == [(FaultKind.STUCK, False)]
    assert levels()[-1][2] == Quality.GOOD


def test_an_unused_container_stays_empty_for_two_weeks_without_a_fault(place: District) -> None:
    store(LEIDEN, place.source, series([0.0] * 80))
    assert faults() == []


def test_a_flood_of_doubles_is_seen(place: District) -> None:
    message = says(40, START)
    assert store(LEIDEN, place.source, [message] * 5000) == Stored(observations=1, duplicates=4999, faults=1)
    assert faults() == [(FaultKind.DUPLICATES, True)]
    with scope(LEIDEN):
        assert "4999 van de 5000" in SensorFault.objects.get().evidence
        assert RawMessage.objects.count() == 1


def test_messages_hours_too_late_are_a_fault_when_most_are(place: District) -> None:
    batch = [says(40 + i, START + i * HOUR, received=START + i * HOUR + 3 * HOUR) for i in range(8)]
    store(LEIDEN, place.source, batch)
    assert {quality for *_, quality in levels()} == {Quality.LATE}
    assert faults() == [(FaultKind.LATE, True)]


def test_what_cannot_be_read_is_kept_aside_with_its_reason_and_counted(place: District) -> None:
    rubbish = Arrived("x\0y" * 300, START, b"\x00\xff", Unreadable(Reason.NOT_JSON, "Dit is geen JSON.", ""))
    stranger = says(10, START, device="WIE?")
    notice = Arrived("t", START, b"join", Notice("NIEMAND", "aanmelding"))
    assert store(LEIDEN, place.source, [rubbish, stranger, notice, rubbish]).aside == 4
    assert store(LEIDEN, place.source, [rubbish]).aside == 1
    with scope(LEIDEN):
        kept = {k.code: (k.times, bytes(k.raw)) for k in SetAside.objects.filter(device_eui="")}
        assert kept == {Reason.NOT_JSON: (3, b"\x00\xff")}
        strangers = SetAside.objects.filter(code=Reason.UNKNOWN_DEVICE)
        assert {k.device_eui for k in strangers} == {"WIE?", "NIEMAND"}
        assert not RawMessage.objects.exists()


def test_a_notice_shows_that_the_device_lives(place: District) -> None:
    store(LEIDEN, place.source, [Arrived("t", START, b"join", Notice("E1", "aanmelding"))])
    with scope(LEIDEN):
        assert Device.objects.get().last_seen == START
        assert RawMessage.objects.count() == 1


def emptyings() -> list[tuple[datetime, float, float]]:
    with scope(LEIDEN):
        return [
            (e.at, e.level_before or 0.0, e.level_after or 0.0)
            for e in Emptying.objects.filter(source="sensor").order_by("at")
        ]


def test_an_emptying_is_seen_in_the_level(place: District) -> None:
    assert store(LEIDEN, place.source, series([60, 70, 80, 4, 9, 15])).emptyings == 1
    assert emptyings() == [(START + 12 * HOUR, 80, 4)]
    with scope(LEIDEN):
        found = Emptying.objects.get()
        assert (found.not_before, found.litres) == (START + 8 * HOUR, pytest.approx(3800))


def test_readings_in_any_order_and_any_batches_tell_the_same_emptyings(place: District) -> None:
    truth = series([60, 70, 80, 4, 9, 15, 22, 30, 41, 55, 3, 3, 5, 7, 60, 8, 12, 30, 50, 66, 72, 2, 71, 75, 80, 6])
    expected = [(START + 12 * HOUR, 80.0, 4.0), (START + 40 * HOUR, 55.0, 3.0), (START + 100 * HOUR, 80.0, 6.0)]
    generator = random.Random(7)
    for _ in range(6):
        with scope(LEIDEN):
            Observation.objects.all().delete()
            Emptying.objects.all().delete()
            Channel.objects.update(last_time=None, last_result=None, same_since=None, same_count=0)
        left = truth[:]
        generator.shuffle(left)
        while left:
            count = generator.randint(1, 6)
            store(LEIDEN, place.source, left[:count])
            left = left[count:]
        assert emptyings() == expected


def test_a_batch_of_many_devices_is_stored_with_a_constant_number_of_statements(
    django_assert_max_num_queries: object,
) -> None:
    many = district(40)
    batch = [m for i in range(40) for m in series([10, 20, 90, 5], device=f"E{i + 1}")]
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        assert store(LEIDEN, many.source, batch).observations == 160


def test_a_device_that_is_silent_is_dead_until_it_speaks(place: District) -> None:
    from vliegwiel.rounds.ingest.faults import sweep

    store(LEIDEN, place.source, [says(40, START)])
    with scope(LEIDEN):
        assert sweep(LEIDEN, START + 23 * HOUR) == 0
        assert sweep(LEIDEN, START + 25 * HOUR) == 1
        assert sweep(LEIDEN, START + 26 * HOUR) == 0
    store(LEIDEN, place.source, [says(41, START + 30 * HOUR)])
    assert faults() == [(FaultKind.DEAD, False)]


def test_a_device_that_never_spoke_is_dead_a_day_after_it_was_placed(place: District) -> None:
    from vliegwiel.base.clock import now
    from vliegwiel.rounds.ingest.faults import sweep

    with scope(LEIDEN):
        assert sweep(LEIDEN, now() + 23 * HOUR) == 0
        assert sweep(LEIDEN, now() + 25 * HOUR) == 1
        assert "nog nooit een bericht" in SensorFault.objects.get().evidence


def test_a_source_that_only_comes_as_a_file_is_never_silent(place: District) -> None:
    from vliegwiel.rounds.ingest.faults import sweep

    store(LEIDEN, place.source, [says(40, START)])
    with scope(LEIDEN):
        SensorSource.objects.update(kind="file")
        assert sweep(LEIDEN, START + 99 * HOUR) == 0


def test_a_fault_not_seen_for_a_day_is_over(place: District) -> None:
    from vliegwiel.rounds.ingest.faults import sweep

    store(LEIDEN, place.source, [says(140, START), says(40, START + 10 * HOUR)])
    with scope(LEIDEN):
        sweep(LEIDEN, START + 20 * HOUR)
        assert faults() == [(FaultKind.IMPOSSIBLE, True)]
        sweep(LEIDEN, START + timedelta(days=1, hours=1))
    assert faults() == [(FaultKind.IMPOSSIBLE, False)]


def test_every_quarter_the_sensors_of_all_municipalities_are_looked_after(
    place: District, clock: Callable[..., object]
) -> None:
    store(LEIDEN, place.source, [says(40, START)])
    clock(START + 25 * HOUR)
    watch_all()
    assert faults() == [(FaultKind.DEAD, True)]
