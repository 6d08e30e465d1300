"""The explanation is folded where nothing needs attention, and open where something does."""

from __future__ import annotations

from vliegwiel.casework.lawpages import LawNode, Mark
from vliegwiel.web.desk.lawtree import branches


def node(mark: Mark, *children: LawNode, verified: bool = True) -> LawNode:
    """A line without words."""
    return LawNode(mark, "", "", "", "", verified, children)


def test_what_is_settled_is_folded() -> None:
    first, second = branches((node(Mark.OK, node(Mark.OK)), node(Mark.OK)))
    assert not first.open
    assert not second.open


def test_a_question_deep_down_opens_all_above_it() -> None:
    first, other = branches((node(Mark.OK, node(Mark.OK, node(Mark.ASK))), node(Mark.OK, node(Mark.OK))))
    assert first.open
    assert first.children[0].open
    assert not other.open


def test_a_condition_that_is_not_met_is_open() -> None:
    assert branches((node(Mark.NO, node(Mark.NONE)), node(Mark.OK)))[0].open


def test_what_was_not_verified_is_never_hidden_in_a_fold() -> None:
    assert branches((node(Mark.OK, node(Mark.NONE, verified=False)), node(Mark.OK)))[0].open


def test_a_single_line_is_the_question_itself_and_open() -> None:
    assert branches((node(Mark.OK, node(Mark.OK)),))[0].open
