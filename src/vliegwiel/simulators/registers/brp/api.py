"""The endpoint POST /personen of the BRP API Personen v2."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vliegwiel.base.clock import today

from ..bodies import NOT_JSON, TooMuch, body_of
from ..problems import problem
from ..store import Store
from .json import Json
from .levering import lever
from .lijst import Persoonslijst
from .vraag import Vraag, lees_vraag
from .zoek import TeVeel, zoek

PREFIX = "/haalcentraal/api/brp"


class Brp:
    """The endpoint, on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The one operation."""
        return [Route(f"{PREFIX}/personen", self.personen, methods=["POST"])]

    async def personen(self, request: Request) -> Response:
        """Find or look up persons."""
        plaats = request.url.path
        if not _json_gestuurd(request):
            return problem(415, plaats)
        if not _json_gewenst(request):
            return problem(406, plaats)
        try:
            body = msgspec.json.decode(await body_of(request), type=dict[str, msgspec.Raw])
            vraag = lees_vraag({naam: _json(waarde) for naam, waarde in body.items()})
        except TooMuch:
            return problem(413, plaats)
        except NOT_JSON:
            detail = "De request body bevat geen JSON object."
            return problem(400, plaats, title="Ongeldige JSON.", detail=detail, code="paramsValidation")
        if not isinstance(vraag, Vraag):
            return problem(400, plaats, wrong=vraag)
        try:
            gevonden = zoek(vraag, self._store)
        except TeVeel as veel:
            detail = f"Meer dan maximum van {veel.meest} zoekresultaten gevonden. Verfijn de zoekopdracht."
            return problem(400, plaats, title="Teveel zoekresultaten.", detail=detail, code="tooManyResults")
        vandaag = today()
        personen: list[Json] = [lever(lijst, vraag.groep, vraag.keuze, vandaag, self._een) for lijst in gevonden]
        antwoord = {"type": vraag.type, "personen": personen}
        return JSONResponse(antwoord, media_type="application/json; charset=utf-8")

    def _een(self, bsn: str) -> Persoonslijst | None:
        return next((lijst for lijst in self._store.met_bsn(bsn) if not lijst.levering_verboden), None)


def _json(waarde: msgspec.Raw) -> Json:
    gelezen: Json = msgspec.json.decode(waarde)
    return gelezen


def _json_gestuurd(request: Request) -> bool:
    soort, _, rest = request.headers.get("content-type", "").partition(";")
    charset = rest.strip().lower().replace(" ", "").removeprefix("charset=")
    return soort.strip().lower() == "application/json" and charset in {"", "utf-8"}


def _json_gewenst(request: Request) -> bool:
    gewenst = [deel.partition(";")[0].strip().lower() for deel in request.headers.get("accept", "*/*").split(",")]
    return any(soort in {"*/*", "application/*", "application/json"} for soort in gewenst)
