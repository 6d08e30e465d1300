"""`vliegwiel law check` and `law schema`: what a person sees, what a program gets, and how they end."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.law.checking.conftest import FILES, LAW, ORDINANCE, line_of
from vliegwiel.cli import execute
from vliegwiel.cli.output import Exit
from vliegwiel.law.schema import schema_text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = execute(["law", *arguments])
    return code, capsys.readouterr().out


def test_laws_without_a_defect_end_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _run(capsys, "check", ".", "--on", "2026-11-24")
    assert (code, said) == (Exit.GOOD, "Alles klopt: 3 teksten, 8 voorbeelden.\n")


def test_a_finding_shows_its_line_with_a_mark_and_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = LAW.replace("als: leeftijd >= 18", "als: leeftijd >= 18 and leeftijd < 16")
    (folder / "wet.yaml").write_text(wrong)
    code, said = _run(capsys, "check", ".", "--on", "2026-11-24")
    line = line_of(wrong, "leeftijd < 16")
    assert code == Exit.FOUND
    shown = (
        f"wet.yaml:{line}:9: fout: 'recht': aan voorwaarde 1 (leeftijd >= 18 and leeftijd < 16) kan niemand voldoen."
        " [nooit-waar]\n"
        f"  {line} |       - als: leeftijd >= 18 and leeftijd < 16\n"
        f"  {' ' * len(str(line))} |         ^\n"
        f"  {' ' * len(str(line))} = Kijk of de voorwaarde is wat de wet zegt.\n"
    )
    assert shown in said
    assert said.splitlines()[-1].endswith("(3 teksten, 8 voorbeelden).")


def test_a_strange_file_cannot_steer_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wet.yaml").write_text("wet: \x1b[2Jproef\n\x07naam: x\n")
    code, said = _run(capsys, "check", "wet.yaml", "--on", "2026-11-24")
    assert code == Exit.FOUND
    assert all(character.isprintable() or character == "\n" for character in said)


def test_notes_are_shown_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wet.yaml").write_text(
        LAW.replace('  "2": {titel: Hoogte}', '  "2": {titel: Hoogte}\n  "7": {titel: Slot, gemodelleerd: nee}')
    )
    code, said = _run(capsys, "check", ".", "--on", "2026-11-24")
    assert (code, said) == (Exit.GOOD, "Alles klopt: 3 teksten, 8 voorbeelden. 1 opmerking; toon ze met --notes.\n")
    code, said = _run(capsys, "check", ".", "--on", "2026-11-24", "--notes")
    assert code == Exit.GOOD
    assert "opmerking: Artikel 7 (Slot) is niet uitgewerkt. [niet-gemodelleerd]" in said


def test_json_has_all_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = LAW.replace('kinderen: ">= 1"', 'kinderen: "> 1"')
    (folder / "wet.yaml").write_text(wrong)
    code, said = _run(capsys, "check", ".", "--on", "2026-11-24", "--json")
    answer = json.loads(said)
    assert code == Exit.FOUND
    assert answer["ok"] is False
    assert answer["counts"]["fout"] >= 1
    assert answer["examples"]["total"] == 8
    found = next(finding for finding in answer["findings"] if finding["code"] == "gat")
    assert (found["file"], found["line"], found["column"], found["path"]) == (
        "wet.yaml",
        line_of(wrong, "  hoogte:"),
        3,
        ["regels", "hoogte"],
    )
    assert found["source"] == "  hoogte:"
    assert found["hint"] == "Schrijf een regel voor dit geval, of een laatste regel zonder voorwaarden."


def test_one_file_leans_on_the_files_beside_it_only_when_they_are_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = _run(capsys, "check", "wet.yaml", "--on", "2026-11-24")
    assert code == Exit.FOUND
    assert "De wet 'algemeen' onder 'gebruikt' is er niet." in said
    code, said = _run(capsys, "check", "wet.yaml", "algemeen.yaml", "--ordinances", "leiden.yaml", "--on", "2026-11-24")
    assert (code, said) == (Exit.GOOD, "Alles klopt: 3 teksten, 8 voorbeelden.\n")


def test_a_municipality_that_was_asked_for_must_rule_everything(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = _run(capsys, "check", ".", "--on", "2026-11-24", "--municipality", "GM0503")
    assert code == Exit.FOUND
    assert "is 'extra' niet geregeld voor GM0503" in said
    code, _ = _run(capsys, "check", ".", "--on", "2026-11-24", "--municipality", "GM0546")
    assert code == Exit.GOOD


def test_a_law_of_the_catalogue_goes_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _run(capsys, "check", "wet_brp", "--on", "2026-11-24")
    assert code == Exit.GOOD, said
    assert said.startswith("Alles klopt: 1 tekst,")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "er_is_niets"), "De wet 'er_is_niets' is er niet."),
        (("check", "weg.yaml"), "Het bestand weg.yaml bestaat niet."),
        (("check", ".", "--municipality", "Leiden"), "is geen gemeente"),
        (("check", ".", "--ordinances", "weg"), "weg bestaat niet."),
        (("schema", "--out", "map/die/er/niet/is.json"), "is niet te schrijven"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    code = execute(["law", *arguments])
    told = capsys.readouterr().err
    assert code == Exit.WRONG_INPUT
    assert told.count("\n") == 1
    assert says in told


def test_an_empty_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["law", "check", os.fspath(tmp_path)]) == Exit.WRONG_INPUT
    assert "Daar staan geen wetten" in capsys.readouterr().err


def test_the_schema_is_printed_or_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _run(capsys, "schema")
    assert (code, said) == (Exit.GOOD, schema_text())
    code, said = _run(capsys, "schema", "--out", "wet.schema.json")
    assert code == Exit.GOOD
    assert (folder / "wet.schema.json").read_text() == schema_text()
    assert "# yaml-language-server: $schema=wet.schema.json" in said


def test_definitions_check_tells_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wet.yaml").write_text(LAW.replace('kinderen: ">= 1"', 'kinderen: "> 1"'))
    assert ORDINANCE
    assert execute(["definitions", "check", ".", "--on", "2026-11-24"]) == Exit.FOUND
    assert "geen regel van de tabel past als recht = ja" in capsys.readouterr().out
