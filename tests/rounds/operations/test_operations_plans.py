"""Plans: what must be emptied is, everything that waits has a reason, changes are exact, and nobody overwrites another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.rounds.operations import town
from tests.rounds.operations.town import CLERK, DRIVER, ELSEWHERE, PLANNER, THURSDAY, TODAY, again, codes, planned
from vliegwiel.base.errors import Conflict, Forbidden, NotFound, Stale
from vliegwiel.rounds.actions import plans
from vliegwiel.rounds.models import PlanState, RoundPlan, Waiting
from vliegwiel.rounds.operations.changing import Change, Doing
from vliegwiel.rounds.operations.computing import problem_of
from vliegwiel.rounds.operations.daypage import day_page
from vliegwiel.rounds.operations.figures import FIXED_ROUND, MUST_ONLY, from_json, to_json
from vliegwiel.rounds.operations.pages import Group
from vliegwiel.rounds.operations.preview import preview
from vliegwiel.rounds.planning.validating import violations
from vliegwiel.trust.rights import scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(clock: Callable[..., object]) -> None:
    clock(town.MOMENT)


def test_what_is_nearly_full_must_and_every_container_that_waits_has_its_reason() -> None:
    town.build()
    plan = planned()
    page = day_page(PLANNER, TODAY, "rest")
    must = {line.code for line in page.of(Group.MUST)}
    assert {"C01", "C02", "C05", "C09"} <= must
    assert not {"C04", "C07", "C08", "C10", "C12"} & set(codes(plan))
    assert all(line.reason for line in page.bins)
    assert {line.code for line in page.bins} == set(codes(plan)) | {line.code for line in page.of(Group.WAIT)}
    assert page.numbers is not None
    assert page.numbers.containers == page.emptied == len(codes(plan))


def test_a_stored_plan_keeps_all_rules_and_comes_back_as_it_was() -> None:
    town.build()
    figures = from_json(planned().figures)
    assert not violations(problem_of(figures), figures.current.plan)
    assert from_json(to_json(figures)) == figures


def test_planning_again_is_the_same_plan_with_a_new_version_while_it_is_a_draft() -> None:
    town.build()
    first = planned()
    second = planned()
    assert (second.id, second.version) == (first.id, first.version + 1)
    plans.fix(PLANNER, second.id, version=second.version)
    with pytest.raises(Conflict):
        planned()


def test_a_day_without_trucks_says_what_is_lacking() -> None:
    town.build()
    with scope_of(PLANNER):
        from vliegwiel.rounds.models import Truck

        Truck.objects.update(active=False)
    with pytest.raises(Conflict, match="geen wagen"):
        planned()


def test_only_who_plans_may_plan_and_another_municipality_sees_nothing() -> None:
    town.build()
    plan = planned()
    for somebody in (CLERK, DRIVER):
        with pytest.raises(Forbidden):
            plans.make_plan(somebody, TODAY, "rest", seconds=0.2)
        with pytest.raises(Forbidden):
            plans.fix(somebody, plan.id, version=plan.version)
    with pytest.raises(Forbidden):
        day_page(CLERK, TODAY)
    with pytest.raises(NotFound):
        plans.fix(ELSEWHERE, plan.id, version=plan.version)
    with pytest.raises(NotFound):
        day_page(ELSEWHERE, TODAY)


def test_the_effect_that_was_shown_is_the_effect_of_the_change() -> None:
    town.build()
    plan = planned()
    wanted = Change(Doing.SKIP, codes(plan)[0])
    seen = preview(PLANNER, plan.id, wanted, version=plan.version)
    assert codes(again(plan.id)) == codes(plan)
    done = plans.change(PLANNER, plan.id, wanted, version=plan.version)
    assert (done.metres, done.seconds, done.overflow) == (seen.metres, seen.seconds, seen.overflow)
    after = from_json(again(plan.id).figures)
    before = from_json(plan.figures)
    assert after.current.numbers.metres == before.current.numbers.metres + done.metres
    assert after.current.numbers.overflow > before.current.numbers.overflow
    assert wanted.code not in codes(again(plan.id))
    with scope_of(PLANNER):
        assert Waiting.objects.get(plan=plan, container__code=wanted.code).reason


def test_a_container_goes_to_another_truck_and_back_into_the_plan_by_hand() -> None:
    town.build()
    plan = planned()
    code = codes(plan)[0]
    other = "7" if town.stops(plan)[0].route.truck.code == "3" else "3"
    plans.change(PLANNER, plan.id, Change(Doing.MOVE, code, other, 1), version=plan.version)
    moved = again(plan.id)
    assert next(s for s in town.stops(moved) if s.container and s.container.code == code).route.truck.code == other
    waits = next(line.code for line in day_page(PLANNER, TODAY).of(Group.WAIT))
    plans.change(PLANNER, plan.id, Change(Doing.EMPTY, waits), version=moved.version)
    assert waits in codes(again(plan.id))
    figures = from_json(again(plan.id).figures)
    assert not violations(problem_of(figures), figures.current.plan)


def test_what_was_chosen_by_hand_stays_when_the_day_is_planned_again() -> None:
    town.build()
    plan = planned()
    skipped, added = codes(plan)[0], "C04"
    plans.change(PLANNER, plan.id, Change(Doing.SKIP, skipped), version=plan.version)
    plans.change(PLANNER, plan.id, Change(Doing.EMPTY, added), version=plan.version + 1)
    fresh = planned()
    assert added in codes(fresh)
    assert skipped not in codes(fresh)


def test_who_saw_an_older_plan_changes_nothing() -> None:
    town.build()
    plan = planned()
    wanted = Change(Doing.SKIP, codes(plan)[0])
    plans.change(PLANNER, plan.id, wanted, version=plan.version)
    with pytest.raises(Stale):
        plans.change(PLANNER, plan.id, Change(Doing.SKIP, codes(plan)[1]), version=plan.version)
    with pytest.raises(Stale):
        plans.fix(PLANNER, plan.id, version=plan.version)


@pytest.mark.parametrize(
    "wanted",
    [
        Change(Doing.SKIP, "nergens"),
        Change(Doing.MOVE, "C01", "99"),
        Change(Doing.MOVE, "C01"),
        Change(Doing.EMPTY, "C01"),
        Change(Doing.SKIP, "C04"),
    ],
)
def test_a_change_that_is_none_is_refused(wanted: Change) -> None:
    town.build()
    plan = planned()
    with pytest.raises((NotFound, Conflict)):
        plans.change(PLANNER, plan.id, wanted, version=plan.version)


def test_the_fixed_round_and_only_what_must_can_be_chosen_with_their_odds() -> None:
    town.build()
    plan = planned()
    options = {one.key: one.numbers for one in from_json(plan.figures).options}
    assert options[FIXED_ROUND].containers == len(town.LEVELS)
    assert options[MUST_ONLY].overflow >= options[FIXED_ROUND].overflow == 0
    plans.choose(PLANNER, plan.id, FIXED_ROUND, version=plan.version)
    assert len(codes(again(plan.id))) == len(town.LEVELS)


def test_a_round_before_it_leaves_a_container_empty_for_the_next() -> None:
    town.build()
    driven = town.driving()
    thursday = planned(THURSDAY)
    levels = {line.code: line.level for line in day_page(PLANNER, THURSDAY).bins}
    assert set(codes(driven))
    assert all(levels[code] < 30 for code in codes(driven))
    assert not set(codes(driven)) & set(codes(thursday))


def test_a_fixed_plan_can_be_taken_back_until_somebody_drives() -> None:
    town.build()
    plan = town.driving()
    plans.take_back(PLANNER, plan.id, version=plan.version)
    assert again(plan.id).state == PlanState.DRAFT
    with pytest.raises(Conflict):
        plans.take_back(PLANNER, plan.id, version=plan.version + 1)


def test_every_act_on_a_plan_is_in_the_ledger() -> None:
    from vliegwiel.trust.models import Event

    town.build()
    plan = planned()
    plans.change(PLANNER, plan.id, Change(Doing.SKIP, codes(plan)[0]), version=plan.version)
    plans.fix(PLANNER, plan.id, version=plan.version + 1)
    with scope_of(PLANNER):
        kinds = list(
            Event.objects.filter(payload__plan=str(plan.id))
            .order_by("recorded_at", "id")
            .values_list("kind", flat=True)
        )
        assert RoundPlan.objects.count() == 1
    assert kinds == ["plan.gemaakt", "plan.gewijzigd", "plan.vastgesteld"]
