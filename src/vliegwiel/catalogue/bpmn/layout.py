"""Where everything of a flow is drawn: columns from left to right, lanes from top to bottom, flows in straight angles.

A node stands in the column after the last node that leads to it. Within a lane it takes the row of what came before, or else
the nearest one that is free. A flow that passes columns takes a row of its own there, so that it never runs through a node.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .flow import EVENTS, GATEWAYS, Edge, Flow, Node

COLUMN, ROW = 132, 116
"""Width of the widest node with the room around it, and height of a row, in pixels."""
TASK = (124, 92)
"""Three lines of text stay clear of the sign in the corner."""
EVENT = (36, 36)
GATEWAY = (46, 46)
HEAD, LANE_HEAD = 30, 30
GUTTER, TRACK = 34, 10
"""Room between columns, and what each flow that turns there adds."""
MARGIN = 12
NOTE_ROOM, NOTE_SIGNS = 10, 19
"""Room between a note and its node, and how many signs go on a line of it."""

Point = tuple[int, int]
Row = tuple[str, int]
"""Lane, and number in the lane."""
Cell = tuple[int, str, int]
"""Column, lane, row in the lane."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2

    def holds(self, point: Point) -> bool:
        """Whether a point lies inside, its edge not counted."""
        return self.x < point[0] < self.x + self.width and self.y < point[1] < self.y + self.height


@dataclass(slots=True)
class Layout:
    """The drawing: boxes of nodes and lanes by id, the corners of each flow, and the size of the whole."""

    pool: Box
    lanes: dict[str, Box]
    nodes: dict[str, Box]
    edges: dict[str, tuple[Point, ...]]
    notes: dict[str, Box]


@dataclass(slots=True)
class _Grid:
    """Which cells are taken, and by what."""

    flow: Flow
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    taken: dict[Cell, str] = field(default_factory=dict)
    passing: dict[str, tuple[str, int]] = field(default_factory=dict)
    """For a flow that passes columns: in which lane and row it runs."""

    def free(self, lane: str, row: int, first: int, last: int) -> bool:
        return all((column, lane, row) not in self.taken for column in range(first, last + 1))

    def nearest(self, lane: str, wanted: int, first: int, last: int) -> int:
        """The row nearest to a wanted one that is free from column to column; below goes before above."""
        for away in range(len(self.flow.nodes) + len(self.flow.edges) + 1):
            for row in (wanted + away, wanted - away):
                if row >= 0 and self.free(lane, row, first, last):
                    return row
        raise AssertionError("a new row is always free")

    def take(self, lane: str, row: int, first: int, last: int, by: str) -> None:
        for column in range(first, last + 1):
            self.taken[(column, lane, row)] = by


def laid_out(flow: Flow) -> Layout:
    """The drawing of a flow."""
    grid = _Grid(flow)
    for node in flow.nodes:
        incoming = flow.into(node.id)
        column = 1 + max((grid.columns[edge.source] for edge in incoming), default=-1)
        grid.columns[node.id] = column
        _pass(grid, incoming, column)
        grid.rows[node.id] = grid.nearest(node.lane, _wanted(grid, node, incoming), column, column)
        grid.take(node.lane, grid.rows[node.id], column, column, node.id)
    return _placed(grid)


def _wanted(grid: _Grid, node: Node, incoming: list[Edge]) -> int:
    """The row that keeps a flow straight: that of the flow that passed to here, or of the nearest node before it in the lane."""
    for edge in incoming:
        if edge.id in grid.passing and grid.passing[edge.id][0] == node.lane and len(incoming) == 1:
            return grid.passing[edge.id][1]
    before = [edge.source for edge in incoming]
    for _ in range(len(grid.flow.nodes)):
        same = [grid.rows[id_] for id_ in before if grid.flow.node(id_).lane == node.lane]
        if same or not before:
            return min(same, default=0)
        before = list(dict.fromkeys(edge.source for id_ in before for edge in grid.flow.into(id_)))
    return 0


