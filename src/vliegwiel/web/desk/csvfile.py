"""Lists as CSV, the way a Dutch spreadsheet opens them: semicolons, UTF-8 with its mark, and nothing that runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from django.http import HttpResponse

from vliegwiel.base import clock

Cell: TypeAlias = str | int | Decimal | date | datetime | None

# A spreadsheet runs what starts with one of these, also after blanks that it drops (OWASP, CSV injection).
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def text_of(cell: Cell) -> str:
    """One cell. Text that a spreadsheet could run gets an apostrophe in front; moments are on the Dutch clock."""
    match cell:
        case None:
            return ""
        case datetime():
            return clock.local(cell).strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case str():
            return f"'{cell}" if cell.lstrip(" \u00a0").startswith(RUNS) else cell


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, source: str, at: datetime) -> Iterator[str]:
    """The lines of the file. Each row says where it came from and when it was read, so that it can be told later."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([*heads, "Bron", "Gelezen op"])
    for row in rows:
        yield writer.writerow([*(text_of(cell) for cell in row), text_of(source), text_of(at)])


def download(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, source: str, at: datetime
) -> HttpResponse:
    """A file to download. `name` is ours and plain; the moment of reading is put behind it.

    Made whole before it is sent: what fails halfway becomes an error page, never half a list.
    """
    text = "".join(lines(heads, rows, source=source, at=at))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.local(at):%Y-%m-%d-%H%M}.csv"'
    return response
