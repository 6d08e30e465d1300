"""Signed statements of a log's state, in the formats other logs use, so that their tools can read ours.

A checkpoint (C2SP tlog-checkpoint) is the log's origin, its size, and its root hash in base64, each on a line. It is
signed as a signed note (C2SP signed-note): the text, an empty line, and a line a signature, here Ed25519.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_DASH = "\u2014 "


class BadNote(Exception):
    """Not a signed checkpoint, or signed by nobody we know."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log said of itself: so many leaves, this root. `note` is the signed text that says so."""

    origin: str
    size: int
    root: bytes
    note: str


def key_id(name: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public.public_bytes_raw()).digest()[:4]


def verifier_key(name: str, public: Ed25519PublicKey) -> str:
    """The public key in the text form of signed notes: name, key id in hex, algorithm and key in base64."""
    encoded = base64.b64encode(ED25519 + public.public_bytes_raw()).decode()
    return f"{name}+{key_id(name, public).hex()}+{encoded}"


def sign_checkpoint(origin: str, size: int, root: bytes, signer: Ed25519PrivateKey) -> Checkpoint:
    """Make and sign a checkpoint. The origin is also the name of the key; it has no spaces, `+`, or line breaks."""
    if not origin or any(c in origin for c in " +\n\r\t"):
        raise ValueError(f"not a name for a log: {origin!r}")
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = key_id(origin, signer.public_key()) + signer.sign(text.encode())
    return Checkpoint(origin, size, root, f"{text}\n{_DASH}{origin} {base64.b64encode(signature).decode()}\n")


def open_checkpoint(note: str, publics: Sequence[Ed25519PublicKey]) -> Checkpoint:
    """Read a signed checkpoint and check that one of these keys signed it. Raises `BadNote`."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise BadNote("no signatures")
    text += "\n"
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not _is_count(lines[1]):
        raise BadNote("no checkpoint")
    origin, size = lines[0], int(lines[1])
    root = _decoded(lines[2])
    if len(root) != hashlib.sha256().digest_size:
        raise BadNote("the root is no SHA-256 hash")
    for line in signatures.splitlines():
        if not line.startswith(_DASH):
            raise BadNote("a line that is no signature")
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if name == origin and _signed(text, origin, _decoded(encoded), publics):
            return Checkpoint(origin, size, root, note)
    raise BadNote("signed by nobody we know")


def _signed(text: str, name: str, signature: bytes, publics: Sequence[Ed25519PublicKey]) -> bool:
    for public in publics:
        if signature[:4] != key_id(name, public):
            continue
        try:
            public.verify(signature[4:], text.encode())
        except InvalidSignature:
            return False
        return True
    return False


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))


def _decoded(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if base64.b64encode(decoded).decode() != text:
        raise BadNote("not the one spelling of this in base64")
    return decoded
