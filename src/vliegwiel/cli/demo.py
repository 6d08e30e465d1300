"""The voorbeeldgegevens: seven municipalities that serve, their products, a mandate, and cases in every state."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from typing import Annotated

import typer
import yaml
from django.conf import settings
from django.db import connection, connections, transaction

from vliegwiel.base import bootstrap, clock
from vliegwiel.base.actions import go_live, load_municipalities
from vliegwiel.base.models import Installation
from vliegwiel.casework.actions.views import route
from vliegwiel.casework.demo import fill_worklist
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.rounds.demo import fill_district
from vliegwiel.rounds.world import write_fleet
from vliegwiel.simulators.cast.people import GEMEENTEN, read_cast
from vliegwiel.trust.actions import give_mandate
from vliegwiel.trust.identity import Role, Staff
from vliegwiel.trust.rights import MANDATABLE

from .democases import make_cases
from .output import Exit, Json, Refused, show, show_json
from .places import fleet_file

app = typer.Typer(help="Voorbeeldgegevens.", add_completion=False)

KEY = "demo"
VERSION = "1"
SINCE = date(2026, 1, 1)
"""From this day the municipalities of the demonstration are live."""
KEPT = {"django_migrations", "procrastinate_workers"}
LEIDERDORP, LEIDEN = "GM0547", "GM0546"
PRODUCTS_OF = {
    "Burgerzaken": (
        "adresonderzoek-melden", "briefadres", "geheimhouding-persoonsgegevens", "geregistreerd-partnerschap-melden",
        "grafuitgifte", "huwelijk-melden", "kiezerspas", "rijbewijs-verlengen", "rijbewijs-vermist", "uittreksel-brp",
        "verhuizing-doorgeven", "verklaring-omtrent-gedrag", "verlof-tot-begraven",
    ),
    "Parkeren": ("bewonersparkeervergunning", "gehandicaptenparkeerkaart"),
    "Werk en Inkomen": (
        "belastingkwijtschelding", "bijstand", "bijzondere-bijstand", "individuele-inkomenstoeslag", "schuldhulpverlening",
        "stadspas", "studietoeslag",
    ),
    "Afval": ("afvalcontainer", "container-vol", "grofvuil-ophalen"),
}  # fmt: skip
TEAM_OF = {product: team for team, products in PRODUCTS_OF.items() for product in products}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made."""

    municipalities: int
    products: int
    mandates: int
    cases: int
    containers: int


@app.callback()
def _top() -> None:
    """Voorbeeldgegevens: zeven gemeenten, producten en zaken."""


@app.command()
def load(
    reset: Annotated[bool, typer.Option("--reset", help="Gooi eerst alle gegevens in de database weg.")] = False,
    cases: Annotated[
        int, typer.Option(min=0, max=50, envvar="VLIEGWIEL_DEMO_CASES", help="Hoeveel zaken per gemeente, ongeveer.")
    ] = 20,
    rounds: Annotated[
        bool, typer.Option(envvar="VLIEGWIEL_DEMO_ROUNDS", help="Ook een wijk met containers, sensoren en wagens.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Laad de voorbeeldgegevens. Doet niets als ze er al zijn."""
    if settings.MODE == "production":
        raise Refused("In productie worden geen voorbeeldgegevens geladen.", Exit.BUSY)
    if cases and not os.environ.get("VLIEGWIEL_BRP_URL"):
        raise Refused(
            "Zaken maken kan alleen als de registers antwoorden. Start eerst vliegwiel run, of gebruik --cases 0.",
            Exit.MISSING,
        )
    with bootstrap.database():
        if reset:
            _empty()
        if Installation.objects.filter(key=KEY).exists():
            _say(as_json, "De voorbeeldgegevens zijn er al. Opnieuw beginnen kan met --reset.", {"loaded": False})
            return
        loaded = _load(cases, rounds=rounds)
        Installation.objects.create(key=KEY, value=VERSION, since=clock.now())
    _say(
        as_json,
        f"Geladen: {loaded.municipalities} gemeenten, {loaded.products} producten, {loaded.cases} zaken, "
        f"{loaded.containers} containers.",
        {"loaded": True, **asdict(loaded)},
    )


def _say(as_json: bool, text: str, answer: dict[str, object]) -> None:
    if as_json:
        show_json(answer)
    else:
        show(text)


def _load(cases: int, *, rounds: bool) -> Loaded:
    places = yaml.safe_load(resources.files("vliegwiel.cli").joinpath("demo.yaml").read_text(encoding="utf-8"))
    for place in places:
        go_live(place["code"], SINCE, phone=place["phone"], visiting_address=place["address"])
    offered = adopt_demo(towns={place["code"] for place in places})
    _mandate_of_leiderdorp()
    led = {m.gemeente for m in read_cast().medewerkers if "teamleider" in m.rollen}
    for code, products in offered.items():
        for product in products:
            if code in led and product in TEAM_OF:
                route(_team_leader(code), code, product, TEAM_OF[product])
    return Loaded(
        municipalities=len(places),
        products=sum(len(products) for products in offered.values()),
        mandates=1,
        cases=make_cases() + _worklists(cases) if cases else 0,
        containers=_district() if rounds else 0,
    )


def _district() -> int:
    """Containers with a past, and the world in which the simulated sensors go on; returns how many containers."""
    containers = fill_district(LEIDEN).containers
    write_fleet(LEIDEN, fleet_file())
    return containers


def _worklists(count: int) -> int:
    """Cases of people outside the registers, in all stages, so that the desk has something to do; returns how many."""
    made = 0
    for code in GEMEENTEN:
        clerks = [
            Staff(code, m.sub, m.naam, frozenset(Role(role) for role in m.rollen), frozenset(m.teams))
            for m in read_cast().medewerkers
            if m.gemeente == code and "medewerker" in m.rollen
        ]
        made += fill_worklist(code, clerks, count=count)
    return made


def _mandate_of_leiderdorp() -> None:
    """Leiden decides the inkomenstoeslag of Leiderdorp, under Leiderdorp's own ordinance."""
    give_mandate(
        _team_leader(LEIDERDORP),
        mandataris=LEIDEN,
        products=["individuele-inkomenstoeslag"],
        rights=MANDATABLE,
        valid_from=SINCE,
        besluit="Voorbeeldmandaat inkomenstoeslag Leiden-Leiderdorp (verzonnen)",
    )


def _team_leader(code: str) -> Staff:
    found = next(m for m in read_cast().medewerkers if m.gemeente == code and "teamleider" in m.rollen)
    return Staff(code, found.sub, found.naam, frozenset(Role(role) for role in found.rollen), frozenset(found.teams))


def _empty() -> None:
    """Throw away every row (not the tables) and every file. As the owner: no role of the application may do this."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)",
            [sorted(KEPT)],
        )
        names = [str(row[0]) for row in cursor.fetchall()]
        if names:
            cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
    load_municipalities()
    connection.close()
    shutil.rmtree(settings.DATA_DIR / "files", ignore_errors=True)
