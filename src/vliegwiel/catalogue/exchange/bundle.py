"""A signed bundle of definitions: one JSON document, the same bytes for the same content, Ed25519 (RFC 8032) over it.

    {"formaat": "vliegwiel-bundel", "handtekeningen": [...], "inhoud": {...}, "versie": 1}

Keys sorted, no white space, UTF-8: a document that is written any other way is refused, so that there is one form only. What
is signed is the name and version of the format and the content. A bundle can carry the signatures of an earlier key as well:
who knows only that one can still check it after a rotation. Pure: no Django, no database, no network.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection, Sequence
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vliegwiel.base.errors import Invalid
from vliegwiel.base.sourcefile import MapNode, SourceInvalid, TextNode, parse_source
from vliegwiel.base.typed import prepare

from ..canonical import node_hash

FORMAT = "vliegwiel-bundel"
VERSION = 1
MOST_BYTES = 20_000_000
MOST_PIECES = 1_000
MOST_SIGNATURES = 8
_ENCODER = msgspec.json.Encoder(order="sorted")

Code = Annotated[str, msgspec.Meta(pattern=r"^GM[0-9]{4}$")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=80)]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
Semver = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6})?$")]
Kind = Literal["blok", "patroon", "product", "variant"]
Words = Annotated[str, msgspec.Meta(max_length=4_000)]
Serial = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class BundleRefused(Invalid):
    """This bundle is not used. The sentence says why and what to do."""

    code, title = "bundle_refused", "Deze bundel is niet te gebruiken"


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a definition rests on. Of a law (`wet`) only the hash of the whole law book is given: laws do not travel."""

    hash: Hash
    sleutel: Annotated[str, msgspec.Meta(max_length=80)]
    soort: Literal["blok", "patroon", "product", "wet"]
    versie: Semver = ""


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of one definition.

    `gemeente` is filled for a variant. `meegeleverd`: it is here because another piece rests on it, not because the publisher
    brought it out. `vervalt_*`: the first day on which it should not be begun with, and the last on which it counts.
    """

    hash: Hash
    sleutel: Key
    soort: Kind
    tekst: Annotated[str, msgspec.Meta(max_length=1_000_000)]
    gemeente: Annotated[str, msgspec.Meta(pattern=r"^(GM[0-9]{4})?$")] = ""
    gepubliceerd: Annotated[str, msgspec.Meta(max_length=40)] = ""
    meegeleverd: bool = False
    ouders: Annotated[list[Hash], msgspec.Meta(max_length=16)] = []
    reden: Words = ""
    rust_op: Annotated[list[Need], msgspec.Meta(max_length=200)] = []
    samenvatting: Words = ""
    versie: Semver = ""
    vervalt_tot: Day = ""
    vervalt_vanaf: Day = ""

    @property
    def name(self) -> tuple[str, str, str]:
        """Kind, key, and municipality of a variant."""
        return self.soort, self.sleutel, self.gemeente


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of a feed this is: what came after `na`, up to and including `tot`; `meer` when there is more."""

    meer: bool
    na: Serial
    tot: Serial


class Suggestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the one piece is proposed to a publisher, as a change of `basis` (empty: something new)."""

    aan: Code
    basis: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")]
    reden: Words


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed. `blad` for a page of a feed, `voorstel` for a proposal, neither for a bundle in a file."""

    stukken: Annotated[list[Piece], msgspec.Meta(max_length=MOST_PIECES)]
    uitgever: Code
    blad: Page | None = None
    naam: Annotated[str, msgspec.Meta(max_length=120)] = ""
    voorstel: Suggestion | None = None


class _Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    handtekening: Annotated[str, msgspec.Meta(max_length=100)]
    sleutel: Annotated[str, msgspec.Meta(max_length=60)]


class _Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    formaat: str
    handtekeningen: Annotated[list[_Signature], msgspec.Meta(min_length=1, max_length=MOST_SIGNATURES)]
    inhoud: Content
    versie: int


class _Head(msgspec.Struct, frozen=True):
    formaat: str = ""
    versie: int = 0


prepare(_Head, _Bundle, Content)


def make(content: Content, keys: Sequence[Ed25519PrivateKey]) -> bytes:
    """The bundle: the same content and keys give the same bytes (Ed25519 has no chance in it)."""
    signed = _signed(content)
    signatures = [
        {"handtekening": _b64(key.sign(signed)), "sleutel": public_text(key.public_key())}
        for key in keys[:MOST_SIGNATURES]
    ]
    whole = {"formaat": FORMAT, "versie": VERSION, "handtekeningen": signatures, "inhoud": msgspec.to_builtins(content)}
    return _ENCODER.encode(whole)


