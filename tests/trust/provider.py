"""An identity provider in memory that can be made to lie, for tests of what a client must refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

ISSUER = "https://login.example/burger"
CLIENT = "vliegwiel"
RSA = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True, auto_kid=True)
STRANGER = RSAKey.generate_key(2048, {"use": "sig"}, private=True, auto_kid=True)
ELLIPTIC = ECKey.generate_key("P-256", {"use": "sig"}, private=True, auto_kid=True)


def half_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


@dataclass
class LyingProvider:
    """Answers over httpx's mock transport. Change a field to change what it says; `down` makes it fail."""

    issuer: str = ISSUER
    keys: list[Key] = field(default_factory=lambda: [RSA, ELLIPTIC])
    claims: dict[str, object] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    signer: Key = field(default_factory=lambda: RSA)
    algorithm: str = "RS256"
    header: dict[str, object] = field(default_factory=dict)
    document: dict[str, object] = field(default_factory=dict)
    id_token: str | None = None
    down: bool = False
    token_status: int = 200
    asked: list[httpx.Request] = field(default_factory=list)
    access_token: str = "access"
    challenge: str = ""

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.down:
            raise httpx.ConnectTimeout("too slow", request=request)
        match request.url.path.removeprefix("/burger"):
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self.discovery())
            case "/jwks":
                return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})
            case "/token":
                return self.token(request)
        return httpx.Response(404)

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "end_session_endpoint": f"{ISSUER}/logout",
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }

    def token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        verifier = form.get("code_verifier", "")
        given = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if self.token_status != 200 or (self.challenge and given != self.challenge):
            return httpx.Response(
                400 if self.token_status == 200 else self.token_status, json={"error": "invalid_grant"}
            )
        return httpx.Response(
            200,
            json={
                "token_type": "Bearer",
                "access_token": self.access_token,
                "id_token": self.id_token or self.signed(),
            },
        )

    def said(self) -> dict[str, object]:
        moment = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "pseudonym-1",
            "iat": moment,
            "exp": moment + 300,
            "bsn": "999990019",
            "name": "Noor",
            "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
            "at_hash": half_hash(self.access_token),
            **self.claims,
        }
        return {name: value for name, value in claims.items() if name not in self.drop}

    def signed(self) -> str:
        header = {"alg": self.algorithm, "kid": self.signer.kid, **self.header}
        return jwt.encode(header, self.said(), self.signer, algorithms=[self.algorithm])

    def login(self, url: str) -> dict[str, str]:
        """What the browser brings back after logging in at `url`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.claims.setdefault("nonce", asked["nonce"])
        self.challenge = asked["code_challenge"]
        return {"state": asked["state"], "code": "the-code", "iss": ISSUER}


def unsigned(claims: dict[str, object], algorithm: str = "none") -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': algorithm, 'kid': RSA.kid})}.{part(claims)}."


def signed_with_the_public_key(claims: dict[str, object], key: bytes) -> str:
    """HS256 with what everybody can fetch as the shared secret: the classic confusion of algorithms."""

    def part(value: dict[str, object]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    told = part({"alg": "HS256", "kid": RSA.kid}) + b"." + part(claims)
    signature = base64.urlsafe_b64encode(hmac.digest(key, told, "sha256")).rstrip(b"=")
    return (told + b"." + signature).decode()
