"""Likeness over all pairs, families, the map, and parts that stand in several files."""

from __future__ import annotations

import random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.base.sourcefile import MapNode, parse_source
from vliegwiel.catalogue.comparing.gathering import all_roots, product_features
from vliegwiel.catalogue.comparing.likeness import WEIGHTS, Features, families, features, likeness, positions
from vliegwiel.catalogue.comparing.products import side_by_side
from vliegwiel.catalogue.comparing.twice import repeats
from vliegwiel.catalogue.resolve import library

SAID = st.dictionaries(
    st.sampled_from(tuple(WEIGHTS)), st.frozensets(st.sampled_from("abcdefgh"), max_size=6), max_size=7
)


def node(text: str) -> MapNode:
    root = parse_source(text, "proef").root
    assert isinstance(root, MapNode)
    return root


def test_the_weights_are_shares_of_one_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@settings(deadline=None)
@given(st.dictionaries(st.text("xyz", min_size=1, max_size=3), SAID, min_size=1, max_size=6))
def test_likeness_is_the_same_both_ways_and_whole_with_itself(items: dict[str, Features]) -> None:
    found = likeness(items)
    for n, one in enumerate(found.keys):
        assert found.rows[n][n] == 1.0
        for other in found.keys:
            assert 0.0 <= found.of(one, other) <= 1.0 + 1e-9
            assert found.of(one, other) == found.of(other, one)
            if items[one] == items[other]:
                assert found.of(one, other) == pytest.approx(1.0)
    assert set(positions(found)) == set(items)
    assert sorted(key for group in families(found) for key in group) == sorted(items)


def test_a_part_counts_for_its_weight() -> None:
    same, other = frozenset("ab"), frozenset("cd")
    found = likeness({"x": {"wet": same, "proces": same}, "y": {"wet": same, "proces": other}})
    assert found.of("x", "y") == pytest.approx(WEIGHTS["wet"] / (WEIGHTS["wet"] + WEIGHTS["proces"]))


def test_a_renamed_copy_is_still_a_copy() -> None:
    text = "stappen:\n  - {{sleutel: {0}, vraag: Waar woont u?, velden: [{{sleutel: {0}_veld, soort: adres, label: Adres}}]}}\n"
    found = likeness({"een": features(node(text.format("adres"))), "twee": features(node(text.format("woning")))})
    assert found.of("een", "twee") == 1.0


def test_450_products_are_compared_with_each_other_within_five_seconds() -> None:
    own = list(product_features(all_roots(library())).values())
    rng = random.Random(5)
    many = {}
    for n in range(450):
        base = own[n % len(own)]
        many[f"p{n}"] = {
            part: frozenset(one for one in sorted(said) if rng.random() < 0.9) for part, said in base.items()
        }
    began = perf_counter()
    found = likeness(many)
    took = perf_counter() - began
    assert took < 5, took
    alike = [found.of(f"p{n}", f"p{n + len(own)}") for n in range(20)]
    assert min(alike) > 0.6


def test_families_are_the_copies_of_one_origin() -> None:
    rng = random.Random(7)
    origins = [frozenset(f"{o}-{n}" for n in range(60)) for o in range(7)]
    copies = {
        f"k{n}": {"proces": frozenset(x for x in sorted(origins[n % 7]) if rng.random() < 0.95)} for n in range(70)
    }
    groups = families(likeness(copies), 0.7)
    assert [len(group) for group in groups] == [10] * 7
    assert all(len({int(key[1:]) % 7 for key in group}) == 1 for group in groups)


def test_the_map_puts_what_is_alike_together() -> None:
    items = {f"a{n}": {"wet": frozenset(["x", "y", f"a{n}"])} for n in range(5)} | {
        f"b{n}": {"wet": frozenset(["v", "w", f"b{n}"])} for n in range(5)
    }
    places = positions(likeness(items))
    across = {key: x for key, (x, _) in places.items()}
    assert max(across[f"a{n}"] for n in range(5)) < min(across[f"b{n}"] for n in range(5)) or min(
        across[f"a{n}"] for n in range(5)
    ) > max(across[f"b{n}"] for n in range(5))


def test_two_products_are_told_apart_part_by_part() -> None:
    roots = all_roots(library())
    one = roots["individuele-inkomenstoeslag"]
    itself = side_by_side(one, one)
    assert itself.alike == 1.0
    assert all(not part.lines for part in itself.parts)
    pair = side_by_side(one, roots["rijbewijs-verlengen"])
    assert 0 < pair.alike < 1
    assert any(part.lines for part in pair.parts)
    assert all(0 <= part.alike <= 1 for part in pair.parts)


BLOCK = "  - {sleutel: reden, vraag: Waarom?, uitleg: Kort., velden: [{sleutel: reden, soort: tekst, label: Reden}]}\n"


def test_a_part_in_two_files_is_told_once_with_both_lines() -> None:
    files = {
        "een": node("soort: product\nstappen:\n" + BLOCK),
        "twee": node("stappen:\n  - {sleutel: x, vraag: X}\n" + BLOCK),
    }
    (found,) = repeats(files)
    assert [(spot.file, spot.line) for spot in found.spots] == [("een", 3), ("twee", 3)]
    assert (found.share, found.section, found.values) == (1.0, "Formulier", 6)
    assert found.spared == 6


def test_a_part_that_is_nearly_the_same_is_told_with_how_much() -> None:
    files = {"een": node("stappen:\n" + BLOCK), "twee": node("stappen:\n" + BLOCK.replace("Waarom?", "Waarvoor?"))}
    (found, *_) = repeats(files)
    assert 0.75 <= found.share < 1.0


def test_what_is_a_block_already_is_not_told() -> None:
    files = {name: node("stappen:\n  - {blok: contact}\n") for name in ("een", "twee")}
    assert repeats(files) == ()
