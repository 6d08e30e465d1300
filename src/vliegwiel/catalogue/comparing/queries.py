"""Comparisons as pages show them: over the package and over what each municipality published for itself.

The shared product is that of the package. What was compared is kept until something is published or a file or the law changes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
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

    LIMIT = 512

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
    with scope(municipality):
        mark = mark_now()
        found = _with_published(mark)
    return _compared(found, mark, key, on)


def comparisons(municipality: str, on: date) -> tuple[ProductCompared, ...]:
    """Every product that can be laid together, by name. One whose file is wrong is left out."""
    with scope(municipality):
        mark = mark_now()
        shelf = _with_published(mark)
    found = []
    for key in library().products():
        try:
            found.append(_compared(shelf, mark, key, on))
        except (SourceInvalid, NotFound):
            continue
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def _compared(found: Library, mark: UUID, key: str, on: date) -> ProductCompared:
    states = _looked.get((mark, key), lambda: _states(found, key))
    return _kept.get(("product", mark, key, on, law_book().hash, states), lambda: compare_product(found, key, on))


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


# --- the library with all variants that were published -----------------------------------------------------------------


def _with_published(mark: UUID) -> Library:
    """The package with the variant that each municipality published for itself on top. Call inside a scope."""
    return _kept.get(("library", mark), lambda: _published(mark))


def _published(mark: UUID) -> Library:
    rows = Publication.everywhere.filter(kind=Kind.VARIANT, owner=F("municipality_id"), deprecated_until__isnull=True)
    best: dict[str, tuple[tuple[int, ...], str, str]] = {}
    for owner, key, version, hash_, text in rows.values_list("owner", "key", "version", "hash", "text").iterator(2000):
        name = name_of(Kind.VARIANT.value, key, owner)
        number = version_key(version)
        if name not in best or number > best[name][0]:
            best[name] = (number, hash_, text)
    if not best:
        return library()
    texts = {name: Text.given(hash_, text) for name, (_, hash_, text) in best.items()}
    return TextLibrary(f"vergelijken:{mark}", library(), texts)


def _states(found: Library, key: str) -> tuple[Hashable, ...]:
    """The files that a comparison of one product rests on, as they are now."""
    files = [found.product(key), *(found.variant_file(code, key) for code in found.municipalities())]
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
