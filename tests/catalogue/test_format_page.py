"""What `docs/definitieformaat.md` shows is a working product and a working variant."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from vliegwiel.catalogue.check import check_one
from vliegwiel.catalogue.course import CaseState
from vliegwiel.catalogue.known import ALWAYS
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.model import FieldKind
from vliegwiel.catalogue.resolve import resolve

PAGE = Path(__file__).resolve().parents[2] / "docs" / "definitieformaat.md"
TODAY = date(2026, 11, 24)


@pytest.fixture
def shown(tmp_path: Path) -> Library:
    product, variant = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    folder = tmp_path / "definitions"
    for part in ("patronen", "blokken"):
        shutil.copytree(DEFINITIONS / part, folder / part)
    for path, text in (
        ("producten/voorbeeldproduct.yaml", product),
        ("varianten/GM0546-leiden/voorbeeldproduct.yaml", variant),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return Library(folder)


def test_the_product_and_the_variant_on_the_page_are_right_and_their_examples_run(shown: Library) -> None:
    for municipality in ("GM0000", "GM0546"):
        findings, count = check_one(municipality, "voorbeeldproduct", TODAY, among=shown)
        assert [str(finding) for finding in findings] == []
    assert count == 4
    definition = resolve("GM0546", "voorbeeldproduct", TODAY, among=shown)
    assert [step.key for step in definition.steps] == ["wanneer", "reden", "contact"]


def test_the_page_names_every_kind_of_field_and_every_name_of_a_formula() -> None:
    text = PAGE.read_text()
    for word in (*FieldKind, *ALWAYS, *CaseState().names()):
        assert f"`{word}`" in text
