"""DMN models run as the public compatibility kit says, and a hostile file is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vliegwiel.law.dmn.adopting import adopt
from vliegwiel.law.dmn.engine import Engine
from vliegwiel.law.dmn.reading import NotDmn, read
from vliegwiel.law.dmn.tck import run_directory
from vliegwiel.law.feel.errors import FeelLimit


@pytest.mark.shared
def test_level_2_of_the_kit_passes_whole(shared: Path) -> None:
    outcomes = run_directory(shared / "standards" / "dmn-tck" / "compliance-level-2")
    assert len(outcomes) > 100
    assert [o for o in outcomes if o.failure] == []


@pytest.mark.shared
def test_level_3_of_the_kit(shared: Path) -> None:
    outcomes = run_directory(shared / "standards" / "dmn-tck" / "compliance-level-3")
    failed = [o for o in outcomes if o.failure]
    assert len(outcomes) > 1_300
    assert failed == []


DMN = b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">%s</definitions>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a/>",
        b'<!DOCTYPE d [<!ENTITY a "x">]>' + DMN % b"&a;",
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd">' + DMN % b"",
        DMN % (b"<decision>" * 100 + b"</decision>" * 100),
        DMN % b'<decision name="d"><decisionTable hitPolicy="BEST"/></decision>',
    ],
)
def test_a_file_that_is_no_plain_dmn_is_refused(data: bytes) -> None:
    with pytest.raises(NotDmn):
        read(data)
    with pytest.raises(NotDmn):
        adopt(data, "vreemd.dmn", today=date(2026, 1, 1))


_LAUGHS = (
    "<!DOCTYPE d [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
    + (DMN % b"<description>&a9;</description>").decode()
)
_OUTSIDE = (
    f'<!DOCTYPE d [<!ENTITY x SYSTEM "{Path(__file__).as_uri()}">]>'
    + (DMN % b"<description>&x;</description>").decode()
)


@pytest.mark.parametrize("text", [_LAUGHS, _OUTSIDE], ids=["laughs", "outside"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_and_files_from_outside_are_refused_in_any_encoding(text: str, encoding: str) -> None:
    with pytest.raises(NotDmn):
        read(text.encode(encoding))


def _model(*parts: str) -> Engine:
    space = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    return Engine(read(f'<definitions xmlns="{space}" name="m" namespace="n">{"".join(parts)}</definitions>'.encode()))


def _decision(name: str, text: str, *needs: str) -> str:
    required = "".join(
        f'<informationRequirement><requiredDecision href="#{need}"/></informationRequirement>' for need in needs
    )
    logic = f"<literalExpression><text>{text}</text></literalExpression>"
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/>{required}{logic}</decision>'


def test_a_ring_of_decisions_is_refused() -> None:
    with pytest.raises(NotDmn):
        _model(_decision("a", "b", "b"), _decision("b", "a", "a")).decide("a", {})


def test_a_chain_of_a_thousand_decisions_is_refused_or_runs_but_never_crashes() -> None:
    chain = [_decision("d0", "1"), *(_decision(f"d{n}", f"d{n - 1} + 1", f"d{n - 1}") for n in range(1, 1000))]
    try:
        found = _model(*chain).decide("d999", {}).value
    except (NotDmn, FeelLimit):
        return
    assert found == 1000


def test_a_number_out_of_reach_is_null() -> None:
    assert _model(_decision("a", "10 ** 6000 * 10 ** 6000")).decide("a", {}).value is None


def test_a_function_that_calls_itself_without_end_is_stopped() -> None:
    function = (
        '<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic><formalParameter name="x"/>'
        "<literalExpression><text>f(x + 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    )
    asks = (
        '<decision id="a" name="a"><variable name="a"/><knowledgeRequirement><requiredKnowledge href="#f"/>'
        "</knowledgeRequirement><literalExpression><text>f(1)</text></literalExpression></decision>"
    )
    with pytest.raises(FeelLimit):
        _model(function, asks).decide("a", {})
