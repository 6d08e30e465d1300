"""The example of the document runs, without the platform."""

from __future__ import annotations

import re
from pathlib import Path

from vliegwiel.rounds.planning.day import DayPlan
from vliegwiel.rounds.planning.plans import Plan

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rounds.md"


def test_the_example_gives_a_plan() -> None:
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    for code in blocks:
        exec(code, names)
    made, planned = names["made"], names["planned"]
    assert isinstance(planned, DayPlan)
    assert [one.key for one in planned.emptied] == ["vol"]
    assert isinstance(made, Plan)
    assert made.complete
    assert [route.stops for route in made.routes] == [("ondergronds-12",)] or made.skipped