def _pass(grid: _Grid, incoming: list[Edge], column: int) -> None:
    """Give flows that pass columns a row there: in the lane they come from or go to, whichever needs no new row.

    The row is free beside both ends too, so that a flow never runs along with that of a neighbour.
    """
    for edge in incoming:
        source, target = grid.flow.node(edge.source), grid.flow.node(edge.target)
        first, last = grid.columns[source.id] + 1, column - 1
        if first > last:
            continue
        options = []
        for lane, wanted in ((source.lane, grid.rows[source.id]), (target.lane, 0)):
            own = lane == source.lane
            begin = first if own and grid.free(lane, wanted, first, last) else first - 1
            row = grid.nearest(lane, wanted, begin, last)
            options.append((abs(row - wanted), lane, row))
        _, lane, row = min(options, key=lambda option: option[0])
        grid.take(lane, row, first, last, edge.id)
        grid.passing[edge.id] = (lane, row)


# --- pixels ----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rows:
    """Where the rows of each lane stand, from top to bottom: a row with notes is higher."""

    tops: dict[tuple[str, int], int] = field(default_factory=dict)
    notes: dict[tuple[str, int], int] = field(default_factory=dict)
    lanes: dict[str, tuple[int, int]] = field(default_factory=dict)
    bottom: int = MARGIN

    def middle(self, lane: str, row: int) -> int:
        return self.tops[(lane, row)] + self.notes[(lane, row)] + ROW // 2


def _rows_of(grid: _Grid) -> _Rows:
    found = _Rows()
    for lane in grid.flow.lanes:
        count = 1 + max((row for _, key, row in grid.taken if key == lane.key), default=0)
        begin = found.bottom
        y = begin + 8
        for row in range(count):
            here = [node for node in grid.flow.nodes if node.lane == lane.key and grid.rows[node.id] == row]
            note = max((note_height(text) + NOTE_ROOM for node in here if (text := note_of(node))), default=0)
            found.tops[(lane.key, row)] = y
            found.notes[(lane.key, row)] = note
            y += note + ROW
        found.bottom = y + 8
        found.lanes[lane.key] = (begin, found.bottom - begin)
    return found


def _placed(grid: _Grid) -> Layout:
    flow = grid.flow
    rows = _rows_of(grid)
    turns = _turns(grid)
    lefts = _lefts(grid, turns)
    width = lefts[-1] - MARGIN
    nodes = {node.id: _box(grid, node, rows, lefts) for node in flow.nodes}
    notes = {node.id: _note_box(grid, node, rows, lefts) for node in flow.nodes if note_of(node)}
    lanes = {key: Box(MARGIN + HEAD, top, width - HEAD, height) for key, (top, height) in rows.lanes.items()}
    edges = {edge.id: _route(grid, edge, nodes, rows, lefts, turns) for edge in flow.edges}
    return Layout(Box(MARGIN, MARGIN, width, rows.bottom - MARGIN), lanes, nodes, edges, notes)


def note_of(node: Node) -> str:
    """What stands beside a node: the legal term of a decision, and what happens by itself."""
    term = f"Termijn: {node.term}." if node.term and node.decides else ""
    return " ".join(part for part in (term, *node.notes) if part)


