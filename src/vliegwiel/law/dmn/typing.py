"""Types of a model: which values belong to them, and how a value is made to fit (DMN 1.5, sections 7.3.2 and 10.3.2.9.4).

A value that does not fit becomes null. A list of one fits where one value is asked; a date fits where a moment is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from vliegwiel.law.dmn.model import ItemDefinition
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.values import FeelFunction, Unknown, Value, kind

BASE: Final = frozenset(
    (
        "string",
        "number",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    )
)
# Names that older versions and other tools write for the same types.
ALIASES: Final = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "long": "number",
    "integer": "number",
    "double": "number",
    "context": "context",
}

Check = Callable[[Value], bool]


@dataclass(slots=True)
class DmnType:
    """A type worked out. `base` is a FEEL kind or None for a structure; `fields` its components.

    Of a function: `takes` are its parameters by name and `gives` what comes out.
    """

    base: str | None = None
    collection: bool = False
    fields: dict[str, DmnType] | None = None
    function: bool = False
    takes: dict[str, DmnType] = field(default_factory=dict)
    gives: DmnType | None = None
    allowed: list[Check] = field(default_factory=list)
    constraints: list[Check] = field(default_factory=list)

    def fit(self, value: Value) -> Value:
        """The value as this type takes it, or null."""
        if value is None or isinstance(value, Unknown):
            return value
        if self.collection:
            items = value if isinstance(value, list) else [value]
            fitted = [self._fit_one(item) for item in items]
            if any(new is None and old is not None for new, old in zip(fitted, items, strict=True)):
                return None
            return fitted if self._passes(fitted, self.constraints) else None
        if isinstance(value, list) and len(value) == 1 and not self._takes_lists():
            value = value[0]
        fitted_one = self._fit_one(value)
        return fitted_one if self._passes(fitted_one, self.constraints) else None

    def holds(self, value: Value) -> bool:
        """Whether a value (not null) belongs to the type as it is: nothing is made to fit."""
        if self.collection:
            return isinstance(value, list) and all(item is None or self._is_one(item) for item in value)
        return self._is_one(value) and self._passes(value, self.constraints)

    def _is_one(self, value: Value) -> bool:
        if self.function:
            return isinstance(value, FeelFunction)
        if self.fields is not None:
            fits = isinstance(value, dict) and all(
                name in value and (value[name] is None or inner.holds(value[name]))
                for name, inner in self.fields.items()
            )
        else:
            fits = self.base in {None, "Any"} or kind(value) == self.base
        return fits and self._passes(value, self.allowed)

    def _takes_lists(self) -> bool:
        return self.base in {None, "Any", "list"} and self.fields is None and not self.function

    def _fit_one(self, value: Value) -> Value:
        if value is None or isinstance(value, Unknown):
            return value
        fitted = self._shape(value)
        return fitted if self._passes(fitted, self.allowed) else None

    def _passes(self, value: Value, checks: Iterable[Check]) -> bool:
        return value is None or all(check(value) for check in checks)

    def _shape(self, value: Value) -> Value:
        if self.function:
            return self._typed(value) if isinstance(value, FeelFunction) else None
        if self.fields is not None:
            return self._structure(value, self.fields)
        if self.base is None or self.base == "Any":
            return value
        if self.base == "date and time" and isinstance(value, (date, temporal.WideDate)):
            return temporal.local_midnight(value)
        return value if kind(value) == self.base else None

    def _typed(self, function: FeelFunction) -> Value:
        """A function whose arguments and result are made to fit; an argument that does not makes the call null."""
        result, call = self.gives or ANY, function.call
        kinds = [self.takes.get(name, ANY) for name in function.parameters]

        def fitted(arguments: list[Value]) -> Value:
            given = [wanted.fit(argument) for wanted, argument in zip(kinds, arguments, strict=True)]
            if any(new is None and old is not None for new, old in zip(given, arguments, strict=True)):
                return None
            return result.fit(call(given))

        return FeelFunction(function.parameters, fitted, function.types, function.result, function.bind)

    def _structure(self, value: Value, fields: Mapping[str, DmnType]) -> Value:
        if not isinstance(value, dict):
            return None
        made: dict[str, Value] = dict(value)
        for name, inner in fields.items():
            if name not in value:
                return None
            made[name] = inner.fit(value[name])
            if made[name] is None and value[name] is not None:
                return None
        return made


ANY: Final = DmnType()


class Types:
    """All types of a model and of what it imports. `checker` makes a test out of unary tests."""

    def __init__(self, definitions: Iterable[ItemDefinition], checker: Callable[[str], Check]) -> None:
        self._definitions = {d.name: d for d in definitions}
        self._checker = checker
        self._made: dict[str, DmnType] = {}
        self.imported: dict[str, Types] = {}
        self.unnamed: list[Types] = []

    def known(self, name: str) -> DmnType | None:
        """A type that the model or one it imports defines; None for those of FEEL."""
        name = ALIASES.get(name, name)
        if name in self._definitions:
            return self.named(name)
        prefix, dot, rest = name.partition(".")
        if dot and prefix in self.imported:
            return self.imported[prefix].known(rest)
        return next((found for other in self.unnamed if (found := other.known(name)) is not None), None)

    def named(self, reference: str | None) -> DmnType:
        """The type a reference names; an unknown one takes everything."""
        if not reference:
            return ANY
        name = ALIASES.get(reference, reference)
        if name in self._made:
            return self._made[name]
        if name in self._definitions:
            self._made[name] = made = DmnType()
            self._fill(made, self._definitions[name])
            return made
        if name in BASE:
            return DmnType(base=name)
        prefix, dot, rest = name.partition(".")
        if dot and prefix in self.imported:
            return self.imported[prefix].named(rest)
        found = self.known(name)
        if found is not None:
            return found
        return DmnType(base="context") if name == "context" else ANY

    def allowed_text(self, reference: str | None) -> str | None:
        """The unary tests that limit a named type, as written."""
        definition = self._definitions.get(reference or "")
        return None if definition is None else definition.allowed

    def property_names(self) -> set[str]:
        """Every name of a component, so that names with spaces are recognised behind a dot."""
        found: set[str] = set()
        for definition in self._definitions.values():
            _collect(definition, found)
        for other in (*self.imported.values(), *self.unnamed):
            found |= other.property_names()
        return found

    def _fill(self, made: DmnType, definition: ItemDefinition) -> None:
        if definition.function is not None:
            made.function = True
            made.takes = {p.name: self.named(p.type) for p in definition.function.parameters}
            made.gives = self.named(definition.function.result)
        made.collection = definition.collection
        if definition.components:
            made.fields = {}
            for component in definition.components:
                inner = DmnType()
                self._fill(inner, component)
                made.fields[component.name] = inner
        elif definition.base:
            base = self.named(definition.base)
            if base.collection and definition.collection:
                made.constraints = []
                made.base = None
                made.allowed = [lambda value: base.fit(value) is not None]
            else:
                made.base, made.fields, made.function = base.base, base.fields, base.function
                made.takes, made.gives = base.takes, base.gives
                made.collection = definition.collection or base.collection
                made.allowed, made.constraints = [*base.allowed], [*base.constraints]
        if definition.allowed is not None:
            # Allowed values of its own come in the place of those of the type it is made of.
            made.allowed = [self._checker(definition.allowed)]
        if definition.constraint is not None:
            made.constraints.append(self._checker(definition.constraint))


def _collect(definition: ItemDefinition, found: set[str]) -> None:
    for component in definition.components:
        found.add(component.name)
        _collect(component, found)
