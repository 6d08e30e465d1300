"""The simulated sensors speak as real ones do: what they send is what the platform's decoders, written apart, read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.rounds.decoding.decoding import Mounting, decode
from vliegwiel.rounds.decoding.envelopes import EnvelopeFormat, open_envelope
from vliegwiel.rounds.decoding.library import sensor_types
from vliegwiel.rounds.decoding.messages import Envelope, Quantity, Uplink
from vliegwiel.rounds.decoding.payload import Misfit, read
from vliegwiel.simulators.sensors.containers import Container, World, read_world, write_world
from vliegwiel.simulators.sensors.encoding import KINDS, Measured
from vliegwiel.simulators.sensors.faults import Weakness, weakness
from vliegwiel.simulators.sensors.fleet import Due, Fleet

START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FINEST = {"sensoneo-single-3": 10.0}
"""Half of the smallest step of a type, in millimetres; half a millimetre for the others."""


def district(count: int = 40) -> World:
    kinds = sorted(KINDS)
    containers = [
        Container(f"C{i}", f"70B3D57ED000{i:04X}", kinds[i % len(kinds)], 20.0, START, 12.0, 2600.0, 350.0)
        for i in range(count)
    ]
    return World("GM0546", containers)


def days(fleet: Fleet, count: float, *, begin: datetime = START) -> list[Due]:
    fleet.begin(begin)
    return [due for hour in range(1, round(24 * count) + 1) for due in fleet.step(begin + hour * HOUR)]


def test_there_is_a_simulated_sensor_of_every_known_type() -> None:
    assert set(KINDS) == set(sensor_types())


@given(
    st.sampled_from(sorted(KINDS)),
    st.integers(0, 5000),
    st.integers(0, 100),
    st.integers(0, 40),
    st.integers(0, 100),
)
def test_what_is_encoded_is_decoded(kind: str, distance: int, level: int, celsius: int, battery: int) -> None:
    payload = KINDS[kind].encode(Measured(distance, level, float(celsius), battery))
    found = read(sensor_types()[kind], KINDS[kind].port, payload)
    assert not isinstance(found, Misfit)
    assert found.readings[Quantity.DISTANCE] == pytest.approx(distance, abs=FINEST.get(kind, 0.5))
    if Quantity.TEMPERATURE in found.readings:
        assert found.readings[Quantity.TEMPERATURE] == celsius
    if Quantity.FILL_LEVEL in found.readings:
        assert found.readings[Quantity.FILL_LEVEL] == level
    if Quantity.BATTERY in found.readings:
        assert found.readings[Quantity.BATTERY] == battery


def test_what_the_fleet_sends_tells_how_full_the_containers_are() -> None:
    world = district()
    fleet = Fleet(world, "1", interval=HOUR)
    sent = days(fleet, 2)
    sound = {c.device: c for c in world.containers if weakness(c.device, "1") is Weakness.NONE}
    last: dict[str, float] = {}
    for due in sent:
        envelope = open_envelope(EnvelopeFormat.THINGS_STACK, due.body, due.topic)
        assert isinstance(envelope, Envelope)
        if envelope.device in sound:
            kind = sensor_types()[sound[envelope.device].kind]
            outcome = decode(envelope, kind, Mounting(2600.0, 350.0))
            assert isinstance(outcome, Uplink)
            last[envelope.device] = outcome.value(Quantity.FILL_LEVEL) or 0.0
    assert len(sound) > 25
    for device, level in last.items():
        assert level == pytest.approx(min(sound[device].level, 100.0), abs=3.5)


def test_containers_fill_at_their_rate_and_are_empty_when_emptied() -> None:
    world = district()
    fleet = Fleet(world, "1", interval=HOUR)
    days(fleet, 5)
    came = sum(c.level - 20.0 for c in world.containers) / len(world.containers)
    assert came == pytest.approx(60.0, rel=0.15)
    assert fleet.emptied("C3", START + timedelta(days=5))
    assert world.by_code["C3"].level < 2.0
    assert not fleet.emptied("onbekend", START)


def test_the_same_seed_gives_the_same_messages_and_another_one_others() -> None:
    first, again, other = (days(Fleet(district(), seed, HOUR), 0.5) for seed in ("7", "7", "8"))
    assert first == again
    assert first != other


def test_how_a_container_fills_does_not_depend_on_how_often_it_is_asked() -> None:
    often, seldom = district(3), district(3)
    for hour in range(1, 97):
        for container in often.containers:
            container.fill(START + hour * HOUR / 4, "1")
    for container in seldom.containers:
        container.fill(START + 24 * HOUR, "1")
    for one, two in zip(often.containers, seldom.containers, strict=True):
        assert one.level == pytest.approx(two.level)


def test_each_fault_shows_and_most_messages_are_good() -> None:
    world = district(200)
    fleet = Fleet(world, "3", interval=timedelta(hours=1))
    sent = days(fleet, 2)
    kinds = Counter(weakness(c.device, "3") for c in world.containers)
    assert set(kinds) == set(Weakness)
    assert kinds[Weakness.NONE] > 140
    bodies = Counter(due.body for due in sent)
    assert any(times > 1 for times in bodies.values()), "duplicates"
    moments = [(due.at, datetime.fromisoformat(json.loads(due.body)["received_at"])) for due in sent]
    assert any(at - said > HOUR for at, said in moments), "late"
    assert any(abs(at - said) > timedelta(days=30) for at, said in moments), "clock"
    unreadable = 0
    by_device = {c.device: c.kind for c in world.containers}
    for due in sent:
        envelope = open_envelope(EnvelopeFormat.THINGS_STACK, due.body)
        assert isinstance(envelope, Envelope)
        unreadable += not isinstance(decode(envelope, sensor_types()[by_device[envelope.device]]), Uplink)
    assert 0 < unreadable < len(sent) * 0.05


def test_a_silent_sensor_says_nothing() -> None:
    world = district(2)
    world.containers[0].silent = True
    assert {due.topic.split("/")[4] for due in days(Fleet(world, "1"), 1)} == {"c1"}


def test_a_world_is_written_down_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "sensors" / "world.json"
    assert read_world(path) is None
    world = district(3)
    days(Fleet(world, "1"), 1)
    write_world(path, world)
    assert read_world(path) == world
