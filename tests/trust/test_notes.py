"""A checkpoint is taken only as it was signed, and only when we signed it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.trust.notes import BadNote, open_checkpoint, sign_checkpoint

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SIGNER.public_key()
GOOD = sign_checkpoint("leiden.example/ledger/GM0546", 7, bytes(32), SIGNER)


def test_a_signed_checkpoint_is_read_back() -> None:
    assert open_checkpoint(GOOD.note, [PUBLIC]) == GOOD
    assert GOOD.note.startswith("leiden.example/ledger/GM0546\n7\nAAAA")


@given(st.integers(0, len(GOOD.note) - 1), st.characters(codec="utf-8"))
def test_no_letter_of_it_can_be_changed(place: int, letter: str) -> None:
    changed = GOOD.note[:place] + letter + GOOD.note[place + 1 :]
    if changed != GOOD.note:
        with pytest.raises(BadNote):
            open_checkpoint(changed, [PUBLIC])


def test_a_signature_has_one_spelling() -> None:
    # The last letter before the padding has bits that are not used.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for letter in letters.replace(GOOD.note[-3], ""):
        with pytest.raises(BadNote):
            open_checkpoint(GOOD.note[:-3] + letter + GOOD.note[-2:], [PUBLIC])


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"{text}\n\n{text}\n", GOOD.note + text + "x"):
        with pytest.raises(BadNote):
            open_checkpoint(candidate, [PUBLIC])


def test_a_signature_of_another_key_or_for_another_log_does_not_count() -> None:
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(BadNote):
        open_checkpoint(GOOD.note, [stranger.public_key()])
    with pytest.raises(BadNote):
        open_checkpoint(GOOD.note, [])
    other = sign_checkpoint("utrecht.example/ledger/GM0344", 7, bytes(32), SIGNER)
    mixed = GOOD.note.split("\n\n")[0] + "\n\n" + other.note.split("\n\n")[1]
    with pytest.raises(BadNote):
        open_checkpoint(mixed, [PUBLIC])


def test_a_second_signature_of_a_witness_does_no_harm() -> None:
    witness = sign_checkpoint("witness.example", 7, bytes(32), Ed25519PrivateKey.generate())
    cosigned = GOOD.note + witness.note.split("\n\n")[1]
    assert open_checkpoint(cosigned, [PUBLIC]).size == 7


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb"])
def test_a_log_has_a_name_that_fits_the_format(origin: str) -> None:
    with pytest.raises(ValueError, match="name for a log"):
        sign_checkpoint(origin, 1, bytes(32), SIGNER)
