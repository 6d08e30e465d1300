"""Variants made up for many municipalities: a few deviations each, in places where a town may have its own words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.municipalities import reorganisations
from vliegwiel.base.sourcefile import NOWHERE, ListNode, MapNode, Node, TextNode
from vliegwiel.catalogue.adopting.joining import Town, chosen, join
from vliegwiel.catalogue.layers import fixed_by, identity
from vliegwiel.catalogue.library import Library
from vliegwiel.catalogue.model import Deviation, DeviationKind, Fixed, Variant
from vliegwiel.catalogue.model.variant import Given
from vliegwiel.catalogue.resolve import layered, library, national

WORDS = frozenset(
    {"uitleg", "samenvatting", "wat", "kosten", "hoe_lang", "vraag", "label", "leeg", "omschrijving", "kop"}
)
SINCE = date(2026, 1, 1)


def root_of(key: str, among: Library | None = None) -> MapNode:
    """A product with its pattern and blocks, before any municipality deviates."""
    found = among or library()
    product = found.product(key)
    assert product is not None
    return layered(found, product, (), None).root


def places(root: Node, fixed: tuple[Fixed, ...] = ()) -> list[tuple[str, ...]]:
    """Where a town may have other words, in the order of the definition."""
    return [path for path in _texts(root, ()) if fixed_by(fixed, path) is None]


def _texts(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, MapNode):
        for key, value in node.entries:
            if isinstance(value, TextNode):
                if key.text in WORDS and path and path[0] in ("pagina", "stappen", "proces") and "{" not in value.text:
                    yield (*path, key.text)
            else:
                yield from _texts(value, (*path, key.text))
    elif isinstance(node, ListNode):
        for item in node.items:
            name = identity(item)
            if name is not None:
                yield from _texts(item, (*path, name))


def made_up(seed: int, key: str, code: str, *, at: list[tuple[str, ...]], most: int = 4) -> Variant:
    """A variant of one town: up to `most` deviations at random places. Some towns choose the same words, some their own."""
    chance = random.Random(f"{seed}/{key}/{code}")
    chosen = chance.sample(at, k=min(len(at), chance.randint(1, most)))
    deviations = tuple(
        Deviation(
            path=".".join(f'"{step}"' if "." in step else step for step in path),
            kind=DeviationKind.HUISSTIJL,
            reason=f"Zo zegt {code} het.",
            value=Given(words(chance.choice((f"Zo gaat dat in {code}.", "Zoals de buren het zeggen.")))),
        )
        for path in chosen
    )
    return Variant(kind="variant", municipality=code, product=key, begin=SINCE, deviations=deviations)


def words(text: str) -> TextNode:
    """A text as it stands in a definition."""
    return TextNode(text, False, NOWHERE, NOWHERE)


@dataclass(slots=True)
class Mergers:
    """What came of bringing the towns of one day to another, reorganisation by reorganisation."""

    towns: dict[str, Town]
    joins: int = 0
    given: int = 0
    accounted: int = 0
    agreed: int = 0
    clashes: int = 0


def carried_on(towns: dict[str, Town], since: date, until: date, root: MapNode) -> Mergers:
    """The towns of a day, joined as the map changed until another day. Where they clash the first, largest one goes before."""
    found = Mergers(dict(towns))
    for one in sorted(reorganisations(), key=lambda change: change.day):
        if not since < one.day <= until:
            continue
        ended = [found.towns[code] for code in one.ended]
        for code in one.receivers:
            parts = [*([found.towns[code]] if code in found.towns else []), *ended]
            joined = join(parts, root)
            found.joins += 1
            found.given += joined.given
            found.accounted += joined.accounted
            found.agreed += len(joined.shared)
            found.clashes += len(joined.clashes)
            deviations, _ = chosen(joined, {clash.path: clash.told[0][0] for clash in joined.clashes})
            variant = Variant(
                "variant", code, parts[0].variant.product if parts[0].variant else "", one.day, None, (), deviations
            )
            found.towns[code] = Town(code, variant)
        for code in one.ended:
            if code not in one.receivers:
                del found.towns[code]
    return found


def towns_of(codes: list[str], seed: int, key: str, *, root: MapNode | None = None) -> list[Town]:
    """The towns with a made-up variant each."""
    at = places(root or root_of(key), national(key).fixed)
    return [Town(code, made_up(seed, key, code, at=at)) for code in codes]
