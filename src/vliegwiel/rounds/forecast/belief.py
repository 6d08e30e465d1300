"""What is believed of each container now: content and rate, renewed by every sensor reading and every emptying.

Per container a Kalman filter over two numbers, the content and the rate (amount a mean day), side by side for all containers:

- between evidence the content grows with the rate times the mean days that pass; lumps make that growth uncertain (variance
  `grain` x growth), and the rate drifts;
- a reading tells the content with an error; a weighing at an emptying tells what came in since the emptying before; one that is
  far off is taken as less far off (innovations are clipped), so a child's mattress does not rule the forecast;
- full is a lower bound (censoring): the belief moves to what it would be given that at least so much came in;
- how unruly a container is (`spread`) is learned too, partially pooled: few surprises leave it at one.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.ahead import Ahead, gamma_of, normal_cdf
from vliegwiel.rounds.forecast.evidence import Containers, Floats, Ints
from vliegwiel.rounds.forecast.seasons import Calendar

CLIP: Final = 2.5
"""Standard deviations beyond which an innovation counts as no further off."""

_CLIPPED_SQUARE: Final = 0.94
"""Mean square of a standard normal number clipped at `CLIP`."""

USUAL: Final = 0.15
"""How fast the usual amount at an emptying follows."""

SPREAD_PRIOR: Final = 12.0
SPREAD_MEMORY: Final = 60.0
EDGES: Final[Floats] = np.array([0.2, 0.35, 0.5, 0.7, 0.9, 1.15, 1.4, 1.75, 2.2, 3.0, 4.5])
"""Expected over usual amount at an emptying: bins in which the record of weighings is read."""

ORDINARY: Final = 5
"""The bin around as much as usual: its calibration is that of contents between emptyings."""

SENSED: Final = len(EDGES) + 1
"""Bin of what sensors tell: after the bins of weighings."""

BINS: Final = SENSED + 1


@dataclass(frozen=True, slots=True)
class Pooled:
    """What containers share, learned by `model.fit`.

    - `rate`, `rate_sd` [g]: mean and deviation of the rate between the containers of a group.
    - `usual` [g]: amount usually found at an emptying.
    - `drift` [f]: deviation of a rate's change over a day, relative.
    - `grain` [f, 2]: amount; variance of what comes in over its mean, for (weighed, sensed).
    - `restless` [BINS]: deviation of a whole span, relative.
    - `share` [BINS]: what is found of what is expected. Where far more is expected than usual, visits are missing from the
      record, or there was no room: less is found.
    - `bends` [BINS, knots]: calibration.
    - `error`: deviation of a sensor's reading, percent of capacity.
    """

    calendar: Calendar
    rate: Floats
    rate_sd: Floats
    usual: Floats
    drift: Floats
    grain: Floats
    restless: Floats
    share: Floats
    bends: Floats
    error: float


@dataclass(slots=True)
class Belief:
    """Belief of containers [n]; changed in place. Made by `Model.start`, `.learned` or `.followed`.

    `at`: moment of each; `content`, `rate` and their (co)variances; `blind`: expected to have come in since the last evidence;
    `usual`: amount usually found; `spread`, `seen`: unruliness and how many surprises it rests on; `sensed`: 1 where a sensor
    told the content last.
    """

    containers: Containers
    pooled: Pooled
    at: Floats
    content: Floats
    rate: Floats
    content_variance: Floats
    covariance: Floats
    rate_variance: Floats
    blind: Floats
    usual: Floats
    spread: Floats
    seen: Floats
    sensed: Ints
    fraction: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.fraction = self.containers.fraction

    def copy(self) -> Belief:
        """A belief of its own, to try things on."""
        twin = copy.copy(self)
        for name in _CHANGING:
            setattr(twin, name, getattr(self, name).copy())
        return twin

    def adopt(self, rows: Ints, other: Belief) -> None:
        """Of these containers, believe what the other believes."""
        for name in _CHANGING:
            getattr(self, name)[rows] = getattr(other, name)[rows]

    @property
    def rate_sd(self) -> Floats:
        """[n]: deviation of the rate."""
        return np.asarray(np.sqrt(self.rate_variance), dtype=np.float64)

    @property
    def content_sd(self) -> Floats:
        """[n]: deviation of the content."""
        restless = self.pooled.restless[self._kind()] * self.blind
        return np.asarray(np.sqrt(self.content_variance + restless * restless), dtype=np.float64)

    def move(self, rows: Ints, at: float | Floats) -> None:
        """Let time pass for these containers until `at`; a moment that has been is left alone."""
        until = np.maximum(np.broadcast_to(np.asarray(at, dtype=np.float64), rows.shape), self.at[rows])
        passed = self.pooled.calendar.span(self.fraction[rows], self.at[rows], until)
        elapsed = until - self.at[rows]
        rate, of_rate, both = self.rate[rows], self.rate_variance[rows], self.covariance[rows]
        grown = rate * passed
        self.content_variance[rows] += 2.0 * passed * both + passed * passed * of_rate + self._lumps(rows, grown)
        self.covariance[rows] = both + passed * of_rate
        drift = self.pooled.drift[self.fraction[rows]] * rate
        most = np.maximum(self.pooled.rate_sd[self.containers.group[rows]] ** 2, (0.5 * rate) ** 2)
        self.rate_variance[rows] = np.maximum(np.minimum(of_rate + drift * drift * elapsed, most), of_rate)
        self.content[rows] += grown
        self.blind[rows] += grown
        self.at[rows] = until

    def measure(self, rows: Ints, at: float | Floats, content: Floats, sd: float | Floats) -> None:
        """A sensor (or a person who looked) tells the contents [k] of containers `rows` [k], each once, with deviation `sd`.

        A content at or above the capacity means: at least full. A content far below what was believed means that it was emptied
        and nobody said so: the belief starts again from there.
        """
        if not len(rows):
            return
        self.move(rows, at)
        error = np.broadcast_to(np.maximum(np.asarray(sd, dtype=np.float64) ** 2, 1e-9), rows.shape)
        capacity = self.containers.capacity[rows]
        variance, expected, both = self._loose(rows)
        surprise = content - expected
        total = variance + error
        full = content >= capacity
        fallen = (surprise < -5.0 * np.sqrt(total)) & (content < 0.75 * expected)
        if full.any():
            self._at_least(rows[full], capacity[full], error[full])
        if fallen.any():
            gone = rows[fallen]
            self.content[gone], self.content_variance[gone] = content[fallen], error[fallen]
            self.covariance[gone], self.blind[gone] = 0.0, 0.0
        plain = ~full & ~fallen
        row, total, both = rows[plain], total[plain], both[plain]
        scale = np.sqrt(total)
        clipped = np.clip(surprise[plain], -CLIP * scale, CLIP * scale)
        # What is in it now is what the sensor says, far off or not; only the rate must not follow a mattress.
        self.content[row] = expected[plain] + variance[plain] / total * surprise[plain]
        self._learn(row, both / total * clipped, both * both / total)
        self.content_variance[row] = variance[plain] * error[plain] / total
        self.covariance[row] = both * error[plain] / total
        telling = variance[plain] > error[plain]
        self._unruly(row[telling], (clipped * clipped / total)[telling])
        self.blind[row] = 0.0
        self.sensed[rows] = 1

    def empty(
        self,
        rows: Ints,
        at: float | Floats,
        amount: Floats | None = None,
        full: Ints | None = None,
        noise: Floats | None = None,
    ) -> None:
        """Containers `rows` [k] were emptied; `amount` [k] is what was weighed (NaN or None: nobody knows).

        `full` [k], 1 where the container was full, so that at least that amount had come in. `noise` [k]: variance of the amount
        as an observation; a scale has none worth a name.
        """
        if not len(rows):
            return
        self.move(rows, at)
        if amount is not None:
            known = np.isfinite(amount)
            self._weighed(
                rows[known],
                amount[known],
                None if full is None else full[known],
                0.0 if noise is None else noise[known],
            )
        self.content[rows], self.content_variance[rows] = 0.0, 0.0
        self.covariance[rows], self.blind[rows] = 0.0, 0.0

    def ahead(self, at: Floats, rows: Ints | None = None) -> Ahead:
        """Contents [n, j] at coming moments `at` [j], if nobody empties the containers before (`rows`: only of those)."""
        rows = np.arange(len(self.at)) if rows is None else rows
        until = np.maximum(np.asarray(at, dtype=np.float64)[None, :], self.at[rows][:, None])
        return self._distribution(rows, until, self._kind()[rows][:, None])

    def weighing(self, rows: Ints, at: Floats, noise: Floats | float = 0.0) -> Ahead:
        """What will be weighed [k, 1] when containers `rows` [k] are emptied at `at` [k], the record being as it is.

        `noise` [k]: variance of the observation.
        """
        until = np.maximum(at, self.at[rows])
        grown = self.rate[rows] * self.pooled.calendar.span(self.fraction[rows], self.at[rows], until)
        kind = np.where(self.sensed[rows] == 1, SENSED, bins(self.content[rows] + grown, self.usual[rows]))
        seen = np.broadcast_to(np.asarray(noise, dtype=np.float64), rows.shape)[:, None]
        return self._distribution(rows, until[:, None], kind[:, None], found=seen)

    def _distribution(self, rows: Ints, until: Floats, kind: Ints, found: Floats | None = None) -> Ahead:
        passed = self.pooled.calendar.span(self.fraction[rows][:, None], self.at[rows][:, None], until)
        rate, of_rate = self.rate[rows][:, None], self.rate_variance[rows][:, None]
        kind = np.broadcast_to(kind, passed.shape)
        grown = rate * passed
        mean = self.content[rows][:, None] + grown
        drift = self.pooled.drift[self.fraction[rows]][:, None] * rate
        rate_part = passed * passed * (of_rate + drift * drift * (until - self.at[rows][:, None]) / 3.0)
        unseen = self.blind[rows][:, None] + grown
        restless = (self.pooled.restless[kind] * unseen) ** 2
        lumps = self._lumps(rows, grown)
        variance = self.content_variance[rows][:, None] + 2.0 * passed * self.covariance[rows][:, None]
        variance = np.maximum(variance, 0.0) + rate_part + restless + lumps
        skewed = np.minimum(variance, rate_part + restless + self._lumps(rows, unseen))
        third = 2.0 * skewed * skewed / np.maximum(unseen, 1e-9)
        if found is not None:
            share = self.pooled.share[kind]
            mean, variance, third = mean * share, variance * share**2 + found, third * share**3
        return gamma_of(mean, variance, third, kind, self.pooled.bends, self.containers.capacity[rows])

    def _weighed(self, rows: Ints, amount: Floats, full: Ints | None, noise: Floats | float) -> None:
        expected = self.content[rows]
        kind = np.where(self.sensed[rows] == 1, SENSED, bins(expected, self.usual[rows]))
        share = self.pooled.share[kind]
        restless = self.pooled.restless[kind] * self.blind[rows]
        total = share * share * (self.content_variance[rows] + restless * restless) + noise + 1e-9
        surprise = amount - share * expected
        scale = np.sqrt(total)
        clipped = np.clip(surprise, -CLIP * scale, CLIP * scale)
        if full is not None:
            clipped = np.where((full == 1) & (surprise < 0.0), 0.0, clipped)
        telling = np.where(clipped == 0.0, 0.0, 1.0) if full is not None else np.ones(len(rows))
        gain = share * self.covariance[rows] / total
        self._learn(rows, gain * clipped, telling * gain * share * self.covariance[rows])
        weighed = telling == 1.0
        self._unruly(rows[weighed], (clipped * clipped / total)[weighed])
        self.usual[rows] += USUAL * (np.minimum(amount, 2.0 * self.usual[rows]) - self.usual[rows])

    def _at_least(self, rows: Ints, bound: Floats, error: Floats) -> None:
        """The content is at least `bound` (known with variance `error`): mean and variance of the truncated normal."""
        variance, expected, both = self._loose(rows)
        total = variance + error
        scale = np.sqrt(total)
        low = (bound - expected) / scale
        near = np.minimum(low, 3.0)
        ratio = np.exp(-0.5 * near * near) / np.sqrt(2.0 * np.pi) / (1.0 - normal_cdf(near))
        far = np.maximum(low, 3.0)
        # Far out the ratio of density and tail is known by its series (Mills).
        ratio = np.where(low > 3.0, far + 1.0 / far - 2.0 / far**3, ratio)
        shrink = np.clip(ratio * (ratio - low), 0.0, 1.0)
        self.content[rows] = expected + variance / total * scale * ratio
        self.content_variance[rows] = variance * (1.0 - variance / total * shrink)
        self._learn(rows, both / total * scale * np.minimum(ratio, CLIP), both * both / total * shrink)
        self.covariance[rows] = both * (1.0 - variance / total * shrink)
        self.blind[rows] = 0.0

    def _loose(self, rows: Ints) -> tuple[Floats, Floats, Floats]:
        """Variance of the content with the restlessness of the blind time, the content, the covariance."""
        restless = self.pooled.restless[self._kind()[rows]] * self.blind[rows]
        return self.content_variance[rows] + restless * restless, self.content[rows], self.covariance[rows]

    def _learn(self, rows: Ints, step: Floats, sure: Floats) -> None:
        least = 0.03 * self.pooled.rate[self.containers.group[rows]]
        self.rate[rows] = np.maximum(self.rate[rows] + step, least)
        self.rate_variance[rows] = np.maximum(self.rate_variance[rows] - sure, (1e-3 * self.rate[rows]) ** 2)

    def _unruly(self, rows: Ints, squares: Floats) -> None:
        count = np.minimum(self.seen[rows], SPREAD_MEMORY) + SPREAD_PRIOR
        # The square is over what was believed, spread included: times the spread, it is against the pooled variance.
        seen = squares / _CLIPPED_SQUARE * self.spread[rows]
        self.spread[rows] = np.clip(self.spread[rows] + (seen - self.spread[rows]) / (count + 1.0), 0.2, 6.0)
        self.seen[rows] += 1.0

    def _lumps(self, rows: Ints, grown: Floats) -> Floats:
        grain = self.pooled.grain[self.fraction[rows], self.sensed[rows]] * self.spread[rows]
        return np.asarray((grain if grown.ndim == 1 else grain[:, None]) * grown, dtype=np.float64)

    def _kind(self) -> Ints:
        return np.where(self.sensed == 1, SENSED, ORDINARY)


_CHANGING: Final = (
    "at", "content", "rate", "content_variance", "covariance", "rate_variance", "blind", "usual", "spread", "seen", "sensed",
)  # fmt: skip


def bins(expected: Floats, usual: Floats) -> Ints:
    """Bin of a weighing by what was expected against what is usually found."""
    return np.searchsorted(EDGES, expected / np.maximum(usual, 1e-9), side="right").astype(np.int64)
