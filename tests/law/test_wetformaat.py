"""The page about the format is true: its law, its ordinance and its Python run."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import vliegwiel
from vliegwiel.law import LawBook, run_examples

PAGE = Path(__file__).parents[2] / "docs" / "wetformaat.md"
AWB = Path(vliegwiel.__file__).parent / "definitions" / "wetten" / "awb.yaml"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_law_and_the_ordinance_of_the_page_do_what_their_examples_say() -> None:
    law, ordinance = _blocks("yaml")
    book = LawBook.loads(named={"wet.yaml": law, "verordening.yaml": ordinance, "awb.yaml": AWB.read_text()})
    report = run_examples(book, ["voorbeeldwet", "voorbeeld_leiden"])
    assert [result.problems for result in report.results] == [(), (), ()]


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law, ordinance = _blocks("yaml")
    folder = tmp_path / "definitions" / "wetten"
    folder.mkdir(parents=True)
    for name, text in (("wet", law), ("verordening", ordinance), ("awb", AWB.read_text())):
        (folder / f"{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    made: dict[str, object] = {}
    exec(_blocks("python")[0], made)
    decision = made["decision"]
    assert getattr(decision, "outcomes")["hoogte"].value == Decimal("400.00")  # noqa: B009 - what exec made has no type
