"""What the provider remembers between two requests: logins that are going on, codes to be used once, access tokens.

Kept in memory: a restart ends what is going on, as it should. Everything expires, and everything is bounded.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from .levels import Level

LOGIN_SECONDS = 600
CODE_SECONDS = 60
TOKEN_SECONDS = 300
_BOUND = 10_000
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")

Claims: TypeAlias = dict[str, str | list[str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """An authorization request that was found to be right, while the person chooses who to be."""

    realm: str
    client_id: str
    redirect_uri: str
    code_challenge: str
    state: str | None
    nonce: str | None
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """A login that happened: what the tokens will say."""

    request: LoginRequest
    claims: Claims = field(repr=False)
    auth_time: int


class Expiring(Generic[T]):
    """Values under unguessable keys, each for so many seconds. The oldest go when there are too many."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._held: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def put(self, value: T) -> str:
        """Keep `value`; returns its key (256 random bits)."""
        self._forget_old()
        key = secrets.token_urlsafe(32)
        self._held[key] = (self._monotonic() + self._seconds, value)
        return key

    def get(self, key: str) -> T | None:
        """The value, while it lasts."""
        held = self._held.get(key)
        return held[1] if held and held[0] > self._monotonic() else None

    def take(self, key: str) -> T | None:
        """The value, once."""
        value = self.get(key)
        self._held.pop(key, None)
        return value

    def drop(self, key: str) -> None:
        """Forget it."""
        self._held.pop(key, None)

    def _forget_old(self) -> None:
        now = self._monotonic()
        while self._held and (len(self._held) >= _BOUND or next(iter(self._held.values()))[0] <= now):
            self._held.popitem(last=False)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636, 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def verifier_fits(verifier: str, challenge: str) -> bool:
    """Whether the verifier is well formed and belongs to the challenge."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(challenge_of(verifier), challenge)
