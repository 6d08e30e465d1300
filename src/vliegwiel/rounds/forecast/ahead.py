"""What is to be expected: distributions of contents at coming moments, side by side.

The shape is a shifted gamma (Pearson III: what comes in is never negative and has a long tail to the right; what a sensor says
has a symmetric error), written by the cube root of Wilson and Hilferty (1931) as a function of one standard normal number. That
number is bent so that, on the evidence, nine in ten outcomes fall in the nine-in-ten interval (`bend`: calibration by the
quantiles of what was seen). So a quantile, a probability and an expectation are each one formula over arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.evidence import Floats, Ints

KNOTS: Final[Floats] = np.linspace(-3.5, 3.5, 29)
"""Standard normal numbers at which calibration is kept."""

NODES: Final = 32
"""A distribution as that many equally likely values."""

_NORMAL: Final = NormalDist()
_Z: Final[Floats] = np.array([_NORMAL.inv_cdf((i + 0.5) / NODES) for i in range(NODES)])
_GRID: Final[Floats] = np.linspace(-8.0, 8.0, 4097)
_CDF: Final[Floats] = np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in _GRID])
_ROUNDEST: Final = 1e6


def normal_cdf(z: Floats) -> Floats:
    """Standard normal probabilities, to 1e-6."""
    return np.interp(z, _GRID, _CDF)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Distributions [n, j] of contents: rows are containers, columns moments. Made by `gamma_of`.

    Value at standard normal number z: `shift + size * max(0, base + bent(z) / root) ** 3`. `bends` [b, knots], `kind` [n, j] says
    which bend. `capacity` [n].
    """

    shift: Floats
    size: Floats
    base: Floats
    root: Floats
    kind: Ints
    bends: Floats
    capacity: Floats

    def at(self, z: Floats) -> Floats:
        """[..., n, j]: values at standard normal numbers [...] (bent first)."""
        bent = np.stack([_bent(z, bend) for bend in self.bends], axis=-1)[..., self.kind]
        cube = np.maximum(self.base + bent / self.root, 0.0)
        return np.asarray(np.maximum(self.shift + self.size * cube * cube * cube, 0.0), dtype=np.float64)

    def quantile(self, share: float) -> Floats:
        """[n, j]: not above this in so many cases out of one."""
        return self.at(np.asarray(_NORMAL.inv_cdf(share), dtype=np.float64))

    def nodes(self) -> Floats:
        """[NODES, n, j]: equally likely values, rising."""
        return self.at(_Z)

    @property
    def mean(self) -> Floats:
        """[n, j]: expected content."""
        return np.asarray(self.nodes().mean(axis=0), dtype=np.float64)

    @property
    def sd(self) -> Floats:
        """[n, j]: standard deviation of the content."""
        return np.asarray(self.nodes().std(axis=0), dtype=np.float64)

    def standard(self, value: Floats) -> Floats:
        """[n, j]: the standard normal number that belongs to a value [n, j] *before* bending; calibration learns from it."""
        cube = np.cbrt(np.maximum(value - self.shift, 0.0) / self.size)
        return np.asarray((cube - self.base) * self.root, dtype=np.float64)

    def cdf(self, value: Floats) -> Floats:
        """[n, j]: probability of at most `value` (broadcast to [n, j])."""
        raw = self.standard(np.broadcast_to(value, self.shift.shape))
        z = np.empty_like(raw)
        for number, bend in enumerate(self.bends):
            mine = self.kind == number
            if mine.all():
                z = _straight(raw, bend)
            elif mine.any():
                z[mine] = _straight(raw[mine], bend)
        # All that would be below nothing lies at nothing.
        return np.where(np.broadcast_to(value, raw.shape) < 0.0, 0.0, normal_cdf(z))

    def above(self, share: float) -> Floats:
        """[n, j]: probability that the content is more than this share of the capacity."""
        return 1.0 - self.cdf(np.asarray(self.capacity[:, None] * share, dtype=np.float64))

    def overflow(self) -> Floats:
        """[n, j]: probability that more came in than fits."""
        return self.above(1.0)

    def spilled(self) -> Floats:
        """[n, j]: expected amount beyond the capacity."""
        return np.asarray(np.maximum(self.nodes() - self.capacity[:, None], 0.0).mean(axis=0), dtype=np.float64)

    def draw(self, rng: np.random.Generator, size: int) -> Floats:
        """[size, n, j]: contents drawn, independent of each other."""
        z = rng.standard_normal((size, *self.shift.shape))
        bent = np.empty_like(z)
        for number, bend in enumerate(self.bends):
            mine = self.kind == number
            bent[:, mine] = _bent(z[:, mine], bend)
        cube = np.maximum(self.base + bent / self.root, 0.0)
        return np.asarray(np.maximum(self.shift + self.size * cube**3, 0.0), dtype=np.float64)

    def crps(self, value: Floats) -> Floats:
        """[n, j]: continuous ranked probability score of what came (lower is better, unit of the amount), on the nodes.

        For equally likely values x_1 <= ... <= x_K: mean |x_k - y| - (1 / K^2) sum over pairs (i < j) of (x_j - x_i)
        (Gneiting and Raftery 2007).
        """
        nodes = self.nodes()
        weights = (2.0 * np.arange(1, NODES + 1) - NODES - 1.0).reshape(-1, *([1] * (nodes.ndim - 1)))
        spread = (weights * nodes).sum(axis=0) / (NODES * NODES)
        return np.asarray(np.abs(nodes - value).mean(axis=0) - spread, dtype=np.float64)


