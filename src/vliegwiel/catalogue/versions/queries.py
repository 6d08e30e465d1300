"""Definitions as they count now, where they came from, what is being written, and who runs what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vliegwiel.base.clock import today
from vliegwiel.base.errors import NotFound
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..canonical import node_hash
from ..library import DefinitionFile, Library, header
from ..model import Resolved
from ..models import Adoption, Draft, PackagedText, Publication
from ..resolve import library, resolve
from ..texts import name_of, version_key
from .checking import Checked, check_in
from .shelves import headers, library_for, readable
from .views import DraftView, TextNow, VersionRow, draft_view, version_row

PACKAGE = "pakket"


def current(municipality: str, key: str, on: date | None = None) -> Resolved:
    """What the municipality's line gives for a product on a date (default today), offered or not. Raises as `resolve`.

    For what new cases get, pinned or not, see `catalogue.queries.product_for`.
    """
    day = on or today()
    return resolve(municipality, key, day, among=library_for(municipality, key, day))


def file_in(found: Library, kind: str, key: str, municipality: str) -> DefinitionFile | None:
    """A definition in a library; of a variant that of the municipality."""
    if kind == "variant":
        return found.variant_file(municipality, key)
    return {"product": found.product, "patroon": found.pattern, "blok": found.block}[kind](key)


def text_now(municipality: str, kind: str, key: str, on: date | None = None) -> TextNow:
    """A definition as it counts for a municipality, with its text. Raises `NotFound`."""
    found = library_for(municipality, key if kind in ("product", "variant") else "", on)
    file = file_in(found, kind, key, municipality)
    text = found.text(_name_in(found, file)) if file is not None else None
    if file is None or text is None:
        raise NotFound("Deze definitie kennen wij niet.")
    hash_ = node_hash(file.root)
    owner = municipality if kind == "variant" else ""
    with readable(municipality):
        rows = Publication.everywhere.filter(kind=kind, key=key, owner=owner, hash=hash_)
        row = rows.order_by("-number").first() if "@" in file.state[0] else None
    version = row.version if row else header(file, "versie")
    return TextNow(text, hash_, version, row.municipality_id if row else PACKAGE)


def _name_in(found: Library, file: DefinitionFile) -> str:
    """The name under which the library has the text; a published variant stands in a folder without a name."""
    return file.state[0].partition("@")[0] or file.name


def text_of(hash_: str, municipality: str) -> str | None:
    """The text at an address: published by anybody, or once in the package. None where nobody here has it."""
    with readable(municipality):
        row = Publication.everywhere.filter(hash=hash_).values_list("text", flat=True).first()
        if row is None:
            row = PackagedText.objects.filter(hash=hash_).exclude(text="").values_list("text", flat=True).first()
    return row or _in_package(hash_)


def _in_package(hash_: str) -> str | None:
    found = library()
    for file in package_files(found):
        if node_hash(file.root) == hash_:
            return found.text(file.name)
    return None


def package_files(found: Library) -> Iterable[DefinitionFile]:
    """Every pattern, block, product and variant of a library that can be read."""
    for names, get in (
        (found.patterns(), found.pattern),
        (found.blocks(), found.block),
        (found.products(), found.product),
    ):
        for name in names:
            file = get(name)
            if file is not None:
                yield file
    for municipality in found.municipalities():
        for key in found.variants_of(municipality):
            file = found.variant_file(municipality, key)
            if file is not None:
                yield file


def history(municipality: str, kind: str, key: str, owner: str = "") -> tuple[VersionRow, ...]:
    """Every version of a definition that anybody here published, and those the package had; the newest first."""
    with readable(municipality):
        rows = Publication.everywhere.filter(kind=kind, key=key, owner=owner).defer("text")
        found = [version_row(row) for row in rows]
        packaged = list(PackagedText.objects.filter(kind=kind, key=key, owner=owner).exclude(text="").defer("text"))
    found += [_packaged(row) for row in packaged]
    now = file_in(library(), kind, key, owner)
    if now is not None and (not packaged or packaged[-1].hash != node_hash(now.root)):
        hash_ = node_hash(now.root)
        if all(one.hash != hash_ or one.publisher for one in found):
            found.append(_of_package(kind, key, owner, header(now, "versie"), hash_, 0, None))
    return tuple(sorted(found, key=lambda one: (one.number, version_key(one.version)), reverse=True))


def _packaged(row: PackagedText) -> VersionRow:
    return _of_package(row.kind, row.key, row.owner, row.version, row.hash, row.release, row.seen_at)


def _of_package(
    kind: str, key: str, owner: str, version: str, hash_: str, release: int, seen: datetime | None
) -> VersionRow:
    return VersionRow(
        kind, key, owner, "", version, hash_, release, (), "", "", "", "", seen, PACKAGE, None, None, ""
    )  # fmt: skip


def lineage(municipality: str, hash_: str) -> tuple[VersionRow, ...]:
    """A version and all that it came from, each once, the nearest first. A parent nobody here has is not shown."""
    found: dict[str, VersionRow] = {}
    pending = [hash_]
    with readable(municipality):
        while pending and len(found) < 500:
            rows = Publication.everywhere.filter(hash__in=pending).defer("text").order_by("-number")
            step = [version_row(row) for row in rows]
            step += [_packaged(row) for row in PackagedText.objects.filter(hash__in=pending).defer("text")]
            fresh = [row for row in step if row.hash not in found]
            for row in fresh:
                found.setdefault(row.hash, row)
            pending = [parent for row in fresh for parent in row.parents if parent not in found]
    return tuple(found.values())


def came_from(municipality: str, hash_: str) -> tuple[str, ...]:
    """The addresses of a version and of all it came from, the nearest first; also of parents whose text nobody here has."""
    found: dict[str, None] = {hash_: None}
    pending = [hash_]
    with readable(municipality):
        while pending and len(found) < 500:
            rows = Publication.everywhere.filter(hash__in=pending).order_by("-number").values_list("parents", flat=True)
            pending = [parent for parents in rows for parent in parents if parent not in found]
            found.update(dict.fromkeys(pending))
    return tuple(found)


def drafts(actor: Staff) -> tuple[DraftView, ...]:
    """What the municipality is writing, last touched first. Needs `DEFINITIE_BEHEREN`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = Draft.objects.filter(municipality_id=actor.municipality).order_by("-edited_at")
        return tuple(draft_view(row) for row in rows)


