"""A new version of a product under a variant: kept, taken along, not needed, or asked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.merging.documents import item, listing, mapping, text
from vliegwiel.base.sourcefile import MapNode, Node
from vliegwiel.catalogue.layers import Origins, deviate
from vliegwiel.catalogue.merging import ConflictKind, Fate, alike, at_path, combine, rebase
from vliegwiel.catalogue.model import Basis, Deviation, DeviationKind, Fixed
from vliegwiel.catalogue.model.variant import Given

OLD = mapping(
    pagina=mapping(kosten=text("Gratis."), wat=text("Een vergunning.")),
    stappen=listing(
        item("zone", vraag=text("Welke zone?"), uitleg=text("Kies uw zone.")),
        item("auto", vraag=text("Welke auto?")),
    ),
)


def deviation(
    path: str, value: Node | None, *, after: str = "", kind: DeviationKind = DeviationKind.WERKWIJZE
) -> Deviation:
    return Deviation(
        path, kind, "Zo doen wij het.", None if value is None else Given(value), remove=value is None, after=after
    )


def with_(root: MapNode, **parts: Node) -> MapNode:
    return MapNode(tuple((key, parts.get(key.text, value)) for key, value in root.entries), root.at)


def fate(one: Deviation, new: Node, *fixed: Fixed) -> Fate:
    return rebase([one], OLD, new, fixed).deviations[0].fate


def test_a_deviation_next_to_what_changed_stays_as_it_is() -> None:
    new = with_(OLD, pagina=mapping(kosten=text("Gratis."), wat=text("Een ontheffing.")))
    assert fate(deviation("pagina.kosten", text("€ 10")), new) is Fate.KEPT


def test_what_the_country_changed_inside_a_deviation_comes_along() -> None:
    own = item("zone", vraag=text("In welke zone woont u?"), uitleg=text("Kies uw zone."))
    new = with_(
        OLD,
        stappen=listing(
            item("zone", vraag=text("Welke zone?"), uitleg=text("Kijk op de kaart.")),
            item("auto", vraag=text("Welke auto?")),
        ),
    )
    found = rebase([deviation("stappen.zone", own)], OLD, new).deviations[0]
    assert found.fate is Fate.UPDATED
    assert found.deviation is not None
    assert found.deviation.value is not None
    assert alike(
        found.deviation.value.node,
        item("zone", vraag=text("In welke zone woont u?"), uitleg=text("Kijk op de kaart.")),
    )


def test_a_deviation_that_the_country_took_over_is_not_needed_any_more() -> None:
    new = with_(OLD, pagina=mapping(kosten=text("€ 10"), wat=text("Een vergunning.")))
    assert fate(deviation("pagina.kosten", text("€ 10")), new) is Fate.NEEDLESS


def test_what_both_changed_is_asked_with_the_path_from_the_top() -> None:
    new = with_(OLD, pagina=mapping(kosten=text("€ 12"), wat=text("Een vergunning.")))
    found = rebase([deviation("pagina.kosten", text("€ 10"))], OLD, new)
    assert not found.clean
    assert [c.path for c in found.conflicts] == [("pagina", "kosten")]


def test_a_deviation_in_what_is_gone_is_asked() -> None:
    new = with_(OLD, stappen=listing(item("auto", vraag=text("Welke auto?"))))
    found = rebase([deviation("stappen.zone.uitleg", text("Kijk op de kaart."))], OLD, new).deviations[0]
    assert found.fate is Fate.CONFLICT
    assert found.conflicts[0].kind is ConflictKind.REMOVED


def test_what_may_not_vary_any_more_says_which_article() -> None:
    fixed = Fixed("pagina.kosten", Basis("Wegenverkeerswet 1994", "104"))
    found = rebase([deviation("pagina.kosten", text("€ 10"))], OLD, OLD, [fixed]).deviations[0]
    assert found.fate is Fate.FIXED
    assert found.fixed is fixed


def test_a_new_step_behind_a_step_that_is_gone_comes_last() -> None:
    new = with_(OLD, stappen=listing(item("auto", vraag=text("Welke auto?"))))
    found = rebase([deviation("stappen.reden", mapping(vraag=text("Waarom?")), after="zone")], OLD, new).deviations[0]
    assert found.fate is Fate.UPDATED
    assert found.deviation is not None
    assert found.deviation.after == ""


PATHS = ("pagina.kosten", "pagina.wat", "stappen.zone", "stappen.zone.uitleg", "stappen.auto.vraag", "stappen.nieuw")
values = st.sampled_from(["Gratis.", "€ 10", "€ 12"]).map(text)
some_deviations = st.dictionaries(st.sampled_from(PATHS), values, max_size=5).map(
    lambda found: [deviation(path, _fit(path, value)) for path, value in found.items()]
)


def _fit(path: str, value: Node) -> Node:
    return mapping(vraag=value) if path.count(".") == 1 and path.startswith("stappen") else value


def _applied(root: Node, deviations: list[Deviation]) -> Node:
    for one in deviations:
        root = deviate(root, one, "", Origins())
    return root


@settings(max_examples=80, deadline=None)
@given(some_deviations, some_deviations)
def test_a_clean_variant_gives_the_same_after_its_product_moved_on(
    variant: list[Deviation], upstream: list[Deviation]
) -> None:
    """One answer per deviation; and where nobody needs to choose, every own value is still there or was taken over."""
    new = _applied(OLD, _sorted(upstream))
    found = rebase(variant, OLD, new)
    assert [one.old for one in found.deviations] == variant
    if found.clean:
        after = _applied(new, _sorted(list(found.kept)))
        for one in variant:
            if one.keys == ("stappen", "zone") and any("uitleg" in d.path for d in (*variant, *upstream)):
                continue
            value = one.value
            assert value is not None
            assert at_path(after, one.keys) is not None


@settings(max_examples=80, deadline=None)
@given(some_deviations, some_deviations)
def test_no_path_of_two_municipalities_is_lost_when_they_become_one(
    first: list[Deviation], second: list[Deviation]
) -> None:
    found = combine(first, second, OLD)
    told = {*found.shared, *found.widened}
    asked = [path for clash in found.clashes for path in (clash.first.path, clash.second.path)]
    for one in (*first, *second):
        assert one.path in told or any(_touch(one.path, path) for path in asked), one.path


def _touch(a: str, b: str) -> bool:
    return all(x == y for x, y in zip(a.split("."), b.split("."), strict=False))


def _sorted(deviations: list[Deviation]) -> list[Deviation]:
    return sorted(deviations, key=lambda one: len(one.keys))


def test_two_municipalities_that_say_the_same_need_no_choice() -> None:
    found = combine([deviation("pagina.kosten", text("€ 10"))], [deviation("pagina.kosten", text("€ 10"))], OLD)
    assert found.clean
    assert found.shared == ("pagina.kosten",)
    assert len(found.deviations) == 1


def test_what_only_one_town_had_is_named_because_it_now_holds_for_both() -> None:
    found = combine([deviation("pagina.kosten", text("€ 10"))], [], OLD)
    assert found.clean
    assert found.widened == ("pagina.kosten",)


def test_a_part_and_the_whole_come_together() -> None:
    whole = item("zone", vraag=text("In welke zone woont u?"), uitleg=text("Kies uw zone."))
    part = deviation("stappen.zone.uitleg", text("Kijk op de kaart."))
    found = combine([deviation("stappen.zone", whole)], [part], OLD)
    assert found.clean
    value = found.deviations[0].value
    assert value is not None
    assert alike(value.node, item("zone", vraag=text("In welke zone woont u?"), uitleg=text("Kijk op de kaart.")))
