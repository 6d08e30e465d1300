"""BPMN: every part of a process is drawn once, what comes after what holds, nothing lies on anything else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from vliegwiel.catalogue.bpmn.building import flow_of
from vliegwiel.catalogue.bpmn.drawing import bpmn_of, flow, steps_of
from vliegwiel.catalogue.bpmn.flow import GATEWAYS, Flow, Kind
from vliegwiel.catalogue.bpmn.layout import Box, Layout, Point, laid_out
from vliegwiel.catalogue.bpmn.table import rows
from vliegwiel.catalogue.bpmn.words import question
from vliegwiel.catalogue.bpmn.writing import BPMN, BPMNDI, written
from vliegwiel.catalogue.check.patterns import opened
from vliegwiel.catalogue.model import Pattern
from vliegwiel.catalogue.resolve import library, national, pattern_of

PATTERNS = {key: pattern_of(key)[0] for key in library().patterns()}
SCHEMA = os.environ.get("VLIEGWIEL_BPMN_XSD", "")
PRODUCT = national("rijbewijs-verlengen")


def drawn(pattern: Pattern, slots: object = None) -> Flow:
    """The flow of a pattern with these openings open, or all."""
    chosen = [slot.key for slot in pattern.slots] if slots is None else slots
    return flow_of(opened(pattern.process, chosen), pattern.outcomes, {}, name=pattern.name, decide="8 weken")  # type: ignore[arg-type]


@st.composite
def flows(draw: st.DrawFn) -> tuple[Pattern, Flow]:
    pattern = PATTERNS[draw(st.sampled_from(sorted(PATTERNS)))]
    slots = draw(st.sets(st.sampled_from([slot.key for slot in pattern.slots])))
    process = opened(pattern.process, slots)
    return replace(pattern, process=process), drawn(pattern, slots)


@given(case=flows())
def test_every_task_is_drawn_once_in_the_lane_of_its_role(case: tuple[Pattern, Flow]) -> None:
    pattern, found = case
    for task in pattern.process.tasks:
        nodes = [node for node in found.nodes if node.part == task.key and node.kind not in (Kind.TIMER, Kind.FIRST)]
        if task.kind == "wachten" and pattern.process.wait(task.wait).full:
            nodes = [node for node in found.nodes if node.part == task.key]
        assert len(nodes) == 1, (task.key, nodes)
        assert nodes[0].lane in {task.role, pattern.process.wait(task.wait).on if task.wait else task.role}
    lanes = {lane.key for lane in found.lanes}
    assert {node.lane for node in found.nodes} == lanes


@given(case=flows())
def test_everything_is_reached_and_leads_to_the_end(case: tuple[Pattern, Flow]) -> None:
    found = case[1]
    ids = [node.id for node in found.nodes]
    assert len(set(ids)) == len(ids)
    assert [node.kind for node in found.nodes].count(Kind.START) == 1
    assert [node.kind for node in found.nodes].count(Kind.END) == 1
    for node in found.nodes:
        assert bool(found.into(node.id)) == (node.kind is not Kind.START)
        assert bool(found.out_of(node.id)) == (node.kind is not Kind.END)
    order = {id_: place for place, id_ in enumerate(ids)}
    assert all(order[edge.source] < order[edge.target] for edge in found.edges), "a flow never goes back"


@given(case=flows())
def test_gateways_open_and_close_so_that_no_way_waits_for_nothing(case: tuple[Pattern, Flow]) -> None:
    found = case[1]
    for node in found.nodes:
        into, out = len(found.into(node.id)), found.out_of(node.id)
        if node.kind not in GATEWAYS:
            assert into <= 1 or node.kind is Kind.END, node
            assert len(out) <= 1, node
        assert sum(edge.default for edge in out) <= 1
    together = [node for node in found.nodes if node.kind in (Kind.TOGETHER, Kind.SOME)]
    opens = sum(len(found.out_of(node.id)) > 1 for node in together)
    closes = sum(len(found.into(node.id)) > 1 for node in together)
    assert opens == closes


# --- the picture -----------------------------------------------------------------------------------------------------------


def overlaps(one: Box, other: Box) -> bool:
    return not (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def parts(layout: Layout) -> Iterator[tuple[str, Point, Point]]:
    """The straight parts of all flows."""
    for key, points in layout.edges.items():
        for one, other in pairwise(points):
            yield key, one, other


def through(box: Box, one: Point, other: Point) -> bool:
    """Whether a straight part runs through the inside of a box."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y


def crossings(layout: Layout) -> int:
    """How often an upright part crosses a level part of another flow."""
    count = 0
    for (a, a1, a2), (b, b1, b2) in combinations(list(parts(layout)), 2):
        if a == b:
            continue
        for (v1, v2), (h1, h2) in (((a1, a2), (b1, b2)), ((b1, b2), (a1, a2))):
            if v1[0] == v2[0] and h1[1] == h2[1]:
                low, high = sorted((v1[1], v2[1]))
                left, right = sorted((h1[0], h2[0]))
                count += low < h1[1] < high and left < v1[0] < right
    return count


