"""The drawing of a requirement graph (DMN diagram interchange): what is given at the bottom, what is decided at the top.

Each element stands right under the lowest thing that needs it. Within a layer the order follows what is connected, so that few
lines cross.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lxml import etree

from vliegwiel.law.dmn import model as m

_DC: Final = "http://www.omg.org/spec/DMN/20180521/DC/"
_DI: Final = "http://www.omg.org/spec/DMN/20180521/DI/"
_WIDTH: Final = 190
_HEIGHT: Final = 64
_GAP_X: Final = 34
_GAP_Y: Final = 86
_MARGIN: Final = 40
_IN_ROW: Final = 14
_SWEEPS: Final = 6

Place = tuple[int, int]


def draw(root: etree._Element, model: m.Model, date: str) -> None:
    """Add the drawing of a model to its XML."""
    space = f"https://www.omg.org/spec/DMN/{date}/DMNDI/"
    needs = {element.id: [r.id for r in _required(element)] for element in _elements(model)}
    places = layout(needs)
    kinds = {element.id: element for element in _elements(model)}
    outer = etree.SubElement(root, f"{{{space}}}DMNDI", nsmap={"dmndi": space, "dc": _DC, "di": _DI})
    diagram = etree.SubElement(outer, f"{{{space}}}DMNDiagram", {"id": "tekening", "name": model.name})
    size = etree.SubElement(diagram, f"{{{space}}}Size")
    size.set("width", str(max((x for x, _ in places.values()), default=0) + _WIDTH + _MARGIN))
    size.set("height", str(max((y for _, y in places.values()), default=0) + _HEIGHT + _MARGIN))
    for identifier, (x, y) in places.items():
        shape = etree.SubElement(
            diagram, f"{{{space}}}DMNShape", {"id": f"vorm_{identifier}", "dmnElementRef": identifier}
        )
        bounds = {"x": str(x), "y": str(y), "width": str(_WIDTH), "height": str(_HEIGHT)}
        etree.SubElement(shape, f"{{{_DC}}}Bounds", bounds)
    for identifier in kinds:
        for needed in needs[identifier]:
            _edge(diagram, space, identifier, needed, places)


def _edge(diagram: etree._Element, space: str, above: str, below: str, places: Mapping[str, Place]) -> None:
    """A line from what is needed to what needs it."""
    edge = etree.SubElement(
        diagram, f"{{{space}}}DMNEdge", {"id": f"lijn_{above}_{below}", "dmnElementRef": f"{above}_{below}"}
    )
    (x1, y1), (x2, y2) = places[below], places[above]
    for x, y in ((x1 + _WIDTH // 2, y1), (x2 + _WIDTH // 2, y2 + _HEIGHT)):
        etree.SubElement(edge, f"{{{_DI}}}waypoint", {"x": str(x), "y": str(y)})


def _elements(model: m.Model) -> Iterator[m.InputData | m.Knowledge | m.Decision]:
    yield from model.inputs
    yield from model.knowledge
    yield from model.decisions


def _required(element: m.InputData | m.Knowledge | m.Decision) -> Sequence[m.Reference]:
    if isinstance(element, m.Decision):
        return (*element.inputs, *element.decisions, *element.knowledge)
    return element.knowledge if isinstance(element, m.Knowledge) else ()


def layout(needs: Mapping[str, Sequence[str]]) -> dict[str, Place]:
    """The top left corner of each element; y grows downwards."""
    above = _used_by(needs)
    rows = _ordered(_layers(needs, above), needs, above)
    rows = [row[n : n + _IN_ROW] for row in rows for n in range(0, len(row), _IN_ROW)]
    across: dict[str, float] = {}
    for row in reversed(rows):
        across.update(_spread(row, above, across))
    left = min(across.values(), default=0.0)
    places: dict[str, Place] = {}
    for number, row in enumerate(rows):
        y = _MARGIN + (len(rows) - 1 - number) * (_HEIGHT + _GAP_Y)
        places.update({element: (_MARGIN + round(across[element] - left), y) for element in row})
    return places


def _used_by(needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The other way round: what needs each element."""
    above: dict[str, list[str]] = {element: [] for element in needs}
    for element, below in needs.items():
        for needed in below:
            if needed in above:
                above[needed].append(element)
    return above


def _layers(needs: Mapping[str, Sequence[str]], above: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Elements right under the lowest thing that needs them, so that lines are short; outcomes by the longest way down.

    What is in a ring (which no exported law has) stays where it is met.
    """
    level: dict[str, int] = {}
    remaining = dict(needs)
    while remaining:
        ready = [e for e, below in remaining.items() if all(b in level or b not in needs for b in below)]
        for element in ready or list(remaining)[:1]:
            level[element] = 1 + max((level.get(b, -1) for b in remaining.pop(element)), default=-1)
    for element in sorted(needs, key=lambda e: -level[e]):
        if above[element]:
            level[element] = max(level[element], min(level[user] for user in above[element]) - 1)
    found: list[list[str]] = [[] for _ in range(1 + max(level.values(), default=-1))]
    for element in needs:
        found[level[element]].append(element)
    return [row for row in found if row]


def _ordered(
    layers: list[list[str]], needs: Mapping[str, Sequence[str]], above: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """Each layer sorted by the mean place of its neighbours, up and down a few times."""
    rows = [list(layer) for layer in layers]
    for sweep in range(_SWEEPS):
        place = {e: n / max(1, len(row) - 1) if len(row) > 1 else 0.5 for row in rows for n, e in enumerate(row)}
        neighbours: Mapping[str, Sequence[str]] = needs if sweep % 2 == 0 else above
        for row in rows if sweep % 2 == 0 else reversed(rows):
            means = {e: _mean([place.get(n, 0.5) for n in neighbours[e]], place[e]) for e in row}
            row.sort(key=lambda e: means[e])
            place.update({e: n / max(1, len(row) - 1) if len(row) > 1 else 0.5 for n, e in enumerate(row)})
    return rows


def _spread(row: Sequence[str], above: Mapping[str, Sequence[str]], across: Mapping[str, float]) -> dict[str, float]:
    """Where the elements of a row come: under the middle of what needs them, without touching each other."""
    step = _WIDTH + _GAP_X
    middle = _mean(list(across.values()), 0.0)
    wished = {e: _mean([across[user] for user in above[e] if user in across], middle) for e in row}
    placed: dict[str, float] = {}
    last: float | None = None
    for element in sorted(row, key=lambda e: wished[e]):
        last = wished[element] if last is None else max(wished[element], last + step)
        placed[element] = last
    shift = _mean([wished[e] - placed[e] for e in row], 0.0)
    return {element: x + shift for element, x in placed.items()}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
