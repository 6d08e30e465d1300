"""What it saves is never shown without its overflow, on the page, in the PDF and in the CSV."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.rounds.operations import town
from tests.rounds.operations.town import PLANNER, PLATFORM
from vliegwiel.base.clock import now
from vliegwiel.rounds.models import SavingsReport
from vliegwiel.rounds.operations.savings import headline, savings_page
from vliegwiel.trust.rights import scope_of
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie
from vliegwiel.web.rounds.savings import lines

pytestmark = pytest.mark.django_db

MEASURES = (
    "km", "hours", "lifts", "litres_overflown", "overflow_percent_of_container_days", "fill_at_emptying_percent", "co2_kg",
    "cost_euro",
)  # fmt: skip
POLICIES = ("fixed", "fixed_tuned", "thresholds", "prize_collecting")


def interval(mean: float, width: float = 2.0) -> dict[str, float]:
    return {"mean": mean, "low": mean - width, "high": mean + width}


def row(policy: str) -> dict[str, object]:
    return {
        "policy": policy,
        "title": f"beleid {policy}",
        "settings": "zo",
        "measures": {m: interval(10) for m in MEASURES},
    }


def pair(policy: str, against: str, far: float, over: float) -> dict[str, object]:
    return {
        "policy": policy, "against": against, "percent": {"km": interval(far)}, "overflow_points": interval(over, 0.1),
        "litres": interval(over), "sentence": f"{policy} tegen {against}: {far} % kilometers, {over} procentpunt overloop.",
    }  # fmt: skip


REPORT: dict[str, object] = {
    "facts": {
        "district": "Noord", "locations": 40, "containers": 90, "train": ["2020-01-01", "2020-12-31"],
        "plan": ["2021-01-01", "2021-06-30"], "trucks": 2, "truck_m3": 24.0, "seeds": 50,
    },
    "rows": [row(policy) for policy in POLICIES],
    "pairs": [
        pair("fixed_tuned", "fixed", -4.0, 0.0), pair("thresholds", "fixed", -28.0, 1.4),
        pair("prize_collecting", "fixed", -31.0, -0.2), pair("prize_collecting", "fixed_tuned", -27.0, -0.2),
    ],
    "gains": {"steps": [["betere planning", interval(-9), interval(0.0)], ["sensoren erbij", interval(-22), interval(-0.2)]]},
    "stress": [row("prize_collecting_dead")], "stress_pairs": [pair("prize_collecting_dead", "fixed", -24.0, 0.1)],
    "notes": ["Er is gerekend met <b>weegdata</b>, niet met wat er vandaag gebeurt."],
}  # fmt: skip


@pytest.fixture
def planner() -> Client:
    town.build()
    with scope_of(PLATFORM):
        SavingsReport.objects.create(
            municipality_id=town.LEIDEN, made_at=now(), figures=REPORT,
            settings={"measures": [[key, f"maat {key}", "per week"] for key in MEASURES]},
        )  # fmt: skip
    client = Client(HTTP_HOST="leiden.localhost")
    client.cookies[session_cookie()] = open_session(PLANNER, "")
    return client


def test_every_saving_stands_beside_its_overflow_and_what_costs_overflow_is_no_free_gain(planner: Client) -> None:
    found = savings_page(PLANNER)
    assert found is not None
    shown = {line.pair.policy: line for line in lines(found.savings)}
    assert shown["prize_collecting"].honest
    assert not shown["thresholds"].honest
    assert shown["thresholds"].overflow.startswith("1,40\u00a0procentpunt meer")
    assert shown["prize_collecting"].kilometres == "31,0\u00a0% minder (29,0 tot 33,0)"
    page = planner.get("/rondes/besparing/").content.decode()
    assert "&lt;b&gt;weegdata" in page
    for policy in POLICIES:
        assert f"beleid {policy}" in page.casefold()


def test_the_page_of_the_day_tells_the_saving_with_its_range_and_overflow(planner: Client) -> None:
    with scope_of(PLATFORM):
        told = headline(SavingsReport.objects.get())
    assert (round(told.kilometres, 2), round(told.low, 2), round(told.high, 2), round(told.overflow, 3)) == (
        0.31,
        0.29,
        0.33,
        -0.002,
    )
    page = planner.get("/rondes/").content.decode()
    assert "31\u00a0% minder km" in page
    assert "29 tot 33\u00a0%, bij even weinig overloop." in page


def test_the_same_figures_leave_as_pdf_and_csv(planner: Client) -> None:
    made = planner.get("/rondes/besparing.pdf")
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF-1.")
    rows = planner.get("/rondes/besparing.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + (len(POLICIES) + 1) * len(MEASURES)
