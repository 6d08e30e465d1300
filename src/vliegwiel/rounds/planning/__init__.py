"""Planning of rounds, pure: no Django, no network. Problems in, plans out.

    from vliegwiel.rounds.planning import Problem
    from vliegwiel.rounds.planning.planning import plan

Distances are whole metres, durations and times whole seconds (times since midnight), loads whole numbers in a unit of the
problem's own choice (litres, kilograms), costs in whole cents.
"""

from vliegwiel.rounds.planning.problem import (
    Network,
    Problem,
    ProblemInvalid,
    Rest,
    Stop,
    Tariff,
    Tip,
    Truck,
    Window,
)

__all__ = ["Network", "Problem", "ProblemInvalid", "Rest", "Stop", "Tariff", "Tip", "Truck", "Window"]
