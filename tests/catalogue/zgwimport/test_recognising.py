"""Case types that are disguised copies of a few processes are seen through: how many there really are, and which is which.

`VLIEGWIEL_DISGUISES=20` looks at that many more catalogues of 200 case types, made up by chance.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.catalogue.zgwimport.disguises import PROCESSES, Disguised, disguise
from tests.catalogue.zgwimport.ours import exported
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.catalogue import selectielijst
from vliegwiel.catalogue.model import Resolved
from vliegwiel.catalogue.resolve import library, resolve
from vliegwiel.catalogue.zgwimport.archive import read_archive
from vliegwiel.catalogue.zgwimport.foreign import ForeignCaseType, ForeignStatus
from vliegwiel.catalogue.zgwimport.known import known_patterns
from vliegwiel.catalogue.zgwimport.likeness import fit, likeness_matrix
from vliegwiel.catalogue.zgwimport.recognising import Recognition, recognise
from vliegwiel.catalogue.zgwimport.resources import Reading
from vliegwiel.catalogue.zgwimport.signature import signature_of

IDS = {one.nummer: one.id for one in selectielijst.procestypen()}
MORE = int(os.environ.get("VLIEGWIEL_DISGUISES", "0"))


def looked_at(made: Disguised) -> Recognition:
    return recognise(read_archive(made.archive()), library())


def share_right(found: Recognition, made: Disguised) -> tuple[float, float]:
    """How many case types have the right pattern, and how many are in the group of their own process."""
    truth = [made.truth[one.case.identification] for one in found.case_types]
    pattern = sum(one.pattern == real for one, real in zip(found.case_types, truth, strict=True))
    grouped = sum(Counter(truth[place] for place in one.members).most_common(1)[0][1] for one in found.processes)
    return pattern / len(truth), grouped / len(truth)


@pytest.mark.parametrize("leave_out", ["aanvraag", "melding"])
def test_two_hundred_disguised_case_types_are_seven_processes(leave_out: str) -> None:
    made = disguise(200, 2026, leave_out=leave_out, process_types=IDS)
    found = looked_at(made)
    pattern, grouped = share_right(found, made)
    assert len(found.processes) == 7
    assert {one.pattern for one in found.processes} == {one.key for one in PROCESSES} - {leave_out}
    assert min(pattern, grouped) >= 0.9, (pattern, grouped)


@pytest.mark.skipif(not MORE, reason="VLIEGWIEL_DISGUISES says how many more")
@pytest.mark.parametrize("seed", range(MORE))
def test_other_disguises_are_seen_through_as_well(seed: int) -> None:
    made = disguise(200, seed, leave_out=random.Random(seed).choice(PROCESSES).key, process_types=IDS)
    found = looked_at(made)
    pattern, grouped = share_right(found, made)
    print(f"seed {seed}: {len(found.processes)} processes, pattern {pattern:.1%}, grouped {grouped:.1%}")
    assert len(found.processes) == 7
    assert min(pattern, grouped) >= 0.9


def test_case_types_of_one_process_are_one_process() -> None:
    made = disguise(200, 7, process_types=IDS)
    reading = read_archive(made.archive())
    only = tuple(case for case in reading.case_types if made.truth[case.identification] == "vergunning")
    found = recognise(Reading(only), library())
    assert [one.pattern for one in found.processes] == ["vergunning"]


def test_nothing_and_one_case_type_can_be_looked_at() -> None:
    assert recognise(Reading(()), library()).processes == ()
    alone = ForeignCaseType("Behandelen bezwaar", statuses=(ForeignStatus("Hoorzitting", 1),))
    found = recognise(Reading((alone,)), library())
    assert [one.pattern for one in found.case_types] == ["bezwaar"]


def test_another_order_of_steps_and_other_codes_change_nothing() -> None:
    made = disguise(15, 3, process_types=IDS)
    for case in read_archive(made.archive()).case_types:
        turned = replace(case, name=f"Z9.1 {case.name}", statuses=tuple(reversed(case.statuses)))
        assert signature_of(turned).key == signature_of(case).key


def test_likeness_is_symmetric_between_zero_and_one_and_one_to_oneself() -> None:
    made = disguise(30, 5, process_types=IDS)
    matrix = likeness_matrix([signature_of(case) for case in read_archive(made.archive()).case_types])
    assert (matrix == matrix.T).all()
    assert matrix.min() >= 0.0
    assert matrix.max() <= 1.0
    assert (matrix.diagonal() == 1.0).all()


def own_definitions() -> list[Resolved]:
    found = []
    for key in library().products():
        try:
            found.append(resolve("GM0000", key, date(2026, 11, 24)))
        except SourceInvalid:
            continue
    return found


def test_our_own_case_types_come_back_as_their_own_product_and_pattern() -> None:
    definitions = own_definitions()
    made = exported(definitions)
    found = looked_at(made)
    patterns = {one.key: one.pattern.key for one in definitions}
    uris = {one.key: one.upl.uri for one in definitions}
    for one in found.case_types:
        # Two of our products may share one UPL name; each is right for the other then.
        assert one.product is not None
        assert one.product.upl_uri == uris[made.truth[one.case.identification]]
    # Two products may share one UPL name and run on different patterns.
    right = sum(one.pattern == patterns[made.truth[one.case.identification]] for one in found.case_types)
    assert right >= 0.95 * len(definitions), f"{right} van {len(definitions)}"


# What a person who knows the field says these real lists of statuses are. The stadspas, the support for entrepreneurs and
# the Wmo are requests for a provision.
REAL = {
    "Aanvraag financiële ondersteuning ondernemers behandelen": "aanvraag",
    "Aanvraag stadspas": "aanvraag",
    "Dimpact bezwaar (Emmen)": "bezwaar",
    "Dimpact subsidie verkort (Assen)": "subsidie",
    "GZAC Basisprocessen vergunningsaanvraag": "vergunning",
    "Dimpact evenementen vooroverleg": "vergunning",
    "Amsterdam Wmo": "aanvraag",
    "Amsterdam klachten": "klacht",
}


@pytest.mark.shared
def test_real_lists_of_statuses_find_their_pattern(shared: Path) -> None:
    facts = yaml.safe_load((shared / "reference/local-facts/generieke-processen.yaml").read_text())
    patterns = {one.key: one.signature for one in known_patterns(library())}
    seen = {}
    for real in facts["statuslijsten"]:
        name = next((n for n in (real.get("zaaktype"), real["bron"]) if n in REAL), None)
        if name is None:
            continue
        steps = [*real.get("statussen", ()), *real.get("taken", ())]
        case = ForeignCaseType(name, statuses=tuple(ForeignStatus(step, n) for n, step in enumerate(steps, 1)))
        signature = signature_of(case)
        seen[name] = max(patterns, key=lambda key: fit(signature, patterns[key]))
    assert seen.keys() == REAL.keys()
    assert sum(seen[name] == REAL[name] for name in REAL) >= len(REAL) - 1, seen
