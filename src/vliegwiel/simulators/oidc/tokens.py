"""Tokens that say who logged in: the signed id token (OpenID Connect Core, section 2) and who somebody is for a client."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from .grants import Claims, Grant
from .keys import ALGORITHM

ID_TOKEN_SECONDS = 300


class Issuer:
    """One issuer (citizens or staff) with the key it signs with."""

    def __init__(self, url: str, key: RSAKey) -> None:
        self.url = url
        self._key = key

    def jwks(self) -> dict[str, object]:
        """The public key, as clients fetch it."""
        return {"keys": [self._key.as_dict(private=False)]}

    def id_token(self, grant: Grant, access_token: str) -> str:
        """A signed id token for this login."""
        now = int(time.time())
        claims: dict[str, object] = {
            **grant.claims,
            "iss": self.url,
            "aud": grant.request.client_id,
            "iat": now,
            "exp": now + ID_TOKEN_SECONDS,
            "auth_time": grant.auth_time,
            "at_hash": _half_hash(access_token),
        }
        if grant.request.nonce is not None:
            claims["nonce"] = grant.request.nonce
        return jwt.encode(
            {"alg": ALGORITHM, "kid": self._key.kid, "typ": "JWT"}, claims, self._key, algorithms=[ALGORITHM]
        )

    def client_of(self, id_token: str) -> str | None:
        """The client an id token of ours was made for, expired or not; None when the token is not ours (RP-initiated logout)."""
        try:
            token = jwt.decode(id_token, KeySet([self._key]), algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            return None
        audience = token.claims.get("aud")
        return audience if token.claims.get("iss") == self.url and isinstance(audience, str) else None

    def pseudonym(self, bsn: str) -> str:
        """A subject that is the same at every login and does not show the bsn."""
        secret = msgspec.json.encode(self._key.as_dict(private=True)["d"])
        return hmac.new(secret, f"{self.url}|{bsn}".encode(), hashlib.sha256).hexdigest()[:32]


def _half_hash(token: str) -> str:
    # The left half of the hash of the algorithm's size (OpenID Connect Core, 3.1.3.6).
    digest = hashlib.sha256(token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def public_claims(claims: Claims) -> Claims:
    """The claims the userinfo endpoint gives: those of the person, not of the moment."""
    return {name: value for name, value in claims.items() if name not in {"acr", "amr"}}