@settings(max_examples=60)
@given(case=flows())
def test_nothing_lies_on_anything_else(case: tuple[Pattern, Flow]) -> None:
    found = case[1]
    layout = laid_out(found)
    for (a, one), (b, other) in combinations(layout.nodes.items(), 2):
        assert not overlaps(one, other), (a, b)
    for node in found.nodes:
        box, lane = layout.nodes[node.id], layout.lanes[node.lane]
        assert lane.holds((box.x, box.y))
        assert lane.holds((box.x + box.width, box.y + box.height))
    for edge in found.edges:
        points = layout.edges[edge.id]
        for one, other in pairwise(points):
            assert one[0] == other[0] or one[1] == other[1], "only straight angles"
            for key, box in layout.nodes.items():
                if key not in (edge.source, edge.target):
                    assert not through(box, one, other), (edge, key)
        for note in layout.notes.values():
            assert not any(note.holds(point) for point in points)


MOST_CROSSINGS = {
    "aanvraag": 2, "bezwaar": 7, "klacht": 8, "melding": 1, "subsidie": 2, "toezicht": 6, "vergunning": 7, "verstrekking": 3,
}  # fmt: skip
"""With every opening open. Lanes keep a flow from being drawn without any crossing."""


@pytest.mark.parametrize(("key", "most"), MOST_CROSSINGS.items())
def test_few_flows_cross_with_every_opening_open(key: str, most: int) -> None:
    assert crossings(laid_out(drawn(PATTERNS[key]))) <= most


# --- the file ----------------------------------------------------------------------------------------------------------------


def test_the_same_definition_gives_the_same_bytes() -> None:
    assert bpmn_of(PRODUCT) == bpmn_of(national("rijbewijs-verlengen"))


def test_every_element_has_a_shape_and_every_reference_something_to_refer_to() -> None:
    for pattern in PATTERNS.values():
        found = drawn(pattern)
        root = etree.fromstring(written(found, laid_out(found), key=pattern.key, about=""))
        ids = {element.get("id") for element in root.iter() if element.get("id")}
        assert len(ids) == sum(1 for element in root.iter() if element.get("id"))
        for name in ("sourceRef", "targetRef", "processRef", "messageRef", "bpmnElement", "default"):
            assert {element.get(name) for element in root.iter() if element.get(name)} <= ids
        shown = {element.get("bpmnElement") for element in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")}
        process = root.find(f"{{{BPMN}}}process")
        assert process is not None
        for element in process:
            if element.tag not in (f"{{{BPMN}}}laneSet", f"{{{BPMN}}}documentation"):
                assert element.get("id") in shown
        assert process.get("isExecutable") == "false"


def test_a_condition_stands_in_words_and_as_it_was_written() -> None:
    found = flow(PRODUCT)
    asked = next(node for node in found.nodes if node.name == "Toegekend?")
    ways = {edge.label: edge for edge in found.out_of(asked.id)}
    assert ways["ja"].condition == "toegekend"
    assert ways["nee"].default


def test_names_that_look_like_xml_stay_names() -> None:
    nasty = 'Besluit & <script> "nemen" ]]>'
    process = replace(
        PRODUCT.process,
        tasks=tuple(replace(t, name=nasty) if t.kind == "besluit" else t for t in PRODUCT.process.tasks),
    )
    root = etree.fromstring(bpmn_of(replace(PRODUCT, process=process)))
    assert nasty in {element.get("name") for element in root.iter()}


@pytest.mark.skipif(not SCHEMA, reason="VLIEGWIEL_BPMN_XSD does not name the folder with BPMN20.xsd of the OMG")
@pytest.mark.parametrize("key", [*PATTERNS, *library().products()])
def test_the_file_is_valid_by_the_schema_of_the_omg(key: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(Path(SCHEMA) / "BPMN20.xsd")))
    if key in PATTERNS:
        found = drawn(PATTERNS[key])
        xml = written(found, laid_out(found), key=key, about="proef")
    else:
        xml = bpmn_of(national(key))
    schema.assertValid(etree.fromstring(xml))


# --- the table ---------------------------------------------------------------------------------------------------------------


@given(case=flows())
def test_the_table_says_what_the_drawing_says(case: tuple[Pattern, Flow]) -> None:
    pattern, found = case
    table = rows(found)
    assert [row.number for row in table] == list(range(1, len(table) + 1))
    names = {row.name for row in table}
    assert {task.name for task in pattern.process.tasks} <= names
    for row in table:
        for way in row.following:
            assert 1 <= int(way.rpartition(" ")[2]) <= len(table)
    assert [row.kind for row in table].count("einde") == 1


def test_a_step_tells_who_how_long_and_what_happens_by_itself() -> None:
    table = {row.name: row for row in steps_of(PRODUCT)}
    decide = table["Besluit nemen"]
    assert (decide.kind, decide.who, decide.term) == ("besluit", "Beslisser", "8 weken")
    assert any("Uitkomsten" in note for note in decide.notes)
    wait = table["Wachten op de aanvrager"]
    assert any("herinnering" in note for note in wait.notes)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("toegekend", "Toegekend?"),
        ('uitkomst = "weigeren"', "De wet zegt geweigerd?"),
        ('kanaal = "balie"', "Via aan de balie?"),
        ("not(compleet)", "Niet is alles er?"),
        ('compleet and uitkomst = "weigeren"', "Is alles er en de wet zegt geweigerd?"),
        ('list contains(gedaan, "besluiten")', "Besluit nemen klaar?"),
        ("count(gedaan) > 3", "Geldt count(gedaan) > 3?"),
    ],
)
def test_a_condition_is_a_question(condition: str, said: str) -> None:
    channels = {"balie": "Aan de balie"}
    assert question(condition, PRODUCT.process, {"weigeren": "geweigerd"}, channels) == said
