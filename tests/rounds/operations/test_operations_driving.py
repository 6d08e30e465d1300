"""Drivers report late, twice and from a tunnel; residents are told a day, and whether it was kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.rounds.operations import town
from tests.rounds.operations.town import (
    CLERK,
    DRIVER,
    ELSEWHERE,
    PLANNER,
    PLATFORM,
    THURSDAY,
    TODAY,
    again,
    codes,
    driving,
    stops,
)
from vliegwiel.base import clock as time
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound
from vliegwiel.rounds.actions import plans
from vliegwiel.rounds.actions.alarms import acknowledge, renew_alarms
from vliegwiel.rounds.actions.driving import Report, report_stop
from vliegwiel.rounds.actions.evidence import judge_promises, outcomes, report_by_resident, report_full
from vliegwiel.rounds.models import Alarm, Emptying, Evidence, PlanState, PromiseTo, StopState
from vliegwiel.rounds.operations.changing import Change, Doing
from vliegwiel.rounds.operations.driverpage import driver_page, photo, trucks_of
from vliegwiel.rounds.operations.figures import from_json
from vliegwiel.rounds.operations.publicpage import Found, public_container, public_report, search_containers
from vliegwiel.trust.identity import Anonymous
from vliegwiel.trust.rights import scope_of

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64


@pytest.fixture(autouse=True)
def morning(clock: Callable[..., object]) -> Callable[..., object]:
    clock(town.MOMENT)
    return clock


def test_emptying_is_noted_once_however_often_it_is_sent() -> None:
    town.build()
    plan = driving()
    stop = stops(plan)[0]
    report = Report(done=True, at=town.MOMENT - timedelta(minutes=3), level=100)
    assert report_stop(DRIVER, stop.id, report)
    assert not report_stop(DRIVER, stop.id, report)
    assert not report_stop(DRIVER, stop.id, Report(done=False, remark="De weg is dicht"))
    with scope_of(PLATFORM):
        assert [(row.at, row.level_before) for row in Emptying.objects.all()] == [(report.at, 100.0)]
        assert Evidence.objects.count() == 1
    assert again(plan.id).state == PlanState.DRIVING


def test_a_report_from_a_tunnel_keeps_its_moment_and_an_impossible_one_is_now() -> None:
    town.build()
    plan = driving()
    first, second, third = stops(plan)[:3]
    report_stop(DRIVER, first.id, Report(done=True, at=town.MOMENT - timedelta(hours=2)))
    report_stop(DRIVER, second.id, Report(done=True, at=town.MOMENT + timedelta(days=300)))
    report_stop(DRIVER, third.id, Report(done=True, at=town.MOMENT - timedelta(days=30)))
    assert [stop.done_at for stop in stops(plan)[:3]] == [
        town.MOMENT - timedelta(hours=2), town.MOMENT, town.MOMENT,
    ]  # fmt: skip


def test_what_could_not_be_done_needs_a_reason_and_can_still_be_done_later() -> None:
    town.build()
    stop = stops(driving())[0]
    with pytest.raises(Invalid):
        report_stop(DRIVER, stop.id, Report(done=False))
    assert report_stop(DRIVER, stop.id, Report(done=False, remark="Er staat een auto voor"))
    assert report_stop(DRIVER, stop.id, Report(done=True))


def test_a_picture_is_a_picture_by_its_content() -> None:
    town.build()
    first, second = stops(driving())[:2]
    for wrong in (b"<svg onload=alert(1)>", b"%PDF-1.7", b"\x89PNG", b"RIFF0000AVI "):
        with pytest.raises(Invalid):
            report_stop(DRIVER, first.id, Report(done=True, photo=wrong))
    report_stop(DRIVER, first.id, Report(done=True, photo=JPEG))
    assert (photo(PLANNER, first.id).content, photo(DRIVER, first.id).media_type) == (JPEG, "image/jpeg")
    for somebody in (CLERK, ELSEWHERE):
        with pytest.raises((Forbidden, NotFound)):
            photo(somebody, first.id)
    with pytest.raises(NotFound):
        photo(PLANNER, second.id)


def test_who_does_not_drive_reports_nothing_and_a_draft_is_not_driven() -> None:
    town.build()
    draft = town.planned()
    with pytest.raises(Conflict):
        report_stop(DRIVER, stops(draft)[0].id, Report(done=True))
    assert driver_page(DRIVER, "3", TODAY).line is None
    plan = driving()
    with pytest.raises(Forbidden):
        report_stop(CLERK, stops(plan)[0].id, Report(done=True))
    with pytest.raises(NotFound):
        report_stop(ELSEWHERE, stops(plan)[0].id, Report(done=True))
    with pytest.raises(NotFound):
        report_stop(DRIVER, uuid4(), Report(done=True))


def test_the_driver_sees_the_next_stop_and_the_round_is_done_when_all_is() -> None:
    town.build()
    plan = driving()
    (card, *_) = trucks_of(DRIVER)
    for stop in stops(plan):
        seen = driver_page(DRIVER, stop.route.truck.code)
        assert seen.following is not None
        report_stop(DRIVER, seen.following.id, Report(done=True))
    assert again(plan.id).state == PlanState.DONE
    assert driver_page(DRIVER, card.code).following is None
    with pytest.raises(Conflict):
        plans.change(PLANNER, plan.id, Change(Doing.EMPTY, "C04"), version=again(plan.id).version)


def test_what_was_done_stays_done_when_the_plan_is_changed_under_way() -> None:
    town.build()
    plan = driving()
    done = stops(plan)[0]
    report_stop(DRIVER, done.id, Report(done=True))
    wanted = Change(Doing.EMPTY, "C04")
    plans.change(PLANNER, plan.id, wanted, version=plan.version)
    after = stops(again(plan.id))
    assert after[0].container_id == done.container_id
    assert after[0].state == StopState.DONE
    assert "C04" in codes(again(plan.id))


def test_when_a_truck_breaks_down_the_other_takes_over() -> None:
    town.build()
    plan = driving()
    (first, *rest) = stops(plan)
    report_stop(DRIVER, first.id, Report(done=True))
    broken = first.route.truck.code
    plans.truck_broke(PLANNER, plan.id, broken, version=plan.version)
    after = again(plan.id)
    left = [s for s in stops(after) if s.state == StopState.PLANNED]
    assert all(stop.route.truck.code != broken for stop in left)
    figures = from_json(after.figures)
    assert len(left) + len(figures.current.waiting) == len(town.LEVELS) - 1
    assert {s.container_id for s in rest} <= {s.container_id for s in left} | {None}


def test_a_report_of_a_resident_makes_the_container_go_first_and_is_kept() -> None:
    town.build()
    zaak = uuid4()
    promise = report_full(PLATFORM, "C04", zaak=zaak, at=town.MOMENT)
    assert (promise.day, promise.firm) == (THURSDAY, False)
    again_ = report_full(PLATFORM, "C04", zaak=zaak, at=town.MOMENT)
    assert again_ == promise
    plan = town.planned(THURSDAY)
    assert "C04" in codes(plan)
    with scope_of(PLATFORM):
        assert (Evidence.objects.count(), PromiseTo.objects.count()) == (1, 1)
    assert outcomes(PLATFORM, (zaak,)) == ()


def test_a_promise_is_kept_when_emptied_that_day_and_broken_when_not(morning: Callable[..., object]) -> None:
    town.build()
    plan = driving()
    code = codes(plan)[0]
    kept, broken = uuid4(), uuid4()
    assert report_full(PLATFORM, code, zaak=kept, at=town.MOMENT).day == TODAY
    report_full(PLATFORM, "C04", zaak=broken, at=town.MOMENT)
    morning(town.MOMENT + timedelta(hours=3))
    report_stop(DRIVER, stops(plan)[0].id, Report(done=True))
    (told,) = outcomes(PLATFORM, (kept, broken))
    assert (told.zaak, told.kept, told.container) == (kept, True, code)
    morning(town.MOMENT + timedelta(days=3))
    assert judge_promises(PLATFORM) == 1
    assert {one.zaak: one.kept for one in outcomes(PLATFORM, (kept, broken))} == {kept: True, broken: False}


def test_alarms_come_go_and_are_seen_once() -> None:
    found = town.build()
    assert renew_alarms(PLATFORM)[0] >= 4
    assert renew_alarms(PLATFORM) == (0, 0)
    with scope_of(PLATFORM):
        alarm = Alarm.objects.get(container__code="C01")
    acknowledge(PLANNER, alarm.id)
    acknowledge(PLANNER, alarm.id)
    with pytest.raises(Forbidden):
        acknowledge(DRIVER, alarm.id)
    with pytest.raises(NotFound):
        acknowledge(ELSEWHERE, alarm.id)
    driving()
    opened, closed = renew_alarms(PLATFORM)
    assert (opened, closed) == (0, 4)
    assert found.containers
    assert time.today() == TODAY


def test_anybody_may_report_a_container_and_a_flood_of_reports_is_one() -> None:
    town.build()
    street = Anonymous(town.LEIDEN)
    first = report_by_resident(street, "C04", "ernaast")
    assert {report_by_resident(street, "C04", "vol") for _ in range(20)} == {first}
    with scope_of(PLATFORM):
        assert Evidence.objects.count() == 1
    page = public_report(street, first)
    assert (page.promised, page.firm, page.kept) == (THURSDAY, False, None)
    with pytest.raises(Invalid):
        report_by_resident(street, "C05", "iets anders")
    with pytest.raises(NotFound):
        report_by_resident(street, "nergens", "vol")
    with pytest.raises(NotFound):
        public_report(Anonymous(town.UTRECHT), first)


def test_the_street_sees_when_a_truck_comes_and_nothing_of_a_draft() -> None:
    town.build()
    street = Anonymous(town.LEIDEN)
    plan = town.planned()
    code = codes(plan)[0]
    assert public_container(street, code).coming is None
    plans.fix(PLANNER, plan.id, version=plan.version)
    seen = public_container(street, code)
    assert (seen.coming, seen.level) == (TODAY, 95)
    assert search_containers(street, "dorpsstraat 1").containers[0].code == "C01"
    assert search_containers(street, "d") == Found((), 0)


def test_a_search_says_how_many_it_does_not_show() -> None:
    town.build((town.LOW,) * 15)
    found = search_containers(Anonymous(town.LEIDEN), "dorpsstraat")
    assert (len(found.containers), found.more) == (12, 3)
