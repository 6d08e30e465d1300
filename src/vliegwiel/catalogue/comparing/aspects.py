"""In what two texts differ: the number, the unit, how it is measured, per what, which article, which shape. Or in words only."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from .saying import Said, said


class Aspect(StrEnum):
    """In what something differs. All but `WORDS` and `ORDER` are differences in what holds; `UNSURE` a person must read."""

    NUMBER = "getal"
    UNIT = "eenheid"
    MEASURE = "manier van meten"
    PERIOD = "periode"
    BASIS = "grondslag"
    SHAPE = "vorm"
    CONDITION = "voorwaarde"
    PART = "onderdeel"
    CHOICE = "keuze"
    UNSURE = "zelf lezen"
    ORDER = "volgorde"
    WORDS = "woorden"


ONLY_WORDS: Final = frozenset({Aspect.WORDS, Aspect.ORDER})
LIKE_ENOUGH: Final = 0.6
"""Share of the content words of the shorter text that must stand in the longer one too, to call it other words for the same."""


def in_substance(aspects: frozenset[Aspect]) -> bool:
    """Whether a difference is more than other words."""
    return bool(aspects - ONLY_WORDS)


def text_aspects(before: str, after: str, about: str = "", *, for_reading: bool = False) -> frozenset[Aspect]:
    """In what two texts differ; empty when they are the same.

    `for_reading`: a label or an explanation, of which the key already says what it is about: words that differ are then other
    words. Elsewhere words that have nothing in common are left to a person.
    """
    if before == after:
        return frozenset()
    one, other = said(before, about), said(after, about)
    found = _measured(one, other)
    if one.articles != other.articles:
        found.add(Aspect.BASIS)
    # An explanation that does not say the word leaves the shape as it was; two that say another word do not.
    if one.shapes != other.shapes and ((one.shapes and other.shapes) or not for_reading):
        found.add(Aspect.SHAPE)
    if (one.bounds != other.bounds or one.negations % 2 != other.negations % 2) and not (for_reading and found):
        found.add(Aspect.CONDITION)
    if not found and not for_reading and not _alike(one.rest, other.rest):
        found.add(Aspect.UNSURE)
    return frozenset(found or {Aspect.WORDS})


def _measured(one: Said, other: Said) -> set[Aspect]:
    found: set[Aspect] = set()
    if not _same_numbers(one, other):
        units = [sorted({q.unit for q in side.quantities if q.unit}) for side in (one, other)]
        if units[0] != units[1] and units[0] and units[1]:
            found.add(Aspect.UNIT)
        if sorted(q.number for q in one.quantities) != sorted(q.number for q in other.quantities):
            found.add(Aspect.NUMBER)
        if not found:
            found.add(Aspect.UNIT)
    if one.ways != other.ways:
        found.add(Aspect.MEASURE)
    if one.periods != other.periods:
        found.add(Aspect.PERIOD)
    return found


def _same_numbers(one: Said, other: Said) -> bool:
    return one.quantities == other.quantities


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return one == other
    return len(one & other) / min(len(one), len(other)) >= LIKE_ENOUGH
