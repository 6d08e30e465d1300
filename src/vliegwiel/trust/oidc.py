"""OpenID Connect as a client: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636, RFC 9207; NL GOV profile).

Everything the provider says is checked before it is believed: its discovery document must be its own, tokens must be signed
with one of its published keys and an algorithm of our list, for us, for this login, and now. The provider is asked with
time-outs and never inside a transaction. What it publishes is kept for an hour, and for a day when it cannot be reached.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
from django.conf import settings
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, Unavailable

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Asymmetric only: a token "signed" with a public key as if it were a shared secret (HS256) must never pass."""
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
PUBLIC_MEMBERS = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"})
LARGEST_ANSWER = 256 * 1024
LARGEST_TOKEN = 16 * 1024
KEEP = 3600.0
KEEP_WHEN_DOWN = 24 * 3600.0
ASK_AGAIN = 30.0
AFTER_FAILURE = 2.0
LEEWAY = 60
OLDEST = 600

T = TypeVar("T")
Scalar: TypeAlias = str | int | float | bool | None
Claim: TypeAlias = Scalar | Sequence["Claim"] | Mapping[str, "Claim"]
Claims: TypeAlias = Mapping[str, Claim]


class LoginFailed(Invalid):
    """The login did not succeed. `why` is for the log: it says what was wrong and holds nothing from the token."""

    code, title = "login_failed", "Inloggen is niet gelukt"

    def __init__(self, why: str, sentence: str = "Inloggen is niet gelukt. Probeer het opnieuw.") -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider and who we are to it. Without a secret we are a public client, protected by PKCE alone."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes about itself, as far as we use it."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the token endpoint gave."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class _Kept(Generic[T]):
    """Something fetched, kept for a while, and kept longer when it cannot be fetched again."""

    def __init__(self, fetch: Callable[[], T], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._value: T | None = None
        self._fetched = self._tried = float("-inf")

    def get(self) -> T:
        """The value, at most an hour old unless the provider is down. Raises `Unavailable`."""
        if self._value is not None and self._clock() - self._fetched < KEEP:
            return self._value
        return self._renew()

    def again(self) -> T:
        """The value, fetched again unless that was just done."""
        if self._value is not None and self._clock() - self._tried < ASK_AGAIN:
            return self._value
        return self._renew()

    def _renew(self) -> T:
        with self._lock:
            moment = self._clock()
            if self._value is not None and moment - self._tried < ASK_AGAIN:
                return self._value
            if self._value is None and moment - self._tried < AFTER_FAILURE:
                # Whoever waited for the lock while another tried in vain need not wait for a time-out of its own.
                raise _unavailable()
            try:
                self._value = self._fetch()
            except Unavailable:
                if self._value is None or moment - self._fetched > KEEP_WHEN_DOWN:
                    raise
                return self._value
            else:
                self._fetched = moment
                return self._value
            finally:
                self._tried = self._clock()


class ProviderClient:
    """Talks to one provider. Safe to share between threads."""

    def __init__(self, provider: Provider, http: httpx.Client | None = None) -> None:
        self.provider = provider
        self._http = http or httpx.Client(timeout=TIMEOUT, follow_redirects=False)
        self._metadata = _Kept(self._fetch_metadata)
        self._keys = _Kept(self._fetch_keys)

    def metadata(self) -> Metadata:
        """Its discovery document. Raises `Unavailable`."""
        return self._metadata.get()

    def authorization_url(self, *, redirect_uri: str, state: str, nonce: str, verifier: str, acr: str = "") -> str:
        """Where the browser goes to log in. `acr` is the lowest level that will do. Raises `Unavailable`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if acr:
            asked["acr_values"] = acr
        endpoint = self.metadata().authorization_endpoint
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def logout_url(self, id_token: str, return_to: str) -> str | None:
        """Where the browser goes to log out at the provider too (RP-Initiated Logout 1.0); None where it offers none."""
        endpoint = self.metadata().end_session_endpoint
        if not endpoint:
            return None
        asked = {
            "id_token_hint": id_token,
            "client_id": self.provider.client_id,
            "post_logout_redirect_uri": return_to,
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def exchange(self, code: str, *, redirect_uri: str, verifier: str) -> Tokens:
        """Trade the code for tokens. Raises `LoginFailed` when the provider refuses it, `Unavailable` when it does not answer."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        basic = None
        if self.provider.client_secret:
            basic = httpx.BasicAuth(self.provider.client_id, self.provider.client_secret)
        else:
            form["client_id"] = self.provider.client_id
        status, answer = self._ask("POST", self.metadata().token_endpoint, form, basic)
        if status >= 500:
            raise _unavailable()
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if status != 200 or not isinstance(id_token, str) or not isinstance(access_token, str):
            raise LoginFailed(f"the token endpoint answered {status}")
        return Tokens(id_token, access_token)

    def verified(self, tokens: Tokens, *, nonce: str) -> Claims:
        """The claims of the id token, after every check of OpenID Connect Core 3.1.3.7. Raises `LoginFailed`, `Unavailable`."""
        if len(tokens.id_token) > LARGEST_TOKEN:
            raise LoginFailed("the id token is too large")
        try:
            header = jws.extract_compact(tokens.id_token.encode()).headers()
        except (JoseError, ValueError, UnicodeError) as error:
            raise LoginFailed("the id token cannot be read") from error
        if header.get("alg") not in ALGORITHMS:
            raise LoginFailed("the id token is signed with an algorithm we do not take")
        key = self._key(header.get("kid"))
        try:
            claims: dict[str, Claim] = jwt.decode(tokens.id_token, key, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, UnicodeError) as error:
            raise LoginFailed("the signature of the id token is not right") from error
        self._check(claims, nonce)
        _check_access_token(claims, tokens.access_token)
        return claims

    def _key(self, kid: object) -> Key:
        """The key a token names. Keys are looked up among what the provider publishes, never taken from the token itself."""
        for keys in (self._keys.get, self._keys.again):
            found = [key for key in keys() if kid is None or key.kid == kid]
            if len(found) == 1:
                return found[0]
        raise LoginFailed("the id token is signed with a key the provider does not publish")

    def _check(self, claims: Claims, nonce: str) -> None:
        moment = int(now().timestamp())
        issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
        if claims.get("iss") != self.provider.issuer:
            raise LoginFailed("the id token is of another issuer")
        if claims.get("aud") not in (self.provider.client_id, [self.provider.client_id]):
            raise LoginFailed("the id token is not for us")
        if claims.get("azp", self.provider.client_id) != self.provider.client_id:
            raise LoginFailed("the id token was given to another party")
        if issued is None or expires is None:
            raise LoginFailed("the id token has no time")
        if expires + LEEWAY <= moment:
            raise LoginFailed("the id token is expired")
        if not moment - OLDEST - LEEWAY <= issued <= moment + LEEWAY:
            raise LoginFailed("the id token is not from now")
        if "nbf" in claims and (_moment(claims["nbf"]) or math.inf) > moment + LEEWAY:
            raise LoginFailed("the id token is not valid yet")
        stated = claims.get("nonce")
        if not isinstance(stated, str) or not hmac.compare_digest(stated.encode(), nonce.encode()):
            raise LoginFailed("the id token is of another login")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 200 or not subject.isprintable():
            raise LoginFailed("the id token names nobody")

    def _fetch_metadata(self) -> Metadata:
        _, found = self._ask("GET", f"{self.provider.issuer}/.well-known/openid-configuration")
        if found.get("issuer") != self.provider.issuer:
            # ASVS 10.5.3: a document that speaks for another issuer is an attack or a mistake; both stop here.
            raise _unavailable()
        return Metadata(
            authorization_endpoint=self._endpoint(found, "authorization_endpoint"),
            token_endpoint=self._endpoint(found, "token_endpoint"),
            jwks_uri=self._endpoint(found, "jwks_uri"),
            end_session_endpoint=self._endpoint(found, "end_session_endpoint", optional=True),
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, found: Claims, name: str, *, optional: bool = False) -> str:
        url = found.get(name)
        if optional and url is None:
            return ""
        if not isinstance(url, str) or urlsplit(url).scheme not in _schemes() or not urlsplit(url).hostname:
            raise _unavailable()
        return url

    def _fetch_keys(self) -> tuple[Key, ...]:
        _, found = self._ask("GET", self.metadata().jwks_uri)
        listed = found.get("keys")
        keys: list[Key] = []
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict) and entry.get("use", "sig") == "sig":
                keys.extend(_public_key(entry))
        if not keys:
            raise _unavailable()
        return tuple(keys)

    def _ask(
        self, method: str, url: str, form: Mapping[str, str] | None = None, basic: httpx.BasicAuth | None = None
    ) -> tuple[int, Claims]:
        """Status and JSON object of an answer. Raises `Unavailable` for no answer, too much of it, or no JSON."""
        if urlsplit(url).scheme not in _schemes():
            raise _unavailable()
        try:
            with self._http.stream(
                method, url, data=form, auth=basic, headers={"Accept": "application/json"}
            ) as answer:
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST_ANSWER:
                        raise _unavailable()
            found = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            raise _unavailable() from error
        if not isinstance(found, dict) or (method == "GET" and answer.status_code != 200):
            raise _unavailable()
        return answer.status_code, found


