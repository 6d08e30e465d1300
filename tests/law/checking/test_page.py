"""The page about checking is true: its codes are those of the code, its example comes out, its settings exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vliegwiel
from tests.law.checking.conftest import checked
from vliegwiel.cli import execute
from vliegwiel.law.checking import CODES, advice
from vliegwiel.law.schema import PUBLISHED

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "handboek" / "wetten-controleren.md"
SOURCE = Path(vliegwiel.__file__).parent / "law"


def test_the_table_of_codes_is_that_of_the_code() -> None:
    rows = [row for row in PAGE.read_text().splitlines() if row.startswith("| `") and row.count("|") == 5]
    told = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    assert told == [
        (f"`{code.name}`", ", ".join(code.severities), code.meaning, code.advice) for code in CODES.values()
    ]


def test_every_code_that_the_room_gives_is_in_the_list() -> None:
    """Codes are written out where findings are made, so they can be read from the code."""
    given: set[str] = set()
    for path in (*SOURCE.glob("*.py"), *(SOURCE / "checking").glob("*.py")):
        text = path.read_text("utf-8")
        given |= set(re.findall(r'(?:"fout"|"let op"|"opmerking"|severity),\s*"([a-z-]+)"', text))
        given |= set(re.findall(r'\.(?:wrong|note)\(\s*[^"]*?, "([a-z-]+)"', text))
    assert given
    assert given - {"let op", "opmerking"} == set(CODES)
    assert all(advice(code) for code in CODES)
    assert advice("bestaat-niet") == ""


def test_findings_have_the_severity_that_the_list_says() -> None:
    report, _ = checked({'kinderen: ">= 1"': 'kinderen: "> 1"', "ja: U woont hier.": f"ja: {'heel ' * 30}lang."})
    assert {finding.code for finding in report.findings} >= {"gat", "lange-zin"}
    for finding in report.findings:
        assert finding.severity in CODES[finding.code].severities


def test_the_example_of_the_page_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    law, ordinance = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "wetformaat.md").read_text(), re.DOTALL)[:2]
    assert law.count("{recht: ja, huishouden: paar}") == 1
    (tmp_path / "voorbeeldwet.yaml").write_text(law.replace("{recht: ja, huishouden: paar}", "{recht: ja}"))
    (tmp_path / "leiden.yaml").write_text(ordinance)
    monkeypatch.chdir(tmp_path)
    execute(["law", "check", ".", "--on", "2026-11-24"])
    said = capsys.readouterr().out
    shown = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(shown) == 1
    # The page about the format grows; which line it is, is not what this page tells.
    assert re.sub(r" *\d+", "N", shown[0]) in re.sub(r" *\d+", "N", said)


def test_the_file_of_the_schema_is_where_the_page_says() -> None:
    assert str(PUBLISHED.relative_to(ROOT)) in PAGE.read_text()
