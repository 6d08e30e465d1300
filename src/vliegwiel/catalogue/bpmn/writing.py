"""BPMN 2.0 XML of a flow and its layout (OMG formal/2013-12-09; ISO/IEC 19510:2013), diagram included."""

from __future__ import annotations

import hashlib

from lxml import etree

from .flow import EVENTS, GATEWAYS, Edge, Flow, Kind, Node
from .layout import Box, Layout, Point, note_of

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
TARGET = "urn:vliegwiel:bpmn"
_SPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}
_ELEMENTS = {Kind.MESSAGE: "intermediateCatchEvent", Kind.TIMER: "intermediateCatchEvent"}


def written(flow: Flow, layout: Layout, *, key: str, about: str) -> bytes:
    """The XML. `about` is said in the documentation of the process. The same flow gives the same bytes."""
    root = etree.Element(_in(BPMN, "definitions"), nsmap=_SPACES)
    root.set("id", f"definitie_{_id(key)}")
    root.set("targetNamespace", TARGET)
    root.set("expressionLanguage", FEEL)
    root.set("exporter", "Vliegwiel")
    messages = [node for node in flow.nodes if node.kind in (Kind.START, Kind.MESSAGE)]
    for node in messages:
        _sub(root, "message", id=f"bericht_{node.id}", name=node.name)
    together = _sub(root, "collaboration", id="samenwerking")
    _sub(together, "participant", id="deelnemer", name=flow.name, processRef="proces")
    process = _sub(root, "process", id="proces", name=flow.name, isExecutable="false")
    if about:
        _sub(process, "documentation").text = about
    lanes = _sub(process, "laneSet", id="banen")
    for lane in flow.lanes:
        made = _sub(lanes, "lane", id=f"baan_{_id(lane.key)}", name=lane.name)
        for node in flow.nodes:
            if node.lane == lane.key:
                _sub(made, "flowNodeRef").text = node.id
    for node in flow.nodes:
        _node(process, flow, node)
    for edge in flow.edges:
        _edge(process, edge)
    for node in flow.nodes:
        _note(process, node)
    _diagram(root, flow, layout)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _in(space: str, name: str) -> str:
    return f"{{{space}}}{name}"


def _sub(parent: etree._Element, element: str, space: str = BPMN, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _in(space, element), attributes)


