"""The rules of OpenFisca's country template over a population. Runs in the environment of OpenFisca, prints JSON."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_country_template import CountryTaxBenefitSystem

PERIOD = "2016-11"
RULES = ("age", "income_tax", "basic_income", "housing_allowance")


def measure(households: int) -> dict[str, object]:
    """One person a household; seconds of processor of the best of three fresh simulations."""
    system = CountryTaxBenefitSystem()
    dice = np.random.default_rng(1)
    born = np.datetime64("1930-01-01") + dice.integers(0, 31_000, households).astype("m8[D]")
    salary = np.round(dice.lognormal(7.5, 0.6, households), 2)
    rent = np.round(dice.uniform(300, 1200, households), 2)
    best, totals = float("inf"), {}
    for _ in range(3):
        builder = SimulationBuilder()
        simulation = builder.build_default_simulation(system, households)
        simulation.set_input("birth", "eternity", born)
        simulation.set_input("salary", PERIOD, salary)
        simulation.set_input("rent", PERIOD, rent)
        # The rules below count them as income; here they have none.
        simulation.set_input("pension", PERIOD, np.zeros(households))
        simulation.set_input("capital_returns", PERIOD, np.zeros(households))
        began = time.process_time()
        for name in RULES:
            totals[name] = float(simulation.calculate(name, PERIOD).astype(np.float64).sum())
        best = min(best, time.process_time() - began)
    return {"seconds": best, "rules": len(RULES), "totals": totals}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
