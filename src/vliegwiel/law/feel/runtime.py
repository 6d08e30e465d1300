"""What a run works on: a frame of values, and a budget that no expression can exceed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.values import Value

MAX_STEPS: Final = 1_000_000
MAX_SIZE: Final = 100_000
MAX_CALLS: Final = 120


class Budget:
    """Steps a run may still take (an iteration, a call of a user function, an item built) and how deep it is in calls."""

    __slots__ = ("calls", "left")

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps
        self.calls = 0

    def spend(self, steps: int) -> None:
        """Use up steps. Raises `FeelLimit`."""
        self.left -= steps
        if self.left < 0:
            raise FeelLimit("De berekening nam te veel stappen. Vereenvoudig de formule.")

    def enter(self) -> None:
        """One function call deeper. Raises `FeelLimit`."""
        self.calls += 1
        self.spend(1)
        if self.calls > MAX_CALLS:
            raise FeelLimit("Een functie roept zichzelf te vaak aan.")

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


def check_size(size: int) -> None:
    """Refuse text or lists that grow too large. Raises `FeelLimit`."""
    if size > MAX_SIZE:
        raise FeelLimit("Een tekst of lijst werd te groot.")
