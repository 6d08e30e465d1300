"""`vliegwiel rounds import` reads a table into a municipality and says what became of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.cli import execute
from vliegwiel.cli.output import Exit
from vliegwiel.rounds.models import Container, Emptying


@pytest.fixture
def tables(tmp_path: Path, fresh_database: Urls, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app)
    monkeypatch.setenv("DATABASE_OWNER_URL", fresh_database.owner)
    monkeypatch.delenv("VLIEGWIEL_DATABASE", raising=False)
    (tmp_path / "containers.csv").write_text("code,lon,lat\nC1,4.49,52.16\nC2,4.5,52.16\n")
    (tmp_path / "wegingen.csv").write_text("container,tijd,kg\nC1,2026-03-01 12:00,200\nC3,2026-03-01 12:00,200\n")
    (tmp_path / "metingen.csv").write_text("container,tijd,waarde\nC1,2026-03-01 12:00,20\n")
    return tmp_path


def run(*arguments: object) -> int:
    return execute(["rounds", "import", "GM0546", *map(str, arguments)])


def test_tables_are_read_in_one_after_the_other(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("containers", tables / "containers.csv", "--litres", 5000, "--kilograms", 600) == Exit.GOOD
    assert "2 rijen gelezen: 2 nieuw, 0 waren er al, 0 geweigerd." in capsys.readouterr().out
    assert run("wegingen", tables / "wegingen.csv", "--json") == Exit.FOUND
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "rows": 2, "stored": 1, "doubles": 0, "doubtful": 0, "emptyings": 0, "refused": 1,
        "refusals": [{"row": 2, "reason": "Deze container is hier niet bekend."}],
    }  # fmt: skip
    assert run("metingen", tables / "metingen.csv") == Exit.GOOD
    with scope("GM0546"):
        assert Container.objects.count() == 2
        assert Emptying.objects.get().kilograms == 200


@pytest.mark.parametrize(
    "arguments",
    [
        ("vuilnis", "containers.csv"),
        ("containers", "weg.csv"),
        ("containers", "containers.csv", "--fraction", "hout"),
        ("metingen", "containers.csv"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tables: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments[0], tables / arguments[1], *arguments[2:]) == Exit.WRONG_INPUT
    err = capsys.readouterr().err
    assert err.startswith("vliegwiel: ")
    assert err.count("\n") == 1


def test_what_was_kept_aside_is_read_again_by_name_of_its_source(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["sensors", "add-webhook", "GM0546", "--name", "netwerk", "--form", "plain", "--json"]) == Exit.GOOD
    source = json.loads(capsys.readouterr().out)["bron"]
    (tables / "sensoren.csv").write_text("apparaat,container,sensortype\nA1,C1,milesight-em310-udl\n")
    assert run("containers", tables / "containers.csv", "--litres", 5000, "--kilograms", 600) == Exit.GOOD
    assert run("sensoren", tables / "sensoren.csv", "--source", "netwerk") == Exit.GOOD
    assert run("sensoren", tables / "sensoren.csv", "--source", "nergens") == Exit.WRONG_INPUT
    capsys.readouterr()
    assert execute(["sensors", "again", "GM0546", source, "--json"]) == Exit.GOOD
    assert json.loads(capsys.readouterr().out) == {"gelezen": 0, "over": 0}
