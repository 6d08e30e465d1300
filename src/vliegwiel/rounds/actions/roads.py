"""Maps: the extract of OpenStreetMap over which a municipality's rounds are planned from now on."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.rounds.models import RoadArea
from vliegwiel.rounds.operations.roadmap import folder
from vliegwiel.rounds.roads import Area
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of


def use_map(actor: Actor, name: str, file: Path) -> UUID:
    """Keep a map and plan over it from now on. The file is read through first; the same file twice is the same map, used anew.

    Needs `RONDE_PLANNEN`. Raises `MapInvalid` for a file that is no map.
    """
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
    area = Area.open(file)
    area.facts()
    kept = folder(actor.municipality) / f"{area.version}.osm.pbf"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        fresh = kept.with_suffix(".new")
        shutil.copyfile(file, fresh)
        fresh.replace(kept)
    with scope_of(actor):
        row, _ = RoadArea.objects.update_or_create(
            municipality_id=actor.municipality, name=name[:120], version=area.version,
            defaults={"file": kept.name, "made_at": now()},
        )  # fmt: skip
        ledger.append(
            actor, municipality=actor.municipality, kind="kaart.gekozen", zaak_id=None,
            payload={"kaart": name[:120], "versie": area.version},
        )  # fmt: skip
    return row.id
