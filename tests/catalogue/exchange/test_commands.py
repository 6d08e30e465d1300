"""Sharing and importing on the command line, as who keeps the platform types it."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.catalogue.zgwimport.disguises import disguise
from vliegwiel.base import bootstrap
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.exchange.bundle import BundleRefused
from vliegwiel.catalogue.models import Draft
from vliegwiel.cli.definitions import app
from vliegwiel.cli.output import Exit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the test is there already."""
    monkeypatch.setattr(bootstrap, "database", nullcontext)


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_bundle_goes_to_another_municipality_and_becomes_drafts(tmp_path: Path) -> None:
    file, folder = tmp_path / "klacht.json", tmp_path / "map"
    key = run("key", "-m", "GM0546").strip()
    run("bundle", str(file), "klacht", "-m", "GM0546")
    first = file.read_bytes()
    run("bundle", str(file), "klacht", "-m", "GM0546")
    assert file.read_bytes() == first
    with pytest.raises(BundleRefused, match="niet kennen"):
        run("import", str(file), "-m", "GM0344")
    told = json.loads(run("import", str(file), "-m", "GM0344", "--key", key, "--into", str(folder), "--json"))
    assert {"patroon", "product"} <= {one["kind"] for one in told["pieces"]}
    product = folder / "producten/klacht.yaml"
    product.write_text(product.read_text().replace("\nnaam: ", "\nnaam: Onze ", 1))
    made = json.loads(run("import", str(folder), "-m", "GM0344", "--drafts", "--json"))
    assert made["drafts"] == ["producten/klacht.yaml"]
    with scope("GM0344"):
        assert Draft.objects.get().key == "klacht"
    assert "producten/klacht.yaml" in run("import", str(folder), "-m", "GM0344", "--drafts", code=int(Exit.GOOD))


def test_case_types_give_a_report_and_a_folder_of_proposals(tmp_path: Path) -> None:
    export = tmp_path / "export.zip"
    export.write_bytes(disguise(21, 4).archive())
    report, into = tmp_path / "rapport.md", tmp_path / "voorstellen"
    said = run("casetypes", str(export), "-m", "GM0344", "--report", str(report), "--into", str(into))
    assert "21 voorstellen" in said
    assert report.read_text().startswith("# Ingelezen zaaktypen: export.zip")
    assert len(list(into.glob("*.yaml"))) == 21
    assert json.loads(run("casetypes", str(export), "--json"))["zaaktypen"] == 21


def test_pulling_with_nobody_to_follow_says_so() -> None:
    assert "(niets)" in run("pull", "-m", "GM0546")
