"""Municipalities become one: their variants of a product come together, by the same merge that brings a new version in.

Pure. Each deviation of each of them ends in exactly one place: it holds, or it clashes and somebody must choose.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from ..canonical import plain
from ..editing import Value, as_value, written
from ..layers import identity
from ..merging import alike, combine
from ..model import Deviation, Source, Variant


@dataclass(frozen=True, slots=True)
class Town:
    """One of those that become one, with its variant; None when it offers the product as it is for all."""

    code: str
    variant: Variant | None


@dataclass(frozen=True, slots=True)
class TownClash:
    """A place where towns differ. `told` is every deviation there with the town it is of; `path` is the first one's."""

    path: str
    told: tuple[tuple[str, Deviation], ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The variant of the new municipality as far as it is certain, and what somebody must choose.

    `deviations` carry the towns they come from. `widened` are the paths of one town's deviation that now hold for all: the new
    council should know. `shared` came together by themselves.
    """

    deviations: tuple[tuple[tuple[str, ...], Deviation], ...]
    clashes: tuple[TownClash, ...]
    shared: tuple[str, ...]
    widened: tuple[str, ...]
    towns: tuple[Town, ...]
    given: int

    @property
    def clean(self) -> bool:
        """Whether nobody needs to choose."""
        return not self.clashes

    @property
    def accounted(self) -> int:
        """How many of the deviations that went in are in what came out: each once, so the same number as `given`."""
        return sum(len(towns) for towns, _ in self.deviations) + sum(len(one.told) for one in self.clashes)


@dataclass(slots=True)
class _Held:
    """A deviation on its way, with one entry of `towns` for each deviation that is in it."""

    towns: tuple[str, ...]
    deviation: Deviation
    originals: tuple[tuple[str, Deviation], ...]


def join(towns: Sequence[Town], product: Node) -> Joined:
    """Bring the variants of two or more towns together. `product` is the definition for all, with its pattern and blocks."""
    renamed = _with_own_names(towns)
    held: list[_Held] = []
    clashes: list[TownClash] = []
    shared: list[str] = []
    for town, deviations in renamed:
        held, more, together = _added(held, town, deviations, clashes, product)
        clashes = more
        shared += together
    given = sum(len(deviations) for _, deviations in renamed)
    return Joined(
        deviations=tuple((one.towns, one.deviation) for one in held),
        clashes=tuple(clashes),
        shared=tuple(dict.fromkeys(shared)),
        widened=tuple(one.deviation.path for one in held if len(set(one.towns)) == 1) if len(towns) > 1 else (),
        towns=tuple(towns),
        given=given,
    )


def _added(
    held: list[_Held], town: str, deviations: Sequence[Deviation], clashes: list[TownClash], product: Node
) -> tuple[list[_Held], list[TownClash], list[str]]:
    """One more town. A deviation in a place that is disputed already joins the dispute."""
    clashes = list(clashes)
    left: list[Deviation] = []
    for deviation in deviations:
        at = next((n for n, one in enumerate(clashes) if any(_touch(deviation, d) for _, d in one.told)), None)
        if at is None:
            left.append(deviation)
        else:
            clashes[at] = dataclasses.replace(clashes[at], told=(*clashes[at].told, (town, deviation)))
    combined = combine([one.deviation for one in held], left, product)
    by_path = {one.deviation.path: one for one in held}
    for clash in combined.clashes:
        ours = by_path.pop(clash.first.path)
        told = (*ours.originals, *((town, one) for one in (clash.second, *clash.rest)))
        clashes.append(TownClash(clash.first.path, told))
    gone = {one.path for clash in combined.clashes for one in (clash.first, clash.second, *clash.rest)}
    # What came out as it went in is known; all else came together with what lies in its place.
    as_it_was = {id(one) for one in combined.deviations}
    ours_left = [one for one in by_path.values() if id(one.deviation) not in as_it_was]
    theirs_left = [one for one in left if id(one) not in as_it_was and one.path not in gone]
    mine = {id(one.deviation): one for one in by_path.values()}
    theirs = {id(one): one for one in left}
    found: list[_Held] = []
    for deviation in combined.deviations:
        if id(deviation) in mine:
            found.append(mine[id(deviation)])
            continue
        if id(deviation) in theirs:
            found.append(_Held((town,), deviation, ((town, deviation),)))
            continue
        came = [one for one in ours_left if _touch(one.deviation, deviation)]
        own = [one for one in theirs_left if _touch(one, deviation)]
        ours_left = [one for one in ours_left if one not in came]
        theirs_left = [one for one in theirs_left if one not in own]
        originals = (*(pair for one in came for pair in one.originals), *((town, one) for one in own))
        found.append(_Held(tuple(code for code, _ in originals), deviation, originals))
    return found, clashes, list(combined.shared)


def _touch(a: Deviation, b: Deviation) -> bool:
    return all(x == y for x, y in zip(a.keys, b.keys, strict=False))


def _with_own_names(towns: Sequence[Town]) -> list[tuple[str, tuple[Deviation, ...]]]:
    """The deviations of each town, their sources under names that the towns do not share for different things."""
    names = _source_names(towns)
    found = []
    for town in towns:
        deviations = town.variant.deviations if town.variant else ()
        found.append((town.code, tuple(_renamed(one, names, town.code) for one in deviations)))
    return found


def _source_names(towns: Sequence[Town]) -> dict[tuple[str, str], str]:
    meant: dict[str, Source] = {}
    names: dict[tuple[str, str], str] = {}
    for town in towns:
        for source in town.variant.sources if town.variant else ():
            known = meant.setdefault(source.key, source)
            names[(town.code, source.key)] = source.key if known == source else f"{source.key}_{town.code.lower()}"
    return names


def _renamed(deviation: Deviation, names: Mapping[tuple[str, str], str], town: str) -> Deviation:
    basis = deviation.basis
    if basis is not None and basis.source:
        basis = dataclasses.replace(basis, source=names.get((town, basis.source), basis.source))
    return dataclasses.replace(deviation, source=names.get((town, deviation.source), deviation.source), basis=basis)


# --- writing ----------------------------------------------------------------------------------------------------------


def chosen(joined: Joined, choices: Mapping[str, str]) -> tuple[tuple[Deviation, ...], tuple[TownClash, ...]]:
    """The deviations after somebody chose, and the clashes that are still open. `choices`: the town that counts, by path of the
    clash; "" for none of them: then what holds for all counts."""
    found = [deviation for _, deviation in joined.deviations]
    open_ = []
    for clash in joined.clashes:
        town = choices.get(clash.path)
        if town is None:
            open_.append(clash)
        else:
            found += [deviation for code, deviation in clash.told if code == town]
    return tuple(found), tuple(open_)


def joined_text(municipality: str, product: str, begin: date, joined: Joined, deviations: Iterable[Deviation]) -> str:
    """The variant of the new municipality as a text: deviations with their reasons, sources and examples of all towns."""
    names = _source_names(joined.towns)
    sources: dict[str, Value] = {}
    examples: list[Value] = []
    unknown: dict[str, None] = {}
    for town in joined.towns:
        if town.variant is None:
            continue
        for source in town.variant.sources:
            key = names[(town.code, source.key)]
            sources[key] = _value(plain(dataclasses.replace(source, key=key)))
        unknown.update(dict.fromkeys(town.variant.not_found))
    examples = _examples(joined.towns)
    root: dict[str, Value] = {
        "soort": "variant", "gemeente": municipality, "product": product, "vanaf": begin.isoformat(),
        "opmerking": "Samengevoegd uit " + ", ".join(town.code for town in joined.towns) + ".",
    }  # fmt: skip
    if sources:
        root["bronnen"] = list(sources.values())
    root["afwijkingen"] = [_item(one) for one in deviations]
    if unknown:
        root["niet_gevonden"] = list(unknown)
    if examples:
        root["voorbeelden"] = examples
    return written(root)


def _examples(towns: Iterable[Town]) -> list[Value]:
    """The own examples of all towns. Where two have the same name for something else, each carries its town."""
    found: list[tuple[str, str, Node]] = []
    for town in towns:
        listed = town.variant.examples if town.variant else None
        for item in listed.items if isinstance(listed, ListNode) else ():
            key = identity(item) or ""
            if not any(name == key and alike(item, node) for _, name, node in found):
                found.append((town.code, key, item))
    times = Counter(key for _, key, _ in found)
    return [as_value(_named(node, f"{key}_{code.lower()}") if times[key] > 1 else node) for code, key, node in found]


def _named(node: Node, key: str) -> Node:
    if not isinstance(node, MapNode):
        return node
    entries = tuple(
        (name, TextNode(key, True, value.at, value.at) if name.text == "sleutel" else value)
        for name, value in node.entries
    )
    return MapNode(entries, node.at)


def _item(one: Deviation) -> Value:
    item: dict[str, Value] = {"pad": one.path}
    if one.after:
        item["na"] = one.after
    if one.value is not None:
        item["waarde"] = as_value(one.value.node)
    else:
        item["vervalt"] = "ja"
    item["soort"] = str(one.kind.value)
    item["reden"] = one.reason
    if one.basis is not None:
        item["grondslag"] = _value(plain(one.basis))
    if one.source:
        item["bron"] = one.source
    if not one.verified:
        item["geverifieerd"] = "nee"
    if one.begin is not None:
        item["vanaf"] = one.begin.isoformat()
    if one.end is not None:
        item["tot"] = one.end.isoformat()
    return item


def _value(data: object) -> Value:
    """JSON data as a value of a file."""
    if isinstance(data, dict):
        return {str(key): _value(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_value(item) for item in data]
    if isinstance(data, bool):
        return "ja" if data else "nee"
    return None if data is None else str(data)
