"""The breaker: a register that keeps failing is left alone, tried again by one, and let back in when it answers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.registers.breaker import CircuitBreaker, State


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def breaker(hands: Hands) -> CircuitBreaker:
    return CircuitBreaker(failures=3, seconds=5, longest=15, monotonic=hands)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        assert breaker.allows()
        breaker.failed()


def test_it_opens_after_so_many_failures_in_a_row(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    assert breaker.state is State.CLOSED
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.state is State.CLOSED
    fail(breaker, 1)
    assert breaker.state is State.OPEN
    assert not breaker.allows()


def test_after_the_wait_one_may_try_and_the_others_wait(breaker: CircuitBreaker, hands: Hands) -> None:
    fail(breaker, 3)
    hands.at += 4.9
    assert not breaker.allows()
    hands.at += 0.2
    assert breaker.state is State.HALF_OPEN
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.state is State.CLOSED
    assert breaker.allows()


def test_a_try_that_fails_doubles_the_wait_up_to_the_longest(breaker: CircuitBreaker, hands: Hands) -> None:
    fail(breaker, 3)
    for wait in (5, 10, 15, 15):
        hands.at += wait - 0.1
        assert not breaker.allows()
        hands.at += 0.2
        assert breaker.allows()
        breaker.failed()
    hands.at += 15.1
    assert breaker.allows()
    breaker.succeeded()
    fail(breaker, 3)
    hands.at += 5.1
    assert breaker.allows(), "after an answer the first wait counts again"


def test_a_try_that_never_reports_does_not_keep_it_shut_for_ever(breaker: CircuitBreaker, hands: Hands) -> None:
    fail(breaker, 3)
    hands.at += 5.1
    assert breaker.allows()
    hands.at += 14.9
    assert not breaker.allows()
    hands.at += 0.2
    assert breaker.allows()


def test_it_tells_how_long_to_wait(breaker: CircuitBreaker, hands: Hands) -> None:
    assert breaker.retry_after() == 1
    fail(breaker, 3)
    assert breaker.retry_after() == 5
    hands.at += 60
    assert breaker.retry_after() == 1


def test_late_failures_of_calls_under_way_do_not_lengthen_the_wait(breaker: CircuitBreaker, hands: Hands) -> None:
    fail(breaker, 3)
    for _ in range(10):
        breaker.failed()
    hands.at += 5.1
    assert breaker.allows()


def test_of_many_threads_exactly_one_tries(breaker: CircuitBreaker, hands: Hands) -> None:
    fail(breaker, 3)
    hands.at += 5.1
    ready = threading.Barrier(24)

    def knock(_: int) -> bool:
        ready.wait()
        return breaker.allows()

    with ThreadPoolExecutor(24) as pool:
        assert sum(pool.map(knock, range(24))) == 1


@given(st.lists(st.sampled_from(["ask", "ok", "fail", "wait"]), max_size=60))
def test_it_never_lets_through_while_open_and_never_stays_shut(steps: list[str]) -> None:
    hands = Hands()
    breaker = CircuitBreaker(failures=2, seconds=5, longest=20, monotonic=hands)
    for step in steps:
        if step == "ask":
            assert breaker.allows() or breaker.state is not State.CLOSED
        elif step == "ok":
            breaker.succeeded()
            assert breaker.state is State.CLOSED
        elif step == "fail":
            breaker.failed()
        else:
            hands.at += 3
    hands.at += 20
    assert breaker.allows()
