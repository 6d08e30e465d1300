"""What a run works on: a frame of values, and a budget that no expression can exceed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.values import Value

MAX_STEPS: Final = 1_000_000
MAX_SIZE: Final = 100_000
MAX_CALLS: Final = 120
MAX_DEPTH: Final = 100


class Budget:
    """Steps a run may still take and how deep it is in calls.

    A step is about a microsecond: an iteration costs by the size of what it runs, a built-in by the size of what it is given.
    """

    __slots__ = ("calls", "left")

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps
        self.calls = 0

    def spend(self, steps: int) -> None:
        """Use up steps. Raises `FeelLimit`."""
        self.left -= steps
        if self.left < 0:
            raise FeelLimit("De berekening nam te veel stappen. Vereenvoudig de formule.")

    def enter(self, cost: int = 5) -> None:
        """One function call deeper. Raises `FeelLimit`."""
        self.calls += 1
        self.spend(cost)
        if self.calls > MAX_CALLS:
            raise FeelLimit("Een functie roept zichzelf te vaak aan.")

    def weigh(self, value: Value) -> None:
        """Pay for looking at all of a value. Raises `FeelLimit`."""
        if isinstance(value, (list, dict)):
            self.spend(weight(value, self.left))
        elif isinstance(value, str):
            self.spend(len(value) >> 6)

    def leave(self) -> None:
        """Back from a function call."""
        self.calls -= 1


class Frame(list[Value]):
    """The variables of one run, by slot number (found at compile time), with the budget of the run."""

    __slots__ = ("budget",)

    def __init__(self, values: list[Value], budget: Budget) -> None:
        super().__init__(values)
        self.budget = budget

    def fork(self) -> Frame:
        """A copy with the same budget: what a function value closes over."""
        return Frame(self, self.budget)


Code: TypeAlias = Callable[[Frame], Value]


def weight(value: list[Value] | dict[str, Value], most: int) -> int:
    """How many values there are in a list or context, all levels together; stops counting above `most`.

    What is shared counts each time it is met: so does every function that goes over it. Raises `FeelLimit` when it is nested
    too deep to go over.
    """
    total = 0
    stack: list[tuple[Iterable[Value], int]] = [(value.values() if isinstance(value, dict) else value, 1)]
    while stack:
        items, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise FeelLimit("Een lijst of groep is te diep genest.")
        for item in items:
            total += 1
            if isinstance(item, list):
                stack.append((item, depth + 1))
            elif isinstance(item, dict):
                stack.append((item.values(), depth + 1))
        if total > most:
            return total
    return total


def check_value(value: Value) -> Value:
    """Refuse a value that is too large or nested too deep to show or store. Raises `FeelLimit`."""
    if isinstance(value, (list, dict)):
        check_size(weight(value, MAX_SIZE))
    return value


def check_size(size: int) -> None:
    """Refuse text or lists that grow too large. Raises `FeelLimit`."""
    if size > MAX_SIZE:
        raise FeelLimit("Een tekst of lijst werd te groot.")
