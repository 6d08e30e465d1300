"""The example of the document runs, without the platform."""

from __future__ import annotations

import re
from pathlib import Path

from vliegwiel.rounds.planning.plans import Plan

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rounds.md"


def test_the_example_gives_a_plan() -> None:
    code = re.search(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(code[1], names)
    made = names["made"]
    assert isinstance(made, Plan)
    assert made.complete
    assert [route.stops for route in made.routes] == [("ondergronds-12",)] or made.skipped
