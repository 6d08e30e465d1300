"""What a process is known by, apart from how it is called: the meanings of its steps, its results, and what kind of thing it is.

Names of products play no part: an event permit and a terrace permit can be one process. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from . import words
from .foreign import ForeignCaseType


class Aspect(StrEnum):
    """A side from which two processes are compared."""

    STEPS = "stappen"
    RESULTS = "resultaten"
    KIND = "soort"
    PROCESS_TYPE = "procestype"
    ROLES = "rollen"
    DOCUMENTS = "documenten"
    REST = "andere woorden"


WEIGHTS: Mapping[Aspect, float] = {
    Aspect.STEPS: 2.4,
    Aspect.RESULTS: 1.3,
    Aspect.KIND: 1.4,
    Aspect.PROCESS_TYPE: 0.8,
    Aspect.ROLES: 0.3,
    Aspect.DOCUMENTS: 0.4,
    Aspect.REST: 0.4,
}
"""How much each aspect counts when both sides have it. Our choice: steps say most, the names of documents little."""

_TELLING_ROLES = frozenset({"adviseur", "belanghebbende", "zaakcoordinator"})
"""Everybody has an initiator, and somebody who handles and decides."""
_AROUND = 0.7
"""A kind named in the name of a case type counts fully, one in the words around it this much."""
_TELLING_STEP = 0.35
"""Steps in the names of documents count only when they tell something: a letter of receipt is everywhere."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Features with their weight, per aspect. An aspect without features is unknown, not empty.

    `optional` are features that may be there: those of a pattern that a product can leave out.
    """

    features: Mapping[Aspect, Mapping[str, float]]
    optional: frozenset[tuple[Aspect, str]] = frozenset()

    def of(self, aspect: Aspect) -> Mapping[str, float]:
        """The features of one aspect."""
        return self.features.get(aspect, {})

    @property
    def key(self) -> tuple[tuple[tuple[str, float], ...], ...]:
        """The same for two signatures with the same features."""
        return tuple(tuple(sorted(self.of(aspect).items())) for aspect in Aspect)


@dataclass(slots=True)
class Building:
    """A signature in the making. A feature that is noted as a must and as optional is a must."""

    found: dict[Aspect, dict[str, float]] = field(default_factory=dict)
    musts: set[tuple[Aspect, str]] = field(default_factory=set)

    def note(self, aspect: Aspect, feature: str, weight: float, *, must: bool = True) -> None:
        """One feature; noted twice, the higher weight counts."""
        kept = self.found.setdefault(aspect, {})
        kept[feature] = max(kept.get(feature, 0.0), weight)
        if must:
            self.musts.add((aspect, feature))

    def step(self, name: str, generic: str = "", *, must: bool = True) -> None:
        """The step that a name speaks of; its generic name where the own one says nothing."""
        known = words.steps()
        meaning = known.meaning(name) or known.meaning(generic)
        if meaning:
            self.note(Aspect.STEPS, meaning, known.weights[meaning], must=must)

    def result(self, name: str, generic: str = "", *, must: bool = True) -> None:
        """The way of ending that a name speaks of."""
        known = words.results()
        meaning = known.meaning(name) or known.meaning(generic)
        if meaning:
            self.note(Aspect.RESULTS, meaning, known.weights[meaning], must=must)

    def kinds(self, texts: Iterable[str], share: float, *, must: bool = True) -> None:
        """The kinds of process that texts speak of."""
        known = words.kinds()
        for text in texts:
            for meaning in known.meanings(text):
                self.note(Aspect.KIND, meaning, share * known.weights[meaning], must=must)

    def role(self, generic: str, *, must: bool = True) -> None:
        """A role, by its generic word."""
        if generic in _TELLING_ROLES:
            self.note(Aspect.ROLES, generic, 1.0, must=must)

    def document(self, name: str, *, must: bool = True) -> None:
        """What the name of a document says about steps: a `Verslag hoorzitting` tells of a hearing."""
        known = words.steps()
        meaning = known.meaning(name)
        if meaning and known.weights[meaning] >= _TELLING_STEP:
            self.note(Aspect.DOCUMENTS, meaning, known.weights[meaning], must=must)

    def rest(self, name: str) -> None:
        """Words that nobody knows yet: two case types that share them are a little more alike."""
        for word in words.steps().unknown(name):
            self.note(Aspect.REST, word, 1.0, must=False)

    def made(self) -> Signature:
        """The signature."""
        every = {(aspect, feature) for aspect, features in self.found.items() for feature in features}
        return Signature(self.found, frozenset(every - self.musts))


def signature_of(case: ForeignCaseType) -> Signature:
    """What a case type is known by."""
    made = Building()
    for status in case.statuses:
        made.step(status.name, status.generic)
        made.rest(status.name)
    for result in case.results:
        made.result(result.name, result.generic)
    made.kinds((case.name, case.generic), 1.0)
    made.kinds((case.initiator_does, case.subject, case.purpose, case.cause), _AROUND)
    if case.process_type is not None:
        made.note(Aspect.PROCESS_TYPE, str(case.process_type), 1.0)
    for role in case.roles:
        made.role(role.generic or role.name.casefold())
    for document in case.documents:
        made.document(document.name)
    return made.made()
