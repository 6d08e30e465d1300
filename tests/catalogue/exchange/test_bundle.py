"""A bundle is the same bytes for the same content, and nobody can change a byte of it unseen."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.errors import Invalid
from vliegwiel.catalogue.canonical import text_hash
from vliegwiel.catalogue.exchange import bundle
from vliegwiel.catalogue.exchange.bundle import BundleRefused, Content, Need, Page, Piece, public_text

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OLD = Ed25519PrivateKey.from_private_bytes(bytes(32))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([7] * 32))
TRUSTED = {public_text(KEY.public_key())}
TEXT = "soort: blok\nsleutel: groet\nversie: 1.0.0\nteksten:\n  - {sleutel: hallo, tekst: Goedendag}  # vriendelijk\n"


def piece(text: str = TEXT, **changes: Any) -> Piece:
    told: dict[str, Any] = {
        "hash": text_hash(text), "sleutel": "groet", "soort": "blok", "tekst": text, "versie": "1.0.0", "samenvatting": "Nieuw.",
        "rust_op": [Need("a" * 64, "awb", "wet")], "ouders": ["b" * 64],
    }  # fmt: skip
    return Piece(**(told | changes))


def content(*pieces: Piece, **changes: Any) -> Content:
    return Content(list(pieces or (piece(),)), "GM0546", **changes)


def test_the_same_content_gives_the_same_bytes_and_comes_back() -> None:
    made = bundle.make(content(), [KEY])
    assert made == bundle.make(content(), [KEY])
    assert bundle.read(made, TRUSTED) == content()
    assert "vriendelijk" in bundle.read(made, TRUSTED).stukken[0].tekst


def test_the_bytes_of_format_one_never_change() -> None:
    known = "ea44a64cb683c9e01f810dab1f05f86cec766b05bd599ca9b7720a8c99b51601"
    assert bundle.fingerprint(bundle.make(content(), [KEY])) == known


def test_a_signature_of_an_earlier_key_still_counts_for_who_knows_only_that_one() -> None:
    made = bundle.make(content(), [KEY, OLD])
    assert bundle.read(made, {public_text(OLD.public_key())}) == content()
    assert bundle.signers(made) == (public_text(KEY.public_key()), public_text(OLD.public_key()))


def test_a_stranger_and_a_stranger_under_a_known_name_are_refused() -> None:
    with pytest.raises(BundleRefused, match="die wij niet kennen"):
        bundle.read(bundle.make(content(), [STRANGER]), TRUSTED)
    forged = json.loads(bundle.make(content(), [STRANGER]))
    forged["handtekeningen"][0]["sleutel"] = next(iter(TRUSTED))
    with pytest.raises(BundleRefused, match="handtekening klopt niet"):
        bundle.read(written(forged), TRUSTED)


def written(value: object) -> bytes:
    return msgspec.json.Encoder(order="sorted").encode(value)


def test_one_changed_byte_anywhere_is_refused() -> None:
    made = bundle.make(content(), [KEY])
    chance = random.Random(1)
    for place in sorted(chance.sample(range(len(made)), 300)):
        changed = bytearray(made)
        changed[place] ^= 1 << chance.randrange(7)
        with pytest.raises(BundleRefused):
            bundle.read(bytes(changed), TRUSTED)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_anything_else_than_being_refused(data: bytes) -> None:
    with pytest.raises(BundleRefused):
        bundle.read(data, TRUSTED)


def test_another_way_of_writing_the_same_is_refused() -> None:
    made = json.loads(bundle.make(content(), [KEY]))
    for other in (json.dumps(made).encode(), json.dumps(made, indent=1).encode()):
        with pytest.raises(BundleRefused, match="anders opgeschreven"):
            bundle.read(other, TRUSTED)
    twice = bundle.make(content(), [KEY]).replace(b'"versie":1}', b'"versie":1,"versie":1}')
    with pytest.raises(BundleRefused):
        bundle.read(twice, TRUSTED)


def test_a_newer_format_is_refused_with_what_to_do_even_when_it_looks_different() -> None:
    newer = written({"formaat": "vliegwiel-bundel", "versie": 2, "iets": ["nieuws"]})
    with pytest.raises(
        BundleRefused, match=r"nieuwer formaat \(2\) dan dit platform kent \(1\).*Werk het platform bij"
    ):
        bundle.read(newer, TRUSTED)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (piece(hash="c" * 64), "hoort niet bij zijn hash"),
        (piece(sleutel="ander"), "bij 'sleutel' iets anders"),
        (piece(versie="9.9.9"), "bij 'versie' iets anders"),
        (piece(soort="patroon"), "bij 'soort' iets anders"),
        (piece(tekst="a: [", hash="d" * 64), "niet leesbaar"),
        (piece(tekst="a: &x 1\nb: *x", hash="d" * 64), "niet leesbaar"),
    ],
)
def test_a_piece_that_is_not_what_it_says_is_refused_though_well_signed(wrong: Piece, says: str) -> None:
    with pytest.raises(BundleRefused, match=says):
        bundle.read(bundle.make(content(wrong), [KEY]), TRUSTED)


@pytest.mark.parametrize("key", ["../../etc", "a/b", "", "A", "x" * 90, "a--b"])
def test_a_key_that_could_be_a_path_is_refused(key: str) -> None:
    with pytest.raises(BundleRefused, match="volgt het formaat niet"):
        bundle.read(bundle.make(content(piece(sleutel=key)), [KEY]), TRUSTED)


def test_too_large_and_too_deep_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BundleRefused):
        bundle.read(b"[" * 100_000, TRUSTED)
    monkeypatch.setattr(bundle, "MOST_BYTES", 100)
    with pytest.raises(BundleRefused, match="te groot"):
        bundle.read(bundle.make(content(), [KEY]), TRUSTED)


def test_a_page_says_where_it_stands_in_the_feed_under_the_signature() -> None:
    made = bundle.make(content(blad=Page(True, 3, 9)), [KEY])
    assert bundle.read(made, TRUSTED).blad == Page(True, 3, 9)
    with pytest.raises(BundleRefused):
        bundle.read(made.replace(b'"tot":9', b'"tot":8'), TRUSTED)


def test_a_public_key_that_was_copied_badly_is_refused_with_what_to_do() -> None:
    good = public_text(KEY.public_key())
    assert public_text(bundle.public_key(f" {good}\n")) == good
    for wrong in (good[:-2], "x", "", base64.b64encode(b"kort").decode(), "é" * 44):
        with pytest.raises(Invalid, match="44 tekens"):
            bundle.public_key(wrong)
