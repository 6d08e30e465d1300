"""Laying files over each other: nothing is lost, nothing is invented, and whatever is written there, it is told, not crashed."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.base.sourcedecode import loads
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, parse_source
from vliegwiel.catalogue.canonical import Json, as_node, plain
from vliegwiel.catalogue.check import check_one
from vliegwiel.catalogue.layers import Origins, deviate, overlay
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.model import Deviation
from vliegwiel.catalogue.model.facts import path_keys

TODAY = date(2026, 11, 24)

names = st.sampled_from(["a", "b", "c", "d"])
leaves = st.sampled_from(["1", "x", "ja", "een zin."])
trees: st.SearchStrategy[Json] = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.dictionaries(names, below, max_size=4),
        st.lists(leaves, max_size=3),
        st.lists(st.tuples(names, below), max_size=3, unique_by=lambda pair: pair[0]).map(
            lambda pairs: [{"sleutel": key, "waarde": value} for key, value in pairs]
        ),
    ),
    max_leaves=12,
)
maps = st.dictionaries(names, trees, max_size=4)


def laid(base: Json, over: Json) -> Json:
    return plain(overlay(as_node(base), as_node(over), Origins()))


@given(maps)
def test_laying_a_definition_over_itself_changes_nothing(tree: dict[str, Json]) -> None:
    assert laid(tree, tree) == tree
    assert laid({}, tree) == tree
    assert laid(tree, {}) == tree


@given(maps, maps, maps)
def test_it_does_not_matter_which_two_layers_are_laid_first(one: Json, two: Json, three: Json) -> None:
    left, right = laid(laid(one, two), three), laid(one, laid(two, three))
    if shapes(one) | shapes(two) | shapes(three) <= {"map", "leaf"}:
        assert left == right


def shapes(tree: Json) -> set[str]:
    if isinstance(tree, dict):
        return {"map"}.union(*(shapes(value) for value in tree.values()))
    return {"list"} if isinstance(tree, list) else {"leaf"}


@given(maps, maps)
def test_what_the_upper_layer_says_stands_and_what_it_does_not_touch_stays(
    base: dict[str, Json], over: dict[str, Json]
) -> None:
    merged = laid(base, over)
    assert isinstance(merged, dict)
    assert set(merged) == {*base, *over}
    for key, value in over.items():
        if key not in base or not isinstance(value, (dict, list)):
            assert merged[key] == value
    for key, value in base.items():
        if key not in over:
            assert merged[key] == value


def keys_of(node: Node) -> list[str | int]:
    if isinstance(node, MapNode):
        return [key.text for key, _ in node.entries]
    return [n for n, _ in enumerate(node.items)] if isinstance(node, ListNode) else []


def test_a_deviation_touches_its_path_and_nothing_else() -> None:
    source = parse_source("a: {b: [{sleutel: x, c: 1}, {sleutel: y, c: 2}], d: 3}\ne: 4\n", "proef")
    text = "pad: a.b.y.c\nsoort: huisstijl\nreden: Mooier.\nwaarde: 5\n"
    made = deviate(source.root, loads(text, Deviation), "variant", Origins())
    assert plain(made) == {"a": {"b": [{"sleutel": "x", "c": "1"}, {"sleutel": "y", "c": "5"}], "d": "3"}, "e": "4"}
    assert plain(source.root) == {
        "a": {"b": [{"sleutel": "x", "c": "1"}, {"sleutel": "y", "c": "2"}], "d": "3"},
        "e": "4",
    }


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("a.b", ("a", "b")),
        ('gegevens."adres.ontstaan".label', ("gegevens", "adres.ontstaan", "label")),
        ("naam", ("naam",)),
    ],
)
def test_a_path_may_hold_a_key_with_a_dot(path: str, keys: tuple[str, ...]) -> None:
    assert path_keys(path) == keys


# --- hostile files ----------------------------------------------------------------------------------------------------

FILES = (
    "producten/rijbewijs-verlengen.yaml",
    "patronen/aanvraag.yaml",
    "blokken/persoon.yaml",
    "varianten/GM0546-leiden/rijbewijs-verlengen.yaml",
)


def spoiled(text: str, chance: random.Random) -> str:
    """The text with one likely slip."""
    lines = text.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    line = lines[place]
    slip = chance.randrange(7)
    if slip == 0:
        del lines[place]
    elif slip == 1:
        lines.insert(place, line)
    elif slip == 2:
        lines[place] = "  " + line
    elif slip == 3:
        at = chance.randrange(max(1, len(line) - 1))
        lines[place] = line[:at] + line[at + 1 :]
    elif slip == 4:
        at = chance.randrange(max(1, len(line) - 1))
        lines[place] = line[:at] + chance.choice("{}[]:,'\"&*!|>%@`\t#-?é€\u202e") + line[at:]
    elif slip == 5:
        other = chance.randrange(len(lines))
        lines[place], lines[other] = lines[other], lines[place]
    else:
        lines[place] = line.replace("ja", "nee").replace(": ", ": 9", 1)
    return "".join(lines)


def test_any_slip_is_told_or_harmless_and_never_a_crash(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for part in ("patronen", "blokken", "producten", "varianten/GM0546-leiden"):
        shutil.copytree(DEFINITIONS / part, tmp_path / part)
    library = Library(tmp_path)
    for _ in range(60):
        name = chance.choice(FILES)
        path = tmp_path / name
        original = path.read_text()
        path.write_text(spoiled(original, chance))
        findings, _ = check_one("GM0546", "rijbewijs-verlengen", TODAY, among=library)
        for finding in findings:
            assert finding.message
            assert finding.file, finding
        path.write_text(original)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_for_a_file_are_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("d")
    for part in ("patronen", "blokken"):
        shutil.copytree(DEFINITIONS / part, folder / part)
    (folder / "producten").mkdir()
    (folder / "producten/proef.yaml").write_bytes(content)
    findings, count = check_one("GM0546", "proef", TODAY, among=Library(folder))
    assert findings
    assert count == 0
