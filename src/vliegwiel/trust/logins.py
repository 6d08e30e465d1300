"""Logging in: to the identity provider and back, as a citizen or as a member of staff.

Between going and coming back a row remembers where the person wanted to go. It holds hashes only: the state in the address,
and a secret in a cookie of the browser that started. Nonce and PKCE verifier are derived from that secret, so a stolen
answer is worth nothing in another browser. The row is used once, within ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.clock import now
from vliegwiel.base.errors import Forbidden, Unavailable
from vliegwiel.base.ids import uuid7
from vliegwiel.base.tenancy import scope

from . import ledger
from .assurance import ACR_OF_LEVEL, level_of
from .identity import ActorKind, Citizen, Level, Role, Staff
from .keystore import derive
from .oidc import Claims, LoginFailed, Provider, ProviderClient, Tokens
from .sessions import end_session, open_session, session_of

PATIENCE = timedelta(minutes=10)
LONGEST_PATH = 2000

_log = logging.getLogger(__name__)


class LoginCancelled(LoginFailed):
    """The person decided not to log in."""

    code, title = "login_cancelled", "U bent niet ingelogd"


@dataclass(frozen=True, slots=True)
class LoginStart:
    """Send the browser to `url` with this cookie (HttpOnly, SameSite=Lax, Path=/, Secure on https)."""

    url: str
    cookie_name: str
    cookie_value: str = field(repr=False)
    max_age: int


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Somebody logged in. Put `token` in the session cookie, drop `cookie_to_drop`, and go to `return_to` (a path)."""

    actor: Citizen | Staff
    token: str = field(repr=False)
    return_to: str
    cookie_to_drop: str


@dataclass(frozen=True, slots=True)
class _Attempt:
    kind: ActorKind
    level: Level
    return_to: str


def provider_of(municipality: str, kind: ActorKind) -> Provider:
    """The identity provider of a municipality's citizens or staff. For now one for all; raises `Unavailable` when not set."""
    issuer = settings.OIDC_CITIZEN_ISSUER if kind is ActorKind.BURGER else settings.OIDC_STAFF_ISSUER
    if not issuer:
        raise Unavailable("Inloggen is hier nog niet ingericht.")
    return Provider(issuer.rstrip("/"), settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@cache
def client_of(provider: Provider) -> ProviderClient:
    """The client of a provider, one in each process, so that what it publishes is fetched once."""
    return ProviderClient(provider)


def begin_login(
    municipality: str, kind: ActorKind, *, redirect_uri: str, return_to: str = "/", level: Level = Level.BASIS
) -> LoginStart:
    """Start a login of a citizen (`BURGER`, at least `level`) or of staff (`MEDEWERKER`).

    `redirect_uri` is the full address the provider answers to; `return_to` a path on the same host, anything else becomes
    "/". Raises `Unavailable` when the provider does not answer.
    """
    state, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    acr = ACR_OF_LEVEL[level] if kind is ActorKind.BURGER else ""
    url = client_of(provider_of(municipality, kind)).authorization_url(
        redirect_uri=redirect_uri, state=state, nonce=_nonce(secret), verifier=_verifier(secret), acr=acr
    )
    with scope(municipality), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO trust_loginattempt
                (municipality_id, id, state_hash, browser_hash, kind, level, return_to, expires_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                municipality,
                uuid7(),
                _hash(state),
                _hash(secret),
                kind,
                int(level),
                local_path(return_to),
                now() + PATIENCE,
            ],
        )
    return LoginStart(url, cookie_of(state), secret, int(PATIENCE.total_seconds()))


def finish_login(
    municipality: str,
    kind: ActorKind,
    query: Mapping[str, str],
    cookies: Mapping[str, str],
    *,
    redirect_uri: str,
    replaces: str = "",
) -> LoggedIn:
    """The browser came back from the provider with this query. `replaces`: the session token it had, which ends.

    Raises `LoginCancelled` when the person gave up, `LoginFailed` when anything is not right, `Forbidden` for staff of
    another municipality or without a role, `Unavailable` when the provider does not answer.
    """
    state = query.get("state", "")
    secret = cookies.get(cookie_of(state), "")
    attempt = _use(municipality, kind, state, secret)
    client = client_of(provider_of(municipality, kind))
    # RFC 9207: an answer says which provider gave it, so that one cannot pass for another.
    if (client.metadata().names_itself or "iss" in query) and query.get("iss") != client.provider.issuer:
        raise LoginFailed("the answer is of another issuer")
    if "error" in query:
        if query["error"] in {"access_denied", "login_required", "interaction_required"}:
            raise LoginCancelled("the person gave up", "U bent niet ingelogd. U kunt het opnieuw proberen.")
        raise LoginFailed("the provider answered with an error")
    code = query.get("code", "")
    if not 0 < len(code) <= 2000:
        raise LoginFailed("the answer has no code")
    tokens = client.exchange(code, redirect_uri=redirect_uri, verifier=_verifier(secret))
    claims = client.verified(tokens, nonce=_nonce(secret))
    if kind is ActorKind.BURGER:
        actor: Citizen | Staff = _citizen(municipality, claims, attempt.level)
    else:
        actor = _staff(municipality, claims)
    token = _begin(actor, tokens, replaces)
    _log.info("logged in", extra={"soort": kind.value})
    return LoggedIn(actor, token, attempt.return_to, cookie_of(state))


