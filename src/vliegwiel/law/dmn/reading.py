"""From DMN XML (1.1 to 1.5) to a `Model`. Safe: no document type, no entities, no network, limits on size and depth."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from vliegwiel.base.errors import Invalid
from vliegwiel.law.dmn import model as m

MAX_BYTES = 20_000_000
MAX_DEPTH = 60

_VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
_POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}


class NotDmn(Invalid):
    """The file is no DMN model we can read. Says why."""


def read_file(path: Path) -> m.Model:
    """The model in a file. Raises `NotDmn`."""
    if path.stat().st_size > MAX_BYTES:
        raise NotDmn(f"{path.name} is te groot.")
    return read(path.read_bytes())


def read(data: bytes) -> m.Model:
    """The model in XML text. Raises `NotDmn`."""
    if len(data) > MAX_BYTES:
        raise NotDmn("Het bestand is te groot.")
    root = safe_xml(data)
    version = _VERSIONS.get(etree.QName(root).namespace or "")
    if version is None or _tag(root) != "definitions":
        raise NotDmn("Dit is geen DMN-model van versie 1.1 tot en met 1.5.")
    return _model(root, version)


def safe_xml(data: bytes) -> etree._Element:
    """Parse XML from a stranger. Raises `NotDmn` for anything that is not plain, well-formed XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotDmn(f"Dit is geen geldige XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None or b"<!DOCTYPE" in data:
        raise NotDmn("Een documenttype (DOCTYPE) mag niet in het bestand staan.")
    if _depth(root) > MAX_DEPTH:
        raise NotDmn("Het bestand is te diep genest.")
    return root


def _depth(root: etree._Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


# -- small readers -------------------------------------------------------------------------------------------------------


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if _tag(child) == name]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _tag(child) == name), None)


def _text(element: etree._Element | None) -> str | None:
    """The `text` child of an element that holds FEEL."""
    if element is None:
        return None
    inner = _child(element, "text")
    return None if inner is None else (inner.text or "")


def _type(element: etree._Element | None) -> str | None:
    """A type reference: an attribute, and in older files a child. Prefixes of FEEL and of the model mean nothing here."""
    if element is None:
        return None
    reference = element.get("typeRef")
    if reference is None:
        child = _child(element, "typeRef")
        reference = None if child is None else (child.text or "").strip()
    return _local(element, reference)


def _reference(element: etree._Element) -> m.Reference:
    namespace, _, identifier = (element.get("href") or "").rpartition("#")
    return m.Reference(namespace, identifier)


def _references(element: etree._Element, group: str, name: str) -> tuple[m.Reference, ...]:
    return tuple(
        _reference(required) for requirement in _children(element, group) for required in _children(requirement, name)
    )


# -- the model -----------------------------------------------------------------------------------------------------------


def _model(root: etree._Element, version: str) -> m.Model:
    return m.Model(
        name=root.get("name") or "",
        namespace=root.get("namespace") or "",
        version=version,
        types=tuple(_item(e) for e in _children(root, "itemDefinition")),
        inputs=tuple(_input_data(e) for e in _children(root, "inputData")),
        decisions=tuple(_decision(e) for e in _children(root, "decision")),
        knowledge=tuple(_knowledge(e) for e in _children(root, "businessKnowledgeModel")),
        services=tuple(_service(e) for e in _children(root, "decisionService")),
        imports=tuple(
            m.Import(e.get("name") or "", e.get("namespace") or "", e.get("locationURI") or "")
            for e in _children(root, "import")
        ),
    )


def _item(element: etree._Element) -> m.ItemDefinition:
    return m.ItemDefinition(
        name=(element.get("name") or "").strip(),
        base=_type(element),
        collection=element.get("isCollection") == "true",
        allowed=_text(_child(element, "allowedValues")),
        constraint=_text(_child(element, "typeConstraint")),
        components=tuple(_item(e) for e in _children(element, "itemComponent")),
        function=_function_item(_child(element, "functionItem")),
        id=element.get("id") or "",
    )


def _function_item(element: etree._Element | None) -> m.FunctionItem | None:
    if element is None:
        return None
    parameters = tuple(
        m.Parameter(" ".join((e.get("name") or "").split()), _type(e)) for e in _children(element, "parameters")
    )
    return m.FunctionItem(parameters, _local(element, element.get("outputTypeRef")))


def _local(element: etree._Element, reference: str | None) -> str | None:
    """A reference to a type without its prefix; prefixes of FEEL and of the model mean nothing here."""
    prefix, colon, local = (reference or "").partition(":")
    return local if colon and prefix in element.nsmap else reference or None


def _name(element: etree._Element) -> str:
    """The name of the variable an element makes; the element's own name where it has none."""
    variable = _child(element, "variable")
    name = None if variable is None else variable.get("name")
    return " ".join((name or element.get("name") or "").split())


def _called(element: etree._Element) -> str:
    """What an element itself is called. It should be the name of its variable; some exporters write another."""
    return " ".join((element.get("name") or "").split())


def _input_data(element: etree._Element) -> m.InputData:
    return m.InputData(element.get("id") or "", _name(element), _type(_child(element, "variable")), _called(element))


