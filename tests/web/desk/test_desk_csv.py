"""A list that is downloaded: readable in a Dutch spreadsheet, with source and moment, and nothing runs as a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.web.desk import csvfile

AT = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def rows(*cells: csvfile.Cell) -> list[list[str]]:
    """What a spreadsheet reads of one row with these cells."""
    response = csvfile.download("lijst", ["A"] * len(cells), [cells], source="Vliegwiel", at=AT)
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))


@given(st.text(max_size=60))
def test_no_cell_starts_with_what_a_spreadsheet_runs(text: str) -> None:
    cell = csvfile.text_of(text)
    assert not cell.lstrip(" \u00a0").startswith(csvfile.RUNS)
    assert cell.removeprefix("'") == text or cell == text


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30), min_size=1, max_size=4))
def test_every_text_comes_back_from_the_file(texts: list[str]) -> None:
    head, row = rows(*texts)
    assert head[-2:] == ["Bron", "Gelezen op"]
    assert [cell.removeprefix("'") if cell != text else cell for cell, text in zip(row, texts, strict=False)] == texts


def test_each_row_says_where_it_came_from_and_when_on_the_dutch_clock() -> None:
    assert rows("x")[1] == ["x", "Vliegwiel", "2026-11-24 10:42"]


def test_numbers_and_dates_are_numbers_and_dates_also_when_negative() -> None:
    assert rows(-4, Decimal("1234.50"), date(2026, 11, 20), None)[1][:4] == ["-4", "1234,50", "2026-11-20", ""]


def test_the_name_of_the_file_says_when() -> None:
    response = csvfile.download("werk", [], [], source="", at=AT)
    assert response["Content-Disposition"] == 'attachment; filename="werk-2026-11-24-1042.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
