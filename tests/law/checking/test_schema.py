"""The JSON Schema and the reader agree: what one refuses for its form, so does the other."""

from __future__ import annotations

import copy
import json
import os
import random
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import vliegwiel
from tests.law.checking.conftest import GENERAL, LAW, ORDINANCE
from vliegwiel.base.sourcedecode import decode
from vliegwiel.base.sourcefile import (
    NOWHERE,
    ListNode,
    MapNode,
    Node,
    SourceFile,
    SourceInvalid,
    TextNode,
    parse_source,
)
from vliegwiel.law.lawfile import LawSpec, OrdinanceSpec
from vliegwiel.law.schema import PUBLISHED, law_schema, schema_text
from vliegwiel.law.types import KINDS, simple_type

DEFINITIONS = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
PAGE = Path(__file__).parents[3] / "docs" / "wetformaat.md"
VALIDATOR = Draft7Validator(law_schema())
MANY = int(os.environ.get("VLIEGWIEL_CHECK_DOCUMENTS", "200"))


def as_yaml_1_2(node: Node) -> object:
    """What an editor makes of a node: the core schema of YAML 1.2."""
    if isinstance(node, ListNode):
        return [as_yaml_1_2(item) for item in node.items]
    if isinstance(node, MapNode):
        return {key.text: as_yaml_1_2(value) for key, value in node.entries}
    text = node.text
    if not node.plain:
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text) else text


def _fits(node: Node) -> list[str]:
    return [f"{'.'.join(map(str, e.path))}: {e.message[:120]}" for e in VALIDATOR.iter_errors(as_yaml_1_2(node))]


def _reader_refuses(node: Node) -> str:
    source = SourceFile("proef.yaml", node)
    keys = [key.text for key, _ in node.entries] if isinstance(node, MapNode) else []
    try:
        if "wet" in keys:
            decode(source, LawSpec)
        else:
            decode(source, OrdinanceSpec)
    except SourceInvalid as error:
        return str(error)
    return ""


def test_the_published_schema_is_the_one_that_the_code_gives() -> None:
    assert PUBLISHED.read_text() == schema_text()
    Draft7Validator.check_schema(json.loads(PUBLISHED.read_text()))


def test_every_key_says_in_dutch_what_it_means() -> None:
    definitions = law_schema()["definitions"]
    assert isinstance(definitions, dict)
    for name, made in definitions.items():
        group = made if "properties" in made else made["anyOf"][0]
        for key, field in group["properties"].items():
            said = field.get("description", "")
            assert re.fullmatch(r"\S.{5,}[.)]|nee: .+\.", said), f"{name}.{key}: {said!r}"


@pytest.mark.parametrize("path", sorted(DEFINITIONS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_law_and_ordinance_fits_the_schema(path: Path) -> None:
    try:
        source = parse_source(path.read_text("utf-8"), path.name)
    except SourceInvalid:
        pytest.skip("this file is not whole; test_definitions tells")
    assert _fits(source.root) == []


def test_the_documents_of_the_page_and_of_these_tests_fit() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[:2]
    for text in (*blocks, LAW, GENERAL, ORDINANCE):
        assert _fits(parse_source(text, "proef.yaml").root) == []


def test_a_kind_is_known_to_the_schema_when_the_reader_knows_it() -> None:
    kinds = Draft7Validator(law_schema()["definitions"]["Rule"]["properties"]["soort"])
    for kind in (*KINDS, "geld per eeuw", "getal in", "getal in jaar", "getal in m²", "bool", "geld per maand"):
        known = simple_type(kind) is not None or kind in ("keuze", "lijst", "groep", "getal in EENHEID")
        assert kinds.is_valid(kind) == known, kind


# --- wrong documents -------------------------------------------------------------------------------------------------

_PLAIN = [
    "ja",
    "nee",
    "null",
    "12",
    "12.50",
    "2026-01-01",
    "2026-13-45",
    "tekst",
    "iets_anders",
    "U",
    "GM0546",
    "keuze",
    "[]",
    "{}",
]


def _paths(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += _paths(inner, (*path, number))
    return found


def _raw(node: Node) -> object:
    if isinstance(node, TextNode):
        return node
    if isinstance(node, ListNode):
        return [_raw(item) for item in node.items]
    return {key.text: _raw(value) for key, value in node.entries}


def _node(value: object) -> Node:
    if isinstance(value, dict):
        return MapNode(
            tuple((TextNode(key, True, NOWHERE, NOWHERE), _node(inner)) for key, inner in value.items()), NOWHERE
        )
    if isinstance(value, list):
        return ListNode(tuple(_node(item) for item in value), NOWHERE)
    assert isinstance(value, TextNode)
    return value


def _changed(text: str, seed: int) -> Node:
    """A document with one to three parts left out, added, renamed or replaced by something of another form."""
    chance = random.Random(seed)
    whole = _raw(parse_source(text, "proef.yaml").root)
    for _ in range(chance.choice((1, 1, 2, 3))):
        # Examples hold free data: their inside has no form of its own.
        path = chance.choice([p for p in _paths(whole) if p and "voorbeelden" not in p[1:] and len(p) < 9])
        holder = whole
        for step in path[:-1]:
            holder = holder[step]
        new = _raw(parse_source(f"x: {chance.choice(_PLAIN)}", "x").root)["x"]
        match chance.choice(("drop", "add", "replace", "replace", "wrap")):
            case "drop":
                del holder[path[-1]]
            case "add" if isinstance(holder, dict):
                holder[chance.choice(["onbekend_iets", "soort", "artikel", "waarde", "formule", "titel", "tot"])] = new
            case "wrap":
                holder[path[-1]] = [copy.deepcopy(holder[path[-1]])]
            case _:
                holder[path[-1]] = new
    return _node(whole)


# What the reader sees and a schema cannot: that a day exists, that a period does not end before it begins.
_ONLY_THE_READER = re.compile(
    r"Hier hoort een datum als|De laatste dag ligt voor de eerste|De sleutel '.*' staat er al"
)
# What the schema sees and only the second reading does: what kinds there are.
_LATER = re.compile(r"\.soort: ")


@settings(max_examples=MANY, deadline=None)
@given(st.sampled_from([LAW, GENERAL, ORDINANCE]), st.integers(0, 10**9))
def test_a_wrong_document_is_refused_by_both_or_by_neither(text: str, seed: int) -> None:
    node = _changed(text, seed)
    said, found = _reader_refuses(node), [error for error in _fits(node) if not _LATER.search(error)]
    shown = yaml.safe_dump(as_yaml_1_2(node), allow_unicode=True)[:3000]
    if said and not _ONLY_THE_READER.search(said):
        assert found or _fits(node), f"only the reader refuses: {said}\n{shown}"
    if found and not said:
        raise AssertionError(f"only the schema refuses: {found}\n{shown}")


def test_the_first_line_that_names_the_schema_is_read() -> None:
    text = "# yaml-language-server: $schema=wetformaat.schema.json\n" + GENERAL
    assert decode(parse_source(text, "proef.yaml"), LawSpec).id == "algemeen"
