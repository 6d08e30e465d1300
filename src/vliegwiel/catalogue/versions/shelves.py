"""Which definitions a municipality sees: its own publications, above those of whom it follows, above the files of the package.

A publication of somebody else never counts by itself: only where an adoption follows its publisher, and only up to the number
that the adoption has come to (`adopting.spreading`). So nobody can change what another runs.

What was read is kept by the mark of `CatalogueRevision`, which is new after each publication, also one that is undone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connection

from vliegwiel.base.clock import today
from vliegwiel.base.tenancy import current_scope, scope

from ..library import Library
from ..models import Adoption, CatalogueRevision, PackagedText, Publication
from ..resolve import library
from ..texts import GONE, Text, TextLibrary, name_of, version_key

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Line:
    """Where a municipality gets its definitions. `upto` counts for `publisher`; `release` None is the package as it is now."""

    municipality: str
    publisher: str = ""
    upto: int = 0
    release: int | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A publication without its text."""

    id: UUID
    publisher: str
    kind: str
    key: str
    owner: str
    version: str
    hash: str
    number: int
    until: date | None

    @property
    def name(self) -> str:
        """As in `texts.name_of`."""
        return name_of(self.kind, self.key, self.owner)


@contextmanager
def readable(municipality: str) -> Iterator[None]:
    """Inside a scope in which what is shared can be read: the caller's, or that of the municipality."""
    if current_scope():
        yield
    else:
        with scope(municipality):
            yield


def mark_now() -> UUID:
    """The mark of this moment, as this transaction sees it."""
    return CatalogueRevision.objects.values_list("mark", flat=True).get(id=1)


def library_for(municipality: str, key: str = "", on: date | None = None) -> Library:
    """The definitions that count for a municipality and a product on a date (default today): to hand to `among=` of `resolve`.

    Where the product is not adopted, or no product is asked, its own publications above the package.
    """
    day = on or today()
    with readable(municipality):
        adoption = None
        if key:
            rows = Adoption.everywhere.filter(municipality_id=municipality, product=key, begin__lte=day)
            adoption = rows.order_by("-begin").first()
        return library_on(line_of(municipality, adoption), day)


def line_of(municipality: str, adoption: Adoption | None) -> Line:
    """The line that an adoption follows; without one the municipality's own."""
    if adoption is None:
        return Line(municipality)
    return Line(municipality, adoption.publisher, adoption.upto, adoption.release)


def library_on(line: Line, day: date, mark: UUID | None = None) -> Library:
    """The definitions along a line on a day. Needs a scope unless `mark` is given, which spares a question to who has it."""
    moment = mark or mark_now()
    kept = _libraries.get((_database(), moment, line, day))
    if kept is not None:
        return kept
    with readable(line.municipality):
        made = _made(line, day, moment)
    _libraries.put((_database(), moment, line, day), made)
    return made


def _made(line: Line, day: date, mark: UUID) -> Library:
    below = library() if line.release is None else held(line.release)
    texts: dict[str, Text] = {}
    if line.publisher and line.publisher != line.municipality:
        theirs = (one for one in headers(line.publisher, mark) if one.number <= line.upto and not one.owner)
        texts.update(_newest(theirs, day))
    own = (one for one in headers(line.municipality, mark) if one.owner in ("", line.municipality))
    texts.update(_newest(own, day))
    if not texts:
        return below
    return TextLibrary(f"{_database()}:{line}:{day}", below, texts)


def _newest(found: Iterable[Header], day: date) -> dict[str, Text]:
    """Of each name the highest version that may be used on the day."""
    best: dict[str, Header] = {}
    for one in found:
        if one.until is not None and one.until < day:
            continue
        known = best.get(one.name)
        if known is None or version_key(one.version) > version_key(known.version):
            best[one.name] = one
    return {name: Text(one.hash, _loader(one)) for name, one in best.items()}


class _Loader:
    """Reads the text of a publication when somebody needs it, and keeps it."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.text: str | None = None

    def __call__(self) -> str:
        if self.text is None:
            one = self.header
            with readable(one.publisher):
                row = Publication.everywhere.filter(municipality_id=one.publisher, id=one.id)
                self.text = row.values_list("text", flat=True).get()
        return self.text


_loader = _Loader


def headers(publisher: str, mark: UUID | None = None) -> tuple[Header, ...]:
    """All that a municipality published, oldest first. Call inside a scope."""
    name = (_database(), mark or mark_now(), publisher)
    kept = _headers.get(name)
    if kept is not None:
        return kept
    rows = Publication.everywhere.filter(municipality_id=publisher).order_by("number")
    fields = ("id", "municipality_id", "kind", "key", "owner", "version", "hash", "number", "deprecated_until")
    found = tuple(Header(*row) for row in rows.values_list(*fields))
    _headers.put(name, found)
    return found


def held(release: int) -> Library:
    """The package as it was in a release. Where nothing was noted, as it is now."""
    name = (_database(), mark_now(), release)
    kept = _held.get(name)
    if kept is not None:
        return kept
    rows = PackagedText.objects.filter(release__lte=release).order_by("kind", "key", "owner", "-release")
    texts: dict[str, Text] = {}
    for row in rows.distinct("kind", "key", "owner"):
        file = name_of(row.kind, row.key, row.owner)
        texts[file] = Text.given(row.hash, row.text) if row.text else GONE
    # What came with a later release was not there.
    later = PackagedText.objects.filter(release__gt=release)
    for kind, key, owner in later.values_list("kind", "key", "owner"):
        texts.setdefault(name_of(kind, key, owner), GONE)
    made = TextLibrary(f"{_database()}:release {release}:{len(texts)}", library(), texts)
    _held.put(name, made)
    return made


def _database() -> str:
    return str(connection.settings_dict["NAME"])


class _Kept(Generic[K, V]):
    """A bounded memory of things that never change under their name."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: dict[K, V] = {}
        self._lock = threading.Lock()

    def get(self, name: K) -> V | None:
        return self._found.get(name)

    def put(self, name: K, value: V) -> None:
        with self._lock:
            if len(self._found) >= self._limit:
                self._found.clear()
            self._found[name] = value


_libraries: _Kept[tuple[str, UUID, Line, date], Library] = _Kept(20_000)
_headers: _Kept[tuple[str, UUID, str], tuple[Header, ...]] = _Kept(4_000)
_held: _Kept[tuple[str, UUID, int], Library] = _Kept(8)