def gamma_of(mean: Floats, variance: Floats, third: Floats, kind: Ints, bends: Floats, capacity: Floats) -> Ahead:
    """Distributions with these means, variances and third central moments, all [n, j]."""
    variance = np.maximum(variance, 1e-9)
    third = np.maximum(third, 2.0 * variance * np.sqrt(variance / _ROUNDEST))
    shape = np.minimum(4.0 * variance**3 / (third * third), _ROUNDEST)
    size = np.sqrt(variance * shape)
    return Ahead(mean - size, size, 1.0 - 1.0 / (9.0 * shape), 3.0 * np.sqrt(shape), kind, bends, capacity)


def no_bends(number: int) -> Floats:
    """Calibration that changes nothing."""
    return np.tile(KNOTS, (number, 1))


def bend_of(standard: Floats, *, weight: float = 60.0) -> Floats:
    """[knots]: how to bend, from standard numbers [m] of what was seen; few of them change little."""
    count = len(standard)
    if count < 20:
        return KNOTS.copy()
    shares = np.interp(KNOTS, _GRID, _CDF)
    seen = np.quantile(standard, shares)
    # In the tails a share of so few outcomes says little: trust falls with how many lie beyond the knot.
    beyond = count * np.minimum(shares, 1.0 - shares)
    trust = (count / (count + weight)) * beyond / (beyond + 3.0)
    inner = np.abs(KNOTS) <= 2.0
    slope = float(np.ptp(seen[inner]) / np.ptp(KNOTS[inner]))
    straight = float(np.median(standard)) + slope * KNOTS
    straight = KNOTS + (count / (count + weight)) * (straight - KNOTS)
    bent = straight + trust * (seen - straight)
    return np.maximum.accumulate(bent + 1e-6 * np.arange(len(KNOTS)))


def _bent(z: Floats, bend: Floats) -> Floats:
    inside = np.interp(z, KNOTS, bend)
    return np.asarray(inside + (z - np.clip(z, KNOTS[0], KNOTS[-1])), dtype=np.float64)


def _straight(bent: Floats, bend: Floats) -> Floats:
    inside = np.interp(bent, bend, KNOTS)
    return np.asarray(inside + (bent - np.clip(bent, bend[0], bend[-1])), dtype=np.float64)
