"""The report of savings as PDF: PDF/A, readable by a screen reader, the same figures as the page."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

import msgspec
import typst
from django.conf import settings

from vliegwiel.base import clock
from vliegwiel.base.errors import Unavailable
from vliegwiel.rounds.simulation.figures import Interval, Row

from .savings import COLLECTING, FIXED, TUNED, SavingsPage

TEMPLATE: Final = Path(__file__).resolve().parents[1] / "letters" / "besparing.typ"
OVERFLOW: Final = "overflow_percent_of_container_days"
COLUMNS: Final = ("km", "hours", "lifts", "litres_overflown", OVERFLOW, "cost_euro")

_lock = threading.Lock()


class _Report(msgspec.Struct, frozen=True):
    """What the template sets."""

    title: str
    made: str
    lead: str
    beside: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pairs: tuple[str, ...]
    stress: tuple[str, ...]
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def render(page: SavingsPage) -> bytes:
    """The document. Raises `Unavailable` when it cannot be set."""
    data = {"verslag": msgspec.json.encode(_report(page)).decode()}
    fonts = Path(settings.VENDOR_DIR) / "fonts"
    try:
        with _lock:
            made = typst.compile(
                str(TEMPLATE), format="pdf", sys_inputs=data, font_paths=[str(fonts)] if fonts.is_dir() else [],
                ignore_system_fonts=True, pdf_standards=["a-2u", "ua-1"], timestamp=int(page.made_at.timestamp()),
            )  # fmt: skip
    except typst.TypstError as error:
        raise Unavailable("Het document kan nu niet worden gemaakt. De cijfers staan wel op de pagina.") from error
    if not isinstance(made, bytes):
        raise Unavailable("Het document kan nu niet worden gemaakt. De cijfers staan wel op de pagina.")
    return made


def _report(page: SavingsPage) -> _Report:
    savings = page.savings
    facts = savings.facts
    head = ("Beleid", *(", ".join(page.title(one)) for one in COLUMNS))
    return _Report(
        title=f"Wat levert het op? {facts.district}",
        made=clock.local(page.made_at).strftime("%d-%m-%Y %H.%M uur"),
        lead=savings.pair(COLLECTING, FIXED).sentence,
        beside=savings.pair(COLLECTING, TUNED).sentence,
        head=head,
        rows=tuple(_row(row) for row in savings.rows),
        pairs=tuple(pair.sentence for pair in savings.pairs),
        stress=tuple(pair.sentence for pair in savings.stress_pairs),
        steps=tuple(
            f"{what}: {_shown(km)} % kilometers, {_shown(over, 2)} procentpunt overvolle containerdagen"
            for what, km, over in savings.gains.steps
        ),
        notes=savings.notes,
        facts=(
            ("Locaties en containers", f"{facts.locations} locaties, {facts.containers} containers"),
            ("Geleerd van", f"{facts.train[0]} tot en met {facts.train[1]}"),
            ("Berekend over", f"{facts.plan[0]} tot en met {facts.plan[1]}"),
            ("Wagens", f"{facts.trucks} van {facts.truck_m3:g} m³".replace(".", ",")),
            ("Trekkingen", f"{facts.seeds}, voor elk beleid dezelfde stortingen"),
        ),
    )


def _row(row: Row) -> tuple[str, ...]:
    return (row.title, *(_shown(row.measures[one], 2 if one == OVERFLOW else 0) for one in COLUMNS))


def _shown(one: Interval, digits: int = 1) -> str:
    mean, low, high = (f"{value:.{digits}f}".replace(".", ",") for value in (one.mean, one.low, one.high))
    return f"{mean} ({low} tot {high})"
