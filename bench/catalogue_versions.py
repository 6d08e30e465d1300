"""Versions: definitions from the database, and a change of a shared block under the variants of all municipalities.

The municipalities are real (393 on 1 January 2015, 342 today), their variants are made up by chance (`tests/catalogue/towns.py`).
`VLIEGWIEL_TOWN_PRODUCTS` sets on how many products (40).
"""

from __future__ import annotations

import os
import statistics
from collections import Counter
from datetime import date
from time import perf_counter

from bench.figures import milliseconds, percentile, table
from tests.catalogue.publishing import publish
from tests.catalogue.towns import Mergers, carried_on, made_up, places, root_of
from vliegwiel.base.actions import go_live, load_municipalities
from vliegwiel.base.clock import now
from vliegwiel.base.municipalities import existing_on
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.adopting import spreading
from vliegwiel.catalogue.adopting.actions import start
from vliegwiel.catalogue.adopting.joining import Town, join, joined_text
from vliegwiel.catalogue.canonical import text_hash
from vliegwiel.catalogue.merging import Fate, rebase
from vliegwiel.catalogue.model import Variant
from vliegwiel.catalogue.models import AdoptionMode, Notice, Publication
from vliegwiel.catalogue.queries import product_for
from vliegwiel.catalogue.resolve import library, national, resolve
from vliegwiel.catalogue.texts import with_text
from vliegwiel.catalogue.versions.checking import users_of
from vliegwiel.catalogue.versions.publishing import publish as write
from vliegwiel.catalogue.versions.shelves import Line, library_for, library_on
from vliegwiel.trust.identity import System

THEN, NOW, SEED = date(2015, 1, 1), date(2026, 11, 24), 20261124
PRODUCTS = int(os.environ.get("VLIEGWIEL_TOWN_PRODUCTS", "40"))
UTRECHT, KEY, BLOCK = "GM0344", "verhuizing-doorgeven", "contact"
OLD, NEW = "Hoe kunnen wij u bereiken?", "Hoe bereiken wij u het liefst?"


def speed() -> None:
    """A definition that stands in the database."""
    publish(UTRECHT, "blok", BLOCK, old=OLD, new="Hoe bereiken wij u?")
    found = library_for(UTRECHT, KEY, NOW)
    cold = []
    for number in range(20):
        text = (found.text(f"producten/{KEY}.yaml") or "") + f"# {number}\n"
        began = perf_counter()
        resolve(UTRECHT, KEY, NOW, among=with_text(found, "product", KEY, text))
        cold.append((perf_counter() - began) * 1e3)
    rows: list[tuple[object, ...]] = [
        ("resolve a text for the first time", percentile(cold, 0.5), percentile(cold, 0.95), "15"),
        ("resolve again", *milliseconds(lambda: resolve(UTRECHT, KEY, NOW, among=found), 500), "1"),
        ("with the question to the database", *milliseconds(_current, 200), ""),
    ]
    table("Definitions in the database, ms", ("what", "p50", "p95", "aim"), rows)


def _current() -> object:
    return resolve(UTRECHT, KEY, NOW, among=library_for(UTRECHT, KEY, NOW))


def all_at_once() -> None:
    """Every municipality of then and of now, on as many products as asked, under a change of one block; then the mergers."""
    keys = list(users_of(library(), "blok", BLOCK)[:PRODUCTS])
    after = with_text(library(), "blok", BLOCK, (library().text(f"blokken/{BLOCK}.yaml") or "").replace(OLD, NEW))
    rows: list[tuple[object, ...]] = []
    for day in (THEN, NOW):
        codes = [one.code for one in existing_on(day)]
        fates: Counter[str] = Counter()
        given = told = 0
        took = 0.0
        each: list[float] = []
        for key in keys:
            old, new, fixed = root_of(key), root_of(key, after), national(key, among=after).fixed
            variants = _variants(key, codes)
            began = perf_counter()
            found = [rebase(one.deviations, old, new, fixed) for one in variants]
            each.append(perf_counter() - began)
            took += each[-1]
            given += sum(len(one.deviations) for one in variants)
            fates.update(one.fate for rebasing in found for one in rebasing.deviations)
            told += sum(bool(one.conflicts) for one in found)
        rows.append(
            (
                f"{day.year}", len(codes), len(keys), len(codes) * len(keys), given, sum(fates.values()),
                fates[Fate.KEPT], told, took, statistics.median(each),
            )
        )  # fmt: skip
    heads = (
        "year", "towns", "products", "variants", "deviations in", "accounted for", "kept", "towns that must choose", "seconds",
        "seconds a product",
    )  # fmt: skip
    table("One shared block changes under all variants", heads, rows)
    _mergers(keys)


