"""The burgerservicenummer: nine digits that pass the 11-test (Wet algemene bepalingen burgerservicenummer)."""

from __future__ import annotations

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_bsn(text: str) -> bool:
    """Whether `text` is exactly nine ASCII digits that pass the 11-test. Says nothing about whether it was issued."""
    if len(text) != 9 or not text.isascii() or not text.isdigit() or text == "000000000":
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0
