"""Observations as rows of values, grouped by datastream: the extension for data arrays (OGC 18-088, chapter 12)."""

from __future__ import annotations

from dataclasses import replace

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.sensing.query import Expand, Query
from vliegwiel.rounds.sensing.rows import Json, Page, Row

from .rendering import Writer, key_of

DEFAULT = ("id", "phenomenonTime", "resultTime", "result")


def wanted(query: Query) -> Query:
    """The query with what rows of values need: the datastream of each, and nothing else around it."""
    if query.expand:
        raise Invalid("Bij $resultFormat=dataArray hoort geen $expand.")
    return replace(query, select=query.select or DEFAULT, expand=(Expand("Datastream", Query(select=("id",))),))


def rows_of(writer: Writer, page: Page, query: Query, link: str) -> dict[str, Json]:
    """A page of observations as rows."""
    names = ["id" if name == "@iot.id" else name for name in query.select if name not in page.kind.relations]
    groups: dict[str, list[Json]] = {}
    for row in page.rows:
        stream = row.related["Datastream"]
        assert isinstance(stream, Row)
        address = f"{writer.root}/{key_of(stream.kind, stream.id)}"
        groups.setdefault(address, []).append([str(row.id) if name == "id" else row.values[name] for name in names])
    found: dict[str, Json] = {}
    if page.count is not None:
        found["@iot.count"] = page.count
    if link:
        found["@iot.nextLink"] = link
    found["value"] = [
        {
            "Datastream@iot.navigationLink": address,
            "components": names,
            "dataArray@iot.count": len(rows),
            "dataArray": rows,
        }
        for address, rows in groups.items()
    ]
    return found
