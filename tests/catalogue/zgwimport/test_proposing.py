"""What an import proposes is a definition that stands: only real differences, no legal term, nothing that national law fixes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import msgspec

from tests.catalogue.zgwimport.disguises import disguise
from vliegwiel.base.sourcefile import MapNode, SourceInvalid, parse_source
from vliegwiel.catalogue.model import Product
from vliegwiel.catalogue.resolve import library, national, resolve
from vliegwiel.catalogue.texts import with_text
from vliegwiel.catalogue.zgwimport.archive import read_archive
from vliegwiel.catalogue.zgwimport.drafting import product_text, variant_text
from vliegwiel.catalogue.zgwimport.foreign import ForeignCaseType, ForeignProperty, ForeignResult, ForeignStatus
from vliegwiel.catalogue.zgwimport.products import ProductMatch
from vliegwiel.catalogue.zgwimport.proposing import Kind, Proposal, propose
from vliegwiel.catalogue.zgwimport.recognising import Recognised
from vliegwiel.catalogue.zgwimport.report import as_data, as_markdown, report_on

HOSTILE = 'Stap "x": {y} \\ # & * | > % @ ` \x00 \u2028 \U0001f600 ' + "ë" * 200


def recognised(case: ForeignCaseType, product: Product) -> Recognised:
    match = ProductMatch(product.key, product.name, product.pattern.key, product.upl.name, product.upl.uri, 1.0)
    return Recognised(case, 1, product.pattern.key, 0.9, "melding", True, match)


def proposal(case: ForeignCaseType, key: str = "individuele-inkomenstoeslag") -> Proposal:
    product = national(key)
    return propose(recognised(case, product), library(), product)


def statuses(*names: str) -> tuple[ForeignStatus, ...]:
    return tuple(ForeignStatus(name, number, final=number == len(names)) for number, name in enumerate(names, 1))


def products() -> list[str]:
    found = []
    for key in library().products():
        try:
            national(key)
        except SourceInvalid:
            continue
        found.append(key)
    return found


def test_other_words_for_the_same_steps_are_no_deviation() -> None:
    made = proposal(
        ForeignCaseType(
            "Toeslag", statuses=statuses("Nieuw", "Wordt beoordeeld", "Informatieverzoek uitgezet", "Gesloten")
        )
    )
    assert made.deviations == ()
    assert {step.kind for step in made.steps} == {Kind.WORDS}
    assert "proces.statussen.meer_informatie.naam" in {one.path for one in made.wordings}


def test_an_extra_step_becomes_an_optional_task_with_a_question() -> None:
    made = proposal(
        ForeignCaseType("Toeslag", statuses=statuses("Ontvangen", "Screening Bureau Sociale Recherche", "Afgehandeld"))
    )
    assert [one.path for one in made.deviations] == ["proces.taken.screening_bureau_sociale_recherche"]
    assert "optioneel: ja" in made.deviations[0].value
    assert any("Screening Bureau" in question for question in made.questions)


def test_a_term_is_never_taken_over_but_asked() -> None:
    for term, says in (("P30W", "Waarop rust"), ("P14D", "levertijd")):
        made = proposal(ForeignCaseType("Toeslag", term=term, statuses=statuses("Ontvangen", "Afgehandeld")))
        assert not any(one.path.startswith("termijnen") for one in (*made.deviations, *made.wordings))
        assert any(says in question for question in made.questions)


def test_what_national_law_fixes_is_not_proposed_and_the_article_is_named() -> None:
    product = national("individuele-inkomenstoeslag")
    shut = replace(product, fixed=(*product.fixed, replace(product.fixed[0], path="uitkomsten.weigeren.naam")))
    case = ForeignCaseType("Toeslag", results=(ForeignResult("Afgewezen aanvraag"),))
    made = propose(recognised(case, product), library(), shut)
    assert not any(one.path.startswith("uitkomsten.weigeren") for one in made.wordings)
    assert any("artikel" in sentence for sentence in made.fixed)


def test_what_is_recorded_without_being_asked_becomes_a_question() -> None:
    made = proposal(
        ForeignCaseType("Toeslag", properties=(ForeignProperty("schoenmaat", "Schoenmaat van de aanvrager"),))
    )
    assert any("'schoenmaat'" in question for question in made.questions)


def test_every_product_can_take_the_variant_that_is_proposed_for_it() -> None:
    made = disguise(60, 4)
    cases = read_archive(made.archive()).case_types
    for place, key in enumerate(products()):
        product = national(key)
        case = replace(
            cases[place % len(cases)], statuses=(*cases[place % len(cases)].statuses, ForeignStatus(HOSTILE, 99))
        )
        text = variant_text(
            propose(recognised(case, product), library(), product),
            "GM0995",
            HOSTILE,
            "2026-01-01",
            own_words=place % 2 == 0,
        )
        resolved = resolve(
            "GM0995", key, date(2026, 11, 24), among=with_text(library(), "variant", key, text, "GM0995")
        )
        assert resolved.municipality == "GM0995"


def test_the_beginning_of_a_product_can_be_read_and_names_its_pattern() -> None:
    report = report_on(read_archive(disguise(12, 9).archive()), library())
    for one, made in zip(report.recognition.case_types, report.proposals, strict=True):
        root = parse_source(product_text(one, made), "begin").root
        assert isinstance(root, MapNode)
        assert root.get("patroon") is not None


def test_the_report_tells_how_many_processes_there_are_and_what_to_look_at() -> None:
    report = report_on(read_archive(disguise(42, 11).archive()), library())
    text = as_markdown(report, "proef")
    assert "42 zaaktypen, 7 echt verschillende processen." in text
    for heading in ("## Proces 1:", "## Hoe dit is bepaald"):
        assert heading in text
    data = json.loads(msgspec.json.encode(as_data(report)))
    assert len(data["processen"]) == 7
    assert len(data["per_zaaktype"]) == 42


def test_an_empty_import_reads_well_too() -> None:
    report = report_on(read_archive(disguise(1, 1).archive()), library())
    assert "1 zaaktype, 1 echt proces." in as_markdown(report, "klein")
