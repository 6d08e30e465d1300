"""Which variable a name means, decided at compile time: each variable is a slot in the frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from vliegwiel.law.feel.runtime import Code
from vliegwiel.law.feel.values import Unknown, Value

# The mark of a slot whose value has not been computed yet. Compared by identity; never seen by an expression.
UNSET: Final = Unknown(frozenset())


@dataclass(slots=True)
class Slots:
    """Hands out slots. One program has one, so that all its expressions share a frame."""

    size: int = 0

    def take(self) -> int:
        """A free slot."""
        self.size += 1
        return self.size - 1


@dataclass(slots=True)
class Layer:
    """Variables of one construct. `item` is the slot of the element inside a filter, whose fields are names too."""

    slots: dict[str, int] = field(default_factory=dict)
    item: int | None = None


class NamedType(Protocol):
    """A type that a DMN model defines, as `instance of` and typed parameters need it."""

    def holds(self, value: Value) -> bool:
        """Whether a value (not null) is an instance."""

    def fit(self, value: Value) -> Value:
        """The value as a parameter of this type takes it, or null."""


def _no_types(name: str) -> NamedType | None:
    """Outside a DMN model only the types of FEEL exist."""
    return None


@dataclass(slots=True)
class Names:
    """What names mean while compiling.

    `globals` gives the code that loads a variable of the program; `constants` are fixed values. `strict`: an unknown name
    is an error (law files); otherwise it is null (DMN). `types` are the types of the model around.
    """

    slots: Slots
    globals: dict[str, Code] = field(default_factory=dict)
    constants: dict[str, Value] = field(default_factory=dict)
    strict: bool = True
    layers: list[Layer] = field(default_factory=list)
    on_use: Callable[[str], None] | None = None
    used: set[int] = field(default_factory=set)
    types: Callable[[str], NamedType | None] = _no_types

    def push(self, *names: str) -> list[int]:
        """A new layer with these variables; gives their slots."""
        taken = [self.slots.take() for _ in names]
        self.layers.append(Layer(dict(zip(names, taken, strict=True))))
        return taken

    def push_item(self) -> int:
        """A new layer inside a filter."""
        slot = self.slots.take()
        self.layers.append(Layer({"item": slot}, slot))
        return slot

    def pop(self, count: int = 1) -> None:
        """Leave layers."""
        del self.layers[len(self.layers) - count :]
