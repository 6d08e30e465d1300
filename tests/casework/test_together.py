"""People act at the same moment: sending twice gives one case, of two decisions one counts, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from tests.casework.conftest import LEIDEN, LICENCE, RegistersSay, clerk
from tests.casework.test_applying import apply, fill_in
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Stale, VliegwielError
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import clerks, queries
from vliegwiel.casework.actions import decisions, drafts, tasks
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.models import Besluit, Zaak
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.trust.identity import Citizen, Level

DAY = date(2026, 11, 24)


def together(*works: Callable[[], object]) -> list[object]:
    """Do all works at the same moment, each on its own connection; gives what each gave or raised."""
    gate = threading.Barrier(len(works))
    given: list[object] = [None] * len(works)

    def run(place: int) -> None:
        with set_to(DAY):
            gate.wait()
            try:
                given[place] = works[place]()
            except VliegwielError as error:
                given[place] = error
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return given


@pytest.fixture
def working(fresh_database: Urls, registers: RegistersSay) -> RegistersSay:
    """A database of its own, with products on offer."""
    adopt_demo(("rijbewijs-verlengen",))
    clerks._noted.clear()
    clerks.forget_routes()
    return registers


def test_sending_several_times_at_once_gives_one_case(working: RegistersSay, mila: Citizen) -> None:
    with set_to(DAY):
        draft = drafts.start_draft(mila, "rijbewijs-verlengen")
        fill_in(mila, draft, LICENCE)
        version = queries.check_answers(mila, draft).version
    given = together(*[lambda: drafts.submit(mila, draft, version=version)] * 5)
    assert len({str(one) for one in given}) == 1
    assert isinstance(given[0], UUID)
    with scope(LEIDEN):
        assert Zaak.objects.count() == 1


def test_starting_in_two_windows_gives_one_draft(working: RegistersSay, mila: Citizen) -> None:
    given = together(*[lambda: drafts.start_draft(mila, "rijbewijs-verlengen")] * 4)
    assert len({str(one) for one in given}) == 1


def test_of_clerks_who_decide_at_once_one_decides_and_the_others_hear_who(working: RegistersSay, mila: Citizen) -> None:
    with set_to(DAY):
        zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
        version = queries.case_page(clerk("a"), zaak).version
    given = together(
        *(
            lambda name=name: decisions.decide(clerk(name), zaak, DecisionInput(version))
            for name in ("ada", "bea", "cas", "dirk")
        )
    )
    taken = [one for one in given if isinstance(one, decisions.Decided)]
    refused = [one for one in given if isinstance(one, Stale | Conflict)]
    assert (len(taken), len(refused)) == (1, 3)
    assert all("eerder" in one.sentence for one in refused if isinstance(one, Stale))
    with scope(LEIDEN):
        assert Besluit.objects.count() == 1


def test_two_leaders_who_give_the_same_cases_away_never_wait_for_each_other(
    working: RegistersSay, mila: Citizen, other: Citizen
) -> None:
    with set_to(DAY):
        pair = [apply(who, "rijbewijs-verlengen", LICENCE) for who in (mila, other)]
        chosen = [(zaak, queries.case_page(clerk("ada"), zaak).version) for zaak in pair]
    given = together(
        lambda: tasks.assign(clerk("ada"), chosen, to="ada"),
        lambda: tasks.assign(clerk("bea"), list(reversed(chosen)), to="bea"),
    )
    assert sorted(type(one).__name__ for one in given) == ["Stale", "int"]
    with set_to(DAY):
        assert len({queries.case_page(clerk("ada"), zaak).assignee for zaak in pair}) == 1


def test_numbers_are_unique_whoever_opens(working: RegistersSay) -> None:
    people = [Citizen(LEIDEN, f"99999{n:04d}", Level.SUBSTANTIEEL, "X") for n in range(6)]
    given = together(*(lambda who=who: apply(who, "rijbewijs-verlengen", LICENCE) for who in people))
    assert all(isinstance(one, UUID) for one in given), given
    with scope(LEIDEN):
        numbers = list(Zaak.objects.values_list("identificatie", flat=True))
    assert len(set(numbers)) == len(numbers) == 6
