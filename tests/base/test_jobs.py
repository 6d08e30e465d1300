"""A job is part of the transaction that asks for it, carries no personal data, and is tried again when it fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.jobs import Job as QueuedJob

from vliegwiel.base import clock, jobs, logs

done: list[tuple[str, str, str]] = []


@jobs.job("tests.letter")
def letter(municipality: str, zaak_id: str) -> None:
    done.append((municipality, zaak_id, logs.request_id()))


@jobs.job("tests.follow_up")
def follow_up(municipality: str) -> None:
    letter.later(municipality=municipality, zaak_id="vervolg")


@pytest.fixture(autouse=True)
def _nothing_done() -> Iterator[None]:
    done.clear()
    yield
    done.clear()


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_asked_for() -> None:
    try:
        with transaction.atomic():
            letter.later(municipality="GM0546", zaak_id="a")
            raise KeyError
    except KeyError:
        pass
    assert waiting() == 0


@pytest.mark.django_db
def test_a_job_gets_its_arguments_and_the_request_that_asked() -> None:
    with logs.context(request_id="verzoek-1"):
        letter.later(municipality="GM0546", zaak_id="a")
    assert jobs.run_waiting() == 1
    assert done == [("GM0546", "a", "verzoek-1")]
    assert waiting() == 0


@pytest.mark.django_db
def test_a_job_may_ask_for_another() -> None:
    follow_up.later(municipality="GM0344")
    assert jobs.run_waiting() == 2
    assert done == [("GM0344", "vervolg", "")]


@pytest.mark.django_db
def test_a_timer_waits_for_its_moment(clock: object) -> None:
    letter.later(municipality="GM0546", zaak_id="later", at=jobs.clock.now() + timedelta(days=3))
    assert jobs.run_waiting() == 0
    clock(jobs.clock.now() + timedelta(days=4))  # type: ignore[operator]
    assert jobs.run_waiting() == 1


@pytest.mark.django_db
def test_a_key_keeps_a_second_from_waiting_without_spoiling_the_transaction() -> None:
    with transaction.atomic():
        for _ in range(3):
            letter.later(municipality="GM0546", zaak_id="a", once="letter:a")
        letter.later(municipality="GM0546", zaak_id="b", once="letter:b")
    assert waiting() == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"zaak_id": "999993653"},
        {"zaak_id": 999993653},
        {"zaak_id": "jan@voorbeeld.nl"},
        {"zaak_id": uuid.uuid4()},
        {"zaak_id": {"a": 1}},
    ],
)
def test_personal_data_and_things_that_are_no_identifier_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"tests\.letter"):
        letter.later(municipality="GM0546", **bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("municipality", ["", "0546", "GM05467", "gm0546"])
def test_a_job_belongs_to_a_municipality(municipality: str) -> None:
    with pytest.raises(ValueError, match="municipality"):
        letter.later(municipality=municipality, zaak_id="a")


def test_arguments_a_job_does_not_have_are_a_defect() -> None:
    with pytest.raises(TypeError):
        letter.later(municipality="GM0546", zaak="a")


def test_pauses_grow_and_end() -> None:
    strategy = jobs.Backoff(5)
    waits = []
    for attempt in range(6):
        job = QueuedJob(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempt)
        decision = strategy.get_retry_decision(exception=ValueError(), job=job)
        waits.append(
            round((decision.retry_at - clock.now()).total_seconds()) if decision and decision.retry_at else None
        )
    assert waits == [5, 15, 45, 135, None, None]
