"""What a law takes: its own data, and those of the laws it uses."""

from __future__ import annotations

from datetime import date

from vliegwiel.catalogue.lawbook import data_names, judgement_names

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
