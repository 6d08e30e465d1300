"""The registers as one application: BRP, BAG, RDW and the facility to report wrong data."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from . import bag, terugmelding
from .brp import api as brp
from .brp.tabellen import tabellen
from .faults import PREFIX as CONTROL
from .faults import Faults
from .problems import Api, problem
from .rdw import api as rdw
from .store import Store

HEALTH = "/_health"


class Keys:
    """Middleware: who has no key gets no data. With no keys set, everybody is let in (a demonstration on one machine)."""

    def __init__(self, app: ASGIApp, keys: Sequence[str]) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or refuse."""
        if scope["type"] == "http" and self._keys and not scope["path"].startswith((CONTROL, HEALTH)):
            given = dict(scope["headers"]).get(b"x-api-key")
            if given is None:
                await problem(401, scope["path"], api=_api_of(scope["path"]))(scope, receive, send)
                return
            if not any(hmac.compare_digest(given, key) for key in self._keys):
                # The BAG tells a wrong key from a missing one; the BRP does not.
                status = 403 if _api_of(scope["path"]) == "bag" else 401
                await problem(status, scope["path"], api=_api_of(scope["path"]))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def make_app(store: Store, base_url: str, *, keys: Sequence[str] = (), control: bool = False) -> Starlette:
    """The application. `control` lets tests break it; never open that to a network."""
    routes = [
        *brp.Brp(store).routes(),
        *bag.Bag(store, base_url, tabellen().gemeenten).routes(),
        *rdw.Rdw(store).routes(),
        *terugmelding.Terugmelding(store).routes(),
        Route(HEALTH, _health),
    ]
    application = Starlette(routes=routes, exception_handlers={HTTPException: _not_there})
    application.add_middleware(Keys, keys=keys)
    if not control:
        return application
    faults = Faults(application)
    outer = Starlette(routes=faults.routes())
    outer.mount("/", faults)
    return outer


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _not_there(request: Request, wrong: Exception) -> Response:
    status = wrong.status_code if isinstance(wrong, HTTPException) else 500
    return problem(status, request.url.path, api=_api_of(request.url.path))


def _api_of(path: str) -> Api:
    return "bag" if path.startswith("/lvbag/") else "rdw" if path.startswith(("/rdw/", "/terugmelding/")) else "brp"
