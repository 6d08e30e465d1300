"""Whatever arrives, from however many sides at once: nothing crashes, nothing is lost, nothing is stored twice."""

from __future__ import annotations

import os
import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rounds.sensors import HOUR, LEIDEN, START, district, series
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.decoding.messages import Notice, Quantity, Reading, Reason, Unreadable, Uplink
from vliegwiel.rounds.ingest.arrivals import Arrived
from vliegwiel.rounds.ingest.emptying import Fall, falls
from vliegwiel.rounds.ingest.judging import ChannelState, judge
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import Observation, Quality, RawMessage, SetAside

BATCHES = int(os.environ.get("VLIEGWIEL_STORED_BATCHES", "20"))

texts = st.text(max_size=700)
moments = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([START, START + HOUR, START - HOUR])
readings = st.builds(Reading, st.sampled_from(Quantity), st.floats() | st.floats(0, 100))
devices = st.sampled_from(["E1", "E2"]) | texts
outcomes = (
    st.builds(Uplink, devices, texts, moments, st.integers(), st.lists(readings, max_size=4).map(tuple))
    | st.builds(Notice, devices, texts)
    | st.builds(Unreadable, st.sampled_from(Reason), texts, texts)
)
arrivals = st.builds(
    Arrived,
    texts,
    st.timedeltas(timedelta(-30), timedelta(30)).map(lambda away: START + away),
    st.binary(),
    outcomes,
)


@pytest.mark.django_db
@settings(max_examples=BATCHES, suppress_health_check=list(HealthCheck))
@given(st.lists(arrivals, max_size=12))
def test_every_message_ends_up_somewhere_and_the_same_batch_again_stores_nothing(batch: list[Arrived]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT example")
    try:
        place = district(2)
        first = store(LEIDEN, place.source, batch)
        again = store(LEIDEN, place.source, batch)
        assert again.observations == 0
        assert again.aside == first.aside
        assert again.duplicates == first.observations + first.duplicates
        with scope(LEIDEN):
            known = {"E1", "E2"}
            aside = [a for a in batch if isinstance(a.outcome, Unreadable) or a.outcome.device not in known]
            assert first.aside == len(aside)
            assert sum(SetAside.objects.values_list("times", flat=True)) == 2 * len(aside)
            assert RawMessage.objects.exists() == (len(aside) < len(batch))
            assert Observation.objects.count() == first.observations
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT example")


@given(
    st.lists(st.tuples(st.floats(allow_nan=True), moments), max_size=30),
    st.floats(-10, 0),
    st.floats(100, 110),
)
def test_judging_never_fails_and_only_keeps_what_is_possible_and_newer(
    said: list[tuple[float, datetime]], low: float, high: float
) -> None:
    state = ChannelState(low, high, watched=True)
    for value, time in said:
        newest = state.last_time
        judged = judge(state, value, time, START)
        assert judged.time in (time, START)
        assert (judged.quality is Quality.IMPOSSIBLE) == (not low <= value <= high)
        if state.last_time != newest:
            assert state.last_result is not None
            assert low <= state.last_result <= high
            assert newest is None or (state.last_time is not None and state.last_time > newest)


levels = st.lists(st.floats(0, 100), max_size=60)


@given(levels, st.floats(0.2, 30))
def test_an_emptying_is_a_fall_between_two_readings_in_order(values: list[float], hours: float) -> None:
    points = [(START + i * timedelta(hours=hours), v) for i, v in enumerate(values)]
    found = falls(points)
    assert [f.at for f in found] == sorted({f.at for f in found})
    said = dict(points)
    for fall in found:
        assert isinstance(fall, Fall)
        assert fall.not_before < fall.at
        assert (said[fall.not_before], said[fall.at]) == (fall.before, fall.after)
        assert fall.before - fall.after >= 15
    assert falls([(at, min(v, 14.0)) for at, v in points]) == []


def test_several_that_store_the_same_at_once_store_it_once_and_never_block_each_other(fresh_database: Urls) -> None:
    place = district(30)
    batch = [m for i in range(30) for m in series([10, 20, 80, 5, 10], device=f"E{i + 1}")]
    failures: list[BaseException] = []
    stored: list[int] = []

    def work(seed: int) -> None:
        mine = batch[:]
        random.Random(seed).shuffle(mine)
        try:
            stored.extend(
                store(LEIDEN, place.source, mine[start : start + 40]).observations for start in range(0, len(mine), 40)
            )
        except BaseException as error:  # noqa: BLE001  whatever it is, the test must say so
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(stored) == 150
    with scope(LEIDEN):
        assert Observation.objects.count() == 150
        assert RawMessage.objects.count() == 150
