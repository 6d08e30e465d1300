"""All reasons are on the page; those that tell most come first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.casework.lawpages import Kind, Mark, Reason
from vliegwiel.web.citizen.weighing import weigh

REASONS = st.lists(
    st.builds(
        Reason, st.sampled_from(list(Mark)), st.text(max_size=5), st.just("BRP"), st.just("artikel 1"), st.booleans()
    ),
    unique=True,
    max_size=15,
)


@given(REASONS, st.sampled_from(list(Kind)))
def test_no_reason_is_lost_or_told_twice(reasons: list[Reason], kind: Kind) -> None:
    weighed = weigh(reasons, kind)
    assert sorted([*weighed.first, *weighed.rest], key=repr) == sorted(reasons, key=repr)
    assert bool(weighed.first) == bool(reasons)


def test_a_refusal_begins_with_what_stood_in_the_way() -> None:
    good = [Reason(Mark.OK, f"goed {n}", "BRP", "", True) for n in range(8)]
    bad = Reason(Mark.NO, "U hebt geen verklaring.", "RDW", "artikel 100", True)
    assert weigh([*good, bad], Kind.NO).first == (bad,)
    assert weigh([bad, *good], Kind.OK).first == tuple(good[:4]), "and a grant with what spoke for it"
