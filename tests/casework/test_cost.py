"""What a page or an action costs in statements is fixed: it does not grow with the cases, tasks, documents or lines shown."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.casework.conftest import LEIDEN, LICENCE, PARKING, RegistersSay, clerk
from tests.casework.test_applying import PDF, apply, fill_in
from tests.casework.test_deciding import page, typed_for
from vliegwiel.casework import queries
from vliegwiel.casework.actions import decisions, documents, drafts, notes, tasks
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.deskpages import View, WorklistFilter
from vliegwiel.trust.identity import Citizen, Level, Staff


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def cost(work: Callable[[], object]) -> int:
    """How many statements it takes, once everything that is kept at hand is there."""
    work()
    with counted() as sent:
        work()
    return len(sent)


def test_pages_cost_the_same_however_much_is_on_them(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    pages: list[Callable[[], object]] = [
        lambda: queries.status_page(mila, zaak),
        lambda: queries.my_cases(mila),
        lambda: queries.worklist(tess, WorklistFilter(view=View.ALLES)),
        lambda: queries.worklist(tess, WorklistFilter(view=View.ALLES, product="rijbewijs-verlengen")),
        lambda: queries.worklist(tess, WorklistFilter(text="mila")),
        lambda: queries.case_page(tess, zaak),
    ]
    before = [cost(work) for work in pages]
    for number in range(3):
        documents.add(tess, zaak, f"Stuk {number}", "stuk.pdf", io.BytesIO(PDF))
        notes.add(tess, zaak, "Gebeld.")
        apply(Citizen(LEIDEN, f"99999{number}019", Level.SUBSTANTIEEL), "bewonersparkeervergunning", PARKING)
    apply(mila, "bewonersparkeervergunning", PARKING)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    after = [cost(work) for work in pages]
    # A decided case has one kind of row more to read: what was granted.
    assert [late - early for early, late in zip(before, after, strict=True)] == [1, 0, 0, 0, 0, 1]
    assert max(after) <= 22


def test_opening_advancing_and_deciding_a_case_takes_at_most_forty_statements(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    other = Citizen(LEIDEN, "999990020", Level.SUBSTANTIEEL)
    apply(other, "bewonersparkeervergunning", PARKING)
    draft = drafts.start_draft(mila, "bewonersparkeervergunning")
    fill_in(mila, draft, PARKING)
    version = queries.check_answers(mila, draft).version
    with counted() as opened:
        zaak = drafts.submit(mila, draft, version=version)
    task = next(task for task in page(tess, zaak).tasks if task.may)
    version = page(tess, zaak).version
    typed = typed_for(task)
    with counted() as advanced:
        tasks.complete(tess, task.id, version=version, typed=typed)
    version = page(tess, zaak).version
    with counted() as decided:
        decisions.decide(clerk("tess"), zaak, DecisionInput(version))
    assert len(opened) + len(advanced) + len(decided) <= 40, (len(opened), len(advanced), len(decided))