def _begin(actor: Citizen | Staff, tokens: Tokens, replaces: str) -> str:
    with scope(actor.municipality):
        token = open_session(actor, tokens.id_token, replaces=replaces)
        level = actor.level.name.lower() if isinstance(actor, Citizen) else None
        ledger.append(
            actor, municipality=actor.municipality, kind="sessie.begonnen", zaak_id=None, payload={"niveau": level}
        )
    return token


def logout(municipality: str, token: str, *, return_to: str) -> str | None:
    """End a session. Returns where to send the browser to log out at the provider too, or None.

    `return_to` is the full address to come back to. Logging out here always works, also when the provider is down.
    """
    session = session_of(municipality, token) if token else None
    if session is None:
        return None
    end_session(municipality, token)
    kind = ActorKind.BURGER if isinstance(session.actor, Citizen) else ActorKind.MEDEWERKER
    try:
        return client_of(provider_of(municipality, kind)).logout_url(session.id_token, return_to)
    except Unavailable:
        return None


def local_path(candidate: str) -> str:
    """`candidate` when it is a path on the same host, else "/": nobody is sent elsewhere after logging in."""
    if not candidate.startswith("/") or candidate.startswith("//") or len(candidate) > LONGEST_PATH:
        return "/"
    if "\\" in candidate or not candidate.isprintable() or any(c.isspace() for c in candidate):
        return "/"
    try:
        parts = urlsplit(candidate)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else candidate


def cookie_of(state: str) -> str:
    """Name of the cookie of one attempt, so that two tabs can log in at once. On https only this host can set it."""
    name = f"inloggen-{_hash(state).hex()[:16]}"
    return f"__Host-{name}" if settings.SECURE else name


def _use(municipality: str, kind: ActorKind, state: str, secret: str) -> _Attempt:
    """The attempt of this state, taken out for good. Committed before anything else can go wrong: it works once."""
    with scope(municipality), connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM trust_loginattempt WHERE municipality_id = %s AND state_hash = %s AND kind = %s
            RETURNING browser_hash, level, return_to, expires_at""",
            [municipality, _hash(state), kind],
        )
        row = cursor.fetchone()
    if row is None:
        raise LoginFailed("no such attempt", "Deze poging om in te loggen is al gebruikt of verlopen. Log opnieuw in.")
    browser_hash, level, return_to, expires_at = row
    if not hmac.compare_digest(bytes(browser_hash), _hash(secret)):
        raise LoginFailed("another browser came back", "Log in met dezelfde browser als waarmee u begon.")
    if now() >= expires_at:
        raise LoginFailed("too late", "Het inloggen duurde te lang. Log opnieuw in.")
    return _Attempt(kind, Level(level), return_to)


def _citizen(municipality: str, claims: Claims, wanted: Level) -> Citizen:
    bsn, name = claims.get("bsn"), claims.get("name", "")
    level = level_of(claims.get("acr", claims.get("loa")))
    if not isinstance(bsn, str) or not is_bsn(bsn):
        raise LoginFailed("the id token holds no bsn")
    if level is None or level < wanted:
        raise LoginFailed(
            "the level is too low or unknown",
            "U bent niet sterk genoeg ingelogd voor deze stap. Kies bij het inloggen een hoger niveau.",
        )
    return Citizen(municipality, bsn, level, _clean(name))


def _staff(municipality: str, claims: Claims) -> Staff:
    if claims.get("gemeente") != municipality:
        raise Forbidden("U werkt niet bij deze gemeente. Log in op de pagina's van uw eigen gemeente.")
    listed, teams = claims.get("roles"), claims.get("teams")
    known = {role.value: role for role in Role}
    roles = frozenset(known[r] for r in listed if isinstance(r, str) and r in known) if isinstance(listed, list) else ()
    if not roles:
        raise Forbidden("U hebt nog geen rol in dit systeem. Uw functioneel beheerder kan u een rol geven.")
    named = frozenset(_clean(t) for t in teams if isinstance(t, str)) if isinstance(teams, list) else frozenset()
    subject = str(claims["sub"])
    return Staff(municipality, subject, _clean(claims.get("name", "")) or subject, frozenset(roles), named - {""})


def _clean(text: object) -> str:
    """A name as it may stand on a page and in a log: printable, not too long."""
    return "".join(c for c in text if c.isprintable())[:120].strip() if isinstance(text, str) else ""


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _nonce(secret: str) -> str:
    return derive(secret.encode(), "oidc/nonce").hex()


def _verifier(secret: str) -> str:
    """43 characters of the alphabet of RFC 7636, 4.1."""
    return base64.urlsafe_b64encode(derive(secret.encode(), "oidc/verifier")).rstrip(b"=").decode()
