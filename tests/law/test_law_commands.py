"""`vliegwiel law`: what it prints, and how it refuses, with real laws and files outside the catalogue."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.law.conftest import LAW, ORDINANCE
from vliegwiel.cli import execute
from vliegwiel.cli.output import Exit

FACTS = {"geboortedatum": "1990-01-01", "woont_hier": True, "inkomen": 900.10, "huishouden": "alleen"}
DAY = ("--on", "2024-06-01")


@pytest.fixture
def law(tmp_path: Path) -> Path:
    file = tmp_path / "proefwet.yaml"
    file.write_text(LAW, encoding="utf-8")
    return file


@pytest.fixture
def ordinances(tmp_path: Path) -> Path:
    folder = tmp_path / "verordeningen"
    folder.mkdir()
    (folder / "leiden.yaml").write_text(ORDINANCE, encoding="utf-8")
    return folder


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "gegevens.json"
    file.write_text(json.dumps(FACTS), encoding="utf-8")
    return file


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> object:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> object:
    def go(*arguments: object) -> Ran:
        code = execute(["law", *map(str, arguments)])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return go


def test_the_overview_names_every_verb_and_reads_none_of_their_libraries() -> None:
    check = (
        "import sys; from vliegwiel.cli import execute; execute(['law', '--help'])\n"
        "heavy = {'polars', 'numpy', 'lxml', 'vliegwiel.law', 'django.db'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for verb in ("decide", "explain", "check", "schema", "simulate", "import-dmn", "export-dmn", "tck"):
        assert verb in done.stdout


def test_decide_shows_outcome_article_reasons_and_what_is_needed(run, law: Path, facts: Path) -> None:
    ran = run("decide", law, "--input", facts, *DAY, "--wanted", "recht", "--wanted", "totaal")
    assert ran.code == Exit.GOOD
    assert "Proefwet, op 1 juni 2024" in ran.out
    assert "recht op de toeslag" in ran.out
    assert "artikel 1" in ran.out
    assert "✓ U bent 18 of ouder. (Proefwet, artikel 1 lid 1)" in ran.out
    assert "Niet geregeld" in ran.out


def test_amounts_are_exact_in_json(run, law: Path, facts: Path, ordinances: Path) -> None:
    ran = run("decide", law, "--input", facts, *DAY, "--municipality", "GM0546", "--ordinances", ordinances, "--json")
    found = ran.json
    assert found["outcomes"]["totaal"]["value"] == "425"
    assert found["outcomes"]["totaal"]["text"] == "€ 425,00 per jaar"
    assert found["outcomes"]["totaal"]["article"]["article"] == "2"
    assert found["complete"] is True


def test_money_may_be_text_or_number_and_keeps_every_cent(run, law: Path, tmp_path: Path) -> None:
    file = tmp_path / "invoer.json"
    file.write_text('{"inkomen": 1000.0000000001, "geboortedatum": "1990-01-01", "woont_hier": "ja"}', encoding="utf-8")
    ran = run("decide", law, "--input", file, *DAY, "--wanted", "recht", "--json")
    assert ran.json["outcomes"]["recht"]["state"] == "onbekend"
    file.write_text('{"inkomen": "1000.00", "geboortedatum": "1990-01-01", "woont_hier": "ja"}', encoding="utf-8")
    ran = run("decide", law, "--input", file, *DAY, "--wanted", "recht", "--json")
    assert ran.json["outcomes"]["recht"]["state"] == "ja"


def test_several_municipalities_stand_side_by_side(run, law: Path, facts: Path, ordinances: Path) -> None:
    places = ("--municipality", "GM0546", "--municipality", "GM0599")
    ran = run("decide", law, "--input", facts, *DAY, *places, "--ordinances", ordinances, "--wanted", "totaal")
    assert "Leiden (GM0546)" in ran.out
    assert "Rotterdam (GM0599)" in ran.out
    assert "€ 425,00 per jaar" in ran.out
    assert "nog niet bekend" in ran.out
    listed = run("decide", law, "--input", facts, *DAY, *places, "--ordinances", ordinances, "--json").json
    assert [one["municipality"] for one in listed] == ["GM0546", "GM0599"]


def test_several_inputs_go_one_after_the_other(run, law: Path, tmp_path: Path) -> None:
    lines = tmp_path / "invoer.jsonl"
    lines.write_text("\n".join(json.dumps({**FACTS, "woont_hier": yes}) for yes in (True, False)), encoding="utf-8")
    listed = run("decide", law, "--input", lines, *DAY, "--wanted", "recht", "--json").json
    assert [one["outcomes"]["recht"]["state"] for one in listed] == ["ja", "nee"]
    assert [one["input"] for one in listed] == [1, 2]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"inkomen": "veel"}, "inkomen: hier hoort een bedrag in euro's, zoals 12.50. Er staat 'veel'."),
        ({"inkomen": True}, "inkomen: hier hoort een bedrag"),
        ({"huishouden": "samen"}, "huishouden: hier hoort een van: alleen, paar. Er staat 'samen'."),
        ({"huishoude": "paar"}, "Het gegeven 'huishoude' kent deze wet niet. Bedoelt u 'huishouden'?"),
        ({"geboortedatum": "1-1-1990"}, "geboortedatum: hier hoort een datum, zoals 2026-01-31."),
        ([], "De invoer is een lege lijst"),
        ("tekst", "De invoer hoort een groep gegevens te zijn"),
    ],
)
def test_a_mistake_in_the_input_is_one_line_that_names_it(
    run, law: Path, tmp_path: Path, given: object, said: str
) -> None:
    file = tmp_path / "invoer.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    ran = run("decide", law, "--input", file, *DAY)
    assert ran.code == Exit.WRONG_INPUT
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


@pytest.mark.parametrize(
    "text",
    ['{"inkomen": NaN}', '{"inkomen": 1e999}', '{"a": 1, "a": 2}', "[" * 100_000, "{", "\x00", '{"inkomen": 1.' + "1" * 50 + "}"],
)  # fmt: skip
def test_hostile_input_is_refused_in_one_line(run, law: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "invoer.json"
    file.write_text(text, encoding="utf-8")
    ran = run("decide", law, "--input", file, *DAY)
    assert ran.code == Exit.WRONG_INPUT
    assert ran.err.count("\n") == 1


def test_refusals_say_what_is_meant(run, facts: Path, law: Path) -> None:
    assert "Bedoelt u 'gemeentewet'?" in run("decide", "gemeentwet", "--input", facts).err
    assert "bestaat niet" in run("decide", "nergens.yaml", "--input", facts).err
    assert "is geen gemeente" in run("decide", law, "--input", facts, "--municipality", "Leiden").err
    assert "Wij kennen deze wet van 1 januari 2024" in run("decide", law, "--input", facts, "--on", "2020-01-01").err
    assert "Bedoelt u 'recht'?" in run("decide", law, "--input", facts, *DAY, "--wanted", "rechd").err


def test_explain_tells_why_and_traces_every_step(run, law: Path, facts: Path) -> None:
    plain = run("explain", law, "--input", facts, *DAY, "--wanted", "recht")
    assert "U hebt recht op de toeslag." in plain.out
    assert "Elke stap" not in plain.out
    traced = run("explain", law, "--input", facts, *DAY, "--wanted", "recht", "--trace")
    assert "└─" in traced.out
    assert "(gegeven; uw opgave; niet nagekeken)" in traced.out
    found = run("explain", law, "--input", facts, *DAY, "--wanted", "recht", "--trace", "--json").json
    assert found["text"].startswith("U hebt recht op de toeslag.")
    assert found["trace"][0]["name"] == "recht"


def test_a_fact_may_say_where_it_comes_from(run, law: Path, tmp_path: Path) -> None:
    file = tmp_path / "invoer.json"
    born = {"waarde": "1990-01-01", "bron": "Basisregistratie Personen", "geverifieerd": True}
    file.write_text(json.dumps({**FACTS, "geboortedatum": born}), encoding="utf-8")
    assert "[Basisregistratie Personen]" in run("explain", law, "--input", file, *DAY, "--wanted", "recht").out


def test_a_law_goes_out_as_dmn_and_comes_back(run, law: Path, facts: Path, tmp_path: Path) -> None:
    model, back = tmp_path / "wet.dmn", tmp_path / "terug.yaml"
    assert run("export-dmn", law, "--out", model).code == Exit.GOOD
    assert run("import-dmn", model, "--out", back).code == Exit.GOOD
    here = run("decide", law, "--input", facts, *DAY, "--wanted", "hoogte", "--json").json
    there = run("decide", back, "--input", facts, *DAY, "--wanted", "hoogte", "--json").json
    assert here["outcomes"]["hoogte"]["value"] == there["outcomes"]["hoogte"]["value"] == "400"
    assert here["reasons"] == there["reasons"]


def test_what_is_no_dmn_is_refused_in_one_line(run, law: Path, tmp_path: Path) -> None:
    ran = run("import-dmn", law, "--out", tmp_path / "x.yaml")
    assert ran.code == Exit.WRONG_INPUT
    assert "geen geldige XML" in ran.err
    assert not (tmp_path / "x.yaml").exists()


_MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="m">
<decision id="d" name="twee"><variable name="twee"/><literalExpression><text>1 + 1</text></literalExpression></decision>
<decision id="e" name="buiten"><variable name="buiten"/><context><contextEntry><variable name="f"/>
<functionDefinition kind="Java"><context/></functionDefinition></contextEntry></context></decision>
</definitions>"""
_TESTS = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>{model}</modelName>
<testCase id="001"><resultNode name="{node}"><expected>
<value xsi:type="xsd:decimal">{value}</value></expected>
</resultNode></testCase></testCases>"""


def test_a_test_kit_of_any_layout_runs_and_every_trouble_is_a_failure(run, tmp_path: Path) -> None:
    def put(folder: str, model: str | None, tests: str) -> None:
        place = tmp_path / folder
        place.mkdir(parents=True)
        if model is not None:
            (place / "m.dmn").write_text(model, encoding="utf-8")
        (place / "m-test-01.xml").write_text(tests, encoding="utf-8")

    put("niveau/goed", _MODEL, _TESTS.format(model="m.dmn", node="twee", value="2"))
    put("niveau/fout", _MODEL, _TESTS.format(model="m.dmn", node="twee", value="3"))
    put("elders/zonder-model", None, _TESTS.format(model="m.dmn", node="twee", value="2"))
    put("elders/kapot-model", "<definitions", _TESTS.format(model="m.dmn", node="twee", value="2"))
    put("elders/kapotte-test", _MODEL, "<testCases")
    put("elders/onbekend", _MODEL, _TESTS.format(model="m.dmn", node="drie", value="2"))
    put("elders/weg", _MODEL, _TESTS.format(model="../../../../etc/passwd", node="twee", value="2"))
    put("extern", _MODEL, _TESTS.format(model="m.dmn", node="buiten", value="2"))
    ran = run("tck", tmp_path, "--json")
    found = ran.json
    assert ran.code == Exit.FOUND
    assert set(found) == {"passed", "failed", "directories", "failures"}
    assert (found["passed"], found["failed"]) == (1, 7)
    assert found["directories"]["niveau/goed"] == {"passed": 1, "failed": 0}
    assert all(one["reason"] for one in found["failures"])
    assert [one["directory"] for one in found["failures"] if one["external"]]
    assert "1 van 8 goed" in run("tck", tmp_path).out


def test_a_test_that_never_ends_is_stopped(run, tmp_path: Path) -> None:
    endless = "count(for a in 1..999, b in 1..999, c in 1..999 return a)"
    (tmp_path / "m.dmn").write_text(_MODEL.replace("1 + 1", endless), encoding="utf-8")
    (tmp_path / "m-test-01.xml").write_text(_TESTS.format(model="m.dmn", node="twee", value="2"), encoding="utf-8")
    found = run("tck", tmp_path, "--seconds", "0.05", "--json").json
    assert found["failed"] == 1


def test_the_decision_in_the_handbook_is_what_the_command_prints(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "handboek" / "wetten-beslissen.md").read_text("utf-8")
    blocks = dict(re.findall(r"```(json|console|text)\n(.*?)```", page, re.DOTALL))
    (tmp_path / "aanvraag.json").write_text(blocks["json"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    command = shlex.split(blocks["console"].removeprefix("$ vliegwiel law "))
    assert run(*command).out == blocks["text"]
