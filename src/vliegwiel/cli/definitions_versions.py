"""Versions of definitions from the command line: what there was, who runs what, take over, go back, note a release."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from vliegwiel.base import bootstrap, clock
from vliegwiel.base.queries import served_municipality
from vliegwiel.catalogue.adopting import actions as adopting
from vliegwiel.catalogue.models import AdoptionMode, Kind
from vliegwiel.catalogue.versions import queries
from vliegwiel.catalogue.versions.releasing import note_release
from vliegwiel.catalogue.versions.views import VersionRow
from vliegwiel.trust.identity import Role, Staff

from .output import Json, show, show_json, table

Municipality = Annotated[str, typer.Argument(help="Gemeentecode, bijvoorbeeld GM0546.")]
Key = Annotated[str, typer.Argument(help="Sleutel van het product, bijvoorbeeld verhuizing-doorgeven.")]
ANY = "GM0344"
"""What is asked here is public; a question to the database still needs a municipality to stand in."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(history)
    app.command("who-runs")(who_runs)
    app.command()(adopt)
    app.command("roll-back")(roll_back)
    app.command()(release)


def history(
    key: Annotated[str, typer.Argument(help="Sleutel van de definitie.")],
    kind: Annotated[Kind, typer.Option(help="Wat voor definitie.")] = Kind.PRODUCT,
    owner: Annotated[str, typer.Option(help="Van een variant: de gemeente.")] = "",
    as_json: Json = False,
) -> None:
    """Toon alle versies van een definitie, de nieuwste eerst: van wie, door wie, waarom."""
    with bootstrap.database():
        rows = queries.history(owner or ANY, kind, key, owner)
    if as_json:
        show_json([_version(one) for one in rows])
        return
    cells = [
        (one.version, one.publisher or "pakket", one.hash[:12], _day(one.published_at), one.summary) for one in rows
    ]
    show(table(("versie", "van", "hash", "sinds", "wat"), cells) if cells else "Deze definitie is hier niet.")


def _version(one: VersionRow) -> dict[str, object]:
    return {
        "version": one.version,
        "hash": one.hash,
        "publisher": one.publisher or "pakket",
        "parents": list(one.parents),
        "published_at": one.published_at,
        "summary": one.summary,
        "reason": one.reason,
        "deprecated_from": one.deprecated_from,
        "deprecated_until": one.deprecated_until,
    }


def _day(moment: datetime | None) -> str:
    return f"{moment:%d-%m-%Y}" if moment else ""


def who_runs(
    key: Annotated[str, typer.Argument(help="Alleen dit product. Zonder: alle producten.")] = "",
    as_json: Json = False,
) -> None:
    """Toon welke gemeente welke versie van een product gebruikt."""
    with bootstrap.database():
        rows = queries.who_runs_what(ANY, key)
    if as_json:
        show_json(
            [
                {
                    "municipality": one.municipality, "product": one.product, "version": one.version, "mode": one.mode,
                    "publisher": one.publisher, "since": one.since, "definition": one.definition, "behind": one.behind,
                }
                for one in rows
            ]
        )  # fmt: skip
        return
    cells = [
        (one.municipality, one.product, one.version, one.mode, one.publisher, "ja" if one.behind else "")
        for one in rows
    ]
    heads = ("gemeente", "product", "versie", "hoe", "volgt", "loopt achter")
    show(table(heads, cells) if cells else "Nog geen gemeente biedt dit aan.")


def adopt(
    municipality: Municipality,
    key: Key,
    begin: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Vanaf welke dag. Zonder: vandaag.")
    ] = None,
    follows: Annotated[str, typer.Option(help="Welke gemeente wordt gevolgd, naast het pakket.")] = "",
    stay: Annotated[bool, typer.Option(help="Blijf op deze versie.")] = False,
) -> None:
    """Bied een product aan vanaf een dag. De voorbeelden moeten uitkomen."""
    with bootstrap.database():
        code = served_municipality(municipality.upper()).code
        day = begin.date() if begin else clock.today()
        mode = AdoptionMode.PIN if stay else AdoptionMode.FOLLOW
        adopting.adopt(_keeper(code), code, key, begin=day, mode=mode, publisher=follows.upper())
    show(f"{code} biedt {key} aan vanaf {day:%d-%m-%Y}.")


def roll_back(
    municipality: Municipality,
    key: Key,
    why: Annotated[str, typer.Option(help="Waarom.", prompt="Waarom gaat u terug?")],
    to: Annotated[str, typer.Option(help="Hash van de definitie. Zonder: die van hiervoor.")] = "",
) -> None:
    """Ga terug naar een eerdere versie en blijf daarop. Zaken die lopen veranderen niet."""
    with bootstrap.database():
        code = served_municipality(municipality.upper()).code
        adopting.roll_back(_keeper(code), key, to=to, why=why)
    show(f"{code} gebruikt van {key} weer de eerdere versie.")


def release(as_json: Json = False) -> None:
    """Bewaar de definities van dit pakket, en laat elke gemeente kijken wat nieuw is. Doe dit na elke nieuwe versie."""
    with bootstrap.database():
        found = note_release()
    if as_json:
        show_json({"release": found.number if found else None, "changed": found.changed if found else 0})
    elif found is None:
        show("De definities zijn dezelfde als de vorige keer.")
    else:
        show(f"{found.changed} definities bewaard als uitgave {found.number}.")


def _keeper(code: str) -> Staff:
    """Who has the machine may do this; the ledger says that it came from the command line."""
    return Staff(code, "opdrachtregel", "Beheerder (opdrachtregel)", frozenset({Role.FUNCTIONEEL_BEHEERDER}))
