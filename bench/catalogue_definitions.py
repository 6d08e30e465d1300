"""Catalogue: resolving, checking, searching, pricing, and how much of a product is shared."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

from bench.figures import milliseconds, percentile, table
from vliegwiel.catalogue import actions, queries
from vliegwiel.catalogue.assess import assess
from vliegwiel.catalogue.canonical import from_json, to_json
from vliegwiel.catalogue.check import check_all
from vliegwiel.catalogue.examples import facts_of
from vliegwiel.catalogue.layers import children
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.pricing import fee
from vliegwiel.catalogue.resolve import layered_of, library, resolve

ON = date(2026, 11, 24)
UTRECHT, PERMIT = "GM0344", "bewonersparkeervergunning"
TYPED = ("rybewijs", "verhuizing", "parkeren vergunning", "ik wil mijn hele huis verbouwen", "laag inkomen", "trouwen")


def speed() -> None:
    definition = resolve(UTRECHT, PERMIT, ON)
    stored = to_json(definition)
    facts = facts_of(definition, definition.examples[0], UTRECHT)
    actions.adopt_demo()
    texts = iter(TYPED * 1000)
    work: tuple[tuple[str, Callable[[], object], int, str], ...] = (
        ("resolve again (files looked at)", lambda: resolve(UTRECHT, PERMIT, ON), 500, "1"),
        ("read a stored definition", lambda: from_json(stored), 50, ""),
        ("let the law decide, with explanation", lambda: assess(definition, facts, ON), 100, ""),
        ("price without facts (kept)", lambda: fee(definition, ON), 500, ""),
        ("product page", lambda: queries.product_page(UTRECHT, PERMIT), 100, ""),
        ("search, with prices (database asked)", lambda: queries.search(UTRECHT, next(texts)), 200, "20"),
    )
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = []
        for number in range(20):
            copy = Path(folder) / str(number)
            shutil.copytree(DEFINITIONS, copy)
            began = perf_counter()
            resolve(UTRECHT, PERMIT, ON, among=Library(copy))
            fresh.append((perf_counter() - began) * 1e3)
        rows.append(("resolve cold (five files read)", percentile(fresh, 0.5), percentile(fresh, 0.95), "15"))
    rows += [(title, *milliseconds(do, times), aim) for title, do, times, aim in work]
    table("Catalogue, one process, ms", ("what", "p50", "p95", "aim"), rows)


def checking() -> None:
    began = perf_counter()
    report = check_all(ON)
    took = perf_counter() - began
    each = took * 1e3 / report.definitions
    rows = [(report.definitions, report.examples, took, each, each * 500 / 1e3)]
    table(
        "Checking all definitions and running all examples",
        ("definitions", "examples", "seconds", "ms each", "seconds for 500 products"),
        rows,
    )


def shares() -> None:
    """Where the parts of a product come from, counted in single values."""
    rows = []
    for key in library().products():
        layers = layered_of("GM0000", key)
        counted: Counter[str] = Counter()
        pending = [layers.root]
        while pending:
            node = pending.pop()
            below = list(children(node))
            if below:
                pending.extend(below)  # type: ignore[arg-type]
            else:
                counted[layers.origins.of(node).split("/")[0]] += 1
        total = sum(counted.values())
        lines = len((DEFINITIONS / f"producten/{key}.yaml").read_text().splitlines())
        shared = counted["patronen"] + counted["blokken"]
        rows.append(
            (
                key,
                lines,
                total,
                100 * counted["patronen"] / total,
                100 * counted["blokken"] / total,
                100 * shared / total,
            )
        )
    table(
        "What a product shares",
        ("product", "lines", "values", "% from its pattern", "% from blocks", "% shared"),
        rows,
    )


def main() -> None:
    speed()
    checking()
    shares()
