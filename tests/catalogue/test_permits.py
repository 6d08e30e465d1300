"""Permits: one product takes the shape that the ordinance of a municipality gives it, and no judgement is passed over."""

from __future__ import annotations

from datetime import date

import pytest

from vliegwiel.catalogue.assess import Assessment, assess
from vliegwiel.catalogue.examples import facts_of
from vliegwiel.catalogue.model import by_key
from vliegwiel.catalogue.resolve import resolve
from vliegwiel.registers.facts import Value

TODAY = date(2026, 11, 24)
LEIDEN, ROTTERDAM, VOORST, PUTTEN, OVERBETUWE = "GM0546", "GM0599", "GM0285", "GM0273", "GM1734"


def decide(municipality: str, key: str, example: str, changed: dict[str, Value] | None = None) -> Assessment:
    definition = resolve(municipality, key, TODAY)
    facts = facts_of(definition, by_key(definition.examples, example), municipality) | (changed or {})
    judged = {name: value for name, value in facts.items() if isinstance(value, bool)}
    return assess(definition, facts, TODAY, judgements={k: v for k, v in judged.items() if k == "bezwaar_tegen_terras"})


def test_of_two_judgements_that_each_would_do_both_stay_open() -> None:
    """A long limit in walking or another serious one gives a card: with neither judged, nothing is decided yet."""
    definition = resolve(LEIDEN, "gehandicaptenparkeerkaart", TODAY)
    facts = facts_of(definition, by_key(definition.examples, "wacht_op_arts"), LEIDEN)
    got = assess(definition, facts, TODAY)
    assert set(got.conditional_on) == {"langdurig", "andere_ernstige_beperking"}
    settled = assess(definition, facts, TODAY, judgements={"langdurig": True})
    assert (settled.outcome, settled.conditional_on) == ("toekennen", ())


@pytest.mark.parametrize(
    ("municipality", "key", "example", "outcome"),
    [
        (LEIDEN, "evenementenvergunning", "straatfeest", "gemeld"),
        (VOORST, "evenementenvergunning", "straatfeest", "niet_nodig"),
        (LEIDEN, "evenementenvergunning", "springkussen", "toekennen"),
        (PUTTEN, "terrasvergunning", "langs_de_gevel", "gemeld"),
        (ROTTERDAM, "terrasvergunning", "langs_de_gevel", "toekennen"),
        (OVERBETUWE, "terrasvergunning", "eigen_tuin", "niet_nodig"),
    ],
)
def test_the_same_plan_takes_the_shape_of_its_municipality(
    municipality: str, key: str, example: str, outcome: str
) -> None:
    assert decide(municipality, key, example).outcome == outcome


def test_a_party_that_ends_after_midnight_ends_on_the_next_day() -> None:
    """Free in Voorst until midnight: with 60 people, 23:30 is free and 1:00 is not."""
    small: dict[str, Value] = {"bezoekers_totaal": 60}
    free = decide(VOORST, "evenementenvergunning", "nog_niet_gewogen", small | {"eindtijd": "23:30"})
    late = decide(VOORST, "evenementenvergunning", "nog_niet_gewogen", small | {"eindtijd": "01:00"})
    assert (free.outcome, late.outcome) == ("niet_nodig", "gemeld")
