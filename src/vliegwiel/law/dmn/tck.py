"""Running the test files of the DMN Technology Compatibility Kit against the engine.

A result node passes when the value is what is expected (numbers to 8 digits, as the kit's own runner compares them), or is
null where an error is expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from vliegwiel.base.errors import VliegwielError
from vliegwiel.law.dmn.engine import Engine, Key
from vliegwiel.law.dmn.model import Model
from vliegwiel.law.dmn.reading import read_file, safe_xml
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.values import Value, equal, kind

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result node. `failure` is empty when it passed; `external` when it needs Java or PMML, refused by design."""

    directory: str
    file: str
    case: str
    node: str
    failure: str
    external: bool


def run_directory(folder: Path) -> list[Outcome]:
    """Every test file under a folder, in order."""
    found: list[Outcome] = []
    for test in sorted(folder.rglob("*.xml")):
        if b"/testcase" in test.read_bytes()[:4000]:
            found.extend(run_file(test))
    return found


def run_file(test: Path) -> Iterator[Outcome]:
    """The result nodes of one test file. A model that cannot be read fails all of them."""
    root = safe_xml(test.read_bytes())
    name = (_text(root, "modelName") or f"{test.stem.rpartition('-test')[0]}.dmn").strip()
    path = test.parent / name
    external = any(mark in path.read_bytes() for mark in (b'kind="Java"', b'kind="PMML"')) if path.exists() else False
    try:
        main = read_file(path)
        engine = Engine(main, _imports(main, path.parent, {main.namespace}))
    except (VliegwielError, OSError) as error:
        for case in _children(root, "testCase"):
            for node in _children(case, "resultNode"):
                yield _outcome(test, case, node, f"het model is niet te lezen: {error}", external)
        return
    for case in _children(root, "testCase"):
        for node in _children(case, "resultNode"):
            yield _outcome(test, case, node, _judge(engine, case, node), external)


def _outcome(test: Path, case: etree._Element, node: etree._Element, failure: str, external: bool) -> Outcome:
    folder = test.parent.name
    return Outcome(folder, test.name, case.get("id") or "", node.get("name") or "", failure, external and bool(failure))


def _imports(model: Model, folder: Path, seen: set[str]) -> list[Model]:
    """The models beside this one that it imports, also indirectly."""
    found: list[Model] = []
    wanted = {i.namespace for i in model.imports} - seen
    if not wanted:
        return found
    for path in sorted(folder.glob("*.dmn")):
        other = read_file(path)
        if other.namespace in wanted and other.namespace not in seen:
            seen.add(other.namespace)
            found.append(other)
            found.extend(_imports(other, folder, seen))
    return found


def _judge(engine: Engine, case: etree._Element, node: etree._Element) -> str:
    """Empty when the node is right, else what was expected and what came."""
    inputs: dict[str, Value] = {}
    namespaced: dict[Key, Value] = {}
    for given in _children(case, "inputNode"):
        name = given.get("name") or ""
        space = given.get("namespace")
        value = _value(given)
        if space and space != engine.main.namespace:
            namespaced[(space, name)] = value
        else:
            inputs[name] = value
    try:
        invocable = case.get("invocableName")
        if case.get("type") in {"decisionService", "bkm"} and invocable:
            result = engine.call(invocable, inputs)
            actual = result.value
            wanted = node.get("name") or ""
            if isinstance(actual, dict) and wanted in actual and case.get("type") == "decisionService":
                actual = actual[wanted]
        else:
            actual = engine.decide(node.get("name") or "", inputs, namespaced=namespaced).value
    except VliegwielError as error:
        return "" if node.get("errorResult") == "true" else f"fout: {error}"
    expected_node = _child(node, "expected")
    expected = None if expected_node is None else _value(expected_node)
    if node.get("errorResult") == "true" and actual is None:
        return ""
    return "" if same(expected, actual) else f"verwacht {expected!r}, kreeg {actual!r}"


def same(expected: Value, actual: Value) -> bool:
    """Whether two values are the same for the kit."""
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return abs(expected - actual) <= Decimal("1e-8") * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(same(expected[k], actual[k]) for k in expected)
    if expected is None or actual is None:
        return expected is actual
    return kind(expected) == kind(actual) and equal(expected, actual) is True


# -- values in a test file -----------------------------------------------------------------------------------------------


def _value(element: etree._Element) -> Value:
    """The value in an input node, an expected node, a component or an item."""
    components = _children(element, "component")
    if components:
        return {component.get("name") or "": _value(component) for component in components}
    items = _child(element, "list")
    if items is not None:
        if items.get(f"{_XSI}nil") == "true":
            return None
        return [_value(item) for item in _children(items, "item")]
    value = _child(element, "value")
    if value is None or value.get(f"{_XSI}nil") == "true":
        return None
    return _scalar(value.text or "", (value.get(f"{_XSI}type") or "").rpartition(":")[2])


def _scalar(text: str, of: str) -> Value:
    match of:
        case "boolean":
            return text.strip() in {"true", "1"}
        case "decimal" | "double" | "integer" | "float" | "int" | "long":
            try:
                return Decimal(text.strip())
            except InvalidOperation:
                return None
        case "date":
            return temporal.parse_date(text.strip())
        case "time":
            return temporal.parse_time(text.strip())
        case "dateTime":
            return temporal.parse_date_time(text.strip())
        case "duration":
            return temporal.parse_duration(text.strip())
        case _:
            return text


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if _tag(child) == name]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _tag(child) == name), None)


def _text(element: etree._Element, name: str) -> str | None:
    child = _child(element, name)
    return None if child is None else child.text


@dataclass(frozen=True, slots=True)
class Score:
    """How many result nodes passed and failed."""

    passed: int
    failed: int


def score(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """Passed and failed per directory, in the order of running."""
    counts: dict[str, list[int]] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.directory, [0, 0])[bool(outcome.failure)] += 1
    return {name: Score(*pair) for name, pair in counts.items()}
