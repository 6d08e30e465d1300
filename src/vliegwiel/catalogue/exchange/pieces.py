"""From what stands in the catalogue to pieces of a bundle: a text, what it rests on, and those texts with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, cast

from vliegwiel.base.sourcefile import MapNode, SourceInvalid, TextNode, parse_source

from ..canonical import node_hash, text_hash
from ..lawbook import LAWS
from ..library import DefinitionFile, Library, header
from ..models import Publication
from ..versions.checking import blocks_in, pattern_key
from ..versions.queries import file_in
from .bundle import Kind, Need, Piece

ORDER: Mapping[str, int] = {"blok": 0, "patroon": 1, "product": 2, "variant": 3}
"""What rests on nothing comes first, so that a bundle can be taken over from front to back."""
_NEEDED: Mapping[str, Literal["blok", "patroon", "product"]] = {
    "blok": "blok",
    "patroon": "patroon",
    "product": "product",
}


def piece_of(row: Publication, found: Library) -> Piece:
    """A publication as a piece. Who prepared and approved it are persons and stay at home."""
    return Piece(
        hash=row.hash,
        sleutel=row.key,
        soort=cast(Kind, row.kind),
        tekst=row.text,
        gemeente=row.owner,
        gepubliceerd=row.published_at.isoformat(timespec="seconds"),
        ouders=list(row.parents),
        reden=row.reason,
        rust_op=needs_of(row.kind, row.key, row.text, found),
        samenvatting=row.summary,
        versie=row.version,
        vervalt_tot=row.deprecated_until.isoformat() if row.deprecated_until else "",
        vervalt_vanaf=row.deprecated_from.isoformat() if row.deprecated_from else "",
    )


def piece_in(found: Library, kind: str, key: str, owner: str = "", *, along: bool = False) -> Piece | None:
    """A definition as it stands in a library, as a piece; None when it is not there. `along`: another one rests on it."""
    file = file_in(found, kind, key, owner)
    text = found.text(name_in(file)) if file is not None else None
    if file is None or text is None:
        return None
    return Piece(
        hash=node_hash(file.root),
        sleutel=key,
        soort=cast(Kind, kind),
        tekst=text,
        gemeente=owner,
        meegeleverd=along,
        rust_op=needs_of(kind, key, text, found),
        versie=header(file, "versie"),
    )


def with_needs(pieces: Iterable[Piece], found: Library) -> list[Piece]:
    """The pieces with all they rest on, each text once, in the order in which they can be taken over."""
    known = {(piece.name, piece.hash): piece for piece in pieces}
    pending = list(known.values())
    while pending:
        for need in pending.pop().rust_op:
            if need.soort == "wet":
                continue
            along = piece_in(found, need.soort, need.sleutel, along=True)
            if along is not None and (along.name, along.hash) not in known:
                known[(along.name, along.hash)] = along
                pending.append(along)
    return sorted(known.values(), key=lambda one: (ORDER[one.soort], one.sleutel, one.gemeente, one.versie, one.hash))


def needs_of(kind: str, key: str, text: str, found: Library) -> list[Need]:
    """What a text rests on directly: its pattern, its blocks, its law; a variant on its product."""
    if kind == "variant":
        return list(_needs([("product", key)], found))
    try:
        root = parse_source(text, key).root
    except SourceInvalid:
        return []
    named = [("blok", name) for name in sorted(blocks_in(root))]
    if kind == "product" and isinstance(root, MapNode):
        law = root.get("wet")
        name = law.get("naam") if isinstance(law, MapNode) else None
        named += [("patroon", pattern_key(root)), ("wet", name.text if isinstance(name, TextNode) else "")]
    return list(_needs(named, found))


def name_in(file: DefinitionFile) -> str:
    """The name under which a library gives the text of a file."""
    return file.state[0].partition("@")[0] or file.name


def _needs(named: Iterable[tuple[str, str]], found: Library) -> Iterator[Need]:
    for kind, key in named:
        if kind == "wet":
            hash_ = law_hash(key)
            if hash_:
                yield Need(hash_, key, "wet")
            continue
        file = file_in(found, kind, key, "") if key else None
        if file is not None:
            yield Need(node_hash(file.root), key, _NEEDED[kind], header(file, "versie"))


def law_hash(name: str) -> str:
    """The address of a law file of this installation; empty when there is none of that name."""
    path = LAWS / f"{name}.yaml"
    if not name or "/" in name or not path.is_file():
        return ""
    return text_hash(path.read_text(encoding="utf-8"), path.name)
