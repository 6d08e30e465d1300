"""The kinds of field that come back everywhere: text, date, coded value, place, name, birth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import namen
from .datum import datum
from .json import Json
from .lijst import Persoonslijst, Rubrieken
from .tabellen import tabellen, waarde
from .velden import DATUM, TABEL, TITEL, Bron, Groep, Veld


def tekstveld(naam: str, categorie: str, element: str) -> Veld:
    return Veld(naam, (f"{categorie}.{element}",), lambda bron: namen.bekend(bron.rij.get(element)))


def datumveld(naam: str, categorie: str, element: str) -> Veld:
    return Veld(naam, (f"{categorie}.{element}",), lambda bron: datum(bron.rij.get(element)), DATUM)


def tabelveld(naam: str, categorie: str, element: str, tabel: dict[str, str], onbekend: Sequence[str] = ()) -> Veld:
    def lees(bron: Bron) -> Json:
        code = bron.rij.get(element)
        return None if code in onbekend else waarde(code, tabel)

    return Veld(naam, (f"{categorie}.{element}",), lees, TABEL)


def landveld(naam: str, categorie: str, element: str) -> Veld:
    return tabelveld(naam, categorie, element, tabellen().landen, ("0000",))


def plaatsveld(naam: str, categorie: str, element: str) -> Veld:
    """A Dutch municipality by code, or the name of a place abroad."""

    def lees(bron: Bron) -> Json:
        plaats = namen.bekend(bron.rij.get(element))
        if plaats is None or plaats == "0000":
            return None
        return (
            waarde(plaats, tabellen().gemeenten) if plaats.isdigit() and len(plaats) == 4 else {"omschrijving": plaats}
        )

    return Veld(naam, (f"{categorie}.{element}",), lees, TABEL)


def titelveld(categorie: str) -> Veld:
    def lees(bron: Bron) -> Json:
        code = bron.rij.get("02.20", "")
        titel = tabellen().adellijke_titels.get(code)
        return {"code": code, "omschrijving": titel.omschrijving, "soort": titel.soort} if titel else None

    return Veld("adellijkeTitelPredicaat", (f"{categorie}.02.20",), lees, TITEL)


def naamgroep(categorie: str, *, van_persoon: bool) -> Groep:
    groep = tuple(f"{categorie}.02.{nummer}0" for nummer in range(1, 5))
    velden: list[Veld | Groep] = [
        tekstveld("voornamen", categorie, "02.10"),
        titelveld(categorie),
        tekstveld("voorvoegsel", categorie, "02.30"),
        tekstveld("geslachtsnaam", categorie, "02.40"),
        Veld("voorletters", (f"{categorie}.02.10",), lambda bron: namen.voorletters(bron.rij)),
    ]
    if van_persoon:
        velden.append(Veld("volledigeNaam", groep, lambda bron: namen.volledige_naam(bron.rij)))
        velden.append(tabelveld("aanduidingNaamgebruik", categorie, "61.10", tabellen().naamgebruik))
    return Groep("naam", tuple(velden))


def geboortegroep(categorie: str) -> Groep:
    return Groep(
        "geboorte",
        (
            datumveld("datum", categorie, "03.10"),
            landveld("land", categorie, "03.30"),
            plaatsveld("plaats", categorie, "03.20"),
        ),
    )


def rij_van(categorie: str, kies: Callable[[Persoonslijst], Rubrieken]) -> Callable[[Bron], Sequence[Bron]]:
    def rijen(bron: Bron) -> Sequence[Bron]:
        rij = kies(bron.lijst)
        return (bron.voor(categorie, rij),) if rij else ()

    return rijen
