"""Python that numba turns into machine code at its first call; what it made is kept beside the source, or in the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The same function, fast, and running beside other threads. Only plain numbers and NumPy arrays go in and out."""
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except (
        RuntimeError
    ):  # nowhere to keep it (a read-only installation without a home): each process compiles for itself
        return cast(F, numba.njit(nogil=True)(function))
