"""The Dutch grid (Rijksdriehoek, EPSG:28992) and WGS84 degrees, either way. Good to a metre within the Netherlands.

Source: F.H. Schreutelkamp and G.L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
WGS84-kaartcoördinaten", Geodesia 43 (2001), pp. 64-69. `geverifieerd: nee` for the coefficients one by one; the tests hold
them against positions that were published in both.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

N = TypeVar("N", float, npt.NDArray[np.float64])

_X0, _Y0, _LAT0, _LON0 = 155_000.0, 463_000.0, 52.15517440, 5.38720621

# (power of the first variable, power of the second, coefficient)
_TO_X = (
    (0, 1, 190094.945), (1, 1, -11832.228), (2, 1, -114.221), (0, 3, -32.391), (1, 0, -0.705), (3, 1, -2.340),
    (1, 3, -0.608), (0, 2, -0.008), (2, 3, 0.148),
)  # fmt: skip
_TO_Y = (
    (1, 0, 309056.544), (0, 2, 3638.893), (2, 0, 73.077), (1, 2, -157.984), (3, 0, 59.788), (0, 1, 0.433),
    (2, 2, -6.439), (1, 1, -0.032), (0, 4, 0.092), (1, 4, -0.054),
)  # fmt: skip
_TO_LAT = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_TO_LON = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip


def _sum(terms: tuple[tuple[int, int, float], ...], first: N, second: N) -> N:
    total = first * 0.0
    for p, q, coefficient in terms:
        total = total + coefficient * first**p * second**q
    return total


def to_rd(lon: N, lat: N) -> tuple[N, N]:
    """Metres (x, y) of degrees."""
    north, east = 0.36 * (lat - _LAT0), 0.36 * (lon - _LON0)
    return _X0 + _sum(_TO_X, north, east), _Y0 + _sum(_TO_Y, north, east)


def from_rd(x: N, y: N) -> tuple[N, N]:
    """Degrees (lon, lat) of metres."""
    east, north = (x - _X0) * 1e-5, (y - _Y0) * 1e-5
    return _LON0 + _sum(_TO_LON, east, north) / 3600, _LAT0 + _sum(_TO_LAT, east, north) / 3600
