"""What a law takes: its own data, those of the laws it uses, and nothing that is known for a part only."""

from __future__ import annotations

from datetime import date

from vliegwiel.catalogue.conditions import unknown_in
from vliegwiel.catalogue.lawbook import data_names, judgement_names
from vliegwiel.law.feel.values import Unknown, Value

ON = date(2026, 11, 24)


def test_the_data_of_a_law_that_is_used_count_too() -> None:
    """Bijzondere bijstand compares an income with the norm of algemene bijstand, which needs to know who live together."""
    assert {"kosten", "huisgenoten", "in_inrichting"} <= data_names("bijzondere_bijstand", None, ON)


def test_an_ordinance_adds_its_own_data_where_it_holds() -> None:
    assert "gekozen_vervoer" in data_names("wet_primair_onderwijs", "GM0606", ON)
    assert "gekozen_vervoer" not in data_names("wet_primair_onderwijs", "GM0233", ON)


def test_a_judgement_of_a_law_that_is_used_is_a_judgement() -> None:
    """Whether somebody cannot pay the contribution stands in the Uitvoeringsbesluit, which the Wmo uses."""
    assert "kan_niet_betalen" in judgement_names("wmo", None, ON)
    assert "kan_niet_betalen" not in data_names("wmo", None, ON)


def test_what_is_not_known_deep_in_a_list_is_found() -> None:
    """Of one person in a house it is not known yet whether he studies: the law has no name for that, so the list waits."""
    asked = Unknown(frozenset({"studerenden"}))
    people: list[Value] = [{"naam": "Jan", "studeert": asked}, {"naam": "Mila", "studeert": True}]
    assert unknown_in(people) == {"studerenden"}
    known: list[Value] = [{"naam": "Jan", "studeert": None}]
    assert unknown_in(known) == frozenset()
