"""Catalogue: many products and many municipalities at once. Loading, checking, merging, comparing, likeness, practice."""

from __future__ import annotations

import math
import random
import re
import shutil
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from django.conf import settings
from django.test import Client

from bench.figures import percentile, seconds, table
from vliegwiel.base.actions import go_live
from vliegwiel.base.queries import served_municipality
from vliegwiel.catalogue.check import check_all
from vliegwiel.catalogue.comparing import queries
from vliegwiel.catalogue.comparing.gathering import all_roots, compare_product, product_features, product_root, towns_of
from vliegwiel.catalogue.comparing.likeness import families, likeness, positions
from vliegwiel.catalogue.comparing.sidebyside import Town, compare
from vliegwiel.catalogue.comparing.twice import repeats
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.merging import rebase
from vliegwiel.catalogue.practice.pooling import AmountCell, ShareCell, pool_amounts, pool_shares
from vliegwiel.catalogue.resolve import library, national
from vliegwiel.catalogue.texts import with_text
from vliegwiel.trust.identity import Role, Staff
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

ON = date(2026, 11, 24)
PERMIT = "bewonersparkeervergunning"
TOWNS, PRODUCTS, LIKE = 342, 500, 450


def many_products(folder: Path) -> Library:
    """The products that come with the platform, copied under other keys until there are 500."""
    for part in ("patronen", "blokken"):
        shutil.copytree(DEFINITIONS / part, folder / part)
    target = folder / "producten"
    target.mkdir()
    keys = library().products()
    for n in range(PRODUCTS):
        key = keys[n % len(keys)]
        text = (DEFINITIONS / f"producten/{key}.yaml").read_text()
        name = key if n < len(keys) else f"{key}-{n}"
        (target / f"{name}.yaml").write_text(
            re.sub(r"^sleutel: .*$", f"sleutel: {name}", text, count=1, flags=re.MULTILINE)
        )
    return Library(folder)


def towns() -> list[Town]:
    """342 municipalities with the variants of those that have one, in turn."""
    own = towns_of(library(), PERMIT, ON)
    return [Town(f"GM{2000 + n:04}", own[n % len(own)].deviations) for n in range(TOWNS)]


def loading() -> list[tuple[object, ...]]:
    law_book()
    with tempfile.TemporaryDirectory() as name:
        found = many_products(Path(name))
        began, worked = perf_counter(), process_time()
        report = check_all(ON, among=found)
        took, worked = perf_counter() - began, process_time() - worked
    wrong = sum(finding.severity == "fout" for finding in report.findings)
    return [
        (f"load and check {report.products} products ({wrong} findings)", took, 10.0),
        ("the same, in seconds of the processor", worked, ""),
    ]


def merging() -> list[tuple[object, ...]]:
    file = library().product(PERMIT)
    assert file is not None
    text = (library().folder / file.name).read_text()
    changed = text.replace("samenvatting: ", "samenvatting: Nieuw. ", 1).replace(
        "soort: ja_nee", "soort: ja_nee, uitleg: Nieuw", 3
    )
    old, new = product_root(library(), PERMIT), product_root(with_text(library(), "product", PERMIT, changed), PERMIT)
    fixed = national(PERMIT).fixed
    conflicts = 0
    began = perf_counter()
    for one in towns():
        conflicts += len(rebase(one.deviations, old, new, fixed).conflicts)
    return [(f"three-way merge of a product into {TOWNS} variants", perf_counter() - began, 2.0)]


def alike() -> list[tuple[object, ...]]:
    own = list(product_features(all_roots(library())).values())
    rng = random.Random(1)
    said = {
        f"p{n}": {
            part: frozenset(x for x in sorted(words) if rng.random() < 0.9) for part, words in own[n % len(own)].items()
        }
        for n in range(LIKE)
    }
    began = perf_counter()
    found = likeness(said)
    took = perf_counter() - began
    roots = {key: file.root for key in library().products() if (file := library().product(key)) is not None}
    return [
        (f"likeness of {LIKE} x {LIKE} products", took, 5.0),
        ("a map of them", seconds(lambda: positions(found)), ""),
        ("families", seconds(lambda: families(found)), ""),
        (f"parts that stand in several of {len(roots)} products", seconds(lambda: repeats(roots)), ""),
    ]


def comparing() -> list[tuple[object, ...]]:
    root, many = product_root(library(), PERMIT), towns()
    cold = seconds(lambda: compare(root, many, "parkeren"))
    return [(f"compare {TOWNS} municipalities on one product", cold, ""), *page(many)]


def page(many: list[Town]) -> list[tuple[object, ...]]:
    """The page itself, over Django's client: everything but the network."""
    go_live("GM0546", date(2026, 1, 1))
    staff = Staff("GM0546", "bench", "B. Ench", frozenset({Role.FUNCTIONEEL_BEHEERDER}))
    client = Client(HTTP_HOST=f"{served_municipality('GM0546').slug}.{settings.BASE_DOMAIN}")
    client.cookies[session_cookie()] = open_session(staff, "")
    found = compare_product(library(), PERMIT, ON, many)
    kept, queries.comparison = queries.comparison, lambda _reader, _key, _on: found
    try:
        times = []
        for _ in range(12):
            began = perf_counter()
            answer = client.get(f"/studio/vergelijken/{PERMIT}/")
            times.append(perf_counter() - began)
            assert answer.status_code == 200, answer.status_code
    finally:
        queries.comparison = kept
    return [(f"the page that compares {TOWNS} municipalities, p95", percentile(times[2:], 0.95), 0.3)]


def practising() -> list[tuple[object, ...]]:
    rng = random.Random(2)
    amounts, shares = [], []
    for n in range(TOWNS):
        for kind, level in (("internet|regel", 1.0), ("balie|regel", 2.0), ("balie|oordeel", 3.0)):
            size, effect = rng.randint(10, 400), rng.gauss(0, 0.3)
            chance = 1 / (1 + math.exp(-level - effect))
            amounts.append(
                AmountCell(f"GM{n:04}", kind, size, level + effect + rng.gauss(0, 0.6 / size**0.5), 0.36 * (size - 1))
            )
            shares.append(ShareCell(f"GM{n:04}", kind, size, sum(rng.random() < chance for _ in range(size))))
    return [
        (f"lead times of {TOWNS} municipalities pooled", seconds(lambda: pool_amounts(amounts)), ""),
        (f"shares of {TOWNS} municipalities pooled", seconds(lambda: pool_shares(shares)), ""),
    ]


def main() -> None:
    rows = [*loading(), *merging(), *alike(), *comparing(), *practising()]
    table("Catalogue, many at once, seconds", ("what", "seconds", "aim"), rows)
