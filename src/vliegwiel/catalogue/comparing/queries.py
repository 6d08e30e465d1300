"""Comparisons as pages show them: over the package and over what each municipality published for itself.

The shared product is that of the package. What was compared is kept until something is published or a file or the law changes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast
from uuid import UUID

from django.db.models import F

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import MapNode, SourceInvalid
from vliegwiel.base.tenancy import scope

from ..lawbook import law_book
from ..library import Library
from ..models import Kind, Publication
from ..practice.queries import cases_a_year
from ..resolve import library
from ..texts import Text, TextLibrary, name_of, version_key
from ..versions.shelves import mark_now
from . import costs
from .gathering import (
    OWN_ONLY,
    ProductCompared,
    all_roots,
    compare_product,
    product_features,
    product_root,
    town_features,
)
from .likeness import Likeness, likeness
from .products import Pair, side_by_side
from .reasons import Grade
from .twice import Repeat, repeats

T = TypeVar("T")


class _Kept:
    """A bounded memory of what was worked out, by what it rests on."""

    LIMIT = 256

    def __init__(self) -> None:
        self._found: dict[Hashable, object] = {}
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        if name not in self._found:
            made = make()
            with self._lock:
                if len(self._found) >= self.LIMIT:
                    self._found.clear()
                self._found[name] = made
        return cast(T, self._found[name])


_kept = _Kept()


class _Looked:
    """States of files, looked at again after a while: looking at 342 variants costs more than the page."""

    AGAIN = 2.0

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[float, tuple[Hashable, ...]]] = {}

    def get(self, name: Hashable, look: Callable[[], tuple[Hashable, ...]]) -> tuple[Hashable, ...]:
        now = time.monotonic()
        known = self._found.get(name)
        if known is None or now - known[0] >= self.AGAIN:
            if len(self._found) >= _Kept.LIMIT:
                self._found.clear()
            known = (now, look())
            self._found[name] = known
        return known[1]


_looked = _Looked()


def comparison(municipality: str, key: str, on: date) -> ProductCompared:
    """All municipalities on one product. Opens the scope of the reader. Raises `NotFound`; `SourceInvalid` for a wrong one."""
    return _compared(municipality, key, on, _published(municipality).get(key, ()))


def comparisons(municipality: str, on: date) -> tuple[ProductCompared, ...]:
    """Every product that can be laid together, by name. One whose file is wrong is left out."""
    published = _published(municipality)
    found = []
    for key in library().products():
        try:
            found.append(_compared(municipality, key, on, published.get(key, ())))
        except (SourceInvalid, NotFound):
            continue
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def _compared(reader: str, key: str, on: date, published: tuple[_Variant, ...]) -> ProductCompared:
    states = _looked.get(key, lambda: _states(library(), key))
    name = ("product", key, on, law_book().hash, states, published)
    return _kept.get(name, lambda: compare_product(_with_published(reader, key, published), key, on))


def product_likeness() -> Likeness:
    """All products of the package with each other."""
    found = library()
    return _kept.get(
        ("likeness", _looked.get("all", lambda: _all_states(found))),
        lambda: likeness(product_features(all_roots(found))),
    )


def town_likeness(municipality: str, on: date) -> Likeness:
    """All municipalities that have anything of their own with each other, over all products."""
    compared = comparisons(municipality, on)
    # The comparisons are kept with the answer, so that their identity goes on naming it.
    name = ("towns", *map(id, compared))
    return _kept.get(name, lambda: (compared, likeness(town_features(compared), OWN_ONLY)))[1]


def pair(one: str, other: str) -> Pair:
    """Two products side by side. Raises `NotFound`."""
    found = library()
    if not {one, other} <= set(found.products()):
        raise NotFound("Dit product kennen wij niet.")
    return _kept.get(
        ("pair", one, other, _looked.get("all", lambda: _all_states(found))),
        lambda: side_by_side(product_root(found, one), product_root(found, other)),
    )


def repeated() -> tuple[Repeat, ...]:
    """Parts that stand in several product files of the package."""
    found = library()
    return _kept.get(
        ("repeats", _looked.get("all", lambda: _all_states(found))), lambda: repeats(_product_files(found))
    )


def _product_files(found: Library) -> dict[str, MapNode]:
    files = {}
    for key in found.products():
        try:
            file = found.product(key)
        except SourceInvalid:
            continue
        if file is not None:
            files[file.name] = file.root
    return files


def unreasoned(
    municipality: str, on: date, ranges: dict[str, costs.Range], only: str = ""
) -> tuple[tuple[ProductCompared, costs.Unreasoned], ...]:
    """Where municipalities differ without saying why, over all products, the most expensive first. `only`: one municipality."""
    found: list[tuple[ProductCompared, costs.Unreasoned]] = []
    cases = cases_a_year(municipality)
    for product in comparisons(municipality, on):
        listed = costs.unreasoned(product.key, product.variants, cases.get(product.key, {}), ranges, only)
        found.extend((product, one) for one in listed)
    return tuple(sorted(found, key=lambda pair_: (-pair_[1].estimate.hours.high, pair_[0].name, pair_[1].place.name)))


def unreasoned_places(municipality: str, on: date) -> int:
    """In how many places anybody differs without saying why."""
    compared = comparisons(municipality, on)
    return sum(place.shape is Grade.NONE for product in compared for place in product.variants.places)


# --- the variants that were published ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Variant:
    """The newest variant that a municipality published for itself and did not deprecate, without its text."""

    owner: str
    version: tuple[int, ...]
    hash: str
    id: UUID


_last: dict[UUID, dict[str, tuple[_Variant, ...]]] = {}
"""What was published, by product, under the newest mark only."""


def _published(reader: str) -> dict[str, tuple[_Variant, ...]]:
    """By product the variants that municipalities published. Asked again after each publication."""
    with scope(reader):
        mark = mark_now()
        known = _last.get(mark)
        if known is not None:
            return known
        rows = Publication.everywhere.filter(
            kind=Kind.VARIANT, owner=F("municipality_id"), deprecated_until__isnull=True
        )
        best: dict[tuple[str, str], _Variant] = {}
        for key, owner, version, hash_, id_ in rows.values_list("key", "owner", "version", "hash", "id").iterator(5000):
            one = _Variant(owner, version_key(version), hash_, id_)
            if (key, owner) not in best or one.version > best[key, owner].version:
                best[key, owner] = one
    found: dict[str, list[_Variant]] = {}
    for (key, _), one in sorted(best.items()):
        found.setdefault(key, []).append(one)
    grouped = {key: tuple(listed) for key, listed in found.items()}
    _last.clear()
    _last[mark] = grouped
    return grouped


def _with_published(reader: str, key: str, published: tuple[_Variant, ...]) -> Library:
    """The package with these variants on top, their texts read at once."""
    if not published:
        return library()
    with scope(reader):
        rows = Publication.everywhere.filter(kind=Kind.VARIANT, key=key, id__in=[one.id for one in published])
        texts = dict(rows.values_list("id", "text"))
    names = {
        name_of(Kind.VARIANT.value, key, one.owner): Text.given(one.hash, texts[one.id])
        for one in published
        if one.id in texts
    }
    return TextLibrary(f"vergelijken:{hash(published)}", library(), names)


def _states(found: Library, key: str) -> tuple[Hashable, ...]:
    """The files that a comparison of one product rests on, as they are now."""
    towns = found.municipalities()
    files = [found.product(key), *(found.variant_file(code, key) for code in towns)]
    shared = [found.pattern(name) for name in found.patterns()] + [found.block(name) for name in found.blocks()]
    return tuple(file.state for file in (*files, *shared) if file is not None)


def _all_states(found: Library) -> tuple[Hashable, ...]:
    states: list[Hashable] = []
    for names, read in (
        (found.products(), found.product), (found.patterns(), found.pattern), (found.blocks(), found.block),
    ):  # fmt: skip
        for name in names:
            try:
                file = read(name)
            except SourceInvalid:
                continue
            states.append(file.state if file is not None else None)
    return tuple(states)