def _variants(key: str, codes: list[str]) -> list[Variant]:
    root = root_of(key)
    at = places(root, national(key).fixed)
    return [made_up(SEED, key, code, at=at) for code in codes]


def _mergers(keys: list[str]) -> None:
    codes = [one.code for one in existing_on(THEN)]
    began = perf_counter()
    found: list[Mergers] = []
    for key in keys:
        towns = {one.municipality: Town(one.municipality, one) for one in _variants(key, codes)}
        found.append(carried_on(towns, THEN, NOW, root_of(key)))
    took = perf_counter() - began
    row = (
        found[0].joins, len(found[0].towns), sum(one.given for one in found), sum(one.accounted for one in found),
        sum(one.agreed for one in found), sum(one.clashes for one in found), took,
    )  # fmt: skip
    heads = ("joins", "towns left", "deviations in", "accounted for", "agreed by themselves", "to choose", "seconds")
    table(f"Municipalities of 2015 become those of today, on {len(keys)} products", heads, [row])


def followers() -> None:
    """All municipalities of today follow Utrecht on one product, in the database: notices, variants, and who stays."""
    codes = [one.code for one in existing_on(NOW) if one.code != UTRECHT]
    for variant in _variants(KEY, codes):
        _take_part(variant)
    publish(UTRECHT, "blok", BLOCK, old="Hoe bereiken wij u?", new=NEW)
    took, states, fates = [], Counter[str](), Counter[str]()
    for code in codes:
        began = perf_counter()
        for notice in spreading.follow_publisher(code, UTRECHT):
            states[notice.state] += 1
            fates.update(one["fate"] for one in notice.effects)
        took.append((perf_counter() - began) * 1e3)
    deviations = sum(len(one.deviations) for one in _variants(KEY, codes))
    moved = sum(product_for(code, KEY).steps[-1].title == NEW for code in codes[:20])
    row = (
        len(codes), deviations, sum(fates.values()), states["overgenomen"], states["nieuw"], sum(took) / 1e3,
        percentile(took, 0.5), percentile(took, 0.95), f"{moved} of 20",
    )  # fmt: skip
    heads = (
        "followers", "deviations", "accounted for", "moved along", "asked to choose", "seconds", "p50 ms", "p95 ms",
        "looked at: has the new words",
    )  # fmt: skip
    table("A shared block goes round in the database, examples included", heads, [row])
    with scope(codes[0]):
        assert Notice.objects.count() == 1


def _take_part(variant: Variant) -> None:
    """A municipality with a published variant that follows Utrecht, without the two persons that would each take a second."""
    code = variant.municipality
    text = joined_text(code, KEY, variant.begin, join([Town(code, variant)], root_of(KEY)), variant.deviations)
    with scope(code):
        write(
            Publication(
                municipality_id=code, kind="variant", key=KEY, owner=code, version="1.0.0", hash=text_hash(text), text=text,
                prepared_by="a", prepared_by_name="A", approved_by="b", approved_by_name="B", published_at=now(),
            )
        )  # fmt: skip
        newest = max(Publication.everywhere.filter(municipality_id=UTRECHT).values_list("number", flat=True))
        line = Line(code, UTRECHT, newest)
        definition = resolve(code, KEY, NOW, among=library_on(line, NOW))
        start(System(code, "bench"), definition, NOW, AdoptionMode.FOLLOW, line)


def main() -> None:
    load_municipalities(using="owner")
    go_live(UTRECHT, THEN, using="owner")
    speed()
    all_at_once()
    followers()
