"""Instances of Kim et al.: read strictly, solved within the rules, judged by a validator that sees every broken rule."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.cli import execute
from vliegwiel.rounds.benchmark.reading import InstanceInvalid, parse, problem_of
from vliegwiel.rounds.benchmark.running import Outcome, Unsolved, least_vehicles, run
from vliegwiel.rounds.benchmark.validator import Called, Checker

HEADER = """280 // vehicle capacity (yards)
400 // yards a day
40 // stops a day
3600 // lunch
40 // mph
id x y early late service load type
"""


def instance(stops: int, seed: int = 1, *, settings: str = HEADER, service: tuple[int, int] = (60, 400)) -> str:
    """A town like those of the published instances: clusters of shops, some only in the morning, two disposal sites."""
    dice = np.random.default_rng(seed)
    centres = dice.uniform(0, 60_000, (max(2, stops // 20), 2))
    points = centres[dice.integers(0, len(centres), stops)] + dice.normal(0, 4000, (stops, 2))
    lines = ["0 30000 30000 500 1800 0 0 0"]
    for n, (x, y) in enumerate(points, 1):
        closes = "1500" if dice.random() < 0.7 else "1000"
        lines.append(f"{n} {int(x)} {int(y)} 600 {closes} {dice.integers(*service)} {dice.integers(5, 18)} 1")
    lines += [f"{stops + 1} 5000 40000 500 1730 900 0 2", f"{stops + 2} 50000 10000 500 1730 900 0 2"]
    return settings + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def solved() -> tuple[str, Outcome]:
    text = instance(60, service=(900, 1400))
    return text, run(text, seconds=4, processes=1)


def test_a_plan_keeps_all_rules_and_the_validator_agrees(solved: tuple[str, Outcome]) -> None:
    text, outcome = solved
    assert outcome.verdict.valid, outcome.verdict.violations
    assert sum(len(route.stops) for route in outcome.routes) == 60
    assert outcome.verdict.vehicles >= least_vehicles(parse(text))
    assert outcome.verdict.miles * 5280 == pytest.approx(sum(route.metres for route in outcome.routes), rel=1e-9)


def calls(text: str, outcome: Outcome) -> list[list[Called]]:
    tips = {f"stort-{n}": str(61 + n) for n in range(2)}
    words = {"vertrek": "depot", "terug": "depot", "legen": "stop", "storten": "tip", "pauze": "lunch"}
    return [
        [Called(words[a.doing.value], tips.get(a.key, a.key), a.begins, a.ends) for a in route.activities]
        for route in outcome.routes
    ]


def test_the_validator_sees_every_broken_rule(solved: tuple[str, Outcome]) -> None:
    text, outcome = solved
    right = calls(text, outcome)
    checker = Checker(text)
    at_lunch = next(n for n, called in enumerate(right) if any(call.what == "lunch" for call in called))
    right = [right.pop(at_lunch), *right]
    first = right[0]
    stop = next(n for n, call in enumerate(first) if call.what == "stop")

    def said(changed: list[Called], using: Checker = checker) -> str:
        return " | ".join(using.check([changed, *right[1:]]).violations)

    def but(n: int, **values: object) -> list[Called]:
        return [*first[:n], replace(first[n], **values), *first[n + 1 :]]  # type: ignore[arg-type]

    assert said(first) == ""
    assert "not visited" in said([*first[:stop], *first[stop + 1 :]])
    assert "visited 2 times" in said([*first[: stop + 1], *first[stop:]])
    assert "cannot begin" in said(but(stop + 1, begins=first[stop].ends, ends=first[stop].ends))
    assert "too short at stop" in said(but(stop, ends=first[stop].begins))
    assert "outside its window" in said(but(stop, begins=5 * 3600))
    assert "does not exist" in said(but(stop, site="999"))
    assert "without tipping" in said([call for call in first if call.what != "tip"])
    assert "start and end at the depot" in said(first[1:])
    assert "before the depot opens" in said(but(0, begins=0))
    assert "no lunch" in said([call for call in first if call.what != "lunch"])
    lunch = next(n for n, call in enumerate(first) if call.what == "lunch")
    assert "another time" in said(but(lunch, begins=13 * 3600))
    assert "too short a lunch" in said(but(lunch, ends=first[lunch].begins + 60))
    assert "lunch twice" in said([*first[: lunch + 1], *first[lunch:]])
    assert "too full" in said(first, Checker(text.replace("280 //", "20 //")))
    assert "more yards" in said(first, Checker(text.replace("400 //", "30 //")))
    assert "more stops" in said(first, Checker(text.replace("40 // stops", "3 // stops")))


def test_the_smallest_instance_is_solved_and_an_impossible_one_is_said_to_be() -> None:
    outcome = run(instance(1), seconds=2, processes=1)
    assert outcome.verdict.valid, outcome.verdict.violations
    assert outcome.verdict.vehicles == 1
    with pytest.raises(Unsolved):
        run(instance(3).replace("1730", "501"), seconds=2, processes=1)


def test_limits_of_the_day_are_kept_though_the_solver_does_not_know_them() -> None:
    text = instance(30, settings=HEADER.replace("40 // stops", "8 // stops"))
    outcome = run(text, seconds=4, processes=1)
    assert outcome.verdict.valid, outcome.verdict.violations
    assert max(len(route.stops) for route in outcome.routes) <= 8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("280 //", "-1 //", "niet negatief"),
        ("280 //", "veel //", "geen getal"),
        ("280 //", "0 //", "groter dan nul"),
        ("0 30000 30000 500 1800 0 0 0\n", "", "precies één depot"),
        ("0 30000 30000 500 1800 0 0 0", "0 30000 30000 1800 500 0 0 0", "sluit voor"),
        ("0 30000 30000 500 1800 0 0 0", "0 30000 30000 570 1800 0 0 0", "geen tijd"),
        ("0 30000 30000 500 1800 0 0 0", "0 30000 30000 500 1800 0 0", "acht getallen"),
        ("0 30000 30000 500 1800 0 0 0", "0 30000 30000 500 1800 0 0 7", "de soort is"),
        ("0 30000 30000", "0 1e99 30000", "te groot"),
        ("0 30000 30000", "0 NaN 30000", "te groot"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    text = instance(5)
    assert old in text
    with pytest.raises(InstanceInvalid) as caught:
        parse(text.replace(old, new, 1))
    assert said in caught.value.sentence


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, HEADER + text):
        try:
            problem_of(parse(candidate), trucks=1)
        except InstanceInvalid:
            continue


def test_fractions_of_a_yard_are_counted_exactly() -> None:
    text = instance(5).replace(" 1\n", " 1\n", 1)
    line = text.splitlines()[7].split()
    text = text.replace(" ".join(line), " ".join([*line[:6], "7.25", line[7]]))
    problem = problem_of(parse(text), trucks=1)
    assert problem.trucks[0].capacity == (28_000,)
    assert problem.stops[0].load == (725,)


def test_the_command_prints_what_others_read(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    path = f"{tmp_path}/klein.txt"
    with open(path, "w") as file:  # noqa: PTH123
        file.write(instance(12))
    assert execute(["rounds", "benchmark", path, "--seconds", "2", "--processes", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"vehicles", "miles", "hours", "valid", "violations"}
    assert found["valid"] is True
    with open(path, "w") as file:  # noqa: PTH123
        file.write("dit is niets")
    assert execute(["rounds", "benchmark", path, "--json"]) == 2
    assert "Hier hoort een instantie te staan" in capsys.readouterr().err
