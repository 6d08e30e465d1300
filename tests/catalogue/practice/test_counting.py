"""From events to figures: nothing about one case leaves the municipality, and what is shown follows from what happened."""

from __future__ import annotations

import json
import random
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.base.clock import set_to
from vliegwiel.base.tenancy import scope
from vliegwiel.casework.events import Kind
from vliegwiel.catalogue.models import PracticeFigure
from vliegwiel.catalogue.practice import journey as journeys_
from vliegwiel.catalogue.practice.cells import EDGES, FEWEST, Cell, CellKey, Spread, as_json, from_json, together
from vliegwiel.catalogue.practice.counting import count, first_quarter
from vliegwiel.catalogue.practice.figures import MEASURES, Better, Stored, by_version, figures
from vliegwiel.catalogue.practice.journey import Happening, journey, minutes_of
from vliegwiel.catalogue.practice.queries import counted, practice
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Role, Staff, System

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HASH = "a" * 64


def event(kind: str, hours: float, actor: str = "", **payload: object) -> Happening:
    return Happening(
        uuid.UUID(int=1), kind, BEGIN + timedelta(hours=hours), "medewerker" if actor else "systeem", actor, payload
    )  # type: ignore[arg-type]


OPENED = event("zaak.geopend", 0, kanaal="internet", zaaktype="paspoort", definitie=HASH, oordeel=False)


def test_the_kinds_are_those_the_room_of_cases_writes() -> None:
    used = {journeys_.OPENED, journeys_.DECIDED, journeys_.CLOSED, journeys_.WITHDRAWN, journeys_.ASKED, journeys_.LATE}
    assert used | journeys_.STOOD_STILL <= {kind.value for kind in Kind}


def test_a_case_is_read_from_its_events() -> None:
    found = journey(
        [
            OPENED,
            event("informatie.gevraagd", 24, "anna"),
            event("informatie.gegeven", 24 * 6, dagen_stil=5),
            event("taak.klaar", 24 * 7, "anna"),
            event(
                "besluit.genomen", 24 * 7 + 0.2, "anna", uitkomst="toekennen", uiterlijk="2026-03-20", automatisch=False
            ),
            event("zaak.heropend", 24 * 9, "bert"),
        ]
    )
    assert found is not None
    assert (found.product, found.definition, found.kind, found.received) == (
        "paspoort",
        HASH,
        "internet|regel",
        date(2026, 3, 2),
    )
    assert found.days == pytest.approx(2 + 0.2 / 24)
    assert found.in_term is True
    assert (found.asked, found.outcome, found.automatic, found.open) == (1, "toekennen", False, False)
    # Anna: a sitting of its own on the first day, one of twelve minutes later; Bert one.
    assert found.minutes == pytest.approx(2 + 2 + 12 + 2)


def test_late_withdrawn_open_and_without_opening() -> None:
    late = journey([OPENED, event("termijn.verstreken", 100), event("besluit.genomen", 200, uiterlijk="2099-01-01")])
    assert late is not None
    assert late.in_term is False
    withdrawn = journey([OPENED, event("zaak.ingetrokken", 5), event("zaak.afgesloten", 6)])
    assert withdrawn is not None
    assert withdrawn.withdrawn
    assert withdrawn.days is None
    assert not withdrawn.open
    waiting = journey([OPENED])
    assert waiting is not None
    assert waiting.open
    assert waiting.in_term is None
    assert journey([event("taak.klaar", 3)]) is None


def test_a_report_is_answered_when_it_is_closed() -> None:
    found = journey([OPENED, event("zaak.afgesloten", 48, resultaat="geleegd", automatisch=True)])
    assert found is not None
    assert found.days == pytest.approx(2)
    assert found.automatic
    assert found.outcome == "geleegd"


def test_a_pause_is_no_work() -> None:
    at = [BEGIN, BEGIN + timedelta(minutes=10), BEGIN + timedelta(hours=3)]
    assert minutes_of([("a", moment) for moment in at]) == 2 + 10 + 2
    assert minutes_of([]) is None


HOSTILE = st.dictionaries(
    st.sampled_from(("kanaal", "definitie", "dagen_stil", "uiterlijk", "over", "oordeel")),
    st.one_of(st.none(), st.integers(), st.text(max_size=5), st.booleans(), st.lists(st.integers(), max_size=2)),
)


@given(st.lists(st.tuples(st.sampled_from([kind.value for kind in Kind]), st.floats(0, 1000), HOSTILE), max_size=12))
def test_any_events_can_be_read(told: list[tuple[str, float, dict[str, object]]]) -> None:
    found = journey(
        [event(kind, hours, "x", **payload) for kind, hours, payload in sorted(told, key=lambda one: one[1])]
    )
    assert found is None or found.days is None or found.days >= 0


@settings(max_examples=60)
@given(
    st.dictionaries(st.tuples(st.sampled_from((1, 4, 7, 10)), st.sampled_from("abc")), st.integers(1, 30), max_size=9)
)
def test_few_cases_are_never_kept_and_none_is_lost_where_there_are_enough(made: dict[tuple[int, str], int]) -> None:
    found = {CellKey("p", HASH, date(2026, month, 1), kind): Cell(cases=n) for (month, kind), n in made.items()}
    kept = together(found)
    assert all(cell.cases >= FEWEST for cell in kept.values())
    whole = sum(made.values())
    assert sum(cell.cases for cell in kept.values()) == (whole if whole >= FEWEST else 0)


