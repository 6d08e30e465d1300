"""The package brought new definition files: keep the old ones, and let each municipality go along or choose.

Called when an installation is brought up to date, before it serves. Without it a municipality whose variant no longer fits would
find its product broken; with it that municipality stays on the release it was on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from vliegwiel.base.clock import now
from vliegwiel.base.queries import served

from ..canonical import node_hash
from ..library import DefinitionFile, Library, header
from ..models import PackagedText
from ..resolve import library
from ..worklater import follow_package
from .numbering import next_number
from .queries import package_files

_KINDS = {"patronen": "patroon", "blokken": "blok", "producten": "product", "varianten": "variant"}


@dataclass(frozen=True, slots=True)
class Release:
    """A state of the package. `changed` counts files that are new, other or gone; `before` is the release it came after."""

    number: int
    before: int | None
    changed: int


def note_release(*, among: Library | None = None) -> Release | None:
    """Keep the files of the package where they differ from what was kept, and ask every municipality to look at them.

    Gives None when nothing changed. Runs as the installation itself: what it keeps is public.
    """
    found = among or library()
    with transaction.atomic():
        rows = PackagedText.objects.order_by("kind", "key", "owner", "-release").distinct("kind", "key", "owner")
        last = {(row.kind, row.key, row.owner): row for row in rows.defer("text")}
        files = {_place(file): file for file in package_files(found)}
        new = [place for place, file in files.items() if place not in last or last[place].hash != node_hash(file.root)]
        gone = [place for place, row in last.items() if row.hash and place not in files]
        if not (new or gone):
            return None
        before = max((row.release for row in last.values()), default=None)
        number = next_number()
        PackagedText.objects.bulk_create(_rows(found, number, ((place, files[place]) for place in new)))
        PackagedText.objects.bulk_create(
            PackagedText(
                release=number, kind=k, key=key, owner=o, hash="", name=last[(k, key, o)].name, text="", seen_at=now()
            )
            for k, key, o in gone
        )
        if before is not None:
            for one in served():
                follow_package.later(municipality=one.code, release=before)
    return Release(number, before, len(new) + len(gone))


def _rows(
    found: Library, number: int, files: Iterable[tuple[tuple[str, str, str], DefinitionFile]]
) -> Iterable[PackagedText]:
    for (kind, key, owner), file in files:
        yield PackagedText(
            release=number,
            kind=kind,
            key=key,
            owner=owner,
            version=header(file, "versie")[:20],
            hash=node_hash(file.root),
            name=file.name,
            text=found.text(file.name) or "",
            seen_at=now(),
        )


def _place(file: DefinitionFile) -> tuple[str, str, str]:
    """Kind, key and (of a variant) municipality of a file of the package, from its name."""
    folder, *below = file.name.removesuffix(".yaml").split("/")
    return _KINDS[folder], below[-1], below[0][:6] if folder == "varianten" else ""
