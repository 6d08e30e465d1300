"""From a `Model` with its notes to DMN XML, 1.3 to 1.5 (they differ in namespaces only for what is written here)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.diagram import draw
from vliegwiel.law.dmn.notes import NOTHING, SPACE, Note, Notes, write_note

_DATES: Final = {"1.3": ("20191111", "20191111"), "1.4": ("20211108", "20191111"), "1.5": ("20230324", "20230324")}
VERSIONS: Final = tuple(_DATES)
_POLICIES: Final = {
    "U": "UNIQUE",
    "A": "ANY",
    "P": "PRIORITY",
    "F": "FIRST",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
    "C": "COLLECT",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A text of law that decisions rest on: a knowledge source in the diagram of others."""

    id: str
    name: str
    address: str
    note: Note = NOTHING


def write(
    model: m.Model, notes: Notes, sources: Sequence[Source] = (), authority: dict[str, str] | None = None
) -> bytes:
    """The XML of a model. `model.version` is one of `VERSIONS`; `authority` says which source a decision rests on."""
    return _Writer(model, notes, authority or {}).file(sources)


class _Writer:
    def __init__(self, model: m.Model, notes: Notes, authority: dict[str, str]) -> None:
        self.model = model
        self.notes = notes
        self.authority = authority
        date, self.drawn = _DATES[model.version]
        self.space = f"https://www.omg.org/spec/DMN/{date}/MODEL/"

    def file(self, sources: Sequence[Source]) -> bytes:
        root = etree.fromstring(f'<definitions xmlns="{self.space}" xmlns:vw="{SPACE}"/>')
        root.set("id", "model")
        root.set("name", self.model.name)
        root.set("namespace", self.model.namespace)
        root.set("exporter", "Vliegwiel")
        self.note(root, "")
        for item in self.model.types:
            self.item(root, "itemDefinition", item)
        for datum in self.model.inputs:
            self.variable(self.named(root, "inputData", datum.id, datum.name), datum.id, datum.name, datum.type)
        for knowledge in self.model.knowledge:
            self.knowledge(root, knowledge)
        for decision in self.model.decisions:
            self.decision(root, decision)
        for source in sources:
            element = self.child(root, "knowledgeSource", id=source.id, name=source.name)
            if source.address:
                element.set("locationURI", source.address)
            write_note(element, source.note, self.space)
        draw(root, self.model, self.drawn)
        etree.indent(root, "  ")
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

    # -- parts -----------------------------------------------------------------------------------------------------------

    def child(self, parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{self.space}}}{tag}", attributes)

    def named(self, parent: etree._Element, tag: str, identifier: str, name: str) -> etree._Element:
        element = self.child(parent, tag, id=identifier, name=name)
        self.note(element, identifier)
        return element

    def note(self, element: etree._Element, identifier: str) -> None:
        write_note(element, self.notes.get(identifier, NOTHING), self.space)

    def text(self, parent: etree._Element, tag: str, text: str, type_: str | None = None) -> etree._Element:
        element = self.child(parent, tag)
        if type_:
            element.set("typeRef", type_)
        self.child(element, "text").text = text
        return element

    def variable(self, parent: etree._Element, identifier: str, name: str, type_: str | None) -> None:
        element = self.child(parent, "variable", id=f"{identifier}_naam", name=name)
        if type_:
            element.set("typeRef", type_)

    def item(self, parent: etree._Element, tag: str, item: m.ItemDefinition) -> None:
        element = self.child(parent, tag, name=item.name)
        if item.id:
            element.set("id", item.id)
        if item.collection:
            element.set("isCollection", "true")
        self.note(element, item.id or "-")
        if item.components:
            for component in item.components:
                self.item(element, "itemComponent", component)
            return
        self.child(element, "typeRef").text = item.base or "Any"
        if item.allowed is not None:
            self.text(element, "allowedValues", item.allowed)

    def requires(self, parent: etree._Element, group: str, name: str, references: Sequence[m.Reference]) -> None:
        for reference in references:
            outer = self.child(parent, group, id=f"{parent.get('id')}_{reference.id}")
            self.child(outer, name, href=f"#{reference.id}")

    def decision(self, root: etree._Element, decision: m.Decision) -> None:
        element = self.named(root, "decision", decision.id, decision.name)
        question = self.notes.get(decision.id, NOTHING).values.get("vraag")
        if question:
            self.child(element, "question").text = question
        self.variable(element, decision.id, decision.name, decision.type)
        self.requires(element, "informationRequirement", "requiredInput", decision.inputs)
        self.requires(element, "informationRequirement", "requiredDecision", decision.decisions)
        self.requires(element, "knowledgeRequirement", "requiredKnowledge", decision.knowledge)
        source = self.authority.get(decision.id)
        if source:
            self.requires(element, "authorityRequirement", "requiredAuthority", [m.Reference("", source)])
        if decision.expression is not None:
            self.expression(element, decision.expression)

    def knowledge(self, root: etree._Element, knowledge: m.Knowledge) -> None:
        element = self.named(root, "businessKnowledgeModel", knowledge.id, knowledge.name)
        self.variable(element, knowledge.id, knowledge.name, None)
        function = knowledge.function
        if function is not None:
            logic = self.child(element, "encapsulatedLogic")
            for parameter in function.parameters:
                formal = self.child(logic, "formalParameter", name=parameter.name)
                if parameter.type and parameter.type != "Any":
                    formal.set("typeRef", parameter.type)
            if function.body is not None:
                self.expression(logic, function.body)
        self.requires(element, "knowledgeRequirement", "requiredKnowledge", knowledge.knowledge)

    # -- expressions -----------------------------------------------------------------------------------------------------

    def expression(self, parent: etree._Element, box: m.Expression) -> None:
        """A boxed expression of the three shapes that a law is made of."""
        match box:
            case m.Literal():
                self.text(parent, "literalExpression", box.text, box.type)
            case m.Context():
                element = self.child(parent, "context")
                for entry in box.entries:
                    self.entry(element, entry)
            case m.Table():
                self.table(parent, box)
            case _:
                raise ValueError(f"A law has no {type(box).__name__}.")

    def entry(self, parent: etree._Element, entry: m.Entry) -> None:
        element = self.child(parent, "contextEntry")
        if entry.id:
            element.set("id", entry.id)
            self.note(element, entry.id)
        if entry.name is not None:
            variable = self.child(element, "variable", name=entry.name)
            if entry.type:
                variable.set("typeRef", entry.type)
        self.expression(element, entry.expression)

    def table(self, parent: etree._Element, table: m.Table) -> None:
        element = self.child(parent, "decisionTable", hitPolicy=_POLICIES[table.policy])
        if table.aggregation:
            element.set("aggregation", table.aggregation)
        for column in table.inputs:
            self.text(self.child(element, "input"), "inputExpression", column.expression.text, column.expression.type)
        for output in table.outputs:
            clause = self.child(element, "output")
            if output.name:
                clause.set("name", output.name)
            if output.type:
                clause.set("typeRef", output.type)
            if output.values is not None:
                self.text(clause, "outputValues", output.values)
        for name in table.annotations:
            self.child(element, "annotation", name=name)
        for rule in table.rules:
            row = self.child(element, "rule")
            for cell in rule.inputs:
                self.text(row, "inputEntry", cell)
            for cell in rule.outputs:
                self.text(row, "outputEntry", cell)
            for remark in rule.annotations:
                self.text(row, "annotationEntry", remark)