def read(data: bytes, trusted: Collection[str]) -> Content:
    """The content of a bundle that one of the `trusted` public keys signed. Raises `BundleRefused` for anything else.

    Checked: size, format, form, signature, and of each piece that its hash and its head are those of its text.
    """
    bundle = _decoded(data)
    signed = _signed(bundle.inhoud)
    known = [one for one in bundle.handtekeningen if one.sleutel in trusted]
    if not known:
        raise BundleRefused(
            "Deze bundel is ondertekend met een sleutel die wij niet kennen. "
            "Vraag de afzender om zijn sleutel, en controleer die."
        )
    for one in known:
        if not _verifies(one, signed):
            raise BundleRefused(
                "De handtekening klopt niet: deze bundel is veranderd of beschadigd. Haal hem opnieuw op."
            )
    for piece in bundle.inhoud.stukken:
        check_piece(piece)
    return bundle.inhoud


def signers(data: bytes) -> tuple[str, ...]:
    """The public keys that a bundle says it is signed with. Nothing is verified. Raises `BundleRefused`."""
    return tuple(one.sleutel for one in _decoded(data).handtekeningen)


def fingerprint(data: bytes) -> str:
    """SHA-256 (hex) of the bytes of a bundle."""
    return hashlib.sha256(data).hexdigest()


def check_piece(piece: Piece) -> None:
    """That a piece is what it says. Raises `BundleRefused`."""
    told = f"{piece.soort} {piece.sleutel}"
    try:
        root = parse_source(piece.tekst, told).root
    except SourceInvalid as error:
        raise BundleRefused(
            f"De tekst van {told} in deze bundel is niet leesbaar: {error.errors[0].message}"
        ) from error
    if node_hash(root) != piece.hash:
        raise BundleRefused(f"De tekst van {told} in deze bundel hoort niet bij zijn hash. Haal de bundel opnieuw op.")
    named = {"soort": piece.soort, "product" if piece.soort == "variant" else "sleutel": piece.sleutel}
    if piece.soort == "variant":
        named["gemeente"] = piece.gemeente
    elif piece.versie:
        named["versie"] = piece.versie
    for key, expected in named.items():
        found = root.get(key) if isinstance(root, MapNode) else None
        # A block is known by its place, not by what it says; a variant has no version in its text.
        if found is None and (piece.soort == "blok" or key == "versie"):
            continue
        if isinstance(found, TextNode) and found.text == expected:
            continue
        raise BundleRefused(f"In de tekst van {told} staat bij '{key}' iets anders dan de bundel zegt.")


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as people copy it: base64 of its 32 bytes."""
    return _b64(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def public_key(text: str) -> Ed25519PublicKey:
    """Read what `public_text` wrote. Raises `Invalid` with a sentence."""
    raw = _bytes(text.strip())
    if raw is None or len(raw) != 32:
        raise Invalid("Een sleutel is 44 tekens lang en eindigt op een =. Kopieer hem helemaal.")
    return Ed25519PublicKey.from_public_bytes(raw)


def _decoded(data: bytes) -> _Bundle:
    if len(data) > MOST_BYTES:
        raise BundleRefused(f"Deze bundel is te groot: hoogstens {MOST_BYTES // 1_000_000} MB.")
    try:
        head = msgspec.json.decode(data, type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BundleRefused("Dit is geen bundel van definities: het is geen leesbare JSON.") from error
    if head.formaat != FORMAT:
        raise BundleRefused("Dit is geen bundel van definities. Kies een bestand dat met 'bundle' is gemaakt.")
    if head.versie > VERSION:
        raise BundleRefused(
            f"Deze bundel heeft een nieuwer formaat ({head.versie}) dan dit platform kent ({VERSION}). "
            "Werk het platform bij, of vraag de afzender om een bundel in het oudere formaat."
        )
    if head.versie < 1:
        raise BundleRefused(f"Het formaat van deze bundel ({head.versie}) bestaat niet.")
    try:
        bundle = msgspec.json.decode(data, type=_Bundle)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BundleRefused(f"Deze bundel volgt het formaat niet ({_where(error)}). Vraag om een nieuwe.") from error
    if _ENCODER.encode(msgspec.to_builtins(bundle)) != data:
        raise BundleRefused("Deze bundel is anders opgeschreven dan het formaat zegt: hij is onderweg veranderd.")
    return bundle


def _where(error: Exception) -> str:
    return str(error)[:160] if isinstance(error, msgspec.ValidationError) else "onleesbaar"


def _signed(content: Content) -> bytes:
    return f"{FORMAT} {VERSION}\n".encode() + _ENCODER.encode(msgspec.to_builtins(content))


def _verifies(one: _Signature, signed: bytes) -> bool:
    raw = _bytes(one.handtekening)
    if raw is None:
        return False
    try:
        public_key(one.sleutel).verify(raw, signed)
    except (InvalidSignature, Invalid):
        return False
    return True


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
