"""Running the test files of the DMN Technology Compatibility Kit against the engine.

A result node passes when the value is what is expected (numbers to 8 digits, as the kit's own runner compares them), or is
null where an error is expected. Nothing in a test file stops the run: a model that is missing or broken, and a test that takes
too long, is a failure with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from lxml import etree

from vliegwiel.base.errors import VliegwielError
from vliegwiel.law.dmn.engine import Engine, Key
from vliegwiel.law.dmn.model import Model
from vliegwiel.law.dmn.reading import NotDmn, read_file, safe_xml
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.values import Value, equal, kind, show

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_EXTERNAL: Final = re.compile(rb"kind=[\"'](?:Java|PMML)[\"']|\bexternal\s*\{")
# What a defect of our own would raise. It counts as a failure of the test, and its name is in the reason.
_DEFECTS: Final = (ArithmeticError, LookupError, TypeError, ValueError, RecursionError, AssertionError)

Guard = Callable[[Callable[[], str]], str]
"""Runs one test and gives its failure, or another sentence when it took too long."""


def unguarded(test: Callable[[], str]) -> str:
    """No limit on time; the engine's own limit on steps still holds."""
    return test()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result node. `failure` is empty when it passed; `external` when it needs Java or PMML, refused by design."""

    directory: str
    file: str
    case: str
    node: str
    failure: str
    external: bool


def run_directory(folder: Path, guard: Guard = unguarded) -> list[Outcome]:
    """Every test file under a folder, in order. A directory is named by its path below the folder."""
    found: list[Outcome] = []
    for test in sorted(folder.rglob("*.xml")):
        if _is_test(test):
            where = test.parent.relative_to(folder).as_posix()
            found.extend(run_file(test, folder.name if where == "." else where, guard))
    return found


def _is_test(path: Path) -> bool:
    """Whether a file is a test file; one we cannot read is, so that it is told of."""
    try:
        with path.open("rb") as file:
            start = file.read(4000)
    except OSError:
        return not path.is_dir()
    return b"testCases" in start


def run_file(test: Path, directory: str = "", guard: Guard = unguarded) -> Iterator[Outcome]:
    """The result nodes of one test file. A model that cannot be read fails all of them."""
    directory = directory or test.parent.name
    try:
        root = safe_xml(test.read_bytes())
    except (NotDmn, OSError) as error:
        yield Outcome(directory, test.name, "", "", f"het testbestand is niet te lezen: {error}", False)
        return
    path = _model_path(test, root)
    external, engine = _needs_outside(path), _engine(path)
    for case in _children(root, "testCase"):
        for node in _children(case, "resultNode"):
            failure = engine if isinstance(engine, str) else guard(_test(engine, case, node))
            name = node.get("name") or ""
            yield Outcome(directory, test.name, case.get("id") or "", name, failure, external and bool(failure))


def _model_path(test: Path, root: etree._Element) -> Path:
    """The model of a test file; a name that leads out of its own directory is none of its models."""
    name = (_text(root, "modelName") or f"{test.stem.rpartition('-test')[0]}.dmn").strip()
    return test.parent / Path(name.replace("\\", "/")).name


def _needs_outside(path: Path) -> bool:
    """Whether a model calls Java or PMML."""
    try:
        return _EXTERNAL.search(path.read_bytes()) is not None
    except OSError:
        return False


def _engine(path: Path) -> Engine | str:
    """The model ready to run, or why it cannot."""
    if not path.is_file():
        return f"het model {path.name} ontbreekt"
    try:
        main = read_file(path)
        return Engine(main, _imports(main, path.parent))
    except (VliegwielError, OSError) as error:
        return f"het model is niet te lezen: {error}"
    except _DEFECTS as defect:
        return f"het model is niet te lezen: {_named(defect)}"


def _imports(main: Model, folder: Path) -> list[Model]:
    """The models in this directory (and below it) that the main one imports, also indirectly.

    An import is known by its namespace; among several files of one namespace the location it gives decides.
    """
    if not main.imports:
        return []
    beside: dict[str, list[tuple[Path, Model]]] = {}
    for path in sorted(folder.rglob("*.dmn")):
        try:
            other = read_file(path)
        except (NotDmn, OSError):
            continue
        beside.setdefault(other.namespace, []).append((path, other))
    found: dict[str, Model] = {main.namespace: main}
    wanted = list(main.imports)
    while wanted:
        needed = wanted.pop()
        files = beside.get(needed.namespace)
        if files and needed.namespace not in found:
            model = next((model for path, model in files if path == folder / needed.location), files[0][1])
            found[needed.namespace] = model
            wanted.extend(model.imports)
    return [model for namespace, model in found.items() if namespace != main.namespace]


def _test(engine: Engine, case: etree._Element, node: etree._Element) -> Callable[[], str]:
    """The test of one result node: empty when it is right, else why not."""

    def run() -> str:
        try:
            return _judge(engine, case, node)
        except VliegwielError as error:
            return "" if node.get("errorResult") == "true" else f"fout: {error}"
        except _DEFECTS as defect:
            return f"fout in het programma: {_named(defect)}"

    return run


def _named(defect: BaseException) -> str:
    return f"{type(defect).__name__} {str(defect)[:200]}".strip()


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
    wanted = node.get("name") or ""
    invocable = case.get("invocableName")
    if case.get("type") in {"decisionService", "bkm"} and invocable:
        actual = engine.call(invocable, inputs).value
        if isinstance(actual, dict) and wanted in actual and case.get("type") == "decisionService":
            actual = actual[wanted]
    else:
        actual = engine.decide(wanted, inputs, namespaced=namespaced).value
    expected_node = _child(node, "expected")
    expected = None if expected_node is None else _value(expected_node)
    if node.get("errorResult") == "true" and actual is None:
        return ""
    return "" if same(expected, actual) else f"verwacht {_shown(expected)}, kreeg {_shown(actual)}"


def _shown(value: Value) -> str:
    """A value in a failure, not too long."""
    text = show(value) or "null"
    return text if len(text) <= 200 else f"{text[:200]}…"


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