def _decision(element: etree._Element) -> m.Decision:
    return m.Decision(
        id=element.get("id") or "",
        name=_name(element),
        type=_type(_child(element, "variable")),
        inputs=_references(element, "informationRequirement", "requiredInput"),
        decisions=_references(element, "informationRequirement", "requiredDecision"),
        knowledge=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        expression=_expression_in(element),
        called=_called(element),
    )


def _knowledge(element: etree._Element) -> m.Knowledge:
    logic = _child(element, "encapsulatedLogic")
    return m.Knowledge(
        id=element.get("id") or "",
        name=_name(element),
        type=_type(_child(element, "variable")),
        function=None if logic is None else _function(logic),
        knowledge=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        called=_called(element),
    )


def _service(element: etree._Element) -> m.Service:
    def references(name: str) -> tuple[m.Reference, ...]:
        return tuple(_reference(e) for e in _children(element, name))

    return m.Service(
        id=element.get("id") or "",
        name=_name(element),
        type=_type(_child(element, "variable")),
        output_decisions=references("outputDecision"),
        encapsulated=references("encapsulatedDecision"),
        input_decisions=references("inputDecision"),
        input_data=references("inputData"),
        called=_called(element),
    )


# -- expressions ---------------------------------------------------------------------------------------------------------


def _expression_in(element: etree._Element) -> m.Expression | None:
    """The expression among the children of an element, or None."""
    for child in element:
        found = _expression(child)
        if found is not None:
            return found
    return None


def _required(element: etree._Element | None) -> m.Expression:
    found = None if element is None else _expression_in(element)
    return found if found is not None else m.Literal("null")


def _expression(element: etree._Element) -> m.Expression | None:
    match _tag(element):
        case "literalExpression":
            return m.Literal(_text(element) or "null", _type(element))
        case "decisionTable":
            return _table(element)
        case "context":
            return _context(element)
        case "functionDefinition":
            return _function(element)
        case "invocation":
            return _invocation(element)
        case "list":
            found = [_expression(child) for child in element]
            return m.Items(tuple(e for e in found if e is not None), _type(element))
        case "relation":
            return _relation(element)
        case "conditional":
            parts = [_required(_child(element, name)) for name in ("if", "then", "else")]
            return m.Conditional(parts[0], parts[1], parts[2], _type(element))
        case "filter":
            return m.Filtered(_required(_child(element, "in")), _required(_child(element, "match")), _type(element))
        case "for" | "some" | "every" as kind:
            body = _child(element, "return" if kind == "for" else "satisfies")
            variable = element.get("iteratorVariable") or "item"
            return m.Iterated(kind, variable, _required(_child(element, "in")), _required(body), _type(element))
        case _:
            return None


def _table(element: etree._Element) -> m.Table:
    inputs = []
    for column in _children(element, "input"):
        expression = _child(column, "inputExpression")
        literal = m.Literal(_text(expression) or "null", _type(expression))
        inputs.append(m.Input(literal, _text(_child(column, "inputValues"))))
    outputs = [
        m.Output(
            name=column.get("name") or "",
            type=_type(column),
            values=_text(_child(column, "outputValues")),
            default=_text(_child(column, "defaultOutputEntry")),
        )
        for column in _children(element, "output")
    ]
    rules = [
        m.Rule(
            tuple(_text(e) or "-" for e in _children(row, "inputEntry")),
            tuple(_text(e) or "null" for e in _children(row, "outputEntry")),
            tuple((_text(e) or "").strip() for e in _children(row, "annotationEntry")),
        )
        for row in _children(element, "rule")
    ]
    policy = _POLICIES.get(element.get("hitPolicy") or "UNIQUE")
    if policy is None:
        raise NotDmn(f"Onbekende treffer (hit policy): {element.get('hitPolicy')}.")
    remarks = tuple(e.get("name") or "" for e in _children(element, "annotation"))
    aggregation = element.get("aggregation")
    return m.Table(policy, aggregation, tuple(inputs), tuple(outputs), tuple(rules), _type(element), remarks)


def _context(element: etree._Element) -> m.Context:
    entries = []
    for entry in _children(element, "contextEntry"):
        variable = _child(entry, "variable")
        name = None if variable is None else " ".join((variable.get("name") or "").split())
        entries.append(m.Entry(name, _required(entry), _type(variable), entry.get("id") or ""))
    return m.Context(tuple(entries), _type(element))


def _function(element: etree._Element) -> m.Function:
    parameters = tuple(
        m.Parameter(" ".join((e.get("name") or "").split()), _type(e)) for e in _children(element, "formalParameter")
    )
    return m.Function(parameters, _expression_in(element), element.get("kind") or "FEEL", _type(element))


def _invocation(element: etree._Element) -> m.Invocation:
    bindings = []
    for binding in _children(element, "binding"):
        parameter = _child(binding, "parameter")
        name = "" if parameter is None else " ".join((parameter.get("name") or "").split())
        bindings.append((name, _expression_in(binding)))
    return m.Invocation(_required(element), tuple(bindings), _type(element))


def _relation(element: etree._Element) -> m.Relation:
    columns = tuple(m.Parameter(e.get("name") or "", _type(e)) for e in _children(element, "column"))
    rows = []
    for row in _children(element, "row"):
        cells = [_expression(cell) for cell in row]
        rows.append(tuple(cell if cell is not None else m.Literal("null") for cell in cells))
    return m.Relation(columns, tuple(rows), _type(element))