def note_height(text: str) -> int:
    """How high a note is, in pixels."""
    return 10 + 15 * (1 + len(text) // NOTE_SIGNS)


def _note_box(grid: _Grid, node: Node, rows: _Rows, lefts: list[int]) -> Box:
    height = note_height(note_of(node))
    top = rows.tops[(node.lane, grid.rows[node.id])] + rows.notes[(node.lane, grid.rows[node.id])] - height
    return Box(lefts[grid.columns[node.id]] - 6, top, COLUMN + 12, height)


def _size(node: Node) -> tuple[int, int]:
    return EVENT if node.kind in EVENTS else GATEWAY if node.kind in GATEWAYS else TASK


def _box(grid: _Grid, node: Node, rows: _Rows, lefts: list[int]) -> Box:
    width, height = _size(node)
    x = lefts[grid.columns[node.id]] + (COLUMN - width) // 2
    return Box(x, rows.middle(node.lane, grid.rows[node.id]) - height // 2, width, height)


def _turns(grid: _Grid) -> dict[tuple[str, int], int]:
    """For each flow and each gutter in which it goes up or down: its place there, so that no two lie on each other.

    The gutter before column n has number n. Flows into the same node share a place: they come together anyhow.
    """
    found: dict[tuple[str, int], int] = {}
    used: dict[int, dict[str, int]] = {}
    for edge in grid.flow.edges:
        for climb in _climbs(grid, edge):
            if climb.at != "gutter":
                continue
            last = climb.column == grid.columns[edge.target]
            name = f"into {edge.target}" if last else f"out of {edge.source} {climb.end}"
            places = used.setdefault(climb.column, {})
            found[(edge.id, climb.column)] = places.setdefault(name, len(places))
    return found


@dataclass(frozen=True, slots=True)
class _Climb:
    """Where a flow changes row: in the gutter before a column, or right below or above the gateway that it leaves or goes to."""

    column: int
    start: Row
    end: Row
    at: Literal["gutter", "source", "target"]


def _climbs(grid: _Grid, edge: Edge) -> list[_Climb]:
    """Where a flow changes row, in order."""
    source, target = grid.flow.node(edge.source), grid.flow.node(edge.target)
    start, end = (source.lane, grid.rows[source.id]), (target.lane, grid.rows[target.id])
    first, last = grid.columns[source.id] + 1, grid.columns[target.id]
    along = grid.passing.get(edge.id, end if _splits(grid, source) and _open(grid, source, end, edge) else start)
    found: list[_Climb] = []
    if start != along:
        below = _splits(grid, source) and _open(grid, source, along, edge)
        found.append(
            _Climb(first if edge.id in grid.passing or below else last, start, along, "source" if below else "gutter")
        )
    if along != end:
        below = _joins(grid, target) and _open(grid, target, along, edge)
        found.append(_Climb(last, along, end, "target" if below else "gutter"))
    return found


def _splits(grid: _Grid, node: Node) -> bool:
    """Whether flows may leave a node above and below: a gateway with more than one way out. What comes in, comes in left."""
    return node.kind in GATEWAYS and len(grid.flow.out_of(node.id)) > 1


def _joins(grid: _Grid, node: Node) -> bool:
    """Whether flows may come in above and below: a gateway with one way out, which leaves right."""
    return node.kind in GATEWAYS and len(grid.flow.out_of(node.id)) == 1


def _open(grid: _Grid, gateway: Node, row: Row, edge: Edge) -> bool:
    """Whether a flow can go straight up or down between a gateway and a row, with nothing in that column in between."""
    order = [lane.key for lane in grid.flow.lanes]
    column = grid.columns[gateway.id]
    here, there = (order.index(gateway.lane), grid.rows[gateway.id]), (order.index(row[0]), row[1])
    low, high = min(here, there), max(here, there)
    for (at, lane, number), by in grid.taken.items():
        place = (order.index(lane), number)
        if at == column and low <= place <= high and by not in (gateway.id, edge.id):
            return False
    return True


def _lefts(grid: _Grid, turns: dict[tuple[str, int], int]) -> list[int]:
    """Where each column begins; one more for where the last ends."""
    count = 1 + max(grid.columns.values())
    lefts: list[int] = []
    x = MARGIN + HEAD + LANE_HEAD
    for column in range(count):
        places = [place for (_, gutter), place in turns.items() if gutter == column]
        x += GUTTER + (TRACK * (1 + max(places)) if places else 0) if column else 20
        lefts.append(x)
        x += COLUMN
    return [*lefts, x + 20]


def _route(
    grid: _Grid,
    edge: Edge,
    nodes: dict[str, Box],
    rows: _Rows,
    lefts: list[int],
    turns: dict[tuple[str, int], int],
) -> tuple[Point, ...]:
    """The corners of a flow, from the right of what it leaves to the left of where it goes; at a gateway also above or below."""
    source, target = nodes[edge.source], nodes[edge.target]
    points = [(source.x + source.width, source.middle[1])]
    for climb in _climbs(grid, edge):
        y = rows.middle(*climb.end)
        if climb.at == "source":
            x = source.middle[0]
            points = [(x, source.y if y < source.y else source.y + source.height), (x, y)]
        elif climb.at == "target":
            x, from_y = target.middle[0], points[-1][1]
            points += [(x, from_y), (x, target.y if from_y < target.y else target.y + target.height)]
            return tuple(dict.fromkeys(points))
        else:
            x = lefts[climb.column] - GUTTER // 2 - TRACK * turns[(edge.id, climb.column)]
            points += [(x, points[-1][1]), (x, y)]
    points.append((target.x, target.middle[1]))
    return tuple(dict.fromkeys(points))
