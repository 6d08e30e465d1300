"""A variant is changed deviation by deviation; what somebody wrote beside it stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import loads
from vliegwiel.catalogue.editing import as_value, node_of
from vliegwiel.catalogue.editing.deviating import Why, covering, deviate_in, new_variant, standing, without_deviation
from vliegwiel.catalogue.editing.kinds import InputKind
from vliegwiel.catalogue.editing.parts import Definition, trail
from vliegwiel.catalogue.editing.typing_in import inputs, value_of
from vliegwiel.catalogue.library import DEFINITIONS
from vliegwiel.catalogue.model import Variant
from vliegwiel.catalogue.resolve import layered_of, national

LEIDEN = (DEFINITIONS / "varianten" / "GM0546-leiden" / "bewonersparkeervergunning.yaml").read_text()
OWN = Why("werkwijze", "Zo werken wij.")


def test_a_new_variant_takes_a_first_deviation() -> None:
    text = new_variant("GM0546", "bewonersparkeervergunning", date(2026, 12, 1))
    text = deviate_in(text, ("pagina", "kosten"), node_of("Gratis: voor iedereen."), OWN)
    assert text.endswith(
        'afwijkingen:\n  - pad: pagina.kosten\n    waarde: "Gratis: voor iedereen."\n    soort: werkwijze\n'
        "    reden: Zo werken wij.\n"
    )
    variant = loads(text, Variant)
    assert [deviation.keys for deviation in variant.deviations] == [("pagina", "kosten")]


def test_a_deviation_in_the_same_place_is_replaced_and_the_rest_stays_to_the_letter() -> None:
    why = Why("verordening", "Nieuw tarief.", law="Verordening Leiden", article="3", verified=False)
    text = deviate_in(LEIDEN, ("pagina", "kosten"), node_of("€ 100 per jaar."), why)
    before, after = LEIDEN.split("\n"), text.split("\n")
    assert [line for line in before if line not in after] == [
        "    waarde: Het tarief van nu is niet gevonden. Bel ons als u het vooraf wilt weten.",
        "    reden: Het tarief van de eerste vergunning na 2021 is niet gevonden.",
        "    grondslag: {wet: Gemeentewet, artikel: 225 lid 8}",
    ]
    assert covering(text, ("pagina", "kosten")).why == why  # type: ignore[union-attr]


def test_a_change_inside_what_already_deviates_changes_that_deviation() -> None:
    path = ("stappen", "gebied", "velden", "zone", "label")
    above = covering(LEIDEN, path)
    assert above is not None
    text = deviate_in(LEIDEN, path, node_of("Mijn huis staat in"), above.why)
    assert len(standing(text)) == len(standing(LEIDEN))
    assert "        label: Mijn huis staat in\n" in text
    assert '{wet: Nadere voorschriften K.31.2 Leiden, artikel: "2", bron: leiden_regels}' in text


def test_a_deviation_goes_and_the_last_one_takes_the_list_along() -> None:
    text = deviate_in(new_variant("GM0546", "x", date(2026, 12, 1)), ("stukken", "leasebewijs"), None, OWN)
    assert "    vervalt: ja\n" in text
    assert without_deviation(text, ("stukken", "leasebewijs")) == new_variant("GM0546", "x", date(2026, 12, 1))
    with pytest.raises(NotFound):
        without_deviation(text, ("pagina", "kosten"))
    gone = without_deviation(LEIDEN, ("gegevens", "voertuig.soort"))
    assert len(standing(gone)) == len(standing(LEIDEN)) - 1
    assert set(gone.split("\n")) <= set(LEIDEN.split("\n"))


def test_every_place_of_a_product_has_a_label_an_input_and_what_fixes_it() -> None:
    layers = layered_of("GM0546", "bewonersparkeervergunning")
    found = Definition(layers.root, layers.origins, national("bewonersparkeervergunning").fixed)
    top = {part.key: part for part in found.parts((), empty=False)}
    assert top["stappen"].shape.kind is InputKind.ITEMS
    assert top["pagina"].origin == "producten/bewonersparkeervergunning.yaml"
    page = {part.key: part for part in found.parts(("pagina",))}
    assert page["nodig"].shape.kind is InputKind.LINES
    assert page["nodig"].text.startswith("DigiD.\n")
    assert page["kosten"].origin == "varianten/GM0546-leiden/bewonersparkeervergunning.yaml"
    term = found.part(("termijnen", "beslissen", "duur"))
    assert term is not None
    assert term.shape.kind is InputKind.SPAN
    assert str(term.fixed.basis) == "Algemene wet bestuursrecht, artikel 4:13"  # type: ignore[union-attr]
    zone = ("stappen", "gebied", "velden", "zone")
    assert next(item.name for item in found.items((*zone, "keuzes"))) == "Zone A (centrum)"
    assert (
        trail((*zone, "label"), layers.root)
        == "Vragen aan de inwoner › “In welk gebied ligt uw adres?” › Velden › “Mijn adres ligt in” › Vraag of opschrift"
    )
    assert found.shape((*zone, "verplicht")).kind is InputKind.FORMULA  # type: ignore[union-attr]
    assert as_value(found.node((*zone, "soort"))) == "keuze"  # type: ignore[arg-type]


def groups(found: Definition, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every place below a path that has a form."""
    shape = found.shape(path)
    assert shape is not None, path
    if shape.kind is InputKind.ITEMS:
        for item in found.items(path):
            yield from groups(found, item.path)
    elif shape.kind is InputKind.GROUP:
        yield path
        for part in found.parts(path, empty=False):
            if part.shape.kind in (InputKind.GROUP, InputKind.ITEMS):
                yield from groups(found, part.path)


@pytest.mark.parametrize("key", ["bewonersparkeervergunning", "alcoholvergunning", "bijstand"])
def test_what_a_form_shows_can_be_typed_back_and_says_the_same(key: str) -> None:
    layers = layered_of("GM0000", key)
    found = Definition(layers.root, layers.origins)
    seen = 0
    for top in found.parts((), empty=False):
        for path in groups(found, top.path):
            for one in inputs(found, path):
                stood = found.node((*path, *one.below))
                if stood is not None and one.value:
                    typed = value_of(one, one.value)
                    assert typed is not None
                    said, was = as_value(typed), as_value(stood)
                    assert said == (was.strip() if isinstance(was, str) else was), (path, one.below)
                    seen += 1
    assert seen > 300
