"""Receiving reports that a datum in a register is wrong (BRP art. 2.34: who doubts must report).

The real facility speaks Digimelding over another transport; this is its content: who reports, about whom, which elements,
and why. The sender's own number (`kenmerk`) makes sending twice harmless.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vliegwiel.base.clock import now

from .bodies import NOT_JSON, TooMuch, body_of
from .problems import problem
from .records import Melding
from .store import Store

PREFIX = "/terugmelding/v1"


class TerugmeldBericht(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A report. `rubrieken` are element numbers of the Logisch Ontwerp for the BRP, field names for the others."""

    kenmerk: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
    register: Literal["BRP", "BAG", "RDW"]
    meldende_gemeente: Annotated[str, msgspec.Meta(pattern=r"^GM[0-9]{4}$")]
    burgerservicenummer: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{9}$")]
    rubrieken: Annotated[list[Annotated[str, msgspec.Meta(max_length=80)]], msgspec.Meta(min_length=1, max_length=50)]
    toelichting: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    datum_melding: datetime


class Terugmelding:
    """The endpoints, on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Report, and ask how it stands."""
        return [
            Route(f"{PREFIX}/meldingen", self.meld, methods=["POST"]),
            Route(f"{PREFIX}/meldingen/{{dossiernummer}}", self.stand),
        ]

    async def meld(self, request: Request) -> Response:
        """Take a report; 201 with the file number, also when it was there already."""
        try:
            bericht = msgspec.json.decode(await body_of(request), type=TerugmeldBericht)
        except TooMuch:
            return problem(413, request.url.path, api="rdw")
        except NOT_JSON:
            return problem(400, request.url.path, api="rdw", detail="Het bericht voldoet niet aan de specificatie.")
        melding = Melding(
            kenmerk=bericht.kenmerk,
            dossiernummer=f"T{secrets.randbelow(10**10):010d}",
            register=bericht.register,
            gemeente=bericht.meldende_gemeente,
            bsn=bericht.burgerservicenummer,
            gegevens=tuple(bericht.rubrieken),
            toelichting=bericht.toelichting,
            ontvangen=now(),
        )
        return JSONResponse(_stand(self._store.add_melding(melding)), status_code=201)

    async def stand(self, request: Request) -> Response:
        """How a report stands."""
        melding = self._store.melding(request.path_params["dossiernummer"])
        return JSONResponse(_stand(melding)) if melding else problem(404, request.url.path, api="rdw")


def _stand(melding: Melding) -> dict[str, object]:
    return {
        "dossiernummer": melding.dossiernummer,
        "kenmerk": melding.kenmerk,
        "status": melding.status,
        "ontvangen": melding.ontvangen.isoformat(),
    }
