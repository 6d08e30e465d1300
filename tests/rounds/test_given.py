"""Observations that programs post are all kept, found by their id, moved and removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rounds.sensors import HOUR, LEIDEN, START, UTRECHT, District, district, series
from vliegwiel.base.errors import Invalid, NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.ingest import arrays
from vliegwiel.rounds.ingest.arrivals import NewObservation
from vliegwiel.rounds.ingest.given import store_observations
from vliegwiel.rounds.ingest.ids import message_id, observation_id, time_window
from vliegwiel.rounds.ingest.removing import find, move, remove_observation, remove_observations_of
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import Datastream, Observation, ObservationMoved


@pytest.fixture
def place(db: None) -> District:
    return district()


def posted(place: District, *observations: NewObservation) -> list[UUID]:
    with scope(LEIDEN):
        return store_observations(LEIDEN, observations)


def new(place: District, time: datetime = START, result: float = 1.0, mark: str = "") -> NewObservation:
    return NewObservation(place.streams["C1"], time, result, mark=mark)


def test_each_posting_is_an_observation_and_the_same_mark_is_the_same_one(place: District) -> None:
    first, second = posted(place, new(place), new(place))
    assert first != second
    assert posted(place, new(place, mark="a"), new(place, START + HOUR), new(place, mark="a"))[::2] == posted(
        place, new(place, mark="a"), new(place, mark="a")
    )
    with scope(LEIDEN):
        assert Observation.objects.count() == 4


def test_every_field_of_the_standard_is_kept(place: District) -> None:
    full = NewObservation(
        place.streams["C1"], START, None, {"a": ["\x00", "\\u0000", True]}, START + HOUR, START + 2 * HOUR, {"goed": 1},
        START, START + 3 * HOUR, {"p": None}, uuid4(), "m",
    )  # fmt: skip
    (row,) = posted(place, full)
    with scope(LEIDEN):
        kept = Observation.objects.get(id=row)
        stream = Datastream.objects.get(id=place.streams["C1"])
    assert kept.result_json == {"a": ["\ufffd", "\\u0000", True]}
    assert (kept.phenomenon_end, kept.result_time, kept.result_quality) == (START + HOUR, START + 2 * HOUR, {"goed": 1})
    assert (kept.valid_from, kept.valid_until, kept.parameters) == (START, START + 3 * HOUR, {"p": None})
    assert kept.feature_id == full.feature_id
    assert (stream.phenomenon_from, stream.phenomenon_until) == (START, START + HOUR)
    assert (stream.result_from, stream.result_until) == (START + 2 * HOUR, START + 2 * HOUR)


def test_text_that_is_no_text_is_refused(place: District) -> None:
    with pytest.raises(Invalid, match="geen tekst"):
        posted(place, NewObservation(place.streams["C1"], START, None, "\ud800"))


@pytest.mark.parametrize("moment", [START, datetime(1950, 5, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_an_observation_of_any_moment_is_found_moved_and_removed_by_its_id(place: District, moment: datetime) -> None:
    (row,) = posted(place, new(place, moment))
    with scope(LEIDEN):
        assert find(LEIDEN, row) == (place.streams["C1"], moment)
        for later in (START + HOUR, datetime(2031, 1, 1, tzinfo=UTC), moment):
            move(LEIDEN, row, later)
            assert find(LEIDEN, row) == (place.streams["C1"], later)
            stream = Datastream.objects.get(id=place.streams["C1"])
            assert (stream.phenomenon_from, stream.phenomenon_until) == (later, later)
        assert Observation.objects.get(id=row).result == 1.0
        remove_observation(LEIDEN, row)
        assert find(LEIDEN, row) is None
        assert not ObservationMoved.objects.exists()
        assert Datastream.objects.get(id=place.streams["C1"]).phenomenon_from is None
        for gone in (lambda: move(LEIDEN, row, START), lambda: remove_observation(LEIDEN, row)):
            with pytest.raises(NotFound):
                gone()


def test_another_municipality_neither_finds_nor_removes(place: District) -> None:
    (row,) = posted(place, new(place))
    with scope(UTRECHT):
        assert find(UTRECHT, row) is None
        assert find(LEIDEN, row) is None
        assert remove_observations_of(LEIDEN, [place.streams["C1"]]) == 0


def test_the_observations_of_a_datastream_go_together(place: District) -> None:
    store(LEIDEN, place.source, series([1, 2, 3]))
    with scope(LEIDEN):
        assert remove_observations_of(LEIDEN, [place.streams["C1"]]) == 3
        assert not Observation.objects.exists()


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.datetimes(EPOCH.replace(tzinfo=None), timezones=st.just(UTC))


@given(st.uuids(), moments, st.binary(max_size=80))
def test_an_id_tells_its_moment_and_follows_from_what_it_names(stream: UUID, moment: datetime, mark: bytes) -> None:
    row = observation_id(stream, moment, mark)
    first, until = time_window(row)
    assert first <= moment < until
    assert until - first == timedelta(milliseconds=1)
    assert row.version == 8
    assert row == observation_id(stream, moment, mark)
    assert row != observation_id(stream, moment, mark + b"x")
    assert row != observation_id(stream, moment + timedelta(microseconds=1), mark) if moment.year < 9999 else True


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4), moments)
def test_different_messages_have_different_ids(one: list[bytes], other: list[bytes], moment: datetime) -> None:
    assert (message_id(moment, *one) == message_id(moment, *other)) == (one == other)


@given(st.uuids())
def test_any_id_leads_to_a_moment_that_exists(row: UUID) -> None:
    first, until = time_window(row)
    assert first < until


texts_of_others = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


@pytest.mark.django_db
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.none() | st.uuids(), max_size=5),
    st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), max_size=5),
    st.lists(st.none() | st.floats(allow_nan=False), max_size=5),
    st.lists(st.none() | texts_of_others, max_size=5),
    st.lists(st.binary(), max_size=5),
)
def test_columns_arrive_as_they_left(
    ids: list[UUID | None],
    times: list[datetime | None],
    values: list[float | None],
    words: list[str | None],
    raw: list[bytes],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::uuid[], %s::timestamptz[], %s::float8[], %s::text[], %s::bytea[]",
            [arrays.uuids(ids), arrays.moments(times), arrays.numbers(values), arrays.texts(words), arrays.blobs(raw)],
        )
        assert cursor.fetchone() == (ids, times, values, words, raw)
