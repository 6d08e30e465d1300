"""Fields of the API as data: what may be asked, from which elements each comes, and how a group is filled.

From this one description follow the paths a client may ask, the values of an answer, and its `inOnderzoek` parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from .json import Json
from .lijst import Persoonslijst, Rubrieken
from .onderzoek import Onderzoek, in_onderzoek, onderzoek

DATUM = ("type", "datum", "langFormaat", "jaar", "maand", "onbekend")
TABEL = ("code", "omschrijving")
TITEL = ("code", "omschrijving", "soort")
_DATUMNAAM = "datumIngangOnderzoek"

Keuze: TypeAlias = "dict[str, Keuze]"
"""Asked fields as a tree; an empty tree is "all of it"."""


@dataclass(frozen=True, slots=True)
class Bron:
    """What a value is derived from: the row at hand, the list it stands in, the day, and how to find another list."""

    rij: Rubrieken
    lijst: Persoonslijst
    vandaag: date
    zoek: Callable[[str], Persoonslijst | None]
    lopend: Mapping[str, Onderzoek]

    def voor(self, categorie: str, rij: Rubrieken) -> Bron:
        """The same, at a row of another category."""
        loopt = onderzoek(rij)
        lopend = {code: running for code, running in self.lopend.items() if code != categorie}
        return replace(self, rij=rij, lopend={**lopend, categorie: loopt} if loopt else lopend)


@dataclass(frozen=True, slots=True)
class Veld:
    """A value. `elementen` are those it comes from (`01.03.10`); `onder` are the parts that may be named in a path, and
    that bring the whole value. `meldt_onderzoek` is false for the few values of which the API never says so. `bij` says
    for which rows the field exists at all: an address abroad has no house number.
    """

    naam: str
    elementen: tuple[str, ...]
    waarde: Callable[[Bron], Json]
    onder: tuple[str, ...] = ()
    meldt_onderzoek: bool = True
    bij: Callable[[Bron], bool] = lambda bron: True


@dataclass(frozen=True, slots=True)
class Groep:
    """Values together. `rijen` gives the rows to fill it from: one, or several for a list (`veelvoud`).

    altijd: names of values that come along with any other (such as `type`). datumnamen: how the start of an
    investigation is called per category.
    """

    naam: str
    velden: tuple[Veld | Groep, ...]
    rijen: Callable[[Bron], Sequence[Bron]] = lambda bron: (bron,)
    veelvoud: bool = False
    altijd: tuple[str, ...] = ()
    datumnamen: Mapping[str, str] = field(default_factory=lambda: _EENVOUDIG)

    def paden(self, voor: str = "") -> Iterator[str]:
        """Every path that may be asked."""
        for veld in self.velden:
            pad = f"{voor}{veld.naam}"
            yield pad
            if isinstance(veld, Groep):
                yield from veld.paden(f"{pad}.")
            else:
                yield from (f"{pad}.{onder}" for onder in veld.onder)

    def beperkt(self, toegestaan: Mapping[str, frozenset[str] | None]) -> Groep:
        """The same group with only the named fields; a set names the fields of a group below, None means all."""
        velden: list[Veld | Groep] = []
        for veld in self.velden:
            if veld.naam not in toegestaan:
                continue
            binnen = toegestaan[veld.naam]
            velden.append(
                veld.beperkt(dict.fromkeys(binnen)) if isinstance(veld, Groep) and binnen is not None else veld
            )
        return replace(self, velden=tuple(velden))


class _Overal(dict[str, str]):
    def __missing__(self, categorie: str) -> str:
        return _DATUMNAAM


_EENVOUDIG: Mapping[str, str] = _Overal()


def keuze_van(paden: Sequence[str]) -> Keuze:
    """The tree of asked paths. Asking a group and a part of it is asking the group."""
    wortel: Keuze = {}
    for pad in sorted(paden, key=lambda pad: pad.count(".")):
        _plant(wortel, pad.split("."))
    return wortel


def _plant(tak: Keuze, delen: list[str]) -> None:
    # Shorter paths come first, so a branch that is there and empty was asked as a whole.
    eerste, rest = delen[0], delen[1:]
    if not rest:
        tak[eerste] = {}
    elif eerste not in tak:
        onder: Keuze = {}
        _plant(onder, rest)
        tak[eerste] = onder
    elif tak[eerste]:
        _plant(tak[eerste], rest)


def leverbaar(waarde: Json) -> bool:
    """Whether a value is delivered: not when it is absent, false or empty (BRP API, functionele documentatie)."""
    return not (waarde is None or waarde is False or waarde == {} or waarde == [] or waarde == "")


def vul(groep: Groep, bron: Bron, keuze: Keuze) -> dict[str, Json]:
    """The asked values of a group from one row, with what is under investigation among them."""
    antwoord: dict[str, Json] = {}
    geraakt: dict[str, tuple[str, ...]] = {}
    for veld in groep.velden:
        gevraagd = not keuze or veld.naam in keuze
        if isinstance(veld, Groep):
            if gevraagd:
                inhoud = vul_groep(veld, bron, keuze.get(veld.naam, {}))
                if leverbaar(inhoud):
                    antwoord[veld.naam] = inhoud
        elif (gevraagd or veld.naam in groep.altijd) and veld.bij(bron):
            waarde = veld.waarde(bron)
            if leverbaar(waarde):
                antwoord[veld.naam] = waarde
            if veld.meldt_onderzoek:
                geraakt[veld.naam] = veld.elementen
    twijfel = in_onderzoek(geraakt, bron.lopend, groep.datumnamen)
    if twijfel:
        antwoord["inOnderzoek"] = twijfel
    return antwoord


def vul_groep(groep: Groep, bron: Bron, keuze: Keuze) -> Json:
    """One group, or the list of them."""
    gevuld: list[Json] = [vul(groep, rij, keuze) for rij in groep.rijen(bron)]
    if groep.veelvoud:
        return gevuld
    return gevuld[0] if gevuld else None


def elementen_van(groep: Groep, keuze: Keuze) -> Iterator[str]:
    """The elements from which the asked fields come."""
    for veld in groep.velden:
        if keuze and veld.naam not in keuze:
            continue
        if isinstance(veld, Groep):
            yield from elementen_van(veld, keuze.get(veld.naam, {}))
        else:
            yield from veld.elementen
