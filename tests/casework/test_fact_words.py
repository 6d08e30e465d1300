"""What a fact is called and how its value reads, on pages and in letters."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from vliegwiel.casework.facts import StoredFact
from vliegwiel.casework.facttext import fact_text
from vliegwiel.casework.letters import with_article
from vliegwiel.catalogue.model import Choice, Field, FieldKind
from vliegwiel.registers.facts import Value

MOMENT = datetime(2026, 11, 24, 11, tzinfo=UTC)
ZONE = Field("zone", FieldKind.KEUZE, "Zone", choices=(Choice("A", "Zone A (centrum)"),))


def said(value: Value, field: Field) -> str:
    return fact_text(StoredFact(field.key, value, "medewerker", MOMENT, ""), field)


def test_an_answer_reads_as_its_question_means_it() -> None:
    tariff = Field("tarief", FieldKind.GELD, "Tarief")
    assert said(Decimal("25.5"), tariff) == "€\u00a025,50"
    assert said(1050, tariff) == "€\u00a01.050,00"
    assert said("A", ZONE) == "Zone A (centrum)"
    assert said("16RSL9", Field("kenteken", FieldKind.KENTEKEN, "Kenteken")) == "16-RSL-9"


def test_a_choice_that_is_no_longer_there_stays_as_it_was_kept() -> None:
    assert said("Z", ZONE) == "Z"


def test_a_body_has_its_own_article() -> None:
    assert with_article("college van burgemeester en wethouders") == "het college van burgemeester en wethouders"
    assert with_article("burgemeester") == "de burgemeester"
    assert with_article("heffingsambtenaar") == "de heffingsambtenaar"
