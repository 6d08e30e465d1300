"""A clerk sees the cases of the own municipality and of mandates, and no count, facet or search tells of any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.casework.conftest import ALLOWANCE, LEIDEN, LEIDERDORP, LICENCE, RegistersSay, clerk, person
from tests.casework.test_applying import apply
from tests.casework.test_deciding import page
from vliegwiel.base.clock import today
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from vliegwiel.casework import queries
from vliegwiel.casework.actions import decisions, tasks, views
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.deskpages import Sort, View, When, Worklist, WorklistFilter
from vliegwiel.casework.lawpages import Turn
from vliegwiel.casework.worklist import Days
from vliegwiel.trust import processing
from vliegwiel.trust.actions import give_mandate
from vliegwiel.trust.identity import Citizen, Level, Role, Staff
from vliegwiel.trust.rights import MANDATABLE

ALL = WorklistFilter(view=View.ALLES)
Clock = Callable[[date], object]


def citizen(bsn: str, municipality: str = LEIDEN) -> Citizen:
    """Somebody."""
    return Citizen(municipality, bsn, Level.HOOG, "Iemand")


def ids(work: Worklist) -> set[UUID]:
    """The cases on the page."""
    return {row.id for group in work.groups for row in group.rows}


@pytest.fixture
def cases(offices: RegistersSay, clock: Clock) -> dict[str, UUID]:
    """A few cases in Leiden and Leiderdorp, some late."""
    made: dict[str, UUID] = {}
    clock(date(2026, 9, 15))
    offices.data = person(persoon__naam="Jan Laat")
    made["late"] = apply(citizen("999990019"), "rijbewijs-verlengen", LICENCE)
    clock(date(2026, 11, 23))
    offices.data = person(persoon__naam="Zoë Nieuw")
    made["new"] = apply(citizen("999990020"), "rijbewijs-verlengen", LICENCE)
    offices.data = person(LEIDERDORP, persoon__naam="Ed Dorp")
    made["allowance"] = apply(citizen("999990032", LEIDERDORP), "individuele-inkomenstoeslag", ALLOWANCE)
    made["village"] = apply(citizen("999990032", LEIDERDORP), "rijbewijs-verlengen", LICENCE)
    clock(date(2026, 11, 24))
    return made


def mandate() -> None:
    """Leiderdorp lets Leiden decide the allowance."""
    giver = clerk("baas", LEIDERDORP, Role.TEAMLEIDER)
    give_mandate(
        giver, mandataris=LEIDEN, products=["individuele-inkomenstoeslag"], rights=MANDATABLE,
        valid_from=date(2026, 1, 1), besluit="test",
    )  # fmt: skip


def test_without_a_mandate_only_the_own_municipality_is_seen(cases: dict[str, UUID], tess: Staff) -> None:
    work = queries.worklist(tess, ALL)
    assert ids(work) == {cases["late"], cases["new"]}
    assert work.total == 2
    assert [facet.value for facet in work.municipalities] == [LEIDEN]
    assert {facet.value: facet.count for facet in work.products} == {"rijbewijs-verlengen": 2}
    for name in ("Ed Dorp", "dorp"):
        found = queries.worklist(tess, replace(ALL, text=name))
        assert (found.total, found.products, found.municipalities) == (0, (), ())
    with pytest.raises(NotFound):
        queries.case_page(tess, cases["allowance"])


def test_a_mandate_opens_exactly_its_products(cases: dict[str, UUID], tess: Staff) -> None:
    mandate()
    work = queries.worklist(tess, ALL)
    assert ids(work) == {cases["late"], cases["new"], cases["allowance"]}
    assert {facet.value: facet.count for facet in work.municipalities} == {LEIDEN: 2, LEIDERDORP: 1}
    assert queries.worklist(tess, replace(ALL, text="Ed Dorp")).total == 1
    assert page(tess, cases["allowance"]).in_mandate
    with pytest.raises(NotFound):
        queries.case_page(tess, cases["village"])
    with pytest.raises(NotFound):
        decisions.decide(tess, cases["village"], DecisionInput(1))
    assert {line.place.code for line in work.mandates} == {LEIDEN, LEIDERDORP}


def test_who_has_no_business_in_cases_sees_none(cases: dict[str, UUID]) -> None:
    with pytest.raises(Forbidden):
        queries.worklist(clerk("beheer", LEIDEN, Role.FUNCTIONEEL_BEHEERDER), ALL)


def test_the_tightest_deadline_comes_first_in_groups_with_counts(cases: dict[str, UUID], tess: Staff) -> None:
    work = queries.worklist(tess, ALL)
    assert [(group.when, group.count) for group in work.groups] == [(When.TE_LAAT, 1), (When.LATER, 1)]
    assert work.groups[0].rows[0].badge.text == "14 dagen te laat"
    assert [row.person for row in queries.worklist_rows(tess, ALL)] == ["Jan Laat", "Zoë Nieuw"]
    newest = queries.worklist(tess, replace(ALL, sort=Sort.NIEUW))
    assert [row.person for group in newest.groups for row in group.rows] == ["Zoë Nieuw", "Jan Laat"]


@pytest.mark.parametrize("text", ["jan", "JAN laa", "laat oude rijn", "2312hg", "zoe", "Zoë nieuw", "oude rijn 12a"])
def test_a_case_is_found_by_name_and_address(cases: dict[str, UUID], tess: Staff, text: str) -> None:
    assert queries.worklist(tess, WorklistFilter(text=text)).total >= 1


def test_a_case_is_found_by_its_number_also_when_it_is_closed(cases: dict[str, UUID], tess: Staff) -> None:
    decisions.decide(tess, cases["new"], DecisionInput(page(tess, cases["new"]).version))
    number = page(tess, cases["new"]).number
    assert ids(queries.worklist(tess, WorklistFilter(text=number.replace("-", " ")))) == {cases["new"]}
    assert queries.worklist(tess, WorklistFilter(text="'; DROP TABLE casework_zaak; --")).total == 0


def test_every_filter_counts_what_it_shows(cases: dict[str, UUID], tess: Staff) -> None:
    mandate()
    tasks.take_on(tess, cases["late"], version=page(tess, cases["late"]).version)
    filters = [replace(WorklistFilter(), view=view) for view in View]
    filters += [replace(ALL, product=p) for p in ("rijbewijs-verlengen", "individuele-inkomenstoeslag", "iets-anders")]
    filters += [replace(ALL, municipality=m) for m in (LEIDEN, LEIDERDORP, "GM0344")]
    filters += [replace(ALL, turn=turn) for turn in Turn] + [replace(ALL, phase="behandeling")]
    for wanted in filters:
        work = queries.worklist(tess, wanted)
        listed = list(queries.worklist_rows(tess, wanted))
        assert work.total == len(listed) == sum(group.count for group in work.groups), wanted
        for shown in work.views:
            if shown.current and shown.key != "afgerond":
                assert shown.count == work.total
        for facet in work.products:
            assert facet.count == queries.worklist(tess, replace(wanted, product=facet.value)).total


def test_views_that_are_kept_are_ones_own(cases: dict[str, UUID], tess: Staff) -> None:
    kept = views.save(tess, "Rijbewijzen", replace(ALL, product="rijbewijs-verlengen"))
    mine = next(view for view in queries.worklist(tess, WorklistFilter()).views if view.saved == kept)
    assert (mine.title, mine.count) == ("Rijbewijzen", 2)
    with pytest.raises(Invalid):
        views.save(tess, "Rijbewijzen", ALL)
    assert all(view.saved is None for view in queries.worklist(clerk("berk"), WorklistFilter()).views)
    with pytest.raises(NotFound):
        views.rename(clerk("berk"), kept, "Van mij")
    views.rename(tess, kept, "Roze pasjes")
    views.remove(tess, kept)
    assert all(view.saved is None for view in queries.worklist(tess, WorklistFilter()).views)


def test_giving_cases_to_others_is_for_who_may_and_all_or_nothing(
    cases: dict[str, UUID], tess: Staff, lead: Staff
) -> None:
    version = {name: page(tess, zaak).version for name, zaak in cases.items() if name in ("late", "new")}
    tasks.take_on(clerk("berk"), cases["new"], version=version["new"])
    with pytest.raises(Forbidden):
        tasks.assign(tess, [(cases["late"], version["late"])], to="berk")
    with pytest.raises(NotFound):
        tasks.assign(lead, [(cases["late"], version["late"])], to="wie-is-dit")
    with pytest.raises(Stale):
        tasks.assign(lead, [(cases["late"], version["late"]), (cases["new"], version["new"])], to="berk")
    assert page(tess, cases["late"]).assignee == ""
    now = page(tess, cases["new"]).version
    assert tasks.assign(lead, [(cases["late"], version["late"]), (cases["new"], now)], to="berk", team="Balie") == 2
    seen = queries.selection(lead, [cases["late"], cases["new"], cases["village"]])
    assert {row.assignee for row in seen.rows} == {"berk"}
    assert len(seen.rows) == 2
    with pytest.raises(Forbidden):
        tasks.assign(tess, [(cases["late"], page(tess, cases["late"]).version)], to=None)


def test_the_next_case_is_the_next_in_the_list(cases: dict[str, UUID], tess: Staff) -> None:
    first, second = (
        queries.case_page(tess, cases["late"], filter=ALL),
        queries.case_page(tess, cases["new"], filter=ALL),
    )
    assert first.before is None
    assert first.after is not None
    assert first.after.id == cases["new"]
    assert second.before is not None
    assert second.before.id == cases["late"]


def test_the_groups_follow_the_calendar() -> None:
    for start in range(14):
        day = date(2026, 11, 23) + timedelta(days=start)
        days = Days.of(day)
        assert days.group(day - timedelta(days=1)) is When.TE_LAAT
        assert days.group(day) is days.group(day + timedelta(days=1)) is When.VANDAAG_MORGEN
        assert days.group(day + timedelta(days=21)) is When.LATER
        assert days.sunday.weekday() == 6
    assert today()


def test_looking_at_a_list_or_a_case_is_told_to_the_person(
    cases: dict[str, UUID], tess: Staff, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    who = citizen("999990019")

    def told() -> list[processing.Seen]:
        return [line for line in processing.seen(who) if not line.by_self]

    before = len(told())
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            queries.worklist(tess, ALL)
    assert len(told()) == before + 1
    assert told()[0].who == "een medewerker van de gemeente Leiden"
    assert told()[0].data == ("naam", "product")
    assert told()[0].zaak_id == cases["late"]
    queries.case_page(tess, cases["late"])
    assert len(told()) == before + 2


def test_a_decided_case_is_not_decided_again(cases: dict[str, UUID], tess: Staff) -> None:
    decisions.decide(tess, cases["new"], DecisionInput(page(tess, cases["new"]).version))
    with pytest.raises(Conflict):
        decisions.decide(tess, cases["new"], DecisionInput(page(tess, cases["new"]).version))
