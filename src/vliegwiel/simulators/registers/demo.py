"""The cast as registers: lists of persons in LO3 elements, addresses, licences and vehicles."""

from __future__ import annotations

import hashlib
from datetime import date

from vliegwiel.simulators.cast.dates import told_date
from vliegwiel.simulators.cast.people import Adres, Cast, DeelsBekend, Persoon, Rijbewijs, Voertuig

from .brp.lijst import Persoonslijst, Rubrieken
from .records import Adresobject, Categorie, Ontzegging, RijbewijsRecord, Verklaring, VoertuigRecord
from .store import Store

LOADED = "cast_geladen_op"
_EERSTE_RIJBEWIJS = 18


def load_cast(store: Store, cast: Cast, today: date) -> None:
    """Fill the registers with the cast as it is on `today`. Doing it again replaces the people of the cast."""
    with store.changes():
        store.put_adressen(adresobject(key, adres, today) for key, adres in cast.adressen.items())
        store.put_lijsten("demo", (persoonslijst(cast, person, today) for person in cast.personen))
        store.put_rijbewijzen(
            _rijbewijs(cast, person, person.rijbewijs, today) for person in cast.personen if person.rijbewijs
        )
        store.put_voertuigen(_voertuig(person, car, today) for person in cast.personen for car in person.voertuigen)
        store.note(LOADED, today.isoformat())


# -- addresses ---------------------------------------------------------------------------------------------------------


def _nummer(gemeente: str, soort: str, van: str) -> str:
    """A BAG number that is the same every time: municipality, kind, and ten digits from the key (they begin with 9)."""
    uit = int.from_bytes(hashlib.sha256(van.encode()).digest()[:6]) % 10**9
    return f"{gemeente}{soort}9{uit:09d}"


def _woonplaats_code(woonplaats: str) -> str:
    return f"9{int.from_bytes(hashlib.sha256(woonplaats.encode()).digest()[:2]) % 1000:03d}"


def adresobject(key: str, adres: Adres, today: date) -> Adresobject:
    """An address of the cast with its numbers."""
    return Adresobject(
        nummeraanduiding=_nummer(adres.gemeente, "20", key),
        adresseerbaar_object=_nummer(adres.gemeente, "01", key),
        openbare_ruimte=_nummer(adres.gemeente, "30", adres.straat),
        pand=_nummer(adres.gemeente, "10", key),
        straat=adres.straat,
        huisnummer=adres.huisnummer,
        huisletter=adres.huisletter,
        toevoeging=adres.toevoeging,
        postcode=adres.postcode,
        woonplaats=adres.woonplaats,
        woonplaats_code=_woonplaats_code(adres.woonplaats),
        gemeente=adres.gemeente,
        bouwjaar=adres.bouwjaar,
        doelen=(adres.doel,),
        oppervlakte=adres.oppervlakte,
        ontstaan=told_date(adres.ontstaan, today),
    )


# -- persons -----------------------------------------------------------------------------------------------------------


def _dag(told: str, today: date) -> str:
    return told_date(told, today).strftime("%Y%m%d")


def _geboren(person: Persoon, today: date) -> str:
    if isinstance(person.geboren, DeelsBekend):
        return f"{person.geboren.jaar:04d}{person.geboren.maand:02d}00"
    return _dag(person.geboren, today)


def _gevuld(**rubrieken: str | None) -> Rubrieken:
    """Elements with a value; `e02_10` is element 02.10."""
    return {naam[1:].replace("_", "."): waarde for naam, waarde in rubrieken.items() if waarde}


def _wie(cast: Cast, person: Persoon, today: date) -> Rubrieken:
    """Who somebody is: on their own list, and on those of relatives."""
    plaats = person.geboorteplaats
    gemeente = cast.adressen[person.adres].gemeente
    return _gevuld(
        e01_20=person.bsn,
        e02_10=person.voornamen,
        e02_30=person.voorvoegsel,
        e02_40=person.geslachtsnaam,
        e03_10=_geboren(person, today),
        e03_20=(plaats.gemeente or plaats.naam) if plaats else gemeente,
        e03_30=plaats.land if plaats else "6030",
        e04_10=person.geslacht,
    )


