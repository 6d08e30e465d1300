"""Case types of others beside the catalogue: which process each really is, which pattern that is, and for which product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..library import Library, State
from . import words
from .foreign import ForeignCaseType, days_of
from .grouping import group
from .known import KnownPattern, known_patterns
from .likeness import fit
from .products import ProductFinder, ProductMatch
from .resources import Reading
from .signature import Aspect, Signature, signature_of

FEWEST = 3
"""So many case types make a process; fewer stand apart until more is known."""
_SURE_FIT = 0.45
_SURE_LEAD = 0.08
_OFTEN = 0.5
_MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class Recognised:
    """One case type. `process` is the number of its process, 0 when it stands apart; `fit` how well it fits `pattern`, 0 to 1.

    `sure`: its own words point to the pattern its process has, and clearly. `next_pattern` is what it would be otherwise.
    """

    case: ForeignCaseType
    process: int
    pattern: str
    fit: float
    next_pattern: str
    sure: bool
    product: ProductMatch | None


@dataclass(frozen=True, slots=True)
class FoundProcess:
    """A process that case types turn out to share. Numbered from 1, the most used first.

    `steps` and `results` are what most of them have, in words; `sometimes` what some have. `terms` in days, lowest and highest.
    """

    number: int
    pattern: str
    pattern_name: str
    fit: float
    members: tuple[int, ...]
    steps: tuple[str, ...]
    sometimes: tuple[str, ...]
    results: tuple[str, ...]
    terms: tuple[int, int] | None
    step_names: int
    """How many different names its steps have: how well it was disguised."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """All case types, the processes found, and those that stand apart (places in `case_types`)."""

    case_types: tuple[Recognised, ...]
    processes: tuple[FoundProcess, ...]
    apart: tuple[int, ...]
    skipped: tuple[str, ...]


def recognise(reading: Reading, found: Library) -> Recognition:
    """Which processes these case types really are. Pure on what was read and the files of the library."""
    cases = reading.case_types
    signatures = [signature_of(case) for case in cases]
    grouping = group(signatures)
    patterns, finder = catalogue_of(found)
    fits = [{one.key: fit(signature, one.signature) for one in patterns} for signature in signatures]
    processes: list[FoundProcess] = []
    number_of: dict[int, int] = {}
    fewest = min(FEWEST, len(cases))
    for label in range(grouping.count):
        members = grouping.members(label)
        if len(members) >= fewest:
            number_of[label] = len(processes) + 1
            processes.append(_process(len(processes) + 1, members, cases, signatures, fits, patterns))
    recognised = tuple(
        _recognised(case, number_of.get(grouping.labels[place], 0), processes, fits[place], finder)
        for place, case in enumerate(cases)
    )
    apart = tuple(place for place, one in enumerate(recognised) if one.process == 0)
    return Recognition(recognised, tuple(processes), apart, reading.skipped)


def catalogue_of(found: Library) -> tuple[tuple[KnownPattern, ...], ProductFinder]:
    """What the patterns of a library are known by, and a finder of its products; made once for the same texts."""
    shared = (
        *(found.pattern(key) for key in found.patterns()),
        *(found.block(key) for key in found.blocks()),
        *(found.product(key) for key in found.products()),
    )
    states = tuple(file.state for file in shared if file is not None)
    kept = _kept.get(states)
    if kept is None:
        kept = (known_patterns(found), ProductFinder(found))
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[states] = kept
    return kept


_kept: dict[tuple[State, ...], tuple[tuple[KnownPattern, ...], ProductFinder]] = {}


def _recognised(
    case: ForeignCaseType, number: int, processes: Sequence[FoundProcess], fits: dict[str, float], finder: ProductFinder
) -> Recognised:
    ranked = sorted(fits, key=lambda key: (-fits[key], key))
    own = ranked[0] if ranked else ""
    pattern = processes[number - 1].pattern if number else own
    match = finder.find(case, pattern)
    if match is not None and match.named and match.pattern:
        # It says itself which product it is for, and of that we know the process.
        pattern = own = match.pattern
    other = next((key for key in ranked if key != pattern), "")
    score = fits.get(pattern, 0.0)
    named = match is not None and match.named and bool(match.pattern)
    sure = named or (own == pattern and score >= _SURE_FIT and score - fits.get(other, 0.0) >= _SURE_LEAD)
    return Recognised(case, number, pattern, score, other, sure, match)


def _process(
    number: int,
    members: Sequence[int],
    cases: Sequence[ForeignCaseType],
    signatures: Sequence[Signature],
    fits: Sequence[dict[str, float]],
    patterns: Sequence[KnownPattern],
) -> FoundProcess:
    mean = {one.key: sum(fits[place][one.key] for place in members) / len(members) for one in patterns}
    best = max(patterns, key=lambda one: (mean[one.key], one.key))
    often, sometimes = _shared(members, signatures, Aspect.STEPS)
    results, _ = _shared(members, signatures, Aspect.RESULTS)
    days = [term for place in members if (term := days_of(cases[place].term)) is not None]
    names = {status.name.casefold() for place in members for status in cases[place].statuses}
    return FoundProcess(
        number=number,
        pattern=best.key,
        pattern_name=best.name,
        fit=mean[best.key],
        members=tuple(members),
        steps=_named(often, words.steps()),
        sometimes=_named(sometimes, words.steps()),
        results=_named(results, words.results()),
        terms=(min(days), max(days)) if days else None,
        step_names=len(names),
    )


def _shared(members: Sequence[int], signatures: Sequence[Signature], aspect: Aspect) -> tuple[list[str], list[str]]:
    """The features that at least half of those who tell anything have, and those that some have; the most telling first."""
    telling = [signatures[place].of(aspect) for place in members if signatures[place].of(aspect)]
    counts = Counter(feature for features in telling for feature in features)
    weights = {feature: weight for features in telling for feature, weight in features.items()}
    ranked = sorted(counts, key=lambda feature: (-weights[feature] * counts[feature], feature))
    often = [feature for feature in ranked if counts[feature] >= _OFTEN * len(telling)]
    some = [feature for feature in ranked if feature not in often and counts[feature] >= max(2, 0.15 * len(telling))]
    return often, some


def _named(features: Sequence[str], vocabulary: words.Vocabulary) -> tuple[str, ...]:
    """In the order of the list of words, which is the order of a process."""
    order = list(vocabulary.names)
    return tuple(vocabulary.names[feature] for feature in sorted(features, key=order.index))
