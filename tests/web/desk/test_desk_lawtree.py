"""The explanation is folded where nothing needs attention, and open where something does."""

from __future__ import annotations

from vliegwiel.casework.lawpages import LawNode, Mark
from vliegwiel.web.desk.lawtree import branches


def node(mark: Mark, *children: LawNode, text: str = "", value: str = "", verified: bool = True) -> LawNode:
    """A line of law."""
    return LawNode(mark, text, value, "", "", verified, children)


def test_the_first_line_is_the_question_itself_and_open_the_rest_is_folded_when_met() -> None:
    first, second = branches((node(Mark.OK, node(Mark.OK, node(Mark.OK))), node(Mark.OK, node(Mark.OK))), refused=False)
    assert first.open
    assert not first.children[0].open
    assert not second.open


def test_a_question_opens_the_lines_above_it() -> None:
    _, second = branches((node(Mark.OK), node(Mark.NONE, node(Mark.ASK, node(Mark.ASK)))), refused=False)
    assert second.open
    assert second.children[0].open


def test_under_a_condition_that_is_met_nothing_asks_for_attention() -> None:
    _, second = branches((node(Mark.OK), node(Mark.OK, node(Mark.ASK))), refused=False)
    assert not second.open


def test_what_is_not_met_is_open_only_when_it_made_the_outcome() -> None:
    lines = (node(Mark.OK), node(Mark.NO, node(Mark.NO)))
    assert branches(lines, refused=True)[1].open
    assert not branches(lines, refused=False)[1].open


def test_a_folded_line_says_itself_that_something_in_it_was_not_verified() -> None:
    lines = (node(Mark.OK), node(Mark.OK, node(Mark.NONE, node(Mark.NONE, verified=False))))
    assert branches(lines, refused=False)[1].unverified
    assert not branches(lines[1:], refused=False)[0].unverified, "open: the line itself is seen"


def test_a_sentence_keeps_its_own_sign_before_a_value() -> None:
    texts = [branch.label for branch in branches((node(Mark.ASK, text="Is er uitzicht?", value="nee"),
                                                  node(Mark.OK, text="Leeftijd", value="38"),
                                                  node(Mark.OK, text="U woont hier.")), refused=False)]  # fmt: skip
    assert texts == ["Is er uitzicht?", "Leeftijd:", "U woont hier."]