def test_a_cell_is_stored_and_read_back() -> None:
    cell = Cell()
    found = journey([OPENED, event("besluit.genomen", 30, "anna")])
    assert found is not None
    cell.note(found)
    assert from_json(json.loads(json.dumps(as_json(cell)))) == cell
    assert from_json({"days": {"counts": ["x"]}, "cases": True}).cases == 0


@given(st.lists(st.floats(0, 700), min_size=20, max_size=200), st.sampled_from((0.5, 0.9)))
def test_a_quantile_of_the_histogram_lies_in_the_bin_of_the_true_one(values: list[float], share: float) -> None:
    spread = Spread()
    for value in values:
        spread.note(value, EDGES)
    found = spread.quantile(share, EDGES)
    assert found is not None
    true = sorted(values)[max(0, -(-int(share * 1000) * len(values) // 1000) - 1)]
    lower = max((edge for edge in (0.0, *EDGES) if edge <= true), default=0.0)
    upper = min((edge for edge in EDGES if edge > true), default=1460.0)
    assert lower - 1e-9 <= found <= upper + 1e-9


def test_figures_tell_who_is_quicker_and_leave_out_what_is_not_finished() -> None:
    rng = random.Random(9)
    stored = []
    for n in range(8):
        cell = Cell(cases=80, term_known=80, in_term=70, asked=10, online=40)
        for _ in range(80):
            cell.days.note(max(rng.gauss(4 if n == 0 else 12, 2), 0.1), EDGES)
        stored.append(Stored(f"GM{n:04}", HASH, "1.0.0", date(2026, 1, 1), "internet|regel", cell))
    half_open = Cell(cases=50, open=30)
    half_open.days.note(0.1, EDGES)
    stored.append(Stored("GM0001", HASH, "1.0.0", date(2026, 10, 1), "internet|regel", half_open))
    found = figures(MEASURES[0], stored)
    assert found is not None
    quick, usual = found.row("GM0000"), found.row("GM0003")
    assert quick is not None
    assert usual is not None
    assert quick.verdict == "korter dan gebruikelijk"
    assert quick.better
    assert quick.low <= quick.corrected <= quick.high < usual.low
    assert usual.verdict in ("geen verschil te zien", "langer dan gebruikelijk")
    assert found.left_out == 50
    assert found.rows[0].town == "GM0000"
    assert 3 < quick.raw < 5 < quick.p90 < 8  # type: ignore[operator]
    assert figures(MEASURES[0], stored[:2]) is None
    online = figures(next(m for m in MEASURES if m.key == "online"), stored)
    assert online is not None
    assert online.measure.better is Better.NEITHER
    assert [row.town for row in by_version(stored)] == [f"GM{n:04}" for n in range(8)]


TOWNS = ("GM0546", "GM0344", "GM0599")


@pytest.mark.django_db
def test_counts_are_read_by_all_and_hold_no_case() -> None:
    rng = random.Random(2)
    for town in TOWNS:
        clerk, system = Staff(town, "clerk", "C. Lerk", frozenset({Role.FUNCTIONEEL_BEHEERDER})), System(town, "proef")
        with scope(town):
            for n in range(24):
                zaak = uuid.uuid4()
                opened = datetime(2026, 7, 1, 9, 0, tzinfo=UTC) + timedelta(hours=n)
                with set_to(opened):
                    payload = {
                        "kanaal": "internet",
                        "zaaktype": "paspoort",
                        "definitie": HASH,
                        "oordeel": False,
                        "nummer": f"Z{n}",
                    }
                    ledger.append(
                        system,
                        municipality=town,
                        kind="zaak.geopend",
                        zaak_id=zaak,
                        payload=payload,
                        personal={"naam": "geheim"},
                    )
                with set_to(opened + timedelta(days=rng.uniform(1, 9))):
                    done = {"uitkomst": "toekennen", "uiterlijk": "2026-09-01", "zaaktype": "paspoort"}
                    ledger.append(clerk, municipality=town, kind="besluit.genomen", zaak_id=zaak, payload=done)
    with set_to(date(2026, 11, 24)):
        assert [count(town) for town in TOWNS] == [1, 1, 1]
        assert count(TOWNS[0]) == 1
        found = practice("GM0546", "paspoort")
        assert (found.towns, found.cases) == (3, 72)
        days = next(one for one in found.measures if one.measure.key == "doorlooptijd")
        assert {row.town for row in days.rows} == set(TOWNS)
        assert all(row.n == 24 for row in days.rows)
        term = next(one for one in found.measures if one.measure.key == "termijn")
        assert all(row.raw == 100 for row in term.rows)
        assert [one.key for one in found.missing] == ["gegrond"]
        assert [(one.product, one.towns) for one in counted("GM0344")] == [("paspoort", 3)]
        assert practice("GM0546", "rijbewijs-verlengen").measures == ()
    with scope("GM0546"):
        assert PracticeFigure.objects.count() == 1
        told = json.dumps([row.content for row in PracticeFigure.everywhere.all()])
    assert "geheim" not in told
    assert "Z1" not in told


def test_two_years_are_counted() -> None:
    assert first_quarter(date(2026, 11, 24)) == date(2024, 10, 1)
    assert first_quarter(date(2026, 1, 1)) == date(2024, 1, 1)
