"""`vliegwiel rounds simulate` as a stranger runs it: files in, a table and JSON out, a sentence when it cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from vliegwiel.cli import rounds_simulate
from vliegwiel.cli.output import Refused
from vliegwiel.rounds.simulation import tuning
from vliegwiel.rounds.simulation.measures import Measure
from vliegwiel.rounds.simulation.policies import Kind
from vliegwiel.rounds.simulation.report import Savings

from .test_simulation import write_town

app = typer.Typer()
app.command("simulate")(rounds_simulate.simulate)
PERIODS = ["--train", "2024-01-01:2024-06-30", "--plan", "2024-07-01:2024-07-21"]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (
        ("PRICES", (4000.0,)),
        ("TURNS", (1, 2)),
        ("SAFETIES", (1.0,)),
        ("BETWEEN", 1),
        ("FEWER", (3,)),
        ("SEEDS", (9,)),
    ):
        monkeypatch.setattr(tuning, name, few)


@pytest.mark.usefixtures("hasty")
def test_the_command_prints_json_per_policy_and_keeps_a_file_that_can_be_read_back(tmp_path: Path) -> None:
    deposits, locations = write_town(tmp_path)
    files = ["--deposits", str(deposits), "--locations", str(locations)]
    kept = tmp_path / "uit.json"
    asked = [*files, *PERIODS, "--district", "noord", "--seeds", "2", "--steps", "0", "--processes", "1", "--no-extras"]
    ran = CliRunner().invoke(app, [*asked, "--json", "--out", str(kept), "--csv", str(tmp_path / "uit.csv")])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert set(found["policies"]) == {kind.value for kind in Kind}
    for measures in found["policies"].values():
        assert set(measures) == {measure.value for measure in Measure}
        assert all(one["low"] <= one["mean"] <= one["high"] for one in measures.values())
    assert found["facts"]["locations"] == 6
    savings = msgspec.json.decode(kept.read_bytes(), type=Savings)
    assert savings.row(Kind.FIXED).measures["km"].mean == found["policies"]["fixed"]["km"]["mean"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--train", "2024"], "schrijf een periode als"),
        (["--train", "2024-06-30:2024-01-01"], "eindigt voor zij begint"),
        (["--plan", "2024-03-01:2024-04-01"], "eerlijk"),
        (["--plan", "2031-01-01:2031-02-01"], "geen weging"),
        (["--district", "Atlantis"], "Kies uit"),
        (["--district", "1,2,3"], "vier getallen"),
        (["--district", "4.0,52.0,4.1,52.1"], "ligt geen locatie"),
        (["--tip", "hier"], "geen plek"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path: Path, options: list[str], said: str) -> None:
    deposits, locations = write_town(tmp_path)
    files = ["--deposits", str(deposits), "--locations", str(locations), "--seeds", "2", "--processes", "1"]
    ran = CliRunner().invoke(app, [*files, *PERIODS, *options])
    assert isinstance(ran.exception, Refused), ran.output
    assert said in ran.exception.sentence
