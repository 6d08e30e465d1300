"""The list in the address: read back as it was written, and nothing that is typed there can break a page."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.casework.deskpages import Sort, View, WorklistFilter
from vliegwiel.casework.lawpages import Turn
from vliegwiel.web.desk import asked

FACTORY = RequestFactory()
WORD = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=20).map(lambda t: t.strip())


def read(query: str) -> WorklistFilter:
    """The filter of an address with this query."""
    request = FACTORY.get("/werk/")
    request.META["QUERY_STRING"] = query
    return asked.read(request)


@given(
    view=st.sampled_from(View), turn=st.none() | st.sampled_from(Turn), sort=st.sampled_from(Sort),
    product=st.from_regex(r"[a-z-]{0,20}", fullmatch=True), page=st.integers(1, asked.LAST_PAGE),
    text=st.sampled_from(["", "van der Meer", "2312 AB", "Müller & Zn", "100%", "a=b", "#1"]),
    team=st.sampled_from(["", "Werk en Inkomen", "Burgerzaken"]),
)  # fmt: skip
def test_a_filter_written_in_an_address_is_read_back_the_same(
    view: View, turn: Turn | None, sort: Sort, product: str, page: int, text: str, team: str
) -> None:
    wanted = WorklistFilter(view, text, product, "GM0546", turn, "besluiten", team, sort, page)
    assert read(asked.query(wanted)) == wanted


@given(
    st.dictionaries(
        st.sampled_from(["weergave", "q", "product", "gemeente", "aanzet", "fase", "team", "volgorde", "pagina"]),
        st.text(max_size=400),
    )
)
def test_whatever_is_typed_in_the_address_gives_a_list(given_values: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(given_values)
    found = read(query.urlencode())
    assert 1 <= found.page <= asked.LAST_PAGE
    assert "\x00" not in f"{found}"
    assert len(found.text) <= 200


def test_the_list_a_clerk_starts_with_needs_no_query() -> None:
    assert asked.tail(WorklistFilter()) == ""
    assert read("") == WorklistFilter()


@pytest.mark.parametrize("typed", ["", "0", "-1", "1e9", "١٢", "99999999999999999999", "abc"])
def test_a_page_number_that_is_none_is_the_first_or_last_page(typed: str) -> None:
    assert asked.page_number(typed) == 1


def test_a_page_number_far_away_is_cut() -> None:
    assert asked.page_number("999999999") == asked.LAST_PAGE


def test_the_view_of_a_team_keeps_its_team_when_the_filters_go() -> None:
    wanted = WorklistFilter(view=View.TEAM, team="Parkeren", product="x", text="jansen", page=4)
    assert asked.only_view(wanted) == WorklistFilter(view=View.TEAM, team="Parkeren")
    assert asked.narrowed(wanted)
    assert not asked.narrowed(asked.only_view(wanted))
