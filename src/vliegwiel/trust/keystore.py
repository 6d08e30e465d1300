"""The secrets of this installation, and what may be done with them.

One master secret is kept; everything else is derived from it (HKDF-SHA256), each use and each municipality its own:
the key that wraps the keys of cases, the key of pseudonyms, the keys that sign checkpoints and shared definitions.

It comes from `VLIEGWIEL_MASTER_KEY` (base64, 32 bytes; several separated by commas), else from the file `keys/master.key`
in the data folder (one a line; outside production it is made once, readable by its owner only). The first is used; later
ones are only tried for what was made under them. So rotating is: put a new one in front. Losing them loses the personal
data in the ledger for good, so they belong in the back-up of secrets and never in the back-up of the database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from vliegwiel.base.keptfile import keep

KEY_BYTES = 32
NONCE_BYTES = 12
_FORMAT = b"\x01"


class Unreadable(Exception):
    """The ciphertext was not made with this key and this context, or it was changed."""


def seal_bytes(key: bytes, plain: bytes, context: bytes) -> bytes:
    """AES-256-GCM with a random nonce: format byte, nonce, ciphertext with tag. `context` must be given to open it."""
    nonce = os.urandom(NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, context)


def open_bytes(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Undo `seal_bytes`. Raises `Unreadable`."""
    if len(sealed) < 1 + NONCE_BYTES + 16 or sealed[:1] != _FORMAT:
        raise Unreadable("not a sealed value")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], context)
    except InvalidTag as error:
        raise Unreadable("another key, another context, or changed") from error


def derive(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"vliegwiel/" + purpose.encode()).derive(secret)


@dataclass(frozen=True)
class Keystore:
    """`masters`: 32 bytes each, the one in use first."""

    masters: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.masters or any(len(m) != KEY_BYTES for m in self.masters):
            raise ValueError("a master key is 32 bytes")

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """A key of a case, encrypted for storage."""
        return seal_bytes(_derived(self.masters[0], "wrap"), key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Undo `wrap`, also where it was made under an earlier master. Raises `Unreadable`."""
        for master in self.masters[:-1]:
            try:
                return open_bytes(_derived(master, "wrap"), wrapped, context)
            except Unreadable:
                continue
        return open_bytes(_derived(self.masters[-1], "wrap"), wrapped, context)

    def pseudonym(self, municipality: str, bsn: str) -> str:
        """Stands for a bsn within one municipality: HMAC-SHA256 in hex. Two municipalities cannot compare theirs."""
        return self.pseudonyms(municipality, bsn)[0]

    def pseudonyms(self, municipality: str, bsn: str) -> tuple[str, ...]:
        """The pseudonym under each master, newest first: earlier records carry an earlier one."""
        purpose = f"pseudonym/{municipality}"
        return tuple(
            hmac.new(_derived(master, purpose), bsn.encode(), hashlib.sha256).hexdigest() for master in self.masters
        )

    def signers(self, municipality: str) -> tuple[Ed25519PrivateKey, ...]:
        """Keys that sign the checkpoints of a municipality's log: the one in use first, then those it once had."""
        return self._signers(f"checkpoint/{municipality}")

    def exchange_signers(self, municipality: str) -> tuple[Ed25519PrivateKey, ...]:
        """Keys that sign the definitions a municipality shares with other installations, in the same order."""
        return self._signers(f"exchange/{municipality}")

    def _signers(self, purpose: str) -> tuple[Ed25519PrivateKey, ...]:
        return tuple(Ed25519PrivateKey.from_private_bytes(_derived(master, purpose)) for master in self.masters)


@cache
def _derived(master: bytes, purpose: str) -> bytes:
    return derive(master, purpose)


@cache
def keystore() -> Keystore:
    """The keystore of this process. Raises `ValueError` when what is configured is not a list of keys, and
    `ImproperlyConfigured` when production has none."""
    given = os.environ.get("VLIEGWIEL_MASTER_KEY", "")
    if given:
        return Keystore(_parse(given.split(",")))
    path = Path(settings.DATA_DIR) / "keys" / "master.key"
    if settings.MODE == "production" and not path.exists():
        # A key made by itself on a disk that is thrown away with its container would take all personal data along.
        raise ImproperlyConfigured(f"VLIEGWIEL_MASTER_KEY is not set and {path} is not there; production needs one")
    kept = keep(path, _made)
    return Keystore(_parse(kept.splitlines()))


def _made() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n"


def _parse(lines: list[str]) -> tuple[bytes, ...]:
    try:
        return tuple(base64.b64decode(line.strip(), validate=True) for line in lines if line.strip())
    except binascii.Error as error:
        raise ValueError("VLIEGWIEL_MASTER_KEY: each key is 32 bytes in base64") from error
