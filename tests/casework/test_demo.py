"""The demonstration has a living worklist: cases in every stage, the same each time."""

from __future__ import annotations

from tests.casework.conftest import LEIDEN, RegistersSay, clerk
from vliegwiel.casework import queries
from vliegwiel.casework.demo import fill_worklist
from vliegwiel.casework.deskpages import View, When, WorklistFilter
from vliegwiel.trust.identity import Role


def test_a_municipality_gets_cases_in_every_stage(offices: RegistersSay) -> None:
    tess, berk = clerk("tess", LEIDEN, Role.TEAMLEIDER), clerk("berk")
    assert fill_worklist(LEIDEN, [tess, berk]) >= 20
    everything = queries.worklist(tess, WorklistFilter(view=View.ALLES))
    groups = {group.when: group.count for group in everything.groups}
    assert groups[When.TE_LAAT] > 0
    assert groups[When.LATER] > 0
    counts = {view.key: view.count for view in everything.views}
    assert counts["wacht"] > 0
    assert counts["niemand"] > 0
    assert counts["mijn"] > 0
    assert queries.worklist(tess, WorklistFilter(view=View.AFGEROND)).total > 0
    assert {facet.value for facet in everything.products} >= {"rijbewijs-verlengen", "bewonersparkeervergunning"}
    for row in queries.worklist_rows(tess, WorklistFilter(view=View.ALLES)):
        page = queries.case_page(tess, row.id)
        assert page.product_name