def draft(actor: Staff, kind: str, key: str) -> DraftView | None:
    """One draft, or None. Needs `DEFINITIE_BEHEREN`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        row = Draft.objects.filter(municipality_id=actor.municipality, kind=kind, key=key).first()
        return draft_view(row) if row else None


def check_text(
    municipality: str, kind: str, key: str, text: str, on: date | None = None, *, thorough: bool = False
) -> Checked:
    """Check a text where the municipality would have it, without writing anything; also when it cannot be read.

    Not `thorough` is for while somebody types: of all products on a pattern or block only the first is looked at.
    """
    day = on or today()
    below = library_for(municipality, key if kind in ("product", "variant") else "", day)
    return check_in(below, municipality, kind, key, text, day, thorough=thorough)


@dataclass(frozen=True, slots=True)
class Running:
    """What one municipality runs of one product today. `definition` is the hash of the resolved definition (empty: not looked
    at since it was adopted). `own` counts its own publications, the variant included; `behind` says that it was held back."""

    municipality: str
    product: str
    version: str
    definition: str
    mode: str
    publisher: str
    since: date
    own: int
    behind: bool


def who_runs_what(municipality: str, key: str = "", on: date | None = None) -> tuple[Running, ...]:
    """Which municipality offers which version of a product (or of all products). Public: it needs no right.

    `municipality` is who asks; the answer is about all.
    """
    day = on or today()
    with readable(municipality):
        rows = Adoption.everywhere.filter(begin__lte=day)
        if key:
            rows = rows.filter(product=key)
        newest: dict[tuple[str, str], Adoption] = {}
        for row in rows.order_by("product", "municipality_id", "-begin"):
            newest.setdefault((row.municipality_id, row.product), row)
        live = [row for row in newest.values() if row.end is None or row.end >= day]
        newest_of = _newest_numbers({row.publisher for row in live if row.publisher})
        own = _own_counts(key)
    return tuple(
        Running(
            municipality=row.municipality_id,
            product=row.product,
            version=row.version or _version_in_package(row.product),
            definition=row.definition or row.pinned,
            mode=row.mode,
            publisher=row.publisher,
            since=row.begin,
            own=own.get((row.municipality_id, row.product), 0),
            behind=row.release is not None or row.upto < newest_of.get(row.publisher, 0),
        )
        for row in live
    )


def _newest_numbers(publishers: set[str]) -> dict[str, int]:
    shared = {publisher: [one.number for one in headers(publisher) if not one.owner] for publisher in publishers}
    return {publisher: max(numbers, default=0) for publisher, numbers in shared.items()}


def _own_counts(key: str) -> dict[tuple[str, str], int]:
    rows = Publication.everywhere.filter(kind__in=("product", "variant"))
    if key:
        rows = rows.filter(key=key)
    counted: dict[tuple[str, str], int] = {}
    for pair in rows.values_list("municipality_id", "key"):
        counted[pair] = counted.get(pair, 0) + 1
    return counted


def _version_in_package(key: str) -> str:
    file = library().product(key)
    return header(file, "versie") if file else ""


__all__ = [
    "PACKAGE", "Checked", "Running", "came_from", "check_text", "current", "draft", "drafts", "file_in", "history", "lineage",
    "name_of", "package_files", "text_now", "text_of", "who_runs_what",
]  # fmt: skip
