"""Whether somebody said why a municipality differs.

Every deviation has to hold a reason, so an empty one never comes this far; what does is a sentence that says nothing ("zo doen
wij dat"), a house style that changes a rule, and an ordinance that nobody looked up. The words are content:
`definitions/gelijke_woorden.yaml`.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum
from typing import Final

from ..model import Deviation, DeviationKind
from .aspects import Aspect, in_substance
from .saying import content_words
from .words import alternation, word_file


class Grade(StrEnum):
    """How well a difference is founded."""

    ORDINANCE = "verordening"
    UNSEEN = "verordening, niet nagekeken"
    EXPLAINED = "uitgelegd"
    WORDING = "alleen andere woorden"
    NONE = "zonder reden"
    NEEDLESS = "doet niets"


FOUNDED: Final = frozenset({Grade.ORDINANCE, Grade.UNSEEN, Grade.EXPLAINED})
UNFOUNDED: Final = frozenset({Grade.NONE, Grade.NEEDLESS})
ENOUGH: Final = 2
"""Words of content that must be left of a reason. Two is little on purpose: who wrote something gets the benefit of the doubt."""


def grade(deviation: Deviation, aspects: frozenset[Aspect]) -> Grade:
    """How well this deviation is founded, given in what it differs from the shared product."""
    if not aspects:
        return Grade.NEEDLESS
    if deviation.kind is DeviationKind.VERORDENING:
        seen = deviation.verified and (deviation.basis is None or deviation.basis.verified)
        return Grade.ORDINANCE if seen else Grade.UNSEEN
    if not in_substance(aspects):
        return Grade.WORDING
    if deviation.kind is DeviationKind.HUISSTIJL or not says_something(deviation.reason):
        return Grade.NONE
    return Grade.EXPLAINED


def why_not(deviation: Deviation, aspects: frozenset[Aspect]) -> str:
    """What is wrong with the reason, in a sentence; empty where it is fine."""
    match grade(deviation, aspects):
        case Grade.NEEDLESS:
            return "Dit staat al zo in het gedeelde product. De afwijking kan weg."
        case Grade.UNSEEN:
            return "Het artikel is niet nagekeken."
        case Grade.NONE if deviation.kind is DeviationKind.HUISSTIJL:
            names = ", ".join(sorted(aspect.value for aspect in aspects if in_substance(frozenset({aspect}))))
            return f"Dit heet huisstijl, maar verandert meer dan woorden: {names}."
        case Grade.NONE:
            return f"Er staat: '{deviation.reason}'. Dat zegt niet waarom."
    return ""


@functools.cache
def _empty() -> re.Pattern[str]:
    return alternation(word_file().no_reason)


@functools.lru_cache(maxsize=4096)
def says_something(reason: str) -> bool:
    """Whether a reason says more than that it is so."""
    return len(content_words(_empty().sub(" ", reason.lower()))) >= ENOUGH