def persoonslijst(cast: Cast, person: Persoon, today: date) -> Persoonslijst:
    """One person's list."""
    zoek = {one.bsn: one for one in cast.personen}
    begin = _geboren(person, today)
    onderzoek = person.onderzoek
    persoon = _wie(cast, person, today) | _gevuld(
        e01_10=f"9{person.bsn}",
        e61_10=person.naamgebruik,
        e83_10=onderzoek.persoon if onderzoek else None,
        e83_20=_dag(onderzoek.sinds, today) if onderzoek and onderzoek.persoon else None,
        e85_10=begin,
        e86_10=begin,
    )
    ouders = [_wie(cast, zoek[bsn], today) | {"62.10": begin} for bsn in person.ouders]
    kinderen = tuple(_wie(cast, one, today) for one in cast.personen if person.bsn in one.ouders)
    return Persoonslijst(
        sleutel=f"demo-{person.bsn}",
        persoon=persoon,
        ouder1=ouders[0] if ouders else {},
        ouder2=ouders[1] if len(ouders) > 1 else {},
        nationaliteiten=tuple(_nationaliteit(code, begin) for code in person.nationaliteiten),
        partners=_partners(cast, person, zoek, today),
        overlijden=_overlijden(person, today),
        inschrijving=_inschrijving(person, begin, today),
        verblijfplaats=_verblijfplaats(cast, person, today),
        kinderen=kinderen,
        verblijfstitel=_verblijfstitel(person, today),
        gezag=_gevuld(e32_10=person.gezag, e33_10="1" if person.curatele else None),
    )


def _nationaliteit(code: str, begin: str) -> Rubrieken:
    return {"05.10": code, "63.10": "017" if code == "0001" else "301", "85.10": begin}


def _partners(cast: Cast, person: Persoon, zoek: dict[str, Persoon], today: date) -> tuple[Rubrieken, ...]:
    partner = person.partner
    if partner is None:
        return ()
    gemeente = cast.adressen[person.adres].gemeente
    wanneer = (
        {"07.10": _dag(partner.ontbonden, today), "07.20": gemeente, "07.30": "6030", "07.40": "O"}
        if partner.ontbonden
        else {"06.10": _dag(partner.sinds, today), "06.20": gemeente, "06.30": "6030"}
    )
    return (_wie(cast, zoek[partner.bsn], today) | wanneer | {"15.10": partner.soort},)


def _overlijden(person: Persoon, today: date) -> Rubrieken:
    dood = person.overleden
    return {"08.10": _dag(dood.datum, today), "08.20": dood.gemeente, "08.30": "6030"} if dood else {}


def _inschrijving(person: Persoon, begin: str, today: date) -> Rubrieken:
    reden = "O" if person.overleden else "E" if person.emigratie else None
    gestopt = person.overleden.datum if person.overleden else person.emigratie.sinds if person.emigratie else None
    return _gevuld(
        e67_10=_dag(gestopt, today) if gestopt else None,
        e67_20=reden,
        e68_10=_dag(person.immigratie.datum, today) if person.immigratie else begin,
        e70_10="7" if person.geheim else "0",
    )


