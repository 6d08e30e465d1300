"""The page on the forecast is true: its example runs, and its figures are those of the code."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from vliegwiel.rounds.forecast import Ahead, day_of
from vliegwiel.rounds.forecast.contest import OURS, contest, without_long_gaps
from vliegwiel.rounds.forecast.weighings import read_locations, read_weighings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rounds-forecast.md").read_text("utf-8")


def test_the_example_gives_a_band_and_a_chance() -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(code[1], names)
    ahead = names["ahead"]
    assert isinstance(ahead, Ahead)
    assert (ahead.quantile(0.05) < ahead.quantile(0.95)).all()
    assert ahead.mean[0, 0] == pytest.approx(210, rel=0.2)
    assert (np.diff(ahead.overflow(), axis=1) > 0).all()
    assert ahead.overflow()[0, 0] < 0.01


def tables() -> list[dict[str, list[float]]]:
    """The figures of each table, by forecast."""
    found = []
    for part in PAGE.split("| forecast | CRPS")[1:]:
        rows = re.findall(r"^\| ([a-z ]+?) \| (.+) \|$", part.split("\n\n")[0], re.MULTILINE)
        found.append({name: [float(cell.strip(" %")) for cell in cells.split("|")] for name, cells in rows})
    return found


def test_the_page_says_that_it_is_best_and_covers_nine_in_ten() -> None:
    assert len(tables()) == 2
    for table in tables():
        ours = table.pop(OURS)
        assert len(table) == 4
        assert all(ours[0] < theirs[0] and ours[4] < theirs[4] for theirs in table.values())
        assert 85 <= ours[2] <= 95


@pytest.mark.slow
@pytest.mark.skipif(
    "VLIEGWIEL_FORECAST_FIGURES" not in os.environ, reason="set VLIEGWIEL_FORECAST_FIGURES=1: takes 20 s"
)
def test_the_figures_are_those_of_the_code(shared: Path) -> None:
    waste = shared / "data" / "waste"
    places = read_locations(waste / "amsterdam_locations.csv")
    spans = read_weighings(waste / "amsterdam_weighings_2020-01_2021-06.csv.gz").deposits(places.key)
    split = day_of(date(2021, 1, 1))
    for table, rows in zip(tables(), (spans, without_long_gaps(spans, split)), strict=True):
        for score in contest(places.containers(), rows, split).scores:
            crps, error, covered, width, brier = table[score.name]
            assert crps == pytest.approx(score.crps, abs=0.06)
            assert error == pytest.approx(score.error, abs=0.06)
            assert covered == pytest.approx(100 * score.covered, abs=0.06)
            assert width == pytest.approx(score.width, abs=0.6)
            assert brier == pytest.approx(score.brier, abs=0.0006)
