"""Decision tables at run time: which lines match, and what they give together (DMN 1.5, section 8.2.8).

A cell over an unknown value may or may not match. The table then still decides when every line that may matter gives the
same; otherwise the result is unknown, with the data that are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel.builtins.lists import maximum, minimum, total
from vliegwiel.law.feel.runtime import Code, Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.feel.testing import TestCode
from vliegwiel.law.feel.values import Unknown, Value, equal, unknown_of
from vliegwiel.law.lawfile import HitPolicy


@dataclass(frozen=True, slots=True)
class CompiledLine:
    """The tests of a line (column, test) and what it gives. `asks` are the texts and truths its first test asks for, where
    that is all it asks."""

    tests: tuple[tuple[int, TestCode], ...]
    output: Code
    asks: frozenset[str | bool] | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """Line numbers (from 0) that match, that may match, and why not sure."""

    sure: list[int]
    maybe: list[int]
    missing: Unknown | None


_Numbered: TypeAlias = tuple[int, tuple[tuple[int, TestCode], ...]]
_WORTH_AN_INDEX: Final = 3


class CompiledTable:
    """A table ready to run. `where` is its place, for messages."""

    __slots__ = ("columns", "first", "index", "lines", "order", "policy", "tests", "where")

    def __init__(
        self,
        policy: HitPolicy,
        columns: tuple[Code, ...],
        lines: tuple[CompiledLine, ...],
        order: tuple[Value, ...],
        where: str,
    ) -> None:
        self.policy = policy
        self.columns = columns
        self.lines = lines
        self.tests = tuple(enumerate(line.tests for line in lines))
        # The column that is always looked at first; by its value, the lines that may match and what they still test.
        self.first = lines[0].tests[0][0] if lines[0].tests else 0
        self.index = self.indexed()
        self.order = order
        self.where = where

    def indexed(self) -> dict[str | bool, tuple[_Numbered, ...]] | None:
        """Lines by the value of the first column, where every line asks it for texts or truths."""
        if len(self.lines) < _WORTH_AN_INDEX:
            return None
        found: dict[str | bool, list[_Numbered]] = {}
        for number, line in enumerate(self.lines):
            if line.asks is None or line.tests[0][0] != self.first:
                return None
            for value in line.asks:
                found.setdefault(value, []).append((number, line.tests[1:]))
        return {value: tuple(lines) for value, lines in found.items()}

    def matches(self, frame: Frame) -> Matches:
        """All lines that match or may match; for `first` up to the first sure one."""
        values: list[Value | None] = [None] * len(self.columns)
        loaded = [False] * len(self.columns)
        sure: list[int] = []
        maybe: list[int] = []
        missing: Unknown | None = None
        first_only = self.policy is HitPolicy.FIRST
        for number, line in enumerate(self.lines):
            doubt: Unknown | None = None
            for column, test in line.tests:
                if not loaded[column]:
                    values[column] = self.columns[column](frame)
                    loaded[column] = True
                verdict = test(frame, values[column])
                if verdict is True:
                    continue
                if isinstance(verdict, Unknown):
                    doubt = verdict if doubt is None else unknown_of(doubt, verdict)
                    continue
                break
            else:
                if doubt is None:
                    sure.append(number)
                    if first_only:
                        break
                else:
                    maybe.append(number)
                    missing = doubt if missing is None else unknown_of(missing, doubt)
        return Matches(sure, maybe, missing)

    def value(self, frame: Frame) -> Value:
        """What the table gives. None when no line matches. Raises `LawFault` when lines contradict each other."""
        only = self.only_match(frame)
        if only is None:
            return self.weighed(frame)
        return self.lines[only].output(frame) if only >= 0 else None

    def only_match(self, frame: Frame) -> int | None:
        """The one line that matches (-1: none), where that is all there is to say; None when there is more to weigh."""
        if self.policy in _COLLECTING:
            return None
        columns = self.columns
        values: list[Value] = [UNSET] * len(columns)
        found = -1
        lines = self.tests
        if self.index is not None:
            value = values[self.first] = columns[self.first](frame)
            if isinstance(value, (str, bool)):
                lines = self.index.get(value, ())
        for number, tests in lines:
            for column, test in tests:
                value = values[column]
                if value is UNSET:
                    value = values[column] = columns[column](frame)
                verdict = test(frame, value)
                if verdict is True:
                    continue
                if isinstance(verdict, Unknown):
                    return None
                break
            else:
                if found >= 0:
                    return None
                found = number
                if self.policy is HitPolicy.FIRST:
                    break
        return found

    def weighed(self, frame: Frame) -> Value:
        """What the lines that match or may match give together."""
        found = self.matches(frame)
        if found.missing is None:
            return self.combined([self.lines[n].output(frame) for n in found.sure])
        if self.policy in _COLLECTING:
            return found.missing
        outputs = [self.lines[n].output(frame) for n in (*found.sure, *found.maybe)]
        same = found.sure and all(equal(outputs[0], other) is True for other in outputs[1:])
        return outputs[0] if same else found.missing

    def combined(self, outputs: list[Value]) -> Value:
        """The outputs of the matching lines, by hit policy."""
        if self.policy in _COLLECTING:
            return (
                _COLLECTING[self.policy](outputs) if self.policy is not HitPolicy.OUTPUT_ORDER else self.ranked(outputs)
            )
        if not outputs:
            return None
        if len(outputs) > 1:
            if self.policy is HitPolicy.UNIQUE:
                raise LawFault(f"In de tabel bij {self.where} passen twee regels tegelijk. Dat mag niet bij treffer U.")
            if self.policy is HitPolicy.ANY and any(equal(outputs[0], o) is not True for o in outputs[1:]):
                raise LawFault(f"In de tabel bij {self.where} passen regels met een verschillende uitkomst.")
            if self.policy is HitPolicy.PRIORITY:
                return self.ranked(outputs)[0]
        return outputs[0]

    def ranked(self, outputs: list[Value]) -> list[Value]:
        """Outputs in the order of `volgorde`; what is not named there comes last."""

        def rank(output: Value) -> int:
            return next((n for n, value in enumerate(self.order) if equal(value, output) is True), len(self.order))

        return sorted(outputs, key=rank)


def _listed(outputs: list[Value]) -> Value:
    return outputs


def _counted(outputs: list[Value]) -> Value:
    """How many lines match (DMN 1.5, section 8.2.11)."""
    return Decimal(len(outputs))


_COLLECTING: Final[dict[HitPolicy, Callable[[list[Value]], Value]]] = {
    HitPolicy.COLLECT: _listed,
    HitPolicy.RULE_ORDER: _listed,
    HitPolicy.OUTPUT_ORDER: _listed,
    HitPolicy.COLLECT_SUM: total,
    HitPolicy.COLLECT_MIN: minimum,
    HitPolicy.COLLECT_MAX: maximum,
    HitPolicy.COLLECT_COUNT: _counted,
}
