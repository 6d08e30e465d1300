"""Texts: every letter and page can be filled in, nothing is left open, the tone is ours."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.errors import NotFound
from vliegwiel.catalogue import selectielijst
from vliegwiel.catalogue.case_type import MOST, zaaktype
from vliegwiel.catalogue.check import run_example
from vliegwiel.catalogue.check.texts import page_texts
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.examples import facts_of
from vliegwiel.catalogue.known import fields_shown, known, steps_shown
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.catalogue.pricing import fee
from vliegwiel.catalogue.resolve import library, resolve
from vliegwiel.catalogue.wording import (
    GENERATED,
    NAMES,
    NotFilled,
    malformed,
    paragraphs,
    placeholders,
    render,
    render_known,
)

TODAY = date(2026, 11, 24)
ALL = [(m, k) for m in library().municipalities() for k in library().variants_of(m)]
EVERY_CASE = {name: f"({name})" for name in NAMES}


def letter(definition: Resolved, example_key: str) -> list[str]:
    """The texts of the letter that an example leads to, filled in with what the law said."""
    example = next(example for example in definition.examples if example.key == example_key)
    got = run_example(definition, example)
    if got.outcome is None:
        return []
    facts = facts_of(definition, example, definition.municipality)
    said = {wanted.key: got.decision.outcomes[wanted.rule].text for wanted in definition.law.rules}
    blocks = [key for key in definition.outcome(got.outcome).letter if key not in GENERATED]
    names = {**facts, **got.results}
    texts = [definition.text(key) for key in blocks]
    return [render(text, {**EVERY_CASE, **said}) for text in texts if holds(text.when, names)]


@pytest.mark.parametrize(("municipality", "key"), ALL)
def test_every_letter_of_every_example_is_filled_in(municipality: str, key: str) -> None:
    definition = resolve(municipality, key, TODAY)
    for example in definition.examples:
        for text in letter(definition, example.key):
            assert "{" not in text
            assert "}" not in text
            assert paragraphs(text)


@pytest.mark.parametrize(("municipality", "key"), ALL)
def test_every_page_is_filled_in_and_in_our_tone(municipality: str, key: str) -> None:
    definition = resolve(municipality, key, TODAY)
    price = fee(definition, TODAY).text
    for path, text in page_texts(definition):
        shown = render(text, {"kosten": price})
        assert "{" not in shown, path
        assert not re.search(r"helaas|!", shown, re.IGNORECASE), path
        for sentence in re.split(r"(?<=[.?])\s", shown):
            assert len(sentence.split()) <= 25, f"{path}: {sentence}"


def test_a_letter_says_how_to_object_and_a_refusal_says_why() -> None:
    definition = resolve("GM0546", "rijbewijs-verlengen", TODAY)
    assert "bezwaar_tot" in placeholders(definition.text("bezwaar").body)
    refusal = definition.outcome("weigeren").letter
    assert {"waarom", "bezwaar", "wat_maakt_het_anders"} <= set(refusal)


def test_a_text_with_a_missing_value_is_refused_not_printed() -> None:
    with pytest.raises(NotFilled) as refused:
        render("Tot {bezwaar_tot}, {naam}.", {"naam": "x"})
    assert refused.value.names == ("bezwaar_tot",)
    assert render_known("U betaalt {kosten}.", {}, "niets") == "U betaalt niets."


@given(st.text(max_size=200), st.dictionaries(st.text(max_size=5), st.text(max_size=20)))
def test_filling_in_never_looks_at_what_was_filled_in(text: str, values: dict[str, str]) -> None:
    shown = render("{a} en {a}", {**values, "a": text})
    assert shown == f"{text} en {text}"
    assert malformed("{") is True
    assert malformed("{naam}") is False


# --- the form -------------------------------------------------------------------------------------------------------------


def keys(definition: Resolved, facts: dict[str, object]) -> list[str]:
    return [step.key for step in steps_shown(definition, facts)]  # type: ignore[arg-type]


def test_a_page_is_asked_only_when_its_question_matters() -> None:
    definition = resolve("GM0546", "individuele-inkomenstoeslag", TODAY)
    facts = {"persoon.geboortedatum": date(1990, 1, 1), "vandaag": TODAY}
    assert "aow" not in keys(definition, {**facts})
    assert "aow" in keys(definition, {**facts, "persoon.geboortedatum": date(1960, 1, 1)})
    assert "studie" in keys(definition, {**facts})
    assert "studie" not in keys(resolve("GM0547", "individuele-inkomenstoeslag", TODAY), {**facts})


def test_a_question_stands_in_for_a_register_that_is_silent() -> None:
    definition = resolve("GM0546", "bewonersparkeervergunning", TODAY)
    assert "houder" not in keys(definition, {"voertuig.op_naam": True})
    assert "houder" in keys(definition, {"voertuig.op_naam": False})
    assert "houder" in keys(definition, {})
    assert "houder" in keys(definition, {"voertuig.op_naam": None})


def test_a_question_that_was_left_empty_is_known_to_be_nothing() -> None:
    definition = resolve("GM0546", "verhuizing-doorgeven", TODAY)
    base = {"municipality": "GM0546", "channel": "internet", "today": TODAY}
    assert "mee" not in known(definition, **base)  # type: ignore[arg-type]
    found = known(definition, answered=("meeverhuizers",), **base)  # type: ignore[arg-type]
    assert found["mee"] is None


@pytest.mark.parametrize(("municipality", "key"), ALL)
def test_every_page_of_the_form_has_one_question_and_every_field_says_what_to_do(municipality: str, key: str) -> None:
    definition = resolve(municipality, key, TODAY)
    for step in definition.steps:
        assert step.title.endswith("?")
        # One question, that may take a few boxes: of a partner, of what living costs.
        assert len(step.fields) <= 6, f"{step.key}: splits deze bladzijde"
        for field in step.fields:
            optional = field.required is not None and field.required.text == "nee"
            assert optional or field.empty or field.kind is FieldKind.BESTAND, f"{step.key}.{field.key}"
    assert fields_shown(definition, definition.steps[-1], {})


# --- the zaaktype ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("municipality", "key"), ALL)
def test_every_product_is_a_zgw_zaaktype(municipality: str, key: str) -> None:
    definition = resolve(municipality, key, TODAY)
    made = zaaktype(definition)
    assert made == zaaktype(definition)
    assert made.identificatie == f"{municipality}-{key}"
    assert made.producten_of_diensten == (definition.upl_uri,)
    assert made.doorlooptijd == definition.terms.decide.span.iso()
    assert made.indicatie_intern_of_extern == "extern"
    assert [status.volgnummer for status in made.statustypen] == list(range(1, len(made.statustypen) + 1))
    assert [status.is_eindstatus for status in made.statustypen].count(True) == 1
    assert made.statustypen[-1].is_eindstatus
    assert {role.omschrijving_generiek for role in made.roltypen} >= {"initiator", "behandelaar", "beslisser"}
    assert len(made.identificatie) <= MOST["identificatie"]
    assert all(len(result.omschrijving) <= MOST["resultaattype"] for result in made.resultaattypen)
    assert all(len(item.naam) <= MOST["eigenschap"] for item in made.eigenschappen)
    assert len({item.naam for item in made.eigenschappen}) == len(made.eigenschappen)


def test_result_words_and_retention_follow_from_the_selectielijst() -> None:
    made = {result.key: result for result in zaaktype(resolve("GM0546", "rijbewijs-verlengen", TODAY)).resultaattypen}
    granted = made["toekennen"]
    assert (granted.omschrijving, granted.omschrijving_generiek) == ("Verlengd", "Geleverd")
    assert (granted.archiefnominatie, granted.archiefactietermijn) == ("vernietigen", "P1Y")
    assert granted.afleidingswijze == "vervaldatum_besluit"
    assert made["ingetrokken"].omschrijving_generiek == "Afgebroken"
    supplement = zaaktype(resolve("GM0546", "individuele-inkomenstoeslag", TODAY))
    stopped = next(result for result in supplement.resultaattypen if result.key == "niet_behandelen")
    assert stopped.archiefactietermijn == "P42D"
    for number in ("5.1.6", "7.1.7", "8.1", "11.1"):
        assert selectielijst.resultaat(number).geverifieerd
    with pytest.raises(NotFound):
        selectielijst.resultaat("99.9")


def test_a_result_whose_number_is_a_guess_says_so() -> None:
    made = {r.key: r for r in zaaktype(resolve("GM0546", "bewonersparkeervergunning", TODAY)).resultaattypen}
    assert not made["toekennen"].verified
    assert made["weigeren"].verified
