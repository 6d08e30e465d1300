"""Types of a DMN model as kinds of a law (`soort`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.notes import NOTHING, Notes
from vliegwiel.law.dmn.typing import ALIASES
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.feel.parser import parse_unary_tests
from vliegwiel.law.types import (
    Anything,
    Choice,
    Clock,
    Day,
    Days,
    Group,
    Many,
    Moment,
    Money,
    Months,
    Number,
    Text,
    Type,
    YesNo,
    kind_of,
    simple_type,
)

_BASE: Final[Mapping[str, Type]] = {
    "string": Text(),
    "number": Number(),
    "boolean": YesNo(),
    "date": Day(),
    "time": Clock(),
    "date and time": Moment(),
    "years and months duration": Months(),
    "days and time duration": Days(),
}
_DEEPEST: Final = 12

Spec = dict[str, object]


class LawTypes:
    """The types of one model. `ident` makes a name of a law from a name of DMN; `report` takes what is left out."""

    def __init__(
        self,
        definitions: Iterable[m.ItemDefinition],
        notes: Notes,
        ident: Callable[[str], str],
        report: Callable[[str, str], None],
    ) -> None:
        self._definitions = {item.name: item for item in definitions}
        self._notes = notes
        self._ident = ident
        self._report = report

    def named(self, reference: str | None) -> Type:
        """The kind that a reference means; `Anything` where a law has none."""
        return self._named(reference, 0)

    def part_names(self) -> set[str]:
        """The names of the parts of all structures."""
        found: set[str] = set()
        pending = list(self._definitions.values())
        while pending:
            item = pending.pop()
            found.update(component.name for component in item.components)
            pending.extend(item.components)
        return found

    def _named(self, reference: str | None, depth: int) -> Type:
        if not reference or depth > _DEEPEST:
            return Anything()
        name = ALIASES.get(reference, reference)
        item = self._definitions.get(name)
        if item is not None:
            return self._of(item, depth)
        return _BASE.get(name, Anything())

    def _of(self, item: m.ItemDefinition, depth: int) -> Type:
        one = self._one(item, depth)
        return Many(one) if item.collection else one

    def _one(self, item: m.ItemDefinition, depth: int) -> Type:
        note = self._notes.get(item.id, NOTHING) if item.id else NOTHING
        if note.kind == "soort" and note.values.get("waarde") not in (None, "keuze"):
            known = simple_type(note.values["waarde"])
            if known is not None:
                return known
        if item.function is not None:
            return Anything()
        if item.components:
            return Group(tuple((self._ident(c.name), self._of(c, depth + 1)) for c in item.components))
        base = self._named(item.base, depth + 1)
        options = _options(item.allowed)
        if options and isinstance(base, (Text, Choice)):
            labels = note.sentences
            return Choice(tuple((option, labels.get(option, option)) for option in options))
        for limit in (item.allowed, item.constraint):
            if limit is not None and not (options and isinstance(base, (Text, Choice))):
                self._report(item.name, f"de grens '{limit}' van dit type is niet overgenomen")
        return base


def _options(allowed: str | None) -> tuple[str, ...]:
    """The texts of `"a", "b"`; nothing when it says anything else."""
    if allowed is None:
        return ()
    try:
        tests = parse_unary_tests(allowed)
    except FeelError:
        return ()
    found: list[str] = []
    for test in tests.tests:
        if not isinstance(test, tree.Expect) or not isinstance(test.expression, tree.String):
            return ()
        found.append(test.expression.value)
    return () if tests.negated else tuple(found)


def spec_of(type_: Type) -> Spec:
    """The keys that say a kind in a law file."""
    match type_:
        case Choice():
            return {"soort": "keuze", "keuzes": dict(type_.options)}
        case Many():
            return {"soort": "lijst", "van": _short(type_.of)}
        case Group():
            return {"soort": "groep", "velden": {name: _short(inner) for name, inner in type_.fields}}
        case _:
            return {"soort": kind_of(type_)}


def _short(type_: Type) -> object:
    spec = spec_of(type_)
    return spec["soort"] if len(spec) == 1 else spec


def is_known(type_: Type) -> bool:
    """Whether a law can say this kind."""
    match type_:
        case Anything():
            return False
        case Many():
            return is_known(type_.of)
        case Group():
            return bool(type_.fields) and all(is_known(inner) for _, inner in type_.fields)
        case _:
            return isinstance(type_, (YesNo, Money, Number, Text, Choice, Day, Clock, Moment, Months, Days))
