"""Entities as the JSON of the standard (OGC 18-088, 8.1 and 9.3): control information first, then properties, then relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from uuid import UUID

from vliegwiel.rounds.sensing.entities import EntityType
from vliegwiel.rounds.sensing.query import Expand, Query
from vliegwiel.rounds.sensing.refused import TooHeavy
from vliegwiel.rounds.sensing.rows import Json, Page, Row

MOST = 100_000
"""Entities written out in one answer, those that stand in it more than once counted each time."""


def key_of(kind: EntityType, row_id: UUID) -> str:
    """`Things('0190…')`."""
    return f"{kind.plural}('{row_id}')"


def options_text(options: Sequence[tuple[str, str]]) -> str:
    """Query options as they stand in an address."""
    return urlencode(options, quote_via=quote, safe="$/,'()@:;=")


@dataclass
class Writer:
    """Writes entities; `root` is the address of the service without a slash at the end."""

    root: str
    _left: int = field(default=MOST)

    def entity(self, row: Row, query: Query) -> dict[str, Json]:
        """An entity with what was selected and expanded."""
        self._left -= 1
        if self._left < 0:
            raise TooHeavy(
                "Het antwoord wordt te groot. Vraag minder tegelijk met $top, of minder eromheen met $expand."
            )
        own = f"{self.root}/{key_of(row.kind, row.id)}"
        chosen = set(query.select)
        found: dict[str, Json] = {}
        if not chosen or chosen & {"id", "@iot.id"}:
            found["@iot.id"] = str(row.id)
        if not chosen or chosen & {"id", "@iot.id", "@iot.selfLink"}:
            found["@iot.selfLink"] = own
        found.update((name, value) for name, value in row.values.items() if value is not None or name in chosen)
        expanded = {one.relation: one for one in query.expand}
        for name in row.kind.relations:
            if name in expanded:
                self._related(found, row, expanded[name], own)
            elif not chosen or name in chosen:
                found[f"{name}@iot.navigationLink"] = f"{own}/{name}"
        return found

    def _related(self, found: dict[str, Json], row: Row, expand: Expand, own: str) -> None:
        name = expand.relation
        related = row.related.get(name)
        if not isinstance(related, Page):
            found[name] = self.entity(related, expand.query) if related is not None else None
            return
        if related.count is not None:
            found[f"{name}@iot.count"] = related.count
        found[name] = [self.entity(one, expand.query) for one in related.rows]
        if related.more:
            found[f"{name}@iot.nextLink"] = self.next(f"{own}/{name}", related, expand.options)

    def page(self, page: Page, query: Query, link: str) -> dict[str, Json]:
        """A page of a set; `link` is the address of the next one, if any."""
        found: dict[str, Json] = {}
        if page.count is not None:
            found["@iot.count"] = page.count
        if link:
            found["@iot.nextLink"] = link
        found["value"] = [self.entity(row, query) for row in page.rows]
        return found

    def references(self, page: Page, link: str) -> dict[str, Json]:
        """Only the links of a page (`$ref`)."""
        found: dict[str, Json] = {}
        if page.count is not None:
            found["@iot.count"] = page.count
        if link:
            found["@iot.nextLink"] = link
        found["value"] = [{"@iot.selfLink": f"{self.root}/{key_of(row.kind, row.id)}"} for row in page.rows]
        return found

    def next(self, address: str, page: Page, options: Sequence[tuple[str, str]]) -> str:
        """The address of the page after this one: the same options, from another place on."""
        if not page.more:
            return ""
        kept = [(name, text) for name, text in options if name not in {"$skip", "$skiptoken"}]
        place = ("$skiptoken", f"'{page.after}'") if page.after else ("$skip", str(page.skip))
        return f"{address}?{options_text([*kept, place])}"
