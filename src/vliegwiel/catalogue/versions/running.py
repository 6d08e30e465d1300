"""How many cases run under which definition: known a floor higher, asked for here.

Running cases stay on what they were opened under; whoever publishes should see how many that are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Counter: TypeAlias = Callable[[str, str], Mapping[str, int]]
"""Municipality and product in, open cases by hash of their definition out. Called inside a scope of the municipality."""

_counters: list[Counter] = []


def counts_running(counter: Counter) -> Counter:
    """Say who can count. The room of cases does it when it is loaded."""
    if counter not in _counters:
        _counters.append(counter)
    return counter


def running_cases(municipality: str, product: str) -> dict[str, int]:
    """Open cases of a product by the hash of the definition they were opened under."""
    found: dict[str, int] = {}
    for counter in _counters:
        for hash_, number in counter(municipality, product).items():
            found[hash_] = found.get(hash_, 0) + number
    return found
