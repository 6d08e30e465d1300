"""Numbers of cases, decisions and documents.

A number is `2026-000-041-729`: the year in which it was given, a sequence number of eight digits, and a check digit (Damm,
2004) that catches every single wrong digit and every swap of two neighbours, so that a number read out on the phone is
either right or refused. Longer sequence numbers simply take more digits.

The sequence number comes from one PostgreSQL sequence for all municipalities. `nextval` never waits for another
transaction, so opening cases never queues; numbers of transactions that were rolled back are skipped. The unique
constraint on (municipality, bronorganisatie, identificatie) still guards against numbers that came from elsewhere.
Source: ZGW zrc-002 (identificatie is unique per bronorganisatie).
"""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from dataclasses import dataclass

from django.db import connection

from vliegwiel.base import clock

# Damm's table of order 10: totally anti-symmetric, so a swap of neighbours never gives the same check.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_NUMBER = re.compile(r"(\d{4})\D*(\d{9,})")


def check_digit(digits: str) -> int:
    """Damm's check digit of a string of ASCII digits."""
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state


def number(year: int, sequence: int) -> str:
    """The number of the `sequence`-th thing: `number(2026, 4172)` is `2026-000-041-724`-like, in groups of three."""
    digits = f"{sequence:08d}"
    digits += str(check_digit(f"{year}{digits}"))
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    groups += [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return "-".join([str(year), *groups])


def read_number(text: str) -> str | None:
    """The number as it is stored, from what somebody typed (spaces, dots, no dashes); None when it cannot be one."""
    digits = re.sub(r"[\s.\-]", "", text)
    match = _NUMBER.fullmatch(digits)
    if not match or not digits.isascii() or check_digit(digits) != 0:
        return None
    return number(int(match[1]), int(match[2][:-1]))


BLOCK = 50


@dataclass(slots=True)
class _Block:
    """Sequence numbers this process took and did not use yet. Those that are left when it ends are skipped."""

    lock: threading.Lock
    left: dict[tuple[object, ...], deque[int]]


_block = _Block(threading.Lock(), {})


def take(count: int = 1) -> list[str]:
    """`count` new numbers. A process takes the sequence numbers in blocks, so that most calls ask the database nothing."""
    if count == 0:
        return []
    settings = connection.settings_dict
    # A process that was forked must not share its parent's block, nor one database another's.
    key = (os.getpid(), settings["HOST"], settings["PORT"], settings["NAME"])
    year = clock.today().year
    with _block.lock:
        left = _block.left.setdefault(key, deque())
        if len(left) < count:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('casework_number') FROM generate_series(1, %s)", [BLOCK + count])
                left.extend(row[0] for row in cursor.fetchall())
        return [number(year, left.popleft()) for _ in range(count)]
