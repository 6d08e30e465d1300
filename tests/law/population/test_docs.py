"""The example of the documentation runs and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "population.md"


def test_the_example_of_the_page_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    exec(compile(code.group(1), "docs/population.md", "exec"), {})
    said = [
        re.sub(r":.*", "", line.split("# ", 1)[1]).strip()
        for line in code.group(1).splitlines()
        if line.startswith("print(")
    ]
    assert capsys.readouterr().out.splitlines() == said
