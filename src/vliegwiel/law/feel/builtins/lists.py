"""List functions (DMN 1.5, section 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cmp_to_key

from vliegwiel.law.feel.builtins.registry import builtin
from vliegwiel.law.feel.builtins.text import position_of
from vliegwiel.law.feel.operators import add, divide, multiply
from vliegwiel.law.feel.runtime import check_size
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import NUMBERS, FeelFunction, Value, equal, less


def _same(a: Value, b: Value) -> bool:
    return equal(a, b) is True


@builtin("list contains", "list: list, element: any~", "boolean")
def list_contains(items: list[Value], element: Value) -> Value:
    return any(_same(item, element) for item in items)


@builtin("count", "list: list", "number")
def count(items: list[Value]) -> Value:
    return Decimal(len(items))


def _extreme(items: list[Value], *, largest: bool) -> Value:
    if not items or any(item is None for item in items):
        return None
    best = items[0]
    for item in items[1:]:
        before = less(best, item) if largest else less(item, best)
        if before is None:
            return None
        if before is True:
            best = item
    return best


@builtin("min", "*list: list", "item")
def minimum(items: list[Value]) -> Value:
    return _extreme(items, largest=False)


@builtin("max", "*list: list", "item")
def maximum(items: list[Value]) -> Value:
    return _extreme(items, largest=True)


@builtin("sum", "*list: list", "item")
def total(items: list[Value]) -> Value:
    if not items or any(not isinstance(i, (Decimal, MonthsDuration, DaysDuration)) for i in items):
        return None
    result = items[0]
    for item in items[1:]:
        result = add(result, item)
    return result


@builtin("product", "*list: list", "number")
def product(items: list[Value]) -> Value:
    if not items or any(not isinstance(i, Decimal) for i in items):
        return None
    result: Value = Decimal(1)
    for item in items:
        result = multiply(result, item)
    return result


@builtin("mean", "*list: list", "item")
def mean(items: list[Value]) -> Value:
    return divide(total(items), Decimal(len(items))) if items else None


def _numbers(items: list[Value]) -> list[Decimal] | None:
    found = [item for item in items if isinstance(item, Decimal)]
    return found if found and len(found) == len(items) else None


@builtin("median", "*list: list", "number")
def median(items: list[Value]) -> Value:
    numbers = _numbers(items)
    if numbers is None:
        return None
    numbers.sort()
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else divide(add(numbers[half - 1], numbers[half]), Decimal(2))


@builtin("stddev", "*list: list", "number")
def stddev(items: list[Value]) -> Value:
    numbers = _numbers(items)
    if numbers is None or len(numbers) < 2:
        return None
    average = NUMBERS.divide(sum(numbers, Decimal(0)), Decimal(len(numbers)))
    squares = sum((NUMBERS.power(NUMBERS.subtract(n, average), 2) for n in numbers), Decimal(0))
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(numbers) - 1)))


@builtin("mode", "*list: list", "list")
def mode(items: list[Value]) -> Value:
    if not items:
        return []
    numbers = _numbers(items)
    if numbers is None:
        return None
    counts = Counter(numbers)
    most = max(counts.values())
    return [n for n in sorted(counts) if counts[n] == most]


@builtin("all", "*list: list", "boolean")
def every(items: list[Value]) -> Value:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "*list: list", "boolean")
def some(items: list[Value]) -> Value:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("sublist", "list: list, start position: number, length: number?", "same")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    begin = position_of(start, len(items))
    if begin is None:
        return None
    if length is None:
        return items[begin:]
    size = int(length)
    return items[begin : begin + size] if 0 < size <= len(items) - begin else None


@builtin("append", "list: list, item: any~", "same")
def append(items: list[Value], item: Value) -> Value:
    return [*items, item]


# More than one loose item: the parser cannot know how many, so each number of arguments up to a limit is a signature.
for _extra in range(2, 12):
    builtin("append", ", ".join(("list: list", *(f"item{n}: any~" for n in range(_extra)))), "same")(
        lambda items, *more: [*items, *more]
    )


@builtin("concatenate", "*list: list", "same")
def concatenate(lists: list[Value]) -> Value:
    result: list[Value] = []
    for part in lists:
        result.extend(part if isinstance(part, list) else [part])
        check_size(len(result))
    return result


@builtin("insert before", "list: list, position: number, newItem: any~", "same")
def insert_before(items: list[Value], position: Decimal, item: Value) -> Value:
    place = position_of(position, len(items))
    return None if place is None else [*items[:place], item, *items[place:]]


@builtin("remove", "list: list, position: number", "same")
def remove(items: list[Value], position: Decimal) -> Value:
    place = position_of(position, len(items))
    return None if place is None else [*items[:place], *items[place + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any~", "same")
def list_replace(items: list[Value], position: Decimal, item: Value) -> Value:
    place = position_of(position, len(items))
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any~", "same")
def list_replace_matching(items: list[Value], match: FeelFunction, item: Value) -> Value:
    verdicts = [match.call([old, item]) for old in items]
    if any(not isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [item if verdict is True else old for old, verdict in zip(items, verdicts, strict=True)]


@builtin("reverse", "list: list", "same")
def reverse(items: list[Value]) -> Value:
    return items[::-1]


@builtin("index of", "list: list, match: any~", "list")
def index_of(items: list[Value], match: Value) -> Value:
    return [Decimal(number) for number, item in enumerate(items, 1) if _same(item, match)]


def _distinct(items: list[Value]) -> list[Value]:
    found: list[Value] = []
    simple: set[tuple[type, Value]] = set()
    composed: list[Value] = []
    for item in items:
        if isinstance(item, (Decimal, str, bool)):
            key = (item.__class__, item)
            if key not in simple:
                simple.add(key)
                found.append(item)
        elif not any(_same(item, known) for known in composed):
            composed.append(item)
            found.append(item)
            # Each is compared with all others.
            check_size(len(composed) ** 2 // 20)
    return found


@builtin("distinct values", "list: list", "same")
def distinct_values(items: list[Value]) -> Value:
    return list(_distinct(items))


@builtin("union", "*list: list", "same")
def union(lists: list[Value]) -> Value:
    joined = concatenate(lists)
    return _distinct(joined) if isinstance(joined, list) else None


@builtin("flatten", "list: list", "list")
def flatten(items: list[Value]) -> Value:
    result: list[Value] = []
    stack: list[Value] = list(reversed(items))
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        else:
            result.append(item)
        check_size(len(result) + len(stack))
    return result


@builtin("sort", "list: list, precedes: function?", "same")
def sort(items: list[Value], precedes: FeelFunction | None = None) -> Value:
    failed = False

    def compare(a: Value, b: Value) -> int:
        nonlocal failed
        first = less(a, b) if precedes is None else precedes.call([a, b])
        if not isinstance(first, bool):
            failed = True
            return 0
        if first:
            return -1
        second = less(b, a) if precedes is None else precedes.call([b, a])
        return 1 if second is True else 0

    ordered = sorted(items, key=cmp_to_key(compare))
    return None if failed else ordered
