"""Whatever people do, in whatever order: a case is never half, never ends without a result, and no deadline comes nearer."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.casework.conftest import ALLOWANCE, LEIDEN, LICENCE, PARKING, RegistersSay, clerk
from tests.casework.test_applying import apply
from tests.casework.test_deciding import typed_for
from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, decisions, information, notes, tasks
from vliegwiel.casework.actions.decisions import DecisionInput, Judgement
from vliegwiel.casework.models import Besluit, InformationRequest, Proposal, Resultaat, Status, Zaak
from vliegwiel.casework.taking import case_of
from vliegwiel.casework.timers import guard
from vliegwiel.catalogue.course import course
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Citizen, Level, System

REFUSALS = (Conflict, Forbidden, Invalid, NotFound, Stale)
TESS, BERK = clerk("tess"), clerk("berk")
PRODUCTS = (
    ("rijbewijs-verlengen", LICENCE),
    ("bewonersparkeervergunning", PARKING),
    ("individuele-inkomenstoeslag", ALLOWANCE),
)
_numbers = count(500_000_000)


class AnyOrder(RuleBasedStateMachine):
    """One case, two clerks, its applicant, and time."""

    day: date
    zaak: UUID
    mila: Citizen
    deadline: date | None

    @initialize(product=st.sampled_from(PRODUCTS))
    def open(self, product: Any) -> None:
        bsn = next(str(n) for n in _numbers if is_bsn(str(n)))
        self.mila = Citizen(LEIDEN, bsn, Level.HOOG, "Mila")
        self.day = date(2026, 11, 24)
        self.kinds: Counter[str] = Counter()
        with set_to(self.day):
            self.zaak = apply(self.mila, *product)
            self.first = self.row().uiterlijke_einddatum_afdoening

    def row(self) -> Zaak:
        with scope(LEIDEN):
            return Zaak.objects.get(id=self.zaak)

    @contextlib.contextmanager
    def act(self) -> Iterator[int]:
        """Do something that may be refused; refused means that nothing at all changed."""
        before = self.row()
        with set_to(self.day):
            try:
                yield before.version
            except REFUSALS:
                after = self.row()
                assert after.version == before.version
                return
        after = self.row()
        still = before.opschorting_indicatie and after.opschorting_indicatie
        if still and before.uiterlijke_einddatum_afdoening and after.uiterlijke_einddatum_afdoening:
            assert after.uiterlijke_einddatum_afdoening >= before.uiterlijke_einddatum_afdoening

    @rule(days=st.integers(1, 30))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)
        with set_to(self.day):
            guard(System(LEIDEN, "termijnbewaking"))

    @rule(days=st.integers(1, 40))
    def ask(self, days: int) -> None:
        with self.act() as version:
            information.ask(TESS, self.zaak, version=version, title="Iets", text="Wat precies?", days=days)

    def question(self) -> UUID | None:
        with scope(LEIDEN):
            rows = InformationRequest.objects.filter(zaak_id=self.zaak, closed__isnull=True)
            return rows.values_list("id", flat=True).first()

    @precondition(lambda self: self.question() is not None)
    @rule()
    def answer(self) -> None:
        question = self.question()
        assert question is not None
        with self.act():
            information.give_information(self.mila, self.zaak, question, text="Dit.")

    @precondition(lambda self: self.question() is not None)
    @rule()
    def stop_waiting(self) -> None:
        question = self.question()
        assert question is not None
        with self.act() as version:
            information.resume(TESS, question, version=version, reason="gebeld")

    @rule()
    def do_a_task(self) -> None:
        with set_to(self.day):
            page = queries.case_page(TESS, self.zaak)
        task = next((task for task in page.tasks if task.may), None)
        if task is None:
            return
        with self.act() as version:
            tasks.complete(TESS, task.id, version=version, typed=typed_for(task))

    @rule(
        outcome=st.sampled_from(["", "", "", "weigeren", "niet_behandelen"]),
        why=st.sampled_from(["", "Omdat dit zo het beste past."]),
    )
    def decide(self, outcome: str, why: str) -> None:
        judged = {"uitzicht_op_inkomen": Judgement("nee", "Geen kans op werk.")}
        with self.act() as version:
            decisions.decide(TESS, self.zaak, DecisionInput(version, judged, outcome, why))

    @rule(who=st.sampled_from([TESS, BERK]))
    def confirm(self, who: Any) -> None:
        with self.act() as version:
            decisions.confirm(who, self.zaak, version=version)

    @rule()
    def send_back(self) -> None:
        with self.act() as version:
            decisions.send_back(BERK, self.zaak, version=version, reason="Kijk nog eens.")

    @rule()
    def withdraw(self) -> None:
        with self.act() as version:
            cases.withdraw(self.mila, self.zaak, version=version)

    @rule(days=st.one_of(st.none(), st.integers(-1, 80)))
    def extend(self, days: int | None) -> None:
        with self.act() as version:
            cases.extend_term(TESS, self.zaak, version=version, reason="meer tijd nodig", days=days)

    @rule()
    def close(self) -> None:
        with self.act() as version:
            cases.close(TESS, self.zaak, version=version, reason="niet opgehaald")

    @rule()
    def reopen(self) -> None:
        with self.act() as version:
            cases.reopen(TESS, self.zaak, version=version, reason="toch nog iets")

    @rule(to=st.sampled_from([None, "tess", "berk"]))
    def give_to(self, to: str | None) -> None:
        with self.act() as version:
            tasks.assign(TESS, [(self.zaak, version)], to=to)

    @rule()
    def note(self) -> None:
        with set_to(self.day):
            notes.add(TESS, self.zaak, "Gebeld.")

    @rule()
    def act_on_what_is_old(self) -> None:
        with self.act() as version:
            tasks.take_on(BERK, self.zaak, version=version - 1)

    # -- what always holds -----------------------------------------------------------------------------------------------

    @invariant()
    def the_end_is_whole(self) -> None:
        row = self.row()
        with scope(LEIDEN):
            results = Resultaat.objects.filter(zaak_id=self.zaak).count()
            open_proposals = Proposal.objects.filter(zaak_id=self.zaak, closed__isnull=True).count()
        closed = row.einddatum is not None
        assert results == int(closed)
        assert (row.turn == "niemand") is closed
        assert open_proposals <= 1
        if closed:
            assert row.outcome or row.withdrawn
            assert not row.waits
            assert not row.opschorting_indicatie
            assert row.archiefnominatie
        assert bool(row.waits) == (self.question() is not None)
        assert row.opschorting_indicatie is bool(row.waits)

    @invariant()
    def no_deadline_comes_nearer_than_it_was_at_first(self) -> None:
        row = self.row()
        assert row.uiterlijke_einddatum_afdoening is not None
        assert self.first is not None
        assert row.uiterlijke_einddatum_afdoening >= self.first

    @invariant()
    def the_rows_say_what_the_process_says(self) -> None:
        row = self.row()
        with scope(LEIDEN):
            case = case_of(row)
            latest = Status.objects.filter(zaak_id=self.zaak).latest("datum_status_gezet")
        assert row.status == latest.statustype
        at = course(case.resolved.process, case.state())
        if row.einddatum is None:
            assert (row.phase, row.status) == (at.phase, at.status)
            wanted = {key for key in at.tasks if key not in at.finished}
            standing = Counter(
                t.key for t in case.tasks if t.state == "open" and t.kind not in ("eigen", "vanzelf") and not t.optional
            )
            assert set(standing) == wanted
            assert all(number == 1 for number in standing.values())

    @invariant()
    def events_and_decisions_match(self) -> None:
        with scope(LEIDEN):
            kinds = Counter(event.kind for event in ledger.events_of(self.zaak))
            taken = list(Besluit.objects.filter(zaak_id=self.zaak))
        assert kinds["zaak.geopend"] == 1
        assert kinds["besluit.genomen"] == len(taken)
        assert sum(1 for row in taken if not row.vervalreden) <= 1

    @invariant()
    def both_pages_can_be_shown(self) -> None:
        with set_to(self.day):
            assert queries.status_page(self.mila, self.zaak).headline
            assert queries.case_page(TESS, self.zaak).number


def test_any_order_of_actions_leaves_a_whole_case(offices: RegistersSay, clock: Callable[..., object]) -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
