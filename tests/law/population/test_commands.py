"""`vliegwiel law population` and `law simulate`: what a policy adviser reads, and one line when it cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vliegwiel.cli import execute

LAW = ["law", "simulate", "participatiewet", "--on", "2026-07-01"]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("bevolking") / "utrecht.parquet"
    made = [
        "law",
        "population",
        "--municipality",
        "GM0344",
        "--households",
        "2000",
        "--on",
        "2026-07-01",
        "--out",
        str(file),
    ]
    assert execute(made) == 0
    return str(file)


def test_a_change_is_told_with_who_gains_and_what_it_costs(
    people: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, figures = tmp_path / "uit.svg", tmp_path / "uit.csv"
    code = execute([
        *LAW, "--data", people, "--municipality", "GM0344", "--wanted", "bedrag", "--by", "huishouden",
        "--change", "inkomensgrens_procent=130", "--chart", str(picture), "--csv", str(figures),
    ])  # fmt: skip
    said = capsys.readouterr().out
    assert code == 0
    assert "Van 'zoals het is' naar 'na wijziging': bedrag van de toeslag" in said
    assert "vooruit" in said
    assert "kosten    € " in said
    assert "alleenstaande_ouder" in said
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert figures.read_text(encoding="utf-8").startswith("versie;")


def test_json_is_one_document(people: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute([*LAW, "--data", people, "--municipality", "alle", "--wanted", "bedrag", "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["rows"]["rows"] == 2000
    assert len(read["versions"]) > 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--data", "weg.parquet"], "is er niet"),
        (["--change", "bedrag"], "naam=formule"),
        (["--change", "bedrag=1 +"], "kan niet worden gelezen"),
        (["--wanted", "bedraag"], "Bedoelt u 'bedrag'"),
        (["--by", "leeftijdje"], "geen kolom"),
        (["--municipality", "Utrecht"], "geen gemeente"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    people: str, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = more if "--data" in more else ["--data", people, *more]
    assert execute([*LAW, *given]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
