"""`vliegwiel rounds plan` makes the plan of a day and says what is emptied, what waits and why."""

from __future__ import annotations

import json

import pytest

from tests.rounds.operations import town
from vliegwiel.base.postgres import Urls
from vliegwiel.cli import execute
from vliegwiel.cli.output import Exit


@pytest.fixture
def place(fresh_database: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app)
    monkeypatch.setenv("DATABASE_OWNER_URL", fresh_database.owner)
    monkeypatch.delenv("VLIEGWIEL_DATABASE", raising=False)
    town.build()


def run(*arguments: str) -> int:
    return execute(["rounds", "plan", *arguments])


@pytest.mark.usefixtures("place")
def test_a_day_is_planned_every_container_is_told_and_what_cannot_be_is_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    day = ("GM0546", "--date", town.TODAY.isoformat(), "--seconds", "0.5")
    assert run(*day) == Exit.GOOD
    said = capsys.readouterr().out
    assert "24-11-2026, rest: " in said
    assert "Wat wacht, en waarom:" in said
    assert run(*day, "--json") == Exit.GOOD
    told = json.loads(capsys.readouterr().out)
    assert {one["container"] for one in told["emptied"] + told["waiting"]} == {f"C{n:02d}" for n in range(1, 13)}
    assert all(one["reason"] for one in told["emptied"] + told["waiting"])
    assert sum(stop["what"] == "container" for route in told["routes"] for stop in route["stops"]) == len(
        told["emptied"]
    )

    assert run("GM0546", "modder") == Exit.WRONG_INPUT
    assert "SOORT is een van" in capsys.readouterr().err
    assert run("GM0546", "papier") != Exit.GOOD
    assert "Er staan geen containers van deze soort" in capsys.readouterr().err
