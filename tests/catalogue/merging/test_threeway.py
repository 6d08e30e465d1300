"""Three-way merge: what one side changed is taken over, what both changed is shown, and nothing is lost."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings

from tests.catalogue.merging.documents import documents, forks, item, listing, mapping, row, text
from vliegwiel.base.sourcefile import ListNode, Node
from vliegwiel.catalogue.merging import Change, ChangeKind, Conflict, ConflictKind, alike, at_path, differences, merge

# The suite tries some; VLIEGWIEL_MERGES says how many (see CONTRIBUTING.md).
lenient = settings(
    max_examples=int(os.environ.get("VLIEGWIEL_MERGES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@lenient
@given(forks())
def test_a_side_that_changed_nothing_takes_over_the_other(fork: tuple[Node, Node, Node]) -> None:
    base, ours, _ = fork
    for merged in (merge(base, ours, base), merge(base, base, ours)):
        assert merged.clean
        assert alike(merged.node, ours)


@lenient
@given(forks())
def test_two_equal_changes_are_one(fork: tuple[Node, Node, Node]) -> None:
    base, ours, _ = fork
    merged = merge(base, ours, ours)
    assert merged.clean
    assert alike(merged.node, ours)


@lenient
@given(forks())
def test_both_orders_agree_where_there_is_no_conflict(fork: tuple[Node, Node, Node]) -> None:
    base, ours, theirs = fork
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {c.path for c in one.conflicts} == {c.path for c in other.conflicts}
    if one.clean:
        assert alike(one.node, other.node)


@lenient
@given(forks())
def test_no_change_of_either_side_is_lost(fork: tuple[Node, Node, Node]) -> None:
    """What a side changed stands in the result, or somebody is asked about that place."""
    base, ours, theirs = fork
    merged = merge(base, ours, theirs)
    for side in (ours, theirs):
        for change in differences(base, side):
            assert _there(change, merged.node, base, (ours, theirs)) or _asked(change, merged.conflicts), change


def _there(change: Change, result: Node | None, base: Node, sides: tuple[Node, Node]) -> bool:
    if change.kind is ChangeKind.MOVED or isinstance(change.after, ListNode):
        # The other side may have added to the list or moved it as well: the items themselves are looked at on their own.
        found = at_path(result, change.path)
        return isinstance(found, ListNode)
    found = at_path(result, change.path)
    if alike(found, change.after):
        return True
    # Both changed other parts of the same thing (a paragraph each, or each added keys).
    both = [at_path(side, change.path) for side in sides]
    return merge(at_path(base, change.path), *both).clean and alike(
        found, merge(at_path(base, change.path), *both).node
    )


def _asked(change: Change, conflicts: tuple[Conflict, ...]) -> bool:
    return any(all(a == b for a, b in zip(one.path, change.path, strict=False)) for one in conflicts)


@lenient
@given(documents, documents)
def test_walking_the_differences_says_when_two_are_alike(one: Node, other: Node) -> None:
    assert (not differences(one, other)) == alike(one, other)


def test_other_fields_of_one_item_come_together() -> None:
    base = listing(item("a", label=text("Naam"), uitleg=text("Oud")))
    ours = listing(item("a", label=text("Voornaam"), uitleg=text("Oud")))
    theirs = listing(item("a", label=text("Naam"), uitleg=text("Nieuw")))
    merged = merge(base, ours, theirs)
    assert merged.clean
    assert alike(merged.node, listing(item("a", label=text("Voornaam"), uitleg=text("Nieuw"))))


def test_the_same_field_is_a_conflict_with_all_three_values() -> None:
    merged = merge(mapping(a=text("1")), mapping(a=text("2")), mapping(a=text("3")))
    assert [(c.path, c.kind) for c in merged.conflicts] == [(("a",), ConflictKind.CHANGED)]
    conflict = merged.conflicts[0]
    assert (conflict.base, conflict.ours, conflict.theirs) == (text("1"), text("2"), text("3"))


def test_an_item_that_one_removes_and_the_other_changes_is_asked() -> None:
    base = listing(item("a", x=text("1")), item("b"))
    merged = merge(base, listing(item("b")), listing(item("a", x=text("2")), item("b")))
    assert [(c.path, c.kind) for c in merged.conflicts] == [(("a",), ConflictKind.REMOVED)]


def test_items_of_both_sides_keep_the_place_where_they_were_put() -> None:
    base = listing(item("a"), item("b"))
    ours = listing(item("a"), item("mijn"), item("b"))
    theirs = listing(item("a"), item("b"), item("hun"))
    assert alike(merge(base, ours, theirs).node, listing(item("a"), item("mijn"), item("b"), item("hun")))


def test_rows_of_a_table_are_held_by_their_condition() -> None:
    base = listing(row("x > 1", "ja"), row(None, "nee"))
    ours = listing(row("x > 1", "misschien"), row(None, "nee"))
    theirs = listing(row("x > 1", "ja"), row("y", "ja"), row(None, "nee"))
    merged = merge(base, ours, theirs)
    assert merged.clean
    assert alike(merged.node, listing(row("x > 1", "misschien"), row("y", "ja"), row(None, "nee")))


def test_two_new_rows_in_one_place_of_a_table_are_asked_because_order_decides() -> None:
    base = listing(row("x > 1", "ja"), row(None, "nee"))
    ours = listing(row("x > 1", "ja"), row("mijn", "ja"), row(None, "nee"))
    theirs = listing(row("x > 1", "ja"), row("hun", "ja"), row(None, "nee"))
    merged = merge(base, ours, theirs)
    assert [c.kind for c in merged.conflicts] == [ConflictKind.ORDER]
    proposal = merged.conflicts[0].proposal
    assert isinstance(proposal, ListNode)
    assert len(proposal.items) == 4


def test_paragraphs_of_a_text_come_together() -> None:
    base = text("Een.\n\nTwee.\n\nDrie.")
    merged = merge(base, text("Eén.\n\nTwee.\n\nDrie."), text("Een.\n\nTwee.\n\nDrie, en meer."))
    assert merged.clean
    assert alike(merged.node, text("Eén.\n\nTwee.\n\nDrie, en meer."))


def test_both_add_to_a_plain_list_in_one_place_and_the_proposal_has_both() -> None:
    base, ours, theirs = (listing(*map(text, words)) for words in (["a"], ["a", "mijn"], ["a", "hun"]))
    merged = merge(base, ours, theirs)
    proposal = merged.conflicts[0].proposal
    assert proposal is not None
    assert alike(proposal, listing(text("a"), text("mijn"), text("hun")))