def _verblijfplaats(cast: Cast, person: Persoon, today: date) -> Rubrieken:
    weg = person.emigratie
    adres = cast.adressen[person.adres]
    if weg:
        regels = (*weg.regels, None, None, None)[:3]
        return _gevuld(
            e09_10=adres.gemeente,
            e13_10=weg.land,
            e13_20=_dag(weg.sinds, today),
            e13_30=regels[0],
            e13_40=regels[1],
            e13_50=regels[2],
            e85_10=_dag(weg.sinds, today),
        )
    object_ = adresobject(person.adres, adres, today)
    sinds = _dag(person.sinds, today) if person.sinds else _geboren(person, today)
    onderzoek = person.onderzoek if person.onderzoek and person.onderzoek.verblijfplaats else None
    return _gevuld(
        e09_10=adres.gemeente,
        e09_20=sinds,
        e10_10=person.functie,
        e10_30=sinds,
        e11_10=adres.straat[:24],
        e11_15=adres.straat,
        e11_20=str(adres.huisnummer),
        e11_30=adres.huisletter,
        e11_40=adres.toevoeging,
        e11_60=adres.postcode,
        e11_70=adres.woonplaats,
        e11_80=object_.adresseerbaar_object,
        e11_90=object_.nummeraanduiding,
        e14_10=person.immigratie.land if person.immigratie else None,
        e14_20=_dag(person.immigratie.datum, today) if person.immigratie else None,
        e72_10="I",
        e83_10=onderzoek.verblijfplaats if onderzoek else None,
        e83_20=_dag(onderzoek.sinds, today) if onderzoek else None,
        e85_10=sinds,
    )


def _verblijfstitel(person: Persoon, today: date) -> Rubrieken:
    titel = person.verblijfstitel
    if titel is None:
        return {}
    return _gevuld(
        e39_10=titel.code, e39_20=_dag(titel.tot, today) if titel.tot else None, e39_30=_dag(titel.sinds, today)
    )


# -- licences and vehicles ---------------------------------------------------------------------------------------------


def _rijbewijs(cast: Cast, person: Persoon, told: Rijbewijs, today: date) -> RijbewijsRecord:
    geldig = {categorie: told_date(tot, today) for categorie, tot in told.categorieen.items()}
    # A licence is given for ten years; so long ago is when this one was issued.
    afgifte = min(_jaren(max(geldig.values()), -10), today)
    return RijbewijsRecord(
        bsn=person.bsn,
        nummer=f"9{person.bsn}",
        status=told.status,
        datum_afgifte=afgifte,
        afgegeven_door=cast.adressen[person.adres].gemeente,
        categorieen=tuple(
            Categorie(categorie, _eerste_afgifte(person, categorie, afgifte, today), tot)
            for categorie, tot in geldig.items()
        ),
        pasfoto_goedgekeurd=told_date(told.foto, today) if told.foto else None,
        verklaring=Verklaring(
            told_date(told.verklaring.sinds, today),
            told.verklaring.categorieen,
            told_date(told.verklaring.tot, today) if told.verklaring.tot else None,
        )
        if told.verklaring
        else None,
        ontzegging=Ontzegging(told_date(told.rijontzegging.van, today), told_date(told.rijontzegging.tot, today))
        if told.rijontzegging
        else None,
    )


def _eerste_afgifte(person: Persoon, categorie: str, afgifte: date, today: date) -> date:
    """At the age at which most people get it, but not after this licence was issued."""
    leeftijd = {"AM": 16, "C": 21, "CE": 21, "D": 24}.get(categorie, _EERSTE_RIJBEWIJS)
    geboren = told_date(person.geboren, today) if isinstance(person.geboren, str) else None
    return min(_jaren(geboren, leeftijd), afgifte) if geboren else afgifte


def _jaren(dag: date, jaren: int) -> date:
    try:
        return dag.replace(year=dag.year + jaren)
    except ValueError:
        return dag.replace(year=dag.year + jaren, day=28)


def _voertuig(person: Persoon, told: Voertuig, today: date) -> VoertuigRecord:
    return VoertuigRecord(
        kenteken=told.kenteken,
        voertuigsoort=told.soort,
        inrichting=told.inrichting,
        merk=told.merk,
        brandstoffen=told.brandstoffen,
        lengte_cm=told.lengte,
        hoogte_cm=told.hoogte,
        datum_eerste_toelating=told_date(told.toelating, today),
        houder=told.houder,
        bsn=person.bsn if told.houder == "natuurlijk_persoon" else None,
        emissieklasse=told.emissieklasse,
    )
