"""The endpoints of `openapi.yaml`: a licence by person, a vehicle by plate."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..bodies import NOT_JSON, TooMuch, body_of
from ..problems import Wrong, problem
from ..records import RijbewijsRecord, VoertuigRecord
from ..store import Store

PREFIX = "/rdw/v1"
Bsn = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{9}$")]
Rijbewijsveld = Literal[
    "nummer", "status", "datumAfgifte", "datumGeldigTot", "afgegevenDoor", "categorieen", "pasfoto",
    "verklaringGeschiktheid", "rijontzegging",
]  # fmt: skip
Voertuigveld = Literal[
    "kenteken", "voertuigsoort", "inrichting", "merk", "brandstoffen", "emissieklasse", "lengteCm", "hoogteCm",
    "datumEersteToelating", "houder", "opNaamVanPersoon",
]  # fmt: skip


class RijbewijsVraag(msgspec.Struct, forbid_unknown_fields=True):
    """Which licence, and what of it."""

    burgerservicenummer: Bsn
    velden: Annotated[list[Rijbewijsveld], msgspec.Meta(min_length=1, max_length=20)]


class VoertuigVraag(msgspec.Struct, forbid_unknown_fields=True):
    """Which vehicle, and what of it. With a person's number the answer can say whether it is theirs."""

    kenteken: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{6}$")]
    velden: Annotated[list[Voertuigveld], msgspec.Meta(min_length=1, max_length=20)]
    burgerservicenummer: Bsn | None = None


class Rdw:
    """The endpoints, on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Both operations."""
        return [
            Route(f"{PREFIX}/rijbewijzen/raadpleeg", self.rijbewijs, methods=["POST"]),
            Route(f"{PREFIX}/voertuigen/raadpleeg", self.voertuig, methods=["POST"]),
        ]

    async def rijbewijs(self, request: Request) -> Response:
        """A person's licence; null when there is none."""
        vraag = await _vraag(request, RijbewijsVraag)
        if isinstance(vraag, Response):
            return vraag
        record = self._store.rijbewijs(vraag.burgerservicenummer)
        return _antwoord("rijbewijs", _rijbewijs(record) if record else None, list(vraag.velden))

    async def voertuig(self, request: Request) -> Response:
        """A vehicle; null when no vehicle has this plate."""
        vraag = await _vraag(request, VoertuigVraag)
        if isinstance(vraag, Response):
            return vraag
        record = self._store.voertuig(vraag.kenteken)
        return _antwoord(
            "voertuig", _voertuig(record, vraag.burgerservicenummer) if record else None, list(vraag.velden)
        )


V = TypeVar("V", RijbewijsVraag, VoertuigVraag)


async def _vraag(request: Request, kind: type[V]) -> V | Response:
    try:
        return msgspec.json.decode(await body_of(request), type=kind)
    except TooMuch:
        return problem(413, request.url.path, api="rdw")
    except NOT_JSON as wrong:
        name = str(wrong).rpartition("`$.")[2].rstrip("`") if "`$." in str(wrong) else "body"
        return problem(400, request.url.path, api="rdw", wrong=(Wrong(name, "invalid", "Waarde is niet toegestaan."),))


def _antwoord(naam: str, inhoud: dict[str, object] | None, velden: list[str]) -> Response:
    if inhoud is not None:
        inhoud = {veld: inhoud[veld] for veld in velden if inhoud.get(veld) is not None}
    return JSONResponse({naam: inhoud})


def _rijbewijs(record: RijbewijsRecord) -> dict[str, object]:
    return {
        "nummer": record.nummer,
        "status": record.status,
        "datumAfgifte": record.datum_afgifte.isoformat(),
        "datumGeldigTot": max(c.datum_geldig_tot for c in record.categorieen).isoformat(),
        "afgegevenDoor": record.afgegeven_door,
        "categorieen": [
            {
                "categorie": c.categorie,
                "datumEersteAfgifte": c.datum_eerste_afgifte.isoformat(),
                "datumGeldigTot": c.datum_geldig_tot.isoformat(),
                "beperkingen": list(c.beperkingen),
            }
            for c in record.categorieen
        ],
        "pasfoto": {"datumGoedgekeurd": record.pasfoto_goedgekeurd.isoformat()} if record.pasfoto_goedgekeurd else None,
        "verklaringGeschiktheid": {
            "datumRegistratie": record.verklaring.datum_registratie.isoformat(),
            "categorieen": list(record.verklaring.categorieen),
            **({"geldigTot": record.verklaring.geldig_tot.isoformat()} if record.verklaring.geldig_tot else {}),
        }
        if record.verklaring
        else None,
        "rijontzegging": {"van": record.ontzegging.van.isoformat(), "tot": record.ontzegging.tot.isoformat()}
        if record.ontzegging
        else None,
    }


def _voertuig(record: VoertuigRecord, bsn: str | None) -> dict[str, object]:
    return {
        "kenteken": record.kenteken,
        "voertuigsoort": record.voertuigsoort,
        "inrichting": record.inrichting,
        "merk": record.merk,
        "brandstoffen": list(record.brandstoffen),
        "emissieklasse": record.emissieklasse,
        "lengteCm": record.lengte_cm,
        "hoogteCm": record.hoogte_cm,
        "datumEersteToelating": record.datum_eerste_toelating.isoformat(),
        "houder": record.houder,
        "opNaamVanPersoon": None if bsn is None else record.bsn == bsn,
    }