def _public_key(entry: dict[str, Claim]) -> list[Key]:
    """The key of an entry of a key set, if it is one that our algorithms use; others (also symmetric ones) are passed over."""
    kinds: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
    kind = kinds.get(str(entry.get("kty")))
    if kind is None:
        return []
    public: dict[str, str | list[str]] = {
        name: value for name, value in entry.items() if name in PUBLIC_MEMBERS and isinstance(value, str)
    }
    try:
        key = kind.import_key(public)
    except (JoseError, ValueError, KeyError):
        return []
    # NIST SP 800-131A: RSA below 2048 bits is no signature any more.
    return [key] if not isinstance(key, RSAKey) or key.raw_value.key_size >= 2048 else []


def _check_access_token(claims: Claims, access_token: str) -> None:
    """`at_hash` binds the access token to the id token (OpenID Connect Core 3.1.3.6). All our algorithms use SHA-256."""
    stated = claims.get("at_hash")
    if stated is None:
        return
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    expected = base64.urlsafe_b64encode(half).rstrip(b"=")
    if not isinstance(stated, str) or not hmac.compare_digest(stated.encode(), expected):
        raise LoginFailed("the access token is not the one of the id token")


def _moment(value: Claim) -> float | None:
    """Seconds since 1970, or None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _schemes() -> frozenset[str]:
    """A demonstration on one machine speaks plain HTTP; production never does."""
    return frozenset({"https"}) if settings.MODE == "production" else frozenset({"https", "http"})


def _unavailable() -> Unavailable:
    return Unavailable("Inloggen kan nu niet. Probeer het over een paar minuten opnieuw.")