def _id(text: str) -> str:
    """A key as an XML id (NCName)."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in text) or "_"


# --- the process ----------------------------------------------------------------------------------------------------------


def _node(process: etree._Element, flow: Flow, node: Node) -> None:
    made = _sub(process, _ELEMENTS.get(node.kind, node.kind.value), id=node.id)
    if node.name:
        made.set("name", node.name)
    said = [node.name if node.kind not in GATEWAYS else "", f"Termijn: {node.term}." if node.term else "", *node.notes]
    if node.notes or node.term:
        _sub(made, "documentation").text = " ".join(part for part in said if part)
    for edge in flow.into(node.id):
        _sub(made, "incoming").text = edge.id
    for edge in flow.out_of(node.id):
        _sub(made, "outgoing").text = edge.id
    default = next((edge.id for edge in flow.out_of(node.id) if edge.default), None)
    if default and node.kind in (Kind.CHOICE, Kind.SOME):
        made.set("default", default)
    if node.repeats:
        _sub(made, "standardLoopCharacteristics")
    if node.kind in (Kind.START, Kind.MESSAGE):
        _sub(made, "messageEventDefinition", id=f"{node.id}_bericht", messageRef=f"bericht_{node.id}")
    if node.kind is Kind.TIMER:
        timer = _sub(made, "timerEventDefinition", id=f"{node.id}_klok")
        length = _sub(timer, "timeDuration")
        length.set(_in(XSI, "type"), "bpmn:tFormalExpression")
        length.text = node.duration


def _edge(process: etree._Element, edge: Edge) -> None:
    made = _sub(process, "sequenceFlow", id=edge.id, sourceRef=edge.source, targetRef=edge.target)
    if edge.label:
        made.set("name", edge.label)
    if edge.condition and not edge.default:
        condition = _sub(made, "conditionExpression", language=FEEL)
        condition.set(_in(XSI, "type"), "bpmn:tFormalExpression")
        condition.text = edge.condition


def _note(process: etree._Element, node: Node) -> None:
    text = note_of(node)
    if not text:
        return
    made = _sub(process, "textAnnotation", id=f"{node.id}_noot")
    _sub(made, "text").text = text
    _sub(
        process,
        "association",
        id=f"{node.id}_bij",
        sourceRef=node.id,
        targetRef=f"{node.id}_noot",
        associationDirection="None",
    )


# --- the diagram -----------------------------------------------------------------------------------------------------------


def _diagram(root: etree._Element, flow: Flow, layout: Layout) -> None:
    diagram = _sub(root, "BPMNDiagram", BPMNDI, id="tekening")
    plane = _sub(diagram, "BPMNPlane", BPMNDI, id="vlak", bpmnElement="samenwerking")
    _shape(plane, "deelnemer", layout.pool, isHorizontal="true")
    for lane in flow.lanes:
        _shape(plane, f"baan_{_id(lane.key)}", layout.lanes[lane.key], isHorizontal="true")
    for node in flow.nodes:
        more = {"isMarkerVisible": "true"} if node.kind is Kind.CHOICE else {}
        shape = _shape(plane, node.id, layout.nodes[node.id], **more)
        if node.name and node.kind in GATEWAYS | EVENTS:
            _label(shape, _label_box(node, layout.nodes[node.id]))
    for node in flow.nodes:
        if note_of(node):
            _note_shape(plane, node, layout)
    for edge in flow.edges:
        line = _line(plane, edge.id, layout.edges[edge.id])
        if edge.label:
            _label(line, _edge_label(edge, layout))


def _shape(plane: etree._Element, of: str, box: Box, **more: str) -> etree._Element:
    shape = _sub(plane, "BPMNShape", BPMNDI, id=f"{of}_vorm", bpmnElement=of, **more)
    _bounds(shape, box)
    return shape


def _bounds(parent: etree._Element, box: Box) -> None:
    _sub(parent, "Bounds", DC, x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height))


def _label(shape: etree._Element, box: Box) -> None:
    _bounds(_sub(shape, "BPMNLabel", BPMNDI), box)


def _line(plane: etree._Element, of: str, points: tuple[Point, ...]) -> etree._Element:
    line = _sub(plane, "BPMNEdge", BPMNDI, id=f"{of}_lijn", bpmnElement=of)
    for x, y in points:
        _sub(line, "waypoint", DI, x=str(x), y=str(y))
    return line


def _label_box(node: Node, box: Box) -> Box:
    """Above a gateway, below an event."""
    width, height = 116, 14 * (1 + len(node.name) // 19)
    x = box.middle[0] - width // 2
    return (
        Box(x, box.y - height - 2, width, height)
        if node.kind in GATEWAYS
        else Box(x, box.y + box.height + 3, width, height)
    )


def _edge_label(edge: Edge, layout: Layout) -> Box:
    """Above the first part of a flow that runs to the right."""
    (x, y), (after, below) = layout.edges[edge.id][:2]
    width = max(20, min(96, 6 * len(edge.label)))
    height = 14 * (1 + len(edge.label) // 16)
    if x == after:
        return Box(x + 4, below - height - 1, width, height)
    return Box(x + 4, y - height - 1, width, height)


def _note_shape(plane: etree._Element, node: Node, layout: Layout) -> None:
    box = layout.nodes[node.id]
    place = layout.notes[node.id]
    _shape(plane, f"{node.id}_noot", place)
    _line(plane, f"{node.id}_bij", ((box.middle[0], box.y), (place.x + 6, place.y + place.height)))


def fingerprint(xml: bytes) -> str:
    """Which drawing this is: the first digits of its SHA-256."""
    return hashlib.sha256(xml).hexdigest()[:16]
