"""The memory for answers: exact, short, bounded, and never shared between purposes or municipalities."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vliegwiel.registers.cache import Answer, AnswerCache, Key

KEY = Key("GM0546", "verlengen", "brp.persoon", "999998365", frozenset({"naam", "leeftijd"}))
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Hands:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_the_same_question_gets_the_same_answer_with_its_moment() -> None:
    cache: AnswerCache[str] = AnswerCache()
    cache.put(KEY, Answer("ja", AT))
    again = cache.get(replace(KEY, fields=frozenset({"leeftijd", "naam"})))
    assert again == Answer("ja", AT, from_cache=True)


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, gemeente="GM0547"),
        replace(KEY, purpose="parkeren"),
        replace(KEY, operation="brp.bewoners"),
        replace(KEY, subject="999998377"),
        replace(KEY, fields=frozenset({"naam"})),
    ],
    ids=["municipality", "purpose", "operation", "person", "fields"],
)
def test_another_question_gets_nothing(other: Key) -> None:
    cache: AnswerCache[str] = AnswerCache()
    cache.put(KEY, Answer("ja", AT))
    assert cache.get(other) is None


def test_an_answer_is_forgotten_after_its_time() -> None:
    hands = Hands()
    cache: AnswerCache[str] = AnswerCache(seconds=60, monotonic=hands)
    cache.put(KEY, Answer("ja", AT))
    hands.at = 59.9
    assert cache.get(KEY)
    hands.at = 60.0
    assert cache.get(KEY) is None
    assert len(cache) == 0


def test_reading_does_not_make_an_answer_live_longer() -> None:
    hands = Hands()
    cache: AnswerCache[str] = AnswerCache(seconds=60, monotonic=hands)
    cache.put(KEY, Answer("ja", AT))
    for hands.at in (20.0, 40.0, 59.0):
        assert cache.get(KEY)
    hands.at = 61.0
    assert cache.get(KEY) is None


def test_it_holds_no_more_than_its_size_and_drops_what_was_not_used() -> None:
    cache: AnswerCache[int] = AnswerCache(size=3)
    keys = [replace(KEY, subject=str(n)) for n in range(4)]
    for n, key in enumerate(keys[:3]):
        cache.put(key, Answer(n, AT))
    cache.get(keys[0])
    cache.put(keys[3], Answer(3, AT))
    assert [cache.get(key) is not None for key in keys] == [True, False, True, True]
    assert len(cache) == 3


@pytest.mark.parametrize("off", [{"seconds": 0}, {"size": 0}])
def test_it_can_be_switched_off(off: dict[str, int]) -> None:
    cache: AnswerCache[str] = AnswerCache(**off)
    cache.put(KEY, Answer("ja", AT))
    assert cache.get(KEY) is None


def test_nothing_of_a_person_shows_when_it_is_printed() -> None:
    assert "999998365" not in repr(KEY)
    assert "geheim" not in repr(Answer("geheim", AT))


def test_many_threads_can_use_it() -> None:
    cache: AnswerCache[int] = AnswerCache(size=8)

    def work(n: int) -> bool:
        key = replace(KEY, subject=str(n % 16))
        cache.put(key, Answer(n % 16, AT))
        held = cache.get(key)
        return held is None or held.value == n % 16

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(work, range(2000)))
    assert len(cache) == 8
