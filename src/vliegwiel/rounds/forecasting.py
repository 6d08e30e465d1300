"""Renew what is expected of every container of a municipality, from all that was told until now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
import numpy as np

from vliegwiel.base import clock
from vliegwiel.base.ids import uuid7
from vliegwiel.base.prepared import prepared
from vliegwiel.rounds.forecast import Belief, Levels, Model, days, deposits_of, fit
from vliegwiel.rounds.forecast.counting import each_of, take_counts
from vliegwiel.rounds.forecast.evidence import Floats
from vliegwiel.rounds.told import SOUND, Told, told
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import Right, require, scope_of

DAYS: Final = 8
"""Coming days for which the probability of overflowing is kept; the first ends at the coming midnight."""

WEEK: Final = 7.0

LOOKED: Final = 0.1
"""Of the capacity: how far off a person is who says how full a container is."""

MOST: Final = 200.0
"""Percent. Fuller than this is said of no container: when nobody told of an emptying for months, that is what is missing."""

BY_SENSOR: Final = "uit de sensor"
BY_SCALE: Final = "uit eerdere legingen"
BY_GROUP: Final = "uit vergelijkbare containers"

_FORGET = """
DELETE FROM rounds_forecast WHERE municipality_id = %s AND made_at >= %s::timestamptz AND made_at <= %s::timestamptz
"""

_KEEP = """
INSERT INTO rounds_forecast (
  municipality_id, made_at, id, container_id, method, level_now, level_low, level_high, rate_mean, rate_sd, overflow, sensor_state
)
SELECT %s, %s::timestamptz, n.* FROM unnest(
  %s::uuid[], %s::uuid[], %s::text[],
  %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::jsonb[], %s::text[]
) AS n
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of containers [n] in percent of what fits; `overflow` [n, DAYS]. `methods` say what it rests on.

    `rate`: a day, over the coming week. `rate_sd`: of what comes in on a day, so that the deviation of the level in t days is the
    root of (its deviation now, squared, and t times this, squared).
    """

    now: Floats
    low: Floats
    high: Floats
    rate: Floats
    rate_sd: Floats
    overflow: Floats
    methods: tuple[str, ...]


def renew_forecasts(municipality: str, *, at: datetime | None = None) -> int:
    """Forecast every container that stands there, and keep it; returns how many. The platform does it, each hour.

    Of each day the last forecast stays, to be judged by. Twice at one moment is once.
    """
    actor = System(municipality, "verwachting")
    moment = at or clock.now()
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=municipality)
        known = told(municipality, moment)
        if not known.ids:
            return 0
        _keep(municipality, moment, known, expected(known, days(moment)))
    return len(known.ids)


def expected(known: Told, at: float) -> Expected:
    """What is expected, from what was told. Pure but for what `known` holds; `at` as `forecast.days`."""
    model, belief = believed(known, at)
    capacity = known.containers.capacity
    midnight = np.floor(at)
    ahead = belief.ahead(np.concatenate([[at], midnight + np.arange(1, DAYS + 1), [at + WEEK]]))
    share = 100.0 / capacity
    week = (
        model.pooled.calendar.span(belief.fraction, np.full(len(capacity), at), np.full(len(capacity), at + WEEK))
        / WEEK
    )
    deviation = ahead.sd
    grown = np.sqrt(np.maximum(deviation[:, -1] ** 2 - deviation[:, 0] ** 2, 0.0) / WEEK)
    told_of = np.zeros(len(capacity), dtype=np.bool_)
    told_of[known.weighed.container] = True
    return Expected(
        np.minimum(ahead.mean[:, 0] * share, MOST),
        np.minimum(ahead.quantile(0.05)[:, 0] * share, MOST),
        np.minimum(ahead.quantile(0.95)[:, 0] * share, MOST),
        belief.rate * week * share,
        grown * share,
        ahead.overflow()[:, 1 : DAYS + 1],
        tuple(
            BY_SENSOR if sensed and state == SOUND else BY_SCALE if scale else BY_GROUP
            for sensed, state, scale in zip(belief.sensed.tolist(), known.states, told_of.tolist(), strict=True)
        ),
    )


def believed(known: Told, at: float) -> tuple[Model, Belief]:
    """What containers share, and what is believed of each at `at` or at the last thing told before it."""
    some, emptied = known.containers, known.emptied
    levels = known.levels.in_order()
    sensed, weighed = deposits_of(levels, some), known.weighed
    first_read, last_read = np.full(len(some), np.inf), np.full(len(some), -np.inf)
    np.minimum.at(first_read, levels.container, levels.at)
    np.maximum.at(last_read, levels.container, levels.at)
    model = fit(some, weighed, sensed)
    belief = model.learned(some, weighed, at)
    last = known.last_emptied
    later = np.flatnonzero(last > belief.at)
    belief.empty(later, last[later])  # emptied, and nobody knows how much
    # While a sensor speaks, the scale adds nothing to the rate; once it is silent, the scale is all there is.
    amount = np.where(emptied.at > last_read[emptied.container] + 1.0, emptied.litres, np.nan)
    in_sight = emptied.at >= first_read[emptied.container]
    followed = model.followed(
        some, levels, at, emptied=(emptied.container[in_sight], emptied.at[in_sight], amount[in_sight])
    )
    belief.adopt(np.flatnonzero(np.isfinite(first_read)), followed)
    if len(known.counts.container):
        take_counts(belief, known.counts, each_of(some, known.counts, weighed), last)
    _looked(belief, known.seen, known.states)
    return model, belief


def _looked(belief: Belief, seen: Levels, states: Sequence[str]) -> None:
    """What people saw after the last reading or emptying, in order. Against a sensor that is well it is one more reading with an
    error; against a calculation it is somebody who was there: what differs much was wrong."""
    for row, at, level in zip(seen.container.tolist(), seen.at.tolist(), seen.level.tolist(), strict=True):
        if at <= belief.at[row]:
            continue
        one = np.array([row], dtype=np.int64)
        belief.move(one, at)
        capacity = belief.containers.capacity[one]
        content = capacity * min(max(level, 0.0), 100.0) / 100.0
        was_sensed = belief.sensed[row]
        if not (was_sensed and states[row] == SOUND):
            apart = (content - belief.content[one]) / 2.0
            belief.content_variance[one] = np.maximum(belief.content_variance[one], apart * apart)
        belief.measure(one, at, content, LOOKED * capacity)
        belief.sensed[row] = was_sensed


def _keep(municipality: str, at: datetime, known: Told, made: Expected) -> None:
    overflow = np.round(np.clip(made.overflow, 0.0, 1.0), 4).tolist()
    values: list[list[UUID] | list[str] | list[float]] = [
        [uuid7() for _ in known.ids], list(known.ids), list(made.methods), made.now.tolist(), made.low.tolist(),
        made.high.tolist(), made.rate.tolist(), made.rate_sd.tolist(),
        [msgspec.json.encode(one).decode() for one in overflow], list(known.states),
    ]  # fmt: skip
    with prepared() as cursor:
        cursor.execute(_FORGET, [municipality, clock.midnight(clock.local(at).date()), at])
        cursor.execute(_KEEP, [municipality, at, *values])
