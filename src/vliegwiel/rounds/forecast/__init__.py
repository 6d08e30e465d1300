"""How full each container will be: distributions of contents at coming moments, from sensors and from weighings. Pure.

Containers, what is known of them, and a moment go in; what comes out are arrays with a row per container. `fit` learns what
containers share, `Model.learned` (weighings) or `Model.followed` (sensors) what each does, `Belief.ahead` looks forward.
"""

from vliegwiel.rounds.forecast.ahead import Ahead
from vliegwiel.rounds.forecast.belief import Belief, Pooled
from vliegwiel.rounds.forecast.emptyings import Emptied, deposits_of, emptyings
from vliegwiel.rounds.forecast.evidence import (
    Containers,
    Deposits,
    EvidenceInvalid,
    Levels,
    containers,
    day_of,
    days,
    joined,
    moment,
)
from vliegwiel.rounds.forecast.model import Model, fit
from vliegwiel.rounds.forecast.seasons import Calendar

__all__ = [
    "Ahead",
    "Belief",
    "Calendar",
    "Containers",
    "Deposits",
    "Emptied",
    "EvidenceInvalid",
    "Levels",
    "Model",
    "Pooled",
    "containers",
    "day_of",
    "days",
    "deposits_of",
    "emptyings",
    "fit",
    "joined",
    "moment",
]
