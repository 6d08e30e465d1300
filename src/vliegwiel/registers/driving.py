"""From an RDW answer to data: for each name of `gegevens.yaml` how its value is taken out (register RDW)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from vliegwiel.base.clock import today

from .facts import Value
from .found import Found, a_date, a_number, a_text
from .rdw import Rijbewijs, Voertuig

GROUP_1 = frozenset({"AM", "A1", "A2", "A", "B1", "B", "BE", "T"})
GROUP_2 = frozenset({"C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE"})
_SOORTEN = {
    "personenauto": "personenauto",
    "bedrijfsauto": "bedrijfsauto",
    "motorfiets": "motorfiets",
    "bromfiets": "bromfiets",
    "brommobiel": "brommobiel",
    "aanhangwagen": "aanhangwagen",
}

LicenceReader = Callable[[Rijbewijs | None], Found]
VehicleReader = Callable[[Voertuig | None], Found]


def _status(licence: Rijbewijs | None) -> Found:
    if licence is None:
        return Found("geen", "status")
    return a_text(licence.status, "status")


def _categorieen(licence: Rijbewijs | None) -> Found:
    value: tuple[Value, ...] = tuple(
        {
            "categorie": c.categorie,
            "afgegeven": c.datum_eerste_afgifte,
            "geldig_tot": c.datum_geldig_tot,
            "beperkt": bool(c.beperkingen),
        }
        for c in (licence.categorieen if licence else ())
    )
    return Found(value, "categorieen")


def _heeft(*, only: frozenset[str] | None = None, group: frozenset[str] | None = None) -> LicenceReader:
    def read(licence: Rijbewijs | None) -> Found:
        has = {c.categorie for c in licence.categorieen} if licence else set()
        value = bool(has) and has <= only if only is not None else bool(has & (group or frozenset()))
        return Found(value, "categorieen")

    return read


def _foto(licence: Rijbewijs | None) -> Found:
    day = licence.pasfoto.datum_goedgekeurd if licence and licence.pasfoto else None
    # No photo is a fact, not a gap.
    return Found(day, "pasfoto.datumGoedgekeurd")


def _verklaring(licence: Rijbewijs | None) -> Found:
    verklaring = licence.verklaring_geschiktheid if licence else None
    return Found(verklaring.datum_registratie if verklaring else None, "verklaringGeschiktheid.datumRegistratie")


def _verklaring_tot(licence: Rijbewijs | None) -> Found:
    verklaring = licence.verklaring_geschiktheid if licence else None
    return Found(verklaring.geldig_tot if verklaring else None, "verklaringGeschiktheid.geldigTot")


def _rijontzegging(licence: Rijbewijs | None) -> Found:
    ontzegging = licence.rijontzegging if licence else None
    return Found(ontzegging is not None and ontzegging.van <= today() <= ontzegging.tot, "rijontzegging")


LICENCE_READERS: Mapping[str, LicenceReader] = {
    "rijbewijs.aanwezig": lambda licence: Found(licence is not None, "rijbewijs"),
    "rijbewijs.nummer": lambda licence: Found((licence.nummer or None) if licence else None, "nummer"),
    "rijbewijs.status": _status,
    "rijbewijs.categorieen": _categorieen,
    "rijbewijs.geldig_tot": lambda licence: a_date(licence.datum_geldig_tot if licence else None, "datumGeldigTot"),
    "rijbewijs.afgegeven": lambda licence: a_date(licence.datum_afgifte if licence else None, "datumAfgifte"),
    "rijbewijs.groep1": _heeft(group=GROUP_1),
    "rijbewijs.groep2": _heeft(group=GROUP_2),
    "rijbewijs.alleen_am": _heeft(only=frozenset({"AM"})),
    "rijbewijs.foto_goedgekeurd": _foto,
    "rijbewijs.verklaring_geschiktheid": _verklaring,
    "rijbewijs.verklaring_geschiktheid_tot": _verklaring_tot,
    "rijbewijs.rijontzegging": _rijontzegging,
}


def _soort(vehicle: Voertuig | None) -> Found:
    if vehicle is None:
        return Found(None, "voertuigsoort", known=False)
    if vehicle.inrichting.lower() == "kampeerwagen":
        return Found("kampeerwagen", "inrichting")
    return Found(
        _SOORTEN.get(vehicle.voertuigsoort.lower(), "overig"), "voertuigsoort", known=bool(vehicle.voertuigsoort)
    )


def _brandstoffen(vehicle: Voertuig | None) -> Found:
    value: tuple[Value, ...] = tuple({"brandstof": b.lower()} for b in (vehicle.brandstoffen if vehicle else ()))
    return Found(value, "brandstoffen", known=bool(value))


def _meters(centimetres: int | None, path: str) -> Found:
    return Found(Decimal(centimetres) / 100 if centimetres else None, path, known=bool(centimetres))


VEHICLE_READERS: Mapping[str, VehicleReader] = {
    "voertuig.bestaat": lambda vehicle: Found(vehicle is not None, "voertuig"),
    "voertuig.op_naam": lambda vehicle: Found(
        vehicle.op_naam_van_persoon if vehicle else None,
        "opNaamVanPersoon",
        known=vehicle is not None and vehicle.op_naam_van_persoon is not None,
    ),
    "voertuig.houder": lambda vehicle: a_text(vehicle.houder if vehicle else None, "houder"),
    "voertuig.soort": _soort,
    "voertuig.brandstoffen": _brandstoffen,
    "voertuig.emissieklasse": lambda vehicle: a_number(vehicle.emissieklasse if vehicle else None, "emissieklasse"),
    "voertuig.lengte": lambda vehicle: _meters(vehicle.lengte_cm if vehicle else None, "lengteCm"),
    "voertuig.hoogte": lambda vehicle: _meters(vehicle.hoogte_cm if vehicle else None, "hoogteCm"),
    "voertuig.eerste_toelating": lambda vehicle: a_date(
        vehicle.datum_eerste_toelating if vehicle else None, "datumEersteToelating"
    ),
}
