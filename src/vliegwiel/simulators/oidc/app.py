"""The provider's endpoints: discovery, authorization code with PKCE, token, userinfo, logout (OpenID Connect Core 1.0)."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from importlib import resources
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vliegwiel.simulators.cast.people import GEMEENTEN, Cast

from .authorize import AuthorizationError, Unreturnable, read_authorization
from .clients import Client
from .grants import CODE_SECONDS, LOGIN_SECONDS, TOKEN_SECONDS, Expiring, Grant, LoginRequest, verifier_fits
from .keys import ALGORITHM
from .levels import Level
from .pages import Chosen, login_page, message_page
from .personas import Persona, citizen_claims, citizens, staff, staff_claims
from .tokens import Issuer, public_claims

MAX_FORM = 16_384
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Realm:
    """One issuer: `burger` for citizens or `medewerker` for staff."""

    def __init__(
        self,
        name: str,
        base_url: str,
        key: RSAKey,
        clients: tuple[Client, ...],
        cast: Cast,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self.issuer = Issuer(f"{base_url}/{name}", key)
        self._clients = {client.client_id: client for client in clients}
        self._cast = cast
        self._personas: tuple[Persona, ...] = citizens(cast) if name == "burger" else staff(cast)
        self._pending: Expiring[LoginRequest] = Expiring(LOGIN_SECONDS, monotonic)
        self._codes: Expiring[Grant] = Expiring(CODE_SECONDS, monotonic)
        self._spent: dict[str, str] = {}
        self._access: Expiring[Grant] = Expiring(TOKEN_SECONDS, monotonic)

    def routes(self) -> list[Route]:
        """All endpoints, under the issuer's path."""
        at = f"/{self.name}"
        return [
            Route(f"{at}/.well-known/openid-configuration", self.discovery),
            Route(f"{at}/jwks", self.jwks),
            Route(f"{at}/authorize", self.authorize, methods=["GET"]),
            Route(f"{at}/login", self.login, methods=["POST"]),
            Route(f"{at}/token", self.token, methods=["POST"]),
            Route(f"{at}/userinfo", self.userinfo, methods=["GET", "POST"]),
            Route(f"{at}/logout", self.logout, methods=["GET", "POST"]),
            Route(f"{at}/login.css", _stylesheet),
            Route(f"{at}/personas.json", self.personas),
        ]

    async def discovery(self, request: Request) -> Response:
        """Discovery document (OpenID Connect Discovery 1.0)."""
        at = self.issuer.url
        claims = ["sub", "name", "acr", "amr", "auth_time"]
        claims += ["bsn"] if self.name == "burger" else ["gemeente", "roles", "teams"]
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "end_session_endpoint": f"{at}/logout",
                "jwks_uri": f"{at}/jwks",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "scopes_supported": ["openid", "profile"],
                "claims_supported": claims,
                "acr_values_supported": [level.value for level in Level] if self.name == "burger" else [],
                "ui_locales_supported": ["nl"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def personas(self, request: Request) -> Response:
        """Who can be played, for the first page of the demonstration: what the login page shows too."""
        shown = [{"name": p.name, "story": p.story, "gemeente": p.gemeente} for p in self._personas]
        return JSONResponse(shown, headers={"Cache-Control": "max-age=60"})

    async def jwks(self, request: Request) -> Response:
        """The public key."""
        return JSONResponse(self.issuer.jwks(), headers={"Cache-Control": "max-age=300"})

    async def authorize(self, request: Request) -> Response:
        """Check the request; show the login page, or send the error back where it may go."""
        try:
            asked = read_authorization(self.name, request.url.query, self._clients)
        except Unreturnable as refused:
            return self._message("Deze link klopt niet", refused.sentence, status=400)
        except AuthorizationError as refused:
            return self._back(
                refused.redirect_uri, refused.state, error=refused.error, error_description=refused.description
            )
        return self._show(asked, self._pending.put(asked), Chosen(), status=200)

    async def login(self, request: Request) -> Response:
        """The person chose. Give a code, or say what is missing."""
        form = await _form(request)
        if form is None:
            return self._message(
                "Dit kan hier niet", "Ga terug naar de gemeente en begin opnieuw met inloggen.", status=400
            )
        key = form.get("verzoek", "")
        asked = self._pending.get(key)
        if asked is None:
            return self._message(
                "U hebt te lang gewacht", "Ga terug naar de gemeente en begin opnieuw met inloggen.", status=400
            )
        if form.get("actie") == "annuleren":
            self._pending.drop(key)
            return self._back(asked.redirect_uri, asked.state, error="access_denied", error_description="not logged in")
        chosen = Chosen(form.get("persoon", ""), form.get("bsn", "")[:11], form.get("niveau", ""))
        grant, problem = self._grant(asked, chosen)
        if grant is None:
            return self._show(asked, key, Chosen(chosen.persona, chosen.bsn, chosen.level, problem), status=422)
        self._pending.drop(key)
        return self._back(asked.redirect_uri, asked.state, code=self._codes.put(grant))

    async def token(self, request: Request) -> Response:
        """Exchange a code for tokens, once."""
        form = await _form(request)
        if form is None:
            return _refuse("invalid_request", "expected a form")
        named = self._authenticated(request, form)
        if named is None:
            basic = "authorization" in request.headers
            return _refuse("invalid_client", "unknown client", status=401, challenge=basic)
        if form.get("grant_type") != "authorization_code":
            return _refuse("unsupported_grant_type", "only authorization_code")
        code = form.get("code", "")
        if code in self._spent:
            # Somebody has this code who should not: what was given for it is taken back (RFC 6749, 4.1.2).
            self._access.drop(self._spent.pop(code))
            return _refuse("invalid_grant", "code was used before")
        grant = self._codes.take(code)
        if grant is None or grant.request.client_id != named.client_id:
            return _refuse("invalid_grant", "code is unknown or too old")
        if form.get("redirect_uri") != grant.request.redirect_uri:
            return _refuse("invalid_grant", "redirect_uri differs from the authorization request")
        if not verifier_fits(form.get("code_verifier", ""), grant.request.code_challenge):
            return _refuse("invalid_grant", "code_verifier does not fit")
        access = self._access.put(grant)
        self._remember_spent(code, access)
        return JSONResponse(
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "scope": "openid",
                "id_token": self.issuer.id_token(grant, access),
            },
            headers=_NO_STORE,
        )

    async def userinfo(self, request: Request) -> Response:
        """Who logged in, for who holds the access token."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._access.get(token) if kind.lower() == "bearer" else None
        if grant is None:
            return JSONResponse(
                {"error": "invalid_token"},
                status_code=401,
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'} | _NO_STORE,
            )
        return JSONResponse(public_claims(grant.claims), headers=_NO_STORE)

    async def logout(self, request: Request) -> Response:
        """RP-initiated logout. There is no session here to end; only a registered address is returned to."""
        given = dict(parse_qsl(request.url.query)) if request.method == "GET" else await _form(request) or {}
        back = given.get("post_logout_redirect_uri")
        client_id = (
            self.issuer.client_of(given["id_token_hint"]) if "id_token_hint" in given else given.get("client_id")
        )
        client = self._clients.get(client_id or "")
        if back and client and client.may_return_to(back):
            state = given.get("state")
            return RedirectResponse(_with(back, {"state": state} if state else {}), status_code=303, headers=_NO_STORE)
        return self._message("U bent uitgelogd", "U kunt dit venster sluiten.", status=200, wrong=False)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _grant(self, asked: LoginRequest, chosen: Chosen) -> tuple[Grant | None, tuple[str, str]]:
        now = int(time.time())
        if self.name == "medewerker":
            claims = staff_claims(self._cast, chosen.persona)
            return (Grant(asked, claims, now), ("", "")) if claims else (None, ("persoon", "Kies een persoon"))
        level = next((level for level in asked.levels if level.short == chosen.level), None)
        if level is None:
            return None, ("niveau", "Kies hoe u inlogt")
        other = chosen.persona == "ander"
        known = any(persona.key == chosen.persona for persona in self._personas)
        if not other and not known:
            return None, ("persoon", "Kies een persoon")
        bsn = chosen.bsn.replace(" ", "").replace(".", "") if other else chosen.persona
        claims = citizen_claims(self._cast, bsn, self.issuer.pseudonym(bsn), level)
        return (
            (Grant(asked, claims, now), ("", ""))
            if claims
            else (None, ("bsn", "Vul een burgerservicenummer in van 9 cijfers"))
        )

    def _authenticated(self, request: Request, form: dict[str, str]) -> Client | None:
        header = request.headers.get("authorization")
        client_id, secret = form.get("client_id"), form.get("client_secret")
        if header is not None:
            if secret is not None:
                return None
            basic = _basic(header)
            if basic is None or client_id not in {None, basic[0]}:
                return None
            client_id, secret = basic
        client = self._clients.get(client_id or "")
        if client is None:
            return None
        # RFC 6749 (2.3.1) wants the secret form-encoded inside Basic; many clients leave that out. Both are understood.
        proved = client.proves_itself(secret) or (
            header is not None and client.proves_itself(unquote_plus(secret or ""))
        )
        return client if proved else None

    def _remember_spent(self, code: str, access: str) -> None:
        self._spent[code] = access
        while len(self._spent) > 1000:
            self._spent.pop(next(iter(self._spent)))

    def _show(self, asked: LoginRequest, key: str, chosen: Chosen, *, status: int) -> Response:
        home = _gemeente_of(asked.redirect_uri)
        body = login_page(self.name, key, self._personas, home, asked.levels, chosen)
        return HTMLResponse(body, status_code=status, headers=_page_headers(asked.redirect_uri))

    def _message(self, title: str, text: str, *, status: int, wrong: bool = True) -> Response:
        return HTMLResponse(
            message_page(self.name, title, text, wrong=wrong), status_code=status, headers=_page_headers(None)
        )

    def _back(self, redirect_uri: str, state: str | None, **answer: str) -> Response:
        parameters = {**answer, **({"state": state} if state is not None else {}), "iss": self.issuer.url}
        return RedirectResponse(_with(redirect_uri, parameters), status_code=303, headers=_NO_STORE)


def make_app(
    base_url: str, key: RSAKey, clients: tuple[Client, ...], cast: Cast, monotonic: Callable[[], float] = time.monotonic
) -> Starlette:
    """The application with both issuers. `base_url` is the address by which browsers and the platform reach it."""
    realms = [Realm(name, base_url, key, clients, cast, monotonic) for name in ("burger", "medewerker")]
    return Starlette(routes=[route for realm in realms for route in realm.routes()])


async def _stylesheet(request: Request) -> Response:
    css = resources.files(__package__).joinpath("login.css").read_bytes()
    return Response(
        css, media_type="text/css", headers={"Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff"}
    )


async def _form(request: Request) -> dict[str, str] | None:
    """The posted form; None when it is no form, too large, not text, or names something twice."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            return None
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=30)
    except ValueError:
        return None
    form = dict(pairs)
    return form if len(form) == len(pairs) else None


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (unquote_plus(name), secret) if colon else None


def _refuse(error: str, description: str, *, status: int = 400, challenge: bool = False) -> Response:
    headers = _NO_STORE | ({"WWW-Authenticate": "Basic"} if challenge else {})
    return JSONResponse({"error": error, "error_description": description}, status_code=status, headers=headers)


def _with(uri: str, parameters: dict[str, str]) -> str:
    if not parameters:
        return uri
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(parameters)}"


def _page_headers(redirect_uri: str | None) -> dict[str, str]:
    # Browsers also hold the redirect that follows a form to `form-action`, so the place to return to is named.
    parts = urlsplit(redirect_uri) if redirect_uri else None
    target = f" {parts.scheme}://{parts.netloc}" if parts else ""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    )
    return _NO_STORE | {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }


def _gemeente_of(redirect_uri: str) -> str:
    label = (urlsplit(redirect_uri).hostname or "").partition(".")[0]
    return next((code for code, name in GEMEENTEN.items() if name.lower().replace("'", "") == label), "GM0546")
