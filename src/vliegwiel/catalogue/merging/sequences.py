"""Three-way merging of sequences: the order of names, and lists or texts of which the items have no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of names. `clash`: both sides moved them, or put something in the same place."""

    names: tuple[str, ...]
    clash: bool


def merge_order(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], kept: set[str], *, strict: bool
) -> Ordered:
    """The order of the kept names. With `strict` two additions in one place clash; without it the alphabet decides.

    Swapping ours and theirs gives the same when nothing clashes.
    """
    common = [name for name in base if name in kept and name in ours and name in theirs]
    shared = set(common)
    in_ours = [name for name in ours if name in shared]
    in_theirs = [name for name in theirs if name in shared]
    clash = in_ours != common and in_theirs != common and in_ours != in_theirs
    frame = in_ours if in_ours != common else in_theirs
    runs_ours, runs_theirs = _runs(ours, shared, kept), _runs(theirs, shared, kept)
    placed: list[str] = []
    for anchor in ("", *frame):
        if anchor:
            placed.append(anchor)
        first, second = runs_ours.get(anchor, []), runs_theirs.get(anchor, [])
        known = set(placed)
        new_first = [name for name in first if name not in known]
        new_second = [name for name in second if name not in known]
        only_first = [name for name in new_first if name not in new_second]
        only_second = [name for name in new_second if name not in new_first]
        if only_first and only_second:
            clash = clash or strict
        placed.extend(_together(new_first, new_second))
    placed.extend(sorted(kept - set(placed)))
    return Ordered(tuple(dict.fromkeys(placed)), clash)


def _runs(order: Sequence[str], shared: set[str], kept: set[str]) -> dict[str, list[str]]:
    """The names that stand behind each shared name (or at the start) and are not shared themselves."""
    runs: dict[str, list[str]] = {}
    anchor = ""
    for name in order:
        if name in shared:
            anchor = name
        elif name in kept:
            runs.setdefault(anchor, []).append(name)
    return runs


def _together(first: list[str], second: list[str]) -> list[str]:
    """Two runs in one place, the same whichever is named first."""
    a, b = sorted((first, second))
    return list(dict.fromkeys((*a, *b)))


# --- items without names ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stable(Generic[T]):
    """A stretch that is certain."""

    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Disputed(Generic[T]):
    """A stretch that both sides changed differently."""

    base: tuple[T, ...]
    ours: tuple[T, ...]
    theirs: tuple[T, ...]


def merge_runs(
    base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], key: Callable[[T], str]
) -> list[Stable[T] | Disputed[T]]:
    """Merge three sequences by what they have in common (diff3: Khanna, Kunal and Pierce, 2007)."""
    keys = [[key(item) for item in side] for side in (base, ours, theirs)]
    found: list[Stable[T] | Disputed[T]] = []
    b = o = t = 0
    for start_b, start_o, start_t, size in (*_islands(*keys), (len(base), len(ours), len(theirs), 0)):
        stretch = (base[b:start_b], ours[o:start_o], theirs[t:start_t])
        found.extend(_settled(*stretch, keys[0][b:start_b], keys[1][o:start_o], keys[2][t:start_t]))
        if size:
            found.append(Stable(tuple(base[start_b : start_b + size])))
        b, o, t = start_b + size, start_o + size, start_t + size
    return found


def _settled(
    base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], kb: list[str], ko: list[str], kt: list[str]
) -> Iterator[Stable[T] | Disputed[T]]:
    """A stretch between two islands: who changed it decides; both did: a dispute."""
    if not (base or ours or theirs):
        return
    if ko == kt or kt == kb:
        if ours:
            yield Stable(tuple(ours))
    elif ko == kb:
        if theirs:
            yield Stable(tuple(theirs))
    else:
        yield Disputed(tuple(base), tuple(ours), tuple(theirs))


def _islands(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that are the same in all three: where they begin in each, and how long they are."""
    to_ours, to_theirs = _matches(base, ours), _matches(base, theirs)
    place = 0
    while place < len(base):
        if place not in to_ours or place not in to_theirs:
            place += 1
            continue
        size = 1
        while (
            to_ours.get(place + size) == to_ours[place] + size
            and to_theirs.get(place + size) == to_theirs[place] + size
        ):
            size += 1
        yield place, to_ours[place], to_theirs[place], size
        place += size


def _matches(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Which item of the other each item of the base is."""
    blocks: Iterable[tuple[int, int, int]] = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {a + n: b + n for a, b, size in blocks for n in range(size)}
