"""Patterns: with every opening open, closed, or alone, each part can come up and each path ends; mistakes are told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.catalogue.check.patterns import opened, pattern_findings
from vliegwiel.catalogue.check.process import endings
from vliegwiel.catalogue.course import CaseState, course
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.model import Pattern
from vliegwiel.catalogue.paths import paths
from vliegwiel.catalogue.resolve import library, pattern_of

PATTERNS = {key: pattern_of(key)[0] for key in library().patterns()}
CHANNELS = ("internet", "balie")


def test_there_is_a_pattern_for_each_kind_of_process() -> None:
    assert set(PATTERNS) == {
        "aanvraag", "vergunning", "melding", "bezwaar", "toezicht", "subsidie", "klacht", "verstrekking",
    }  # fmt: skip


@pytest.mark.parametrize("key", PATTERNS)
def test_a_pattern_has_no_mistakes(key: str) -> None:
    assert pattern_findings(library(), key) == []


@given(data=st.data())
def test_any_choice_of_openings_gives_a_process_whose_paths_all_end(data: st.DataObject) -> None:
    pattern = PATTERNS[data.draw(st.sampled_from(sorted(PATTERNS)))]
    slots = data.draw(st.sets(st.sampled_from([slot.key for slot in pattern.slots])))
    found = paths(opened(pattern.process, slots), endings(pattern.outcomes), CHANNELS)
    assert found.whole
    assert found.stuck is None


@given(data=st.data())
def test_whoever_acts_at_random_comes_to_an_end(data: st.DataObject) -> None:
    """A walk that never looks at the search: it does what is open, in any order, and always gets there."""
    pattern = PATTERNS[data.draw(st.sampled_from(sorted(PATTERNS)))]
    slots = data.draw(st.sets(st.sampled_from([slot.key for slot in pattern.slots])))
    process = opened(pattern.process, slots)
    outcomes = endings(pattern.outcomes)
    state = CaseState()
    for _ in range(3 * len(process.tasks) + 5):
        at = course(process, state)
        if at.ended:
            return
        todo = [process.task(key) for key in at.tasks if key not in (*state.gedaan, *state.verlopen)]
        assert todo, f"{pattern.key}: nothing to do in {state}"
        task = data.draw(st.sampled_from(todo))
        if task.kind == "besluit":
            outcome, grants = data.draw(st.sampled_from(outcomes))
            state = replace(state, besluit=outcome, toegekend=grants)
        elif task.kind == "wachten" and not process.wait(task.wait).full and data.draw(st.booleans()):
            state = replace(state, verlopen=(*state.verlopen, task.key))
        else:
            state = replace(state, gedaan=(*state.gedaan, task.key))
    assert course(process, state).ended


def permit(*slots: str) -> Pattern:
    pattern = PATTERNS["vergunning"]
    return replace(pattern, process=opened(pattern.process, slots))


def test_a_case_that_asked_for_advice_waits_for_it_before_the_decision() -> None:
    process = permit("advies").process
    state = CaseState()
    assert course(process, state).tasks == ("advies_vragen",)
    at = course(process, replace(state, gedaan=("advies_vragen",)))
    assert (at.tasks, at.wait, at.status) == (("advies",), "advies", "wacht_op_advies")
    for done in (
        CaseState(gedaan=("advies_vragen", "advies")),
        CaseState(gedaan=("advies_vragen",), verlopen=("advies",)),
    ):
        at = course(process, done)
        assert (at.tasks, at.wait, at.status) == (("besluiten",), "", "in_behandeling")


def test_a_question_to_the_citizen_comes_before_waiting_for_somebody_else() -> None:
    process = permit("advies").process
    at = course(process, CaseState(gedaan=("advies_vragen",), compleet=False, wacht="aanvulling"))
    assert (at.wait, at.status) == ("aanvulling", "meer_informatie")


def test_a_permit_holds_only_when_the_time_to_object_is_over() -> None:
    process = permit("bezwaartermijn").process
    granted = CaseState(besluit="toekennen", toegekend=True)
    assert course(process, granted).status == "bezwaar_kan_nog"
    assert course(process, replace(granted, gedaan=("bezwaartermijn",))).ended
    assert course(process, CaseState(besluit="weigeren")).ended


def test_supervision_looks_again_whether_or_not_the_offender_spoke() -> None:
    pattern = PATTERNS["toezicht"]
    process = opened(pattern.process, ["herstel"])
    acted = CaseState(besluit="handhaven", toegekend=True, gedaan=("controle",))
    assert course(process, acted).wait == "herstel"
    for state in (replace(acted, verlopen=("hersteltijd",)), replace(acted, gedaan=("controle", "hersteltijd"))):
        assert course(process, state).tasks == ("hercontrole",)


# --- mistakes ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """Change a text in a pattern or block, and give what is found in the pattern `vergunning`."""
    for folder in ("patronen", "blokken"):
        shutil.copytree(DEFINITIONS / folder, tmp_path / folder)

    def change(file: str, old: str, new: str) -> list[str]:
        path = tmp_path / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return [str(finding) for finding in pattern_findings(Library(tmp_path), "vergunning")]

    return change


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("blokken/advies.yaml", "wacht: advies,", "wacht: adviezen,", "Bedoelt u 'advies'?"),
        ("blokken/advies.yaml", 'als: wacht = "advies", ', "", "is de status nooit"),
        ("blokken/advies.yaml", "na: 2 weken", "na: 3 weken", "gaat dan nooit op tijd af"),
        ("blokken/advies.yaml", "termijn: 5 werkdagen, begint_als: compleet", "begint_als: compleet", "Hier mist 'termijn'"),
        ("blokken/advies.yaml", 'list contains(gedaan, "advies_vragen")', "false", "komt op geen enkel pad"),
        ("blokken/bekendmaken.yaml", 'list contains(gedaan, "publiceren")', "false", "Een pad loopt dood"),
        ("blokken/bekendmaken.yaml", "loopt_vol: ja", "loopt_vol: misschien", "loopt_vol"),
        ("blokken/behandelen.yaml", "klaar_als: besluit != null or ingetrokken", "klaar_als: besluit != null", "loopt dood"),
        ("blokken/behandelen.yaml", "besluit != null or", "beslissing != null or", "bestaat hier niet"),
        ("blokken/behandelen.yaml", "vanaf: wachten, van: aanvulling", "vanaf: besluit, vooraf: ja", "'vooraf' kan alleen"),
        ("blokken/behandelen.yaml", "doet: herinneren", "doet: afsluiten", "alleen af als er al is besloten"),
        ("blokken/afronden.yaml", "rol: behandelaar", "rol: behandelar", "Bedoelt u 'behandelaar'?"),
        ("patronen/vergunning.yaml", "begint_als: voorbereid", "begint_als: voorbereid and not(compleet)", "loopt dood"),
        ("patronen/vergunning.yaml", "{blok: advies}", "{blok: adviezen}", "bestaat niet"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_what_to_do(
    spoiled: Callable[[str, str, str], list[str]], file: str, old: str, new: str, said: str
) -> None:
    findings = spoiled(file, old, new)
    assert any(said in finding for finding in findings), findings
    assert all(finding.startswith(("blokken/", "patronen/")) for finding in findings)


def test_a_process_with_too_many_states_is_refused(spoiled: Callable[[str, str, str], list[str]]) -> None:
    many = "".join(
        f"  - {{sleutel: los_{n}, naam: Los {n}, fase: behandeling, rol: behandelaar, termijn: 1 dag}}\n"
        for n in range(24)
    )
    findings = spoiled("blokken/besluiten.yaml", "taken:\n", f"taken:\n{many}")
    assert any("toestanden" in finding for finding in findings), findings


def test_the_format_page_names_every_pattern_with_its_openings() -> None:
    page = (Path(__file__).parents[2] / "docs" / "definitieformaat.md").read_text("utf-8")
    for key, pattern in PATTERNS.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{key}` |"))
        told = set(line.split("|")[3].split("`")[1::2])
        assert told == {slot.key for slot in pattern.slots}, key
