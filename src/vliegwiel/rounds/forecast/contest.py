"""Forward in time: each forecast says what will be found, from what was known before, and is scored by what was found.

CRPS (mean, unit of the amount; of a point it would be the absolute error), share of outcomes in the 90 % interval, Brier score of
"more than this container's four-in-five amount", and the histogram of the probability integral transform (flat when calibrated).
Sources: Gneiting and Raftery (2007), Strictly proper scoring rules; Dawid (1984), the prequential approach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.ahead import NODES
from vliegwiel.rounds.forecast.evidence import Bools, Containers, Deposits, EvidenceInvalid, Floats
from vliegwiel.rounds.forecast.model import Model, fit
from vliegwiel.rounds.forecast.rivals import Said, crps_of, rivals
from vliegwiel.rounds.forecast.tuning import WARM
from vliegwiel.rounds.forecast.turns import in_turn, take

OURS: Final = "vliegwiel"
BOXES: Final = 10
LONG: Final = 1.6


@dataclass(frozen=True, slots=True)
class Score:
    """How good a forecast was. `crps`, `error` (of the median) and `width` (of the 90 % interval) in the unit of the amount."""

    name: str
    count: int
    crps: float
    error: float
    covered: float
    width: float
    brier: float
    pit: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """The scores, ours first, and by how much ours has a lower CRPS than each rival: mean and 95 % interval over containers."""

    scores: tuple[Score, ...]
    gains: tuple[tuple[str, float, float, float], ...]
    model: Model

    def of(self, name: str) -> Score:
        """The score of one forecast."""
        return next(score for score in self.scores if score.name == name)


def contest(containers: Containers, spans: Deposits, split: float, *, model: Model | None = None) -> Contest:
    """Learn from the spans that ended before `split`; forecast each span that begins later, as it comes.

    Forecasts may use each span once it has ended; what all containers share (`fit`) is learned before `split` only.
    Raises `EvidenceInvalid` when there is nothing to learn from or nothing to score.
    """
    learn = spans.end <= split
    if not learn.any() or not (spans.begin >= split).any():
        raise EvidenceInvalid("Voor een vergelijking is iets nodig van voor en van na de grens.")
    ours = model or fit(containers, spans.where(learn))
    nodes, rank = _ours(ours, containers, spans)
    others = rivals(spans, learn)
    scored = (spans.begin >= split) & np.isfinite(nodes[:, 0]) & (rank >= WARM)
    for said in others:
        scored &= np.isfinite(said.nodes[:, 0])
    if not scored.any():
        raise EvidenceInvalid("Na de grens is er niets waarvan de vergelijking iets kan zeggen.")
    limit = _limits(containers, spans, learn)
    all_said = (Said(OURS, nodes), *others)
    crps = [crps_of(said.nodes[scored], spans.amount[scored]) for said in all_said]
    scores = tuple(
        _score(said, one, spans, scored, limit[spans.container]) for said, one in zip(all_said, crps, strict=True)
    )
    return Contest(scores, _gains(spans, scored, crps, others), ours)


def without_long_gaps(spans: Deposits, split: float) -> Deposits:
    """Only spans of at most 1.6 times the container's median length before `split`, and three quarters of a day.

    What is weighed after a longer gap is hardly more than after an ordinary one: visits are missing from the record there.
    """
    length = spans.end - spans.begin
    before = spans.end <= split
    order = np.lexsort((length[before], spans.container[before]))
    container, ordered = spans.container[before][order], length[before][order]
    size = int(spans.container.max(initial=-1)) + 1
    count = np.bincount(container, minlength=size)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    middle = np.full(size, np.nan)
    middle[count > 0] = ordered[(first + count // 2)[count > 0]]
    return spans.where(length <= LONG * middle[spans.container] + 0.75)


def _ours(model: Model, containers: Containers, spans: Deposits) -> tuple[Floats, Floats]:
    """Our amounts [m, NODES], and how many spans of the container came before [m]."""
    nodes = np.full((len(spans), NODES), np.nan)
    rank = np.zeros(len(spans))
    belief = model.start(containers, float(spans.begin.min()))
    for turn, (rows, picked) in enumerate(in_turn(spans)):
        belief.move(rows, spans.begin[picked])
        belief.empty(rows, spans.begin[picked])
        nodes[picked] = belief.weighing(rows, spans.end[picked]).nodes()[:, :, 0].T
        rank[picked] = turn
        take(belief, rows, spans, picked)
    return nodes, rank


def _limits(containers: Containers, spans: Deposits, learn: Bools) -> Floats:
    """[n]: the amount that a container had at four in five emptyings at most; of all containers where it had few."""
    order = np.lexsort((spans.amount[learn], spans.container[learn]))
    container, amount = spans.container[learn][order], spans.amount[learn][order]
    count = np.bincount(container, minlength=len(containers))
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    limit = np.full(len(containers), float(np.quantile(amount, 0.8)))
    many = count >= 10
    limit[many] = amount[(first + (0.8 * count).astype(np.int64))[many]]
    return limit


def _score(said: Said, crps: Floats, spans: Deposits, scored: Bools, limit: Floats) -> Score:
    nodes, came = said.nodes[scored], spans.amount[scored]
    low, high = _quantile(nodes, 0.05), _quantile(nodes, 0.95)
    pit = np.histogram(_place(nodes, came), bins=BOXES, range=(0.0, 1.0))[0] / len(came)
    chance = (nodes > limit[scored][:, None]).mean(axis=1)
    return Score(
        said.name, len(came), float(crps.mean()), float(np.abs(_quantile(nodes, 0.5) - came).mean()),
        float(((came >= low) & (came <= high)).mean()), float((high - low).mean()),
        float(((chance - (came > limit[scored])) ** 2).mean()), tuple(float(share) for share in pit),
    )  # fmt: skip


def _place(nodes: Floats, came: Floats) -> Floats:
    """[m]: the probability of no more than what came, in proportion between two nodes."""
    row = np.arange(len(came))
    above = (nodes <= came[:, None]).sum(axis=1)
    low, high = nodes[row, np.maximum(above - 1, 0)], nodes[row, np.minimum(above, NODES - 1)]
    between = np.where(high > low, (came - low) / np.maximum(high - low, 1e-9), 0.5)
    inside = (above - 0.5 + np.clip(between, 0.0, 1.0)) / NODES
    return np.where(above == 0, 0.25 / NODES, np.where(above == NODES, 1.0 - 0.25 / NODES, inside))


def _quantile(nodes: Floats, share: float) -> Floats:
    place = share * NODES - 0.5
    low = int(np.floor(place))
    return np.asarray(nodes[:, low] + (place - low) * (nodes[:, low + 1] - nodes[:, low]), dtype=np.float64)


def _gains(
    spans: Deposits, scored: Bools, crps: Sequence[Floats], others: Sequence[Said]
) -> tuple[tuple[str, float, float, float], ...]:
    """Rival, mean gain in CRPS, and its 95 % interval; containers are the independent ones, not spans."""
    _, owner = np.unique(spans.container[scored], return_inverse=True)
    count = np.bincount(owner)
    found = []
    for said, theirs in zip(others, crps[1:], strict=True):
        total = np.bincount(owner, weights=theirs - crps[0])
        mean = float(total.sum() / count.sum())
        # Ratio estimator over containers as clusters.
        spread = float(np.sqrt(((total - mean * count) ** 2).sum()) / count.sum())
        found.append((said.name, mean, mean - 1.96 * spread, mean + 1.96 * spread))
    return tuple(found)
