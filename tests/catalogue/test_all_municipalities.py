"""All municipalities at once: a shared change reaches each, every deviation is accounted for, mergers bring variants together.

`VLIEGWIEL_TOWN_PRODUCTS=40` looks at so many products (three by default); `VLIEGWIEL_TOWN_SEED` makes other variants.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date

import pytest

from tests.catalogue.towns import carried_on, root_of, towns_of
from vliegwiel.base.municipalities import existing_on, successors_on
from vliegwiel.base.sourcefile import parse_source
from vliegwiel.catalogue.adopting.joining import Town, chosen, join, joined_text
from vliegwiel.catalogue.adopting.outlook import outlook
from vliegwiel.catalogue.library import Library
from vliegwiel.catalogue.merging import Fate, rebase
from vliegwiel.catalogue.model import Variant
from vliegwiel.catalogue.resolve import library, national, resolve
from vliegwiel.catalogue.texts import TextLibrary, name_of, with_text, with_texts
from vliegwiel.catalogue.versions.checking import users_of

THEN, NOW = date(2015, 1, 1), date(2026, 11, 24)
SEED = int(os.environ.get("VLIEGWIEL_TOWN_SEED", "20261124"))
HOW_MANY = int(os.environ.get("VLIEGWIEL_TOWN_PRODUCTS", "3"))
BLOCK, OLD, NEW = "contact", "Hoe kunnen wij u bereiken?", "Hoe bereiken wij u het liefst?"
FIRST = "verhuizing-doorgeven"


def products() -> list[str]:
    """Products that use the block that changes."""
    users = [key for key in users_of(library(), "blok", BLOCK) if _whole(key)]
    return sorted(users, key=lambda key: (key != FIRST, key))[:HOW_MANY]


def _whole(key: str) -> bool:
    try:
        return bool(national(key).key)
    except ValueError:
        return False


def changed() -> TextLibrary:
    """The definitions after the shared block got other words."""
    text = library().text(f"blokken/{BLOCK}.yaml") or ""
    assert OLD in text
    return with_text(library(), "blok", BLOCK, text.replace(OLD, NEW))


def test_there_were_393_municipalities_and_there_are_342() -> None:
    assert (len(existing_on(THEN)), len(existing_on(NOW))) == (393, 342)


@pytest.mark.parametrize("day", [THEN, NOW])
def test_a_change_of_a_shared_block_reaches_every_municipality_and_no_deviation_is_lost(day: date) -> None:
    after, codes = changed(), [one.code for one in existing_on(day)]
    fates: Counter[Fate] = Counter()
    given = conflicts = reached = 0
    for key in products():
        old, new, fixed = root_of(key), root_of(key, after), national(key, among=after).fixed
        for town in towns_of(codes, SEED, key):
            assert town.variant is not None
            found = rebase(town.variant.deviations, old, new, fixed)
            given += len(town.variant.deviations)
            fates.update(one.fate for one in found.deviations)
            assert [one.old for one in found.deviations] == list(town.variant.deviations)
            expected = [d for d in town.variant.deviations if d.path == "stappen.contact.vraag"]
            assert [one.old for one in found.deviations if one.conflicts] == expected
            conflicts += len(found.conflicts)
            reached += not found.conflicts
    assert sum(fates.values()) == given
    assert fates[Fate.CONFLICT] == conflicts > 0
    assert reached + conflicts == len(products()) * len(codes)


def test_every_reorganisation_since_2015_joins_the_variants_of_its_towns_and_loses_none() -> None:
    then, today = [one.code for one in existing_on(THEN)], {one.code for one in existing_on(NOW)}
    for key in products():
        root = root_of(key)
        towns = {town.code: town for town in towns_of(then, SEED, key, root=root)}
        found = carried_on(towns, THEN, NOW, root)
        assert set(found.towns) == today
        assert found.joins > 25
        assert found.accounted == found.given > 0
        # Who had no part in any of it has exactly the variant it had.
        untouched = [code for code in today if code in towns and found.towns[code] is towns[code]]
        assert len(untouched) > 250


def test_a_join_holds_every_place_of_every_town() -> None:
    root = root_of(FIRST)
    towns = towns_of([one.code for one in existing_on(THEN)][:30], SEED, FIRST, root=root)
    found = join(towns, root)
    assert found.accounted == found.given == sum(len(t.variant.deviations) for t in towns if t.variant)
    paths = {d.path for _, d in found.deviations} | {d.path for c in found.clashes for _, d in c.told}
    assert paths == {d.path for t in towns if t.variant for d in t.variant.deviations}


def test_every_municipality_of_2015_is_carried_on_by_one_that_exists() -> None:
    today = {one.code for one in existing_on(NOW)}
    carried = {one.code: {s.code for s in successors_on(one.code, NOW)} for one in existing_on(THEN)}
    assert all(codes and codes <= today for codes in carried.values())


def test_what_came_together_is_a_variant_that_holds() -> None:
    key, root = FIRST, root_of(FIRST)
    towns = towns_of(["GM0546", "GM0547", "GM0606"], SEED, key, root=root)
    found = join(towns, root)
    deviations, open_ = chosen(found, {one.path: one.told[0][0] for one in found.clashes})
    assert open_ == ()
    text = joined_text("GM0344", key, NOW, found, deviations)
    among = with_text(library(), "variant", key, text, "GM0344")
    now = resolve("GM0344", key, NOW, among=among)
    assert {one.path for one in now.differences} == {one.path for one in deviations}
    assert [one.reason for one in now.differences] == [one.reason for one in deviations]


def variant(code: str, text: str) -> Town:
    """A town with a variant as it is written."""
    return Town(code, _read(code, text))


def _read(code: str, deviations: str) -> Variant:
    written = (
        f"soort: variant\ngemeente: {code}\nproduct: {FIRST}\nvanaf: 2026-01-01\n"
        f"bronnen:\n  - {{sleutel: eigen, naam: Pagina van {code}}}\nafwijkingen:\n{deviations}"
    )
    name = name_of("variant", FIRST, code)
    found = with_texts(Library(library().folder), {name: written}).variant(code, FIRST)
    assert found is not None
    return found[0]


def test_a_third_town_in_a_disputed_place_joins_the_dispute_and_nobody_wins_by_coming_last() -> None:
    said = "  - {{pad: pagina.kosten, waarde: {cost}, soort: werkwijze, reden: Om {cost}., bron: eigen}}\n"
    towns = [variant(f"GM000{n}", said.format(cost=word)) for n, word in enumerate(("Een", "Twee", "Drie"), 1)]
    found = join(towns, root_of(FIRST))
    (clash,) = found.clashes
    assert [(code, one.reason) for code, one in clash.told] == [
        ("GM0001", "Om Een."), ("GM0002", "Om Twee."), ("GM0003", "Om Drie."),
    ]  # fmt: skip
    assert found.deviations == ()
    deviations, open_ = chosen(found, {"pagina.kosten": "GM0003"})
    assert (len(deviations), open_) == (1, ())
    text = joined_text("GM0344", FIRST, NOW, found, deviations)
    assert "eigen_gm0003" in text
    assert parse_source(text, "").root


def test_two_towns_that_say_the_same_agree() -> None:
    same = "  - {pad: pagina.kosten, waarde: Niets., soort: werkwijze, reden: Duidelijk.}\n"
    found = join([variant("GM0001", same), variant("GM0002", same)], root_of(FIRST))
    assert found.clean
    ((towns, one),) = found.deviations
    assert (towns, one.reason, found.shared, found.widened) == (
        ("GM0001", "GM0002"),
        "Duidelijk.",
        ("pagina.kosten",),
        (),
    )


def test_the_outlook_of_one_municipality_says_the_same_as_the_merge() -> None:
    after = changed()
    deviation = "  - {pad: stappen.contact.vraag, waarde: Uw e-mailadres, soort: huisstijl, reden: Korter.}\n"
    text = f"soort: variant\ngemeente: GM0344\nproduct: {FIRST}\nvanaf: 2026-01-01\nafwijkingen:\n{deviation}"
    name = name_of("variant", FIRST, "GM0344")
    old, new = with_texts(library(), {name: text}), with_texts(after, {name: text})
    seen = outlook("GM0344", FIRST, NOW, old=old, new=new)
    assert [one.path for one in seen.open_] == [("stappen", "contact", "vraag")]
    assert seen.after is None
    seen = outlook("GM0344", FIRST, NOW, old=old, new=new, choices={"stappen.contact.vraag": "theirs"})
    assert seen.after is not None
    assert seen.after.differences == ()
